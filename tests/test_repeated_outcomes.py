"""Outcomes that the source prints under two measures in the same words: 7 and 8 of the first source."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reforms.compare import compare, with_repeated_outcomes, with_words
from reforms.models import City, Measure, Outcome
from tests.reading import Reading, read
from tests.test_public_pages import REAL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog")]
SAID = "The source prints the same words under:"


def page(address: str) -> Reading:
    response = Client().get(address)
    assert response.status_code == 200
    return read(response.content.decode())


def again() -> dict[tuple[str, str], list[str]]:
    """Return the keys of the measures that print an outcome again, by measure and city."""
    cities = list(City.objects.order_by("position"))
    rows = with_repeated_outcomes(compare(with_words(Measure.objects.in_order()), cities))
    return {
        (row.measure.key, cell.city.slug): [measure.key for measure in cell.outcome_again]
        for row in rows
        for cell in row.cells
        if cell.outcome_again
    }


def outcome(key: str, city: str = "beijing") -> Any:
    return Outcome.objects.filter(practice__measure__key=key, practice__city__slug=city)


def test_just_the_two_that_are_printed_alike_name_each_other() -> None:
    assert again() == {("7", "beijing"): ["8"], ("8", "beijing"): ["7"]}


def test_a_character_of_difference_or_an_edit_keeps_them_apart() -> None:
    outcome("8").update(is_text_edited=True)
    assert again() == {}
    outcome("8").update(is_text_edited=False, text_zh=outcome("7").get().text_zh + "。")
    assert again() == {}


def test_another_city_with_the_same_words_is_not_meant() -> None:
    words = outcome("7").get().text_zh
    outcome("12", "shanghai").update(text_zh=words)
    assert again() == {("7", "beijing"): ["8"], ("8", "beijing"): ["7"]}


def test_a_withdrawn_measure_is_not_named() -> None:
    Measure.objects.filter(key="8").update(withdrawn_at=timezone.now(), withdrawn_reason_zh="撤回")
    assert ("7", "beijing") not in again()


def test_asking_costs_one_query_and_none_where_no_outcome_is_stated() -> None:
    cities = list(City.objects.order_by("position"))
    rows = compare(with_words(Measure.objects.in_order()), cities)
    with CaptureQueriesContext(connection) as queries:
        with_repeated_outcomes(rows)
    assert len(queries) == 1
    without = [row for row in rows if row.measure.key in {"9", "11"}]
    with CaptureQueriesContext(connection) as queries:
        assert with_repeated_outcomes(without) == without
    assert len(queries) == 0


@pytest.mark.parametrize(
    "address",
    [
        f"/en/measures/{REAL}/7/",
        f"/en/compare/{REAL}/7/",
        f"/en/compare/{REAL}/7/?show=outcomes",
        f"/en/basket/compare/?item={REAL}:7",
        f"/en/basket/chapter/?item={REAL}:7",
    ],
)
def test_pages_say_so_beside_the_outcome_and_lead_there(address: str) -> None:
    reading = page(address)
    assert reading.words.count(SAID) == 1
    target = f"/en/measures/{REAL}/8/"
    links = [(to.partition("?")[0], anchor) for to, anchor in reading.links(address)]
    assert (target, "beijing-outcome") in links
    assert "beijing-outcome" in page(target).ids


def test_other_pages_are_silent() -> None:
    assert SAID not in page(f"/en/measures/{REAL}/6/").words
    assert SAID not in page(f"/en/compare/{REAL}/9/").words
