"""A list as an XLSX workbook: typed cells, a sheet for each kind of record, and one about the file."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil
from operator import attrgetter
from typing import IO, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from reforms.exports import about
from reforms.exports.entries import Asked, Chosen
from reforms.exports.sheets import sheets
from reforms.exports.tables import Cell, Link, Table
from reforms.models import Source

WORKBOOK_LIMIT = 5_000
# What the file format allows: characters in a cell, links on a sheet, digits of a number.
CELL_LIMIT, LINKS_LIMIT, ADDRESS_LIMIT, DIGITS_LIMIT = 32_767, 65_000, 2_000, 15
CHUNK = 200
# The format's number of a paper size, and how many characters one can read across it.
A3, PAGE_WIDTH = 8, 260
FONT = "宋体"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
# Points of a line, the highest row there may be, and the room that words leave at the ends of lines.
LINE_HEIGHT, HEIGHT_LIMIT, LOOSENESS = 13.5, 200, 1.08


@dataclass(frozen=True)
class Filling:
    """Tables of a workbook, and the entries that give them rows, a chunk at a time.

    ``source_of`` returns the source of an entry, to be told of; null where others tell it.
    """

    tables: Sequence[Table]
    chunks: Iterable[Sequence[Any]]
    source_of: Callable[[Any], Source] | None = None


def write_workbook(chosen: Chosen) -> IO[bytes]:
    """Return the list as an open temporary file, at its beginning.

    Rows go to the file as they are made. Queries: 5 for names and cities, 1 for the list, 7 for
    every ``CHUNK`` measures.
    """

    def fillings() -> list[Filling]:
        return [Filling(sheets(chosen), chosen.chunks(CHUNK), attrgetter("source"))]

    with override(chosen.asked.language):
        remarks = about.outcomes_alone(chosen)
    return fill_workbook(chosen.asked, fillings, remarks)


def fill_workbook(
    asked: Asked, fillings_of: Callable[[], list[Filling]], remarks: Sequence[str] = ()
) -> IO[bytes]:
    """Return a workbook of the rows that entries give each table, and of what was asked.

    ``fillings_of`` is called in the language of what was asked; ``remarks`` say how to read it.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 the answer closes it
    with override(asked.language), xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties(
            {
                "title": asked.title,
                "author": _("Reform Measures Catalog"),
                "comments": asked.address,
                "created": timezone.make_naive(asked.made_at),
            }
        )
        formats = _formats(book)
        fillings = fillings_of()
        sheets_of = [
            [_Sheet(book, table, formats) for table in filling.tables] for filling in fillings
        ]
        last = book.add_worksheet(pgettext("a sheet", "About"))
        sources: dict[str, Source] = {}
        for filling, own in zip(fillings, sheets_of, strict=True):
            _fill(filling, own, sources)
        _write_about(last, asked, remarks, list(sources.values()), formats)
    file.seek(0)
    return file


def _fill(filling: Filling, own: Sequence["_Sheet"], sources: dict[str, Source]) -> None:
    """Write the rows of the sheets, and keep the sources that they come from."""
    for entries in filling.chunks:
        for entry in entries:
            if filling.source_of:
                source = filling.source_of(entry)
                sources.setdefault(source.slug, source)
            for sheet in own:
                for row in sheet.table.rows(entry):
                    sheet.write(row)
    for sheet in own:
        sheet.close()


def _formats(book: Any) -> dict[str, Any]:
    text = {"font_name": FONT, "font_size": 10, "valign": "top"}
    return {
        "head": book.add_format(
            {**text, "bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E8EDF2"}
        ),
        "text": book.add_format({**text, "text_wrap": True}),
        "number": book.add_format({**text, "num_format": "General"}),
        "date": book.add_format({**text, "num_format": "yyyy-mm-dd", "align": "left"}),
        "link": book.add_format({**text, "font_color": "#1F4E79", "underline": 1}),
        "bold": book.add_format({**text, "bold": True, "text_wrap": True}),
    }


class _Sheet:
    """A sheet that is filled row by row: its head and first columns frozen, filterable when it is closed."""

    def __init__(self, book: Any, table: Table, formats: dict[str, Any]) -> None:
        self.table = table
        self.formats = formats
        self.links = 0
        self.row = 0
        self.sheet = book.add_worksheet(table.name[:31])
        self.sheet.freeze_panes(1, table.frozen)
        for place, column in enumerate(table.columns):
            self.sheet.set_column(place, place, column.width)
            self.sheet.write_string(0, place, column.name, formats["head"])
        self.sheet.repeat_rows(0)
        self.sheet.set_landscape()
        self.sheet.set_paper(A3)
        width = sum(column.width for column in table.columns)
        self.sheet.fit_to_pages(ceil(width / PAGE_WIDTH), 0)
        self.sheet.repeat_columns(0, table.frozen - 1)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.set_footer("&L&A&R&P / &N")

    def write(self, row: list[Cell]) -> None:
        """Add a row, each cell by its type."""
        self.row += 1
        # In this mode of the library a row's height is set before its cells are written.
        self.sheet.set_row(self.row, self._height(row))
        for place, cell in enumerate(row):
            self._write_cell(place, cell)

    def _height(self, row: list[Cell]) -> float:
        """Return the height in points that shows all the words of a row, as far as one may be."""
        lines = max(
            (
                lines_of(cell, column.width)
                for cell, column in zip(row, self.table.columns, strict=True)
                if isinstance(cell, str)
            ),
            default=1,
        )
        return min(lines * LINE_HEIGHT + 2, HEIGHT_LIMIT)

    def _write_cell(self, place: int, cell: Cell) -> None:
        sheet, row, formats = self.sheet, self.row, self.formats
        match cell:
            case None:
                return
            case bool():
                sheet.write_boolean(row, place, cell, formats["text"])
            case int():
                sheet.write_number(row, place, cell, formats["number"])
            case Decimal():
                self._write_decimal(place, cell)
            case date():
                sheet.write_datetime(row, place, cell, formats["date"])
            case Link():
                self._write_link(place, cell.address)
            case _:
                sheet.write_string(row, place, fitting(cell), formats["text"])

    def _write_decimal(self, place: int, number: Decimal) -> None:
        """Write a number; as text where a spreadsheet would lose digits of it."""
        if len(number.as_tuple().digits) > DIGITS_LIMIT:
            self.sheet.write_string(self.row, place, f"{number:f}", self.formats["text"])
        else:
            self.sheet.write_number(self.row, place, number, self.formats["number"])

    def _write_link(self, place: int, address: str) -> None:
        self.links += 1
        if self.links > LINKS_LIMIT or len(address) > ADDRESS_LIMIT:
            self.sheet.write_string(self.row, place, address, self.formats["text"])
        else:
            self.sheet.write_url(self.row, place, address, self.formats["link"])

    def close(self) -> None:
        """Let the rows be filtered by each column."""
        self.sheet.autofilter(0, 0, self.row, len(self.table.columns) - 1)


def lines_of(text: str, width: int) -> int:
    """Return how many lines a text takes in a column so many Latin letters wide; Chinese takes two."""
    return sum(
        max(1, ceil(sum(2 if letter > "\u2e7f" else 1 for letter in line) * LOOSENESS / width))
        for line in text.split("\n")
    )


def fitting(text: str) -> str:
    """Return a text that a cell can hold: where it is too long, cut, and saying so."""
    if len(text) <= CELL_LIMIT:
        return text
    rest = _("[cut: a cell holds no more; the whole text is at the address of this row]")
    return f"{text[: CELL_LIMIT - len(rest) - 1]} {rest}"


def _write_about(
    sheet: Any, asked: Asked, remarks: Sequence[str], sources: list[Source], formats: Any
) -> None:
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)
    lines: list[tuple[str, str]] = [*about.about(asked)]
    for text in (*remarks, *about.rights()):
        lines.append((_("How to read it"), text))
    lines.append(
        (
            _("How to read it"),
            _(
                "A row is never higher than a third of a screen; a cell holds its whole text all the same."
            ),
        )
    )
    for source in sources:
        lines += [("", ""), *about.source_facts(source)]
    for row, (name, text) in enumerate(lines):
        sheet.write_string(row, 0, name, formats["bold"])
        is_address = text == asked.address and len(text) <= ADDRESS_LIMIT
        if is_address:
            sheet.write_url(row, 1, text, formats["link"])
        else:
            sheet.write_string(row, 1, fitting(text), formats["text"])
