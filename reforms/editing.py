"""People's changes to the catalog: one transaction each, never over what someone has not seen."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from reforms import search, versions
from reforms.exchange import RecordError
from reforms.models import City, Erratum, Measure, Source
from reforms.models.fields import as_spans, moment_text
from reforms.records import (
    Action,
    MeasureRecord,
    PassageRecord,
    PracticeRecord,
    Role,
    TranslationState,
)
from reforms.recutting import Cut, recut

# How far back it is asked whether a Chinese text was put back to one that has current English.
MAX_VERSIONS_READ = 50


class StaleRow(Exception):
    """Someone saved the row since it was opened; ``current`` is the row as it stands now."""

    def __init__(self, current: Any) -> None:
        super().__init__(f"{current} is at version {current.version}")
        self.current = current


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
    # The lock makes two cuts in one source wait for each other, whichever measures they are of;
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
    record = replace(
        Measure.objects.for_record().get(pk=measure.pk).to_record(),
        withdrawn_at=moment_text(timezone.now()),
        withdrawn_reason_zh=reason_zh,
        withdrawn_reason_en=reason_en or None,
    )
    return save_measure(record, expected_version, by, reason_zh, Action.WITHDRAWN)


@transaction.atomic
def restore_measure(measure: Measure, expected_version: int, by: Any, reason: str) -> Measure:
    """Bring a withdrawn measure back into the public lists; raises like ``save_measure``."""
    record = Measure.objects.for_record().get(pk=measure.pk).to_record().without_withdrawal()
    return save_measure(record, expected_version, by, reason, Action.RESTORED)


@transaction.atomic
def save_row(row: Any, expected_version: int, parts: Iterable[Any] = ()) -> None:
    """Save a vocabulary word or a source, with new or changed parts that hang on it.

    ``expected_version`` is ``versions.NEW`` for a row that does not exist. Raises ``StaleRow``
    when somebody saved the row since that version; then nothing is written. 3 queries, and one
    a part.
    """
    if expected_version != versions.NEW:
        rows = type(row).objects.select_for_update(of=("self",), no_key=True)
        current = rows.get(pk=row.pk)
        if current.version != expected_version:
            raise StaleRow(current)
        row.version = expected_version + 1
    row.save()
    for part in parts:
        part.save()


def withdraw_source(
    source: Source, expected_version: int, reason_zh: str, reason_en: str
) -> Source:
    """Take a source and its measures out of every public list; raises like ``save_row``."""
    source.withdrawn_at = timezone.now()
    source.withdrawn_reason_zh = reason_zh
    source.withdrawn_reason_en = reason_en or None
    save_row(source, expected_version)
    return source


def restore_source(source: Source, expected_version: int) -> Source:
    """Bring a withdrawn source back into the public lists; raises like ``save_row``."""
    source.withdrawn_at = None
    source.withdrawn_reason_zh = None
    source.withdrawn_reason_en = None
    save_row(source, expected_version)
    return source


def mark_outdated_translations(
    record: MeasureRecord, before: MeasureRecord, earlier: Iterable[MeasureRecord] = ()
) -> MeasureRecord:
    """Return the record with ``outdated`` where the Chinese changed and the English did not.

    ``earlier`` are past records of the measure: a Chinese text that is put back to one for which
    the same English was current makes the English current again. Only the source's words count;
    a summary is ours in both languages.
    """
    past = list(earlier)
    if _title(record) != _title(before) and record.title_en == before.title_en:
        state = _stale(record.title_en)
        if any(_title(one) == _title(record) and _is_current(one) for one in past):
            state = TranslationState.CURRENT
        record = replace(record, title_translation_state=state)
    return replace(
        record,
        practices=tuple(
            _mark_practice(practice, _practice_in(before, practice.city), past)
            for practice in record.practices
        ),
    )


def _title(record: MeasureRecord) -> tuple[str | None, str | None]:
    return (record.title_zh, record.title_en)


def _is_current(record: MeasureRecord) -> bool:
    return record.title_translation_state == TranslationState.CURRENT


def _practice_in(record: MeasureRecord, city: str) -> PracticeRecord | None:
    return next((practice for practice in record.practices if practice.city == city), None)


def _mark_practice(
    practice: PracticeRecord, before: PracticeRecord | None, past: list[MeasureRecord]
) -> PracticeRecord:
    if before is None:
        return practice
    pairs = [
        (practice.practice_zh, before.practice_zh, practice.practice_en, before.practice_en),
        (practice.outcome_zh, before.outcome_zh, practice.outcome_en, before.outcome_en),
    ]
    if not any(zh != zh_before and en == en_before for zh, zh_before, en, en_before in pairs):
        return practice
    state = _stale(practice.practice_en)
    found = (_practice_in(record, practice.city) for record in past)
    if any(
        one is not None
        and one.translation_state == TranslationState.CURRENT
        and _texts(one) == _texts(practice)
        for one in found
    ):
        state = TranslationState.CURRENT
    return replace(practice, translation_state=state)


def _texts(practice: PracticeRecord) -> tuple[str | None, ...]:
    return (
        practice.practice_zh,
        practice.practice_en,
        practice.outcome_zh,
        practice.outcome_en,
    )


def _stale(english: str | None) -> TranslationState:
    return TranslationState.OUTDATED if english else TranslationState.MISSING
