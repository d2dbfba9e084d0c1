"""Word files of the small catalog: footnotes in place, edited words, figures, odd characters, nothing found."""

import pytest
from docx.oxml.ns import qn

from reforms.models import Figure, Measure
from reforms.models.fields import as_spans
from reforms.spans import text_at
from tests import world
from tests.test_downloads import content, get
from tests.test_exports_word import open_file, paragraphs, words

pytestmark = pytest.mark.django_db


def test_a_footnote_stands_right_behind_the_misprint(db: None) -> None:
    world.build_world()
    file = open_file("measures.docx", "zh-hans")
    before, marked = "", []
    for run in file.element.body.iter(qn("w:r")):
        if run.find(qn("w:footnoteReference")) is not None:
            marked.append(before)
        before += words(run)
    assert [text.endswith("客户经理负责整体协调协调") for text in marked].count(True) == 1


def test_words_that_the_catalog_edited_stand_beside_those_as_printed(db: None) -> None:
    world.build_world()
    measure = world.get_measure("1")
    practice = measure.practices.get(city__slug="beijing")
    practice.text_zh = "改写过的做法。"
    practice.save()
    lines = paragraphs(open_file(f"measures/{world.SOURCE}/1.docx"))
    [place] = [place for place, line in enumerate(lines) if line.endswith("改写过的做法。")]
    assert lines[place].startswith("Practice [edited by the catalog]")
    assert lines[place + 1].startswith("Practice [as printed]")
    assert lines[place + 1].endswith(text_at(measure.source.text, as_spans(practice.spans)))


def test_figures_say_scope_period_and_whose_calculation(db: None) -> None:
    world.build_world()
    text = "\n".join(paragraphs(open_file("measures.docx")))
    assert "Approval time: 56 → 15 → 5 days (56天 → 15天 → 5天)" in text
    assert (
        "Scope: municipal approval; Achieved; In the practice; Period: “今年” (this year)" in text
    )
    assert "our calculation: −51 days (−91%)" in text
    assert "no unit printed; read as RMB" in text
    Figure.objects.all().delete()
    text = "\n".join(paragraphs(open_file("measures.docx")))
    assert "Approval time" not in text


def test_characters_that_no_word_file_holds_do_no_harm(db: None) -> None:
    world.build_world()
    Measure.objects.filter(key="1").update(title_en="a\x0bb\x1fc\ufffe")
    assert any("a\ufffdb\ufffdc\ufffd" in line for line in paragraphs(open_file("measures.docx")))
    content(get("measures.docx?q=%0B%1F"))


def test_a_list_without_entries_says_so(db: None) -> None:
    world.build_world()
    for address in ("measures.docx", "compare.docx"):
        assert "Nothing fits what was asked." in paragraphs(
            open_file(f"{address}?theme=two-managers&kind=share")
        )
