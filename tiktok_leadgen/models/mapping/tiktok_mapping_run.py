import logging

import psycopg2

from odoo import api, fields, models

from ... import const
from ...concurrency import (
    InterruptedAttemptsError,
    UnfinishedError,
    delete_unlocked,
    process_each,
    process_with_bisection,
    retry_on_serialization_failure,
    wake_running_job,
)
from ...job_time import has_time, read_transaction_clock
from ...log_filters import describe_error

_logger = logging.getLogger(__name__)

BATCH = 100
UNDO_DAYS = 7  # an application can be undone for so long
OPEN = [("state", "in", ("running", "undoing"))]


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
    # Leads or changes that another transaction held, and how many are processed one at a time.
    held_ids = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    careful_count = fields.Integer(readonly=True, groups=fields.NO_ACCESS)
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
        work, on_error = type(self)._process_next_batch, type(self)._handle_batch_error
        left_over = self.browse()
        while runs := self.search([*OPEN, ("id", "not in", left_over.ids)], order="id"):
            left_over |= process_each(runs, work, on_error, job=self._name)
            if not has_time(self.env):
                wake_running_job(self.env)
                return

    def _process_next_batch(self):
        """Apply or undo the mapping on the next leads; those that were held come at the end.

        Leads are processed one at a time where an attempt was interrupted with its process.

        :raise UnfinishedError: if other transactions hold all leads that are left
        """
        run = self.with_company(self.company_id)
        if self.env.context.get("tiktok_interrupted"):
            run.careful_count = BATCH
        size = 1 if run.careful_count else BATCH
        records, is_last_part = run._find_next_records(size)
        if not records:
            run._finish_and_notify("undone" if run.state == "undoing" else "done")
            return
        held = run._process_records(records)
        if is_last_part and held == records:
            raise UnfinishedError
        waiting = set(run.held_ids or ()) - {*records.ids} | {*held.ids}
        run.held_ids = sorted(waiting) or False
        run.careful_count = max(run.careful_count - len(records), 0)

    def _find_next_records(self, size):
        """Find the next leads to change or, while the run is undone, the next of its changes.

        :param int size: how many at most
        :return: the records, and whether they were held before
        :rtype: tuple[crm.lead | tiktok.mapping.change, bool]
        """
        held = self.held_ids or []
        if self.state == "undoing":  # the last change first
            records = self.change_ids.search(
                [("run_id", "=", self.id), ("id", "not in", held)], order="id desc", limit=size
            )
        else:
            records = self.env["crm.lead"].with_context(active_test=False)
            domain = [("tiktok_form_id", "=", self.form_id.id), ("id", ">", self.last_lead)]
            records = records.search(domain, order="id", limit=size)
        return (records, False) if records else (records.browse(held).exists()[:size], True)

    def _process_records(self, records):
        """Apply or undo the mapping on some leads, except those that are held.

        :param records: of `_find_next_records`
        :return: those that another transaction holds
        :rtype: crm.lead | tiktok.mapping.change
        """
        is_undoing = self.state == "undoing"
        leads = records.lead_id if is_undoing else records
        free = leads.try_lock_for_update(allow_referencing=True)
        held = records.filtered(lambda each: (each.lead_id if is_undoing else each) not in free)

        def handle_error(record, error):
            nonlocal held
            if isinstance(error, psycopg2.errors.LockNotAvailable):
                held += record
            else:
                self._count_refused_lead(record.lead_id if is_undoing else record, error)

        work = type(records)._undo_lead_changes if is_undoing else self._apply_mapping_to_leads
        process_with_bisection(records - held, work, handle_error)
        done = records - held
        if is_undoing:
            done.unlink()
        else:
            self.last_lead = max(self.last_lead, *records.ids)
            self.done_count += len(done)
        return held

    def _handle_batch_error(self, error):
        """Leave out the lead that interrupts each attempt; end what can't go on.

        :param Exception error: of a batch
        """
        records = self.browse()
        if isinstance(error, InterruptedAttemptsError):
            records, _is_last_part = self._find_next_records(1)
        if not records:
            _logger.warning("TikTok mapping %s: %s", self.id, describe_error(error))
            self.state = "undone" if self.state == "undoing" else "done"
            return
        is_undoing = self.state == "undoing"
        self._count_refused_lead(records.lead_id if is_undoing else records, error)
        self.held_ids = [each for each in self.held_ids or () if each != records.id] or False
        self.careful_count = BATCH
        if is_undoing:
            records.unlink()
        else:
            self.write({"last_lead": max(self.last_lead, records.id)})
            self.done_count += 1

    def _apply_mapping_to_leads(self, leads):
        """Apply the mapping to a batch and count what it did.

        :param leads: crm.lead of the form
        """
        changed, gone = self.env["tiktok.mapping.change"]._apply_mapping(self, leads)
        self.changed_count += changed
        self.gone_count += gone

    def _count_refused_lead(self, lead, error):
        """Count a lead that Odoo refuses to write; the others are processed.

        :param lead: crm.lead
        :param Exception error: that writing it raised
        """
        _logger.warning("TikTok mapping: lead %s refused: %s", lead.id, type(error).__name__)
        self.failed_count += 1

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
        before = fields.Datetime.subtract(read_transaction_clock(self.env), days=UNDO_DAYS)
        old = self.search(
            [("create_date", "<", before), ("state", "not in", ("running", "undoing"))],
            limit=const.GC_BATCH,
        )
        return delete_unlocked(old)
