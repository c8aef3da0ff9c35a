"""What relays call the parts of a lead: one table, each row with who is known to send it.

A relay's own spelling does not count: ``leadId``, ``Lead ID`` and ``lead-id`` are all ``lead_id``.
"""

import functools
import re
import typing

ID, ENTITY, WRAPPER, ROWS, PERSON, LIST, NAME, VALUE, ENVELOPE = (
    "id",  # names the lead, its form or its ad: `key` is what the documented shape calls it
    "entity",  # an object with an id and a name: `key` begins what the documented shape calls them
    "wrapper",  # holds the lead, or several
    "rows",  # holds several leads, or goods and the like: what says how to reach a person is a lead
    "person",  # holds the answers of a person, whose own id is not the lead's
    "list",  # holds the answers
    "name",  # the question in an object of question and answer
    "value",  # the answer in it
    "envelope",  # describes the delivery; `key` is what must be beside it, empty for nothing
)

SOURCES = {
    "tiktok": "TikTok, Obtain leads as advertisers, docs id 1806817494948930",
    "rest": "TikTok, GET /lead/get/, docs id 1832112833212434",
    "export": "TikTok, columns of the lead export, docs id 1739052936772610",
    "google": "developers.google.com/google-ads/webhook/docs/implementation",
    "meta": "developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving",
    "zapier": "zapier.com/apps/tiktok-lead-generation, zapier.com/help/webhooks",
    "make": "apps.make.com/tiktok-lead-forms, apps.make.com/http",
    "n8n": "docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.webhook",
    "pipedream": "pipedream.com/docs/v1/quickstart/hello-world",
    "hubspot": "developers.hubspot.com/docs/api/crm/contacts (properties)",
    "airtable": "airtable.com/developers/web/api/list-records (records, fields)",
    "evocalize": "github.com/Evocalize/slate source/includes/_webhook_integration.md",
    "bitrix": "github.com/ducthanhdev/Tiktok-bitrix24-integration README.md",
    "supabase": "github.com/davidovichben/Hoogi supabase/FIX_WEBHOOK_ISSUE.md",
    "leadconduit": "activeprospect.com/leadconduit/integrations/integration-platform/",
    "leadwarmer": "leadwarmer.net/docs/webhooks/payload-format",
    "aws": "docs.aws.amazon.com, SNS HTTP notification (Message), EventBridge event (detail)",
    "jsonapi": "jsonapi.org/format (attributes)",
    "kommo": "developers.kommo.com, leads and contacts (custom_fields_values)",
    "highlevel": "help.gohighlevel.com, workflow action webhook (customData, contacts)",
    "amocrm": "amocrm.ru/developers/content/crm_platform/webhooks-format (entity, action)",
    "baserow": "baserow.io/user-docs/webhooks, event rows.created (items)",
    "nocodb": "docs.nocodb.com/automation/webhook, event records.after.insert (data, rows)",
    "typeform": "typeform.com/developers/webhooks/example-payload (form_response)",
    "jotform": "jotform.com/help/245-how-to-setup-a-webhook-with-jotform (submissionID)",
    "webflow": "developers.webflow.com/data/reference, form submission",
    "receiver-1": "public receiver, index file 53347620194 (leads, fieldData)",
    "receiver-2": "public receiver, index file 65806874528 (content, submit_time, field_key)",
    "receiver-3": "public receiver, index file 56146591645 (user_answers, question_name)",
    "receiver-4": "public receiver, index file 2071435407 (form_fields, answer)",
    "receivers": "several public receivers accept it, of different authors",
}


class Alias(typing.NamedTuple):
    """One name that a relay uses."""

    name: str  # in the spelling of `normalize_key`
    role: str
    key: str  # see the roles
    source: str  # of `SOURCES`


# Of several names for one thing in one object the first one counts.
ALIASES = tuple(
    Alias(*row)
    for row in (
        ("lead_id", ID, "id", "rest"),
        ("leadid", ID, "id", "export"),
        ("lead_uid", ID, "id", "receivers"),
        ("leadgen_id", ID, "id", "meta"),
        ("tiktok_lead_id", ID, "id", "make"),
        ("external_lead_id", ID, "id", "receiver-2"),
        ("external_id", ID, "id", "bitrix"),
        ("submission_id", ID, "id", "jotform"),
        ("id", ID, "id", "tiktok"),
        ("event_id", ID, "id", "bitrix"),
        ("page_id", ID, "page_id", "tiktok"),
        ("form_id", ID, "page_id", "export"),
        ("formid", ID, "page_id", "receivers"),
        ("page_uid", ID, "page_id", "receivers"),
        ("page_name", ID, "page_name", "tiktok"),
        ("form_name", ID, "page_name", "export"),
        ("form_title", ID, "page_name", "receivers"),
        ("advertiser_id", ID, "advertiser_id", "tiktok"),
        ("advertiser_uid", ID, "advertiser_id", "receivers"),
        ("ad_account_id", ID, "advertiser_id", "leadconduit"),
        ("advertiser_name", ID, "advertiser_name", "tiktok"),
        ("ad_account_name", ID, "advertiser_name", "leadconduit"),
        ("library_id", ID, "library_id", "tiktok"),
        ("campaign_id", ID, "campaign_id", "tiktok"),
        ("campaign_name", ID, "campaign_name", "tiktok"),
        ("campaign", ID, "campaign_name", "zapier"),
        ("adgroup_id", ID, "adgroup_id", "tiktok"),
        ("ad_group_id", ID, "adgroup_id", "google"),
        ("adset_id", ID, "adgroup_id", "meta"),
        ("adgroup_name", ID, "adgroup_name", "tiktok"),
        ("ad_group_name", ID, "adgroup_name", "google"),
        ("adset_name", ID, "adgroup_name", "meta"),
        ("ad_id", ID, "ad_id", "tiktok"),
        ("creative_id", ID, "ad_id", "google"),
        ("ad_name", ID, "ad_name", "tiktok"),
        ("create_time", ID, "create_time", "tiktok"),
        ("created_time", ID, "create_time", "export"),
        ("created_at", ID, "create_time", "supabase"),
        ("submitted_at", ID, "create_time", "receivers"),
        ("submit_time", ID, "create_time", "receiver-2"),
        ("lead_submit_time", ID, "create_time", "google"),
        ("source_timestamp", ID, "create_time", "leadconduit"),
        ("timestamp", ID, "sent_time", "bitrix"),
        ("time", ID, "sent_time", "tiktok"),
        ("lead_source", ID, "lead_source", "rest"),
        ("is_test", ID, "is_test", "google"),
        ("test", ID, "is_test", "receivers"),
        ("campaign", ENTITY, "campaign", "receivers"),
        ("adgroup", ENTITY, "adgroup", "receivers"),
        ("ad_group", ENTITY, "adgroup", "google"),
        ("adset", ENTITY, "adgroup", "meta"),
        ("ad", ENTITY, "ad", "receivers"),
        ("creative", ENTITY, "ad", "google"),
        ("form", ENTITY, "page", "receivers"),
        ("page", ENTITY, "page", "tiktok"),
        ("advertiser", ENTITY, "advertiser", "tiktok"),
        ("ad_account", ENTITY, "advertiser", "leadconduit"),
        ("content", WRAPPER, "", "receiver-2"),
        ("data", WRAPPER, "", "rest"),
        ("lead_data", WRAPPER, "", "rest"),
        ("meta_data", WRAPPER, "", "rest"),
        ("meta", WRAPPER, "", "receiver-2"),
        ("payload", WRAPPER, "", "receivers"),
        ("lead", WRAPPER, "", "zapier"),
        ("leads", WRAPPER, "", "receiver-1"),
        ("body", WRAPPER, "", "n8n"),
        ("json", WRAPPER, "", "n8n"),
        ("event", WRAPPER, "", "pipedream"),
        ("trigger", WRAPPER, "", "pipedream"),
        ("steps", WRAPPER, "", "pipedream"),
        ("record", WRAPPER, "", "supabase"),
        ("records", WRAPPER, "", "airtable"),
        ("properties", WRAPPER, "", "hubspot"),
        ("result", WRAPPER, "", "receiver-1"),
        ("results", WRAPPER, "", "hubspot"),
        ("lead_form_data", WRAPPER, "", "receiver-1"),
        ("entry", WRAPPER, "", "tiktok"),
        ("value", WRAPPER, "", "meta"),
        ("message", WRAPPER, "", "aws"),
        ("detail", WRAPPER, "", "aws"),
        ("attributes", WRAPPER, "", "jsonapi"),
        ("custom_data", WRAPPER, "", "highlevel"),
        ("contacts", WRAPPER, "", "highlevel"),
        ("add", WRAPPER, "", "amocrm"),
        ("form_response", WRAPPER, "", "typeform"),
        ("items", ROWS, "", "baserow"),
        ("rows", ROWS, "", "nocodb"),
        ("submission", WRAPPER, "", "webflow"),
        ("submissions", WRAPPER, "", "webflow"),
        ("form_submission", WRAPPER, "", "webflow"),
        ("lead_info", WRAPPER, "", "receivers"),
        ("lead_details", WRAPPER, "", "receivers"),
        ("new_lead", WRAPPER, "", "receivers"),
        ("response", WRAPPER, "", "receivers"),
        ("info", WRAPPER, "", "receivers"),
        ("contact", PERSON, "", "hubspot"),
        ("contact_info", PERSON, "", "receivers"),
        ("contact_details", PERSON, "", "receivers"),
        ("personal_info", PERSON, "", "receivers"),
        ("customer", PERSON, "", "receivers"),
        ("person", PERSON, "", "receivers"),
        ("prospect", PERSON, "", "receivers"),
        ("changes", LIST, "", "tiktok"),
        ("answers", LIST, "", "receivers"),
        ("field_data", LIST, "", "meta"),
        ("list", LIST, "", "rest"),
        ("form_data", LIST, "", "receivers"),
        ("fields", LIST, "", "airtable"),
        ("field_list", LIST, "", "receivers"),
        ("form_fields", LIST, "", "receiver-4"),
        ("custom_fields", LIST, "", "leadwarmer"),
        ("user_answers", LIST, "", "receiver-3"),
        ("user_column_data", LIST, "", "google"),
        ("custom_questions", LIST, "", "receivers"),
        ("custom_fields_values", LIST, "", "kommo"),
        ("responses", LIST, "", "receivers"),
        ("questions", LIST, "", "receivers"),
        ("field_values", LIST, "", "receivers"),
        ("question_answers", LIST, "", "receivers"),
        ("form_answers", LIST, "", "receivers"),
        ("form_responses", LIST, "", "receivers"),
        ("data", LIST, "", "receivers"),
        ("label", NAME, "", "receivers"),
        ("question", NAME, "", "receivers"),
        ("question_text", NAME, "", "receivers"),
        ("question_name", NAME, "", "receiver-3"),
        ("column_name", NAME, "", "google"),
        ("field_label", NAME, "", "receivers"),
        ("title", NAME, "", "receivers"),
        ("field", NAME, "", "tiktok"),
        ("name", NAME, "", "meta"),
        ("field_name", NAME, "", "receiver-4"),
        ("key", NAME, "", "receivers"),
        ("field_key", NAME, "", "receiver-2"),
        ("column_id", NAME, "", "google"),
        ("question_id", NAME, "", "receivers"),
        ("value", VALUE, "", "tiktok"),
        ("values", VALUE, "", "meta"),
        ("string_value", VALUE, "", "google"),
        ("field_value", VALUE, "", "receiver-2"),
        ("answer", VALUE, "", "receiver-4"),
        ("answers", VALUE, "", "receivers"),
        ("answer_text", VALUE, "", "receivers"),
        ("response", VALUE, "", "receivers"),
        ("object", ENVELOPE, "", "tiktok"),
        ("field", ENVELOPE, "value", "meta"),
        ("request_id", ENVELOPE, "", "tiktok"),
        ("event", ENVELOPE, "", "bitrix"),
        ("company_id", ENVELOPE, "", "tiktok"),  # a parameter of our own address
        ("token", ENVELOPE, "", "tiktok"),  # likewise
        ("subscription_id", ENVELOPE, "", "tiktok"),
        ("google_key", ENVELOPE, "", "google"),
        ("api_version", ENVELOPE, "", "google"),
        ("delivery_id", ENVELOPE, "", "leadconduit"),
        ("attempt", ENVELOPE, "", "evocalize"),
        ("retry_count", ENVELOPE, "", "evocalize"),
        ("code", ENVELOPE, "request_id", "rest"),
        ("message", ENVELOPE, "request_id", "rest"),
        ("page_info", ENVELOPE, "list", "rest"),
        ("headers", ENVELOPE, "body", "n8n"),
        ("params", ENVELOPE, "body", "n8n"),
        ("query", ENVELOPE, "body", "n8n"),
        ("webhook_url", ENVELOPE, "body", "n8n"),
        ("execution_mode", ENVELOPE, "body", "n8n"),
        ("paired_item", ENVELOPE, "json", "n8n"),
        ("method", ENVELOPE, "body", "pipedream"),
        ("path", ENVELOPE, "body", "pipedream"),
        ("url", ENVELOPE, "body", "pipedream"),
        ("client_ip", ENVELOPE, "body", "pipedream"),
        ("context", ENVELOPE, "event", "pipedream"),
        ("type", ENVELOPE, "record", "supabase"),
        ("table", ENVELOPE, "record", "supabase"),
        ("table_id", ENVELOPE, "", "baserow"),
        ("database_id", ENVELOPE, "", "baserow"),
        ("workspace_id", ENVELOPE, "", "baserow"),
        ("webhook_id", ENVELOPE, "", "baserow"),
        ("event_type", ENVELOPE, "items", "baserow"),
        ("table_name", ENVELOPE, "", "nocodb"),
        ("view_id", ENVELOPE, "", "nocodb"),
        ("view_name", ENVELOPE, "", "nocodb"),
        ("account[id]", ENVELOPE, "", "amocrm"),
        ("account[subdomain]", ENVELOPE, "", "amocrm"),
        ("schema", ENVELOPE, "record", "supabase"),
        ("old_record", ENVELOPE, "record", "supabase"),
    )
)
CONTAINERS = (ENTITY, WRAPPER, ROWS, PERSON, LIST)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SPACES = re.compile(r"[\s_\-]+")


@functools.lru_cache(maxsize=4096)
def normalize_key(key):
    """Return a key in the spelling of the table.

    :param str key: as a relay writes it: ``leadId``, ``Lead ID``, ``lead-id``
    :rtype: str
    """
    if len(key) > 100:
        return key  # a question
    words = key if key.isupper() else _HUMP.sub("_", key)
    return _SPACES.sub("_", words.strip().lower())


def _group_by_name():
    found = {}
    for alias in ALIASES:
        found.setdefault(alias.name, {})[alias.role] = alias.key
    return found


def _rank_ids():
    ranks, found = {}, {}
    for alias in ALIASES:
        if alias.role == ID:
            found[alias.name] = ranks[alias.key] = ranks.get(alias.key, -1) + 1
    return found


ROLES = _group_by_name()  # key by role, by name
ID_RANKS = _rank_ids()  # of several names for one thing the lowest counts
NAMES, VALUES = (
    tuple(alias.name for alias in ALIASES if alias.role == role) for role in (NAME, VALUE)
)
