"""The comparison: a row a measure, a column a city, nothing cut, every absence named and counted."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reforms.models import City, Measure, Practice
from tests import world
from tests.reading import Reading, read

pytestmark = pytest.mark.django_db
LANGUAGES = ("zh-hans", "en")


@pytest.fixture(autouse=True)
def small_catalog(db: None) -> None:
    world.build_world()


def page(query: str = "", code: str = "en", status: int = 200) -> Reading:
    response = Client().get(f"/{code}/compare/{query}")
    assert response.status_code == status
    return read(response.content.decode(), without=frozenset({"erratum-mark"}))


def squeezed(text: str) -> str:
    return "".join(text.split())


def columns(reading: Reading) -> list[str]:
    return [part.words.strip() for part in reading.of("th") if "city-heading" in part.classes]


def rows(reading: Reading) -> list[str]:
    prefix = f"{world.SOURCE}-"
    return [
        part.attributes["id"].removeprefix(prefix)
        for part in reading.of("tr")
        if part.attributes.get("id", "").startswith(prefix)
    ]


def hrefs(reading: Reading) -> list[str]:
    return [part.attributes.get("href", "") for part in reading.of("a")]


def third_city() -> City:
    return City.objects.create(
        slug="guangzhou", position=3, name_zh="广州市", name_en="Guangzhou",
        short_name_zh="广州", short_name_en="Guangzhou",
    )  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_stands_whole_in_its_cell(code: str) -> None:
    words = squeezed(page(code=code).words)
    for practice in Practice.objects.select_related("outcome"):
        for text in (practice.text_zh, practice.text_en, practice.summary):
            assert squeezed(text or "") in words
        if practice.outcome_state == "stated":
            assert squeezed(practice.outcome.text_zh) in words


def test_without_cities_the_first_two_are_compared() -> None:
    reading = page()
    assert columns(reading) == ["Beijing", "Shanghai"]
    assert rows(reading) == ["1", "2", "3"]
    assert "was added" not in reading.words


def test_cities_stand_in_the_order_of_the_address_and_can_be_swapped() -> None:
    reading = page("?city=shanghai&city=beijing")
    assert columns(reading) == ["Shanghai", "Beijing"]
    assert "/en/compare/?city=beijing&city=shanghai" in hrefs(reading)


def test_one_city_is_completed_and_the_page_says_so() -> None:
    reading = page("?city=shanghai")
    assert columns(reading) == ["Shanghai", "Beijing"]
    assert "Beijing was added" in reading.words


def test_three_cities_have_three_columns() -> None:
    third_city()
    reading = page("?city=guangzhou&city=beijing&city=shanghai")
    assert columns(reading) == ["Guangzhou", "Beijing", "Shanghai"]
    assert len([part for part in reading.of("td") if "compare-cell" in part.classes]) == 9


def test_every_cell_says_whose_it_is() -> None:
    reading = page()
    labels = [part.words for part in reading.with_class("cell-label")]
    assert labels == ["Beijing", "Shanghai"] * 3


def test_an_absence_is_named() -> None:
    reading = page()
    cells = [part.words for part in reading.of("td") if "compare-cell" in part.classes]
    assert "The text held here does not state it" in cells[4]
    Measure.objects.filter(key="3").update(is_read_whole=False)
    cells = [part.words for part in page().of("td") if "compare-cell" in part.classes]
    assert "Not entered yet" in cells[4]


def test_the_counts_are_links_to_the_rows_they_count() -> None:
    counts = page().with_class("compare-counts")[0]
    words = " ".join(counts.words.split())
    assert words == "3 entries Both 2 Only Beijing 0 Only Shanghai 1 Neither 0"
    pair = "city=beijing&city=shanghai"
    assert rows(page(f"?{pair}&coverage=all")) == ["1", "2"]
    assert rows(page(f"?{pair}&coverage=only:shanghai")) == ["3"]
    assert f"/en/compare/?{pair}&coverage=only%3Ashanghai" in hrefs(page())
    # What is counted does not depend on what is chosen among them.
    chosen = page(f"?{pair}&coverage=all").with_class("compare-counts")[0]
    assert " ".join(chosen.words.split()) == words


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("?category=electricity", ["1", "2"]),
        ("?category=electricity&category=property-registration", ["1", "2", "3"]),
        ("?theme=data-sharing", ["3"]),
        ("?q=双经理", ["2"]),
        ("?outcome=not_stated", []),
        ("?sort=-number", ["3", "2", "1"]),
        ("?unknown=1", ["1", "2", "3"]),
    ],
)
def test_the_filters_are_those_of_the_list(query: str, keys: list[str]) -> None:
    assert rows(page(query)) == keys


def test_the_form_keeps_what_is_chosen_and_has_its_button() -> None:
    reading = page("?city=shanghai&city=beijing&category=electricity&q=电&theme=no-visits")
    checked = [
        (part.attributes["name"], part.attributes["value"])
        for part in reading.of("input")
        if "checked" in part.attributes
    ]
    assert checked == [
        ("city", "shanghai"),
        ("city", "beijing"),
        ("category", "electricity"),
        ("theme", "no-visits"),
    ]
    words = next(part for part in reading.of("input") if part.attributes.get("name") == "q")
    assert words.attributes["value"] == "电"
    assert "Compare" in [part.words.strip() for part in reading.of("button")]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?city=beijing&city=atlantis", "city"),
        ("?city=atlantis", "city"),
        ("?category=none-such", "category"),
        ("?q=" + "a" * 201, "q"),
        ("?coverage=sideways", "coverage"),
        ("?page=0", "page"),
    ],
)
def test_a_bad_value_is_400_with_a_message_and_no_rows(query: str, name: str) -> None:
    reading = page(query, status=400)
    assert rows(reading) == []
    notice = reading.with_class("notice-error")[0]
    assert name in notice.words


def test_the_message_stands_at_its_field() -> None:
    reading = page("?city=atlantis&q=" + "a" * 201, status=400)
    assert "city-error" in reading.ids
    described = [part.attributes.get("aria-describedby", "") for part in reading.elements]
    assert "city-error" in described
    assert "words-error" in described


def test_a_page_beyond_the_end_is_404_with_a_link_to_the_last() -> None:
    reading = page("?page=9&page_size=2", status=404)
    assert "/en/compare/?city=beijing&city=shanghai&page=2&page_size=2" in hrefs(reading)
    assert rows(reading) == []


def test_pages_part_the_rows() -> None:
    assert rows(page("?page_size=2")) == ["1", "2"]
    assert rows(page("?page_size=2&page=2")) == ["3"]


def test_an_empty_comparison_shows_the_ways_out() -> None:
    reading = page("?q=zzzz")
    assert rows(reading) == []
    assert "No measure meets all of these conditions" in reading.words
    assert any(href.startswith("/en/compare/") for href in hrefs(reading))


def test_the_table_has_real_headers_and_a_caption() -> None:
    reading = page()
    scopes = [part.attributes.get("scope") for part in reading.of("th")]
    assert scopes == ["col"] * 3 + ["row"] * 3
    assert "a row a measure, a column a city" in reading.of("caption")[0].words


def test_an_erratum_is_marked_and_explained_in_its_cell_and_ids_occur_once() -> None:
    for code in LANGUAGES:
        reading = page(code=code)
        ids = reading.ids
        assert len(ids) == len(set(ids))
        assert f"{world.SOURCE}-erratum-2-1" in ids
        own = [anchor for target, anchor in reading.links(f"/{code}/compare/") if anchor]
        here = [
            anchor
            for target, anchor in reading.links(f"/{code}/compare/")
            if anchor and target == f"/{code}/compare/"
        ]
        assert own
        assert set(here) <= set(ids)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_title_with_an_erratum_stands_in_both_languages(code: str) -> None:
    measure = Measure.objects.get(key="1")
    erratum = measure.errata.model(
        measure=measure, position=9, as_printed="服务", stands_in="title", reason_zh="例",
        reason_en="Example", spans=[measure.title_spans[0]], confidence="low", decision="open",
    )  # fmt: skip
    erratum.save()
    titles = [part.words for part in page(code=code).with_class("measure-row-title")]
    others = [part.words for part in page(code=code).with_class("measure-row-title-other")]
    assert any(measure.title_zh in words for words in [*titles, *others])
    assert any(measure.title_en in words for words in [*titles, *others])


def test_figures_link_to_their_measure() -> None:
    assert f"/en/measures/{world.SOURCE}/1/#beijing-figure-1" in hrefs(page())


def test_the_canonical_address_has_known_parameters_only() -> None:
    def canonical(query: str) -> str:
        links = page(query).of("link")
        return next(
            part.attributes["href"] for part in links if part.attributes.get("rel") == "canonical"
        )

    base = "http://testserver/en/compare/"
    assert canonical("") == base
    assert canonical("?unknown=1&page=1") == base
    assert (
        canonical("?x=1&category=electricity&city=shanghai&city=beijing")
        == f"{base}?category=electricity&city=shanghai&city=beijing"
    )


@pytest.mark.parametrize(
    "query", ["", "?city=shanghai&city=beijing&category=electricity&q=电&coverage=all"]
)
def test_the_comparison_takes_few_queries_whatever_its_length(query: str) -> None:
    # Vocabularies, sources (2); the words, if any (1); all counts (1); measures, practices with
    # outcomes, figures, points, errata (5).
    with CaptureQueriesContext(connection) as queries:
        page(query)
    assert len(queries) == 8 + ("q=" in query)


def test_the_page_is_read_without_cookies() -> None:
    response = Client().get("/en/compare/")
    assert not response.cookies
    assert Client().post("/en/compare/").status_code == 405


def test_a_measure_is_shown_once_though_several_of_its_points_match(db: Any) -> None:
    assert rows(page("?theme=no-visits&theme=no-investment")) == ["1"]
