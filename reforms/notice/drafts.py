"""Gather the marks of a notice into drafts of measures and what stands outside of them."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from reforms.notice.marks import Mark, MarkKind
from reforms.notice.places import name_pattern, names_places_alone, short_names
from reforms.notice.remarks import Remarks
from reforms.notice.sentences import is_finished
from reforms.records import PassageRecord, Role, SectionRecord, Status
from reforms.spans import Span


@dataclass(eq=False)
class Block:
    """What one place does: ``slug`` is empty where no known place heads it.

    ``heading`` is the mark that opened it, a city label or else the text itself. ``others`` are
    more places that the same text is of.
    """

    slug: str
    name: str
    heading: Mark
    others: tuple[str, ...] = ()
    has_practice: bool = False
    has_outcome_label: bool = False


@dataclass(eq=False)
class Piece:
    role: Role
    start: int
    end: int
    block: Block | None = None


@dataclass
class SectionDraft:
    mark: Mark
    record: SectionRecord
    measure_count: int = 0
    is_of_places: bool = False
    # Filed by words that it holds, not by what it is called.
    is_filed_by_words: bool = False


@dataclass
class Draft:
    opening: Mark
    section: SectionDraft | None
    status: Status
    key: str = ""
    is_whole: bool = True
    has_practice_label: bool = False
    pieces: list[Piece] = field(default_factory=list)
    blocks: dict[str, Block] = field(default_factory=dict)


class Gatherer:
    """Gather marks, taken in order, into drafts of measures and passages outside of them."""

    def __init__(
        self,
        remarks: Remarks,
        places: Mapping[str, str],
        categories: Mapping[str, str],
        *,
        is_strict: bool = True,
    ) -> None:
        self.is_strict = is_strict
        self.text = remarks.text
        self.remarks = remarks
        self.printed_places = places
        # 北京 for 北京市, where it is set off as a place is.
        self.places = {
            **{short: places[name] for short, name in short_names(places).items()},
            **places,
        }
        self.categories = categories
        self._one_place = name_pattern(self.places)
        self.drafts: list[Draft] = []
        self.sections: dict[str, SectionDraft] = {}
        self.outside: list[PassageRecord] = []
        self.declared_elsewhere: list[Mark] = []
        # Numbered paragraphs that were taken for no measures.
        self.numbered_outside: list[Mark] = []
        # Headings of parts, each with how many measures came under it.
        self.parts: list[tuple[Mark, int]] = []
        self._part: Mark | None = None
        self._status = Status.NOT_STATED
        self._section: SectionDraft | None = None
        self._draft: Draft | None = None
        self._block: Block | None = None
        self._role = Role.PRACTICE
        self._last: Piece | None = None
        self._asides: list[Mark] = []
        self._unused = Unused()

    def take(self, mark: Mark) -> None:
        match mark.kind:
            case MarkKind.RUNNING_HEAD | MarkKind.CAPTION:
                self._take_aside(mark)
            case MarkKind.PART_HEADING:
                self._take_part(mark)
            case MarkKind.SECTION_HEADING:
                self._take_section(mark)
            case MarkKind.MISSING_HEAD | MarkKind.NUMBER_LABEL | MarkKind.UNNUMBERED:
                self._take_head(mark)
            case MarkKind.DOCUMENT_HEAD | MarkKind.NOTICE_TEXT:
                self.close()
                self._place(Role(mark.kind.value), mark.span)
                if mark.number is not None:
                    self.declared_elsewhere.append(mark)
                elif mark.label:
                    self.numbered_outside.append(mark)
            case MarkKind.RESPONSIBLE | MarkKind.REPLICATED_IN:
                self._take_addition(mark)
            case MarkKind.PRACTICE_LABEL | MarkKind.CITY_LABEL | MarkKind.OUTCOME_LABEL:
                self._take_label(mark)
            case MarkKind.TITLE | MarkKind.TEXT | MarkKind.PRACTICE | MarkKind.OUTCOME:
                self._take_text(mark)

    def close(self) -> None:
        """End the measure being read, if any."""
        self._finish_text()
        if self._draft:
            self._expect_practice_label(self._draft)
            self.drafts.append(self._draft)
        self._draft = self._block = None
        self._place_asides()

    def _take_aside(self, mark: Mark) -> None:
        self._asides.append(mark)
        if self._draft is None:
            self._place_asides()

    def _place_asides(self, *, is_in_sentence: bool = False) -> None:
        """Give captions and running heads to the measure whose text goes on, else to none."""
        for mark in self._asides:
            role = Role(mark.kind.value)
            self._place(role, mark.span)
            if role is Role.CAPTION or self._draft or self.drafts or self.sections:
                code = f"{role}_in_sentence" if is_in_sentence else f"{role}"
                self.remarks.warn(code, mark.span)
        self._asides.clear()

    def _place(self, role: Role, span: Span, section: str | None = None) -> None:
        if self._draft:
            self._draft.pieces.append(Piece(role, *span))
        else:
            self.outside.append(
                PassageRecord(role=role, section=section, start=span[0], end=span[1])
            )

    def _take_part(self, mark: Mark) -> None:
        self.close()
        self._part, self._section = mark, None
        self.parts.append((mark, 0))
        self._status = Status.NOT_STATED
        if "借鉴" in mark.name or "参考" in mark.name:
            self._status = Status.FOR_REFERENCE
        elif "复制推广" in mark.name:
            self._status = Status.REPLICATE
        self._place(Role.SECTION_HEADING, mark.span)

    def _take_section(self, mark: Mark) -> None:
        self.close()
        label, span = mark.label, mark.span
        if label in self.sections and self._part:
            label = f"{self._part.label}、{label}"
            self.remarks.warn("section_label_extended", span, label=mark.label, extended=label)
        if label in self.sections:
            found = self.remarks.words(span)
            if self.is_strict:
                raise self.remarks.error("section_twice", mark.start, found=found)
            label = self._unused.of(label, self.sections)
            self.remarks.warn("section_again", span, found=found, extended=label)
        is_of_places = names_places_alone(mark.name, self.printed_places)
        category = self._category(mark)
        if is_of_places:
            self.remarks.warn("section_of_places", span, name=mark.name)
        elif category is None:
            self.remarks.warn("category_unknown", span, name=mark.name)
        self._section = self.sections[label] = SectionDraft(
            mark,
            SectionRecord(
                label=label,
                position=len(self.sections) + 1,
                name_zh=mark.name,
                name_en="",
                declared_count=mark.number,
                category=category,
            ),
            is_of_places=is_of_places,
            is_filed_by_words=category is not None and mark.name not in self.categories,
        )
        self._place(Role.SECTION_HEADING, span, label)

    def _category(self, heading: Mark) -> str | None:
        """Return the category that a heading is called by, or whose name alone it or its part holds."""
        if heading.name in self.categories:
            return self.categories[heading.name]
        for mark in (heading, self._part):
            held = {
                slug: name
                for name, slug in self.categories.items()
                if mark and name and name in mark.name
            }
            if len(held) == 1:
                ((slug, name),) = held.items()
                self.remarks.warn("category_by_name", heading.span, name=heading.name, words=name)
                return slug
        return None

    def _take_head(self, mark: Mark) -> None:
        self.close()
        self._draft = Draft(mark, self._section, self._status)
        self._role = Role.PRACTICE
        if self._section:
            self._section.measure_count += 1
        if self.parts:
            part, count = self.parts[-1]
            self.parts[-1] = (part, count + 1)
        if mark.kind is MarkKind.NUMBER_LABEL:
            self._place(Role.NUMBER_LABEL, mark.span)

    def _take_label(self, mark: Mark) -> None:
        draft = self._draft
        assert draft is not None, "the scanner opens a measure before any label"
        if mark.kind is MarkKind.PRACTICE_LABEL:
            self._cut_full_stop(draft)
            draft.has_practice_label = True
        elif mark.kind is MarkKind.CITY_LABEL:
            self._expect_practice_label(draft)
            self._block = self._open_block(draft, mark)
            self._role = Role.PRACTICE
        elif self._block is None or not self._block.has_practice:
            found = self.remarks.words(mark.span)
            if self.is_strict or mark.is_said:
                raise self.remarks.error("outcome_without_practice", mark.start, found=found)
            self.remarks.warn("outcome_alone", mark.span, found=found)
            self._take_text(replace(mark, kind=MarkKind.TEXT))
            return
        else:
            if self._block.has_outcome_label:
                self.remarks.warn("outcome_twice", mark.span)
            self._block.has_outcome_label = True
            self._role = Role.OUTCOME
        self._finish_text()
        self._place_asides()
        draft.pieces.append(Piece(Role(mark.kind.value), mark.start, mark.end, self._block))

    def _take_addition(self, mark: Mark) -> None:
        """Take who is responsible for a measure, or where it is to be replicated."""
        assert self._draft is not None, "the scanner opens a measure before any addition"
        self._finish_text()
        self._place_asides()
        self._draft.pieces.append(Piece(Role(mark.kind.value), mark.start, mark.end))

    def _cut_full_stop(self, draft: Draft) -> None:
        """Give the full stop of a title that a line end parts from its 具体做法: to the label."""
        title = self._last
        if title and self.text[title.end - 1] == "。":
            draft.pieces.append(Piece(Role.PRACTICE_LABEL, title.end - 1, title.end))
            title.end = title.start + len(self.text[title.start : title.end - 1].rstrip())
            if title.start == title.end:
                draft.pieces.remove(title)

    def _expect_practice_label(self, draft: Draft) -> None:
        if self.is_strict and (
            draft.opening.kind is MarkKind.NUMBER_LABEL and not draft.has_practice_label
        ):
            label = self.remarks.words((draft.opening.start, draft.opening.end))
            raise self.remarks.error("practice_label_missing", draft.pieces[-1].end, label=label)

    def _open_block(self, draft: Draft, mark: Mark) -> Block:
        slug, others = self._slugs(draft, mark)
        again = draft.blocks.get(slug or mark.name)
        if again:
            found = self.remarks.words(mark.span)
            if self.is_strict:
                raise self.remarks.error("place_twice", mark.start, found=found)
            self.remarks.warn("place_again", mark.span, found=found)
            return again
        block = draft.blocks[slug or mark.name] = Block(slug, mark.name, mark, others)
        return block

    def _slugs(self, draft: Draft, mark: Mark) -> tuple[str, tuple[str, ...]]:
        """Return the place that a label names and those it names besides; the first is empty if unknown."""
        if mark.name in self.places or not mark.name:
            return self.places.get(mark.name, ""), ()
        named = dict.fromkeys(self.places[name] for name in self._one_place.findall(mark.name))
        if len(named) < 2 or self._one_place.sub("", mark.name).strip("、,，和及与 \t\n\u3000"):
            return "", ()
        taken = {slug for block in draft.blocks.values() for slug in (block.slug, *block.others)}
        found = self.remarks.words(mark.span)
        if taken & named.keys():
            if self.is_strict:
                raise self.remarks.error("place_twice", mark.start, found=found)
            self.remarks.warn("place_taken", mark.span, found=found)
        # Where each has a text of its own, the first one's goes on.
        first, *others = [slug for slug in named if slug not in taken] or [*named][:1]
        self.remarks.warn("place_shared", mark.span, places=mark.name)
        return first, tuple(others)

    def _take_text(self, mark: Mark) -> None:
        draft, last = self._draft, self._last
        if draft is None:
            self._place(Role.NOTICE_TEXT, mark.span)
            self.remarks.warn("loose_text", mark.span)
            return
        role = self._role if mark.kind is MarkKind.TEXT else Role(mark.kind.value)
        if role is Role.OUTCOME and (self._block is None or not self._block.has_practice):
            found = self.remarks.words(mark.span)
            raise self.remarks.error("outcome_without_practice", mark.start, found=found)
        if last and (last.role is not role or last.block is not self._block):
            self._finish_text()
            last = None
        if role is not Role.TITLE:
            if self._block is None:
                section = draft.section
                places = section.mark.name if section and section.is_of_places else ""
                self._block = self._open_block(draft, replace(mark, name=places))
            self._block.has_practice = True
        is_ended = last is None or is_finished(self.text, last.end)
        if last and is_ended and not self._asides:
            last.end = mark.end
            if role is Role.OUTCOME:
                self.remarks.warn("outcome_paragraph", mark.span)
            return
        if last and not is_ended and not self._asides:
            self.remarks.warn("sentence_joined", (last.end, mark.start))
        self._place_asides(is_in_sentence=not is_ended)
        self._last = Piece(role, mark.start, mark.end, self._block)
        draft.pieces.append(self._last)

    def _finish_text(self) -> None:
        """End the title, practice or outcome being read; say so where it breaks off."""
        last, self._last = self._last, None
        if (
            self._draft
            and last
            and last.role is not Role.TITLE
            and not is_finished(self.text, last.end)
        ):
            self.remarks.warn("sentence_cut", (last.end - 1, last.end))
            self._draft.is_whole = False


class Unused:
    """Labels with the first number after them that nothing has yet; all of them in linear time."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()

    def of(self, label: str, taken: Collection[str]) -> str:
        """Return a label with a number, from 2 on, that is not among those taken."""
        number = self._used[label] + 2
        while f"{label}-{number}" in taken:
            number += 1
        self._used[label] = number - 1
        return f"{label}-{number}"
