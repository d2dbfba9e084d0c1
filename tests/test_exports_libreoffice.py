"""Word files as LibreOffice reads them: every text of the pages whole and in order, footnotes, citations."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from django.test import Client

from reforms.records import CatalogRecord, MeasureRecord, PracticeRecord
from tests.reading import read
from tests.test_downloads import LANGUAGES, REAL, content, get
from tests.test_exports_themes import on_page

NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        shutil.which("soffice") is None,
        reason="LibreOffice is not installed, so no Word file can be opened in it.",
    ),
]


class Opened:
    """A Word file as LibreOffice read it: its paragraphs without the footnotes, and the footnotes."""

    def __init__(self, body: bytes, folder: Path) -> None:
        root = ElementTree.parse(converted(body, "fodt", folder)).getroot()
        notes = list(root.iter(f"{NAMESPACE}note"))
        self.notes = ["".join(note.find(f"{NAMESPACE}note-body").itertext()) for note in notes]  # type: ignore[union-attr]
        for note in notes:
            tail = note.tail
            note.clear()
            note.tail = tail
        body_root = root.find("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}body")
        assert body_root is not None
        self.lines = [
            "".join(part.itertext())
            for part in body_root.iter()
            if part.tag in (f"{NAMESPACE}p", f"{NAMESPACE}h")
        ]
        self.text = bare("".join(self.lines))


def converted(body: bytes, form: str, folder: Path) -> Path:
    """Return the file that LibreOffice makes of a Word file."""
    (folder / "file.docx").write_bytes(body)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
         "--convert-to", form, "--outdir", str(folder), str(folder / "file.docx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return folder / f"file.{form}"


def bare(text: str) -> str:
    """Return a text without white space, which a file format may fold."""
    return "".join(text.split())


def ours(practice: PracticeRecord, code: str) -> tuple[str, str, str]:
    """Return summary, practice and outcome in the language of an address."""
    if code == "en":
        texts = (practice.summary_en, practice.practice_en, practice.outcome_en)
    else:
        texts = (practice.summary_zh, practice.practice_zh, practice.outcome_zh)
    return (texts[0] or "", texts[1] or "", texts[2] or "")


def assert_in_order(texts: list[str], whole: str) -> None:
    place = 0
    for text in texts:
        place = whole.find(bare(text), place)
        assert place >= 0, text
        place += len(bare(text))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_memo_has_the_texts_of_the_pages_whole_and_in_order(
    catalog: CatalogRecord, code: str, tmp_path: Path
) -> None:
    opened = Opened(content(get("measures.docx", code)), tmp_path)
    practices = [ours(part, code) for record in catalog.measures for part in record.practices]
    summaries = [summary for summary, _practice, _outcome in practices]
    words = [text for _summary, *texts in practices for text in texts]
    assert_in_order([*summaries, *words], opened.text)
    for record in catalog.measures:
        for part in record.practices:
            for text in (part.practice_zh, part.practice_en, part.outcome_zh, part.outcome_en):
                assert bare(text or "") in opened.text
    assert_notes_and_citations(opened, catalog.measures)


def assert_notes_and_citations(opened: Opened, records: tuple[MeasureRecord, ...]) -> None:
    errata = [erratum for record in records for erratum in record.errata]
    assert len(opened.notes) == len(errata)
    for erratum in errata:
        assert any(bare(erratum.as_printed) in bare(note) for note in opened.notes)
    cited = [line for line in opened.lines if line.startswith("[") and "/measures/" in line]
    assert len(cited) == len(records)
    for number in range(1, len(records) + 1):
        assert cited[number - 1].startswith(f"[{number}]")
        assert any(line.endswith(f"[{number}]") for line in opened.lines)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_comparison_has_the_texts_of_the_pages_whole(
    catalog: CatalogRecord, code: str, tmp_path: Path
) -> None:
    opened = Opened(content(get("compare.docx", code)), tmp_path)
    for record in catalog.measures:
        for part in record.practices:
            assert all(bare(text) in opened.text for text in ours(part, code))
    assert_notes_and_citations(opened, catalog.measures)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_comparison_by_theme_has_the_points_of_the_page_in_its_order(
    catalog: CatalogRecord, code: str, tmp_path: Path
) -> None:
    opened = Opened(content(get("compare.docx?by=theme", code)), tmp_path)
    wanted = on_page("", code)
    texts = [text for row in wanted for cell in row.cells for point in cell for text in point]
    assert len(texts) > 100
    assert_in_order(texts, opened.text)
    assert len(opened.notes) == sum(row.errata for row in wanted)
    cited = [line for line in opened.lines if line.startswith("[") and "/measures/" in line]
    for number, line in enumerate(cited, start=1):
        assert line.startswith(f"[{number}]")
        assert any(place.endswith(f"[{number}]") for place in opened.lines)


def test_a_measure_s_memo_has_the_words_that_its_page_shows(
    catalog: CatalogRecord, tmp_path: Path
) -> None:
    opened = Opened(content(get(f"measures/{REAL}/6.docx", "zh-hans")), tmp_path)
    page = Client().get(f"/zh-hans/measures/{REAL}/6/").content.decode()
    quotes = read(page, without=frozenset({"erratum-mark", "anchor"})).of("blockquote")
    # Practices and outcomes lead to their place in the source; points are quotations of them.
    shown = [
        quote for quote in quotes if "cite" in quote.attributes and "verbatim" in quote.classes
    ]
    assert len(shown) == 4
    for quote in shown:
        assert bare(quote.words) in opened.text


@pytest.mark.parametrize("code", LANGUAGES)
def test_six_measures_in_brief_take_three_pages_at_most(
    catalog: CatalogRecord, code: str, tmp_path: Path
) -> None:
    query = "category=electricity&category=contracts"
    file = converted(content(get(f"measures.docx?{query}&memo=brief", code)), "pdf", tmp_path)
    # In a PDF file each page is an object of this type, and none of them is compressed.
    pages = re.findall(rb"/Type\s*/Page\b(?!s)", file.read_bytes())
    assert 1 <= len(pages) <= 3
    whole = converted(content(get(f"measures.docx?{query}", code)), "pdf", tmp_path)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", whole.read_bytes())) > 3 * len(pages)
