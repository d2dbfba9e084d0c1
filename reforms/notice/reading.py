"""Make records of a notice's drafts, and say what the text leaves open."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from reforms.notice.drafts import Block, Draft, Gatherer, SectionDraft, Unused
from reforms.notice.filing import Filing, SpansByPlace
from reforms.notice.marks import MarkKind
from reforms.notice.remarks import NoticeWarning
from reforms.numerals import numeral_value
from reforms.records import (
    MeasureRecord,
    OutcomeState,
    PassageRecord,
    PracticeRecord,
    Role,
    SectionRecord,
    TranslationState,
)
from reforms.spans import Span, text_at, uncovered


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a notice holds: measures with their passages, and the passages outside any measure.

    An empty ``city`` or ``category`` is one that the text does not give; a warning says so, and
    it must be chosen before the measure is saved. ``inferred_categories`` are the keys of measures
    whose category was taken from words, not from what a heading is called.
    """

    sections: tuple[SectionRecord, ...]
    measures: tuple[MeasureRecord, ...]
    passages: tuple[PassageRecord, ...]
    warnings: tuple[NoticeWarning, ...]
    inferred_categories: frozenset[str] = frozenset()


class Recorder:
    """Turn what was gathered from one notice into records."""

    def __init__(self, gathered: Gatherer, source: str, filing: Filing) -> None:
        self.gathered = gathered
        self.filing = filing
        self.text = gathered.text
        self.remarks = gathered.remarks
        self.source = source

    def reading(self) -> Reading:
        """Return the reading; raise ``NoticeError`` where a character has no place in it."""
        self._assign_keys()
        measures = tuple(
            self._measure(draft, position)
            for position, draft in enumerate(self.gathered.drafts, start=1)
        )
        self._check_sections()
        self._check_numbers_outside()
        self._check_tiling(measures)
        return Reading(
            sections=tuple(section.record for section in self.gathered.sections.values()),
            measures=measures,
            passages=tuple(self.gathered.outside),
            warnings=self.remarks.in_order(),
            inferred_categories=frozenset(self.filing.inferred),
        )

    def _assign_keys(self) -> None:
        """Key each measure by its number, with its section where numbering restarts."""
        numbers = Counter(draft.opening.number for draft in self.gathered.drafts)
        has_restart = any(numbers[number] > 1 for number in numbers if number is not None)
        keys: set[str] = set()
        numbered = Unused()
        fragments = 0
        unnumbered: Counter[str] = Counter()
        before: int | None = None
        for draft in self.gathered.drafts:
            number, span = draft.opening.number, draft.opening.span
            if draft.opening.kind is MarkKind.UNNUMBERED:
                label = draft.section.record.label if draft.section else ""
                unnumbered[label] += 1
                draft.key = _key(draft.section, str(unnumbered[label]))
                if draft.key in keys:
                    draft.key = numbered.of(draft.key, keys)
                keys.add(draft.key)
                continue
            if number is None:
                fragments += 1
                draft.key = f"fragment-{fragments}"
                self.remarks.warn("missing_head", span, key=draft.key)
                continue
            draft.key = str(number)
            if has_restart and draft.section:
                draft.key = _key(draft.section, draft.key)
            if draft.key in keys:
                found = self.remarks.words(span)
                if self.gathered.is_strict:
                    raise self.remarks.error("number_twice", span[0], found=found)
                draft.key = numbered.of(draft.key, keys)
                self.remarks.warn("number_again", span, found=found, key=draft.key)
            keys.add(draft.key)
            if before is None and number > 1:
                self.remarks.warn("numbers_begin", span, number=number)
            elif before is not None and number != before + 1 and not (has_restart and number == 1):
                self.remarks.warn("numbers_jump", span, before=before, number=number)
            before = number

    def _measure(self, draft: Draft, position: int) -> MeasureRecord:
        spans = _spans_by_place(draft)
        for block in draft.blocks.values():
            block.slug = self.filing.city(draft, block, spans)
        practices = tuple(self._practices(draft, spans))
        title_spans = spans.get((Role.TITLE, None), ())
        is_numbered = draft.opening.number is not None
        is_titled = draft.opening.kind is MarkKind.UNNUMBERED
        if is_numbered and not title_spans:
            self.remarks.warn("title_missing", draft.opening.span)
        if not draft.blocks and not is_titled:
            self.remarks.warn("practice_missing", draft.opening.span)
        return MeasureRecord(
            source=self.source,
            key=draft.key,
            number=draft.opening.number,
            position=position,
            title_zh=text_at(self.text, title_spans) if title_spans else None,
            title_en=None,
            title_spans=title_spans,
            title_translation_state=TranslationState.MISSING,
            category=self.filing.category(draft, spans),
            section=draft.section.record.label if draft.section else None,
            status=draft.status,
            is_read_whole=is_numbered and draft.is_whole and bool(practices),
            practices=practices,
            passages=_passages(draft),
        )

    def _practices(self, draft: Draft, spans: SpansByPlace) -> Iterator[PracticeRecord]:
        """Yield what each place does; say where a label has nothing after it."""
        for block in draft.blocks.values():
            practice_spans = spans.get((Role.PRACTICE, block), ())
            outcome_spans = spans.get((Role.OUTCOME, block), ())
            if not practice_spans:
                self.remarks.warn("practice_missing", block.heading.span)
                draft.is_whole = False
                continue
            if block.has_outcome_label and not outcome_spans:
                label = spans[Role.OUTCOME_LABEL, block][0]
                self.remarks.warn("outcome_missing", label)
                draft.is_whole = False
            practice = PracticeRecord(
                city=block.slug,
                city_is_printed=bool(block.name),
                practice_zh=text_at(self.text, practice_spans),
                practice_en=None,
                practice_spans=practice_spans,
                summary_zh=None,
                summary_en=None,
                translation_state=TranslationState.MISSING,
                outcome_state=OutcomeState.STATED if outcome_spans else OutcomeState.NOT_STATED,
                outcome_zh=text_at(self.text, outcome_spans) if outcome_spans else None,
                outcome_spans=outcome_spans,
            )
            yield practice
            for city in block.others:
                yield replace(practice, city=city)

    def _check_sections(self) -> None:
        """Warn of sections that declare another count than they hold, and of missing ones."""
        sections = list(self.gathered.sections.values())
        for section in sections:
            declared, found = section.record.declared_count, section.measure_count
            if declared is not None and declared != found:
                self.remarks.warn(
                    "count_differs",
                    section.mark.span,
                    name=section.record.name_zh,
                    declared=declared,
                    found=found,
                )
        found_by_name = {one.record.name_zh: one.measure_count for one in sections}
        for mark in self.gathered.declared_elsewhere:
            found = found_by_name.get(mark.name, len(self.gathered.drafts))
            if mark.number != found:
                self.remarks.warn(
                    "count_elsewhere",
                    mark.span,
                    name=mark.name,
                    declared=mark.number,
                    found=found,
                )
        for part, count in self.gathered.parts:
            if part.number is not None and part.number != count:
                self.remarks.warn(
                    "count_differs",
                    part.span,
                    name=part.name,
                    declared=part.number,
                    found=count,
                )
        for before, heading in pairwise(section.mark for section in sections):
            value, expected = numeral_value(heading.label), (numeral_value(before.label) or 0) + 1
            if value is not None and value not in (expected, 1):
                self.remarks.warn(
                    "sections_jump", heading.span, before=before.label, label=heading.label
                )

    def _check_numbers_outside(self) -> None:
        """Say where numbered paragraphs stand that were read as no measures."""
        outside = self.gathered.numbered_outside
        if len(outside) > 1:
            self.remarks.warn("numbered_outside", outside[0].span, count=len(outside))

    def _check_tiling(self, measures: tuple[MeasureRecord, ...]) -> None:
        """Raise ``NoticeError`` unless each character but white space is in one passage."""
        passages = [*self.gathered.outside]
        for measure in measures:
            passages.extend(measure.passages)
        spans = sorted((passage.start, passage.end) for passage in passages)
        gap = next(uncovered(self.text, spans), None)
        for before, after in pairwise(spans):
            if after[0] < before[1]:
                gap = after
        for span in spans:
            words = self.text[slice(*span)]
            if not words or words != words.strip():
                gap = span
        if gap:
            raise self.remarks.error("unaccounted", gap[0], found=self.remarks.words(gap))


def _spans_by_place(draft: Draft) -> SpansByPlace:
    """Return the spans of each role, and of each place's practice and outcome."""
    spans: defaultdict[tuple[Role, Block | None], list[Span]] = defaultdict(list)
    for piece in draft.pieces:
        spans[piece.role, piece.block].append((piece.start, piece.end))
    return {place: tuple(own) for place, own in spans.items()}


def _key(section: SectionDraft | None, number: str) -> str:
    """Return a key for a measure of a section: the section's numerals and the number in it.

    A section without a numeral stands under its place among the sections.
    """
    if section is None:
        return number
    values = [numeral_value(part) for part in re.split("[、-]", section.record.label) if part]
    numerals = values if all(values) else [f"section-{section.record.position}"]
    return "-".join(str(numeral) for numeral in [*numerals, number])


def _passages(draft: Draft) -> tuple[PassageRecord, ...]:
    return tuple(
        PassageRecord(
            role=piece.role,
            # A text of several places is of no one place.
            city=piece.block.slug or None if piece.block and not piece.block.others else None,
            start=piece.start,
            end=piece.end,
        )
        for piece in sorted(draft.pieces, key=lambda piece: piece.start)
    )
