import psycopg2

from odoo.tests import tagged

from .. import const
from ..concurrency import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    retry_on_serialization_failure,
)
from ..job_time import backoff, read_clock
from .fake_business_api import ONE, TWO, BusinessCommon

CRONS = {
    "tiktok.assignment": ("_cron_assign_leads",),
    "tiktok.lead.notification": ("_cron_follow_up_leads",),
    "tiktok.account": ("_cron_refresh_tokens", "_cron_sync_accounts"),
    "tiktok.advertiser": ("_cron_sync_advertisers",),
    "tiktok.watchdog": ("_cron_check_advertisers",),
    "tiktok.reconciliation": (
        "_cron_start_reconciliations",
        "_cron_continue_reconciliations",
    ),
    "tiktok.event": ("_cron_process",),
    "tiktok.lead.import": ("_cron_import",),
    "tiktok.mapping.run": ("_cron_apply_mapping",),
    "tiktok.ad.entity": ("_cron_refresh_names",),
}


@tagged("post_install", "-at_install")
class TestConcurrencyErrors(BusinessCommon):
    """Scheduled actions that meet another transaction."""

    def test_waits_are_whole_seconds_as_the_clock_that_ends_them(self):
        for attempts in range(1, 12):
            self.assertFalse(backoff(attempts, 60, 6 * 3600, 0.25).microseconds)

    def fail_on_commit(self, model, method, times):
        """Let a method do its work and then learn that another transaction was faster.

        :return: a list that grows by one for each call
        """
        calls, do = [], getattr(model, method)

        def fail(records, *args, **options):
            calls.append(records)
            done = do(records, *args, **options)
            if len(calls) <= times:
                raise psycopg2.errors.SerializationFailure
            return done

        self.patch(model, method, fail)
        return calls

    def test_every_scheduled_action_retries_on_serialization_failure(self):
        crons = self.env["ir.cron"].with_context(active_test=False).search([])
        ours = crons.filtered(lambda cron: cron.get_external_id()[cron.id].startswith("tiktok_le"))
        named = {f"model.{name}()" for names in CRONS.values() for name in names}
        self.assertEqual(set(ours.mapped("code")), named)
        for model, names in CRONS.items():
            for name in names:
                method = getattr(type(self.env[model]), name)
                self.assertEqual(
                    method.__code__, retry_on_serialization_failure(print).__code__, name
                )

    def test_a_consent_that_ended_is_noted_although_another_one_writes(self):
        ads = self.connect((ONE, TWO))
        self.tiktok.tokens.clear()
        calls = self.fail_on_commit(type(self.ads), "_mark_revoked", times=2)
        self.look_after()
        self.assertGreater(len(calls), 2)
        self.assertEqual(ads.mapped("state"), ["revoked", "revoked"])
        self.assertEqual([len(each.activity_ids) for each in ads], [1, 1])

    def test_a_result_is_stored_although_another_one_writes(self):
        advertiser = self.connect((ONE,))
        self.tiktok.tokens.clear()
        calls = self.fail_on_commit(type(self.ads), "_store_health", times=1)
        with self.enter_registry_test_mode():
            self.env.ref(const.WATCH_CRON_XMLID).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(calls), 2)
        self.assertEqual(advertiser.health, "broken")

    def test_what_fails_again_and_again_is_left_for_the_next_run(self):
        calls = self.fail_on_commit(
            type(self.env["tiktok.connection.test"]), "_close_abandoned_tests", times=99
        )
        with self.enter_registry_test_mode():
            self.env.ref(const.WATCH_CRON_XMLID).method_direct_trigger()
        self.assertEqual(len(calls), MAX_TRIES_ON_CONCURRENCY_FAILURE)
        cron = self.env.ref(const.WATCH_CRON_XMLID)
        trigger = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)], order="id desc")
        self.assertLess(abs((trigger[:1].call_at - read_clock(self.env)).total_seconds()), 30)

    def test_the_emails_of_a_scheduled_action_are_left_to_the_queue(self):
        advertiser = self.connect((ONE,))
        self.tiktok.tokens.clear()
        sent = []
        self.patch(type(self.env["mail.mail"]), "send", lambda mails, *_a, **_o: sent.append(mails))
        queue = self.env.ref(const.MAIL_CRON_XMLID)
        self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)]).unlink()
        with self.enter_registry_test_mode():
            self.env.ref(const.WATCH_CRON_XMLID).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(advertiser.health, "broken")
        waiting = self.env["mail.mail"].search([("model", "=", advertiser._name)])
        self.assertTrue(waiting)
        self.assertEqual(set(waiting.mapped("state")), {"outgoing"})
        self.assertFalse(sent)
        self.assertTrue(self.env["ir.cron.trigger"].search_count([("cron_id", "=", queue.id)]))

    def test_a_notification_about_a_delivery_is_left_to_the_queue(self):
        sent = []
        self.patch(type(self.env["mail.mail"]), "send", lambda mails, *_a, **_o: sent.append(mails))
        self.company.tiktok_responsible_id = self.manager
        self.company._tiktok_notify_responsible("It failed.", "Look.")
        activity = self.env["mail.activity"].search([("summary", "=", "It failed.")])
        self.assertEqual(activity.user_id, self.manager)
        self.assertFalse(sent)
