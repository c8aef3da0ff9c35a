import logging
import random
import time
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from .. import const
from ..clash import in_savepoints, limit_lock_wait, lock_references, survives_clashes
from ..log_guard import place_of, private
from ..tiktok import payload

_logger = logging.getLogger(__name__)

INSTANT_TRIES = 3  # of a lead that needs what another transaction made meanwhile


class TiktokEvent(models.Model):
    _inherit = "tiktok.event"

    @api.model
    @survives_clashes
    def _cron_process(self):
        """Make leads of what waits, batch after batch, until there is no more work or time.

        There is no state "processing": the row lock is the claim, and one transaction makes the
        leads and marks their events. So a crash at any moment leaves them waiting, never twice.
        """
        began, last_id, blocked_until, has_time = time.monotonic(), 0, 0, True
        if self._has_claims():
            # Odoo holds back a job that was killed three times without progress.
            self.env["ir.cron"]._commit_progress(1)
        while has_time:
            events, attempts = self._claim(last_id), 0
            if not events and not last_id:
                events, attempts = self._claim_interrupted()
            if events:
                last_id = 0 if attempts else events[-1].id
                is_blocked, has_time = self._process_claimed(events, attempts)
                if is_blocked:
                    blocked_until = time.monotonic() + 2 * const.BLOCKED_SECONDS
            elif last_id:
                last_id = 0  # look again for what has a lower id and came, or came free, meanwhile
            else:
                until = min(blocked_until, began + const.LONGEST_LINGER_SECONDS)
                left = max(until, began + const.LINGER_SECONDS) - time.monotonic()
                if left <= 0:
                    break
                # What came right after the wake-up has no wake-up of its own: _notify_scheduler.
                self.env.cr.rollback()  # only a new transaction sees it
                time.sleep(min(const.NAP_SECONDS, left))
        if not has_time or blocked_until > time.monotonic():
            # For what is left. The scheduler gives other jobs their turn, and then would wait for
            # the minute.
            self._wake()

    @api.model
    def _process_claimed(self, events, attempts):
        """Process and commit what was claimed.

        :param events: tiktok.event, locked
        :param int attempts: how many attempts were interrupted, if it is one of those
        :return: whether some are blocked for a moment, and whether there is time for more
        :rtype: tuple[bool, bool]
        """
        with events._counted_attempt():
            if attempts:
                is_blocked = events._process_interrupted(attempts)
            else:
                is_blocked = self._process_batch(events)
            remaining = int(bool(attempts) or len(events) == const.BATCH_SIZE)
            left = self.env["ir.cron"]._commit_progress(len(events), remaining=remaining)
            return is_blocked, bool(left)

    def _process_batch(self, events):
        """Process claimed events, company by company.

        :param events: tiktok.event, locked
        :return: whether some are blocked for a moment
        :rtype: bool
        """
        limit_lock_wait(self.env.cr, const.LOCK_WAIT_MS)
        blocked = []
        with private():
            for company, of_company in events.grouped("company_id").items():
                began, tries = time.monotonic(), of_company.mapped("tries")
                in_savepoints(
                    of_company.with_company(company),
                    lambda some: blocked.append(some._process()),
                    lambda event, error: blocked.append(event._try_later(error)),
                )
                of_company._store_attempts(tries, time.monotonic() - began)
        return any(blocked)

    def _process(self):
        """Make leads of events of one company.

        :return: whether some are blocked for a moment
        :rtype: bool
        :raise Exception: whatever making a lead can raise; the caller's savepoint undoes it
        """
        company = self.company_id
        if not company.active or not company.tiktok_leadgen_enabled:
            self._ignore("company_off" if company.active else "company_archived")
            return False
        no_leads = self.filtered(lambda event: event.kind != payload.KIND_LEAD)
        for event in no_leads:
            event._close_no_lead()
        events = self - no_leads
        events -= events._drop_erased()
        proofs = self.env["tiktok.proof"]._uids(company)
        late = events.filtered(lambda event: proofs.get(event.lead_uid) is False)
        late._ignore("proof")
        events -= late
        if not events:
            return False
        shared = {("res_company", company.id), ("res_users", self.env.uid)}
        if lock_references(self.env.cr, shared) != shared:
            return events._defer()
        pairs = [(event, event._read_lead()) for event in events]
        leads = self.env["crm.lead"]._tiktok_create(company, pairs)
        self._mark_done(leads)
        return (events - self.browse(event.id for event in leads))._defer()

    def _defer(self):
        """Plan the next attempt of events that need a row which another transaction holds.

        That is no fault of theirs and counts as no attempt. Not all come back at the same moment:
        the first of them may need what is held, and those behind it something else.

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

    @api.model
    def _mark_done(self, leads):
        """Write down which lead each event became, in one statement.

        :param dict leads: crm.lead by event
        """
        events = self.browse([event.id for event in leads])
        self.env["crm.lead"].flush_model()
        query = SQL(
            """UPDATE tiktok_event event
                  SET state = 'done', lead_id = made.lead_id, form_id = made.form_id,
                      done_at = clock_timestamp() AT TIME ZONE 'UTC', write_date = %(now)s,
                      error = NULL,
                      tries = tries + 1, next_try_at = NULL,
                      reason = made.reason
                 FROM unnest(%(ids)s::int[], %(leads)s::int[], %(forms)s::int[],
                             %(reasons)s::varchar[]) AS made (id, lead_id, form_id, reason)
                WHERE event.id = made.id""",
            now=self._read_clock(),
            ids=events.ids,
            leads=[lead.id for lead in leads.values()],
            forms=[
                (event.form_id or lead.tiktok_form_id).id or None for event, lead in leads.items()
            ],
            reasons=[event._repeat_reason(lead) for event, lead in leads.items()],
        )
        self.env.cr.execute(query)
        events.invalidate_recordset(flush=False)

    def _close_no_lead(self):
        """Say why there is nothing to make of it."""
        self.ensure_one()
        reason = self.reason or payload.reason(self.kind, self.raw or "")
        if self.kind == payload.KIND_OTHER:
            self._ignore(reason)
        else:
            self._fail(reason)

    def _ignore(self, reason):
        done = {"state": "ignored", "done_at": self._read_clock(), "next_try_at": False}
        self.write({**done, "reason": reason})

    # === WHEN IT GOES WRONG === #

    def _try_later(self, error):
        """Plan the next try, or give up after the last one.

        :param Exception error: what happened; its text is shown only if it is meant for people
        :return: whether it is due in a moment, for it only waited for a lock
        :rtype: bool
        """
        self.ensure_one()
        if isinstance(error, psycopg2.errors.LockNotAvailable):
            return self._defer()
        sentence = self._describe(error)
        tries = self.tries + 1
        _logger.warning("TikTok event %s: try %s failed: %s", self.id, tries, place_of(error))
        self._note(sentence)
        self.tries = tries
        if tries >= const.MAX_TRIES:
            self._fail("error", sentence)
            return False
        self.write(
            {
                "error": sentence,
                "reason": "error",
                "next_try_at": self._read_clock() + self._wait(tries, error),
            }
        )
        return False

    @api.model
    def _wait(self, tries, error=None):
        """Return how long to wait after so many tries: growing, with jitter.

        Two jobs may meet a form or a campaign first at the same moment, and both make it: whoever
        came second finds it at once.

        :rtype: timedelta
        """
        if isinstance(error, psycopg2.errors.UniqueViolation) and tries <= INSTANT_TRIES:
            return timedelta(0)
        seconds = min(const.FIRST_RETRY_SECONDS * 3 ** (tries - 1), const.LONGEST_RETRY_SECONDS)
        return timedelta(seconds=seconds * random.uniform(0.9, 1.1))  # noqa: S311 - not a secret

    @api.model
    def _describe(self, error):
        """Return a sentence about an error that holds nothing of the lead.

        Odoo's own errors for people may quote a value, so they are shortened to what they are
        about; any other error is named only.
        """
        if isinstance(error, (UserError, ValidationError)):
            return self.env._("Odoo refused the lead: a rule of your CRM was not met.")
        if isinstance(error, psycopg2.Error):
            column = getattr(error.diag, "column_name", None) or getattr(
                error.diag, "constraint_name", None
            )
            return self.env._("The database refused the lead (%s).", column or error.pgcode or "")
        return self.env._("The lead could not be made (%s).", type(error).__name__)

    def _note(self, sentence):
        line = f"{fields.Datetime.to_string(self._read_clock())} UTC: {sentence}"
        self.history = "\n".join(filter(None, [self.history, line]))

    def _fail(self, reason, sentence=False):
        """Give up and tell a person, once per company and day."""
        self.ensure_one()
        self.write(
            {
                "state": "failed",
                "reason": reason,
                "error": sentence,
                "done_at": self._read_clock(),
                "next_try_at": False,
            }
        )
        self.company_id._tiktok_tell(*self._failure())

    def _failure(self):
        """Return what a person is told when one failed for good: what it is about, what to do.

        :rtype: tuple[str, str]
        """
        return (
            self.env._("TikTok leads that failed"),
            self.env._(
                "Open CRM → Integrations → TikTok → Events, filter Failed: each says why. Mend it "
                "and press Replay; nothing is lost."
            ),
        )
