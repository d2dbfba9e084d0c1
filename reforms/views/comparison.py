"""The comparison: a row a measure, a column a city."""

from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reforms.compare import compare as compare_measures
from reforms.compare import with_words
from reforms.filters import WORDS_LIMIT, MeasureFilterSet, Names, Speaking
from reforms.models import City

OPEN_FACETS = ("category", "outcome")
FOLDED_FACETS = ("coverage", "theme", "kind", "status", "source", "year")


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show measures with the practices of two or more cities side by side; at most 11 queries.

    Cities stand in the order of the address; fewer than two are completed from the catalog's
    first. A bad value answers 400 with its message at its field, a page beyond the end 404.
    """
    names = Names(is_searching=bool(request.GET.get("q")))
    asked = list(dict.fromkeys(slug for slug in request.GET.getlist("city") if slug))
    cities = chosen_cities(asked, names)
    filters = MeasureFilterSet(with_cities(request.GET, asked, cities), names=names)
    context: dict[str, Any] = {
        "filters": filters,
        "cities": cities,
        "others": [city for city in names.cities if city not in cities],
        "completed_with": [city for city in cities if city.slug not in asked] if asked else [],
        "speaking": Speaking(tuple(cities)),
        "words_limit": WORDS_LIMIT,
    }
    status = add_rows(context, filters) if filters.is_valid() else 400
    context |= {
        "open_facets": [filters.facet(name) for name in OPEN_FACETS],
        "folded_facets": [filters.facet(name) for name in FOLDED_FACETS],
        "folded_is_used": any(
            filters.errors.get(name) or filters.chosen.get(name) for name in FOLDED_FACETS
        ),
        "swapped": tuple(city.slug for city in reversed(cities)),
        "canonical_query": filters.query(
            page=filters.chosen.get("page"), city=filters.chosen.get("city") if asked else None
        ).removeprefix("?"),
    }
    return render(request, "reforms/compare.html", context, status=status)


def add_rows(context: dict[str, Any], filters: MeasureFilterSet) -> int:
    """Put the page of rows and the counts into the context; return the status of the answer."""
    # The filter sorts its choices; the order of the address is the order of the columns.
    filters.chosen["city"] = tuple(city.slug for city in context["cities"])
    paginator = Paginator(with_words(filters.qs), filters.page_size)
    paginator.count = filters.total
    coverage = filters.facet("coverage").choices
    context |= {
        "last_page": paginator.num_pages,
        "coverage": coverage,
        "total": sum(choice.count or 0 for choice in coverage),
    }
    try:
        page = paginator.page(filters.chosen["page"])
    except EmptyPage:
        return 404
    context |= {
        "page": page,
        "pages": list(paginator.get_elided_page_range(page.number, on_each_side=2)),
        "rows": compare_measures(page, context["cities"]),
    }
    return 200


def chosen_cities(asked: list[str], names: Names) -> list[City]:
    """Return the cities asked for, in their order, completed to two from the catalog's first."""
    known = {city.slug: city for city in names.cities}
    cities = [known[slug] for slug in asked if slug in known]
    for city in Speaking.of(names).cities:
        if len(cities) < len(Speaking.of(names).cities) and city not in cities:
            cities.append(city)
    return cities


def with_cities(query: QueryDict, asked: list[str], cities: list[City]) -> QueryDict:
    """Return the query with the compared cities, and with any value that is to be refused."""
    completed = query.copy()
    slugs = [city.slug for city in cities]
    completed.setlist("city", [*slugs, *(slug for slug in asked if slug not in slugs)])
    return completed
