"""Files of the real catalog: all rows of a list in its order, every text, the exchange shape, their cost."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import get_language, override

from reforms import exports
from reforms.exchange import to_json
from reforms.importing import read_catalog
from reforms.models import Measure
from reforms.records import CatalogRecord
from tests.reading import read
from tests.test_downloads import LANGUAGES, REAL, book_of, column, content, get, rows_of
from tests.test_filter_promises import ask
from tests.test_public_pages import BAD_QUERIES, BAD_VALUES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query",
    [
        "",
        "sort=-number",
        "sort=-cities&category=electricity&category=taxes",
        "q=审批",
        "q=online&sort=-changed",
        "coverage=only:shanghai",
        "outcome=not_stated&page=1&page_size=1",
        "page=999999&page_size=3",
        "page=0",
        "q=受里",
        "q=nothingisfoundbythis",
    ],
)
def test_a_file_has_all_rows_of_its_list_in_its_order(catalog: CatalogRecord, query: str) -> None:
    kept = "&".join(part for part in query.split("&") if not part.startswith("page"))
    wanted = [measure.key for measure in ask(kept).qs]
    assert [row["Key"] for row in rows_of(f"measures.csv?{query}")] == wanted
    assert [row["key"] for row in json.loads(content(get(f"measures.json?{query}")))] == wanted
    assert column(book_of(f"measures.xlsx?{query}")["Measures"], "Key") == wanted


@pytest.mark.parametrize("code", LANGUAGES)
def test_json_is_the_exchange_shape_and_loads_again(catalog: CatalogRecord, code: str) -> None:
    found = json.loads(content(get("measures.json", code)))
    assert found == [to_json(record) for record in catalog.measures]
    assert read_catalog([found]).measures == catalog.measures
    assert json.loads(content(get("compare.json", code))) == found
    assert json.loads(content(get(f"measures/{REAL}/6.json", code))) == found[1]


def test_an_empty_list_is_an_empty_array(catalog: CatalogRecord) -> None:
    assert json.loads(content(get("measures.json?q=nothingisfoundbythis"))) == []


def test_csv_is_utf_8_with_a_byte_order_mark_and_holds_every_text(catalog: CatalogRecord) -> None:
    body = content(get("measures.csv", "zh-hans"))
    assert body.startswith(b"\xef\xbb\xbf")
    text = body.decode("utf-8-sig")
    for record in catalog.measures:
        for practice in record.practices:
            assert practice.practice_zh in text
            assert practice.outcome_zh is None or practice.outcome_zh in text
            assert all(figure.scope_zh in text for figure in practice.figures)
        assert all(erratum.as_printed in text for erratum in record.errata)


def test_a_workbook_tells_what_was_asked_when_and_from_where(catalog: CatalogRecord) -> None:
    sheet = book_of("measures.xlsx?category=contracts&sort=-number&page_size=2")["About"]
    told = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert told["Live page"] == "http://testserver/en/measures/?category=contracts&sort=-number"
    assert "Category: Enforcing contracts" in told["What was asked"]
    assert told["Entries"] == "3 (of which 3 with a printed number)"
    assert told["Completeness"] == "Fragment"
    assert told["Issuer"] == "The text held here does not state it"
    assert told["What is missing"] == catalog.sources[0].missing_en
    assert told["Rights"] == catalog.sources[0].rights_en
    assert any("CC BY 4.0" in str(cell.value) for cell in sheet["B"])


def test_a_workbook_has_a_row_for_each_point_figure_and_erratum(catalog: CatalogRecord) -> None:
    book = book_of("measures.xlsx", "zh-hans")
    practices = [part for record in catalog.measures for part in record.practices]
    wanted = [
        sum(len(part.points) for part in practices),
        sum(len(part.figures) for part in practices),
        sum(len(record.errata) for record in catalog.measures),
    ]
    assert [sheet.max_row - 1 for sheet in book.worksheets[2:5]] == wanted


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        # Vocabularies, sources and the count; 4 names, cities held; the list; 7 of its one chunk.
        ("measures.csv", 3 + 5 + 1 + 7),
        ("measures.xlsx", 3 + 5 + 1 + 7),
        # A comparison names its cities itself, and so does a memo.
        ("compare.csv", 3 + 4 + 1 + 7),
        ("compare.xlsx", 3 + 4 + 1 + 7),
        ("measures.docx", 3 + 4 + 1 + 7),
        ("compare.docx", 3 + 4 + 1 + 7),
        # The list, and 6 for each chunk of records.
        ("measures.json", 3 + 1 + 6),
        # The measure with its source, then its record.
        (f"measures/{REAL}/6.json", 2 + 6),
        (f"measures/{REAL}/6.docx", 2 + 4 + 1 + 7),
    ],
)
def test_a_file_costs_a_fixed_number_of_queries(
    catalog: CatalogRecord, address: str, queries: int
) -> None:
    with CaptureQueriesContext(connection) as made:
        content(get(address))
    assert len(made) == queries, [query["sql"][:120] for query in made]


def test_queries_grow_by_the_chunk_and_nothing_is_fetched_before_it_is_asked_for(
    catalog: CatalogRecord,
) -> None:
    chosen = a_choice()
    with CaptureQueriesContext(connection) as made:
        chunks = chosen.chunks(7)
        first = next(chunks)
        assert len(made) == 1 + 4 + 7
        rest = list(chunks)
    assert len(made) == 1 + 4 + 3 * 7
    assert [len(chunk) for chunk in (first, *rest)] == [7, 7, 5]
    whole = [entry.record for chunk in a_choice().chunks() for entry in chunk]
    assert [entry.record for chunk in (first, *rest) for entry in chunk] == whole


def test_csv_and_json_are_made_while_they_are_read(catalog: CatalogRecord) -> None:
    for form in ("csv", "json"):
        with CaptureQueriesContext(connection) as made:
            response: Any = get(f"measures.{form}")
            assert response.streaming
            before = len(made)
            assert before == 3
            content(response)
            assert len(made) > before


def test_a_stream_keeps_the_language_of_its_address(catalog: CatalogRecord) -> None:
    response: Any = get("measures.csv", "zh-hans")
    with override("en"):
        text = content(response).decode()
        assert get_language() == "en"
    assert "北京市 · " in text
    assert "/zh-hans/measures/" in text
    assert "does not state it" not in text


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(("kind", "base"), [("measures", "measures"), ("compare", "compare")])
def test_the_links_lead_to_files_of_just_this_list(
    catalog: CatalogRecord, kind: str, base: str, code: str
) -> None:
    with override(code):
        filters = ask("category=taxes&sort=-number&page_size=1&page=2")
        html = render_to_string("reforms/_downloads.html", {"kind": kind, "filters": filters})
    links = [link.attributes["href"] for link in read(html).of("a")]
    query = "?category=taxes&sort=-number"
    assert links == [
        f"/{code}/{base}.docx{query}&memo=brief",
        *(f"/{code}/{base}.{form}{query}" for form in ("docx", "xlsx", "csv", "json")),
    ]
    for link in links:
        assert content(Client().get(link))


def test_a_measure_links_to_its_own_files(catalog: CatalogRecord) -> None:
    measure = Measure.objects.select_related("source").get(key="6")
    with override("en"):
        html = render_to_string("reforms/_downloads.html", {"kind": "measure", "measure": measure})
    for link in read(html).of("a"):
        assert link.attributes["href"].startswith(f"/en/measures/{REAL}/6.")
        assert content(Client().get(link.attributes["href"]))


def a_choice() -> exports.Chosen:
    asked = exports.Asked(
        title="", address="", site="", language="en", made_at=timezone.now(), entries=19
    )
    return exports.Chosen(asked, Measure.objects.public().in_order(), ("beijing", "shanghai"))


def test_every_column_stands_in_the_documents(catalog: CatalogRecord) -> None:
    told = (Path(settings.BASE_DIR) / "docs" / "downloads.md").read_text(encoding="utf-8")
    for address in (
        "measures.xlsx",
        "compare.xlsx",
        "compare.xlsx?by=theme",
        "compare.xlsx?show=outcomes",
        "figures.xlsx",
    ):
        for sheet in book_of(address).worksheets[:-1]:
            assert sheet.title in told
            for cell in sheet[1]:
                assert str(cell.value).rpartition(" · ")[2] in told


@pytest.mark.parametrize("form", ["csv", "docx"])
@pytest.mark.parametrize("kind", ["measures", "compare"])
def test_bad_input_never_fails(catalog: CatalogRecord, kind: str, form: str) -> None:
    queries = [
        *BAD_QUERIES,
        *(f"{name}={value}" for name in ("q", "city", "memo") for value in BAD_VALUES),
    ]
    for query in queries:
        # Of one category, so that what is not refused is soon written.
        response: Any = Client().get(f"/en/{kind}.{form}?category=taxes&{query}")
        assert response.status_code in {200, 400}, query[:80]
        assert content(response)
