"""Searching on the pages: excerpts and marks, what was looked for besides or instead, ways out."""

import re

import pytest
from django.test import Client
from django.utils.html import escape

from reforms.models import Measure, Outcome, Practice
from tests.reading import Reading, read
from tests.test_filter_promises import length

pytestmark = pytest.mark.django_db
LIST = "/zh-hans/measures/"
SOURCE = "fuzhi-tuiguang-gaige-jucuo"


def visit(query: str, path: str = LIST) -> Reading:
    """Return a page for a query, read as a person would."""
    answer = Client().get(f"{path}?{query}")
    assert answer.status_code == 200
    return read(answer.content.decode())


def marked(page: Reading) -> set[str]:
    """Return the words that are marked on a page."""
    return {mark.words for mark in page.of("mark")}


def test_every_city_shows_its_best_passage_with_the_hit_marked(catalog):
    page = visit("q=发票配送")
    (excerpt,) = page.with_class("excerpt")
    assert "申请发票配送,选择提货方式" in excerpt.words
    assert "具体做法" in excerpt.words
    assert marked(page) == {"发票配送"}
    both = visit("q=双经理").with_class("excerpt")
    assert len(both) == 1


def test_traditional_and_full_width_find_and_mark_what_is_printed(catalog):
    assert marked(visit("q=發票")) == {"发票"}
    assert marked(visit("q=１５天")) == {"15天"}


def test_a_title_a_category_and_the_names_it_is_filed_under_are_marked(catalog):
    page = visit("q=零审批")
    titles = [title for title in page.with_class("measure-row-title") if "零审批" in title.words]
    assert titles
    metas = " ".join(meta.words for meta in page.with_class("measure-row-meta"))
    assert "归入" in metas
    assert "零审批" in metas


def test_the_page_says_what_synonyms_added_and_leads_to_the_search_without(catalog):
    page = visit("q=办电")
    (note,) = page.with_class("search-notes")
    assert "办电" in note.words
    assert "获得电力" in note.words
    (link,) = [a for a in page.of("a") if a.words == "只检索所输入的文字"]
    exact = visit(link.attributes["href"].partition("?")[2])
    assert exact.with_class("search-notes") == []
    assert 0 < length("q=%22办电%22") <= length("q=办电")


def test_the_page_says_what_was_shown_instead_of_what_stands_nowhere(catalog):
    assert "受理" in visit("q=受里").with_class("search-notes")[0].words
    parts = visit("q=企业报税").with_class("search-notes")[0].words
    assert "企业" in parts
    assert "报税" in parts
    most = visit("q=审批 zhfkxq bvhgwp")
    assert "至少" in most.with_class("search-notes")[0].words
    ways = [a for a in most.of("a") if "去掉词语" in a.words]
    assert ways == []


def test_an_empty_list_offers_lists_with_one_word_less_and_their_true_counts(catalog):
    page = visit("q=火星 审批&category=electricity")
    (empty,) = page.with_class("empty")
    links = {a.words: a.attributes["href"] for a in page.of("a") if a.words.startswith("去掉")}
    # Without the category, and without the other word, there is nothing either: not offered.
    assert set(links) == {"去掉词语“火星”", "去掉“字词”"}
    count = length(links["去掉词语“火星”"].partition("?")[2])
    assert count == 2
    assert f"去掉词语“火星” {count} 条" in " ".join(empty.words.split())


@pytest.mark.parametrize("typed", ["。", "-", '"', '""', "、、、", "\U0001f600"])
def test_what_holds_nothing_to_look_for_is_told_so_and_lists_nothing(catalog, typed):
    answer = Client().get(LIST, {"q": typed})
    assert answer.status_code == 200
    page = read(answer.content.decode())
    assert page.with_class("measure-row") == []
    assert "输入的内容无法检索" in page.words


def path_of(key: str, code: str = "zh-hans") -> str:
    """Return the address of a measure's page."""
    return f"/{code}/measures/{SOURCE}/{key}/"


def note_of(page: Reading) -> str:
    """Return what a measure's page says about its marks; empty where it says nothing."""
    return " ".join("".join(note.words for note in page.with_class("marks-note")).split())


# A quarter of the measures in the other language of the words: the whole would say nothing more.
@pytest.mark.parametrize("code", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "words",
    # Practices and outcomes; summaries; titles; a misprint; what is meant by it; English; a synonym; mended.
    [
        "掘路",
        "审批 5天",
        "不动产登记",
        "投拆",
        "登记",
        "excavation",
        "registration",
        "房产证",
        "受里",
    ],
)
def test_every_mark_of_a_measure_is_counted_and_the_first_is_linked(catalog, code, words):
    seen = 0
    step = 1 if words.isascii() == (code == "en") else 4
    for measure in Measure.objects.all()[::step]:
        page = visit(f"q={words}", path_of(measure.key, code))
        marks = page.of("mark")
        links = [a for a in page.of("a") if a.words in {"跳到第一处", "Go to the first"}]
        if not marks:
            assert note_of(page) == ""
            assert links == []
            continue
        seen += 1
        (number,) = re.findall(r"(?:标出|Marked in) (\d+)", note_of(page))
        assert int(number) == len(marks)
        (link,) = links
        assert [link.attributes["href"]] == [f"#{marks[0].attributes['id']}"]
        assert page.ids.count(marks[0].attributes["id"]) == 1
        assert [mark for mark in marks[1:] if "id" in mark.attributes] == []
    assert seen or step > 1


def test_summaries_are_counted_with_the_rest(catalog):
    # Only our summaries say it in these words.
    page = visit("q=市政审批压至", path_of("6"))
    (summary,) = [one for one in page.with_class("city-summary") if "市政审批压至" in one.words]
    assert "升至160千伏安" in summary.words
    assert re.search("标出 1 处|in 1 place", note_of(page))


def test_the_page_names_what_is_marked_and_why(catalog):
    typed = note_of(visit("q=审批 火星 OR 掘路", path_of("6")))
    assert "审批 · 掘路" in typed
    assert "火星" not in typed
    synonym = note_of(visit("q=房产证", path_of("9", "en")))
    assert "不动产登记 · immovable property registration (synonyms of “房产证”)" in synonym
    assert "房产证 ·" not in synonym
    mended = note_of(visit("q=受里", path_of("12", "en")))
    assert "受理 (instead of “受里”)" in mended


def test_a_measure_without_the_words_says_nothing_of_marks(catalog):
    page = visit("q=鲜活农产品", path_of("6"))
    assert page.of("mark") == []
    assert note_of(page) == ""


def test_a_hit_over_a_misprint_is_one_mark_with_the_note_inside(catalog):
    page = visit("q=投拆机制", path_of("11"))
    title = page.of("h1")[0]
    assert "投拆勘11-2机制" in title.words
    assert [mark.words for mark in page.of("mark")][:1] == ["投拆勘11-2机制"]
    assert "投拆机制" in note_of(page)


def test_a_hit_only_in_the_printed_words_of_an_edited_text_is_in_sight(catalog):
    practice = Practice.objects.get(measure__key="6", city__slug="beijing")
    Practice.objects.filter(pk=practice.pk).update(is_text_edited=True, text_zh="甲")
    page = visit("q=三零", path_of("6"))
    folds = [
        fold for fold in page.of("details") if "三零" in fold.words and "taken" not in fold.classes
    ]
    assert folds
    assert all("open" in fold.attributes for fold in folds)


def test_a_hit_only_in_the_other_language_leads_to_the_city(catalog):
    page = visit("q=excavation", f"/zh-hans/measures/{SOURCE}/6/")
    (link,) = [a for a in page.of("a") if a.words == "跳到第一处"]
    assert link.attributes["href"].removeprefix("#") in page.ids
    folds = [fold for fold in page.of("details") if "excavation" in fold.words]
    assert folds
    assert all("open" in fold.attributes for fold in folds)


def test_the_print_stays_as_printed_under_the_marks(catalog):
    plain = visit("", f"/zh-hans/measures/{SOURCE}/6/")
    marks = visit("q=审批", f"/zh-hans/measures/{SOURCE}/6/")
    words = [[quote.words for quote in page.of("blockquote")] for page in (plain, marks)]
    assert words[0] == words[1]
    assert len(marks.of("mark")) > len(plain.of("mark")) == 0


def test_a_misprint_is_found_by_the_right_word_and_the_reading_is_labelled(catalog):
    page = visit("q=%22装表接电%22")
    assert [row.attributes["id"] for row in page.with_class("measure-row")] == [f"{SOURCE}-7"]
    assert "误印处的可能读法" in page.with_class("excerpt")[0].words


def test_excerpts_are_escaped_before_they_are_marked(catalog):
    practice = Practice.objects.get(measure__key="13", city__slug="beijing")
    Outcome.objects.filter(practice=practice).update(text_en="<b>instant</b> invoices & more")
    answer = Client().get("/en/measures/?q=invoices").content.decode()
    assert re.search(escape("<b>instant</b> ") + r"<mark>invoices</mark>", answer)
    assert "<b>instant" not in answer


def test_the_title_of_the_page_tells_the_new_count(catalog):
    answer = Client().get(f"{LIST}?q=审批").content.decode()
    assert re.search(r"<title>审批 · 3 条 · ", answer)


def test_the_comparison_marks_too(catalog):
    assert "审批" in marked(visit("q=审批", "/zh-hans/compare/"))


def test_the_limits_are_told_beside_the_box(catalog):
    hint = read(Client().get(LIST).content.decode()).with_class("search-hint")[0].words
    assert "200" in hint
    assert "20 个词" in hint
