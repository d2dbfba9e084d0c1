"""The rows of a merge: what a unit is called and says on each side, in the reader's words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from reforms.changes import (
    ERRATUM_FIELDS,
    FIGURE_FIELDS,
    OWN_FIELDS,
    PRACTICE_FIELDS,
    Names,
    Row,
    label_of,
    point_rows,
    rows_of,
)
from reforms.merging import Cutting, Three, Unit, What
from reforms.models import Erratum, Figure, Measure, Practice
from reforms.models.choices import LABELS
from reforms.records import MeasureRecord, PassageRecord, PracticeRecord, Role
from reforms.spans import text_at
from reforms.text import Mark, difference

# Longer texts together are shown whole: marking costs the square where one word is repeated.
MAX_MARKED_CHARACTERS = 12_000
PLACE = re.compile(r"(?:practices\[(\d+)\]\.?)?(?:(points|figures|errata)\[(\d+)\]\.?)?(\w*)")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: as it stood, ``added`` or ``removed``."""

    text: str
    change: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a cell; without a label where the row's heading says what it is."""

    label: str
    language: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Cell:
    """What one side says of a unit; ``is_as_base`` where it left it as it stood."""

    lines: tuple[Line, ...]
    is_as_base: bool = False
    is_taken_away: bool = False


def cells_of(unit: Unit, source_text: str, names: Names) -> Three:
    """Return a unit's three cells; what both sides changed is marked against the base."""
    words = _Words(source_text, names)
    values = Three(unit.base, unit.theirs, unit.mine)
    rows = values.map(lambda value: {row.label: row for row in words.rows(unit, value)})
    there = [side for side, value in zip(rows, values, strict=True) if value is not None]
    labels = list(dict.fromkeys(label for side in there for label in side))
    # Of a part that both sides hold only what tells it from others, and what they changed.
    shown = [
        label
        for label in labels
        if len(there) == 1
        or _is_name(unit, label)
        or len({_text_of(side.get(label)) for side in there}) > 1
    ] or labels
    is_single = unit.what == What.FIELDS and len(unit.names) == 1

    def cell(value: Any, side: dict[str, Row], is_base: bool = False) -> Cell:
        lines = (
            _line(
                "" if is_single else label,
                (side if is_base else rows.base).get(label),
                side.get(label),
            )
            for label in shown
        )
        return Cell(
            tuple(line for line in lines if line.pieces),
            is_as_base=not is_base and value == unit.base,
            is_taken_away=value is None and unit.base is not None,
        )

    return Three(
        cell(unit.base, rows.base, is_base=True),
        cell(unit.theirs, rows.theirs),
        cell(unit.mine, rows.mine),
    )


def heading_of(unit: Unit, names: Names) -> str:
    """Return what a unit is called: its city, and its field or its part."""
    if unit.what == What.CUT:
        return _("cut of the source's words")
    place = names("city", unit.city) if unit.city else _("Measure")
    if unit.what == What.FIELDS:
        label = label_of(Practice if unit.city else Measure, unit.names[0])
        return f"{place} · {label}"
    if unit.what == What.PRACTICE:
        return f"{place} · {label_of(Practice, 'practice_zh')}"
    number = None if unit.places.base is None else unit.places.base + 1
    return _part_heading(unit.what, number, place)


def _part_heading(what: str, number: int | None, city: str) -> str:
    """Return what a part is called, by its number or as a new one."""
    if number is None:
        new = {
            What.POINT: _("A new point"),
            What.FIGURE: _("A new figure"),
            What.ERRATUM: _("A new erratum"),
        }[What(what)]
        return new if what == What.ERRATUM else f"{city} · {new}"
    values = {"city": city, "number": number}
    if what == What.POINT:
        return _("%(city)s · point %(number)s") % values
    if what == What.FIGURE:
        return _("%(city)s · figure %(number)s") % values
    return _("Erratum %(number)s") % values


def place_of(path: str, record: MeasureRecord, names: Names) -> str:
    """Return what the place of a record's error is called; empty for the record as a whole."""
    found = PLACE.match(path)
    assert found is not None, "every part of the pattern may be absent"
    number, what, part, name = found.groups()
    city = names("city", record.practices[int(number)].city) if number else ""
    if what:
        return _part_heading(what, int(part) + 1, city)
    model, fields = (Practice, PRACTICE_FIELDS) if city else (Measure, OWN_FIELDS)
    label = label_of(model, name) if name in fields else ""
    return " · ".join(word for word in (city, label) if word)


def _text_of(row: Row | None) -> str:
    return row.text if row else ""


def _is_name(unit: Unit, label: str) -> bool:
    """Tell whether a line is shown even where it is the same on all sides: it tells which part it is."""
    if unit.what == What.POINT:
        return True
    if unit.what == What.FIGURE:
        return label in (label_of(Figure, "indicator"), label_of(Figure, "quote"))
    return unit.what == What.ERRATUM and label == label_of(Erratum, "as_printed")


def _line(label: str, base: Row | None, row: Row | None) -> Line:
    """Return a side's line, a text marked word by word against the base, anything else as a whole."""
    before, after = _text_of(base), _text_of(row)
    language = (row or base or Row("", "")).language
    pieces: tuple[Piece, ...]
    if before == after:
        pieces = (Piece(after),) if after else ()
    elif language and before and after and len(before) + len(after) <= MAX_MARKED_CHARACTERS:
        pieces = tuple(_marked(before, after))
    elif after:
        pieces = (Piece(after, "added"),)
    else:
        pieces = (Piece(before, "removed"),)
    return Line(label, language, pieces)


def _marked(before: str, after: str) -> Iterator[Piece]:
    for mark, left, right in difference(before, after).pieces:
        if mark is Mark.EQUAL:
            yield Piece(right)
            continue
        if left:
            yield Piece(left, "removed")
        if right:
            yield Piece(right, "added")


@dataclass(frozen=True)
class _Words:
    """What a unit's value says, as labelled rows."""

    source_text: str
    names: Names

    def rows(self, unit: Unit, value: Any) -> Iterator[Row]:
        """Yield the rows of one side's value; none where it has nothing."""
        if value is None:
            return
        if unit.what == What.FIELDS:
            model = Practice if unit.city else Measure
            yield from rows_of(model, _Fields(unit.names, value), unit.names, self.names)
        elif unit.what == What.CUT:
            yield from self.cut(value)
        elif unit.what == What.PRACTICE:
            yield from self.practice(value)
        elif unit.what == What.POINT:
            yield from point_rows(value, self.source_text, self.names)
        else:
            part, fields = (
                (Figure, FIGURE_FIELDS) if unit.what == What.FIGURE else (Erratum, ERRATUM_FIELDS)
            )
            yield from rows_of(part, value, fields, self.names)

    def practice(self, practice: PracticeRecord) -> Iterator[Row]:
        """Yield a whole practice: its fields, and how many parts it has."""
        yield from rows_of(Practice, practice, PRACTICE_FIELDS, self.names)
        for label, parts in ((_("Points"), practice.points), (_("Figures"), practice.figures)):
            if parts:
                yield Row(label, str(len(parts)))

    def cut(self, cutting: Cutting) -> Iterator[Row]:
        """Yield the words of each role and city, then what goes with them and is not printed."""
        found: dict[tuple[Role, str | None], list[PassageRecord]] = {}
        for part in cutting.passages:
            found.setdefault((part.role, part.city), []).append(part)
        for (role, city), parts in found.items():
            label = str(LABELS[Role][role])
            spans = [(part.start, part.end) for part in parts]
            words = text_at(self.source_text, spans)
            place = f"{self.names('city', city)} · {label}" if city else label
            yield Row(place, words, "zh-Hans")
        yield from self.fields(Measure, _("Measure"), cutting.fields)
        for city, fields in cutting.cities:
            yield from self.fields(Practice, self.names("city", city), fields)
        for practice in cutting.practices:
            city = self.names("city", practice.city)
            for row in self.practice(practice):
                yield replace(row, label=f"{city} · {row.label}")

    def fields(self, model: Any, place: str, fields: tuple[tuple[str, Any], ...]) -> Iterator[Row]:
        """Yield fields that go with a cut, but its places and the words printed there."""
        values = dict(fields)
        names = [
            name
            for name, value in fields
            if not name.endswith("_spans")
            and not (
                value
                and (spans := values.get(name.removesuffix("_zh") + "_spans"))
                and value == text_at(self.source_text, spans)
            )
        ]
        shown = _Fields(tuple(names), tuple(values[name] for name in names))
        for row in rows_of(model, shown, names, self.names):
            yield replace(row, label=f"{place} · {row.label}")


class _Fields:
    """Values by the names of their fields, as a record has them."""

    def __init__(self, names: tuple[str, ...], values: tuple[Any, ...]) -> None:
        self.__dict__.update(zip(names, values, strict=True))
