"""``as_at`` on every page: the catalog as it was, with true counts, words included, and said so everywhere."""

import csv
import io
import json
import re
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from openpyxl import load_workbook

from reforms import editing, snapshots
from reforms.models import Measure, MeasureVersion, Practice
from reforms.views import days as views_of_days
from tests import world
from tests.past import AFTER, BEFORE, NEW, OLD, at, days_ago, edited_world, go_on
from tests.reading import Reading, read
from tests.test_as_at_pages import PAGES

SOURCE = world.SOURCE
LANGUAGES = ("zh-hans", "en")
FILES = (
    *(f"measures.{form}" for form in ("csv", "xlsx", "json", "docx")),
    *(f"compare.{form}" for form in ("csv", "docx")),
    *(f"figures.{form}" for form in ("csv", "json")),
    f"measures/{SOURCE}/1.json",
    f"measures/{SOURCE}/1.docx",
    f"compare/{SOURCE}/1.csv",
    f"basket.json?item={SOURCE}:1",
    f"basket/compare.csv?item={SOURCE}:1",
)
BAD_DAYS = (
    *("0001-01-01", "9999-12-31", "2019-13-01", "2019-02-30", "today", "20261120", "2026-W47-5"),
    *("2026-11-20T00:00:00", "٢٠٢٦-١١-٢٠", "-1", "x" * 5000, "2026-11-20&as_at=2026-11-21", "%FF"),
    *("%27%20OR%201=1--", "%22%3E%3Cscript%3E", "1e9", "2026-11-2%0A0"),
)

pytestmark = pytest.mark.usefixtures("snapshot_folder")
every_language = pytest.mark.parametrize("code", LANGUAGES)


@pytest.fixture
def li(db):
    """Return who edited the world six days ago."""
    return edited_world()


def page(address: str, client: Client | None = None) -> Reading:
    return read((client or Client()).get(address).content.decode())


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


# --- As it was ---


def test_a_measure_is_shown_as_it_was(li):
    address = f"/en/measures/{SOURCE}/1/"
    first = world.measure_one().title_en
    assert page(address).of("h1")[0].words == "Another title in English"
    assert page(at(address, BEFORE)).of("h1")[0].words == first
    assert page(at(address, AFTER)).of("h1")[0].words == "Another title in English"


def found(days: int | None, words: str) -> list[str]:
    address = f"/en/measures/?q=%22{words}%22"
    reading = page(address if days is None else at(address, days))
    return [row.attributes["id"] for row in reading.with_class("measure-row")]


def test_words_are_found_where_they_stood(li):
    measure = f"{SOURCE}-2"
    assert (found(None, OLD), found(None, NEW)) == ([], [measure])
    assert (found(AFTER, OLD), found(AFTER, NEW)) == ([], [measure])
    assert (found(BEFORE, OLD), found(BEFORE, NEW)) == ([measure], [])


def test_a_count_in_the_past_is_the_length_of_its_list(li):
    editing.withdraw_measure(world.get_measure("3"), 1, li, "重复", "Listed twice")
    go_on(2)
    told = {}
    for days in (BEFORE + 2, AFTER, 1):
        address = at("/en/measures/", days)
        reading = page(address)
        counts = {}
        for label in reading.of("label"):
            match = re.search(r"entries:\s*(\d+)", label.words)
            if match:
                counts[label.words.split("entries:")[0].strip()] = int(match[1])
        told[days] = counts
        choices = [
            box.attributes
            for box in reading.of("input")
            if box.attributes.get("type") == "checkbox" and "disabled" not in box.attributes
        ]
        assert len(choices) > 10
        for choice in choices:
            listed = page(f"{address}&{choice['name']}={choice['value']}&page_size=100")
            assert listed.with_class("measure-row"), choice
        total = len(reading.with_class("measure-row"))
        by_category = [
            len(page(f"{address}&category={slug}").with_class("measure-row"))
            for slug in (world.ELECTRICITY, world.PROPERTY)
        ]
        assert sum(by_category) == total
        assert [counts["Getting electricity"], counts["Registering property"]] == by_category
    assert told[AFTER]["Registering property"] == 1
    assert told[1]["Registering property"] == 0
    # A figure that measure 2 lost counts before and not after.
    assert told[BEFORE + 2] != told[AFTER]


def test_comparison_figures_and_source_are_as_they_were(li):
    assert "“1+1”" in page(at("/zh-hans/compare/", BEFORE)).words
    assert NEW in page(at("/zh-hans/compare/", AFTER)).words
    assert NEW not in page(at("/zh-hans/compare/", BEFORE)).words
    before, after = (
        len(body(Client().get(at("/en/figures.csv?repeated=each", days))).splitlines())
        for days in (BEFORE, AFTER)
    )
    assert before == after + 1
    marks = [
        len(page(at(f"/en/sources/{SOURCE}/", days)).with_class("erratum-mark"))
        for days in (BEFORE, AFTER)
    ]
    assert marks == [2, 1]


def test_files_hold_the_catalog_as_it_was_and_say_so(li):
    client = Client()

    def rows(days):
        text = body(client.get(at("/en/measures.csv", days))).decode("utf-8-sig")
        return text

    assert OLD in rows(BEFORE)
    assert NEW not in rows(BEFORE)
    assert NEW in rows(AFTER)
    assert len(list(csv.reader(io.StringIO(rows(BEFORE))))) == 4
    records = json.loads(body(client.get(at("/en/measures.json", BEFORE))))
    assert [record["title_en"] for record in records] == [
        measure.title_en for measure in world.world_catalog().measures
    ]
    response = client.get(at("/en/measures.xlsx", BEFORE))
    day = days_ago(BEFORE).isoformat()
    assert f"as-at-{day}.xlsx" in response.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(body(response)))
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value]
    assert any(f"the end of {day} (Asia/Shanghai time)" in cell for cell in cells)
    assert any(f"as_at={day}" in cell for cell in cells)
    memo = Document(io.BytesIO(body(client.get(at("/en/measures.docx", BEFORE)))))
    text = "\n".join(paragraph.text for paragraph in memo.paragraphs)
    assert f"the end of {day} (Asia/Shanghai time)" in text
    assert f"as at the end of {day}" in text


@pytest.mark.parametrize("file", FILES)
def test_a_file_of_a_day_is_the_file_of_then(li, file):
    client = Client()
    editing.withdraw_measure(world.get_measure("3"), 1, li, "重复", "Listed twice")
    go_on(2)
    editing.restore_measure(world.get_measure("3"), 2, li, "")
    response = client.get(at(f"/en/{file}", AFTER + 2))
    assert response.status_code == 200
    assert len(body(response)) > 100
    assert client.get(at(f"/en/{file}", 0)).status_code == 200
    head = client.head(at(f"/en/{file}", AFTER + 2))
    assert (head.status_code, body(head)) == (200, b"")


def test_the_api_answers_as_at_a_day_too(li):
    client = Client()
    address = at("/api/v1/measures/?page_size=1", BEFORE)
    answer = client.get(address).json()
    assert answer["results"][0]["title_en"] == world.measure_one().title_en
    assert answer["count"] == 3
    for link in (answer["next"], answer["results"][0]["url"]):
        assert f"as_at={days_ago(BEFORE)}" in link
    assert client.get(answer["next"]).json()["results"][0]["key"] == "2"
    found = client.get(at(f"/api/v1/measures/?q={NEW}", BEFORE)).json()
    assert found["count"] == 0 or found["search"]["mended"]
    refused = client.get("/api/v1/measures/?as_at=0001-01-01")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["parameter"] == "as_at"


def test_suggestions_are_of_the_day(li):
    client = Client()
    text = "Another title"

    def asked(days):
        answer = client.get(at(f"/en/suggestions/?q={text}", days)).json()["suggestions"]
        return [one["address"] for one in answer if one["kind"] == "measure"]

    assert asked(BEFORE) == []
    assert asked(AFTER) == [f"/en/measures/{SOURCE}/1/?as_at={days_ago(AFTER)}"]


# --- Carried and said ---


@pytest.mark.parametrize("path", ["measures/", "figures/", f"measures/{SOURCE}/1/"])
def test_the_form_at_the_foot_keeps_what_was_asked(li, path):
    reading = page(f"/en/{path}?category=electricity&q=x&unknown=1&page_size=2&item={SOURCE}:1")
    (form,) = reading.with_class("day-choice")
    assert form.attributes["action"] == f"/en/{path}"
    place = reading.elements.index(form)
    fields = [
        (e.attributes["name"], e.attributes.get("value"))
        for e in reading.elements[place:]
        if e.tag == "input" and "name" in e.attributes
    ]
    assert fields == [
        ("category", "electricity"),
        ("q", "x"),
        ("page_size", "2"),
        ("item", f"{SOURCE}:1"),
        ("as_at", None),
    ]


def test_citations_say_the_day(li):
    reading = page(at(f"/en/measures/{SOURCE}/1/", BEFORE))
    cited = [found.words for found in reading.with_class("citation")]
    assert cited
    day = days_ago(BEFORE)
    assert all(
        f"version 1 of {days_ago(12)}, as at the end of {day}" in text
        for text in cited
        if "version" in text
    )
    assert any(f"/en/measures/{SOURCE}/1/?as_at={day}" in text for text in cited)


def test_today_says_that_it_is_not_over(li):
    (note,) = page(at("/en/measures/", 0)).with_class("day-shown")
    assert "not over yet" in note.words


# --- Not there, gone, refused ---


def added_later() -> None:
    versions = MeasureVersion.objects.filter(measure__key="3")
    versions.update(valid_from=versions.get().valid_from + timedelta(days=7))


@every_language
def test_a_measure_that_was_not_there_yet_is_404_with_the_way_to_it(li, client, code):
    added_later()
    address = f"/{code}/measures/{SOURCE}/3/"
    response = client.get(at(address, BEFORE))
    assert response.status_code == 404
    reading = read(response.content.decode())
    ways = [link.attributes["href"] for link in reading.of("a")]
    assert address in ways
    assert client.get(address).status_code == 200
    assert client.get(at(address, AFTER)).status_code == 200
    for other in (f"compare/{SOURCE}/3/", f"measures/{SOURCE}/3.csv"):
        assert client.get(at(f"/{code}/{other}", BEFORE)).status_code == 404
    problem = client.get(at(f"/{code}/measures/{SOURCE}/3.json", BEFORE))
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert problem.json()["now"].endswith(f"/{code}/measures/{SOURCE}/3.json")
    # Such a measure never was: a plain 404.
    assert (
        "day-shown" not in client.get(at(f"/{code}/measures/{SOURCE}/99/", BEFORE)).content.decode()
    )
    # Its words stand in the source, and belong to no measure.
    source = page(at(f"/en/sources/{SOURCE}/", BEFORE))
    assert "Of no measure on that day" in source.words
    assert "推进数据共享" in source.words
    assert "Of no measure on that day" not in page(f"/en/sources/{SOURCE}/").words


def test_a_basket_says_what_was_not_there(li):
    added_later()
    reading = page(at(f"/en/basket/?item={SOURCE}:3&item={SOURCE}:1", BEFORE))
    assert "No longer listed, or never was" in reading.words


def test_what_was_withdrawn_then_says_why_then(li, client):
    editing.withdraw_measure(world.get_measure("3"), 1, li, "重复", "Listed twice")
    go_on(2)
    editing.restore_measure(world.get_measure("3"), 2, li, "")
    address = f"/en/measures/{SOURCE}/3/"
    go_on(2)
    told = {days: client.get(at(address, days)) for days in (AFTER, 1)}
    assert {days: response.status_code for days, response in told.items()} == {3: 410, 1: 200}
    gone = read(told[AFTER].content.decode())
    assert "Listed twice" in gone.words
    assert gone.with_class("day-shown")
    assert page(at("/en/measures/", AFTER)).with_class("measure-row").__len__() == 2


@every_language
def test_what_is_no_day_of_the_history_is_refused_on_every_page(li, client, code):
    for path in (*PAGES, *FILES):
        joint = "&" if "?" in path else "?"
        response = client.get(f"/{code}/{path}{joint}as_at={days_ago(13)}")
        assert response.status_code == 400, path
        text = body(response).decode()
        assert str(days_ago(12)) in text, path
    assert client.get(f"/{code}/suggestions/?q=x&as_at={days_ago(13)}").status_code == 400


@every_language
@pytest.mark.parametrize("value", BAD_DAYS)
def test_a_refusal_stands_at_its_field_and_names_the_first_day(li, client, code, value):
    response = client.get(f"/{code}/measures/?category=electricity&as_at={value}")
    assert response.status_code == 400
    reading = read(response.content.decode())
    (error,) = [e for e in reading.elements if e.attributes.get("id") == "as-at-error"]
    assert str(days_ago(12)) in error.words
    (field,) = [e for e in reading.of("input") if e.attributes.get("name") == "as_at"]
    assert field.attributes["aria-invalid"] == "true"
    assert "as-at-error" in field.attributes["aria-describedby"]
    ways = [link.attributes["href"] for link in reading.of("a")]
    assert f"/{code}/measures/?category=electricity" in ways
    # Only the switch of languages, which keeps the whole address, still names the day; and a report,
    # which is about that address.
    of_page = [link for link in reading.of("a") if "data-report" not in link.attributes]
    assert [link for link in of_page if "as_at" in link.attributes["href"]] == [
        link for link in of_page if "hreflang" in link.attributes
    ]
    assert "<script" not in response.content.decode().replace("<script defer", "")


def test_a_nul_is_refused_and_no_value_is_no_day(li, client):
    assert client.get("/en/measures/?as_at=%00").status_code == 400
    response = client.get("/en/measures/?as_at=")
    assert response.status_code == 200
    assert not read(response.content.decode()).with_class("day-shown")


def test_a_day_that_is_being_made_is_503_with_when_to_come_again(li, client, monkeypatch):
    def busy(*_args):
        raise snapshots.SnapshotBusy

    monkeypatch.setattr(views_of_days, "answered", busy)
    response = client.get(at("/en/measures/", BEFORE))
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert client.get(at("/en/measures.json", BEFORE)).status_code == 503


# --- Costs and keeps ---


@pytest.mark.parametrize(("days", "most"), [(BEFORE, 9), (0, 1)])
def test_a_day_costs_few_queries_of_the_catalog_itself(li, client, days, most):
    client.get(at("/en/measures/", days))
    with CaptureQueriesContext(connection) as plain:
        client.get("/en/measures/")
    with CaptureQueriesContext(connection) as queries:
        client.get(at("/en/measures/", days))
    # The first day of the history; for a day that is over, what names its file: versions, sources, 5 vocabularies;
    # the last change by then.
    assert len(queries) == most + (len(plain) if days == 0 else 0)
    assert not [q for q in queries if q["sql"].lstrip("(").split()[0] not in {"SELECT", "WITH"}]


@pytest.mark.parametrize("path", ["", "measures/", f"measures/{SOURCE}/1/"])
def test_a_page_of_a_day_can_be_cached_and_asks_nothing_of_the_reader(li, client, path):
    response = client.get(at(f"/en/{path}", BEFORE))
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()
    tag = response.headers["ETag"]
    assert client.get(at(f"/en/{path}", BEFORE), headers={"if-none-match": tag}).status_code == 304


def test_reading_the_past_changes_nothing(li, client):
    before = (
        list(Measure.objects.order_by("pk").values()),
        list(Practice.objects.order_by("pk").values()),
        list(MeasureVersion.objects.order_by("pk").values()),
    )
    for code, path in product(LANGUAGES, PAGES):
        client.get(f"/{code}/{at(path, BEFORE)}")
    assert before == (
        list(Measure.objects.order_by("pk").values()),
        list(Practice.objects.order_by("pk").values()),
        list(MeasureVersion.objects.order_by("pk").values()),
    )
