"""The list in JSON: the same entries, order and refusals as the page, in a documented shape."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from reforms.filters import PAGE_SIZE_LIMIT, MeasureFilterSet
from tests.test_filter_promises import ask

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/measures/"
KEYS = {
    *("source", "key", "number", "title_zh", "title_en", "category", "cities", "excerpts", "url"),
}


def get(query: str = "", status: int = 200, language: str = "en") -> dict[str, Any]:
    """Ask the list for a query and return its answer."""
    answer = Client().get(f"{ADDRESS}{query}", headers={"accept-language": language})
    assert answer.status_code == status, answer.content
    kind = "application/json" if status == 200 else "application/problem+json"
    assert answer.headers["Content-Type"] == kind
    return json.loads(answer.content)


def test_the_whole_list_comes_in_the_order_of_the_page(catalog):
    answer = get("?page_size=100")
    assert answer["count"] == len(answer["results"]) == 19
    assert answer["next"] is answer["previous"] is answer["search"] is None
    assert [found["key"] for found in answer["results"]] == [m.key for m in ask("").qs]
    assert all(set(found) == KEYS for found in answer["results"])
    fragment = next(found for found in answer["results"] if found["key"] == "fragment-1")
    assert fragment["number"] is None
    assert fragment["cities"] == ["shanghai"]
    assert fragment["excerpts"] == []
    sixth = next(found for found in answer["results"] if found["key"] == "6")
    assert (sixth["number"], sixth["category"]) == (6, "electricity")
    assert sixth["cities"] == ["beijing", "shanghai"]
    assert urlsplit(sixth["url"]).path == "/en/measures/fuzhi-tuiguang-gaige-jucuo/6/"


@pytest.mark.parametrize(
    "query", ["q=审批", "q=打官司", "q=審批&city=beijing", "category=taxes&sort=-number", "q=受里"]
)
def test_it_answers_what_the_page_answers(catalog, query):
    answer = get(f"?{query}")
    assert [found["key"] for found in answer["results"]] == [
        measure.key for measure in ask(query).qs
    ]
    assert answer["count"] == ask(query).total > 0


def test_pages_lead_to_each_other(catalog):
    seen, address = [], f"{ADDRESS}?q=企业&page_size=2"
    while address:
        answer = Client().get(address).json()
        seen += [found["key"] for found in answer["results"]]
        address = answer["next"]
    assert seen == [measure.key for measure in ask("q=企业").qs]
    last = get("?q=企业&page_size=2&page=2")
    assert last["previous"].endswith(f"?q={'%E4%BC%81%E4%B8%9A'}&page_size=2")


def test_excerpts_mark_what_was_found(catalog):
    (found,) = get("?q=發票", language="zh-CN")["results"]
    assert [excerpt["city"] for excerpt in found["excerpts"]] == ["beijing", "shanghai"]
    for excerpt in found["excerpts"]:
        assert set(excerpt) == {"city", "in", "language", "is_reading", "text", "marks"}
        assert excerpt["language"] == "zh"
        assert excerpt["marks"]
        assert all(excerpt["text"][start:end] == "发票" for start, end in excerpt["marks"])
    english = get("?q=发票 invoice", language="en")["results"][0]["excerpts"]
    assert {excerpt["language"] for excerpt in english} == {"en"}


def test_it_says_what_was_looked_for_besides_or_instead(catalog):
    widened = get("?q=title deed")["search"]
    assert widened["widened"][0]["typed"] == "title deed"
    assert widened["mended"] == []
    assert get(f"?{urlsplit(widened['exactly']).query}")["count"] == 0
    mended = get("?q=受里")["search"]
    assert mended["mended"] == [
        {"how": "spelling", "typed": "受里", "shown": ["受理"], "left_out": []}
    ]
    assert get("?q=。")["search"]["has_nothing_to_find"] is True


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("?page=0", "page"),
        ("?page=x", "page"),
        (f"?page_size={PAGE_SIZE_LIMIT + 1}", "page_size"),
        ("?category=nope", "category"),
        ("?q=" + "x" * 10_000, "q"),
        ("?q=" + "+".join("abcdefghijklmnopqrstuvwxyz"), "q"),
        ("?sort=nope", "sort"),
    ],
)
def test_a_refused_value_is_a_problem_with_a_message_at_its_parameter(catalog, query, parameter):
    for language in ("en", "zh-CN"):
        problem = get(query, status=400, language=language)
        assert problem["status"] == 400
        assert [error["parameter"] for error in problem["errors"]] == [parameter]
        assert problem["errors"][0]["message"]
    assert problem["title"] != get(query, status=400)["title"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_another_method_is_a_problem_that_names_the_allowed_ones(method):
    answer = Client(enforce_csrf_checks=True).generic(method, ADDRESS)
    assert answer.status_code == 405
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Allow"] == "GET, HEAD"
    assert answer.json()["status"] == 405
    assert not answer.cookies


@pytest.mark.parametrize(
    "address",
    ["/api/v1/", "/api/v1/nothing/", "/api/v1/nothing", "/api/v1/measures/6/", "/api/v2/measures/"],
)
def test_an_unknown_address_is_a_problem_in_the_language_of_the_reader(address):
    titles = set()
    for language in ("en", "zh-CN"):
        client = Client(enforce_csrf_checks=True, headers={"accept-language": language})
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 404
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Content-Language"] == {"en": "en", "zh-CN": "zh-hans"}[language]
            assert answer.json()["status"] == 404
            assert answer.json()["detail"]
            titles.add(answer.json()["title"])
    assert len(titles) == 2


def test_an_address_without_its_last_slash_leads_to_the_one_with_it():
    answer = Client().get("/api/v1/measures")
    assert (answer.status_code, answer.headers["Location"]) == (301, ADDRESS)


def test_what_cannot_be_read_and_what_fails_are_problems_too(catalog, monkeypatch):
    unreadable = Client().get(f"{ADDRESS}?q=%00")
    assert (unreadable.status_code, unreadable.json()["status"]) == (400, 400)
    monkeypatch.setattr("reforms.api._measure", lambda *_: 1 / 0)
    failed = Client(raise_request_exception=False).get(ADDRESS)
    assert (failed.status_code, failed.json()["status"]) == (500, 500)
    for answer in (unreadable, failed):
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_page_beyond_the_end_leads_to_the_last(catalog):
    problem = get("?page=9&page_size=10", status=404)
    assert problem["last"].endswith("?page=2&page_size=10")


def test_it_only_reads_sets_no_cookie_and_may_be_read_from_other_sites(catalog):
    answer = Client().get(ADDRESS)
    assert not answer.cookies
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Vary"] == "Accept-Language"
    assert answer.headers["ETag"]
    assert Client().post(ADDRESS).status_code == 405
    assert Client().head(ADDRESS).content == b""


@pytest.mark.parametrize(
    ("query", "count"), [("", 6), ("?q=审批&city=beijing", 8), ("?q=受里", 10)]
)
def test_an_answer_costs_few_queries(catalog, django_assert_max_num_queries, query, count):
    # Vocabularies, sources; the words, near misses and what holds them; the count; measures,
    # practices, figures, errata.
    with django_assert_max_num_queries(count):
        get(query)


def test_the_filter_set_of_the_answer_is_that_of_the_page():
    assert MeasureFilterSet.base_filters.keys() >= {"q", "category", "city", "sort"}
