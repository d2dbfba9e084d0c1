"""The measures of a file: each record with its source, its citation and its address, a chunk at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from reforms.citations import Citation, cite_measure
from reforms.compare import Presence, Stated, align_figures, compare_cities
from reforms.days import at_day
from reforms.exports.catalog import CHUNK_SIZE, in_chunks
from reforms.models import Category, City, Indicator, Measure, Source, Theme
from reforms.models.fields import in_english
from reforms.models.querysets import MeasureQuerySet
from reforms.records import (
    CityRecord,
    Decision,
    ErratumRecord,
    FigureRecord,
    MeasureRecord,
    PointRecord,
    PracticeRecord,
    Spans,
    StatedIn,
)
from reforms.spans import is_within, quote_at, text_at


@dataclass(frozen=True)
class Asked:
    """What a file answers: the address of its page, and the same in words.

    ``conditions`` are label and value of each filter and of the order; ``site`` is scheme and host;
    ``numbered`` counts the measures with a printed number, and is null in a list of anything else;
    ``as_at`` is the day as at whose end the catalog was asked, null for the catalog as it was.
    """

    title: str
    address: str
    site: str
    language: str
    made_at: datetime
    conditions: tuple[tuple[str, str], ...] = ()
    entries: int = 0
    numbered: int | None = 0
    as_at: date | None = None

    @property
    def made_on(self) -> str:
        """The day on which the file was made, in the site's time zone."""
        return timezone.localtime(self.made_at).date().isoformat()


@dataclass(frozen=True)
class Note:
    """An erratum that readers see, with the number that every page gives it (``6-1``)."""

    number: str
    erratum: ErratumRecord


@dataclass(frozen=True)
class Side:
    """One city under a measure; ``record`` is null where no practice of it is held."""

    city: CityRecord
    record: PracticeRecord | None
    presence: Presence

    @property
    def name(self) -> str:
        """The city's name in the reader's language."""
        return self.city.name_en if in_english() else self.city.name_zh


@dataclass(frozen=True)
class ShownFigure:
    """A figure that a file shows, with its position in its practice.

    ``stated`` says what it is beside other cities' figures; null where nothing is compared.
    """

    position: int
    record: FigureRecord
    stated: Stated | None = None


@dataclass(frozen=True)
class Entry:
    """A measure as files show it; everything of it is read off its record.

    ``measure`` is the row with all that was fetched for the record, for figures to be compared.
    ``section`` is the heading's name in both languages, null where none is printed. ``compared``
    has, by city and position, what its figures are beside other cities', if cities are compared.
    With ``has_outcomes_only`` neither practices are shown nor what is stated in them.
    """

    measure: Measure
    record: MeasureRecord
    source: Source
    section: tuple[str, str] | None
    version: int
    changed_at: datetime
    address: str
    citation: str
    sides: tuple[Side, ...]
    compared: Mapping[tuple[str, int], Stated] = field(default_factory=dict)
    has_outcomes_only: bool = False

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """The errata that readers see, in their order."""
        return tuple(
            Note(f"{self.record.key}-{position}", erratum)
            for position, erratum in enumerate(self.record.errata, start=1)
            if erratum.decision != Decision.REFUSED
        )

    def notes_in(self, spans: Spans) -> list[Note]:
        """Return the notes whose words stand within the text made of ``spans``."""
        return [
            note
            for note in self.notes
            if note.erratum.spans and is_within(note.erratum.spans, spans)
        ]

    @property
    def notes_elsewhere(self) -> list[Note]:
        """The notes on words around the measure: in no title, practice or outcome of any city."""
        texts = [self.record.title_spans]
        for practice in self.record.practices:
            texts += [practice.practice_spans, practice.outcome_spans]
        return [
            note
            for note in self.notes
            if not any(note.erratum.spans and is_within(note.erratum.spans, text) for text in texts)
        ]

    def figures_of(self, practice: PracticeRecord) -> list[ShownFigure]:
        """Return a practice's figures as far as the file shows them, in the order of print."""
        return [
            ShownFigure(position, figure, self.compared.get((practice.city, position)))
            for position, figure in enumerate(practice.figures, start=1)
            if not self.has_outcomes_only or figure.stated_in == StatedIn.OUTCOME
        ]

    @property
    def shown_notes(self) -> list[Note]:
        """The notes on what the file shows: those of cities that are left out are left out."""
        hidden = []
        for practice in self.record.practices:
            is_left_out = all(practice is not side.record for side in self.sides)
            if is_left_out or self.has_outcomes_only:
                hidden.append(practice.practice_spans)
            if is_left_out:
                hidden.append(practice.outcome_spans)
        left_out = {note.number for text in hidden for note in self.notes_in(text)}
        return [note for note in self.notes if note.number not in left_out]

    def printed(self, spans: Spans) -> str:
        """Return the source's words at ``spans``."""
        return text_at(self.source.text, spans)

    def quoted(self, point: PointRecord, practice: PracticeRecord) -> str:
        """Return the source's words of a point, ``…`` where words of the practice are left out."""
        return quote_at(self.source.text, point.spans, practice.practice_spans)

    @property
    def present(self) -> list[Side]:
        """The sides with a practice."""
        return [side for side in self.sides if side.record]


class Words:
    """The names behind the slugs of records; 4 queries."""

    def __init__(self) -> None:
        self.categories = _by_slug(Category)
        self.cities = _by_slug(City)
        self.themes = _by_slug(Theme)
        self.indicators = _by_slug(Indicator)

    @staticmethod
    def name(record: Any) -> str:
        """Return the name of a category, city, theme or indicator in the reader's language."""
        return str(record.name_en if in_english() else record.name_zh)


def _by_slug(model: Any) -> Mapping[str, Any]:
    return {row.slug: row.to_record() for row in model.objects.all()}


@dataclass(frozen=True)
class Chosen:
    """The measures of a file in their order, and the cities it shows.

    A list shows under each measure the cities spoken of and those with a practice; a comparison
    (``is_comparison``) shows just its cities, in their order, and with ``has_outcomes_only`` neither
    practices nor what is stated in them. Of a measure in ``cities_taken``, by
    its name across sources, a list shows only the cities given there.
    """

    asked: Asked
    measures: MeasureQuerySet
    cities: tuple[str, ...]
    is_comparison: bool = False
    has_outcomes_only: bool = False
    cities_taken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def words(self) -> Words:
        """The names behind the slugs, fetched once."""
        return Words()

    @cached_property
    def columns(self) -> tuple[CityRecord, ...]:
        """The cities that stand in the file's columns; 1 query for a list."""
        known = self.words.cities
        if self.is_comparison:
            return tuple(known[slug] for slug in self.cities)
        held = City.objects.filter(practices__measure__in=self.measures.order_by().values("pk"))
        slugs = {*self.cities, *held.values_list("slug", flat=True)}
        return tuple(sorted((known[slug] for slug in slugs), key=lambda city: city.position))

    def spoken_of(self, entries: Sequence[Entry]) -> tuple[CityRecord, ...]:
        """Return the cities that stand under these entries: a comparison's order, else by position."""
        found = {side.city.slug: side.city for entry in entries for side in entry.sides}
        if self.is_comparison:
            return tuple(found.values())
        return tuple(sorted(found.values(), key=lambda city: int(city.position)))

    def chunks(self, size: int = CHUNK_SIZE) -> Iterator[list[Entry]]:
        """Yield the entries, at most ``size`` at a time; 1 query, and 7 for each chunk.

        Each chunk is made in the reader's language, whatever language is active when it is asked
        for, and holds the texts of its own sources only.
        """
        for measures in in_chunks(self.measures, size):
            with override(self.asked.language):
                numbers = {measure.source_id for measure in measures}
                sources = Source.objects.in_bulk(numbers)
                entries = []
                for measure in measures:
                    measure.source = sources[measure.source_id]
                    entries.append(self.entry_of(measure, measure.to_record()))
            yield entries

    def entry_of(self, measure: Measure, record: MeasureRecord) -> Entry:
        """Return a measure as files show it, as it stood in a record of its own; no query."""
        source = measure.source
        address = at_day(f"{self.asked.site}{measure.get_absolute_url()}", self.asked.as_at)
        section = measure.section
        return Entry(
            measure=measure,
            record=record,
            source=source,
            section=(section.name_zh, section.name_en) if section else None,
            version=measure.version,
            changed_at=measure.changed_at,
            address=address,
            citation=self._cited(cite_measure(measure, address)),
            sides=self._sides(record),
            compared=self._compared(measure) if self.is_comparison else {},
            has_outcomes_only=self.has_outcomes_only,
        )

    def _compared(self, measure: Measure) -> dict[tuple[str, int], Stated]:
        """Return what the measure's figures are beside other cities'; no query."""
        practices = {practice.city.slug: practice for practice in measure.practices.all()}
        cities = [practices[slug].city for slug in self.cities if slug in practices]
        places = {
            figure.pk: (slug, position)
            for slug, practice in practices.items()
            for position, figure in enumerate(practice.figures.all(), start=1)
        }
        row = compare_cities(measure, cities)
        only = StatedIn.OUTCOME if self.has_outcomes_only else None
        figures = [figure for figure in row.figures if only in (None, figure.stated_in)]
        return {
            places[stated.figure.pk]: stated
            for line in align_figures(row, figures)
            for cell in line.cells
            for stated in cell.stated
        }

    def _cited(self, citations: Sequence[Citation]) -> str:
        """Return the citation of the file's language, with the day on which it was read."""
        plain = [found for found in citations if found.style == _("Plain")]
        chosen = plain[0] if plain and in_english() else citations[0]
        read = _("Read on %(date)s.") % {"date": self.asked.made_on}
        return f"{chosen.text} {read}"

    def _sides(self, record: MeasureRecord) -> tuple[Side, ...]:
        practices = {practice.city: practice for practice in record.practices}
        slugs = list(self.cities)
        if not self.is_comparison:
            slugs = sorted(
                self.cities_taken.get(record.identity) or {*slugs, *practices},
                key=lambda slug: int(self.words.cities[slug].position),
            )
        return tuple(
            Side(self.words.cities[slug], practices.get(slug), presence_of(record, slug))
            for slug in slugs
        )


def presence_of(record: MeasureRecord, city: str) -> Presence:
    """Return whether the text held states a city's practice, and if not, what can be said."""
    if any(practice.city == city for practice in record.practices):
        return Presence.STATED
    if record.is_read_whole:
        return Presence.NOT_STATED
    return Presence.CUT if record.title_zh is None else Presence.NOT_ENTERED
