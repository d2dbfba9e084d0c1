"""What each parameter selects among measures, and the word that each measure is counted under."""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear
from django.db.models.lookups import Exact

from reforms.filters.fields import YEAR_NOT_STATED
from reforms.filters.names import ONLY, Speaking
from reforms.models import Figure, Point, Practice
from reforms.records import OutcomeState
from reforms.search import IsAmong, Search

Measures = Any
Values = Sequence[str]
Select = Callable[[Measures, Any, Speaking], Measures]

NOTHING = Q(pk__in=())


def word(text: str) -> Value:
    """Return a text as a value of a query."""
    return Value(text, output_field=CharField())


def practices_of(*cities: str) -> QuerySet[Any]:
    """Return the practices of the measure at hand in any of these cities."""
    return Practice.objects.filter(measure=OuterRef("pk"), city__slug__in=cities).order_by()


def coverage_word(speaking: Speaking) -> Combinable:
    """Return which coverage a measure has among the cities spoken of: one of their choices."""
    held = (
        practices_of(*speaking.slugs)
        .values("measure")
        .annotate(held=Count("pk"), city_held=Min("city__slug"))
        .annotate(
            coverage=Case(
                When(held=len(speaking.cities), then=word("all")),
                When(held=1, then=Concat(word(ONLY), F("city_held"))),
                default=word("some"),
                output_field=CharField(),
            )
        )
        .values("coverage")
    )
    return Coalesce(Subquery(held, output_field=CharField()), word("none"))


def outcome_word() -> Combinable:
    """Return a measure's state of outcome: every measure has exactly one.

    Stated if one city's is; else not entered while something is still to be read or entered;
    else not stated.
    """
    practices = Practice.objects.filter(measure=OuterRef("pk"))
    return Case(
        When(Exists(practices.filter(outcome_state=OutcomeState.STATED)), then=word("stated")),
        When(
            Q(is_read_whole=False)
            | Exists(practices.filter(outcome_state=OutcomeState.NOT_ENTERED)),
            then=word("not_entered"),
        ),
        default=word("not_stated"),
        output_field=CharField(),
    )


def year_word() -> Combinable:
    """Return the year in which a measure's source was published, or that it is not stated."""
    year = Cast(ExtractYear("source__published_on"), CharField())
    return Coalesce(year, word(YEAR_NOT_STATED), output_field=CharField())


def counted_under(name: str, speaking: Speaking) -> Combinable:
    """Return the word, or where a measure has several the words, it is counted under in a facet."""
    match name:
        case "coverage":
            return coverage_word(speaking)
        case "outcome":
            return outcome_word()
        case "year":
            return year_word()
    paths = {
        "category": "category__slug",
        "city": "practices__city__slug",
        "theme": "practices__points__theme__slug",
        "kind": "practices__figures__indicator__kind",
        "status": "status",
        "source": "source__slug",
    }
    return F(paths[name])


def found_by(measures: Measures, found: Search) -> Measures:
    """Select the measures that a search found."""
    if found.is_whole:
        return measures.exclude(IsAmong("pk", found.hidden)) if found.hidden else measures
    return measures.filter(IsAmong("pk", found.scores))


def in_category(measures: Measures, values: Values, speaking: Speaking) -> Measures:
    """Select measures of any of these categories."""
    return measures.filter(category__slug__in=values)


def in_city(measures: Measures, values: Values, speaking: Speaking) -> Measures:
    """Select measures with a practice of any of these cities."""
    return measures.in_city(*values)


def has_coverage(value: str, speaking: Speaking) -> Any:
    """Return whether a measure has a coverage among the cities spoken of: as ``coverage_word``.

    ``only:<city>`` of a city not spoken of: that city has a practice and none of those has.
    """
    if value == "some":
        return Exact(coverage_word(speaking), word(value))
    if value == "none":
        return ~Exists(practices_of(*speaking.slugs))
    wanted = speaking.slugs if value == "all" else (value.removeprefix(ONLY),)
    condition = Q(*[Exists(practices_of(city)) for city in wanted]) if wanted else NOTHING
    others = set(speaking.slugs) - set(wanted)
    return condition & ~Exists(practices_of(*others)) if others else condition


def with_coverage(measures: Measures, values: Values, speaking: Speaking) -> Measures:
    """Select measures with any of these coverages among the cities spoken of."""
    conditions = (Q(has_coverage(value, speaking)) for value in values)
    return measures.filter(reduce(or_, conditions, NOTHING))


def with_outcome(measures: Measures, values: Values, speaking: Speaking) -> Measures:
    """Select measures with any of these states of outcome."""
    return measures.alias(outcome_asked=outcome_word()).filter(outcome_asked__in=values)


def on_theme(measures: Measures, values: Values, speaking: Speaking) -> Measures:
    """Select measures with a point on any of these themes."""
    points = Point.objects.filter(practice__measure=OuterRef("pk"), theme__slug__in=values)
    return measures.filter(Exists(points))


def with_kind(measures: Measures, values: Values, speaking: Speaking) -> Measures:
    """Select measures with a figure of any of these kinds."""
    figures = Figure.objects.filter(practice__measure=OuterRef("pk"), indicator__kind__in=values)
    return measures.filter(Exists(figures))


def with_status(measures: Measures, values: Values, speaking: Speaking) -> Measures:
    """Select measures with any of these statuses."""
    return measures.filter(status__in=values)


def in_source(measures: Measures, values: Values, speaking: Speaking) -> Measures:
    """Select measures of any of these sources."""
    return measures.filter(source__slug__in=values)


def in_year(measures: Measures, values: Values, speaking: Speaking) -> Measures:
    """Select measures of sources published in any of these years, or without a stated date."""
    conditions = (
        Q(source__published_on__isnull=True)
        if value == YEAR_NOT_STATED
        else Q(source__published_on__year=int(value))
        for value in values
    )
    return measures.filter(reduce(or_, conditions, NOTHING))


def practice_count() -> Combinable:
    """Return how many cities have a practice under a measure."""
    counts = (
        Practice.objects.filter(measure=OuterRef("pk"))
        .order_by()
        .values("measure")
        .annotate(held=Count("pk"))
        .values("held")
    )
    return Coalesce(Subquery(counts), 0)
