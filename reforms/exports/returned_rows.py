"""What the rows of a list that comes back would do: each compared with what the catalog writes for its measure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from reforms import versions
from reforms.exchange import RecordError
from reforms.exports.entries import Asked, Chosen, Entry
from reforms.exports.returned_headings import Headings, language_of
from reforms.exports.returned_sheets import Cells, FileError, Sheet, without_apostrophe
from reforms.exports.sheets import record_sheets
from reforms.exports.tables import Table, csv_table, measure_table
from reforms.invariants import check_measure
from reforms.merging import MergeConflict, merge
from reforms.models import City, Measure
from reforms.records import MeasureRecord, PracticeRecord, TranslationState


class RowResult(StrEnum):
    """What a row would do."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    ERROR = "error"


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
class Given:
    """All rows of one measure in a file: of the list itself, and of the sheet of practices."""

    line: int
    cells: dict[str, str]
    practices: list[Cells] = field(default_factory=list)


def read_sheets(sheets: Sequence[Sheet]) -> ReadFile:
    language, headings = language_of(sheets)
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
    reader = RowReader(language, headings, own, practices)
    rows = sorted(reader.rows(given), key=lambda row: row.line)
    return ReadFile(tuple(rows), reader.not_read())


def _by_measure(
    own: Sheet, practices: Sheet | None, headings: Headings
) -> list[tuple[tuple[str, str], list[Given]]]:
    """Return the rows of each measure, by source and key, in the order of the file."""
    found: dict[tuple[str, str], list[Given]] = {}
    for row in own.rows:
        name = row.cells.get(headings.source, "").strip(), row.cells.get(headings.key, "").strip()
        found.setdefault(name, []).append(Given(row.line, row.cells))
    for row in practices.rows if practices else []:
        name = row.cells.get(headings.source, "").strip(), row.cells.get(headings.key, "").strip()
        if name in found:
            found[name][0].practices.append(row)
    return list(found.items())


class RowReader:
    """Compares rows with what the catalog writes for the same measure."""

    def __init__(
        self, language: str, headings: Headings, own: Sheet, practices: Sheet | None
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

    def rows(self, given: Sequence[tuple[tuple[str, str], list[Given]]]) -> Iterator[ReadRow]:
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

    def _row(self, given: Given, name: str, measure: Measure) -> ReadRow:
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

    def _changed(self, given: Given, measure: Measure, base: MeasureRecord) -> MeasureRecord:
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
            without_apostrophe(written)
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
