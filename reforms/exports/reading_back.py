"""Our own files read back: which cells of a list were changed since, and what each row would do.

A row is compared with the same row as the catalog writes it at the version that the row names, so a
file that nobody changed changes nothing. ``EDITABLE`` columns make changes; ``PRINTED`` ones must
stand as they are, since words of a source are never changed by a file; all others are not read.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import openpyxl
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override, pgettext

from reforms import versions
from reforms.documents.kinds import DocumentError, decoded
from reforms.documents.limits import MAX_BYTES
from reforms.documents.packed import Package
from reforms.exchange import RecordError, from_json
from reforms.exports.entries import Asked, Chosen, Entry
from reforms.exports.plain import FORMULA_BEGINNING
from reforms.exports.sheets import record_sheets
from reforms.exports.tables import Table, csv_table, measure_table
from reforms.invariants import check_measure
from reforms.merging import MergeConflict, merge
from reforms.models import City, Measure
from reforms.records import MeasureRecord, PracticeRecord, TranslationState

MAX_ROWS = 5_000
MAX_COLUMNS = 500
LANGUAGES = ("en", "zh-hans")
_FORMULA = "f"


class RowResult(StrEnum):
    """What a row would do."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    ERROR = "error"


class FileError(RecordError):
    """A file that is no list of ours; says why in ``template`` and ``values``."""


@dataclass(frozen=True)
class ReadRow:
    """A row of a file: where it stands, which measure it is of, and what it would do.

    ``base`` is the measure at the version that the row was made from, ``live`` as it stands and
    ``record`` what the row makes of it; null where it cannot be told. ``problem`` says what is
    wrong, in the reader's language.
    """

    line: int
    name: str
    result: RowResult
    problem: str = ""
    measure: Measure | None = None
    base: MeasureRecord | None = None
    live: MeasureRecord | None = None
    record: MeasureRecord | None = None


@dataclass(frozen=True)
class ReadFile:
    """The rows of a file, and the headings of columns that were not read."""

    rows: tuple[ReadRow, ...]
    not_read: tuple[str, ...] = ()

    def count(self, result: RowResult) -> int:
        """Return how many rows would do this."""
        return sum(row.result is result for row in self.rows)


@dataclass
class _Cells:
    """The cells of one row of a sheet, by heading."""

    line: int
    cells: dict[str, str]


@dataclass
class _Sheet:
    headings: tuple[str, ...]
    rows: list[_Cells]


@dataclass
class _Given:
    """All rows of one measure in a file: of the list itself, and of the sheet of practices."""

    line: int
    cells: dict[str, str]
    practices: list[_Cells] = field(default_factory=list)


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
            return _read_sheets(_workbook(content))
        text = decoded(content).removeprefix("\ufeff")
    except DocumentError as error:
        raise FileError("", error.template, **error.values) from None
    if "\x00" in text:
        raise FileError(
            "", gettext_noop("The file holds a NUL character, which is no part of a text.")
        )
    if text.lstrip().startswith(("[", "{")):
        return _read_json(text)
    return _read_sheets([_csv_sheet(text)])


# --- The cells of a file ---


def _csv_sheet(text: str) -> _Sheet:
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
                plain = [_without_apostrophe(cell) for cell in cells]
                rows.append(_Cells(line, dict(zip(headings, plain, strict=False))))
            _check_length(rows)
            # A row whose cells hold line ends stands where it begins.
            line = reader.line_num + 1
    except csv.Error:
        raise FileError(
            "",
            gettext_noop("Line %(line)s is no CSV: a quotation mark is open or out of place."),
            line=reader.line_num,
        ) from None
    return _Sheet(headings, rows)


def _check_width(width: int, headings: Sequence[str], line: int) -> None:
    if width > len(headings) or width > MAX_COLUMNS:
        raise FileError(
            "",
            gettext_noop("Line %(line)s has more cells than the first line has headings."),
            line=line,
        )


def _check_length(rows: Sequence[Any]) -> None:
    if len(rows) > MAX_ROWS:
        raise FileError("", gettext_noop("The file has more than %(rows)s rows."), rows=MAX_ROWS)


def _without_apostrophe(cell: str) -> str:
    """Return a cell as it was before our own files put an apostrophe before what would be calculated."""
    return cell[1:] if cell.startswith("'") and FORMULA_BEGINNING.match(cell[1:]) else cell


def _workbook(content: bytes) -> list[_Sheet]:
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


def _sheet(sheet: Any) -> _Sheet | None:
    rows = sheet.iter_rows()
    headings = tuple(str(cell.value or "").strip() for cell in next(rows, ()))
    found: list[_Cells] = []
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
            found.append(_Cells(number, dict(zip(headings, texts, strict=False))))
        _check_length(found)
    return _Sheet(headings, found) if any(headings) else None


# --- The headings of our files ---


@dataclass(frozen=True)
class _Headings:
    """The headings of our files in one language."""

    key: str
    source: str
    version: str
    city: str
    category: str
    title_en: str
    title_zh: str
    of_practice: Mapping[str, str]
    printed: frozenset[str]

    @classmethod
    def here(cls) -> "_Headings":
        """Return the headings in the active language; they are those of ``tables`` and ``sheets``."""
        return cls(
            key=pgettext("of a measure", "Key"),
            source=_("Source"),
            version=_("Version"),
            city=_("City"),
            category=_("Category"),
            title_en=_("Title, our English"),
            title_zh=_("Title, as printed"),
            of_practice={
                _("our summary, Chinese"): "summary_zh",
                _("our summary, English"): "summary_en",
                _("practice, unofficial translation"): "practice_en",
                _("outcome, unofficial translation"): "outcome_en",
            },
            printed=frozenset((_("practice, as printed"), _("outcome, as printed"))),
        )


def _language_of(sheets: Sequence[_Sheet]) -> tuple[str, _Headings]:
    """Return the language of a file by its headings, and these; raises ``FileError``."""
    for language in LANGUAGES:
        with override(language):
            headings = _Headings.here()
        if any(
            {headings.key, headings.source, headings.version} <= {*sheet.headings}
            for sheet in sheets
        ):
            return language, headings
    raise FileError(
        "",
        gettext_noop(
            "The first line has no headings of a list of measures: Source, Key and Version are needed. Take a list away as CSV or XLSX and change that file."
        ),
    )


# --- Rows ---


def _read_sheets(sheets: Sequence[_Sheet]) -> ReadFile:
    language, headings = _language_of(sheets)
    own = next(
        sheet
        for sheet in sheets
        if {headings.key, headings.source, headings.version} <= {*sheet.headings}
    )
    doubled = sorted({name for name in own.headings if name and own.headings.count(name) > 1})
    if doubled:
        raise FileError("", gettext_noop("The heading %(name)s stands twice."), name=doubled[0])
    practices = next(
        (
            sheet
            for sheet in sheets
            if sheet is not own
            and {headings.source, headings.key, headings.city, *headings.printed}
            <= {*sheet.headings}
        ),
        None,
    )
    given = _by_measure(own, practices, headings)
    reader = _Reader(language, headings, own, practices)
    rows = sorted(reader.rows(given), key=lambda row: row.line)
    return ReadFile(tuple(rows), reader.not_read())


def _by_measure(
    own: _Sheet, practices: _Sheet | None, headings: _Headings
) -> list[tuple[tuple[str, str], list[_Given]]]:
    """Return the rows of each measure, by source and key, in the order of the file."""
    found: dict[tuple[str, str], list[_Given]] = {}
    for row in own.rows:
        name = row.cells.get(headings.source, "").strip(), row.cells.get(headings.key, "").strip()
        found.setdefault(name, []).append(_Given(row.line, row.cells))
    for row in practices.rows if practices else []:
        name = row.cells.get(headings.source, "").strip(), row.cells.get(headings.key, "").strip()
        if name in found:
            found[name][0].practices.append(row)
    return list(found.items())


class _Reader:
    """Compares rows with what the catalog writes for the same measure."""

    def __init__(
        self, language: str, headings: _Headings, own: _Sheet, practices: _Sheet | None
    ) -> None:
        self.language = language
        self.headings = headings
        self.own = own
        self.practices = practices
        cities = list(City.objects.order_by("position"))
        self.chosen = Chosen(
            Asked("", "", "", language, timezone.now()),
            Measure.objects.none(),
            tuple(city.slug for city in cities),
        )
        with override(language):
            self.cities = {str(city.short_name): city.slug for city in cities} | {
                str(self.chosen.words.name(self.chosen.words.cities[city.slug])): city.slug
                for city in cities
            }
            self.categories = self._categories()
            self.tables: list[Table] = [
                csv_table(self.chosen),
                measure_table(self.chosen, is_whole=False),
            ]
            self.practice_table = record_sheets(self.chosen)[0]
            self.city_columns = self._city_columns()

    def _categories(self) -> dict[str, str]:
        """Return the slug of each category by its name in either language, and by itself."""
        found: dict[str, str] = {}
        for slug, record in self.chosen.words.categories.items():
            found |= {record.name_zh: slug, record.name_en: slug, slug: slug}
        return found

    def _city_columns(self) -> dict[str, tuple[str, str]]:
        """Return the city and the name of each heading that is of a city."""
        names = [*self.headings.of_practice, *self.headings.printed]
        return {
            f"{city} · {name}": (slug, name) for city, slug in self.cities.items() for name in names
        }

    def not_read(self) -> tuple[str, ...]:
        """Return the headings of the file that no change is read from."""
        known = {
            *(self.headings.key, self.headings.source, self.headings.version, self.headings.city),
            *(self.headings.category, self.headings.title_en, self.headings.title_zh),
            *self.city_columns,
        }
        return tuple(name for name in self.own.headings if name and name not in known)

    def rows(self, given: Sequence[tuple[tuple[str, str], list[_Given]]]) -> Iterator[ReadRow]:
        """Yield what each row would do, in the order of the file."""
        measures = self._measures({key for (_source, key), _rows in given})
        for (source, key), rows in given:
            name = f"{source}: {key}"
            first = rows[0]
            for again in rows[1:]:
                problem = _("The measure stands in line %(line)s already.") % {"line": first.line}
                yield ReadRow(again.line, name, RowResult.ERROR, problem)
            found = measures.get((source, key), [])
            if len(found) != 1:
                problem = _(
                    "There is no such measure. New ones come with the text of their notice."
                )
                yield ReadRow(first.line, name, RowResult.ERROR, problem)
                continue
            yield self._row(first, name, found[0])

    def _measures(self, keys: set[str]) -> dict[tuple[str, str], list[Measure]]:
        """Return the measures with these keys by each name of their source; 8 queries."""
        found: dict[tuple[str, str], list[Measure]] = {}
        for measure in Measure.objects.filter(key__in=[key for key in keys if key]).for_record():
            source = measure.source
            for label in {source.slug, source.short_name_zh, source.short_name_en}:
                found.setdefault((label, measure.key), []).append(measure)
        return found

    def _row(self, given: _Given, name: str, measure: Measure) -> ReadRow:
        """Return what the row of one measure would do."""
        live = measure.to_record()
        row = ReadRow(given.line, name, RowResult.ERROR, measure=measure, live=live)
        number = given.cells.get(self.headings.version, "").strip()
        if not (number.isascii() and number.isdigit() and len(number) < 9):
            return replace(row, problem=_("The version of the row is no number."))
        base: MeasureRecord | None = live
        if int(number) != measure.version:
            stored = measure.versions.filter(version=int(number)).first()
            base = versions.read(stored) if stored else None
        if base is None:
            problem = _("The measure has no version %(version)s.") % {"version": number}
            return replace(row, problem=problem)
        try:
            mine = self._changed(given, measure, base)
            record = mine if base == live else merge(base, live, mine, {})
            if record != live:
                check_measure(record, measure.source.text)
        except MergeConflict:
            problem = _("Somebody changed the same fields since version %(version)s.") % {
                "version": number
            }
            return replace(row, result=RowResult.CONFLICT, problem=problem, base=base, record=mine)
        except RecordError as error:
            return replace(row, problem=_(error.template) % error.values)
        result = RowResult.UNCHANGED if record == live else RowResult.UPDATE
        return replace(row, result=result, base=base, record=record)

    def _changed(self, given: _Given, measure: Measure, base: MeasureRecord) -> MeasureRecord:
        """Return the base with what the row's cells change; raises ``RecordError``."""
        with override(self.language):
            entry = self.chosen.entry_of(measure, base)
            written = self._written(entry)
            in_practices = {
                str(cells[self.headings.city]): cells
                for cells in self._rows_of(self.practice_table, entry)
            }
        changes: dict[str, str | None] = {}
        of_cities: dict[str, dict[str, str | None]] = {}
        for heading, cell in given.cells.items():
            if heading not in written or self._is_same(cell, written[heading]):
                continue
            if heading == self.headings.category:
                changes["category"] = self._category(cell)
            elif heading == self.headings.title_en:
                changes["title_en"] = _text(cell)
            elif heading == self.headings.title_zh:
                raise _printed_error(heading)
            elif heading in self.city_columns:
                city, column = self.city_columns[heading]
                self._change(of_cities, city, column, cell, heading)
        for row in given.practices:
            city_name = row.cells.get(self.headings.city, "").strip()
            written_row = in_practices.get(city_name)
            if written_row is None:
                raise RecordError(
                    "",
                    gettext_noop("Line %(line)s of the practices: no city is called %(name)s."),
                    line=row.line,
                    name=city_name,
                )
            for heading in (*self.headings.of_practice, *self.headings.printed):
                if heading not in row.cells:
                    continue
                cell = row.cells[heading]
                if not self._is_same(cell, written_row[heading]):
                    self._change(of_cities, self.cities[city_name], heading, cell, heading)
        return _applied(base, changes, of_cities)

    def _change(
        self,
        of_cities: dict[str, dict[str, str | None]],
        city: str,
        column: str,
        cell: str,
        heading: str,
    ) -> None:
        if column in self.headings.printed:
            raise _printed_error(heading)
        name = self.headings.of_practice[column]
        own = of_cities.setdefault(city, {})
        if name in own and own[name] != _text(cell):
            raise RecordError(
                "",
                gettext_noop("%(name)s is changed to two different texts in one file."),
                name=heading,
            )
        own[name] = _text(cell)

    def _category(self, cell: str) -> str:
        slug = self.categories.get(cell.strip())
        if slug is None:
            raise RecordError(
                "", gettext_noop("%(name)s is no category of the catalog."), name=cell[:80]
            )
        return slug

    def _written(self, entry: Entry) -> dict[str, str]:
        """Return the cells that our files have of a measure, by heading."""
        found: dict[str, str] = {}
        for table in self.tables:
            for cells in self._rows_of(table, entry):
                found |= cells
        return found

    def _rows_of(self, table: Table, entry: Entry) -> Iterator[dict[str, str]]:
        names = [column.name for column in table.columns]
        for row in table.rows(entry):
            yield {
                name: "" if cell is None else str(cell)
                for name, cell in zip(names, row, strict=True)
            }

    @staticmethod
    def _is_same(cell: str, written: str) -> bool:
        """Tell whether a cell stands as it was written, however a program keeps its line ends."""
        return _lines(cell) == _lines(written) or _lines(cell) == _lines(
            _without_apostrophe(written)
        )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _text(cell: str) -> str | None:
    """Return a typed text; none where the cell was emptied."""
    return _lines(cell) or None


def _printed_error(heading: str) -> RecordError:
    return RecordError(
        "",
        gettext_noop(
            "%(name)s holds words of the source, which a file does not change. Say what is wrong on the measure's page."
        ),
        name=heading,
    )


def _applied(
    base: MeasureRecord,
    changes: Mapping[str, Any],
    of_cities: Mapping[str, Mapping[str, Any]],
) -> MeasureRecord:
    """Return a record with changed texts; what was translated counts as current, what was emptied as missing."""
    held = {practice.city for practice in base.practices}
    absent = next((city for city in of_cities if city not in held), None)
    if absent is not None:
        raise RecordError(
            "", gettext_noop("The measure has no practice of %(city)s to be changed."), city=absent
        )
    record = replace(base, **changes)
    if "title_en" in changes:
        state = TranslationState.CURRENT if record.title_en else TranslationState.MISSING
        record = replace(record, title_translation_state=state)
    practices = tuple(_practice(one, of_cities.get(one.city, {})) for one in base.practices)
    return replace(record, practices=practices)


def _practice(practice: PracticeRecord, changes: Mapping[str, Any]) -> PracticeRecord:
    changed = replace(practice, **changes)
    if not {"practice_en", "outcome_en"} & changes.keys():
        return changed
    english = [changed.practice_en, *([changed.outcome_en] if changed.outcome_zh else [])]
    state = TranslationState.MISSING if None in english else TranslationState.CURRENT
    return replace(changed, translation_state=state)


# --- The exchange shape ---


def _read_json(text: str) -> ReadFile:
    """Return what each measure of a JSON array would do; one that is there is compared as it stands."""
    try:
        values = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise FileError("", gettext_noop("The file is no JSON.")) from None
    if isinstance(values, dict):
        values = [values]
    _check_length(values)
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
        headings = _Headings.here()
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
