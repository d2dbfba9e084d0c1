"""Figures as rows of a list: each with its other places and what it is beside the other cities'."""

from collections.abc import Sequence
from dataclasses import dataclass

from reforms.compare.gaps import Pairing, pair_with_other_cities
from reforms.models import Figure


@dataclass(frozen=True)
class Beside:
    """What a row is beside another city's, and the name of that row in the page.

    ``elsewhere`` are the figures that were compared in place of the rows' own, because they state
    the same and agree in more.
    """

    pairing: Pairing
    anchor: str
    elsewhere: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class FigureRow:
    """One figure with the other places that state the same, and what it is beside other cities."""

    figure: Figure
    places: tuple[Figure, ...] = ()
    beside: tuple[Beside, ...] = ()

    @property
    def anchor(self) -> str:
        """The name of the row in the page."""
        measure = self.figure.practice.measure
        return f"{measure.source.slug}-{measure.key}-{self.figure.anchor}"


def compared(rows: Sequence[FigureRow], *, has_each_place: bool) -> list[FigureRow]:
    """Return the rows of one indicator with what each is beside the other cities'; no query.

    A row speaks by all its places, unless each place has a row of its own.
    """
    statements = [(row.figure, *(() if has_each_place else row.places)) for row in rows]
    row_of = {
        place.pk: row for row, places in zip(rows, statements, strict=True) for place in places
    }
    return [
        FigureRow(
            row.figure,
            row.places,
            tuple(beside(pairing, row, row_of[pairing.other.pk]) for pairing in pairings),
        )
        for row, pairings in zip(rows, pair_with_other_cities(statements), strict=True)
    ]


def beside(pairing: Pairing, row: FigureRow, other: FigureRow) -> Beside:
    """Return what a row is beside another, with the places compared where they are not the rows'."""
    compared_rows = ((pairing.own, row), (pairing.other, other))
    elsewhere = tuple(place for place, shown in compared_rows if place.pk != shown.figure.pk)
    return Beside(pairing, other.anchor, elsewhere)
