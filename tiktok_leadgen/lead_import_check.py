"""What a check of downloaded files finds, as an import shows it to people."""

import itertools

from odoo.tools import formatLang

from . import const
from .lead_import import get_rounded_sentence, open_attachment
from .lead_import_preview import preview_table
from .tiktok.lead_file import LeadFile
from .tiktok.lead_table import create_item
from .tiktok.payload import KIND_LEAD

BATCH = 1_000  # rows that are looked up together
SAMPLES = 3  # rows of each table that are shown
# Why a lead stays when its import is undone, in the order in which they are shown.
RETAINED_REASONS = ("changed", "delivered", "earlier", "refused", "erased")


class ImportCheck:
    """Reads the files of an import without importing anything.

    :param run: tiktok.lead.import, as superuser
    """

    def __init__(self, run):
        self._run = run
        self._company = run.company_id
        self._seen = set()
        self.counts = dict.fromkeys(("row_count", "new_count", "known_count", "refused_count"), 0)
        self.refused = []  # name of the table, row and reason
        self.tables = []  # what the import reads: by file
        self.files = []  # what the page shows: by table

    def add_file(self, attachment):
        """Read one file.

        :param attachment: ir.attachment
        """
        with open_attachment(attachment) as file:
            source = LeadFile(file, attachment.name)
            tables = source.scan_tables()
            known = self._run._find_question_names(tables)
            reports = [self._create_report(table) for table in tables]
            rows = source.read_rows(tables, known=known)
            while batch := list(itertools.islice(rows, BATCH)):
                self._add_rows(batch, reports)
        for table, report in zip(tables, reports, strict=True):
            samples = report.pop("samples")
            report.update(preview_table(self._run.env, self._company, table, samples, known))
        stored = [table._asdict() for table in tables]
        self.tables.append({"attachment_id": attachment.id, "tables": stored})
        self.files += reports

    def _create_report(self, table):
        """Return what is shown of a table, before its rows are read.

        :param LeadTable table: that was scanned
        :rtype: dict
        """
        zeros = dict.fromkeys(("new", "known", "refused", "without_id", "without_time"), 0)
        forms = [[name or uid, count] for uid, name, count in table.forms if name or uid]
        error = table.error and format_file_reason(self._run.env, table.error)
        return {"name": table.name, "error": error, "forms": forms, **zeros, "samples": []}

    def _add_rows(self, batch, reports):
        """Count rows as new, known or refused.

        :param list[LeadRow] batch: of any table of the file
        :param list[dict] reports: of the tables
        """
        owners = self._run._get_owner_values(self._company, batch)
        items = [
            (row, row.entry and create_item(row, owners.get(row.entry.get("page_id"))))
            for row in batch
        ]
        leads = [item for _row, item in items if item and item.kind == KIND_LEAD]
        delivered = self._run._find_delivered_keys(self._company, leads)
        known = delivered | self._run._find_lead_keys(self._company, leads)
        for row, item in items:
            self._add_row(reports[row.table], row, item, known)

    def _add_row(self, report, row, item, known):
        """Count one row.

        :param dict report: of its table
        :param LeadRow row: of the file
        :param payload.Item item: of the row, None if it is refused
        :param set known: keys of leads that are here
        """
        self.counts["row_count"] += 1
        if not item or item.kind != KIND_LEAD:
            kind = "refused"
            if len(self.refused) < const.IMPORT_LINES:
                reason = item.reason if item else row.reason
                self.refused.append((report["name"], row.line, reason))
        else:
            is_known = item.key in known or hash(item.key) in self._seen
            kind = "known" if is_known else "new"
            self._seen.add(hash(item.key))
            report["without_id"] += bool(row.fingerprint)
            report["without_time"] += not item.submitted
            if len(report["samples"]) < SAMPLES:
                report["samples"].append(item)
        report[kind] += 1
        self.counts[f"{kind}_count"] += 1


# === SENTENCES === #


def format_row_reason(env, reason):
    """Return why a row is refused, and what to do.

    :param env: for translations
    :param str reason: one of `lead_table.ROW_REASONS` or `payload.REASONS`
    :rtype: str
    """
    if reason == "rounded_id":
        return get_rounded_sentence(env)
    sentences = {
        "bad_id": env._("The lead ID is not one of TikTok's."),
        "no_answers": env._("The row has no answers."),
        "truncated": env._("The file cannot be read from here on. Download it again from TikTok."),
        "too_long": env._("The lead is too long."),
        "too_many_answers": env._("The lead has too many answers."),
        "too_many_values": env._("An answer has too many values."),
    }
    return sentences.get(reason) or env._("The row cannot be read.")


def format_file_reason(env, reason):
    """Return why a file is refused, and what to do.

    :param env: for translations
    :param str reason: one of `lead_file.FILE_REASONS`
    :rtype: str
    """
    again = env._("The file is damaged. Download it again from TikTok.")
    unknown = env._("This is not a file of leads. In TikTok, open Leads Center and click Download.")
    sentences = {
        **dict.fromkeys(("bad_zip", "bad_xlsx", "bad_csv", "truncated"), again),
        **dict.fromkeys(("refusal", "no_header"), unknown),
        "bad_encoding": env._(
            "The file is not in Unicode: a spreadsheet may have saved it. Import the CSV as "
            "downloaded from TikTok."
        ),
        "nested_zip": env._("The file is a ZIP inside a ZIP: unpack it first."),
        "old_excel": env._("Files of Excel 97 are not read. Import the CSV as downloaded."),
        "too_large": env._("The file is too large: split it into smaller ones."),
        "too_many_files": env._("The ZIP holds too many files: split it into smaller ones."),
        "no_rows": env._("The file is empty. TikTok keeps leads for 90 days, by region."),
    }
    return sentences.get(reason, again)


def format_status(run):
    """Return the progress or the result of an import.

    :param run: tiktok.lead.import
    :rtype: str | bool
    """
    env = run.env
    new = formatLang(env, run.new_count, digits=0)
    if run.state == "running" and run.is_undoing:
        return env._("The undo is in progress.")
    if run.state == "running":
        done, rows = (formatLang(env, run[name], digits=0) for name in ("position", "row_count"))
        return env._("Rows done: %(done)s of %(rows)s.", done=done, rows=rows)
    if run.state == "undone":
        return _format_undone(run)
    sentences = {
        "checked": env._("Leads that can be imported: %s.", new),
        "done": env._("Leads imported: %s.", new),
        "cancelled": env._("Cancelled. Leads imported before: %s.", new),
    }
    return " ".join(filter(None, [run.error, sentences.get(run.state)])) or False


def _format_undone(run):
    """Return how many leads an undo removed, and why others stay.

    :param run: tiktok.lead.import
    :rtype: str
    """
    env, counts = run.env, run.retained_counts or {}
    shown = {
        reason: formatLang(env, counts.get(reason, 0), digits=0) for reason in RETAINED_REASONS
    }
    reasons = {
        "changed": env._("Leads that stay, changed since: %s.", shown["changed"]),
        "delivered": env._("Leads that stay, delivered by TikTok too: %s.", shown["delivered"]),
        "earlier": env._("Submissions that stay on an earlier lead: %s.", shown["earlier"]),
        "refused": env._("Leads that stay by a rule of your CRM: %s.", shown["refused"]),
        "erased": env._("Leads erased at the person's request: %s.", shown["erased"]),
    }
    removed = env._("Leads removed: %s.", formatLang(env, run.undone_count, digits=0))
    return " ".join([removed, *(reasons[key] for key in RETAINED_REASONS if counts.get(key))])
