"""Set the half-width punctuation of a Chinese text full-width; no database, no Django.

Full-width marks among Chinese characters follow GB/T 15834-2011, 5.1. What stands among digits,
Latin letters or English words is never touched.
"""

import re
from collections.abc import Sequence

_FULL = str.maketrans(",;:?!()", "，；：？！（）")
_MARK = re.compile(r"[,;:?!]")
_PAIR = re.compile(r"\(([^()\n]*)\)")
# Between a mark and the word it stands behind; a run of these belongs to the word before it.
_CLOSING = "”’」』》〉】〕）"
_OPENING = "“‘「『《〈【〔（"
_RUN = re.compile(r"[0-9A-Za-z.%+-]*\Z")
# How many characters beside a mark are looked at: more than any word or number has.
_FAR = 40
_ENGLISH_BEHIND = re.compile(r"[ \t]+[A-Za-z]")
_CHINESE = re.compile("[\\u3400-\\u9fff\\uf900-\\ufaff\\U00020000-\\U0003ffff、。，；：？！〇]")


def full_width(text: str) -> str:
    """Return the text with commas, colons, brackets and the like among Chinese set full-width.

    As long as the text given: one mark stands for one. Only a mark behind Chinese, or between
    Chinese with digits behind it and Chinese (``举措6:提供``), is changed; ``5,800``, ``10:30``
    and marks of English words are not.
    """
    characters = list(text)
    for pair in _PAIR.finditer(text):
        if _is_chinese_pair(text, pair):
            for place in (pair.start(), pair.end() - 1):
                characters[place] = characters[place].translate(_FULL)
    for found in _MARK.finditer(text):
        if _is_chinese_mark(characters, found.start()):
            characters[found.start()] = found.group().translate(_FULL)
    return "".join(characters)


def _is_chinese_pair(text: str, pair: re.Match[str]) -> bool:
    """Tell whether brackets stand among Chinese: it is inside or on both sides, none is English."""
    before = text[: pair.start()].rstrip(_OPENING + _CLOSING + " ")
    behind = text[pair.end() :].lstrip(_CLOSING)
    is_behind = not before or before[-1] == "\n" or _is_chinese(before[-1])
    is_before = not behind or behind[0] == "\n" or _is_chinese(behind[0]) or behind[0] in ",;:?!"
    has_words = any(_is_chinese(character) for character in pair[1])
    outer = [text for text in (before[-1:], behind[:1]) if text.strip()]
    return is_behind and (has_words or (is_before and any(map(_is_chinese, outer))))


def _is_chinese_mark(characters: Sequence[str], place: int) -> bool:
    before = "".join(characters[max(0, place - _FAR) : place])
    behind = "".join(characters[place + 1 : place + 1 + _FAR])
    is_bracket = before.endswith("）")
    before = before.rstrip(_CLOSING)
    if is_bracket or (before and _is_chinese(before[-1])):
        return not _ENGLISH_BEHIND.match(behind)
    run = before[: len(before) - len(_RUN.search(before)[0])]  # type: ignore[index]
    following = behind.lstrip(_OPENING)[:1]
    return bool(run) and _is_chinese(run[-1]) and _is_chinese(following)


def _is_chinese(character: str) -> bool:
    return bool(_CHINESE.match(character))
