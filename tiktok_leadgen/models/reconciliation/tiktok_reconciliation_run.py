import collections
import logging
from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import const
from ...concurrency import (
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
    InterruptedAttemptsError,
    UnfinishedError,
    commit_progress,
    retry_on_serialization_failure,
)
from ...job_order import order_by_attempts, store_attempt_time
from ...job_time import find_record_seconds, has_time, read_clock
from ...locks import lock_references
from ...log_filters import describe_error, private
from ...tiktok import client
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
ORDER_JOB = "tiktok.reconciliation.order"  # names the steps that are stored, to share the time
MAX_CONFLICTS = 2  # with other transactions, of one reconciliation in one run


class TiktokReconciliation(models.Model):
    """The jobs: open reconciliations are continued step by step; after each step all is on disk.

    Each step is counted before it begins. What was interrupted with its process comes after what
    was not, and fails after some attempts.
    """

    _inherit = "tiktok.reconciliation"

    @api.model
    @retry_on_serialization_failure
    def _cron_start_reconciliations(self):
        """Start a reconciliation of each connected ad account whose leads are not stopped.

        One that another transaction holds has to wait for the next night; the others do not.
        """
        receiving = [("state", "=", "connected"), ("is_stopped", "=", False)]
        advertisers = self.env["tiktok.advertiser"].search(receiving)
        rows = {each: {(each._table, each.id)} for each in (*advertisers, *advertisers.company_id)}
        locked = lock_references(self.env.cr, set().union(*rows.values()))
        free = advertisers.filtered(lambda each: rows[each] | rows[each.company_id] <= locked)
        self._start_for_advertisers(free)

    @api.model
    @retry_on_serialization_failure
    def _cron_continue_reconciliations(self):
        """Continue open reconciliations until all wait or the time of this run is over.

        They take turns, one step each. The scheduler is not told that some remain: it would repeat
        this ten times, and a step may take most of its time limit.
        """
        if self._find_interrupted():
            # Odoo holds back a job that was killed three times without progress.
            commit_progress(self.env)
        conflicts = collections.Counter()
        while run := self._find_next_reconciliation(conflicts):
            store_attempt_time(self.env, ORDER_JOB, run.id)
            conflicts[run.id] += run._run_step()
            try:
                self.env.invalidate_all()  # flushes, which can conflict with the watchdog
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
            commit_progress(self.env)
            if not has_time(self.env):
                break
        # However this run ends, such as after a download that took all of its time.
        self._plan_next_run(conflicts)

    @api.model
    def _due_domain(self):
        """Return the domain of reconciliations that can continue.

        Connecting an ad account lists its forms too. Two processes that list the same new forms
        conflict, so a reconciliation waits for the other one, up to a limit.

        :rtype: Domain
        """
        now = read_clock(self.env)
        due = Domain("next_at", "=", False) | Domain("next_at", "<=", now)
        listed = Domain("advertiser_id.sync_requested", "=", False)
        late = Domain("create_date", "<", now - LONGEST_WAIT_FOR_FORMS)
        return due & (
            Domain("state", "=", "running") | (Domain("state", "=", "waiting") & (listed | late))
        )

    @api.model
    def _find_next_reconciliation(self, conflicts=()):
        """Return the due reconciliation whose turn it is, interrupted ones last.

        :param dict conflicts: with other transactions in this run, by id
        :rtype: tiktok.reconciliation
        """
        held = [run_id for run_id in conflicts if conflicts[run_id] >= MAX_CONFLICTS]
        due = self.search(
            self._due_domain() & Domain("id", "not in", held), order="next_at nulls first, id"
        )
        due, _is_interrupted = order_by_attempts(ORDER_JOB, due)
        interrupted = self._find_interrupted()
        return due.sorted(lambda run: run in interrupted)[:1]

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
    def _plan_next_run(self, conflicts=()):
        """Trigger the job for the time when the first open reconciliation is due again.

        :param dict conflicts: with other transactions in this run, by id: these wait a little
        """
        runs = self.search([("state", "in", OPEN)])
        later = read_clock(self.env) + timedelta(seconds=const.CONFLICT_SECONDS)
        times = [
            later
            if run.id in conflicts and conflicts[run.id] >= MAX_CONFLICTS
            else run.next_at or run._find_latest_start()
            for run in runs
        ]
        if times:
            self._trigger_job(min(times))

    def _find_latest_start(self):
        """Return when a reconciliation without a planned time continues at the latest.

        :rtype: datetime
        """
        if self.state == "waiting":
            return self.create_date + LONGEST_WAIT_FOR_FORMS
        return read_clock(self.env)

    # === ONE STEP === #

    def _run_step(self):
        """Do one step; whatever happens there, the other reconciliations continue.

        :return: how many times it met another transaction: 0, 1, or more if it waited in vain
        :rtype: int
        """
        self.ensure_one()
        export = self.env["tiktok.reconciliation.export"]
        try:
            self._check_connected()
            if self.state == "waiting":
                with (
                    self.env["tiktok.job.attempt"]._limit_attempts(JOB, self.id),
                    client.deadline(find_record_seconds()),
                ):
                    self._create_exports()
                    self.env.flush_all()
                return 0
            export = self._find_next_export()
            if not export:
                self._finish_reconciliation()
                return 0
            export._run_step()
            if self.error or self.attempt_count:
                self.write({"error": False, "attempt_count": 0})
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
            self.env.cr.rollback()  # another transaction changed it, such as a cancellation
            return MAX_CONFLICTS if isinstance(error, psycopg2.errors.LockNotAvailable) else 1
        except UnfinishedError:
            self.env.cr.rollback()  # what it fetched of the forms is committed
        except Exception as error:  # noqa: BLE001 - `_handle_error` distinguishes them
            self.env.cr.rollback()
            with private():
                return self._store_step_error(export, error)
        return 0

    def _store_step_error(self, export, error):
        """Store what an error of a step means.

        :param export: tiktok.reconciliation.export that raised it, empty if none did
        :param Exception error: what was raised
        :return: as `_run_step` returns it
        :rtype: int
        """
        if not self.exists():  # deleted during the step
            return 0
        try:
            self._handle_error(export.exists(), error)
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            return MAX_CONFLICTS
        return 0

    def _check_connected(self):
        """Check that the ad account is connected.

        :raise ReconnectError: if it is not
        """
        if self.advertiser_id.state != "connected":
            raise ReconnectError("The ad account is not connected.", "ads_not_connected")

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
        if exporting and exporting[0].next_request_at <= read_clock(self.env):
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
        again = read_clock(self.env) + timedelta(seconds=max(retry_after, wait))
        self.write({"attempt_count": attempts, "next_at": again, "error": sentence})
        if export:
            export._postpone_until(again)

    def _explain_error(self, error):
        """Return an error as a sentence; an internal one is named, and its place logged.

        :param Exception error: of a step
        :rtype: str
        """
        env = self._get_reader_env()
        advertiser = self.advertiser_id.with_env(env)
        if isinstance(error, (TiktokError, UserError)):
            return advertiser._explain_error(error)
        if isinstance(error, psycopg2.errors.UniqueViolation):
            return env._("The same change was made by another process in Odoo. It is retried.")
        _logger.warning("TikTok reconciliation %s: %s", self.id, describe_error(error))
        if isinstance(error, InterruptedAttemptsError):
            return advertiser._explain_error(error)
        kind = type(error).__name__
        return env._("It could not continue (%s). Contact your Odoo administrator.", kind)

    def _finish_reconciliation(self):
        """End it when nothing is left to do."""
        failed = self.export_ids.filtered(lambda export: export.state == "failed")
        self.advertiser_id.reconciled_at = read_clock(self.env)
        if not failed:
            self._end_reconciliation("done")
            return
        self._end_reconciliation(
            "failed",
            self._get_reader_env()._(
                "Failed exports: %(failed)s of %(all)s. %(why)s",
                failed=len(failed),
                all=len(self.export_ids),
                why=failed[0].error or "",
            ),
        )
