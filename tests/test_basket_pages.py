"""The basket on the pages: every link and form carries it, and it is shown, compared and taken away."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document

from reforms.filters import ITEMS_LIMIT
from reforms.models import Measure, Practice
from tests.reading import Element, Reading, read
from tests.test_public_pages import BAD_VALUES, LANGUAGES, PAGES, REAL

ITEMS = (f"{REAL}:7:beijing", f"{REAL}:6", f"{REAL}:16:beijing", f"{REAL}:fragment-1")
QUERY = "&".join(f"item={item}" for item in ITEMS)
# What links are said to be about, to those who hear them alone.
SPOKEN = ("Measure 7, Beijing", "Measure 6", "Measure 16, Beijing", "fragment-1")
# One of every page type, without a basket of its own.
PLAIN = tuple(path for path in PAGES if "item=" not in path)
OTHERS = ("nothing/", "measures/?page=99", "measures/?sort=x", f"measures/{REAL}/99/")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog")]
every_language = pytest.mark.parametrize("code", LANGUAGES)


def with_query(page: str, query: str = QUERY) -> str:
    return f"{page}{'&' if '?' in page else '?'}{query}"


def page(address: str, client: Client | None = None) -> Reading:
    return read((client or Client()).get(address).content.decode())


def changes(link: Element) -> bool:
    """Tell whether a link is there to change the basket."""
    return link.attributes.get("rel") == "nofollow" and "download" not in link.attributes


def inside(reading: Reading) -> list[str]:
    """Return the addresses of this site that links of a page lead to, fragments of the page aside."""
    return [
        link.attributes["href"]
        for link in reading.of("a")
        if link.attributes["href"].startswith("/") and not changes(link)
    ]


def items_of(address: str) -> list[str]:
    return [
        part[5:]
        for part in address.partition("#")[0].partition("?")[2].split("&")
        if part.startswith("item=")
    ]


def titles(reading: Reading) -> list[str]:
    return [found.attributes["id"] for found in reading.with_class("basket-row")]


# --- Carried ---


@every_language
@pytest.mark.parametrize("path", [*PLAIN, *OTHERS])
def test_every_link_and_every_form_carries_the_basket(client: Client, code: str, path: str) -> None:
    reading = page(f"/{code}/{with_query(path)}", client)
    links = inside(reading)
    assert len(links) > 5
    assert [link for link in links if items_of(link) != list(ITEMS)] == []
    for found in reading.of("input"):
        if found.attributes.get("data-suggestions"):
            assert items_of(found.attributes["data-suggestions"]) == list(ITEMS)
    hidden = [
        f.attributes["value"] for f in reading.of("input") if f.attributes.get("name") == "item"
    ]
    assert hidden == list(ITEMS) * len(reading.of("form"))


@every_language
@pytest.mark.parametrize("path", [*PLAIN, *OTHERS])
def test_without_a_basket_only_adding_names_an_item(client: Client, code: str, path: str) -> None:
    reading = page(f"/{code}/{path}", client)
    assert [link for link in inside(reading) if "item=" in link] == []
    assert not [f for f in reading.of("input") if f.attributes.get("name") == "item"]


@every_language
@pytest.mark.parametrize("path", PLAIN)
def test_what_a_page_is_called_leaves_the_basket_out(client: Client, code: str, path: str) -> None:
    reading = page(f"/{code}/{with_query(path)}", client)
    assert [link for link in reading.of("link") if "item=" in link.attributes["href"]] == []


@every_language
def test_a_list_is_the_same_with_a_basket(client: Client, code: str) -> None:
    for path in ("measures/", "measures/?category=taxes", "compare/", "figures/"):
        plain, carrying = (
            [
                found.attributes["id"]
                for found in page(address, client).elements
                if found.tag in {"li", "tr"} and "id" in found.attributes
            ]
            for address in (f"/{code}/{path}", f"/{code}/{with_query(path)}")
        )
        assert len(plain) > 1
        assert carrying == plain


def test_a_withdrawn_measures_page_carries_it(client: Client) -> None:
    withdraw("8")
    response = client.get(f"/en/measures/{REAL}/8/?{QUERY}")
    assert response.status_code == 410
    reading = read(response.content.decode())
    assert all(items_of(link) == list(ITEMS) for link in inside(reading))


def test_suggestions_lead_on_with_the_basket(client: Client) -> None:
    found = client.get(f"/en/suggestions/?q=12&{QUERY}").json()["suggestions"]
    assert found
    assert all(items_of(one["address"]) == list(ITEMS) for one in found if one["address"])


def test_an_address_cut_short_leads_on_with_the_basket(client: Client) -> None:
    response = client.get(f"/en/measures/{REAL}/?{QUERY}")
    assert items_of(response.headers["Location"]) == list(ITEMS)


@every_language
@pytest.mark.parametrize("path", ["", "measures/", "basket/", "basket/compare/"])
def test_a_page_with_a_basket_can_be_cached(client: Client, code: str, path: str) -> None:
    response = client.get(f"/{code}/{with_query(path)}")
    assert response.status_code == 200
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()
    tag = response.headers["ETag"]
    assert (
        client.get(f"/{code}/{with_query(path)}", headers={"if-none-match": tag}).status_code == 304
    )


@pytest.mark.parametrize("path", ["", "compare/", "figures/", "sources/", f"measures/{REAL}/6/"])
def test_carrying_a_basket_costs_no_query(client: Client, path: str) -> None:
    counts = []
    for address in (f"/en/{path}", f"/en/{with_query(path)}"):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Refused ---


@every_language
@pytest.mark.parametrize(
    "path", [*PLAIN, "basket.csv", "measures.csv", "figures.csv", f"measures/{REAL}/6.docx"]
)
def test_what_is_no_basket_is_refused_on_every_page(client: Client, code: str, path: str) -> None:
    response = client.get(f"/{code}/{with_query(path, f'{QUERY}&item=x')}")
    assert response.status_code == 400
    reading = read(response.content.decode())
    assert "x" in [found.words for found in reading.of("code")]
    # The way on: the same page with what can be read.
    (way,) = [link for link in reading.of("a") if changes(link)]
    assert items_of(way.attributes["href"]) == list(ITEMS)
    assert client.get(way.attributes["href"]).status_code == 200


def test_json_is_refused_as_problem_details(client: Client) -> None:
    response = client.get("/en/basket.json?item=x&item=s:6")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["value"] == "x"
    assert client.get("/en/suggestions/?q=a&item=x").status_code == 400


@pytest.mark.parametrize("path", ["", "basket/", "basket/compare/", "basket.csv", "sources/"])
def test_no_bad_item_makes_a_page_fail(client: Client, path: str) -> None:
    client.raise_request_exception = False
    answers = {client.get(f"/en/{path}?item={value}").status_code for value in BAD_VALUES}
    assert answers == {200, 400}


def test_more_than_a_hundred_is_refused_with_the_limit(client: Client) -> None:
    query = "&".join(f"item=s:{key}" for key in range(ITEMS_LIMIT + 1))
    response = client.get(f"/en/measures/?{query}")
    assert response.status_code == 400
    assert "at most 100 entries" in response.content.decode()


# --- Added to ---


def choice(reading: Reading, item: str) -> Element:
    """Return the link that stands in the element named after an item."""
    place = next(
        place
        for place, found in enumerate(reading.elements)
        if found.attributes.get("id") == f"basket-{item}"
    )
    return next(found for found in reading.elements[place:] if found.tag == "a")


@pytest.mark.parametrize(
    "path", ["measures/?category=electricity", "compare/", f"measures/{REAL}/6/"]
)
def test_adding_and_taking_out_lead_back_to_the_same_place(client: Client, path: str) -> None:
    item = f"{REAL}:6"
    added = choice(page(f"/en/{path}"), item).attributes
    assert added["rel"] == "nofollow"
    address, _hash, fragment = added["href"].partition("#")
    assert fragment == f"basket-{item}"
    assert items_of(address) == [item]
    reading = page(address)
    assert fragment in reading.ids
    assert "In the basket" in choice(reading, item).words
    assert choice(reading, item).attributes["href"] == f"/en/{path}#{fragment}"


def test_a_city_is_added_on_the_page_of_its_measure() -> None:
    added = choice(page(f"/en/measures/{REAL}/6/?{QUERY}"), f"{REAL}:6:shanghai").attributes["href"]
    assert items_of(added) == [*ITEMS, f"{REAL}:6:shanghai"]


def test_a_whole_list_is_added_at_once() -> None:
    reading = page(f"/en/measures/?category=electricity&item={REAL}:6")
    (link,) = [a for a in reading.of("a") if "that are missing" in a.words]
    held = items_of(link.attributes["href"])
    rows = [row.attributes["id"] for row in reading.with_class("measure-row")]
    assert [item.replace(":", "-") for item in held] == rows
    assert "All of these are in the basket" in page(link.attributes["href"]).words


def test_a_list_of_several_pages_is_added_whole() -> None:
    reading = page("/en/measures/?page_size=5")
    (link,) = [a for a in reading.of("a") if "Add all 19" in a.words]
    assert len(items_of(link.attributes["href"])) == 19


def test_a_list_that_does_not_fit_says_how_many_do() -> None:
    held = "&".join(f"item=s:{key}" for key in range(97))
    reading = page(f"/en/measures/?{held}")
    (link,) = [a for a in reading.of("a") if "Add the first 3" in a.words]
    assert items_of(link.attributes["href"])[-3:] == [
        f"{REAL}:{key}" for key in ("fragment-1", 6, 7)
    ]
    full = page(link.attributes["href"])
    assert "The basket is full: at most 100 entries" in full.words
    assert not [a for a in full.of("a") if "Add to the basket" in a.words]


@every_language
def test_the_header_counts_what_is_in_it(client: Client, code: str) -> None:
    (held,) = page(f"/{code}/?{QUERY}").with_class("basket-link")
    assert str(len(ITEMS)) in held.words
    (empty,) = page(f"/{code}/").with_class("basket-link")
    assert not any(letter.isdigit() for letter in empty.words)


# --- Its page ---


def withdraw(key: str) -> None:
    Measure.objects.filter(key=key).update(
        withdrawn_at=datetime(2026, 1, 2, tzinfo=UTC),
        withdrawn_reason_zh="重复",
        withdrawn_reason_en="Listed twice",
    )


@every_language
def test_the_page_has_the_entries_in_the_order_of_the_address(client: Client, code: str) -> None:
    assert titles(page(f"/{code}/basket/?{QUERY}")) == [f"basket-{item}" for item in ITEMS]
    backwards = "&".join(f"item={item}" for item in reversed(ITEMS))
    assert titles(page(f"/{code}/basket/?{backwards}")) == [
        f"basket-{item}" for item in reversed(ITEMS)
    ]


def test_entries_are_moved_and_taken_out_by_links() -> None:
    reading = page(f"/en/basket/?{QUERY}")
    by_words = {
        (
            link.words.partition(" (")[0].strip(),
            link.words.partition("(")[2].strip().rstrip(")"),
        ): link
        for link in reading.of("a")
        if changes(link)
    }
    up = by_words["Up", SPOKEN[1]].attributes["href"]
    assert items_of(up) == [ITEMS[1], ITEMS[0], *ITEMS[2:]]
    assert titles(page(up))[0] == f"basket-{ITEMS[1]}"
    assert up.endswith(f"#basket-{ITEMS[1]}")
    assert items_of(by_words["Down", SPOKEN[0]].attributes["href"]) == [
        ITEMS[1],
        ITEMS[0],
        *ITEMS[2:],
    ]
    assert items_of(by_words["Take out", SPOKEN[2]].attributes["href"]) == [*ITEMS[:2], ITEMS[3]]
    assert ("Up", SPOKEN[0]) not in by_words
    assert ("Down", SPOKEN[3]) not in by_words
    assert by_words["Empty the basket", ""].attributes["href"] == "/en/basket/"


@every_language
def test_an_empty_basket_says_how_to_fill_it(client: Client, code: str) -> None:
    reading = page(f"/{code}/basket/")
    assert reading.with_class("empty")
    assert not reading.with_class("downloads")
    assert client.get(f"/{code}/basket/compare/").status_code == 200
    for form in ("csv", "xlsx", "json", "docx"):
        assert client.get(f"/{code}/basket.{form}").status_code == 200


def test_the_page_and_the_link_to_share_cost_few_queries(client: Client) -> None:
    # All vocabularies, measures, practices, the count, the last change; a basket twice as long asks as often.
    for query in (QUERY, f"{QUERY}&item={REAL}:8&item={REAL}:9&item={REAL}:10:shanghai"):
        with CaptureQueriesContext(connection) as queries:
            reading = page(f"/en/basket/?{query}", client)
        assert len(queries) == 6, [query["sql"][:90] for query in queries]
    (shared,) = reading.of("textarea")
    assert shared.words == f"http://testserver/en/basket/?{query}"


def test_what_is_not_listed_is_named_and_left_out(client: Client) -> None:
    withdraw("8")
    query = f"item={REAL}:8&item={REAL}:6&item={REAL}:99&item={REAL}:7:nowhere"
    reading = page(f"/en/basket/?{query}", client)
    assert len(titles(reading)) == 4
    (why,) = [a for a in reading.of("a") if "it was withdrawn" in a.words]
    assert client.get(why.attributes["href"]).status_code == 410
    assert "has no such measure" in reading.words
    assert "no city “nowhere”" in reading.words
    assert "3 entries are not listed" in reading.words
    records = json.loads(b"".join(client.get(f"/en/basket.json?{query}")))
    assert [record["key"] for record in records] == ["6"]
    assert "3 entries are not listed" in page(f"/en/basket/compare/?{query}").words


# --- Compared and taken away ---


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    text = b"".join(client.get(address)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@every_language
def test_the_comparison_has_the_measures_of_the_basket_in_its_order(code: str) -> None:
    reading = page(f"/{code}/basket/compare/?{QUERY}")
    heads = [row.attributes["id"] for row in reading.of("table") if "id" in row.attributes]
    assert heads == [f"{REAL}-{key}" for key in ("7", "6", "16", "fragment-1")]
    links = inside(reading)
    assert all(items_of(link) == list(ITEMS) for link in links)


def test_the_comparisons_cities_are_those_named_completed_to_two_in_one_order() -> None:
    reading = page(f"/en/basket/compare/?item={REAL}:7:shanghai")
    assert [found.words for found in reading.with_class("city-heading")] == ["Beijing", "Shanghai"]
    assert "Beijing was added" in reading.words
    both = page(f"/en/basket/compare/?item={REAL}:7:shanghai&item={REAL}:7:beijing")
    assert [found.words for found in both.with_class("city-heading")] == ["Beijing", "Shanghai"]
    asked = page(f"/en/basket/compare/?item={REAL}:7:shanghai&city=shanghai&city=beijing")
    assert [found.words for found in asked.with_class("city-heading")] == ["Shanghai", "Beijing"]


def test_no_city_drops_a_measure_from_the_comparison() -> None:
    reading = page(f"/en/basket/compare/?{QUERY}&city=shanghai&city=beijing")
    assert len([row for row in reading.of("table") if "id" in row.attributes]) == 4


def test_filters_narrow_the_comparison_and_counts_keep_their_promise() -> None:
    reading = page(f"/en/basket/compare/?{QUERY}&category=electricity")
    heads = [row.attributes["id"] for row in reading.of("table") if "id" in row.attributes]
    assert heads == [f"{REAL}-7", f"{REAL}-6"]


@every_language
@pytest.mark.parametrize("name", ["basket", "basket/compare"])
def test_files_hold_the_basket_in_its_order(client: Client, code: str, name: str) -> None:
    rows = rows_of(client, f"/{code}/{name}.csv?{QUERY}")
    addresses = [next(c for c in row.values() if c.startswith("http")) for row in rows]
    assert [address.rstrip("/").rpartition("/")[2] for address in addresses] == [
        *("7", "6", "16", "fragment-1")
    ]
    for form in ("xlsx", "docx", "json"):
        response = client.get(f"/{code}/{name}.{form}?{QUERY}")
        assert (response.status_code, response.headers["X-Robots-Tag"]) == (200, "noindex")


def test_of_an_entry_with_a_city_a_list_takes_that_city_alone(client: Client) -> None:
    first, second, *_others = rows_of(client, f"/en/basket.csv?{QUERY}")
    assert first["Beijing · practice"] == "The text held here states it"
    assert first["Shanghai · practice"] == "not in the basket"
    assert first["Shanghai · outcome, as printed"] == "not in the basket"
    assert second["Shanghai · practice"] == "The text held here states it"
    compared, *_others = rows_of(client, f"/en/basket/compare.csv?{QUERY}")
    assert compared["Shanghai · practice"] == "The text held here states it"


def test_two_entries_of_one_measure_are_one_row_with_both_cities(client: Client) -> None:
    query = f"item={REAL}:7:beijing&item={REAL}:6&item={REAL}:7:shanghai"
    rows = rows_of(client, f"/en/basket.csv?{query}")
    assert [row["Key"] for row in rows] == ["7", "6"]
    assert rows[0]["Shanghai · practice"] == "The text held here states it"


def test_a_file_says_what_was_asked_and_what_is_left_out(client: Client) -> None:
    response = client.get(f"/en/basket.docx?{QUERY}&item={REAL}:99")
    said = " ".join(line.text for line in Document(io.BytesIO(response.content)).paragraphs)
    assert "Basket: 5 entries" in said
    assert f"Left out, because it is not listed: {REAL}:99" in said
    assert f"http://testserver/en/basket/?{QUERY}&item={REAL}:99" in said


def test_the_api_neither_reads_nor_carries_the_basket(client: Client) -> None:
    plain = client.get("/api/v1/measures/?page_size=5").json()
    assert client.get(f"/api/v1/measures/?page_size=5&{QUERY}&item=x").json() == plain


# --- In full ---


@every_language
def test_the_basket_in_full_has_its_measures_in_its_order_with_the_cities_chosen(code: str) -> None:
    reading = page(f"/{code}/basket/chapter/?item={REAL}:7:beijing&item={REAL}:6")
    entries = [part.attributes["id"] for part in reading.with_class("chapter-entry")]
    assert entries == [f"{REAL}-7", f"{REAL}-6"]
    words = "".join(reading.words.split())
    taken = Practice.objects.filter(measure__key__in=("6", "7")).select_related("city", "measure")
    for practice in taken:
        summary = practice.summary_en if code == "en" else practice.summary_zh
        is_held = "".join((summary or "").split()) in words
        assert is_held == (practice.measure.key == "6" or practice.city.slug == "beijing")
    assert f"/{code}/basket/chapter/" in " ".join(reading.words.split())


def test_an_empty_basket_in_full_leads_on() -> None:
    assert page("/en/basket/chapter/").with_class("empty")


def test_the_basket_in_full_takes_two_queries_more_than_a_list() -> None:
    # Vocabularies, sources (2); the basket's measures with their cities (2); the count (1);
    # measures, practices with outcomes, figures, points, errata (5); the place's section (1).
    with CaptureQueriesContext(connection) as queries:
        page(f"/en/basket/chapter/?item={REAL}:7&item={REAL}:6")
    with CaptureQueriesContext(connection) as plain:
        page("/en/chapter/")
    assert len(queries) == len(plain) + 2
