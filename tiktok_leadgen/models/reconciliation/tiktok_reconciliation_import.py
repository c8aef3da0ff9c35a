import hashlib
import itertools
from datetime import datetime, timezone

from odoo import models
from odoo.tools import SQL

from ... import const
from ...concurrency import InterruptedAttemptsError
from ...event_store import SUPPLEMENT
from ...file_rows import (
    count_rows,
    get_batch_size,
    has_enough_rows,
    process_stored,
    process_waiting,
)
from ...tiktok import lead as tiktok_lead
from ...tiktok import payload
from ...tiktok.errors import RetryLaterError, UnparsableAnswerError, WrongRequestError
from ...tiktok.export import convert_file_error
from ...tiktok.export_csv import Export
from ...tiktok.supplement import find_supplement, matches_authenticated
from ..event.tiktok_event_receive import QUARANTINED
from .tiktok_reconciliation_export import ROW_JOB, STEP_JOB

MARK_SIZE = 2**63
# What `_count_day` counts of a day.
LEAD, TEST, ELSEWHERE = range(3)


class TiktokReconciliationExport(models.Model):
    """Imports a file in batches: each commits its rows together with the position in the file.

    Any worker makes the leads, see `file_rows.py`. Each batch is counted before it begins. The rows
    of one that was interrupted with its process are imported one at a time; the row that interrupts
    each attempt becomes a failed delivery.
    """

    _inherit = "tiktok.reconciliation.export"

    def _import_file(self):
        """Import rows from where the last run stopped, as long as this one lasts.

        :raise TiktokError: if the file holds a refusal that concerns the ad account
        :raise InterruptedAttemptsError: if too many attempts were interrupted
        """
        if not self._get_path().exists():
            self._reset_export()  # another node downloaded it, or the disk is new
            return
        try:
            with self._get_path().open("rb") as file:
                self._import_batches(self._open_table(file))
        except UnparsableAnswerError as problem:
            error = convert_file_error(problem)
            if not isinstance(error, (UnparsableAnswerError, RetryLaterError, WrongRequestError)):
                self._delete_files()
                raise error from None
            self._request_again(self.reconciliation_id._explain_error(error))

    def _open_table(self, file):
        """Return the table in a file, after looking through all of it.

        :param file: binary
        :rtype: Export
        :raise UnparsableAnswerError: if it is no such file
        :raise InterruptedAttemptsError: if too many attempts were interrupted
        """
        with self.env["tiktok.job.attempt"]._limit_attempts(STEP_JOB, self.id):
            known = self.form_id.question_ids.mapped("name")
            table = Export(file, self._get_owner_values(), known)
        self.lines = table.lines
        return table

    def _import_batches(self, table):
        """Import batch after batch until the file or the time of this run is over.

        :param Export table: the file
        :raise UnparsableAnswerError: where the file can't be read on
        :raise InterruptedAttemptsError: if too many attempts were interrupted
        """
        self._record_interruption()
        rows, goes_on = table.rows(skip=self.position), True
        while goes_on:
            with self.env["tiktok.job.attempt"]._count_attempt(ROW_JOB, self.ids) as interrupted:
                if not self.try_lock_for_update():
                    return  # another process imports it
                if interrupted > const.MAX_INTERRUPTED_ATTEMPTS:
                    goes_on = self._skip_row()
                    rows = table.rows(skip=self.position)
                else:
                    goes_on = self._import_next_rows(rows, interrupted)
            if goes_on:
                process_waiting(self.env)

    def _record_interruption(self):
        """Record that a process ended while it imported rows, before they are tried again.

        :raise InterruptedAttemptsError: after too many of one file
        """
        if self.id not in self.env["tiktok.job.attempt"]._find_interrupted(ROW_JOB):
            return
        self.interrupted_count += 1
        self.careful_until = max(self.careful_until, self.position + const.FILE_BATCH_SIZE)
        self.env["ir.cron"]._commit_progress()
        if self.interrupted_count > const.MAX_EXPORT_INTERRUPTIONS:
            raise InterruptedAttemptsError(self.interrupted_count)

    def _import_next_rows(self, rows, interrupted):
        """Import the next batch, or the next row where an attempt was interrupted.

        :param rows: iterator of `export_csv.Row`
        :param int interrupted: attempts with the next row that were interrupted
        :return: whether to continue with this file
        :rtype: bool
        """
        if has_enough_rows(self.env):
            return self._commit_batch(0)
        is_careful = self.position < self.careful_until
        size = 1 if is_careful else get_batch_size(self.position)
        batch = list(itertools.islice(rows, size))
        if batch and interrupted == const.MAX_INTERRUPTED_ATTEMPTS:
            self._refuse_row(batch[0], interrupted)
        elif batch:
            self._store_batch(batch)
        self.position = batch[-1].number if batch else self.position
        exported = SQL("source = 'backfill' AND company_id = %s", self.company_id.id)
        if len(batch) == size or count_rows(self.env, exported):
            return self._commit_batch(len(batch))
        self._close_export()  # in the same transaction
        self.env.flush_all()
        return False

    def _commit_batch(self, size):
        """Commit rows and position together: a power cut loses both or neither.

        :param int size: rows of the batch
        :return: whether to continue with this file
        :rtype: bool
        """
        left = self.env["ir.cron"]._commit_progress(size)
        self.env.invalidate_all()
        return bool(left) and self.reconciliation_id.state == "running"

    def _refuse_row(self, row, interrupted):
        """Store a row that interrupts each attempt as a failed delivery, without making a lead.

        :param export_csv.Row row: the row
        :param int interrupted: attempts that were interrupted
        """
        events = self.env["tiktok.event"]
        self._count_failed_row(row.submitted)
        item = row.entry and payload.parse_entry(row.entry)
        if not item or item.kind != payload.KIND_LEAD:
            self.bad_count += 1
            return
        if events._receive([self._prepare_event_row(item)]):
            own = [("company_id", "=", self.company_id.id), ("dedup_key", "=", item.key)]
            event = events.search([*own, ("state", "=", "pending")])
            if event:
                event._process_interrupted(interrupted)
        self.mark = self._add_mark([item.lead_uid])
        self._mark_exported([item.key])

    def _skip_row(self):
        """Leave out a row that interrupts even its storing.

        :return: whether to continue with this file
        :rtype: bool
        """
        self._count_failed_row(None)
        self.write({"bad_count": self.bad_count + 1, "position": self.position + 1})
        return self._commit_batch(1)

    def _count_failed_row(self, submitted):
        days = dict(self.days or {})
        self._count_day(days, submitted, LEAD)
        counts = {name: self[name] + 1 for name in ("row_count", "failed_count")}
        self.write({"days": days, **counts})

    # === ONE BATCH === #

    def _store_batch(self, batch):
        """Import the missing leads of a batch, supplement those that are here, and count.

        :param list batch: of `export_csv.Row`
        """
        leads, days = {}, dict(self.days or {})
        counts = {"row_count": 0, "test_count": 0, "bad_count": 0}
        test_uids = self.env["tiktok.connection.test"]._find_lead_uids(self.company_id)
        for row in batch:
            found = row.entry and payload.parse_entry(row.entry)
            is_lead = found and found.kind == payload.KIND_LEAD
            lead = is_lead and tiktok_lead.parse_lead(found.raw)
            is_test = bool(lead) and (lead.is_test or found.lead_uid in test_uids)
            counts["test_count" if is_test else "row_count"] += 1
            self._count_day(days, row.submitted, TEST if is_test else LEAD)
            if not lead:
                counts["bad_count"] += 1
            elif not is_test:
                leads[found.lead_uid] = (found, lead)
        counts.update(self._import_leads(leads, days))
        for name, count in counts.items():
            self[name] += count
        self.write({"days": days, "mark": self._add_mark(leads)})

    def _count_day(self, days, submitted, kind):
        """Count one row of a day.

        :param dict days: counts of leads, tests and leads of another company by day; changed
        :param int submitted: seconds since 1970, or None
        :param int kind: `LEAD`, `TEST` or `ELSEWHERE`
        """
        moment = datetime.fromtimestamp(submitted, timezone.utc) if submitted else self.create_date
        counts = days.setdefault(f"{moment:%Y-%m-%d}", [0, 0, 0])
        counts[kind] += 1

    def _add_mark(self, uids):
        count, _colon, total = (self.mark or "0:0").partition(":")
        digests = (hashlib.sha256(uid.encode()).digest()[:8] for uid in uids)
        added = sum(int.from_bytes(digest, "big") for digest in digests)
        return f"{int(count) + len(uids)}:{(int(total) + added) % MARK_SIZE}"

    def _import_leads(self, leads, days):
        """Receive what is missing like any delivery; any worker makes the leads.

        :param dict leads: item and `tiktok.lead.ParsedLead` by TikTok's id
        :param dict days: of `_count_day`; leads of another company are counted
        :return: how many leads are new, supplemented and verified
        :rtype: dict
        """
        events = self.env["tiktok.event"]
        here, elsewhere, quarantined = self._find_known_events(list(leads))
        accepted, missing, more = events, [], []
        for uid, (item, lead) in leads.items():
            known = here.get(uid) or elsewhere.get(uid)
            verified = self._verify_stored_events(quarantined.get(uid), lead, known)
            if verified:
                accepted += verified
                more += [item] if find_supplement(verified._read_lead(), lead) else []
            elif uid in here:
                more += [item] if self._has_supplement(here[uid], lead) else []
            elif uid in elsewhere:
                self._count_day(days, lead.submitted, ELSEWHERE)
            else:
                missing.append(item)
        new_rows = [self._prepare_event_row(item) for item in missing]
        more_rows = [self._prepare_event_row(item, f"{SUPPLEMENT}:{item.key}") for item in more]
        counts = {"new_count": events._receive(new_rows), "more_count": events._receive(more_rows)}
        is_first = not (self.position or self.careful_until)
        first = [row["dedup_key"] for row in new_rows + more_rows] if is_first else []
        process_stored(self.company_id, [*first, *accepted.mapped("dedup_key")])
        known = (*here, *accepted.mapped("lead_uid"))
        self._mark_exported([leads[uid][0].key for uid in known])
        return {**counts, "accepted_count": len(accepted)}

    def _find_known_events(self, uids):
        """Find the deliveries of these leads.

        :param list[str] uids: TikTok's ids of leads
        :return: events by TikTok's id: of this company, those another company has, and lists of
            those that are quarantined
        :rtype: tuple[dict, dict, dict]
        """
        here, elsewhere, quarantined = {}, {}, {}
        domain = [("lead_uid", "in", uids), ("kind", "=", "lead")]
        names = ["lead_uid", "company_id", "state", "dedup_key", "lead_id", "exported_at", "source"]
        for event in self.env["tiktok.event"].search_fetch(domain, names, order="id"):
            uid, own = event.lead_uid, event.company_id == self.company_id
            if event.state == "quarantined" and event.dedup_key.startswith(f"{QUARANTINED}:"):
                if own or not event.company_id:
                    quarantined.setdefault(uid, []).append(event)
            elif event.dedup_key != payload.get_lead_key(uid):
                continue
            elif own:
                here[uid] = event
            elif event.state in ("done", "pending", "failed"):
                elsewhere[uid] = event
        return here, elsewhere, quarantined

    def _verify_stored_events(self, quarantined, lead, known):
        """Accept or ignore the quarantined deliveries of a lead by what TikTok's export says.

        :param list quarantined: tiktok.event of one lead, or None
        :param ParsedLead lead: of the export
        :param known: the verified tiktok.event of any company, or None
        :return: the tiktok.event that is accepted now, or None
        :rtype: tiktok.event | None
        """
        accepted = None
        for event in quarantined or ():
            claimed = event._read_lead()
            is_true = bool(claimed) and matches_authenticated(claimed, lead)
            if is_true and not known and not accepted:
                event.company_id = self.company_id
                key = payload.get_lead_key(event.lead_uid)
                event.write({"dedup_key": key, "verification": "export"})
                event._make_pending()
                accepted = event
            else:
                event._mark_ignored("repeated" if is_true else "disproved")
        return accepted

    def _has_supplement(self, event, lead):
        """Tell whether the export knows more of a lead that is here; it is compared one time.

        :param event: tiktok.event of the lead
        :param ParsedLead lead: of the export
        :rtype: bool
        """
        if event.exported_at or event.scrubbed_at:
            return False
        if event.lead_id.tiktok_lead_uid != event.lead_uid:
            return False  # deleted, or noted on an earlier lead of the same person
        return bool(find_supplement(event.lead_id._tiktok_as_parsed_lead(), lead))

    def _prepare_event_row(self, item, key=None):
        events = self.env["tiktok.event"]
        row = events._prepare_row(item, self.company_id.id, "internal", "unchecked", "")
        return {**row, "source": "backfill", "dedup_key": key or item.key}

    def _mark_exported(self, keys):
        events = self.env["tiktok.event"]
        events.flush_model()
        self.env.cr.execute(
            """UPDATE tiktok_event SET exported_at = date_trunc('second', now() AT TIME ZONE 'UTC')
                WHERE company_id = %s AND dedup_key = ANY(%s) AND exported_at IS NULL""",
            [self.company_id.id, keys],
        )
        events.invalidate_model(["exported_at"])

    # === THE END OF THE FILE === #

    def _close_export(self):
        """End the export; with the last one of a form, store the days of the form."""
        siblings = self.reconciliation_id.export_ids - self
        siblings = siblings.filtered(lambda export: export.form_id == self.form_id)
        done = siblings.filtered(lambda export: export.state == "done" and not export.is_echo)
        # A TikTok that ignores the region gives the same leads three times.
        echo = bool(self.row_count) and self.mark in done.mapped("mark")
        error = self.failed_count and self.reconciliation_id._get_reader_env()._(
            "Odoo stopped each time it imported some rows (rows: %s). Filter the deliveries by "
            "Failed: each one shows its reason.",
            self.failed_count,
        )
        self.write({"state": "done", "is_echo": echo, "error": error or False})
        self._delete_files()
        if all(export.state == "done" for export in siblings):
            exports = (siblings + self).filtered(lambda export: not export.is_echo)
            self.env["tiktok.reconciliation.day"]._store_days(self.form_id, exports)
