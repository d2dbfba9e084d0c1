"""The query string's vocabulary: what each parameter selects, its bounds, its canonical links."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from reforms.filters import PAGE_SIZE_LIMIT, WORDS_LIMIT, MeasureFilterSet
from reforms.filters.facets import Choice, Facet
from reforms.filters.measures import COMPARISON_FACETS, FILTERS, PARAMETERS
from reforms.models import Measure, Practice
from tests.world import BEIJING, SHANGHAI, build_world

pytestmark = pytest.mark.django_db


def ask(query: str = "", **options: Any) -> MeasureFilterSet:
    """Return the list that a query asks for, accepted."""
    filters = MeasureFilterSet(QueryDict(query), **options)
    assert filters.is_valid(), filters.errors
    return filters


def keys(query: str) -> list[str]:
    """Return the keys of the world's measures that a query lists."""
    return [measure.key for measure in ask(query).qs]


def test_parameters_select_what_the_design_says():
    build_world()
    assert keys("") == ["1", "2", "3"]
    assert keys("coverage=all") == ["1", "2"]
    assert keys(f"coverage=only:{SHANGHAI}") == ["3"]
    assert keys(f"coverage=only:{BEIJING}") == keys("coverage=none") == keys("coverage=some") == []
    assert keys(f"coverage=only:{SHANGHAI}&coverage=all") == ["1", "2", "3"]
    assert keys(f"city={BEIJING}") == ["1", "2"]
    assert keys("category=property-registration") == ["3"]
    assert keys("theme=no-visits&theme=data-sharing") == ["1", "3"]
    assert keys("kind=cost") == ["1"]
    assert keys("outcome=stated") == ["1", "2", "3"]
    assert keys("year=none") == ["1", "2", "3"]
    assert keys("year=2019") == keys("status=replicate") == []
    assert keys("q=双经理") == ["2"]
    assert keys("q=CONNECTING") == ["1", "2"]
    assert keys("sort=-number") == ["3", "2", "1"]
    assert keys("sort=-cities") == ["1", "2", "3"]


def test_an_outcome_is_not_stated_only_where_all_was_read():
    build_world()
    Practice.objects.filter(measure__key="3").update(outcome_state="not_stated")
    assert keys("outcome=not_stated") == ["3"]
    Measure.objects.filter(key="3").update(is_read_whole=False)
    assert keys("outcome=not_stated") == []
    assert keys("outcome=not_entered") == ["3"]
    Measure.objects.filter(key="3").update(is_read_whole=True)
    Practice.objects.filter(measure__key="3").update(outcome_state="not_entered")
    assert keys("outcome=not_entered") == ["3"]


def test_links_are_canonical():
    build_world()
    query = "page_size=20&nonsense=1&sort=relevance&city=shanghai&city=beijing&q=+a+&page=3&city="
    filters = ask(query)
    assert filters.query() == "?q=a&city=beijing&city=shanghai"
    assert filters.query(page=3) == "?q=a&city=beijing&city=shanghai&page=3"
    assert filters.query(q=None, city=None) == ""
    assert ask("q=a&sort=source").query() == "?q=a&sort=source"
    assert ask("q=a&sort=source").query(q=None) == ask("sort=relevance").query() == ""
    assert filters.query(sort="-number", page_size=5) == (
        "?q=a&city=beijing&city=shanghai&sort=-number&page_size=5"
    )


def test_every_parameter_is_known_in_one_order():
    filters = ask("")
    assert set(filters.form.fields) == set(PARAMETERS)
    assert {*COMPARISON_FACETS, "q"} == set(FILTERS)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("category=nope", "category"),
        ("category=electricity&category=%00", "category"),
        ("city=Beijing", "city"),
        ("coverage=only:", "coverage"),
        ("coverage=only:nowhere", "coverage"),
        ("outcome=1", "outcome"),
        ("theme=" + "x" * 60_000, "theme"),
        ("kind=times", "kind"),
        ("status=None", "status"),
        ("source=1", "source"),
        ("year=0", "year"),
        ("year=99999999999999999999999999999999", "year"),
        ("year=２０２０", "year"),
        ("year=1e3", "year"),
        ("sort=number", "sort"),
        ("sort=pk", "sort"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=1e999999", "page"),
        ("page=" + "9" * 30, "page"),
        ("page=" + "9" * 5000, "page"),
        ("page=%00", "page"),
        ("page_size=0", "page_size"),
        (f"page_size={PAGE_SIZE_LIMIT + 1}", "page_size"),
        ("page_size=ten", "page_size"),
        ("q=" + "长" * (WORDS_LIMIT + 1), "q"),
        ("q=%00", "q"),
    ],
)
def test_a_bad_value_is_refused_at_its_field_and_lists_nothing(query, name):
    build_world()
    filters = MeasureFilterSet(QueryDict(query))
    assert not filters.is_valid()
    assert list(filters.errors) == [name]
    assert list(filters.qs) == []
    assert filters.total == 0
    assert len(filters.refusals) == 1
    assert len(filters.refusals[0][1]) < 200
    assert [
        choice.count for facet in filters.facets() for choice in facet.choices if choice.count
    ] == []


def test_a_lone_surrogate_is_refused():
    data = QueryDict(mutable=True)
    data["q"] = "\ud800"
    assert list(MeasureFilterSet(data).errors) == ["q"]
    data = QueryDict(mutable=True)
    data["year"] = "\ud800"
    assert list(MeasureFilterSet(data).errors) == ["year"]


def test_the_longest_words_and_the_largest_page_are_accepted():
    build_world()
    assert ask("q=" + "长" * WORDS_LIMIT).total == 0
    assert ask(f"page_size={PAGE_SIZE_LIMIT}&page=1000000").total == 3
    assert keys("q=%25") == keys("q=_") == []


def long_facet(chosen: str = "", counted: bool = True) -> Facet:
    """Return a facet of twenty choices; the later half has the entries."""
    return Facet(
        name="theme",
        label="Theme",
        choices=tuple(
            Choice(
                value=f"theme-{number}",
                label=f"Theme {number}",
                count=number // 10 if counted else None,
                is_chosen=chosen == f"theme-{number}",
            )
            for number in range(20)
        ),
    )


def test_a_long_facet_keeps_the_fullest_choices_and_the_chosen_in_sight():
    facet = long_facet(chosen="theme-3")
    shown = [choice.value for choice in facet.in_sight]
    assert shown == ["theme-3", *(f"theme-{number}" for number in range(10, 18))]
    assert sorted([*facet.in_sight, *facet.folded], key=facet.choices.index) == [*facet.choices]


def test_a_long_facet_of_a_refused_address_keeps_its_first_choices_in_sight():
    shown = [choice.value for choice in long_facet(counted=False).in_sight]
    assert shown == [f"theme-{number}" for number in range(8)]


def test_a_short_facet_folds_nothing():
    build_world()
    assert all(facet.folded == () for facet in ask().facets())


def test_only_the_facets_asked_for_are_counted():
    build_world()
    filters = ask(facets=("category",))
    assert {name for name, _value in filters.counts} == {"number", "category"}
    assert filters.total == 3
    assert filters.facet("category") == ask().facet("category")


# --- Plain addresses ---


@pytest.mark.parametrize("code", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        ("measures/?q=&page_size=20", "measures/"),
        ("measures/?q=%E7%94%B5&category=&page_size=20&page=1", "measures/?q=%E7%94%B5"),
        ("measures/?item=a:1&q=&category=taxes&other=", "measures/?item=a:1&category=taxes&other="),
        ("figures/?page_size=100&repeated=once", "figures/"),
        ("compare/?q=&by=&city=beijing&city=shanghai", "compare/?city=beijing&city=shanghai"),
        ("basket/compare/?q=&item=a:1", "basket/compare/?item=a:1"),
    ],
)
def test_an_address_with_what_asks_for_nothing_leads_to_the_plain_one(
    db: None, code: str, asked: str, plain: str
) -> None:
    response = Client().get(f"/{code}/{asked}")
    assert response.status_code == 302
    assert response.headers["Location"] == f"/{code}/{plain}"
    assert Client().get(f"/{code}/{plain}").status_code != 302


@pytest.mark.parametrize(
    "query", ["", "?page=1&page=2", "?q=&q=a", "?page_size=5&other=", "?sort=-number", "?q=+"]
)
def test_an_address_that_asks_for_something_is_left_alone(db: None, query: str) -> None:
    assert Client().get(f"/en/measures/{query}").status_code in {200, 404}


def test_the_last_value_counts_where_one_is_taken(db: None) -> None:
    response = Client().get("/en/measures/?page=2&page=1")
    assert response.headers["Location"] == "/en/measures/"
