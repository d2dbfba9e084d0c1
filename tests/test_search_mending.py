"""What is looked for instead of words that stand nowhere: runs cut, numbers kept, most of many, bounds."""

import random
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from reforms.filters import MeasureFilterSet
from reforms.models import IndexedWord
from reforms.search import LONGEST_QUERY, MOST_WORDS, Mending, Search, Vocabulary, search
from reforms.search.mending import MOST_CANDIDATES, options_for
from reforms.search.numbers import other_writing
from reforms.search.parts import parts_of
from reforms.search.query import Word, read_query
from reforms.search.spelling import TWO_OFF_FROM, Sayings, near_misses
from tests.test_search_help import find, keys
from tests.test_search_pages import visit
from tests.test_search_query import asked, holding, listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def vocabulary(catalog) -> Vocabulary:
    """The names and synonyms of the real catalog."""
    return Vocabulary()


@pytest.fixture
def sayings(vocabulary) -> Sayings:
    """The Chinese sayings of the real catalog."""
    return Sayings(vocabulary)


def texts(words: tuple[Word, ...]) -> list[str]:
    return [word.text for word in words]


def mends(found: Search) -> list[tuple[str, str]]:
    return [(str(mend.kind), mend.typed) for mend in found.mends]


# --- One word that is left alone leaves the others to be mended ---


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ('受里 "上海"', '受理 "上海"'),
        ("受里 发票 OR 税单", "受理 发票 OR 税单"),
        ('"电子证照" aprroval', '"电子证照" approval'),
    ],
)
def test_words_are_mended_beside_quoted_ones_and_alternatives(catalog, typed, same):
    assert keys(find(typed)) == keys(find(same)) != []


def test_a_named_number_does_not_keep_its_neighbours_from_being_mended(vocabulary):
    found = search("改革举措12 公积斤", vocabulary)
    assert keys(found) == ["12"]
    assert mends(found) == [("spelling", "公积斤")]


def test_most_of_many_words_takes_in_alternatives_and_numbers(vocabulary):
    found = search("立案 火星人 送达 OR 邮寄 2018", vocabulary)
    (mend,) = found.mends
    assert mend.kind is Mending.MOST
    assert mend.shown == ("立案", "送达 OR 邮寄", "2018")
    assert mend.left_out == ("火星人",)
    either = holding("送达") | holding("邮寄")
    for key in keys(found):
        held = [key in holding("立案"), key in either, key in holding("2018")]
        assert 2 * sum(held) >= len(held)
    assert {"21", "22"} <= set(keys(found))


def test_what_is_asked_for_exactly_is_held_by_all_that_is_shown(vocabulary):
    found = search('立案 "律师" 火星人 送达', vocabulary)
    assert mends(found) == [("most", str(found.asked))]
    assert set(keys(found)) <= holding("律师")
    assert keys(found)
    # It counts as one word, and is no word to do without.
    without = search("立案 律师 火星人 送达", vocabulary)
    assert set(keys(found)) == set(keys(without)) & holding("律师") < set(keys(without))
    nowhere = search('审批 "火星人" 发票 送达', vocabulary)
    assert (nowhere.scores, nowhere.mends) == ({}, ())


# --- Runs ---


@pytest.mark.parametrize(
    ("run", "words", "left_out"),
    [
        ("办电时间压缩到5天", ["办电", "时间压缩", "5天"], ()),
        ("接电时间30天", ["接电", "时间", "30天"], ()),
        ("投资5,800万元", ["投资", "5,800万元"], ()),
        ("报装容量160kVA", ["报装", "容量", "160kva"], ()),
        ("投诉热线962988", ["投诉热线", "962988"], ()),
        ("3C认证流程", ["3c认证流程"], ()),
        # A number alone with its unit: the unit, or the number if it is a long one.
        ("7个工作日", ["工作日"], ("7个",)),
        ("50000页", ["50000"], ("页",)),
        ("99天", [], ()),
        # Small words are no parts; other single characters are told.
        ("律师调查令", ["律师", "调查"], ("令",)),
        ("交税要多少钱", ["交税"], ("钱",)),
        ("发票吗", ["发票"], ()),
        # A saying is not broken by a small word beside it.
        ("怎么办电", ["办电"], ()),
        ("怎么办证", ["办证"], ()),
        ("办电要多久", ["办电"], ()),
        ("怎么样办电", ["办电"], ()),
        # But by no other word: no 通电 in 开通电子.
        ("开通电子", ["开通", "电子"], ()),
    ],
)
def test_a_run_keeps_its_sayings_and_its_numbers_with_their_units(sayings, run, words, left_out):
    parts = parts_of(Word(run), sayings)
    if run != "3C认证流程":
        assert (texts(parts.words), parts.left_out) == (words, left_out)
    else:
        assert not any(word.text.isdigit() for word in parts.words)


def test_compounds_of_a_dictionary_are_cut_only_if_all_their_words_stand_somewhere(sayings):
    assert texts(parts_of(Word("养老保险"), sayings).words) == []
    assert texts(parts_of(Word("养老保险"), sayings, is_fine=True).words) == ["养老", "保险"]
    assert (find("养老保险").scores, find("养老保险").mends) == ({}, ())
    # 企业 stands somewhere, 外资 nowhere: it is no answer.
    assert find("外资企业").scores == {}
    found = find("立案庭")
    assert found.mends[0].shown == ("立案",)
    assert found.mends[0].left_out == ("庭",)
    assert keys(found) == keys(find("立案"))


def test_a_question_finds_what_its_saying_finds_and_its_numbers_count(catalog):
    assert keys(find("怎么办电")) == keys(find("办电")) != []
    assert set(keys(find("办电时间压缩到5天"))) <= holding("5天")
    found = find("接电时间30天")
    assert found.mends[0].left_out == ("30天",)


def test_the_page_says_which_parts_are_left_out(catalog):
    note = visit("q=7个工作日").with_class("search-notes")[0].words
    assert "工作日" in note
    assert "7个" in note


def test_a_run_of_two_words_that_stand_apart_leads_to_each(catalog):
    found = find("律师调查令")
    (mend,) = found.mends
    assert (mend.kind, mend.shown, mend.left_out) == (Mending.APART, ("律师", "调查"), ("令",))
    assert not found.scores
    filters = asked("律师调查令")
    ways = [(way.only, way.count) for way in filters.ways_out() if way.only]
    assert ways == [("律师", len(listed("律师"))), ("调查", len(listed("调查")))]
    page = visit("q=律师调查令")
    assert "令" in page.with_class("search-notes")[0].words
    (empty,) = page.with_class("empty")
    assert "律师" in empty.words


def test_a_run_of_many_words_that_stand_apart_shows_those_with_at_least_half(catalog):
    found = find("营商环境评价")
    assert [str(mend.kind) for mend in found.mends] == ["apart", "most"]
    assert found.mends[1].shown == ("营商", "环境", "评价")
    assert found.shows_part
    for key in keys(found):
        assert 2 * sum(key in holding(word) for word in found.mends[1].shown) >= 3


def test_nothing_is_said_to_be_shown_instead_where_nothing_is_shown(catalog):
    found = find("受里 火星人")
    assert (found.scores, found.mends) == ({}, ())


# --- Numbers ---


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("5,800万", "5800万"),
        ("5，800万", "5800万"),
        ("27885次", "27,885次"),
        ("1,234,567", "1234567"),
        ("1234567元", "1,234,567元"),
        ("5,80万", None),
        ("15,8000", None),
        ("1,2,300", None),
        ("0123", None),
        ("5天", None),
        ("发票", None),
    ],
)
def test_a_long_number_has_another_writing(typed, other):
    assert other_writing(typed) == other


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("5,800万", "12"),
        ("5，800万", "12"),
        ("公积金 5,800万", "12"),
        ("5,800万笔查询", "12"),
        ("27885次", "23"),
        ("50000页", "22"),
    ],
)
def test_a_number_is_found_with_and_without_separators_and_the_page_says_so(catalog, typed, key):
    found = find(typed)
    assert keys(found) == [key]
    assert found.mends


def test_a_number_that_stands_as_typed_is_not_mended(catalog):
    for typed in ("5800万", "27,885次", "50,000", "2018年"):
        assert find(typed).scores
        assert find(typed).mends == ()
    assert not find('"5,800万"').scores


# --- Near misses in English ---


@pytest.mark.parametrize("typed", ["refund", "forest", "village", "pension", "retail", "labour"])
def test_a_short_word_is_not_mended_to_one_that_is_two_letters_off(vocabulary, typed):
    assert len(typed) < TWO_OFF_FROM
    assert IndexedWord.objects.exists()
    assert (search(typed, vocabulary).scores, search(typed, vocabulary).mends) == ({}, ())


def test_one_of_four_letters_replaced_is_another_word(vocabulary):
    assert search("shop", vocabulary).mends == ()
    assert search("prot", vocabulary).mends[0].shown == ("port",)
    assert search("cort", vocabulary).mends[0].shown == ("court",)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("electrisity", "electricity"), ("certficate", "certificate"), ("quarentin", "quarantine")],
)
def test_a_long_word_may_be_two_letters_off(vocabulary, typed, shown):
    assert search(typed, vocabulary).mends[0].shown == (shown,)


# --- Bounds ---


def lost_words(letters: str, *, length: int = 9) -> str:
    chosen = random.Random(length)
    words = ["".join(chosen.choices(letters, k=length)) for _ in range(MOST_WORDS)]
    return " ".join(words)


LOST = {
    "chinese": lost_words("企业报税发票不动产登记电子证照办理审批"),
    "sayings": " ".join(
        f"办电{one}交税过户网办" for one in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
    ),
    "latin": lost_words("aeioutrsncd"),
    "typing errors": " ".join(
        f"{word}x"
        for word in [
            "electrcity",
            "registrtion",
            "certficate",
            "enterprse",
            "applicaton",
            "governmnt",
        ]
    ),
    "one long run": "办理企业报税发票不动产登记电子证照" * 11,
}


@pytest.mark.parametrize("name", LOST)
def test_words_that_stand_nowhere_cost_a_bounded_number_of_queries(catalog, client, name):
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/en/measures/", {"q": LOST[name]}).status_code == 200
    assert len(queries) <= 13, "\n".join(query["sql"][:200] for query in queries)


@pytest.mark.parametrize("name", LOST)
def test_what_is_looked_for_instead_is_bounded_over_the_whole_query(sayings, name):
    lost = read_query(LOST[name]).clauses
    misses = near_misses([clause.only_word for clause in lost], sayings)
    options = options_for(lost, sayings.vocabulary)
    words = [word for found in options.values() for option in found for word in option.words]
    assert len(words) <= MOST_CANDIDATES + LONGEST_QUERY // 2
    # Each has its room.
    for clause, found in options.items():
        assert found or not misses[clause.only_word]


# --- Ways out ---


WAYS = (
    *(
        "施工许可 送达",
        "7 发票",
        "发票 -发票",
        "title 审批 deed",
        "受里 火星人",
        "纳税次数",
        "12368 热线",
    ),
    *(
        "measure 审批 12",
        "-审批 -北京",
        '"一网通办" 掘路',
        "发票 OR 税单 掘路",
        "改革举措12 电力",
        "the 99 发票",
    ),
    "办理企业报税发票不动产登记电子证照" * 3,
)


@pytest.mark.parametrize("typed", WAYS)
@pytest.mark.parametrize("more", ["", "&category=electricity"])
def test_every_way_out_leads_to_as_many_as_it_says_and_to_one_at_least(catalog, typed, more):
    address = QueryDict(f"{more}", mutable=True)
    address["q"] = typed
    filters = MeasureFilterSet(address)
    assert filters.is_valid()
    for way in [*filters.ways_out(), *filters.word_ways()]:
        there = MeasureFilterSet(QueryDict(way.query.removeprefix("?")))
        assert there.is_valid(), way
        assert way.count == there.total == len(there.qs) > 0, way


def test_a_word_is_left_out_of_a_list_as_the_list_would_be_read(catalog):
    ways = {way.words: way.query for way in asked("7 发票").ways_out() if way.words}
    assert parse_qs(ways["发票"].removeprefix("?"))["q"] == ["7"]
    assert listed("7")[0] == "7"


def test_the_ways_of_a_run_are_told_in_both_languages(catalog):
    with override("en"):
        answer = Client().get("/en/measures/", {"q": "纳税次数"}).content.decode()
    assert "Only the word “纳税”" in answer
    assert "left out:" not in answer
