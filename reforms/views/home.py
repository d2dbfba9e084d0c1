"""The first page: what this catalog is and is not, what it holds, and the ways in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reforms.coverage import cover, states_of, tally, with_states
from reforms.filters import WORDS_LIMIT, MeasureFilterSet
from reforms.views.carrying import carries_basket
from reforms.views.days import shows_day

MATRIX_LIMIT = 200


@require_safe
@carries_basket
@shows_day
def home(request: HttpRequest) -> HttpResponse:
    """Show what is held and what is missing, the categories and the coverage matrix; 7 queries.

    The matrix shows the first ``MATRIX_LIMIT`` measures, and says so where there are more.
    """
    whole = MeasureFilterSet(facets=("category",))
    cities = whole.names.cities
    tallies = tally(whole.qs, cities)
    groups = cover(with_states(whole.qs)[:MATRIX_LIMIT], cities)
    context = {
        "whole": whole,
        "categories": zip(whole.names.categories, whole.facet("category").choices, strict=True),
        "cities": cities,
        "sources": whole.names.sources,
        "tallies": tallies,
        "practice_count": sum(city.practices for city in tallies),
        "outcome_count": sum(city.outcomes for city in tallies),
        "groups": groups,
        "states": states_of(groups),
        "matrix_limit": MATRIX_LIMIT if whole.total > MATRIX_LIMIT else None,
        "words_limit": WORDS_LIMIT,
    }
    return render(request, "reforms/home.html", context)
