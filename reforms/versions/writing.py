"""Write a record if the version is as expected and append its history; read any past state."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from reforms.exchange import RecordError, checksum, from_json, to_json
from reforms.invariants import check_measure, check_tiling
from reforms.models import (
    City,
    Erratum,
    Figure,
    Measure,
    MeasureVersion,
    Outcome,
    Passage,
    Point,
    Practice,
    Section,
    Source,
)
from reforms.models.fields import check_columns
from reforms.records import Action, MeasureRecord, PassageRecord, PracticeRecord
from reforms.versions.rows import (
    Words,
    errata_of,
    figures_of,
    fill_measure,
    fill_practice,
    outcome_values,
    passages_of,
    points_of,
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
    words = Words.of(record, source)
    now = timezone.now()
    measure.version = expected_version + 1
    measure.changed_at = now
    if loaded_checksum is not None:
        measure.loaded_checksum = loaded_checksum
    fill_measure(measure, record, source, words)
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


def _write_practices(measure: Measure, record: MeasureRecord, source: Source, words: Words) -> None:
    existing = {row.city.slug: row for row in measure.practices.select_related("city", "outcome")}
    for part in record.practices:
        practice = existing.pop(part.city, None) or Practice(
            measure=measure, city=words.cities[part.city]
        )
        fill_practice(practice, part, source)
        check_columns([practice])
        practice.save()
        _write_outcome(practice, part, source)
        practice.points.all().delete()
        Point.objects.bulk_create(points_of(practice, part, words))
        practice.figures.all().delete()
        figures = figures_of(practice, part, words)
        check_columns(figures)
        Figure.objects.bulk_create(figures)
    for row in existing.values():
        row.delete()


def _write_outcome(practice: Practice, part: PracticeRecord, source: Source) -> None:
    if not part.outcome_spans:
        Outcome.objects.filter(practice=practice).delete()
        return
    Outcome.objects.update_or_create(practice=practice, defaults=outcome_values(part, source))


def _write_errata(measure: Measure, record: MeasureRecord) -> None:
    measure.errata.all().delete()
    Erratum.objects.bulk_create(errata_of(measure, record))


def _write_passages(measure: Measure, record: MeasureRecord, source: Source, words: Words) -> None:
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
    Passage.objects.bulk_create(passages_of(source, measure, passages, sections, cities))
