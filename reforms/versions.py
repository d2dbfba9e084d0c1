"""Write a record if the version is as expected and append its history; read any past state."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from reforms.exchange import RecordError, checksum, from_json, to_json
from reforms.invariants import check_measure, check_tiling, is_edited
from reforms.models import (
    Category,
    City,
    Erratum,
    Figure,
    Indicator,
    Measure,
    MeasureVersion,
    Outcome,
    Passage,
    Point,
    Practice,
    Section,
    Source,
    Theme,
)
from reforms.models.fields import check_columns
from reforms.records import (
    Action,
    MeasureRecord,
    PassageRecord,
    PracticeRecord,
    Role,
)

NEW = 0


class VersionConflict(Exception):
    """Someone saved the measure since the version that a change was made from.

    ``current`` is the record as it stands now, ``version`` its number.
    """

    def __init__(self, current: MeasureRecord, version: int) -> None:
        super().__init__(f"{current.identity} is at version {version}")
        self.current = current
        self.version = version


@transaction.atomic
def write(
    record: MeasureRecord,
    *,
    expected_version: int,
    action: Action,
    by: Any = None,
    by_name: str = "",
    reason: str = "",
    loaded_checksum: str | None = None,
) -> Measure:
    """Store a record as the next version of its measure, if ``expected_version`` is the live one.

    ``expected_version`` is ``NEW`` for a measure that does not exist. Raises ``RecordError`` for
    a record that breaks a rule and ``VersionConflict`` when the measure has moved on; then
    nothing is written. Whether the source is still tiled is for the caller to ask
    (``check_source``), once all records of a change are written. About 20 queries.
    """
    source = Source.objects.filter(slug=record.source).first()
    if source is None:
        raise RecordError("source", "no source is called %(slug)s.", slug=record.source)
    check_measure(record, source.text)
    measure = _lock(source, record, expected_version)
    words = _Words(record, source)
    now = timezone.now()
    measure.version = expected_version + 1
    measure.changed_at = now
    if loaded_checksum is not None:
        measure.loaded_checksum = loaded_checksum
    _fill_measure(measure, record, source, words)
    check_columns([measure])
    measure.save()
    _write_practices(measure, record, source, words)
    _write_errata(measure, record)
    _write_passages(measure, record, source, words)
    append(measure, record, action, now, by=by, by_name=by_name, reason=reason)
    return measure


def append(
    measure: Measure,
    record: MeasureRecord,
    action: Action,
    moment: datetime,
    *,
    by: Any,
    by_name: str,
    reason: str,
) -> MeasureVersion:
    """Close the live version of a measure and append ``record`` as the new one; 2 queries."""
    measure.versions.filter(valid_to__isnull=True).update(valid_to=moment)
    return MeasureVersion.objects.create(
        measure=measure,
        version=measure.version,
        action=action,
        record=to_json(record),
        by=by,
        by_name=by_name,
        reason=reason,
        valid_from=moment,
    )


def check_source(source: Source) -> None:
    """Raise ``RecordError`` unless the passages stored for a source tile it; 1 query."""
    passages = source.passages.select_related("city", "section").in_order()
    check_tiling([passage.to_record() for passage in passages], source.text)


def read(version: MeasureVersion) -> MeasureRecord:
    """Return the record that a version holds."""
    record: MeasureRecord = from_json(MeasureRecord, version.record)
    return record


def records_as_at(moment: datetime) -> list[MeasureRecord]:
    """Return the records live at that moment, by source and position; 1 query."""
    versions = MeasureVersion.objects.as_at(moment).order_by(
        "measure__source__position", "measure__position"
    )
    return [read(version) for version in versions]


def content_checksum(record: MeasureRecord) -> str:
    """Return the checksum by which loading tells whether a record was edited since."""
    return checksum(record.without_withdrawal())


def _lock(source: Source, record: MeasureRecord, expected_version: int) -> Measure:
    rows = Measure.objects.select_for_update(of=("self",)).filter(source=source, key=record.key)
    measure = rows.first()
    if measure is None and expected_version == NEW:
        return Measure(source=source, key=record.key)
    if measure is None:
        raise RecordError("key", "there is no measure %(key)s.", key=record.key)
    if measure.version != expected_version:
        current = Measure.objects.for_record().get(pk=measure.pk)
        raise VersionConflict(current.to_record(), measure.version)
    return measure


class _Words:
    """The vocabulary rows that a record names, fetched at once: at most 5 queries."""

    def __init__(self, record: MeasureRecord, source: Source) -> None:
        figures = [figure for practice in record.practices for figure in practice.figures]
        points = [point for practice in record.practices for point in practice.points]
        cities = {practice.city for practice in record.practices}
        self.category = self._fetch(Category, {record.category}, "category")[record.category]
        self.cities = self._fetch(City, cities, "city")
        self.themes = self._fetch(Theme, {point.theme for point in points}, "theme")
        self.indicators = self._fetch(Indicator, {part.indicator for part in figures}, "indicator")
        for figure in figures:
            if self.indicators[figure.indicator].kind != figure.kind:
                raise RecordError(
                    "figures", "the kind of %(slug)s is another.", slug=figure.indicator
                )
        labels = {part.section for part in record.passages if part.section}
        if record.section:
            labels.add(record.section)
        rows = Section.objects.filter(source=source, label__in=labels) if labels else []
        self.sections: dict[str | None, Section | None] = {row.label: row for row in rows}
        unknown = labels - set(self.sections)
        if unknown:
            raise RecordError("section", "no section is called %(slug)s.", slug=min(unknown))
        self.sections[None] = None

    @staticmethod
    def _fetch(model: Any, slugs: Iterable[str], path: str) -> dict[str, Any]:
        wanted = set(slugs)
        rows = {row.slug: row for row in model.objects.filter(slug__in=wanted)} if wanted else {}
        if wanted - set(rows):
            slug = min(wanted - set(rows))
            raise RecordError(path, "nothing here is called %(slug)s.", slug=slug)
        return rows


def _fill_measure(measure: Measure, record: MeasureRecord, source: Source, words: _Words) -> None:
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
    measure.category = words.category
    measure.section = words.sections[record.section]
    measure.withdrawn_at = (
        datetime.fromisoformat(record.withdrawn_at) if record.withdrawn_at else None
    )


def _write_practices(
    measure: Measure, record: MeasureRecord, source: Source, words: _Words
) -> None:
    existing = {row.city.slug: row for row in measure.practices.select_related("city", "outcome")}
    for part in record.practices:
        practice = existing.pop(part.city, None) or Practice(
            measure=measure, city=words.cities[part.city]
        )
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
        check_columns([practice])
        practice.save()
        _write_outcome(practice, part, source)
        _write_points(practice, part, words)
        _write_figures(practice, part, words)
    for row in existing.values():
        row.delete()


def _write_outcome(practice: Practice, part: PracticeRecord, source: Source) -> None:
    if not part.outcome_spans:
        Outcome.objects.filter(practice=practice).delete()
        return
    Outcome.objects.update_or_create(
        practice=practice,
        defaults={
            "text_zh": part.outcome_zh or "",
            "text_en": part.outcome_en,
            "spans": to_json(part.outcome_spans),
            "is_text_edited": is_edited(part.outcome_zh, part.outcome_spans, source.text),
        },
    )


def _write_points(practice: Practice, part: PracticeRecord, words: _Words) -> None:
    practice.points.all().delete()
    Point.objects.bulk_create(
        Point(
            practice=practice,
            position=position,
            theme=words.themes[point.theme],
            spans=to_json(point.spans),
        )
        for position, point in enumerate(part.points, start=1)
    )


def _write_figures(practice: Practice, part: PracticeRecord, words: _Words) -> None:
    practice.figures.all().delete()
    rows = []
    for position, figure in enumerate(part.figures, start=1):
        values = to_json(figure)
        del values["kind"]
        values["indicator"] = words.indicators[figure.indicator]
        rows.append(Figure(practice=practice, position=position, **values))
    check_columns(rows)
    Figure.objects.bulk_create(rows)


def _write_errata(measure: Measure, record: MeasureRecord) -> None:
    measure.errata.all().delete()
    rows = []
    for position, erratum in enumerate(record.errata, start=1):
        values = to_json(erratum)
        values["stands_in"] = values.pop("in")
        rows.append(Erratum(measure=measure, position=position, **values))
    Erratum.objects.bulk_create(rows)


def _write_passages(measure: Measure, record: MeasureRecord, source: Source, words: _Words) -> None:
    starts = [part.start for part in record.passages]
    taken = source.passages.exclude(measure=measure).filter(start__in=starts).first()
    if taken is not None:
        raise RecordError(
            "passages",
            "these words belong to another passage already: %(words)s",
            words=source.text[taken.start : taken.end][:60],
        )
    measure.passages.all().delete()
    store_passages(source, measure, record.passages, words.sections, words.cities)


def store_passages(
    source: Source,
    measure: Measure | None,
    passages: Sequence[PassageRecord],
    sections: dict[str | None, Section | None],
    cities: dict[str, City],
) -> None:
    """Insert passages of a measure, or of the source itself (``measure`` None); 1 query."""
    Passage.objects.bulk_create(
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
    )
