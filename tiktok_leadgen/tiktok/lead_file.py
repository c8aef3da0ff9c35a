"""Read the files that people download in TikTok's Leads Center: CSV, XLSX, or a ZIP of them.

A file is read twice: `LeadFile.scan_tables` finds its tables and counts, `LeadFile.read_rows` then
yields the rows, one at a time. What a scan found is plain data, so that another process can read
on.
"""

import contextlib
import csv
import itertools
import tempfile
import typing

from .errors import UnparsableAnswerError
from .export_columns import MAX_COLUMNS, find_lead_columns
from .export_csv import (
    DELIMITERS,
    FALLBACK_ENCODING,
    inspect_whole_file,
    open_borrowed_file,
    raise_for_refusal,
    read_csv_records,
    translate_errors,
)
from .lead_table import LeadTable, read_table, scan_records
from .spreadsheet import Workbook, is_workbook, measure_workbook, open_archive
from .standard import find_standard_key

MAX_BYTES = 512 * 1024 * 1024  # unpacked; a hundred thousand leads are about 50 MiB
MAX_FILES = 100  # in a ZIP
_IN_MEMORY = 8 * 1024 * 1024  # bytes of a workbook in a ZIP; a larger one waits on the disk
_CHUNK = 256 * 1024
_ZIP = b"PK"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_HIDDEN = ("__MACOSX", ".")
# Why a file or a table is refused.
FILE_REASONS = (
    *("bad_zip", "bad_xlsx", "bad_csv", "bad_encoding", "nested_zip", "old_excel"),
    *("too_large", "too_many_files", "no_header", "no_rows", "truncated", "refusal"),
)


class _Source(typing.NamedTuple):
    """A file without others in it: the uploaded one, or one in a ZIP."""

    name: str
    member: int
    is_workbook: bool
    is_packed: bool
    open_file: typing.Callable  # returns a context manager of the binary file


class LeadFile:
    """One file that a person uploaded.

    :param file: binary, seekable
    :param str name: of the file
    """

    def __init__(self, file, name=""):
        self._file = file
        self._name = name
        self._budget = MAX_BYTES

    def scan_tables(self):
        """Find the tables of the file; what can't be read has an error instead of rows.

        :rtype: list[LeadTable]
        """
        self._budget = MAX_BYTES
        try:
            with translate_errors():
                sources = self._list_sources()
        except UnparsableAnswerError as error:
            return [LeadTable(self._name, error=_get_file_reason(error))]
        tables = []
        for source in sources:
            try:
                with translate_errors():
                    tables += self._scan_source(source)
            except UnparsableAnswerError as error:
                reason = _get_file_reason(error)
                tables.append(LeadTable(source.name, source.member, error=reason))
        return tables or [LeadTable(self._name, error="no_rows")]

    def read_rows(self, tables, skip=0, known=()):
        """Yield the rows of the tables.

        :param list tables: of `scan_tables`
        :param int skip: how many rows were read before and are left out
        :param known: questions of the forms as the webhook names them
        :rtype: Iterator[LeadRow]
        """
        if not any(table.count for table in tables):
            return
        sources = {source.member: source for source in self._list_sources()}
        for number, table in enumerate(tables):
            if skip >= table.count:
                skip -= table.count
                continue
            records = _read_records(sources[table.member], table, lambda _l, t=table: t.delimiter)
            with contextlib.closing(read_table(table, records, number, known, skip)) as rows:
                yield from itertools.islice(rows, table.count - skip)
            skip = 0

    # === THE FILES IN IT === #

    def _list_sources(self):
        """Return the files in a ZIP, or the file itself.

        :rtype: list[_Source]
        :raise UnparsableAnswerError: if there are more than can be
        """
        self._file.seek(0)
        if self._file.read(2) != _ZIP:
            return [_Source(self._name, 0, False, False, self._open_itself)]
        archive = open_archive(self._file)
        if is_workbook(archive):
            return [_Source(self._name, 0, True, False, self._open_itself)]
        members = [info for info in archive.infolist() if not _is_hidden(info)]
        if len(members) > MAX_FILES:
            raise UnparsableAnswerError("The ZIP holds too many files.", "too_many_files")
        return [
            _Source(info.filename, number, is_book, True, lambda info=info: archive.open(info))
            for number, info in enumerate(members)
            for is_book in [info.filename.lower().endswith(".xlsx")]
        ]

    @contextlib.contextmanager
    def _open_itself(self):
        yield open_borrowed_file(self._file)

    def _use_budget(self, size):
        """Count what is unpacked.

        :param int size: bytes
        :raise UnparsableAnswerError: if it is more than can be
        """
        self._budget -= size
        if self._budget < 0:
            raise UnparsableAnswerError("The files are too large.", "too_large")

    # === SCANNING === #

    def _scan_source(self, source):
        """Find the tables of one file.

        :param _Source source: that was not read yet
        :rtype: list[LeadTable]
        :raise UnparsableAnswerError: if it has none
        """
        if source.is_workbook:
            return self._scan_workbook(source)
        with source.open_file() as binary:
            begin = binary.read(4)
        if begin.startswith(_OLD_EXCEL):
            raise UnparsableAnswerError("The file has Excel's old format.", "old_excel")
        if begin.startswith(_ZIP):
            raise UnparsableAnswerError("The ZIP holds another ZIP.", "nested_zip")
        _lines, encoding, size = inspect_whole_file(source.open_file, max(self._budget, 0))
        self._use_budget(size)
        if encoding == FALLBACK_ENCODING:
            # Its bytes may be letters of any alphabet: no name is to become another one.
            raise UnparsableAnswerError("The file is not Unicode.", "bad_encoding")
        return [_scan_table(source, LeadTable(source.name, source.member, encoding=encoding))]

    def _scan_workbook(self, source):
        """Find the sheets of a workbook that are tables of leads.

        :param _Source source: an XLSX file
        :rtype: list[LeadTable]
        :raise UnparsableAnswerError: if there is none
        """
        found, problem = [], None
        with _open_seekable(source, self._budget) as file:
            archive = open_archive(file)
            if not is_workbook(archive):
                raise UnparsableAnswerError("The ZIP holds another ZIP.", "nested_zip")
            self._use_budget(measure_workbook(archive, self._budget))
            sheets = Workbook(file, MAX_COLUMNS).list_sheets()
        for sheet in sheets:
            name = f"{source.name} · {sheet}" if len(sheets) > 1 else source.name
            try:
                found.append(_scan_table(source, LeadTable(name, source.member, sheet)))
            except UnparsableAnswerError as error:
                problem = error
        if not found:
            raise problem or UnparsableAnswerError("The workbook has no sheet.", "no_rows")
        return found


def _is_hidden(info):
    """Tell whether a member of a ZIP is none that a person put there.

    :param zipfile.ZipInfo info: of the member
    :rtype: bool
    """
    parts = info.filename.split("/")
    return info.is_dir() or any(part.startswith(_HIDDEN) for part in parts if part)


def _get_file_reason(error):
    """Return why a file can't be read.

    :param UnparsableAnswerError error: that its reading raised
    :return: one of FILE_REASONS
    :rtype: str
    """
    return error.code if error.code in FILE_REASONS else "refusal"


@contextlib.contextmanager
def _open_seekable(source, most=MAX_BYTES):
    """Open a file so that it can be read at any position.

    :param _Source source: of the file
    :param int most: bytes that are unpacked
    :raise UnparsableAnswerError: if it is larger than can be
    """
    with source.open_file() as binary:
        if not source.is_packed:
            yield binary
            return
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            size = 0
            while chunk := binary.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise UnparsableAnswerError("The file is too large.", "too_large")
                file.write(chunk)
            yield file


def _read_records(source, table, detect_delimiter):
    """Yield the number and the cells of each record of a table, the header and blank ones too.

    :param _Source source: of the file
    :param LeadTable table: as far as it is known
    :param detect_delimiter: function of the first line
    :rtype: Iterator[tuple[int, list[str]]]
    :raise UnparsableAnswerError: where it can't be read on
    """
    with translate_errors(), contextlib.ExitStack() as stack:
        if table.sheet:
            book = Workbook(stack.enter_context(_open_seekable(source)), MAX_COLUMNS)
            records = book.read_rows(table.sheet)
        else:
            binary = stack.enter_context(source.open_file())
            records = read_csv_records(binary, table.encoding, detect_delimiter)
        yield from enumerate(records, 1)


def _scan_table(source, table):
    """Count the rows of a table.

    :param _Source source: of the file
    :param LeadTable table: as far as it is known
    :rtype: LeadTable
    :raise UnparsableAnswerError: if it is no table of leads
    """
    delimiters = []

    def detect_delimiter(first):
        delimiters.append(_detect_delimiter(first))
        return delimiters[0]

    with contextlib.closing(_read_records(source, table, detect_delimiter)) as records:
        found = scan_records(table, records)
    return found._replace(delimiter="".join(delimiters))


def _detect_delimiter(first):
    """Return the delimiter that finds most columns of a lead in the header.

    :param str first: line of the file
    :rtype: str
    :raise UnparsableAnswerError: if the file holds TikTok's refusal
    """
    raise_for_refusal(first)

    def rate_delimiter(delimiter):
        cells = next(csv.reader([first], delimiter=delimiter))
        known = len(find_lead_columns(cells, needs_id=False))
        return known + sum(bool(find_standard_key(cell)) for cell in cells), len(cells)

    return max(DELIMITERS, key=rate_delimiter)
