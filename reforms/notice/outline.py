"""The paragraphs of a notice with the numerals that they begin with, and which of them are measures."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import accumulate, pairwise

from reforms.numerals import numeral_value

_NUMERAL = "[一二三四五六七八九十百零]{1,7}"
# White space inside a pattern is bounded, so that no text takes more than linear time.
_PART = re.compile(rf"({_NUMERAL})\s{{0,4}}[、.．]\s{{0,4}}")
_CHAPTER = re.compile(rf"第({_NUMERAL})(?:部分|[章节篇])[、:：\s]{{0,4}}")
_SECTION = re.compile(rf"[(（]\s{{0,2}}({_NUMERAL})\s{{0,2}}[)）]\s{{0,4}}")
_NUMBER = re.compile(r"(\d{1,3})\s{0,4}[.．、]\s{0,4}(?=[^\d\s])")
_ITEM = re.compile(
    rf"(?:改革|创新|试点)?(?:举措|措施|事项|经验|案例)?第?\s{{0,2}}(\d{{1,3}}|{_NUMERAL})\s{{0,2}}项\s{{0,4}}[:：、.．]\s{{0,4}}"
)
_LABELLED = re.compile(
    "(?:典型|改革|创新|试点|经验|重点|实践|主要){0,2}(?:举措|措施|事项|经验|案例|做法|任务)"
    rf"\s{{0,2}}(\d{{1,3}}|{_NUMERAL})\s{{0,2}}(?:[:：、.．]|\s)\s{{0,4}}"
)
_THAT_IS = re.compile(rf"({_NUMERAL})是\s{{0,4}}[,，:：]?")
_BRACKETED = re.compile(r"[(（]?\s{0,2}(\d{1,3})\s{0,2}[)）][.．、]?\s{0,4}(?=[^\d\s])")
_ROW = re.compile(r"\d{1,3}")
_ANNEX = re.compile(rf"附\s{{0,2}}[件表录]\s{{0,2}}(?:\d{{1,2}}|{_NUMERAL})?")
_PIECE = re.compile(r"[^\n\t]+")
_SPACED_ROW = re.compile(r"(\d{1,3})[ \u3000]{1,8}(?=[^\d\s.．、%％年月日])")
_WIDE_CELL = re.compile(r"(?:[^ \u3000]|[ ](?![ \u3000]))+")
# A space beside a Latin word parts no cells.
_CELL = re.compile(r"(?:[^ ]|(?<=[A-Za-z0-9])[ ]|[ ](?=[A-Za-z0-9]))+")
_TABLE_HEAD = re.compile(r"[序编]\s{0,4}号(?:\s|$)")
_NUMERAL_ALONE = re.compile(rf"[(（]?\s{{0,2}}({_NUMERAL})\s{{0,2}}[)）]?、?")
_COUNT = re.compile(r"[(（]?\s{0,4}共?\s{0,4}(\d{1,3})\s{0,4}项\s{0,4}[)）]?\s{0,4}[。.:：]?")
# A section of a notice that says how to go about it, never a measure of it.
_NOT_MEASURES = re.compile(
    "指导思想|基本原则|总体要求|总体目标|发展目标|工作目标|主要目标|工作要求|有关要求|组织实施|组织领导"
    "|组织保障|保障措施|推广工作|实施工作|工作机制|加强领导|抓好落实|监督检查|附则"
)
_ABOUT_MEASURES = re.compile("举措|措施|任务|经验|做法|事项|改革|创新|内容")
LEAST_MEASURES = 2
MAX_NAME_LENGTH = 60
MAX_CELL_TITLE = 80


class Level(IntEnum):
    """What a paragraph begins with, the outermost first."""

    ANNEX = 0
    PART = 1
    SECTION = 2
    NUMBER = 3
    ROW = 4
    INNER = 5
    PLAIN = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, white space trimmed: its numeral with its end, and what kind of numeral that is."""

    start: int
    end: int
    level: Level
    numeral: str = ""
    numeral_end: int = 0
    # The indexes of the headings that it stands under, the innermost first.
    above: tuple[int, ...] = ()

    @property
    def value(self) -> int:
        """The value of the numeral; 0 where there is none."""
        return numeral_value(self.numeral) or 0


@dataclass(frozen=True, slots=True)
class Heading:
    """What a numbered heading names, how many measures it declares, and where it ends."""

    name: str
    declared: int | None
    end: int


def lines(text: str) -> list[Line]:
    """Return the paragraphs of a text; a tab parts cells, and each cell is one of its own.

    In a table whose rows each stand on a line, spaces part cells. A numeral alone in a cell is one
    heading with the name in the next.
    """
    spans = [*_trimmed_pieces(text, 0, len(text), _PIECE)]
    rows = _spaced_rows(text, spans)
    if rows:
        spans = [
            cell
            for at, (start, end) in enumerate(spans)
            for cell in (_cells(text, start, end) if at in rows else [(start, end)])
        ]
    found = [_line(text, start, end) for start, end in spans]
    if any(line.level is Level.ROW for line in found):
        found = _with_names(text, found)
    return [*_under_headings(found)]


def _under_headings(found: Sequence[Line]) -> Iterator[Line]:
    """Yield the paragraphs with the headings that each stands under.

    An annex stands under none of those before it.
    """
    part: tuple[int, ...] = ()
    section: tuple[int, ...] = ()
    for at, line in enumerate(found):
        if line.level <= Level.PART:
            part, section = (at,) if line.level is Level.PART else (), ()
            yield line
        elif line.level is Level.SECTION:
            section = (at,)
            yield replace(line, above=part)
        else:
            yield replace(line, above=section + part)


def _trimmed_pieces(
    text: str, start: int, end: int, pattern: re.Pattern[str]
) -> Iterator[tuple[int, int]]:
    """Yield where the pieces of a pattern stand, white space trimmed, without those of nothing else."""
    for piece in pattern.finditer(text, start, end):
        words = piece[0].strip("\ufeff" + " \r\u3000\xa0\x0b\x0c").strip()
        if words:
            begin = piece.start() + piece[0].index(words)
            yield begin, begin + len(words)


def _spaced_rows(text: str, spans: Sequence[tuple[int, int]]) -> set[int]:
    """Return which paragraphs are rows of a table, cells parted by spaces; none where cells are marked.

    They begin with a number and a space, and the numbers ascend by one, once at least.
    """
    alone = sum(bool(_ROW.fullmatch(text, *span)) for span in spans)
    numbers = {
        at: int(found[1])
        for at, span in enumerate(spans)
        if (found := _SPACED_ROW.match(text, *span))
    }
    rows: set[int] = set()
    for (before, last), (at, number) in pairwise(numbers.items()):
        if number == last + 1:
            rows |= {before, at}
    # A few numbers alone on a line are those of pages.
    return rows if len(rows) > alone else set()


def _cells(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the cells of such a row: its number, then what wide spaces part, else what spaces do."""
    number = _SPACED_ROW.match(text, start, end)
    assert number, "only rows are asked for their cells"
    yield number.span(1)
    wide = re.search(r"[ \u3000]{2}|\u3000", text[number.end() : end])
    yield from _trimmed_pieces(text, number.end(), end, _WIDE_CELL if wide else _CELL)


def _with_names(text: str, found: Sequence[Line]) -> list[Line]:
    """Join a numeral alone in a cell and the name that the next cell gives it: a heading of rows."""
    joined: list[Line] = []
    for line in found:
        last = joined[-1] if joined else None
        is_name = line.level is Level.PLAIN and line.end - line.start <= MAX_NAME_LENGTH
        if last and is_name and _NUMERAL_ALONE.fullmatch(text, last.start, last.end):
            numeral = _NUMERAL_ALONE.match(text, last.start, last.end)
            assert numeral
            joined[-1] = Line(last.start, line.end, Level.SECTION, numeral[1], last.end)
        else:
            joined.append(line)
    return joined


def _line(text: str, start: int, end: int) -> Line:
    for level, pattern in (
        (Level.PART, _PART),
        (Level.PART, _CHAPTER),
        (Level.SECTION, _SECTION),
        (Level.NUMBER, _NUMBER),
        (Level.NUMBER, _ITEM),
        (Level.NUMBER, _LABELLED),
        (Level.INNER, _THAT_IS),
        (Level.INNER, _BRACKETED),
    ):
        mark = pattern.match(text, start, end)
        if mark and numeral_value(mark[1]):
            return Line(start, end, level, mark[1], mark.end())
    if _ANNEX.fullmatch(text, start, end):
        return Line(start, end, Level.ANNEX, "", end)
    if _ROW.fullmatch(text, start, end):
        return Line(start, end, Level.ROW, text[start:end], end)
    return Line(start, end, Level.PLAIN)


def heading(text: str, line: Line) -> Heading:
    """Return what a numbered heading names: up to its declared count, else its first full stop."""
    limit = min(line.end, line.numeral_end + 60)
    count = next(
        (
            found
            for found in _COUNT.finditer(text, line.numeral_end, min(line.end, limit + 12))
            if found.start() > line.numeral_end
        ),
        None,
    )
    if count and not re.search("[。；;]", text[line.numeral_end : count.start()]):
        return Heading(text[line.numeral_end : count.start()].strip(), int(count[1]), count.end())
    stop = re.search("[。:：]", text[line.numeral_end : line.end])
    end = line.numeral_end + stop.end() if stop else line.end
    name = text[line.numeral_end : end].strip().rstrip("。:：")
    return Heading(name, None, end)


def measures(text: str, found: Sequence[Line], is_place: Callable[[Line], bool]) -> list[int]:
    """Return the indexes of the paragraphs that measures begin with; empty where none are numbered.

    A numbered paragraph that names places alone before its first stop is a part of a measure, or a
    heading.

    Rows of a table before numbers, numbers before numbered sections, sections before parts: the
    innermost numbering is the measures'; 一是, 二是 or （1）,
    （2） at the head of paragraphs where nothing else is. Numbers ascend, or begin again under a new heading.
    """
    rows = [at for at, line in enumerate(found) if line.level is Level.ROW]
    numbers = [
        at for at, line in enumerate(found) if line.level is Level.NUMBER and not is_place(line)
    ]
    tabled = [at for at in rows if _begins_row(text, found, at)]
    by_level = [tabled, numbers] if _has_table_head(text, found) else [numbers, tabled]
    for candidates in by_level:
        chosen = [at for at in _ascending(candidates, found) if may_hold(text, found, at)]
        if len(chosen) >= LEAST_MEASURES or _are_declared(text, found, chosen):
            return chosen
    for level in (Level.SECTION, Level.PART):
        chosen = [
            at
            for at, line in enumerate(found)
            if line.level is level and not is_place(line) and _is_measure(text, found, at)
        ]
        if len(chosen) >= LEAST_MEASURES:
            return chosen
    # 一是…, 二是… and （1）…, （2）… are parts of a measure wherever anything else is numbered.
    chosen = _ascending([at for at, line in enumerate(found) if line.level is Level.INNER], found)
    chosen = [at for at in chosen if may_hold(text, found, at)]
    return chosen if len(chosen) >= LEAST_MEASURES else []


def _has_table_head(text: str, found: Sequence[Line]) -> bool:
    """Tell whether a cell heads a column of numbers: then numbers alone are those of rows."""
    return any(_TABLE_HEAD.match(text, line.start, line.end) for line in found)


def _begins_row(text: str, found: Sequence[Line], at: int) -> bool:
    """Tell whether a number alone is that of a row, not of a page: a cell follows that can be a title."""
    following = found[at + 1] if at + 1 < len(found) else None
    return (
        following is not None
        and following.level is Level.PLAIN
        and following.end - following.start <= MAX_CELL_TITLE
        and not re.search("[。；;]", text[following.start : following.end])
    )


def _are_declared(text: str, found: Sequence[Line], chosen: Sequence[int]) -> bool:
    """Tell whether a heading says that measures stand under it: then one alone is a measure too."""
    return any(
        heading(text, found[above]).declared is not None
        for at in chosen
        for above in found[at].above
    )


def _ascending(candidates: list[int], found: Sequence[Line]) -> list[int]:
    """Leave out numbers that go back without a heading between them: they belong to a list inside.

    So do numbers that jump ahead where the next one comes later under the same heading.
    """
    headings = [*accumulate(line.level <= Level.SECTION for line in found)]
    last_of = {(found[at].value, headings[at]): at for at in candidates}
    chosen: list[int] = []
    before, last = 0, -1
    for at in candidates:
        value = found[at].value
        has_heading = headings[at] > (headings[last] if last >= 0 else 0)
        if value > before + 1 and last_of.get((before + 1, headings[at]), -1) > at:
            continue
        if value > before or (value == 1 and has_heading):
            chosen.append(at)
            before, last = value, at
    return chosen


def may_hold(text: str, found: Sequence[Line], at: int) -> bool:
    """Tell whether the headings above a numbered paragraph leave it to be a measure."""
    return not any(
        _NOT_MEASURES.search(heading(text, found[above]).name) for above in found[at].above
    )


def _is_measure(text: str, found: Sequence[Line], at: int) -> bool:
    """Tell whether a numbered section or part is a measure: under a heading that speaks of some."""
    own = heading(text, found[at])
    if own.declared is not None or _NOT_MEASURES.search(own.name) or not may_hold(text, found, at):
        return False
    if found[at].level is Level.PART:
        return found[at].end > own.end or at + 1 < len(found)
    above = found[at].above
    return bool(above) and bool(_ABOUT_MEASURES.search(heading(text, found[above[-1]]).name))
