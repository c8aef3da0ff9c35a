import hashlib
from datetime import datetime, timezone

from odoo import fields, models
from odoo.tools import SQL

from .. import const
from ..tiktok import lead as tiktok_lead
from ..tiktok import payload
from ..tiktok.errors import NotUnderstoodError, RetryLaterError, WrongRequestError
from ..tiktok.export import file_error
from ..tiktok.export_csv import Export
from ..tiktok.news import agrees, news
from .tiktok_event_more import MORE
from .tiktok_event_receive import KEPT

MARK_SIZE = 2**63


class TiktokBackfillPart(models.Model):
    """Reads a file of TikTok's in batches. Each commits what it brought and how far it came."""

    _inherit = "tiktok.backfill.part"

    def _read_file(self):
        """Read on where the last run stopped, as long as this one lasts."""
        if not self._path().exists():
            self._begin_anew()  # another node fetched it, or the disk is new
            return
        try:
            self._read_batches()
        except NotUnderstoodError as problem:
            error = file_error(problem)
            if not isinstance(error, (NotUnderstoodError, RetryLaterError, WrongRequestError)):
                self._drop_files()
                raise error from None
            self._try_again(self.backfill_id._explain(error))

    def _read_batches(self):
        with self._path().open("rb") as file:
            known = self.form_id.question_ids.mapped("name")
            export = Export(file, self._owner_values(), known)
            self.lines = export.lines
            batch = []
            for row in export.rows(skip=self.position):
                batch.append(row)
                if len(batch) == const.BATCH_SIZE:
                    if not self._take_alone(batch):
                        return
                    batch = []
            if self._take_alone(batch, last=True):
                self._close()

    def _owner_values(self):
        """Return what each lead of the file says beside its row, as in the webhook."""
        advertiser, form = self.backfill_id.advertiser_id, self.form_id
        values = {"advertiser_id": advertiser.advertiser_uid, "advertiser_name": advertiser.name}
        if form.library_uid:
            values["library_id"] = form.library_uid
        return {**values, "page_id": form.page_uid, "page_name": form.name}

    def _take_alone(self, batch, last=False):
        """Take a batch and commit it together with the new position.

        :param list batch: of `export_csv.Row`
        :param bool last: whether nothing comes after it
        :return: whether to go on
        :rtype: bool
        """
        if not self.try_lock_for_update():
            return False  # somebody else reads it
        if batch:
            self._take(batch)
            self.position = batch[-1].number
        if last:
            return True  # closing it belongs to the same transaction
        # A power cut now costs nothing: leads and position are on disk together, or neither.
        left = self.env["ir.cron"]._commit_progress(len(batch), remaining=1)
        self.env.invalidate_all()
        return bool(left) and self.backfill_id.state == "running"

    # === ONE BATCH === #

    def _take(self, batch):
        """Bring what is missing of a batch, complete what is here, and count."""
        leads, days = {}, dict(self.days or {})
        counts = {"row_count": 0, "test_count": 0, "bad_count": 0}
        proofs = self.env["tiktok.proof"]._uids(self.company_id)
        for row in batch:
            found = row.entry and payload.item(row.entry)
            is_lead = found and found.kind == payload.KIND_LEAD
            lead = is_lead and tiktok_lead.read(found.raw)
            is_test = lead and (lead.is_test or found.lead_uid in proofs)
            kind = "test_count" if is_test else "row_count"
            counts[kind] += 1
            self._count_day(days, row.submitted, int(kind == "test_count"))
            if not lead:
                counts["bad_count"] += 1
            elif not is_test:
                leads[found.lead_uid] = (found, lead)
        counts.update(self._bring(leads, days))
        for name, count in counts.items():
            self[name] += count
        self.write({"days": days, "mark": self._add_mark(leads)})

    def _count_day(self, days, submitted, place):
        """Count one lead of a day: 0 a lead, 1 a test, 2 a lead of another company."""
        moment = datetime.fromtimestamp(submitted, timezone.utc) if submitted else self.create_date
        counts = days.setdefault(f"{moment:%Y-%m-%d}", [0, 0, 0])
        counts[place] += 1

    def _add_mark(self, uids):
        count, _colon, total = (self.mark or "0:0").partition(":")
        digests = (hashlib.sha256(uid.encode()).digest()[:8] for uid in uids)
        added = sum(int.from_bytes(digest, "big") for digest in digests)
        return f"{int(count) + len(uids)}:{(int(total) + added) % MARK_SIZE}"

    def _bring(self, leads, days):
        """Let what is missing in through the one door, and process it at once.

        :param dict leads: item and `tiktok.lead.Lead` by TikTok's id
        :param dict days: counts what is another company's
        :return: what was brought, completed and accepted
        :rtype: dict
        """
        events = self.env["tiktok.event"]
        here, elsewhere, kept = self._find(list(leads))
        accepted, missing, more = events, [], []
        for uid, (item, lead) in leads.items():
            proven = self._prove(kept.get(uid), lead, here.get(uid) or elsewhere.get(uid))
            if proven:
                accepted += proven
                more += [item] if news(proven._read_lead(), lead) else []
            elif uid in here:
                more += [item] if self._completes(here[uid], lead) else []
            elif uid in elsewhere:
                self._count_day(days, lead.submitted, 2)
            else:
                missing.append(item)
        rows = [self._row(item) for item in missing]
        rows += [self._row(item, f"{MORE}:{item.key}") for item in more]
        new = events._receive([row for row in rows if not row["dedup_key"].startswith(MORE)])
        added = events._receive([row for row in rows if row["dedup_key"].startswith(MORE)])
        self._process([row["dedup_key"] for row in rows], accepted)
        self._mark_exported([item.key for item, _lead in leads.values()])
        return {"new_count": new, "more_count": added, "accepted_count": len(accepted)}

    def _find(self, uids):
        """Look up what is here of these leads.

        :return: events by TikTok's id: of this company; those another company has; lists of those
            that are kept aside
        :rtype: tuple[dict, dict, dict]
        """
        here, elsewhere, kept = {}, {}, {}
        domain = [("lead_uid", "in", uids), ("kind", "=", "lead")]
        names = ["lead_uid", "company_id", "state", "dedup_key", "lead_id", "exported_at", "source"]
        for event in self.env["tiktok.event"].search_fetch(domain, names, order="id"):
            uid, own = event.lead_uid, event.company_id == self.company_id
            if event.state == "quarantined" and event.dedup_key.startswith(f"{KEPT}:"):
                if own or not event.company_id:
                    kept.setdefault(uid, []).append(event)
            elif event.dedup_key == payload.lead_key(uid) and own:
                here[uid] = event
            elif event.dedup_key == payload.lead_key(uid) and event.state in (
                "done",
                "pending",
                "failed",
            ):
                elsewhere[uid] = event
        return here, elsewhere, kept

    def _prove(self, kept, lead, here):
        """Judge what came without proof by TikTok's own word.

        :param list kept: events of one lead that are kept aside, or None
        :param lead: `tiktok.lead.Lead` of the export
        :param here: the event that came with proof, to whichever company, or None
        :return: the one that is accepted now, or None
        :rtype: tiktok.event | None
        """
        accepted = None
        for event in kept or ():
            claimed = event._read_lead()
            true = bool(claimed) and agrees(claimed, lead)
            if true and not here and not accepted:
                event.company_id = self.company_id
                event.write({"dedup_key": payload.lead_key(event.lead_uid), "trust": "export"})
                event._make_pending()
                accepted = event
            else:
                event._ignore("repeated" if true else "disproved")
        return accepted

    def _completes(self, event, lead):
        """Tell whether the export knows more of a lead that is here; it is looked at once."""
        if event.exported_at or event.scrubbed_at:
            return False
        if event.lead_id.tiktok_lead_uid != event.lead_uid:
            return False  # deleted, or noted on an earlier lead of the same person
        return bool(news(event.lead_id._tiktok_known(), lead))

    def _row(self, item, key=None):
        events = self.env["tiktok.event"]
        row = events._prepare_row(item, self.company_id.id, "internal", "unchecked", "")
        return {**row, "source": "backfill", "dedup_key": key or item.key}

    def _process(self, keys, accepted):
        """Make leads in this transaction: nothing of it waits in front of a lead that comes now."""
        events = self.env["tiktok.event"]
        events.flush_model()
        wanted = [("company_id", "=", self.company_id.id), ("state", "=", "pending")]
        ids = (events.search([*wanted, ("dedup_key", "in", keys)]) + accepted).ids
        last_id = 0
        while claimed := events._claim(last_id, ids):
            last_id = claimed[-1].id
            events._process_batch(claimed)

    def _mark_exported(self, keys):
        self.env["tiktok.event"].flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE tiktok_event SET exported_at = %s
                    WHERE company_id = %s AND dedup_key = ANY(%s) AND exported_at IS NULL""",
                fields.Datetime.now(),
                self.company_id.id,
                keys,
            )
        )
        self.env["tiktok.event"].invalidate_model(["exported_at"])

    # === THE END OF IT === #

    def _close(self):
        """End the file; with the last one of a form, its days are written to the ledger."""
        siblings = self.backfill_id.part_ids.filtered(lambda p: p.form_id == self.form_id) - self
        done = siblings.filtered(lambda part: part.state == "done" and not part.is_echo)
        # Whoever ignores the region gives the same leads three times.
        echo = bool(self.row_count) and self.mark in done.mapped("mark")
        self.write({"state": "done", "is_echo": echo, "error": False})
        self._drop_files()
        if all(part.state == "done" for part in siblings):
            parts = siblings + self
            self.env["tiktok.ledger.day"]._store(
                self.form_id, parts.filtered(lambda part: not part.is_echo)
            )
