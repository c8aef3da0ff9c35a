from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ... import const
from ...tiktok.errors import RetryLaterError
from ..common import freeze_clock
from ..common_account import DAY, AccountCommon

BEGAN = fields.Datetime.to_datetime("2026-09-20 11:00:00")
LOGGER = "odoo.addons.tiktok_leadgen.models.account.tiktok_account_token_use"


@tagged("post_install", "-at_install")
class TestTokenCron(AccountCommon):
    """The scheduled action that renews tokens, where some fail or take long."""

    def setUp(self):
        super().setUp()
        self.env["tiktok.token"].sudo().search([]).unlink()
        with freeze_clock(BEGAN):
            self.connect()
        with freeze_clock(BEGAN + timedelta(seconds=1)):
            self.other = self.account.copy({"name": "Other"})
            self.other._connect_account(self.kit.make("open-2"))
        self.asked = []

    def answering(self, failing):
        """Answer renewals; those of some accounts raise an error."""

        def refresh(token, **_options):
            self.asked.append(token.account_id)
            error = failing.get(token.account_id)
            if error:
                raise error
            token.access_expires_at = fields.Datetime.now() + timedelta(days=1)

        self.patch(type(self.env["tiktok.token"]), "_refresh_tokens", refresh)

    def renew_at(self, days):
        """Run the scheduled action so many days after the consents."""
        with freeze_clock(BEGAN + timedelta(days=days)):
            self.renew()

    def hurry(self):
        """Let each run have no time left after its first token."""
        hurry = patch("odoo.addons.base.models.ir_cron.MIN_TIME_PER_JOB", 0)
        hurry.start()
        self.addCleanup(hurry.stop)

    def triggers(self):
        cron = self.env.ref(const.REFRESH_CRON_XMLID)
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def test_unexpected_error_does_not_stop_the_others(self):
        self.answering({self.account: ValueError("about act.fake1")})
        with self.assertLogs(LOGGER, "WARNING") as log:
            self.renew_at(1)
        self.assertEqual(self.asked, [self.account, self.other])
        self.assertNotIn("act.fake1", "".join(log.output))
        self.assertIn("ValueError", self.account.sync_error)
        self.assertFalse(self.other.sync_error)

    def test_next_run_continues_with_the_others(self):
        self.answering({self.account: RetryLaterError("TikTok did not answer.", "answer_lost")})
        self.hurry()
        before = self.triggers()
        self.renew_at(1)
        self.assertEqual(self.asked, [self.account])
        self.assertEqual(self.triggers(), before + 1)
        self.renew_at(1)
        self.assertEqual(self.asked, [self.account, self.other])

    def test_failed_token_is_retried_after_a_pause(self):
        self.answering({self.account: RetryLaterError("TikTok did not answer.", "answer_lost")})
        for _again in range(3):
            self.renew_at(1)
        self.assertEqual(self.asked, [self.account, self.other])
        self.renew_at(1 + 600 / DAY)
        self.assertEqual(self.asked, [self.account, self.other, self.account])

    def test_success_clears_the_problem(self):
        failing = {self.account: RetryLaterError("TikTok did not answer.", "answer_lost")}
        self.answering(failing)
        self.renew_at(1)
        self.assertTrue(self.account.sync_error)
        failing.clear()
        self.renew_at(1 + 600 / DAY)
        self.assertFalse(self.account.sync_error)

    def test_renewal_by_another_caller_clears_the_problem(self):
        self.down()
        self.renew_at(1)
        self.assertTrue(self.account.sync_error)
        self.kit.down = None
        self.kit._number = 1  # the first one's refresh token is good
        with freeze_clock(BEGAN + timedelta(days=1)):
            self.valid()
        self.renew_at(1 + 600 / DAY)
        self.assertFalse(self.account.sync_error)

    def test_success_keeps_the_problem_of_a_sync(self):
        failing = {self.account: RetryLaterError("TikTok did not answer.", "answer_lost")}
        self.answering(failing)
        self.renew_at(1)
        self.account.sync_error = "The sync failed."
        failing.clear()
        self.renew_at(1 + 600 / DAY)
        self.assertEqual(self.account.sync_error, "The sync failed.")
