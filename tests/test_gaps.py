"""Figures of two cities side by side: the same, a gap, or what keeps them apart; nothing unlike looks alike."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from reforms.compare import Fact, Verdict, compare_figures, pair_with_other_cities
from reforms.figures import signed_quantity
from reforms.models import City, Figure, Measure, Practice

CITIES = [City(pk=number, position=number, slug=f"city-{number}") for number in range(1, 4)]
DAYS = {"unit_zh": "天", "unit_en": "days"}
WORKING_DAYS = {"unit_zh": "工作日", "unit_en": "working days"}


def a_figure(city: int = 1, measure: int = 1, source: int = 1, **columns: Any) -> Figure:
    """Return a figure of a city, not stored: 15 days at most for all, no period."""
    practice = Practice(
        pk=measure * 10 + city,
        city=CITIES[city - 1],
        measure=Measure(pk=source * 100 + measure, source_id=source),
    )
    values = {name: columns.pop(name) for name in ("before", "after", "value") if name in columns}
    values = values or {"value": "15"}
    given = {
        "indicator_id": 1,
        "nature": "limit",
        "bound": "at_most",
        "scope_zh": "全程",
        **DAYS,
        **columns,
    }
    return Figure(
        practice=practice, **given, **{name: Decimal(text) for name, text in values.items()}
    )


def test_equal_values_that_agree_in_everything_are_the_same() -> None:
    found = compare_figures(a_figure(), a_figure(city=2))
    assert (found.verdict, found.differing, found.gap) == (Verdict.SAME, (), None)


def test_a_gap_is_the_first_less_the_second() -> None:
    found = compare_figures(a_figure(value="10"), a_figure(city=2))
    assert (found.verdict, found.gap) == (Verdict.DIFFERENT, Decimal(-5))
    assert compare_figures(a_figure(), a_figure(city=2, value="10")).gap == Decimal(5)


def test_the_values_that_stand_now_are_compared() -> None:
    changed = a_figure(before="30", after="15")
    assert compare_figures(changed, a_figure(city=2)).verdict == Verdict.SAME


@pytest.mark.parametrize(
    ("columns", "differing"),
    [
        (WORKING_DAYS, Fact.UNIT),
        ({"scope_zh": "小微企业"}, Fact.SCOPE),
        ({"nature": "achieved"}, Fact.NATURE),
        ({"period_zh": "今年"}, Fact.PERIOD),
        ({"bound": "exact"}, Fact.BOUND),
    ],
)
def test_what_is_not_the_same_is_named(columns: Any, differing: Fact) -> None:
    found = compare_figures(a_figure(**columns), a_figure(city=2))
    assert (found.verdict, found.differing, found.gap) == (
        Verdict.NOT_COMPARABLE,
        (differing,),
        None,
    )


def test_all_that_is_not_the_same_is_named_in_one_order() -> None:
    other = a_figure(
        city=2, nature="achieved", scope_zh="小微企业", period_zh="今年", **WORKING_DAYS
    )
    assert compare_figures(a_figure(), other).differing == (
        Fact.UNIT,
        Fact.SCOPE,
        Fact.NATURE,
        Fact.PERIOD,
    )


def test_working_days_that_become_days_are_not_days() -> None:
    mixed = a_figure(before="15", after="5", before_unit_zh="工作日", before_unit_en="working days")
    plain = a_figure(city=2, before="15", after="5")
    assert compare_figures(mixed, plain).differing == (Fact.UNIT,)


def test_a_unit_that_is_not_printed_agrees_with_none() -> None:
    unprinted = {"unit_zh": None, "unit_en": None, "unit_inferred_zh": "元"}
    found = compare_figures(a_figure(**unprinted), a_figure(city=2, **unprinted))
    assert found.differing == (Fact.UNIT,)


HALF = {"period_from": date(2019, 1, 1), "period_to": date(2019, 6, 30)}


@pytest.mark.parametrize(
    ("columns", "others", "is_one"),
    [
        # Not stated, or without dates that can be told: the period of its source.
        ({}, {}, True),
        ({}, {"source": 2}, False),
        ({"period_zh": "今年"}, {"period_zh": "今年"}, True),
        ({"period_zh": "今年"}, {"period_zh": "今年", "source": 2}, False),
        ({"period_zh": "今年"}, {"period_zh": "去年"}, False),
        # With dates, whatever the words and the source.
        ({"period_zh": "上半年", **HALF}, {"period_zh": "1-6月", "source": 2, **HALF}, True),
        ({"period_zh": "上半年", **HALF}, {"period_zh": "上半年"}, False),
        ({"period_zh": "上半年", **HALF}, {"period_zh": "上半年", **HALF, "period_to": date(2019, 7, 1)}, False),
        # An end that is not stated may be another one in another source.
        ({"period_from": date(2018, 1, 1)}, {"period_from": date(2018, 1, 1)}, True),
        ({"period_from": date(2018, 1, 1)}, {"period_from": date(2018, 1, 1), "source": 2}, False),
    ],
)  # fmt: skip
def test_periods_are_one_only_where_it_can_be_told(columns: Any, others: Any, is_one: bool) -> None:
    found = compare_figures(a_figure(**columns), a_figure(city=2, **others))
    assert (found.verdict == Verdict.SAME) is is_one
    assert found.differing == (() if is_one else (Fact.PERIOD,))


@pytest.mark.parametrize(
    ("nature", "bound", "has_gap"),
    [
        ("achieved", "exact", True),
        ("limit", "at_most", True),
        ("limit", "at_least", True),
        ("achieved", "at_most", False),
        ("cumulative", "more_than", False),
        ("cumulative", "about", False),
        ("limit", "less_than", False),
    ],
)
def test_a_gap_is_calculated_only_between_exact_quantities(
    nature: str, bound: str, has_gap: bool
) -> None:
    columns = {"nature": nature, "bound": bound}
    found = compare_figures(a_figure(value="10", **columns), a_figure(city=2, **columns))
    assert found.verdict == Verdict.DIFFERENT
    assert (found.gap is not None) is has_gap


def test_figures_of_two_indicators_are_never_compared() -> None:
    with pytest.raises(ValueError, match="one indicator"):
        compare_figures(a_figure(), a_figure(city=2, indicator_id=2))


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "value": st.sampled_from(["5", "15"]),
                "scope_zh": st.sampled_from(["全程", "环节"]),
                "nature": st.sampled_from(["limit", "achieved"]),
                "bound": st.sampled_from(["exact", "at_most", "about"]),
                "unit_zh": st.sampled_from(["天", "工作日", None]),
                "period_zh": st.sampled_from([None, "今年"]),
                "source": st.sampled_from([1, 2]),
            }
        ),
        min_size=2,
        max_size=2,
    )
)
def test_either_way_round_says_the_same(pair: list[dict[str, Any]]) -> None:
    one, other = (a_figure(city=city, **columns) for city, columns in enumerate(pair, start=1))
    there, back = compare_figures(one, other), compare_figures(other, one)
    assert (there.verdict, there.differing) == (back.verdict, back.differing)
    assert (there.gap is None) == (back.gap is None)
    if there.gap is not None and back.gap is not None:
        assert there.gap == -back.gap != 0
    assert bool(there.differing) == (there.verdict == Verdict.NOT_COMPARABLE)


# --- The nearest of each other city ---


def test_each_other_city_is_met_once_by_the_nearest_of_its_statements() -> None:
    own = a_figure()
    far, near = a_figure(city=2, scope_zh="环节", nature="achieved"), a_figure(city=2, measure=2)
    third = a_figure(city=3, scope_zh="环节")
    pairings = pair_with_other_cities([[third], [far], [own], [near]])[2]
    assert [pairing.city.position for pairing in pairings] == [2, 3]
    assert [pairing.other for pairing in pairings] == [near, third]


def test_of_equally_near_ones_the_same_measures_stands_first() -> None:
    own, elsewhere, beside = a_figure(measure=2), a_figure(city=2), a_figure(city=2, measure=2)
    (pairing,) = pair_with_other_cities([[own], [elsewhere], [beside]])[0]
    assert pairing.other is beside


def test_a_statement_speaks_by_the_place_that_agrees_most() -> None:
    first, again = a_figure(scope_zh="报装接电"), a_figure()
    other = a_figure(city=2)
    (pairing,), (back,) = pair_with_other_cities([[first, again], [other]])
    assert (pairing.own, pairing.comparison.verdict) == (again, Verdict.SAME)
    assert (back.own, back.other) == (other, again)


def test_one_city_alone_has_nothing_beside_it() -> None:
    assert pair_with_other_cities([[a_figure()], [a_figure(measure=2)]]) == [(), ()]


# --- A gap in words ---


@pytest.mark.parametrize(
    ("code", "amount", "columns", "words"),
    [
        ("en", "-5", DAYS, "−5 days"),
        ("en", "1", DAYS, "+1 day"),
        ("zh-hans", "-5", DAYS, "−5 天"),
        ("en", "2.5", {"unit_zh": "元", "unit_en": "yuan"}, "+RMB 2.5"),
        ("en", "29", {"unit_zh": "%", "unit_en": "percent"}, "+29 percentage points"),
    ],
)
def test_a_gap_has_its_sign_and_its_unit(code: str, amount: str, columns: Any, words: str) -> None:
    with override(code):
        assert signed_quantity(Decimal(amount), a_figure(**columns)) == words
