"""The marks inside one numbered measure: number, title, labels, text, who is responsible and where."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from reforms.notice.marks import Mark, MarkKind, outcome_labels, page_number
from reforms.notice.outline import Line
from reforms.notice.places import place_labels
from reforms.notice.sentences import begins_sentence

_OFFICE = "(?:部|委|局|署|院|办|会|厅|行|处|中心|集团|公司|政府|单位|部门|机关|机构|省|市|区|县)"
_WHO = "(?:牵头|负责|责任|指导|实施|主管|配合|承办)(?:单位|部门|机构)(?:及(?:配合|责任)单位)?"
_BY_WHEN = "(?:完成|推进)(?:时限|期限|时间|节点)|时间(?:安排|节点|进度)"
_WHERE = "(?:复制|全国)?(?:推广|试点|实施|适用)(?:范围|区域|地区|城市)"
_RESPONSIBLE = re.compile(
    rf"[(（]\s{{0,2}}(?:{_WHO}|{_BY_WHEN})\s{{0,4}}[:：][^()（）\n]{{1,240}}[)）]\s{{0,4}}。?$"
    rf"|[(（][^()（）\n]{{2,160}}(?:等|等有关|有关|按职责分工)?{_OFFICE}?(?:等?有关部门|等部门|等单位)?"
    r"\s{0,4}(?:按职责分工)?(?:分别)?(?:牵头|负责|配合)[^()（）\n]{0,40}[)）]\s{0,4}。?$"
)
_SCOPE_LABEL = re.compile(rf"(?:{_WHERE})\s{{0,4}}[:：]")
_ADDITION_LABEL = re.compile(rf"(?:{_WHO}|{_BY_WHEN}|{_WHERE})\s{{0,4}}[:：]")
_CONTENT = "(?:主要|具体|改革|创新|经验|试点)?(?:内容|做法|举措|措施|经验|情况)"
_CONTENT_LABEL = re.compile(rf"{_CONTENT}\s{{0,4}}[:：]|【{_CONTENT}】[:：]?")
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
    pages = [cell for cell in own if page_number(text[cell.start : cell.end])]
    cells = [cell for cell in own if not page_number(text[cell.start : cell.end])]
    found = [Mark(MarkKind.RUNNING_HEAD, page.start, page.end) for page in pages]
    rest = cells[1:]
    for kind, pattern in (
        (MarkKind.REPLICATED_IN, _SCOPE_CELL),
        (MarkKind.RESPONSIBLE, _OFFICES_CELL),
    ):
        if rest and _is_cell(text, rest[-1], pattern):
            found.append(Mark(kind, rest[-1].start, rest[-1].end))
            rest = rest[:-1]
    found += [Mark(MarkKind.TITLE, cell.start, cell.end) for cell in cells[:1]]
    for cell in rest:
        found += _paragraph(text, cell.start, cell.end, places)
    yield from sorted(found, key=lambda mark: mark.start)


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
    responsible = _RESPONSIBLE.search(text, max(start, end - 260), end)
    body_end = responsible.start() if responsible else end
    text_end = next((found.start() for found in _additions(text, start, body_end)), body_end)
    yield from _texts(text, start, text_end, places)
    yield from _labelled_additions(text, text_end, body_end)
    if responsible:
        yield from trimmed(text, MarkKind.RESPONSIBLE, responsible.start(), end)


def _additions(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the labels of who is responsible and where: at the beginning or after a sentence."""
    for found in _ADDITION_LABEL.finditer(text, start, end):
        if begins_sentence(text, start, found.start()):
            yield found


def _labelled_additions(text: str, start: int, end: int) -> Iterator[Mark]:
    """Yield who is responsible and where, each from its label to the next one of the other kind."""
    opened = [(found.start(), _kind_of(found[0])) for found in _additions(text, start, end)]
    for at, (begin, kind) in enumerate(opened):
        if at and opened[at - 1][1] is kind:
            continue
        following = (later for later, other in opened[at + 1 :] if other is not kind)
        yield from trimmed(text, kind, begin, next(following, end))


def _kind_of(label: str) -> MarkKind:
    return MarkKind.REPLICATED_IN if _SCOPE_LABEL.match(label) else MarkKind.RESPONSIBLE


def _texts(text: str, start: int, end: int, places: re.Pattern[str]) -> Iterator[Mark]:
    """Yield the places that head parts of a paragraph, their texts and the labels of outcomes."""
    heads = [*place_labels(text, start, end, places)]
    pieces = [(start, heads[0].start if heads else end)]
    pieces += [
        (head.end, following.start if following else end)
        for head, following in zip_longest(heads, heads[1:])
    ]
    for head, (begin, until) in zip([None, *heads], pieces, strict=True):
        if head:
            yield Mark(MarkKind.CITY_LABEL, head.start, head.end, "", head.name)
        for outcome in outcome_labels(text, begin, until):
            yield from trimmed(text, MarkKind.TEXT, begin, outcome.start())
            yield Mark(MarkKind.OUTCOME_LABEL, outcome.start(), outcome.end())
            begin = outcome.end()
        yield from trimmed(text, MarkKind.TEXT, begin, until)


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
