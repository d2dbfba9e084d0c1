"""Find the marks of a notice whose measures are rows, numbers, sections or listed titles."""

import re
from collections.abc import Collection, Iterator, Sequence

from reforms.notice.bodies import body, row
from reforms.notice.listings import list_heading, listed_titles, lists_titles, section_titles
from reforms.notice.marks import Mark, MarkKind, page_number
from reforms.notice.outline import Level, Line, heading, lines, may_hold, measures
from reforms.notice.places import names_places_alone, place_pattern

_ADDRESSEE = re.compile("[:：]$")
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[（(]\d{4}[〕\]）)]\d{1,4}号$")
_NAME = re.compile(r"[^。:：\s]{1,60}")
MAX_HEAD_LINES = 14


def scan_shapes(text: str, places: Collection[str]) -> Iterator[Mark]:
    """Yield the marks of a notice that labels no measure 改革举措, in order; linear in the text.

    Nothing is guessed: what is no heading, no measure and no head of the document is the notice's
    own text. Titles that a body lists and an annex then tells one by one are measures of the annex.
    """
    found = lines(text)

    def is_place(line: Line) -> bool:
        name = _NAME.match(text, line.numeral_end, line.end)
        return bool(name and names_places_alone(name[0], places))

    begun = measures(text, found, is_place)
    if lists_titles(text, [found[at] for at in begun]):
        begun = []
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
            for depth, above in enumerate(self.lines[at].above):
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
                yield from self._aside(at)
            at += 1

    def listed(self) -> Iterator[Mark]:
        """Yield the marks of a notice whose headings declare counts and list titles; else no measure."""
        titled = {
            at: spans for at, line in enumerate(self.lines) if (spans := self._titles_of(at, line))
        }
        first = min(titled, default=len(self.lines))
        head_end = self._head_end(first)
        self.holding = dict.fromkeys(titled, True)
        for at in titled:
            self.holding.update(dict.fromkeys(self.lines[at].above, False))
        for at, line in enumerate(self.lines):
            if at in self.holding:
                yield from self._heading(at, titled.get(at, ()))
            elif at < head_end:
                yield from self._plain(MarkKind.DOCUMENT_HEAD, line.start, line.end)
            else:
                yield from self._aside(at)

    def _titles_of(self, at: int, line: Line) -> list[tuple[int, int]]:
        """Return where the titles stand that a line lists; none where it is no heading of a list."""
        if line.level is Level.SECTION:
            own = heading(self.text, line)
            return [] if own.declared is None else [*section_titles(self.text, line, own)]
        if line.level is Level.NUMBER and may_hold(self.text, self.lines, at):
            return listed_titles(self.text, line)
        return []

    def _head_end(self, first: int) -> int:
        """Return the index after the head of the document: its titles, number and addressee."""
        limit = min(first, MAX_HEAD_LINES)
        for at in range(limit):
            if _ADDRESSEE.search(self._words(at)):
                return at + 1
        for at in range(limit):
            if self._words(at).endswith(("。", "；")):
                return at
        numbered = (at + 1 for at in range(limit) if _DOCUMENT_NUMBER.search(self._words(at)))
        # A title behind the word 附件 that begins an annex.
        has_word = limit > 1 and bool(re.fullmatch(r"附\s?[件表]\s?\d*", self._words(0)))
        return max(numbered, default=min(limit, 1 + has_word))

    def _words(self, at: int) -> str:
        return self.text[self.lines[at].start : self.lines[at].end]

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
        is_list = line.level is Level.NUMBER
        own = list_heading(self.text, line) if is_list else heading(self.text, line)
        kind = MarkKind.SECTION_HEADING if is_section else MarkKind.PART_HEADING
        end = own.end
        yield Mark(kind, line.start, end, line.numeral, own.name, own.declared)
        for start, title_end in titles:
            yield from self._plain(MarkKind.NOTICE_TEXT, end, start)
            yield Mark(MarkKind.UNNUMBERED, start, start)
            yield Mark(MarkKind.TITLE, start, title_end)
            end = title_end
        yield from self._plain(MarkKind.NOTICE_TEXT, end, line.end)

    def _aside(self, at: int) -> Iterator[Mark]:
        """Yield a paragraph outside the measures: a page number, or the notice's own text."""
        line = self.lines[at]
        words = self.text[line.start : line.end]
        if page_number(words):
            yield Mark(MarkKind.RUNNING_HEAD, line.start, line.end)
        elif line.level <= Level.SECTION and (own := heading(self.text, line)).declared:
            # A count that the text gives outside the headings of measures; the reading checks it.
            kind = MarkKind.NOTICE_TEXT
            yield Mark(kind, line.start, line.end, line.numeral, own.name, own.declared)
        elif line.level in (Level.NUMBER, Level.ROW) and may_hold(self.text, self.lines, at):
            # Told by the reading: it may be a measure all the same.
            yield Mark(MarkKind.NOTICE_TEXT, line.start, line.end, line.numeral)
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
