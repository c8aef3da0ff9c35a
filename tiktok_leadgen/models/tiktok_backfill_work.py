import logging
import time
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import const
from ..clash import CONCURRENCY_ERRORS, survives_clashes
from ..log_guard import place_of, private
from ..tiktok.errors import (
    NotAllowedError,
    NotUnderstoodError,
    ReconnectError,
    RetryLaterError,
    SealError,
    TiktokError,
)
from ..tiktok.export import gone
from .tiktok_backfill import OPEN

_logger = logging.getLogger(__name__)

FIRST_WAIT_SECONDS = 15
LONGEST_WAIT_SECONDS = 1800
MAX_WAITS = 12  # with growing waits: about four hours
LONGEST_WAIT_FOR_FORMS = timedelta(minutes=5)
NAP_SECONDS = 0.5
LONGEST_NAP_SECONDS = 5


class TiktokBackfill(models.Model):
    """Goes through open comparisons step by step; after each step all is on disk."""

    _inherit = "tiktok.backfill"

    @api.model
    @survives_clashes
    def _cron_compare(self):
        """Begin the comparison of every connected ad account, unless somebody stopped its leads."""
        wanted = [("state", "=", "connected"), ("is_stopped", "=", False)]
        self._ask(self.env["tiktok.advertiser"].search(wanted))

    @api.model
    @survives_clashes
    def _cron_work(self):
        """Go on with what is open, until all waits or the time of this run is over."""
        while run := self._next():
            run._step_alone()
            try:
                self.env.invalidate_all()  # writes what is left: the watchdog may write there, too
                left = self.env["ir.cron"]._commit_progress(1, remaining=self._count_open())
            except CONCURRENCY_ERRORS:
                self.env.cr.rollback()
                left = self.env["ir.cron"]._commit_progress(1, remaining=1)
            if not left:
                break
        # However this run ends, such as after a download that took all of its time.
        self._wake_later()

    @api.model
    def _due_domain(self):
        """Return which comparisons can go on.

        Whoever connects an ad account asks for its forms too. Two that list the same new forms at
        once would get in each other's way, so a comparison waits for them, though not for ever.
        """
        now = fields.Datetime.now()
        due = Domain("next_at", "=", False) | Domain("next_at", "<=", now)
        listed = Domain("advertiser_id.sync_requested", "=", False)
        late = Domain("create_date", "<", now - LONGEST_WAIT_FOR_FORMS)
        return due & (
            Domain("state", "=", "running") | (Domain("state", "=", "waiting") & (listed | late))
        )

    @api.model
    def _next(self):
        """Return the open comparison that was not worked on for the longest.

        :rtype: tiktok.backfill
        """
        return self.search(self._due_domain(), order="next_at nulls first, id", limit=1)

    @api.model
    def _count_open(self):
        return self.search_count(self._due_domain())

    @api.model
    def _wake_later(self):
        """Trigger the job for the time when the first open comparison is due again."""
        runs = self.search([("state", "in", OPEN)])
        if runs:
            self._wake(min(run.next_at or run._latest_start() for run in runs))

    def _latest_start(self):
        """Return when a comparison goes on that waits for no moment, at the latest.

        :rtype: datetime
        """
        if self.state == "waiting":
            return self.create_date + LONGEST_WAIT_FOR_FORMS
        return fields.Datetime.now()

    # === ONE STEP === #

    def _step_alone(self):
        """Do one step; whatever happens there, the other comparisons go on."""
        self.ensure_one()
        part = self.env["tiktok.backfill.part"]
        try:
            if self.advertiser_id.state != "connected":
                raise ReconnectError("The ad account is not connected.", "ads_not_connected")
            if self.state == "waiting":
                self._make_parts()
                return
            part = self._next_part()
            if not part:
                self._finish()
                return
            part._step()
            if self.error or self.tries:
                self.write({"error": False, "tries": 0})
        except CONCURRENCY_ERRORS:
            self.env.cr.rollback()  # somebody else wrote to it, such as who cancelled it
        except Exception as error:  # noqa: BLE001 - sorted right there
            self.env.cr.rollback()
            with private():
                self._sort(part, error)

    def _next_part(self):
        """Return the export to go on with: a file that is here first, for it must not grow old.

        :rtype: tiktok.backfill.part
        """
        parts = self.env["tiktok.backfill.part"]
        mine = [("backfill_id", "=", self.id)]
        reading = parts.search([*mine, ("state", "=", "reading")], limit=1)
        if reading:
            return reading
        exporting = parts.search([*mine, ("state", "=", "exporting")], order="look_at, id")
        if exporting and exporting[0].look_at <= fields.Datetime.now():
            return exporting[0]
        if len(exporting) < const.EXPORTS_AT_ONCE:
            waiting = parts.search([*mine, ("state", "=", "waiting")], order="waits, id", limit=1)
            return waiting or exporting[:1]
        return exporting[:1]

    def _sort(self, part, error):
        """Write down what an error means: wait, have the file made anew, leave it out, or stop.

        :param part: tiktok.backfill.part it happened to, empty if to none
        :param Exception error: what was raised
        """
        sentence = self._explain(error)
        if isinstance(error, (RetryLaterError, psycopg2.errors.UniqueViolation)):
            self._wait(part, error, sentence)  # the latter: somebody made the same at that moment
        elif isinstance(error, NotAllowedError) and part.form_id.library_uid:
            part._give_up(sentence)  # a library has rights of its own
        elif isinstance(error, (ReconnectError, NotAllowedError, SealError)):
            self._end("failed", sentence)  # the same for every export
            if isinstance(error, ReconnectError):
                self.advertiser_id._lose("taken")
        elif part and isinstance(error, TiktokError) and gone(error):
            part._try_again(sentence)
        elif isinstance(error, NotUnderstoodError) and error.code != "no_header":
            self._wait(part, error, sentence)
        elif part:
            part._give_up(sentence)
        else:
            self._end("failed", sentence)

    def _wait(self, part, error, sentence):
        """Go on later; after many times in vain, leave the export out.

        :param error: of which `retry_after` counts
        """
        tries = self.tries + 1
        if tries > (MAX_WAITS if isinstance(error, RetryLaterError) else const.EXPORT_TRIES):
            if part:
                part._give_up(sentence)
                self.write({"tries": 0, "error": False})
            else:
                self._end("failed", sentence)
            return
        asked = getattr(error, "retry_after", None) or 0
        seconds = max(asked, min(FIRST_WAIT_SECONDS * 2 ** (tries - 1), LONGEST_WAIT_SECONDS))
        again = fields.Datetime.now() + timedelta(seconds=seconds)
        self.write({"tries": tries, "next_at": again, "error": sentence})
        if part:
            part._stand_back(again)

    def _explain(self, error):
        """Return a sentence for a person; a fault of ours is named, and its place logged."""
        if isinstance(error, (TiktokError, UserError)):
            return self.advertiser_id._explain(error)
        if isinstance(error, psycopg2.errors.UniqueViolation):
            return self.env._("Something else in Odoo did the same. It is tried again.")
        _logger.warning("TikTok comparison %s: %s", self.id, place_of(error))
        kind = type(error).__name__
        return self.env._("It could not go on (%s). Tell whoever looks after your Odoo.", kind)

    def _finish(self):
        """Close it when nothing is left to do."""
        failed = self.part_ids.filtered(lambda part: part.state == "failed")
        self.advertiser_id.ledger_at = fields.Datetime.now()
        if not failed:
            self._end("done")
            return
        self._end(
            "failed",
            self.env._(
                "Exports that failed: %(failed)s of %(all)s. %(why)s",
                failed=len(failed),
                all=len(self.part_ids),
                why=failed[0].error or "",
            ),
        )


class TiktokBackfillPart(models.Model):
    _inherit = "tiktok.backfill.part"

    def _step(self):
        """Do the next step of one export.

        :raise TiktokError: as TikTok refuses
        """
        self.ensure_one()
        # No transaction is open while TikTok is asked: a cancel must not wait for it.
        self.env.flush_all()
        if self.state == "waiting":
            self._begin()
        elif self.state == "reading":
            self._read_file()
        else:
            self._look_in_time()

    def _look_in_time(self):
        """Ask how far it is when it is time to; a long wait is left to the scheduler."""
        left = (self.look_at - fields.Datetime.now()).total_seconds()
        if left <= 0:
            self._look()
        elif left <= LONGEST_NAP_SECONDS:
            time.sleep(min(left, NAP_SECONDS))
        else:
            self.backfill_id.next_at = self.look_at
