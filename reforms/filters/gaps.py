"""What two cities' figures of one indicator are to each other, asked of the database.

The rule is that of ``reforms.compare.gaps``, for the figures of one measure, whose source is one:
they are comparable where unit, scope, nature, period and bound agree, so that these make a key.
"""

from collections.abc import Sequence
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import Case, CharField, Count, F, Func, Q, QuerySet, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat

from reforms.compare import Verdict
from reforms.filters.names import Speaking
from reforms.filters.selections import Measures, word
from reforms.models import Figure
from reforms.records import StatedIn

ABSENT, BETWEEN = "-", "|"


def with_figures(
    measures: Measures, values: Sequence[str], speaking: Speaking, *, of_outcomes: bool = False
) -> Measures:
    """Select measures with two cities' figures of one indicator that are to each other as asked.

    A figure and another city are the same where any of that city's figures says the same, else
    different where any is comparable, else not comparable; a measure may have all three.
    ``of_outcomes`` looks at the figures of outcomes alone.
    """
    held = (
        Q(pk__in=measures_with(Verdict(value), speaking, of_outcomes=of_outcomes))
        for value in values
    )
    return measures.filter(reduce(or_, held, Q(pk__in=())))


with_figures_of_outcomes = partial(with_figures, of_outcomes=True)


def measures_with(
    verdict: Verdict, speaking: Speaking, *, of_outcomes: bool = False
) -> QuerySet[Any]:
    """Return the numbers of the measures in which any two cities' figures are of this verdict."""
    held = Figure.objects.filter(practice__city__slug__in=speaking.slugs)
    figures = (
        (held.filter(stated_in=StatedIn.OUTCOME) if of_outcomes else held)
        .annotate(facts=_facts(), stated_value=_text(Coalesce("value", "after")))
        .order_by()
    )
    comparable = figures.filter(unit_zh__isnull=False)
    several = Count("practice__city", distinct=True)
    groups: Any
    match verdict:
        case Verdict.SAME:
            groups = comparable.values("practice__measure", "indicator", "facts", "stated_value")
            found = groups.annotate(cities=several).filter(cities__gt=1)
        case Verdict.DIFFERENT:
            # Comparable, and a value that one city states is not among another's.
            groups = comparable.values("practice__measure", "indicator", "facts")
            found = _with_a_gap(groups.annotate(cities=several), "stated_value")
        case _:
            # What one city states under a key, another states under others only.
            groups = figures.values("practice__measure", "indicator")
            groups = groups.annotate(
                cities=several, unprinted=Count("pk", filter=Q(unit_zh__isnull=True))
            )
            found = _with_a_gap(groups, "facts", or_where=Q(unprinted__gt=0))
    return found.values("practice__measure")


def _with_a_gap(groups: Any, column: str, or_where: Q | None = None) -> Any:
    """Return the groups of several cities in which one of them lacks a value of the column."""
    pair = Concat(Cast("practice__city", CharField()), word(BETWEEN), F(column))
    counted = groups.annotate(
        kinds=Count(column, distinct=True), pairs=Count(pair, distinct=True)
    ).filter(cities__gt=1)
    lacks = Q(pairs__lt=F("cities") * F("kinds"))
    return counted.filter(lacks | or_where if or_where is not None else lacks)


def _facts() -> Combinable:
    """Return the facts that must agree, as one text; a period whose dates are told counts by them."""
    period_as_printed = Case(
        When(period_from__isnull=False, period_to__isnull=False, then=word(ABSENT)),
        default=_text(F("period_zh")),
        output_field=CharField(),
    )
    facts = (
        *(_text(F("unit_zh")), _text(Coalesce("before_unit_zh", "unit_zh")), F("scope_zh")),
        *(F("nature"), F("bound"), _text(F("period_from")), _text(F("period_to"))),
        period_as_printed,
    )
    # In one piece: SQLite reads expressions only to a depth of 100, and no part of it is null.
    return Func(
        *facts,
        template="(%(expressions)s)",
        arg_joiner=f" || '{BETWEEN}' || ",
        output_field=CharField(),
    )


def _text(value: Combinable) -> Combinable:
    """Return a value as a text that is never null."""
    return Coalesce(Cast(value, CharField()), word(ABSENT))
