from odoo.tests import tagged

from odoo.addons.tiktok_leadgen import const as leadgen_const
from odoo.addons.tiktok_leadgen.tests.worker_common import WorkerCommon

from .. import const
from .common import PostCommon, start_attempt

SEND_JOB = "tiktok.post._send_due_post"
MARK_JOB = "tiktok.post._mark_interrupted"
CHECK_JOB = "tiktok.post._check_due_post"
MOST = leadgen_const.MAX_INTERRUPTED_ATTEMPTS
PREPARING = "Preparing this never ends"
SENDING = "Sending this never ends"


@tagged("post_install", "-at_install")
class TestInterrupted(PostCommon):
    """A post that interrupts the process of the job ends, and the others go on."""

    def interrupt(self, job, post, attempts):
        """Leave behind what attempts do whose process was killed."""
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO tiktok_job_attempt (job, record_id, attempts, started_at)
               VALUES (%s, %s, %s, now())""",
            [job, post.id, attempts],
        )

    def run_job_warned(self):
        with self.assertLogs("odoo.addons.tiktok_publish", "WARNING"):
            self.run_job()

    def test_interrupted_post_comes_after_the_others(self):
        first, second = self.make_post(title="First"), self.make_post(title="Second")
        (first | second).action_publish()
        self.interrupt(SEND_JOB, first, 1)
        self.run_job()
        titles = [body["post_info"]["title"] for body in self.sent_bodies()]
        self.assertEqual(titles, ["Second", "First"])
        self.assertFalse(self.env["tiktok.job.attempt"]._find_interrupted(SEND_JOB))

    def test_post_that_interrupts_each_attempt_fails_unsent(self):
        post, other = self.make_post(), self.make_post(title="Other")
        (post | other).action_publish()
        self.interrupt(SEND_JOB, post, MOST)
        self.run_job_warned()
        self.assertEqual((post.state, other.state), ("failed", "processing"))
        self.assertIn("Odoo stopped each time", post.error)
        self.assertIn("attempts: 3", post.activity_ids.note)
        self.assertFalse(post.attempt_ids)
        post.action_retry()
        self.run_job()
        self.assertEqual((post.state, len(self.sent_bodies())), ("processing", 2))

    def test_post_that_interrupts_its_marking_is_unconfirmed(self):
        post = self.publish()
        start_attempt(post, "2026-01-01 00:00:00")
        self.interrupt(MARK_JOB, post, MOST)
        self.run_job_warned()
        self.assertEqual((post.state, post.needs_confirmation), ("processing", True))
        self.assertEqual(post.attempt_id.outcome, "unconfirmed")
        self.assertIn("check on TikTok", post.activity_ids.summary)
        self.assertFalse(self.posts._find_interrupted_posts())
        self.assertEqual(len(self.sent_bodies()), 1)

    def test_post_that_interrupts_its_check_is_checked_later(self):
        post = self.publish()
        self.interrupt(CHECK_JOB, post, MOST)
        with self.assertLogs("odoo.addons.tiktok_publish", "WARNING"):
            self.poll(post)
        self.assertEqual((post.state, post.polls), ("processing", 1))
        self.assertFalse(self.posts._find_posts_to_check())


@tagged("post_install", "-at_install")
class TestKilled(WorkerCommon):
    """A post that kills its process: real processes, killed by `kill -9`."""

    cron = const.CRON_XMLID
    # TikTok accepts each post; what this machine lacks for it is not checked.
    preparation = f"""
from odoo.addons.tiktok_publish.tiktok import posting
def prepare(post):
    if post.title == {PREPARING!r}:
        hang("preparing")
def begin(_api, body):
    if body == {SENDING!r}:
        hang("sending")
    return f"p_{{body}}"
posts, accounts = registry["tiktok.post"], registry["tiktok.account"]
posts._prepare_content = prepare
posts._find_problems = posts._request_creator_problems = lambda _post: []
posts._build_post_body = lambda post, _media_token: post.title
accounts._get_access_token = lambda _account, refused="": "act.fake"
accounts._request_open_api = lambda _account, call: call(None)
posting.begin_post = begin
"""

    def setUp(self):
        super().setUp()
        with self.cursor() as env:
            company = env["res.company"].create({"name": "Killed posts"})
            values = {"name": "Killed posts", "company_id": company.id}
            self.company_id, self.account_id = company.id, env["tiktok.account"].create(values).id
        self.addCleanup(self.remove)

    def remove(self):
        """Delete what was committed."""
        with self.cursor() as env:
            posts = env["tiktok.post"].search([("account_id", "=", self.account_id)])
            env["tiktok.job.attempt"]._forget_attempts((SEND_JOB,), posts.ids)
            posts.state = "draft"
            posts.unlink()
            env["tiktok.account"].browse(self.account_id).unlink()
            env["res.company"].browse(self.company_id).unlink()

    def queue(self, *titles):
        """Commit posts that wait to be sent, and return their ids."""
        with self.cursor() as env:
            posts = env["tiktok.post"].create(
                [{"account_id": self.account_id, "title": title} for title in titles]
            )
            posts.state = "queued"
            return posts.ids

    def states(self, post_ids):
        with self.cursor() as env:
            return env["tiktok.post"].browse(post_ids).mapped("state")

    def test_post_that_kills_its_process_lets_the_others_go_first_and_fails(self):
        post_ids = self.queue(PREPARING, "Other")
        self.run_killed("preparing")
        self.assertEqual(self.states(post_ids), ["queued", "queued"])
        self.run_killed("preparing")
        self.assertEqual(self.states(post_ids), ["queued", "processing"])
        with self.cursor() as env:
            env.cr.execute(
                "UPDATE tiktok_job_attempt SET attempts = attempts + 1 WHERE record_id = %s "
                "RETURNING attempts",
                [post_ids[0]],
            )
            self.assertEqual(env.cr.fetchall(), [(MOST,)])
        self.run_finished()
        self.assertEqual(self.states(post_ids), ["failed", "processing"])
        with self.cursor() as env:
            post = env["tiktok.post"].browse(post_ids[0])
            self.assertIn("attempts: 3", post.error)
            self.assertFalse(post.attempt_ids)

    def test_post_that_kills_its_process_after_it_was_sent_is_never_sent_again(self):
        (post_id,) = self.queue(SENDING)
        self.run_killed("sending")
        self.assertEqual(self.states([post_id]), ["processing"])
        with self.cursor() as env:
            env["tiktok.post"].browse(post_id).attempt_id.started_at = "2026-01-01 00:00:00"
        self.run_finished()
        with self.cursor() as env:
            post = env["tiktok.post"].browse(post_id)
            self.assertEqual((post.state, post.needs_confirmation), ("processing", True))
            self.assertEqual(post.attempt_ids.outcome, "unconfirmed")
