"""How near the words of cities are to each other: the same, near-identical with marks, or unlike.

Two cities' texts are written separately, so that marks on words help in few of them: the limit
stands in ``reforms.text.NEAR_IDENTICAL``, measured in docs/differences.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reforms.compare.rows import Row
from reforms.models import City, Practice
from reforms.records import Spans
from reforms.text import Difference, Mark, difference, shared_phrases


class Alike(StrEnum):
    """How near the words of several cities on one thing are to each other."""

    SAME = "same"
    NEAR = "near"
    UNLIKE = "unlike"


@dataclass(frozen=True)
class Words:
    """The words of one point; ``key`` tells which."""

    key: int
    text: str


@dataclass(frozen=True)
class SharedWording:
    """The phrases that stand in the practices of two cities, in the order of the first.

    ``language`` is that of the texts compared: our translations where the reader's is English and
    both are translated. ``alike`` says whether anything more can be marked.
    """

    city: City
    other: City
    language: str
    alike: Alike
    phrases: tuple[str, ...]


def alike(cities: Sequence[Sequence[Words]]) -> Alike:
    """Say how near the words are: the same if every city has the first one's, to the letter."""
    first, *others = cities
    pairs = list(_pairs(cities))
    is_whole = all(len(other) == len(first) for other in others)
    if is_whole and len(pairs) == len(first) * len(others) and all(map(_is_same, pairs)):
        return Alike.SAME
    return Alike.NEAR if pairs else Alike.UNLIKE


def differing(cities: Sequence[Sequence[Words]]) -> dict[int, Spans]:
    """Return by key the spans of each near-identical text that stand only in it, in its characters.

    Each text is held against the nearest of the first city's; texts without a near one have no
    entry, and the same texts an empty one.
    """
    found: dict[int, list[tuple[int, int]]] = {}
    for one, other, marks in _pairs(cities):
        for words, side in ((one, marks.left), (other, marks.right)):
            spans = found.setdefault(words.key, [])
            only = ((part.start, part.end) for part in side if part.mark is Mark.ONLY_HERE)
            spans.extend(span for span in only if span not in spans)
    return {key: tuple(sorted(spans)) for key, spans in found.items()}


def shared_wording(row: Row, *, is_english: bool) -> list[SharedWording]:
    """Return how the first city's practice and each other's are worded; empty if there are not two.

    No query. Costs some milliseconds a pair.
    """
    if len(row.present) < 2:
        return []
    first, *others = [cell.practice for cell in row.present if cell.practice]
    return [_shared(first, other, is_english=is_english) for other in others]


def _shared(first: Practice, other: Practice, *, is_english: bool) -> SharedWording:
    in_english = bool(is_english and first.text_en and other.text_en)
    left, right = (
        (first.text_en or "", other.text_en or "") if in_english else (first.text_zh, other.text_zh)
    )
    marks = difference(left, right)
    near = Alike.NEAR if marks.is_near_identical else Alike.UNLIKE
    phrases = [left[slice(*phrase.left[0])] for phrase in shared_phrases(left, right)]
    return SharedWording(
        first.city,
        other.city,
        "en" if in_english else "zh-Hans",
        Alike.SAME if left == right else near,
        tuple(dict.fromkeys(phrases)),
    )


def _pairs(cities: Sequence[Sequence[Words]]) -> Iterator[tuple[Words, Words, Difference]]:
    """Yield each text of the later cities with the nearest of the first's, where that is near."""
    first, *others = cities
    for texts in others:
        for words in texts:
            compared = [(difference(one.text, words.text), one) for one in first]
            marks, one = max(compared, key=lambda pair: pair[0].likeness)
            if marks.is_near_identical:
                yield one, words, marks


def _is_same(pair: tuple[Words, Words, Difference]) -> bool:
    return all(piece.mark is not Mark.ONLY_HERE for piece in pair[2].pieces)
