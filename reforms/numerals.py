"""Numbers as Chinese notices print them: Chinese numerals, and decimals with 万 and 亿."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_NUMERAL_SHAPE = re.compile(
    r"(?:([一二三四五六七八九])百零?)?(?:([一二三四五六七八九]?)(十))?([一二两三四五六七八九]?)"
)
_PRINTED_DECIMAL = re.compile(r"([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)([万亿]*)")
_PRINTED_NUMERAL = re.compile(r"[一二两三四五六七八九十百零]+")
_MULTIPLIERS = {"万": 10_000, "亿": 100_000_000}
# What notices count in; longer ones are tried first.
_MEASURE_WORDS = (
    *("天", "个工作日", "工作日", "个月", "小时", "分钟", "元", "美元", "%", "％", "‰"),
    *(
        "项",
        "件",
        "次",
        "户",
        "户次",
        "人",
        "人次",
        "名",
        "家",
        "份",
        "条",
        "笔",
        "种",
        "类",
        "大类",
    ),
    *("步", "页", "套", "个", "台", "辆", "千伏安", "千瓦", "平方米", "公里", "米", "吨"),
)
# Not the middle of a longer number, of a name such as B2 or of a sum such as 1+1.
_NUMBER_START = r"(?<![0-9A-Za-z.,+×])"


@dataclass(frozen=True)
class Quantity:
    """A number as printed, with its unit where one follows, and its value."""

    printed: str
    value: Decimal
    unit: str | None


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


def quantities(words: str, units: Iterable[str] = ()) -> list[Quantity]:
    """Return the numbers printed in some words that a unit follows, in order.

    ``units`` are units beyond the usual measure words. Chinese numerals count only where no
    decimal has a unit (``两步``). Where nothing has a unit, a number that stands alone is returned
    without one; of several such numbers none is told from a year or a name, so none is returned.
    """
    known = "|".join(
        re.escape(unit) for unit in sorted({*_MEASURE_WORDS, *units}, key=len, reverse=True)
    )
    for shape in (_PRINTED_DECIMAL, _PRINTED_NUMERAL):
        counted = re.compile(f"{_NUMBER_START}(?:{shape.pattern})[余多]?(?P<unit>{known})")
        found = [
            Quantity(match[0], value, match["unit"])
            for match in counted.finditer(words)
            if (value := printed_value(match[0])) is not None
        ]
        if found:
            return found
    alone = list(_PRINTED_DECIMAL.finditer(words))
    if len(alone) != 1:
        return []
    value = printed_value(alone[0][0])
    return [] if value is None else [Quantity(alone[0][0], value, None)]


def plain(value: Decimal) -> str:
    """Return a number as a record writes it: ``58000000``, ``9.53``."""
    return f"{value.normalize():f}"
