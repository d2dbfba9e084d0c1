"""The cells of a list that comes back as CSV or XLSX, by heading; what is no such file is refused."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
from django.utils.translation import gettext_noop

from reforms.documents.limits import MAX_BYTES
from reforms.documents.packed import Package
from reforms.exchange import RecordError
from reforms.exports.plain import FORMULA_BEGINNING

MAX_ROWS = 5_000
MAX_COLUMNS = 500
_FORMULA = "f"


class FileError(RecordError):
    """A file that is no list of ours; says why in ``template`` and ``values``."""


@dataclass
class Cells:
    """The cells of one row of a sheet, by heading."""

    line: int
    cells: dict[str, str]


@dataclass
class Sheet:
    headings: tuple[str, ...]
    rows: list[Cells]


def csv_sheet(text: str) -> Sheet:
    """Return the rows of a CSV file, parted by commas, semicolons or tabs."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        headings = tuple(heading.strip() for heading in next(reader, []))
        rows = []
        line = reader.line_num + 1
        for cells in reader:
            _check_width(len(cells), headings, line)
            if any(cell.strip() for cell in cells):
                plain = [without_apostrophe(cell) for cell in cells]
                rows.append(Cells(line, dict(zip(headings, plain, strict=False))))
            check_length(rows)
            # A row whose cells hold line ends stands where it begins.
            line = reader.line_num + 1
    except csv.Error:
        raise FileError(
            "",
            gettext_noop("Line %(line)s is no CSV: a quotation mark is open or out of place."),
            line=reader.line_num,
        ) from None
    return Sheet(headings, rows)


def _check_width(width: int, headings: Sequence[str], line: int) -> None:
    if width > len(headings) or width > MAX_COLUMNS:
        raise FileError(
            "",
            gettext_noop("Line %(line)s has more cells than the first line has headings."),
            line=line,
        )


def check_length(rows: Sequence[Any]) -> None:
    if len(rows) > MAX_ROWS:
        raise FileError("", gettext_noop("The file has more than %(rows)s rows."), rows=MAX_ROWS)


def without_apostrophe(cell: str) -> str:
    """Return a cell as it was before our own files put an apostrophe before what would be calculated."""
    return cell[1:] if cell.startswith("'") and FORMULA_BEGINNING.match(cell[1:]) else cell


def workbook(content: bytes) -> list[Sheet]:
    """Return the sheets of a workbook that have headings; a formula is refused with its cell."""
    package = Package(content)
    if "xl/workbook.xml" not in package.names:
        raise FileError("", gettext_noop("This packed file is no workbook (XLSX)."))
    if any(name.lower().endswith("vbaproject.bin") for name in package.names):
        raise FileError(
            "", gettext_noop("The workbook holds macros. Save it as XLSX without macros.")
        )
    if any(name.startswith("xl/externalLinks/") for name in package.names):
        raise FileError(
            "", gettext_noop("The workbook takes values from other files. Save it with its values.")
        )
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        return [found for sheet in book.worksheets if (found := _sheet(sheet))]
    except FileError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part makes it raise
        raise FileError(
            "", gettext_noop("The workbook is damaged: it could not be read to its end.")
        ) from error


def _sheet(sheet: Any) -> Sheet | None:
    rows = sheet.iter_rows()
    headings = tuple(str(cell.value or "").strip() for cell in next(rows, ()))
    found: list[Cells] = []
    for number, cells in enumerate(rows, start=2):
        own = cells[:MAX_COLUMNS]
        for cell in own:
            if cell.data_type == _FORMULA:
                raise FileError(
                    "",
                    gettext_noop(
                        "Cell %(cell)s of the sheet %(sheet)s holds a formula. Save values alone."
                    ),
                    cell=cell.coordinate,
                    sheet=sheet.title,
                )
        texts = ["" if cell.value is None else str(cell.value) for cell in own]
        if any(text.strip() for text in texts):
            found.append(Cells(number, dict(zip(headings, texts, strict=False))))
        check_length(found)
    return Sheet(headings, found) if any(headings) else None
