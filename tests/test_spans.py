"""Spans: texts and quotations read off a source, and found again."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from reforms.spans import are_ordered, cut_by, find, is_within, quote_at, text_at, uncovered

TEXT = "甲乙丙\n\n丁戊。\n图片\n己庚。 辛"
WITHIN = [(0, 3), (5, 8), (12, 15)]


def test_spans_cut_by_a_break_are_joined_with_nothing():
    assert text_at(TEXT, [(0, 3), (5, 8)]) == "甲乙丙丁戊。"


def test_a_paragraph_end_inside_a_span_is_one_line_feed():
    assert text_at("甲 \n \n 乙", [(0, 7)]) == "甲\n乙"


def test_a_quotation_marks_only_words_that_were_left_out():
    assert quote_at(TEXT, [(1, 3), (5, 6)], WITHIN) == "乙丙丁"
    assert quote_at(TEXT, [(5, 8), (12, 14)], WITHIN) == "丁戊。己庚"
    assert quote_at(TEXT, [(0, 1), (5, 6)], WITHIN) == "甲…丁"


def test_words_are_found_across_a_break():
    assert list(find(TEXT, "丙丁", WITHIN)) == [((2, 3), (5, 6))]
    assert list(find(TEXT, "图片", WITHIN)) == []
    assert list(find(TEXT, "", WITHIN)) == []


@pytest.mark.parametrize(
    ("spans", "answer"),
    [([(0, 1), (1, 2)], True), ([(0, 2), (1, 3)], False), ([(1, 1)], False), ([(-1, 2)], False)],
)
def test_order(spans, answer):
    assert are_ordered(spans) is answer


def test_a_selection_over_a_caption_becomes_the_spans_of_the_text():
    assert cut_by([(1, 13)], WITHIN) == ((1, 3), (5, 8), (12, 13))
    assert is_within([(5, 8)], WITHIN)
    assert not is_within([(2, 6)], WITHIN)


def test_what_no_span_covers_is_found_without_its_white_space():
    assert [TEXT[start:end] for start, end in uncovered(TEXT, WITHIN)] == ["图片", "辛"]


@given(some.text(alphabet="甲乙 \n。1a", max_size=40), some.data())
def test_every_occurrence_found_reads_as_the_words(text, data):
    start = data.draw(some.integers(0, len(text)))
    end = data.draw(some.integers(start, len(text)))
    words = text_at(text, [(start, end)])
    assume(words == words.strip())
    found = list(find(text, words, [(0, len(text))]))
    assert bool(found) == bool(words)
    for spans in found:
        assert quote_at(text, spans, [(0, len(text))]) == words


def test_a_long_run_of_spaces_stays_as_it_is():
    """A pattern that is quadratic in the run would not come back from this."""
    assert text_at(" " * 200_000, [(0, 200_000)]) == " " * 200_000
