"""The filters over the real catalog made wider: every count is the length of the list it promises."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reforms.filters import MeasureFilterSet, Names, Speaking
from reforms.filters.measures import COMPARISON_FACETS, FILTERS, PARAMETERS, SORTS
from reforms.models import City, Measure, Practice, Source
from tests.world import BEIJING, SHANGHAI

pytestmark = pytest.mark.django_db

SHENZHEN, TIANJIN = "shenzhen", "tianjin"
FEW = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def wide(catalog: Any, django_db_blocker: Any) -> Iterator[None]:
    """The real catalog and a second source, with four cities, two years, and every kind of gap."""
    with django_db_blocker.unblock(), transaction.atomic():
        widen()
        yield
        transaction.set_rollback(True)


def widen() -> None:
    """Add what the real catalog does not have: more cities, statuses, years, withdrawn entries."""
    first = Source.objects.get()
    dated = Source.objects.create(
        slug="dated",
        position=first.position + 1,
        short_name_zh="第二份",
        short_name_en="Second",
        title_zh="第二份",
        title_en="Second",
        text="第二份",
        checksum="0" * 64,
        completeness="whole",
        published_on=date(2020, 5, 1),
    )
    place = City.objects.order_by("-position").first().position
    shenzhen = City.objects.create(
        slug=SHENZHEN,
        position=place + 1,
        name_zh="深圳市",
        name_en="Shenzhen",
        short_name_zh="深圳",
        short_name_en="Shenzhen",
    )
    City.objects.create(
        slug=TIANJIN,
        position=place + 2,
        name_zh="天津市",
        name_en="Tianjin",
        short_name_zh="天津",
        short_name_en="Tianjin",
    )
    taxes = Measure.objects.filter(category__slug="taxes").first().category
    beijing = City.objects.get(slug=BEIJING)
    for position, options in enumerate(
        (
            {"status": "replicate"},
            {"status": "for_reference", "is_read_whole": False},
            {"number": None},
            {},
        ),
        start=1,
    ):
        Measure.objects.create(
            source=dated,
            position=position,
            key=f"{position}",
            **{"number": position, "title_zh": f"举措{position}", "category": taxes, **options},
        )
    measures = list(Measure.objects.filter(source=dated).in_order())
    for measure, city, state in (
        (measures[0], shenzhen, "not_entered"),
        (measures[1], shenzhen, "stated"),
        (measures[2], beijing, "not_stated"),
        (Measure.objects.get(source=first, key="6"), shenzhen, "stated"),
        (Measure.objects.get(source=first, key="16"), shenzhen, "not_stated"),
    ):
        Practice.objects.create(
            measure=measure, city=city, text_zh="线上审批", outcome_state=state, spans=[]
        )
    hidden = Measure.objects.get(source=first, key="23")
    hidden.withdrawn_reason_zh = "试"
    hidden.withdrawn_at = hidden.changed_at
    hidden.save()


def ask(query: str = "", **options: Any) -> MeasureFilterSet:
    """Return the list that a query asks for, accepted."""
    filters = MeasureFilterSet(QueryDict(query), **options)
    assert filters.is_valid(), filters.errors
    return filters


def length(query: str) -> int:
    """Return the length of the list that a query asks for, by fetching it."""
    return len(ask(query.removeprefix("?")).qs)


VALUES = {
    "category": ["electricity", "taxes", "trade", "contracts", "construction-permits"],
    "city": [BEIJING, SHANGHAI, SHENZHEN, TIANJIN],
    "coverage": ["all", "some", "none", *(f"only:{c}" for c in (BEIJING, SHANGHAI, SHENZHEN))],
    "outcome": ["stated", "not_stated", "not_entered"],
    "theme": ["online-filing", "data-sharing", "no-visits"],
    "kind": ["time", "cost", "volume", "share"],
    "status": ["replicate", "for_reference", "not_stated"],
    "source": ["fuzhi-tuiguang-gaige-jucuo", "dated"],
    "year": ["2020", "2019", "none"],
    "figures": ["same", "different", "not_comparable"],
}


# Words that stand there, in two languages; a synonym, a near miss, parts of a run, most of many
# words; either, not, a phrase, a number; nothing to find, nothing found.
WORDS = (
    *("审批", "线上", "online", "办电", "受里", "企业报税", "审批 zhfkxq bvhgwp"),
    *("发票 OR 线上", "-审批", "线上 -审批", '"一网通办"', "12", "。", "火星 审批"),
)


@st.composite
def queries(draw: Any) -> str:
    """Return a random query of up to four facets with one to three values, words at times."""
    parameters = QueryDict(mutable=True)
    if words := draw(st.sampled_from(["", "", *WORDS])):
        parameters["q"] = words
    for name in draw(st.lists(st.sampled_from(COMPARISON_FACETS), max_size=4, unique=True)):
        chosen = draw(st.lists(st.sampled_from(VALUES[name]), min_size=1, max_size=3, unique=True))
        parameters.setlist(name, chosen)
    return parameters.urlencode()


@FEW
@given(query=queries(), name=st.sampled_from(COMPARISON_FACETS))
def test_the_number_beside_a_choice_is_the_length_of_its_list(wide, query, name):
    filters = ask(query, facets=COMPARISON_FACETS)
    for choice in filters.facet(name).choices:
        alone = filters.query(**{name: (choice.value,)})
        assert choice.count == length(alone), (alone, choice)


@FEW
@given(query=queries())
def test_the_total_is_the_length_of_the_list_and_chips_lead_where_they_say(wide, query):
    filters = ask(query)
    assert filters.total == len(filters.qs)
    assert filters.numbered == sum(measure.number is not None for measure in filters.qs)
    for chip in filters.chips():
        rest = ask(chip.query.removeprefix("?")).chosen
        remaining = len(filters.chosen[chip.name]) - 1 if chip.name != "q" else 0
        assert len(rest[chip.name]) == remaining
        assert all(rest[name] == filters.chosen[name] for name in FILTERS if name != chip.name)


@FEW
@given(query=queries())
def test_ways_out_have_true_counts_and_are_never_empty(wide, query):
    filters = ask(query)
    for way in [*filters.ways_out(), *filters.word_ways()]:
        assert way.count == length(way.query) > 0


@FEW
@given(query=queries())
def test_complementary_choices_sum_to_the_whole(wide, query):
    filters = ask(query)
    for name in ("coverage", "outcome", "status", "source", "category"):
        counts = [filters.counts.get((name, value), 0) for value in filters.labels(name)]
        if name == "coverage":
            spoken = filters.speaking.choices()
            counts = [filters.counts.get((name, value), 0) for value in spoken]
        assert sum(counts) == length(filters.query(**{name: ()})), name
    years = filters.labels("year")
    assert sum(filters.counts.get(("year", year), 0) for year in years) == length(
        filters.query(year=())
    )


@FEW
@given(query=queries(), sort=st.sampled_from(list(SORTS)))
def test_every_order_lists_the_same_measures_and_ends_in_source_and_position(wide, query, sort):
    filters = ask(query)
    listed = list(ask(filters.query(sort=sort).removeprefix("?")).qs.for_list())
    keys = {
        "source": lambda measure: (),
        "-number": lambda measure: (measure.number is None, -(measure.number or 0)),
        "-cities": lambda measure: (-len(measure.practices.all()),),
        "-changed": lambda measure: (-measure.changed_at.timestamp(),),
    }
    found = filters.search
    if sort == "relevance":
        scores = found.scores if found else {}
        keys["relevance"] = lambda measure: (-scores.get(measure.pk, 0),)
    place = lambda measure: (*keys[sort](measure), measure.source.position, measure.position)  # noqa: E731
    assert listed == sorted(listed, key=place)
    assert {measure.pk for measure in listed} == {measure.pk for measure in filters.qs}


def test_coverage_speaks_of_two_or_more_chosen_cities_else_of_the_first_two(wide):
    assert ask("city=shenzhen").speaking.slugs == (BEIJING, SHANGHAI)
    assert ask("city=shenzhen&city=shanghai").speaking.slugs == (SHANGHAI, SHENZHEN)
    labels = ask("city=shenzhen&city=shanghai").labels("coverage")
    assert list(labels) == ["all", "only:shanghai", "only:shenzhen", "none"]
    three = ask("city=shenzhen&city=shanghai&city=beijing").labels("coverage")
    assert list(three) == [
        *("all", "only:beijing", "only:shanghai", "only:shenzhen"),
        *("some", "none"),
    ]


def test_only_a_city_that_is_not_spoken_of_means_none_of_those_spoken_of(wide):
    filters = ask("coverage=only:shenzhen")
    assert [measure.key for measure in filters.qs] == ["1", "2"]
    (choice,) = [choice for choice in filters.facet("coverage").choices if choice.is_chosen]
    assert (choice.value, choice.count) == ("only:shenzhen", 2)


def test_withdrawn_measures_and_unpublished_sources_are_neither_listed_nor_counted(wide):
    assert "23" not in {measure.key for measure in ask("source=fuzhi-tuiguang-gaige-jucuo").qs}
    with transaction.atomic():
        Source.objects.filter(slug="dated").update(is_public=False)
        filters = ask("")
        assert filters.total == 18
        assert "dated" not in filters.labels("source")
        assert not MeasureFilterSet(QueryDict("source=dated")).is_valid()
        transaction.set_rollback(True)


def test_a_choice_without_results_can_be_let_go_but_not_chosen(wide):
    def disabled(query: str) -> set[str]:
        return {choice.value for choice in ask(query).facet("city").choices if choice.is_disabled}

    assert disabled("") == {TIANJIN}
    assert disabled(f"city={TIANJIN}") == set()
    assert disabled("year=2020") == {SHANGHAI, TIANJIN}
    assert disabled(f"year=2020&city={SHANGHAI}&city={TIANJIN}") == set()


def test_a_facet_is_folded_only_where_no_choice_would_change_the_list(wide):
    for query, folded in (
        ("", set()),
        ("category=electricity", {"status", "source", "year"}),
        ("category=electricity&year=none", {"status", "source"}),
    ):
        filters = ask(query)
        quiet = {facet.name for facet in filters.facets() if facet.is_quiet}
        assert quiet == folded
        for name in quiet:
            lengths = {length(filters.query(**{name: (value,)})) for value in filters.labels(name)}
            assert lengths <= {0, filters.total}


@FEW
@given(query=queries())
def test_a_canonical_link_asks_for_the_same_and_stays_as_it_is(wide, query):
    filters = ask(query)
    again = ask(filters.query().removeprefix("?"))
    assert again.chosen == filters.chosen
    assert again.query() == filters.query()


@settings(FEW, max_examples=30)
@given(
    data=st.dictionaries(
        st.sampled_from([*PARAMETERS, "other"]),
        st.lists(st.text(max_size=30), min_size=1, max_size=3),
        max_size=4,
    )
)
def test_no_input_breaks_it(wide, data):
    query = QueryDict(mutable=True)
    for name, values in data.items():
        query.setlist(name, values)
    filters = MeasureFilterSet(query)
    filters.facets()
    filters.chips()
    assert len(filters.qs) == filters.total
    assert filters.is_valid() or filters.total == 0


def test_counts_of_all_facets_cost_one_query(wide):
    filters = ask("q=审批&city=beijing&city=shenzhen&coverage=only:shanghai&outcome=stated")
    assert filters.search is not None
    with CaptureQueriesContext(
        connection,
    ) as asked:
        filters.facets()
        assert filters.total == 0 or filters.numbered <= filters.total
    assert len(asked) == 1


def test_names_cost_two_queries_and_are_shared(wide):
    names = Names()
    with CaptureQueriesContext(connection) as asked:
        ask("", names=names)
        ask("city=beijing", names=names)
        assert Speaking.of(names).slugs == (BEIJING, SHANGHAI)
    # The vocabularies, the sources.
    assert len(asked) == 2


def test_labels_are_in_the_readers_language(wide):
    with override("zh-hans"):
        assert ask("").labels("category")["electricity"] == "获得电力"
    with override("en"):
        assert ask("").labels("category")["electricity"] == "Getting electricity"
