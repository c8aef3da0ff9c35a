import logging

from odoo import api, fields, models

from ...concurrency import process_with_bisection, retry_on_serialization_failure

_logger = logging.getLogger(__name__)

BATCH = 100
UNDO_DAYS = 7  # an application can be undone for so long


class TiktokMappingRun(models.Model):
    """One application of a form's mapping to existing leads."""

    _name = "tiktok.mapping.run"
    _description = "TikTok Mapping Run"
    _order = "id desc"
    _check_company_auto = True

    form_id = fields.Many2one(
        "tiktok.form", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="form_id.company_id", store=True, index=True)
    user_id = fields.Many2one("res.users", "Requested by", readonly=True, ondelete="set null")
    state = fields.Selection(
        [
            ("running", "In progress"),
            ("done", "Done"),
            ("undoing", "Undo in progress"),
            ("undone", "Undone"),
        ],
        "Status",
        required=True,
        readonly=True,
        default="running",
    )
    total = fields.Integer(readonly=True)
    done_count = fields.Integer("Leads checked", readonly=True)
    changed_count = fields.Integer("Changed", readonly=True)
    gone_count = fields.Integer("Without answers", readonly=True)
    failed_count = fields.Integer("Refused", readonly=True)
    last_lead = fields.Integer(readonly=True)
    change_ids = fields.One2many("tiktok.mapping.change", "run_id")

    @api.model
    def _start_in_background(self, form):
        """Start to apply the mapping of a form, in the background.

        :param form: tiktok.form
        :rtype: tiktok.mapping.run
        """
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        run = self.sudo().create(
            {
                "form_id": form.id,
                "user_id": self.env.uid,
                "total": leads.search_count([("tiktok_form_id", "=", form.id)]),
            }
        )
        run._trigger_mapping_cron()
        return run

    def _trigger_mapping_cron(self):
        self.env.ref("tiktok_leadgen.ir_cron_apply_mapping")._tiktok_trigger()

    @api.model
    @retry_on_serialization_failure
    def _cron_apply_mapping(self):
        """Apply and undo mappings, batch after batch, while there is time.

        Those of several forms take turns: a form with many leads must not hold up the others.
        """
        last_id = 0
        while True:
            run = self._find_next_run(last_id)
            if not run:
                self.env["ir.cron"]._commit_progress(remaining=0)
                return
            last_id, run = run.id, run.with_company(run.company_id)
            count = run._undo_next_batch() if run.state == "undoing" else run._apply_next_batch()
            if not self.env["ir.cron"]._commit_progress(count, remaining=1):
                run._trigger_mapping_cron()
                return

    @api.model
    def _find_next_run(self, last_id):
        """Return the open run after another one, else the first one.

        :param int last_id: of the run that had the last batch
        :rtype: tiktok.mapping.run
        """
        open_runs = [("state", "in", ("running", "undoing"))]
        found = self.search([*open_runs, ("id", ">", last_id)], order="id", limit=1)
        return found or self.search(open_runs, order="id", limit=1)

    def _apply_next_batch(self):
        """Apply the mapping to the next leads.

        :return: how many leads were looked at
        :rtype: int
        """
        leads = self.env["crm.lead"].with_context(active_test=False)
        domain = [("tiktok_form_id", "=", self.form_id.id), ("id", ">", self.last_lead)]
        leads = leads.search(domain, order="id", limit=BATCH)
        if not leads:
            self._finish_and_notify("done")
            return 0
        process_with_bisection(leads, self._apply_mapping_to_leads, self._count_refused_lead)
        self.last_lead = leads[-1].id
        self.done_count += len(leads)
        return len(leads)

    def _apply_mapping_to_leads(self, leads):
        """Apply the mapping to a batch and count what it did.

        :param leads: crm.lead of the form
        """
        changed, gone = self.env["tiktok.mapping.change"]._apply_mapping(self, leads)
        self.changed_count += changed
        self.gone_count += gone

    def _count_refused_undo(self, change, error):
        self._count_refused_lead(change.lead_id, error)

    def _count_refused_lead(self, lead, error):
        """Count a lead that Odoo refuses to write; the others are processed.

        :param lead: crm.lead
        :param Exception error: that writing it raised
        """
        _logger.warning("TikTok mapping: lead %s refused: %s", lead.id, type(error).__name__)
        self.failed_count += 1

    def _undo_next_batch(self):
        """Undo the next changes, the last one first.

        :return: how many
        :rtype: int
        """
        changes = self.change_ids.search([("run_id", "=", self.id)], order="id desc", limit=BATCH)
        if not changes:
            self._finish_and_notify("undone")
            return 0
        process_with_bisection(changes, type(changes)._undo_lead_changes, self._count_refused_undo)
        count = len(changes)
        changes.unlink()
        return count

    def _finish_and_notify(self, state):
        """Set the final state and notify the user who started the run.

        :param str state: ``done`` or ``undone``
        """
        self.state = state
        title = self.form_id.display_name
        sentence = self.with_context(lang=self.user_id.lang)._get_progress_text()
        self.user_id._bus_send(
            "simple_notification",
            {"type": "success", "title": title, "message": sentence, "sticky": False},
        )

    def _get_progress_text(self):
        """Return the progress or result of the run for people.

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
            return self.env._("The undo is in progress.")
        undone = self.state == "undone"
        if undone:
            sentence = self.env._(
                "The mapping was undone; changes made by people since then were kept."
            )
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
    def _gc_old_runs(self):
        """Delete the runs that can no longer be undone.

        :return: how many, and whether some are left
        :rtype: tuple[int, int]
        """
        before = fields.Datetime.subtract(fields.Datetime.now(), days=UNDO_DAYS)
        old = self.search(
            [("create_date", "<", before), ("state", "not in", ("running", "undoing"))]
        )
        old.unlink()
        return len(old), 0
