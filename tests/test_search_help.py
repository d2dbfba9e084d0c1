"""What helps who types other words: synonyms, near misses, the words of a run, suggestions, reasons."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from reforms.filters import WORDS_LIMIT, MeasureFilterSet
from reforms.models import Category, IndexedWord, Measure, Source, Synonym
from reforms.models.vocabulary import LONGEST_LINE, MOST_LINES
from reforms.search import (
    MOST_SUGGESTIONS,
    Mending,
    Search,
    Suggestion,
    SuggestionKind,
    Vocabulary,
    Widening,
    names_found,
    search,
    suggest,
)
from reforms.search.query import Word
from reforms.search.suggestions import MOST_TITLES
from reforms.search.vocabulary import MOST_MEANINGS
from reforms.text import phrase
from tests.test_search_query import asked

pytestmark = pytest.mark.django_db
CATEGORIES = {
    *("construction-permits", "contracts", "electricity"),
    *("property-registration", "taxes", "trade"),
}


@pytest.fixture
def vocabulary(catalog: Any) -> Vocabulary:
    """The names and synonyms of the real catalog, as read anew."""
    return Vocabulary()


def keys(found: Search) -> list[str]:
    """Return the keys of what was found, the best first."""
    measures = Measure.objects.in_order().in_bulk(found.scores)
    best = sorted(
        measures.values(), key=lambda measure: (-found.scores[measure.pk], measure.position)
    )
    return [measure.key for measure in best]


def find(typed: str) -> Search:
    return search(typed, Vocabulary())


def in_category(slug: str) -> set[str]:
    return set(Measure.objects.filter(category__slug=slug).values_list("key", flat=True))


# --- Synonyms ---


@pytest.mark.parametrize(
    ("typed", "category"),
    [
        ("办电", "electricity"),
        ("通电", "electricity"),
        ("power connection", "electricity"),
        ("title deed", "property-registration"),
        ("房产证", "property-registration"),
        ("过户", "property-registration"),
        ("交税", "taxes"),
        ("VAT", "taxes"),
        ("tax payment", "taxes"),
        ("施工证", "construction-permits"),
        ("building permit", "construction-permits"),
    ],
)
def test_what_people_say_finds_what_the_catalog_calls_otherwise(vocabulary, typed, category):
    found = search(typed, vocabulary)
    assert set(keys(found)) & in_category(category)
    assert [widening.typed for widening in found.widenings] == [typed]
    assert not found.mends


def test_synonyms_are_shipped_for_every_category_in_both_languages(vocabulary):
    for slug in CATEGORIES:
        name = Category.objects.get(slug=slug)
        for asked_for in (name.name_zh, name.name_en):
            said = [
                words.text
                for words in map(Word, vocabulary.said())
                if phrase(asked_for)
                in {m.phrase for m in vocabulary.synonyms.get(words.phrase, ())}
            ]
            assert said, (slug, asked_for)
    assert len(vocabulary.synonyms) > 500


def test_a_synonym_widens_and_says_what_it_added():
    add_synonym("汇流\nbig river", "审批\n发票")
    found = find("汇流")
    assert found.widenings == (Widening("汇流", ("审批", "发票")),)
    assert found.shown.clauses[0].widened
    assert [str(word) for word in found.shown.words] == ["汇流", "审批", "发票"]


def test_a_widened_word_finds_the_union_and_exactly_finds_without(vocabulary):
    found = search("通电", vocabulary)
    added = set().union(*(keys(find(f'"{word}"')) for word in found.widenings[0].added))
    alone = set(keys(find('"通电"')))
    assert set(keys(found)) == added | alone
    assert alone < set(keys(found))
    exact = search(found.exactly, vocabulary)
    assert found.exactly == '"通电"'
    assert set(keys(exact)) == alone
    assert exact.widenings == exact.mends == ()


def test_what_is_typed_counts_more_than_what_a_synonym_adds(catalog):
    typed, meant = "全流程网络化办案", "双经理负责制"
    assert keys(find(f'"{typed}"')) == ["22"]
    assert keys(find(f'"{typed}" OR "{meant}"'))[0] == "8"
    add_synonym(typed, meant)
    assert keys(find(typed)) == ["22", "8"]


def test_a_synonym_of_several_words_is_found_among_others(vocabulary):
    found = search("title deed Beijing", vocabulary)
    assert [widening.typed for widening in found.widenings] == ["title deed"]
    assert set(keys(found)) <= set(keys(search("title deed", vocabulary)))
    assert search("deed title", vocabulary).widenings[0].typed == "deed"


def test_small_words_do_not_part_a_synonym(vocabulary):
    assert search("get the power", vocabulary).widenings[0].typed == "get power"
    assert search("connect to the grid", vocabulary).widenings


@pytest.mark.parametrize("typed", ['"办电"', '"办电" OR 发票', "-办电", "12"])
def test_words_in_quotation_marks_excluded_ones_and_numbers_are_left_as_they_are(vocabulary, typed):
    assert search(typed, vocabulary).widenings == ()


def test_each_alternative_is_widened_and_the_page_says_so(vocabulary):
    found = search("房产证 OR 发票领购", vocabulary)
    assert [widening.typed for widening in found.widenings] == ["房产证", "发票领购"]
    both = set(keys(find("房产证"))) | set(keys(find("发票领购")))
    assert set(keys(found)) == both
    assert set(keys(find("房产证 OR 不动产权证"))) >= set(keys(find("房产证"))) != set()
    assert search('"房产证" OR 发票领购', vocabulary).widenings == found.widenings[1:]


def test_traditional_characters_and_other_writing_find_a_synonym_too(vocabulary):
    assert search("辦電", vocabulary).widenings[0].added == (
        search("办电", vocabulary).widenings[0].added
    )
    assert search("TITLE DEEDS", vocabulary).widenings


def test_a_synonym_is_not_its_own_meaning_and_has_a_bounded_number(catalog):
    add_synonym("汇流", "\n".join(["汇流", *(f"第{n}种" for n in range(1, 30))]))
    added = find("汇流").widenings[0].added
    assert "汇流" not in added
    assert len(added) == MOST_MEANINGS


def test_one_word_in_two_lists_means_both(catalog):
    add_synonym("汇流", "审批")
    add_synonym("汇流\n别的", "发票\n审批", slug="other")
    assert find("汇流").widenings[0].added == ("审批", "发票")


def test_the_page_of_a_widened_list_leads_to_exactly_what_was_typed(catalog):
    filters = asked("办电")
    assert filters.exact_query == "?q=%22%E5%8A%9E%E7%94%B5%22"
    assert asked('"办电"').exact_query == asked("发票").exact_query == ""


def test_no_link_leads_to_words_that_would_be_too_long(catalog):
    typed = " ".join(["办电", *["长" * 11 for _ in range(16)]])
    assert len(typed) <= WORDS_LIMIT < len(find(typed).exactly)
    assert asked(typed).is_valid()
    assert asked(typed).exact_query == ""


def add_synonym(words: str, means: str, slug: str = "test") -> Synonym:
    position = Synonym.objects.count() + 1_000
    row = Synonym(
        slug=slug, position=position, name_zh="试", name_en="Test", words=words, means=means
    )
    row.full_clean()
    row.save()
    return row


REFUSED = {
    "the same twice": ("办电\n办电", "twice"),
    "simplified and traditional": ("办电\n辦電", "twice"),
    "one word in two forms": ("permit\nPermits", "twice"),
    "a full stop": ("办电\n。", "not_searchable"),
    "dashes": ("——", "not_searchable"),
    "an emoji": ("😀", "not_searchable"),
    "too long": ("长" * (LONGEST_LINE + 1), "not_searchable"),
    "a quotation mark": ('一个"词', "not_searchable"),
    "a hyphen in front": ("-办电", "not_searchable"),
    "too many": ("\n".join(f"第{n}词" for n in range(MOST_LINES + 1)), "too_many"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("field", ["words", "means"])
def test_a_line_that_can_never_be_looked_for_or_stands_twice_is_refused(db, field, name):
    lines, code = REFUSED[name]
    with pytest.raises(ValidationError) as caught:
        add_synonym(**{"words": "办电", "means": "获得电力", field: lines})
    (error,) = caught.value.error_dict[field]
    assert error.code == code
    assert not Synonym.objects.filter(slug="test").exists()


def test_the_longest_and_the_most_lines_are_taken(db):
    lines = [f"{n:02}{'长' * (LONGEST_LINE - 2)}" for n in range(MOST_LINES)]
    assert add_synonym("\n".join(lines), "获得电力").words.splitlines() == lines


def test_lines_as_a_browser_sends_them_are_stored_as_lines(db):
    row = add_synonym(" 办电 \r\n\r\n通电\r\n", "获得电力\r\n　接电　\r")
    row.refresh_from_db()
    assert (row.words, row.means) == ("办电\n通电", "获得电力\n接电")
    assert [one for one in Vocabulary().said() if one in ("办电", "通电")][-2:] == ["办电", "通电"]


# --- Near misses ---


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        # The same sound.
        ("受里", "受理"),
        ("申抱", "申报"),
        ("立按", "立案"),
        ("发漂", "发票"),
        ("不动厂登记", "不动产登记"),
        # A sound that many do not tell apart.
        ("零上们", "零上门"),
        # Swapped, one off, missing, too many.
        ("案立", "立案"),
        ("一网办通", "一网通办"),
        ("一网同办", "一网通办"),
        ("电子证造", "电子证照"),
        ("aprroval", "approval"),
        ("electrisity", "electricity"),
        ("certficate", "certificate"),
        ("propertty", "property"),
        ("customss", "customs"),
    ],
)
def test_a_near_miss_finds_what_was_meant_and_says_so(vocabulary, typed, shown):
    assert keys(search(f'"{typed}"', vocabulary)) == []
    found = search(typed, vocabulary)
    (mend,) = found.mends
    assert (mend.kind, mend.typed, mend.shown) == (Mending.SPELLING, typed, (shown,))
    assert keys(found) == keys(search(shown, vocabulary))
    assert found.exactly == f'"{typed}"'
    assert str(found.asked) == typed
    assert phrase(shown) in found.phrases


def test_a_mended_word_is_widened_like_one_typed_right(vocabulary):
    found = search("如何缴纳公积金", vocabulary)
    assert found.mends[0].shown == ("缴纳公积金",)
    assert found.widenings[0].typed == "缴纳公积金"


def test_only_the_word_that_stands_nowhere_is_mended(vocabulary):
    found = search("受里 上海", vocabulary)
    assert [(mend.typed, mend.shown) for mend in found.mends] == [("受里", ("受理",))]
    assert keys(found) == keys(search("受理 上海", vocabulary))


@pytest.mark.parametrize(
    "typed", ["受理", "发票", "approval", "一网通办", "电子 证照", "发票 OR 受里"]
)
def test_nothing_is_mended_where_there_are_exact_hits(vocabulary, typed):
    found = search(typed, vocabulary)
    assert found.scores
    assert found.mends == ()


def test_a_word_that_stands_somewhere_is_not_mended_where_the_words_meet_nowhere(vocabulary):
    found = search("施工许可 送达", vocabulary)
    assert (keys(found), found.mends) == ([], ())


@pytest.mark.parametrize(
    "typed",
    ['"受里"', '"aprroval"', '"企业报税"', '"发票" "邮寄" "火星人" "配送"', '受理 "火星"'],
)
def test_nothing_in_quotation_marks_is_ever_mended(vocabulary, typed):
    found = search(typed, vocabulary)
    assert (found.scores, found.mends) == ({}, ())


@pytest.mark.parametrize("typed", ["火星人", "zzzzqq", "鑫鑫", "xq", "受里 OR 申抱", "999"])
def test_what_is_near_to_nothing_finds_nothing(vocabulary, typed):
    found = search(typed, vocabulary)
    assert (found.scores, found.mends) == ({}, ())


def test_what_readers_may_not_see_mends_nothing(catalog):
    assert IndexedWord.objects.filter(text="受理").exists()
    Source.objects.update(is_public=False)
    assert (find("受里").scores, find("企业报税").scores) == ({}, {})
    assert search("受里", Vocabulary(), is_public=False).mends


def test_a_run_without_spaces_is_cut_into_its_words(vocabulary):
    found = search("企业报税", vocabulary)
    (mend,) = found.mends
    assert (mend.kind, mend.typed, mend.shown) == (Mending.PARTS, "企业报税", ("企业", "报税"))
    assert set(keys(found)) == set(keys(search("企业 报税", vocabulary))) != set()


def test_where_no_measure_has_all_of_many_words_those_with_most_are_shown(vocabulary):
    typed = "发票 邮寄 火星人 配送"
    found = search(typed, vocabulary)
    (mend,) = found.mends
    assert (mend.kind, mend.typed) == (Mending.MOST, typed)
    assert mend.shown == ("发票", "邮寄", "配送")
    assert found.shows_part
    held = [
        (key, sum(key in keys(find(f'"{word}"')) for word in mend.shown)) for key in keys(found)
    ]
    assert all(2 * count >= len(mend.shown) for _key, count in held)
    assert [count for _key, count in held] == sorted((c for _k, c in held), reverse=True)


def test_two_words_that_meet_nowhere_are_not_shown_in_part(vocabulary):
    found = search("施工许可 送达", vocabulary)
    assert not found.shows_part
    assert [(words, set(keys(rest))) for words, rest in found.shorter()] == [
        ("施工许可", set(keys(search("送达", vocabulary)))),
        ("送达", set(keys(search("施工许可", vocabulary)))),
    ]


def test_each_word_can_be_left_out_and_so_can_each_that_is_excluded(vocabulary):
    found = search("立案 上海 -送达", vocabulary)
    shorter = {words: set(keys(rest)) for words, rest in found.shorter()}
    assert shorter == {
        "立案": set(keys(search("上海 -送达", vocabulary))),
        "上海": set(keys(search("立案 -送达", vocabulary))),
        "-送达": set(keys(search("立案 上海", vocabulary))),
    }
    assert search("立案", vocabulary).shorter() == []


def test_a_search_costs_few_queries(catalog, django_assert_num_queries):
    with django_assert_num_queries(2):  # the vocabulary, the words
        find("办电 审批 -送达")
    with django_assert_num_queries(4):  # and near words, and where those stand
        find("受里")
    with django_assert_num_queries(0):
        find("。")


# --- Suggestions ---


def suggested(typed: str, *, in_english: bool = False) -> list[Suggestion]:
    return suggest(typed, Vocabulary(), in_english=in_english)


def test_suggestions_are_names_then_what_people_say_then_titles(catalog):
    found = suggested("登记")
    assert found[0] == Suggestion(SuggestionKind.CATEGORY, "登记财产")
    kinds = [suggestion.kind for suggestion in found]
    assert kinds[-3:] == [SuggestionKind.MEASURE] * 3
    said = [one.text for one in found if one.kind is SuggestionKind.SAYING]
    begin = [text.startswith("登记") for text in said]
    assert begin == sorted(begin, reverse=True)
    assert all("登记" in suggestion.text for suggestion in found)


def test_what_begins_so_comes_before_what_only_holds_it(catalog):
    names = [one.text for one in suggested("零") if one.kind is SuggestionKind.THEME]
    assert names == ["零上门", "零审批", "零投资"]
    found = [one.text for one in suggested("申报") if one.kind is not SuggestionKind.MEASURE]
    begin = [text.startswith("申报") for text in found]
    assert begin == sorted(begin, reverse=True)


@pytest.mark.parametrize(
    "typed", ["电", "办", "登记", "electr", "tax", "a", "online", "服务", "业"]
)
@pytest.mark.parametrize("in_english", [False, True])
def test_suggestions_are_few_distinct_and_leave_room_for_titles(catalog, typed, in_english):
    found = suggested(typed, in_english=in_english)
    texts = [suggestion.text.casefold() for suggestion in found]
    titles = [suggestion for suggestion in found if suggestion.kind is SuggestionKind.MEASURE]
    assert len(found) <= MOST_SUGGESTIONS
    assert len(titles) <= MOST_TITLES
    assert len(set(texts)) == len(texts)
    assert typed.casefold() not in texts
    positions = [suggestion.measure.position for suggestion in titles]
    assert positions == sorted(positions)


def test_every_suggestion_finds_something(catalog, vocabulary):
    for typed in ("登", "电", "tax", "零", "审", "electr", "海关", "法院"):
        for suggestion in suggested(typed, in_english=True):
            assert search(suggestion.text, vocabulary).scores, suggestion


def test_the_last_latin_word_may_be_unfinished(catalog):
    titles = [one.measure.key for one in suggested("customs clear", in_english=True) if one.measure]
    assert "14" in titles
    assert not [one for one in suggested("ustoms", in_english=True) if one.measure]
    assert [one for one in suggested("Electronic cert", in_english=True) if one.measure]


def test_titles_are_suggested_in_the_readers_language_whatever_was_typed(catalog):
    (zh,) = [one for one in suggested("双经理") if one.measure]
    (en,) = [one for one in suggested("双经理", in_english=True) if one.measure]
    assert (zh.text, en.text) == (zh.measure.title_zh, zh.measure.title_en)


@pytest.mark.parametrize("typed", ["12", "改革举措12", "１２", "measure 12"])
def test_a_number_suggests_its_measure_alone(catalog, typed):
    (found,) = suggested(typed)
    assert (found.kind, found.measure.key) == (SuggestionKind.MEASURE, "12")


@pytest.mark.parametrize("typed", ["", " ", "。", "😀", "zzzzqq", "99"])
def test_nothing_is_suggested_for_what_finds_nothing(catalog, typed):
    assert suggested(typed) == []


def test_what_readers_may_not_see_is_not_suggested(catalog):
    Source.objects.update(is_public=False)
    for typed in ("12", "双经理", "登记"):
        assert all(one.measure is None for one in suggested(typed))


# --- Names as reasons ---


def reasons(*words: str) -> dict[str, list[tuple[str, str]]]:
    measures = list(Measure.objects.public().in_order())
    found = names_found(measures, [phrase(one) for one in words], Vocabulary())
    names = {measure.pk: measure.key for measure in measures}
    return {names[pk]: [(row.kind, row.name) for row in rows] for pk, rows in found.items()}


def test_a_measure_is_told_with_the_names_it_is_filed_under(catalog):
    with override("zh-hans"):
        assert reasons("零审批") == {"6": [("theme", "零审批")], "8": [("theme", "零审批")]}
        found = reasons("审批")
    assert found["6"][0] == ("theme", "零审批")
    assert ("indicator", "市政审批时间") in found["6"]
    assert found["8"] == [("theme", "零审批")]
    with override("en"):
        assert all(row[1].isascii() for row in reasons("审批")["6"])


def test_names_of_categories_and_cities_are_no_reasons_here(catalog):
    assert reasons("登记财产", "北京市") == {}


def test_reasons_cost_one_query_and_none_where_no_name_holds_the_words(
    vocabulary, django_assert_num_queries
):
    measures = list(Measure.objects.public())
    assert vocabulary.rows
    with django_assert_num_queries(1):
        assert names_found(measures, [phrase("审批")], vocabulary)
    with django_assert_num_queries(0):
        assert names_found(measures, [phrase("双经理制")], vocabulary) == {}


def test_only_the_measures_asked_about_are_told(vocabulary):
    measure = Measure.objects.get(key="8")
    assert set(names_found([measure], [phrase("审批")], vocabulary)) == {measure.pk}


def test_a_list_without_words_has_no_search(catalog):
    assert MeasureFilterSet().search is None
