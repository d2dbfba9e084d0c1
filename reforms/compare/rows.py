"""Measures and cities as rows and cells: texts side by side, errata in their place, absences named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.db.models import Prefetch

from reforms.models import City, Erratum, Figure, Measure, Point, Practice, Theme
from reforms.models.fields import as_spans
from reforms.models.querysets import MeasureQuerySet
from reforms.records import Spans, StatedIn
from reforms.spans import is_within


class Presence(StrEnum):
    """Whether the text held states a city's practice; not stating is not the same as not doing.

    ``CUT``: the beginning of the measure is not held, so that it cannot be told.
    """

    STATED = "stated"
    NOT_STATED = "not_stated"
    NOT_ENTERED = "not_entered"
    CUT = "cut"


@dataclass(frozen=True)
class Note:
    """An erratum on a page; ``prefix`` begins its names where the page has several measures."""

    erratum: Erratum
    prefix: str = ""

    @property
    def number(self) -> str:
        """The erratum's number on every page: its measure's key and its position there (``6-1``)."""
        return f"{self.erratum.measure.key}-{self.erratum.position}"

    @property
    def anchor(self) -> str:
        """The name of the note in the page."""
        return f"{self.prefix}{self.erratum.anchor}"

    @property
    def mark_anchor(self) -> str:
        """The name of the mark in the text."""
        return f"{self.anchor}-mark"

    @property
    def spans(self) -> Spans:
        """Where the misprint stands in the source."""
        return as_spans(self.erratum.spans)


@dataclass(frozen=True)
class Cell:
    """One city's side of a measure.

    ``outcome_again`` are the other measures under which the source prints the outcome's words, as
    far as they were asked for.
    """

    city: City
    practice: Practice | None
    presence: Presence
    practice_notes: tuple[Note, ...] = ()
    outcome_notes: tuple[Note, ...] = ()
    outcome_again: tuple[Measure, ...] = ()

    @cached_property
    def figures(self) -> list[Figure]:
        """The figures in the order of print; no query if they are at hand."""
        return list(self.practice.figures.all()) if self.practice else []

    @cached_property
    def points(self) -> list[Point]:
        """The points in the order of print; no query if they are at hand."""
        return list(self.practice.points.all()) if self.practice else []

    @cached_property
    def themes(self) -> list[Theme]:
        """The themes of the points, each once, in the order of print."""
        return list(dict.fromkeys(point.theme for point in self.points))


@dataclass(frozen=True)
class Row:
    """One measure across the chosen cities."""

    measure: Measure
    cells: tuple[Cell, ...]
    title_notes: tuple[Note, ...]
    other_notes: tuple[Note, ...]

    @property
    def present(self) -> list[Cell]:
        """The cells with a practice."""
        return [cell for cell in self.cells if cell.practice]

    @property
    def figures(self) -> list[Figure]:
        """Every figure of the chosen cities, by city and in the order of print."""
        return [figure for cell in self.cells for figure in cell.figures]

    @property
    def columns(self) -> int:
        """How many columns the row's table has: its head and the cities."""
        return 1 + len(self.cells)

    @property
    def anchor(self) -> str:
        """The name of the row in a page."""
        return f"{self.measure.source.slug}-{self.measure.key}"


def with_words(measures: MeasureQuerySet) -> MeasureQuerySet:
    """Return the measures with all that a row reads of them; 5 queries in all."""
    points = Point.objects.select_related("theme")
    return measures.for_list().prefetch_related(Prefetch("practices__points", points), "errata")


def compare(measures: Iterable[Measure], cities: Sequence[City]) -> list[Row]:
    """Return a row a measure with a cell a city, both in the order given.

    No query if the measures were fetched ``with_words``.
    """
    return [_row(measure, cities, prefix=f"{measure.source.slug}-") for measure in measures]


def compare_whole(measure: Measure, pair: Iterable[City], prefix: str = "") -> Row:
    """Return the measure's row with every city that has a practice and the cities of ``pair``.

    ``prefix`` begins the names of its errata where the page has several measures.
    """
    cities = {city.pk: city for city in pair}
    cities |= {practice.city.pk: practice.city for practice in measure.practices.all()}
    return _row(measure, sorted(cities.values(), key=lambda city: city.position), prefix)


def compare_cities(measure: Measure, cities: Sequence[City], prefix: str = "") -> Row:
    """Return the measure's row with just these cities, in the order given."""
    return _row(measure, cities, prefix)


def shown_errata(measure: Measure, prefix: str = "") -> list[Note]:
    """Return the measure's errata that readers see, in their order; no query if they are at hand."""
    return [Note(erratum, prefix) for erratum in measure.errata.all() if erratum.is_shown]


def notes_within(notes: Iterable[Note], text: Spans) -> tuple[Note, ...]:
    """Return the errata whose misprints stand in a text, in their order."""
    return tuple(note for note in notes if note.spans and is_within(note.spans, text))


def passage_of(figure: Figure) -> int | None:
    """Return the start of the passage in which a figure's words begin, null if it has none.

    A practice's and an outcome's spans are its passages. No query if the outcome is at hand.
    """
    if not figure.quote_spans:
        return None
    text = figure.practice if figure.stated_in == StatedIn.PRACTICE else figure.practice.outcome
    return start_of_passage(as_spans(text.spans), figure.quote_spans[0][0])


def start_of_passage(passages: Spans, position: int) -> int | None:
    """Return the start of the passage that holds a position of the source, null if none does."""
    return next((start for start, end in passages if start <= position < end), None)


def _row(measure: Measure, cities: Sequence[City], prefix: str = "") -> Row:
    practices = {practice.city_id: practice for practice in measure.practices.all()}
    left = shown_errata(measure, prefix)
    cells = []
    for city in cities:
        cell = _cell(measure, city, practices.get(city.pk), left)
        cells.append(cell)
    used = {note.number for cell in cells for note in (*cell.practice_notes, *cell.outcome_notes)}
    title = as_spans(measure.title_spans)
    texts = [as_spans(part.spans) for part in _texts(practices.values())]
    in_title = tuple(note for note in left if is_within(note.spans, title))
    elsewhere = tuple(
        note
        for note in left
        if note not in in_title
        and note.number not in used
        and not any(is_within(note.spans, text) for text in texts)
    )
    return Row(measure, tuple(cells), in_title, elsewhere)


def _cell(
    measure: Measure, city: City, practice: Practice | None, measure_notes: Sequence[Note]
) -> Cell:
    if practice is None:
        return Cell(city, None, _absence(measure))
    outcome = getattr(practice, "outcome", None)
    outcome_spans = as_spans(outcome.spans) if outcome else ()
    return Cell(
        city,
        practice,
        Presence.STATED,
        notes_within(measure_notes, as_spans(practice.spans)),
        notes_within(measure_notes, outcome_spans),
    )


def _absence(measure: Measure) -> Presence:
    if measure.is_read_whole:
        return Presence.NOT_STATED
    return Presence.CUT if measure.title_zh is None else Presence.NOT_ENTERED


def _texts(practices: Iterable[Practice]) -> Iterable[Practice]:
    for practice in practices:
        yield practice
        if outcome := getattr(practice, "outcome", None):
            yield outcome
