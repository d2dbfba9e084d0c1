"""Find the phrases that two texts share, wherever they stand in them; no database, no Django."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import groupby
from typing import NamedTuple

from reforms.text.differences import NUMBER, Spans, cut_words, script_of
from reforms.text.normalising import Script

SHORTEST_PHRASE_CHARACTERS = 4
SHORTEST_PHRASE_WORDS = 3


class SharedPhrase(NamedTuple):
    """Where a phrase stands in the left text and in the right text: spans in order, at least one each."""

    left: Spans
    right: Spans


def shared_phrases(left: str, right: str) -> tuple[SharedPhrase, ...]:
    """Return the phrases that stand in both texts, in the order of the left one; empty if none.

    A phrase has at least ``SHORTEST_PHRASE_CHARACTERS`` Chinese characters or
    ``SHORTEST_PHRASE_WORDS`` words or numbers (mixed, each counts its part), begins and ends with
    one, and is as long as both texts allow; case, width and white space do not count, punctuation
    must agree. Spans never overlap in a text: longer phrases are found first, and what stands
    inside one is not told again. Order in the texts does not matter. Costs milliseconds for a
    practice, and in the worst case (two characters in endless variation) the square.
    """
    if left > right:
        phrases = [SharedPhrase(*reversed(phrase)) for phrase in shared_phrases(right, left)]
    else:
        phrases = list(_tiles(list(_units(left)), list(_units(right))))
    return tuple(sorted(phrases))


class _Unit(NamedTuple):
    """What a phrase is counted in; weights are such that a phrase weighs ``_LEAST_WEIGHT``."""

    key: str
    start: int
    end: int
    weight: int


_LEAST_WEIGHT = SHORTEST_PHRASE_CHARACTERS * SHORTEST_PHRASE_WORDS
# No phrase has fewer units than this: where so many stand, one may begin.
_SEED = min(SHORTEST_PHRASE_CHARACTERS, SHORTEST_PHRASE_WORDS)


def _units(text: str) -> Iterator[_Unit]:
    """Yield each Chinese character, Latin word, number and punctuation mark of a text."""
    for key, start, end in cut_words(text):
        if script_of(text[start]) is Script.CHINESE and not NUMBER.fullmatch(text, start, end):
            for place in range(start, end):
                is_letter = script_of(text[place]) is Script.CHINESE
                yield _Unit(text[place], place, place + 1, SHORTEST_PHRASE_WORDS * is_letter)
        else:
            is_word = script_of(text[start]) is not Script.SEPARATOR
            yield _Unit(key.casefold(), start, end, SHORTEST_PHRASE_CHARACTERS * is_word)


def _tiles(left: Sequence[_Unit], right: Sequence[_Unit]) -> Iterator[SharedPhrase]:
    """Yield the phrases of two texts, the longest laid first (greedy string tiling, Wise 1993)."""
    is_free, is_other_free = [True] * len(left), [True] * len(right)
    laid: dict[tuple[str, ...], tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    queue = [run for common in _common_runs(left, right) for run in _as_phrase(left, *common)]
    heapify(queue)
    while queue:
        _weight, low, high, size = heappop(queue)
        here, there = slice(low, low + size), slice(high, high + size)
        places, other_places = laid[tuple(unit.key for unit in left[here])]
        # Where the same phrase is laid already, its other side may stand in more places.
        if (low in places or all(is_free[here])) and (
            high in other_places or all(is_other_free[there])
        ):
            places.add(low)
            other_places.add(high)
            is_free[here] = is_other_free[there] = [False] * size
            continue
        steps = [step for step in range(size) if is_free[low + step] and is_other_free[high + step]]
        for _gap, run in groupby(enumerate(steps), key=lambda pair: pair[1] - pair[0]):
            still_free = [step for _place, step in run]
            start = still_free[0]
            for rest in _as_phrase(left, low + start, high + start, len(still_free)):
                heappush(queue, rest)
    for keys, (places, other_places) in laid.items():
        if places:
            size = len(keys)
            yield SharedPhrase(_spans(left, places, size), _spans(right, other_places, size))


def _as_phrase(
    units: Sequence[_Unit], low: int, high: int, size: int
) -> Iterator[tuple[int, int, int, int]]:
    """Yield a common run without punctuation at its ends, heaviest to sort first, if long enough."""
    while size and not units[low].weight:
        low, high, size = low + 1, high + 1, size - 1
    while size and not units[low + size - 1].weight:
        size -= 1
    weight = sum(unit.weight for unit in units[low : low + size])
    if weight >= _LEAST_WEIGHT:
        yield -weight, low, high, size


def _common_runs(left: Sequence[_Unit], right: Sequence[_Unit]) -> Iterator[tuple[int, int, int]]:
    """Yield ``(left, right, size)`` of each common run of units that nothing lengthens."""
    keys, others = [unit.key for unit in left], [unit.key for unit in right]
    begins: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for high in range(len(others) - _SEED + 1):
        begins[tuple(others[high : high + _SEED])].append(high)
    for low in range(len(keys) - _SEED + 1):
        for high in begins.get(tuple(keys[low : low + _SEED]), ()):
            if low and high and keys[low - 1] == others[high - 1]:
                continue
            most, size = min(len(keys) - low, len(others) - high), _SEED
            while size < most and keys[low + size] == others[high + size]:
                size += 1
            yield low, high, size


def _spans(units: Sequence[_Unit], places: Iterable[int], size: int) -> Spans:
    return tuple((units[place].start, units[place + size - 1].end) for place in sorted(places))
