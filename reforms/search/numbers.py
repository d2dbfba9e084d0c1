"""Queries that ask for a measure by its number: 12, 改革举措12, 第十二项, measure 12."""

import re
import unicodedata

from reforms.numerals import numeral_value

_NUMERAL = "[0-9]{1,6}|[零一二两三四五六七八九十百]{1,6}"
_CHINESE = re.compile(
    rf"(?:改革)?(?:举措|措施)\s*第?\s*({_NUMERAL})\s*[项号条个]?"
    rf"|第?\s*({_NUMERAL})\s*[项号条个]\s*(?:改革)?(?:举措|措施)"
    rf"|第\s*({_NUMERAL})\s*[项号条个]"
)
_ENGLISH = re.compile(
    r"(?:(?:reform\s+)?measures?\s*(?:no\.?|number|#)?|no\.|number|#)\s*([0-9]{1,6})",
    re.IGNORECASE,
)
_ALONE = re.compile(r"([0-9]{1,6})")


def number_asked(typed: str) -> int | None:
    """Return the number of a measure that a whole query asks for, or None."""
    return _number(typed, (_ALONE, _CHINESE, _ENGLISH))


def number_in(word: str) -> int | None:
    """Return the number of a measure that one word of a query may ask for, or None."""
    return _number(word, (_ALONE, _CHINESE))


def _number(typed: str, patterns: tuple[re.Pattern[str], ...]) -> int | None:
    folded = unicodedata.normalize("NFKC", typed).strip(" \t\r\n:：。.,，、")
    for pattern in patterns:
        match = pattern.fullmatch(folded)
        if match:
            return numeral_value(next(part for part in match.groups() if part))
    return None
