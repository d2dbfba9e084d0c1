"""What a person said that words of a notice are: it goes before what the reader took them for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reforms.notice.marks import Mark, MarkKind
from reforms.notice.remarks import Remarks
from reforms.numerals import numeral_value

MAX_CORRECTIONS = 500
MAX_LABEL_LENGTH = 40
# What a person may say that words are, in the order in which a choice offers it. An unnumbered
# measure is said by its title.
CORRECTABLE = (
    MarkKind.NUMBER_LABEL,
    MarkKind.TITLE,
    MarkKind.UNNUMBERED,
    MarkKind.PRACTICE_LABEL,
    MarkKind.CITY_LABEL,
    MarkKind.PRACTICE,
    MarkKind.OUTCOME_LABEL,
    MarkKind.OUTCOME,
    MarkKind.RESPONSIBLE,
    MarkKind.REPLICATED_IN,
    MarkKind.SECTION_HEADING,
    MarkKind.PART_HEADING,
    MarkKind.DOCUMENT_HEAD,
    MarkKind.NOTICE_TEXT,
    MarkKind.CAPTION,
    MarkKind.RUNNING_HEAD,
)
_OPENINGS = (MarkKind.NUMBER_LABEL, MarkKind.UNNUMBERED, MarkKind.MISSING_HEAD)
_EMPTY = (MarkKind.UNNUMBERED, MarkKind.MISSING_HEAD)
_OF_A_MEASURE = (
    MarkKind.TITLE,
    MarkKind.PRACTICE_LABEL,
    MarkKind.CITY_LABEL,
    MarkKind.PRACTICE,
    MarkKind.OUTCOME_LABEL,
    MarkKind.OUTCOME,
    MarkKind.RESPONSIBLE,
    MarkKind.REPLICATED_IN,
)
_ASIDES = (MarkKind.CAPTION, MarkKind.RUNNING_HEAD)
_NUMERAL = "[一二三四五六七八九十百零]{1,7}"
_NUMBER = re.compile(rf"\d{{1,4}}|{_NUMERAL}")
_HEADING_NUMERAL = re.compile(rf"[(（]?\s{{0,2}}({_NUMERAL}|\d{{1,3}})\s{{0,2}}[)）、.．]\s{{0,4}}")
_HEADING_COUNT = re.compile(
    r"\s{0,4}[(（]?\s{0,4}共?\s{0,4}(\d{1,4})\s{0,4}项\s{0,4}[)）]?\s{0,4}[。.:：]?$"
)
_ENDS = "。:：、.． \t\n\u3000"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said of the words from ``start`` to ``end``, offsets of the text."""

    kind: MarkKind
    start: int
    end: int


def corrected(
    marks: Iterable[Mark], corrections: Sequence[Correction], remarks: Remarks
) -> list[Mark]:
    """Return the marks with every correction in its place, the later before the earlier.

    What a correction leaves over of a mark keeps its kind. Where words of a measure stand outside
    any, a measure begins before them: without number where they are a title, else without head.
    Raises ``NoticeError`` for a correction of no words and for a number label without a number.
    """
    found = list(marks)
    for correction in corrections:
        found = list(_with(found, correction, remarks))
    return list(_opened(found)) if corrections else found


def _with(marks: list[Mark], correction: Correction, remarks: Remarks) -> Iterator[Mark]:
    """Yield the marks with one correction among them."""
    start, end = _trimmed(remarks.text, correction.start, correction.end)
    if start >= end:
        raise remarks.error("no_words", min(correction.start, len(remarks.text)))
    own = [*_said(correction.kind, start, end, remarks)]
    for mark in marks:
        if own and mark.start >= end:
            yield from own
            own = []
        if mark.kind in _EMPTY or mark.end <= start or mark.start >= end:
            yield mark
            continue
        if mark.start < start:
            yield from _left(mark, mark.start, start, remarks)
        yield from own
        own = []
        if mark.end > end:
            yield from _left(mark, end, mark.end, remarks)
    yield from own


def _said(kind: MarkKind, start: int, end: int, remarks: Remarks) -> Iterator[Mark]:
    """Yield the mark of words, with the number, the name or the count that stands in them."""
    words = remarks.text[start:end]
    if kind is MarkKind.UNNUMBERED:
        yield Mark(kind, start, start)
        yield Mark(MarkKind.TITLE, start, end)
    elif kind is MarkKind.NUMBER_LABEL:
        found = _NUMBER.search(words)
        number = numeral_value(found[0]) if found else None
        if not found or not number:
            raise remarks.error("no_number", start, found=remarks.words((start, end)))
        yield Mark(kind, start, end, found[0], "", number)
    elif kind in (MarkKind.SECTION_HEADING, MarkKind.PART_HEADING):
        yield _heading(kind, start, words)
    elif kind is MarkKind.CITY_LABEL:
        yield Mark(kind, start, end, name=words.strip(_ENDS))
    else:
        yield Mark(kind, start, end, is_said=True)


def _heading(kind: MarkKind, start: int, words: str) -> Mark:
    """Return the mark of a heading: its numeral, its name and the count that it declares."""
    numeral = _HEADING_NUMERAL.match(words)
    count = _HEADING_COUNT.search(words)
    name = words[numeral.end() if numeral else 0 : count.start() if count else None].strip(_ENDS)
    name = name or words
    label = numeral[1] if numeral else name[:MAX_LABEL_LENGTH]
    number = int(count[1]) if count else None
    return Mark(kind, start, start + len(words), label, name, number)


def _left(mark: Mark, start: int, end: int, remarks: Remarks) -> Iterator[Mark]:
    """Yield what a correction left over of a mark; words that no longer say what it was are text."""
    start, end = _trimmed(remarks.text, start, end)
    if start >= end:
        return
    if mark.kind in (MarkKind.SECTION_HEADING, MarkKind.PART_HEADING, MarkKind.CITY_LABEL):
        yield from _said(mark.kind, start, end, remarks)
    elif mark.kind is MarkKind.NUMBER_LABEL and not _NUMBER.search(remarks.text, start, end):
        yield Mark(MarkKind.TEXT, start, end)
    else:
        yield replace(mark, start=start, end=end)


def _opened(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the marks so that each measure begins once, and no words of a measure stand before one."""
    is_open = False
    for at, mark in enumerate(marks):
        if mark.kind in _EMPTY:
            rest = (later.kind for later in marks[at + 1 :] if later.kind not in _ASIDES)
            following = next(rest, None)
            if following not in (*_OF_A_MEASURE, MarkKind.TEXT):
                continue
        elif mark.kind in _OF_A_MEASURE and not is_open:
            is_title = mark.kind is MarkKind.TITLE
            kind = MarkKind.UNNUMBERED if is_title else MarkKind.MISSING_HEAD
            yield Mark(kind, mark.start, mark.start)
            is_open = True
        if mark.kind in _OPENINGS:
            is_open = True
        elif mark.kind not in (*_OF_A_MEASURE, *_ASIDES, MarkKind.TEXT):
            is_open = False
        yield mark


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span, inside the text, without the white space at its ends."""
    start, end = max(0, start), min(end, len(text))
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return start, max(start, start + len(words.strip()))
