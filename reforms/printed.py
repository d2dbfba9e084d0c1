"""A source as printed: its text in order, cut where a record or the print breaks, nothing left out.

The pieces of a ``PrintedSource``, joined, are the source's text but for white space at line ends.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reforms.models import City, Erratum, Measure, Passage, Section, Source
from reforms.models.fields import as_spans
from reforms.records import Role
from reforms.spans import Span

_LINE_END = re.compile(r"[^\S\n]*\n\s*")
# The label of a part leads to its record; a text without a label is linked from the note beside it.
LABELS = {
    Role.NUMBER_LABEL: "",
    Role.CITY_LABEL: "{city}",
    Role.OUTCOME_LABEL: "{city}-outcome",
}
# The parts of a record that a break in the print can cut.
CUT_ROLES = (Role.TITLE, Role.PRACTICE, Role.OUTCOME)
# What stands in the text without belonging to the sentences around it.
ASIDE_ROLES = (Role.RUNNING_HEAD, Role.SECTION_HEADING, Role.CAPTION)


@dataclass(frozen=True)
class Note:
    """An erratum on the source's page."""

    erratum: Erratum

    @property
    def number(self) -> str:
        """The erratum's number on every page: its measure's key and its position there (``6-1``)."""
        return f"{self.erratum.measure.key}-{self.erratum.position}"

    @property
    def anchor(self) -> str:
        """The name of the note in the page."""
        return self.erratum.anchor

    @property
    def mark_anchor(self) -> str:
        """The name of the mark in the text."""
        return f"{self.erratum.anchor}-mark"


@dataclass(frozen=True)
class Stretch:
    """Characters of the source in a row; ``notes`` are the errata that end behind them.

    ``mark`` is the number of the asked span they stand in, from 1, and 0 outside of any; a span
    that a break in the print cuts begins and ends in different stretches.
    """

    text: str
    is_doubtful: bool
    notes: tuple[Note, ...]
    mark: int = 0
    begins_mark: bool = False
    ends_mark: bool = False


@dataclass
class Piece:
    """A passage, or the part of it that stands in one line, with the white space before it.

    ``anchor`` is empty but in the first piece of a passage; ``fragment`` names the place in the
    measure's page that a label leads to, None for words that are no label.
    """

    passage: Passage
    space: str
    anchor: str
    fragment: str | None
    stretches: tuple[Stretch, ...]

    @property
    def notes(self) -> list[Note]:
        """The errata that end in the piece, in order."""
        return [note for stretch in self.stretches for note in stretch.notes]

    @property
    def has_mark(self) -> bool:
        """Tell whether asked words stand in the piece."""
        return any(stretch.mark for stretch in self.stretches)

    @property
    def css_class(self) -> str:
        """The style of the passage's role."""
        return f"role-{self.passage.role.replace('_', '-')}"


@dataclass
class Block:
    """A run of passages of one record: lines of pieces, and the errata that stand in them.

    ``goes_on_at`` is the anchor of the passage where a sentence cut by the print goes on.
    ``is_continued`` says that the block begins with such a passage.
    """

    measure: Measure | None
    city: City | None
    section: Section | None
    is_continued: bool = False
    goes_on_at: str = ""
    lines: list[list[Piece]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def passages(self) -> list[Passage]:
        """The passages of the block, each once, in order."""
        return [piece.passage for line in self.lines for piece in line if piece.anchor]

    @property
    def roles(self) -> set[str]:
        """The roles that occur in the block."""
        return {passage.role for passage in self.passages}

    @property
    def role(self) -> str:
        """The role of the first passage: what a block outside any record is."""
        return self.passages[0].role

    @property
    def is_aside(self) -> bool:
        """Tell whether this is a heading, a running head or a caption."""
        return self.role in ASIDE_ROLES

    @property
    def role_name(self) -> str:
        """The role of the first passage in the reader's language."""
        return self.passages[0].get_role_display()

    @property
    def has_mark(self) -> bool:
        """Tell whether asked words stand here."""
        return any(piece.has_mark for line in self.lines for piece in line)

    @property
    def has_number_label(self) -> bool:
        """Tell whether the head of a measure stands here."""
        return Role.NUMBER_LABEL in self.roles

    @property
    def has_practice(self) -> bool:
        """Tell whether words of a practice stand here."""
        return Role.PRACTICE in self.roles

    @property
    def has_outcome(self) -> bool:
        """Tell whether words of an outcome stand here."""
        return Role.OUTCOME in self.roles


@dataclass(frozen=True)
class _Cuts:
    """Where the text is cut besides its passages: the spans of the errata, and those to be marked.

    Of each span of an erratum: its note, and whether it is the erratum's last.
    """

    notes: list[tuple[Span, Note, bool]]
    marked: tuple[Span, ...]


@dataclass(frozen=True)
class OtherNumber:
    """Digits that state no figure, and the passage where they stand."""

    digits: str
    reason_zh: str
    reason_en: str
    passage: Passage | None


def anchor_of(passage: Passage) -> str:
    """Return the name of a passage in its source's page."""
    return f"c{passage.start}"


def print_source(
    source: Source,
    passages: Sequence[Passage],
    errata: Iterable[Erratum],
    marked: Sequence[Span] = (),
) -> list[Block]:
    """Return the text of a source as blocks, in order.

    ``passages`` are all of the source's, in order, with section, measure and city at hand; of
    ``errata`` those that readers see are marked. ``marked`` are spans to be marked, in order,
    without white space at their ends (as ``spans.joined`` gives them). No query.
    """
    cuts = _Cuts(_noted(errata), tuple(marked))
    blocks: list[Block] = []
    last_of: dict[tuple[object, ...], tuple[Block, Passage]] = {}
    position = 0
    for passage in passages:
        space = source.text[position : passage.start]
        block, is_new = _block_for(passage, blocks, last_of)
        if is_new:
            blocks.append(block)
        elif not block.lines or "\n" in space:
            block.lines.append([])
        if not block.lines:
            block.lines.append([])
        _add(block, passage, "" if "\n" in space else space, source.text, cuts)
        last_of[_part(passage)] = (block, passage)
        position = passage.end
    return blocks


def other_numbers(source: Source, passages: Sequence[Passage]) -> list[OtherNumber]:
    """Return the digits of a source that state no figure, each with its passage. No query."""
    starts = [passage.start for passage in passages]
    found = []
    for number in source.other_numbers:
        place = bisect_right(starts, number["spans"][0][0]) - 1 if number["spans"] else -1
        found.append(
            OtherNumber(
                number["digits"],
                number["reason_zh"],
                number["reason_en"],
                passages[place] if place >= 0 else None,
            )
        )
    return found


def _part(passage: Passage) -> tuple[object, ...]:
    """Return what two passages share that are parts of one text."""
    return (passage.measure_id, passage.city_id, passage.role)


def _block_for(
    passage: Passage,
    blocks: list[Block],
    last_of: dict[tuple[object, ...], tuple[Block, Passage]],
) -> tuple[Block, bool]:
    """Return the block that the passage belongs to, and whether it is a new one."""
    block = Block(passage.measure, passage.city, passage.section)
    if passage.measure_id is None or passage.role in ASIDE_ROLES:
        return block, True
    before = last_of.get(_part(passage))
    if before and passage.role in CUT_ROLES:
        before[0].goes_on_at = anchor_of(passage)
        block.is_continued = True
        return block, True
    current = blocks[-1] if blocks else None
    if (
        current
        and not current.is_aside
        and current.measure == passage.measure
        and current.city == passage.city
    ):
        return current, False
    return block, True


def _add(block: Block, passage: Passage, space: str, text: str, cuts: _Cuts) -> None:
    """Add a passage to the last line of a block, and further lines where it has several."""
    pattern = LABELS.get(Role(passage.role))
    fragment = None
    if passage.measure and not passage.measure.is_withdrawn and pattern is not None:
        fragment = pattern.format(city=passage.city.slug if passage.city else "")
    for index, (start, end) in enumerate(_lines(text, passage.start, passage.end)):
        if index:
            block.lines.append([])
        anchor = "" if index else anchor_of(passage)
        stretches = tuple(_stretches(text, start, end, cuts))
        block.lines[-1].append(Piece(passage, "" if index else space, anchor, fragment, stretches))
        block.notes.extend(block.lines[-1][-1].notes)


def _lines(text: str, start: int, end: int) -> list[Span]:
    """Return the spans of the lines in ``[start, end)``, without the white space at their ends."""
    spans = []
    for found in _LINE_END.finditer(text, start, end):
        spans.append((start, found.start()))
        start = found.end()
    return [*spans, (start, end)]


def _noted(errata: Iterable[Erratum]) -> list[tuple[Span, Note, bool]]:
    """Return each span of the errata shown, its note, and whether it is the erratum's last."""
    shown = [erratum for erratum in errata if erratum.is_shown and erratum.spans]
    shown.sort(key=lambda erratum: (erratum.spans[-1][1], erratum.spans[0][0], erratum.pk))
    return [
        (span, Note(erratum), span == as_spans(erratum.spans)[-1])
        for erratum in shown
        for span in as_spans(erratum.spans)
    ]


def _stretches(text: str, start: int, end: int, cuts: _Cuts) -> Iterable[Stretch]:
    """Yield the characters of ``[start, end)``, cut where an erratum or a mark begins or ends."""
    here = [
        (span, note, last) for span, note, last in cuts.notes if span[0] < end and span[1] > start
    ]
    marked = [
        (number, span)
        for number, span in enumerate(cuts.marked, start=1)
        if span[0] < end and span[1] > start
    ]
    offsets = {offset for span, _note, _last in here for offset in span}
    offsets |= {offset for _number, span in marked for offset in span}
    edges = sorted({start, end} | {offset for offset in offsets if start < offset < end})
    for low, high in pairwise(edges):
        number, span = next(
            (found for found in marked if found[1][0] <= low and high <= found[1][1]), (0, None)
        )
        yield Stretch(
            text[low:high],
            any(span[0] <= low and high <= span[1] for span, _note, _last in here),
            tuple(note for span, note, last in here if last and span[1] == high),
            mark=number,
            begins_mark=span is not None and span[0] == low,
            ends_mark=span is not None and span[1] == high,
        )
