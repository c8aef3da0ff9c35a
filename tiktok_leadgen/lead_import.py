"""Odoo's own import of crm.lead: TikTok's files create no lead twice, and no wrong one."""

import contextlib
import io
import pathlib
from datetime import timedelta

from .job_time import read_transaction_clock
from .tiktok.export_columns import (
    find_lead_columns,
    parse_guarded_uid,
    remove_formula_guard,
)
from .tiktok.lead_file import LeadFile
from .tiktok.lead_table import create_item
from .tiktok.payload import KIND_LEAD
from .tiktok.rounded_ids import RoundedIdCounter, ends_in_zeros, is_number_notation
from .tiktok.standard import get_webhook_names
from .tiktok.values import format_line, isolate
from .utm_records import find_or_create_utm

UID = "tiktok_lead_uid"
MAX_UID = 64  # characters; TikTok's have 19 digits
FILE_CONTEXT = "tiktok_import_file_id"  # the base_import.import whose file is imported
SOURCE = "TikTok"
_LEAST_COLUMNS = 3  # of a lead itself, in a file that TikTok wrote
# The fields to which the columns of a file of TikTok's are suggested, by standard question. What
# names a record, such as a country, is left to the form's mapping.
_SUGGESTED_FIELDS = {
    **dict.fromkeys(("name", "first_name", "last_name"), "name"),
    "email": "email_from",
    "phone_number": "phone",
    "company": "partner_name",
    "job_title": "function",
    **{name: name for name in ("website", "street", "street2", "city", "zip")},
}


@contextlib.contextmanager
def open_attachment(attachment):
    """Open a file without holding all of it in memory, unless the database holds it.

    :param attachment: ir.attachment
    :return: a context manager of the binary file
    """
    if not attachment.store_fname:
        yield io.BytesIO(attachment.raw or b"")
        return
    with pathlib.Path(attachment._full_path(attachment.store_fname)).open("rb") as file:
        yield file


def suggest_fields(headers):
    """Return the fields for the columns of a file that TikTok wrote.

    :param list[str] headers: of the columns
    :return: name of the field by number of the column, None for a column without; empty if it is
        another file
    :rtype: dict[int, str | None]
    """
    columns = find_lead_columns(headers)
    if len(columns) < _LEAST_COLUMNS:
        return {}
    found = {number: UID if key == "id" else None for number, key in columns.items()}
    questions = [number for number in range(len(headers)) if number not in columns]
    names = get_webhook_names([format_line(headers[number]) for number in questions])
    return found | {
        number: _SUGGESTED_FIELDS.get(name)
        for number, name in zip(questions, names, strict=True)
        if name in _SUGGESTED_FIELDS
    }


def prepare_import_rows(leads, fields, data):
    """Return what Odoo imports of a file: guards are removed, and leads that are here are named.

    :param leads: crm.lead, empty
    :param list[str] fields: of the columns, the ID at TikTok among them
    :param list[list] data: rows
    :return: fields, rows, and messages that are shown instead of importing
    :rtype: tuple[list, list, list]
    """
    column = fields.index(UID)
    data = [[remove_formula_guard(c) if isinstance(c, str) else c for c in row] for row in data]
    uids = [parse_guarded_uid(str(row[column] or "")) for row in data]
    known = leads._tiktok_find_existing(leads.env.company, [uid for uid in uids if uid])
    data = [
        [*row[:column], uid, *row[column + 1 :], str(known[uid].id) if uid in known else False]
        for row, uid in zip(data, uids, strict=True)
    ]
    return [*fields, ".id"], data, find_import_errors(leads.env, uids, known)


def complete_imported_leads(leads):
    """Write on leads that a user imported what the form, not the user, says of them.

    :param leads: crm.lead, as superuser
    """
    leads = leads.filtered("tiktok_lead_uid")
    new = leads.filtered(lambda lead: not lead.tiktok_received_at)
    # Without it they were in no period, and waited since an unknown time.
    new.tiktok_received_at = read_transaction_clock(leads.env)
    source_id = find_or_create_utm(leads.env["utm.source"], [SOURCE])[SOURCE]
    new.filtered(lambda lead: not lead.source_id).source_id = source_id
    # The webhook would not recognize a lead of no company.
    leads.filtered(lambda lead: not lead.company_id).company_id = leads.env.company
    file = leads.env["base_import.import"].browse(leads.env.context.get(FILE_CONTEXT) or ())
    if not file.file:
        return
    for company, of_company in leads.grouped("company_id").items():
        uids = set(of_company.mapped("tiktok_lead_uid"))
        items = _read_items(file.file, uids)
        leads.env["tiktok.lead.import"]._deliver_items(company, items)


def _read_items(content, uids):
    """Return what a file says of some leads; nothing of a file that TikTok did not write.

    :param bytes content: of the file
    :param set uids: of the leads
    :rtype: list[payload.Item]
    """
    file = LeadFile(io.BytesIO(content))
    rows = (row for row in file.read_rows(file.scan_tables()) if row.entry)
    items = (create_item(row) for row in rows if row.entry.get("id") in uids)
    return [item for item in items if item.kind == KIND_LEAD]


def find_import_errors(env, uids, known):
    """Return what the import shows instead of importing.

    :param env: for translations
    :param list[str] uids: TikTok's lead IDs of the rows, empty for none
    :param dict known: crm.lead by TikTok's ID
    :rtype: list[dict]
    """
    rounded = _find_rounded_ids(env, uids)
    if rounded:
        return rounded
    errors = [*_find_unusable_ids(env, uids), *_find_duplicate_ids(env, uids)]
    return errors + _find_merged_leads(env, uids, known)


def _find_rounded_ids(env, uids):
    """Return errors of ids that a spreadsheet has rounded: they name another person's lead.

    :param env: for translations
    :param list[str] uids: of the rows
    :rtype: list[dict]
    """
    counter = RoundedIdCounter()
    for uid in uids:
        counter.add_id(uid)
    message = get_rounded_sentence(env)
    return [
        _row_error(row, message)
        for row, uid in enumerate(uids)
        if is_number_notation(uid) or (counter.has_rounded_ids and ends_in_zeros(uid))
    ]


def get_rounded_sentence(env):
    """Return what to do about an ID that a spreadsheet has rounded.

    :param env: for translations
    :rtype: str
    """
    return env._(
        "A spreadsheet rounded the lead ID, so it may be another person's. Import the CSV as "
        "downloaded from TikTok: do not open it in a spreadsheet first."
    )


def _find_unusable_ids(env, uids):
    """Return errors of texts that are no ids; of long ones, no index of the database takes them.

    :param env: for translations
    :param list[str] uids: of the rows
    :rtype: list[dict]
    """
    return [
        _row_error(row, env._("Row %s has no TikTok lead ID: this text is too long.", row + 1))
        for row, uid in enumerate(uids)
        if len(uid) > MAX_UID
    ]


def _find_duplicate_ids(env, uids):
    """Return errors of leads that a file has twice.

    :param env: for translations
    :param list[str] uids: of the rows
    :rtype: list[dict]
    """
    seen, messages = {}, []
    for row, uid in enumerate(uids):
        if uid and uid in seen:
            message = env._(
                "The file contains this TikTok lead twice, in rows %(first)s and "
                "%(second)s: remove one of them.",
                first=seen[uid] + 1,
                second=row + 1,
            )
            messages.append(_row_error(row, message))
        seen.setdefault(uid, row)
    return messages


def _find_merged_leads(env, uids, known):
    """Return errors of leads that were merged into another one: that one must not be changed.

    :param env: for translations
    :param list[str] uids: of the rows
    :param dict known: crm.lead by the id at TikTok
    :rtype: list[dict]
    """
    messages = []
    for row, uid in enumerate(uids):
        lead = known.get(uid)
        if lead and lead.tiktok_lead_uid != uid:
            message = env._(
                "The lead of row %(row)s was merged into the lead “%(lead)s” of the "
                "same person: remove the row.",
                row=row + 1,
                lead=isolate(lead.display_name),
            )
            messages.append(_row_error(row, message))
    return messages


def _row_error(row, message):
    """Return what the import shows at a row.

    :param int row: from 0
    :param str message: to show

    :rtype: dict
    """
    rows = {"from": row, "to": row}
    return {"type": "error", "message": message, "rows": rows, "record": row, "field": UID}


def remove_files(runs):
    """Delete the files and previews of imports.

    :param runs: tiktok.lead.import
    """
    runs.attachment_ids.unlink()
    runs.write({"report": False, "tables": False})
    runs.filtered(lambda run: run.state == "checked").state = "draft"


def erase_files(env, companies):
    """Delete the files and previews of all imports that may hold an erased person.

    A file names people in its own spelling, so no import of the company keeps its files; one in
    progress deletes them when it ends.

    :param env: of any user
    :param companies: res.company of the leads that are erased
    """
    domain = [
        *(("company_id", "in", companies.ids), ("state", "!=", "running"), "|"),
        *(("attachment_ids", "!=", False), ("report", "!=", False)),
    ]
    runs = env["tiktok.lead.import"].sudo().search(domain)
    remove_files(runs)
    runs.filtered(lambda run: run.state in ("draft", "cancelled")).error = env._(
        "The files were deleted because the data of a person was erased. Upload them again."
    )


def erase_files_of_ended_run(run):
    """Delete the files of an import during which a person of its company was erased.

    :param run: tiktok.lead.import that has ended
    """
    if not run.started_at:
        return
    # A transaction that began before the import may have erased the person after it.
    since = run.started_at - timedelta(hours=1)
    erased = [
        *(("company_id", "=", run.company_id.id), ("reason", "=", "erased")),
        ("scrubbed_at", ">=", since),
    ]
    if run.env["tiktok.event"].sudo().search_count(erased, limit=1):
        erase_files(run.env, run.company_id)
