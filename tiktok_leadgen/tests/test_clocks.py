"""The clock of Odoo's server may be wrong: what is due and what expires follows the database's."""

from datetime import timedelta, timezone

from odoo.tests import tagged

from ..job_time import read_clock, read_transaction_clock
from .common import TiktokCommon, entry, wrong_clock
from .common_account import AccountCommon
from .common_speed import SPEED
from .common_team import TeamCommon

HOURS = (-3, 3)  # by which the clock of Odoo's server is behind or ahead
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestClock(TiktokCommon):
    """The clock itself."""

    def test_the_clocks_are_those_of_the_database(self):
        for hours in HOURS:
            with self.subTest(hours=hours), wrong_clock(hours):
                self.env.cr.execute("SELECT now() AT TIME ZONE 'UTC'")
                began = self.env.cr.fetchone()[0].replace(microsecond=0)
                self.assertEqual(read_transaction_clock(self.env), began)
                self.assertLess(abs(read_clock(self.env) - began), HOUR)


@tagged("post_install", "-at_install")
class TestTokenClock(AccountCommon):
    """Access tokens of an account."""

    def setUp(self):
        super().setUp()
        self.connect(life=7_200)
        self.token = self.env["tiktok.token"].search([("account_id", "=", self.account.id)])

    def test_a_token_expires_by_the_clock_of_the_database(self):
        for hours in HOURS:
            with self.subTest(hours=hours), wrong_clock(hours):
                self.token.access_expires_at = read_clock(self.env) + HOUR
                number = self.kit._number
                self.assertEqual(self.valid(), f"act.fake{number}")
                self.token.access_expires_at = read_clock(self.env) - MINUTE
                self.assertEqual(self.valid(), f"act.fake{number + 1}")
                left = self.token.access_expires_at - read_clock(self.env)
                self.assertLess(abs(left - timedelta(hours=2)), 2 * MINUTE)

    def test_a_renewal_that_failed_is_due_again_by_the_clock_of_the_database(self):
        for hours in HOURS:
            with self.subTest(hours=hours), wrong_clock(hours):
                self.token.access_expires_at = read_clock(self.env) - MINUTE
                self.token.attempted_at = read_clock(self.env) - HOUR
                self.assertIn(self.token, self.token._find_due_tokens())
                self.token.attempted_at = read_clock(self.env)
                self.assertNotIn(self.token, self.token._find_due_tokens())


@tagged("post_install", "-at_install")
class TestSpeedClock(TeamCommon):
    """Speed to lead, of a company that works around the clock."""

    def setUp(self):
        super().setUp()
        self.company.resource_calendar_id = False

    def make_now(self):
        """Return a lead that was submitted now."""
        now = read_clock(self.env).replace(tzinfo=timezone.utc)
        return self.make(create_time=int(now.timestamp()))

    def test_the_assignment_and_the_first_contact_have_the_time_of_the_database(self):
        for hours in HOURS:
            with self.subTest(hours=hours), wrong_clock(hours):
                lead, now = self.make_now(), read_clock(self.env)
                self.assertLess(abs(lead.tiktok_assigned_at - now), 5 * MINUTE)
                due = lead.tiktok_call_due_at - now
                self.assertLess(abs(due - self.company.tiktok_call_minutes * MINUTE), 5 * MINUTE)
                lead.with_user(lead.user_id)._tiktok_register_contact("call")
                self.assertLess(lead.tiktok_response_seconds, 300)
                self.assertLess(abs(lead.tiktok_first_contact_at - now), 5 * MINUTE)

    def test_a_reminder_is_due_by_the_clock_of_the_database(self):
        for hours in HOURS:
            with self.subTest(hours=hours), wrong_clock(hours):
                lead = self.make_now()
                lead.tiktok_last_assigned_at = read_clock(self.env) - 2 * MINUTE
                lead.tiktok_remind_at = read_clock(self.env) + 20 * MINUTE
                self.run_cron(SPEED)
                self.assertEqual(lead.tiktok_reminded, 0)
                lead.tiktok_last_assigned_at = read_clock(self.env) - 30 * MINUTE
                lead.tiktok_remind_at = read_clock(self.env) - 20 * MINUTE
                self.run_cron(SPEED)
                self.assertEqual(lead.tiktok_reminded, 2)


@tagged("post_install", "-at_install")
class TestWebhookTokenClock(TiktokCommon):
    """Webhook tokens that were replaced."""

    def test_an_old_token_counts_by_the_clock_of_the_database(self):
        for hours in (-100, 100):
            with self.subTest(hours=hours), wrong_clock(hours):
                old = self.company.tiktok_webhook_token
                self.company.with_user(self.manager).action_tiktok_new_token()
                self.assertEqual(self.state_of_delivery(old), "pending")
                tokens = self.env["tiktok.webhook.token"]._find_old_tokens(self.company)
                tokens[:1]._expire_tokens(read_clock(self.env) - MINUTE)
                self.assertEqual(self.state_of_delivery(old), "quarantined")

    def state_of_delivery(self, token):
        """Deliver a lead with a token, and return the state of the event."""
        content = entry()
        self.receive(content, token=token)
        mine = [("company_id", "=", self.company.id), ("lead_uid", "=", str(content["id"]))]
        return self.events.search(mine).state
