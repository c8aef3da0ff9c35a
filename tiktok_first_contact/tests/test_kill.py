"""A first message whose process is killed is sent once: real processes, killed by `kill -9`."""

import time

from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.common import entry, next_uid
from odoo.addons.tiktok_leadgen.tests.worker_common import WorkerCommon

from .. import const

HANG = """
from odoo.addons.tiktok_first_contact.models.message.tiktok_first_message import TiktokFirstMessage
send = TiktokFirstMessage._send_email
def send_and_hang(self):
    send(self)
    self.env.flush_all()
    hang("in the queue")
TiktokFirstMessage._send_email = send_and_hang
"""


@tagged("post_install", "-at_install")
class TestKill(WorkerCommon):
    """The message is neither lost nor sent twice."""

    cron = const.MESSAGE_CRON_XMLID

    def setUp(self):
        super().setUp()
        self.company_id = self.commit_company("Killed message ACME")
        self.addCleanup(self.delete_mails)
        with self.cursor() as env:
            env["res.company"].browse(self.company_id).tiktok_message_email = True
            uid = next_uid()
            answers = {"name": "Kim", "email": f"kim{uid}@example.com"}
            now = int(time.time())
            self.deliver(env, self.company_id, entry(uid, answers=answers, create_time=now))
        with self.cursor() as env:
            env["tiktok.event"]._cron_process()

    def delete_mails(self):
        """Delete what was committed."""
        with self.cursor() as env:
            own = [("company_id", "=", self.company_id)]
            leads = env["crm.lead"].search(own)
            messages = env["tiktok.first.message"].search(own)
            env["tiktok.job.attempt"]._forget_attempts([const.MESSAGE_JOB], messages.ids)
            mails = [("model", "=", "crm.lead"), ("res_id", "in", leads.ids)]
            env["mail.mail"].search(mails).unlink()
            leads.unlink()

    def read_result(self):
        """Return the state of the message, and how many e-mails are in the queue.

        :rtype: tuple[str, int]
        """
        with self.cursor() as env:
            lead = env["crm.lead"].search([("company_id", "=", self.company_id)])
            mails = [("model", "=", "crm.lead"), ("res_id", "in", lead.ids)]
            count = env["mail.mail"].search_count([*mails, ("email_to", "!=", False)])
            return lead.tiktok_first_message_ids.state, count

    def test_killed_twice_is_sent_once(self):
        self.assertEqual(self.read_result(), ("waiting", 0))
        self.preparation = HANG
        for _kill in range(2):
            self.run_killed("in the queue")
            self.assertEqual(self.read_result(), ("waiting", 0))
        self.preparation = ""
        for _run in range(2):
            self.run_finished()
            self.assertEqual(self.read_result(), ("sent", 1))
