"""The chapter: a list's measures whole, in its order, with nothing cut and every absence said."""

from typing import Any

import pytest
from django.test import Client

from reforms.models import City, Measure, Practice, Source
from tests.reading import Reading, read
from tests.world import SOURCE, build_world

pytestmark = pytest.mark.django_db
LANGUAGES = ("zh-hans", "en")


@pytest.fixture(autouse=True)
def world(db: Any) -> None:
    """Build the small catalog for every test."""
    build_world()


def visit(query: str = "", code: str = "en", status: int = 200) -> Reading:
    """Return a chapter as read, without the marks of errata among the words."""
    answer = Client().get(f"/{code}/chapter/{query}")
    assert answer.status_code == status
    return read(answer.content.decode(), without=frozenset({"erratum-mark"}))


def entries(page: Reading) -> list[str]:
    """Return the keys of the measures, in the order of the page."""
    found = [each.attributes["id"] for each in page.with_class("chapter-entry")]
    return [name.removeprefix(f"{SOURCE}-") for name in found]


def squeezed(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def hrefs(page: Reading) -> list[str]:
    """Return where the links of the page lead."""
    return [found.attributes.get("href", "") for found in page.of("a")]


# --- Whole ---


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_stands_whole_and_unfolded(code: str) -> None:
    page = visit(code=code)
    words = squeezed(page.words)
    assert page.of("details") == []
    for practice in Practice.objects.select_related("outcome"):
        outcome = getattr(practice, "outcome", None)
        texts = [practice.text_zh, practice.summary, outcome.text_zh if outcome else ""]
        if code == "en":
            texts += [practice.text_en or "", (outcome.text_en if outcome else "") or ""]
        assert [text for text in texts if squeezed(text) not in words] == []


def test_each_measure_has_its_heading_category_section_errata_figures_and_citation() -> None:
    page = visit()
    first, second, _third = page.with_class("chapter-entry")
    for words in (
        "Category Getting electricity",
        "Section (一) 获得电力(2项)",
        "56 → to 15 → to 5 days",
        "Period: 今年",
        "[issuer not stated]",
        f"http://testserver/en/measures/{SOURCE}/1/",
    ):
        assert squeezed(words) in squeezed(first.words), words
    assert "协调协调" in second.words
    (note,) = [each for each in page.with_class("erratum-note") if "协调协调" in each.words]
    assert note.attributes["id"].startswith(f"{SOURCE}-2-erratum-2-")


def test_absence_is_said_in_the_words_of_its_kind() -> None:
    third = visit().with_class("chapter-entry")[2]
    assert squeezed("Beijing The text held here does not state it") in squeezed(third.words)
    Measure.objects.filter(key="3").update(is_read_whole=False)
    third = visit().with_class("chapter-entry")[2]
    assert squeezed("Beijing Not entered yet") in squeezed(third.words)
    shanghai = visit().with_class("chapter-entry")[1].words
    assert squeezed("Stated outcome The text held here does not state it") in squeezed(shanghai)


def test_a_practice_without_a_translation_says_so_in_english() -> None:
    Practice.objects.update(text_en=None)
    assert "Not translated yet. The Chinese:" in visit().words


def test_a_measure_without_a_number_and_a_title_says_so() -> None:
    Measure.objects.filter(key="3").update(
        number=None, title_zh=None, title_en=None, title_spans=[], is_read_whole=False
    )
    third = " ".join(visit().with_class("chapter-entry")[2].words.split())
    assert "no number printed [title not printed]" in third
    assert "The text held here begins in the middle of this measure." in third


def test_what_was_asked_when_and_how_complete_stands_before_the_measures() -> None:
    Source.objects.update(
        completeness="fragment", missing_zh="缺其余部分", missing_en="The rest is missing"
    )
    (facts,) = visit("?category=electricity&q=接电").with_class("chapter-facts")
    missing = "What is missing from “Sample notice”: The rest is missing"
    for said in ("Category Getting electricity", "Words 接电", "2 entries", "As of 20", missing):
        assert squeezed(said) in squeezed(facts.words), said
    Source.objects.update(completeness="whole", missing_zh=None, missing_en=None)
    (facts,) = visit().with_class("chapter-facts")
    assert "The sources of these measures are held whole." in facts.words


# --- Order, parts, links ---


def test_the_contents_lead_to_every_measure_in_the_order_of_the_list() -> None:
    page = visit("?sort=-number")
    assert entries(page) == ["3", "2", "1"]
    links = [href for href in hrefs(page) if href.startswith(f"#{SOURCE}")]
    assert [link for link in links if "erratum" not in link] == [
        f"#{SOURCE}-{key}" for key in ("3", "2", "1")
    ]
    assert set(links) <= {f"#{name}" for name in page.ids}
    assert len(page.ids) == len(set(page.ids))


def test_a_part_says_which_it_is_and_leads_to_the_others() -> None:
    page = visit("?page_size=2&page=2")
    assert entries(page) == ["3"]
    (facts,) = page.with_class("chapter-facts")
    words = " ".join(facts.words.split())
    assert "This page is part 2 of 2. Entries 3 to 3 of 3" in words
    assert "A page holds at most 100 entries." in words
    assert "/en/chapter/?page_size=2" in hrefs(page)
    assert "All of them are on this page." in visit().words


def test_the_list_leads_to_the_chapter_of_just_that_list() -> None:
    answer = Client().get("/en/measures/?category=electricity&sort=-number&page_size=1&page=2")
    page = read(answer.content.decode())
    (address,) = [href for href in hrefs(page) if "/chapter/" in href]
    assert address == "/en/chapter/?category=electricity&sort=-number&page_size=100"
    assert entries(visit(address.partition("chapter/")[2])) == ["2", "1"]


# --- Refusals ---


def test_a_bad_value_is_refused_with_its_message_and_no_measures() -> None:
    page = visit("?category=nowhere&page_size=101", status=400)
    assert entries(page) == []
    assert page.with_class("chapter-facts") == []
    (refused,) = page.with_class("refused")
    assert "Category" in refused.words


def test_a_page_beyond_the_end_leads_to_the_last() -> None:
    page = visit("?page_size=2&page=9", status=404)
    assert "/en/chapter/?page=2&page_size=2" in hrefs(page)


def test_an_empty_chapter_has_ways_out() -> None:
    page = visit("?q=双经理&category=property-registration")
    assert entries(page) == []
    assert "/en/chapter/?q=%E5%8F%8C%E7%BB%8F%E7%90%86" in hrefs(page)


# --- Cost ---


@pytest.mark.parametrize(
    ("query", "count"),
    [
        # Vocabularies, sources; the count; measures with places, practices, figures, points, errata;
        # outcomes printed again; the last change.
        ("", 10),
        # And the words.
        ("?q=接电", 11),
        # And near misses, and what holds them.
        ("?q=审屁", 13),
    ],
)
def test_a_chapter_costs_few_queries(
    django_assert_num_queries: Any, query: str, count: int
) -> None:
    with django_assert_num_queries(count):
        assert entries(visit(query))


def test_more_measures_cost_no_more(django_assert_num_queries: Any) -> None:
    first = Measure.objects.get(key="1")
    beijing = City.objects.get(slug="beijing")
    for position in range(10, 60):
        measure = Measure.objects.create(
            source=first.source, category=first.category, position=position, key=str(position)
        )
        Practice.objects.create(measure=measure, city=beijing, text_zh="试", spans=[])
    with django_assert_num_queries(10):
        assert len(entries(visit("?page_size=100"))) == 53


def test_it_sets_no_cookie_and_takes_no_post() -> None:
    answer = Client().get("/en/chapter/")
    assert not answer.cookies
    assert Client().post("/en/chapter/").status_code == 405
