import itertools
import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from ... import const
from ...concurrency import (
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
    InterruptedAttemptsError,
    commit_progress,
    retry_on_serialization_failure,
)
from ...file_rows import (
    count_rows,
    get_batch_size,
    has_enough_rows,
    process_stored,
    process_waiting,
)
from ...job_order import order_by_attempts
from ...job_time import read_clock
from ...lead_import import erase_files_of_ended_run, open_attachment
from ...lead_import_check import format_status
from ...lead_import_undo import undo_next_batch
from ...locks import lock_references
from ...log_filters import describe_error
from ...tiktok import payload
from ...tiktok.lead_file import LeadFile
from ...tiktok.lead_table import LeadTable, create_item

_logger = logging.getLogger(__name__)

BLOCKED_SECONDS = 30  # until the next attempt of what waits for a lock
MAX_IDLE = 20  # batches in a row of which another worker holds all
JOB = "lead_import"  # of tiktok.job.attempt
UNDO_BATCHES = 3  # that are removed in the request; more are removed in the background


class TiktokLeadImport(models.Model):
    """Imports the rows of files in batches: each commits its deliveries together with the position.

    Any worker makes the leads, see `file_rows.py`; what interrupts it there is found as for any
    delivery. An import is undone in batches, too.
    """

    _inherit = "tiktok.lead.import"

    held_ids = fields.Json(
        copy=False,
        readonly=True,
        groups=fields.NO_ACCESS,
        help="Deliveries to be undone at the end: another transaction held them or their leads.",
    )

    # === THE JOB === #

    def _start_import(self):
        """Start or continue the import in the background."""
        self.ensure_one()
        values = {"state": "running", "error": False, "done_at": False, "is_undoing": False}
        if self.state == "checked":
            values |= {"position": 0, "new_count": 0, "known_count": 0}
            values |= {"started_at": read_clock(self.env), "user_id": self.env.uid}
        self.write(values)
        self._trigger_import_cron()

    @api.model
    def _trigger_import_cron(self):
        self.env.ref(const.IMPORT_CRON_XMLID)._tiktok_trigger()

    @api.model
    @retry_on_serialization_failure
    def _cron_import(self):
        """Import and undo, a batch of each import after the other, while there is time."""
        readers, idle = {}, 0
        while runs := self.search([("state", "=", "running")], order="id"):
            ordered, _is_interrupted = order_by_attempts(JOB, runs)
            count = sum(run._run_next_batch(readers) for run in ordered)
            made = process_waiting(self.env)
            if not commit_progress(self.env, processed=count):
                self._trigger_import_cron()
                return
            self.env.invalidate_all()
            idle = 0 if count or made else idle + 1
            if idle > MAX_IDLE:  # other transactions hold what is needed
                later = read_clock(self.env) + timedelta(seconds=BLOCKED_SECONDS)
                self.env.ref(const.IMPORT_CRON_XMLID)._tiktok_trigger(later)
                return

    def _run_next_batch(self, readers):
        """Import or undo the next batch and commit it; an error ends this import only.

        :param dict readers: position and open iterator of rows by id of the import
        :return: how many rows or deliveries were processed, 0 if it waits for a lock
        :rtype: int
        :raise psycopg2.Error: a concurrency error: the whole run must start again
        """
        self.ensure_one()
        try:
            with self.env["tiktok.job.attempt"]._count_attempt(JOB, self.ids) as interrupted:
                if not self._lock_for_batch():
                    return 0
                if self.is_undoing:
                    count = undo_next_batch(self)
                else:
                    count = self._import_next_batch(readers, interrupted)
                commit_progress(self.env, processed=count)
                return count
        except psycopg2.errors.LockNotAvailable:
            self.env.cr.rollback()
            return 0
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 - the other imports go on
            self.env.cr.rollback()
            self._stop_with_error(error)
            return 1

    def _lock_for_batch(self):
        """Lock what the rows of a batch refer to, unless another transaction holds it.

        :return: whether the batch may begin
        :rtype: bool
        """
        if not self.try_lock_for_update() or self.state != "running":
            return False
        needed = {("res_company", self.company_id.id)}
        return lock_references(self.env.cr, needed) == needed

    def _stop_with_error(self, error):
        """End an import that can't go on; what was imported stays.

        :param Exception error: that a batch raised
        """
        _logger.warning("TikTok import %s: %s", self.id, describe_error(error))
        if isinstance(error, OSError):
            sentence = self.env._("The file is no longer on the server. Upload it again.")
        else:
            kind = type(error).__name__
            sentence = self.env._(
                "The import stopped (%s). Click Import to continue, or contact your Odoo "
                "administrator.",
                kind,
            )
        self.error = sentence
        self._finish_run("cancelled")

    def _finish_run(self, state):
        """Set the final state and notify the user who imports.

        :param str state: ``done``, ``cancelled`` or ``undone``
        """
        self.write({"state": state, "done_at": read_clock(self.env), "is_undoing": False})
        for run in self:
            erase_files_of_ended_run(run)
        for record in self.filtered("user_id"):
            run = record.with_context(lang=record.user_id.lang)
            content = {
                "title": run.display_name,
                "message": format_status(run),
                "type": "warning" if state == "cancelled" else "success",
                "sticky": False,
            }
            run.user_id._bus_send("simple_notification", content)

    # === READING === #

    def _read_rows(self):
        """Yield the rows of all files from the position on.

        :rtype: Iterator[LeadRow]
        """
        skip, attachments = self.position, {each.id: each for each in self.attachment_ids}
        for stored in self.tables or ():
            tables = [LeadTable(**table) for table in stored["tables"]]
            count = sum(table.count for table in tables)
            if skip >= count:
                skip -= count
                continue
            with open_attachment(attachments[stored["attachment_id"]]) as file:
                known = self._find_question_names(tables)
                yield from LeadFile(file).read_rows(tables, skip, known)
            skip = 0

    def _find_question_names(self, tables):
        """Return the questions of the forms in a file, as the webhook names them.

        :param list[LeadTable] tables: of the file
        :rtype: list[str]
        """
        uids = [uid for table in tables for uid, _name, _count in table.forms if uid]
        own = [("form_id.company_id", "=", self.company_id.id), ("form_id.page_uid", "in", uids)]
        return self.env["tiktok.form.question"].search(own).mapped("name") if uids else []

    @api.model
    def _get_owner_values(self, company, rows):
        """Return what the ad accounts of forms add to their rows: a file does not name them.

        :param company: res.company
        :param list[LeadRow] rows: of a file
        :return: values of an entry by the id of the form
        :rtype: dict[str, dict]
        """
        uids = {row.entry.get("page_id") for row in rows if row.entry} - {None}
        own = [("company_id", "=", company.id), ("page_uid", "in", list(uids))]
        forms = self.env["tiktok.form"].with_context(active_test=False).search(own)
        return {
            form.page_uid: {"advertiser_id": form.advertiser_uid}
            for form in forms
            if form.advertiser_uid
        }

    # === ONE BATCH === #

    def _import_next_batch(self, readers, interrupted):
        """Store the next rows, or end the import when all of them were processed.

        :param dict readers: position and open iterator of rows by id of the import
        :param int interrupted: attempts with the next rows that ended with their process
        :return: how many rows, 0 if others have to be processed first
        :rtype: int
        :raise InterruptedAttemptsError: if even storing the rows was interrupted each time
        """
        if interrupted > const.MAX_INTERRUPTED_ATTEMPTS:
            raise InterruptedAttemptsError(interrupted)
        if has_enough_rows(self.env):
            return 0
        position, reader = readers.get(self.id, (None, None))
        if position != self.position:  # a batch that was rolled back has been read already
            reader = self._read_rows()
        batch = list(itertools.islice(reader, get_batch_size(self.position)))
        if not batch:
            if count_rows(self.env, SQL("import_id = %s", self.id)):
                readers[self.id] = (self.position, reader)
                return 0
            self._finish_run("done")
            return 1
        owners = self._get_owner_values(self.company_id, batch)
        rows = [row for row in batch if row.entry]
        items = [create_item(row, owners.get(row.entry.get("page_id"))) for row in rows]
        items = [item for item in items if item.kind == payload.KIND_LEAD]
        new = self._store_items(self.company_id, items, self)
        if not self.position and not interrupted:
            process_stored(self.company_id, [item.key for item in items])
        self.write(
            {
                "position": self.position + len(batch),
                "new_count": self.new_count + new,
                "known_count": self.known_count + len(items) - new,
            }
        )
        readers[self.id] = (self.position, reader)
        return len(batch)

    @api.model
    def _deliver_items(self, company, items):
        """Receive leads of a file in Odoo's own import, and process them immediately.

        :param company: res.company
        :param list[payload.Item] items: leads
        """
        self._store_items(company, items)
        process_stored(company, [item.key for item in items])

    @api.model
    def _store_items(self, company, items, run=None):
        """Receive leads of a file like any delivery.

        :param company: res.company
        :param list[payload.Item] items: leads
        :param run: tiktok.lead.import they belong to, None for an import of Odoo's
        :return: how many leads are new
        :rtype: int
        """
        events = self.env["tiktok.event"]
        here = self._find_delivered_keys(company, items)
        fresh = {item.key: item for item in items if item.key not in here}
        known = self._find_lead_keys(company, fresh.values())
        shared = {"source": "import", "import_id": run.id if run else None}
        rows = [
            {**events._prepare_row(item, company.id, "internal", "unchecked", ""), **shared}
            for item in fresh.values()
        ]
        events._receive(rows)
        return len(fresh) - len(known)

    @api.model
    def _find_delivered_keys(self, company, items):
        """Find the leads of which there is a delivery.

        :param company: res.company
        :param items: `payload.Item` of leads, iterable
        :return: their keys
        :rtype: set[str]
        """
        keys = [item.key for item in items]
        own = [("company_id", "=", company.id), ("dedup_key", "in", keys)]
        events = self.env["tiktok.event"].search_fetch(own, ["dedup_key"])
        return set(events.mapped("dedup_key"))

    @api.model
    def _find_lead_keys(self, company, items):
        """Find the leads that are here, such as those that a user imported.

        :param company: res.company
        :param items: `payload.Item` of leads, iterable
        :return: their keys
        :rtype: set[str]
        """
        keys = {item.lead_uid: item.key for item in items}
        own = [("company_id", "=", company.id), ("tiktok_lead_uid", "in", list(keys))]
        leads = self.env["crm.lead"].with_context(active_test=False)
        found = leads.search_fetch(own, ["tiktok_lead_uid"])
        return {keys[uid] for uid in found.mapped("tiktok_lead_uid")}

    # === UNDO === #

    def _start_undo(self):
        """Remove the first leads now, and the others in the background."""
        self.ensure_one()
        zeros = {"position": 0, "undone_count": 0, "retained_counts": False, "error": False}
        zeros["held_ids"] = False
        self.write({**zeros, "state": "running", "is_undoing": True, "user_id": self.env.uid})
        for _batch in range(UNDO_BATCHES):
            if self.state == "running":
                undo_next_batch(self)
        if self.state == "running":
            self._trigger_import_cron()

    @api.model
    def _remove_leads(self, events):
        """Remove deliveries with their leads, so that the file or the webhook can deliver again.

        :param events: tiktok.event
        :return: how many leads
        :rtype: int
        """
        leads = events.lead_id
        count = len(leads)
        leads.with_context(active_test=False).unlink()
        events.unlink()
        return count
