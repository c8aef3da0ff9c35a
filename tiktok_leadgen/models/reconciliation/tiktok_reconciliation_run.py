import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import const
from ...concurrency import (
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
    InterruptedAttemptsError,
    retry_on_serialization_failure,
)
from ...log_filters import describe_error, private
from ...tiktok.errors import (
    NotAllowedError,
    ReconnectError,
    RetryLaterError,
    SealError,
    TiktokError,
    UnparsableAnswerError,
)
from ...tiktok.export import is_export_gone
from .tiktok_reconciliation import JOB, OPEN

_logger = logging.getLogger(__name__)

FIRST_WAIT_SECONDS = 15
LONGEST_WAIT_SECONDS = 1800
MAX_WAITS = 12  # with growing waits: about four hours
LONGEST_WAIT_FOR_FORMS = timedelta(minutes=5)


class TiktokReconciliation(models.Model):
    """The jobs: open reconciliations are continued step by step; after each step all is on disk.

    Each step is counted before it begins. What was interrupted with its process comes after what
    was not, and fails after some attempts.
    """

    _inherit = "tiktok.reconciliation"

    @api.model
    @retry_on_serialization_failure
    def _cron_start_reconciliations(self):
        """Start a reconciliation of each connected ad account whose leads are not stopped."""
        receiving = [("state", "=", "connected"), ("is_stopped", "=", False)]
        self._start_for_advertisers(self.env["tiktok.advertiser"].search(receiving))

    @api.model
    @retry_on_serialization_failure
    def _cron_continue_reconciliations(self):
        """Continue open reconciliations until all wait or the time of this run is over."""
        if self._find_interrupted():
            # Odoo holds back a job that was killed three times without progress.
            self.env["ir.cron"]._commit_progress(1)
        while run := self._find_next_reconciliation():
            run._run_step()
            try:
                self.env.invalidate_all()  # flushes, which can conflict with the watchdog
                left = self.env["ir.cron"]._commit_progress(1, remaining=self._count_due())
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                left = self.env["ir.cron"]._commit_progress(1, remaining=1)
            if not left:
                break
        # However this run ends, such as after a download that took all of its time.
        self._plan_next_run()

    @api.model
    def _due_domain(self):
        """Return the domain of reconciliations that can continue.

        Connecting an ad account lists its forms too. Two processes that list the same new forms
        conflict, so a reconciliation waits for the other one, up to a limit.

        :rtype: Domain
        """
        now = fields.Datetime.now()
        due = Domain("next_at", "=", False) | Domain("next_at", "<=", now)
        listed = Domain("advertiser_id.sync_requested", "=", False)
        late = Domain("create_date", "<", now - LONGEST_WAIT_FOR_FORMS)
        return due & (
            Domain("state", "=", "running") | (Domain("state", "=", "waiting") & (listed | late))
        )

    @api.model
    def _find_next_reconciliation(self):
        """Return the due reconciliation that waits for the longest, interrupted ones last.

        :rtype: tiktok.reconciliation
        """
        order = "next_at nulls first, id"
        uninterrupted = Domain("id", "not in", self._find_interrupted().ids)
        found = self.search(self._due_domain() & uninterrupted, order=order, limit=1)
        return found or self.search(self._due_domain(), order=order, limit=1)

    @api.model
    def _find_interrupted(self):
        """Return the reconciliations of which a step was interrupted with its process.

        :rtype: tiktok.reconciliation
        """
        run_ids = list(self.env["tiktok.job.attempt"]._find_interrupted(JOB))
        exports = self.env["tiktok.reconciliation.export"]._find_interrupted_exports()
        return self.browse(run_ids).exists() | exports.reconciliation_id

    @api.model
    def _count_due(self):
        return self.search_count(self._due_domain())

    @api.model
    def _plan_next_run(self):
        """Trigger the job for the time when the first open reconciliation is due again."""
        runs = self.search([("state", "in", OPEN)])
        if runs:
            self._trigger_job(min(run.next_at or run._find_latest_start() for run in runs))

    def _find_latest_start(self):
        """Return when a reconciliation without a planned time continues at the latest.

        :rtype: datetime
        """
        if self.state == "waiting":
            return self.create_date + LONGEST_WAIT_FOR_FORMS
        return fields.Datetime.now()

    # === ONE STEP === #

    def _run_step(self):
        """Do one step; whatever happens there, the other reconciliations continue."""
        self.ensure_one()
        export = self.env["tiktok.reconciliation.export"]
        try:
            if self.advertiser_id.state != "connected":
                raise ReconnectError("The ad account is not connected.", "ads_not_connected")
            if self.state == "waiting":
                with self.env["tiktok.job.attempt"]._limit_attempts(JOB, self.id):
                    self._create_exports()
                    self.env.flush_all()
                return
            export = self._find_next_export()
            if not export:
                self._finish_reconciliation()
                return
            export._run_step()
            if self.error or self.attempt_count:
                self.write({"error": False, "attempt_count": 0})
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()  # another transaction changed it, such as a cancellation
        except Exception as error:  # noqa: BLE001 - `_handle_error` distinguishes them
            self.env.cr.rollback()
            with private():
                self._handle_error(export, error)

    def _find_next_export(self):
        """Return the export to continue: a downloaded file first, interrupted ones last.

        :rtype: tiktok.reconciliation.export
        """
        exports = self.env["tiktok.reconciliation.export"]
        own = [("reconciliation_id", "=", self.id)]
        interrupted = exports._find_interrupted_exports() & self.export_ids
        others = [*own, ("id", "not in", interrupted.ids)]
        reading = exports.search([*others, ("state", "=", "reading")], limit=1)
        if reading:
            return reading
        exporting = exports.search(
            [*others, ("state", "=", "exporting")], order="next_request_at, id"
        )
        if exporting and exporting[0].next_request_at <= fields.Datetime.now():
            return exporting[0]
        if len(exporting) < const.EXPORTS_AT_ONCE:
            waiting = [*others, ("state", "=", "waiting")]
            found = exports.search(waiting, order="waits, id", limit=1)
            if found:
                return found
        return interrupted[:1] or exporting[:1]

    def _handle_error(self, export, error):
        """Decide what an error means: wait, request the file again, fail the export, or stop.

        :param export: tiktok.reconciliation.export that raised it, empty if none did
        :param Exception error: what was raised
        """
        sentence = self._explain_error(error)
        if isinstance(error, (RetryLaterError, psycopg2.errors.UniqueViolation)):
            self._retry_later(export, error, sentence)  # another process created the same record
        elif isinstance(error, NotAllowedError) and export.form_id.library_uid:
            export._mark_failed(sentence)  # a library has access rights of its own
        elif isinstance(error, (ReconnectError, NotAllowedError, SealError)):
            self._end_reconciliation("failed", sentence)  # the same for every export
            if isinstance(error, ReconnectError):
                self.advertiser_id._mark_revoked("taken")
        elif export and isinstance(error, TiktokError) and is_export_gone(error):
            export._request_again(sentence)
        elif isinstance(error, UnparsableAnswerError) and error.code != "no_header":
            self._retry_later(export, error, sentence)
        elif export:
            export._mark_failed(sentence)
        else:
            self._end_reconciliation("failed", sentence)

    def _retry_later(self, export, error, sentence):
        """Plan the next attempt; after the last one, fail the export.

        :param export: tiktok.reconciliation.export that raised it, empty if none did
        :param Exception error: whose `retry_after` is respected
        :param str sentence: what happened
        """
        attempts = self.attempt_count + 1
        is_waiting = isinstance(error, RetryLaterError)
        if attempts > (MAX_WAITS if is_waiting else const.MAX_EXPORT_ATTEMPTS):
            if export:
                export._mark_failed(sentence)
                self.write({"attempt_count": 0, "error": False})
            else:
                self._end_reconciliation("failed", sentence)
            return
        retry_after = getattr(error, "retry_after", None) or 0
        wait = min(FIRST_WAIT_SECONDS * 2 ** (attempts - 1), LONGEST_WAIT_SECONDS)
        again = fields.Datetime.now() + timedelta(seconds=max(retry_after, wait))
        self.write({"attempt_count": attempts, "next_at": again, "error": sentence})
        if export:
            export._postpone_until(again)

    def _explain_error(self, error):
        """Return an error as a sentence; an internal one is named, and its place logged.

        :param Exception error: of a step
        :rtype: str
        """
        if isinstance(error, (TiktokError, UserError)):
            return self.advertiser_id._explain_error(error)
        if isinstance(error, psycopg2.errors.UniqueViolation):
            return self.env._("The same change was made by another process in Odoo. It is retried.")
        _logger.warning("TikTok reconciliation %s: %s", self.id, describe_error(error))
        if isinstance(error, InterruptedAttemptsError):
            return self.env._(
                "Odoo stopped each time it worked on this (attempts: %s). It takes too long or "
                "too much memory. Contact your Odoo administrator.",
                error.attempts,
            )
        kind = type(error).__name__
        return self.env._("It could not continue (%s). Contact your Odoo administrator.", kind)

    def _finish_reconciliation(self):
        """End it when nothing is left to do."""
        failed = self.export_ids.filtered(lambda export: export.state == "failed")
        self.advertiser_id.reconciled_at = fields.Datetime.now()
        if not failed:
            self._end_reconciliation("done")
            return
        self._end_reconciliation(
            "failed",
            self.env._(
                "Failed exports: %(failed)s of %(all)s. %(why)s",
                failed=len(failed),
                all=len(self.export_ids),
                why=failed[0].error or "",
            ),
        )
