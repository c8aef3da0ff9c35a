import logging
import random
import time
from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ... import const, event_claims
from ...concurrency import process_with_bisection, retry_on_serialization_failure
from ...lead_import_undo import MADE_DIGEST
from ...live_updates import notify_pages
from ...locks import limit_lock_wait, lock_references
from ...log_filters import describe_error, private
from ...person_lookup import is_found_by_lead
from ...reader_language import in_reader_language
from ...tiktok import payload

_logger = logging.getLogger(__name__)

IMMEDIATE_RETRIES = 3  # of a lead that needs what another transaction created meanwhile
REPEATS = ("noted", "reopened")


class TiktokEvent(models.Model):
    """The job: claim deliveries, process them, and plan the next attempt or give up."""

    _inherit = "tiktok.event"

    @api.model
    @retry_on_serialization_failure
    def _cron_process(self):
        """Process what waits, batch after batch, until there is nothing left or the time is over.

        There is no state "processing": the row lock is the claim, and one transaction creates the
        leads and marks their events. So a crash at any moment leaves them waiting, never twice.
        """
        began, last_id, blocked_until, has_time = time.monotonic(), 0, 0, True
        if self.env["tiktok.job.attempt"]._find_interrupted(event_claims.JOB):
            # Odoo holds back a job that was killed three times without progress.
            self.env["ir.cron"]._commit_progress(1)
        while has_time:
            events, attempts = event_claims.claim_next(self.env, last_id)
            if events:
                is_of_file = events[-1].source in const.FILE_SOURCES
                last_id = 0 if attempts or is_of_file else events[-1].id
                is_blocked, has_time = self._process_claimed(events, attempts)
                if is_blocked:
                    blocked_until = time.monotonic() + 2 * const.BLOCKED_SECONDS
            elif last_id:
                last_id = 0  # look again for what has a lower id and was stored or freed meanwhile
            else:
                until = min(blocked_until, began + const.LONGEST_LINGER_SECONDS)
                left = max(until, began + const.LINGER_SECONDS) - time.monotonic()
                if left <= 0:
                    break
                # What was stored right after the wake-up has none of its own: _notify_scheduler.
                self.env.cr.rollback()  # only a new transaction sees it
                time.sleep(min(const.NAP_SECONDS, left))
        if not has_time or blocked_until > time.monotonic():
            # The scheduler runs other jobs first, and then would wait for the minute.
            self._trigger_job()

    @api.model
    def _process_claimed(self, events, attempts):
        """Process and commit what was claimed.

        :param events: tiktok.event, locked
        :param int attempts: how many attempts were interrupted, if it is one of those
        :return: whether some are blocked for a moment, and whether there is time for more
        :rtype: tuple[bool, bool]
        """
        with event_claims.count_attempt(events):
            limit_lock_wait(self.env.cr, const.LOCK_WAIT_MS)  # also for who is notified
            if attempts:
                is_blocked = events._process_interrupted(attempts)
            else:
                is_blocked = self._process_batch(events)
            remaining = int(bool(attempts) or len(events) == const.BATCH_SIZE)
            left = self.env["ir.cron"]._commit_progress(len(events), remaining=remaining)
            return is_blocked, bool(left)

    def _process_interrupted(self, attempts):
        """Process one event alone, or give it up after the last attempt.

        :param int attempts: how many were interrupted so far
        :return: whether it is blocked for a moment
        :rtype: bool
        """
        self.ensure_one()
        sentence = in_reader_language(self).env._(
            "Odoo stopped while processing this delivery (attempts: %s). It takes too long or too "
            "much memory.",
            attempts,
        )
        self._add_to_history(sentence)
        before = self.attempt_count
        self.attempt_count = before + attempts
        if attempts < const.MAX_INTERRUPTED_ATTEMPTS:
            return self._process_batch(self)
        self._mark_failed("interrupted", sentence)
        self.env["tiktok.event.attempt"]._store_attempts(self, [before], 0)
        return False

    @api.model
    def _process_batch(self, events, lock_wait_ms=None):
        """Process claimed events, company by company.

        :param events: tiktok.event, locked
        :param int lock_wait_ms: how long a statement waits for a locked row, not the job's time
        :return: whether some are blocked for a moment
        :rtype: bool
        """
        limit_lock_wait(self.env.cr, lock_wait_ms or const.LOCK_WAIT_MS)
        blocked = []
        with private():
            for company, of_company in events.grouped("company_id").items():
                began, counts = time.monotonic(), of_company.mapped("attempt_count")
                process_with_bisection(
                    of_company.with_company(company),
                    lambda some: blocked.append(some._process_events()),
                    lambda event, error: blocked.append(event._plan_retry(error)),
                )
                self.env["tiktok.event.attempt"]._store_attempts(
                    of_company, counts, time.monotonic() - began
                )
                notify_pages(company)
        return any(blocked)

    def _process_events(self):
        """Process events of one company, each by what it is.

        :return: whether some are blocked for a moment
        :rtype: bool
        :raise Exception: whatever creating a lead can raise; the caller's savepoint undoes it
        """
        developer_events = self.filtered(lambda event: event._is_developer_event())
        for event in developer_events:
            self.env["tiktok.developer.event"]._process_event(event)
        events, company = self - developer_events, self.company_id
        if not company.active or not company.tiktok_leadgen_enabled:
            events._mark_ignored("company_off" if company.active else "company_archived")
            return False
        leads = events.filtered(lambda event: event.kind == payload.KIND_LEAD)
        for event in events - leads:
            event._close_unusable()
        return leads._process_leads() if leads else False

    def _close_unusable(self):
        """Close an event that is no lead, with the reason."""
        self.ensure_one()
        reason = self.reason or payload.find_reason(self.kind, self.raw or "")
        if self.env["tiktok.relay.mapping"]._process_event(self, reason):
            return
        if self.kind == payload.KIND_OTHER:
            self._mark_ignored(reason)
        else:
            self._mark_failed(reason)

    def _process_leads(self):
        """Create or merge the leads of events of one company.

        :return: whether some are blocked for a moment
        :rtype: bool
        """
        company = self.company_id
        events = self - self.env["tiktok.privacy"]._erase_repeated_events(self)
        # The lead of a connection test that is over.
        tests = self.env["tiktok.connection.test"]._find_lead_uids(company)
        deleted = events.filtered(lambda event: tests.get(event.lead_uid) is False)
        deleted._mark_ignored("connection_test")
        events -= deleted
        if not events:
            return False
        shared = {("res_company", company.id), ("res_users", self.env.uid)}
        if lock_references(self.env.cr, shared) != shared:
            return events._defer_blocked()
        pairs = [(event, event._read_lead()) for event in events]
        leads = self.env["crm.lead"]._tiktok_create_or_merge(company, pairs)
        self._mark_done(leads, dict(pairs))
        return (events - self.browse(event.id for event in leads))._defer_blocked()

    # === OUTCOMES === #

    @api.model
    def _mark_done(self, leads, parsed):
        """Store which lead each event became, in one statement.

        :param dict leads: crm.lead by event
        :param dict parsed: `tiktok.lead.ParsedLead` by event
        """
        events = self.browse([event.id for event in leads])
        self.env["crm.lead"].flush_model()
        query = SQL(
            """UPDATE tiktok_event event
                  SET state = 'done', lead_id = made.lead_id, form_id = made.form_id,
                      done_at = clock_timestamp() AT TIME ZONE 'UTC', write_date = %(now)s,
                      error = NULL, import_digest = %(digest)s,
                      attempt_count = attempt_count + 1, next_try_at = NULL,
                      reason = made.reason, found_by_lead = made.found
                 FROM unnest(%(ids)s::int[], %(leads)s::int[], %(forms)s::int[],
                             %(reasons)s::varchar[], %(found)s::boolean[])
                      AS made (id, lead_id, form_id, reason, found)
                WHERE event.id = made.id""",
            now=self._read_clock(),
            digest=MADE_DIGEST if events.import_id else SQL("import_digest"),
            ids=events.ids,
            leads=[lead.id for lead in leads.values()],
            forms=[(e.form_id or lead.tiktok_form_id).id or None for e, lead in leads.items()],
            reasons=[event._get_repeat_reason(lead) for event, lead in leads.items()],
            found=[is_found_by_lead(e, lead, parsed[e].answers) for e, lead in leads.items()],
        )
        self.env.cr.execute(query)
        events.invalidate_recordset(flush=False)

    def _get_repeat_reason(self, lead):
        """Return why it has no lead of its own, or None if it has.

        :param lead: crm.lead
        :rtype: str | None
        """
        self.ensure_one()
        if lead.tiktok_event_id == self:
            return None
        return self.reason if self.reason in REPEATS else "repeated"

    def _mark_ignored(self, reason):
        """Close events for which nothing has to be done.

        :param str reason: one of const.REASONS
        """
        closed = {"state": "ignored", "done_at": self._read_clock(), "next_try_at": False}
        self.write({**closed, "reason": reason})

    def _mark_failed(self, reason, sentence=False):
        """Give up and notify the responsible user, once per company and day.

        :param str reason: one of const.REASONS
        :param str sentence: what happened, False if the reason says it
        """
        self.ensure_one()
        closed = {"state": "failed", "done_at": self._read_clock(), "next_try_at": False}
        self.write({**closed, "reason": reason, "error": sentence})
        self.company_id._tiktok_notify_responsible(*in_reader_language(self)._describe_failure())

    def _defer_blocked(self):
        """Plan the next attempt of events that need a row which another transaction holds.

        That is no fault of theirs and counts as no attempt. Not all are due at the same moment: the
        first of them may need what is held, and those behind it something else.

        :return: whether some are due in a moment
        :rtype: bool
        """
        if not self:
            return False
        query = SQL(
            """UPDATE tiktok_event event
                  SET next_try_at = clock + interval '1 second' * (0.5 + random()) *
                          CASE WHEN is_young THEN %(soon)s ELSE %(later)s END
                 FROM (SELECT id, clock, received_at > clock - interval '1 second' * %(young)s
                              AS is_young
                         FROM tiktok_event,
                              (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS clock) AS moment
                        WHERE id = ANY(%(ids)s)) AS blocked
                WHERE event.id = blocked.id RETURNING is_young""",
            soon=const.BLOCKED_SECONDS,
            later=const.LONG_BLOCKED_SECONDS,
            young=const.YOUNG_SECONDS,
            ids=self.ids,
        )
        rows = self.env.execute_query(query)
        self.invalidate_recordset(["next_try_at"], flush=False)
        _logger.info("TikTok events wait for rows that are locked: %s", len(self))
        return any(is_young for (is_young,) in rows)

    def _plan_retry(self, error):
        """Plan the next attempt, or give up after the last one.

        :param Exception error: what happened; its text is shown only if it is meant for users
        :return: whether it is due in a moment, for it only waited for a lock
        :rtype: bool
        """
        self.ensure_one()
        if isinstance(error, psycopg2.errors.LockNotAvailable):
            return self._defer_blocked()
        sentence = in_reader_language(self)._describe_error(error)
        count, cause = self.attempt_count + 1, describe_error(error)
        _logger.warning("TikTok event %s: attempt %s failed: %s", self.id, count, cause)
        self._add_to_history(sentence)
        self.attempt_count = count
        if count >= const.MAX_ATTEMPTS:
            self._mark_failed("error", sentence)
        else:
            at = self._read_clock() + self._get_retry_delay(count, error)
            self.write({"error": sentence, "reason": "error", "next_try_at": at})
        return False

    @api.model
    def _get_retry_delay(self, attempts, error=None):
        """Return how long to wait before the next attempt: growing, with jitter.

        Two jobs may meet a form or a campaign first at the same moment, and both create it: the
        second one finds it immediately.

        :param int attempts: how many failed
        :param Exception error: what happened at the last one
        :rtype: timedelta
        """
        if isinstance(error, psycopg2.errors.UniqueViolation) and attempts <= IMMEDIATE_RETRIES:
            return timedelta(0)
        seconds = min(const.FIRST_RETRY_SECONDS * 3 ** (attempts - 1), const.LONGEST_RETRY_SECONDS)
        return timedelta(seconds=seconds * random.uniform(0.9, 1.1))  # noqa: S311 - not a secret

    def _describe_error(self, error):
        """Return a sentence about an error that holds nothing of the lead.

        Odoo's own errors for users may quote a value, so they are shortened to what they are
        about; any other error is named only.

        :param Exception error: of an attempt
        :rtype: str
        """
        if self._is_developer_event():
            return self.env["tiktok.developer.event"]._describe_error(error)
        if isinstance(error, (UserError, ValidationError)):
            return self.env._("Odoo rejected the lead: a rule of your CRM was not met.")
        if isinstance(error, psycopg2.Error):
            diag = error.diag
            column = getattr(diag, "column_name", None) or getattr(diag, "constraint_name", None)
            return self.env._("The database rejected the lead (%s).", column or error.pgcode or "")
        return self.env._("The lead could not be created (%s).", type(error).__name__)

    def _describe_failure(self):
        """Return what the responsible user reads: what it is about, what to do.

        :rtype: tuple[str, str]
        """
        if self._is_developer_event():
            return self.env["tiktok.developer.event"]._describe_failure()
        return (
            self.env._("TikTok leads that failed"),
            self.env._(
                "Open TikTok → Leads → Deliveries and filter by Failed: each delivery "
                "shows its reason. Fix it and click Replay; no lead is lost."
            ),
        )
