"""The Word memo in brief: what it holds, what it says that it leaves out, and how it is asked for."""

from typing import Any

import pytest
from docx.oxml.ns import qn

from reforms.compare import Verdict, shared_indicators
from reforms.exports.excerpts import excerpt, kept
from reforms.models import Measure
from reforms.records import CatalogRecord, MeasureRecord
from tests.test_downloads import LANGUAGES, REAL, content, get
from tests.test_exports_word import FACES, footnotes, open_file, paragraphs, words

pytestmark = pytest.mark.django_db
SIX = "category=electricity&category=contracts"
every_language = pytest.mark.parametrize("code", LANGUAGES)


def lines_of(address: str, code: str = "en") -> list[str]:
    return paragraphs(open_file(address, code))


def six(catalog: CatalogRecord) -> list[MeasureRecord]:
    return [part for part in catalog.measures if part.category in ("electricity", "contracts")]


def links(file: Any) -> list[str]:
    return [
        file.part.rels[link.get(qn("r:id"))].target_ref
        for link in file.element.body.iter(qn("w:hyperlink"))
        if link.get(qn("r:id"))
    ]


# --- What it holds ---


def test_it_opens_with_counts(catalog: CatalogRecord) -> None:
    lines = lines_of(f"measures.docx?{SIX}&memo=brief")
    assert lines[:2] == [
        "Reform measures, in brief",
        "This memo covers 6 reform measures. A practice is stated for both cities in 5, for Beijing "
        "alone in 0, for Shanghai alone in 1. An outcome is stated for 5 of 5 practices of Beijing, "
        "for 4 of 6 practices of Shanghai.",
    ]


def test_its_counts_tell_what_cannot_be_told(catalog: CatalogRecord) -> None:
    opening = lines_of("measures.docx?memo=brief")[1]
    assert opening.startswith("This memo covers 19 entries, of which 18 with a printed number.")
    assert "for both cities in 9, for Beijing alone in 2, for Shanghai alone in 8." in opening
    assert "In 1 of them it cannot be told, or is not entered yet" in opening


def test_its_counts_do_not_speak_of_cities_that_a_basket_leaves_out(catalog: CatalogRecord) -> None:
    items = f"item={REAL}:6:beijing&item={REAL}:21"
    opening = lines_of(f"basket.docx?{items}&memo=brief")[1]
    assert "A practice is stated for Beijing in 2, for Shanghai in 1." in opening


@every_language
def test_each_measure_has_its_summaries_outcomes_and_absences(
    catalog: CatalogRecord, code: str
) -> None:
    lines = lines_of(f"measures.docx?{SIX}&memo=brief", code)
    text = "\n".join(lines)
    ours, absent = (
        ("[our summary]: ", "The text held here does not state it")
        if code == "en"
        else ("［本目录摘要］：", "现存原文未载明")
    )
    place = 0
    for record in six(catalog):
        place = text.index((record.title_en if code == "en" else record.title_zh) or "", place)
        for practice in record.practices:
            summary = (practice.summary_en if code == "en" else practice.summary_zh) or ""
            place = text.index(f"{ours}{summary}", place)
            outcome = practice.outcome_en if code == "en" else practice.outcome_zh
            quoted = excerpt(outcome, 240 if code == "en" else 90) if outcome else absent
            place = text.index(quoted, place)
            assert (practice.practice_en or "") not in text
            assert practice.practice_zh not in text
    # One outcome each of two practices in electricity, and one practice in contracts.
    assert sum(line.endswith(absent) for line in lines) == 3


def test_figures_of_both_cities_stand_with_the_verdict(catalog: CatalogRecord) -> None:
    lines = lines_of(f"measures/{REAL}/6.docx?memo=brief")
    told = [line for line in lines if line.startswith("•")]
    assert told == [
        "• Procedures to get electricity: Beijing → 2 procedures; Shanghai → 2 procedures [The same "
        "as Beijing]",
        "• Capacity ceiling for works paid for by the power supply enterprise: Beijing up to 160 kVA; "
        "Shanghai up to 160 kVA [Not comparable with Beijing; not the same: scope]",
        "• Road excavation approval time: Beijing → 5 days; Shanghai → 5 days [The same as Beijing]",
        "• Time taken by the power supply enterprise: Beijing → within 10 days; Shanghai → within 10 "
        "days [Not comparable with Beijing; not the same: scope]",
        "• Total time for small and micro enterprises to get electricity: Beijing no more than 15 "
        "days; Shanghai no more than 15 days [The same as Beijing]",
    ]
    assert "Figures left to the full text: 6" in lines
    other = lines_of(f"measures/{REAL}/21.docx?memo=brief")
    assert "No indicator has figures of several cities; figures left to the full text: 3" in other


def test_a_statement_printed_twice_is_compared_once(catalog: CatalogRecord) -> None:
    measure = Measure.objects.public().for_record().get(key="6")
    figures = [list(practice.figures.all()) for practice in measure.practices.all()]
    shared = shared_indicators(figures)
    [steps] = [part for part in shared if part.indicator.slug == "electricity-connection-steps"]
    assert [(city.slug, len(statements)) for city, statements in steps.cities] == [
        ("beijing", 1),
        ("shanghai", 1),
    ]
    (_beijing, (first,)), (_shanghai, (second,)) = steps.cities
    assert first.beside == ()
    assert [pairing.comparison.verdict for pairing in second.beside] == [Verdict.SAME]
    assert {second.beside[0].own, second.beside[0].other} == {first.figure, second.figure}
    assert shared_indicators(figures[:1]) == []


# --- What it leaves out ---


def test_a_text_is_cut_where_a_sentence_or_a_clause_ends() -> None:
    assert excerpt("一二三。", 4) == "一二三。"
    assert excerpt("一二。三四五六", 5) == "一二。…"
    assert excerpt("压缩至5天;环节压缩至2个", 8) == "压缩至5天…"
    assert excerpt("节约1,200元,缩短3天", 9) == "节约1,200元…"
    assert excerpt("一二三四五六", 4) == "一二三四…"
    assert excerpt("One two. Three four five", 15) == "One two.…"
    assert excerpt("Saved 1,200 yuan, and three days", 20) == "Saved 1,200 yuan…"
    assert excerpt("One two three four", 10) == "One two…"
    assert kept("", 5) == 0
    assert excerpt("abc", 1) == "a…"


def test_a_long_outcome_is_cut_and_the_file_says_where_it_stands_whole(
    catalog: CatalogRecord,
) -> None:
    file = open_file(f"measures.docx?{SIX}&memo=brief", "zh-hans")
    [outcome] = [line for line in paragraphs(file) if "系统办结511件案件" in line]
    assert outcome.endswith("2370页…")
    assert any("…" in part.text for part in file.paragraphs[:3])
    found = links(file)
    assert f"http://testserver/zh-hans/measures.docx?{SIX}" in found
    assert f"http://testserver/zh-hans/measures/?{SIX}" in found
    for record in six(catalog):
        assert f"http://testserver/zh-hans/measures/{REAL}/{record.key}/" in found
    for address in found:
        assert content(get(address.removeprefix("http://testserver/zh-hans/"), "zh-hans"))


@every_language
def test_only_errata_in_what_is_quoted_are_footnotes(catalog: CatalogRecord, code: str) -> None:
    file = open_file(f"measures.docx?{SIX}&memo=brief", code)
    notes = [words(note) for note in footnotes(file)]
    assert [note.split()[0] for note in notes] == (
        ["E6-3", "E6-7", "E23-1"] if code == "en" else ["勘6-3", "勘6-7", "勘23-1"]
    )
    marks = list(file.element.body.iter(qn("w:footnoteReference")))
    assert len(marks) == len(notes)


def test_a_comparison_of_outcomes_has_no_summaries(catalog: CatalogRecord) -> None:
    file = open_file("compare.docx?show=outcomes&category=electricity&memo=brief")
    text = "\n".join(paragraphs(file))
    assert "Outcomes alone were asked for" in text
    assert "Beijing: Stated outcome [unofficial translation]: In Beijing, road excavation" in text
    for record in catalog.measures:
        assert not any((part.summary_en or "-") in text for part in record.practices)
    assert "Capacity ceiling" not in text
    query = "category=electricity&city=beijing&city=shanghai&show=outcomes"
    assert f"http://testserver/en/compare.docx?{query}" in links(file)


# --- How it looks and is asked for ---


@every_language
def test_its_styles_are_named_in_shared_faces_with_lines_a_set_distance_apart(
    catalog: CatalogRecord, code: str
) -> None:
    file = open_file(f"measures.docx?{SIX}&memo=brief", code)
    used = {part.get(qn("w:val")) for part in file.element.body.iter(qn("w:pStyle"))}
    for style in file.styles:
        if style.style_id in used:
            assert style.element.rPr.rFonts.get(qn("w:eastAsia")) in FACES
            assert style.element.pPr.find(qn("w:spacing")).get(qn("w:lineRule")) == "exact"
    levels = [part.style.name for part in file.paragraphs if part.style.name.startswith("Heading")]
    assert levels == ["Heading 1", *["Heading 2"] * 3] * 2 + ["Heading 1"]


def test_measures_out_of_their_categories_have_one_heading(catalog: CatalogRecord) -> None:
    file = open_file("measures.docx?sort=-cities&memo=brief")
    heads = [part.text for part in file.paragraphs if part.style.name == "Heading 1"]
    assert heads == ["Measures", "References"]


def test_citations_are_numbered_and_a_line_each(catalog: CatalogRecord) -> None:
    file = open_file("measures.docx?memo=brief")
    cited = [line for line in paragraphs(file) if line.startswith("[")]
    assert [line.partition("]")[0][1:] for line in cited] == [str(n + 1) for n in range(19)]
    assert cited[1].startswith("[2] Reform measure 6, version 1 of ")
    assert cited[1].endswith(f"http://testserver/en/measures/{REAL}/6/")
    names = {mark.get(qn("w:name")) for mark in file.element.body.iter(qn("w:bookmarkStart"))}
    anchors = {link.get(qn("w:anchor")) for link in file.element.body.iter(qn("w:hyperlink"))}
    assert anchors - {None} == names
