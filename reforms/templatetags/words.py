"""Words on a page: the source's text with its errata marked, and figures as sentences."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join

from reforms.compare import Note, passage_of
from reforms.figures import Plot, change, sentence
from reforms.models import Figure
from reforms.models.fields import as_spans
from reforms.records import Spans
from reforms.search import Stretch, marks, stretches
from reforms.spans import ELLIPSIS, Span, has_text_between, in_source, text_at
from reforms.text import Phrase

register = template.Library()


@dataclass(frozen=True)
class Segment:
    """A run of printed words; ``notes`` are the errata whose marks follow it.

    ``is_hit``: the words that were searched for; ``is_first_hit``: the first of them in its line.
    """

    text: str
    is_misprint: bool
    notes: tuple[Note, ...]
    is_hit: bool = False
    is_first_hit: bool = False


@register.inclusion_tag("reforms/_printed_words.html")
def printed_words(
    source_text: str,
    spans: Any,
    notes: Iterable[Note] = (),
    anchor: str = "",
    name: str = "",
    phrases: Sequence[Phrase] = (),
) -> dict[str, Any]:
    """Show the source's words at ``spans`` as paragraphs, errata and hits marked in place.

    ``anchor`` begins the paragraphs' ids (``beijing`` gives ``beijing-p1``, and its first hit
    ``beijing-p1-hit``), and ``name`` says in their links whose words they are. Without an anchor
    there are no ids.
    """
    hits = hits_in_source(source_text, as_spans(spans), phrases or ())
    paragraphs = marked_paragraphs(source_text, as_spans(spans), list(notes), hits=hits)
    return {"paragraphs": paragraphs, "anchor": anchor, "name": name}


@register.inclusion_tag("reforms/_printed_line.html")
def printed_line(
    source_text: str,
    spans: Any,
    notes: Iterable[Note] = (),
    has_ids: bool = True,
    within: Any = None,
    phrases: Sequence[Phrase] = (),
) -> dict[str, Any]:
    """Show the source's words in a line, a title or a point, errata and hits marked in place.

    ``within`` are the spans of the text that a point is taken from: ``…`` stands where words of it
    are left out. Without ids the same words may stand twice on a page.
    """
    container = as_spans(within or ())
    hits = hits_in_source(source_text, as_spans(spans), phrases or ())
    paragraphs = marked_paragraphs(source_text, as_spans(spans), list(notes), container, hits)
    segments = [segment for paragraph in paragraphs for segment in paragraph]
    return {"segments": segments, "has_ids": has_ids}


@register.simple_tag
def marked(text: str | None, phrases: Any = (), anchor: str = "") -> str:
    """Show a text with its hits marked; with an anchor the first is called ``<anchor>-hit``."""
    words = text or ""
    spans = marks(words, phrases) if phrases else ()
    return marked_stretches(stretches(words, spans), anchor)


@register.simple_tag
def marked_stretches(parts: Iterable[Stretch], anchor: str = "") -> str:
    """Show the stretches of a text, each escaped, then the hits marked; nothing stands between them."""
    return format_html_join("", "{}", ((_marked(part, anchor),) for part in parts))


def _marked(part: Stretch, anchor: str) -> str:
    if not part.is_hit:
        return conditional_escape(part.text)
    name = format_html(' id="{}-hit"', anchor) if anchor and part.is_first else ""
    return format_html("<mark{}>{}</mark>", name, part.text)


@register.simple_tag
def paragraph_anchor(anchor: str, number: int) -> str:
    """Return the name of a paragraph in the page: ``beijing-p1``; empty without an anchor."""
    return f"{anchor}-p{number}" if anchor else ""


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


@register.filter
def passage_start(figure: Figure) -> int | None:
    """Return the start of the passage a figure's words begin in: the anchor on the source's page."""
    return passage_of(figure)


def hits_in_source(source_text: str, spans: Spans, phrases: Sequence[Phrase]) -> Spans:
    """Return where in the source the phrases stand in the text made of ``spans``."""
    if not phrases:
        return ()
    return in_source(source_text, marks(text_at(source_text, spans), phrases), spans)


def marked_paragraphs(
    source_text: str,
    spans: Spans,
    notes: Sequence[Note],
    within: Spans = (),
    hits: Spans = (),
) -> list[list[Segment]]:
    """Return the words at ``spans`` as paragraphs of segments, cut where a misprint or a hit does.

    The segments' texts joined, paragraphs by a line feed, are exactly ``text_at(spans)``, or with
    ``within`` ``quote_at(spans)``. A note's mark follows the last segment of its misprint;
    misprints may overlap.
    """
    found: list[list[Segment]] = [[]]
    end = None
    edges = {edge for note in notes for span in note.spans for edge in span}
    edges |= {edge for hit in hits for edge in hit}
    for piece in _pieces(spans, edges):
        if end is not None and has_text_between(source_text, end, piece[0], within):
            found[-1].append(Segment(ELLIPSIS, False, ()))
        end = piece[1]
        touching = [note for note in notes if _covers(note.spans, piece)]
        ending = tuple(note for note in notes if note.spans and note.spans[-1][1] == piece[1])
        is_hit = _covers(hits, piece)
        lines = text_at(source_text, [piece]).split("\n")
        for index, line in enumerate(lines):
            if index:
                found.append([])
            is_last = index == len(lines) - 1
            if line or (is_last and ending):
                noted = ending if is_last else ()
                is_first = is_hit and not any(segment.is_hit for segment in found[-1])
                found[-1].append(Segment(line, bool(touching), noted, is_hit, is_first))
    return found


def _pieces(spans: Spans, edges: Iterable[int]) -> Iterable[Span]:
    ordered = sorted(edges)
    for start, end in spans:
        cuts = [start, *(edge for edge in ordered if start < edge < end), end]
        yield from itertools.pairwise(cuts)


def _covers(spans: Spans, piece: Span) -> bool:
    return any(start <= piece[0] and piece[1] <= end for start, end in spans)
