"""Find the place of each practice and the category of each measure, and say where that took a judgement."""

import re
from collections.abc import Mapping

from reforms.notice.drafts import Block, Draft, Gatherer
from reforms.notice.marks import MarkKind
from reforms.notice.places import name_pattern, places_at_head
from reforms.records import Role, Spans
from reforms.spans import Span, text_at

SpansByPlace = Mapping[tuple[Role, Block | None], Spans]


class Filing:
    """File what was gathered from one notice under the places and categories that its text gives.

    ``given_category`` and ``given_city`` are for fragments without a head, or, where ``is_for_all``
    is true, for all that the text files nowhere.
    """

    def __init__(
        self,
        gathered: Gatherer,
        given_category: str | None,
        given_city: str | None,
        *,
        is_for_all: bool = False,
    ) -> None:
        self.gathered = gathered
        self.text = gathered.text
        self.remarks = gathered.remarks
        self.given_category = given_category
        self.given_city = given_city
        self.is_for_all = is_for_all
        # Sections that were said to take the category that is for all.
        self.filed: set[Span] = set()
        # Keys of the measures whose category no heading is called by.
        self.inferred: set[str] = set()
        self.place_names = gathered.places
        self.issuer = self._issuer()

    def city(self, draft: Draft, block: Block, spans: SpansByPlace) -> str:
        """Return the slug of the place of a practice, inferred where none is printed."""
        if block.name:
            if not block.slug:
                self.remarks.warn("place_unknown", block.heading.span, place=block.name)
            return block.slug
        is_fragment = draft.opening.kind is MarkKind.MISSING_HEAD
        if is_fragment and self.given_city:
            self.remarks.warn("place_given", block.heading.span, place=self.given_city)
            return self.given_city
        named = self._places_of(draft, block, spans)
        is_unclear = len(named) != 1 or any(slug in draft.blocks for slug in named if slug)
        if is_unclear and self.is_for_all and self.given_city:
            self.remarks.warn("place_for_all", block.heading.span, place=self.given_city)
            return self.given_city
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
            heads = places_at_head(self.text[start:end], self.place_names)
            if len(heads) > 1:
                return {}
            if heads:
                return {self._slug_of(heads[0]): (start, start + len(heads[0]))}
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

    def category(self, draft: Draft, spans: SpansByPlace) -> str:
        """Return the category of the measure's section, inferred where no section is printed."""
        opening = draft.opening.span
        given = self.given_category if self.is_for_all else None
        if draft.section and draft.section.is_of_places and not given:
            return self._inferred_category(draft, spans)
        if draft.section and draft.section.is_filed_by_words:
            self.inferred.add(draft.key)
        if draft.section and (draft.section.record.category or not given):
            return draft.section.record.category or self._titled_category(draft, spans)
        if given and draft.section:
            span = draft.section.mark.span
            if span not in self.filed:
                self.remarks.warn("category_for_all", span, category=given)
            self.filed.add(span)
            return given
        if self.given_category and (given or draft.opening.kind is MarkKind.MISSING_HEAD):
            self.remarks.warn("category_given", opening, category=self.given_category)
            return self.given_category
        return self._inferred_category(draft, spans)

    def _titled_category(self, draft: Draft, spans: SpansByPlace) -> str:
        """Return the category that the title of a measure is the name of, empty if of none."""
        own = spans.get((Role.TITLE, None), ())
        title = text_at(self.text, own) if own else ""
        slug = self.gathered.categories.get(title, "")
        if slug:
            self.inferred.add(draft.key)
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
        self.inferred.add(draft.key)
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


def _name_of(slug: str, slugs_by_name: Mapping[str, str]) -> str:
    return next(name for name, own in slugs_by_name.items() if own == slug)
