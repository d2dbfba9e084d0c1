"""A title that the catalog edited says so wherever it stands, and is cited as the source prints it."""

import pytest
from django.test import Client
from django.utils.translation import override

from reforms.citations import cite_measure, cite_practice
from reforms.models import Erratum, Measure, Practice
from tests.reading import read
from tests.world import SOURCE, build_world, get_measure

OURS = "我们改写的标题"
PRINTED = "提供低压小微企业接电“零上门零投资”服务"
ADDRESS = "https://catalog.example.org/en/measures/sample-notice/1/"
MARKS = {"en": "edited by the catalog", "zh-hans": "经本目录编辑"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def edited() -> None:
    build_world()
    Measure.objects.filter(key="1").update(title_zh=OURS, is_title_edited=True)


def words(code: str, page: str) -> str:
    response = Client().get(f"/{code}/{page}")
    assert response.status_code == 200
    return read(response.content.decode()).words


@pytest.mark.parametrize("code", MARKS)
@pytest.mark.parametrize(
    "page", ["", "measures/", "compare/", f"measures/{SOURCE}/1/", f"measures/{SOURCE}/2/"]
)
def test_every_page_that_shows_the_title_says_that_it_is_edited(code: str, page: str) -> None:
    assert words(code, page).count(MARKS[code]) == 1
    Measure.objects.update(is_title_edited=False)
    assert MARKS[code] not in words(code, page)


@pytest.mark.parametrize("code", MARKS)
@pytest.mark.parametrize("page", ["compare/", f"measures/{SOURCE}/1/"])
def test_the_printed_title_stands_beside_the_edited_one(code: str, page: str) -> None:
    shown = words(code, page)
    assert OURS in shown
    assert PRINTED in shown


@pytest.mark.parametrize("page", ["compare/", f"measures/{SOURCE}/1/"])
def test_a_misprint_in_the_title_leads_to_its_mark_in_the_printed_one(page: str) -> None:
    measure = get_measure("1")
    start = measure.title_spans[0][0]
    Erratum.objects.create(
        measure=measure,
        position=1,
        as_printed=PRINTED[:2],
        reason_zh="试。",
        reason_en="Test.",
        confidence="low",
        stands_in="title",
        spans=[[start, start + 2]],
    )
    reading = read(Client().get(f"/en/{page}").content.decode())
    prefix = f"{SOURCE}-" if page == "compare/" else ""
    assert {f"{prefix}erratum-1-1", f"{prefix}erratum-1-1-mark"} <= set(reading.ids)
    assert len(set(reading.ids)) == len(reading.ids)


@pytest.mark.parametrize("code", MARKS)
def test_both_citations_have_the_printed_title(code: str) -> None:
    practice = Practice.objects.select_related("measure__source", "city").filter(measure__key="1")
    with override(code):
        citations = (
            *cite_measure(get_measure("1"), ADDRESS),
            *cite_practice(practice[0], ADDRESS),
        )
    for citation in citations:
        assert PRINTED in citation.text
        assert OURS not in citation.text


def test_a_title_of_ours_where_none_is_printed_is_not_cited_as_the_sources() -> None:
    Measure.objects.filter(key="1").update(title_spans=[])
    with override("en"):
        for citation in cite_measure(get_measure("1"), ADDRESS):
            assert "[number and title not stated] (1)" in citation.text
            assert OURS not in citation.text
