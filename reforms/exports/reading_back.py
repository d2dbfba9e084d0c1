"""Our own files read back: which cells of a list were changed since, and what each row would do.

A row is compared with the same row as the catalog writes it at the version that the row names, so a
file that nobody changed changes nothing (``returned_rows``). Words of a source are never changed by a
file.
"""

import json
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from reforms.documents.kinds import DocumentError, decoded
from reforms.documents.limits import MAX_BYTES
from reforms.exchange import RecordError, from_json
from reforms.exports.entries import Asked, Chosen
from reforms.exports.returned_headings import Headings
from reforms.exports.returned_rows import ReadFile, ReadRow, RowResult, read_sheets
from reforms.exports.returned_sheets import FileError, check_length, csv_sheet, workbook
from reforms.exports.tables import csv_table
from reforms.invariants import check_measure
from reforms.models import City, Measure
from reforms.records import MeasureRecord


def read_back(content: bytes) -> ReadFile:
    """Return what each row of a CSV, XLSX or JSON file of measures would do; saves nothing.

    Raises ``FileError`` for what is no such file. Queries: 6, and 12 for every 500 measures.
    """
    if len(content) > MAX_BYTES:
        raise FileError(
            "",
            gettext_noop("The file is larger than %(megabytes)s MB."),
            megabytes=MAX_BYTES // 1_000_000,
        )
    try:
        if content.startswith(b"PK\x03\x04"):
            return read_sheets(workbook(content))
        text = decoded(content).removeprefix("\ufeff")
    except DocumentError as error:
        raise FileError("", error.template, **error.values) from None
    if "\x00" in text:
        raise FileError(
            "", gettext_noop("The file holds a NUL character, which is no part of a text.")
        )
    if text.lstrip().startswith(("[", "{")):
        return _read_json(text)
    return read_sheets([csv_sheet(text)])


# --- The exchange shape ---


def _read_json(text: str) -> ReadFile:
    """Return what each measure of a JSON array would do; one that is there is compared as it stands."""
    try:
        values = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise FileError("", gettext_noop("The file is no JSON.")) from None
    if isinstance(values, dict):
        values = [values]
    check_length(values)
    rows = [_read_object(number, value) for number, value in enumerate(values, start=1)]
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        if row.record and seen.setdefault(row.name, row.line) != row.line:
            problem = _("The measure stands in line %(line)s already.") % {"line": seen[row.name]}
            row = ReadRow(row.line, row.name, RowResult.ERROR, problem)
        found.append(row)
    return ReadFile(tuple(found))


def _no_number(_constant: str) -> None:
    raise ValueError


def _read_object(line: int, value: Any) -> ReadRow:
    try:
        record: MeasureRecord = from_json(MeasureRecord, value)
    except RecordError as error:
        problem = _(error.template) % error.values
        return ReadRow(
            line, "", RowResult.ERROR, f"{error.path}: {problem}" if error.path else problem
        )
    measure = (
        Measure.objects.filter(source__slug=record.source, key=record.key).for_record().first()
    )
    if measure is None:
        return ReadRow(line, record.identity, RowResult.CREATE, record=record)
    live = measure.to_record()
    row = ReadRow(line, record.identity, RowResult.UNCHANGED, "", measure, live, live, record)
    if record == live:
        return row
    try:
        check_measure(record, measure.source.text)
    except RecordError as error:
        return replace(row, result=RowResult.ERROR, problem=_(error.template) % error.values)
    return replace(row, result=RowResult.UPDATE)


# --- A file to begin with ---


def template_rows(language: str) -> list[list[str]]:
    """Return the headings that changes are read from, and the row of one measure as an example; 12 queries."""
    measure = Measure.objects.public().in_order().for_record().first()
    cities = list(City.objects.order_by("position"))
    asked = Asked("", "", "", language, timezone.now())
    chosen = Chosen(asked, Measure.objects.none(), tuple(city.slug for city in cities))
    with override(language):
        headings = Headings.here()
        names = [headings.source, headings.key, headings.version, headings.category]
        names.append(headings.title_en)
        for city in cities:
            label = chosen.words.name(chosen.words.cities[city.slug])
            names += [f"{label} · {name}" for name in headings.of_practice]
        if measure is None:
            return [names]
        table = csv_table(chosen)
        (row,) = table.rows(chosen.entry_of(measure, measure.to_record()))
        cells = dict(zip((column.name for column in table.columns), row, strict=True))
        return [names, [str(cells[name]) for name in names]]
