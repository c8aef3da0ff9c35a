import concurrent.futures
import threading
from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.concurrency import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.addons.tiktok_leadgen.tests.common import CommittedCommon

from .. import const
from ..tiktok import posting
from .common import PostCommon

MOST = posting.SENDS_PER_MINUTE


@tagged("post_install", "-at_install")
class TestSendPermits(PostCommon):
    """TikTok never gets a seventh call of an account in any minute."""

    def permits(self):
        return self.env["tiktok.send.permit"].search([("account_id", "=", self.account.id)])

    def seconds_until_free(self):
        """Return for each permit how long it is taken yet, by PostgreSQL's clock."""
        self.env.cr.execute(
            "SELECT EXTRACT(EPOCH FROM free_at - (clock_timestamp() AT TIME ZONE 'UTC'))::float8 "
            "FROM tiktok_send_permit WHERE account_id = %s ORDER BY 1 DESC",
            [self.account.id],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def database_now(self):
        self.env.cr.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        return self.env.cr.fetchone()[0]

    def test_seventh_post_waits_a_whole_minute(self):
        for _post in range(MOST):
            self.publish()
        self.shift_permits(min(self.seconds_until_free()) - 20)
        seventh = self.publish()
        self.assertEqual(seventh.state, "queued")
        self.assertIn("sent as soon as possible", seventh.error)
        self.env.cr.execute(
            "SELECT min(free_at) FROM tiktok_send_permit WHERE account_id = %s", [self.account.id]
        )
        early = seventh.next_try_at - self.env.cr.fetchone()[0]
        self.assertTrue(timedelta(0) < early <= timedelta(seconds=1), early)
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref(const.CRON_XMLID).id)]
        )
        self.assertIn(seventh.next_try_at, triggers.mapped("call_at"))
        self.assertEqual(len(self.sent_bodies()), MOST)
        self.shift_permits(20)
        seventh.sudo().next_try_at = False
        self.run_job()
        self.assertEqual((seventh.state, len(self.sent_bodies())), ("processing", MOST + 1))

    def test_permits_count_fractions_of_a_second(self):
        permits = self.env["tiktok.send.permit"]
        for _permit in range(MOST):
            permits._acquire_permit(self.account)._release_permit()
        self.shift_permits(min(self.seconds_until_free()) - 0.9)
        self.assertFalse(permits._acquire_permit(self.account))
        self.shift_permits(0.9)
        self.assertTrue(permits._acquire_permit(self.account))

    def test_permit_minute_starts_with_the_answer(self):
        during = []

        def begin(api, body):
            during.extend(self.seconds_until_free())
            return "p_1"

        with patch.object(posting, "begin_post", begin):
            self.publish()
        self.assertGreater(during[0], 60, "while a call is under way nothing is known of it")
        self.assertTrue(59 < self.seconds_until_free()[0] <= 60)

    def test_refused_requests_count_as_well(self):
        for answer in (
            *({"data": {}, "error": {"code": "invalid_param"}}, requests.ReadTimeout(), {}),
            {"data": {}, "error": {"code": "spam_risk_too_many_posts"}},
        ):
            self.tiktok_says(posting.PHOTO_INIT, answer, 200)
            self.publish()
        self.tiktok_refuses(posting.PHOTO_INIT, "invalid_param", 400)
        failed = self.publish()
        failed.action_retry()  # the second call of the same post
        self.run_job()
        self.assertEqual(len(self.sent_bodies()), MOST)
        self.accept_next_post()
        self.assertEqual(self.publish().state, "queued")
        self.assertEqual(len(self.sent_bodies()), MOST)

    def test_permit_of_a_died_process_is_released_by_time(self):
        with patch.object(type(self.env["tiktok.post"]), "_request_post"):
            for _post in range(MOST):
                self.publish()
        self.shift_permits(61)
        self.assertEqual(self.publish().state, "queued", "its call may still arrive")
        self.shift_permits(300)
        self.assertEqual(self.publish().state, "processing")

    def test_last_permit_acquired_by_another_worker(self):
        permits = type(self.env["tiktok.send.permit"])
        with patch.object(permits, "_acquire_permit", lambda permits, _account: permits.browse()):
            post = self.publish()
        self.assertEqual((post.state, self.sent_bodies()), ("queued", []))
        self.assertTrue(post.next_try_at)
        post.sudo().next_try_at = False
        self.run_job()
        self.assertEqual(post.state, "processing")

    def test_permits_are_deleted_with_their_account(self):
        account = self.account.copy({"name": "Short-lived"})
        permit = self.env["tiktok.send.permit"]._acquire_permit(account)
        account.unlink()
        self.assertFalse(permit.exists())

    def test_due_posts_are_found_by_the_database_clock(self):
        waiting = self.make_post()
        waiting.action_publish()
        waiting.sudo().next_try_at = self.database_now().replace(microsecond=0)
        polled = self.publish()
        polled.sudo().attempt_id.poll_at = self.database_now().replace(microsecond=0)
        self.set_remote_status("PUBLISH_COMPLETE")
        behind = self.database_now().replace(microsecond=0) - timedelta(seconds=30)
        with patch("odoo.fields.Datetime.now", lambda *_args: behind):
            self.run_job()
        self.assertEqual((waiting.state, polled.state), ("processing", "published"))


@tagged("post_install", "-at_install")
class TestSendPermitsOfWorkers(CommittedCommon):
    """Several workers, each with its own connection."""

    def setUp(self):
        super().setUp()
        with self.cursor() as env:
            self.account_id = env["tiktok.account"].create({"name": "Permits"}).id
        self.addCleanup(self.remove)

    def remove(self):
        """Delete what was committed."""
        with self.cursor() as env:
            env["tiktok.account"].browse(self.account_id).unlink()

    def test_concurrent_workers_acquire_six_permits(self):
        workers = 10
        barrier = threading.Barrier(workers)

        def acquire(_number):
            barrier.wait(20)
            for _try in range(workers):
                with self.registry.cursor() as own:
                    env = api.Environment(own, SUPERUSER_ID, {})
                    account = env["tiktok.account"].browse(self.account_id)
                    try:
                        acquired = env["tiktok.send.permit"]._acquire_permit(account).ids
                        own.commit()
                    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                        own.rollback()
                        continue
                    return acquired
            return []

        with concurrent.futures.ThreadPoolExecutor(workers) as threads:
            acquired = [permit for ids in threads.map(acquire, range(workers)) for permit in ids]
        self.assertEqual(len(acquired), len(set(acquired)))
        self.assertLessEqual(len(acquired), MOST)
        with self.cursor() as env:
            account = env["tiktok.account"].browse(self.account_id)
            rest = [env["tiktok.send.permit"]._acquire_permit(account).id for _time in range(MOST)]
            rest = [permit for permit in rest if permit]
            self.assertEqual(len(acquired) + len(rest), MOST)
            self.assertTrue(env["tiktok.send.permit"]._find_next_free_time(account))
