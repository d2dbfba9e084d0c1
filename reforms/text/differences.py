"""Mark where two texts differ, word by word; no database, no Django.

Marks are on the texts as given: joined, they are the texts again, to the character. Only the
comparison looks through width and white space, and says so with a mark of its own.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import NamedTuple

from reforms.text.cutting import words
from reforms.text.normalising import Script, letters

# An agreement shorter than this between two changes is chance, and reads as noise.
SHORTEST_ISLAND = 3
# Measured, see docs/differences.md: texts written separately stay below, edited texts above.
NEAR_IDENTICAL = 0.6

_WIDE_TO_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
# The dictionary's cutter takes no half of a surrogate pair; one character stands for another.
_SURROGATE = re.compile("[\ud800-\udfff]")
# A number is one word with its multiplier: ``5,800.5``, ``10%``, ``3000万``, ``十五``, ``二百``.
# A comma that is not before three digits parts two numbers: ``2018,2019``.
_NUMERAL = "一二三四五六七八九十百千零〇两"
NUMBER = re.compile(
    rf"(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:[.．]\d+)*(?:[%％]|[万亿]+)?"
    rf"|(?:[{_NUMERAL}]+[十百千]|[十百千](?=[{_NUMERAL}]))[{_NUMERAL}]*[万亿]*"
)

Span = tuple[int, int]
Spans = tuple[Span, ...]


class Mark(Enum):
    """How a stretch of one text stands to the other text."""

    EQUAL = "stands in both, to the character"
    TYPESETTING = "the same words in both, set with other widths or white space"
    ONLY_HERE = "stands only here"


class Segment(NamedTuple):
    """A stretch of one text: its words, its ``[start, end)`` in code points, its mark."""

    text: str
    start: int
    end: int
    mark: Mark


class Piece(NamedTuple):
    """A stretch of the left text and the stretch of the right text in its place; one may be empty."""

    mark: Mark
    left: str
    right: str


@dataclass(frozen=True)
class Difference:
    """How two texts differ: pieces in the order of both, no two neighbours with the same mark."""

    pieces: tuple[Piece, ...]

    @property
    def left(self) -> tuple[Segment, ...]:
        """Return the marked left text; its segments joined are the text itself."""
        return tuple(_segments((piece.mark, piece.left) for piece in self.pieces))

    @property
    def right(self) -> tuple[Segment, ...]:
        """Return the marked right text; its segments joined are the text itself."""
        return tuple(_segments((piece.mark, piece.right) for piece in self.pieces))

    @property
    def likeness(self) -> float:
        """Return the share of both texts, without white space, that is in both: 0 to 1; 1 if empty."""
        total = sum(_size(piece.left) + _size(piece.right) for piece in self.pieces)
        only_here = sum(
            _size(piece.left) + _size(piece.right)
            for piece in self.pieces
            if piece.mark is Mark.ONLY_HERE
        )
        return 1 - only_here / total if total else 1.0

    @property
    def is_near_identical(self) -> bool:
        """Tell whether the marks help; else the texts are worded differently throughout."""
        return self.likeness >= NEAR_IDENTICAL

    def swapped(self) -> "Difference":
        """Return the same marks with the sides exchanged."""
        return Difference(tuple(Piece(mark, right, left) for mark, left, right in self.pieces))

    def apply(self, left: str) -> str:
        """Return the right text, made from the left one by the marks.

        Raises ``ValueError`` for any other text.
        """
        position, parts = 0, []
        for piece in self.pieces:
            if not left.startswith(piece.left, position):
                raise ValueError("These marks belong to another text.")
            position += len(piece.left)
            parts.append(piece.right)
        if position != len(left):
            raise ValueError("These marks belong to another text.")
        return "".join(parts)


def difference(left: str, right: str) -> Difference:
    """Return the word-level marks between two texts, Chinese or English.

    ``时间至30天`` against ``时间至15天`` marks ``30`` and ``15``. Chinese is cut by a dictionary; a Latin
    word, a number and a punctuation mark are a word each. The same texts always give the same
    marks, and exchanging the texts exchanges them. Agreements under ``SHORTEST_ISLAND`` characters
    between two changes are part of the change, except numbers and what parts two changed numbers.
    Costs milliseconds for a practice, and in the worst case (one word over and over) the square.
    """
    if left > right:
        return difference(right, left).swapped()
    pieces = _without_small_islands(_pieces(left, right))
    return Difference(tuple(_joined(pieces)))


def likeness(left: str, right: str) -> float:
    """Return the share of two texts that stands in both under their marks: 0 to 1."""
    return difference(left, right).likeness


class Word(NamedTuple):
    """A word with its ``[start, end)``; ``key`` is what it is compared by."""

    key: str
    start: int
    end: int


def cut_words(text: str) -> Iterator[Word]:
    """Yield the words of a text, keyed as they are compared; white space belongs to none."""
    start = end = 0
    for low, high in _cuts(_SURROGATE.sub("\ufffd", text)):
        if start < end == low and _is_inside_word(text, low):
            end = high
            continue
        if start < end:
            yield _word(text, start, end)
        start, end = low, high
    if start < end:
        yield _word(text, start, end)


def _word(text: str, start: int, end: int) -> Word:
    return Word(text[start:end].translate(_WIDE_TO_NARROW), start, end)


def _cuts(text: str) -> Iterator[Span]:
    position = 0
    for number in NUMBER.finditer(text):
        yield from _cuts_between(text, position, number.start())
        yield number.span()
        position = number.end()
    yield from _cuts_between(text, position, len(text))


def _cuts_between(text: str, start: int, end: int) -> Iterator[Span]:
    for low, high in words(text[start:end]):
        yield start + low, start + high


def _is_inside_word(text: str, position: int) -> bool:
    """Tell whether no mark may begin here: amid letters (``café``), before what joins to a letter."""
    after = text[position]
    if unicodedata.category(after) in {"Mn", "Mc", "Me", "Cf"}:
        return True
    return script_of(after) is Script.LATIN and script_of(text[position - 1]) is Script.LATIN


def script_of(character: str) -> Script:
    """Return the script of a character; a separator for what is no letter."""
    return next((letter.script for letter in letters(character)), Script.SEPARATOR)


def _pieces(left: str, right: str) -> Iterator[Piece]:
    """Yield the pieces of two texts, an equal word or a change each."""
    left_words, right_words = list(cut_words(left)), list(cut_words(right))
    left_at = right_at = 0
    for low, high in _agreeing(left_words, right_words):
        one, other = left_words[low], right_words[high]
        yield from _between(left[left_at : one.start], right[right_at : other.start])
        yield from _same(left[one.start : one.end], right[other.start : other.end])
        left_at, right_at = one.end, other.end
    yield from _between(left[left_at:], right[right_at:])


def _agreeing(left: Sequence[Word], right: Sequence[Word]) -> Iterator[Span]:
    """Yield the places of the words that agree, ascending in both texts."""
    keys, other_keys = [word.key for word in left], [word.key for word in right]
    shorter = min(len(keys), len(other_keys))
    first = _agreeing_from_start(keys, other_keys, shorter)
    last = _agreeing_from_start(keys[::-1], other_keys[::-1], shorter - first)
    low, high = len(keys) - last, len(other_keys) - last
    yield from ((place, place) for place in range(first))
    matcher = SequenceMatcher(None, keys[first:low], other_keys[first:high], autojunk=False)
    for place, other, size in matcher.get_matching_blocks():
        yield from ((first + place + step, first + other + step) for step in range(size))
    yield from ((low + step, high + step) for step in range(last))


def _agreeing_from_start(keys: Sequence[str], others: Sequence[str], most: int) -> int:
    return next((place for place in range(most) if keys[place] != others[place]), most)


def _between(left: str, right: str) -> Iterator[Piece]:
    """Yield what stands between two words that agree: a change, apart from white space on both sides."""
    before, one, after = _trimmed(left)
    other_before, other, other_after = _trimmed(right)
    if not one and not other:
        yield from _same(left, right)
        return
    if not one and not other_before:
        before, after = "", before
    if not other and not before:
        other_before, other_after = "", other_before
    if before and other_before:
        yield from _same(before, other_before)
    else:
        one, other = before + one, other_before + other
    if after and other_after:
        yield _change(one, other)
        yield from _same(after, other_after)
    else:
        yield _change(one + after, other + other_after)


def _trimmed(text: str) -> tuple[str, str, str]:
    """Return the white space before, the words, the white space after (none if there are no words)."""
    start = len(text) - len(text.lstrip())
    end = max(start, len(text.rstrip()))
    return text[:start], text[start:end], text[end:]


def _change(left: str, right: str) -> Piece:
    """Return a change; none where the dictionary cut the same words otherwise for their neighbours."""
    mark = Mark.EQUAL if left == right else Mark.TYPESETTING
    return Piece(mark if _plain(left) == _plain(right) else Mark.ONLY_HERE, left, right)


def _same(left: str, right: str) -> Iterator[Piece]:
    if left or right:
        yield _change(left, right)


def _plain(text: str) -> str:
    return "".join(text.translate(_WIDE_TO_NARROW).split())


def _size(text: str) -> int:
    return sum(not character.isspace() for character in text)


def _without_small_islands(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces, with what agrees by chance between two changes made part of them."""
    # A change, and what agrees after it.
    waiting: list[Piece] = []
    for piece in pieces:
        if piece.mark is Mark.ONLY_HERE:
            if waiting and _is_chance(waiting[0], waiting[1:], piece):
                whole = _whole([*waiting, piece], Mark.ONLY_HERE)
                piece = _change(whole.left, whole.right)
            else:
                yield from waiting
            waiting = []
        if waiting or piece.mark is Mark.ONLY_HERE:
            waiting.append(piece)
        else:
            yield piece
    yield from waiting


def _is_chance(before: Piece, island: Sequence[Piece], after: Piece) -> bool:
    if sum(_size(piece.left) for piece in island) >= SHORTEST_ISLAND:
        return False
    if any(_is_number(piece.left) for piece in island):
        return False
    return not (_is_change_of_number(before) and _is_change_of_number(after))


def _is_number(word: str) -> bool:
    """Tell whether a word counts something: ``30``, ``十五``, ``两个``; ``一般`` is taken for one too."""
    return bool(NUMBER.match(word)) or word.startswith(tuple(_NUMERAL))


def _is_change_of_number(piece: Piece) -> bool:
    return bool(NUMBER.fullmatch(piece.left) and NUMBER.fullmatch(piece.right))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces, neighbours of the same mark as one."""
    run: list[Piece] = []
    for piece in pieces:
        if run and run[0].mark is not piece.mark:
            yield _whole(run, run[0].mark)
            run = []
        run.append(piece)
    if run:
        yield _whole(run, run[0].mark)


def _whole(pieces: Sequence[Piece], mark: Mark) -> Piece:
    return Piece(
        mark, "".join(piece.left for piece in pieces), "".join(piece.right for piece in pieces)
    )


def _segments(marked: Iterable[tuple[Mark, str]]) -> Iterator[Segment]:
    """Yield the segments of one side; where it has nothing for a piece, there is none."""
    mark: Mark | None = None
    text, start = "", 0
    for next_mark, words_here in marked:
        if not words_here:
            continue
        if mark is not None and next_mark is not mark:
            yield Segment(text, start, start + len(text), mark)
            text, start = "", start + len(text)
        text, mark = text + words_here, next_mark
    if mark is not None:
        yield Segment(text, start, start + len(text), mark)
