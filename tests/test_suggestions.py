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


@pytest.mark.parametrize(
    # The vocabulary and the measures; what a Latin word may become; those that no title leads to.
    ("typed", "queries"),
    [("不动", 2), ("12", 2), ("registra", 3), ("160kva", 3), ("160 kilovolt", 4)],
)
def test_it_costs_few_queries_and_no_cookie(catalog, django_assert_max_num_queries, typed, queries):
    with django_assert_max_num_queries(queries):
        answer = Client().get("/zh-hans/suggestions/", {"q": typed})
    assert not answer.cookies


def titles(typed: str, code: str = "zh-hans") -> list[str | None]:
    """Return the labels of the measures that are proposed for the words typed so far."""
    return [one["label"] for one in suggestions(typed, code) if one["kind"] == "measure"]


@pytest.mark.parametrize("code", ["zh-hans", "en"])
def test_every_beginning_of_a_word_proposes_the_titles_that_hold_it(catalog, code):
    whole = titles("registration", code)
    assert len(whole) == 3
    # The stem is registr: from registra on, what was typed is longer than what is indexed.
    for end in range(len("regis"), len("registration") + 1):
        assert titles("registration"[:end], code) == whole, "registration"[:end]
    assert titles("registration", code) == titles("immovable property registrat", code)
    assert titles("clearan", code) == titles("customs clearance", code) != []
    assert len(titles("electricity", code)) == len(titles("electrici", code)) >= 1
    assert titles("registrationx", code) == []


def test_a_finished_word_is_no_beginning(catalog):
    assert titles("registra,", "en") == []
    assert titles("registration,", "en") == titles("registration", "en")


@pytest.mark.parametrize("typed", ["160kVA", "160 kva", "160kv", "１６０ＫＶＡ", "up to 160k"])
def test_a_number_with_its_unit_proposes_what_holds_it_where_no_title_does(catalog, typed):
    assert titles(typed, "en") == titles("160kVA", "en")
    assert "Measure 6" in titles(typed, "en")


def test_a_number_is_no_part_of_another(catalog):
    assert suggestions("15kva", "en") == suggestions("60kVA", "en") == []


def test_a_word_said_for_another_proposes_the_titles_with_what_it_means(catalog):
    assert "Measure 9" in titles("title deed", "en")
    assert titles("房产证") == titles("不动产登记")


def test_a_name_is_proposed_from_where_a_word_of_it_begins(catalog):
    texts = [one["text"] for one in suggestions("获得电")]
    assert "获得电力" in texts
    assert "获得用电" in [one["text"] for one in suggestions("获得")]
    assert "获得电力" in [one["text"] for one in suggestions("得电力")]
    assert all("electronic" not in str(one["text"]).lower() for one in suggestions("tronic", "en"))
