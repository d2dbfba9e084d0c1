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
from reforms.models.fields import in_english
from reforms.search import Excerpt, NamedRow, best_excerpt, names_found
from reforms.text import Phrase


@dataclass(frozen=True)
class CityLine:
    """One city in a row: its practice with its own key figure, or the state of its absence."""

    city: City
    state: State
    practice: Practice | None
    figure: Figure | None
    excerpt: Excerpt | None = None


@dataclass(frozen=True)
class MeasureRow:
    """One measure with a line for each city that has a practice or is spoken of.

    ``named`` are the themes and indicators whose names hold the words looked for.
    """

    measure: Measure
    lines: tuple[CityLine, ...]
    named: tuple[NamedRow, ...] = ()


@require_safe
def measure_list(request: HttpRequest) -> HttpResponse:
    """List the measures that the address asks for, a page of them; at most 12 queries.

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
            phrases = filters.search.phrases if filters.search else []
            named = names_found(page, phrases, filters.names.vocabulary) if phrases else {}
            context["rows"] = [
                row(measure, filters.cities, phrases, named.get(measure.pk, ())) for measure in page
            ]
        except EmptyPage:
            status = 404
    return render(request, "reforms/measure_list.html", context, status=status)


def row(
    measure: Measure,
    cities: Sequence[City],
    phrases: Sequence[Phrase] = (),
    named: Sequence[NamedRow] = (),
) -> MeasureRow:
    """Return a measure as the list shows it, with each city's best passage for the phrases.

    No query on a measure fetched ``for_list``, with its errata where there are phrases.
    """
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
                excerpt=_excerpt(measure, practices.get(city), phrases),
            )
            for city in shown
        ),
        tuple(named),
    )


def _excerpt(
    measure: Measure, practice: Practice | None, phrases: Sequence[Phrase]
) -> Excerpt | None:
    if practice is None or not phrases:
        return None
    return best_excerpt(practice, measure.errata.all(), phrases, prefers_english=in_english())
