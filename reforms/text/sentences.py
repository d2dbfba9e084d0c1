"""Cut a Chinese text into sentences; no database, no Django."""

import re
from collections.abc import Iterator

# A sentence ends with its closing mark and the quotation marks and brackets that close behind it.
_SENTENCE = re.compile(r"[^。！？\n]*(?:[。！？]+[”’」』》）)\]]*|\n|\Z)")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ``(start, end)`` of each sentence of a text, in order, without space at its ends.

    A line feed ends a sentence too; what stands behind the last closing mark is one.
    """
    for match in _SENTENCE.finditer(text):
        words = match.group()
        if words.strip():
            yield (
                match.start() + len(words) - len(words.lstrip()),
                match.start() + len(words.rstrip()),
            )
