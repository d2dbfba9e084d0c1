"""What the text held states of each city under each measure: the coverage matrix and its totals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from django.db.models import Count, Prefetch, Q

from reforms.models import Category, City, Measure, Practice
from reforms.models.querysets import MeasureQuerySet
from reforms.records import OutcomeState


class State(StrEnum):
    """What is known of one city under one measure; not stating is not the same as not doing."""

    OUTCOME = "outcome"
    PRACTICE = "practice"
    PENDING = "pending"
    NOT_STATED = "not_stated"
    CUT = "cut"
    NOT_ENTERED = "not_entered"


_WITH_PRACTICE = {
    OutcomeState.STATED: State.OUTCOME,
    OutcomeState.NOT_STATED: State.PRACTICE,
    OutcomeState.NOT_ENTERED: State.PENDING,
}


@dataclass(frozen=True)
class CoverageCell:
    """One city under one measure."""

    city: City
    state: State


@dataclass(frozen=True)
class CoverageRow:
    """One measure across the cities."""

    measure: Measure
    cells: tuple[CoverageCell, ...]


@dataclass(frozen=True)
class CoverageGroup:
    """The measures of one category, in the order of sources and positions."""

    category: Category
    rows: tuple[CoverageRow, ...]


@dataclass(frozen=True)
class CityTally:
    """How many practices of a city are held, and of how many of them the outcome is stated."""

    city: City
    practices: int
    outcomes: int


def state_of(measure: Measure, practice: Practice | None) -> State:
    """Return what is known of a city, given its practice under the measure, or none.

    A measure of which neither all was read nor a title is printed has its beginning cut off:
    whether that stated the city cannot be told.
    """
    if practice is not None:
        return _WITH_PRACTICE[OutcomeState(practice.outcome_state)]
    if measure.is_read_whole:
        return State.NOT_STATED
    return State.CUT if measure.title_zh is None else State.NOT_ENTERED


def with_states(measures: MeasureQuerySet) -> MeasureQuerySet:
    """Return the measures with all that the matrix reads of them, grouped by category; 2 queries."""
    practices = Practice.objects.only("measure_id", "city_id", "outcome_state").order_by()
    return (
        measures.select_related("source", "category")
        .defer("source__text", "source__other_numbers")
        .prefetch_related(Prefetch("practices", practices))
        .order_by("category__position", "source__position", "position")
    )


def cover(measures: Iterable[Measure], cities: Sequence[City]) -> list[CoverageGroup]:
    """Return the matrix of measures by cities, a group a category, in the order given.

    No query if the measures were fetched ``with_states``.
    """
    return [
        CoverageGroup(category, tuple(_row(measure, cities) for measure in found))
        for category, found in groupby(measures, key=lambda measure: measure.category)
    ]


def states_of(groups: Iterable[CoverageGroup]) -> list[State]:
    """Return the states that occur in a matrix, each once, in the order of ``State``. No query."""
    found = {cell.state for group in groups for row in group.rows for cell in row.cells}
    return [state for state in State if state in found]


def tally(measures: MeasureQuerySet, cities: Sequence[City]) -> list[CityTally]:
    """Return the totals of each city over the measures, in the order of the cities; 1 query."""
    rows = (
        Practice.objects.filter(measure__in=measures.order_by().values("pk"))
        .order_by()
        .values_list("city")
        .annotate(
            practices=Count("pk"),
            outcomes=Count("pk", filter=Q(outcome_state=OutcomeState.STATED)),
        )
    )
    found = {city: (practices, outcomes) for city, practices, outcomes in rows}
    return [CityTally(city, *found.get(city.pk, (0, 0))) for city in cities]


def _row(measure: Measure, cities: Sequence[City]) -> CoverageRow:
    practices = {practice.city_id: practice for practice in measure.practices.all()}
    cells = (CoverageCell(city, state_of(measure, practices.get(city.pk))) for city in cities)
    return CoverageRow(measure, tuple(cells))
