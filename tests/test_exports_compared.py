"""Files of a comparison: what figures are beside other cities', as the page says it, and outcomes alone."""

import io
import json
from typing import Any

import docx
import pytest
from django.db.models import F
from django.test import Client
from docx.oxml.ns import qn

from reforms.exchange import to_json
from reforms.models import Figure
from reforms.records import CatalogRecord
from tests.reading import Reading, read
from tests.test_downloads import LANGUAGES, REAL, book_of, column, content, get, rows_of
from tests.test_exports_word import footnotes, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog")]
every_language = pytest.mark.parametrize("code", LANGUAGES)
QUERIES = ("", "city=shanghai", "show=outcomes", "category=electricity&show=outcomes")
# What a file has between the words of a page: the brackets of labels, and what parts facts.
MARKS = str.maketrans("", "", "[]［］;；")


def page_of(address: str, code: str) -> Reading:
    response = Client().get(f"/{code}/{address}")
    assert response.status_code == 200
    return read(response.content.decode())


def bare(text: str) -> str:
    """Return a sentence as page and file both have it."""
    return "".join(text.translate(MARKS).split())


def told_on_page(query: str, code: str) -> list[str]:
    """Return what the page says of figures beside those of another city."""
    reading = page_of(f"compare/?page_size=100&{query}", code)
    assert reading.with_class("figure-beside")
    items = {
        bare(part.words)
        for part in reading.of("li")
        if any(
            bare(part.words) in bare(beside.words) for beside in reading.with_class("figure-beside")
        )
    }
    return sorted(items)


def file_of(address: str, code: str) -> Any:
    return docx.Document(io.BytesIO(content(get(address, code))))


def told_in(cell: Any, file: Any) -> list[str]:
    """Return the sentences on figures beside others' in a part of a Word file."""
    style = file.styles["Figure Compared"].style_id
    return [
        words(part)
        for part in cell.iter(qn("w:p"))
        if part.pPr is not None and part.pPr.pStyle is not None and part.pPr.pStyle.val == style
    ]


def without_place(sentence: str) -> str:
    """Return a sentence without the words for the other place that it speaks of."""
    return sentence.rpartition("·")[2]


@every_language
@pytest.mark.parametrize("query", QUERIES)
def test_a_word_table_says_what_figures_are_beside_others_as_the_page_does(
    query: str, code: str
) -> None:
    file = file_of(f"compare.docx?{query}", code)
    found = [bare(sentence) for sentence in told_in(file.tables[0]._tbl, file)]
    wanted = told_on_page(query, code)
    assert {*map(without_place, found)} == {*map(without_place, wanted)}
    assert {sentence for sentence in wanted if "·" in sentence} <= {*found}
    rows = rows_of(f"compare.csv?{query}", code)
    in_cells = bare("\n".join(value for row in rows for value in row.values() if value))
    assert all(sentence in in_cells for sentence in found)


@every_language
def test_a_verdict_stands_with_the_later_city_below_its_figure(code: str) -> None:
    file = file_of("compare.docx?category=electricity", code)
    same, early = (
        ("The same as Beijing", "The same as Shanghai")
        if code == "en"
        else ("与北京市相同", "与上海市相同")
    )
    cells = [row.tc_lst for row in file.tables[0]._tbl.tr_lst if len(row.tc_lst) == 3]
    rows = [tuple(told_in(cell, file) for cell in row) for row in cells]
    found = [row for row in rows if any(same in sentences for sentences in row)]
    assert len(found) > 1
    assert all(same in shanghai and early not in beijing for _name, beijing, shanghai in found)
    # Nothing is compared in a list, nor in the memo of one measure.
    for address in ("measures.docx", f"measures/{REAL}/6.docx"):
        memo = file_of(address, code)
        assert told_in(memo.element.body, memo) == []
        assert not any(
            same in text for row in rows_of("measures.csv", code) for text in row.values()
        )


@every_language
def test_a_gap_is_labelled_as_ours_and_has_the_figure_of_the_page(code: str) -> None:
    # Of two cities' figures that are the same, one is made three greater.
    pairs = Figure.objects.filter(
        practice__city__slug="shanghai", indicator__slug="road-excavation-approval-time"
    )
    assert pairs.update(after=F("after") + 3) == 1
    file = file_of("compare.docx", code)
    found = told_in(file.tables[0]._tbl, file)
    gap = "[our calculation] +3 days against Beijing"
    gap = gap if code == "en" else "［本目录计算］ +3 天 与北京市相比"
    assert found.count(gap) == 1
    assert bare(gap) in told_on_page("", code)


# --- Outcomes alone ---


@every_language
def test_a_workbook_of_outcomes_alone_holds_no_practices_and_says_so(
    catalog: CatalogRecord, code: str
) -> None:
    book = book_of("compare.xlsx?show=outcomes", code)
    assert len(book.worksheets) == 5
    if code == "en":
        assert book.sheetnames == ["Comparison", "Outcomes", "Figures", "Errata", "About"]
    text = "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row)
    practices = [part for record in catalog.measures for part in record.practices]
    for practice in practices:
        assert practice.practice_zh not in text
        assert (practice.practice_en or "") not in text
        assert (practice.summary_zh or "") not in text
        assert practice.outcome_zh is None or practice.outcome_zh in text
    figures = book.worksheets[2]
    stated = [figure for part in practices for figure in part.figures]
    of_outcomes = [figure for figure in stated if figure.stated_in == "outcome"]
    assert 0 < len(of_outcomes) < len(stated)
    assert figures.max_row - 1 == len(of_outcomes)


def test_the_sheets_of_outcomes_alone_say_it_and_lead_to_the_same_places() -> None:
    whole, alone = (book_of(f"compare.xlsx?{query}") for query in ("", "show=outcomes"))
    about = [str(cell.value) for cell in alone["About"]["B"]]
    assert any(text.startswith("Outcomes alone were asked for. This file has no") for text in about)
    assert any("Shown in a cell: Outcomes only" in text for text in about)
    assert not any(text.startswith("Outcomes alone") for text in map(str, whole["About"]["B"]))
    # A figure keeps its number in the practice, which its address ends in.
    places, kept = (
        dict(
            zip(
                column(book["Figures"], "Address"),
                column(book["Figures"], "Quotation, as printed"),
                strict=True,
            )
        )
        for book in (whole, alone)
    )
    assert 0 < len(kept) < len(places)
    assert kept.items() <= places.items()
    names = [cell.value for cell in alone["Outcomes"][1]]
    assert "outcome, as printed" in names
    assert not any("summary" in name or name.startswith("practice,") for name in names)


@every_language
def test_files_of_outcomes_alone_have_the_errata_of_what_they_show(
    catalog: CatalogRecord, code: str
) -> None:
    errata = [erratum for record in catalog.measures for erratum in record.errata]
    shown = [erratum for erratum in errata if erratum.stands_in != "practice"]
    assert 0 < len(shown) < len(errata)
    sheet = book_of("compare.xlsx?show=outcomes", code).worksheets[3]
    assert sheet.max_row - 1 == len(shown)
    assert len(footnotes(file_of("compare.docx?show=outcomes", code))) == len(shown)
    told = [list(row.values()) for row in rows_of("compare.csv?show=outcomes", code)]
    text = "\n".join(str(value) for row in told for value in row)
    hidden = [erratum for erratum in errata if erratum.stands_in == "practice"]
    assert all(
        (erratum.reason_zh if code != "en" else erratum.reason_en) in text for erratum in shown
    )
    assert not any(
        (erratum.reason_zh if code != "en" else erratum.reason_en) in text for erratum in hidden
    )


@pytest.mark.parametrize("address", ["compare", f"compare/{REAL}/6"])
def test_json_of_outcomes_alone_stays_whole_and_the_page_says_so(
    catalog: CatalogRecord, address: str
) -> None:
    found = json.loads(content(get(f"{address}.json?show=outcomes")))
    records = catalog.measures if address == "compare" else catalog.measures[1:2]
    assert found == [to_json(record) for record in records]
    told = "Word, Excel and CSV hold the outcomes alone, as this page does. JSON holds the measures"
    assert told in page_of(f"{address}/?show=outcomes", "en").words
    assert told not in page_of(f"{address}/", "en").words
    sheets = "sheets of outcomes, their figures, and errata"
    assert sheets in page_of(f"{address}/?show=outcomes", "en").words
    assert sheets not in page_of(f"{address}/", "en").words


def test_the_comparison_of_one_measure_takes_no_themes() -> None:
    address = f"compare/{REAL}/6"
    for form in ("csv", "json"):
        by_theme, plain = (
            content(get(f"{address}.{form}?{query}")) for query in ("by=theme", "by=measure")
        )
        assert by_theme == plain
    told = [cell.value for cell in book_of(f"{address}.xlsx?by=theme")["About"]["B"]]
    assert any("Measure: " in str(text) for text in told)
