"""The list of measures as a page: rows, facets, chips, order, pages, refusals."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from reforms.filters import DEFAULT_PAGE_SIZE
from reforms.models import City, Measure, Practice, Source
from tests.reading import Element, Reading, read
from tests.world import BEIJING, SHANGHAI, SOURCE, build_world

pytestmark = pytest.mark.django_db
LIST = "/en/measures/"


@pytest.fixture(autouse=True)
def world(db: Any) -> None:
    """Build the small catalog for every test."""
    build_world()


def visit(client: Client, query: str = "", status: int = 200, code: str = "en") -> Reading:
    """Return a page of the list as read."""
    answer = client.get(f"/{code}/measures/{query}")
    assert answer.status_code == status
    return read(answer.content.decode())


def numbers(page: Reading) -> list[str]:
    """Return the number of each row, in order."""
    rows = [found.words.split() for found in page.with_class("measure-number")]
    return [words[0] for words in rows]


def links(page: Reading, words: str) -> list[str]:
    """Return where the links with these words lead."""
    return [
        found.attributes["href"]
        for found in page.of("a")
        if " ".join(found.words.split()).startswith(words)
    ]


def boxes(page: Reading, name: str) -> dict[str, Element]:
    """Return the fields of the list by value: the form at the foot keeps the same names for another day."""
    (foot,) = page.with_class("day-choice")
    return {
        found.attributes["value"]: found
        for found in page.elements[: page.elements.index(foot)]
        if found.tag == "input" and found.attributes.get("name") == name
    }


# --- Rows ---


def test_each_city_stands_for_itself_with_its_own_key_figure(client):
    page = visit(client, "?category=electricity&q=%22接电移动%22")
    assert page.with_class("measure-row") == []
    lines = visit(client, "?q=零见面").with_class("city-line")
    assert [" ".join(line.words.split()[:1]) for line in lines] == ["Beijing", "Shanghai"]
    assert all("city-" in " ".join(line.classes) for line in lines)
    assert "15" in lines[0].words
    assert "In the outcome" in lines[0].words
    assert "In the outcome" in lines[1].words
    # Shanghai's outcome of measure 2 is not stated, and its practice states no figure.
    shanghai = visit(client, "?q=双经理").with_class("city-line")[1]
    assert "The outcome is not stated in the text held here." in shanghai.words


def test_an_absent_city_is_named_with_words(client):
    absent, shanghai = visit(client, "?category=property-registration").with_class("city-line")
    assert "city-line-absent" in absent.classes
    assert " ".join(absent.words.split()) == "Beijing The text held here does not state it"
    assert "Data shared" in shanghai.words
    Measure.objects.filter(key="3").update(is_read_whole=False)
    absent = visit(client, "?category=property-registration").with_class("city-line")[0]
    assert "Not entered yet" in absent.words


def test_titles_stand_in_both_languages_in_both_languages(client):
    for code, first in (("en", "Two managers"), ("zh-hans", "实行接电")):
        page = visit(client, "?q=双经理", code=code)
        (title,) = page.with_class("measure-row-title")
        (other,) = page.with_class("measure-row-title-other")
        assert title.words.startswith(first)
        assert {title.attributes.get("lang"), other.attributes.get("lang")} >= {"zh-Hans"}
        assert "实行接电工程双经理负责制" in (title.words.strip(), other.words.strip())


def test_a_fragment_says_that_neither_number_nor_title_is_printed(client):
    Measure.objects.filter(key="3").update(
        number=None, title_zh=None, title_en=None, is_read_whole=False
    )
    page = visit(client, "?category=property-registration")
    (number,) = page.with_class("measure-number")
    assert " ".join(number.words.split()) == "— no number printed"
    (row,) = page.with_class("measure-row")
    assert "[title not printed]" in row.words
    assert "It cannot be told: the beginning of this measure is not held here" in row.words
    (count,) = page.with_class("results-count")
    assert "1 entry 0 numbered measures · 1 fragment without a printed number" in " ".join(
        count.words.split()
    )


def test_the_source_stands_with_the_number_only_where_there_are_several(client):
    assert visit(client).with_class("numeral-source") == []
    Source.objects.create(
        slug="second",
        position=9,
        short_name_zh="二",
        short_name_en="Second",
        title_zh="二",
        title_en="Second",
        text="二",
        checksum="0" * 64,
        completeness="whole",
    )
    page = visit(client)
    assert [found.words for found in page.with_class("numeral-source")] == ["Sample notice"] * 3


def test_a_row_leads_to_the_measure_within_this_list(client):
    page = visit(client, "?page_size=1&page=2&sort=-number&nonsense=1&category=electricity")
    (title,) = page.with_class("measure-row-title")
    (link,) = [found for found in page.of("a") if f"/{SOURCE}/1/" in found.attributes["href"]]
    assert link.attributes["href"] == (
        f"{LIST}{SOURCE}/1/?category=electricity&sort=-number&page_size=1"
    )
    assert title.words == link.words
    assert client.get(link.attributes["href"]).status_code == 200


# --- Facets, chips, order, pages ---


def test_boxes_are_ticked_disabled_and_counted(client):
    page = visit(client, f"?coverage=only:{BEIJING}&coverage=all")
    coverage = boxes(page, "coverage")
    assert list(coverage) == ["all", f"only:{BEIJING}", f"only:{SHANGHAI}", "none"]
    assert "checked" in coverage["all"].attributes
    assert "checked" in coverage[f"only:{BEIJING}"].attributes
    # Ticked without a result: it can be let go.
    assert "disabled" not in coverage[f"only:{BEIJING}"].attributes
    assert "disabled" in coverage["none"].attributes
    assert "disabled" not in coverage[f"only:{SHANGHAI}"].attributes
    facet = next(f for f in page.of("fieldset") if "Only Beijing" in f.words)
    counts = [word for word in facet.words.split() if word.isdigit()]
    assert counts == ["2", "0", "1", "0"]


def test_every_facet_is_on_the_page_with_all_its_choices(client):
    page = visit(client)
    for name, length in (
        ("category", 2),
        ("city", 2),
        ("coverage", 4),
        ("outcome", 3),
        ("theme", 4),
        ("kind", 5),
        ("status", 3),
        ("source", 1),
        ("year", 1),
    ):
        assert len(boxes(page, name)) == length, name
    assert all(box.attributes["form"] == "filters" for box in boxes(page, "theme").values())


def test_chips_say_what_they_remove_and_lead_to_the_list_without_it(client):
    page = visit(client, "?q=接电&category=electricity&city=beijing&page_size=2")
    chips = page.with_class("chip-remove")
    assert [" ".join(chip.words.split()) for chip in chips] == [
        "Remove filter: Words 接电✕",
        "Remove filter: Category Getting electricity✕",
        "Remove filter: City Beijing✕",
    ]
    query = parse_qs(urlsplit(chips[1].attributes["href"]).query)
    assert query == {"q": ["接电"], "city": ["beijing"], "page_size": ["2"]}
    assert set(links(page, "Clear all")) == {LIST}
    assert visit(client).with_class("chip-remove") == []


def test_orders_are_links_that_keep_the_filters(client):
    page = visit(client, "?category=electricity&sort=-number")
    assert numbers(page) == ["2", "1"]
    assert links(page, "As in the source") == [f"{LIST}?category=electricity"]
    assert links(page, "Number of cities") == [f"{LIST}?category=electricity&sort=-cities"]
    hidden = boxes(page, "sort")
    assert list(hidden) == ["-number"]


def test_pages_are_links_that_keep_the_filters(client):
    page = visit(client, "?page_size=2")
    assert numbers(page) == ["1", "2"]
    assert links(page, "Next page") == [f"{LIST}?page=2&page_size=2"]
    last = visit(client, "?page_size=2&page=2")
    assert numbers(last) == ["3"]
    assert links(last, "Previous page") == [f"{LIST}?page_size=2"]
    assert "Entries 3 to 3 of 3" in last.words


def test_a_page_beyond_the_end_is_not_found_and_leads_to_the_last(client):
    page = visit(
        client, "?page_size=2&page=9&category=electricity&category=property-registration", 404
    )
    assert "There is no page 9 of this list" in page.words
    (last,) = links(page, "Go to the last page, page 2")
    assert numbers(read(client.get(last).content.decode())) == ["3"]
    assert visit(client, "?q=nothing&page=2", 404).with_class("measure-row") == []


def test_compare_carries_the_filters_but_neither_order_nor_page(client):
    page = visit(client, "?category=electricity&sort=-number&page_size=1&page=2")
    assert links(page, "Compare these by city") == ["/en/compare/?category=electricity"]


def test_the_default_page_holds_what_the_form_says(client):
    (size,) = boxes(visit(client), "page_size").values()
    assert size.attributes["value"] == str(DEFAULT_PAGE_SIZE)
    assert (size.attributes["min"], size.attributes["max"]) == ("1", "100")


# --- Nothing found, refused ---


def test_an_empty_list_shows_the_way_out_with_true_counts(client):
    page = visit(client, "?q=双经理&category=property-registration&city=shanghai")
    assert "No measure meets all of these conditions" in page.words
    assert links(page, "Without “Words”") == [
        f"{LIST}?category=property-registration&city=shanghai"
    ]
    (way,) = links(page, "Without “Category”")
    assert numbers(read(client.get(way).content.decode())) == ["2"]
    assert links(page, "Without “City”") == []
    assert links(page, "The whole list") == [LIST]
    assert page.words.count("1 entry") == 2
    assert "3 entries" in page.words


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?category=nope", "“nope” is not one of the choices"),
        ("?q=" + "x" * 201, "At most 200 characters can be looked for; these are 201."),
        ("?page_size=0", "Give a whole number from 1 to 100."),
        ("?page=x", "Give a whole number from 1 to 1000000."),
        ("?sort=pk", "“pk” is not one of the choices"),
        ("?year=0", "“0” is no year"),
    ],
)
def test_a_bad_value_is_400_with_a_message_and_never_the_catalog(client, query, message):
    page = visit(client, query, 400)
    assert message in page.words
    assert page.with_class("measure-row") == []
    assert page.with_class("facet-count") == []
    name = query[1:].partition("=")[0]
    if name not in {"page", "sort"}:
        (error,) = page.with_class("field-error")
        assert message in error.words
    assert links(page, "The list without the refused values") == [LIST]


def test_a_refused_page_keeps_what_was_accepted(client):
    page = visit(client, "?category=nope&city=beijing&q=接电", 400)
    assert "checked" in boxes(page, "city")["beijing"].attributes
    assert boxes(page, "q")["接电"]
    (way,) = links(page, "The list without the refused values")
    assert parse_qs(urlsplit(way).query) == {"q": ["接电"], "city": ["beijing"]}


def test_markup_in_a_value_is_only_text(client):
    for query in ("?q=<script>alert(1)</script>", "?category=<script>alert(1)</script>"):
        html = client.get(f"{LIST}{query}").content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html


def test_every_link_of_the_page_answers(client):
    page = visit(client, "?category=electricity&page_size=1")
    for address in {link.attributes["href"] for link in page.of("a")}:
        if address.startswith("/"):
            assert client.get(address.partition("#")[0]).status_code == 200, address


# --- Costs and manners ---


@pytest.mark.parametrize(
    ("query", "count"),
    [
        # Vocabularies, sources; all counts; the measures of the page, their practices, figures;
        # the last change.
        ("", 7),
        # And the words; the errata, for excerpts; the themes and indicators that hold the words.
        (
            "?q=接电&city=beijing&city=shanghai&coverage=all&outcome=stated&theme=no-visits"
            "&year=none",
            10,
        ),
        # And near misses, and what holds them.
        ("?q=审屁&category=electricity", 12),
        # And the lists with fewer words.
        ("?q=审批+zhfkxq+bvhgwp", 13),
    ],
)
def test_a_page_costs_few_queries(client, django_assert_max_num_queries, query, count):
    with django_assert_max_num_queries(count):
        assert visit(client, query).with_class("measure-row")


def test_an_empty_list_costs_few_queries(client, django_assert_num_queries):
    # Vocabularies, sources; the words; near misses; all counts; the ways out; the last
    # change.
    with django_assert_num_queries(7):
        visit(client, "?q=nothingatall&city=beijing")


def test_more_measures_cost_no_more(client, django_assert_num_queries):
    first = Measure.objects.get(key="1")
    shenzhen = City.objects.create(
        slug="shenzhen",
        position=3,
        name_zh="深圳市",
        name_en="Shenzhen",
        short_name_zh="深圳",
        short_name_en="Shenzhen",
    )
    for position in range(10, 40):
        measure = Measure.objects.create(
            source=first.source, category=first.category, position=position, key=str(position)
        )
        Practice.objects.create(measure=measure, city=shenzhen, text_zh="试", spans=[])
    with django_assert_num_queries(7):
        assert len(visit(client, "?page_size=100").with_class("measure-row")) == 33


def test_it_sets_no_cookie_and_asks_for_no_token(client):
    answer = client.get(LIST)
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "csrf" not in answer.content.decode()
    assert client.post(LIST).status_code == 405
