"""Numbers as printed."""

from decimal import Decimal

import pytest

from reforms.numerals import numeral_value, plain, printed_value, quantities


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


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("由56天压缩至15天,今年,进一步压缩至5天", "56天 56 天|15天 15 天|5天 5 天"),
        ("从15个工作日压缩至5天内", "15个工作日 15 个工作日|5天 5 天"),
        ("2017、2018两年共受理查询业务5800万笔", "5800万笔 58000000 笔"),
        ("节约成本4亿元", "4亿元 400000000 元"),
        ("9.53万件", "9.53万件 95300 件"),
        ("扫描50,000余页", "50,000余页 50000 页"),
        ("4万余户", "4万余户 40000 户"),
        ("240余个网点", "240余个网点 240 个网点"),
        ("“两步作业”减为“一步作业”", "两步 2 步|一步 1 步"),
        ("外部接电工程投资为0", "0 0 None"),
        ("2017、2018", ""),
        ("2019年9月9日", ""),
        ("“1+1”服务团队", ""),
        ("统一受理", ""),
        ("", ""),
    ],
)
def test_numbers_are_read_with_the_units_that_follow_them(words, found):
    rows = quantities(words, ["个网点"])
    assert "|".join(f"{row.printed} {plain(row.value)} {row.unit}" for row in rows) == found
