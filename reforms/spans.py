"""Read texts and quotes off a source by their spans.

A span is a pair ``(start, end)`` of code point offsets into a source's verbatim text, half open.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

Span = tuple[int, int]
Spans = tuple[Span, ...]

# Not in the middle of a run of spaces, or a long run without a line end costs its square.
_PARAGRAPH_END = re.compile(r"(?<![^\S\n])[^\S\n]*\n\s*")
ELLIPSIS = "…"


def text_at(source_text: str, spans: Iterable[Span]) -> str:
    """Return the source's own characters at ``spans``, as the catalog shows them.

    Spans are joined with nothing (a page or column break cut them there); a paragraph end that
    stands inside one span becomes a single line feed. Nothing else is altered.
    """
    return "".join(_PARAGRAPH_END.sub("\n", source_text[start:end]) for start, end in spans)


def quote_at(source_text: str, spans: Sequence[Span], within: Sequence[Span]) -> str:
    """Return a quotation: ``spans`` of the text made of ``within``.

    Neighbouring spans are joined with nothing when no character of ``within`` stands between
    them (a break or a caption cut the sentence) and with ``…`` when words were left out.
    """
    parts: list[str] = []
    previous_end: int | None = None
    for start, end in spans:
        if previous_end is not None and has_text_between(source_text, previous_end, start, within):
            parts.append(ELLIPSIS)
        parts.append(text_at(source_text, [(start, end)]))
        previous_end = end
    return "".join(parts)


def has_text_between(source_text: str, start: int, end: int, within: Sequence[Span]) -> bool:
    """Tell whether a character of ``within`` that is not white space stands in ``[start, end)``."""
    if end < start:
        return True
    return any(
        source_text[max(start, low) : min(end, high)].strip()
        for low, high in within
        if low < end and high > start
    )


def is_within(spans: Iterable[Span], container: Sequence[Span]) -> bool:
    """Tell whether every span lies inside one span of ``container``."""
    return all(any(low <= start and end <= high for low, high in container) for start, end in spans)


def are_ordered(spans: Sequence[Span]) -> bool:
    """Tell whether the spans are not empty, ascend and do not overlap."""
    position = -1
    for start, end in spans:
        if start < position or end <= start or start < 0:
            return False
        position = end
    return True


def cut_by(spans: Iterable[Span], container: Iterable[Span]) -> Spans:
    """Return the parts of ``spans`` that lie inside ``container``, in order.

    A selection that runs over a page break or a caption becomes the spans of the text it selects.
    """
    wanted = list(spans)
    pieces = [
        (max(start, low), min(end, high))
        for low, high in container
        for start, end in wanted
        if max(start, low) < min(end, high)
    ]
    return tuple(sorted(pieces))


def find(source_text: str, words: str, within: Sequence[Span]) -> Iterator[Spans]:
    """Yield the spans of each occurrence of ``words`` in the text made of ``within``, in order.

    ``words`` is matched exactly against ``text_at``; an occurrence that runs across a break
    yields one span a side. Empty words yield nothing.
    """
    text, offsets = _with_offsets(source_text, within)
    found = text.find(words) if words else -1
    while found != -1:
        yield cut_by([(offsets[found], offsets[found + len(words) - 1] + 1)], within)
        found = text.find(words, found + 1)


def in_source(source_text: str, parts: Iterable[Span], within: Sequence[Span]) -> Spans:
    """Return where parts of ``text_at(within)`` stand in the source, in order.

    A part that runs across a break gives one span a side.
    """
    _text, offsets = _with_offsets(source_text, within)
    wanted = [(offsets[start], offsets[end - 1] + 1) for start, end in parts if start < end]
    return cut_by(wanted, within)


def parts_in_source(source_text: str, parts: Iterable[Span], within: Sequence[Span]) -> list[Spans]:
    """Return for each part of ``text_at(within)`` where it stands in the source, in order."""
    _text, offsets = _with_offsets(source_text, within)
    return [cut_by([(offsets[start], offsets[end - 1] + 1)], within) for start, end in parts]


def joined(source_text: str, spans: Iterable[Span]) -> Spans:
    """Return ``spans`` in order, without white space at their ends; those that touch are one.

    A span of white space alone is left out.
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        words = source_text[start:end]
        low, high = start + len(words) - len(words.lstrip()), start + len(words.rstrip())
        if low >= high:
            continue
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def _with_offsets(source_text: str, within: Sequence[Span]) -> tuple[str, list[int]]:
    """Return ``text_at(within)`` and where each of its characters stands in the source."""
    offsets: list[int] = []
    characters: list[str] = []
    for start, end in within:
        position = start
        while position < end:
            match = _PARAGRAPH_END.match(source_text, position, end)
            characters.append("\n" if match else source_text[position])
            offsets.append(position)
            position = match.end() if match else position + 1
    return "".join(characters), offsets


def uncovered(source_text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the runs of characters, white space trimmed, that no span covers."""
    position = 0
    for start, end in [*sorted(spans), (len(source_text), len(source_text))]:
        gap = source_text[position:start]
        if gap.strip():
            lead = len(gap) - len(gap.lstrip())
            yield position + lead, position + len(gap.rstrip())
        position = max(position, end)
