"""English that a change of the Chinese leaves behind."""

from collections.abc import Iterable
from dataclasses import replace

from reforms.records import MeasureRecord, PracticeRecord, TranslationState


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
