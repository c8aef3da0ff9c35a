import concurrent.futures
import threading
from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.clash import CONCURRENCY_ERRORS
from odoo.addons.tiktok_leadgen.tests.common import CommittedCommon

from .. import const
from ..tiktok import posting
from .common import PostCommon

MOST = posting.SENDS_PER_MINUTE


@tagged("post_install", "-at_install")
class TestSlots(PostCommon):
    """TikTok never gets a seventh call of an account in any minute."""

    def slots(self):
        return self.env["tiktok.post.slot"].search([("account_id", "=", self.account.id)])

    def seconds_until_free(self):
        """Return for each slot how long it is taken yet, by PostgreSQL's clock."""
        self.env.cr.execute(
            "SELECT EXTRACT(EPOCH FROM free_at - (clock_timestamp() AT TIME ZONE 'UTC'))::float8 "
            "FROM tiktok_post_slot WHERE account_id = %s ORDER BY 1 DESC",
            [self.account.id],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def database_now(self):
        self.env.cr.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        return self.env.cr.fetchone()[0]

    def test_the_seventh_waits_for_the_whole_minute_and_not_a_second_less(self):
        for _post in range(MOST):
            self.publish()
        self.shift_slots(min(self.seconds_until_free()) - 20)
        seventh = self.publish()
        self.assertEqual(seventh.state, "queued")
        self.assertIn("waits its turn", seventh.error)
        self.env.cr.execute(
            "SELECT min(free_at) FROM tiktok_post_slot WHERE account_id = %s", [self.account.id]
        )
        early = seventh.next_try_at - self.env.cr.fetchone()[0]
        self.assertTrue(timedelta(0) < early <= timedelta(seconds=1), early)
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref(const.CRON_XMLID).id)]
        )
        self.assertIn(seventh.next_try_at, triggers.mapped("call_at"))
        self.assertEqual(len(self.begun()), MOST)
        self.shift_slots(20)
        seventh.sudo().next_try_at = False
        self.run_job()
        self.assertEqual((seventh.state, len(self.begun())), ("processing", MOST + 1))

    def test_a_part_of_a_second_counts(self):
        slots = self.env["tiktok.post.slot"]
        for _slot in range(MOST):
            slots._take(self.account)._release()
        self.shift_slots(min(self.seconds_until_free()) - 0.9)
        self.assertFalse(slots._take(self.account))
        self.shift_slots(0.9)
        self.assertTrue(slots._take(self.account))

    def test_a_minute_begins_with_tiktok_s_answer(self):
        during = []

        def begin(api, body):
            during.extend(self.seconds_until_free())
            return "p_1"

        with patch.object(posting, "begin", begin):
            self.publish()
        self.assertGreater(during[0], 60, "while a call is under way nothing is known of it")
        self.assertTrue(59 < self.seconds_until_free()[0] <= 60)

    def test_calls_that_begin_no_post_count_as_well(self):
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
        self.assertEqual(len(self.begun()), MOST)
        self.begins()
        self.assertEqual(self.publish().state, "queued")
        self.assertEqual(len(self.begun()), MOST)

    def test_whoever_died_in_a_call_gives_its_slot_back_by_time(self):
        with patch.object(type(self.env["tiktok.post"]), "_begin"):
            for _post in range(MOST):
                self.publish()
        self.shift_slots(61)
        self.assertEqual(self.publish().state, "queued", "its call may still arrive")
        self.shift_slots(300)
        self.assertEqual(self.publish().state, "processing")

    def test_the_last_slot_that_another_worker_takes_meanwhile(self):
        slots = type(self.env["tiktok.post.slot"])
        with patch.object(slots, "_take", lambda slots, _account: slots.browse()):
            post = self.publish()
        self.assertEqual((post.state, self.begun()), ("queued", []))
        self.assertTrue(post.next_try_at)
        post.sudo().next_try_at = False
        self.run_job()
        self.assertEqual(post.state, "processing")

    def test_slots_go_with_their_account(self):
        account = self.account.copy({"name": "Short-lived"})
        slot = self.env["tiktok.post.slot"]._take(account)
        account.unlink()
        self.assertFalse(slot.exists())

    def test_a_job_whose_odoo_is_behind_the_database_finds_what_is_due(self):
        waiting = self.make_post()
        waiting.action_publish()
        waiting.sudo().next_try_at = self.database_now().replace(microsecond=0)
        polled = self.publish()
        polled.sudo().poll_at = self.database_now().replace(microsecond=0)
        self.stands("PUBLISH_COMPLETE")
        behind = self.database_now().replace(microsecond=0) - timedelta(seconds=30)
        with patch("odoo.fields.Datetime.now", lambda *_args: behind):
            self.run_job()
        self.assertEqual((waiting.state, polled.state), ("processing", "published"))


@tagged("post_install", "-at_install")
class TestSlotsOfWorkers(CommittedCommon):
    """Several workers, each with its own connection."""

    def setUp(self):
        super().setUp()
        with self.cursor() as env:
            self.account_id = env["tiktok.account"].create({"name": "Slots"}).id
        self.addCleanup(self.remove)

    def remove(self):
        """Take away what was committed."""
        with self.cursor() as env:
            env["tiktok.account"].browse(self.account_id).unlink()

    def test_workers_at_once_take_six_and_no_more(self):
        workers = 10
        barrier = threading.Barrier(workers)

        def take(_number):
            barrier.wait(20)
            for _try in range(workers):
                with self.registry.cursor() as own:
                    env = api.Environment(own, SUPERUSER_ID, {})
                    account = env["tiktok.account"].browse(self.account_id)
                    try:
                        taken = env["tiktok.post.slot"]._take(account).ids
                        own.commit()
                    except CONCURRENCY_ERRORS:
                        own.rollback()
                        continue
                    return taken
            return []

        with concurrent.futures.ThreadPoolExecutor(workers) as threads:
            taken = [slot for ids in threads.map(take, range(workers)) for slot in ids]
        self.assertEqual(len(taken), len(set(taken)))
        self.assertLessEqual(len(taken), MOST)
        with self.cursor() as env:
            account = env["tiktok.account"].browse(self.account_id)
            rest = [env["tiktok.post.slot"]._take(account).id for _time in range(MOST)]
            rest = [slot for slot in rest if slot]
            self.assertEqual(len(taken) + len(rest), MOST)
            self.assertTrue(env["tiktok.post.slot"]._next_free_at(account))
