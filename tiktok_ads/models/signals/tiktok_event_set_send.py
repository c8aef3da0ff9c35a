import logging

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

from odoo.addons.tiktok_leadgen.concurrency import (
    InterruptedAttemptsError,
    commit_progress,
    process_each,
    retry_on_serialization_failure,
)
from odoo.addons.tiktok_leadgen.job_time import backoff, find_task_seconds, read_clock
from odoo.addons.tiktok_leadgen.log_filters import describe_error
from odoo.addons.tiktok_leadgen.tiktok import client
from odoo.addons.tiktok_leadgen.tiktok.errors import TiktokError, WrongRequestError

from ...tiktok import crm_event
from .tiktok_crm_event import SEND_CRON

_logger = logging.getLogger(__name__)
JOB = "tiktok.event.set.send"  # whose interrupted attempts are counted
BATCH_SECONDS = 60  # for all requests of one batch
FIRST_WAIT, LONGEST_WAIT = 60, 6 * 3600  # seconds
READ_FIELDS = (
    *("company_id", "tiktok_form_id", "email_normalized", "phone_sanitized"),
    *("tiktok_is_test", "tiktok_ads_objection", "tiktok_consent"),
)


class TiktokEventSet(models.Model):
    """The queue of an event set: batch after batch, in the order in which things happened.

    A batch is marked after TikTok accepted it. Where the process ends in between, the same events
    are sent again with the same IDs, and TikTok counts each of them once.
    """

    _inherit = "tiktok.event.set"

    # === SCHEDULED ACTIONS === #

    @api.model
    @retry_on_serialization_failure
    def _cron_send_events(self):
        """Send a batch of each event set that has waiting events."""
        event_sets = self.search(self._due_domain())
        process_each(
            event_sets,
            lambda event_set: event_set._send_next_batch(),
            lambda event_set, error: event_set._handle_send_error(error),
            job=JOB,
        )
        self._plan_next_run()

    @api.model
    def _due_domain(self):
        """Return which event sets have events to send now.

        :rtype: Domain
        """
        now = read_clock(self.env)
        due = Domain("next_try_at", "=", False) | Domain("next_try_at", "<=", now)
        return due & self._waiting_domain()

    @api.model
    def _waiting_domain(self):
        waiting = Domain("event_ids", "any", [("state", "=", "pending")])
        return Domain("event_set_uid", "!=", False) & waiting

    @api.model
    def _plan_next_run(self):
        """Trigger the job for the next attempt of the event set that is due first."""
        later = Domain("next_try_at", ">", read_clock(self.env)) & self._waiting_domain()
        first = self.search(later, order="next_try_at", limit=1)
        if first:
            self.env["ir.cron"]._tiktok_trigger_job(SEND_CRON, first.next_try_at)

    # === ONE BATCH === #

    def _send_next_batch(self):
        """Send the oldest waiting events; what was decided stays, however the batch ends."""
        self.ensure_one()
        domain = [("event_set_id", "=", self.id), ("state", "=", "pending")]
        waiting = self.env["tiktok.crm.event"].search(
            domain, order="id", limit=crm_event.MAX_EVENTS
        )
        if len(waiting) == crm_event.MAX_EVENTS:  # there may be more
            self.env["ir.cron"]._tiktok_trigger_job(SEND_CRON)
        events = waiting.try_lock_for_update()
        events.lead_id.fetch(READ_FIELDS)
        events = events._filter_sendable()
        if not events:
            return
        contents = {event: event._build_lead_event() for event in events}
        # No row is held during calls to TikTok: a lead that is deleted or merged waits for none.
        self.env.flush_all()
        if self.env.context.get("ir_cron_progress_id"):
            commit_progress(self.env, processed=0)
        try:
            with client.deadline(find_task_seconds(BATCH_SECONDS)):
                self._send_events(self._get_event_client(), contents)
        except TiktokError as error:
            self._plan_retry(error)
            return
        if self.problem or self.attempt_count or not self.checked_at:
            self.write({**self._get_success_values(), "checked_at": read_clock(self.env)})

    @api.model
    def _get_success_values(self):
        return {
            **dict.fromkeys(("problem", "problem_message", "next_try_at"), False),
            "attempt_count": 0,
        }

    def _send_events(self, business, contents, is_checked=False):
        """Send events; if TikTok refuses the request, each half of them, down to the bad event.

        :param BusinessClient business: of this event set
        :param dict contents: `crm_event.LeadEvent` by tiktok.crm.event, the oldest first
        :param bool is_checked: whether token and event set are known to be right
        :raise TiktokError: if it is not about an event
        """
        events = self.env["tiktok.crm.event"].concat(*contents)
        try:
            crm_event.send_events(
                business,
                self.event_set_uid,
                self.source,
                list(contents.values()),
                self.test_code or "",
            )
        except WrongRequestError as error:
            if crm_event.is_token_refusal(error):
                raise
            if not is_checked:
                self._probe_connection()
            if len(events) == 1:
                events._mark_refused(error.words or str(error.code))
                return
            halves = split_every(len(contents) // 2 + len(contents) % 2, contents.items(), dict)
            for half in halves:
                self._send_events(business, half, is_checked=True)
        else:
            events._mark_sent(bool(self.test_code))

    def _plan_retry(self, error):
        """Store why events wait, and plan the next attempt.

        :param TiktokError error: of the batch
        """
        attempts = self.attempt_count + 1
        wait = backoff(attempts, FIRST_WAIT, LONGEST_WAIT, getattr(error, "retry_after", None))
        self._store_problem(error)
        self.write({"attempt_count": attempts, "next_try_at": read_clock(self.env) + wait})
        _logger.info("TikTok event set %s: %s %s", self.id, type(error).__name__, error.code)

    def _handle_send_error(self, error):
        """Plan the next attempt after an error of ours.

        :param Exception error: of the batch
        """
        problem = "interrupted" if isinstance(error, InterruptedAttemptsError) else "error"
        if problem == "error":
            _logger.error("TikTok event set %s: %s", self.id, describe_error(error))
        attempts = self.attempt_count + 1
        wait = backoff(attempts, FIRST_WAIT, LONGEST_WAIT)
        self.write(
            {
                "problem": problem,
                "problem_message": False,
                "attempt_count": attempts,
                "next_try_at": read_clock(self.env) + wait,
            }
        )
