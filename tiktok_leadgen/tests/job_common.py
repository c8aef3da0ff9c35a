"""Scheduled actions, and what they do with each record."""

from .. import const
from ..concurrency import UnfinishedError
from ..tiktok import client
from .fake_business_api import BusinessCommon


class RecordsCommon(BusinessCommon):
    """Runs scheduled actions and looks at what they do with two records."""

    def run_cron(self, xmlid):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(xmlid).method_direct_trigger()
        self.env.invalidate_all()

    def triggers(self, xmlid):
        """Return when an action runs again, and delete that."""
        cron = self.env.ref(xmlid)
        found = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        times = found.mapped("call_at")
        found.unlink()
        return times

    def interrupt(self, job, record, attempts):
        """Leave behind what attempts do whose process was killed."""
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO tiktok_job_attempt (job, record_id, attempts, started_at)
               VALUES (%s, %s, %s, now())
                   ON CONFLICT (job, record_id) DO UPDATE SET attempts = EXCLUDED.attempts""",
            [job, record.id, attempts],
        )

    def spy(self, model, method):
        """Have the work of each record end unfinished.

        :return: ids of the records that were worked on, and the seconds their calls had
        """
        seen, seconds = [], []

        def work(record, *args):
            seen.append((args or (record,))[0].id)
            seconds.append(client.seconds_left(10 * const.RECORD_SECONDS))
            raise UnfinishedError

        self.patch(type(self.env[model]), method, work)
        return seen, seconds
