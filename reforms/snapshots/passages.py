"""The passages that belong to a source itself, fitted between measures that were cut otherwise than today."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from reforms.models import Passage
from reforms.spans import Span


def passages_between(text: str, today: Iterable[Passage], held: Sequence[Span]) -> list[Passage]:
    """Return new passages for all words of a source that stand in none of the spans ``held``.

    ``today`` are all passages of the source, which tile it, and ``held`` the passages of its
    measures in the past, in order and apart. The words between them have the role that they have
    today, since the history of a source's own passages is not kept; they belong to no measure. So
    what is returned tiles the source together with ``held``.
    """
    starts = [start for start, _end in held]
    return [
        Passage(
            source_id=passage.source_id,
            start=start,
            end=end,
            role=passage.role,
            section_id=passage.section_id,
        )
        for passage in today
        for start, end in _outside(text, (passage.start, passage.end), held, starts)
    ]


def _outside(text: str, span: Span, held: Sequence[Span], starts: Sequence[int]) -> Iterator[Span]:
    """Yield the parts of a span, without white space at their ends, that stand in no span held."""
    position, end = span
    for low, high in held[max(bisect_right(starts, position) - 1, 0) :]:
        if low >= end:
            break
        yield from _trimmed(text, position, min(low, end))
        position = max(position, high)
    yield from _trimmed(text, position, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    words = text[start:end] if start < end else ""
    if words.strip():
        begin = start + len(words) - len(words.lstrip())
        yield begin, begin + len(words.strip())
