"""The page of a measure: cities side by side, words as printed, every gap and every doubt said."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reforms.filters import place_of
from reforms.models import Measure, Practice, Source
from reforms.models.fields import as_spans
from tests import world
from tests.reading import Reading, read

pytestmark = pytest.mark.django_db
LANGUAGES = ("zh-hans", "en")


@pytest.fixture(autouse=True)
def small_catalog(db: None) -> None:
    world.build_world()


def address(key: str, code: str = "en", query: str = "") -> str:
    return f"/{code}/measures/{world.SOURCE}/{key}/{query}"


def page(key: str, code: str = "en", query: str = "", status: int = 200) -> Reading:
    response = Client().get(address(key, code, query))
    assert response.status_code == status
    return read(response.content.decode(), without=frozenset({"erratum-mark", "anchor"}))


def found(reading: Reading, identity: str) -> Any:
    return next(part for part in reading.elements if part.attributes.get("id") == identity)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("key", ["1", "2", "3"])
def test_each_citys_words_stand_whole_in_its_column(key: str, code: str) -> None:
    reading = page(key, code)
    for practice in Practice.objects.filter(measure__key=key).select_related("city", "outcome"):
        column = squeezed(found(reading, practice.anchor).words)
        assert squeezed(practice.text_zh) in column
        if practice.outcome_state == "stated":
            block = squeezed(found(reading, f"{practice.anchor}-outcome").words)
            assert squeezed(practice.outcome.text_zh) in block
            assert squeezed(practice.outcome.text_en or "") in block


def test_the_english_page_has_the_english_first_and_the_chinese_page_the_chinese() -> None:
    practice = Practice.objects.get(measure__key="1", city__slug="beijing")
    english = squeezed(found(page("1", "en"), "beijing").words)
    chinese = squeezed(found(page("1", "zh-hans"), "beijing").words)
    ours, theirs = squeezed(practice.text_en or ""), squeezed(practice.text_zh)
    assert english.index(ours) < english.index(theirs)
    assert chinese.index(theirs) < chinese.index(ours)


def test_paragraphs_points_figures_and_outcomes_have_anchors_that_occur_once() -> None:
    for code in LANGUAGES:
        ids = page("1", code).ids
        assert len(ids) == len(set(ids))
        for name in (
            "beijing", "beijing-p1", "beijing-outcome", "beijing-outcome-p1", "beijing-point-2",
            "beijing-figure-1", "shanghai", "shanghai-p1", "shanghai-point-1",
        ):  # fmt: skip
            assert name in ids


def test_every_link_within_the_page_leads_somewhere() -> None:
    for key in ("1", "2", "3"):
        for code in LANGUAGES:
            here = address(key, code)
            reading = page(key, code)
            own = [anchor for target, anchor in reading.links(here) if target == here and anchor]
            assert own
            assert set(own) <= set(reading.ids) | {"main"}


def test_figures_points_and_sentences_lead_to_their_words_in_the_source() -> None:
    hrefs = [part.attributes.get("href", "") for part in page("1").of("a")]
    places = {href for href in hrefs if href.startswith(f"/en/sources/{world.SOURCE}/?span=")}
    measure = Measure.objects.get(key="1")
    for practice in measure.practices.all():
        for spans in (
            practice.spans,
            *practice.points.values_list("spans", flat=True),
            *practice.figures.values_list("quote_spans", flat=True),
        ):
            assert f"/en/sources/{world.SOURCE}/{place_of(spans)}" in places
    for place in places:
        response = Client().get(place)
        assert response.status_code == 200
        assert "span" in read(response.content.decode()).ids


def test_each_sentence_leads_to_its_own_words() -> None:
    practice = Practice.objects.get(measure__key="1", city__slug="beijing")
    source = Source.objects.get()
    column = found_html("1", "beijing")
    spans = [
        as_spans([part.split("-") for part in re.findall(r"span=([0-9-]+)", href)])
        for href in re.findall(r'anchor-source" href="([^"]+)"', column)
    ]
    words = ["".join(source.text[int(start) : int(end)] for start, end in part) for part in spans]
    said = practice.text_zh + (
        practice.outcome.text_zh if practice.outcome_state == "stated" else ""
    )
    assert len(words) > 2
    assert squeezed("".join(words)) == squeezed(said)
    assert all(sentence[-1] in "。”" for sentence in words)


def found_html(key: str, identity: str) -> str:
    html = Client().get(address(key, "zh-hans")).content.decode()
    return html.partition(f'id="{identity}"')[2].partition("</section>")[0]


def test_a_city_without_a_practice_is_said_to_be_not_stated() -> None:
    column = found(page("3"), "beijing")
    assert "The text held here does not state it" in column.words
    assert "does not mean that there is none" in column.words


def test_an_outcome_that_is_not_stated_differs_from_one_not_entered() -> None:
    assert "The text held here does not state it" in found(page("2"), "shanghai-outcome").words
    Practice.objects.filter(measure__key="2", city__slug="shanghai").update(
        outcome_state="not_entered"
    )
    assert "Not entered yet" in found(page("2"), "shanghai-outcome").words


def test_a_text_without_a_translation_shows_the_chinese_and_says_so() -> None:
    column = found(page("2"), "shanghai")
    assert "Not translated yet" in column.words
    assert "客户经理全程代办" in column.words


def test_an_outdated_translation_says_so() -> None:
    Practice.objects.filter(measure__key="1").update(translation_state="outdated")
    for code in LANGUAGES:
        words = Client().get(address("1", code)).content.decode()
        assert "voice-ours" in words
    assert "of an earlier state of the Chinese" in found(page("1"), "beijing").words


def test_an_erratum_is_marked_and_explained_an_open_one_says_so_a_refused_one_is_gone() -> None:
    reading = page("2")
    note = found(reading, "erratum-2-1")
    assert all(words in note.words for words in ("协调协调", "Printed twice.", "High"))
    assert next(part.words for part in reading.with_class("erratum")) == "协调协调"
    assert "not decided yet" not in note.words
    Measure.objects.get(key="2").errata.update(decision="open")
    note = found(page("2"), "erratum-2-1")
    assert "not decided yet whether the print is wrong" in note.words
    Measure.objects.get(key="2").errata.update(decision="refused")
    reading = page("2")
    assert not reading.with_class("erratum")
    assert "erratum-2-1" not in reading.ids


def test_an_erratum_of_the_heading_stands_at_the_place_in_the_source() -> None:
    words = page("3").words
    assert "The heading declares 2; the text lists 1." in words
    assert "Errata in the print around this measure" in words
    links = page("3").links(address("3"))
    assert (f"/en/sources/{world.SOURCE}/", "erratum-3-1-mark") in links
    source = read(Client().get(f"/en/sources/{world.SOURCE}/").content.decode())
    assert "erratum-3-1-mark" in source.ids


def test_a_text_edited_by_the_catalog_keeps_the_printed_words_one_click_away() -> None:
    Practice.objects.filter(measure__key="2", city__slug="shanghai").update(
        text_zh="双经理负责制,我们改写。", is_text_edited=True
    )
    reading = page("2", "zh-hans")
    column = found(reading, "shanghai")
    assert "双经理负责制,我们改写。" in column.words
    assert "实行双经理负责制,客户经理全程代办接电报批手续。" in column.words
    printed = [part.words for part in reading.with_class("verbatim")]
    assert not any("我们改写" in words for words in printed)


def test_points_are_aligned_by_theme_with_their_gaps_named() -> None:
    table = next(iter(page("1").with_class("points-table")))
    words = " ".join(table.words.split())
    assert words.index("零上门") < words.index("零投资")
    assert "both" in words
    assert "no counterpart stated here" in words
    assert "only Beijing" in words


def test_a_figure_shows_its_value_scope_and_words_and_no_plot_where_units_differ() -> None:
    reading = page("1")
    beijing, shanghai = (found(reading, f"{city}-figure-1") for city in ("beijing", "shanghai"))
    assert "56 →to 15 →to 5 days" in " ".join(beijing.words.split())
    assert "municipal approval" in beijing.words
    assert "市政审批时间由56天压缩至15天,今年,进一步压缩至5天" in beijing.words
    assert "no dates can be told from the text" in beijing.words
    assert "working days" in shanghai.words
    assert "units before and after differ" in shanghai.words
    titles = [part.words for part in reading.of("title") if "id" in part.attributes]
    assert titles == ["Beijing, " + titles[0].removeprefix("Beijing, ")]
    assert titles[0].endswith("56 → 15 → 5 days")


def test_a_unit_that_is_not_printed_is_said() -> None:
    assert "no unit printed; read as RMB" in found(page("1"), "beijing-figure-4").words


def test_a_statement_printed_again_is_linked_from_each_place() -> None:
    reading = page("1")
    assert ("", "shanghai-figure-2") in [
        ("" if target == address("1") else target, anchor)
        for target, anchor in reading.links(address("1"))
    ]
    assert "Stated again here" in found(reading, "beijing-figure-2").words


def test_our_mapping_is_labelled_ours() -> None:
    assert "our mapping" in page("1").words


# --- The list the reader came from ---


def neighbour_links(reading: Reading) -> dict[str, str]:
    return {
        part.attributes["rel"]: part.attributes["href"]
        for part in reading.of("a")
        if part.attributes.get("rel") in {"prev", "next"}
    }


def test_previous_and_next_follow_the_order_of_the_source() -> None:
    assert neighbour_links(page("2")) == {"prev": address("1"), "next": address("3")}
    assert "2 of 3" in page("2").words
    assert neighbour_links(page("3")) == {"prev": address("2")}


def test_previous_and_next_stay_within_the_list_the_reader_came_from() -> None:
    query = "?category=electricity&sort=-number"
    reading = page("2", query=query)
    assert neighbour_links(reading) == {"next": address("1", query=query)}
    assert "1 of 2" in reading.words
    assert f"/en/measures/{query}" in [part.attributes.get("href") for part in reading.of("a")]


def test_the_way_back_leads_to_the_page_of_the_list() -> None:
    hrefs = [part.attributes.get("href") for part in page("3", query="?page_size=1").of("a")]
    assert "/en/measures/?page=3&page_size=1" in hrefs


def test_a_measure_outside_the_list_of_its_address_has_no_neighbours() -> None:
    reading = page("3", query="?category=electricity")
    assert neighbour_links(reading) == {}
    assert "not in the list of this address" in reading.words


def test_the_canonical_address_is_without_the_list() -> None:
    for query in ("", "?category=electricity", "?page=2&unknown=x"):
        canonical = [
            part.attributes["href"]
            for part in page("1", query=query).of("link")
            if part.attributes.get("rel") == "canonical"
        ]
        assert canonical == [f"http://testserver{address('1')}"]


def test_a_list_that_cannot_be_read_answers_400_with_its_message_and_the_measure() -> None:
    reading = page("1", query="?category=nothing", status=400)
    assert "cannot be read" in reading.words
    assert "nothing" in reading.words
    assert "beijing" in reading.ids


# --- What is not there ---


def test_an_unknown_measure_is_404() -> None:
    assert Client().get(address("99")).status_code == 404
    assert Client().get("/en/measures/unknown/1/").status_code == 404


def test_a_measure_of_a_source_that_is_not_public_is_404_even_when_withdrawn() -> None:
    Source.objects.update(is_public=False)
    assert Client().get(address("1")).status_code == 404
    withdraw(Measure.objects.filter(key="1"))
    assert Client().get(address("1")).status_code == 404


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_withdrawn_measure_is_410_with_its_reason(code: str) -> None:
    withdraw(Measure.objects.filter(key="1"))
    response = Client().get(address("1", code))
    assert response.status_code == 410
    reason = "Entered twice." if code == "en" else "重复录入。"
    assert reason in response.content.decode()


def test_a_measure_of_a_withdrawn_source_is_410() -> None:
    withdraw(Source.objects.all())
    response = Client().get(address("1"))
    assert response.status_code == 410
    assert "Entered twice." in response.content.decode()


def test_a_withdrawn_measure_is_no_neighbour() -> None:
    withdraw(Measure.objects.filter(key="2"))
    assert neighbour_links(page("1")) == {"next": address("3")}


def withdraw(rows: Any) -> None:
    rows.update(
        withdrawn_at=timezone.now(),
        withdrawn_reason_zh="重复录入。",
        withdrawn_reason_en="Entered twice.",
    )


# --- What it costs ---


@pytest.mark.parametrize("query", ["", "?category=electricity&q=电&sort=-cities"])
def test_the_page_takes_fourteen_queries_at_most(query: str) -> None:
    # The measure with its heading, practices with outcomes, figures, points, errata (5);
    # vocabularies and sources (2); the words, if any (1); neighbours (1); repeated statements and
    # outcomes (2); what was found elsewhere about the source (1); the last change (1);
    # who is responsible and where it is to be replicated (1).
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page("1", query=query)
    assert len(queries) == 13 + ("q=" in query)


def test_the_page_is_read_without_cookies() -> None:
    response = Client().get(address("1"))
    assert not response.cookies
    assert Client().post(address("1")).status_code == 405
