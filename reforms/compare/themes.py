"""The comparison by theme: what the chosen cities do on each theme, across measures and sources."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from reforms.compare.rows import Note, notes_within, shown_errata
from reforms.models import City, Measure, Point, Theme
from reforms.models.fields import as_spans
from reforms.spans import quote_at

# So many points of a city stand in a row; the row says how many more there are, and where.
MOST_POINTS = 50
# Where nothing is left out, so many points of a city stand in a row, and the next row goes on.
POINTS_IN_ROW = 100
# So many points are fetched together, rows being whole.
CHUNK = 500
IN_ORDER = (
    "practice__measure__source__position",
    "practice__measure__position",
    "position",
)


@dataclass(frozen=True)
class ThemeTally:
    """A theme, and how many points on it each chosen city has: in the order of the cities."""

    theme: Theme
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many points there are in all."""
        return sum(self.counts)


@dataclass(frozen=True)
class StatedPoint:
    """A point with the errata of its words."""

    point: Point
    notes: tuple[Note, ...]

    @property
    def quote(self) -> str:
        """The source's words, with ``…`` where words of the practice are left out."""
        spans, within = as_spans(self.point.spans), as_spans(self.point.practice.spans)
        return quote_at(self.measure.source.text, spans, within)

    @property
    def measure(self) -> Measure:
        """The measure that it stands under."""
        return self.point.practice.measure


@dataclass(frozen=True)
class ThemeEntryCell:
    """What one city does on a theme: those of its ``total`` points that stand in the row."""

    city: City
    points: tuple[StatedPoint, ...]
    total: int

    @property
    def more(self) -> int:
        """How many points stand elsewhere only."""
        return self.total - len(self.points)


@dataclass(frozen=True)
class ThemeEntry:
    """One theme across measures, a cell a city.

    Of a theme that takes several rows ``part`` is the row's place among them, from 1.
    """

    theme: Theme
    cells: tuple[ThemeEntryCell, ...]
    part: int = 1

    @property
    def cities(self) -> list[City]:
        """The cities with a point on the theme."""
        return [cell.city for cell in self.cells if cell.total]

    @property
    def is_shared(self) -> bool:
        """Tell whether every city has a point on the theme."""
        return all(cell.total for cell in self.cells)


def tally_themes(
    measures: Any, cities: Sequence[City], themes: Sequence[Theme], chosen: Iterable[str] = ()
) -> list[ThemeTally]:
    """Return the themes on which the cities have points under these measures, in their order.

    ``measures`` is a queryset; ``chosen`` are the slugs of the only themes wanted, all if empty.
    1 query.
    """
    points = Point.objects.filter(
        practice__measure__in=measures.order_by().values("pk"), practice__city__in=cities
    )
    wanted = set(chosen)
    rows = points.order_by().values_list("theme", "practice__city").annotate(points=Count("pk"))
    counts = {(theme, city): number for theme, city, number in rows}
    tallies = (
        ThemeTally(theme, tuple(counts.get((theme.pk, city.pk), 0) for city in cities))
        for theme in themes
        if not wanted or theme.slug in wanted
    )
    return [tally for tally in tallies if tally.total]


def compare_themes(
    tallies: Sequence[ThemeTally], measures: Any, cities: Sequence[City]
) -> list[ThemeEntry]:
    """Return a row a theme with a cell a city, both in the order given; 3 queries.

    Points stand in the order of sources and measures.
    """
    place = Window(
        RowNumber(), partition_by=[F("theme"), F("practice__city")], order_by=list(IN_ORDER)
    )
    points = _with_words(
        _points(tallies, measures, cities).annotate(place=place).filter(place__lte=MOST_POINTS)
    )
    found: dict[tuple[int, int], list[StatedPoint]] = {}
    for point in points.order_by(*IN_ORDER):
        key = (point.theme_id, point.practice.city_id)
        found.setdefault(key, []).append(_stated(point))
    return [_entry(tally, cities, found) for tally in tallies]


def compare_whole_themes(
    tallies: Sequence[ThemeTally], measures: Any, cities: Sequence[City]
) -> Iterator[list[ThemeEntry]]:
    """Yield the rows of ``compare_themes`` with every point, those of about ``CHUNK`` at a time.

    A theme of which a city has more than ``POINTS_IN_ROW`` points goes on in the rows after it.
    1 query, which fixes what is listed and its order, and 3 for each chunk. A point that readers
    may no longer see when its chunk is fetched is left out.
    """
    listed: dict[tuple[int, int], list[int]] = {}
    found = _points(tallies, measures, cities).order_by(*IN_ORDER)
    for theme, city, number in found.values_list("theme", "practice__city", "pk"):
        listed.setdefault((theme, city), []).append(number)
    chunk: list[_Part] = []
    for part in _parts(tallies, cities, listed):
        if chunk and sum(map(len, (*chunk, part))) > CHUNK:
            yield _fetched(chunk, cities)
            chunk = []
        chunk.append(part)
    if chunk:
        yield _fetched(chunk, cities)


@dataclass(frozen=True)
class _Part:
    """A row to be fetched: by city the primary keys of its points."""

    tally: ThemeTally
    place: int
    numbers: Mapping[int, Sequence[int]]

    def __len__(self) -> int:
        return sum(map(len, self.numbers.values()))


def _parts(
    tallies: Sequence[ThemeTally],
    cities: Sequence[City],
    listed: Mapping[tuple[int, int], Sequence[int]],
) -> Iterator[_Part]:
    for tally in tallies:
        of_city = {city.pk: listed.get((tally.theme.pk, city.pk), ()) for city in cities}
        parts = ceil(max(map(len, of_city.values())) / POINTS_IN_ROW)
        for place in range(max(parts, 1)):
            own = slice(place * POINTS_IN_ROW, (place + 1) * POINTS_IN_ROW)
            numbers = {city: found[own] for city, found in of_city.items()}
            yield _Part(tally, place + 1, numbers)


def _fetched(parts: Sequence[_Part], cities: Sequence[City]) -> list[ThemeEntry]:
    numbers = [number for part in parts for found in part.numbers.values() for number in found]
    points = _with_words(
        Point.objects.filter(pk__in=numbers, practice__measure__in=Measure.objects.public())
    )
    by_number = {point.pk: _stated(point) for point in points}
    return [
        _entry(
            part.tally,
            cities,
            {
                (part.tally.theme.pk, city): [by_number[key] for key in found if key in by_number]
                for city, found in part.numbers.items()
            },
            part.place,
        )
        for part in parts
    ]


def _points(
    tallies: Sequence[ThemeTally], measures: Any, cities: Sequence[City]
) -> QuerySet[Point]:
    return Point.objects.filter(
        practice__measure__in=measures.order_by().values("pk"),
        practice__city__in=cities,
        theme__in=[tally.theme.pk for tally in tallies],
    )


def _with_words(points: QuerySet[Point]) -> QuerySet[Point]:
    """Return the points with all that a row reads of them; 3 queries in all."""
    return points.select_related("practice__measure", "practice__city").prefetch_related(
        "practice__measure__source", "practice__measure__errata"
    )


def _stated(point: Point) -> StatedPoint:
    measure = point.practice.measure
    # A misprint may stand in two points: each has a note of its own.
    prefix = f"{measure.source.slug}-{measure.key}-{point.anchor}-"
    notes = notes_within(shown_errata(measure, prefix), as_spans(point.spans))
    return StatedPoint(point, notes)


def _entry(
    tally: ThemeTally,
    cities: Sequence[City],
    found: Mapping[tuple[int, int], Sequence[StatedPoint]],
    part: int = 1,
) -> ThemeEntry:
    cells = (
        ThemeEntryCell(city, tuple(found.get((tally.theme.pk, city.pk), ())), total)
        for city, total in zip(cities, tally.counts, strict=True)
    )
    return ThemeEntry(tally.theme, tuple(cells), part)
