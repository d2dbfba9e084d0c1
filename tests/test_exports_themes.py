"""The comparison by theme as files: the rows, words and order of its page, every point, and their cost."""

import io
import json
from dataclasses import dataclass, field
from typing import Any

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx.oxml.ns import qn

from benchmarks.pages import copy_source
from reforms import exports
from reforms.models import Point, Source
from reforms.records import CatalogRecord
from reforms.search import count_rows_anew
from tests.reading import read
from tests.test_downloads import LANGUAGES, REAL, book_of, content, get, rows_of
from tests.test_exports_word import footnotes, words
from tests.test_public_pages import BAD_QUERIES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog")]
every_language = pytest.mark.parametrize("code", LANGUAGES)
QUERIES = (
    "",
    "city=shanghai",
    "category=taxes&sort=-number&page_size=1&page=2",
    "theme=paperless&theme=no-visits",
    "q=电&coverage=all",
)
# What stands in the words of a page beside those of the source.
BESIDE = frozenset({"erratum-mark", "anchor", "visually-hidden"})
BASKET = f"item={REAL}:7:beijing&item={REAL}:6&item={REAL}:16"


@dataclass
class Shown:
    """A row of a page: its theme, which cities have it, and what the cell of each says.

    A cell has the place and the words of each point, or why there is none.
    """

    theme: str = ""
    verdict: str = ""
    cells: list[list[tuple[str, str]]] = field(default_factory=list)
    absences: list[str] = field(default_factory=list)
    errata: int = 0


def on_page(query: str, code: str, path: str = "compare") -> list[Shown]:
    """Return the rows of the page, as if all stood on one."""
    kept = "&".join(part for part in query.split("&") if not part.startswith("page"))
    response = Client().get(f"/{code}/{path}/?by=theme&page_size=100&{kept}")
    assert response.status_code == 200
    rows: list[Shown] = []
    for element in read(response.content.decode(), without=BESIDE).elements:
        classes, told = element.classes, " ".join(element.words.split())
        if "compare-group-theme" in classes:
            rows.append(Shown())
        elif "compare-theme" in classes:
            rows[-1].theme = told
        elif "verdict" in classes:
            rows[-1].verdict = told
        elif "compare-cell" in classes:
            rows[-1].cells.append([])
            rows[-1].absences.append("")
        elif "absence" in classes and rows:
            rows[-1].absences[-1] = told
        elif "compare-point-of" in classes:
            rows[-1].cells[-1].append((told, ""))
        elif element.tag == "blockquote" and rows:
            rows[-1].cells[-1][-1] = (rows[-1].cells[-1][-1][0], told)
        elif "erratum-mark" in classes and rows:
            rows[-1].errata += 1
    return rows


def cells_of(row: Shown, code: str) -> list[list[str]]:
    """Return what the columns of each city hold: how many points, and their places and words."""
    colon = ": " if code == "en" else "："
    return [
        [str(len(cell)), "\n".join(f"{place}{colon}{told}" for place, told in cell)]
        if cell
        else [absence] * 2
        for cell, absence in zip(row.cells, row.absences, strict=True)
    ]


def in_csv(query: str, code: str, path: str = "compare") -> list[list[str]]:
    return [list(row.values()) for row in rows_of(f"{path}.csv?by=theme&{query}", code)]


def assert_the_rows_are_those_of_the_page(
    found: list[list[str]], wanted: list[Shown], code: str
) -> None:
    assert len(wanted) > 1
    assert [row[:2] for row in found] == [[row.theme, row.verdict] for row in wanted]
    for row, page in zip(found, wanted, strict=True):
        starts = range(2, 2 + 3 * len(page.cells), 3)
        assert [row[start : start + 2] for start in starts] == cells_of(page, code)
        for start, cell in zip(starts, page.cells, strict=True):
            addresses = row[start + 2].split("\n") if cell else []
            assert len(addresses) == len(cell)
            assert all("#" in address for address in addresses)


@every_language
@pytest.mark.parametrize("query", QUERIES)
def test_a_file_has_the_rows_and_the_words_of_the_page_in_its_order(query: str, code: str) -> None:
    wanted = on_page(query, code)
    assert_the_rows_are_those_of_the_page(in_csv(query, code), wanted, code)


@every_language
def test_the_first_sheet_of_a_workbook_has_the_same_rows(code: str) -> None:
    book = book_of("compare.xlsx?by=theme&category=electricity", code)
    first = book.worksheets[0]
    found = [
        ["" if cell.value is None else str(cell.value) for cell in row]
        for row in first.iter_rows(min_row=2)
    ]
    assert found == in_csv("category=electricity", code)
    assert first.auto_filter.ref == first.dimensions
    assert first.freeze_panes == "C2"


def test_the_other_sheets_hold_the_measures_whole_and_it_is_said() -> None:
    by_theme, by_measure = (book_of(f"compare.xlsx?{query}") for query in ("by=theme", ""))
    assert by_theme.sheetnames == by_measure.sheetnames
    for sheet, same in zip(by_theme.worksheets[1:-1], by_measure.worksheets[1:-1], strict=True):
        assert list(sheet.values) == list(same.values)
    told = [str(cell.value) for cell in by_theme["About"]["B"]]
    assert any(text.startswith("The first sheet has a row a theme, with every") for text in told)
    assert any("Rows: By theme, across measures; Themes: " in text for text in told)
    assert not any(
        text.startswith("The first sheet") for text in map(str, by_measure["About"]["B"])
    )


@every_language
@pytest.mark.parametrize("query", QUERIES)
def test_the_table_of_a_word_file_has_the_words_of_the_page(query: str, code: str) -> None:
    wanted = on_page(query, code)
    file = docx.Document(io.BytesIO(content(get(f"compare.docx?by=theme&{query}", code))))
    head, *rows = file.tables[0]._tbl.tr_lst
    assert head.trPr.find(qn("w:tblHeader")) is not None
    assert len(rows) == len(wanted)
    cited: list[str] = []
    for row, page in zip(rows, wanted, strict=True):
        first, *cells = [[words(part) for part in cell.iter(qn("w:p"))] for cell in row.tc_lst]
        assert first == [page.theme, page.verdict]
        for cell, points, absence in zip(cells, page.cells, page.absences, strict=True):
            if not points:
                assert cell == [absence]
                continue
            count, *told = cell
            assert str(len(points)) in count
            places = [place.rpartition(" [") for place in told[::2]]
            assert list(zip([place for place, *_mark in places], told[1::2], strict=True)) == points
            cited += [mark.rstrip("]") for *_place, mark in places]
    # Numbered as they are first named, and each number leads to its citation.
    assert list(dict.fromkeys(cited)) == [str(n + 1) for n in range(len(set(cited)))]
    names = {mark.get(qn("w:name")) for mark in file.element.body.iter(qn("w:bookmarkStart"))}
    assert names == {f"cite{number}" for number in cited}
    assert len(footnotes(file)) == sum(row.errata for row in wanted)
    citations = [part.text for part in file.paragraphs if part.style.name == "Citation"]
    assert len(citations) == len(set(cited))


@every_language
def test_a_citation_is_that_of_the_measure_that_a_point_comes_from(code: str) -> None:
    file = docx.Document(io.BytesIO(content(get("compare.docx?by=theme", code))))
    citations = [part.text for part in file.paragraphs if part.style.name == "Citation"]
    places = [part.text for cell in file.tables[0]._cells for part in cell.paragraphs]
    marked = [place.rpartition(" [") for place in places if place.endswith("]")]
    assert len(marked) > 50
    for place, _bracket, number in marked:
        key = place.split(" ")[-1] if any(map(str.isdigit, place)) else "fragment-1"
        assert f"/measures/{REAL}/{key}/" in citations[int(number.rstrip("]")) - 1]


@every_language
def test_the_source_is_named_where_there_are_several_as_on_the_page(code: str) -> None:
    copy_source(Source.objects.get(), 1)
    count_rows_anew()
    query = "theme=no-visits&theme=no-approvals"
    wanted = on_page(query, code)
    assert all(" · " in place for row in wanted for cell in row.cells for place, _told in cell)
    assert_the_rows_are_those_of_the_page(in_csv(query, code), wanted, code)
    file = docx.Document(io.BytesIO(content(get(f"compare.docx?by=theme&{query}", code))))
    text = "\n".join(part.text for cell in file.tables[0]._cells for part in cell.paragraphs)
    assert all(place in text for row in wanted for cell in row.cells for place, _told in cell)


@every_language
def test_a_file_of_a_basket_has_the_rows_of_its_page(code: str) -> None:
    wanted = on_page(BASKET, code, "basket/compare")
    found = in_csv(BASKET, code, "basket/compare")
    assert_the_rows_are_those_of_the_page(found, wanted, code)
    # Each row leads to the page of its theme, with the basket.
    address = found[0][-1].removeprefix("http://testserver").partition("#")[0]
    response = Client().get(address)
    assert response.status_code == 200
    assert read(response.content.decode()).with_class("compare-theme")[0].words == wanted[0].theme


def test_a_file_has_every_point_where_the_page_leaves_some_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = in_csv("", "en")
    monkeypatch.setattr("reforms.compare.themes.MOST_POINTS", 1)
    assert in_csv("", "en") == whole
    # A row holds no more than a cell can; the next one goes on, and nothing is told twice.
    monkeypatch.setattr("reforms.compare.themes.POINTS_IN_ROW", 2)
    monkeypatch.setattr("reforms.compare.themes.CHUNK", 5)
    parts = in_csv("", "en")
    assert len(parts) > len(whole)
    assert any(row[0] == "Online filing (continued, 3)" for row in parts)
    for name, *_rest in whole:
        own = [row for row in parts if row[0].partition(" (continued")[0] == name]
        (all_of_it,) = (row for row in whole if row[0] == name)
        for place in (3, 4, 6, 7):
            found = [row[place] for row in own if row[place]]
            assert "\n".join(found) == all_of_it[place]
        assert {row[2] for row in own} == {all_of_it[2]}


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        # Vocabularies, sources and the count; the themes; the list of points, and 3 of its chunk.
        ("compare.csv?by=theme", 3 + 1 + 1 + 3),
        # Besides 4 names, the list of measures, and 7 of its one chunk.
        ("compare.xlsx?by=theme", 3 + 1 + 1 + 3 + 4 + 1 + 7),
        ("compare.docx?by=theme", 3 + 1 + 1 + 3 + 4 + 1 + 7),
        # Records alone.
        ("compare.json?by=theme", 3 + 1 + 6),
    ],
)
def test_a_file_costs_a_fixed_number_of_queries(address: str, queries: int) -> None:
    with CaptureQueriesContext(connection) as made:
        content(get(address))
    assert len(made) == queries, [query["sql"][:120] for query in made]


def test_csv_is_made_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reforms.compare.themes.CHUNK", 20)
    with CaptureQueriesContext(connection) as made:
        response: Any = get("compare.csv?by=theme")
        assert len(made) == 4
        lines = iter(response.streaming_content)
        next(lines), next(lines)
        assert len(made) == 4 + 1 + 3
        assert len(list(lines)) > 3
    assert (len(made) - 5) % 3 == 0


def test_json_stays_the_exchange_shape_and_page_and_files_are_plain_about_it(
    catalog: CatalogRecord,
) -> None:
    by_theme, by_measure = (
        json.loads(content(get(f"compare.json?{query}"))) for query in ("by=theme", "")
    )
    assert by_theme == by_measure
    assert len(by_theme) == len(catalog.measures)
    page = read(Client().get("/en/compare/?by=theme").content.decode()).words
    assert "JSON alone stands by measure." in page
    assert "a row a theme, the cities in columns" in page
    assert "by-theme" in get("compare.csv?by=theme").headers["Content-Disposition"]
    assert "by-theme" not in get("compare.json?by=theme").headers["Content-Disposition"]


@pytest.mark.parametrize("form", ["csv", "xlsx", "docx"])
def test_themes_answer_as_the_other_files_do(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"/en/compare.{form}?by=theme"
    head, full = Client().head(address), Client().get(address)
    assert content(head) == b""
    assert content(full)
    assert head.headers["Content-Disposition"] == full.headers["Content-Disposition"]
    assert content(get(f"compare.{form}?by=theme&city=atlantis", status=400))
    if form in exports.LIMITS:
        monkeypatch.setitem(exports.LIMITS, form, 2)
        told = content(get(f"compare.{form}?by=theme", status=400)).decode()
        assert "It has 19 entries; a file of this kind holds at most 2." in told


@pytest.mark.parametrize("form", ["csv", "xlsx", "docx"])
def test_bad_input_never_fails(form: str) -> None:
    for query in BAD_QUERIES:
        response: Any = Client().get(f"/en/compare.{form}?by=theme&category=taxes&{query}")
        assert response.status_code in {200, 400}, query[:80]
        assert content(response)


def test_without_points_a_word_file_says_why_and_the_others_have_no_row() -> None:
    Point.objects.all().delete()
    file = docx.Document(io.BytesIO(content(get("compare.docx?by=theme"))))
    told = [part.text for part in file.paragraphs if part.style.name == "Absence"]
    assert told == ["The practices of these measures have not been divided into points yet"]
    assert not file.tables
    assert in_csv("", "en") == []
    assert book_of("compare.xlsx?by=theme").worksheets[0].max_row == 1
    nothing = docx.Document(io.BytesIO(content(get("compare.docx?by=theme&q=nothingfindsthis"))))
    assert "Nothing fits what was asked." in [part.text for part in nothing.paragraphs]


def test_errata_stand_in_the_row_of_their_words_with_the_measure() -> None:
    wanted, found = on_page("", "en"), in_csv("", "en")
    assert any(row.errata for row in wanted)
    for page, row in zip(wanted, found, strict=True):
        errata = row[-2].split("\n")
        if page.errata:
            assert all(line.startswith(("measure ", "measure without")) for line in errata)
            assert 0 < len(errata) <= page.errata
        else:
            assert errata == ["none known"]
