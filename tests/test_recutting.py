"""Re-cutting: words get another role, and texts and quotations follow or the cut is refused."""

from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reforms.exchange import RecordError
from reforms.invariants import check_measure, check_tiling
from reforms.records import OutcomeState, Role, TranslationState
from reforms.recutting import MAX_PLACES, Cut, LineEnds, places, recut
from reforms.text import words
from tests import world

CITIES = (world.BEIJING, world.SHANGHAI)
MEASURES = {"1": world.measure_one, "2": world.measure_two, "3": world.measure_three}


def cut(key, chosen, role, **options):
    """Re-cut a measure of the world at the first place of the chosen words."""
    start = world.TEXT.index(chosen, max(0, world.passages(key)[0].start - 40))
    given_words = Cut(start=start, end=start + len(chosen), role=role, **options)
    record, left = recut(MEASURES[key](), world.passages(None), given_words, world.TEXT, CITIES)
    check_measure(record, world.TEXT)
    others = [part for other in "123" if other != key for part in world.passages(other)]
    check_tiling([*record.passages, *left, *others], world.TEXT)
    return record, left


def refusal(key, chosen, role, **options):
    with pytest.raises(RecordError) as caught:
        cut(key, chosen, role, **options)
    return str(caught.value)


def test_a_caption_given_to_the_practice_joins_its_text():
    caption = "外籍人才在服务大厅办理业务(资料图片)"
    record, left = cut("3", caption, Role.PRACTICE, city=world.SHANGHAI)
    assert record.practices[0].practice_zh == f"推进数据共享,为银行开通在线{caption}查询系统。"
    assert Role.CAPTION not in {part.role for part in left}


def test_a_part_of_a_caption_leaves_the_rest_to_the_source():
    record, left = cut("3", "外籍人才", Role.PRACTICE, city=world.SHANGHAI)
    assert record.practices[0].practice_zh == "推进数据共享,为银行开通在线外籍人才查询系统。"
    rest = next(part for part in left if part.role == Role.CAPTION)
    assert world.TEXT[rest.start : rest.end] == "在服务大厅办理业务(资料图片)"


def test_words_of_the_practice_given_to_the_source_leave_its_text():
    record, left = cut("3", "查询系统。", Role.CAPTION, is_own=False)
    assert record.practices[0].practice_zh == "推进数据共享,为银行开通在线"
    assert [world.TEXT[p.start : p.end] for p in left if p.role == Role.CAPTION] == [
        "外籍人才在服务大厅办理业务(资料图片)",
        "查询系统。",
    ]


def test_a_cut_there_and_back_changes_nothing():
    record, left = cut("3", "查询系统。", Role.CAPTION, is_own=False)
    start = world.TEXT.index("查询系统。")
    back = Cut(start=start, end=start + 5, role=Role.PRACTICE, city=world.SHANGHAI)
    again, left = recut(record, left, back, world.TEXT, CITIES)
    assert again == world.measure_three()
    assert left == world.passages(None)


def test_words_given_their_own_role_change_nothing():
    record, left = cut("1", "“三零”", Role.PRACTICE, city=world.BEIJING)
    assert (record, left) == (world.measure_one(), world.passages(None))


def test_the_end_of_the_practice_becomes_the_outcome():
    record, _left = cut("2", "客户经理全程代办接电报批手续。", Role.OUTCOME, city=world.SHANGHAI)
    shanghai = record.practices[1]
    assert shanghai.practice_zh == "实行双经理负责制,"
    assert shanghai.outcome_state == OutcomeState.STATED
    assert (shanghai.outcome_zh, shanghai.outcome_en) == ("客户经理全程代办接电报批手续。", None)


def test_an_outcome_without_words_is_no_longer_stated():
    full = world.measure_one()
    shanghai = replace(full.practices[1], figures=full.practices[1].figures[:1])
    record = replace(full, practices=(full.practices[0], shanghai))
    spans = shanghai.outcome_spans[0]
    given_words = Cut(start=spans[0], end=spans[1], role=Role.PRACTICE, city=world.SHANGHAI)
    changed, _left = recut(record, world.passages(None), given_words, world.TEXT, CITIES)
    assert changed.practices[1].outcome_state == OutcomeState.NOT_STATED
    assert changed.practices[1].outcome_zh is None
    unread = replace(record, is_read_whole=False)
    changed, _left = recut(unread, world.passages(None), given_words, world.TEXT, CITIES)
    assert changed.practices[1].outcome_state == OutcomeState.NOT_ENTERED


def test_a_city_without_a_practice_gets_one_and_may_lose_it():
    record, left = cut("3", "查询系统。", Role.PRACTICE, city=world.BEIJING)
    beijing, shanghai = record.practices
    assert (beijing.city, beijing.practice_zh) == (world.BEIJING, "查询系统。")
    assert not beijing.city_is_printed
    assert beijing.translation_state == TranslationState.MISSING
    assert shanghai.practice_zh == "推进数据共享,为银行开通在线"
    start = world.TEXT.index("查询系统。")
    back = Cut(start=start, end=start + 5, role=Role.PRACTICE, city=world.SHANGHAI)
    assert recut(record, left, back, world.TEXT, CITIES)[0] == world.measure_three()


def test_a_city_is_printed_once_its_label_is_cut():
    record, left = cut("3", "查询系统。", Role.PRACTICE, city=world.BEIJING)
    start = world.TEXT.index("上海市", world.passages("3")[0].start)
    label = Cut(start=start, end=start + 3, role=Role.CITY_LABEL, city=world.BEIJING)
    changed, _left = recut(record, left, label, world.TEXT, CITIES)
    assert [part.city_is_printed for part in changed.practices] == [True, False]


def test_a_label_needs_the_practice_of_its_city_first():
    said = refusal("3", "上海市", Role.CITY_LABEL, city=world.BEIJING)
    assert "give the words of this city's practice first" in said


def test_a_title_is_read_anew_and_one_typed_over_stays():
    record, _left = cut("2", "制", Role.PRACTICE_LABEL)
    assert record.title_zh == "实行接电工程双经理负责"
    typed = replace(world.measure_two(), title_zh="我们的标题")
    start = world.TEXT.index("制。具体做法")
    given_words = Cut(start=start, end=start + 1, role=Role.PRACTICE_LABEL)
    changed, _left = recut(typed, world.passages(None), given_words, world.TEXT, CITIES)
    assert changed.title_zh == "我们的标题"


@pytest.mark.parametrize(
    ("key", "chosen", "role", "city", "said"),
    [
        ("1", "“零上门”", Role.OUTCOME, world.BEIJING, "a point would lose its words"),
        ("1", "56天", Role.OUTCOME, world.BEIJING, "a figure would lose its quotation"),
        ("2", "协调协调", Role.CAPTION, None, "an erratum would lose its words"),
        ("3", "(二) 登记财产(2项)", Role.CAPTION, None, "an erratum would lose its words"),
    ],
)
def test_what_would_lose_its_words_refuses_the_cut(key, chosen, role, city, said):
    assert said in refusal(key, chosen, role, city=city)


def test_words_of_another_measure_are_refused():
    chosen = world.TEXT[world.passages("2")[-1].start : world.passages("3")[0].end]
    assert "belong to another measure" in refusal("2", chosen, Role.PRACTICE, city=world.SHANGHAI)


def test_a_practice_with_points_keeps_some_words():
    spans = world.spans_of("2", Role.PRACTICE, world.SHANGHAI)
    chosen = world.TEXT[spans[0][0] : spans[0][1]]
    said = refusal("2", chosen, Role.CAPTION)
    assert "without words" in said


@pytest.mark.parametrize(
    ("chosen", "options", "path"),
    [
        ("\n", {"role": Role.CAPTION}, "cut"),
        ("查询", {"role": Role.PRACTICE}, "city"),
        ("查询", {"role": Role.PRACTICE, "city": world.SHANGHAI, "is_own": False}, "role"),
        ("查询", {"role": Role.RUNNING_HEAD}, "role"),
        ("查询", {"role": Role.SECTION_HEADING, "is_own": False}, "section"),
        ("外籍", {"role": Role.RUNNING_HEAD, "is_own": False}, "cut"),
    ],
)
def test_a_cut_that_says_nothing_sensible_is_refused(chosen, options, path):
    with pytest.raises(RecordError) as caught:
        cut("3", chosen, **options)
    assert caught.value.path == path


def test_a_page_break_is_joined_or_kept_as_a_paragraph():
    chosen = "由电\n\n力公司投资建设。"
    record, _left = cut(
        "1", chosen, Role.PRACTICE, city=world.BEIJING, line_ends=LineEnds.PARAGRAPH
    )
    beijing = record.practices[0]
    assert "由电\n力公司投资建设。" in beijing.practice_zh
    assert len(beijing.practice_spans) == 1
    assert len(beijing.points[1].spans) == 1
    start = world.TEXT.index(chosen)
    back = Cut(
        start=start,
        end=start + len(chosen),
        role=Role.PRACTICE,
        city=world.BEIJING,
        line_ends=LineEnds.BREAK,
    )
    again, _left = recut(record, world.passages(None), back, world.TEXT, CITIES)
    assert again == world.measure_one()


WORDS = [
    (part.start + low, part.start + high)
    for part in sorted([*world.passages("1"), *world.passages(None)], key=lambda p: p.start)
    for low, high in words(world.TEXT[part.start : part.end])
]


@settings(max_examples=150, deadline=None)
@given(
    first=st.integers(0, len(WORDS) - 1),
    length=st.integers(0, 12),
    role=st.sampled_from(list(Role)),
    is_own=st.booleans(),
    city=st.sampled_from([None, *CITIES]),
    line_ends=st.sampled_from(list(LineEnds)),
)
def test_any_cut_holds_or_is_refused(first, length, role, is_own, city, line_ends):
    given_words = Cut(
        start=WORDS[first][0],
        end=WORDS[min(first + length, len(WORDS) - 1)][1],
        role=role,
        is_own=is_own,
        city=city,
        section="一",
        line_ends=line_ends,
    )
    try:
        record, left = recut(
            world.measure_one(), world.passages(None), given_words, world.TEXT, CITIES
        )
    except RecordError:
        return
    others = [*world.passages("2"), *world.passages("3")]
    check_tiling([*record.passages, *left, *others], world.TEXT)
    with suppress(RecordError):
        check_measure(record, world.TEXT)
        return
    # Only a printed value that a paragraph now parts is left to the rule that speaks of it.
    with pytest.raises(RecordError, match="printed value"):
        check_measure(record, world.TEXT)


def test_places_are_all_occurrences_in_order():
    within = world.spans_of("1", Role.PRACTICE, world.BEIJING)
    found = places(world.TEXT, "压缩至", within)
    assert len(found) == 2
    assert all(world.TEXT[low:high] == "压缩至" for ((low, high),) in found)
    assert places(world.TEXT, "不在这里", within) == []
    assert places(world.TEXT, "", within) == []


def test_places_of_pieces_ascend():
    within = world.spans_of("1", Role.PRACTICE, world.BEIJING)
    found = places(world.TEXT, "56天…压缩至", within)
    assert len(found) == 2
    assert all(low[1] <= high[0] for spans in found for low, high in pairwise(spans))
    assert places(world.TEXT, "5天。…56天", within) == []


def test_words_across_a_break_are_one_place_of_two_spans():
    within = world.spans_of("1", Role.PRACTICE, world.BEIJING)
    ((left, right),) = places(world.TEXT, "由电力公司", within)
    assert world.TEXT[slice(*left)] + world.TEXT[slice(*right)] == "由电力公司"


def test_places_are_bounded_for_any_words():
    text = "天" * 5000
    assert len(places(text, "天", ((0, 5000),))) == MAX_PLACES
    assert len(places(text, "天…天…天…天", ((0, 5000),))) == MAX_PLACES
    assert places(text, "…".join("天" * 2000), ((0, 5000),)) == []
