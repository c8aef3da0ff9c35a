"""What TikTok does not publish: one switch for each question, with every possible answer.

The first choice is the default: the documented reading, or the stricter one.
"""

import dataclasses


def _one_of(group, text, *choices):
    return dataclasses.field(
        default=choices[0], metadata={"group": group, "text": text, "choices": choices}
    )


def _number(group, text, default):
    return dataclasses.field(
        default=default, metadata={"group": group, "text": text, "choices": None}
    )


LEADS, REST, LOGIN, HOOKS, POSTS = (
    "Lead webhook",
    "API for Business",
    "Login Kit",
    "Developer webhook",
    "Publishing",
)


@dataclasses.dataclass
class Settings:
    """The switches of one world; the page "Switchboard" shows the texts."""

    lead_body: str = _one_of(LEADS, "How non-ASCII answers are written", "utf8", "escaped")
    lead_signature: str = _one_of(
        LEADS, "What X-Open-Signature is made of", "escaped", "raw", "missing", "wrong"
    )
    lead_ids: str = _one_of(LEADS, "Type of the ids", "number", "string")
    lead_request_id: str = _one_of(LEADS, "Type of request_id", "string", "number", "missing")
    lead_page_name: str = _one_of(LEADS, "Is page_name filled", "filled", "empty")
    lead_name: str = _one_of(LEADS, "How the name arrives", "as_asked", "name", "first_last")
    lead_keys: str = _one_of(
        LEADS, "Keys of standard questions in any language", "standard", "labels"
    )
    lead_consent: str = _one_of(LEADS, "Is the consent box an answer", "no", "yes")
    lead_several: str = _one_of(
        LEADS, "How several choices arrive", "comma", "list", "repeated", "json"
    )
    lead_copies: int = _number(LEADS, "How often each delivery is sent", 1)
    lead_order: str = _one_of(LEADS, "Order of entries and deliveries", "kept", "shuffled")
    lead_regions: str = _one_of(LEADS, "Which leads the webhook brings", "all", "rest_of_world")
    mock_webhook: str = _one_of(LEADS, "Does a mock lead reach the webhook", "yes", "no")
    webhook_timeout: float = _number(LEADS, "Seconds to wait for an answer (not published)", 10.0)
    callback_probe: str = _one_of(
        LEADS, "Is the callback asked something first", "none", "challenge"
    )
    callback_query: str = _one_of(LEADS, "A query string in callback_url is", "accepted", "refused")
    callback_http: str = _one_of(LEADS, "An http callback_url is", "accepted", "refused")
    leads_center_paste: str = _one_of(LEADS, "Can a webhook be pasted in Leads Center", "yes", "no")

    rate_level: str = _one_of(
        REST,
        "Level of the app's rate limits",
        "basic",
        "advanced",
        "premium",
        "ultimate",
        "sandbox",
        "off",
    )
    rate_code: int = _one_of(REST, "Code of the QPS limit", 40100, 40016, 40132, 40133)
    rest_ids: str = _one_of(REST, "Type of page_id and ad_id in answers", "string", "number")
    ads_read: str = _one_of(REST, "May apps read ads (which permission is not known)", "yes", "no")
    portal_code: str = _one_of(
        REST, "What the portal sends back", "auth_code_and_code", "auth_code"
    )
    auth_code_life: int = _number(REST, "Life of an auth_code in seconds", 3600)
    meta_key: str = _one_of(REST, "Name of a form's meta data", "meta_data", "meta")
    page_filter: str = _one_of(REST, "Filter of /page/get/ that works", "status", "page_status")
    lead_get: str = _one_of(REST, "Which lead /lead/get/ gives", "newest", "oldest", "any")
    lead_redirect: str = _one_of(REST, "Lead endpoints answer 307 to another host", "no", "yes")
    subscription_unique: str = _one_of(
        REST, "Subscribing the same again", "detail", "callback", "none"
    )
    dead_subscription: str = _one_of(REST, "A subscription whose token died is", "listed", "hidden")
    export_polls: int = _number(REST, "Polls until an export is ready", 2)
    export_life: int = _number(REST, "Life of an exported file in seconds", 600)
    export_zip_bytes: int = _number(REST, "Above this many bytes: ZIP", 10 * 1024 * 1024)
    export_error: str = _one_of(REST, "How a download fails", "json", "text")
    export_test_leads: str = _one_of(REST, "Are test leads in the export", "yes", "no")
    csv_bom: str = _one_of(REST, "Does the CSV begin with a BOM", "yes", "no")
    csv_header: str = _one_of(REST, "Header of the CSV", "lead_id", "lead id", "Lead ID", "page")
    csv_ids: str = _one_of(REST, "How ids are protected", "plain", "quote", "formula")
    csv_time: str = _one_of(REST, "Form of created_time", "utc_suffix", "plain")
    csv_is_test: str = _one_of(REST, "Is there a column is_test", "no", "yes")
    report_delay_minutes: int = _number(REST, "Minutes until a report shows an hour", 30)
    report_polls: int = _number(REST, "Polls until a report task is done", 2)
    report_task_ends: str = _one_of(REST, "A report task ends as", "SUCCESS", "FAILED", "CANCELED")
    report_task_deleted: str = _one_of(REST, "Are deleted ads in a report task", "no", "yes")
    standard_events: str = _one_of(
        REST, "Standard event names for CRM events are", "accepted", "refused"
    )
    event_token: str = _one_of(REST, "Token that CRM events take", "marketing", "events_manager")
    event_age_days: int = _number(REST, "Oldest CRM event in days, 0 for any", 0)

    oauth_error_status: int = _one_of(LOGIN, "HTTP status of OAuth errors", 200, 400)
    refresh_rotates: str = _one_of(LOGIN, "Is a refresh token single use", "yes", "no")
    token_life: str = _one_of(LOGIN, "Life of access and refresh token", "2h/180d", "24h/365d")
    user_field_error: str = _one_of(
        LOGIN,
        "Asking a field beyond the scopes",
        "scope_not_authorized",
        "scope_permission_missed",
    )
    display_limit_per: str = _one_of(LOGIN, "The Display API limits each", "token", "app")
    video_pages: str = _one_of(LOGIN, "Pages of the video list are", "full", "short")

    hook_retry_signature: str = _one_of(HOOKS, "A retry is signed with", "same_time", "new_time")
    hook_ping_signature: str = _one_of(HOOKS, "Is tiktok.ping signed", "yes", "no")
    hook_ping_time: str = _one_of(HOOKS, "create_time of tiktok.ping", "ms", "s")
    hook_public_event: str = _one_of(
        HOOKS,
        "Name of the event for public posts",
        "post.publish.publicly_available",
        "post.publish.publicaly_available",
    )
    hook_complete_event: str = _one_of(
        HOOKS,
        "Name of the event for done posts",
        "post.publish.complete",
        "post.publish.completed",
    )
    hook_publish_type: str = _one_of(
        HOOKS, "publish_type of a direct post", "DIRECT_PUBLISH", "DIRECT_POST"
    )
    hook_fail_key: str = _one_of(
        HOOKS, "Key of the reason in post.publish.failed", "reason", "fail_reason"
    )
    hook_copies: int = _number(HOOKS, "How often each event is sent", 1)

    png: str = _one_of(POSTS, "PNG pictures are", "refused", "accepted")
    picture_limit: str = _one_of(
        POSTS, "Largest picture ('1080p')", "1920x1080", "short_1080", "long_1080"
    )
    picture_min: int = _number(POSTS, "Smallest side of a picture in pixels", 0)
    brand_toggles: str = _one_of(
        POSTS, "Both brand toggles in a direct post are", "optional", "required"
    )
    aigc_position: str = _one_of(POSTS, "Where a photo's is_aigc is read", "body", "post_info")
    unaudited_upload: str = _one_of(
        POSTS, "MEDIA_UPLOAD by an unaudited app", "allowed", "private_only"
    )
    post_ids: str = _one_of(POSTS, "Type of the ids of public posts", "number", "string")
    posts_per_day: int = _number(POSTS, "Posts per creator and day", 15)
    draft_life_days: int = _number(POSTS, "Life of an inbox draft in days, 0 for ever", 0)
    publish_id_days: int = _number(POSTS, "A publish_id can be asked, days, 0 for ever", 0)
    moderation_seconds: int = _number(POSTS, "Seconds until a post is public", 20)
    loopback_media: str = _one_of(
        POSTS, "http pictures and verified prefixes on this machine are", "accepted", "refused"
    )

    def change(self, values):
        """Set some switches.

        :param dict values: name to value; numbers may be text
        :raise ValueError: for an unknown switch or answer; none is then changed
        """
        checked = {name: self._checked(name, value) for name, value in values.items()}
        for name, value in checked.items():
            setattr(self, name, value)

    def _checked(self, name, value):
        field = type(self).__dataclass_fields__.get(name)
        if not field:
            raise ValueError(f"no switch {name!r}")
        choices = field.metadata["choices"]
        if not choices:
            return type(field.default)(value)
        for choice in choices:
            if str(choice) == str(value):
                return choice
        known = ", ".join(map(str, choices))
        raise ValueError(f"{name} can't be {value!r}; it can be {known}")

    @classmethod
    def described(cls):
        """Return (group, name, text, choices) of every switch, in order."""
        return [
            (f.metadata["group"], f.name, f.metadata["text"], f.metadata["choices"])
            for f in dataclasses.fields(cls)
        ]
