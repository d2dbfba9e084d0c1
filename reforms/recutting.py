"""Give words of a source another role: the passages, texts and quotations that follow; no database."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from reforms.exchange import RecordError
from reforms.records import (
    ErratumRecord,
    FigureRecord,
    MeasureRecord,
    OutcomeState,
    PassageRecord,
    PointRecord,
    PracticeRecord,
    Role,
    Spans,
    StatedIn,
    TranslationState,
)
from reforms.spans import ELLIPSIS, cut_by, find, is_within, quote_at, text_at

ROLES_OF_A_CITY = (Role.CITY_LABEL, Role.PRACTICE, Role.OUTCOME_LABEL, Role.OUTCOME)
ROLES_OF_A_SOURCE = (Role.RUNNING_HEAD, Role.SECTION_HEADING, Role.CAPTION)
MAX_PLACES = 30
MAX_PIECES = 12
_LINE_END = re.compile(r"\s*\n\s*")


class LineEnds(StrEnum):
    """What a line that ends inside chosen words is taken for."""

    AS_NOW = "as_now"
    BREAK = "break"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Words ``[start, end)`` of a source and what they are to be.

    ``is_own`` says that they belong to the measure, else to the source itself (a running head, a
    section heading, a caption).
    """

    start: int
    end: int
    role: Role
    is_own: bool = True
    city: str | None = None
    section: str | None = None
    line_ends: LineEnds = LineEnds.AS_NOW


@dataclass(frozen=True)
class _Piece:
    """A passage and whether it is the measure's."""

    passage: PassageRecord
    is_own: bool

    @property
    def kind(self) -> tuple[object, ...]:
        return (self.is_own, self.passage.role, self.passage.city, self.passage.section)


def places(source_text: str, words: str, within: Spans) -> list[Spans]:
    """Return every place where quoted words stand in the text made of ``within``, in order.

    ``words`` stand exactly as printed; ``…`` parts pieces that stand apart, each after the one
    before it. Empty where they stand nowhere, and for more than ``MAX_PIECES`` pieces; at most
    ``MAX_PLACES`` places.
    """
    whole = list(islice(find(source_text, words, within), MAX_PLACES))
    if whole or ELLIPSIS not in words:
        return whole
    parts = [part.strip() for part in words.split(ELLIPSIS) if part.strip()]
    if len(parts) > MAX_PIECES:
        return []
    found = [list(find(source_text, part, within)) for part in parts]
    # Only what leaves room for the pieces after it, so that the search below never turns back.
    for earlier, later in zip(reversed(found[:-1]), reversed(found[1:]), strict=True):
        last = max((spans[0][0] for spans in later), default=-1)
        earlier[:] = [spans for spans in earlier if spans[-1][1] <= last]
    return list(islice(_ascending(found), MAX_PLACES))


def erratum_words(erratum: ErratumRecord, record: MeasureRecord, source_text: str) -> str:
    """Return the words at an erratum's place, as ``invariants`` asks for them."""
    own = spans_of(record.passages, erratum.stands_in)
    within = own if is_within(erratum.spans, own) else erratum.spans
    return quote_at(source_text, erratum.spans, within)


def spans_of(passages: Sequence[PassageRecord], role: Role, city: str | None = None) -> Spans:
    """Return the spans of passages of a role, of one city or (None) of every city."""
    return tuple(
        (part.start, part.end)
        for part in passages
        if part.role == role and (city is None or part.city == city)
    )


def recut(
    record: MeasureRecord,
    of_source: Sequence[PassageRecord],
    cut: Cut,
    source_text: str,
    cities: Sequence[str],
) -> tuple[MeasureRecord, tuple[PassageRecord, ...]]:
    """Return the measure and the source's own passages after words were given another role.

    ``of_source`` are the passages of the source that belong to no measure, ``cities`` the order
    of all cities. Neighbours are trimmed or split; titles, practices and outcomes are read anew
    unless they were typed over. Raises ``RecordError`` where words belong to another measure or
    a point, a figure or an erratum would lose its words.
    """
    cut = _checked(cut, source_text)
    pieces = [_Piece(part, True) for part in record.passages]
    pieces += [_Piece(part, False) for part in of_source]
    pieces.sort(key=lambda piece: piece.passage.start)
    kept, chosen = _divide(pieces, cut, source_text)
    _check_chosen(chosen, cut, source_text)
    spans = _cut_lines([(p.passage.start, p.passage.end) for p in chosen], cut, source_text)
    fresh = [
        _Piece(
            PassageRecord(role=cut.role, city=cut.city, section=cut.section, start=low, end=high),
            cut.is_own,
        )
        for low, high in spans
    ]
    pieces = _merge([*kept, *fresh], cut, source_text)
    own = tuple(piece.passage for piece in pieces if piece.is_own)
    others = tuple(piece.passage for piece in pieces if not piece.is_own)
    return _Reading(record, of_source, own, others, source_text).read(cities), others


def _ascending(found: Sequence[Sequence[Spans]], position: int = 0) -> Iterator[Spans]:
    """Yield one place of each piece, each after the one before it, in order."""
    if not found:
        return
    for spans in found[0]:
        if spans[0][0] >= position and len(found) == 1:
            yield spans
        elif spans[0][0] >= position:
            for rest in _ascending(found[1:], spans[-1][1]):
                yield (*spans, *rest)


def _checked(cut: Cut, source_text: str) -> Cut:
    """Return the cut without white space at its ends; raise where it says what cannot be."""
    words = source_text[cut.start : cut.end]
    if cut.start < 0 or not words.strip():
        raise RecordError("cut", "choose the first and the last word, in this order.")
    if cut.role in ROLES_OF_A_CITY and not cut.city:
        raise RecordError("city", "say whose words these are: choose a city.")
    if not cut.is_own and cut.role not in ROLES_OF_A_SOURCE:
        raise RecordError("role", "these words must belong to a measure.")
    if cut.is_own and cut.role in (Role.RUNNING_HEAD, Role.SECTION_HEADING):
        raise RecordError("role", "a running head or a heading belongs to no measure.")
    if cut.role == Role.SECTION_HEADING and not cut.section:
        raise RecordError("section", "choose the section that this heading opens.")
    return replace(
        cut,
        start=cut.start + len(words) - len(words.lstrip()),
        end=cut.start + len(words.rstrip()),
        city=cut.city if cut.role in ROLES_OF_A_CITY else None,
        section=cut.section if cut.role == Role.SECTION_HEADING else None,
    )


def _divide(
    pieces: Sequence[_Piece], cut: Cut, source_text: str
) -> tuple[list[_Piece], list[_Piece]]:
    """Part the pieces at the ends of the cut: what stays as it is, and what was chosen."""
    kept: list[_Piece] = []
    chosen: list[_Piece] = []
    for piece in pieces:
        low, high = piece.passage.start, piece.passage.end
        for start, end, place in (
            (low, min(high, cut.start), kept),
            (max(low, cut.start), min(high, cut.end), chosen),
            (max(low, cut.end), high, kept),
        ):
            words = source_text[start:end] if start < end else ""
            if words.strip():
                start += len(words) - len(words.lstrip())
                passage = replace(piece.passage, start=start, end=start + len(words.strip()))
                place.append(_Piece(passage, piece.is_own))
    return kept, chosen


def _check_chosen(chosen: Sequence[_Piece], cut: Cut, source_text: str) -> None:
    position = cut.start
    for start, end in [*((p.passage.start, p.passage.end) for p in chosen), (cut.end, cut.end)]:
        if source_text[position:start].strip():
            raise RecordError("cut", "some of these words belong to another measure.")
        position = end
    if not cut.is_own and not any(piece.is_own for piece in chosen):
        raise RecordError("cut", "these words belong to no measure already.")


def _cut_lines(spans: Sequence[tuple[int, int]], cut: Cut, source_text: str) -> Spans:
    """Return the chosen spans parted or joined where lines end, as the cut says."""
    if cut.line_ends != LineEnds.BREAK:
        return tuple(spans)
    parted = []
    for start, end in spans:
        position = start
        for match in _LINE_END.finditer(source_text, start, end):
            parted.append((position, match.start()))
            position = match.end()
        parted.append((position, end))
    return tuple(parted)


def _merge(pieces: list[_Piece], cut: Cut, source_text: str) -> list[_Piece]:
    """Join neighbours of one kind that touch the cut and that no line end parts."""
    pieces.sort(key=lambda piece: piece.passage.start)
    merged: list[_Piece] = []
    for piece in pieces:
        before = merged[-1] if merged else None
        if before and before.kind == piece.kind and _joins(before, piece, cut, source_text):
            passage = replace(before.passage, end=piece.passage.end)
            merged[-1] = _Piece(passage, piece.is_own)
        else:
            merged.append(piece)
    return merged


def _joins(before: _Piece, piece: _Piece, cut: Cut, source_text: str) -> bool:
    gap = source_text[before.passage.end : piece.passage.start]
    is_inside = before.passage.end > cut.start and piece.passage.start < cut.end
    touches = before.passage.end >= cut.start and piece.passage.start <= cut.end
    if gap.strip() or not touches:
        return False
    return "\n" not in gap or (is_inside and cut.line_ends == LineEnds.PARAGRAPH)


class _Reading:
    """Read a measure's texts and quotations anew after its passages changed."""

    def __init__(
        self,
        record: MeasureRecord,
        of_source: Sequence[PassageRecord],
        own: Sequence[PassageRecord],
        others: Sequence[PassageRecord],
        source_text: str,
    ) -> None:
        self.record = record
        self.before = (*record.passages, *of_source)
        self.own = tuple(own)
        self.after = (*own, *others)
        self.text = source_text

    def read(self, cities: Sequence[str]) -> MeasureRecord:
        record = self.record
        title_spans = spans_of(self.own, Role.TITLE)
        known = {practice.city: practice for practice in record.practices}
        with_words = {part.city for part in self.own if part.role == Role.PRACTICE and part.city}
        for part in self.own:
            if part.city and part.city not in with_words | set(known):
                raise RecordError(
                    "city", "give the words of this city's practice first, then the others."
                )
        practices = tuple(
            self.practice(known.get(city) or _new_practice(city), city in with_words)
            for city in sorted(set(known) | with_words, key=cities.index)
            if city in with_words or self.may_go(known[city])
        )
        changed = replace(
            record,
            title_zh=self.read_text(record.title_zh, record.title_spans, title_spans),
            title_spans=title_spans,
            practices=practices,
            passages=self.own,
        )
        errata = tuple(self.erratum(part, changed) for part in record.errata)
        return replace(changed, errata=errata)

    def read_text(self, text: str | None, before: Spans, after: Spans) -> str | None:
        """Return a text read off its new spans; one that was typed over stays as typed."""
        if not after:
            return None
        is_typed_over = bool(before) and text != text_at(self.text, before)
        return text if is_typed_over else text_at(self.text, after)

    def may_go(self, practice: PracticeRecord) -> bool:
        """Refuse to leave a practice without words while something hangs on it."""
        if practice.points or practice.figures or spans_of(self.own, Role.OUTCOME, practice.city):
            raise RecordError(
                "cut",
                "the practice of this city would be left without words, and it has points, "
                "figures or an outcome: take those away first.",
            )
        return False

    def practice(self, practice: PracticeRecord, has_words: bool) -> PracticeRecord:
        spans = spans_of(self.own, Role.PRACTICE, practice.city)
        outcome_spans = spans_of(self.own, Role.OUTCOME, practice.city)
        if outcome_spans:
            state = OutcomeState.STATED
        elif practice.outcome_spans:
            is_read = self.record.is_read_whole
            state = OutcomeState.NOT_STATED if is_read else OutcomeState.NOT_ENTERED
        else:
            state = practice.outcome_state
        changed = replace(
            practice,
            city_is_printed=self.is_printed(practice),
            practice_zh=self.read_text(practice.practice_zh or None, practice.practice_spans, spans)
            or "",
            practice_spans=spans,
            outcome_state=state,
            outcome_zh=self.read_text(practice.outcome_zh, practice.outcome_spans, outcome_spans),
            outcome_en=practice.outcome_en if outcome_spans else None,
            outcome_spans=outcome_spans,
        )
        points = tuple(self.point(part, practice, spans) for part in practice.points)
        figures = tuple(self.figure(part, practice, changed) for part in practice.figures)
        return replace(changed, points=points, figures=figures)

    def is_printed(self, practice: PracticeRecord) -> bool:
        """Tell whether the city is printed: as before, unless its label was just cut."""
        before = spans_of(self.record.passages, Role.CITY_LABEL, practice.city)
        after = spans_of(self.own, Role.CITY_LABEL, practice.city)
        return bool(after) if bool(after) != bool(before) else practice.city_is_printed

    def point(self, point: PointRecord, practice: PracticeRecord, spans: Spans) -> PointRecord:
        refuse = _refusal("a point would lose its words: %(words)s", self.text, point.spans)
        return replace(
            point, spans=self.follow(point.spans, practice.practice_spans, spans, refuse)
        )

    def figure(
        self, figure: FigureRecord, before: PracticeRecord, after: PracticeRecord
    ) -> FigureRecord:
        name = "practice_spans" if figure.stated_in == StatedIn.PRACTICE else "outcome_spans"
        refuse = _refusal(
            "a figure would lose its quotation: %(words)s", self.text, figure.quote_spans
        )
        within = getattr(after, name)
        spans = self.follow(figure.quote_spans, getattr(before, name), within, refuse)
        return replace(
            figure, quote_spans=spans, quote=quote_at(self.text, spans, within) if spans else ""
        )

    def erratum(self, erratum: ErratumRecord, changed: MeasureRecord) -> ErratumRecord:
        before = spans_of(self.before, erratum.stands_in)
        if not is_within(erratum.spans, before):
            return erratum
        refuse = _refusal("an erratum would lose its words: %(words)s", self.text, erratum.spans)
        after = spans_of(self.after, erratum.stands_in)
        moved = replace(erratum, spans=self.follow(erratum.spans, before, after, refuse))
        return replace(moved, as_printed=erratum_words(moved, changed, self.text))

    def follow(
        self, spans: Spans, before: Spans, after: Spans, refuse: Callable[[], RecordError]
    ) -> Spans:
        """Return a quotation's spans cut as the text is cut now; refuse where words are lost."""
        if is_within(spans, after) and before == after:
            return spans
        found = cut_by(spans, sorted(after))
        if _letters(self.text, found) != _letters(self.text, spans):
            raise refuse()
        joined: list[tuple[int, int]] = []
        for start, end in found:
            is_one = bool(joined) and is_within([(joined[-1][0], end)], after)
            if is_one and not self.text[joined[-1][1] : start].strip():
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return tuple(joined)


def _letters(text: str, spans: Spans) -> str:
    return "".join("".join(text[start:end].split()) for start, end in spans)


def _refusal(template: str, text: str, spans: Spans) -> Callable[[], RecordError]:
    words = text_at(text, spans)
    return lambda: RecordError("cut", template, words=words[:60])


def _new_practice(city: str) -> PracticeRecord:
    return PracticeRecord(
        city=city,
        city_is_printed=False,
        practice_zh="",
        practice_en=None,
        practice_spans=(),
        summary_zh=None,
        summary_en=None,
        translation_state=TranslationState.MISSING,
        outcome_state=OutcomeState.NOT_ENTERED,
    )
