"""The comparison of a basket: its rows, its links, its counts, and how it is cited and copied."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.reading import Reading
from tests.test_basket_pages import (
    ITEMS,
    PLAIN,
    QUERY,
    every_language,
    inside,
    items_of,
    page,
    with_query,
)
from tests.test_public_pages import REAL

KEYS = ("7", "6", "16", "fragment-1")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog")]


def rows(reading: Reading) -> list[str]:
    return [row.attributes["id"] for row in reading.of("table") if "id" in row.attributes]


def taken(reading: Reading) -> list[str]:
    """Return what a reader copies from a page: the citations, and the texts in fields."""
    cited = [found.words for found in reading.with_class("citation-text")]
    return [*cited, *(found.words for found in reading.of("textarea"))]


# --- Rows ---


@every_language
def test_by_theme_only_points_of_the_gathered_measures_stand_in_it(code: str) -> None:
    reading = page(f"/{code}/basket/compare/?{QUERY}&by=theme")
    assert reading.with_class("compare-theme")
    addresses = [found for found in inside(reading) if "-point-" in found]
    assert {address.split("/")[4] for address in addresses} <= set(KEYS)
    assert len(addresses) > 3
    whole = page(f"/{code}/compare/?by=theme")
    assert len(addresses) < len([found for found in inside(whole) if "-point-" in found])


def test_by_theme_what_a_cell_leaves_out_stands_in_the_comparison_of_the_basket(
    monkeypatch: Any,
) -> None:
    monkeypatch.setattr("reforms.compare.themes.MOST_POINTS", 0)
    reading = page(f"/en/basket/compare/?{QUERY}&by=theme&theme=no-visits")
    more = [
        link.attributes["href"]
        for link in reading.of("a")
        if "measures of this theme" in link.words
    ]
    assert more
    for address in more:
        assert address.startswith("/en/basket/compare/?")
        assert rows(page(address)) == [f"{REAL}-6"]


@pytest.mark.parametrize("query", ["", "&by=theme"])
def test_the_comparison_takes_few_queries_whatever_its_length(client: Client, query: str) -> None:
    counts = []
    for items in (f"item={REAL}:6", QUERY):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/en/basket/compare/?{items}{query}")
        counts.append(len(queries))
    # Those of the comparison, and the basket's measures with their practices (2).
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/en/compare/?{query}")
    assert counts == [len(queries) + 2] * 2


def test_every_count_is_the_length_of_the_comparison_it_leads_to(client: Client) -> None:
    reading = page(f"/en/basket/compare/?{QUERY}")
    counted = 0
    for link in reading.of("a"):
        address = link.attributes["href"]
        count = link.words.split()
        if "coverage=" not in address or not address.startswith("/en/basket/compare/"):
            continue
        number = next(int(word) for word in count if word.isdigit())
        assert len(rows(page(address, client))) == number
        counted += 1
    assert counted > 3


# --- Links ---


def test_one_measure_alone_is_compared_by_the_same_cities() -> None:
    reading = page(f"/en/basket/compare/?item={REAL}:7:shanghai")
    (address,) = [a.attributes["href"] for a in reading.of("a") if a.words.endswith("alone")]
    assert address.startswith(f"/en/compare/{REAL}/7/?city=beijing&city=shanghai&item=")
    headings = [found.words for found in page(address).with_class("city-heading")]
    assert headings == ["Beijing", "Shanghai"]


def test_taking_a_measure_out_of_it_leads_to_its_head() -> None:
    reading = page(f"/en/basket/compare/?{QUERY}")
    out = [a.attributes["href"] for a in reading.of("a") if a.words.startswith("In the basket")]
    assert out
    for address in out:
        assert address.endswith("#compare-title")
        assert len(items_of(address)) == len(ITEMS) - 1
        assert "compare-title" in page(address).ids


def test_a_measure_opened_from_it_is_not_said_to_be_of_a_list() -> None:
    links = inside(page(f"/en/basket/compare/?{QUERY}&category=electricity"))
    opened = [link for link in links if link.startswith(f"/en/measures/{REAL}/6/?")]
    assert opened
    assert not [link for link in opened if "category=" in link]


# --- Cited, copied, printed ---


@pytest.mark.parametrize("path", [path for path in PLAIN if "basket" not in path])
def test_what_is_cited_or_copied_from_a_page_leaves_the_basket_out(path: str) -> None:
    plain, carrying = (
        taken(page(address)) for address in (f"/en/{path}", f"/en/{with_query(path)}")
    )
    assert carrying == plain


@every_language
@pytest.mark.parametrize("way", ["", "&by=theme", "&category=electricity&city=shanghai"])
def test_what_is_cited_or_copied_of_the_comparison_opens_just_it(code: str, way: str) -> None:
    reading = page(f"/{code}/basket/compare/?{QUERY}{way}")
    # Three citations and the link; the official text has no address here.
    texts = [text for text in taken(reading) if "http://testserver" in text]
    assert len(texts) == 4
    for text in texts:
        address = text[text.index("http://testserver") :].split()[0].rstrip(".")
        assert items_of(address) == list(ITEMS)
        opened = page(address.removeprefix("http://testserver"))
        assert rows(opened) == rows(reading)


@pytest.mark.parametrize("path", ["measures/?category=taxes", "chapter/", f"compare/{REAL}/6/"])
def test_paper_names_the_page_without_the_basket(path: str) -> None:
    (plain,), (carrying,) = (
        page(address).with_class("print-address")
        for address in (f"/en/{path}", f"/en/{with_query(path)}")
    )
    assert carrying.words == plain.words


def test_paper_names_the_pages_of_the_basket_with_it() -> None:
    for path in ("basket/", "basket/compare/"):
        (foot,) = page(f"/en/{path}?{QUERY}").with_class("print-address")
        assert foot.words == f"http://testserver/en/{path}?{QUERY}"
