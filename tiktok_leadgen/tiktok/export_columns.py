"""The columns of TikTok's export of leads: those of the lead itself and the questions."""

import re
from datetime import datetime, timedelta, timezone

from . import values
from .export_aliases import COLUMN_ALIASES
from .rounded_ids import is_number_notation
from .standard import LONGEST_QUESTION, find_standard_key, get_webhook_names, normalize_text

MAX_COLUMNS = 1_000
MAX_TIME = 100  # characters; what is longer is no time, and finding that out takes long
# What a column is called, in lower case and with "_" between words, and what the webhook calls it.
_COLUMNS = {
    normalize_text(alias): key
    for key, aliases in COLUMN_ALIASES.items()
    for alias in aliases.split("|")
}
_UID = re.compile(r"[0-9A-Za-z_\-]{1,64}", re.ASCII)
# Quotes that guard a cell, spaces, and marks that no one sees.
_QUOTES = "\"'`´‘’“” \t\xa0\u200b\u200e\u200f\u2060\ufeff"
_FORMULA = re.compile(r'\s*=\s*"(.*)"\s*', re.DOTALL)
_OFFSET = re.compile(
    r"\s*(?:\(\s*(?:UTC|GMT)?\s*([+-]\d{1,2}:?\d{2}|[+-]\d{1,2})?\s*\)|(?:UTC|GMT|Z))\s*$",
    re.IGNORECASE,
)
_YES = {"true", "1", "yes", "y"}


def find_lead_columns(cells, needs_id=True):
    """Find the columns of the lead itself, which are no questions.

    The first column of a name is TikTok's; another of the same name is a question of the form.

    :param list cells: of the header
    :param bool needs_id: whether a table without lead ids has no such columns
    :return: the webhook's key by number of the column; empty if there are no lead ids
    :rtype: dict[int, str]
    """
    found, names = {}, {}
    for number, cell in enumerate(cells[:MAX_COLUMNS]):
        name = normalize_text(cell[:LONGEST_QUESTION])
        key = _COLUMNS.get(name)
        if key and key not in names:
            found[number], names[key] = key, name
        elif key and names[key] != name:
            found[number] = ""  # form_id beside page_id: the same again
    return found if "id" in names or not needs_id else {}


def is_contact_question(label):
    """Tell whether a column has a way to reach the person.

    :param str label: of the header
    :rtype: bool
    """
    return find_standard_key(values.format_line(label)) in ("email", "phone_number")


class ExportTable:
    """The columns of one file.

    :param list header: its cells
    :param dict owner: what each entry says besides them
    :param known: questions as the form's webhook names them
    :param dict columns: of `find_lead_columns`, if they were found already
    """

    def __init__(self, header, owner, known=(), columns=None):
        self._owner = owner
        self._columns = find_lead_columns(header) if columns is None else columns
        labels = {
            number: values.format_line(cell)
            for number, cell in enumerate(header[:MAX_COLUMNS])
            if number not in self._columns
        }
        labels = {number: label for number, label in labels.items() if label}
        names = get_webhook_names(list(labels.values()), known)
        self._questions = dict(zip(labels, names, strict=True))
        self._labels = dict(zip(names, labels.values(), strict=True))
        self._last = max(self._questions, default=None)

    @property
    def labels(self):
        """The label of each question, by the name of the question.

        :rtype: dict[str, str]
        """
        return self._labels

    @property
    def lead_columns(self):
        """The webhook's key of each column of the lead itself, by the number of the column.

        :rtype: dict[int, str]
        """
        return self._columns

    @property
    def questions(self):
        """The name of each question, by the number of its column.

        :rtype: dict[int, str]
        """
        return self._questions

    def parse_row(self, cells):
        """Read one row.

        :param list cells: as many as the header has, or fewer, or more
        :return: the entry, None if its id can't be read; when it was submitted
        :rtype: tuple[dict | None, int | None]
        """
        entry = self.parse_lead_cells(cells)
        submitted = entry.get("create_time")
        if not is_lead_uid(entry.get("id", "")):
            return None, submitted
        entry["changes"] = self.parse_answer_cells(cells)
        return entry, submitted

    def parse_lead_cells(self, cells):
        """Read what a row says of the lead itself.

        :param list cells: of the row
        :return: an entry without its answers, whose id may be any text
        :rtype: dict
        """
        entry = {"lead_source": "INSTANT_FORM", **self._owner}
        for number, key in self._columns.items():
            cell = cells[number].strip() if number < len(cells) else ""
            if not key or not cell:
                continue
            if key.endswith("id"):
                uid = parse_guarded_uid(cell)
                # What a spreadsheet has rounded names another campaign, or none.
                if key == "id" or not is_number_notation(uid):
                    entry[key] = uid
            elif key == "create_time":
                entry[key] = parse_export_time(cell)
            elif key == "is_test":
                entry[key] = cell.lower().strip(_QUOTES) in _YES
            else:
                entry[key] = cell
        return entry

    def parse_answer_cells(self, cells):
        """Read the answers of a row.

        :param list cells: of the row
        :return: questions and values, as the webhook has them
        :rtype: list[dict]
        """
        changes = []
        for number, question in self._questions.items():
            cell = cells[number] if number < len(cells) else ""
            if number == self._last:
                # A comma that was not quoted: what is left over belongs to the last answer.
                cell = ", ".join(filter(None, [cell, *cells[self._last + 1 :]]))
            answer = values.join_texts(remove_formula_guard(cell))
            if answer:
                changes.append({"field": question, "value": answer})
        return changes


def is_lead_uid(text):
    """Tell whether a text can be the id of a lead.

    :param str text: without guards
    :rtype: bool
    """
    return bool(_UID.fullmatch(text)) and text != "0"


def parse_guarded_uid(cell):
    """Return an id without what keeps a spreadsheet from rounding it.

    :param str cell: of the table
    :rtype: str
    """
    return cell.strip().lstrip("=").strip(_QUOTES)


def parse_export_time(cell):
    """Return a time as seconds since 1970; without an offset it is UTC.

    :param str cell: ``2026-04-09 10:20:35(UTC+00:00)``, the same without offset, or a number
    :rtype: int | None
    """
    text = remove_formula_guard(cell).strip(_QUOTES)
    match = _OFFSET.search(text) if len(text) <= MAX_TIME else None
    if not match:
        return values.parse_moment(text)
    plain = text[: match.start()].replace("/", "-")
    try:
        local = datetime.fromisoformat(plain).replace(tzinfo=timezone.utc)
        local -= _parse_utc_offset(match.group(1) or "+00:00")
    except (ValueError, OverflowError):
        return None
    return values.parse_moment(local.timestamp())


def _parse_utc_offset(text):
    sign = -1 if text[0] == "-" else 1
    hours, _colon, minutes = text[1:].partition(":")
    if not minutes and len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    return sign * timedelta(hours=int(hours), minutes=int(minutes or 0))


def remove_formula_guard(cell):
    """Return an answer without the guard that keeps a spreadsheet from computing it.

    :param str cell: of the table
    :rtype: str
    """
    match = _FORMULA.fullmatch(cell)
    if match:
        return match.group(1).replace('""', '"')
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@0123456789") else cell
