from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang

from ... import const
from ...concurrency import delete_unlocked
from ...job_time import read_clock, read_transaction_clock
from ...reader_language import in_reader_language
from ...tiktok.export import REGIONS
from ...tiktok.values import is_number

STATES = [
    ("waiting", "Waiting"),
    ("running", "In progress"),
    ("done", "Done"),
    ("failed", "Incomplete"),
    ("cancelled", "Cancelled"),
]
OPEN = ("waiting", "running")
COUNTS = (
    *("row_count", "new_count", "more_count", "accepted_count", "test_count"),
    *("bad_count", "failed_count"),
)
RETENTION_DAYS = 90
FRESH = timedelta(minutes=10)  # forms that were listed so recently need not be listed again
JOB = "tiktok.reconciliation"  # whose interrupted attempts are counted

INSERT = """
    INSERT INTO tiktok_reconciliation (
        advertiser_id, company_id, is_first, user_id, state, create_uid, create_date, write_uid,
        write_date)
    SELECT advertiser, company, is_first, %(user)s, 'waiting', %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM unnest(%(advertisers)s::int[], %(companies)s::int[], %(firsts)s::bool[])
           AS requested (advertiser, company, is_first)
    ON CONFLICT DO NOTHING RETURNING id
"""


class TiktokReconciliation(models.Model):
    """One reconciliation of an ad account with TikTok: each form is exported in each region.

    Leads that are missing here are imported on the way. It can be stopped at any moment, by a user
    or by a power cut, and resumes where it stopped.
    """

    _name = "tiktok.reconciliation"
    _description = "TikTok Reconciliation"
    _order = "id desc"
    _check_company_auto = True

    advertiser_id = fields.Many2one(
        "tiktok.advertiser",
        "Ad account",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    state = fields.Selection(STATES, "Status", required=True, readonly=True, default="waiting")
    is_first = fields.Boolean("First after connecting", readonly=True)
    user_id = fields.Many2one("res.users", "Requested by", readonly=True, ondelete="set null")
    started_at = fields.Datetime("Started", readonly=True)
    done_at = fields.Datetime("Ended", readonly=True)
    next_at = fields.Datetime("Resumes on", readonly=True)
    attempt_count = fields.Integer("Attempts", readonly=True)
    error = fields.Char("Problem", readonly=True)
    export_ids = fields.One2many(
        "tiktok.reconciliation.export", "reconciliation_id", "Exports", readonly=True
    )
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    status_text = fields.Char("Status details", compute="_compute_progress")
    row_count = fields.Integer("TikTok has", compute="_compute_counts")
    new_count = fields.Integer("Recovered now", compute="_compute_counts")
    more_count = fields.Integer("Completed", compute="_compute_counts")
    accepted_count = fields.Integer("Verified", compute="_compute_counts")
    test_count = fields.Integer("Tests", compute="_compute_counts")
    bad_count = fields.Integer("Unreadable", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")

    _open_uniq = models.UniqueIndex(
        "(advertiser_id) WHERE state IN ('waiting', 'running')",
        "This ad account is already being reconciled.",
    )
    _advertiser_idx = models.Index("(advertiser_id, id)")

    # === COMPUTE METHODS === #

    @api.depends("advertiser_id")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.sudo().advertiser_id.name} #{run.id}"

    @api.depends("state", "error", "next_at", "export_ids.state", "export_ids.position")
    def _compute_progress(self):
        for run in self:
            exports = run.export_ids
            shares = [export._measure_progress() for export in exports]
            run.progress = 100 if run.state == "done" else 100 * sum(shares) / (len(exports) or 1)
            run.status_text = run._describe_status()

    @api.depends("export_ids.row_count", "export_ids.new_count")
    def _compute_counts(self):
        totals = {
            run.id: values
            for run, *values in self.env["tiktok.reconciliation.export"]._read_group(
                [("reconciliation_id", "in", self.ids), ("is_echo", "=", False)],
                ["reconciliation_id"],
                [f"{name}:sum" for name in COUNTS],
            )
        }
        for run in self:
            values = totals.get(run.id, [0] * len(COUNTS))
            run.update(dict(zip(COUNTS, values, strict=True)))

    def _describe_status(self):
        """Return a sentence on how far the reconciliation is.

        :rtype: str
        """
        self.ensure_one()
        if self.state in OPEN and self.error:
            return self.env._("Waiting for TikTok: %s", self.error)
        if self.state == "running":
            return self.env._(
                "Leads checked: %(rows)s. Recovered: %(new)s.",
                rows=formatLang(self.env, self.row_count, digits=0),
                new=formatLang(self.env, self.new_count, digits=0),
            )
        sentences = {
            "waiting": self.env._("Starts in a moment"),
            "cancelled": self.env._(
                "Cancelled. Leads imported so far are kept; the rest is imported when it resumes."
            ),
            "done": self.env._("Leads checked: %s", formatLang(self.env, self.row_count, digits=0)),
        }
        if self.state == "done" and not self.export_ids:
            return self.env._("TikTok lists no form here: nothing was reconciled.")
        return sentences.get(self.state) or self.error

    # === ACTION METHODS === #

    def action_cancel(self):
        """Cancel open reconciliations; leads imported so far are kept.

        :raise UserError: if all are finished
        """
        self._check_manager_access()
        runs = self.sudo().filtered(lambda run: run.state in OPEN)
        if not runs:
            raise UserError(self.env._("This reconciliation is already finished."))
        runs._end_reconciliation("cancelled")

    def action_resume(self):
        """Resume the reconciliation where it stopped, and retry the exports that failed.

        :raise UserError: if it is open or done, or if a newer one is open
        """
        self.ensure_one()
        self._check_manager_access()
        run = self.sudo()
        if run.state not in ("failed", "cancelled"):
            raise UserError(self.env._("There is nothing to resume."))
        if run.search_count([("advertiser_id", "=", run.advertiser_id.id), ("state", "in", OPEN)]):
            raise UserError(self.env._("A newer reconciliation of this ad account is running."))
        run.export_ids.filtered(lambda export: export.state == "failed")._restart_export()
        self.env["tiktok.job.attempt"]._forget_attempts((JOB,), run.ids)
        values = {"error": False, "done_at": False, "next_at": False, "attempt_count": 0}
        run.write({**values, "state": "running" if run.export_ids else "waiting"})
        self._trigger_job()

    def _check_manager_access(self):
        """Check that the user may change the ad account: no user may write a reconciliation.

        :raise AccessError: if the group or the company is missing
        """
        self.check_access("read")
        self.advertiser_id.check_access("write")

    def action_view_exports(self):
        """Open the exports of this reconciliation.

        :return: the action that opens the list
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "tiktok_leadgen.tiktok_reconciliation_export_action"
        )
        return {**action, "domain": [("reconciliation_id", "=", self.id)]}

    # === BUSINESS METHODS === #

    @api.model
    def _start_for_advertisers(self, advertisers, user=None):
        """Start a reconciliation of each ad account that has no open one.

        :param advertisers: tiktok.advertiser
        :param user: res.users who is notified of the result, or None
        :return: their open reconciliations
        :rtype: tiktok.reconciliation
        :raise psycopg2.errors.SerializationFailure: if another transaction starts one, too
        """
        runs = self.sudo()
        found = runs.search([("advertiser_id", "in", advertisers.ids), ("state", "in", OPEN)])
        before = runs.search([("advertiser_id", "in", advertisers.ids)]).advertiser_id
        requested = [
            (advertiser.id, advertiser.company_id.id, advertiser not in before)
            for advertiser in advertisers - found.advertiser_id
        ]
        found += runs._insert_reconciliations(requested, user)
        self._trigger_job()
        return found

    @api.model
    def _insert_reconciliations(self, requested, user):
        """Create reconciliations; what another transaction creates meanwhile is no logged error.

        :param list requested: ids of ad account and company, and whether it is the first one
        :param user: res.users who is notified of the result, or None
        :rtype: tiktok.reconciliation
        """
        if not requested:
            return self
        advertiser_ids, company_ids, firsts = map(list, zip(*requested, strict=True))
        values = {
            "user": (user and user.id) or None,
            "advertisers": advertiser_ids,
            "companies": company_ids,
            "firsts": firsts,
            "uid": self.env.uid,
            "now": read_clock(self.env),
        }
        self.env.cr.execute(SQL(INSERT, **values), log_exceptions=False)
        created = self.browse([row[0] for row in self.env.cr.fetchall()])
        created.advertiser_id.invalidate_recordset(["reconciliation_ids"])
        return created

    @api.model
    def _trigger_job(self, at=None):
        """Trigger the scheduled action that continues open reconciliations.

        :param datetime at: when, by the database's clock; default: now
        """
        self.env.ref(const.RECONCILIATION_CRON_XMLID)._tiktok_trigger(at)

    def _create_exports(self):
        """Plan what is to be exported: each form, in each region.

        :raise TiktokError: as TikTok refuses to list the forms
        """
        self.ensure_one()
        listed_at = self.advertiser_id.last_sync_at
        just_listed = listed_at and listed_at >= read_clock(self.env) - FRESH
        if not (self.is_first and just_listed):  # connecting an ad account lists its forms
            self.advertiser_id._sync_forms()
        # Leads also arrive from archived forms.
        advertiser = self.advertiser_id.with_context(active_test=False)
        chosen = advertiser.subscribe_to == "forms"
        # The form that stands for direct messages is none that TikTok could export.
        forms = advertiser.form_ids.filtered(
            lambda form: (
                is_number(form.page_uid)
                and form.status != "gone"
                and (form.is_selected or not chosen)
            )
        )
        self.env["tiktok.reconciliation.export"].create(
            [
                {"reconciliation_id": self.id, "form_id": form.id, "region": region or "rest"}
                for form in forms
                for region in REGIONS
            ]
        )
        started = {"state": "running", "started_at": read_clock(self.env)}
        self.write({**started, "attempt_count": 0, "error": False})

    def _end_reconciliation(self, state, error=False):
        """End reconciliations, delete their files, and have their ad accounts checked again.

        :param str state: done, failed or cancelled
        :param str error: a sentence
        """
        for run in self:
            run.write({"state": state, "error": error, "done_at": read_clock(self.env)})
            run._notify_result()
        if state == "done":
            self.export_ids._delete_files()
        self.advertiser_id._recheck_unhealthy()

    def _notify_result(self):
        """Notify the user who requested it; of a nightly one that failed, the responsible user."""
        user = self.user_id
        if not user:
            if self.state == "failed":
                company = in_reader_language(self.company_id)
                company._tiktok_notify_responsible(
                    company.env._("The reconciliation with TikTok is incomplete"), self.error
                )
            return
        run = self.with_context(lang=user.lang)
        user._bus_send(
            "simple_notification",
            {
                "title": run.advertiser_id.name,
                "message": run._describe_status(),
                "type": "success" if run.state == "done" else "warning",
                "sticky": run.state == "failed",
            },
        )

    def _get_reader_env(self):
        """Return an environment in the language of the user who reads what is stored here.

        :rtype: odoo.api.Environment
        """
        return in_reader_language(self).env

    @api.autovacuum
    def _gc_reconciliations(self):
        """Delete old reconciliations; their results stay in `tiktok.reconciliation.day`.

        :return: how many were deleted, and whether there may be more
        :rtype: tuple[int, int]
        """
        before = read_transaction_clock(self.env) - timedelta(days=RETENTION_DAYS)
        old = self.sudo().search([("done_at", "<", before)], limit=const.GC_BATCH)
        deleted = delete_unlocked(old)
        self.env["tiktok.reconciliation.export"]._gc_files()
        return deleted
