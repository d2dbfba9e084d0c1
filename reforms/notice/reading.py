"""Make records of a notice's drafts, and say what the text leaves open."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from reforms.notice.drafts import Block, Draft, Gatherer, SectionDraft, unused
from reforms.notice.marks import MarkKind
from reforms.notice.places import name_pattern, place_at_head
from reforms.notice.remarks import NoticeWarning
from reforms.numerals import numeral_value
from reforms.records import (
    MeasureRecord,
    OutcomeState,
    PassageRecord,
    PracticeRecord,
    Role,
    SectionRecord,
    Spans,
    TranslationState,
)
from reforms.spans import Span, text_at, uncovered

SpansByPlace = Mapping[tuple[Role, Block | None], Spans]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a notice holds: measures with their passages, and the passages outside any measure.

    An empty ``city`` or ``category`` is one that the text does not give; a warning says so, and
    it must be chosen before the measure is saved.
    """

    sections: tuple[SectionRecord, ...]
    measures: tuple[MeasureRecord, ...]
    passages: tuple[PassageRecord, ...]
    warnings: tuple[NoticeWarning, ...]


class Recorder:
    """Turn what was gathered from one notice into records."""

    def __init__(
        self,
        gathered: Gatherer,
        source: str,
        category: str | None,
        city: str | None,
        *,
        is_for_all: bool = False,
    ) -> None:
        self.is_for_all = is_for_all
        # Sections that were said to take the category that is for all.
        self.filed: set[Span] = set()
        self.gathered = gathered
        self.text = gathered.text
        self.remarks = gathered.remarks
        self.source = source
        self.fragment_category = category
        self.fragment_city = city
        self.place_names = gathered.places
        self.issuer = self._issuer()

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
        )

    def _assign_keys(self) -> None:
        """Key each measure by its number, with its section where numbering restarts."""
        numbers = Counter(draft.opening.number for draft in self.gathered.drafts)
        has_restart = any(numbers[number] > 1 for number in numbers if number is not None)
        keys: set[str] = set()
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
                    draft.key = unused(draft.key, keys)
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
                draft.key = unused(draft.key, keys)
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
            block.slug = self._city(draft, block, spans)
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
            category=self._category(draft, spans),
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

    def _city(self, draft: Draft, block: Block, spans: SpansByPlace) -> str:
        """Return the slug of the place of a practice, inferred where none is printed."""
        if block.name:
            if not block.slug:
                self.remarks.warn("place_unknown", block.heading.span, place=block.name)
            return block.slug
        is_fragment = draft.opening.kind is MarkKind.MISSING_HEAD
        if is_fragment and self.fragment_city:
            self.remarks.warn("place_given", block.heading.span, place=self.fragment_city)
            return self.fragment_city
        named = self._places_of(draft, block, spans)
        is_unclear = len(named) != 1 or any(slug in draft.blocks for slug in named if slug)
        if is_unclear and self.is_for_all and self.fragment_city:
            self.remarks.warn("place_for_all", block.heading.span, place=self.fragment_city)
            return self.fragment_city
        if is_unclear:
            self.remarks.warn("place_missing", block.heading.span)
            return ""
        slug, span = named.popitem()
        words = self.remarks.words(span)
        if not slug:
            self.remarks.warn("place_unknown", block.heading.span, place=words)
            return ""
        place = _name_of(slug, self.gathered.printed_places)
        if self.issuer and span == self.issuer[1]:
            self.remarks.warn("place_of_issuer", block.heading.span, place=place, words=words)
        else:
            self.remarks.warn("place_inferred", span, place=place, words=words)
        return slug

    def _places_of(self, draft: Draft, block: Block, spans: SpansByPlace) -> dict[str, Span]:
        """Return the places that a practice without a printed one may be of, each with its words.

        The one that its measure's title begins with; else those that its own words name; with none
        of these, or the same, the place whose government the notice is from. An empty slug is a
        place that the catalog does not know.
        """
        for start, end in spans.get((Role.TITLE, None), ())[:1]:
            head = place_at_head(self.text[start:end], self.place_names)
            if head:
                return {self._slug_of(head): (start, start + len(head))}
        own_spans = (*spans.get((Role.PRACTICE, block), ()), *spans.get((Role.OUTCOME, block), ()))
        named = self._named(self.place_names, own_spans)
        if self.issuer and named.keys() <= {self.issuer[0]}:
            return dict([self.issuer])
        # What is from one place and names another may be of either.
        return {**named, **dict([self.issuer])} if self.issuer else named

    def _slug_of(self, head: str) -> str:
        """Return the known place that a longer name begins or ends with: 深圳市 of 广东省深圳市."""
        known = sorted(self.place_names, key=len, reverse=True)
        for fits in (head.startswith, head.endswith):
            found = next((name for name in known if fits(name)), None)
            if found:
                return self.place_names[found]
        return ""

    def _issuer(self) -> tuple[str, Span] | None:
        """Return the known place whose government or office the title says the notice is from."""
        head = [part for part in self.gathered.outside if part.role is Role.DOCUMENT_HEAD]
        if not any("关于" in self.text[part.start : part.end] for part in head):
            return None
        start, end = head[0].start, head[0].end
        found = re.match(
            rf"({name_pattern(self.gathered.printed_places).pattern})"
            r"(?!及|和|与|、)[^关\n]{0,40}(?:政府|厅|局|委|委员会|办公室|法院|公司|中心|海关)",
            self.text[start:end],
        )
        if not found:
            return None
        return self.gathered.places[found[1]], (start, start + found.end(1))

    def _category(self, draft: Draft, spans: SpansByPlace) -> str:
        """Return the category of the measure's section, inferred where no section is printed."""
        opening = draft.opening.span
        given = self.fragment_category if self.is_for_all else None
        if draft.section and draft.section.is_of_places and not given:
            return self._inferred_category(draft, spans)
        if draft.section and (draft.section.record.category or not given):
            return draft.section.record.category or self._titled_category(draft, spans)
        if given and draft.section:
            span = draft.section.mark.span
            if span not in self.filed:
                self.remarks.warn("category_for_all", span, category=given)
            self.filed.add(span)
            return given
        if self.fragment_category and (given or draft.opening.kind is MarkKind.MISSING_HEAD):
            self.remarks.warn("category_given", opening, category=self.fragment_category)
            return self.fragment_category
        return self._inferred_category(draft, spans)

    def _titled_category(self, draft: Draft, spans: SpansByPlace) -> str:
        """Return the category that the title of a measure is the name of, empty if of none."""
        own = spans.get((Role.TITLE, None), ())
        title = text_at(self.text, own) if own else ""
        slug = self.gathered.categories.get(title, "")
        if slug:
            self.remarks.warn("category_inferred", own[0], category=slug, words=title)
        return slug

    def _inferred_category(self, draft: Draft, spans: SpansByPlace) -> str:
        """Return the one category that a measure's title names, else its words; empty: none or several."""
        opening = draft.opening.span
        titled = self._named(self.gathered.categories, spans.get((Role.TITLE, None), ()))
        roles = (Role.TITLE, Role.PRACTICE, Role.OUTCOME)
        own_spans = tuple(span for (role, _), own in spans.items() if role in roles for span in own)
        named = titled or self._named(self.gathered.categories, own_spans)
        if len(named) != 1:
            self.remarks.warn("category_missing", opening)
            return ""
        slug, span = named.popitem()
        words = self.remarks.words(span)
        self.remarks.warn("category_inferred", span, category=slug, words=words)
        return slug

    def _named(self, slugs_by_name: Mapping[str, str], spans: Spans) -> dict[str, Span]:
        """Return the slugs whose names occur in the spans, each with its first occurrence."""
        found: dict[str, Span] = {}
        for name, slug in slugs_by_name.items():
            places = (self.text.find(name, start, end) for start, end in spans if name)
            first = next((place for place in places if place >= 0), None)
            if first is not None and first < found.get(slug, (len(self.text), 0))[0]:
                found[slug] = (first, first + len(name))
        return found

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


def _name_of(slug: str, slugs_by_name: Mapping[str, str]) -> str:
    return next(name for name, own in slugs_by_name.items() if own == slug)


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
