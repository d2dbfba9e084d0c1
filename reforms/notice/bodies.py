"""The marks inside one numbered measure: number, title, labels, text, who is responsible and where."""

import re
from collections.abc import Iterator, Sequence

from reforms.notice.marks import Mark, MarkKind, outcome_labels, page_number, place_label
from reforms.notice.outline import Line

_OFFICE = "(?:部|委|局|署|院|办|会|厅|行|处|中心|集团|公司|政府|单位|部门|机关|机构|省|市|区|县)"
_RESPONSIBLE = re.compile(
    rf"[(（][^()（）\n]{{2,160}}(?:等|等有关|有关|按职责分工)?{_OFFICE}?(?:等?有关部门|等部门|等单位)?"
    r"\s{0,4}(?:按职责分工)?(?:分别)?(?:牵头|负责|配合)[^()（）\n]{0,40}[)）]\s{0,4}。?$"
)
_RESPONSIBLE_LABEL = re.compile(
    r"(?:牵头|负责|责任|指导|实施|主管|配合|承办)(?:单位|部门|机构)(?:及配合单位)?\s{0,4}[:：]"
)
_SCOPE_LABEL = re.compile(r"(?:复制)?推广(?:范围|区域)\s{0,4}[:：]")
_CONTENT_LABEL = re.compile(
    r"(?:主要|具体|改革|创新|经验|试点)?(?:内容|做法|举措|措施|经验|情况)\s{0,4}[:：]"
)
_OFFICES_CELL = re.compile(rf"(?:[^。；;\n]{{1,30}}{_OFFICE}(?:[、，,；;\s]|等|$)){{1,20}}")
_SCOPE_CELL = re.compile(
    r"全国(?:范围|各地)?|[^。；;\n]{0,40}(?:区域|地区|自贸试验区|试验区|保税区|特殊监管区域|示范区|城市|范围内|省份|口岸)"
)
_END_OF_TITLE = re.compile("[。:：]")
MAX_TITLE_LENGTH = 80
MAX_CELL_LENGTH = 160


def body(text: str, line: Line, own: Sequence[Line], places: re.Pattern[str]) -> Iterator[Mark]:
    """Yield the marks of a measure whose number begins its first paragraph."""
    yield Mark(
        MarkKind.NUMBER_LABEL, line.start, _end_of_words(text, line), line.numeral, "", line.value
    )
    stop = _END_OF_TITLE.search(text, line.numeral_end, line.end)
    title_end, body_start = line.end, line.end
    if (
        stop
        and stop.start() - line.numeral_end <= MAX_TITLE_LENGTH
        and (stop.end() < line.end or own)
    ):
        title_end, body_start = stop.start(), stop.end()
    elif line.end - line.numeral_end > MAX_TITLE_LENGTH:
        title_end = line.numeral_end
        body_start = line.numeral_end
    yield from trimmed(text, MarkKind.TITLE, line.numeral_end, title_end)
    label_start, pieces = title_end, [(body_start, line.end), *((p.start, p.end) for p in own)]
    for start, end in pieces:
        if start >= end:
            continue
        label = _CONTENT_LABEL.match(text, _skip(text, start, end), end)
        if label_start < body_start or label:
            # One label: the stop that ends the title, and the words before the practice.
            is_here = start == body_start
            if not is_here and label_start < body_start:
                yield from trimmed(text, MarkKind.PRACTICE_LABEL, label_start, body_start)
                label_start = body_start
            label_end = label.end() if label else start
            from_here = label_start if is_here else start
            yield from trimmed(text, MarkKind.PRACTICE_LABEL, from_here, label_end)
            start, label_start = label_end, body_start
        yield from _paragraph(text, start, end, places)
    if label_start < body_start and all(start >= end for start, end in pieces):
        yield from trimmed(text, MarkKind.PRACTICE_LABEL, label_start, body_start)


def row(text: str, line: Line, own: Sequence[Line], places: re.Pattern[str]) -> Iterator[Mark]:
    """Yield the marks of a row of a table, its cells each on a line: number, title, text, offices, scope."""
    yield Mark(MarkKind.NUMBER_LABEL, line.start, line.end, line.numeral, "", line.value)
    cells = list(own)
    if not cells:
        return
    yield Mark(MarkKind.TITLE, cells[0].start, cells[0].end)
    rest = cells[1:]
    tail: list[Mark] = []
    for kind, pattern in (
        (MarkKind.REPLICATED_IN, _SCOPE_CELL),
        (MarkKind.RESPONSIBLE, _OFFICES_CELL),
    ):
        if rest and _is_cell(text, rest[-1], pattern):
            tail.insert(0, Mark(kind, rest[-1].start, rest[-1].end))
            rest = rest[:-1]
    for cell in rest:
        yield from _paragraph(text, cell.start, cell.end, places)
    yield from tail


def _is_cell(text: str, cell: Line, pattern: re.Pattern[str]) -> bool:
    words = text[cell.start : cell.end]
    return len(words) <= MAX_CELL_LENGTH and bool(pattern.fullmatch(words))


def _paragraph(text: str, start: int, end: int, places: re.Pattern[str]) -> Iterator[Mark]:
    """Yield the marks of a paragraph of a measure's body."""
    start = _skip(text, start, end)
    if start >= end:
        return
    if page_number(text[start:end]):
        yield Mark(MarkKind.RUNNING_HEAD, start, end)
        return
    for kind, label in (
        (MarkKind.RESPONSIBLE, _RESPONSIBLE_LABEL),
        (MarkKind.REPLICATED_IN, _SCOPE_LABEL),
    ):
        if label.match(text, start, end):
            yield Mark(kind, start, end)
            return
    window = max(start, end - 260)
    responsible = _RESPONSIBLE.search(text, window, end)
    text_end = responsible.start() if responsible else end
    place = place_label(text, start, text_end, places)
    if place:
        yield Mark(MarkKind.CITY_LABEL, place.start(), place.end(), "", place[1])
        start = place.end()
    for outcome in outcome_labels(text, start, text_end):
        yield from trimmed(text, MarkKind.TEXT, start, outcome.start())
        yield Mark(MarkKind.OUTCOME_LABEL, outcome.start(), outcome.end())
        start = outcome.end()
    yield from trimmed(text, MarkKind.TEXT, start, text_end)
    if responsible:
        yield from trimmed(text, MarkKind.RESPONSIBLE, responsible.start(), end)


def _end_of_words(text: str, line: Line) -> int:
    return line.start + len(text[line.start : line.numeral_end].rstrip())


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def trimmed(text: str, kind: MarkKind, start: int, end: int) -> Iterator[Mark]:
    """Yield one mark, white space trimmed; nothing when only white space is left."""
    words = text[start:end]
    if words.strip():
        start += len(words) - len(words.lstrip())
        yield Mark(kind, start, start + len(words.strip()))
