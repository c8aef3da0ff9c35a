"""One table of leads in a downloaded file: its header, what a scan counts of it, and its rows."""

import contextlib
import hashlib
import itertools
import typing

from . import payload
from .errors import UnparsableAnswerError
from .export_columns import (
    ExportTable,
    find_lead_columns,
    is_contact_question,
    is_lead_uid,
    parse_guarded_uid,
)
from .export_csv import raise_for_refusal
from .rounded_ids import RoundedIdCounter, ends_in_zeros, is_number_notation

MAX_FORMS = 20  # whose names are returned
MAX_LABELS = 200  # of a header, that are returned
MAX_LABEL = 200  # characters of each of them
HEADER_ROWS = 10  # of a sheet, among which the header is looked for
SAMPLE_ROWS = 50  # that show which column has the ids
_LEAST_DIGITS = 18  # of an id whose column has another name
# Why a row is refused, besides `payload.REASONS`.
ROW_REASONS = ("rounded_id", "bad_id", "no_answers", "truncated")


class LeadTable(typing.NamedTuple):
    """A table of leads in a file, as a scan found it."""

    name: str  # of the file, of the file in a ZIP, or of the sheet
    member: int = 0  # number of the file in a ZIP
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    header: tuple = ()  # its cells
    header_line: int = 1
    id_column: int | None = None  # if its name does not say what it is
    is_rounded: bool = False  # ids that end in zeros were rounded by a spreadsheet
    count: int = 0  # rows below the header, without blank ones
    forms: tuple = ()  # id, name and rows of each form, the most frequent ones
    error: str = ""  # why there is nothing to read, one of `lead_file.FILE_REASONS`


class LeadRow(typing.NamedTuple):
    """A row of a file."""

    table: int  # number of its table
    line: int  # as a spreadsheet numbers it: the first is 1
    entry: dict | None  # of the webhook's shape; None for a row that is refused
    fingerprint: str = ""  # stands for the id of a lead that has none
    reason: str = ""  # why it is refused, one of ROW_REASONS or `payload.REASONS`


def scan_records(table, records):
    """Count the rows of a table and decide which of its ids are true.

    :param LeadTable table: as far as it is known
    :param Iterator records: number and cells of each record, from the first one
    :rtype: LeadTable
    :raise UnparsableAnswerError: if it is no table of leads
    """
    head, is_cut = _read_head(records)
    number, header, columns = _find_header(head)
    rows = [cells for line, cells in head if line > number]
    id_column = _find_id_column(header, columns, rows)
    keys = {key: column for column, key in columns.items() if key}
    scan = _Scan(keys.get("id", id_column), keys.get("page_id"), keys.get("page_name"))
    try:
        for cells in rows:
            scan.add_row(cells, len(header))
        for _line, cells in records if not is_cut else ():
            scan.add_row(cells, len(header))
    except UnparsableAnswerError:
        is_cut = True
    return table._replace(
        header=tuple(cell[:MAX_LABEL] for cell in header[:MAX_LABELS]),
        header_line=number,
        id_column=id_column,
        is_rounded=scan.ids.has_rounded_ids,
        count=scan.count + is_cut,  # `read_table` yields a row that says so
        forms=scan.list_forms(),
    )


def _read_head(records):
    """Read the first records of a table.

    :param Iterator records: number and cells of each
    :return: the records that are not blank, and whether the file can't be read on
    :rtype: tuple[list, bool]
    """
    head = []
    try:
        for number, cells in itertools.islice(records, HEADER_ROWS + SAMPLE_ROWS):
            if any(cell.strip() for cell in cells):
                head.append((number, cells))
    except UnparsableAnswerError:
        if not head:
            raise
        return head, True
    return head, False


def _find_header(head):
    """Find the header of a table: a sheet may have a title above it.

    :param list head: number and cells of the first records
    :return: number, cells, and the columns of the lead itself by number
    :rtype: tuple[int, list[str], dict]
    :raise UnparsableAnswerError: if it is no table of leads
    """
    for number, cells in head[:HEADER_ROWS]:
        columns = find_lead_columns(cells, needs_id=False)
        if "id" in columns.values() or any(map(is_contact_question, cells)):
            return number, cells, columns
    for number, cells in head[:1]:  # a language without aliases
        if _find_id_column(cells, {}, [row for _number, row in head[1:]]) is not None:
            return number, cells, {}
    raise UnparsableAnswerError(
        "The file is no table of leads.", "no_header" if head else "no_rows"
    )


def _find_id_column(header, columns, rows):
    """Find the column of the lead ids by what is in it, if its name is in no known language.

    :param list header: its cells
    :param dict columns: that are known by their names
    :param list rows: cells of the first rows
    :return: its number, None if no column has ids that differ in each row
    :rtype: int | None
    """
    if "id" in columns.values() or not rows:
        return None
    for number in range(len(header)):
        uids = [parse_guarded_uid(row[number]) if number < len(row) else "" for row in rows]
        are_ids = all(
            is_number_notation(uid) or (uid.isdecimal() and len(uid) >= _LEAST_DIGITS)
            for uid in uids
        )
        if are_ids and number not in columns and len(set(uids)) == len(uids):
            return number
    return None


class _Scan:
    """What is counted of a table.

    :param id_column: number of the column, None for none
    :param page_column: the same of the form's id
    :param name_column: the same of the form's name
    """

    def __init__(self, id_column, page_column, name_column):
        self._id_column = id_column
        self._form_columns = (page_column, name_column)
        self._forms = {}
        self.ids = RoundedIdCounter()
        self.count = 0

    def add_row(self, cells, width):
        """Count one row.

        :param list cells: of the row
        :param int width: of the header
        :raise UnparsableAnswerError: if the file holds TikTok's refusal instead
        """
        if not _has_content(cells, width):
            return
        self.count += 1
        self.ids.add_id(parse_guarded_uid(_get_cell(cells, self._id_column)))
        form = tuple(_get_cell(cells, column).strip() for column in self._form_columns)
        if form in self._forms or len(self._forms) < 10 * MAX_FORMS:
            self._forms[form] = self._forms.get(form, 0) + 1

    def list_forms(self):
        """Return the forms with most rows.

        :return: id, name and number of rows of each
        :rtype: tuple
        """
        found = sorted(self._forms.items(), key=lambda item: -item[1])[:MAX_FORMS]
        return tuple((parse_guarded_uid(uid), name, count) for (uid, name), count in found)


def _get_cell(cells, number):
    return cells[number] if number is not None and number < len(cells) else ""


def _has_content(cells, width):
    """Tell whether a row is not blank.

    :param list cells: of the row
    :param int width: of the header
    :rtype: bool
    :raise UnparsableAnswerError: if the file holds TikTok's refusal instead of a row
    """
    if len(cells) == 1 and width > 1:
        raise_for_refusal(cells[0])
    return any(cell.strip() for cell in cells)


# === ROWS === #


def read_table(table, records, number=0, known=(), skip=0):
    """Yield the rows of a table; a last one that is refused tells if it can't be read to its end.

    :param LeadTable table: that was scanned
    :param Iterator records: number and cells of each record, from the first one
    :param int number: of the table
    :param known: questions as the webhook names them
    :param int skip: how many rows were read before and are left out, without parsing them
    :rtype: Iterator[LeadRow]
    """
    end = table.header_line
    try:
        with contextlib.closing(records):
            header = next((cells for line, cells in records if line == table.header_line), [])
            reader = _RowReader(get_table_columns(table, header, known), table.is_rounded)
            for line, cells in records:
                end = line
                if _has_content(cells, len(header)):
                    if not skip:
                        yield reader.parse_row(cells)._replace(table=number, line=line)
                    skip = max(skip - 1, 0)
                end = line + 1
    except UnparsableAnswerError:
        yield LeadRow(number, end, None, reason="truncated")


def get_table_columns(table, header, known=()):
    """Return the columns of a table.

    :param LeadTable table: that was scanned
    :param list header: its cells
    :param known: questions as the webhook names them
    :rtype: ExportTable
    """
    columns = find_lead_columns(header, needs_id=False)
    if table.id_column is not None:
        columns[table.id_column] = "id"
    return ExportTable(header, {}, known, columns)


class _RowReader:
    """Reads the rows of one table.

    :param ExportTable table: its columns
    :param bool is_rounded: whether ids that end in zeros are none
    """

    def __init__(self, table, is_rounded):
        self._table = table
        self._is_rounded = is_rounded

    def parse_row(self, cells):
        """Read one row.

        :param list cells: of the row
        :return: without its numbers
        :rtype: LeadRow
        """
        entry = self._table.parse_lead_cells(cells)
        uid = entry.get("id", "")
        if is_number_notation(uid) or (self._is_rounded and ends_in_zeros(uid)):
            return LeadRow(0, 0, None, reason="rounded_id")
        if uid and uid != "0" and not is_lead_uid(uid):
            return LeadRow(0, 0, None, reason="bad_id")
        entry["changes"] = self._table.parse_answer_cells(cells)
        if not entry["changes"]:
            return LeadRow(0, 0, None, reason="no_answers")
        if is_lead_uid(uid):
            return LeadRow(0, 0, entry)
        entry.pop("id", None)
        return LeadRow(0, 0, entry, _compute_row_fingerprint(entry, self._table.labels))


def _compute_row_fingerprint(entry, labels):
    """Return what stands for the id of a row that has none, the same in each file with the row.

    :param dict entry: without id
    :param dict labels: of the file, by the name of the question
    :rtype: str
    """
    facts = [
        (key, str(value))
        for key, value in entry.items()
        # TikTok lets people rename a campaign.
        if key != "changes" and not (key.endswith("_name") and f"{key[:-5]}_id" in entry)
    ]
    answers = [
        (f"? {labels.get(change['field'], change['field']).casefold()}", change["value"])
        for change in entry["changes"]
    ]
    text = repr(sorted(facts) + sorted(answers))
    return f"fp-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:40]}"


def create_item(row, owner=None):
    """Return what is stored of a row, as of a delivery of the webhook.

    :param LeadRow row: that was not refused
    :param dict owner: what the form's ad account adds to the entry where the file does not say it
    :return: the item; its kind is another one than a lead if it has to be refused
    :rtype: payload.Item
    """
    item = payload.parse_entry({**(owner or {}), **row.entry})
    if row.fingerprint and item.kind == payload.KIND_LEAD:
        key = payload.get_lead_key(row.fingerprint)
        return item._replace(lead_uid=row.fingerprint, key=key)
    return item
