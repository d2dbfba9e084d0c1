"""Downloads: types, names and refusals, absences said, formulas neutralised; on the small catalog."""

import csv
import io
import json
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

from reforms import exports
from reforms.exports.workbook import CELL_LIMIT, HEIGHT_LIMIT, fitting
from reforms.filters import MeasureFilterSet
from reforms.models import City, Measure
from tests import world

pytestmark = pytest.mark.django_db
FORMS = ("csv", "xlsx", "json", "docx")
LANGUAGES = ("zh-hans", "en")
REAL = "fuzhi-tuiguang-gaige-jucuo"


@pytest.fixture
def small_catalog(db: None) -> None:
    world.build_world()


def get(address: str, code: str = "en", status: int = 200, **headers: str) -> HttpResponseBase:
    response = Client().get(f"/{code}/{address}", headers=headers)
    assert response.status_code == status
    return response


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def rows_of(address: str, code: str = "en") -> list[dict[str, str]]:
    text = content(get(address, code)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def book_of(address: str, code: str = "en") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content(get(address, code))))


def column(sheet: Any, name: str) -> list[Any]:
    names = [cell.value for cell in sheet[1]]
    return [row[names.index(name)].value for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", ["measures", "compare", f"measures/{world.SOURCE}/1"])
def test_a_file_has_a_type_a_name_and_asks_nothing_of_the_reader(
    small_catalog: None, address: str, form: str, code: str
) -> None:
    response = get(f"{address}.{form}", code)
    assert response.headers["Content-Type"].startswith(
        {"csv": "text/csv; charset=utf-8", "json": "application/json"}.get(
            form, "application/vnd.openxmlformats-officedocument."
        )
    )
    name = response.headers["Content-Disposition"]
    assert name.isascii()
    assert name.startswith('attachment; filename="')
    assert f".{form}\"; filename*=UTF-8''" in name
    assert unquote(name).endswith(f".{form}")
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Content-Language"] == code
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()
    assert content(response)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", ["measures", "compare", f"measures/{world.SOURCE}/1"])
def test_head_tells_what_get_would_give_without_making_it(
    small_catalog: None, address: str, form: str
) -> None:
    client = Client()
    head = client.head(f"/en/{address}.{form}")
    full = client.get(f"/en/{address}.{form}")
    assert head.status_code == 200
    assert content(head) == b""
    for name in ("Content-Type", "Content-Disposition", "X-Robots-Tag"):
        assert head.headers[name] == full.headers[name]
    content(full)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("method", ["post", "put", "delete", "trace"])
def test_only_get_and_head_are_answered(small_catalog: None, form: str, method: str) -> None:
    assert getattr(Client(), method)(f"/en/measures.{form}").status_code == 405


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "query",
    [
        "category=nowhere",
        "city=atlantis",
        "coverage=only:",
        "sort=-pk",
        "year=0",
        "q=" + "x" * 1000,
    ],
)
@pytest.mark.parametrize("page", ["measures", "compare"])
def test_what_the_page_refuses_is_refused_and_nothing_is_exported(
    small_catalog: None, page: str, query: str, form: str
) -> None:
    get(f"{page}/?{query}", status=400)
    response = get(f"{page}.{form}?{query}", status=400)
    assert "Content-Disposition" not in response.headers
    text = content(response).decode()
    assert "cannot be" in text
    assert "协调" not in text
    if form == "json":
        assert response.headers["Content-Type"] == "application/problem+json"
        problem = json.loads(text)
        assert problem["status"] == 400
        assert [error["parameter"] for error in problem["errors"]] == [query.partition("=")[0]]
    else:
        assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("form", FORMS)
def test_input_that_no_database_can_take_is_refused(small_catalog: None, form: str) -> None:
    get(f"measures.{form}?q=%00", status=400)
    get(f"measures/{world.SOURCE}/%00.{form}", status=400)
    get(f"measures/{world.SOURCE}/none.{form}", status=404)
    get("measures.exe", status=404)


def test_a_form_that_cannot_hold_the_list_says_so(
    small_catalog: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(exports.LIMITS, "docx", 2)
    text = content(get("measures.docx", status=400)).decode()
    assert "It has 3 entries; a file of this kind holds at most 2." in text
    assert content(get("measures.docx?category=electricity"))
    assert len(rows_of("measures.csv")) == 3
    page = render_to_string(
        "reforms/_downloads.html", {"kind": "measures", "filters": MeasureFilterSet()}
    )
    assert "measures.docx" not in page
    assert "at most 2 entries" in page


def test_a_withdrawn_measure_answers_410_and_stands_in_no_file(small_catalog: None) -> None:
    Measure.objects.filter(key="2").update(
        withdrawn_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"), withdrawn_reason_zh="错录"
    )
    get(f"measures/{world.SOURCE}/2.docx", status=410)
    assert [row["Key"] for row in rows_of("measures.csv")] == ["1", "3"]
    assert [row["key"] for row in json.loads(content(get("measures.json")))] == ["1", "3"]


def test_a_comparison_has_the_cities_of_its_page_in_their_order(small_catalog: None) -> None:
    City.objects.create(
        slug="guangzhou", position=3, name_zh="广州市", name_en="Guangzhou",
        short_name_zh="广州", short_name_en="Guangzhou",
    )  # fmt: skip

    def cities(query: str) -> list[str]:
        found = [name.partition(" · ")[0] for name in rows_of(f"compare.csv{query}")[0]]
        return list(
            dict.fromkeys(name for name in found if name in {"Beijing", "Shanghai", "Guangzhou"})
        )

    assert cities("") == ["Beijing", "Shanghai"]
    assert cities("?city=shanghai") == ["Shanghai", "Beijing"]
    assert cities("?city=guangzhou&city=beijing") == ["Guangzhou", "Beijing"]


def test_a_city_outside_the_comparison_is_left_out_with_its_errata(small_catalog: None) -> None:
    City.objects.create(
        slug="guangzhou", position=3, name_zh="广州市", name_en="Guangzhou",
        short_name_zh="广州", short_name_en="Guangzhou",
    )  # fmt: skip
    [first, second, third] = rows_of("compare.csv?city=shanghai&city=guangzhou")
    assert first["Guangzhou · practice"] == "The text held here does not state it"
    assert second["Errata"] == "none known"
    assert "2项" in third["Errata"]
    assert not any("Beijing" in name for name in first)


def test_csv_says_what_is_absent_and_why(small_catalog: None) -> None:
    one, two, three = rows_of("measures.csv")
    assert one["Beijing · practice"] == "The text held here states it"
    assert two["Shanghai · outcome"] == "The text held here does not state it"
    assert two["Shanghai · practice, unofficial translation"] == "Not translated into English yet"
    assert two["Shanghai · our summary, English"] == "Not entered yet"
    assert three["Beijing · practice"] == "The text held here does not state it"
    Measure.objects.update(is_read_whole=False)
    assert rows_of("measures.csv")[2]["Beijing · practice"] == "Not entered yet"


BEGINNINGS = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"),
    *("＝1+1", "＋1", "－1", "＠SUM(A1)"),
    *(" =1+1", "\u3000=1+1", "\u00a0@x", "\ufeff=1+1", "\u200b=1", " \u3000 ＝1"),
)


def test_csv_neutralises_formulas_in_texts_and_never_numbers(small_catalog: None) -> None:
    measure = world.get_measure("1")
    for beginning in BEGINNINGS:
        Measure.objects.filter(pk=measure.pk).update(title_en=beginning)
        row = rows_of("measures.csv")[0]
        assert row["Title, our English"] == f"'{beginning}"
        assert row["Number"] == "1"
    for harmless in ("1-1", "a=1", "“=1”", "−51 days", "→ 5", "　1"):
        Measure.objects.filter(pk=measure.pk).update(title_en=harmless)
        assert rows_of("measures.csv")[0]["Title, our English"] == harmless


def test_a_cell_of_several_lines_is_one_cell_of_its_row(small_catalog: None) -> None:
    text = 'one\ntwo, "three"\r\nfour;five'
    Measure.objects.filter(key="1").update(title_en=text)
    rows = rows_of("measures.csv")
    assert len(rows) == 3
    assert rows[0]["Title, our English"] == text
    body = content(get("measures.csv"))
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.endswith(b"\r\n")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("address", ["measures.xlsx", "compare.xlsx", "figures.xlsx"])
def test_a_workbook_can_be_worked_with(small_catalog: None, address: str, code: str) -> None:
    book = book_of(address, code)
    *sheets, about = book.worksheets
    assert all(len(name) <= 31 for name in book.sheetnames)
    for sheet in sheets:
        assert sheet.freeze_panes in {"C2", "D2"}
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.print_title_cols
        assert all(sheet.column_dimensions[cell.column_letter].width >= 10 for cell in sheet[1])
        for row in sheet.iter_rows(min_row=2):
            assert 0 < sheet.row_dimensions[row[0].row].height <= HEIGHT_LIMIT
            for cell in row:
                assert cell.data_type != "f"
                assert not isinstance(cell.value, str) or cell.alignment.wrap_text or cell.hyperlink
    for sheet in (*sheets, about):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0


def test_a_workbook_has_typed_cells(small_catalog: None) -> None:
    book = book_of("measures.xlsx")
    assert book.sheetnames == ["Measures", "Practices", "Points", "Figures", "Errata", "About"]
    figures = book["Figures"]
    assert column(figures, "Number") == [1] * 6 + [2, 3]
    assert column(figures, "Before")[0] == 56
    assert column(figures, "Value")[-1] == 10_330_000
    assert column(figures, "Unit, as printed")[3] == "not printed"
    assert column(figures, "Period, as printed")[0] == "今年"
    assert column(figures, "Period, as printed")[1] == "no period is stated"
    assert column(figures, "Our calculation")[0] == "−51 days (−91%)"
    measures = book["Measures"]
    assert column(measures, "All of it was read") == [True] * 3
    assert isinstance(column(measures, "Last changed")[0], datetime)
    assert measures.cell(2, 1).value == 1


def test_a_workbook_evaluates_no_text(small_catalog: None) -> None:
    Measure.objects.filter(key="1").update(title_en="=1+1")
    cell = next(cell for cell in book_of("measures.xlsx")["Measures"][2] if cell.value == "=1+1")
    assert cell.data_type == "s"


def test_words_that_no_cell_holds_are_cut_and_it_says_so() -> None:
    assert fitting("x" * CELL_LIMIT) == "x" * CELL_LIMIT
    with override("en"):
        cut = fitting("x" * (CELL_LIMIT + 1))
    assert len(cut) == CELL_LIMIT
    assert cut.endswith("]")


def table_of(address: str) -> list[list[str]]:
    """Return the cells of the table of a Word file."""
    table = docx.Document(io.BytesIO(content(get(address)))).tables[0]
    return [[cell.text for cell in row.cells] for row in table.rows]


@pytest.mark.usefixtures("small_catalog")
def test_a_comparison_of_outcomes_alone_has_no_practices_in_its_files() -> None:
    query = "category=electricity&show=outcomes"
    rows = rows_of(f"compare.csv?{query}")
    assert sorted(name for name in rows[0] if name.startswith("Beijing · ")) == [
        "Beijing · figures",
        "Beijing · outcome",
        "Beijing · outcome, as printed",
        "Beijing · outcome, unofficial translation",
    ]
    assert all(None not in row and None not in row.values() for row in rows)
    words = " ".join(" ".join(row) for row in table_of(f"compare.docx?{query}"))
    assert "no more than 15 days" in words
    for told in (words, " ".join(rows[0].values())):
        assert "率先推出" not in told
    assert "ractice" not in words


@pytest.mark.usefixtures("small_catalog")
def test_figures_of_one_indicator_stand_in_one_row_of_the_table() -> None:
    rows = table_of("compare.docx?category=electricity")
    both = [row for row in rows if "15 days" in row[1] and "15 days" in row[2]]
    assert both
    assert any("not stated here" in row for row in rows)
