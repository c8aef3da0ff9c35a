"""Read the sheets of an XLSX file as texts, one row at a time."""

import datetime
import zipfile

import openpyxl

from .errors import UnparsableAnswerError

MAX_SHARED_BYTES = 128 * 1024 * 1024  # of the texts that all cells share: they are held in memory
MAX_SHEETS = 50
MAX_ROWS = 1_048_576  # of a sheet in any spreadsheet; a file can claim any number
WORKBOOK = "xl/workbook.xml"
_SHARED_TEXTS = "xl/sharedStrings.xml"
_LARGEST_EXACT = 2**53  # a number above it has lost digits


def is_workbook(archive):
    """Tell whether a ZIP is an XLSX file.

    :param zipfile.ZipFile archive: opened
    :rtype: bool
    """
    return WORKBOOK in archive.namelist()


def measure_workbook(archive, most):
    """Return how large a workbook is when it is unpacked.

    :param zipfile.ZipFile archive: opened
    :param int most: bytes
    :rtype: int
    :raise UnparsableAnswerError: if it is larger than can be
    """
    sizes = {info.filename: info.file_size for info in archive.infolist()}
    total = sum(sizes.values())
    if total > most or sizes.get(_SHARED_TEXTS, 0) > MAX_SHARED_BYTES:
        raise UnparsableAnswerError("The workbook is too large.", "too_large")
    return total


class Workbook:
    """An XLSX file whose rows are read one at a time.

    :param file: binary, seekable
    :param int most_columns: of a sheet; what is to the right of them is left out
    :raise UnparsableAnswerError: if it can't be opened
    """

    def __init__(self, file, most_columns):
        self._most_columns = most_columns
        try:
            self._book = openpyxl.load_workbook(
                file, read_only=True, data_only=True, keep_links=False
            )
        except Exception:  # noqa: BLE001 - openpyxl raises all kinds of a broken file
            raise UnparsableAnswerError("The workbook can't be opened.", "bad_xlsx") from None

    def list_sheets(self):
        """Return the names of the sheets that have cells.

        :rtype: list[str]
        """
        return [sheet.title for sheet in self._book.worksheets][:MAX_SHEETS]

    def read_rows(self, name):
        """Yield the cells of each row of a sheet as texts; an empty row has none.

        :param str name: of the sheet
        :rtype: Iterator[list[str]]
        :raise UnparsableAnswerError: where the sheet can't be read on
        """
        sheet = self._book[name]
        try:
            sheet.reset_dimensions()  # what a file says of its size may be wrong
            for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                if number > MAX_ROWS:
                    raise UnparsableAnswerError("The sheet has too many rows.", "too_large")
                texts = [format_cell(cell) for cell in cells[: self._most_columns]]
                while texts and not texts[-1]:
                    texts.pop()
                yield texts
        except UnparsableAnswerError:
            raise
        except Exception:  # noqa: BLE001 - openpyxl raises all kinds of a broken file
            raise UnparsableAnswerError("The sheet can't be read.", "bad_xlsx") from None


def open_archive(file):
    """Open a ZIP.

    :param file: binary, seekable
    :rtype: zipfile.ZipFile
    :raise zipfile.BadZipFile: if it is none
    """
    file.seek(0)
    return zipfile.ZipFile(file)


def format_cell(value):
    """Return a cell as a CSV file has it.

    A number of so many digits that a spreadsheet can't hold them is written as it shows it.

    :param value: of openpyxl
    :rtype: str
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _LARGEST_EXACT:
            return str(int(value))
        return f"{value:E}" if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime):
        is_date = value.time() == datetime.time()  # a sheet's dates have a time, too
        return (value.date() if is_date else value.replace(microsecond=0)).isoformat()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)
