"""Find the marks of a notice whose measures are rows, numbers, sections or listed titles."""

import re
from collections.abc import Collection, Iterator, Sequence

from reforms.notice.bodies import body, row
from reforms.notice.marks import Mark, MarkKind, page_number, place_pattern
from reforms.notice.outline import Heading, Level, Line, heading, headings, lines, measures

_ADDRESSEE = re.compile("[:：]$")
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[（(]\d{4}[〕\]）)]\d{1,4}号$")
_QUOTED_TITLE = re.compile("“([^“”\n]{2,120})”")
_LISTED_TITLE = re.compile("[^；;。\n]{2,160}")
MAX_HEAD_LINES = 14


def scan_shapes(text: str, places: Collection[str]) -> Iterator[Mark]:
    """Yield the marks of a notice that labels no measure 改革举措, in order; linear in the text.

    Nothing is guessed: what is no heading, no measure and no head of the document is the notice's
    own text. Titles that a body lists and an annex then tells one by one are measures of the annex.
    """
    found = lines(text)
    begun = measures(text, found)
    scanner = _ShapeScanner(text, found, begun, places)
    yield from scanner.marks() if begun else scanner.listed()


class _ShapeScanner:
    def __init__(
        self, text: str, found: Sequence[Line], begun: Sequence[int], places: Collection[str]
    ) -> None:
        self.text = text
        self.lines = found
        self.begun = begun
        self.places = place_pattern(places)
        self.holding = self._holding()

    def _holding(self) -> dict[int, bool]:
        """Return the headings that hold measures; whether each is the innermost, a section."""
        holding: dict[int, bool] = {}
        for at in self.begun:
            for depth, above in enumerate(headings(self.lines, at)):
                holding[above] = holding.get(above, False) or depth == 0
        return holding | self._empty_sections(holding)

    def _empty_sections(self, holding: dict[int, bool]) -> dict[int, bool]:
        """Return the headings between sections that declare measures and have none."""
        own = [at for at, is_section in holding.items() if is_section]
        between = range(min(own, default=0), max([*own, *self.begun], default=0))
        levels = {self.lines[at].level for at in own}
        return {
            at: True
            for at in between
            if at not in holding
            and self.lines[at].level in levels
            and heading(self.text, self.lines[at]).declared is not None
        }

    def marks(self) -> Iterator[Mark]:
        """Yield the marks of a notice with numbered measures."""
        starts = set(self.begun)
        first = min([*starts, *self.holding], default=len(self.lines))
        head_end = self._head_end(first)
        at = 0
        while at < len(self.lines):
            line = self.lines[at]
            if at in starts:
                until = self._end_of_measure(at)
                own = self.lines[at + 1 : until]
                reader = row if line.level is Level.ROW else body
                yield from reader(self.text, line, own, self.places)
                at = until
                continue
            if at in self.holding:
                yield from self._heading(at)
            elif at < head_end:
                yield from self._plain(MarkKind.DOCUMENT_HEAD, line.start, line.end)
            else:
                yield from self._aside(line)
            at += 1

    def listed(self) -> Iterator[Mark]:
        """Yield the marks of a notice whose headings declare counts and list titles; else no measure."""
        titled = {
            at: [*self._titles(line, found)]
            for at, line in enumerate(self.lines)
            if line.level is Level.SECTION
            and (found := heading(self.text, line)).declared is not None
        }
        titled = {at: spans for at, spans in titled.items() if spans}
        first = min(titled, default=len(self.lines))
        head_end = self._head_end(first)
        self.holding = dict.fromkeys(titled, True)
        for at in titled:
            self.holding.update(dict.fromkeys(headings(self.lines, at), False))
        for at, line in enumerate(self.lines):
            if at in self.holding:
                yield from self._heading(at, titled.get(at, ()))
            elif at < head_end:
                yield from self._plain(MarkKind.DOCUMENT_HEAD, line.start, line.end)
            else:
                yield from self._aside(line)

    def _titles(self, line: Line, own: Heading) -> Iterator[tuple[int, int]]:
        """Yield where the titles stand that a heading lists: in quotation marks, else by semicolons."""
        quoted = [found.span(1) for found in _QUOTED_TITLE.finditer(self.text, own.end, line.end)]
        rest = self.text[own.end : line.end]
        if quoted and len(quoted) >= max(1, rest.count("；")):
            yield from quoted
        elif "；" in rest or own.declared == 1:
            for found in _LISTED_TITLE.finditer(self.text, own.end, line.end):
                start, end = _trimmed(self.text, *found.span())
                if start < end:
                    yield start, end

    def _head_end(self, first: int) -> int:
        """Return the index after the head of the document: its titles, number and addressee."""
        limit = min(first, MAX_HEAD_LINES)
        for at in range(limit):
            words = self.text[self.lines[at].start : self.lines[at].end]
            if _ADDRESSEE.search(words):
                return at + 1
        for at in range(limit):
            words = self.text[self.lines[at].start : self.lines[at].end]
            if words.endswith(("。", "；")):
                return at
        numbered = (
            at + 1
            for at in range(limit)
            if _DOCUMENT_NUMBER.search(self.text[self.lines[at].start : self.lines[at].end])
        )
        return max(numbered, default=min(limit, 1))

    def _end_of_measure(self, at: int) -> int:
        """Return the index after a measure's own paragraphs: of the next measure or heading."""
        level = self.lines[at].level
        for index in range(at + 1, len(self.lines)):
            line = self.lines[index]
            if index in self.begun or index in self.holding or self._is_over(line, level):
                return index
        return len(self.lines)

    def _is_over(self, line: Line, level: Level) -> bool:
        """Tell whether a paragraph after a measure is no part of it: an outer heading, a signature."""
        words = self.text[line.start : line.end]
        if line.level <= Level.SECTION and line.level < level:
            return True
        return bool(
            re.match(
                r"附件\s?\d*\s?[:：]?|[(（]此件公开发布[)）]|\d{4}年\d{1,2}月\d{1,2}日$", words
            )
        )

    def _heading(self, at: int, titles: Sequence[tuple[int, int]] = ()) -> Iterator[Mark]:
        line, is_section = self.lines[at], self.holding[at]
        own = heading(self.text, line)
        kind = MarkKind.SECTION_HEADING if is_section else MarkKind.PART_HEADING
        end = own.end
        yield Mark(kind, line.start, end, line.numeral, own.name, own.declared)
        for start, title_end in titles:
            yield from self._plain(MarkKind.NOTICE_TEXT, end, start)
            yield Mark(MarkKind.UNNUMBERED, start, start)
            yield Mark(MarkKind.TITLE, start, title_end)
            end = title_end
        yield from self._plain(MarkKind.NOTICE_TEXT, end, line.end)

    def _aside(self, line: Line) -> Iterator[Mark]:
        """Yield a paragraph outside the measures: a page number, or the notice's own text."""
        words = self.text[line.start : line.end]
        if page_number(words):
            yield Mark(MarkKind.RUNNING_HEAD, line.start, line.end)
        elif line.level <= Level.SECTION and (own := heading(self.text, line)).declared:
            # A count that the text gives outside the headings of measures; the reading checks it.
            kind = MarkKind.NOTICE_TEXT
            yield Mark(kind, line.start, line.end, line.numeral, own.name, own.declared)
        else:
            yield from self._plain(MarkKind.NOTICE_TEXT, line.start, line.end)

    def _plain(self, kind: MarkKind, start: int, end: int) -> Iterator[Mark]:
        start, end = _trimmed(self.text, start, end)
        if start < end:
            yield Mark(kind, start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the white space at its ends."""
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return start, max(start, start + len(words.strip()))
