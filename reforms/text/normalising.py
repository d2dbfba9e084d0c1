"""Make texts that are written differently alike: width, case, accents, traditional characters.

Every character is folded by itself, whatever stands beside it, so that a part of a text is folded
as it is in the whole, and a match in the folded text leads back to the characters as printed.
"""

import unicodedata
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from opencc import OpenCC

SEPARATOR = " "

_SIMPLIFIED = OpenCC("t2s")
# Scripts written without spaces, whose characters match anywhere: Chinese, kana, Hangul, Bopomofo.
_ANYWHERE = (
    (0x2E80, 0x2FDF),
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3040, 0x312F),
    (0x3131, 0x318F),
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


class Script(Enum):
    """How a character takes part in a search."""

    CHINESE = "matches anywhere"
    LATIN = "matches as a whole word"
    DIGIT = "matches as a whole number"
    SEPARATOR = "parts what stands beside it"


class Letter(NamedTuple):
    """One folded character, and the ``[start, end)`` of the original that it stands for."""

    character: str
    script: Script
    start: int
    end: int


def letters(text: str) -> Iterator[Letter]:
    """Yield the folded characters of a text in order, separators among them one by one.

    One original character may give several (``㎡`` gives ``m2``), or none (a mark that joins the
    letter before it, a character without width).
    """
    for position, original in enumerate(text):
        for character, script in _folded(original):
            yield Letter(character, script, position, position + 1)


def normalise(text: str) -> str:
    """Return the text as it is compared: folded, each run of punctuation and space as one space.

    Nothing parts the text from its ends: there is no space at either.
    """
    parts: list[str] = []
    for letter in letters(text):
        if letter.script is not Script.SEPARATOR:
            parts.append(letter.character)
        elif parts and parts[-1] != SEPARATOR:
            parts.append(SEPARATOR)
    return "".join(parts).strip(SEPARATOR)


@lru_cache(maxsize=65_536)
def _folded(original: str) -> tuple[tuple[str, Script], ...]:
    if unicodedata.category(original) in {"Mn", "Me", "Cf"}:
        return ()
    compatible = unicodedata.normalize("NFKC", original).casefold()
    found = []
    for character in unicodedata.normalize("NFKC", compatible):
        for folded in _simplest(character):
            if unicodedata.category(folded) not in {"Mn", "Me", "Cf"}:
                found.append((folded, _script(folded)))
    return tuple(found)


def _simplest(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[0]
    if base.isascii() and base.isalpha():
        return base
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    return _SIMPLIFIED.convert(character) if _is_anywhere(character) else character


def _script(character: str) -> Script:
    if _is_anywhere(character):
        return Script.CHINESE
    if character.isdigit() and character.isascii():
        return Script.DIGIT
    return Script.LATIN if character.isalpha() else Script.SEPARATOR


def _is_anywhere(character: str) -> bool:
    point = ord(character)
    if unicodedata.category(character)[0] not in {"L", "N"}:
        return False
    return any(low <= point <= high for low, high in _ANYWHERE)
