"""What a reader copies: whole words with their source, whose they are, and a link safe in a chat."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from reforms.copying import (
    chat_address,
    link_to_comparison,
    link_to_measure,
    link_to_practice,
    words_of_practice,
)
from reforms.models import Measure, Practice
from reforms.records import CatalogRecord
from reforms.text import full_width
from tests.reading import read

LANGUAGES = ("zh-hans", "en")
REAL = "fuzhi-tuiguang-gaige-jucuo"
ADDRESS = f"https://catalog.example.org/en/measures/{REAL}/6/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog")]


def practices() -> Any:
    return Practice.objects.select_related("measure__source", "city", "outcome")


def beijing() -> Practice:
    found: Practice = practices().get(measure__key="6", city__slug="beijing")
    return found


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_practice_is_copied_whole_with_its_outcome_and_its_source(code: str) -> None:
    with override(code):
        for practice in practices():
            held, wide = words_of_practice(practice, "CITATION")[-2:]
            stated = practice.outcome_state == "stated"
            for text in (practice.text_zh, practice.outcome.text_zh if stated else ""):
                assert text in held.text
                assert full_width(text) in wide.text
            assert "CITATION" in held.text.rpartition("\n")[2]
            assert "CITATION" in wide.text.rpartition("\n")[2]


def test_no_mark_of_a_note_is_copied_and_full_width_is_said_to_be_ours() -> None:
    with override("en"):
        _english, held, wide = words_of_practice(beijing(), "CITATION")
    assert "E6-1" not in held.text
    assert "¶" not in held.text
    assert "›" not in held.text
    assert "CITATION" in held.text.rpartition("\n")[2]
    assert wide.text.endswith("[punctuation set full-width by the catalog]")


def test_what_may_be_misprinted_is_said_behind_the_citation() -> None:
    with override("en"):
        held = words_of_practice(practices().get(measure__key="6", city__slug="shanghai"), "CITED")[
            1
        ]
        assert (
            "CITED [copied as printed, where the print may be wrong: “减减拒次数” probably"
            in held.text
        )
        assert "“从15个工作日压缩至5天内”, reading not certain; " in held.text
        sound = words_of_practice(
            practices().get(measure__key="21", city__slug="beijing"), "CITED"
        )[1]
        assert sound.text.endswith("CITED")


def test_an_outcome_that_is_not_stated_is_said() -> None:
    shanghai = practices().filter(outcome_state="not_stated").first()
    with override("en"):
        assert "[the text held here does not state it]" in words_of_practice(shanghai, "")[-1].text
        shanghai.outcome_state = "not_entered"
        assert "[not entered yet]" in words_of_practice(shanghai, "")[-1].text


def test_a_text_that_the_catalog_edited_is_not_called_printed() -> None:
    practice = beijing()
    practice.is_text_edited = True
    with override("en"):
        for copy in words_of_practice(practice, "CITATION")[-2:]:
            assert "edited by the catalog" in copy.text
        assert words_of_practice(practice, "")[1].name == "The Chinese, edited by the catalog"


def test_english_pages_have_our_translation_first_and_say_its_state() -> None:
    practice = beijing()
    with override("en"):
        english = words_of_practice(practice, "CITATION")[0]
        assert practice.text_en in english.text
        assert practice.outcome.text_en in english.text
        assert english.text.endswith("CITATION [unofficial translation]")
        practice.translation_state = "outdated"
        assert "of an earlier state" in words_of_practice(practice, "")[0].text
        practice.text_en = None
        assert len(words_of_practice(practice, "")) == 2
    with override("zh-hans"):
        assert len(words_of_practice(beijing(), "")) == 2


def test_a_link_has_the_title_our_summaries_as_ours_and_the_address_alone_in_its_line() -> None:
    measure = Measure.objects.select_related("source").get(key="6")
    both = list(practices().filter(measure=measure).order_by("city__position"))
    with override("en"):
        lines = link_to_measure(measure, both, ADDRESS).text.split("\n")
        assert lines == [
            f"Reform measure 6: {measure.title_en}",
            f"Beijing: {both[0].summary_en}",
            f"Shanghai: {both[1].summary_en}",
            "(Summaries by the Reform Measures Catalog)",
            ADDRESS,
        ]
        assert link_to_practice(both[1], ADDRESS).text.endswith(f"\n{ADDRESS}#shanghai")
        both[0].summary_en = both[0].summary_zh = None
        assert link_to_practice(both[0], ADDRESS).text.split("\n")[1:] == [
            "Beijing",
            f"{ADDRESS}#beijing",
        ]
    fragment = Measure.objects.select_related("source").get(key="fragment-1")
    with override("en"):
        assert "not stated] (fragment-1)" in link_to_measure(fragment, [], ADDRESS).text


def test_an_address_in_a_chat_has_no_space_no_chinese_and_nothing_that_ends_it_early() -> None:
    address = "https://例.cn:8000/en/compare/?q=审批+时间(“电”),a%20b&city=beijing&coverage=only:beijing#six'7"
    found = chat_address(address)
    assert found.startswith("https://例.cn:8000/en/compare/?q=%E5%AE%A1%E6%89%B9%20%E6%97%B6")
    assert found.endswith("&city=beijing&coverage=only:beijing#six%277")
    assert "a%20b" in found
    assert not set(found.removeprefix("https://例.cn:8000")) & set(" +()“”,'审")
    assert chat_address(found) == found
    with override("en"):
        copy = link_to_comparison("Beijing and Shanghai compared", ["3 entries"], address)
    assert copy.text.split("\n") == ["Beijing and Shanghai compared", "3 entries", found]


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_of_a_measure_has_all_of_it_without_scripts(
    client: Client, catalog: CatalogRecord, code: str
) -> None:
    for key in ("6", "16", "fragment-1"):
        reading = read(client.get(f"/{code}/measures/{REAL}/{key}/").content.decode())
        assert len(reading.ids) == len(set(reading.ids))
        fields = {found.attributes["id"]: found.words for found in reading.of("textarea")}
        for practice in practices().filter(measure__key=key):
            name = practice.city.slug
            assert practice.text_zh in fields[f"copy-{name}-held"]
            assert full_width(practice.text_zh) in fields[f"copy-{name}-wide"]
            assert f"/{code}/measures/{REAL}/{key}/#{name}" in fields[f"copy-{name}-link"]
            assert {f"cite-{name}-{style}" for style in ("gbt", "apa", "plain")} <= set(reading.ids)
            assert f"cite-{name}-point-1-apa" in reading.ids
        assert f"/{code}/measures/{REAL}/{key}/" in fields["copy-link"]
        buttons = [
            found.attributes["data-copy"]
            for found in reading.of("button")
            if "data-copy" in found.attributes
        ]
        assert set(buttons) <= set(reading.ids)
        assert len(buttons) == len(set(buttons))
        assert reading.ids.count("copied") == 1
        labels = {found.attributes.get("for") for found in reading.of("label")}
        assert set(fields) <= labels


@pytest.mark.parametrize("key", ["6", "16"])
def test_the_official_text_is_labelled_and_the_printed_citations_know_nothing_of_it(
    client: Client, key: str
) -> None:
    reading = read(client.get(f"/en/measures/{REAL}/{key}/").content.decode())
    texts = {found.attributes["id"]: found.words for found in reading.with_class("citation-text")}
    for name, words in texts.items():
        is_official = name.startswith("cite-official")
        assert ("国办函" in words) is is_official
        assert ("identified elsewhere" in words) is is_official
    (official,) = reading.with_class("official")
    assert "not printed in the text held" in official.words
    assert "Medium" in official.words


def test_the_comparison_is_cited_at_its_canonical_address(client: Client) -> None:
    query = "?q=%E5%AE%A1%E6%89%B9&city=shanghai&city=beijing&nothing=1"
    reading = read(client.get(f"/en/compare/{query}").content.decode())
    cited = [found.words for found in reading.with_class("citation-text")][:3]
    canonical = next(
        found.attributes["href"]
        for found in reading.of("link")
        if found.attributes.get("rel") == "canonical"
    )
    for text in cited:
        assert "Shanghai and Beijing compared" in text
        assert text.endswith(f" {canonical}")
        assert "nothing=1" not in text
    (link,) = reading.of("textarea")
    assert link.words.split("\n")[-1] == canonical.replace("+", "%20")
    assert "Words: 审批" in link.words.split("\n")
    assert "审" not in link.words.split("\n")[-1]


def test_a_comparison_of_nothing_is_not_cited(client: Client) -> None:
    for query in ("?q=nothingisfoundbythis", "?page=9", "?page=0"):
        reading = read(client.get(f"/en/compare/{query}").content.decode())
        assert not reading.with_class("citation-text")
