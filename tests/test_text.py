"""Words: every character but white space stands in exactly one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reforms.text import characters, words
from tests import world


def cut(text):
    return [text[start:end] for start, end in words(text)]


def test_chinese_latin_and_numbers_are_cut_as_a_reader_would():
    assert cut("GPS定位5800万笔,10.5%") == ["GPS", "定位", "5800", "万笔", ",", "10.5%"]


def test_marks_are_words_by_themselves_and_white_space_is_none():
    assert cut("“零上门”:\n 服务") == ["“", "零", "上门", "”", ":", "服务"]


@pytest.mark.parametrize("unit", [words, characters])
@given(text=st.text(alphabet="零上门GPSx10.5% \n,。“”１Ａ𠀀é-'", max_size=40))
def test_words_tile_any_text(unit, text):
    spans = list(unit(text))
    assert all(start < end for start, end in spans)
    assert all(low[1] <= high[0] for low, high in pairwise(spans))
    assert "".join(text[start:end] for start, end in spans) == "".join(text.split())


def test_words_tile_the_notice():
    joined = "".join(world.TEXT[start:end] for start, end in words(world.TEXT))
    assert joined == "".join(world.TEXT.split())
