import json
import time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ... import const
from ..common import APP_SECRET, TiktokHttpCommon, body, entry, next_uid

WRONG = "wrong"


@tagged("post_install", "-at_install")
class TestQuarantine(TiktokHttpCommon):
    """Unverified deliveries: quarantined, bounded, and a user decides."""

    def quarantine(self, uid=None, **values):
        """Post an unverified lead and return its event."""
        uid = uid or next_uid()
        self.assertEqual(self.post(body(entry(uid, **values)), token=WRONG).status_code, 200)
        return self.events.search(
            [("lead_uid", "=", str(uid)), ("state", "=", "quarantined")], limit=1
        )

    def test_it_makes_no_lead_however_often_the_job_runs(self):
        event = self.quarantine()
        self.process()
        self.process()
        self.assertEqual((event.state, event.lead_id.id), ("quarantined", False))
        self.assertTrue(event.raw)

    def test_accepting_it_makes_the_lead(self):
        event = self.quarantine()
        event.with_user(self.manager).action_accept()
        self.assertEqual((event.state, event.verification), ("pending", "person"))
        self.process()
        self.assertEqual(event.state, "done")
        self.assertEqual(event.lead_id.contact_name, "Ana Pérez")

    def test_accepting_many_together_makes_all_their_leads(self):
        events = self.quarantine() + self.quarantine() + self.quarantine()
        events.with_user(self.manager).action_accept()
        self.process()
        self.assertEqual(len(events.lead_id), 3)

    def test_discarding_it_makes_no_lead_until_it_is_restored(self):
        event = self.quarantine()
        event.with_user(self.manager).action_discard()
        self.process()
        self.assertEqual((event.state, event.reason), ("ignored", "discarded"))
        self.assertFalse(event.lead_id)
        with self.assertRaises(UserError):
            event.with_user(self.manager).action_replay()
        with self.assertRaises(UserError):
            event.with_user(self.manager).action_accept()

    def test_accepting_what_is_not_about_a_lead_ignores_it(self):
        self.post(body(entry(), object=2), token=WRONG)
        event = self.events.search([("company_id", "=", self.company.id)])
        event.with_user(self.manager).action_accept()
        self.process()
        self.assertEqual((event.state, event.reason), ("ignored", "other_object"))

    def test_accepting_what_can_not_be_read_says_the_reason(self):
        self.post(None, raw=b"hello", token=WRONG)
        event = self.events.search([("company_id", "=", self.company.id)])
        event.with_user(self.manager).action_accept()
        self.process()
        self.assertEqual((event.state, event.reason), ("failed", "not_json"))

    def test_replay_is_no_way_around_accepting(self):
        event = self.quarantine()
        with self.assertRaises(UserError):
            event.with_user(self.manager).action_replay()
        self.assertEqual(event.state, "quarantined")

    def test_an_unverified_delivery_that_was_closed_is_never_replayed(self):
        event = self.quarantine()
        for state, reason in (("ignored", "disproved"), ("ignored", "repeated"), ("failed", False)):
            event.write({"state": state, "reason": reason})
            with self.assertRaises(UserError):
                event.with_user(self.manager).action_replay()
            self.assertEqual(event.state, state)

    def test_it_never_keeps_the_real_lead_out(self):
        uid = next_uid()
        fake = self.quarantine(uid, answers={"name": "Fake", "email": "fake@example.com"})
        self.post(body(entry(uid)))
        self.process()
        self.assertEqual(self.lead(uid).contact_name, "Ana Pérez")
        self.assertEqual(fake.state, "quarantined")

    def test_accepting_it_after_the_real_one_came_makes_no_second_lead(self):
        uid = next_uid()
        fake = self.quarantine(uid)
        self.post(body(entry(uid)))
        fake.with_user(self.manager).action_accept()
        self.process()
        self.assertEqual((fake.state, fake.reason), ("ignored", "repeated"))
        self.assertEqual(len(self.lead(uid)), 1)

    def test_the_real_one_after_an_accepted_one_makes_no_second_lead(self):
        uid = next_uid()
        self.quarantine(uid).with_user(self.manager).action_accept()
        self.post(body(entry(uid)))
        self.process()
        self.assertEqual(len(self.lead(uid)), 1)
        self.assertEqual(len(self.event(uid)), 1)

    def test_a_fake_with_the_same_id_does_not_hide_what_comes_after_a_token_was_changed(self):
        uid = next_uid()
        self.quarantine(uid, answers={"name": "Fake", "email": "fake@example.com"})
        self.post(body(entry(uid)), token=WRONG)
        fake = self.event(uid)
        self.assertEqual(set(fake.mapped("person")), {"Fake", "Ana Pérez"})
        fake.filtered(lambda e: e.person == "Ana Pérez").with_user(self.manager).action_accept()
        self.process()
        self.assertEqual(self.lead(uid).contact_name, "Ana Pérez")
        rest = fake.filtered(lambda e: e.state == "quarantined")
        rest.with_user(self.manager).action_accept()
        self.assertEqual(rest.reason, "repeated")

    def test_the_same_delivery_twice_is_stored_once(self):
        uid = next_uid()
        self.quarantine(uid)
        self.quarantine(uid)
        self.assertEqual(len(self.event(uid)), 1)

    def test_only_who_may_change_events_of_the_company_decides(self):
        event = self.quarantine()
        for user in (self.salesman, self.stranger):
            for action in ("action_accept", "action_discard"):
                with self.assertRaises(AccessError):
                    getattr(event.with_user(user), action)()
        self.assertEqual(event.state, "quarantined")

    def test_what_belongs_to_no_company_needs_a_company_before_it_is_accepted(self):
        uid = next_uid()
        self.post(body(entry(uid)), query="company_id=x&token=y")
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        event = self.events.search([("lead_uid", "=", str(uid))])
        event = event.with_user(admin).with_context(allowed_company_ids=admin.company_ids.ids)
        with self.assertRaisesRegex(UserError, "First choose the company"):
            event.action_accept()
        event.company_id = self.company
        event.action_accept()
        self.process()
        self.assertEqual(len(self.lead(uid)), 1)

    def test_too_many_in_an_hour_are_refused_for_that_company_only(self):
        self.patch(const, "QUARANTINE_ROWS", 3)
        for _number in range(3):
            self.quarantine()
        with self.refused():
            response = self.post(body(entry()), token=WRONG)
        self.assertEqual(response.status_code, 429)
        self.assertEqual(response.headers["Retry-After"], str(const.RETRY_AFTER_SECONDS))
        self.assertEqual(self.post(body(entry())).status_code, 200)
        response = self.post(body(entry()), company=self.other_company, token=WRONG)
        self.assertEqual(response.status_code, 200)

    def test_too_many_in_one_delivery_leave_no_row_at_all(self):
        self.patch(const, "QUARANTINE_ROWS", 3)
        with self.refused():
            response = self.post(body(*(entry() for _ in range(4))), token=WRONG)
        self.assertEqual(response.status_code, 429)
        self.assertFalse(self.events.search([("company_id", "=", self.company.id)]))

    def test_a_verified_lead_is_stored_beside_a_refused_one(self):
        self.patch(const, "QUARANTINE_ROWS", 0)
        self.company.tiktok_app_secret = APP_SECRET
        advertiser = {"name": "A", "advertiser_uid": "71", "company_id": self.company.id}
        self.env["tiktok.advertiser"].create({**advertiser, "state": "connected"})
        good, unknown = next_uid(), next_uid()
        content = body(entry(good, advertiser_id=71), entry(unknown, advertiser_id=72))
        with self.refused():
            response = self.post_signed(content, query="")
        self.assertEqual(response.status_code, 429)  # so that TikTok sends the other one again
        self.assertEqual(response.headers["Retry-After"], str(const.RETRY_AFTER_SECONDS))
        self.assertEqual(self.event(good).state, "pending")
        self.assertFalse(self.events.search([("lead_uid", "=", str(unknown))]))

    def test_too_many_bytes_in_an_hour_are_refused(self):
        self.patch(const, "QUARANTINE_BYTES", 5000)
        with self.refused():
            response = self.post(body(entry(answers={"name": "A" * 6000})), token=WRONG)
        self.assertEqual(response.status_code, 429)

    def test_after_an_hour_more_are_stored_again(self):
        self.patch(const, "QUARANTINE_ROWS", 1)
        event = self.quarantine()
        self.env.cr.execute(
            "UPDATE tiktok_event SET received_at = received_at - interval '61 minutes' "
            "WHERE id = %s",
            [event.id],
        )
        self.quarantine()

    def test_what_belongs_to_no_company_is_bounded_too(self):
        self.patch(const, "QUARANTINE_ROWS", 2)
        before = self.events._measure_quotas([(None, "unknown")])[None, "unknown"][0]
        self.patch(const, "QUARANTINE_ROWS", before + 1)
        self.assertEqual(self.post(body(entry()), query="").status_code, 200)
        with self.refused():
            self.assertEqual(self.post(body(entry()), query="").status_code, 429)

    def test_of_an_unreadable_unverified_body_only_the_beginning_is_stored(self):
        self.post(None, raw=b"x" * 1_000_000, token=WRONG)
        event = self.events.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(event.raw), const.UNVERIFIED_RAW_CHARS)

    def test_a_heavy_unverified_lead_is_listed_and_opened_fast(self):
        values = [f"value {number}" for number in range(20_000)]
        heavy = entry(changes=[{"field": "a", "value": values}] * 2)
        self.post(body(heavy), token=WRONG)
        event = self.events.search([("company_id", "=", self.company.id)])
        self.assertEqual((event.kind, event.state), ("unreadable", "quarantined"))
        # One that was stored before there were bounds.
        event.write({"kind": "lead", "raw": json.dumps(heavy)})
        self.env.flush_all()
        for specification in ({"person": {}}, {"content": {}, "raw_pretty": {}}):
            self.env.invalidate_all()
            began = time.monotonic()
            self.events.with_user(self.manager).web_search_read(
                [("id", "=", event.id)], specification
            )
            self.assertLess(time.monotonic() - began, 2)

    def test_the_administrator_sees_how_many_and_since_when(self):
        self.assertEqual(self.company.tiktok_quarantined_count, 0)
        first = self.quarantine()
        self.quarantine()
        page = self.company.with_user(self.manager)
        page.invalidate_recordset()
        self.assertEqual(page.tiktok_quarantined_count, 2)
        self.assertEqual(page.tiktok_quarantined_since, first.received_at)
        self.assertEqual((page.tiktok_received_today, page.tiktok_waiting_count), (0, 0))
        action = page.with_context(tiktok_filter="quarantined").action_tiktok_view_events()
        self.assertEqual(action["context"], {"search_default_quarantined": 1})

    def test_the_other_company_sees_none_of_it(self):
        self.quarantine()
        self.assertEqual(self.other_company.with_user(self.stranger).tiktok_quarantined_count, 0)
