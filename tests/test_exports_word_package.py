"""Word files as packages: nothing in them that Word would repair."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from tests import world
from tests.ooxml import faults
from tests.test_downloads import LANGUAGES, content, get

pytestmark = pytest.mark.django_db
ADDRESSES = (
    "measures.docx",
    "compare.docx",
    f"measures/{world.SOURCE}/2.docx",
    "measures.docx?memo=brief",
    "compare.docx?memo=brief&city=shanghai",
    f"measures/{world.SOURCE}/1.docx?memo=brief",
)


@pytest.fixture(autouse=True)
def small_catalog(db: None) -> None:
    world.build_world()


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    "address",
    [
        *ADDRESSES,
        "measures.docx?theme=two-managers&kind=share",
        "compare.docx?q=证照",
        "compare.docx?by=theme",
        "compare.docx?show=outcomes",
    ],
)
def test_word_has_nothing_to_repair(address: str, code: str) -> None:
    assert faults(content(get(address, code))) == []


def changed(body: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """Return the package with one part changed, or left out where nothing remains of it."""
    old, file = zipfile.ZipFile(io.BytesIO(body)), io.BytesIO()
    with zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if part == name:
                before, text = text, change(text.decode()).encode()
                assert text != before
            if text:
                new.writestr(part, text)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "pattern", "replacement", "fault"),
    [
        ("document.xml", r"(<w:pStyle [^>]*/>)(<w:keepNext/>)", r"\2\1", "no order"),
        ("document.xml", r"<w:keepNext/>", "<w:b/>", "may not have"),
        ("document.xml", r'w:pStyle w:val="Heading3"', 'w:pStyle w:val="None"', "no paragraph"),
        ("document.xml", r'w:anchor="cite1"', 'w:anchor="nowhere"', "no place"),
        ("document.xml", r'(<w:hyperlink r:id)="[^"]*"', r'\1="rId999"', "no relationship"),
        ("footnotes.xml", r'w:id="1"', 'w:id="7"', "do not match"),
        ("footnotes.xml", r"(?s).*", "", "no part"),
        ("settings.xml", r'<w:footnote w:id="-1"/>', "", "do not name"),
        ("_rels/document.xml.rels", r'Target="footnotes.xml"', 'Target="notes.xml"', "no part"),
        ("styles.xml", r"(?s)(<w:sz [^>]*/>)(\s*<w:szCs [^>]*/>)", r"\2\1", "no order"),
    ],
)
def test_what_word_would_repair_is_found(
    name: str, pattern: str, replacement: str, fault: str
) -> None:
    body = content(get("measures.docx"))
    broken = changed(body, f"word/{name}", lambda text: re.sub(pattern, replacement, text, count=1))
    assert any(fault in found for found in faults(broken))


def test_a_row_that_does_not_fill_its_table_is_found() -> None:
    body = content(get("compare.docx"))
    broken = changed(
        body, "word/document.xml", lambda text: text.replace('w:gridSpan w:val="3"', 'w:gridSpan w:val="2"', 1)
    )  # fmt: skip
    assert faults(broken) == ["A row does not fill its table."]
