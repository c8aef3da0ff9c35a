import contextlib
import os
import pathlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import config

from .. import const
from ..tiktok import client, export, values
from ..tiktok.business import MAX_FILE_SECONDS
from ..tiktok.export import LeadExport

STATES = [
    ("waiting", "Waiting"),
    ("exporting", "TikTok makes the file"),
    ("reading", "Reading"),
    ("done", "Done"),
    ("failed", "Failed"),
]
FIRST_LOOK_SECONDS = 1
LONGEST_LOOK_SECONDS = 30
SHARE_OF_JOB = 0.75  # of the job's time limit, for one download
MAX_LOOKS = 60  # with growing waits: about half an hour
SUFFIX = ".export"


def _download_seconds():
    """Return how long a download may take: Odoo ends a job that reaches its time limit.

    :rtype: float
    """
    limit = config["limit_time_real_cron"]
    if limit < 0:
        limit = config["limit_time_real"]
    return SHARE_OF_JOB * limit if limit else MAX_FILE_SECONDS


class TiktokBackfillPart(models.Model):
    """One file of TikTok's: the leads of one form from one region, and how far it was read."""

    _name = "tiktok.backfill.part"
    _description = "TikTok Export"
    _order = "id"
    _check_company_auto = True

    backfill_id = fields.Many2one(
        "tiktok.backfill",
        "Comparison",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="backfill_id.company_id", store=True, index=True)
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
    look_at = fields.Datetime("Asked again at", readonly=True)
    looks = fields.Integer("Asked", readonly=True)
    tries = fields.Integer(readonly=True)
    waits = fields.Integer(readonly=True, help="How often it made the comparison wait.")
    error = fields.Char("What went wrong", readonly=True)
    lines = fields.Integer("Lines of the file", readonly=True)
    position = fields.Integer("Rows read", readonly=True)
    row_count = fields.Integer("TikTok has", readonly=True)
    new_count = fields.Integer("Brought now", readonly=True)
    more_count = fields.Integer("Completed", readonly=True, help="Leads that were here with less.")
    accepted_count = fields.Integer(
        "Proven", readonly=True, help="Had come without proof and were kept aside."
    )
    test_count = fields.Integer("Tests", readonly=True)
    bad_count = fields.Integer("Unreadable", readonly=True, help="Rows without a readable lead ID.")
    days = fields.Json(readonly=True, help="Leads and tests by day.")
    mark = fields.Char(readonly=True, help="The same leads in any order have the same mark.")
    is_echo = fields.Boolean(
        "Same as another region", readonly=True, help="TikTok gave another region's leads again."
    )

    _due_idx = models.Index("(backfill_id, state) WHERE state NOT IN ('done', 'failed')")

    @api.depends("form_id", "region")
    def _compute_display_name(self):
        regions = dict(self._fields["region"]._description_selection(self.env))
        for part in self:
            part.display_name = f"{part.form_id.display_name}, {regions.get(part.region, '')}"

    def _share(self):
        """Return which share of it is done, 0 to 1.

        :rtype: float
        """
        if self.state in ("done", "failed"):
            return 1.0
        if self.state != "reading":
            return 0.0
        return min(0.1 + 0.9 * self.position / max(self.lines, 1), 0.99)

    # === THE EXPORT AT TIKTOK === #

    def _export(self):
        """Return what asks TikTok for it.

        :rtype: LeadExport
        :raise ReconnectError: if the ad account is not connected
        """
        advertiser, form = self.backfill_id.advertiser_id, self.form_id
        owner = (
            {"library_id": form.library_uid}
            if form.library_uid
            else {"advertiser_id": advertiser.advertiser_uid}
        )
        region = "" if self.region == "rest" else self.region
        return LeadExport(advertiser._client(), owner, form.page_uid, region)

    def _begin(self):
        """Have TikTok make the file.

        :raise TiktokError: as TikTok refuses
        """
        task = self._export().begin()
        self.write({"state": "exporting", "task_uid": task.uid, "looks": 0, "error": False})
        self._plan_look()

    def _begin_anew(self):
        """Forget the file and what was counted of it; what was taken from it stays."""
        self._drop_files()
        zeros = dict.fromkeys(("position", "lines", "looks", "tries"), 0)
        self.write({**zeros, "state": "waiting", "task_uid": False, "look_at": False})
        self._forget_counts()

    def _stand_back(self, until):
        """Let the other exports go first: TikTok may fail this one alone.

        :param datetime until: when it is asked for again at the earliest
        """
        self.waits += 1
        if self.state == "exporting":
            self.look_at = until

    def _forget_counts(self):
        names = ("row_count", "new_count", "more_count", "accepted_count", "test_count")
        values = {"bad_count": 0, "position": 0, "days": False, "mark": False, "is_echo": False}
        self.write({**dict.fromkeys(names, 0), **values})

    def _plan_look(self):
        seconds = min(FIRST_LOOK_SECONDS * 1.3**self.looks, LONGEST_LOOK_SECONDS)
        self.write(
            {
                "looks": self.looks + 1,
                "look_at": fields.Datetime.now() + timedelta(seconds=seconds),
            }
        )

    def _look(self):
        """Ask how far it is; when the file is there, fetch it.

        :raise TiktokError: as TikTok refuses
        """
        task = self._export().look(self.task_uid)
        if task.status == export.DONE:
            self._download()
        elif task.status == export.FAILED or self.looks >= MAX_LOOKS:
            self._try_again(self.env._("TikTok could not make the file."))
        else:
            self._plan_look()

    def _download(self):
        """Fetch the whole file before a row of it counts.

        :raise TiktokError: as TikTok refuses
        """
        path = self._path()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out, client.within(_download_seconds()):
            self._export().download(self.task_uid, out)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
        self._forget_counts()
        self.write({"state": "reading", "lines": 0})

    def _try_again(self, sentence):
        """Have the file made anew, or give up after some times.

        :param str sentence: why
        """
        tries = self.tries + 1
        if tries >= const.EXPORT_TRIES:
            self._give_up(
                self.env._(
                    "%(reason)s Odoo stopped after %(attempts)s attempts. Click Go on to retry.",
                    reason=sentence,
                    attempts=tries,
                )
            )
            return
        self._begin_anew()
        self.write({"tries": tries, "error": sentence})

    def _give_up(self, sentence):
        self._drop_files()
        self.write({"state": "failed", "error": sentence})

    # === THE FILE HERE === #

    @api.model
    def _folder(self):
        """Return where files wait: in Odoo's own data directory, for this database.

        :rtype: pathlib.Path
        """
        return pathlib.Path(config["data_dir"]) / "tiktok_leadgen" / self.env.cr.dbname

    def _path(self):
        return self._folder() / f"{self.id}{SUFFIX}"

    def _drop_files(self):
        """Delete files: they hold answers."""
        for part in self:
            with contextlib.suppress(OSError):
                part._path().unlink(missing_ok=True)

    @api.model
    def _gc_files(self):
        """Delete files that nobody reads any more."""
        with contextlib.suppress(OSError):
            for path in self._folder().iterdir():
                number = values.whole_number(path.stem) or 0
                part = self.sudo().browse(number).exists()
                if part.state != "reading" or part.backfill_id.state not in ("waiting", "running"):
                    path.unlink(missing_ok=True)

    def unlink(self):
        self._drop_files()
        return super().unlink()
