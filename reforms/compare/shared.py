"""The indicators that several cities state figures of, each statement once however often it is printed."""

from collections.abc import Sequence
from dataclasses import dataclass

from reforms.compare.gaps import Pairing, pair_with_other_cities
from reforms.models import City, Figure, Indicator


@dataclass(frozen=True)
class Statement:
    """What a city states of an indicator, in one place or several.

    ``figure`` is the place that was compared, else the first; ``beside`` is what it is to other
    cities' statements: each pair stands once, with the later city.
    """

    figure: Figure
    beside: tuple[Pairing, ...]


@dataclass(frozen=True)
class SharedIndicator:
    """An indicator of which two cities or more state a figure; cities in the order given."""

    indicator: Indicator
    cities: tuple[tuple[City, tuple[Statement, ...]], ...]


def shared_indicators(cities: Sequence[Sequence[Figure]]) -> list[SharedIndicator]:
    """Return the indicators that more than one city states, as they are first stated.

    ``cities`` are each one city's figures of a measure, in the order of print. No query if the
    figures' indicators, practices and cities are at hand.
    """
    statements: dict[Indicator, dict[City, dict[str | int, list[Figure]]]] = {}
    for figures in cities:
        for figure in figures:
            of_city = statements.setdefault(figure.indicator, {})
            places = of_city.setdefault(figure.practice.city, {})
            places.setdefault(figure.statement or figure.pk, []).append(figure)
    return [
        SharedIndicator(
            indicator,
            tuple(_by_city([list(places) for held in found.values() for places in held.values()])),
        )
        for indicator, found in statements.items()
        if len(found) > 1
    ]


def _by_city(statements: Sequence[list[Figure]]) -> list[tuple[City, tuple[Statement, ...]]]:
    """Return the statements with what they are beside others, city by city in their order."""
    paired = list(zip(statements, pair_with_other_cities(statements), strict=True))
    told: set[frozenset[int]] = set()
    compared: set[int] = set()
    found: dict[City, list[Statement]] = {}
    place_of = {place.pk: number for number, held in enumerate(statements) for place in held}
    # What is told of a pair stands with the later city, where a reader has both in mind.
    for number in reversed(range(len(paired))):
        places, pairings = paired[number]
        new = []
        for pairing in pairings:
            pair = frozenset((number, place_of[pairing.other.pk]))
            if pair not in told:
                told.add(pair)
                compared |= {pairing.own.pk, pairing.other.pk}
                new.append(pairing)
        figure = next((place for place in places if place.pk in compared), places[0])
        found.setdefault(places[0].practice.city, []).append(Statement(figure, tuple(new)))
    return [(city, tuple(reversed(held))) for city, held in reversed(found.items())]
