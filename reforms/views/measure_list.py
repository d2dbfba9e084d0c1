"""The list of measures: words, filters with counts, order and pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import EmptyPage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reforms.coverage import State, state_of
from reforms.figures import key_figures
from reforms.filters import PAGE_SIZE_LIMIT, WORDS_LIMIT, MeasureFilterSet
from reforms.models import City, Figure, Measure, Practice


@dataclass(frozen=True)
class CityLine:
    """One city in a row: its practice with its own key figure, or the state of its absence."""

    city: City
    state: State
    practice: Practice | None
    figure: Figure | None


@dataclass(frozen=True)
class MeasureRow:
    """One measure with a line for each city that has a practice or is spoken of."""

    measure: Measure
    lines: tuple[CityLine, ...]


@require_safe
def measure_list(request: HttpRequest) -> HttpResponse:
    """List the measures that the address asks for, a page of them; at most 9 queries.

    400 for a value that is refused, with a message at its field and no measures; 404 for a page
    beyond the end, with a link to the last.
    """
    filters = MeasureFilterSet(request.GET)
    context = {
        "filters": filters,
        "canonical_query": filters.query(page=filters.chosen.get("page")).removeprefix("?"),
        "words_limit": WORDS_LIMIT,
        "page_size_limit": PAGE_SIZE_LIMIT,
    }
    status = 200
    if not filters.is_valid():
        status = 400
    else:
        try:
            page = context["page"] = filters.page()
            context["rows"] = [row(measure, filters.cities) for measure in page]
        except EmptyPage:
            status = 404
    return render(request, "reforms/measure_list.html", context, status=status)


def row(measure: Measure, cities: Sequence[City]) -> MeasureRow:
    """Return a measure as the list shows it; no query on a measure fetched ``for_list``."""
    practices = {practice.city: practice for practice in measure.practices.all()}
    figures = key_figures(practices.values())
    shown = sorted({*cities, *practices}, key=lambda city: city.position)
    return MeasureRow(
        measure,
        tuple(
            CityLine(
                city=city,
                state=state_of(measure, practices.get(city)),
                practice=practices.get(city),
                figure=figures.get(city.slug),
            )
            for city in shown
        ),
    )
