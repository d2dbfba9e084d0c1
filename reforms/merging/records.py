"""Three records of a measure to their units, and units back to one record."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from reforms.merging.cutting import Cut, values_of
from reforms.merging.parts import part_units
from reforms.merging.units import MergeConflict, Side, Three, Unit, What, in_order
from reforms.records import MeasureRecord, PracticeRecord

# Fields that are decided at once, in the order of a page. Places of texts belong to the cut.
MEASURE_UNITS = (
    ("category",),
    ("section",),
    ("number",),
    ("position",),
    ("status",),
    ("is_read_whole",),
    ("title_zh",),
    ("title_en",),
    ("title_translation_state",),
    ("title_note_zh",),
    ("title_note_en",),
    ("withdrawn_at", "withdrawn_reason_zh", "withdrawn_reason_en"),
)
PRACTICE_UNITS = (
    ("city_is_printed",),
    ("practice_zh",),
    ("practice_en",),
    ("summary_zh",),
    ("summary_en",),
    ("translation_state",),
    ("translation_note_zh",),
    ("translation_note_en",),
    ("outcome_state", "outcome_zh"),
    ("outcome_en",),
)
PARTS = (What.POINT, What.FIGURE)


def differences_of(
    base: MeasureRecord, theirs: MeasureRecord, mine: MeasureRecord
) -> tuple[Unit, ...]:
    """Return every unit that either side changed, in the order of a page.

    Raises ``ValueError`` where the records are of different measures.
    """
    return tuple(unit for unit in _units(Three(base, theirs, mine)) if unit.is_changed)


def merge(
    base: MeasureRecord,
    theirs: MeasureRecord,
    mine: MeasureRecord,
    choices: Mapping[str, Side],
) -> MeasureRecord:
    """Return the record that takes each unit from the side chosen for its path, or that changed it.

    Raises ``MergeConflict`` for units that both sides changed without a choice, and ``ValueError``
    where the records are of different measures. A choice for a path that is no unit is ignored.
    Whether the merged record keeps the rules is for ``invariants`` to say: one side may have cut
    away the words that the other quoted.
    """
    records = Three(base, theirs, mine)
    units = list(_units(records))
    undecided = [unit.path for unit in units if unit.is_conflict and unit.path not in choices]
    if undecided:
        raise MergeConflict(undecided)
    merged = _Merged(records)
    for unit in units:
        merged.take(unit, unit.value(choices.get(unit.path) or unit.side or Side.THEIRS))
    return merged.record()


def _units(records: Three) -> Iterator[Unit]:
    """Yield every unit of the three records, changed or not."""
    if len({(record.source, record.key) for record in records}) != 1:
        raise ValueError("Only records of one measure can be merged.")
    cut = Cut(records)
    yield from _field_units(records, MEASURE_UNITS, cut.with_title)
    yield Unit(path="cut", what=What.CUT, **records.map(cut.of)._asdict())
    owners = records.map(lambda record: {part.city: part for part in record.practices})
    for city in in_order(*owners.map(list)):
        practices = Three(*(parts.get(city) for parts in owners))
        if city in cut.common:
            yield from _field_units(practices, PRACTICE_UNITS, cut.with_city[city], city)
            for what in PARTS:
                yield from part_units(practices, what, city)
        elif not cut.is_moved:
            path = f"practices.{city}"
            yield Unit(path=path, what=What.PRACTICE, city=city, **practices._asdict())
    yield from part_units(records, What.ERRATUM)


def _field_units(
    owners: Three, groups: Iterable[tuple[str, ...]], elsewhere: set[str], city: str | None = None
) -> Iterator[Unit]:
    """Yield the units of fields of the measure or of a practice, but those that go with the cut."""
    for names in groups:
        if names[0] not in elsewhere:
            values = Three(*(values_of(owner, names) for owner in owners))
            path = f"practices.{city}.{names[0]}" if city else names[0]
            yield Unit(path=path, what=What.FIELDS, city=city, names=names, **values._asdict())


class _Merged:
    """The record that is put together from the values taken of each unit."""

    def __init__(self, records: Three) -> None:
        self.records = records
        self.fields: dict[str, Any] = {}
        self.of_city: dict[str, dict[str, Any]] = {}
        self.practices: dict[str, PracticeRecord] = {}
        self.parts: dict[tuple[str | None, What], list[tuple[Unit, Any]]] = {}

    def take(self, unit: Unit, value: Any) -> None:
        """Take one value of a unit."""
        if unit.what == What.FIELDS:
            owner = self.of_city.setdefault(unit.city, {}) if unit.city else self.fields
            owner.update(zip(unit.names, value, strict=True))
        elif unit.what == What.CUT:
            self.fields |= {"passages": value.passages, **dict(value.fields)}
            for city, fields in value.cities:
                self.of_city.setdefault(city, {}).update(fields)
            self.practices |= {part.city: part for part in value.practices}
        elif unit.what == What.PRACTICE:
            if value is not None:
                self.practices[value.city] = value
        else:
            self.parts.setdefault((unit.city, unit.what), []).append((unit, value))

    def record(self) -> MeasureRecord:
        """Return the whole record."""
        base: MeasureRecord = self.records.base
        was = {part.city: part for part in base.practices}
        for city, fields in self.of_city.items():
            parts: dict[str, Any] = {str(what): self._in_order(city, what) for what in PARTS}
            self.practices[city] = replace(was[city], **fields, **parts)
        cities = [[part.city for part in record.practices] for record in self.records]
        return replace(
            base,
            **self.fields,
            practices=tuple(
                self.practices[city] for city in in_order(*cities) if city in self.practices
            ),
            errata=self._in_order(None, What.ERRATUM),
        )

    def _in_order(self, city: str | None, what: What) -> tuple[Any, ...]:
        """Return the parts that were taken, in the order of the side that changed it."""
        taken = {unit.path: (unit, value) for unit, value in self.parts.get((city, what), [])}
        sides = [
            sorted(
                (path for path, (unit, _) in taken.items() if unit.places[side] is not None),
                key=lambda path, side=side: taken[path][0].places[side],  # type: ignore[misc]
            )
            for side in range(3)
        ]
        values = [taken[path][1] for path in in_order(*sides)]
        return tuple(value for value in values if value is not None)
