import pathlib

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_path

from ... import const
from ...tiktok.lead import TEST_MARK
from ..common import APP_SECRET, TiktokCommon, entry, next_uid


@tagged("post_install", "-at_install")
class TestCleanup(TiktokCommon):
    """What is forgotten, and when."""

    def age(self, records, days, *columns):
        """Make records so many days old."""
        self.env.flush_all()
        for column in columns:
            self.env.cr.execute(
                f"UPDATE {records._table} SET {column} = {column} - %s * interval '1 day' "  # noqa: S608
                "WHERE id = ANY(%s)",
                [days, records.ids],
            )
        self.env.invalidate_all()

    def old_event(self, days, company=None):
        event = self.make(company=company).tiktok_event_id
        self.age(event, days, "received_at")
        return event

    def run_gc(self):
        with self.enter_registry_test_mode():
            self.events._gc_scrub()
            self.events._gc_unverified()
            self.events._gc_purge()
            self.events._gc_test_leads()
        self.env.invalidate_all()

    def test_answers_are_removed_after_the_days_of_the_company(self):
        self.company.tiktok_retention_days = 30
        old, young = self.old_event(31), self.old_event(29)
        theirs = self.old_event(31, self.other_company)
        self.run_gc()
        self.assertFalse(old.raw or old.history)
        self.assertTrue(old.scrubbed_at)
        self.assertTrue(young.raw)
        self.assertTrue(theirs.raw)
        self.assertEqual(old.lead_id.contact_name, "Ana Pérez")
        self.assertTrue(old.lead_uid)

    def test_ninety_days_is_the_rule_and_zero_keeps_for_ever(self):
        self.assertEqual(self.company.tiktok_retention_days, 90)
        self.other_company.tiktok_retention_days = 0
        ours, theirs = self.old_event(91), self.old_event(9999, self.other_company)
        self.run_gc()
        self.assertFalse(ours.raw)
        self.assertTrue(theirs.raw)

    def test_what_waits_is_never_forgotten_and_the_rest_keeps_its_row(self):
        uids = [next_uid() for _ in range(2)]
        self.receive(entry(uids[0]))
        self.receive(entry(uids[1]), token="wrong")
        waiting, unverified = (self.event(uid) for uid in uids)
        self.assertEqual((waiting.state, unverified.state), ("pending", "quarantined"))
        self.age(waiting + unverified, 91, "received_at")
        self.run_gc()
        self.assertTrue(waiting.raw)
        self.assertFalse(unverified.exists())

    def test_what_is_unverified_is_deleted_after_fourteen_days(self):
        self.company.tiktok_retention_days = 0  # keeps verified answers for ever
        uids = [next_uid() for _ in range(2)]
        for uid in uids:
            self.receive(entry(uid), token="wrong")
        old, young = (self.event(uid) for uid in uids)
        self.age(old, 15, "received_at")
        self.age(young, 13, "received_at")
        self.run_gc()
        self.assertEqual((old + young).exists(), young)
        self.assertTrue(young.raw)

    def test_a_discarded_unverified_delivery_loses_its_answers_after_fourteen_days(self):
        uids = [next_uid() for _ in range(2)]
        for uid in uids:
            self.receive(entry(uid), token="wrong")
        old, young = (self.event(uid) for uid in uids)
        (old + young).with_user(self.manager).action_discard()
        self.age(old, 15, "received_at")
        self.age(young, 13, "received_at")
        self.run_gc()
        self.assertEqual((old.state, old.raw), ("ignored", False))
        self.assertTrue(young.raw)

    def test_a_scrubbed_event_still_keeps_the_lead_from_coming_twice(self):
        event = self.old_event(91)
        self.run_gc()
        self.receive(entry(int(event.lead_uid)))
        self.process()
        self.assertEqual(len(self.lead(event.lead_uid)), 1)

    def test_what_was_scrubbed_can_be_looked_at_and_not_replayed(self):
        event = self.old_event(91)
        event.lead_id.unlink()
        self.run_gc()
        self.assertFalse(event.content or event.person)
        self.assertFalse(event._is_replayable())

    def test_rows_are_deleted_long_after_they_were_scrubbed(self):
        old, young = self.old_event(91), self.old_event(91)
        lead = old.lead_id
        self.run_gc()
        self.age(old, const.PURGE_EXTRA_DAYS + 1, "scrubbed_at")
        self.age(young, const.PURGE_EXTRA_DAYS - 1, "scrubbed_at")
        self.run_gc()
        self.assertEqual((old + young).exists(), young)
        self.assertTrue(lead.exists())
        self.assertFalse(lead.tiktok_event_id)

    def test_a_lot_is_forgotten_in_steps(self):
        self.patch(const, "GC_BATCH", 2)
        for _number in range(3):
            self.old_event(91)
        self.assertEqual(self.events._gc_scrub(), (2, 1))
        self.assertEqual(self.events._gc_scrub()[1], 0)

    def old_test_lead(self, days=8, user=None):
        if user:
            action = self.company.with_user(user).action_tiktok_send_test_lead()
            lead = self.leads.browse(action["res_id"])
        else:
            lead = self.make(campaign_id=0, campaign_name=TEST_MARK)
        self.age(lead, days, "create_date", "write_date")
        return lead

    def test_test_leads_go_after_seven_days(self):
        old, young = self.old_test_lead(8), self.old_test_lead(6)
        button = self.old_test_lead(8, self.manager)
        real = self.make()
        self.age(real, 9999, "create_date")
        self.run_gc()
        self.assertFalse(old.exists() or button.exists())
        self.assertTrue(young.exists() and real.exists())

    def write_as(self, user, lead):
        """Change a lead in a request of its own."""
        lead.with_user(user).description = "They called."
        self.env.flush_all()
        # What a test computes at the end is written by the test's own user.
        self.env.cr.execute("UPDATE crm_lead SET write_uid = %s WHERE id = %s", [user.id, lead.id])
        self.env.invalidate_all()

    @mute_logger("odoo.addons.tiktok_leadgen.concurrency")
    def test_a_test_lead_that_cannot_be_deleted_stops_no_others(self):
        first, refused, last = (self.old_test_lead() for _ in range(3))
        unlink = type(self.leads).unlink

        def refuse(leads):
            if refused in leads:
                raise UserError("No.")
            return unlink(leads)

        self.patch(type(self.leads), "unlink", refuse)
        self.run_gc()
        self.assertEqual((first | refused | last).exists(), refused)

    def test_a_test_lead_that_a_user_works_on_stays(self):
        leads = [self.old_test_lead() for _ in range(5)]
        leads[0].user_id = self.salesman
        self.write_as(self.manager, leads[1])
        leads[2].message_post(body="Hello", message_type="comment")
        leads[3].activity_schedule("mail.mail_activity_data_todo", user_id=self.manager.id)
        self.run_gc()
        self.assertEqual([bool(lead.exists()) for lead in leads], [True] * 4 + [False])

    def test_a_test_lead_of_the_button_stays_when_its_sender_works_on_it(self):
        lead = self.old_test_lead(8, self.manager)
        self.write_as(self.manager, lead)
        self.run_gc()
        self.assertTrue(lead.exists())

    def test_what_a_machine_computes_later_is_no_work(self):
        lead = self.old_test_lead(8, self.manager)
        self.write_as(self.env.ref("base.user_root"), lead)
        self.run_gc()
        self.assertFalse(lead.exists())

    def test_the_event_of_a_test_lead_that_went_stays(self):
        lead = self.old_test_lead()
        event = lead.tiktok_event_id
        self.run_gc()
        self.assertEqual((event.state, event.lead_id.id), ("done", False))

    def test_a_copied_database_is_disarmed(self):
        self.company.write({"tiktok_app_secret": APP_SECRET, "tiktok_accept_untrusted": True})
        token = self.company.tiktok_webhook_token
        self.env.flush_all()
        statements = pathlib.Path(file_path("tiktok_leadgen/data/neutralize.sql"))
        self.env.cr.execute(statements.read_text())
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertFalse(self.company.tiktok_leadgen_enabled)
        self.assertFalse(self.company.tiktok_webhook_token)
        self.assertFalse(self.company.has_tiktok_app_secret)
        self.events._receive_webhook(b'{"name":"Ana"}', company=str(self.company.id), token=token)
        event = self.events.search([("company_id", "=", self.company.id)])
        self.assertEqual((event.state, event.verification), ("quarantined", "none"))

    def test_quarantined_deliveries_are_notified_once_a_day(self):
        self.company.tiktok_user_id = self.manager
        about = [("summary", "=", "TikTok deliveries are quarantined")]
        activities = self.env["mail.activity"]
        self.events._notify_quarantined()
        before = activities.search_count(about)
        self.receive(entry(), token="wrong")
        self.receive(entry(), token="wrong")
        for _run in range(2):
            self.events._notify_quarantined()
        activity = activities.search(about, order="id desc", limit=1)
        self.assertEqual(activities.search_count(about), before + 1)
        self.assertIn("since yesterday: 2", activity.note)

    def test_who_is_notified_reads_it_in_their_language(self):
        self.company.tiktok_responsible_id = self.manager
        self.speak_arabic(self.manager)
        self.receive(entry(), token="wrong")
        self.events._notify_quarantined()
        activity = self.env["mail.activity"].search([("user_id", "=", self.manager.id)], limit=1)
        for text in (activity.summary, activity.note):
            self.assert_arabic(text)

    def test_the_cleaning_is_done_by_odoos_own_autovacuum(self):
        names = (
            "_gc_scrub",
            "_gc_unverified",
            "_gc_purge",
            "_gc_test_leads",
            "_notify_quarantined",
        )
        for name in names:
            self.assertTrue(getattr(type(self.events), name)._autovacuum)
