"""Words on a page: the source's text with its errata marked, and figures as sentences."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template

from reforms.compare import Note, passage_of
from reforms.figures import Plot, change, sentence
from reforms.models import Figure
from reforms.models.fields import as_spans
from reforms.records import Spans
from reforms.spans import ELLIPSIS, Span, has_text_between, text_at

register = template.Library()


@dataclass(frozen=True)
class Segment:
    """A run of printed words; ``notes`` are the errata whose marks follow it."""

    text: str
    is_misprint: bool
    notes: tuple[Note, ...]


@register.inclusion_tag("reforms/_printed_words.html")
def printed_words(
    source_text: str, spans: Any, notes: Iterable[Note] = (), anchor: str = "", name: str = ""
) -> dict[str, Any]:
    """Show the source's words at ``spans`` as paragraphs, errata marked in place.

    ``anchor`` begins the paragraphs' ids (``beijing`` gives ``beijing-p1``), and ``name`` says in
    their links whose words they are. Without an anchor the paragraphs have no ids.
    """
    paragraphs = marked_paragraphs(source_text, as_spans(spans), list(notes))
    return {"paragraphs": paragraphs, "anchor": anchor, "name": name}


@register.inclusion_tag("reforms/_printed_line.html")
def printed_line(
    source_text: str,
    spans: Any,
    notes: Iterable[Note] = (),
    has_ids: bool = True,
    within: Any = None,
) -> dict[str, Any]:
    """Show the source's words in a line, a title or a point, errata marked in place.

    ``within`` are the spans of the text that a point is taken from: ``…`` stands where words of it
    are left out. Without ids the same words may stand twice on a page.
    """
    container = as_spans(within or ())
    paragraphs = marked_paragraphs(source_text, as_spans(spans), list(notes), container)
    segments = [segment for paragraph in paragraphs for segment in paragraph]
    return {"segments": segments, "has_ids": has_ids}


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


def marked_paragraphs(
    source_text: str, spans: Spans, notes: Sequence[Note], within: Spans = ()
) -> list[list[Segment]]:
    """Return the words at ``spans`` as paragraphs of segments, cut where a misprint begins or ends.

    The segments' texts joined, paragraphs by a line feed, are exactly ``text_at(spans)``, or with
    ``within`` ``quote_at(spans)``. A note's mark follows the last segment of its misprint;
    misprints may overlap.
    """
    found: list[list[Segment]] = [[]]
    end = None
    for piece in _pieces(spans, notes):
        if end is not None and has_text_between(source_text, end, piece[0], within):
            found[-1].append(Segment(ELLIPSIS, False, ()))
        end = piece[1]
        touching = [note for note in notes if _covers(note.spans, piece)]
        ending = tuple(note for note in notes if note.spans and note.spans[-1][1] == piece[1])
        lines = text_at(source_text, [piece]).split("\n")
        for index, line in enumerate(lines):
            if index:
                found.append([])
            is_last = index == len(lines) - 1
            if line or (is_last and ending):
                marks = ending if is_last else ()
                found[-1].append(Segment(line, bool(touching), marks))
    return found


def _pieces(spans: Spans, notes: Iterable[Note]) -> Iterable[Span]:
    edges = sorted({edge for note in notes for span in note.spans for edge in span})
    for start, end in spans:
        cuts = [start, *(edge for edge in edges if start < edge < end), end]
        yield from itertools.pairwise(cuts)


def _covers(spans: Spans, piece: Span) -> bool:
    return any(start <= piece[0] and piece[1] <= end for start, end in spans)
