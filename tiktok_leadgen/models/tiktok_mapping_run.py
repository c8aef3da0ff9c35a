import logging

from odoo import api, fields, models

from ..clash import in_savepoints, survives_clashes

_logger = logging.getLogger(__name__)

BATCH = 100
KEEP_DAYS = 7  # so long an application can be undone


class TiktokMappingRun(models.Model):
    """One application of a form's mapping to the leads that are there already."""

    _name = "tiktok.mapping.run"
    _description = "TikTok Mapping Applied"
    _order = "id desc"
    _check_company_auto = True

    form_id = fields.Many2one(
        "tiktok.form", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="form_id.company_id", store=True, index=True)
    user_id = fields.Many2one("res.users", "Asked for by", readonly=True, ondelete="set null")
    state = fields.Selection(
        [
            ("running", "Under way"),
            ("done", "Done"),
            ("undoing", "Being undone"),
            ("undone", "Undone"),
        ],
        "Status",
        required=True,
        readonly=True,
        default="running",
    )
    total = fields.Integer(readonly=True)
    done_count = fields.Integer("Looked at", readonly=True)
    changed_count = fields.Integer("Changed", readonly=True)
    gone_count = fields.Integer("Without answers", readonly=True)
    failed_count = fields.Integer("Refused", readonly=True)
    last_lead = fields.Integer(readonly=True)
    change_ids = fields.One2many("tiktok.mapping.change", "run_id")

    @api.model
    def _start(self, form):
        """Begin with a form, in the background.

        :param form: tiktok.form
        """
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        run = self.sudo().create(
            {
                "form_id": form.id,
                "user_id": self.env.uid,
                "total": leads.search_count([("tiktok_form_id", "=", form.id)]),
            }
        )
        run._wake()
        return run

    def _wake(self):
        self.env.ref("tiktok_leadgen.ir_cron_apply_mapping")._tiktok_trigger()

    @api.model
    @survives_clashes
    def _cron_apply(self):
        """Work on what was asked for, batch after batch, while there is time."""
        while True:
            run = self.search([("state", "in", ("running", "undoing"))], order="id", limit=1)
            if not run:
                self.env["ir.cron"]._commit_progress(remaining=0)
                return
            run = run.with_company(run.company_id)
            count = run._undo_batch() if run.state == "undoing" else run._apply_batch()
            if not self.env["ir.cron"]._commit_progress(count, remaining=1):
                run._wake()
                return

    def _apply_batch(self):
        """Apply the mapping to the next leads.

        :return: how many
        :rtype: int
        """
        leads = self.env["crm.lead"].with_context(active_test=False)
        domain = [("tiktok_form_id", "=", self.form_id.id), ("id", ">", self.last_lead)]
        leads = leads.search(domain, order="id", limit=BATCH)
        if not leads:
            self._finish("done")
            return 0
        in_savepoints(leads, self._apply, self._refused)
        self.last_lead = leads[-1].id
        self.done_count += len(leads)
        return len(leads)

    def _apply(self, leads):
        """Apply it to these."""
        changed, gone = self.env["tiktok.mapping.change"]._apply(self, leads)
        self.changed_count += changed
        self.gone_count += gone

    def _not_undone(self, change, error):
        self._refused(change.lead_id, error)

    def _refused(self, lead, error):
        """Note that Odoo refuses one lead; the others go on."""
        _logger.warning("TikTok mapping: lead %s refused: %s", lead.id, type(error).__name__)
        self.failed_count += 1

    def _undo_batch(self):
        changes = self.change_ids.search([("run_id", "=", self.id)], order="id desc", limit=BATCH)
        if not changes:
            self._finish("undone")
            return 0
        in_savepoints(changes, type(changes)._undo, self._not_undone)
        count = len(changes)
        changes.unlink()
        return count

    def _finish(self, state):
        """Say that it is over to who asked for it."""
        self.state = state
        title = self.form_id.display_name
        sentence = self.with_context(lang=self.user_id.lang)._sentence()
        self.user_id._bus_send(
            "simple_notification",
            {"type": "success", "title": title, "message": sentence, "sticky": False},
        )

    def _sentence(self):
        """Return how it stands.

        :rtype: str
        """
        self.ensure_one()
        if self.state == "running":
            return self.env._(
                "The mapping is being applied. Leads done: %(done)s of %(total)s.",
                done=self.done_count,
                total=self.total,
            )
        if self.state == "undoing":
            return self.env._("The application is being undone.")
        undone = self.state == "undone"
        if undone:
            sentence = self.env._("The application was undone: what people changed since was kept.")
        else:
            sentence = self.env._(
                "The mapping was applied. Leads changed: %(changed)s of %(total)s.",
                changed=self.changed_count,
                total=self.done_count,
            )
        if self.gone_count and not undone:
            gone = self.env._("Answers removed before: %s.", self.gone_count)
            sentence = f"{sentence} {gone}"
        if self.failed_count:
            failed = self.env._("Refused by a rule of your CRM: %s.", self.failed_count)
            sentence = f"{sentence} {failed}"
        return sentence

    @api.autovacuum
    def _gc_runs(self):
        """Forget what can't be undone any more."""
        before = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        old = self.search(
            [("create_date", "<", before), ("state", "not in", ("running", "undoing"))]
        )
        old.unlink()
        return len(old), 0
