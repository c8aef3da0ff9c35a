from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests import rights_walk

# As in rights_table.py of tiktok_leadgen.
TABLE = """
crm.lead
    read MA
        tiktok_crm_event_ids
    read SMA
        tiktok_ads_objection
    write SMA
        tiktok_ads_objection
res.company
    read MA
        tiktok_ads_consent tiktok_ads_consent_answers tiktok_ads_consent_question
    write A
        tiktok_ads_consent tiktok_ads_consent_answers tiktok_ads_consent_question
res.config.settings
    read -
        tiktok_ads_consent tiktok_ads_consent_answers tiktok_ads_consent_question
tiktok.audience
    read MA
        active advertiser_id attempt_count audience_uid company_id is_expiring is_valid kind
        lost_reason_ids matched_count member_count min_count name next_refresh_at problem
        problem_message refreshed_at state
    write A
        active advertiser_id company_id kind lost_reason_ids name
    call A
        action_delete_remote action_download action_refresh
tiktok.crm.event
    read MA
        company_id currency_id event_name event_set_id event_uid has_email has_phone
        is_lower_funnel is_test lead_id lead_uid occurred_at reason refusal rule_id sent_at state
        value
    call A
        action_send action_stop
    call MA
        action_open_lead
tiktok.crm.event.rule
    read MA
        active company_id event_name event_set_id is_frozen is_lower_funnel lost_reason_id on_won
        sequence stage_id
    write A
        active event_name event_set_id is_lower_funnel lost_reason_id on_won sequence stage_id
tiktok.event.set
    read -
        token_sealed
    read MA
        active advertiser_id attempt_count checked_at company_id email_share event_ids
        event_set_uid has_token name next_try_at phone_share problem problem_message
        refused_count rule_ids sent_count signal_count signal_goal skipped_count source status
        test_code token waiting_count
    write A
        active advertiser_id company_id event_set_uid name rule_ids source test_code token
    call A
        action_check action_create_remote action_import_sets action_suggest_rules
    call MA
        action_view_events
"""
MODELS = {"tiktok.event.set", "tiktok.crm.event", "tiktok.crm.event.rule", "tiktok.audience"}
SHARED = ("tiktok_ads_", "tiktok_crm_event")  # what our fields of other models begin with


@tagged("post_install", "-at_install")
class TestSignalsRights(rights_walk.RightsWalk):
    """Every field and every public method of events and audiences."""

    addon = "tiktok_ads"
    table = TABLE

    def setUp(self):
        super().setUp()
        company = {"company_id": self.company.id}
        event_set = self.env["tiktok.event.set"].create({**company, "name": "Leads"})
        advertiser = self.env["tiktok.advertiser"].create(
            {**company, "name": "ACME", "advertiser_uid": "7"}
        )
        self.records["tiktok.advertiser"] = advertiser
        self.records["tiktok.event.set"] = event_set
        self.records["tiktok.crm.event.rule"] = self.env["tiktok.crm.event.rule"].create(
            {"event_set_id": event_set.id, "on_won": True, "event_name": "Converted"}
        )
        self.records["tiktok.audience"] = self.env["tiktok.audience"].create(
            {**company, "name": "Won", "advertiser_id": advertiser.id}
        )

    def our_fields(self):
        """Yield the fields of events and audiences."""
        for field in super().our_fields():
            if field.model_name in MODELS or field.name.startswith(SHARED):
                yield field

    def our_methods(self):
        """Yield the methods of events and audiences."""
        for model, name in super().our_methods():
            if model in MODELS:
                yield model, name

    def test_who_may_read_write_and_call(self):
        self.assert_table()

    def test_a_relation_is_never_pointed_to_another_company(self):
        self.assert_company_unchanged()
