"""Rows and cells: texts side by side, points aligned by theme, gaps named, errata in their place."""

from typing import Any

import pytest

from reforms.compare import (
    Presence,
    Row,
    align_figures,
    align_points,
    compare,
    shown_errata,
    with_words,
)
from reforms.models import City, Measure, Point
from reforms.places import neighbours, place_in_source, with_place
from reforms.templatetags.words import marked_paragraphs
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> dict[str, Row]:
    world.build_world()
    return {row.measure.key: row for row in compare(all_measures(), cities())}


def all_measures() -> list[Measure]:
    return list(with_words(Measure.objects.in_order()))


def cities() -> list[City]:
    return list(City.objects.order_by("position"))


def test_a_row_has_a_cell_a_city_in_the_order_given() -> None:
    world.build_world()
    turned = list(reversed(cities()))
    for row in compare(all_measures(), turned):
        assert [cell.city for cell in row.cells] == turned


def test_a_city_that_the_text_does_not_state_is_named(rows: Any) -> None:
    assert [cell.presence for cell in rows["3"].cells] == [Presence.NOT_STATED, Presence.STATED]


def test_not_entered_yet_is_another_thing_than_not_stated() -> None:
    world.build_world()
    Measure.objects.filter(key="3").update(is_read_whole=False)
    row = compare(Measure.objects.filter(key="3"), cities())[0]
    assert row.cells[0].presence == Presence.NOT_ENTERED
    Measure.objects.filter(key="3").update(title_zh=None)
    row = compare(Measure.objects.filter(key="3"), cities())[0]
    assert row.cells[0].presence == Presence.CUT


def test_comparing_costs_five_queries_whatever_the_length(django_assert_num_queries: Any) -> None:
    world.build_world()
    chosen = cities()
    # measures, practices with outcomes, figures, points, errata
    with django_assert_num_queries(5):
        for row in compare(with_words(Measure.objects.in_order()), chosen):
            align_points(row)
            align_figures(row)


def test_points_of_one_theme_share_a_row(rows: Any) -> None:
    aligned = align_points(rows["1"])
    assert [(line.theme.slug, line.is_shared) for line in aligned] == [
        ("no-visits", True),
        ("no-investment", False),
    ]
    assert [len(part.points) for part in aligned[1].cells] == [1, 0]
    assert [city.slug for city in aligned[1].cities] == ["beijing"]


def test_a_practice_that_was_not_divided_has_no_counterpart_to_miss() -> None:
    world.build_world()
    Point.objects.filter(practice__city__slug="shanghai").delete()
    row = compare(Measure.objects.filter(key="1"), cities())[0]
    assert [part.are_points_entered for part in align_points(row)[0].cells] == [True, False]


def test_only_figures_of_one_indicator_share_a_row(rows: Any) -> None:
    aligned = align_figures(rows["1"])
    slugs = [line.indicator.slug for line in aligned]
    assert len(slugs) == len(set(slugs))
    for line in aligned:
        assert {figure.indicator for figure in line.figures} == {line.indicator}
    assert sum(len(line.figures) for line in aligned) == len(rows["1"].figures) == 6


# --- Errata ---


def test_overlapping_misprints_each_have_their_mark() -> None:
    world.build_world()
    measure = Measure.objects.get(key="2")
    erratum = measure.errata.get()
    (start, end) = erratum.spans[0]
    erratum.pk, erratum.position, erratum.spans = None, 2, [[start + 1, end + 2]]
    erratum.save()
    practice = measure.practices.get(city__slug="beijing")
    spans = tuple(map(tuple, practice.spans))
    (runs,) = marked_paragraphs(measure.source.text, spans, shown_errata(measure))
    assert "".join(run.text for run in runs) == practice.text_zh
    assert [note.number for run in runs for note in run.notes] == ["2-1", "2-2"]


# --- Places ---


def test_the_heading_is_as_printed_with_both_counts() -> None:
    world.build_world()
    places = {
        measure.key: place_in_source(measure)
        for measure in with_place(Measure.objects.select_related("source", "section"))
    }
    assert places["1"] is not None
    assert places["3"] is not None
    assert (places["1"].heading, places["1"].miscounts) == ("(一) 获得电力(2项)", False)
    assert (places["3"].declared_count, places["3"].listed_count) == (2, 1)
    assert places["3"].miscounts


def test_without_a_heading_there_is_no_place() -> None:
    world.build_world()
    Measure.objects.filter(key="1").update(section=None)
    measure = with_place(Measure.objects.select_related("source", "section")).get(key="1")
    assert place_in_source(measure) is None


@pytest.mark.parametrize("order", [("position",), ("-position",), ("-changed_at", "position")])
def test_neighbours_are_those_of_the_list_in_its_order(
    order: tuple[str, ...], django_assert_num_queries: Any
) -> None:
    world.build_world()
    listed = list(Measure.objects.order_by(*order))
    for place, measure in enumerate(listed):
        with django_assert_num_queries(1):
            found = neighbours(Measure.objects.order_by(*order), measure)
        assert found is not None
        assert (found.position, found.total) == (place + 1, 3)
        assert found.previous == (listed[place - 1] if place else None)
        assert found.following == (listed[place + 1] if place < 2 else None)


def test_a_measure_that_is_not_in_the_list_has_no_neighbours() -> None:
    world.build_world()
    outside = Measure.objects.get(key="3")
    assert neighbours(Measure.objects.exclude(key="3").in_order(), outside) is None


def test_the_place_says_on_which_page_of_the_list_a_measure_stands() -> None:
    world.build_world()
    found = neighbours(Measure.objects.in_order(), Measure.objects.get(key="3"))
    assert found is not None
    assert [found.page(size) for size in (1, 2, 3, 20)] == [3, 2, 1, 1]
