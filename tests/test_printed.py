"""A source cut into blocks: breaks, misprints, withdrawn records and paragraphs, with no word lost."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from reforms.contents import count_sources
from reforms.models import Erratum, Measure, Passage, Source
from reforms.printed import print_source
from reforms.records import Decision
from tests.reading import Reading, read
from tests.world import SOURCE, build_world

LANGUAGES = ("zh-hans", "en")
OURS = frozenset({"erratum-mark"})

pytestmark = pytest.mark.django_db


def page(client: Client, code: str, source: str = SOURCE) -> Reading:
    response = client.get(f"/{code}/sources/{source}/")
    assert response.status_code == 200
    return read(response.content.decode(), without=OURS)


def printed(reading: Reading) -> str:
    return "".join(found.words for found in reading.with_class("verbatim"))


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_break_in_the_print_is_shown_and_leads_on(client: Client, code: str) -> None:
    build_world()
    reading = page(client, code)
    source = Source.objects.get()
    assert squeezed(printed(reading)) == squeezed(source.text)
    breaks = reading.with_class("source-break")
    assert len(breaks) == 2
    starts = [source.text.index(words) for words in ("力公司投资建设", "查询系统")]
    anchors = {anchor for path, anchor in reading.links("") if not path} | {
        anchor for _path, anchor in reading.links(f"/{code}/sources/{SOURCE}/")
    }
    assert {f"c{start}" for start in starts} <= anchors


def test_a_refused_erratum_is_not_marked(client: Client) -> None:
    build_world()
    Erratum.objects.filter(measure__key="2").update(decision=Decision.REFUSED)
    reading = read(client.get(f"/en/sources/{SOURCE}/").content.decode())
    assert len(reading.with_class("erratum-mark")) == 1
    assert "Printed twice." not in reading.words


def test_words_of_a_withdrawn_measure_stay_without_a_link(client: Client) -> None:
    build_world()
    Measure.objects.filter(key="2").update(
        withdrawn_at=datetime(2026, 1, 1, tzinfo=UTC), withdrawn_reason_zh="重复。"
    )
    reading = page(client, "en")
    assert squeezed(printed(reading)) == squeezed(Source.objects.get().text)
    links = {path for path, _anchor in reading.links(f"/en/sources/{SOURCE}/")}
    assert f"/en/measures/{SOURCE}/2/" not in links
    assert f"/en/measures/{SOURCE}/1/" in links
    assert count_sources(list(Source.objects.all()))[0].measures == 2


def test_a_source_in_preparation_is_unknown_and_a_withdrawn_one_says_why(client: Client) -> None:
    build_world()
    Source.objects.update(is_public=False)
    assert client.get(f"/en/sources/{SOURCE}/").status_code == 404
    assert f"/sources/{SOURCE}/" not in client.get("/en/sources/").content.decode()
    Source.objects.update(
        is_public=True,
        withdrawn_at=datetime(2026, 1, 1, tzinfo=UTC),
        withdrawn_reason_zh="换了更好的转录本。",
        withdrawn_reason_en="Replaced by a better transcription.",
    )
    response = client.get(f"/en/sources/{SOURCE}/")
    assert response.status_code == 410
    assert "Replaced by a better transcription." in response.content.decode()
    assert f"/sources/{SOURCE}/" not in client.get("/en/sources/").content.decode()


def test_overlapping_errata_are_both_marked() -> None:
    build_world()
    source = Source.objects.get()
    measure = Measure.objects.get(key="2")
    start = source.text.index("整体协调协调")
    Erratum.objects.create(
        measure=measure,
        position=2,
        as_printed="整体协调协调",
        reason_zh="试。",
        reason_en="Test.",
        confidence="low",
        stands_in="practice",
        spans=[[start, start + 6]],
    )
    passages = list(Passage.objects.for_page())
    blocks = print_source(source, passages, Erratum.objects.select_related("measure"))
    notes = [note for block in blocks for note in block.notes]
    assert [note.number for note in notes] == ["2-2", "2-1", "3-1"]
    doubtful = "".join(
        stretch.text
        for block in blocks
        for line in block.lines
        for piece in line
        for stretch in piece.stretches
        if stretch.is_doubtful
    )
    assert doubtful == "整体协调协调2项"


def test_a_paragraph_end_inside_a_passage_begins_a_line_and_loses_nothing() -> None:
    build_world()
    source = Source.objects.get()
    passages = list(Passage.objects.for_page())
    first, second = (
        passage for passage in passages if passage.role == "practice" and passage.measure.key == "3"
    )
    caption = next(passage for passage in passages if passage.role == "caption")
    first.end = second.end
    kept = [passage for passage in passages if passage not in (second, caption)]
    blocks = print_source(source, kept, [])
    block = next(block for block in blocks if first in block.passages)
    assert len(block.lines) == 3
    assert [passage.start for passage in block.passages].count(first.start) == 1


def test_a_misprint_in_a_label_is_marked_behind_its_link(client: Client) -> None:
    build_world()
    label = Passage.objects.get(role="city_label", measure__key="3")
    Erratum.objects.create(
        measure=Measure.objects.get(key="3"),
        position=2,
        as_printed="上海市",
        reason_zh="试。",
        reason_en="Test.",
        confidence="low",
        stands_in="city_label",
        spans=[[label.start, label.end]],
    )
    html = client.get(f"/en/sources/{SOURCE}/").content.decode()
    link = html.index(f'id="c{label.start}"')
    assert html.index("</a>", link) < html.index('class="erratum-mark"', link)
    assert squeezed(printed(page(client, "en"))) == squeezed(Source.objects.get().text)


def test_no_white_space_comes_between_pieces_of_a_line(client: Client) -> None:
    build_world()
    lines = [found.words for found in page(client, "en").with_class("verbatim")]
    assert "改革举措1:提供低压小微企业接电“零上门零投资”服务。具体做法:" in [
        line.strip() for line in lines
    ]
