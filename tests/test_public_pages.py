"""What every public page keeps, in both languages: cacheable, safe methods, sound links, no failure for bad input."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from typing import Any
from zlib import crc32

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils.translation import override

from tests.reading import Reading, read

REAL = "fuzhi-tuiguang-gaige-jucuo"
LANGUAGES = ("zh-hans", "en")
# One of every page type, and the states that change what a page shows.
PAGES = (
    "",
    "measures/",
    "measures/?category=electricity&city=beijing&city=shanghai&coverage=all&outcome=stated",
    "measures/?q=%E7%94%B5&sort=-number&page_size=2&page=2",
    "measures/?q=nothingisfoundbythis",
    f"measures/{REAL}/6/",
    f"measures/{REAL}/10/?category=property-registration",
    f"measures/{REAL}/fragment-1/",
    "chapter/",
    "chapter/?q=%E7%94%B5&sort=-number&page_size=2&page=2",
    "compare/",
    "compare/?category=taxes&city=beijing&city=shanghai",
    "compare/?by=theme&category=taxes",
    f"compare/{REAL}/6/",
    "basket/",
    f"basket/?item={REAL}:7:beijing&item={REAL}:6&item={REAL}:99",
    f"basket/chapter/?item={REAL}:7:beijing&item={REAL}:6",
    "basket/compare/",
    f"basket/compare/?item={REAL}:7:beijing&item={REAL}:6&category=electricity",
    f"basket/compare/?item={REAL}:7:beijing&item={REAL}:6&by=theme",
    f"measures/{REAL}/6/history/",
    f"measures/{REAL}/6/history/1/",
    "changes/",
    "figures/",
    "figures/?city=beijing&kind=time&kind=volume&sort=source&repeated=each&page_size=5&page=2",
    "sources/",
    f"sources/{REAL}/",
    "report/thanks/",
)
# The pages that take something in: each answer is signed anew.
FORMS = (
    "report/",
    f"report/?measure={REAL}:6&version=1",
    f"report/?address=/en/sources/{REAL}/",
)
# A link that leads to one of these is followed; its file or page lies outside the public pages.
NOT_PAGES = re.compile(r"^/(static|admin)/|.*\.(csv|xlsx|json|docx)(\?|$)")
# Reading a page's elements takes as long as making it: of a page that a link leads to, names are enough.
ID = re.compile(r'\sid="([^"]*)"')
# One parameter of each kind: words, choices, coverage, years, orders, numbers, later ones, none.
PARAMETERS = (
    "q",
    "category",
    "city",
    "coverage",
    "year",
    "sort",
    "page",
    "as_at",
    "item",
    "unknown",
)
READ_BY = {
    "measures/": PARAMETERS,
    "chapter/": ("q", "category", "sort", "page"),
    "compare/": ("q", "city", "coverage", "page"),
    "basket/": ("item",),
    "basket/compare/": ("q", "city", "sort", "page", "item"),
    f"measures/{REAL}/6/history/": ("page",),
    f"measures/{REAL}/6/history/1/": ("since",),
    "changes/": ("page",),
    "figures/": ("category", "indicator", "repeated", "sort", "page"),
    "report/": ("address", "measure", "version", "words", "item"),
    "report/thanks/": ("address", "item"),
}
# They read what they have in common with the list through its filters.
AS_THE_LIST = ("chapter/", "compare/", "basket/")
BAD_VALUES = (
    "",
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF%FE",
    "%",
    "%zz",
    "%F0%9F%98%80",
    "%E2%80%AE",
    "0",
    "-1",
    "1.5",
    "1e999999",
    "999999999999999999999999999999",
    "9" * 5000,
    "%D9%A1%D9%A2",
    "NaN",
    "null",
    "true",
    "[]",
    "%27%20OR%201=1--",
    "%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "../../etc/passwd",
    "%25",
    "*",
    "%22%28%29",
    "-" * 200,
    "x" * 10_000,
    "%E5%AE%A1" * 3000,
    "a%20" * 2000,
)
BAD_QUERIES = (
    "%00=1",
    "=&=&=",
    "&&&&;;;",
    "q=a&q=b&q=c",
    "page=1&page=2",
    "city=beijing&city=beijing&city=nowhere",
    "page=0",
    "page=1e999999",
    "page=-1&page_size=0",
    "page_size=100000",
    "year=0&year=10000",
    "sort=-pk&sort=password",
    "q[]=1&q[a]=2&q.x=3",
    "status__regex=(",
    "coverage=only:",
    "coverage=only:beijing:shanghai",
    "item=a:b:c:d:e&item=::",
    "as_at=9999-12-31T23:59:59%2B14:00",
    "&".join(f"city=c{number}" for number in range(400)),
    "&".join(f"p{number}=1" for number in range(900)),
)
BAD_PATHS = (
    "measures/%00/",
    f"measures/{REAL}/%00/",
    f"measures/{REAL}/%ED%A0%80/",
    f"measures/{REAL}/{'9' * 400}/",
    f"measures/{'x' * 10_000}/6/",
    "measures/%2e%2e/%2e%2e/",
    f"measures/{REAL}/6",
    f"measures/{REAL}/６/",
    "sources/%00/",
    "sources/%FF/",
    f"sources/{'x' * 10_000}/",
    "sources/-/",
    "%00",
    "%F0%9F%98%80/",
    "//evil.example/",
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog")]

every_page = pytest.mark.parametrize(
    "address", [f"/{code}/{page}" for code, page in product(LANGUAGES, PAGES)]
)
every_page_and_form = pytest.mark.parametrize(
    "address", [f"/{code}/{page}" for code, page in product(LANGUAGES, PAGES + FORMS)]
)


@pytest.fixture(scope="module")
def reading_of(catalog: Any, django_db_blocker: Any) -> Callable[[str], Reading]:
    """Return what reads a page by its address, each once: nothing changes the catalog here."""

    @cache
    def read_once(address: str) -> Reading:
        with django_db_blocker.unblock():
            return read(Client().get(address).content.decode())

    return read_once


@every_page
def test_a_page_can_be_cached_and_asks_for_nothing_of_the_reader(
    client: Client, address: str
) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()
    assert "no-store" not in response.headers.get("Cache-Control", "")
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    tag = response.headers["ETag"]
    again = client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


@every_page
def test_a_page_answers_only_safe_methods(client: Client, address: str) -> None:
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        assert client.generic(method, address).status_code == 405, method


@every_page_and_form
def test_a_page_stands_on_its_own(reading_of: Callable[[str], Reading], address: str) -> None:
    reading = reading_of(address)
    code = address.split("/")[1]
    assert reading.of("html")[0].attributes["lang"].lower() == code
    assert len(reading.of("h1")) == 1
    assert len(reading.of("main")) == 1
    assert reading.of("title")[0].words.strip()
    described = [m for m in reading.of("meta") if m.attributes.get("name") == "description"]
    assert len(described) == 1
    assert described[0].attributes["content"].strip()
    assert "style" not in {name for found in reading.elements for name in found.attributes}
    assert not [name for found in reading.elements for name in found.attributes if name[:2] == "on"]
    assert not reading.of("style")
    assert all("src" in found.attributes for found in reading.of("script"))
    assert len(set(reading.ids)) == len(reading.ids), twice(reading.ids)


@every_page_and_form
def test_names_that_elements_point_at_are_there(
    reading_of: Callable[[str], Reading], address: str
) -> None:
    reading = reading_of(address)
    attributes = (
        "for",
        "aria-labelledby",
        "aria-describedby",
        "aria-controls",
        "data-copy",
        "form",
    )
    named = {
        name
        for found in reading.elements
        for attribute in attributes
        for name in found.attributes.get(attribute, "").split()
    }
    assert named - set(reading.ids) == set()


@every_page_and_form
def test_a_page_says_what_it_is_called_in_both_languages(
    client: Client, reading_of: Callable[[str], Reading], address: str
) -> None:
    reading = reading_of(address)
    _root, code, rest = address.split("/", 2)
    links = [link.attributes for link in reading.of("link")]
    canonical = [link["href"] for link in links if link["rel"] == "canonical"]
    assert len(canonical) == 1
    assert canonical[0].startswith(f"http://testserver/{code}/{rest.partition('?')[0]}")
    alternates = {link["hreflang"]: link["href"] for link in links if link["rel"] == "alternate"}
    assert set(alternates) == {"zh-Hans", "en", "x-default"}
    for other in LANGUAGES:
        assert client.head(canonical[0].replace(f"/{code}/", f"/{other}/", 1)).status_code == 200
    # The switch keeps the whole query.
    other = next(each for each in LANGUAGES if each != code)
    assert (f"/{other}/{rest}", "") in reading.links(address)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_link_and_every_anchor_on_every_page_leads_somewhere(
    client: Client, reading_of: Callable[[str], Reading], code: str, is_postgresql: bool
) -> None:
    if is_postgresql and code == "en":
        pytest.skip("The English pages ask the queries of the Chinese ones; SQLite follows both.")

    @cache
    def fetched(target: str) -> tuple[int, frozenset[str]]:
        response = client.get(target, follow=True)
        html = response.headers["Content-Type"].startswith("text/html")
        return response.status_code, frozenset(
            ID.findall(response.content.decode()) if html else ()
        )

    broken = []
    followed = 0
    for page in PAGES + FORMS:
        address = f"/{code}/{page}"
        for target, anchor in set(reading_of(address).links(address)):
            if NOT_PAGES.match(target):
                continue
            status, names = fetched(without_basket(target))
            followed += 1
            if status != 200 or (anchor and anchor not in names):
                broken.append(f"{address} -> {target}#{anchor}: {status}")
    assert broken == []
    assert followed > 250


def without_basket(target: str) -> str:
    """Return an address without the basket that it carries; a page of the basket needs its own.

    Of the words marked on a source's page one place in eight is asked for: the tests of the marks
    ask for every one.
    """
    path, _mark, query = target.partition("?")
    if "/basket/" in path:
        return target
    kept = [part for part in query.split("&") if part and not part.startswith("item=")]
    if any(part.startswith("span=") for part in kept) and crc32(target.encode()) % 8:
        kept = ["span=571-587"]
    return f"{path}?{'&'.join(kept)}" if kept else path


def bad_requests(page: str) -> Iterator[str]:
    """Yield addresses of a page whose query is odd: parameters with each value, and worse.

    The pages that read their parameters as the list does are tried with a third of the values.
    """
    parameters = READ_BY.get(page, ("q", "page") if f"{REAL}/6" in page else ("q",))
    for parameter, value in product(parameters, BAD_VALUES):
        address = f"{page}?{parameter}={value}"
        if not page.startswith(AS_THE_LIST) or not crc32(address.encode()) % 3:
            yield address
    for query in BAD_QUERIES:
        yield f"{page}?{query}"


@pytest.mark.parametrize("page", [page for page in PAGES + FORMS if "?" not in page])
def test_no_bad_query_makes_a_page_fail(client: Client, page: str) -> None:
    client.raise_request_exception = False
    failed = []
    answers = set()
    for number, bad in enumerate(bad_requests(page)):
        # Parameters that ask for nothing lead to the address without them.
        response = client.get(f"/{LANGUAGES[number % 2]}/{bad}", follow=True)
        answers.add(response.status_code)
        if response.status_code not in {200, 400, 404}:
            failed.append(f"{response.status_code} {bad[:120]}")
    assert failed == []
    # The corpus reaches both what is answered and what is refused, or it would prove little.
    assert {200, 400} <= answers


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_bad_path_makes_a_page_fail(client: Client, code: str) -> None:
    client.raise_request_exception = False
    answers = {path[:60]: client.get(f"/{code}/{path}").status_code for path in BAD_PATHS}
    assert set(answers.values()) <= {301, 400, 404}, answers
    assert {400, 404} <= set(answers.values())


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("page", ["measures/", "compare/"])
@pytest.mark.parametrize("value", ["%00", "a%00b", "x" * 10_000])
def test_unreadable_words_are_refused(client: Client, code: str, page: str, value: str) -> None:
    assert client.get(f"/{code}/{page}?q={value}").status_code == 400


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("query", ["page=0", "page=1e999999", "page=x", "page_size=0"])
def test_a_page_number_that_is_none_is_refused_in_place(
    client: Client, code: str, query: str
) -> None:
    response = client.get(f"/{code}/measures/?{query}")
    assert response.status_code == 400
    reading = read(response.content.decode())
    assert reading.with_class("notice-error")
    assert not reading.with_class("measure-row")


def test_what_a_reader_typed_is_never_markup(client: Client) -> None:
    for page in ("measures/", "compare/", "sources/"):
        for parameter in ("q", "city", "page", "unknown"):
            html = client.get(f"/en/{page}?{parameter}=%22%3E%3Cscript%3Ealert(1)</script>")
            assert "<script>alert" not in html.content.decode()


def test_an_address_without_a_language_leads_to_the_readers(client: Client) -> None:
    for preferred, code in (
        ("en-US,en;q=0.8", "en"),
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("", "zh-hans"),
    ):
        for page in ("", "measures/", f"measures/{REAL}/6/", "compare/", f"sources/{REAL}/"):
            response = client.get(f"/{page}", headers={"accept-language": preferred})
            assert response.status_code == 302
            assert response.headers["Location"] == f"/{code}/{page}"
            assert "Accept-Language" in response.headers["Vary"]
            assert not response.cookies


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_address_cut_short_after_its_source_leads_to_the_source(
    client: Client, catalog: Any, code: str
) -> None:
    response = client.get(f"/{code}/measures/{REAL}/")
    assert response.status_code in (301, 302)
    assert response.headers["Location"] == f"/{code}/sources/{REAL}/"
    assert not response.cookies
    assert client.get(f"/{code}/measures/no-such-source/").status_code == 404


def test_every_public_page_is_tested_here() -> None:
    def names(patterns: Any) -> Iterator[str]:
        for pattern in patterns:
            if getattr(pattern, "app_name", None) == "admin":
                continue
            if hasattr(pattern, "url_patterns"):
                yield from names(pattern.url_patterns)
            elif pattern.name:
                yield pattern.name

    with override("zh-hans"):
        tested = {
            get_resolver().resolve(f"/zh-hans/{page.partition('?')[0]}").url_name
            for page in PAGES + FORMS
        }
    moved = {"set_language", "measures_of_source"}
    data = {"api_measures", "suggestions"}
    files = {
        *("measures_file", "compare_file", "measure_file", "figures_file"),
        *("basket_file", "basket_compare_file", "compare_measure_file"),
    }
    assert set(names(get_resolver().url_patterns)) - moved - data - files == tested


def twice(names: list[str]) -> list[str]:
    """Return the names that occur more than once."""
    return sorted({name for name in names if names.count(name) > 1})


def test_reading_finds_what_it_is_asked_for() -> None:
    reading: Reading = read(
        '<body><p id="a" class="x y">one<br>two</p><a href="?q=1#a">z</a></body>'
    )
    assert reading.ids == ["a"]
    assert reading.with_class("y")[0].words == "onetwo"
    assert reading.links("/en/") == [("/en/?q=1", "a")]
