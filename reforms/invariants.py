"""What must hold inside a measure's record and against the text of its source; no database.

The rules are those of ``docs/architecture.md``: texts are made of passages, quotations stand where
their spans say, a figure has a value and a unit or says that none is printed.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from reforms.exchange import RecordError
from reforms.numerals import printed_value
from reforms.records import (
    DECIMAL,
    SLUG,
    FigureRecord,
    MeasureRecord,
    OutcomeState,
    PassageRecord,
    PracticeRecord,
    Role,
    Spans,
    StatedIn,
)
from reforms.spans import are_ordered, is_within, quote_at, text_at, uncovered

MAX_SUMMARY_CHARACTERS = 40
MAX_SUMMARY_WORDS = 25
MAX_SIGNIFICANT_DIGITS = 15


def check_measure(record: MeasureRecord, source_text: str) -> None:
    """Raise ``RecordError`` for the first rule that the record breaks; return nothing else."""
    if not SLUG.fullmatch(record.key):
        raise RecordError("key", "use small letters, digits and single hyphens.")
    if record.position < 1:
        raise RecordError("position", "positions count from 1.")
    check_passages(record.passages, source_text)
    if (record.title_zh is None) != (not record.title_spans):
        raise RecordError(
            "title_zh", "a title needs its place in the source, and no place no title."
        )
    _check_cut(
        "title_spans",
        record.title_spans,
        tuple((part.start, part.end) for part in record.passages if part.role == Role.TITLE),
    )
    cities = [practice.city for practice in record.practices]
    if len(set(cities)) != len(cities):
        raise RecordError("practices", "one city has two practices.")
    stray = {part.city for part in record.passages if part.city} - set(cities)
    if stray:
        raise RecordError("passages", "no practice of %(cities)s.", cities=", ".join(sorted(stray)))
    _check_shared(record)
    for index, practice in enumerate(record.practices):
        _check_practice(f"practices[{index}]", practice, record, source_text)
    _check_errata(record, source_text)


def check_passages(passages: Sequence[PassageRecord], source_text: str) -> None:
    """Raise ``RecordError`` unless passages ascend, do not overlap and are trimmed words."""
    if not are_ordered([(part.start, part.end) for part in passages]):
        raise RecordError("passages", "passages overlap, are empty or are out of order.")
    for index, part in enumerate(passages):
        words = source_text[part.start : part.end]
        if part.end > len(source_text) or words != words.strip():
            raise RecordError(
                f"passages[{index}]", "a passage begins and ends with a character of the source."
            )


def check_tiling(passages: Iterable[PassageRecord], source_text: str) -> None:
    """Raise ``RecordError`` unless each character but white space has exactly one passage."""
    in_order = sorted(passages, key=lambda part: part.start)
    check_passages(in_order, source_text)
    lost = next(uncovered(source_text, [(part.start, part.end) for part in in_order]), None)
    if lost:
        words = source_text[lost[0] : lost[1]]
        raise RecordError(
            "passages", "these words belong to no passage: %(words)s", words=words[:60]
        )


def is_edited(text: str | None, spans: Spans, source_text: str) -> bool:
    """Tell whether a text was typed over, and so is no longer what stands at its spans."""
    return bool(spans) and text != text_at(source_text, spans)


def _check_cut(path: str, spans: Spans, passages: Spans) -> None:
    if spans != passages:
        raise RecordError(path, "the text and its passages are cut differently.")


def _cut_of(record: MeasureRecord, role: Role, practice: PracticeRecord, spans: Spans) -> Spans:
    """Where a city's text stands by the passages: its own, and those shared by several cities."""
    return tuple(
        (part.start, part.end)
        for part in record.passages
        if part.role == role
        and (part.city == practice.city or (part.city is None and (part.start, part.end) in spans))
    )


def _check_shared(record: MeasureRecord) -> None:
    """A text of no one city must be the text of some practice, or it would be shown nowhere."""
    shown = {
        span
        for practice in record.practices
        for span in (*practice.practice_spans, *practice.outcome_spans)
    }
    for index, part in enumerate(record.passages):
        is_text = part.role in (Role.PRACTICE, Role.OUTCOME)
        if is_text and part.city is None and (part.start, part.end) not in shown:
            raise RecordError(f"passages[{index}]", "these words belong to no practice.")


def _check_practice(
    path: str, practice: PracticeRecord, record: MeasureRecord, source_text: str
) -> None:
    if not practice.practice_zh.strip() or not practice.practice_spans:
        raise RecordError(f"{path}.practice_zh", "the practice is empty.")
    _check_cut(
        f"{path}.practice_spans",
        practice.practice_spans,
        _cut_of(record, Role.PRACTICE, practice, practice.practice_spans),
    )
    _check_cut(
        f"{path}.outcome_spans",
        practice.outcome_spans,
        _cut_of(record, Role.OUTCOME, practice, practice.outcome_spans),
    )
    is_stated = practice.outcome_state == OutcomeState.STATED
    if is_stated != bool(practice.outcome_zh) or is_stated != bool(practice.outcome_spans):
        raise RecordError(
            f"{path}.outcome_state", "an outcome is stated exactly when its words are there."
        )
    _check_summary(path, practice)
    for index, point in enumerate(practice.points):
        _check_place(f"{path}.points[{index}].spans", point.spans, practice.practice_spans)
    for index, figure in enumerate(practice.figures):
        _check_figure(f"{path}.figures[{index}]", figure, practice, source_text)


def _check_summary(path: str, practice: PracticeRecord) -> None:
    if len(practice.summary_zh or "") > MAX_SUMMARY_CHARACTERS:
        raise RecordError(
            f"{path}.summary_zh",
            "at most %(limit)s characters.",
            limit=MAX_SUMMARY_CHARACTERS,
        )
    if len((practice.summary_en or "").split()) > MAX_SUMMARY_WORDS:
        raise RecordError(f"{path}.summary_en", "at most %(limit)s words.", limit=MAX_SUMMARY_WORDS)


def _check_place(path: str, spans: Spans, container: Spans) -> None:
    if not spans or not are_ordered(spans) or not is_within(spans, container):
        raise RecordError(path, "the words chosen do not stand in this text.")


def _check_figure(
    path: str, figure: FigureRecord, practice: PracticeRecord, source_text: str
) -> None:
    within = (
        practice.practice_spans if figure.stated_in == StatedIn.PRACTICE else practice.outcome_spans
    )
    _check_place(f"{path}.quote_spans", figure.quote_spans, within)
    if figure.quote != quote_at(source_text, figure.quote_spans, within):
        raise RecordError(f"{path}.quote", "the quotation is not what stands at its place.")
    if not figure.printed or any(words not in figure.quote for words in figure.printed):
        raise RecordError(f"{path}.printed", "the printed value does not stand in the quotation.")
    numbers = [figure.before, *figure.steps, figure.after, figure.value]
    for number in numbers:
        if number is not None and (
            not DECIMAL.fullmatch(number) or len(number.strip("-0.")) > MAX_SIGNIFICANT_DIGITS
        ):
            raise RecordError(f"{path}.value", "write numbers as plain decimals, such as 58000000.")
    _check_printed(path, figure)
    is_single = figure.value is not None
    if is_single == (figure.after is not None) or (is_single and figure.before is not None):
        raise RecordError(f"{path}.value", "give either one value or a value before and after.")
    if (figure.unit_zh is None) != (figure.unit_en is None):
        raise RecordError(f"{path}.unit_zh", "a unit needs its Chinese and its English name.")
    if figure.unit_zh is None and not (figure.unit_inferred_zh and figure.unit_inferred_en):
        raise RecordError(f"{path}.unit_zh", "no unit is printed: give our reading of it.")
    _check_period(path, figure)


def _check_printed(path: str, figure: FigureRecord) -> None:
    """A value and its unit are what the words print: nothing is read into them."""
    numbers = [figure.before, *figure.steps, figure.after, figure.value]
    printed = {printed_value(words) for words in figure.printed}
    if {Decimal(number) for number in numbers if number is not None} != printed:
        raise RecordError(
            f"{path}.value",
            "the value is not the number that is printed: %(printed)s",
            printed=" → ".join(figure.printed),
        )
    for unit in (figure.unit_zh, figure.before_unit_zh):
        if unit is not None and unit not in figure.quote:
            raise RecordError(
                f"{path}.unit_zh", "this unit does not stand in the quotation: %(unit)s", unit=unit
            )


def _check_period(path: str, figure: FigureRecord) -> None:
    try:
        first, last = (
            date.fromisoformat(text) if text else None
            for text in (figure.period_from, figure.period_to)
        )
    except ValueError:
        raise RecordError(f"{path}.period_from", "write dates as YYYY-MM-DD.") from None
    if first and last and first > last:
        raise RecordError(f"{path}.period_from", "the period ends before it begins.")


def _check_errata(record: MeasureRecord, source_text: str) -> None:
    for index, erratum in enumerate(record.errata):
        path = f"errata[{index}]"
        if not are_ordered(erratum.spans) or not erratum.spans:
            raise RecordError(f"{path}.spans", "the words chosen do not stand in this text.")
        own = [(part.start, part.end) for part in record.passages if part.role == erratum.stands_in]
        within = own if is_within(erratum.spans, own) else erratum.spans
        if erratum.as_printed != quote_at(source_text, erratum.spans, within):
            raise RecordError(f"{path}.as_printed", "the words are not what stands at their place.")
