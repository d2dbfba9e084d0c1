"""Numbers as Chinese notices print them: Chinese numerals, and decimals with 万 and 亿."""

import re
from decimal import Decimal

_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_NUMERAL_SHAPE = re.compile(
    r"(?:([一二三四五六七八九])百零?)?(?:([一二三四五六七八九]?)(十))?([一二两三四五六七八九]?)"
)
_PRINTED_DECIMAL = re.compile(r"([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)([万亿]*)")
_PRINTED_NUMERAL = re.compile(r"[一二两三四五六七八九十百零]+")
_MULTIPLIERS = {"万": 10_000, "亿": 100_000_000}


def numeral_value(numeral: str) -> int | None:
    """Return the value of a Chinese or decimal numeral from 1 to 999, or None for any other."""
    if numeral.isdecimal():
        return int(numeral)
    shape = _NUMERAL_SHAPE.fullmatch(numeral)
    if shape is None:
        return None
    hundreds, tens, has_ten, units = shape.groups()
    value = 100 * _DIGITS.get(hundreds, 0) + _DIGITS.get(units, 0)
    return value + (10 * _DIGITS.get(tens, 1) if has_ten else 0) or None


def printed_value(words: str) -> Decimal | None:
    """Return the first number printed in some words (``5800万笔``, ``50,000余页``, ``两步``).

    ``万`` and ``亿`` multiply. None where no number is printed.
    """
    decimal = _PRINTED_DECIMAL.search(words)
    if decimal:
        value = Decimal(decimal[1].replace(",", ""))
        for multiplier in decimal[2]:
            value *= _MULTIPLIERS[multiplier]
        return value
    numeral = _PRINTED_NUMERAL.search(words)
    value_of_numeral = numeral_value(numeral[0]) if numeral else None
    return None if value_of_numeral is None else Decimal(value_of_numeral)
