"""The list of figures: every one with its words, counts that hold, cities beside each other, refusals."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reforms.filters import FIGURES_ON_A_PAGE, FigureFilterSet
from reforms.filters.figures import FACETS, FILTERS, PARAMETERS, SORTS
from reforms.models import Figure, Measure, Source
from reforms.records import Kind
from tests.reading import Element, Reading, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog")]

LIST = "/en/figures/"
FEW = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def visit(client: Client, query: str = "", status: int = 200, code: str = "en") -> Reading:
    """Return a page of the list as read."""
    answer = client.get(f"/{code}/figures/{query}", follow=True)
    assert answer.status_code == status
    return read(answer.content.decode())


def ask(query: str = "") -> FigureFilterSet:
    """Return the list that a query asks for, accepted."""
    filters = FigureFilterSet(QueryDict(query.removeprefix("?")))
    assert filters.is_valid(), filters.errors
    return filters


def length(query: str) -> int:
    """Return the length of the list that a query asks for, by fetching it."""
    return len(ask(query).qs)


def rows(page: Reading) -> list[str]:
    """Return the names of the rows, in order."""
    return [
        found.attributes["id"]
        for found in page.of("tr")
        if "-figure-" in found.attributes.get("id", "")
    ]


def words_of(page: Reading, row: str) -> str:
    """Return the words of a row."""
    (found,) = [each for each in page.of("tr") if each.attributes.get("id") == row]
    return " ".join(found.words.split())


def links(page: Reading, words: str) -> list[str]:
    """Return where the links with these words lead."""
    return [
        found.attributes["href"]
        for found in page.of("a")
        if " ".join(found.words.split()).startswith(words)
    ]


SIX = "fuzhi-tuiguang-gaige-jucuo-6"


# --- Rows ---


def test_every_public_figure_has_a_row_in_either_order(client: Client) -> None:
    names = {
        f"{figure.practice.measure.source.slug}-{figure.practice.measure.key}-{figure.anchor}"
        for figure in Figure.objects.select_related("practice__measure__source", "practice__city")
    }
    for sort in SORTS:
        found = rows(visit(client, f"?repeated=each&sort={sort}"))
        assert len(found) == len(names) == 61
        assert set(found) == names


def test_a_row_says_all_that_makes_a_number_comparable(client: Client) -> None:
    row = words_of(visit(client, code="en"), f"{SIX}-beijing-figure-4")
    for words in (
        *("Beijing", "56 to 15 to 5 days", "56天 → 15天 → 5天", "Municipal approvals"),
        *("Achieved", "Period: 今年 (this year)", "no dates can be told from the text"),
        *(
            "our calculation −51 days (−91%)",
            "Practice, in the source",
            "市政审批时间由56天压缩至15天",
        ),
    ):
        assert words in row.replace("→to", "to"), words
    chinese = words_of(visit(client, code="zh-hans"), f"{SIX}-shanghai-figure-2")
    assert "15 个工作日" in chinese
    assert "5 天内" in chinese


def test_a_row_leads_to_its_words_on_the_measures_page_and_in_the_source(client: Client) -> None:
    page = visit(client)
    measure = "/en/measures/fuzhi-tuiguang-gaige-jucuo/6/"
    assert f"{measure}#beijing-figure-4" in {found.attributes["href"] for found in page.of("a")}
    for address in {
        *links(page, "Practice, in the source"),
        *links(page, "Outcome, in the source"),
    }:
        place, _mark, query = address.partition("?")
        assert place == "/en/sources/fuzhi-tuiguang-gaige-jucuo/"
        assert re.fullmatch(r"span=\d+-\d+(&span=\d+-\d+)*#span", query)


def test_figures_of_one_indicator_stand_together_under_its_definition(client: Client) -> None:
    page = visit(client)
    names = [found.words for found in page.with_class("figure-group-name")]
    assert len(names) == len(set(names)) == 49
    assert len(page.with_class("figure-definition")) == 49
    assert "our definition" in page.with_class("figure-definition")[0].words


def test_withdrawn_measures_and_unpublished_sources_have_no_figures(client: Client) -> None:
    with transaction.atomic():
        measure = Measure.objects.get(key="23")
        Measure.objects.filter(pk=measure.pk).update(
            withdrawn_at=measure.changed_at, withdrawn_reason_zh="试"
        )
        page = visit(client, "?repeated=each")
        assert len(rows(page)) == 61 - Figure.objects.filter(practice__measure=measure).count()
        Source.objects.update(is_public=False)
        assert rows(visit(client)) == []
        transaction.set_rollback(True)


# --- Printed again ---


def test_both_counts_of_repeated_statements_are_shown_and_lead_there(client: Client) -> None:
    page = visit(client)
    assert "57 figures" in page.words
    assert "Each statement once 57 Every place 61" in page.words
    assert links(page, "Every place") == [f"{LIST}?repeated=each"]
    each = visit(client, "?repeated=each&city=beijing")
    assert "Each statement once 30 Every place 33" in each.words
    assert len(rows(each)) == 33
    assert links(each, "Each statement once") == [f"{LIST}?city=beijing"]


def test_a_statement_is_listed_once_and_its_other_places_are_linked(client: Client) -> None:
    page = visit(client)
    assert f"{SIX}-beijing-figure-2" in rows(page)
    assert f"{SIX}-beijing-figure-9" not in rows(page)
    row = words_of(page, f"{SIX}-beijing-figure-2")
    assert "Stated again in measure 6: In the outcome" in row
    assert (
        links(page, "Stated again in measure 8")
        == [
            "/en/measures/fuzhi-tuiguang-gaige-jucuo/8/#beijing-figure-3",
            "/en/measures/fuzhi-tuiguang-gaige-jucuo/8/#beijing-figure-4",
        ][::-1]
    )


def test_the_place_that_the_filters_leave_stands_for_a_statement(client: Client) -> None:
    found = rows(visit(client, "?stated_in=outcome&indicator=electricity-connection-steps"))
    assert found == [f"{SIX}-beijing-figure-9", f"{SIX}-shanghai-figure-7"]


def test_two_cities_never_share_a_statement(client: Client) -> None:
    with transaction.atomic():
        Figure.objects.filter(indicator__slug="electricity-connection-total-time").update(
            statement="one-name"
        )
        assert length("indicator=electricity-connection-total-time") == 2
        transaction.set_rollback(True)


# --- Beside the other cities ---


def test_what_agrees_is_the_same_and_what_does_not_is_named(client: Client) -> None:
    page = visit(client)
    assert "The same as Shanghai" in words_of(page, f"{SIX}-beijing-figure-6")
    apart = words_of(page, f"{SIX}-beijing-figure-7")
    assert "Not comparable with Shanghai not the same: scope" in apart
    again = words_of(page, f"{SIX}-beijing-figure-2")
    assert "The same as Shanghai compared as Beijing states it again in measure 6" in again
    for found in page.with_class("beside"):
        assert found.attributes["href"].removeprefix("#") in page.ids


def test_a_gap_is_labelled_as_ours(client: Client) -> None:
    with transaction.atomic():
        shanghai = Figure.objects.filter(
            practice__measure__key="6", practice__city__slug="shanghai"
        )
        shanghai.filter(indicator__slug="road-excavation-approval-time").update(after=8)
        page = visit(client, "?indicator=road-excavation-approval-time")
        beijing, other = rows(page)
        assert "our calculation −3 days against Shanghai" in words_of(page, beijing)
        assert "our calculation +3 days against Beijing" in words_of(page, other)
        transaction.set_rollback(True)


def test_nothing_is_compared_where_one_city_is_asked_for_or_in_the_order_of_print(
    client: Client,
) -> None:
    assert visit(client, "?city=beijing").with_class("figure-beside") == []
    page = visit(client, "?sort=source")
    assert page.with_class("figure-beside") == []
    assert "In the order of print, nothing is compared." in page.words


def test_a_page_says_which_of_an_indicator_stand_elsewhere(client: Client) -> None:
    query = "?indicator=road-excavation-approval-time&page_size=1"
    page = visit(client, query)
    assert "1 more of this indicator stands on another page" in page.words
    assert page.with_class("figure-beside") == []


# --- Plots ---


def test_changes_are_drawn_beside_their_row_with_before_at_the_left(client: Client) -> None:
    page = visit(client)
    drawn = [found for found in page.of("svg") if found.attributes.get("role") == "img"]
    assert len(drawn) == 4
    assert "before" in page.with_class("plot-key")[0].words
    shares = visit(client, "?kind=share").of("svg")
    assert [found for found in shares if found.attributes.get("role") == "img"] == []
    assert "one scale" not in visit(client, "?kind=share").words


# --- Counts ---

VALUES = {
    "category": ["electricity", "taxes", "trade", "contracts", "property-registration"],
    "city": ["beijing", "shanghai"],
    "indicator": ["electricity-connection-steps", "power-company-handling-time", "service-items"],
    "kind": [str(kind) for kind in Kind],
    "nature": ["achieved", "limit", "cumulative", "average", "saving"],
    "stated_in": ["practice", "outcome"],
    "source": ["fuzhi-tuiguang-gaige-jucuo"],
}


@st.composite
def queries(draw: Any) -> str:
    """Return a random query of up to three facets, statements once or each."""
    parameters = QueryDict(mutable=True)
    for name in draw(st.lists(st.sampled_from(FACETS), max_size=3, unique=True)):
        chosen = draw(st.lists(st.sampled_from(VALUES[name]), min_size=1, max_size=2, unique=True))
        parameters.setlist(name, chosen)
    if draw(st.booleans()):
        parameters["repeated"] = "each"
    return parameters.urlencode()


@FEW
@given(query=queries(), name=st.sampled_from(FACETS))
def test_the_number_beside_a_choice_is_the_length_of_its_list(query: str, name: str) -> None:
    filters = ask(query)
    for choice in filters.facet(name).choices:
        alone = filters.query(**{name: (choice.value,)})
        assert choice.count == length(alone), (alone, choice)


@FEW
@given(query=queries())
def test_the_totals_are_the_lengths_of_their_lists(query: str) -> None:
    filters = ask(query)
    assert filters.total == len(filters.qs)
    assert filters.statements == length(filters.query(repeated=None)) <= filters.places
    assert filters.places == length(filters.query(repeated="each"))
    for way in filters.ways_out():
        assert way.count == length(way.query) > 0
    for chip in filters.chips():
        assert len(ask(chip.query).chosen[chip.name]) == len(filters.chosen[chip.name]) - 1


@FEW
@given(query=queries(), sort=st.sampled_from(list(SORTS)))
def test_every_order_lists_the_same_and_ends_in_source_and_place(query: str, sort: str) -> None:
    listed = list(ask(ask(query).query(sort=sort)).for_page())
    kinds = list(Kind)
    keys: dict[str, Any] = {
        "source": lambda figure: (),
        "indicator": lambda figure: (figure.indicator.position,),
        "kind": lambda figure: (kinds.index(Kind(figure.kind)), figure.indicator.position),
    }

    def place(figure: Figure) -> tuple[int, ...]:
        practice = figure.practice
        measure = practice.measure
        end = (measure.source.position, measure.position, practice.city.position, figure.position)
        return (*keys[sort](figure), *end)

    assert listed == sorted(listed, key=place)
    assert {figure.pk for figure in listed} == {figure.pk for figure in ask(query).qs}


@FEW
@given(query=queries())
def test_a_canonical_link_asks_for_the_same(query: str) -> None:
    filters = ask(query)
    again = ask(filters.query())
    assert again.chosen == filters.chosen
    assert again.query() == filters.query()


@FEW
@given(
    data=st.dictionaries(
        st.sampled_from([*PARAMETERS, "other"]),
        st.lists(st.text(max_size=20), min_size=1, max_size=2),
        max_size=4,
    )
)
def test_no_input_breaks_it(data: dict[str, list[str]]) -> None:
    query = QueryDict(mutable=True)
    for name, values in data.items():
        query.setlist(name, values)
    filters = FigureFilterSet(query)
    filters.facets()
    filters.chips()
    assert len(filters.qs) == filters.total
    assert filters.is_valid() or filters.total == 0


def test_all_counts_cost_one_query() -> None:
    filters = ask("city=beijing&kind=time")
    with CaptureQueriesContext(connection) as asked:
        filters.facets()
        assert filters.total <= filters.places
    assert len(asked) == 1


# --- Facets, chips, pages, refusals ---


def before_the_foot(page: Reading) -> list[Element]:
    """Return the fields of the list: the form at the foot asks for another day and keeps all else."""
    (foot,) = page.with_class("day-choice")
    return [found for found in page.elements[: page.elements.index(foot)] if found.tag == "input"]


@pytest.fixture
def box_of(client: Client) -> Any:
    """Return what finds the box of a choice on a page."""

    def find(query: str, name: str, value: str) -> dict[str, str]:
        page = visit(client, query)
        (found,) = [
            box.attributes
            for box in before_the_foot(page)
            if box.attributes.get("name") == name and box.attributes.get("value") == value
        ]
        return found

    return find


def test_a_choice_without_results_stays_visible_and_cannot_be_chosen(box_of: Any) -> None:
    assert "disabled" in box_of("?category=taxes", "nature", "forecast")
    assert "disabled" not in box_of("?category=trade", "nature", "forecast")
    ticked = box_of("?category=taxes&nature=forecast", "nature", "forecast")
    assert "checked" in ticked
    assert "disabled" not in ticked


def test_every_choice_of_every_facet_is_on_the_page(client: Client) -> None:
    page = visit(client)
    for name in FACETS:
        boxes = [box for box in page.of("input") if box.attributes.get("name") == name]
        assert len(boxes) == len(ask().labels(name)), name
        assert all(box.attributes["form"] == "filters" for box in boxes)
    assert PARAMETERS[: len(FACETS)] == FILTERS


def test_the_form_keeps_order_and_places_and_the_button_is_explicit(client: Client) -> None:
    page = visit(client, "?sort=kind&repeated=each&city=beijing")
    hidden = {
        box.attributes["name"]: box.attributes["value"]
        for box in before_the_foot(page)
        if box.attributes.get("type") == "hidden"
    }
    assert hidden == {"sort": "kind", "repeated": "each"}
    assert [found.words for found in page.of("button")] == ["Apply filters", "Show"]


def test_chips_orders_and_pages_keep_the_rest_of_the_address(client: Client) -> None:
    page = visit(client, "?city=beijing&kind=volume&repeated=each&page_size=5")
    chips = page.with_class("chip-remove")
    assert [" ".join(chip.words.split()) for chip in chips] == [
        "Remove filter: City Beijing✕",
        "Remove filter: Kind of figure Volume✕",
    ]
    assert parse_qs(urlsplit(chips[1].attributes["href"]).query) == {
        "city": ["beijing"],
        "repeated": ["each"],
        "page_size": ["5"],
    }
    (order,) = links(page, "As in the source")
    assert "city=beijing" in order
    assert "sort=source" in order
    (following,) = links(page, "Next page")
    assert following == f"{LIST}?city=beijing&kind=volume&repeated=each&page=2&page_size=5"
    assert len(rows(visit(client, following.removeprefix(LIST)))) == 5
    assert set(links(page, "Clear all")) == {LIST}


def test_pages_part_the_list(client: Client) -> None:
    whole = rows(visit(client))
    parts = [
        row for number in (1, 2, 3) for row in rows(visit(client, f"?page_size=20&page={number}"))
    ]
    assert parts == whole
    size = visit(client).of("input")
    (limit,) = [box.attributes for box in size if box.attributes.get("name") == "page_size"]
    assert (limit["value"], limit["max"]) == (str(FIGURES_ON_A_PAGE), "100")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?indicator=nope", "“nope” is not one of the choices"),
        ("?nature=nope", "“nope” is not one of the choices"),
        ("?repeated=twice", "“twice” is not one of the choices"),
        ("?sort=pk", "“pk” is not one of the choices"),
        ("?page_size=101", "Give a whole number from 1 to 100."),
        ("?page=0", "Give a whole number from 1 to 1000000."),
    ],
)
def test_a_bad_value_is_400_with_a_message_and_no_figures(
    client: Client, query: str, message: str
) -> None:
    page = visit(client, f"{query}&city=beijing", 400)
    assert message in page.words
    assert rows(page) == []
    assert page.with_class("facet-count") == []
    assert links(page, "The list without the refused values") == [f"{LIST}?city=beijing"]


def test_a_page_beyond_the_end_is_404_and_leads_to_the_last(client: Client) -> None:
    page = visit(client, "?page_size=50&page=9", 404)
    assert rows(page) == []
    (last,) = links(page, "Go to the last page, page 2")
    assert len(rows(visit(client, last.removeprefix(LIST)))) == 7


def test_an_empty_list_says_so_and_leads_out(client: Client) -> None:
    page = visit(client, "?kind=share&city=shanghai")
    assert "No figure meets all of these conditions" in page.words
    (way,) = links(page, "Without “City”")
    assert rows(visit(client, way.removeprefix(LIST)))
    assert links(page, "The whole list") == [LIST]


# --- Costs and manners ---


@pytest.mark.parametrize(
    ("query", "count"),
    [
        # Vocabularies, sources, indicators; all counts; the figures; where they are printed again;
        # the last change.
        ("", 7),
        ("?sort=kind&repeated=each&city=beijing&city=shanghai&kind=time&nature=limit", 7),
        # Nothing is printed again.
        ("?kind=share", 6),
        # The ways out instead of figures.
        ("?kind=share&city=shanghai", 6),
    ],
)
def test_a_page_costs_few_queries(
    client: Client, django_assert_num_queries: Any, query: str, count: int
) -> None:
    with django_assert_num_queries(count):
        visit(client, query)


def test_it_sets_no_cookie_and_answers_only_safe_methods(client: Client) -> None:
    answer = client.get(LIST)
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert client.post(LIST).status_code == 405
