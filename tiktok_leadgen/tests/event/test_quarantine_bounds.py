from odoo.exceptions import UserError
from odoo.tests import tagged

from ... import const
from ..common import TiktokHttpCommon, body, entry, next_uid

MIB = 1024 * 1024
ADVERTISER = 7163948356417550077
PAGE = 7600000000000000777


@tagged("post_install", "-at_install")
class TestQuarantineBounds(TiktokHttpCommon):
    """What is not verified has a bound in total, and junk never takes the quota of real leads."""

    def limit(self, rows=1000, size=MIB, hint="unknown"):
        """Set the bounds of a quota."""
        limits = {**const.QUARANTINE_QUOTAS, hint: (rows, size)}
        self.patch(const, "QUARANTINE_QUOTAS", limits)

    def quarantine(self, token="junk", **values):
        """Post an unverified lead, check that it is stored and return its event."""
        uid = next_uid()
        response = self.post(body(entry(uid, **values)), token=token)
        self.assertEqual(response.status_code, 200)
        event = self.event(uid)
        self.assertEqual(event.state, "quarantined")
        return event

    def refuse(self, token="junk", **values):
        """Post an unverified lead and check that it is refused and leaves no row."""
        uid = next_uid()
        with self.refused():
            response = self.post(body(entry(uid, **values)), token=token)
        self.assertEqual(response.status_code, 429)
        self.assertEqual(response.headers["Retry-After"], str(const.RETRY_AFTER_SECONDS))
        self.assertFalse(self.event(uid))

    def replace_token(self):
        """Make a new token and return the old one, which is no longer accepted."""
        self.company.sudo().tiktok_token_grace_hours = 0
        token = self.company.tiktok_webhook_token
        self.company.with_user(self.manager).action_tiktok_new_token()
        return token

    def age(self, events, days):
        self.env.cr.execute(
            "UPDATE tiktok_event SET received_at = received_at - %s * interval '1 day' "
            "WHERE id = ANY(%s)",
            [days, events.ids],
        )
        self.env.invalidate_all()

    def test_rows_of_earlier_days_fill_the_quarantine_too(self):
        self.limit(rows=2)
        self.age(self.quarantine() + self.quarantine(), days=3)
        self.refuse()

    def test_bytes_of_earlier_days_fill_the_quarantine_too(self):
        answers = {"name": "é" * 6000}
        event = self.quarantine(answers=answers)
        self.assertEqual(event.raw_size, len(event.raw.encode()))
        self.age(event, days=3)
        self.limit(size=20_000)
        self.refuse(answers=answers)

    def test_a_decision_makes_room(self):
        self.limit(rows=1)
        event = self.quarantine()
        self.refuse()
        event.with_user(self.manager).action_discard()
        self.quarantine()

    def test_another_company_is_bounded_by_itself(self):
        self.limit(rows=1)
        self.quarantine()
        self.refuse()
        response = self.post(body(entry()), company=self.other_company, token="junk")
        self.assertEqual(response.status_code, 200)

    def test_junk_does_not_shut_out_a_former_token(self):
        old = self.replace_token()
        self.limit(rows=1)
        self.patch(const, "QUARANTINE_ROWS", 1)
        self.quarantine()
        self.refuse()
        self.assertEqual(self.quarantine(token=old).recognized_by, "former_token")

    def test_junk_does_not_shut_out_a_known_ad_account(self):
        values = {"name": "A", "advertiser_uid": str(ADVERTISER), "company_id": self.company.id}
        advertiser = self.env["tiktok.advertiser"].create(values)
        self.limit(rows=1)
        self.quarantine()
        self.refuse(advertiser_id=ADVERTISER)  # a number that was only typed is no hint
        advertiser.state = "connected"
        self.assertEqual(self.quarantine(advertiser_id=ADVERTISER).recognized_by, "known_source")
        self.refuse()

    def test_junk_does_not_shut_out_a_mapped_ad_account(self):
        mapping = f'{{"{ADVERTISER}": {self.company.id}}}'
        self.setting("TIKTOK_LEADGEN_ADVERTISER_MAPPING", mapping)
        self.limit(rows=0)
        self.quarantine(advertiser_id=ADVERTISER)

    def test_junk_does_not_shut_out_a_known_form(self):
        self.make(page_id=PAGE)
        self.limit(rows=0)
        self.assertEqual(self.quarantine(page_id=PAGE).recognized_by, "known_source")
        self.refuse()

    def test_the_form_of_another_company_is_not_known(self):
        self.make(company=self.other_company, page_id=PAGE)
        self.limit(rows=0)
        self.refuse(page_id=PAGE)

    def test_invented_ids_do_not_shut_out_a_former_token(self):
        self.make(page_id=PAGE)
        old = self.replace_token()
        self.limit(rows=0, hint="known_source")
        self.refuse(page_id=PAGE)
        self.quarantine(page_id=PAGE, token=old)

    def test_a_former_token_is_bounded_too(self):
        old = self.replace_token()
        self.limit(rows=1, hint="former_token")
        self.quarantine(token=old)
        self.refuse(token=old)

    def test_a_delivery_with_junk_and_known_forms_stores_the_known(self):
        self.make(page_id=PAGE)
        self.limit(rows=0)
        known, junk = next_uid(), next_uid()
        with self.refused():
            response = self.post(
                body(entry(known, page_id=PAGE), entry(junk, page_id=1)), token="junk"
            )
        self.assertEqual(response.status_code, 429)
        self.assertEqual(self.event(known).state, "quarantined")
        self.assertFalse(self.event(junk))

    def test_a_former_token_names_its_company(self):
        old = self.replace_token()
        self.setting("TIKTOK_LEADGEN_COMPANY_ID", str(self.other_company.id))
        self.assertEqual(self.quarantine(token=old).company_id, self.company)

    def test_the_last_five_tokens_are_recognized(self):
        tokens = [self.replace_token() for _ in range(6)]
        stored = self.env["tiktok.webhook.token"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(stored), const.FORMER_TOKENS + 1)
        self.assertEqual(self.quarantine(token=tokens[0]).recognized_by, "unknown")
        self.assertEqual(self.quarantine(token=tokens[1]).recognized_by, "former_token")
        self.assertEqual(self.quarantine(token=tokens[5]).recognized_by, "former_token")

    def test_a_token_of_another_company_is_recognized_by_nothing(self):
        token = self.other_company.tiktok_webhook_token
        self.other_company.with_user(self.stranger).action_tiktok_new_token()
        self.assertEqual(self.quarantine(token=token).recognized_by, "unknown")

    def test_a_verified_lead_is_stored_however_full_the_quarantine_is(self):
        for hint in const.QUARANTINE_QUOTAS:
            self.limit(rows=0, hint=hint)
        uid = next_uid()
        self.assertEqual(self.post(body(entry(uid))).status_code, 200)
        self.assertEqual((self.event(uid).state, self.event(uid).recognized_by), ("pending", False))

    def test_a_test_lead_that_finds_the_quarantine_full_says_what_to_do(self):
        self.company.tiktok_signature_policy = "signature"
        for hint in const.QUARANTINE_QUOTAS:
            self.limit(rows=0, hint=hint)
        with self.refused(), self.assertRaisesRegex(UserError, "review the quarantine"):
            self.company.with_user(self.manager).action_tiktok_send_test_lead()
