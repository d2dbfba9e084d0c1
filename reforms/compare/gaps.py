"""Two figures of one indicator side by side: the same, different by a gap, or what keeps them apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reforms.models import City, Figure
from reforms.records import Bound, Nature

# What a limit of such a bound says of itself is exact: "at most 15" sets the limit at 15.
_LIMITS = frozenset({Bound.EXACT, Bound.AT_MOST, Bound.AT_LEAST})


class Verdict(StrEnum):
    """What two figures of one indicator are to each other."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_COMPARABLE = "not_comparable"


class Fact(StrEnum):
    """What must agree before two values may be set against each other, in the order of pages."""

    UNIT = "unit"
    SCOPE = "scope"
    NATURE = "nature"
    PERIOD = "period"
    BOUND = "bound"


@dataclass(frozen=True)
class Comparison:
    """What two figures are to each other.

    ``differing`` says what keeps them apart; it is empty otherwise. ``gap`` is the first value
    less the second, in their unit: our calculation. It is null where they are the same, are not
    comparable, or state no exact quantity ("more than", "about").
    """

    verdict: Verdict
    differing: tuple[Fact, ...] = ()
    gap: Decimal | None = None


@dataclass(frozen=True)
class Pairing:
    """A statement of one city held against one of another city, by the places that agree most."""

    city: City
    own: Figure
    other: Figure
    comparison: Comparison

    @property
    def distance(self) -> tuple[int, bool, bool]:
        """How far the two are apart: facts that differ, then another value, then another measure."""
        is_same = self.comparison.verdict is Verdict.SAME
        is_elsewhere = self.own.practice.measure_id != self.other.practice.measure_id
        return (len(self.comparison.differing), not is_same, is_elsewhere)


def compare_figures(figure: Figure, other: Figure) -> Comparison:
    """Say whether two figures of one indicator state the same, and else how they differ.

    Compared are the values that stand now: the single ones, or those after a change. They are
    comparable where unit, scope, nature, period and bound agree. A unit that is not printed
    agrees with none, nor does one that changes between before and after with one that does not
    (15 working days to 5 days, 15 days to 5 days). A period that is not stated, or whose dates
    cannot be told, is that of its source: it agrees only within one source. No query if practices
    and measures are at hand. Raises ``ValueError`` for figures of two indicators.
    """
    if figure.indicator_id != other.indicator_id:
        raise ValueError("Only figures of one indicator can be compared.")
    agreements = {
        Fact.UNIT: figure.unit_zh is not None and _units(figure) == _units(other),
        Fact.SCOPE: figure.scope_zh == other.scope_zh,
        Fact.NATURE: figure.nature == other.nature,
        Fact.PERIOD: _is_one_period(figure, other),
        Fact.BOUND: figure.bound == other.bound,
    }
    differing = tuple(fact for fact, agrees in agreements.items() if not agrees)
    if differing:
        return Comparison(Verdict.NOT_COMPARABLE, differing)
    if figure.last_value == other.last_value:
        return Comparison(Verdict.SAME)
    gap = figure.last_value - other.last_value if _is_exact(figure) else None
    return Comparison(Verdict.DIFFERENT, gap=gap)


def pair_with_other_cities(
    statements: Sequence[Sequence[Figure]],
) -> list[tuple[Pairing, ...]]:
    """Return for each statement what it is beside every other city's, city by city.

    ``statements`` are of one indicator, each a city's figures that state the same in one place
    after another. Of another city's statements the nearest is taken: the same one, else one that
    is comparable, else with the fewest facts that differ, then of the same measure, then the first. No query if
    practices, their cities and measures are at hand.
    """
    return [_pairings(places, statements) for places in statements]


def _pairings(
    places: Sequence[Figure], statements: Sequence[Sequence[Figure]]
) -> tuple[Pairing, ...]:
    found: dict[City, Pairing] = {}
    for others in statements:
        city = others[0].practice.city
        if city == places[0].practice.city:
            continue
        for own in places:
            for other in others:
                pairing = Pairing(city, own, other, compare_figures(own, other))
                if city not in found or pairing.distance < found[city].distance:
                    found[city] = pairing
    return tuple(found[city] for city in sorted(found, key=lambda city: city.position))


def _units(figure: Figure) -> tuple[str | None, ...]:
    return (figure.before_unit_zh or figure.unit_zh, figure.unit_zh)


def _is_one_period(figure: Figure, other: Figure) -> bool:
    dates = (figure.period_from, figure.period_to)
    other_dates = (other.period_from, other.period_to)
    if None not in dates or None not in other_dates:
        return dates == other_dates
    is_one_source = figure.practice.measure.source_id == other.practice.measure.source_id
    return is_one_source and dates == other_dates and figure.period_zh == other.period_zh


def _is_exact(figure: Figure) -> bool:
    bound = Bound(figure.bound)
    return bound == Bound.EXACT or (figure.nature == Nature.LIMIT and bound in _LIMITS)
