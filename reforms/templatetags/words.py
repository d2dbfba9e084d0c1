"""Words on a page: the source's text with its errata marked, and figures as sentences."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join

from reforms.compare import Note, Pairing
from reforms.figures import Plot, change, sentence, signed_quantity
from reforms.filters import place_of
from reforms.models import Figure, Point, Source
from reforms.models.fields import as_spans
from reforms.records import Spans
from reforms.search import Stretch, marks, stretches
from reforms.spans import (
    ELLIPSIS,
    Span,
    has_text_between,
    in_source,
    parts_in_source,
    text_at,
)
from reforms.text import Phrase, sentences

register = template.Library()


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text: its number there, and the source's page opened at its words."""

    number: int
    place: str


@dataclass(frozen=True)
class Segment:
    """A run of printed words; ``notes`` are the errata whose marks follow it.

    ``is_hit``: words that were searched for; a hit may run over several segments, of which one
    ``begins_hit`` and one ``ends_hit``.
    ``is_different``: what a near-identical text of another city does not have.
    ``sentence``: the one that ends with these words, where sentences are told apart.
    """

    text: str
    is_misprint: bool
    notes: tuple[Note, ...]
    is_hit: bool = False
    begins_hit: bool = False
    ends_hit: bool = False
    is_different: bool = False
    sentence: Sentence | None = None


@register.inclusion_tag("reforms/_printed_words.html")
def printed_words(
    source_text: str,
    spans: Any,
    notes: Iterable[Note] = (),
    anchor: str = "",
    name: str = "",
    phrases: Sequence[Phrase] = (),
    source_address: str = "",
) -> dict[str, Any]:
    """Show the source's words at ``spans`` as paragraphs, errata and hits marked in place.

    ``anchor`` begins the paragraphs' ids (``beijing`` gives ``beijing-p1``), and ``name`` says in
    their links whose words they are. Without an anchor there are no ids. With the
    address of the source's page each sentence leads to its place there.
    """
    own = as_spans(spans)
    hits = hits_in_source(source_text, own, phrases or ())
    ends = sentence_ends(source_text, own) if source_address else {}
    return {
        "paragraphs": marked_paragraphs(source_text, own, list(notes), hits=hits, ends=ends),
        "anchor": anchor,
        "name": name,
        "source_address": source_address,
    }


@register.inclusion_tag("reforms/_printed_line.html")
def printed_line(
    source_text: str,
    spans: Any,
    notes: Iterable[Note] = (),
    has_ids: bool = True,
    within: Any = None,
    phrases: Sequence[Phrase] = (),
    different: Spans = (),
    place: str = "",
    label: str = "",
) -> dict[str, Any]:
    """Show the source's words in a line, a title or a point, errata and hits marked in place.

    ``within`` are the spans of the text that a point is taken from: ``…`` stands where words of it
    are left out. ``different`` are spans of the source to mark as standing only here. Without ids
    the same words may stand twice on a page. ``place`` is an address that the words lead to, and
    ``label`` says what is there.
    """
    container = as_spans(within or ())
    hits = hits_in_source(source_text, as_spans(spans), phrases or ())
    paragraphs = marked_paragraphs(
        source_text, as_spans(spans), list(notes), container, hits, different
    )
    segments = [segment for paragraph in paragraphs for segment in paragraph]
    return {"segments": segments, "has_ids": has_ids, "place": place, "label": label}


@register.simple_tag
def marked(text: str | None, phrases: Any = ()) -> str:
    """Show a text with its hits marked."""
    words = text or ""
    spans = marks(words, phrases) if phrases else ()
    return marked_stretches(stretches(words, spans))


@register.simple_tag
def marked_stretches(parts: Iterable[Stretch]) -> str:
    """Show the stretches of a text, each escaped, then the hits marked; nothing stands between them."""
    return format_html_join("", "{}", ((_marked(part),) for part in parts))


def _marked(part: Stretch) -> str:
    return (
        format_html("<mark>{}</mark>", part.text) if part.is_hit else conditional_escape(part.text)
    )


@register.filter
def holds(text: str | None, phrases: Any) -> bool:
    """Tell whether any of the phrases stands in the text."""
    return bool(text and phrases and marks(text, phrases))


@register.inclusion_tag("reforms/_figure_sentence.html")
def figure_sentence(figure: Figure) -> dict[str, Any]:
    """Show a figure as a sentence in the reader's language, in English with the print beside it."""
    said = sentence(figure)
    return {"sentence": said, "figure": figure}


@register.filter
def sentence_text(figure: Figure) -> str:
    """Return a figure's sentence in the reader's language as plain text."""
    return sentence(figure).text


@register.filter
def change_text(figure: Figure) -> str:
    """Return our calculation of a figure's change, empty where there is none to give."""
    return change(figure)


@register.filter
def gap_text(pairing: Pairing) -> str:
    """Return our calculation of the gap between two cities' figures, empty where there is none."""
    gap = pairing.comparison.gap
    return "" if gap is None else signed_quantity(gap, pairing.own)


@register.filter
def spans_of(differing: Mapping[int, Spans], point: Point) -> Spans:
    """Return the spans of a point's words that stand only in it, none where nothing is marked."""
    return differing.get(point.pk, ())


@register.filter
def plot_of(plots: Mapping[Any, Plot], figure: Figure) -> Plot | None:
    """Return the figure's plot, null where it cannot be drawn."""
    return plots.get(figure.pk)


@register.filter
def others(repeated: Mapping[str, list[Figure]], figure: Figure) -> list[Figure]:
    """Return the other figures that repeat this figure's statement."""
    same = repeated.get(figure.statement or "", [])
    return [other for other in same if other.pk != figure.pk]


@register.filter
def paragraphs(text: str | None) -> list[str]:
    """Return a text of ours as its paragraphs."""
    return (text or "").split("\n")


@register.simple_tag
def in_source_page(source: Source, spans: Any) -> str:
    """Return the address of a source's page at ``spans``, marked; the page where there are none."""
    return f"{reverse('source_detail', args=[source.slug])}{place_of(as_spans(spans or ()))}"


def hits_in_source(source_text: str, spans: Spans, phrases: Sequence[Phrase]) -> Spans:
    """Return where in the source the phrases stand in the text made of ``spans``."""
    if not phrases:
        return ()
    return in_source(source_text, marks(text_at(source_text, spans), phrases), spans)


def sentence_ends(source_text: str, spans: Spans) -> dict[int, Sentence]:
    """Return the sentences of the text made of ``spans`` by where in the source each ends."""
    cut = sentences(text_at(source_text, spans))
    return {
        place[-1][1]: Sentence(number, place_of(place))
        for number, place in enumerate(parts_in_source(source_text, cut, spans), start=1)
    }


def marked_paragraphs(
    source_text: str,
    spans: Spans,
    notes: Sequence[Note],
    within: Spans = (),
    hits: Spans = (),
    different: Spans = (),
    ends: Mapping[int, Sentence] | None = None,
) -> list[list[Segment]]:
    """Return the words at ``spans`` as paragraphs of segments, cut where a misprint or a mark does.

    The segments' texts joined, paragraphs by a line feed, are exactly ``text_at(spans)``, or with
    ``within`` ``quote_at(spans)``. A note's mark follows the last segment of its misprint;
    misprints may overlap. ``ends`` are sentences by where each ends in the source.
    """
    found: list[list[Segment]] = [[]]
    end = None
    edges = {edge for note in notes for span in note.spans for edge in span}
    edges |= {edge for span in (*hits, *different) for edge in span} | set(ends or ())
    for piece in _pieces(spans, edges):
        if end is not None and has_text_between(source_text, end, piece[0], within):
            found[-1].append(Segment(ELLIPSIS, False, ()))
        end = piece[1]
        whole = Segment(
            text_at(source_text, [piece]),
            is_misprint=any(_covers(note.spans, piece) for note in notes),
            notes=tuple(note for note in notes if note.spans and note.spans[-1][1] == end),
            is_hit=_covers(hits, piece),
            is_different=_covers(different, piece),
            sentence=(ends or {}).get(end),
        )
        first, *others = _lines(whole)
        found[-1] += first
        found += others
    return [list(_with_ends(segments)) for segments in found]


def _lines(whole: Segment) -> Iterator[list[Segment]]:
    """Yield a segment cut into the paragraphs it runs over; what follows it follows the last.

    A paragraph without words has a segment only where an erratum's mark stands in it.
    """
    *before, last = whole.text.split("\n")
    for text in before:
        yield [replace(whole, text=text, notes=(), sentence=None)] if text else []
    yield [replace(whole, text=last)] if last or whole.notes else []


def _with_ends(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Yield the segments of a paragraph, told where a hit begins and ends; two hits never touch."""
    for place, segment in enumerate(segments):
        before, after = segments[max(0, place - 1) : place], segments[place + 1 : place + 2]
        yield replace(
            segment,
            begins_hit=segment.is_hit and not any(other.is_hit for other in before),
            ends_hit=segment.is_hit and not any(other.is_hit for other in after),
        )


def _pieces(spans: Spans, edges: Iterable[int]) -> Iterable[Span]:
    ordered = sorted(edges)
    for start, end in spans:
        cuts = [start, *(edge for edge in ordered if start < edge < end), end]
        yield from itertools.pairwise(cuts)


def _covers(spans: Spans, piece: Span) -> bool:
    return any(start <= piece[0] and piece[1] <= end for start, end in spans)
