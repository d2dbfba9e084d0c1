"""A list as CSV and JSON, measure by measure, so that its length costs no memory."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from reforms.exchange import to_json
from reforms.exports.catalog import measure_objects
from reforms.exports.entries import Chosen
from reforms.exports.tables import Cell, Link, Table, csv_table
from reforms.models import Measure

BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet takes for the beginning of a formula, in either width, behind whatever it strips
# before it looks for one.
FORMULA_BEGINNING = re.compile("[\t\r\n]|[\\s\u200b-\u200f\u2060\ufeff]*[=+@＝＋－＠-]")


class _Line:
    """What ``csv`` writes to: gives each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(chosen: Chosen) -> Iterator[bytes]:
    """Return the list as CSV in UTF-8 with a byte order mark: a row a measure, a chunk at a time.

    Queries: 5 for names and cities, 1 for the list, 7 for every ``CHUNK_SIZE`` measures.
    """
    language = chosen.asked.language
    return csv_of(language, lambda: csv_table(chosen), chosen.chunks())


def csv_of(
    language: str, table_of: Callable[[], Table], chunks: Iterable[Sequence[Any]]
) -> Iterator[bytes]:
    """Yield the rows that entries give a table as CSV in a language, a chunk at a time."""
    writer = csv.writer(_Line())
    with override(language):
        table = table_of()
        head = writer.writerow([_plain(column.name) for column in table.columns])
    yield f"{BYTE_ORDER_MARK}{head}".encode()
    for entries in chunks:
        # Never left active between two chunks: the thread may serve another reader by then.
        with override(language):
            rows = [
                [_plain(cell) for cell in row] for entry in entries for row in table.rows(entry)
            ]
        yield "".join(writer.writerow(row) for row in rows).encode()


def _plain(cell: Cell) -> Any:
    """Return a cell as CSV holds it; a text that a spreadsheet would calculate begins with ``'``."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("Yes") if cell else _("No")
    if isinstance(cell, Link):
        return cell.address
    if isinstance(cell, str) and FORMULA_BEGINNING.match(cell):
        return f"'{cell}"
    return cell


def json_lines(chosen: Chosen) -> Iterator[bytes]:
    """Return the list as a JSON array in the exchange shape, as ``export_catalog`` prints it.

    Measures come whole, with the practices of all their cities: in this shape a city without an
    entry is one of which the text states none. Queries: 1, and 6 for every ``CHUNK_SIZE``.
    """
    return array_of(measure_objects(chosen.measures))


def array_of(values: Iterable[Any]) -> Iterator[bytes]:
    """Yield plain values as a JSON array, one at a time."""
    separator = "[\n"
    for value in values:
        yield f"{separator}{_dumped(value)}".encode()
        separator = ",\n"
    yield b"[]\n" if separator == "[\n" else b"\n]\n"


def json_text(measure: Measure) -> bytes:
    """Return one measure in the exchange shape."""
    return f"{_dumped(to_json(measure.to_record()))}\n".encode()


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
