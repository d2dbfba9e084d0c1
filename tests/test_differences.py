"""Differences: marks on words that lead from one text to the other, and the phrases both share."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reforms.spans import text_at
from reforms.text import Mark, difference, likeness, shared_phrases
from reforms.text.differences import NEAR_IDENTICAL, SHORTEST_ISLAND
from reforms.text.sharing import SHORTEST_PHRASE_CHARACTERS, SHORTEST_PHRASE_WORDS

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "02_fuzhi-tuiguang-gaige-jucuo.json"
ROWS = [(row["model"], row["fields"]) for row in json.loads(FIXTURE.read_text(encoding="utf-8"))]
ANY = st.text(st.characters(), max_size=30)
# Few characters, so that much agrees, of every kind that is cut by a rule of its own.
LIKELY = st.text("零上门办电时间至天个十五两3015,，.。%％aBé\u0301’- \n\u3000\ud800", max_size=24)
PAIRS = st.one_of(st.tuples(LIKELY, LIKELY), st.tuples(ANY, ANY))


def practices(language):
    """Return the nine pairs of practices of one measure, Beijing's and Shanghai's, by key."""
    found = defaultdict(dict)
    for model, row in ROWS:
        if model == "reforms.practice":
            found[row["measure"][1]][row["city"][0]] = row[f"text_{language}"]
    return {
        key: (text["beijing"], text["shanghai"]) for key, text in found.items() if len(text) > 1
    }


def points():
    """Return the pairs of points of one measure and theme, by both."""
    source = next(row["text"] for model, row in ROWS if model == "reforms.source")
    found = defaultdict(dict)
    for model, row in ROWS:
        if model == "reforms.point":
            key, city = row["practice"][1:]
            found[key, row["theme"][0]][city] = text_at(source, row["spans"])
    return {
        key: (text["beijing"], text["shanghai"]) for key, text in found.items() if len(text) > 1
    }


REAL = [*practices("zh").values(), *practices("en").values(), *points().values()]


def only_here(segments):
    return [segment.text for segment in segments if segment.mark is Mark.ONLY_HERE]


def marked(left, right):
    """Return what is marked in each text."""
    found = difference(left, right)
    return only_here(found.left), only_here(found.right)


def phrases(left, right):
    return [left[slice(*phrase.left[0])] for phrase in shared_phrases(left, right)]


def plain(text):
    wide = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
    return "".join(text.translate(wide).split())


@pytest.mark.parametrize(
    ("left", "right", "here", "there"),
    [
        ("时间至30天", "时间至15天", ["30"], ["15"]),
        ("压缩办电时间至30天", "压缩办电时间至15天", ["30"], ["15"]),
        ("由5天压缩", "由15天压缩", ["5"], ["15"]),
        ("５天", "１５天", ["５"], ["１５"]),
        ("办理1,500笔", "办理2,500笔", ["1,500"], ["2,500"]),
        ("下降10%", "下降10.5%", ["10%"], ["10.5%"]),
        ("发票5800万笔", "发票5800亿笔", ["5800万"], ["5800亿"]),
        ("时间十五天内", "时间三十五天内", ["十五"], ["三十五"]),
        ("至2018,2019年", "至2018,2020年", ["2019"], ["2020"]),
    ],
)
def test_a_number_is_marked_whole_and_alone(left, right, here, there):
    assert marked(left, right) == (here, there)


@pytest.mark.parametrize(
    ("left", "right", "here", "there"),
    [
        ("cut to 30 working days", "cut to 15 working days", ["30"], ["15"]),
        ("handled online.", "handled offline.", ["online"], ["offline"]),
        ("Apply at the café today", "Apply at the cafés today", ["café"], ["cafés"]),
        ("one-stop service", "one-step service", ["one-stop"], ["one-step"]),
        ("apply for the permit", "apply online for the permit", [], ["online "]),
        ("Beijing has set up", "has set up", ["Beijing "], []),
        ("made available online", "made available", [" online"], []),
    ],
)
def test_english_is_marked_by_words(left, right, here, there):
    assert marked(left, right) == (here, there)


def test_chinese_is_marked_by_words_of_the_dictionary():
    assert marked("不动产登记,网上办理", "不动产登记,窗口办理") == (["网上"], ["窗口"])


def test_punctuation_is_a_word():
    assert marked("申请、受理", "申请受理") == (["、"], [])


def test_a_small_island_between_two_changes_is_part_of_the_change():
    assert marked("企业的申请。", "群众的咨询。") == (["企业的申请"], ["群众的咨询"])
    assert marked("online in banks today", "offline in shops today") == (
        ["online in banks"],
        ["offline in shops"],
    )


def test_an_island_of_three_characters_stays():
    assert marked("企业一次性申请", "群众一次性咨询") == (["企业", "申请"], ["群众", "咨询"])


@pytest.mark.parametrize("number", ["5", "10", "十五", "两个"])
def test_a_number_that_agrees_is_never_marked(number):
    left, right = f"企业{number}申请", f"群众{number}咨询"
    assert not any(number in text for side in marked(left, right) for text in side)


def test_what_parts_two_changed_numbers_is_not_marked():
    assert marked("2018年6月起", "2019年7月起") == (["2018", "6"], ["2019", "7"])


def test_identical_texts_have_one_equal_segment():
    found = difference("零上门", "零上门")
    assert [tuple(segment) for segment in found.left] == [("零上门", 0, 3, Mark.EQUAL)]
    assert found.left == found.right
    assert found.likeness == 1


def test_empty_texts_are_alike_and_an_empty_one_is_unlike_any_other():
    assert difference("", "").pieces == ()
    assert likeness("", "") == 1
    assert marked("", "零上门") == ([], ["零上门"])
    assert likeness("", "零上门") == 0
    assert shared_phrases("", "零上门") == ()


def test_wholly_different_texts_are_marked_whole():
    found = difference("网上交费", "文书样式查询")
    assert (only_here(found.left), only_here(found.right)) == (["网上交费"], ["文书样式查询"])
    assert found.likeness == 0
    assert not found.is_near_identical
    assert shared_phrases("网上交费", "文书样式查询") == ()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("申请,受理", "申请，受理"),
        ("160 kVA", "160kVA"),
        ("GPS定位", "ＧＰＳ定位"),
        ("1,500笔", "1，500笔"),
        ("first line\nsecond", "first line second"),
        ("时间 至30天", "时间至30天"),
    ],
)
def test_width_and_white_space_are_told_apart_from_words(left, right):
    found = difference(left, right)
    assert {piece.mark for piece in found.pieces} == {Mark.EQUAL, Mark.TYPESETTING}
    assert found.likeness == 1
    assert found.apply(left) == right


def test_marks_refuse_another_text():
    found = difference("时间至30天", "时间至15天")
    for other in ("", "时间至5天", "时间至30天内"):
        with pytest.raises(ValueError, match="another text"):
            found.apply(other)


@given(PAIRS)
@example(("3", "30"))
@example(("\ud800a", "a\udfff"))
@example((" ", ""))
@example(("a ", " b"))
def test_marks_lead_from_each_text_to_the_other(pair):
    left, right = pair
    found = difference(left, right)
    assert found.apply(left) == right
    assert found.swapped().apply(right) == left
    for segments, text in ((found.left, left), (found.right, right)):
        assert "".join(segment.text for segment in segments) == text
        assert all(text[one.start : one.end] == one.text != "" for one in segments)
        assert all(one.mark is not other.mark for one, other in pairwise(segments))


@given(PAIRS)
def test_each_mark_says_what_is_so(pair):
    for mark, left, right in difference(*pair).pieces:
        assert (mark is Mark.EQUAL) == (left == right)
        assert (mark is not Mark.ONLY_HERE) == (plain(left) == plain(right))


@given(LIKELY, LIKELY)
def test_no_mark_begins_or_ends_inside_a_number(left, right):
    found = difference(left, right)
    for segments in (found.left, found.right):
        for one, other in pairwise(segments):
            assert not (one.text[-1].isdecimal() and other.text[0].isdecimal())


@given(PAIRS)
def test_exchanging_the_texts_exchanges_marks_and_phrases(pair):
    left, right = pair
    assert difference(right, left) == difference(left, right).swapped()
    swapped = {(phrase.right, phrase.left) for phrase in shared_phrases(right, left)}
    assert swapped == {tuple(phrase) for phrase in shared_phrases(left, right)}


@given(st.text(st.characters()))
def test_any_text_is_like_itself(text):
    assert likeness(text, text) == 1
    assert {piece.mark for piece in difference(text, text).pieces} <= {Mark.EQUAL}


def test_a_phrase_has_four_chinese_characters_or_three_words():
    assert phrases("推行网上立案", "开通网上立案服务") == ["网上立案"]
    assert phrases("推行网上交", "开通网上交") == []
    assert phrases("see online case filing.", "by Online Case Filing now") == ["online case filing"]
    assert phrases("see online filing.", "by online filing now") == []


def test_numbers_and_words_count_in_a_chinese_phrase():
    assert phrases("共160千伏安。", "达160千伏安。") == ["160千伏安"]
    assert phrases("用160千伏", "达1160千伏") == []


def test_a_phrase_neither_begins_nor_ends_with_punctuation():
    assert phrases("推出“网上立案”,等", "实现“网上立案”,即") == ["网上立案"]


def test_phrases_look_through_width_and_white_space_but_give_the_text():
    left, right = "实行GPS\n作业定位", "采用ＧＰＳ作业定位"
    (phrase,) = shared_phrases(left, right)
    assert left[slice(*phrase.left[0])] == "GPS\n作业定位"
    assert right[slice(*phrase.right[0])] == "ＧＰＳ作业定位"


def test_a_phrase_tells_every_place_where_it_stands_in_either_order():
    left, right = "网上立案。住房公积金。", "住房公积金、网上立案、网上立案"
    assert shared_phrases(left, right) == (
        (((0, 4),), ((6, 10), (11, 15))),
        (((5, 10),), ((0, 5),)),
    )


def test_of_overlapping_phrases_the_longest_is_told():
    assert phrases("不动产登记中心", "不动产登记,动产登记中心") == ["动产登记中心"]


@given(PAIRS)
def test_phrases_agree_and_do_not_overlap(pair):
    found = shared_phrases(*pair)
    for side, text in enumerate(pair):
        spans = sorted(span for phrase in found for span in phrase[side])
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
        assert all(phrase[side] for phrase in found)
        for phrase in found:
            words = {plain(text[start:end]).casefold() for start, end in phrase[side]}
            assert words == {plain(pair[0][slice(*phrase.left[0])]).casefold()}


@given(LIKELY, st.sampled_from(["网上立案服务", "online case filing"]), LIKELY)
def test_a_phrase_that_both_have_is_found(before, phrase, after):
    left, right = f"{before}。{phrase}。", f"{phrase}。{after}"
    assert any(phrase in left[slice(*place.left[0])] for place in shared_phrases(left, right))


def test_the_notice_gives_nine_pairs_of_practices_and_points_of_one_theme():
    assert len(practices("zh")) == len(practices("en")) == 9
    assert len(points()) == 28


@pytest.mark.parametrize(("left", "right"), REAL)
def test_marks_lead_from_each_real_text_to_the_other(left, right):
    found = difference(left, right)
    assert found.apply(left) == right
    assert found.swapped().apply(right) == left
    assert found == difference(left, right)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_two_cities_practices_are_worded_differently_throughout(language):
    likenesses = [likeness(left, right) for left, right in practices(language).values()]
    assert max(likenesses) < NEAR_IDENTICAL


def test_points_that_are_near_identical():
    near = {
        key for key, (left, right) in points().items() if likeness(left, right) >= NEAR_IDENTICAL
    }
    assert near == {("9", "unified-platform"), ("23", "online-filing")}
    assert marked(*points()["9", "unified-platform"]) == (["管理信息系统"], ["管理信息"])


@pytest.mark.parametrize("text", [text for pair in REAL[:18] for text in pair])
def test_a_practice_with_a_clause_more_or_another_number_is_near_identical(text):
    assert difference(text, text.replace("1", "7")).is_near_identical
    assert difference(text, f"{text}推行网上立案,零上门。").is_near_identical


def test_phrases_that_two_practices_share():
    left, right = practices("zh")["9"]
    assert phrases(left, right) == [
        "建立市级层面统一的不动产登记和地籍管理信息",
        "不动产登记单元号作为",
        "唯一关联码",
        "不动产登记",
    ]
    assert "the project manager is responsible for the" in phrases(*practices("en")["8"])


def test_the_limits_are_the_documented_ones():
    assert (SHORTEST_ISLAND, SHORTEST_PHRASE_CHARACTERS, SHORTEST_PHRASE_WORDS) == (3, 4, 3)


def test_a_long_text_of_one_word_is_still_marked():
    found = difference("天" * 600 + "5", "天" * 500 + "6")
    assert found.apply("天" * 600 + "5") == "天" * 500 + "6"


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_every_process_gives_the_same_marks_and_phrases(seed):
    left, right = practices("zh")["6"]
    ask = "import sys; from reforms.text import *; texts = sys.argv[1:]; "
    ask += "print((difference(*texts), shared_phrases(*texts)))"
    done = subprocess.run(
        [sys.executable, "-c", ask, left, right],
        cwd=FIXTURE.parent.parent,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        text=True,
        encoding="utf-8",
        capture_output=True,
        check=True,
    )
    assert done.stdout.strip() == repr((difference(left, right), shared_phrases(left, right)))
