"""Numbers as printed."""

from decimal import Decimal

import pytest

from reforms.numerals import numeral_value, printed_value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("5800万笔", "58000000"),
        ("4亿元", "400000000"),
        ("2万亿元", "2000000000000"),
        ("9.53万件", "95300"),
        ("50,000余页", "50000"),
        ("15个工作日", "15"),
        ("55%", "55"),
        ("0", "0"),
        ("两步", "2"),
        ("五大类", "5"),
        ("十二项", "12"),
    ],
)
def test_a_printed_number_is_read(words, value):
    assert printed_value(words) == Decimal(value)


@pytest.mark.parametrize("words", ["", "全部", "百", "零审批"])
def test_where_none_is_printed_there_is_none(words):
    assert printed_value(words) is None


def test_numerals_of_headings():
    assert [numeral_value(words) for words in ("七", "二十三", "一百零五", "12", "甲")] == [
        7,
        23,
        105,
        12,
        None,
    ]
