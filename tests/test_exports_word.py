"""Word files: real footnotes, shared fonts, named styles, repeated heads, and the words of the page."""

import io
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from reforms.records import CatalogRecord
from tests.test_downloads import LANGUAGES, REAL, content, get

pytestmark = pytest.mark.django_db
ADDRESSES = ("measures.docx", "compare.docx", f"measures/{REAL}/6.docx")
every_file = pytest.mark.parametrize("address", ADDRESSES)
every_language = pytest.mark.parametrize("code", LANGUAGES)
FACES = {"宋体", "黑体", "仿宋"}


def open_file(address: str, code: str = "en") -> Any:
    return docx.Document(io.BytesIO(content(get(address, code))))


def words(element: Any) -> str:
    return "".join(part.text or "" for part in element.iter(qn("w:t")))


def paragraphs(file: Any) -> list[str]:
    return [words(part) for part in file.element.body.iter(qn("w:p"))]


def footnotes(file: Any) -> list[Any]:
    part = next(
        (
            part
            for part in file.part.package.iter_parts()
            if part.partname.endswith("footnotes.xml")
        ),
        None,
    )
    if part is None:
        return []
    root = docx.oxml.parse_xml(part.blob)
    return [note for note in root if note.get(qn("w:type")) is None]


@every_file
@every_language
def test_every_erratum_shown_is_a_footnote_at_its_words(
    catalog: CatalogRecord, address: str, code: str
) -> None:
    file = open_file(address, code)
    records = catalog.measures[1:2] if REAL in address else catalog.measures
    errata = [erratum for record in records for erratum in record.errata]
    notes = footnotes(file)
    assert len(notes) == len(errata)
    marks = list(file.element.body.iter(qn("w:footnoteReference")))
    ids = [mark.get(qn("w:id")) for mark in marks]
    assert ids == [note.get(qn("w:id")) for note in notes] == [str(n + 1) for n in range(len(ids))]
    told = [words(note) for note in notes]
    for erratum in errata:
        reason = erratum.reason_en if code == "en" else erratum.reason_zh
        assert any(erratum.as_printed in text and reason in text for text in told)
    settings = file.settings.element.find(qn("w:footnotePr"))
    assert [note.get(qn("w:id")) for note in settings] == ["-1", "0"]


@every_file
@every_language
def test_every_text_and_figure_of_the_page_stands_whole_in_the_file(
    catalog: CatalogRecord, address: str, code: str
) -> None:
    file = open_file(address, code)
    lines = paragraphs(file)
    records = catalog.measures[1:2] if REAL in address else catalog.measures
    for record in records:
        for practice in record.practices:
            for text in (practice.practice_zh, practice.practice_en, practice.outcome_zh):
                wanted = (text or "").split("\n")
                assert all(any(line.endswith(part) for line in lines) for part in wanted)
            summary = practice.summary_en if code == "en" else practice.summary_zh
            assert any(summary in line for line in lines)
            for figure in practice.figures:
                scope = figure.scope_en if code == "en" else figure.scope_zh
                assert any(scope in line for line in lines)
    text = "\n".join(lines)
    source = catalog.sources[0]
    assert (source.missing_en if code == "en" else source.missing_zh) in text
    absent = "The text held here does not state it" if code == "en" else "现存原文未载明"
    assert absent in text
    assert ("CC BY 4.0") in text


@every_file
def test_every_style_that_is_used_is_named_and_in_shared_faces(
    catalog: CatalogRecord, address: str
) -> None:
    file = open_file(address, "zh-hans")
    used = {part.get(qn("w:val")) for part in file.element.body.iter(qn("w:pStyle"))}
    assert len(used) >= 10
    for style in file.styles:
        if style.style_id in used:
            fonts = style.element.rPr.rFonts
            assert fonts.get(qn("w:eastAsia")) in FACES
            assert not any("Theme" in name for name in fonts.attrib)
    # Faces and sizes stand in the styles alone, so that a person can restyle all at once.
    for run in file.element.body.iter(qn("w:rPr")):
        assert {child.tag for child in run} <= {qn("w:rStyle"), qn("w:rFonts")}
        fonts = run.find(qn("w:rFonts"))
        assert fonts is None or dict(fonts.attrib) == {qn("w:hint"): "eastAsia"}


def test_a_memo_stands_and_a_comparison_lies_with_its_head_repeated(catalog: CatalogRecord) -> None:
    memo, table = (open_file(address).sections[0] for address in ADDRESSES[:2])
    assert memo.page_height > memo.page_width
    assert table.page_width > table.page_height
    rows = open_file("compare.docx?city=shanghai").tables[0]
    head = rows._tbl.tr_lst[0]
    assert head.trPr.find(qn("w:tblHeader")) is not None
    assert [words(cell) for cell in head.tc_lst] == ["Measure", "Shanghai", "Beijing"]
    assert all(cell.findall(qn("w:p")) for row in rows._tbl.tr_lst for cell in row.tc_lst)


@every_language
def test_a_memo_gives_each_city_s_summary_before_its_practice(
    catalog: CatalogRecord, code: str
) -> None:
    text = "\n".join(paragraphs(open_file(f"measures/{REAL}/6.docx", code)))
    practices = catalog.measures[1].practices
    summaries = [
        text.index((part.summary_en if code == "en" else part.summary_zh) or "")
        for part in practices
    ]
    places = [text.index(part.practice_zh) for part in practices]
    english = [text.index(part.practice_en or "") for part in practices]
    assert summaries == sorted(summaries)
    assert max(summaries) < min(*places, *english)
    assert all((e < p) == (code == "en") for e, p in zip(english, places, strict=True))


@every_file
@every_language
def test_citations_are_numbered_and_led_to(catalog: CatalogRecord, address: str, code: str) -> None:
    file = open_file(address, code)
    count = 1 if REAL in address else 19
    cited = [line for line in paragraphs(file) if line.startswith("[") and "/measures/" in line]
    assert [line.partition("]")[0][1:] for line in cited] == [str(n + 1) for n in range(count)]
    names = {mark.get(qn("w:name")) for mark in file.element.body.iter(qn("w:bookmarkStart"))}
    links = {link.get(qn("w:anchor")) for link in file.element.body.iter(qn("w:hyperlink"))}
    assert links - {None} == names == {f"cite{n + 1}" for n in range(count)}


def test_a_memo_opens_in_brief_and_ends_with_what_can_be_cut_off(catalog: CatalogRecord) -> None:
    file = open_file("measures.docx?category=electricity&category=contracts")
    parts = [part.text for part in file.paragraphs if part.style.name == "Heading 1"]
    assert parts == [
        "In brief",
        "Practices, outcomes and figures in full",
        "References",
        "About this file",
        "Appendix: the words as printed, in Chinese",
    ]
    lines = paragraphs(file)
    brief = "\n".join(lines[: lines.index(parts[1])])
    whole = "\n".join(lines[lines.index(parts[1]) : lines.index(parts[2])])
    appendix = "\n".join(lines[lines.index(parts[4]) :])
    for record in catalog.measures:
        if record.category in ("electricity", "contracts"):
            for practice in record.practices:
                assert (practice.summary_en or "") in brief
                assert (practice.outcome_en or "") in whole
                assert not practice.outcome_en or practice.outcome_en not in brief
                assert practice.practice_zh in appendix
                assert practice.practice_zh not in brief


@pytest.mark.parametrize(
    ("code", "name", "again", "scope"),
    [
        ("en", "Procedures to get electricity", "Stated again here: In the outcome", "; Scope: "),
        ("zh-hans", "办电环节数", "在此重复载明：在成效中", "；范围：小微企业办电"),
    ],
)
def test_what_practice_and_outcome_both_state_is_one_line(
    catalog: CatalogRecord, code: str, name: str, again: str, scope: str
) -> None:
    lines = paragraphs(open_file(f"measures/{REAL}/6.docx", code))
    # Beijing prints another scope in its outcome, Shanghai the same.
    beijing, shanghai = (line for line in lines if line.startswith(f"• {name}"))
    assert f"{again}{scope}" in beijing
    assert again in shanghai
    assert f"{again}{scope}" not in shanghai
