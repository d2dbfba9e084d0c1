"""Cut a text into the tokens of the search index, and a phrase into those that find it there.

Chinese becomes overlapping pairs of characters and the last character of each run: ``获得电力`` is
获得 得电 电力 力. A phrase asks for its pairs in a row, so that it is found wherever it stands; a
phrase of a single character asks for what begins with it. Latin words are stemmed, and they and
numbers match whole. Punctuation and space only part runs; where a word or a number touches
Chinese with nothing between them, a token of its own says so, so that ``15天`` is not ``15 天``
(but ``160kVA`` is ``160 kVA``: English puts the space or leaves it out).
Tokens are plain ``[a-z0-9]`` words, so that no database's own parser has a say.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import snowballstemmer

from reforms.text.normalising import Letter, Script, letters

TOUCHING = "j"
# A longer word or number is told by its checksum: databases bound the length of a token.
LONGEST_PLAIN = 64
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_STEMMER = snowballstemmer.stemmer("english")
# The stemmer makes one word of these, which are two: customs declarations, customer managers.
_APART = {"customs": "customs", "customer": "customer", "customers": "customer"}


class Token(NamedTuple):
    """One token and the ``[start, end)`` of the original text that it stands for."""

    code: str
    start: int
    end: int


class Phrase(NamedTuple):
    """The codes to find in a row; ``is_open``: the last is only the beginning of a token."""

    codes: tuple[str, ...]
    is_open: bool


def tokenise(text: str) -> list[Token]:
    """Return the tokens of a text in order."""
    return [token for run in _runs(text) for token in _tokens_of(*run)]


@lru_cache(maxsize=16_384)
def phrase(text: str) -> Phrase | None:
    """Return how to find a text wherever it stands in another; None if it has nothing to find.

    What parts the text from its ends does not count: ``“零上门”`` finds what ``零上门`` finds.
    """
    runs = list(_runs(text))
    if not runs:
        return None
    codes = [token.code for run in runs for token in _tokens_of(*run)]
    _touches, script, last = runs[-1]
    is_open = script is Script.CHINESE and len(last) == 1
    if script is Script.CHINESE and len(last) > 1:
        codes.pop()
    return Phrase(tuple(codes), is_open)


def find_phrase(tokens: Sequence[Token], wanted: Phrase) -> Iterator[tuple[int, int]]:
    """Yield the ``[start, end)`` of each place where a phrase stands in a tokenised text."""
    codes, last = wanted.codes, len(wanted.codes) - 1
    for place in range(len(tokens) - last):
        if last and tokens[place].code != codes[0]:
            continue
        if all(tokens[place + step].code == codes[step] for step in range(1, last)):
            ending = tokens[place + last]
            if ending.code == codes[last] or (
                wanted.is_open and ending.code.startswith(codes[last])
            ):
                # An open phrase ends after the one character it asks for.
                end = ending.start + 1 if wanted.is_open else ending.end
                yield tokens[place].start, end


Run = tuple[bool, Script, Sequence[Letter]]


def _runs(text: str) -> Iterator[Run]:
    """Yield each run of letters of one script, and whether it touches Chinese before it, or is it."""
    before = Script.SEPARATOR
    for script, group in groupby(letters(text), key=lambda letter: letter.script):
        if script is not Script.SEPARATOR:
            is_parted = before is Script.SEPARATOR
            yield not is_parted and Script.CHINESE in (before, script), script, list(group)
        before = script


def _tokens_of(touches: bool, script: Script, run: Sequence[Letter]) -> Iterator[Token]:
    if touches:
        yield Token(TOUCHING, run[0].start, run[0].start)
    if script is not Script.CHINESE:
        word = "".join(letter.character for letter in run)
        code = f"d{word}" if script is Script.DIGIT else _word_code(word)
        yield Token(_bounded(code), run[0].start, run[-1].end)
        return
    codes = [_character_code(letter.character) for letter in run]
    for place in range(len(run) - 1):
        code = f"h{codes[place]}{codes[place + 1]}"
        yield Token(code, run[place].start, run[place + 1].end)
    yield Token(f"h{codes[-1]}", run[-1].start, run[-1].end)


@lru_cache(maxsize=65_536)
def _word_code(word: str) -> str:
    if word.isascii():
        return f"w{_APART.get(word) or _STEMMER.stemWord(word)}"
    return "u" + "".join(_character_code(character) for character in word)


@lru_cache(maxsize=65_536)
def _character_code(character: str) -> str:
    """Return a character's code point as four digits to the base of 36."""
    number, digits = ord(character), ""
    for _place in range(4):
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _bounded(code: str) -> str:
    if len(code) <= LONGEST_PLAIN:
        return code
    return f"x{hashlib.sha256(code.encode()).hexdigest()[:32]}"
