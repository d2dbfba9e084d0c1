"""What a source holds: how many measures, practices and outcomes, by section and by city."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from reforms.models import City, Figure, Measure, Practice, Section, Source
from reforms.records import OutcomeState


@dataclass(frozen=True)
class SectionContents:
    """A heading with the measures under it: what it declares and what it lists."""

    section: Section | None
    measures: tuple[Measure, ...]

    @property
    def listed(self) -> int:
        """How many measures the text lists here, withdrawn ones among them."""
        return len(self.measures)

    @property
    def agrees(self) -> bool:
        """Tell whether the heading declares no number, or the number that the text lists."""
        return (
            self.section is None
            or self.section.declared_count is None
            or self.section.declared_count == self.listed
        )


@dataclass(frozen=True)
class CityContents:
    """How many practices a source states of a city, and of how many of them the outcome."""

    city: City
    practices: int
    outcomes: int


@dataclass(frozen=True)
class Contents:
    """The counts of a source; withdrawn measures are counted in ``sections`` alone."""

    measures: int
    numbered: int
    practices: int
    outcomes: int
    not_entered: int
    cities: tuple[CityContents, ...]
    sections: tuple[SectionContents, ...]
    unread: tuple[Measure, ...]

    @property
    def unnumbered(self) -> int:
        """How many measures have no printed number."""
        return self.measures - self.numbered


@dataclass(frozen=True)
class SourceCounts:
    """A source of the list, with how much of it readers may see."""

    source: Source
    measures: int
    numbered: int
    practices: int
    outcomes: int
    figures: int


def count_sources(sources: Sequence[Source]) -> list[SourceCounts]:
    """Return the sources in their order with what each holds that is not withdrawn; 4 queries."""
    listed = Measure.objects.public().filter(source__in=sources)
    practices = Practice.objects.filter(measure__in=listed)
    figures = Figure.objects.filter(practice__measure__in=listed)
    measures = _tally(listed, "source")
    numbered = _tally(listed.numbered(), "source")
    stated = dict.fromkeys(measures, 0)
    all_practices: Counter[int] = Counter()
    for source, state, count in (
        practices.values_list("measure__source", "outcome_state")
        .annotate(count=Count("pk"))
        .order_by("measure__source")
    ):
        all_practices[source] += count
        if state == OutcomeState.STATED:
            stated[source] = count
    figures_of = _tally(figures, "practice__measure__source")
    return [
        SourceCounts(
            source,
            measures.get(source.pk, 0),
            numbered.get(source.pk, 0),
            all_practices[source.pk],
            stated.get(source.pk, 0),
            figures_of.get(source.pk, 0),
        )
        for source in sources
    ]


def contents(sections: Iterable[Section], measures: Sequence[Measure]) -> Contents:
    """Return the counts of one source.

    ``measures`` are all of its measures in order, withdrawn ones too, with practices, cities and
    outcome states at hand. No query.
    """
    shown = [measure for measure in measures if not measure.is_withdrawn]
    practices = [practice for measure in shown for practice in measure.practices.all()]
    states = Counter(practice.outcome_state for practice in practices)
    cities = {practice.city for practice in practices}
    without_heading = [measure for measure in measures if measure.section_id is None]
    groups = [SectionContents(None, tuple(without_heading))] if without_heading else []
    groups += [
        SectionContents(section, tuple(m for m in measures if m.section_id == section.pk))
        for section in sections
    ]
    return Contents(
        measures=len(shown),
        numbered=sum(measure.number is not None for measure in shown),
        practices=len(practices),
        outcomes=states[OutcomeState.STATED],
        not_entered=states[OutcomeState.NOT_ENTERED],
        cities=tuple(
            _city_contents(city, practices)
            for city in sorted(cities, key=lambda city: city.position)
        ),
        sections=tuple(sorted(groups, key=_first_position)),
        unread=tuple(measure for measure in shown if not measure.is_read_whole),
    )


def _city_contents(city: City, practices: Sequence[Practice]) -> CityContents:
    own = [practice for practice in practices if practice.city_id == city.pk]
    stated = sum(practice.outcome_state == OutcomeState.STATED for practice in own)
    return CityContents(city, len(own), stated)


def _first_position(group: SectionContents) -> int:
    """Return where a group stands: by its first measure, an empty one last by its own position."""
    if group.measures:
        return group.measures[0].position
    return 10**6 + (group.section.position if group.section else 0)


def _tally(rows: object, name: str) -> dict[int, int]:
    """Return how many rows there are of each value of a column; 1 query."""
    return dict(
        rows.values_list(name).annotate(count=Count("pk")).order_by(name)  # type: ignore[attr-defined]
    )
