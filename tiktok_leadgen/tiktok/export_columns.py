"""The columns of TikTok's export of leads: those of the lead itself and the questions."""

import re
from datetime import datetime, timedelta, timezone

from . import values
from .standard import get_webhook_names

MAX_COLUMNS = 1_000
# What a column is called, in lower case and with "_" between words, and what the webhook calls it.
_COLUMNS = {
    "lead_id": "id",
    "leadid": "id",
    "created_time": "create_time",
    "create_time": "create_time",
    "created_at": "create_time",
    "submitted_time": "create_time",
    "form_id": "page_id",
    "page_id": "page_id",
    "form_name": "page_name",
    "page_name": "page_name",
    "ad_group_id": "adgroup_id",
    "ad_group_name": "adgroup_name",
    "is_test": "is_test",
    "lead_source": "lead_source",
    **{
        f"{what}_{part}": f"{what}_{part}"
        for what in ("ad", "adgroup", "campaign", "advertiser", "library")
        for part in ("id", "name")
        if (what, part) != ("library", "name")
    },
}
_SPACES = re.compile(r"[\s_\-]+")
_UID = re.compile(r"[0-9A-Za-z_\-]{1,64}", re.ASCII)
_QUOTES = "\"'`´‘’“” \t"
_FORMULA = re.compile(r'\s*=\s*"(.*)"\s*', re.DOTALL)
_OFFSET = re.compile(
    r"\s*(?:\(\s*(?:UTC|GMT)?\s*([+-]\d{1,2}:?\d{2}|[+-]\d{1,2})?\s*\)|(?:UTC|GMT|Z))\s*$",
    re.IGNORECASE,
)
_YES = {"true", "1", "yes", "y"}


def find_lead_columns(cells):
    """Find the columns of the lead itself, which are no questions.

    The first column of a name is TikTok's; another of the same name is a question of the form.

    :param list cells: of the header
    :return: the webhook's key by number of the column; empty if there are no lead ids
    :rtype: dict[int, str]
    """
    found, names = {}, {}
    for number, cell in enumerate(cells[:MAX_COLUMNS]):
        name = _SPACES.sub("_", cell.strip("\ufeff" + _QUOTES).lower())
        key = _COLUMNS.get(name)
        if key and key not in names:
            found[number], names[key] = key, name
        elif key and names[key] != name:
            found[number] = ""  # form_id beside page_id: the same again
    return found if "id" in names else {}


class ExportTable:
    """The columns of one file.

    :param list header: its cells
    :param dict owner: what each entry says besides them
    :param known: questions as the form's webhook names them
    """

    def __init__(self, header, owner, known=()):
        self._owner = owner
        self._columns = find_lead_columns(header)
        labels = {
            number: values.format_line(cell)
            for number, cell in enumerate(header[:MAX_COLUMNS])
            if number not in self._columns
        }
        labels = {number: label for number, label in labels.items() if label}
        names = get_webhook_names(list(labels.values()), known)
        self._questions = dict(zip(labels, names, strict=True))
        self._last = max(self._questions, default=None)

    def parse_row(self, cells):
        """Read one row.

        :param list cells: as many as the header has, or fewer, or more
        :return: the entry, None if its id can't be read; when it was submitted
        :rtype: tuple[dict | None, int | None]
        """
        entry = {"lead_source": "INSTANT_FORM", **self._owner}
        for number, key in self._columns.items():
            cell = cells[number].strip() if number < len(cells) else ""
            if not key or not cell:
                continue
            if key.endswith("id"):
                entry[key] = parse_guarded_uid(cell)
            elif key == "create_time":
                entry[key] = parse_export_time(cell)
            elif key == "is_test":
                entry[key] = cell.lower().strip(_QUOTES) in _YES
            else:
                entry[key] = cell
        submitted = entry.get("create_time")
        if not _UID.fullmatch(entry.get("id", "")) or entry["id"] == "0":
            return None, submitted
        entry["changes"] = self._parse_row_answers(cells)
        return entry, submitted

    def _parse_row_answers(self, cells):
        changes = []
        for number, question in self._questions.items():
            cell = cells[number] if number < len(cells) else ""
            if number == self._last:
                # A comma that was not quoted: what is left over belongs to the last answer.
                cell = ", ".join(filter(None, [cell, *cells[self._last + 1 :]]))
            answer = values.join_texts(_remove_formula_guard(cell))
            if answer:
                changes.append({"field": question, "value": answer})
        return changes


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
    text = _remove_formula_guard(cell).strip(_QUOTES)
    match = _OFFSET.search(text)
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


def _remove_formula_guard(cell):
    """Return an answer without the guard that keeps a spreadsheet from computing it.

    :param str cell: of the table
    :rtype: str
    """
    match = _FORMULA.fullmatch(cell)
    if match:
        return match.group(1).replace('""', '"')
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@0123456789") else cell
