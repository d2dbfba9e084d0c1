"""Find the marks that divide a notice's text: headings, labels, captions and running heads."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from reforms.notice.places import place_label, place_pattern
from reforms.notice.sentences import is_finished
from reforms.numerals import numeral_value

MAX_RUNNING_HEAD_LENGTH = 60
MAX_CAPTION_LENGTH = 120
MAX_TITLE_TAIL_LENGTH = 80

_NUMERAL = "[一二三四五六七八九十百零]{1,7}"

# White space inside a pattern is bounded, so that no text takes more than linear time.
_NUMBER_LABEL = re.compile(
    rf"改革举措\s{{0,8}}(\d{{1,4}}|{_NUMERAL})(?:\s{{0,8}}[:：.．、]|(?=\s)|$)"
)
_PRACTICE_LABEL = re.compile(r"(?:。\s{0,8})?具体做法\s{0,8}[:：]")
_OUTCOME = (
    "(?:主要|取得的?|工作|实施|改革|实际|初步|阶段性|试点|应用|推广|社会)?(?:成效|实效|效果|成果)"
)
_OUTCOME_LABEL = re.compile(rf"{_OUTCOME}\s{{0,8}}[:：]|【{_OUTCOME}】[:：]?")
_COUNTED_HEADING = re.compile(
    rf"[(（]({_NUMERAL})[)）]\s{{0,8}}([^\s()（）。:：][^()（）。:：\n]{{0,59}}?)\s{{0,8}}"
    r"[(（]\s{0,8}共?\s{0,8}(\d{1,4})\s{0,8}项\s{0,8}[)）](?:\s{0,8}[。.]|$)"
)
_PLAIN_HEADING = re.compile(rf"[(（]({_NUMERAL})[)）]\s{{0,8}}([^\s()（）。:：；;]{{1,30}})。?")
_PART_HEADING = re.compile(rf"({_NUMERAL})、([^。:：；;\n]{{1,60}})")
_PAGE_NUMBER = re.compile(r"[-—–·•\s]{0,8}(?:第\s?)?\d{1,4}(?:\s?页)?[-—–·•\s]{0,8}")
_CAPTION_END = re.compile(
    r"(?:资料图片|资料图|[(（][^()（）]{0,30}(?:摄|图|供图|摄影)[)）])[)）]?$"
)
_LABEL_WINDOW = 40


class MarkKind(StrEnum):
    RUNNING_HEAD = "running_head"
    PART_HEADING = "part_heading"
    SECTION_HEADING = "section_heading"
    MISSING_HEAD = "missing_head"
    NUMBER_LABEL = "number_label"
    TITLE = "title"
    PRACTICE_LABEL = "practice_label"
    CITY_LABEL = "city_label"
    OUTCOME_LABEL = "outcome_label"
    CAPTION = "caption"
    TEXT = "text"
    # Text that a person said is a practice or an outcome; the reader goes by the label before it.
    PRACTICE = "practice"
    OUTCOME = "outcome"
    UNNUMBERED = "unnumbered"
    RESPONSIBLE = "responsible"
    REPLICATED_IN = "replicated_in"
    DOCUMENT_HEAD = "document_head"
    NOTICE_TEXT = "notice_text"


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text, white space trimmed, and what it was taken for.

    ``label`` is the numeral of a heading, ``name`` what it names (a section, a place) and
    ``number`` the number of a measure or the count that a section declares. A missing head is
    the empty stretch where the head of a measure would stand; an unnumbered measure begins with one
    before its title. ``is_said`` tells that a person said so, not the reader.
    """

    kind: MarkKind
    start: int
    end: int
    label: str = ""
    name: str = ""
    number: int | None = None
    is_said: bool = False

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class _Paragraph:
    start: int
    end: int
    blank_lines_before: int


def scan(text: str, places: Collection[str], section_names: Collection[str]) -> Iterator[Mark]:
    """Yield the marks of a notice in order; together they hold every character but white space.

    ``places`` are the names that may head a practice, ``section_names`` those by which a heading
    without a declared count is known. Takes time linear in the length of the text.
    """
    return _Scanner(text, places, section_names).marks()


def _paragraphs(text: str) -> list[_Paragraph]:
    """Return the lines that hold more than white space, trimmed."""
    found: list[_Paragraph] = []
    offset = blank_lines = 0
    for line in text.split("\n"):
        words = line.strip()
        if words:
            start = offset + len(line) - len(line.lstrip())
            found.append(_Paragraph(start, start + len(words), blank_lines))
            blank_lines = 0
        else:
            blank_lines += 1
        offset += len(line) + 1
    return found


def outcome_labels(text: str, position: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the outcome labels: at the start or after the end of a sentence."""
    for found in _OUTCOME_LABEL.finditer(text, position, end):
        window = max(position, found.start() - _LABEL_WINDOW)
        before = text[window : found.start()].rstrip()
        if is_finished(before, len(before)) or (not before and window == position):
            yield found
            position = found.end()


def labels_measures(text: str) -> bool:
    """Tell whether the text has the shape of the first source: some line begins with 改革举措 and a number.

    Or it labels a practice, an outcome: a fragment of such a text.
    """
    return bool(
        re.search(rf"^\s{{0,8}}{_NUMBER_LABEL.pattern}", text, re.MULTILINE)
        or re.search(r"(?:^|。)\s{0,8}具体做法\s{0,8}[:：]", text, re.MULTILINE)
    )


def page_number(words: str) -> bool:
    """Tell whether a paragraph is nothing but the number of a page."""
    return bool(_PAGE_NUMBER.fullmatch(words))


class _Scanner:
    def __init__(self, text: str, places: Collection[str], section_names: Collection[str]) -> None:
        self.text = text
        self.section_names = frozenset(section_names)
        self.paragraphs = _paragraphs(text)
        gaps = Counter(paragraph.blank_lines_before for paragraph in self.paragraphs[1:])
        self.usual_gap = gaps.most_common(1)[0][0] if gaps else 0
        self.known_place = place_pattern(places)
        self.running_heads: set[str] = set()
        self.is_title_open = False
        self.openings = self._find_openings()

    def marks(self) -> Iterator[Mark]:
        cuts = [index for index, opening in enumerate(self.openings) if opening]
        yield from self._lead(cuts[0] if cuts else len(self.paragraphs))
        for index, until in pairwise([*cuts, len(self.paragraphs)]):
            opening = self.openings[index]
            assert opening is not None
            yield opening
            paragraph = self.paragraphs[index]
            if opening.kind is MarkKind.NUMBER_LABEL:
                self.is_title_open = True
                yield from self._body(opening.end, paragraph.end, is_head=True)
                yield from self._measure(index + 1, until)
            else:
                yield from self._mark(MarkKind.TEXT, opening.end, paragraph.end)
                yield from self._headless(index + 1, until)

    def _find_openings(self) -> list[Mark | None]:
        """Return, for each paragraph, the heading or number label that it begins with."""
        openings = [
            self._number_label(paragraph) or self._counted_heading(paragraph)
            for paragraph in self.paragraphs
        ]
        for index in reversed(range(len(openings))):
            if openings[index] is None:
                following = [
                    opening.kind if opening else None for opening in openings[index + 1 : index + 3]
                ]
                openings[index] = self._plain_heading(
                    self.paragraphs[index], following
                ) or self._part_heading(self.paragraphs[index], following)
        return openings

    def _number_label(self, paragraph: _Paragraph) -> Mark | None:
        found = _NUMBER_LABEL.match(self.text, paragraph.start, paragraph.end)
        number = numeral_value(found[1]) if found else None
        if found is None or number is None:
            return None
        return Mark(MarkKind.NUMBER_LABEL, found.start(), found.end(), found[1], "", number)

    def _counted_heading(self, paragraph: _Paragraph) -> Mark | None:
        found = _COUNTED_HEADING.match(self.text, paragraph.start, paragraph.end)
        if found is None or numeral_value(found[1]) is None:
            return None
        kind = MarkKind.SECTION_HEADING
        return Mark(kind, found.start(), found.end(), found[1], found[2], int(found[3]))

    def _plain_heading(
        self, paragraph: _Paragraph, following: list[MarkKind | None]
    ) -> Mark | None:
        """Return a section heading without a count: a known name, or a measure comes next."""
        found = _PLAIN_HEADING.fullmatch(self.text, paragraph.start, paragraph.end)
        if found is None or numeral_value(found[1]) is None:
            return None
        if found[2] not in self.section_names and following[:1] != [MarkKind.NUMBER_LABEL]:
            return None
        return Mark(MarkKind.SECTION_HEADING, found.start(), found.end(), found[1], found[2])

    def _part_heading(self, paragraph: _Paragraph, following: list[MarkKind | None]) -> Mark | None:
        """Return the heading of a part (``一、…``): sections or measures come next."""
        found = _PART_HEADING.fullmatch(self.text, paragraph.start, paragraph.end)
        if found is None or numeral_value(found[1]) is None:
            return None
        is_followed = following[:1] in (
            [MarkKind.SECTION_HEADING],
            [MarkKind.NUMBER_LABEL],
        ) or following == [None, MarkKind.SECTION_HEADING]
        if not is_followed:
            return None
        return Mark(MarkKind.PART_HEADING, found.start(), found.end(), found[1], found[2])

    def _mark(self, kind: MarkKind, start: int, end: int, name: str = "") -> Iterator[Mark]:
        """Yield one mark, white space trimmed; nothing when only white space is left."""
        words = self.text[start:end]
        if words.strip():
            start += len(words) - len(words.lstrip())
            yield Mark(kind, start, start + len(words.strip()), name=name)

    def _lead(self, until: int) -> Iterator[Mark]:
        """Yield the running heads at the top, then what stands before the first heading."""
        index = 0
        while index < until and self._is_running_head(index):
            paragraph = self.paragraphs[index]
            self.running_heads.add("".join(self.text[paragraph.start : paragraph.end].split()))
            yield from self._mark(MarkKind.RUNNING_HEAD, paragraph.start, paragraph.end)
            index += 1
        yield from self._headless(index, until)

    def _is_running_head(self, index: int) -> bool:
        paragraph = self.paragraphs[index]
        return (
            paragraph.end - paragraph.start <= MAX_RUNNING_HEAD_LENGTH
            and not is_finished(self.text, paragraph.end)
            and not self._has_label(index)
            and self._aside(index) is None
        )

    def _has_label(self, index: int) -> bool:
        paragraph = self.paragraphs[index]
        return (
            self._place(paragraph.start, paragraph.end, is_after_end=False) is not None
            or self._practice_label_of_tail(paragraph) is not None
            or next(self._outcome_labels(paragraph.start, paragraph.end), None) is not None
        )

    def _practice_label_of_tail(self, paragraph: _Paragraph) -> re.Match[str] | None:
        limit = min(paragraph.end, paragraph.start + MAX_TITLE_TAIL_LENGTH)
        return _PRACTICE_LABEL.search(self.text, paragraph.start, limit)

    def _headless(self, index: int, until: int) -> Iterator[Mark]:
        """Yield paragraphs that no number label opens: a measure without its head, or loose text.

        They are a measure when a place, a practice or an outcome is labelled in them.
        """
        loose = [at for at in range(index, until) if self._aside(at) is None]
        if not any(self._has_label(at) for at in loose):
            for at in range(index, until):
                paragraph = self.paragraphs[at]
                kind = self._aside(at) or MarkKind.TEXT
                yield from self._mark(kind, paragraph.start, paragraph.end)
            return
        for at in range(index, loose[0]):
            paragraph = self.paragraphs[at]
            aside = self._aside(at)
            if aside:
                yield from self._mark(aside, paragraph.start, paragraph.end)
        first = self.paragraphs[loose[0]]
        yield Mark(MarkKind.MISSING_HEAD, first.start, first.start)
        self.is_title_open = self._practice_label_of_tail(first) is not None
        yield from self._measure(loose[0], until)

    def _measure(self, index: int, until: int) -> Iterator[Mark]:
        """Yield the marks of a measure's paragraphs, after the one that holds its number."""
        for at in range(index, until):
            paragraph = self.paragraphs[at]
            aside = self._aside(at)
            if aside:
                yield from self._mark(aside, paragraph.start, paragraph.end)
            else:
                is_after_end = at == 0 or is_finished(self.text, self.paragraphs[at - 1].end)
                yield from self._body(paragraph.start, paragraph.end, is_after_end=is_after_end)

    def _body(
        self, position: int, end: int, *, is_head: bool = False, is_after_end: bool = True
    ) -> Iterator[Mark]:
        """Yield the labels and the text of a paragraph, or of what follows a number label."""
        may_name_place = not is_head
        if self.is_title_open:
            found = _PRACTICE_LABEL.search(self.text, position, end)
            if found:
                yield from self._mark(MarkKind.TITLE, position, found.start())
                yield from self._mark(MarkKind.PRACTICE_LABEL, found.start(), found.end())
                position = found.end()
                self.is_title_open = False
                may_name_place = is_after_end = True
        if may_name_place:
            place = self._place(position, end, is_after_end=is_after_end)
            if place:
                yield from self._mark(MarkKind.CITY_LABEL, place.start(), place.end(), place[1])
                position = place.end()
                self.is_title_open = False
        if self.is_title_open:
            yield from self._mark(MarkKind.TITLE, position, end)
            return
        for label in self._outcome_labels(position, end):
            yield from self._mark(MarkKind.TEXT, position, label.start())
            yield from self._mark(MarkKind.OUTCOME_LABEL, label.start(), label.end())
            position = label.end()
        yield from self._mark(MarkKind.TEXT, position, end)

    def _place(self, position: int, end: int, *, is_after_end: bool) -> re.Match[str] | None:
        """Return the place that heads a practice; one not known only where a sentence ended."""
        while position < end and self.text[position].isspace():
            position += 1
        if is_after_end:
            return place_label(self.text, position, end, self.known_place)
        return self.known_place.match(self.text, position, end)

    def _outcome_labels(self, position: int, end: int) -> Iterator[re.Match[str]]:
        return outcome_labels(self.text, position, end)

    def _aside(self, index: int) -> MarkKind | None:
        """Tell a caption or a running head, which stand in the text without belonging to it."""
        paragraph = self.paragraphs[index]
        length = paragraph.end - paragraph.start
        if length > MAX_CAPTION_LENGTH:
            return None
        words = self.text[paragraph.start : paragraph.end]
        if _PAGE_NUMBER.fullmatch(words) or "".join(words.split()) in self.running_heads:
            return MarkKind.RUNNING_HEAD
        if _CAPTION_END.search(words):
            return MarkKind.CAPTION
        is_apart = index > 0 and paragraph.blank_lines_before > max(self.usual_gap, 1)
        if is_apart and not is_finished(words, length) and not self._has_label(index):
            return MarkKind.CAPTION
        return None
