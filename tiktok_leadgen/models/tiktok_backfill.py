from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang

from .. import const
from ..tiktok.export import REGIONS

STATES = [
    ("waiting", "Waiting"),
    ("running", "Under way"),
    ("done", "Done"),
    ("failed", "Incomplete"),
    ("cancelled", "Cancelled"),
]
OPEN = ("waiting", "running")
COUNTS = ("row_count", "new_count", "more_count", "accepted_count", "test_count", "bad_count")
KEEP_DAYS = 90
FRESH = timedelta(minutes=10)  # forms that were listed so lately need not be listed again

INSERT = """
    INSERT INTO tiktok_backfill (
        advertiser_id, company_id, is_first, user_id, state, create_uid, create_date, write_uid,
        write_date)
    SELECT advertiser, company, is_first, %(user)s, 'waiting', %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM unnest(%(advertisers)s::int[], %(companies)s::int[], %(firsts)s::bool[])
           AS asked (advertiser, company, is_first)
    ON CONFLICT DO NOTHING RETURNING id
"""


class TiktokBackfill(models.Model):
    """One comparison of an ad account with TikTok: every form is exported in every region.

    What TikTok has and we don't comes in on the way. It can be stopped at any moment, by a person
    or by a power cut, and goes on where it was.
    """

    _name = "tiktok.backfill"
    _description = "TikTok Comparison"
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
    user_id = fields.Many2one("res.users", "Asked for by", readonly=True, ondelete="set null")
    started_at = fields.Datetime("Started", readonly=True)
    done_at = fields.Datetime("Ended", readonly=True)
    next_at = fields.Datetime("Goes on at", readonly=True)
    tries = fields.Integer(readonly=True)
    error = fields.Char("What went wrong", readonly=True)
    part_ids = fields.One2many("tiktok.backfill.part", "backfill_id", "Exports", readonly=True)
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    status_text = fields.Char("How it goes", compute="_compute_progress")
    row_count = fields.Integer("TikTok has", compute="_compute_counts")
    new_count = fields.Integer("Brought now", compute="_compute_counts")
    more_count = fields.Integer("Completed", compute="_compute_counts")
    accepted_count = fields.Integer("Proven", compute="_compute_counts")
    test_count = fields.Integer("Tests", compute="_compute_counts")
    bad_count = fields.Integer("Unreadable", compute="_compute_counts")

    _open_uniq = models.UniqueIndex(
        "(advertiser_id) WHERE state IN ('waiting', 'running')",
        "This ad account is being compared already.",
    )
    _advertiser_idx = models.Index("(advertiser_id, id)")

    # === COMPUTE METHODS === #

    @api.depends("advertiser_id")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.sudo().advertiser_id.name} #{run.id}"

    @api.depends("state", "error", "next_at", "part_ids.state", "part_ids.position")
    def _compute_progress(self):
        for run in self:
            parts = run.part_ids
            shares = [part._share() for part in parts]
            run.progress = 100 if run.state == "done" else 100 * sum(shares) / (len(parts) or 1)
            run.status_text = run._sentence()

    @api.depends("part_ids.row_count", "part_ids.new_count")
    def _compute_counts(self):
        totals = {
            run.id: values
            for run, *values in self.env["tiktok.backfill.part"]._read_group(
                [("backfill_id", "in", self.ids), ("is_echo", "=", False)],
                ["backfill_id"],
                [f"{name}:sum" for name in COUNTS],
            )
        }
        for run in self:
            values = totals.get(run.id, [0] * len(COUNTS))
            run.update(dict(zip(COUNTS, values, strict=True)))

    def _sentence(self):
        """Say how it goes.

        :rtype: str
        """
        self.ensure_one()
        if self.state in OPEN and self.error:
            return self.env._("Waits for TikTok: %s", self.error)
        if self.state == "running":
            return self.env._(
                "Leads compared: %(rows)s. Brought: %(new)s.",
                rows=formatLang(self.env, self.row_count, digits=0),
                new=formatLang(self.env, self.new_count, digits=0),
            )
        sentences = {
            "waiting": self.env._("Begins in a moment"),
            "cancelled": self.env._(
                "Cancelled. What had come stays; the rest comes when it goes on."
            ),
            "done": self.env._(
                "Leads compared: %s", formatLang(self.env, self.row_count, digits=0)
            ),
        }
        if self.state == "done" and not self.part_ids:
            return self.env._("TikTok lists no form here: nothing was compared.")
        return sentences.get(self.state) or self.error

    # === ACTION METHODS === #

    def action_cancel(self):
        """Stop; what came so far stays."""
        self._check_manager()
        runs = self.sudo().filtered(lambda run: run.state in OPEN)
        if not runs:
            raise UserError(self.env._("This comparison is over already."))
        runs._end("cancelled")

    def action_resume(self):
        """Go on where it stopped, with another try for what failed."""
        self.ensure_one()
        self._check_manager()
        run = self.sudo()
        if run.state not in ("failed", "cancelled"):
            raise UserError(self.env._("There is nothing to go on with here."))
        if run.search_count([("advertiser_id", "=", run.advertiser_id.id), ("state", "in", OPEN)]):
            raise UserError(self.env._("A newer comparison of this ad account is under way."))
        run.part_ids.filtered(lambda part: part.state == "failed")._begin_anew()
        values = {"error": False, "done_at": False, "next_at": False, "tries": 0}
        run.write({**values, "state": "running" if run.part_ids else "waiting"})
        self._wake()

    def _check_manager(self):
        """Refuse who may not change the ad account: rows of comparisons are nobody's to write.

        :raise AccessError: if the group or the company is missing
        """
        self.check_access("read")
        self.advertiser_id.check_access("write")

    def action_view_parts(self):
        """Open the exports this comparison is made of."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "tiktok_leadgen.tiktok_backfill_part_action"
        )
        return {**action, "domain": [("backfill_id", "=", self.id)]}

    # === BUSINESS METHODS === #

    @api.model
    def _ask(self, advertisers, user=None):
        """Have ad accounts compared, unless they are being compared.

        :param advertisers: tiktok.advertiser
        :param user: res.users who wants to know, or None
        :return: their open comparisons
        :rtype: tiktok.backfill
        :raise psycopg2.errors.SerializationFailure: if another transaction asks for one, too
        """
        runs = self.sudo()
        found = runs.search([("advertiser_id", "in", advertisers.ids), ("state", "in", OPEN)])
        before = runs.search([("advertiser_id", "in", advertisers.ids)]).advertiser_id
        asked = [
            (advertiser.id, advertiser.company_id.id, advertiser not in before)
            for advertiser in advertisers - found.advertiser_id
        ]
        found += runs._insert(asked, user)
        self._wake()
        return found

    @api.model
    def _insert(self, asked, user):
        """Make comparisons; another transaction that does so is a clash, no error in the log.

        :param list asked: ids of ad account and company, and whether it is the first comparison
        :param user: res.users who wants to know, or None
        :rtype: tiktok.backfill
        """
        if not asked:
            return self
        advertiser_ids, company_ids, firsts = map(list, zip(*asked, strict=True))
        values = {
            "user": (user and user.id) or None,
            "advertisers": advertiser_ids,
            "companies": company_ids,
            "firsts": firsts,
            "uid": self.env.uid,
            "now": fields.Datetime.now(),
        }
        self.env.cr.execute(SQL(INSERT, **values), log_exceptions=False)
        made = self.browse([row[0] for row in self.env.cr.fetchall()])
        made.advertiser_id.invalidate_recordset(["backfill_ids"])
        return made

    @api.model
    def _wake(self, at=None):
        """Have the scheduled action go on.

        :param datetime at: when; default: now
        """
        self.env.ref(const.BACKFILL_CRON_XMLID).sudo()._trigger(at)

    def _make_parts(self):
        """Plan what is to be exported: each form, in each region.

        :raise TiktokError: as TikTok refuses to list the forms
        """
        self.ensure_one()
        listed_at = self.advertiser_id.last_sync_at
        just_listed = listed_at and listed_at >= fields.Datetime.now() - FRESH
        if not (self.is_first and just_listed):  # whoever connected has just had them listed
            self.advertiser_id._sync_forms()
        advertiser = self.advertiser_id.with_context(active_test=False)  # leads come all the same
        chosen = advertiser.subscribe_to == "forms"
        # What stands in for direct messages is no form TikTok could export.
        forms = advertiser.form_ids.filtered(
            lambda form: (
                form.page_uid.isdigit() and form.status != "gone" and (form.is_wanted or not chosen)
            )
        )
        self.env["tiktok.backfill.part"].create(
            [
                {"backfill_id": self.id, "form_id": form.id, "region": region or "rest"}
                for form in forms
                for region in REGIONS
            ]
        )
        self.write(
            {"state": "running", "started_at": fields.Datetime.now(), "tries": 0, "error": False}
        )

    def _end(self, state, error=False):
        """Close it and forget its files.

        :param str state: done, failed or cancelled
        :param str error: a sentence
        """
        for run in self:
            run.write({"state": state, "error": error, "done_at": fields.Datetime.now()})
            run._tell()
        if state == "done":
            self.part_ids._drop_files()

    def _tell(self):
        """Tell who asked for it what came of it; by night, somebody only if it failed."""
        user = self.user_id
        if not user:
            if self.state == "failed":
                self.company_id._tiktok_tell(
                    self.env._("The comparison with TikTok is incomplete"), self.error
                )
            return
        run = self.with_context(lang=user.lang)
        user._bus_send(
            "simple_notification",
            {
                "title": run.advertiser_id.name,
                "message": run._sentence(),
                "type": "success" if run.state == "done" else "warning",
                "sticky": run.state == "failed",
            },
        )

    @api.autovacuum
    def _gc_runs(self):
        """Forget old comparisons; what they found is in the ledger."""
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.sudo().search([("done_at", "<", before)], limit=const.GC_BATCH)
        old.unlink()
        self.env["tiktok.backfill.part"]._gc_files()
        return len(old), int(len(old) == const.GC_BATCH)
