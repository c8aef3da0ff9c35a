import json

from odoo.tests import tagged

from ..common import TiktokHttpCommon, body, entry, next_uid

ADVERTISER = 7163948356417550077


@tagged("post_install", "-at_install")
class TestWebhookCompany(TiktokHttpCommon):
    """Whose lead it is."""

    def deliver(self, *, query, **values):
        """Post one lead and return its event."""
        uid = next_uid()
        response = self.post(body(entry(uid, **values)), query=query)
        self.assertEqual(response.status_code, 200)
        event = self.events.search([("lead_uid", "=", str(uid))])
        self.assertEqual(len(event), 1)
        return event

    def assert_event(self, event, company, state, reason=False):
        found = (event.company_id, event.state, event.reason)
        self.assertEqual(found, (company, state, reason))

    def own(self, company, **values):
        """Give a company the ad account, connected unless `values` say otherwise."""
        identity = {"name": "A", "advertiser_uid": str(ADVERTISER), "company_id": company.id}
        return self.env["tiktok.advertiser"].create({**identity, "state": "connected", **values})

    def query(self, company, token=None):
        return f"company_id={company.id}&token={token or company.tiktok_webhook_token}"

    def test_the_address_with_its_own_token_names_the_company(self):
        event = self.deliver(query=self.query(self.other_company))
        self.assert_event(event, self.other_company, "pending")

    def test_the_token_of_another_company_is_wrong(self):
        token = self.other_company.tiktok_webhook_token
        event = self.deliver(query=self.query(self.company, token))
        self.assert_event(event, self.company, "quarantined", "wrong_token")

    def test_a_token_that_differs_in_one_letter_is_wrong(self):
        token = self.company.tiktok_webhook_token
        for wrong in (token[:-1], token + "A", token.swapcase(), token[:-1] + "é"):
            event = self.deliver(query=self.query(self.company, wrong))
            self.assert_event(event, self.company, "quarantined", "wrong_token")

    def test_without_a_token_it_is_quarantined(self):
        for query in (f"company_id={self.company.id}", f"company_id={self.company.id}&token="):
            event = self.deliver(query=query)
            self.assert_event(event, self.company, "quarantined", "no_token")
            self.assertEqual(event.verification, "none")

    def test_a_company_that_is_unknown_or_no_number_is_a_visible_row_of_no_company(self):
        token = self.company.tiktok_webhook_token
        no_company = self.env["res.company"]
        for text in ("999999999", "0", "-1", "abc", "", "1e3", "9" * 30, "٣", "%00", "1;2"):
            with self.subTest(text=text):
                event = self.deliver(query=f"company_id={text}&token={token}")
                self.assert_event(event, no_company, "quarantined", "unknown_company")

    def test_without_anything_in_the_address_it_is_a_row_of_no_company(self):
        event = self.deliver(query="")
        self.assert_event(event, self.env["res.company"], "quarantined", "unknown_company")

    def test_an_archived_company_gets_a_row_and_no_lead(self):
        query = self.query(self.company)
        (self.manager + self.salesman).active = False
        self.company.active = False
        event = self.deliver(query=query)
        self.assert_event(event, self.company, "ignored", "company_archived")
        self.process()
        self.assertFalse(event.lead_id)

    def test_a_company_that_is_off_gets_a_row_and_no_lead(self):
        self.company.tiktok_leadgen_enabled = False
        event = self.deliver(query=self.query(self.company))
        self.assert_event(event, self.company, "ignored", "company_off")
        self.process()
        self.assertFalse(event.lead_id)
        self.assertTrue(event.raw)

    def test_a_company_without_a_token_takes_nothing_for_one(self):
        self.company.tiktok_webhook_token = False
        for query in (f"company_id={self.company.id}&token=", f"company_id={self.company.id}"):
            self.assertEqual(self.deliver(query=query).state, "quarantined")

    def test_without_time_a_new_token_makes_the_old_address_wrong(self):
        self.company.tiktok_token_grace_hours = 0
        old = self.query(self.company)
        self.assert_event(self.deliver(query=old), self.company, "pending")
        self.company.with_user(self.manager).action_tiktok_new_token()
        self.assert_event(self.deliver(query=old), self.company, "quarantined", "wrong_token")
        event = self.deliver(query=self.query(self.company))
        self.assert_event(event, self.company, "pending")

    def test_without_a_company_the_ad_account_names_it(self):
        self.own(self.company)
        query = f"token={self.company.tiktok_webhook_token}"
        for advertiser in (ADVERTISER, str(ADVERTISER)):
            event = self.deliver(query=query, advertiser_id=advertiser)
            self.assert_event(event, self.company, "pending")
        event = self.deliver(query="token=wrong", advertiser_id=ADVERTISER)
        self.assert_event(event, self.company, "quarantined", "wrong_token")

    def test_an_archived_ad_account_names_nobody(self):
        self.own(self.company, active=False)
        query = f"token={self.company.tiktok_webhook_token}"
        self.assertFalse(self.deliver(query=query, advertiser_id=ADVERTISER).company_id)

    def test_an_ad_account_that_is_not_connected_draws_no_delivery(self):
        advertiser = self.own(self.other_company, state="draft")
        for state in ("draft", "revoked"):
            advertiser.state = state
            with self.subTest(state=state):
                query = self.query(self.company, "wrong")
                event = self.deliver(query=query, advertiser_id=ADVERTISER)
                self.assert_event(event, self.company, "quarantined", "wrong_token")

    def test_the_operators_mapping_beats_an_ad_account(self):
        self.setting(
            "TIKTOK_LEADGEN_ADVERTISER_MAPPING", json.dumps({str(ADVERTISER): self.company.id})
        )
        advertiser = self.own(self.other_company, state="draft")
        query = f"token={self.company.tiktok_webhook_token}"
        for state in ("draft", "connected"):
            advertiser.state = state
            event = self.deliver(query=query, advertiser_id=ADVERTISER)
            self.assert_event(event, self.company, "pending")

    def test_the_operators_mapping_names_the_company(self):
        mapping = {str(ADVERTISER): self.company.id, "5": str(self.other_company.id), "6": "x"}
        self.setting("TIKTOK_LEADGEN_ADVERTISER_MAPPING", json.dumps(mapping))
        query = f"token={self.company.tiktok_webhook_token}"
        event = self.deliver(query=query, advertiser_id=ADVERTISER)
        self.assert_event(event, self.company, "pending")
        query = f"token={self.other_company.tiktok_webhook_token}"
        self.assert_event(self.deliver(query=query, advertiser_id=5), self.other_company, "pending")
        self.assertFalse(self.deliver(query=query, advertiser_id=6).company_id)

    def test_a_mapping_that_can_not_be_read_does_no_harm(self):
        query = f"token={self.company.tiktok_webhook_token}"
        for mapping in ("{", "[]", "7", "null", '{"7163948356417550077": null}'):
            self.setting("TIKTOK_LEADGEN_ADVERTISER_MAPPING", mapping)
            event = self.deliver(query=query, advertiser_id=ADVERTISER)
            self.assertEqual(event.reason, "unknown_company")

    def test_the_right_address_beats_the_ad_account(self):
        self.own(self.other_company)
        event = self.deliver(query=self.query(self.company), advertiser_id=ADVERTISER)
        self.assert_event(event, self.company, "pending")

    def test_an_unproven_address_falls_to_the_owner_of_the_ad_account(self):
        self.own(self.other_company)
        event = self.deliver(query=self.query(self.company, "wrong"), advertiser_id=ADVERTISER)
        self.assert_event(event, self.other_company, "quarantined", "wrong_token")

    def test_the_default_company_takes_what_names_none(self):
        self.setting("TIKTOK_LEADGEN_COMPANY_ID", str(self.company.id))
        query = f"token={self.company.tiktok_webhook_token}"
        self.assert_event(self.deliver(query=query), self.company, "pending")
        event = self.deliver(query="token=wrong")
        self.assert_event(event, self.company, "quarantined", "wrong_token")

    def test_a_default_company_that_is_none_is_as_if_unset(self):
        for value in ("x", "999999999", " "):
            self.setting("TIKTOK_LEADGEN_COMPANY_ID", value)
            self.assertEqual(self.deliver(query="token=x").reason, "unknown_company")

    def test_open_mode_takes_leads_for_the_company_that_is_named_and_for_no_other(self):
        self.company.tiktok_accept_untrusted = True
        event = self.deliver(query=f"company_id={self.company.id}")
        self.assert_event(event, self.company, "pending")
        self.assertEqual(event.verification, "open")
        self.setting("TIKTOK_LEADGEN_COMPANY_ID", str(self.company.id))
        self.assertEqual(self.deliver(query="").state, "quarantined")
        event = self.deliver(query=f"company_id={self.other_company.id}")
        self.assertEqual(event.state, "quarantined")

    def test_the_leads_of_one_delivery_may_belong_to_two_companies(self):
        mapping = {"1": self.company.id, "2": self.other_company.id}
        self.setting("TIKTOK_LEADGEN_ADVERTISER_MAPPING", json.dumps(mapping))
        (self.company + self.other_company).tiktok_webhook_token = "shared"
        one, two = next_uid(), next_uid()
        content = body(entry(one, advertiser_id=1), entry(two, advertiser_id=2))
        self.assertEqual(self.post(content, query="token=shared").status_code, 200)
        self.process()
        self.assertEqual(self.lead(one).company_id, self.company)
        self.assertEqual(self.lead(two, self.other_company).company_id, self.other_company)
