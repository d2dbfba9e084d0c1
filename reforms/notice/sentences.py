"""Tell where a sentence of a notice ends."""

import re

_FINISHED = re.compile(r"[。！？!?；;：:….．][”\"’'』」）)\]】》]*$")
_WINDOW = 8


def is_finished(text: str, end: int) -> bool:
    """Tell whether the text before ``end`` ends as a sentence or a part of a list does."""
    return _FINISHED.search(text[max(0, end - _WINDOW) : end]) is not None


def begins_sentence(text: str, position: int, start: int) -> bool:
    """Tell whether a sentence begins at ``start`` of a text that begins at ``position``."""
    while start > position and text[start - 1].isspace():
        start -= 1
    return start == position or is_finished(text, start)
