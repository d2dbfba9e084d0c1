"""The reader of notices on texts that are no notice, are damaged, or are made to slow it down."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reforms.exchange import MAX_LIST_LENGTH, MAX_TEXT_LENGTH, RecordError
from reforms.notice import ERRORS, WARNINGS, NoticeError
from reforms.notice.marks import numeral_value
from tests.test_notice import HEAD, check, codes, first_reading, first_source, read


def refusal(text: str) -> NoticeError:
    with pytest.raises(NoticeError) as raised:
        read(text)
    return raised.value


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "empty", 1, 1),
        ("\n \n", "empty", 1, 1),
        ("甲\n乙\0丙", "unreadable", 2, 2),
        ("甲\ud800", "unreadable", 1, 2),
        ("\x7fELF\x02\x01", "unreadable", 1, 1),
        ("%PDF-1.7\n", "unreadable", 1, 1),
        ("改革\ufffd", "unreadable", 1, 3),
        ("改革举措1:甲。\n<p class='a'>北京市", "html", 2, 1),
        ("改革举措1:甲。", "practice_label_missing", 1, 9),
        ("改革举措1:甲。\n北京市 乙。", "practice_label_missing", 1, 9),
        ("改革举措1:甲。\n改革举措2:乙。具体做法:", "practice_label_missing", 1, 9),
        (HEAD + "北京市 成效:甲。", "outcome_without_practice", 2, 5),
        (HEAD + "成效:甲。", "outcome_without_practice", 2, 1),
        (HEAD + "北京市 甲。\n北京市 乙。", "place_twice", 3, 1),
        (HEAD + "北京市 甲。\n" + HEAD, "number_twice", 3, 1),
        ("(一) 甲(1项)\n(一) 乙(1项)\n" + HEAD, "section_twice", 2, 1),
        ("改革举措1:" + " " * 201, "white_space", 1, 7),
        ("甲" * (MAX_TEXT_LENGTH + 1), "too_long", 1, MAX_TEXT_LENGTH + 1),
        (HEAD + "北京市 甲。" + "甲。成效:" * MAX_LIST_LENGTH, "too_many", 2, 249997),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_text_that_is_no_notice_is_refused_with_its_place(
    text: str, code: str, line: int, column: int
) -> None:
    error = refusal(text)
    assert isinstance(error, RecordError)
    assert (error.code, error.line, error.column) == (code, line, column)
    assert error.expected in ERRORS[code]
    assert str(error) == error.template % error.values
    assert str(error).startswith(f"Line {line}, column {column}: ")


def test_sentences_name_only_values_that_are_given() -> None:
    assert all("%(line)s, column %(column)s" in template for template, _ in ERRORS.values())
    assert set(codes(first_reading())) <= WARNINGS.keys()


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        *[("一", 1), ("十", 10), ("十三", 13), ("二十", 20), ("九十九", 99), ("一百零五", 105)],
        *[("12", 12), ("１２", 12), ("一二", None), ("百", None), ("甲", None), ("", None)],
    ],
)
def test_numerals_are_read(numeral: str, value: int | None) -> None:
    assert numeral_value(numeral) == value


@pytest.mark.parametrize(
    "filling",
    ["(", "(一 ", "改革举措", "取得成效 ", "。 ", "<a ", "市", "北京市 甲", "成效", "\n \n"],
)
def test_a_text_of_full_length_is_read_in_linear_time(filling: str) -> None:
    def seconds(length: int) -> float:
        started = time.process_time()
        read(HEAD + "北京市 甲。" + (filling * length)[:length] + "。")
        return time.process_time() - started

    seconds(1000)
    assert seconds(400_000) < 16 * seconds(50_000) + 0.5


SNIPPETS = [
    *("改革举措7:", "具体做法:", "。具体做法:", "成效:", "\n北京市 ", "\n上海市。", "\n重庆市 "),
    *("\n(八) 开办企业(2项)\n", "\n一、参考\n", "\n\n\n\n照片(资料图片)\n\n", "\n12\n", "。", "\n"),
    *("\r\n", "\u3000", "(资料图片)", "\ufeff", "<", "改革举措"),
]
MUTATIONS = st.one_of(
    st.tuples(st.just("drop"), st.integers(0, 130), st.integers(1, 8)),
    st.tuples(st.just("repeat"), st.integers(0, 130), st.integers(1, 8)),
    st.tuples(st.just("truncate"), st.integers(0, 7000), st.just(0)),
    st.tuples(st.just("behead"), st.integers(0, 7000), st.just(0)),
    st.tuples(st.just("insert"), st.integers(0, 7000), st.integers(0, len(SNIPPETS) - 1)),
    st.tuples(st.just("join"), st.integers(0, 130), st.just(0)),
)


def mutate(text: str, mutation: tuple[str, int, int]) -> str:
    kind, place, argument = mutation
    if kind == "truncate":
        return text[:place]
    if kind == "behead":
        return text[place:]
    if kind == "insert":
        return text[:place] + SNIPPETS[argument] + text[place:]
    lines = text.split("\n")
    if kind == "drop":
        del lines[place : place + argument]
    elif kind == "repeat":
        lines[place:place] = lines[place : place + argument]
    else:
        lines[place : place + 2] = ["".join(lines[place : place + 2])]
    return "\n".join(lines)


def check_or_refuse(text: str) -> None:
    """Assert that the text is read whole, or refused for a reason that lies in the text."""
    try:
        reading = read(text)
    except NoticeError as error:
        refused_for = error.code
    else:
        check(text, reading)
        return
    assert refused_for != "unaccounted"


@settings(max_examples=300, deadline=None, database=None)
@given(st.lists(MUTATIONS, min_size=1, max_size=3))
def test_a_damaged_notice_is_refused_or_accounted_for(
    mutations: list[tuple[str, int, int]],
) -> None:
    text = first_source()
    for mutation in mutations:
        text = mutate(text, mutation)
    check_or_refuse(text)


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(st.sampled_from([*SNIPPETS, "甲", "北京", "(一)", " "]), max_size=30))
def test_any_order_of_labels_is_refused_or_accounted_for(snippets: list[str]) -> None:
    text = HEAD + "北京市 甲。" + "".join(snippets)
    check_or_refuse(text)
