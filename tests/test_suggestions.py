"""What the search box proposes while a person types."""

import pytest
from django.test import Client

from reforms.search import MOST_SUGGESTIONS

pytestmark = pytest.mark.django_db


def suggestions(typed: str, code: str = "zh-hans") -> list[dict[str, str | None]]:
    """Return what is proposed for the words typed so far."""
    answer = Client().get(f"/{code}/suggestions/", {"q": typed})
    assert answer.status_code == 200
    return answer.json()["suggestions"]


def test_names_come_first_then_titles_with_their_pages(catalog):
    found = suggestions("登记")
    assert len(found) <= MOST_SUGGESTIONS
    assert found[0] == {
        "text": "登记财产",
        "kind": "category",
        "label": "领域",
        "address": None,
    }
    titles = [one for one in found if one["kind"] == "measure"]
    assert titles
    assert titles[0]["address"] == "/zh-hans/measures/fuzhi-tuiguang-gaige-jucuo/9/"
    assert titles[0]["label"] == "改革举措 9"
    assert found.index(titles[0]) > 0


def test_a_word_may_be_unfinished(catalog):
    assert "Electronic certificates" in [one["text"] for one in suggestions("electr", "en")]
    assert any("customs clearance" in str(one["text"]) for one in suggestions("customs clea", "en"))


def test_a_number_proposes_its_measure(catalog):
    (found,) = suggestions("12")
    assert found["address"] == "/zh-hans/measures/fuzhi-tuiguang-gaige-jucuo/12/"
    assert suggestions("改革举措12") == [found]


@pytest.mark.parametrize("typed", ["", " ", "。", "zzzzqq", "\U0001f600"])
def test_nothing_is_proposed_for_what_finds_nothing(catalog, typed):
    assert suggestions(typed) == []


def test_what_no_search_takes_is_refused_with_a_message(catalog):
    answer = Client().get("/en/suggestions/", {"q": "x" * 201})
    assert answer.status_code == 400
    assert "At most 200 characters" in answer.json()["error"]
    assert Client().get("/en/suggestions/?q=%00").status_code == 400
    assert Client().post("/en/suggestions/").status_code == 405


def test_it_costs_two_queries_and_no_cookie(catalog, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        answer = Client().get("/zh-hans/suggestions/", {"q": "不动"})
    assert not answer.cookies
