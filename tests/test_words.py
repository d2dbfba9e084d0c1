"""The real notice's words as pages show them: not a character changed, every erratum in one place."""

import pytest

from reforms.compare import (
    align_points,
    compare,
    compare_whole,
    shown_errata,
    with_words,
)
from reforms.figures import key_figure, sentence
from reforms.models import City, Figure, Measure, Point, Practice
from reforms.spans import quote_at, text_at
from reforms.templatetags.words import marked_paragraphs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog")]
REAL = "fuzhi-tuiguang-gaige-jucuo"


def all_measures() -> list[Measure]:
    return list(with_words(Measure.objects.in_order()))


def cities() -> list[City]:
    return list(City.objects.order_by("position"))


def test_every_point_stands_in_exactly_one_cell() -> None:
    for row in compare(all_measures(), cities()):
        shown = [
            point.pk for line in align_points(row) for part in line.cells for point in part.points
        ]
        own = Point.objects.filter(practice__measure=row.measure).values_list("pk", flat=True)
        assert sorted(shown) == sorted(own)


def test_an_erratum_is_called_by_its_measure_and_a_refused_one_is_not_shown() -> None:
    for measure in Measure.objects.all():
        shown = shown_errata(measure)
        positions = measure.errata.exclude(decision="refused").values_list("position", flat=True)
        assert [note.number for note in shown] == [f"{measure.key}-{each}" for each in positions]
        assert {note.erratum.decision for note in shown} <= {"confirmed", "open"}


def test_every_erratum_has_one_place_on_the_page() -> None:
    for measure in all_measures():
        row = compare_whole(measure, cities())
        placed = [*row.title_notes, *row.other_notes]
        for cell in row.cells:
            placed += [*cell.practice_notes, *cell.outcome_notes]
        assert sorted(note.number for note in placed) == [
            note.number for note in shown_errata(measure)
        ]


def test_marks_do_not_change_a_character_of_the_words() -> None:
    marked = 0
    for measure in all_measures():
        row = compare_whole(measure, cities())
        text = measure.source.text
        for cell in row.present:
            assert cell.practice is not None
            spans = tuple(map(tuple, cell.practice.spans))
            paragraphs = marked_paragraphs(text, spans, cell.practice_notes)
            shown = "\n".join("".join(run.text for run in runs) for runs in paragraphs)
            assert shown == text_at(text, spans) == cell.practice.text_zh
            misprints = "".join(run.text for runs in paragraphs for run in runs if run.is_misprint)
            for note in cell.practice_notes:
                assert note.erratum.as_printed in misprints
                marked += 1
            for point in cell.points:
                own = tuple(map(tuple, point.spans))
                runs = marked_paragraphs(text, own, cell.practice_notes, spans)
                shown = "\n".join("".join(run.text for run in line) for line in runs)
                assert shown == quote_at(text, own, spans)
    assert marked


def test_every_real_figure_reads_in_both_languages() -> None:
    found = list(Figure.objects.select_related("indicator"))
    assert len(found) > 50
    for figure in found:
        for language in ("zh", "en"):
            said = sentence(figure, language).text
            assert said
            assert "None" not in said, figure.pk
        assert figure.printed[-1] in sentence(figure, "zh").text.replace(" ", "")
        assert "元" not in sentence(figure, "en").text


@pytest.mark.parametrize(
    ("key", "city", "english"),
    [
        ("13", "beijing", "over 590,000 taxpayer transactions"),
        ("16", "shanghai", "RMB 400 million, projected"),
        ("10", "shanghai", "a total of about 10.33 million records"),
        ("21", "shanghai", "95,300 cases"),
        ("14", "beijing", "86 → 46 types"),
    ],
)
def test_the_key_figures_of_the_notice(key: str, city: str, english: str) -> None:
    practice = Practice.objects.get(measure__source__slug=REAL, measure__key=key, city__slug=city)
    figure = key_figure(practice)
    assert figure is not None
    assert sentence(figure, "en").text == english
