"""Read TikTok's export of leads as it really is, into entries of the webhook's shape.

https://business-api.tiktok.com/portal/docs?id=1739053563877378 (download of a lead task): CSV with
one column for each question, under its label in the form's language; a ZIP when it is large. One
row is held at a time, however long the file is.
"""

import codecs
import contextlib
import csv
import errno
import io
import itertools
import json
import re
import typing
import zipfile
import zlib

from . import values
from .errors import UnparsableAnswerError
from .export_columns import ExportTable, find_lead_columns

MAX_BYTES = 512 * 1024**2  # all files of a ZIP unpacked; a hundred thousand leads are about 50 MiB
MAX_FILES = 100  # in a ZIP
MAX_LINE = 1024 * 1024  # characters; an answer has at most some hundred
FALLBACK_ENCODING = "cp1252"  # of a file that is not Unicode
_CHUNK = 256 * 1024
# A line no file has, as what is no character is dropped from what is read. Not NUL: the csv module
# of Python 3.10 refuses it.
_NO_CHARACTER = "\ufdd0"
_END = f"{_NO_CHARACTER}end{_NO_CHARACTER}"
DELIMITERS = (",", ";", "\t", "|")
_CODE = re.compile(r"\W*(\d{5})\b", re.ASCII)  # TikTok's codes have five digits
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)


class Row(typing.NamedTuple):
    """One row below the header."""

    number: int  # the first is 1, counted through all files of a ZIP
    entry: dict | None  # None if the lead's id can't be parsed
    submitted: int | None  # seconds since 1970


class Export:
    """One downloaded file.

    :param file: binary, seekable
    :param dict owner: what each entry says of its ad account or library, and of its form if the
        file does not
    :param known: questions of the form as its webhook names them; a label that is one stays so
    :raise UnparsableAnswerError: if it is no such file; its code is TikTok's own where the file
        holds TikTok's refusal
    """

    def __init__(self, file, owner=None, known=()):
        self._file = file
        self._owner = owner or {}
        self._known = known
        self.lines = 0  # about as many rows as there are, more if answers have several lines
        self._sources = []  # how to open each file, and its encoding
        left = MAX_BYTES
        with translate_errors():
            for opener in self._get_file_openers():
                lines, encoding, size = inspect_whole_file(opener, left)
                left -= size
                self.lines += lines
                self._sources.append((opener, encoding))

    def rows(self, skip=0):
        """Yield the rows, one at a time.

        :param int skip: how many were read before and are left out
        :rtype: Iterator[Row]
        :raise UnparsableAnswerError: where the file can't be read on, after the rows before
        """
        number = 0
        with translate_errors():
            for opener, encoding in self._sources:
                with opener() as binary:
                    for table, cells in self._read_table_rows(binary, encoding):
                        number += 1
                        if number > skip:
                            yield Row(number, *table.parse_row(cells))

    def _get_file_openers(self):
        self._file.seek(0)
        if self._file.read(2) != b"PK":
            return [self._open_single_file]
        archive = zipfile.ZipFile(self._file)
        members = [info for info in archive.infolist() if not info.is_dir()]
        if len(members) > MAX_FILES:
            raise UnparsableAnswerError("The ZIP holds too many files.", "too_large")
        if sum(info.file_size for info in members) > MAX_BYTES:
            raise UnparsableAnswerError("The file is too large.", "too_large")
        return [lambda info=info: archive.open(info) for info in members]

    def _open_single_file(self):
        return open_borrowed_file(self._file)

    def _read_table_rows(self, binary, encoding):
        """Yield the table and the cells of each row below the header.

        :param binary: file
        :param str encoding: of the file
        :rtype: Iterator[tuple]
        :raise UnparsableAnswerError: if the file is cut, or holds TikTok's refusal
        """
        records = read_csv_records(binary, encoding, _detect_delimiter)
        header = next(records, None)
        if header is None:
            return  # the wrong region has an empty file
        table = ExportTable(header, self._owner, self._known)
        for cells in records:
            if any(cell.strip() for cell in cells):
                if len(cells) == 1 and len(header) > 1:
                    raise_for_refusal(cells[0])
                yield table, cells


def open_borrowed_file(file):
    """Open a file that is not ours to close, from its begin.

    :param file: binary, seekable
    :rtype: io.BufferedReader
    """
    file.seek(0)
    return io.BufferedReader(_BorrowedFile(file))


class _BorrowedFile(io.RawIOBase):
    """Reads a file that is not ours to close."""

    def __init__(self, file):
        super().__init__()
        self._file = file

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, position, whence=0):
        return self._file.seek(position, whence)

    def readinto(self, buffer):
        found = self._file.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


@contextlib.contextmanager
def translate_errors():
    """Translate the libraries' errors of a broken file into our own."""
    try:
        yield
    except (csv.Error, UnicodeError):
        raise UnparsableAnswerError("The table can't be read.", "bad_csv") from None
    except (*_ZIP_ERRORS, ValueError, OSError) as error:
        # A ZIP whose begin is damaged leads to a position before it: invalid for any file.
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        raise UnparsableAnswerError("The ZIP can't be opened.", "bad_zip") from None


def inspect_whole_file(opener, most):
    """Look through a whole file once, without keeping it.

    :param opener: function that opens the file
    :param int most: bytes
    :return: how many lines it has, its encoding, and its size in bytes
    :rtype: tuple[int, str, int]
    :raise UnparsableAnswerError: if it is larger than can be
    """
    lines = size = 0
    check, encoding = codecs.getincrementaldecoder("utf-8")(), None
    with opener() as binary:
        while chunk := binary.read(_CHUNK):
            if not size:
                encoding = _detect_marked_encoding(chunk)
            size += len(chunk)
            if size > most:
                raise UnparsableAnswerError("The file is too large.", "too_large")
            lines += chunk.count(b"\n")
            encoding = encoding or _detect_fallback_encoding(check, chunk)
    encoding = encoding or _detect_fallback_encoding(check, b"", final=True) or "utf-8-sig"
    return lines, encoding, size


def _detect_marked_encoding(chunk):
    """Return the encoding that the first bytes tell.

    :param bytes chunk: begin of the file
    :rtype: str | None
    """
    for mark, encoding in _BOMS:
        if chunk.startswith(mark):
            return encoding
    if chunk[1:2] == b"\x00" and chunk[:1] != b"\x00":
        return "utf-16-le"
    return "utf-16-be" if chunk[:1] == b"\x00" and chunk[1:2] not in (b"\x00", b"") else None


def _detect_fallback_encoding(check, chunk, final=False):
    """Return the encoding to fall back to once a file is not UTF-8, else None.

    :param check: incremental decoder of UTF-8
    :param bytes chunk: next part of the file
    :param bool final: whether it is the last part
    :rtype: str | None
    """
    try:
        check.decode(chunk, final)
    except UnicodeDecodeError:
        return FALLBACK_ENCODING
    return None


def read_csv_records(binary, encoding, detect_delimiter):
    """Yield the cells of each record; the header comes first, blank lines above it are left out.

    :param binary: file
    :param str encoding: of the file
    :param detect_delimiter: function of the first line that returns the delimiter
    :rtype: Iterator[list[str]]
    :raise UnparsableAnswerError: if the file ends in the middle of a record
    """
    text = io.TextIOWrapper(binary, encoding, errors="replace", newline="")
    lines = _LineReader(text)
    first = lines.read_first_line()
    if first is None:
        return
    reader = csv.reader(itertools.chain([first], lines), delimiter=detect_delimiter(first))
    header = next(reader)
    yield header
    for cells in reader:
        if cells == [_END]:
            return
        if any(_END in cell for cell in cells) or (len(cells) < len(header) and lines.cut):
            raise UnparsableAnswerError("The file ends in the middle of a row.", "truncated")
        yield cells


def _detect_delimiter(first):
    """Return the delimiter that finds most columns in the first line of the header.

    :param str first: line
    :rtype: str
    :raise UnparsableAnswerError: if there is no column of lead ids
    """
    found = {
        delimiter: len(find_lead_columns(next(csv.reader([first], delimiter=delimiter))))
        for delimiter in DELIMITERS
    }
    best = max(found, key=found.get)
    if not found[best]:
        raise_for_refusal(first)
        raise UnparsableAnswerError("The file is no table of leads.", "no_header")
    return best


class _LineReader:
    """The lines of a file, then one that shows whether the file ends inside quotes."""

    def __init__(self, text):
        self._text = text
        self._over = False
        self.cut = False  # the last line that was read has no end

    def __iter__(self):
        return self

    def __next__(self):
        if self._over:
            raise StopIteration
        line = self._read_next_line()
        if line is None:
            self._over = True
            return _END
        return line

    def read_first_line(self):
        """Return the first line that is not blank, None if there is none.

        :rtype: str | None
        """
        while (line := self._read_next_line()) is not None:
            line = line.lstrip("\ufeff")
            # Excel's hint which delimiter follows.
            if line.strip(" \t\r\n,;") and not re.fullmatch(r"sep=.\s*", line, re.IGNORECASE):
                return line
        return None

    def _read_next_line(self):
        line = self._text.readline(MAX_LINE)
        if not line:
            return None
        self.cut = line[-1] not in "\r\n"
        if self.cut and len(line) >= MAX_LINE:
            raise UnparsableAnswerError("A line is too long.", "too_large")
        return line.replace("\x00", "").replace(_NO_CHARACTER, "")


def raise_for_refusal(text):
    """Raise TikTok's own refusal if the file holds it instead of leads.

    :param str text: begin of the file
    :raise UnparsableAnswerError: with TikTok's code
    """
    text = text.strip("\ufeff \r\n\t\"'")
    code = _CODE.match(text)
    if text.startswith("{"):
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            return
        found = values.parse_uid(content.get("code")) if isinstance(content, dict) else ""
        if values.parse_whole_number(found) is not None:
            request_id = values.parse_uid(content.get("request_id"))
            raise UnparsableAnswerError("TikTok refused the export.", found, request_id)
    elif code:
        raise UnparsableAnswerError("TikTok refused the export.", code.group(1))
