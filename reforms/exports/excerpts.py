"""The beginning of a text that is too long to be quoted whole, cut where a sentence or a clause ends."""

import re

from reforms.spans import ELLIPSIS

# What may stand at the end of a sentence, and before the end of a clause: a comma or a point within
# a number ends none.
_SENTENCE_END = re.compile(r"[。！？](?=.)|[.!?](?=\s)|[!?](?=[^\x00-\x7f])", re.DOTALL)
_PART_END = re.compile(r"(?=[；])|(?=;(?:\s|[^\x00-\x7f]))")
_CLAUSE_END = re.compile(r"(?=[，、])|(?=,(?:\s|[^\x00-\x7f]))")


def kept(text: str, most: int) -> int:
    """Return how many characters of a text to quote where at most ``most`` fit: all, if they do.

    Else it ends with the last sentence that fits, else before the last semicolon, else before the
    last comma, else behind the last word of Latin letters, else anywhere.
    """
    if len(text) <= most:
        return len(text)
    for end in (_SENTENCE_END, _PART_END, _CLAUSE_END):
        ends = [found.end() for found in end.finditer(text) if 0 < found.end() <= most]
        if ends:
            return ends[-1]
    space = text.rfind(" ", 0, most)
    return space if space > 0 else most


def excerpt(text: str, most: int) -> str:
    """Return the beginning of a text of at most ``most`` characters; ``…`` stands for the rest."""
    length = kept(text, most)
    return text if length == len(text) else f"{text[:length].rstrip()}{ELLIPSIS}"
