"""Cut Chinese and English texts into words; no database, no Django."""

import re
from collections.abc import Iterator

import rjieba

# White space as Python's ``str`` knows it, so that words and trimmed passages agree.
_WHITE = re.compile(r"\s+")
_NUMBER_OR_LATIN = re.compile(r"[0-9]+(?:[.,][0-9]+)*%?|[A-Za-z]+(?:[-'’][A-Za-z]+)*")


def words(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ``(start, end)`` of each word of a text, in order, as a reader would cut it.

    Offsets are code points. Chinese is cut by a dictionary, a run of Latin letters and a number
    are one word each, a mark of punctuation is a word by itself; white space belongs to no word.
    """
    position = 0
    for run in _runs(text):
        start = text.index(run, position)
        position = start + len(run)
        if _NUMBER_OR_LATIN.fullmatch(run):
            yield start, position
            continue
        for _, low, high in rjieba.tokenize(run):
            yield start + low, start + high


def characters(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ``(start, end)`` of each character of a text that is not white space."""
    for position, character in enumerate(text):
        if not character.isspace():
            yield position, position + 1


def _runs(text: str) -> Iterator[str]:
    """Yield the numbers and Latin words of a text, and what stands between them, without space."""
    for stretch in _WHITE.split(text):
        position = 0
        for match in _NUMBER_OR_LATIN.finditer(stretch):
            if match.start() > position:
                yield stretch[position : match.start()]
            yield match.group()
            position = match.end()
        if position < len(stretch):
            yield stretch[position:]
