"""Published changes of a measure: one transaction each, never over what someone has not seen."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from reforms import search, versions
from reforms.editing.translations import mark_outdated_translations
from reforms.exchange import RecordError
from reforms.models import City, Erratum, Measure, MeasureVersion, Source
from reforms.models.fields import as_spans, moment_text
from reforms.records import Action, MeasureRecord, PassageRecord, Role
from reforms.recutting import Cut, recut

# How far back it is asked whether a Chinese text was put back to one that has current English.
MAX_VERSIONS_READ = 50


@transaction.atomic
def save_measure(
    record: MeasureRecord,
    expected_version: int,
    by: Any,
    reason: str,
    action: Action = Action.CHANGED,
) -> Measure:
    """Store an edited record as the next version of its measure and return the measure.

    A Chinese text that changed while its English did not marks the English as outdated. A record
    equal to the live one writes nothing. Raises ``versions.VersionConflict`` when someone saved
    since ``expected_version`` and ``RecordError`` when a rule is broken. About 30 queries.
    """
    search.lock_index()
    live = Measure.objects.for_record().get(source__slug=record.source, key=record.key)
    before = live.to_record()
    measure = _store(record, live, before, expected_version, by, reason, action)
    if record.passages != before.passages:
        versions.check_source(measure.source)
    return measure


def _store(
    record: MeasureRecord,
    live: Measure,
    before: MeasureRecord,
    expected_version: int,
    by: Any,
    reason: str,
    action: Action,
) -> Measure:
    """Write a record unless it equals the live one; whether the source is tiled is not asked."""
    if live.version == expected_version:
        past = live.versions.order_by("-version")[:MAX_VERSIONS_READ]
        record = mark_outdated_translations(record, before, map(versions.read, past))
        if record == before:
            return live
    measure = versions.write(
        record,
        expected_version=expected_version,
        action=action,
        by=by,
        by_name=by.get_username(),
        reason=reason,
    )
    search.index_measure(measure, record)
    return measure


@transaction.atomic
def recut_measure(
    measure: Measure, cut: Cut, expected_version: int, by: Any, reason: str
) -> Measure:
    """Give chosen words of the source another role, in one version, and return the measure.

    The measure's passages, texts and quotations and the source's own passages change together,
    and the source is still tiled. Raises ``versions.VersionConflict`` like ``save_measure`` and
    ``RecordError`` where the words belong to another measure, or where a point, a figure or an
    erratum would lose its words. About 35 queries.
    """
    search.lock_index()
    # The row's lock makes two cuts in one source wait for each other, whichever measures they are of;
    # without the key, so that it never waits in a circle with saves that point at the source.
    sources = Source.objects.select_for_update(of=("self",), no_key=True)
    source = sources.get(pk=measure.source_id)
    live = Measure.objects.for_record().get(pk=measure.pk)
    before = live.to_record()
    if live.version != expected_version:
        raise versions.VersionConflict(before, live.version)
    rows = source.passages.filter(measure__isnull=True).select_related("city", "section")
    of_source = tuple(row.to_record() for row in rows.in_order())
    cities = list(City.objects.order_by("position").values_list("slug", flat=True))
    record, left = recut(before, of_source, cut, source.text, cities)
    gone, new = set(of_source) - set(left), set(left) - set(of_source)
    _check_other_errata(source, live, gone)
    if gone:
        source.passages.filter(measure__isnull=True, start__in={p.start for p in gone}).delete()
    measure = _store(record, live, before, expected_version, by, reason, Action.CHANGED)
    if gone or new:
        sections = {row.label: row for row in source.sections.all()}
        in_order = sorted(new, key=lambda part: part.start)
        versions.store_passages(source, None, in_order, {None: None, **sections}, {})
        Source.objects.filter(pk=source.pk).update(version=source.version + 1)
    versions.check_source(source)
    return measure


def _check_other_errata(source: Source, measure: Measure, gone: Iterable[PassageRecord]) -> None:
    """Refuse to take words of the source that an erratum of another measure points at."""
    taken = list(gone)
    roles = {Role.RUNNING_HEAD, Role.SECTION_HEADING, Role.CAPTION} if taken else set()
    others = Erratum.objects.filter(measure__source=source, stands_in__in=roles)
    for erratum in others.exclude(measure=measure):
        spans = as_spans(erratum.spans)
        if any(low < part.end and part.start < high for low, high in spans for part in taken):
            raise RecordError(
                "cut", "an erratum would lose its words: %(words)s", words=erratum.as_printed
            )


@transaction.atomic
def withdraw_measure(
    measure: Measure, expected_version: int, by: Any, reason_zh: str, reason_en: str
) -> Measure:
    """Take a measure out of every public list; its address answers with the reason.

    Raises ``versions.VersionConflict`` like ``save_measure``.
    """
    record = withdrawn_record(measure, reason_zh, reason_en)
    return save_measure(record, expected_version, by, reason_zh, Action.WITHDRAWN)


@transaction.atomic
def restore_measure(measure: Measure, expected_version: int, by: Any, reason: str) -> Measure:
    """Bring a withdrawn measure back into the public lists; raises like ``save_measure``."""
    record = restored_record(measure)
    return save_measure(record, expected_version, by, reason, Action.RESTORED)


def withdrawn_record(measure: Measure, reason_zh: str, reason_en: str) -> MeasureRecord:
    """Return the record that a measure has once it is withdrawn now; 7 queries."""
    return replace(
        Measure.objects.for_record().get(pk=measure.pk).to_record(),
        withdrawn_at=moment_text(timezone.now()),
        withdrawn_reason_zh=reason_zh,
        withdrawn_reason_en=reason_en or None,
    )


def restored_record(measure: Measure) -> MeasureRecord:
    """Return the record that a withdrawn measure has once it is back; 7 queries."""
    return Measure.objects.for_record().get(pk=measure.pk).to_record().without_withdrawal()


def reverted_record(measure: Measure, version: MeasureVersion) -> MeasureRecord:
    """Return the record of a past version as it would stand now; 7 queries.

    Its content is the past one's; whether the measure is withdrawn stays as it is.
    """
    live = Measure.objects.for_record().get(pk=measure.pk).to_record()
    return replace(
        versions.read(version),
        position=live.position,
        withdrawn_at=live.withdrawn_at,
        withdrawn_reason_zh=live.withdrawn_reason_zh,
        withdrawn_reason_en=live.withdrawn_reason_en,
    )


@transaction.atomic
def revert_measure(
    measure: Measure, version: MeasureVersion, expected_version: int, by: Any, reason: str
) -> Measure:
    """Make a past version the next one; nothing in between is lost. Raises like ``save_measure``.

    Where the source's words were cut anew since, the past cut may leave words of the source
    without a passage: then it is refused with a ``RecordError``.
    """
    record = reverted_record(measure, version)
    return save_measure(record, expected_version, by, reason, Action.REVERTED)
