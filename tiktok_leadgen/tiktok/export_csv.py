"""Read TikTok's export of leads as it really comes, into entries of the webhook's shape.

https://business-api.tiktok.com/portal/docs?id=1739053563877378 (download of a lead task): CSV with
one column for each question, under its label in the form's language; a ZIP when it is large. One
row is held at a time, however long the file is.
"""

import codecs
import csv
import io
import itertools
import json
import re
import typing
import zipfile
import zlib

from . import values
from .errors import NotUnderstoodError
from .export_columns import Table, read_header

MAX_BYTES = 2 * 1024**3  # unpacked; a hundred thousand leads are about 50 MiB
MAX_FILES = 100  # in a ZIP
MAX_LINE = 1024 * 1024  # characters; an answer has at most some hundred
_CHUNK = 256 * 1024
# A line no file has, as what is no character is dropped from what is read. Not NUL: the csv module
# of Python 3.10 refuses it.
_NO_CHARACTER = "\ufdd0"
_END = f"{_NO_CHARACTER}end{_NO_CHARACTER}"
_DELIMITERS = (",", ";", "\t", "|")
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
    entry: dict | None  # None if it can't be told whose lead it is
    submitted: int | None  # seconds since 1970


class Export:
    """One downloaded file.

    :param file: binary, seekable
    :param dict owner: what each entry says of its ad account or library, and of its form if the
        file does not
    :param known: questions of the form as its webhook names them; a label that is one stays so
    :raise NotUnderstoodError: if it can't be such a file; its code is TikTok's own where the file
        holds TikTok's refusal
    """

    def __init__(self, file, owner=None, known=()):
        self._file = file
        self._owner = owner or {}
        self._known = known
        self.lines = 0  # about as many rows as there are, more if answers have several lines
        self._sources = []  # how to open each file, and its encoding
        with _understood():
            for opener in self._openers():
                lines, encoding = _inspect(opener, MAX_BYTES)
                self.lines += lines
                self._sources.append((opener, encoding))

    def rows(self, skip=0):
        """Yield the rows, one at a time.

        :param int skip: how many were read before and are left out
        :rtype: Iterator[Row]
        :raise NotUnderstoodError: where the file can't be read on, after the rows before
        """
        number = 0
        with _understood():
            for opener, encoding in self._sources:
                with opener() as binary:
                    for table, cells in _cells(binary, encoding, self._owner, self._known):
                        number += 1
                        if number > skip:
                            yield Row(number, *table.entry_of(cells))

    def _openers(self):
        self._file.seek(0)
        if self._file.read(2) != b"PK":
            return [self._open_plain]
        archive = zipfile.ZipFile(self._file)
        members = [info for info in archive.infolist() if not info.is_dir()]
        if len(members) > MAX_FILES:
            raise NotUnderstoodError("The ZIP holds too many files.", "too_large")
        return [lambda info=info: archive.open(info) for info in members]

    def _open_plain(self):
        self._file.seek(0)
        return io.BufferedReader(_Borrowed(self._file))


class _Borrowed(io.RawIOBase):
    """Reads a file that is not ours to close."""

    def __init__(self, file):
        super().__init__()
        self._file = file

    def readable(self):
        return True

    def readinto(self, buffer):
        found = self._file.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


class _understood:
    """Turn what the libraries say of a broken file into our own error."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, _ZIP_ERRORS):
            raise NotUnderstoodError("The ZIP can't be opened.", "bad_zip") from None
        if isinstance(error, (csv.Error, UnicodeError)):
            raise NotUnderstoodError("The table can't be read.", "bad_csv") from None


def _inspect(opener, most):
    """Look through a whole file once, without keeping it.

    :return: how many lines it has, and its encoding
    :rtype: tuple[int, str]
    :raise NotUnderstoodError: if it is larger than can be
    """
    lines = size = 0
    check, encoding = codecs.getincrementaldecoder("utf-8")(), None
    with opener() as binary:
        while chunk := binary.read(_CHUNK):
            if not size:
                encoding = _marked(chunk)
            size += len(chunk)
            if size > most:
                raise NotUnderstoodError("The file is too large.", "too_large")
            lines += chunk.count(b"\n")
            encoding = encoding or _broken(check, chunk)
    return lines, encoding or _broken(check, b"", final=True) or "utf-8-sig"


def _marked(chunk):
    """Return the encoding that the first bytes tell, or None."""
    for mark, encoding in _BOMS:
        if chunk.startswith(mark):
            return encoding
    if chunk[1:2] == b"\x00" and chunk[:1] != b"\x00":
        return "utf-16-le"
    return "utf-16-be" if chunk[:1] == b"\x00" and chunk[1:2] not in (b"\x00", b"") else None


def _broken(check, chunk, final=False):
    """Return the encoding to fall back to once a file is not UTF-8, else None."""
    try:
        check.decode(chunk, final)
    except UnicodeDecodeError:
        return "cp1252"
    return None


def _cells(binary, encoding, owner, known):
    """Yield the table and the cells of each row below the header."""
    text = io.TextIOWrapper(binary, encoding, errors="replace", newline="")
    lines = _Lines(text)
    first = lines.first()
    if first is None:
        return  # the wrong region has an empty file
    reader = csv.reader(itertools.chain([first], lines), delimiter=_delimiter(first))
    header = next(reader)
    table = Table(header, owner, known)
    for cells in reader:
        if cells == [_END]:
            return
        if any(_END in cell for cell in cells) or (len(cells) < len(header) and lines.cut):
            raise NotUnderstoodError("The file ends in the middle of a row.", "truncated")
        if any(cell.strip() for cell in cells):
            if len(cells) == 1 and len(header) > 1:
                _check_refusal(cells[0])
            yield table, cells


def _delimiter(first):
    """Return what stands between the columns: what makes most sense of the header's first line.

    :raise NotUnderstoodError: if there is no column of lead ids
    """
    found = {
        delimiter: len(read_header(next(csv.reader([first], delimiter=delimiter))))
        for delimiter in _DELIMITERS
    }
    best = max(found, key=found.get)
    if not found[best]:
        _check_refusal(first)
        raise NotUnderstoodError("The file is no table of leads.", "no_header")
    return best


class _Lines:
    """The lines of a file, then one that tells a file which ends inside quotes."""

    def __init__(self, text):
        self._text = text
        self._over = False
        self.cut = False  # the last line that was read has no end

    def __iter__(self):
        return self

    def __next__(self):
        if self._over:
            raise StopIteration
        line = self._read()
        if line is None:
            self._over = True
            return _END
        return line

    def first(self):
        """Return the first line that is not blank, None if there is none."""
        while (line := self._read()) is not None:
            line = line.lstrip("\ufeff")
            # Excel's hint which delimiter follows.
            if line.strip(" \t\r\n,;") and not re.fullmatch(r"sep=.\s*", line, re.IGNORECASE):
                return line
        return None

    def _read(self):
        line = self._text.readline(MAX_LINE)
        if not line:
            return None
        self.cut = line[-1] not in "\r\n"
        if self.cut and len(line) >= MAX_LINE:
            raise NotUnderstoodError("A line is too long.", "too_large")
        return line.replace("\x00", "").replace(_NO_CHARACTER, "")


def _check_refusal(text):
    """Raise TikTok's own refusal if that is what stands in the file instead of leads."""
    text = text.strip("\ufeff \r\n\t\"'")
    code = _CODE.match(text)
    if text.startswith("{"):
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            return
        found = values.uid(content.get("code")) if isinstance(content, dict) else ""
        if values.whole_number(found) is not None:
            request_id = values.uid(content.get("request_id"))
            raise NotUnderstoodError("TikTok refused the export.", found, request_id)
    elif code:
        raise NotUnderstoodError("TikTok refused the export.", code.group(1))
