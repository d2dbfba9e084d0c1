"""What a record is in the tables: a measure and the rows below it, made and not stored."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from reforms.exchange import RecordError, to_json
from reforms.invariants import is_edited
from reforms.models import (
    Category,
    City,
    Erratum,
    Figure,
    Indicator,
    Measure,
    Outcome,
    Passage,
    Point,
    Practice,
    Section,
    Source,
    Theme,
)
from reforms.records import MeasureRecord, PassageRecord, PracticeRecord, Role

_NAMED: dict[str, Any] = {
    "category": Category,
    "city": City,
    "theme": Theme,
    "indicator": Indicator,
}


class Words:
    """The vocabulary rows that records name, by slug or printed label.

    ``of`` fetches those of one record, 5 queries at most, and refuses a record that names others;
    ``everything`` fetches all of a source, for many records that were stored once: 5 queries.
    """

    def __init__(self, rows: dict[str, dict[str, Any]], sections: Iterable[Section]) -> None:
        self.categories = rows["category"]
        self.cities = rows["city"]
        self.themes = rows["theme"]
        self.indicators = rows["indicator"]
        self.sections: dict[str | None, Section | None] = {row.label: row for row in sections}
        self.sections[None] = None

    @classmethod
    def of(cls, record: MeasureRecord, source: Source) -> "Words":
        """Return the words of a record; raises ``RecordError`` for one that does not exist."""
        figures = [figure for practice in record.practices for figure in practice.figures]
        wanted = {
            "category": {record.category},
            "city": {practice.city for practice in record.practices},
            "theme": {point.theme for practice in record.practices for point in practice.points},
            "indicator": {figure.indicator for figure in figures},
        }
        rows = {name: cls._fetch(name, slugs) for name, slugs in wanted.items()}
        for figure in figures:
            if rows["indicator"][figure.indicator].kind != figure.kind:
                raise RecordError(
                    "figures", "the kind of %(slug)s is another.", slug=figure.indicator
                )
        labels = {part.section for part in record.passages if part.section}
        if record.section:
            labels.add(record.section)
        words = cls(rows, Section.objects.filter(source=source, label__in=labels) if labels else ())
        unknown = labels - set(words.sections)
        if unknown:
            raise RecordError("section", "no section is called %(slug)s.", slug=min(unknown))
        return words

    @classmethod
    def everything(cls, source: Source) -> "Words":
        """Return every word that a record of this source can name."""
        rows = {
            name: {row.slug: row for row in model.objects.all()} for name, model in _NAMED.items()
        }
        return cls(rows, Section.objects.filter(source=source))

    @staticmethod
    def _fetch(name: str, wanted: set[str]) -> dict[str, Any]:
        found = _NAMED[name].objects.filter(slug__in=wanted) if wanted else ()
        rows = {row.slug: row for row in found}
        if wanted - set(rows):
            slug = min(wanted - set(rows))
            raise RecordError(name, "nothing here is called %(slug)s.", slug=slug)
        return rows


def rows_of(measure: Measure, record: MeasureRecord, words: Words) -> list[Any]:
    """Fill a new measure, whose source is at hand, by a record; return it and all rows below it.

    Parents stand before what hangs on them, and nothing is stored. For records that were stored
    once, such as those of versions: no rule is asked. No query.
    """
    source = measure.source
    fill_measure(measure, record, source, words)
    rows: list[Any] = [measure]
    for part in record.practices:
        practice = Practice(measure=measure, city=words.cities[part.city])
        fill_practice(practice, part, source)
        rows.append(practice)
        if part.outcome_spans:
            rows.append(Outcome(practice=practice, **outcome_values(part, source)))
        rows += [*points_of(practice, part, words), *figures_of(practice, part, words)]
    passages = passages_of(source, measure, record.passages, words.sections, words.cities)
    return [*rows, *errata_of(measure, record), *passages]


def fill_measure(measure: Measure, record: MeasureRecord, source: Source, words: Words) -> None:
    """Give a measure the values of its record, the rows below it apart; no query."""
    for name in (
        "number",
        "position",
        "title_zh",
        "title_en",
        "title_translation_state",
        "title_note_zh",
        "title_note_en",
        "status",
        "is_read_whole",
        "withdrawn_reason_zh",
        "withdrawn_reason_en",
    ):
        setattr(measure, name, getattr(record, name))
    measure.title_spans = to_json(record.title_spans)
    measure.is_title_edited = is_edited(record.title_zh, record.title_spans, source.text)
    measure.category = words.categories[record.category]
    measure.section = words.sections[record.section]
    measure.withdrawn_at = (
        datetime.fromisoformat(record.withdrawn_at) if record.withdrawn_at else None
    )


def fill_practice(practice: Practice, part: PracticeRecord, source: Source) -> None:
    """Give a practice the values of its part of a record, the rows below it apart; no query."""
    for name in (
        "city_is_printed",
        "summary_zh",
        "summary_en",
        "translation_state",
        "translation_note_zh",
        "translation_note_en",
        "outcome_state",
    ):
        setattr(practice, name, getattr(part, name))
    practice.text_zh = part.practice_zh
    practice.text_en = part.practice_en
    practice.spans = to_json(part.practice_spans)
    practice.is_text_edited = is_edited(part.practice_zh, part.practice_spans, source.text)


def outcome_values(part: PracticeRecord, source: Source) -> dict[str, Any]:
    """Return the columns of the outcome of a practice, its key apart; no query."""
    return {
        "text_zh": part.outcome_zh or "",
        "text_en": part.outcome_en,
        "spans": to_json(part.outcome_spans),
        "is_text_edited": is_edited(part.outcome_zh, part.outcome_spans, source.text),
    }


def points_of(practice: Practice, part: PracticeRecord, words: Words) -> list[Point]:
    """Return the points of a practice as new rows, in their order; no query."""
    return [
        Point(
            practice=practice,
            position=position,
            theme=words.themes[point.theme],
            spans=to_json(point.spans),
        )
        for position, point in enumerate(part.points, start=1)
    ]


def figures_of(practice: Practice, part: PracticeRecord, words: Words) -> list[Figure]:
    """Return the figures of a practice as new rows, in their order; no query."""
    rows = []
    for position, figure in enumerate(part.figures, start=1):
        values = to_json(figure)
        del values["kind"]
        values["indicator"] = words.indicators[figure.indicator]
        rows.append(Figure(practice=practice, position=position, **values))
    return rows


def errata_of(measure: Measure, record: MeasureRecord) -> list[Erratum]:
    """Return the errata of a measure as new rows, in their order; no query."""
    rows = []
    for position, erratum in enumerate(record.errata, start=1):
        values = to_json(erratum)
        values["stands_in"] = values.pop("in")
        rows.append(Erratum(measure=measure, position=position, **values))
    return rows


def passages_of(
    source: Source,
    measure: Measure | None,
    passages: Sequence[PassageRecord],
    sections: dict[str | None, Section | None],
    cities: dict[str, City],
) -> list[Passage]:
    """Return passages of a measure as new rows, or of the source itself (``measure`` None); no query."""
    return [
        Passage(
            source=source,
            measure=measure,
            start=part.start,
            end=part.end,
            role=Role(part.role),
            section=sections[part.section],
            city=cities[part.city] if part.city else None,
        )
        for part in passages
    ]
