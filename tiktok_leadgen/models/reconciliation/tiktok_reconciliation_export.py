import contextlib
import os
import pathlib
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import config

from ... import const
from ...job_time import find_record_seconds, find_task_seconds, read_clock
from ...tiktok import client, values
from ...tiktok import export as tiktok_export
from ...tiktok.business_client import MAX_FILE_SECONDS
from ...tiktok.export import LeadExport

STATES = [
    ("waiting", "Waiting"),
    ("exporting", "TikTok is creating the file"),
    ("reading", "Reading"),
    ("done", "Done"),
    ("failed", "Failed"),
]
FIRST_REQUEST_SECONDS = 1
LONGEST_REQUEST_SECONDS = 30
NAP_SECONDS = 0.5
LONGEST_NAP_SECONDS = 5
MAX_REQUESTS = 60  # with growing waits: about half an hour
SUFFIX = ".export"
# Work whose interrupted attempts are counted: a step with a file, and the import of its rows.
STEP_JOB = "tiktok.reconciliation.export"
ROW_JOB = "tiktok.reconciliation.export.rows"


class TiktokReconciliationExport(models.Model):
    """One file of TikTok: the leads of one form from one region, and how far they are imported."""

    _name = "tiktok.reconciliation.export"
    _description = "TikTok Export"
    _order = "id"
    _check_company_auto = True

    reconciliation_id = fields.Many2one(
        "tiktok.reconciliation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="reconciliation_id.company_id", store=True, index=True)
    form_id = fields.Many2one(
        "tiktok.form", required=True, readonly=True, index=True, ondelete="cascade"
    )
    region = fields.Selection(
        [("rest", "Rest of the world"), ("us", "United States"), ("eu", "Europe")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(STATES, "Status", required=True, readonly=True, default="waiting")
    task_uid = fields.Char("TikTok's task", readonly=True)
    next_request_at = fields.Datetime("Next request on", readonly=True)
    request_count = fields.Integer("Requested", readonly=True)
    attempt_count = fields.Integer("Attempts", readonly=True)
    interrupted_count = fields.Integer(
        "Interruptions",
        readonly=True,
        help="Number of times Odoo stopped while importing rows of this file.",
    )
    waits = fields.Integer(readonly=True, help="Number of times it delayed the reconciliation.")
    error = fields.Char("Problem", readonly=True)
    lines = fields.Integer("Rows of the file", readonly=True)
    position = fields.Integer("Rows read", readonly=True)
    careful_until = fields.Integer("Rows imported one at a time until", readonly=True)
    row_count = fields.Integer("TikTok has", readonly=True)
    new_count = fields.Integer("Recovered now", readonly=True)
    more_count = fields.Integer(
        "Completed", readonly=True, help="Leads that were stored with fewer details."
    )
    accepted_count = fields.Integer(
        "Verified", readonly=True, help="Received unverified and quarantined."
    )
    test_count = fields.Integer("Tests", readonly=True)
    bad_count = fields.Integer("Unreadable", readonly=True, help="Rows without a readable lead ID.")
    failed_count = fields.Integer(
        "Failed", readonly=True, help="Rows with which Odoo stopped each time it imported them."
    )
    days = fields.Json(readonly=True, help="Leads and tests by day.")
    mark = fields.Char(readonly=True, help="Identifies the same set of leads in any order.")
    is_echo = fields.Boolean(
        "Same as another region",
        readonly=True,
        help="TikTok returned another region's leads again.",
    )

    _due_idx = models.Index("(reconciliation_id, state) WHERE state NOT IN ('done', 'failed')")

    @api.depends("form_id", "region")
    def _compute_display_name(self):
        regions = dict(self._fields["region"]._description_selection(self.env))
        for export in self:
            region = regions.get(export.region, "")
            export.display_name = f"{export.form_id.display_name}, {region}"

    def _measure_progress(self):
        """Return which share of the export is done.

        :return: 0 to 1
        :rtype: float
        """
        if self.state in ("done", "failed"):
            return 1.0
        if self.state != "reading":
            return 0.0
        return min(0.1 + 0.9 * self.position / max(self.lines, 1), 0.99)

    @api.model
    def _find_interrupted_exports(self):
        """Return the open exports of which a step was interrupted with its process.

        :rtype: tiktok.reconciliation.export
        """
        attempts = self.env["tiktok.job.attempt"]._find_interrupted(STEP_JOB, ROW_JOB)
        open_states = ("waiting", "exporting", "reading")
        return self.search([("id", "in", list(attempts)), ("state", "in", open_states)])

    def _run_step(self):
        """Do the next step of one export.

        :raise TiktokError: as TikTok refuses
        :raise InterruptedAttemptsError: if too many attempts were interrupted
        """
        self.ensure_one()
        # No row is written before TikTok is called: a cancellation must not wait for the answer.
        self.env.flush_all()
        if self.state == "reading":
            self._import_file()
            return
        with (
            self.env["tiktok.job.attempt"]._limit_attempts(STEP_JOB, self.id),
            client.deadline(find_record_seconds()),
        ):
            if self.state == "waiting":
                self._request_file()
            else:
                self._request_due_status()
            self.env.flush_all()

    # === THE EXPORT AT TIKTOK === #

    def _build_lead_export(self):
        """Return the client of this export at TikTok.

        :rtype: LeadExport
        :raise ReconnectError: if the ad account is not connected
        """
        advertiser, form = self.reconciliation_id.advertiser_id, self.form_id
        owner = (
            {"library_id": form.library_uid}
            if form.library_uid
            else {"advertiser_id": advertiser.advertiser_uid}
        )
        region = "" if self.region == "rest" else self.region
        return LeadExport(advertiser._get_business_client(), owner, form.page_uid, region)

    def _get_owner_values(self):
        """Return what each lead of the file has beside its row, as in the webhook.

        :rtype: dict
        """
        advertiser, form = self.reconciliation_id.advertiser_id, self.form_id
        values = {"advertiser_id": advertiser.advertiser_uid, "advertiser_name": advertiser.name}
        if form.library_uid:
            values["library_id"] = form.library_uid
        return {**values, "page_id": form.page_uid, "page_name": form.name}

    def _request_file(self):
        """Request a file from TikTok.

        :raise TiktokError: as TikTok refuses
        """
        task = self._build_lead_export().begin()
        self.write({"state": "exporting", "task_uid": task.uid, "request_count": 0, "error": False})
        self._plan_status_request()

    def _plan_status_request(self):
        seconds = min(FIRST_REQUEST_SECONDS * 1.3**self.request_count, LONGEST_REQUEST_SECONDS)
        self.write(
            {
                "request_count": self.request_count + 1,
                "next_request_at": read_clock(self.env) + timedelta(seconds=seconds),
            }
        )

    def _request_due_status(self):
        """Request the status when it is due; a long wait is left to the scheduler.

        :raise TiktokError: as TikTok refuses
        """
        left = (self.next_request_at - read_clock(self.env)).total_seconds()
        if left <= 0:
            self._request_status()
        elif left <= LONGEST_NAP_SECONDS:
            time.sleep(min(left, NAP_SECONDS))
        else:
            self.reconciliation_id.next_at = self.next_request_at

    def _request_status(self):
        """Request whether the file is ready, and download it if it is.

        :raise TiktokError: as TikTok refuses
        """
        task = self._build_lead_export().look(self.task_uid)
        if task.status == tiktok_export.DONE:
            self._download_file()
        elif task.status == tiktok_export.FAILED or self.request_count >= MAX_REQUESTS:
            env = self.reconciliation_id._get_reader_env()
            self._request_again(env._("TikTok could not create the file."))
        else:
            self._plan_status_request()

    def _download_file(self):
        """Download the whole file before any of its rows counts.

        :raise TiktokError: as TikTok refuses
        """
        path = self._get_path()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out, client.deadline(find_task_seconds(MAX_FILE_SECONDS)):
            self._build_lead_export().download(self.task_uid, out)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
        self._reset_counts()
        self.write({"state": "reading", "lines": 0})

    def _request_again(self, sentence):
        """Have TikTok create the file again, or fail after some attempts.

        :param str sentence: the reason
        """
        attempts = self.attempt_count + 1
        if attempts >= const.MAX_EXPORT_ATTEMPTS:
            env = self.reconciliation_id._get_reader_env()
            self._mark_failed(
                env._(
                    "%(reason)s Odoo stopped after %(attempts)s attempts. Click Resume to retry.",
                    reason=sentence,
                    attempts=attempts,
                )
            )
            return
        self._reset_export()
        self.write({"attempt_count": attempts, "error": sentence})

    def _postpone_until(self, until):
        """Let the other exports go first: TikTok may fail this one alone.

        :param datetime until: when it is requested again at the earliest
        """
        self.waits += 1
        if self.state == "exporting":
            self.next_request_at = until

    def _mark_failed(self, sentence):
        """End the export without its leads.

        :param str sentence: what happened
        """
        self._delete_files()
        self.write({"state": "failed", "error": sentence})

    def _restart_export(self):
        """Start again as if nothing was interrupted; leads imported so far are kept."""
        self._reset_export()
        self.write({"interrupted_count": 0, "careful_until": 0})
        self.env["tiktok.job.attempt"]._forget_attempts((STEP_JOB, ROW_JOB), self.ids)

    def _reset_export(self):
        """Delete the file and what was counted of it; leads imported so far are kept."""
        self._delete_files()
        zeros = dict.fromkeys(("position", "lines", "request_count", "attempt_count"), 0)
        self.write({**zeros, "state": "waiting", "task_uid": False, "next_request_at": False})
        self._reset_counts()

    def _reset_counts(self):
        names = ("row_count", "new_count", "more_count", "accepted_count", "test_count")
        zeros = dict.fromkeys((*names, "bad_count", "failed_count", "position"), 0)
        self.write({**zeros, "days": False, "mark": False, "is_echo": False})

    # === THE FILE HERE === #

    @api.model
    def _get_folder(self):
        """Return where files are stored: in Odoo's own data directory, for this database.

        :rtype: pathlib.Path
        """
        return pathlib.Path(config["data_dir"]) / "tiktok_leadgen" / self.env.cr.dbname

    def _get_path(self):
        return self._get_folder() / f"{self.id}{SUFFIX}"

    def _delete_files(self):
        """Delete files: they hold answers."""
        for export in self:
            with contextlib.suppress(OSError):
                export._get_path().unlink(missing_ok=True)

    @api.model
    def _gc_files(self):
        """Delete files that no open export needs, and downloads that were given up."""
        with contextlib.suppress(OSError):
            for path in self._get_folder().iterdir():
                if time.time() - path.stat().st_mtime < MAX_FILE_SECONDS:
                    continue  # it may be written now: what the job does is not committed yet
                number = values.parse_whole_number(path.stem) or 0
                export = self.sudo().browse(number).exists()
                run = export.reconciliation_id
                if export.state != "reading" or run.state not in ("waiting", "running"):
                    path.unlink(missing_ok=True)

    def unlink(self):
        """Delete the files too.

        :return: True
        :rtype: bool
        """
        self._delete_files()
        return super().unlink()
