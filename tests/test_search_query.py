"""What was typed, as it is read: words, alternatives, phrases, exclusions, numbers; nothing breaks it."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.translation import override
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reforms.filters import WORDS_LIMIT, MeasureFilterSet
from reforms.models import Measure
from reforms.search import LONGEST_QUERY, MOST_WORDS, Vocabulary, count_words, search
from reforms.search.query import SMALL_WORDS, read_query

LIST = "/en/measures/"
# What means something to a search box, or to one of the databases.
OPERATORS = (
    *("发票", "審批", "受里", "aprroval", '"', "-", "OR", "12", "第三项", "１５天", "😀"),
    *("'", "\\", "*", ":*", "<->", "!", "(", ")", "&", "|", "NEAR", "AND", "NOT", "%", "_", "^"),
)


def clauses(typed: str) -> list[list[list[str]]]:
    """Return the words of each alternative of each clause of a query; quoted ones keep their marks."""
    return [
        [list(map(str, alternative)) for alternative in clause.typed]
        for clause in read_query(typed).clauses
    ]


def words(typed: str) -> list[str]:
    """Return the words of a query without alternatives, in order."""
    found = clauses(typed)
    assert all(len(alternatives) == len(alternatives[0]) == 1 for alternatives in found)
    return [alternatives[0][0] for alternatives in found]


def excluded(typed: str) -> list[str]:
    return list(map(str, read_query(typed).excluded))


def test_words_part_at_any_white_space_and_all_are_wanted():
    assert words("电子 证照") == ["电子", "证照"]
    assert words(" 电子　证照\t发票\n税 ") == ["电子", "证照", "发票", "税"]
    assert words("一网通办") == ["一网通办"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("发票 OR 税单", [[["发票"], ["税单"]]]),
        ("发票 OR 税单 OR 凭证", [[["发票"], ["税单"], ["凭证"]]]),
        ("电子 发票 OR 税单 北京", [[["电子"]], [["发票"], ["税单"]], [["北京"]]]),
        ("甲 OR 乙 丙 OR 丁", [[["甲"], ["乙"]], [["丙"], ["丁"]]]),
        ('"电子 发票" OR 税单', [[['"电子 发票"'], ["税单"]]]),
        ("发票 ＯＲ 税单", [[["发票"], ["税单"]]]),
        # Without a neighbour on one side it joins nothing.
        ("OR 发票", [[["发票"]]]),
        ("发票 OR", [[["发票"]]]),
        ("发票 OR OR 税单", [[["发票"], ["税单"]]]),
        ("OR 发票 税单", [[["发票"]], [["税单"]]]),
        # Only in capitals, out of quotation marks, and beside others.
        ("发票 or 税单", [[["发票"]], [["or"]], [["税单"]]]),
        ('发票 "OR" 税单', [[["发票"]], [['"OR"']], [["税单"]]]),
        ("OR", [[["OR"]]]),
        ("ORAL 税单", [[["ORAL"]], [["税单"]]]),
    ],
)
def test_or_binds_its_two_neighbours(typed, expected):
    assert clauses(typed) == expected


def test_two_operators_alone_are_nothing_to_find_or_words():
    query = read_query("OR OR")
    assert query.is_empty == (not query.clauses)


@pytest.mark.parametrize(
    ("typed", "wanted", "hidden"),
    [
        ("立案 -上海", ["立案"], ["上海"]),
        ("-上海 立案", ["立案"], ["上海"]),
        ("-上海", [], ["上海"]),
        ('立案 -"网上 立案"', ["立案"], ['"网上 立案"']),
        ("立案 －上海", ["立案"], ["上海"]),
        ("立案 -上海 -上海 -北京", ["立案"], ["上海", "北京"]),
        # A hyphen inside a word, or without a word behind it, is punctuation.
        ("one-stop", ["one-stop"], []),
        ("2018-2019年", ["2018-2019年"], []),
        ("立案 - 上海", ["立案", "上海"], []),
        ("立案 -", ["立案"], []),
        ("立案 --上海", ["立案"], ["-上海"]),
        ('"立案"-上海', ['"立案"', "上海"], []),
        ("立案 -。", ["立案"], []),
    ],
)
def test_a_hyphen_before_a_word_excludes_it(typed, wanted, hidden):
    assert words(typed) == wanted
    assert excluded(typed) == hidden


def test_an_excluded_neighbour_is_no_alternative():
    assert clauses("发票 OR -税单 凭证")[0][0] == ["发票"]
    assert excluded("发票 OR -税单") == ["税单"]


def test_or_does_not_reach_over_what_is_excluded():
    assert clauses("发票 OR -北京 法院") == [[["发票"]], [["法院"]]]
    assert excluded("发票 OR -北京 法院") == ["北京"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"一网通办"', ['"一网通办"']),
        ('"一网  通办 "', ['"一网 通办"']),
        ("＂一网通办＂ 发票", ['"一网通办"', "发票"]),
        ('＂一网通办" 发票', ['"一网通办"', "发票"]),
        ('发票"一网通办"税单', ["发票", '"一网通办"', "税单"]),
        # A mark without its partner ends at the end; nothing between two is nothing.
        ('发票 "一网 通办', ["发票", '"一网 通办"']),
        ('发票"', ["发票"]),
        ('"', []),
        ('""', []),
        ('"" 发票', ["发票"]),
        ('" " "。" 发票', ["发票"]),
        # Chinese quotation marks are punctuation of the texts.
        ("“零上门” 服务", ["“零上门”", "服务"]),
    ],
)
def test_straight_quotation_marks_hold_a_phrase(typed, expected):
    assert words(typed) == expected


def test_small_english_words_count_only_in_quotation_marks_or_alone():
    assert words("how to pay the tax in Beijing") == ["pay", "tax", "Beijing"]
    assert words("The Tax") == ["Tax"]
    assert words('"the tax" of') == ['"the tax"']
    assert words("the of") == ["the", "of"]
    assert words("the") == ["the"]
    assert {"of", "the", "how"} <= SMALL_WORDS
    assert clauses("of OR tax the") == [[["of"], ["tax"]]]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12),
        ("１８", 18),
        (" 12 ", 12),
        ("012", 12),
        ("改革举措12", 12),
        ("改革举措 12", 12),
        ("改革举措１２:", 12),
        ("改革举措第12项", 12),
        ("举措12", 12),
        ("第12项", 12),
        ("第十二项", 12),
        ("第二十三项改革举措", 23),
        ("measure 12", 12),
        ("Measure No. 12", 12),
        ("reform measure 12", 12),
        ("No. 12", 12),
        ("no.12", 12),
        ("#12", 12),
        ("number 12", 12),
        # Everything else is words.
        ("12天", None),
        ("12.5", None),
        ("-12", None),
        ('"12"', None),
        ("1234567", None),
        ("十二", None),
        ("12项", None),
        ("measure twelve", None),
        ("12kV", None),
    ],
)
def test_a_query_may_ask_for_a_measure_by_its_number(typed, number):
    query = read_query(typed)
    assert {word.number for word in query.words} <= {number}
    assert number is None or len(query.words) == 1


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("发票 12", [None, None]),
        ("12 OR 15", [None, None]),
        ("12 15", [None, None]),
        ("7 working days", [None, None, None]),
        ("measures 12 days", [None, None, None]),
        ("12 -上海", [None]),
        # Named, it may stand among other words.
        ("发票 第12项", [None, 12]),
        ("改革举措12 OR 改革举措15", [12, 15]),
        ("改革举措 12 电力", [12, None]),
        ("measure 12 electricity", [12, None]),
        ("electricity in reform measure no. 12", [None, 12]),
        ("#12 fund", [12, None]),
        # What is left of small words and operators is the whole query.
        ("the 12", [12]),
        ("12 OR", [12]),
    ],
)
def test_a_number_among_words_asks_for_its_measure_only_by_name(typed, numbers):
    assert [word.number for word in read_query(typed).words] == numbers


@pytest.mark.django_db
def test_a_bare_number_among_words_is_not_answered_by_the_measure_of_that_number(catalog):
    assert listed("9 不动产") == [key for key in listed("不动产") if key in holding("9")]
    assert "9" not in holding("9")
    assert listed("改革举措9 不动产") == ["9"]


@pytest.mark.parametrize("typed", ["", "   ", "。", "“”……", "😀", "-", '""', "- -", "\u0301", "—"])
def test_what_holds_no_letter_and_no_digit_is_nothing_to_find(typed):
    query = read_query(typed)
    assert (query.is_empty, query.clauses, query.excluded) == (True, (), ())
    assert count_words(typed) == 0


def test_a_query_that_only_excludes_is_not_empty():
    assert not read_query("-上海").is_empty
    assert count_words("-上海 发票 。") == 2


def test_emoji_part_words_like_punctuation():
    assert words("发票😀税单") == ["发票😀税单"]
    assert read_query("发票😀税单").words[0].phrase == read_query("发票,税单").words[0].phrase
    assert words("😀 发票") == ["发票"]


@given(st.text(max_size=300))
def test_reading_a_query_and_what_it_shows_never_fails(typed):
    query = read_query(typed)
    assert query.is_empty == (not query.clauses and not query.excluded)
    assert len(query.words) + len(query.excluded) <= max(1, count_words(typed))
    if count_words(typed) == 0:
        assert query.is_empty


@given(
    st.lists(
        st.sampled_from(
            ["发票", "tax", "OR", '"一网 通办"', "-上海", '-"a b"', "12", "one-stop", "the"]
        ),
        max_size=8,
    )
)
def test_a_query_written_out_is_read_as_the_same(parts):
    query = read_query(" ".join(parts))
    assert read_query(str(query)) == query


# --- What the list makes of it ---


def asked(typed: str) -> MeasureFilterSet:
    address = QueryDict(mutable=True)
    address["q"] = typed
    return MeasureFilterSet(address)


def listed(typed: str) -> list[str]:
    """Return the keys of the measures that are found, in order."""
    filters = asked(typed)
    assert filters.is_valid(), filters.errors
    return [measure.key for measure in filters.qs]


def holding(*phrases: str) -> set[str]:
    """Return the keys of the measures that hold each phrase somewhere."""
    return set.intersection(*(set(listed(f'"{phrase}"')) for phrase in phrases))


def keys() -> set[str]:
    return set(Measure.objects.values_list("key", flat=True))


@pytest.mark.django_db
def test_words_are_sought_over_the_whole_measure(catalog):
    found = set(listed('"发票" "审批"'))
    assert found == holding("发票", "审批")
    assert set(listed('"发票" "邮寄"')) == holding("发票", "邮寄") != set()
    # 办税 and 立案 stand in different texts of different cities, if in one measure at all.
    assert set(listed('"北京" "上海"')) == holding("北京", "上海")


@pytest.mark.django_db
def test_alternatives_join_and_exclusions_take_away(catalog):
    assert set(listed('"发票" OR "立案"')) == holding("发票") | holding("立案")
    assert set(listed('"发票" OR "立案" "上海"')) == (
        (holding("发票") | holding("立案")) & holding("上海")
    )
    assert set(listed('"立案" -送达')) == holding("立案") - holding("送达")
    assert holding("立案") & holding("送达")
    assert set(listed("-审批")) == keys() - holding("审批")
    assert set(listed("-审批 -发票")) == keys() - holding("审批") - holding("发票")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["12", "１２", "改革举措12", "第十二项", "第12项", "measure 12", "No. 12", "012"]
)
def test_a_measure_asked_for_by_its_number_comes_first(catalog, typed):
    assert listed(typed)[0] == "12"


@pytest.mark.django_db
def test_a_measure_is_found_by_its_key(catalog):
    assert listed("fragment-1")[0] == "fragment-1"
    assert listed("FRAGMENT-1")[0] == "fragment-1"


@pytest.mark.django_db
def test_a_number_with_its_unit_is_found_as_written(catalog):
    for typed in ("15天", "１５天", "160千伏安", "5800万"):
        assert holding(typed), typed
        assert set(listed(typed)) == holding(typed), typed
    assert set(listed("5天")) < keys()
    assert "8" in holding("15天") - holding("5天")


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["。", "“”", "😀", '""', "-", '"。" -!'])
def test_a_query_without_anything_to_find_finds_nothing(catalog, typed):
    assert listed(typed) == []
    assert search(typed, Vocabulary()).has_nothing_to_find


REFUSED = {
    "NUL": ("发票\0", "character that is no text"),
    "half a pair": ("\ud800", "character that is no text"),
    "the other half": ("a\udfffb", "character that is no text"),
    "10,000 characters": (
        "长" * 10_000,
        "At most 200 characters can be looked for; these are 10000",
    ),
    "one too many": ("长" * 201, "At most 200 characters can be looked for; these are 201"),
    "too many words": ("税 " * 21, "At most 20 words can be looked for at once; these are 21"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_looked_for_is_refused_with_a_message(catalog, name):
    typed, message = REFUSED[name]
    filters = asked(typed)
    with override("en"):
        assert not filters.is_valid()
        assert message in " ".join(filters.errors["q"])
    assert len(filters.qs) == filters.total == 0


@pytest.mark.django_db
def test_the_longest_query_and_the_most_words_are_taken(catalog):
    assert LONGEST_QUERY == WORDS_LIMIT == 200
    assert asked("长" * WORDS_LIMIT).is_valid()
    assert asked("税 " * MOST_WORDS).is_valid()
    assert asked("税 " * MOST_WORDS).qs
    assert asked(" ".join(['"', "。"] * 50)).is_valid()


NOTHING_TYPED = "Nothing was typed that can be looked for"
ADDRESSES = {
    "NUL": ("%00", 400, "holds characters or values that this catalog cannot read"),
    "long": ("%E9%95%BF" * 1_000, 400, "At most 200 characters"),
    "many words": ("a+" * 21, 400, "At most 20 words"),
    # Half of a pair is no UTF-8: it arrives as the sign for what cannot be read.
    "half a pair": ("%ED%A0%80", 200, NOTHING_TYPED),
    "no UTF-8": ("%FF", 200, NOTHING_TYPED),
    "emoji": ("%F0%9F%98%80", 200, NOTHING_TYPED),
    "one mark": ("%22", 200, NOTHING_TYPED),
    "hyphen": ("-", 200, NOTHING_TYPED),
    "operator": ("OR", 200, ""),
    "marks and operators": ("%22%22%22+OR+-%22", 200, ""),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ADDRESSES)
def test_any_address_gives_a_page_with_a_result_or_a_message(catalog, name):
    typed, status, message = ADDRESSES[name]
    answer = Client().get(f"{LIST}?q={typed}")
    assert answer.status_code == status
    assert message in answer.content.decode()


@pytest.mark.django_db
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    typed=st.one_of(
        st.text(max_size=LONGEST_QUERY),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
        st.lists(
            st.sampled_from(OPERATORS),
            max_size=12,
        ).map(" ".join),
    )
)
@example("㌀" * LONGEST_QUERY)
@example("1日" * (LONGEST_QUERY // 2))
@example("ﷺ" * LONGEST_QUERY)
@example("\ud800")
@example("a\0b")
@example('"' * LONGEST_QUERY)
@example("𠀀𠀁𠀂")
@example("É" * LONGEST_QUERY)
@example("天" * LONGEST_QUERY)
@example("办理企业报税发票不动产登记电子证照" * 11)
def test_no_words_make_a_search_fail(catalog, vocabulary, typed):
    found = search(typed, vocabulary)
    public = set(Measure.objects.public().values_list("pk", flat=True))
    assert set(found.scores) <= public
    assert all(0 < score < 1 << 32 for score in found.scores.values())
    assert not found.has_nothing_to_find or not found.scores
    assert all(set(one.scores) <= public for _word, one in found.shorter())
    search(found.exactly, vocabulary)


@pytest.fixture
def vocabulary(catalog) -> Vocabulary:
    """The names and synonyms of the catalog, read once."""
    return Vocabulary()
