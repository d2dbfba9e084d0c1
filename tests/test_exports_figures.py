"""The list of figures as files: the rows, the order and the comparisons of its page, and their cost."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from reforms import exports
from reforms.exports import figure_lists
from reforms.models import Figure
from reforms.records import CatalogRecord
from tests.reading import read
from tests.test_downloads import LANGUAGES, REAL, book_of, column, content, get, rows_of
from tests.test_figure_list import ask, rows, visit
from tests.test_public_pages import BAD_QUERIES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog")]
QUERIES = (
    "",
    "?repeated=each",
    "?sort=kind",
    "?sort=source&repeated=each",
    "?city=shanghai&kind=time&page_size=2&page=2",
    "?category=electricity&stated_in=practice",
    "?category=property-registration&kind=share",
)


def anchors(address: str) -> list[str]:
    """Return the names that the page of the list gives the rows of a file."""
    names = []
    for row in rows_of(address):
        measure, _hash, anchor = row["Address"].partition("/#")
        _site, source, key = measure.rsplit("/", 2)
        names.append(f"{source}-{key}-{anchor}")
    return names


@pytest.mark.parametrize("query", QUERIES)
def test_a_file_has_the_rows_of_the_page_in_its_order(client: Client, query: str) -> None:
    kept = "?" + "&".join(part for part in query[1:].split("&") if not part.startswith("page"))
    page = visit(client, kept)
    found = anchors(f"figures.csv{query}")
    assert found == rows(page)
    assert len(found) == ask(kept).total
    objects = json.loads(content(get(f"figures.json{query}")))
    assert [
        f"{row['source']}-{row['key']}-{row['city']}-figure-{row['position']}" for row in objects
    ] == found
    assert len(column(book_of(f"figures.xlsx{query}")["Figures"], "Indicator")) == len(found)


def test_a_row_has_all_that_makes_a_figure_comparable() -> None:
    rows_found = rows_of("figures.csv?indicator=municipal-approval-time")
    [row] = [row for row in rows_found if row["City"] == "Beijing"]
    assert row["In words"] == "56 → 15 → 5 days (56天 → 15天 → 5天)"
    assert (row["Before"], row["Between"], row["After"]) == ("56", "15", "5")
    assert row["Unit, as printed"] == "天"
    assert row["Our calculation"] == "−51 days (−91%)"
    assert row["Period, as printed"] == "今年"
    assert row["Number"] == "6"
    assert row["Completeness of the source"] == "Fragment"
    assert row["Address"] == f"http://testserver/en/measures/{REAL}/6/#beijing-figure-4"
    assert row["Address of the words in the source"].startswith(
        f"http://testserver/en/sources/{REAL}/#c"
    )


def test_a_row_says_what_it_is_beside_the_other_city() -> None:
    found = rows_of("figures.csv")
    compared = [row for row in found if row["Compared with"] in ("Beijing", "Shanghai")]
    results = {row["Result of the comparison"] for row in compared}
    assert {"the same", "not comparable"} <= results
    for row in compared:
        assert (row["What is not the same"] == "—") == (
            row["Result of the comparison"] != "not comparable"
        )
        assert row["Compared with"] != row["City"]
        assert row["Address of the figure compared with"].startswith("http://testserver/en/")
    assert {row["Compared with"] for row in found} == {
        *("Beijing", "Shanghai"),
        "no other city in this list has a figure of this indicator",
    }
    printed = rows_of("figures.csv?sort=source")
    assert {row["Compared with"] for row in printed} == {
        "In the order of print, nothing is compared."
    }


def test_verdicts_and_gaps_are_those_of_the_page(client: Client) -> None:
    own = Figure.objects.get(
        practice__measure__key="6", practice__city__slug="beijing",
        indicator__slug="road-excavation-approval-time",
    )  # fmt: skip
    Figure.objects.filter(pk=own.pk).update(after=9, scope_zh="同", statement=None)
    Figure.objects.filter(
        practice__city__slug="shanghai", indicator=own.indicator
    ).update(scope_zh="同", statement=None, bound=own.bound, nature=own.nature)  # fmt: skip
    query = "indicator=road-excavation-approval-time"
    [first, *_rest] = rows_of(f"figures.csv?{query}")
    assert first["Result of the comparison"] == "different"
    gap = first["Our calculation: the difference"]
    page = " ".join(visit(client, f"?{query}").words.split())
    assert f"our calculation {gap.lstrip(chr(39))} against Shanghai" in page
    [plain, *_others] = json.loads(content(get(f"figures.json?{query}")))
    [beside] = plain["beside"]
    assert (beside["verdict"], beside["gap"]) == ("different", "4")
    assert beside["with"]["city"] == "shanghai"


def test_an_indicator_with_too_many_figures_says_that_they_are_not_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(figure_lists, "COMPARED_LIMIT", 2)
    monkeypatch.setattr(figure_lists, "CHUNK", 3)
    whole = anchors("figures.csv")
    assert any("more than 2 figures" in row["Compared with"] for row in rows_of("figures.csv"))
    monkeypatch.undo()
    assert anchors("figures.csv") == whole


def test_a_statement_names_its_other_places() -> None:
    once = rows_of("figures.csv")
    again = [row["Stated again in"] for row in once if row["Stated again in"] != "nowhere else"]
    assert again
    assert all(place.startswith("measure ") for place in again)
    assert len(rows_of("figures.csv?repeated=each")) == Figure.objects.count()


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_a_file_has_a_name_and_the_page_links_to_it(client: Client, code: str, form: str) -> None:
    page = visit(client, "?category=taxes&sort=source&page_size=1", code=code)
    links = [link.attributes["href"] for link in page.of("a") if "download" in link.attributes]
    address = f"/{code}/figures.{form}?category=taxes&sort=source"
    assert address in links
    assert not any(".docx" in link for link in links)
    response: Any = client.get(address)
    assert "reform-figures-taxes-" in response.headers["Content-Disposition"]
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    assert content(response)
    assert content(client.head(address)) == b""


def test_there_is_no_word_file_of_figures() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("figures_file", args=["docx"])
    get("figures.docx", status=404)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("query", ["kind=none", "sort=-pk", "repeated=x", "city=atlantis"])
def test_what_the_page_refuses_is_refused(query: str, form: str) -> None:
    get(f"figures/?{query}", status=400)
    response = get(f"figures.{form}?{query}", status=400)
    assert "Content-Disposition" not in response.headers


def test_bad_input_never_fails() -> None:
    for query in BAD_QUERIES:
        response: Any = Client().get(f"/en/figures.csv?{query}")
        assert response.status_code in {200, 400}, query[:80]
        content(response)


def test_a_list_too_long_for_a_workbook_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(exports.FIGURE_LIMITS, "xlsx", 2)
    assert "at most 2" in content(get("figures.xlsx", status=400)).decode()
    page = read(client.get("/en/figures/").content.decode())
    assert "at most 2 entries" in page.words


def test_a_workbook_of_figures_tells_what_was_asked() -> None:
    book = book_of("figures.xlsx?kind=time")
    assert book.sheetnames == ["Figures", "About"]
    told = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert told["Live page"] == "http://testserver/en/figures/?kind=time"
    assert "Statements printed again: Each statement once" in told["What was asked"]
    assert told["Entries"] == str(ask("?kind=time").total)
    assert told["Completeness"] == "Fragment"


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_a_file_costs_a_fixed_number_of_queries(form: str) -> None:
    with CaptureQueriesContext(connection) as made:
        content(get(f"figures.{form}"))
    # 4 for names and the count; the list; its one chunk, and where its statements stand again.
    assert len(made) == 4 + 1 + 2, [query["sql"][:90] for query in made]


def test_json_has_the_figures_of_the_records(catalog: CatalogRecord) -> None:
    found = json.loads(content(get("figures.json?sort=source&repeated=each")))
    quotes = [
        figure.quote
        for record in catalog.measures
        for practice in record.practices
        for figure in practice.figures
    ]
    assert sorted(row["figure"]["quote"] for row in found) == sorted(quotes)
