"""Points, figures and errata known again on the other side, each a unit of its own."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, NamedTuple

from reforms.merging.units import Three, Unit, What
from reforms.records import Spans

Key = Callable[[Any], Hashable]


class _Likeness(NamedTuple):
    """How a part is known again: its kind and place, and keys, the strictest first."""

    kind: Callable[[Any], str]
    spans: Callable[[Any], Spans]
    keys: tuple[Key, ...]


_LIKENESS = {
    What.POINT: _Likeness(
        kind=lambda part: part.theme,
        spans=lambda part: part.spans,
        keys=(lambda part: part, lambda part: part.spans),
    ),
    What.FIGURE: _Likeness(
        kind=lambda part: part.indicator,
        spans=lambda part: part.quote_spans,
        keys=(
            lambda part: part,
            lambda part: (part.indicator, part.quote_spans, part.printed),
            lambda part: (part.indicator, part.quote_spans),
            lambda part: (part.quote_spans, part.printed),
        ),
    ),
    What.ERRATUM: _Likeness(
        kind=lambda part: part.stands_in,
        spans=lambda part: part.spans,
        keys=(lambda part: part, lambda part: part.spans),
    ),
}


def part_units(owners: Three, what: What, city: str | None = None) -> Iterator[Unit]:
    """Yield a unit for each part of the base, then one for each that a side added.

    What both sides added under the same theme, indicator or text, of the same words, is one unit.
    """
    likeness = _LIKENESS[what]
    lists = owners.map(lambda one: getattr(one, what))
    theirs, mine = (_known_again(lists.base, parts, likeness) for parts in lists[1:])
    prefix = f"practices.{city}.{what}" if city else str(what)
    placed = [
        (f"{prefix}.{number + 1}", Three(number, theirs.get(number), mine.get(number)))
        for number in range(len(lists.base))
    ]
    placed += _added(lists, theirs, mine, prefix, likeness)
    for path, places in placed:
        values = [
            None if at is None else parts[at] for parts, at in zip(lists, places, strict=True)
        ]
        yield Unit(path=path, what=what, city=city, places=places, **Three(*values)._asdict())


def _added(
    lists: Three,
    theirs: dict[int, int],
    mine: dict[int, int],
    prefix: str,
    likeness: _Likeness,
) -> list[tuple[str, Three]]:
    """Return the path and places of what the sides added: theirs, then what only mine has."""

    def name(part: Any) -> str:
        place = ",".join(f"{start}-{end}" for start, end in likeness.spans(part))
        return f"{prefix}.new.{likeness.kind(part)}.{place}"

    new = [at for at in range(len(lists.theirs)) if at not in theirs.values()]
    other = [at for at in range(len(lists.mine)) if at not in mine.values()]
    both = _paired(
        {at: lists.theirs[at] for at in new},
        {at: lists.mine[at] for at in other},
        (likeness.keys[0], name),
    )
    found: list[tuple[str, Three]] = []
    taken: dict[str, int] = {}
    pairs: list[tuple[int | None, int | None]] = [
        *((at, both.get(at)) for at in new),
        *((None, at) for at in other if at not in both.values()),
    ]
    for one, two in pairs:
        path = name(lists.mine[two] if one is None else lists.theirs[one])
        taken[path] = taken.get(path, 0) + 1
        ending = f".{taken[path]}" if taken[path] > 1 else ""
        found.append((path + ending, Three(None, one, two)))
    return found


def _known_again(base: Sequence[Any], parts: Sequence[Any], likeness: _Likeness) -> dict[int, int]:
    """Return for places in the base where the same part stands on a side, changed or not."""
    found = _paired(dict(enumerate(base)), dict(enumerate(parts)), likeness.keys)
    for number, part in enumerate(base):
        if number in found:
            continue
        for at, other in enumerate(parts):
            if (
                at not in found.values()
                and likeness.kind(part) == likeness.kind(other)
                and _overlap(likeness.spans(part), likeness.spans(other))
            ):
                found[number] = at
                break
    return found


def _paired(parts: dict[int, Any], others: dict[int, Any], keys: Sequence[Key]) -> dict[int, int]:
    """Return which part is which other, each at most once: by the first key first."""
    found: dict[int, int] = {}
    left = dict(others)
    for key in keys:
        free: dict[Hashable, list[int]] = {}
        for at, other in left.items():
            free.setdefault(key(other), []).append(at)
        for number, part in parts.items():
            candidates = free.get(key(part))
            if number not in found and candidates:
                found[number] = candidates.pop(0)
                del left[found[number]]
    return found


def _overlap(spans: Spans, others: Spans) -> bool:
    return any(start < high and low < end for start, end in spans for low, high in others)
