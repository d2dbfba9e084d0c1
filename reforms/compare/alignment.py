"""Like beside like: the points of a row by theme, its figures by indicator, each with what sets it apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reforms.compare.gaps import Pairing, pair_with_other_cities
from reforms.compare.rows import Cell, Row
from reforms.compare.wording import (
    Alike,
    SharedWording,
    Words,
    alike,
    differing,
    shared_wording,
)
from reforms.models import City, Figure, Indicator, Point, Theme
from reforms.models.fields import as_spans
from reforms.records import Spans, StatedIn
from reforms.spans import in_source, text_at


@dataclass(frozen=True)
class ThemeCell:
    """What one city's practice says on a theme.

    ``are_points_entered`` is false where the practice was not divided into points yet, so that
    nothing can be said about a counterpart.
    """

    cell: Cell
    points: tuple[Point, ...]
    are_points_entered: bool


@dataclass(frozen=True)
class ThemeRow:
    """One theme across cities, a cell each.

    ``alike`` says how near the cities' words are to each other; null where one city alone has a
    point. ``differing`` are, by point, the spans of the source that stand only there: in points
    that are near-identical.
    """

    theme: Theme
    cells: tuple[ThemeCell, ...]
    alike: Alike | None = None
    differing: Mapping[int, Spans] = field(default_factory=dict)

    @property
    def cities(self) -> list[City]:
        """The cities with a point on the theme."""
        return [part.cell.city for part in self.cells if part.points]

    @property
    def is_shared(self) -> bool:
        """Tell whether every city with a practice has a point on the theme."""
        return all(part.points for part in self.cells if part.cell.practice)


@dataclass(frozen=True)
class Stated:
    """A figure in a cell, and what it is beside figures of other cities; each pair stands once.

    ``nearer`` are, for what stands in ``beside``, the pairs of the other place in the practice
    that states the same as the figure, where these agree more.
    """

    figure: Figure
    beside: tuple[Pairing, ...] = ()
    nearer: tuple[Pairing, ...] = ()


@dataclass(frozen=True)
class IndicatorCell:
    """What one city states on an indicator, in the order of print."""

    cell: Cell
    stated: tuple[Stated, ...]


@dataclass(frozen=True)
class IndicatorRow:
    """The statements of one indicator, by city and in the order of print."""

    indicator: Indicator
    figures: tuple[Figure, ...]
    cells: tuple[IndicatorCell, ...] = ()


@dataclass(frozen=True)
class AlignedRow:
    """One measure across the chosen cities, with its points and figures in lines of their own."""

    row: Row
    themes: tuple[ThemeRow, ...]
    indicators: tuple[IndicatorRow, ...]
    wordings: tuple[SharedWording, ...]


def align(row: Row, *, is_english: bool = False, has_outcomes_only: bool = False) -> AlignedRow:
    """Return a row with the lines below it, a cell a chosen city.

    ``is_english`` compares our translations in place of the source's words. With
    ``has_outcomes_only`` there are no points, and no figures but those of outcomes. No query if
    the measure was fetched ``with_words``.
    """
    if has_outcomes_only:
        figures = [figure for figure in row.figures if figure.stated_in == StatedIn.OUTCOME]
        return AlignedRow(row, (), tuple(align_figures(row, figures)), ())
    return AlignedRow(
        row,
        tuple(align_points(row, row.cells)),
        tuple(align_figures(row)),
        tuple(shared_wording(row, is_english=is_english)),
    )


def align_points(row: Row, cells: Sequence[Cell] = ()) -> list[ThemeRow]:
    """Return the row's points by theme, a cell for each of ``cells``; else for each with a practice.

    Themes of every city come first, then the others; within each, the order of print, city by
    city. Empty where no city's practice was divided into points. No query if the points and the
    source's text are at hand.
    """
    themes = dict.fromkeys(theme for cell in row.present for theme in cell.themes)
    aligned = [_theme_row(row, theme, cells or row.present) for theme in themes]
    return sorted(aligned, key=lambda found: not found.is_shared)


def align_figures(row: Row, figures: Sequence[Figure] | None = None) -> list[IndicatorRow]:
    """Return the row's figures, or some of them, by indicator, as the indicators are first stated.

    Only figures of the same indicator share a row, each with its own words and scope, and beside
    another city's with the gap, or with what keeps them apart. No query.
    """
    indicators: dict[Indicator, list[Figure]] = {}
    for figure in row.figures if figures is None else figures:
        indicators.setdefault(figure.indicator, []).append(figure)
    return [
        IndicatorRow(indicator, tuple(found), tuple(_indicator_cells(row, found)))
        for indicator, found in indicators.items()
    ]


def _theme_row(row: Row, theme: Theme, cells: Sequence[Cell]) -> ThemeRow:
    parts = tuple(
        ThemeCell(
            cell,
            tuple(point for point in cell.points if point.theme == theme),
            bool(cell.points),
        )
        for cell in cells
    )
    speaking = [part for part in parts if part.points]
    if len(speaking) < 2:
        return ThemeRow(theme, parts)
    text = row.measure.source.text
    cities = [
        [Words(point.pk, text_at(text, as_spans(point.spans))) for point in part.points]
        for part in speaking
    ]
    spans = {point.pk: as_spans(point.spans) for part in speaking for point in part.points}
    marked = {
        key: in_source(text, parts_here, spans[key])
        for key, parts_here in differing(cities).items()
    }
    return ThemeRow(theme, parts, alike(cities), marked)


def _indicator_cells(row: Row, figures: Sequence[Figure]) -> list[IndicatorCell]:
    beside: dict[int, tuple[Pairing, ...]] = {
        figure.pk: pairings
        for figure, pairings in zip(
            figures, pair_with_other_cities([[figure] for figure in figures]), strict=True
        )
    }
    told: set[frozenset[int]] = set()
    cells = []
    # What is told of a pair stands with the later city, where a reader has both in mind.
    for cell in reversed(row.cells):
        stated = []
        for figure in cell.figures:
            if figure.pk not in beside:
                continue
            pairs = {
                frozenset((pairing.own.pk, pairing.other.pk)): pairing
                for pairing in beside[figure.pk]
            }
            new = tuple(pairing for pair, pairing in pairs.items() if pair not in told)
            told |= set(pairs)
            stated.append(Stated(figure, new, _nearer(figure, new, beside)))
        cells.append(IndicatorCell(cell, tuple(stated)))
    return cells[::-1]


def _nearer(
    figure: Figure, pairings: Sequence[Pairing], beside: Mapping[int, Sequence[Pairing]]
) -> tuple[Pairing, ...]:
    if not figure.statement:
        return ()
    elsewhere = [
        pairing
        for pairs in beside.values()
        for pairing in pairs
        if pairing.own.pk != figure.pk
        and pairing.own.statement == figure.statement
        and pairing.own.practice_id == figure.practice_id
    ]
    found = []
    for pairing in pairings:
        others = [other for other in elsewhere if other.city == pairing.city]
        nearest = min(others, key=lambda other: other.distance, default=pairing)
        if nearest.distance < pairing.distance:
            found.append(nearest)
    return tuple(found)
