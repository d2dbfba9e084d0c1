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
    r"(?:(?:reform\s+)?measure\s*(?:no\.?|number|#)?|no\.|number|#)\s*([0-9]{1,6})",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"measures\s*([0-9]{1,6})", re.IGNORECASE)
_ALONE = re.compile(r"([0-9]{1,6})")
# How many words the longest name of a number has: reform measure no. 12.
LONGEST_NAME = 4
_SEPARATED = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?!,?[0-9])")
_PLAIN = re.compile(r"(?<![0-9.,])[1-9][0-9]{3,14}(?!,?[0-9])")


def number_asked(typed: str) -> int | None:
    """Return the number of a measure that a whole query asks for, or None."""
    return _number(typed, (_ALONE, _CHINESE, _ENGLISH, _SEVERAL))


def number_in(words: str) -> int | None:
    """Return the number of a measure that some words of a longer query ask for by name, or None.

    A number without a name is none: ``7 working days`` does not ask for measure 7.
    """
    return _number(words, (_CHINESE, _ENGLISH))


def other_writing(text: str) -> str | None:
    """Return a text with its long numbers written the other way: 5,800 as 5800, 27885 as 27,885.

    None where it has no number of four digits or more.
    """
    folded = unicodedata.normalize("NFKC", text)
    plain = _SEPARATED.sub(lambda match: match.group().replace(",", ""), folded)
    if plain != folded:
        return plain
    separated = _PLAIN.sub(lambda match: f"{int(match.group()):,}", folded)
    return separated if separated != folded else None


def _number(typed: str, patterns: tuple[re.Pattern[str], ...]) -> int | None:
    folded = unicodedata.normalize("NFKC", typed).strip(" \t\r\n:：。.,，、")
    for pattern in patterns:
        match = pattern.fullmatch(folded)
        if match:
            return numeral_value(next(part for part in match.groups() if part))
    return None
