"""A source as printed: every word in its place, linked to its record, and nothing claimed of it."""

from typing import Any

import pytest
from django.test import Client

from reforms.contents import contents, count_sources
from reforms.models import Erratum, Measure, Passage, Source
from reforms.printed import anchor_of, print_source
from reforms.records import CatalogRecord, Decision
from tests.reading import Reading, read

LANGUAGES = ("zh-hans", "en")
REAL = "fuzhi-tuiguang-gaige-jucuo"
# Marks of ours stand in the text; everything else in a `verbatim` block is the source's.
OURS = frozenset({"erratum-mark"})

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog")]


def page(client: Client, code: str, source: str = REAL) -> Reading:
    response = client.get(f"/{code}/sources/{source}/")
    assert response.status_code == 200
    return read(response.content.decode(), without=OURS)


def printed(reading: Reading) -> str:
    return "".join(found.words for found in reading.with_class("verbatim"))


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_printed_blocks_are_the_source_and_nothing_else(client: Client, code: str) -> None:
    source = Source.objects.get(slug=REAL)
    assert squeezed(printed(page(client, code, REAL))) == squeezed(source.text)


def test_the_pieces_are_the_source_but_for_white_space_at_line_ends() -> None:
    source = Source.objects.get(slug=REAL)
    passages = list(Passage.objects.filter(source=source).for_page())
    lines = [
        "".join(
            piece.space + "".join(stretch.text for stretch in piece.stretches) for piece in line
        )
        for block in print_source(source, passages, Erratum.objects.all())
        for line in block.lines
    ]
    assert lines == [line.strip() for line in source.text.split("\n") if line.strip()]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_passage_has_its_anchor_and_leads_to_its_record(client: Client, code: str) -> None:
    reading = page(client, code, REAL)
    passages = Passage.objects.filter(source__slug=REAL).select_related("measure")
    assert {anchor_of(passage) for passage in passages} <= set(reading.ids)
    links = {path for path, _anchor in reading.links(f"/{code}/sources/{REAL}/")}
    assert {
        f"/{code}/measures/{REAL}/{key}/" for key in Measure.objects.values_list("key", flat=True)
    } <= links


def test_every_erratum_that_readers_see_is_marked_once_and_explained(client: Client) -> None:
    reading = read(client.get(f"/en/sources/{REAL}/").content.decode())
    shown = Erratum.objects.exclude(decision=Decision.REFUSED)
    assert shown
    assert len(reading.with_class("erratum-mark")) == shown.count()
    assert len(reading.with_class("erratum-note")) == shown.count()
    marked = squeezed("".join(found.words for found in reading.with_class("erratum")))
    for erratum in shown:
        assert squeezed(erratum.as_printed) in marked or "…" in erratum.as_printed
        assert erratum.anchor in reading.ids
        assert " ".join(erratum.reason_en.split()) in reading.words


def test_a_heading_that_miscounts_says_so(client: Client) -> None:
    reading = page(client, "en", REAL)
    notes = [" ".join(found.words.split()) for found in reading.with_class("source-note")]
    assert [note for note in notes if "declares 2, lists 3" in note]
    assert len([note for note in notes if "declares" in note]) == 5


def test_what_the_source_does_not_say_is_said_and_claims_stand_apart(
    client: Client, catalog: CatalogRecord
) -> None:
    reading = page(client, "en", REAL)
    absent = [found.words for found in reading.with_class("absence")]
    assert len(absent) == 6
    record = next(source for source in catalog.sources if source.slug == REAL)
    claims = reading.with_class("claim")
    assert len(claims) == len(record.identifications) > 0
    facts = next(found for found in reading.of("dl") if "pairs" in found.classes).words
    assert "国办函" not in facts
    assert "国办函" not in "".join(found.words for found in reading.with_class("citation-text"))


def test_every_number_that_is_no_figure_is_listed_with_its_reason(
    client: Client, catalog: CatalogRecord
) -> None:
    reading = page(client, "zh-hans", REAL)
    record = next(source for source in catalog.sources if source.slug == REAL)
    for number in record.other_numbers:
        assert number.digits in reading.words
        assert " ".join(number.reason_zh.split()) in reading.words
    assert record.checksum in reading.words


def test_the_counts_are_those_of_the_records(client: Client, catalog: CatalogRecord) -> None:
    source = Source.objects.get(slug=REAL)
    (counted,) = count_sources([source])
    measures = [measure for measure in catalog.measures if measure.source == REAL]
    practices = [practice for measure in measures for practice in measure.practices]
    assert counted.measures == len(measures)
    assert counted.numbered == sum(measure.number is not None for measure in measures)
    assert counted.practices == len(practices)
    assert counted.outcomes == sum(bool(practice.outcome_zh) for practice in practices)
    assert counted.figures == sum(len(practice.figures) for practice in practices)
    held = contents(source.sections.all(), list(Measure.objects.filter(source=source).for_list()))
    assert (held.measures, held.practices, held.outcomes) == (
        counted.measures,
        counted.practices,
        counted.outcomes,
    )
    assert sum(city.practices for city in held.cities) == held.practices
    assert sum(group.listed for group in held.sections) == held.measures


def test_the_pages_cost_few_queries(client: Client, django_assert_num_queries: Any) -> None:
    # the source, its sections, their categories, claims, its own passages; all passages; errata;
    # measures, their practices, figures; the last change
    with django_assert_num_queries(11):
        client.get(f"/en/sources/{REAL}/")
    # sources; measures, numbered measures, practices by outcome, figures of each; the last change
    with django_assert_num_queries(6):
        client.get("/en/sources/")


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_erratum_has_one_number_on_every_page(client: Client, code: str) -> None:
    shown = Erratum.objects.filter(measure__key="6").exclude(decision=Decision.REFUSED)
    sign = "E" if code == "en" else "勘"
    expected = [f"{sign}6-{erratum.position}" for erratum in shown.order_by("position")]
    assert len(expected) > 1
    for path in (f"measures/{REAL}/6/", f"sources/{REAL}/"):
        notes = read(client.get(f"/{code}/{path}").content.decode()).with_class("erratum-note")
        numbers = [note.words.split()[0] for note in notes if "erratum-6-" in note.attributes["id"]]
        assert sorted(numbers) == expected
    compared = read(client.get(f"/{code}/compare/?page_size=100").content.decode())
    marks = [mark.words for mark in compared.with_class("erratum-mark")]
    assert {mark for mark in marks if mark.startswith(f"{sign}6-")} <= set(expected)
    assert f"{sign}6-2" in marks


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_measures_address_cut_short_leads_to_its_source(client: Client, code: str) -> None:
    response = client.get(f"/{code}/measures/{REAL}/")
    assert response.status_code == 301
    assert response["Location"] == f"/{code}/sources/{REAL}/"
    assert client.get(f"/{code}/measures/no-such-source/").status_code == 404
    Source.objects.filter(slug=REAL).update(is_public=False)
    assert client.get(f"/{code}/measures/{REAL}/").status_code == 404
