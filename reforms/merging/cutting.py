"""The cut of the source's words as one unit, with the texts and practices that stand or fall with it.

A text and its passages have the same places, so no text can come from one cut and its passages
from another. Words that were typed over belong to no cut, and are a unit of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from reforms.merging.units import Three
from reforms.records import MeasureRecord, PassageRecord, PracticeRecord


@dataclass(frozen=True, kw_only=True)
class Cutting:
    """How a record cuts the source's words.

    ``fields`` are the measure's and ``cities`` those of each city's practice, by name; ``practices``
    are the whole practices of cities that not every side has.
    """

    passages: tuple[PassageRecord, ...]
    fields: tuple[tuple[str, Any], ...]
    cities: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]
    practices: tuple[PracticeRecord, ...]


class _Text(NamedTuple):
    """A text of the source: the fields of its place, of its words, of their translation."""

    spans: str
    words: tuple[str, ...]
    english: str


_TITLE = _Text("title_spans", ("title_zh",), "title_en")
_TEXTS = (
    _Text("practice_spans", ("practice_zh",), "practice_en"),
    _Text("outcome_spans", ("outcome_state", "outcome_zh"), "outcome_en"),
)


class Cut:
    """What of three records stands or falls with their cut.

    ``common`` are the cities that all sides have; ``with_title`` and ``with_city`` the fields, besides
    places, that go with the cut; ``is_moved`` tells whether the passages differ.
    """

    def __init__(self, records: Three) -> None:
        owners = records.map(lambda record: {part.city: part for part in record.practices})
        self.common: set[str] = set.intersection(*map(set, owners))
        self.with_title = _going_along(_TITLE, records)
        self.with_city = {
            city: {
                name
                for text in _TEXTS
                for name in _going_along(text, Three(*(parts[city] for parts in owners)))
            }
            for city in self.common
        }
        self.is_moved = (
            not records.base.passages == records.theirs.passages == records.mine.passages
        )

    def of(self, record: MeasureRecord) -> Cutting:
        """Return how one of the records cuts the source's words."""
        spans = {text.spans for text in _TEXTS}
        parts = sorted(record.practices, key=lambda part: part.city)
        return Cutting(
            passages=record.passages,
            fields=_named(record, {_TITLE.spans, *self.with_title}),
            cities=tuple(
                (part.city, _named(part, spans | self.with_city[part.city]))
                for part in parts
                if part.city in self.common
            ),
            practices=tuple(
                part for part in parts if self.is_moved and part.city not in self.common
            ),
        )


def values_of(owner: Any, names: Iterable[str]) -> tuple[Any, ...]:
    """Return the values of some fields of a record."""
    return tuple(getattr(owner, name) for name in names)


def _going_along(text: _Text, owners: Three) -> set[str]:
    """Return the fields of a text that follow its place.

    None where its place is the same on all sides, or where a side that left the place typed over
    the words. All, with the English, where a side has no such text.
    """
    spans = owners.map(lambda one: getattr(one, text.spans))
    if spans.theirs == spans.base == spans.mine:
        return set()
    if not all(spans):
        return {*text.words, text.english}
    words = owners.map(lambda one: values_of(one, text.words))
    is_typed_over = any(
        place == spans.base and own != words.base
        for place, own in ((spans.theirs, words.theirs), (spans.mine, words.mine))
    )
    return set() if is_typed_over else set(text.words)


def _named(owner: Any, names: Iterable[str]) -> tuple[tuple[str, Any], ...]:
    return tuple((name, getattr(owner, name)) for name in sorted(names))
