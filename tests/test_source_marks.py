"""A source opened at asked words: exactly those are marked, whatever cuts them, and lead back."""

from itertools import chain
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from reforms.filters import SPANS_LIMIT, SpansForm, place_of
from reforms.marked import Kind, Origin, origins, with_parts
from reforms.models import Erratum, Figure, Measure, Outcome, Passage, Point, Practice, Source
from reforms.models.fields import as_spans
from reforms.printed import Stretch, print_source
from reforms.records import Spans
from reforms.spans import ELLIPSIS, joined
from tests.reading import Reading, read

LANGUAGES = ("zh-hans", "en")
REAL = "fuzhi-tuiguang-gaige-jucuo"
OURS = frozenset({"erratum-mark", "mark-words"})

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog")]


def squeezed(text: str) -> str:
    return "".join(text.split())


def asked(spans: Any) -> SpansForm:
    """Return the form of the address that leads to these spans."""
    query = place_of(as_spans(spans)).removeprefix("?").partition("#")[0]
    return SpansForm(QueryDict(query), text=Source.objects.get(slug=REAL).text)


def page(client: Client, query: str, code: str = "en", status: int = 200) -> Reading:
    response = client.get(f"/{code}/sources/{REAL}/{query}")
    assert response.status_code == status
    return read(response.content.decode(), without=OURS)


def every_text() -> list[tuple[str, Any]]:
    """Return the words and the spans of every figure, point, practice and outcome."""
    source = Source.objects.get(slug=REAL)
    figures = [(figure.quote, figure.quote_spans) for figure in Figure.objects.all()]
    points = [
        ("".join(source.text[start:end] for start, end in point.spans), point.spans)
        for point in Point.objects.all()
    ]
    texts = [
        (text.text_zh, text.spans) for text in chain(Practice.objects.all(), Outcome.objects.all())
    ]
    return [*figures, *points, *texts]


def stretches_of(source: Source, passages: list[Passage], spans: Spans) -> list[Stretch]:
    errata = Erratum.objects.select_related("measure").filter(measure__source=source)
    return [
        stretch
        for block in print_source(source, passages, list(errata), spans)
        for line in block.lines
        for piece in line
        for stretch in piece.stretches
    ]


def test_what_is_marked_are_the_words_of_each_figure_point_practice_and_outcome() -> None:
    source = Source.objects.get(slug=REAL)
    passages = list(Passage.objects.filter(source=source).for_page())
    texts = every_text()
    assert len(texts) > 200
    for words, spans in texts:
        form = asked(spans)
        assert form.is_valid()
        found = stretches_of(source, passages, form.spans)
        marked = "".join(stretch.text for stretch in found if stretch.mark)
        assert squeezed(marked) == squeezed(words.replace(ELLIPSIS, ""))
        begun = [stretch.mark for stretch in found if stretch.begins_mark]
        assert begun == [stretch.mark for stretch in found if stretch.ends_mark]
        assert begun == list(range(1, len(form.spans) + 1))


def test_marks_lose_no_word_of_the_source(client: Client) -> None:
    source = Source.objects.get(slug=REAL)
    whole = "?span=0-" + str(len(source.text))
    reading = page(client, whole)
    printed = "".join(found.words for found in reading.with_class("verbatim"))
    assert squeezed(printed) == squeezed(source.text)
    marked = "".join(found.words for found in reading.with_class("span-mark"))
    assert squeezed(marked) == squeezed(source.text)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_marks_the_words_and_leads_back_to_their_record(client: Client, code: str) -> None:
    figure = Figure.objects.select_related("practice__city", "indicator").get(
        practice__measure__key="6", practice__city__slug="beijing", position=1
    )
    reading = page(client, place_of(figure.quote_spans).partition("#")[0], code)
    marks = reading.with_class("span-mark")
    assert squeezed("".join(mark.words for mark in marks)) == squeezed(
        figure.quote.replace(ELLIPSIS, "")
    )
    assert [name for name in reading.ids if name.startswith("span")] == ["span", "span-2"][
        : len(joined(Source.objects.get(slug=REAL).text, as_spans(figure.quote_spans)))
    ]
    back = (f"/{code}/measures/{REAL}/6/", figure.anchor)
    # At the head of the page, and in the margin beside each marked passage.
    assert reading.links("").count(back) >= 2
    (notice,) = reading.with_class("source-marks")
    assert figure.indicator.name_en in notice.words or code != "en"


def test_a_screen_reader_is_told_where_a_mark_begins_and_ends(client: Client) -> None:
    for code, begins, language in (("en", "[marked:", "en"), ("zh-hans", "", "zh-hans")):
        html = client.get(f"/{code}/sources/{REAL}/?span=571-587&span=616-634").content.decode()
        words = read(html).with_class("mark-words")
        assert len(words) == 4
        assert all(found.attributes["lang"].lower() == language for found in words)
        assert begins in words[0].words


def test_records_are_found_by_their_words() -> None:
    source = Source.objects.get(slug=REAL)
    measures = list(with_parts(Measure.objects.in_order().for_list()))
    for model, kind, name in (
        (Figure, Kind.FIGURE, "quote_spans"),
        (Point, Kind.POINT, "spans"),
    ):
        for part in model.objects.all():
            spans = joined(source.text, as_spans(getattr(part, name)))
            found = origins(source.text, measures, spans)
            assert (kind, part.pk) in {(each.kind, each.part.pk) for each in found if each.part}


def test_a_sentence_leads_back_to_the_practice_that_holds_it() -> None:
    source = Source.objects.get(slug=REAL)
    measures = list(with_parts(Measure.objects.in_order().for_list()))
    practice = Practice.objects.get(measure__key="6", city__slug="beijing")
    start = practice.spans[0][0]
    (found,) = origins(source.text, measures, ((start, start + 4),))
    assert (found.kind, found.is_part, found.anchor) == (Kind.PRACTICE, True, "beijing")
    assert origins(source.text, measures, ()) == []


def test_words_of_no_record_say_so(client: Client) -> None:
    heading = Passage.objects.filter(role="section_heading").first()
    assert heading
    reading = page(client, f"?span={heading.start}-{heading.end}")
    assert "No record is made of just these words." in reading.words


def test_a_withdrawn_measure_is_named_without_a_link() -> None:
    measure = Measure.objects.get(key="6")
    measure.withdrawn_at = measure.changed_at
    assert Origin(Kind.TITLE, measure).address == ""


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?span=5", "is no span"),
        ("?span=a-b", "is no span"),
        ("?span=5-10-15", "is no span"),
        ("?span=-5-10", "is no span"),
        ("?span=%EF%BC%95-10", "is no span"),
        ("?span=9999999999-99999999999", "is no span"),
        ("?span=10-10", "ends where it starts"),
        ("?span=20-10", "ends where it starts"),
        ("?span=1-999999999", "ends beyond the text"),
        ("?" + "&".join(f"span={n}-{n + 1}" for n in range(SPANS_LIMIT + 1)), "At most 20 spans"),
    ],
)
def test_spans_that_cannot_be_are_refused_and_nothing_is_marked(
    client: Client, query: str, words: str
) -> None:
    reading = page(client, query, status=400)
    (notice,) = reading.with_class("notice-error")
    assert words in notice.words
    assert "span" in notice.words
    assert not reading.with_class("span-mark")
    assert squeezed("".join(found.words for found in reading.with_class("verbatim")))


def test_a_span_of_white_space_alone_is_refused(client: Client) -> None:
    text = Source.objects.get(slug=REAL).text
    place = text.index("\n\n")
    assert "No word stands" in page(client, f"?span={place}-{place + 2}", status=400).words


def test_empty_repeated_and_overlapping_spans_are_one(client: Client) -> None:
    reading = page(client, "?span=&span=571-587&span=571-587&span=580-590")
    assert [name for name in reading.ids if name.startswith("span")] == ["span"]
    assert not page(client, "?span=").with_class("source-marks")


def test_the_canonical_address_is_without_marks(client: Client) -> None:
    canonical = [
        part.attributes["href"]
        for part in page(client, "?span=571-587").of("link")
        if part.attributes.get("rel") == "canonical"
    ]
    assert canonical == [f"http://testserver/en/sources/{REAL}/"]


def test_marks_cost_one_query(client: Client, django_assert_num_queries: Any) -> None:
    # As without marks, and the points of the practices.
    with django_assert_num_queries(12):
        client.get(f"/en/sources/{REAL}/?span=571-587&span=616-634")
