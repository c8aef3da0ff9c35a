"""What Odoo 19 gets wrong for you in silence: one test for each trap this addon could fall in."""

from unittest.mock import patch

import psycopg2

from odoo.http import root
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import const
from ..controllers.webhooks import Webhooks
from .common import APP_SECRET, TiktokCommon, TiktokHttpCommon, body, entry, next_uid

MODELS = ("tiktok.event", "tiktok.form", "tiktok.form.question", "tiktok.advertiser")


@tagged("post_install", "-at_install")
class TestIdioms(TiktokCommon):
    """Constraints, defaults, secrets and jobs."""

    def assert_refused(self, error, make):
        with mute_logger("odoo.sql_db"), self.assertRaises(error), self.env.cr.savepoint():
            make()
            self.env.flush_all()

    def test_each_constraint_is_really_in_the_database(self):
        lead = self.make()
        form, event = lead.tiktok_form_id, lead.tiktok_event_id
        unique = psycopg2.errors.UniqueViolation
        self.assert_refused(unique, lambda: lead.copy({"tiktok_lead_uid": lead.tiktok_lead_uid}))
        self.assert_refused(unique, form.copy)
        self.assert_refused(unique, form.question_ids[0].copy)
        self.assert_refused(unique, event.copy)
        advertisers = self.env["tiktok.advertiser"]
        values = {"name": "A", "advertiser_uid": "77", "company_id": self.company.id}
        advertiser = advertisers.create(values)
        self.assert_refused(unique, lambda: advertisers.create(values))
        advertiser.active = False
        advertiser.flush_recordset()
        advertisers.create(values)
        self.assert_refused(
            psycopg2.errors.CheckViolation,
            lambda: self.company.write({"tiktok_retention_days": -1}),
        )

    def test_two_events_without_a_company_with_the_same_key_are_one(self):
        event = self.make().tiktok_event_id
        values = {"dedup_key": "no company", "company_id": False}
        event.copy(values)
        self.assert_refused(psycopg2.errors.UniqueViolation, lambda: event.copy(values))

    def test_the_job_does_not_become_the_salesperson(self):
        lead = self.make()
        self.assertEqual(lead.create_uid, self.env.ref("base.user_root"))
        self.assertFalse(lead.user_id)
        self.assertFalse(lead.date_open)

    def test_the_sender_of_a_test_lead_does_not_become_the_salesperson(self):
        action = self.company.with_user(self.manager).action_tiktok_send_test_lead()
        self.assertFalse(self.leads.browse(action["res_id"]).user_id)

    def test_the_company_of_a_lead_is_set_without_user_and_team(self):
        self.env["crm.team"].search([]).active = False
        lead = self.make()
        self.assertFalse(lead.team_id or lead.user_id)
        self.assertEqual(lead.company_id, self.company)

    def test_a_job_that_is_off_is_told_and_switched_on_by_a_button(self):
        job = self.env.ref(const.CRON_XMLID)
        self.assertTrue(job.active)
        company = self.company.with_user(self.manager)
        self.assertFalse(company.tiktok_job_is_off)
        job.active = False
        self.receive(content := entry())
        company.invalidate_recordset()
        self.assertTrue(company.tiktok_job_is_off)
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])
        company.action_tiktok_job_on()
        self.assertTrue(job.active)
        self.assertEqual(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]), triggers + 1
        )
        self.process()
        self.assertTrue(self.lead(content["id"]))

    def test_no_secret_is_tracked_or_prefetched_or_copied(self):
        fields = self.env["res.company"]._fields
        for name in ("tiktok_webhook_token", "tiktok_app_secret", "tiktok_app_secret_sealed"):
            self.assertFalse(getattr(fields[name], "tracking", None))
            self.assertFalse(fields[name].copy)
        self.assertFalse(fields["tiktok_app_secret_sealed"].prefetch)
        self.company.tiktok_app_secret = APP_SECRET
        values = self.env["mail.tracking.value"].search([("new_value_char", "ilike", APP_SECRET)])
        self.assertFalse(values)

    def test_a_secret_field_never_reads_its_sealed_text_with_others(self):
        self.company.tiktok_app_secret = APP_SECRET
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self.company.name)
        field = self.env["res.company"]._fields["tiktok_app_secret_sealed"]
        self.assertIsNone(field._get_cache(self.company.env).get(self.company.id))

    def test_each_model_has_rights_a_company_rule_and_a_description(self):
        for name in MODELS:
            model = self.env["ir.model"]._get(name)
            self.assertNotEqual(model.name, name)
            self.assertTrue(model.access_ids)
            self.assertTrue(any("company" in (r.domain_force or "") for r in model.rule_ids))

    def test_ids_of_tiktok_are_text_in_every_model(self):
        for name in (*MODELS, "crm.lead"):
            for field in self.env[name]._fields.values():
                if field.name.endswith("_uid") and field.name not in ("create_uid", "write_uid"):
                    self.assertEqual(field.type, "char", field)

    def test_a_batch_is_committed_with_the_progress_of_the_job(self):
        self.patch(const, "BATCH_SIZE", 2)
        self.receive(*(entry() for _ in range(5)))
        progress = type(self.env["ir.cron"])._commit_progress
        seen = []

        def spy(cron, processed=0, **kwargs):
            seen.append(processed)
            return progress(cron, processed, **kwargs)

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", spy):
            self.process()
        self.assertEqual([count for count in seen if count], [2, 2, 1])

    def test_a_job_that_is_out_of_time_stops_after_its_batch(self):
        self.patch(const, "BATCH_SIZE", 2)
        self.receive(*(entry() for _ in range(6)))
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 0):
            self.process()
        states = self.events.search([("company_id", "=", self.company.id)]).mapped("state")
        self.assertEqual((states.count("done"), states.count("pending")), (2, 4))


@tagged("post_install", "-at_install")
class TestRoutes(TiktokHttpCommon):
    """How the web part of Odoo 19 could let us down."""

    def test_the_webhook_stores_on_a_cursor_that_may_write(self):
        routing = Webhooks.receive_leads.original_routing
        self.assertEqual((routing["auth"], routing["type"]), ("none", "http"))
        self.assertIs(routing["readonly"], False)  # True is what Odoo takes without a user
        self.assertFalse(routing["csrf"])
        self.assertFalse(routing["save_session"])
        with self.assertNoLogs("odoo.sql_db", "ERROR"):
            self.assertEqual(self.post(body(entry())).status_code, 200)

    def test_what_nobody_logged_in_stores_belongs_to_no_person(self):
        uid = next_uid()
        self.post(body(entry(uid)))
        self.assertFalse(self.event(uid).create_uid)

    def test_a_repeated_delivery_is_200_and_not_422(self):
        content = body(entry())
        self.assertEqual([self.post(content).status_code for _ in range(2)], [200, 200])

    def test_an_answer_that_says_not_stored_has_stored_nothing(self):
        uid = next_uid()

        def store_and_break(events, rows):
            receive(events, rows)
            raise RuntimeError

        receive = type(self.events)._receive
        with (
            patch.object(type(self.events), "_receive", store_and_break),
            self.assertLogs("odoo.http", "ERROR"),
        ):
            self.assertEqual(self.post(body(entry(uid))).status_code, 503)
        self.assertFalse(self.event(uid))

    def test_no_session_is_made_for_tiktok(self):
        with patch.object(root.session_store, "save") as save:
            response = self.post(body(entry()))
        self.assertNotIn("Set-Cookie", response.headers)
        save.assert_not_called()

    def test_an_error_elsewhere_is_answered_as_odoo_answers_it(self):
        response = self.url_open("/api/integrations/webhooks/tiktok-leadgen/x")
        self.assertEqual(response.status_code, 404)
