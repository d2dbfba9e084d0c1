"""The comparison of the catalog, of a basket or of one measure: a row a measure or a theme, a column a city."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reforms.citations import cite_comparison, cite_official
from reforms.compare import (
    MOST_POINTS,
    AlignedRow,
    align,
    compare_themes,
    tally_themes,
    with_repeated_outcomes,
    with_words,
)
from reforms.compare import compare as compare_measures
from reforms.copying import link_to_comparison
from reforms.days import at_day
from reforms.exports.wording import colon, joined
from reforms.filters import (
    WORDS_LIMIT,
    BasketComparison,
    ComparisonFilterSet,
    CountedPaginator,
    Names,
    absolute_at_day,
    basket_of,
    day_of,
    gather,
)
from reforms.models import Identification, Measure
from reforms.models.fields import in_english
from reforms.views.asked import measure_name, merged
from reforms.views.carrying import carries_basket
from reforms.views.days import shows_day
from reforms.views.errors import gone
from reforms.views.lists import has_plain_address

# The facets in sight, and those one step away.
OPEN_FACETS = ("category", "outcome", "figures")
FOLDED_FACETS = ("coverage", "theme", "kind", "status", "source", "year")


@require_safe
@carries_basket
@has_plain_address(ComparisonFilterSet)
@shows_day
def compare(request: HttpRequest) -> HttpResponse:
    """Show measures, or themes across them, with what two or more cities do side by side.

    At most 14 queries, 2 more where words had to be mended. Cities stand in the order of the
    address; fewer than two are completed from the catalog's first. A bad value answers 400 with
    its message at its field, a page beyond the end 404.
    """
    context = {"address": reverse("compare"), "kind": "compare"}
    return show(request, ComparisonFilterSet(request.GET), context)


@require_safe
@carries_basket
@has_plain_address(BasketComparison)
@shows_day
def basket_compare(request: HttpRequest) -> HttpResponse:
    """Show the measures of the basket side by side, in its order; at most 16 queries.

    Without cities in the address they are those that its items name and, for whole measures, the
    catalog's first two, completed to two, in the catalog's order. No city drops a measure. Refusals
    as ``compare``.
    """
    names = Names(is_searching=bool(request.GET.get("q")))
    gathered = gather(basket_of(request), names)
    filters = BasketComparison(request.GET, gathered, names=names)
    context = {
        "address": reverse("basket_compare"),
        "kind": "basket_compare",
        "gathered": gathered,
        "canonical_query": "",
    }
    return show(request, filters, context)


def show(
    request: HttpRequest, filters: ComparisonFilterSet, context: dict[str, Any]
) -> HttpResponse:
    """Answer with the page of a comparison; 400 for a value that is refused, 404 beyond the end."""
    facets = [filters.facet(name) for name in (*OPEN_FACETS, *FOLDED_FACETS)]
    offered = [facet for facet in facets if not facet.cannot_change]
    folded = [facet for facet in offered if facet.name in FOLDED_FACETS]
    context = {
        "filters": filters,
        "cities": filters.compared,
        "others": [city for city in filters.names.cities if city not in filters.compared],
        "speaking": filters.columns,
        "words_limit": WORDS_LIMIT,
        "open_facets": [facet for facet in offered if facet.name in OPEN_FACETS],
        "folded_facets": folded,
        "folded_is_used": any(facet.errors or filters.chosen.get(facet.name) for facet in folded),
        "not_offered": [facet for facet in facets if facet not in offered],
        "swapped": tuple(city.slug for city in reversed(filters.compared)),
        "canonical_query": filters.query(
            page=filters.chosen.get("page"),
            city=filters.chosen.get("city") if filters.asked else None,
        ).removeprefix("?"),
        **context,
    }
    status = 400
    if filters.is_valid():
        coverage = filters.facet("coverage").choices
        context |= {
            "coverage": coverage,
            "total": sum(choice.count or 0 for choice in coverage),
        }
        status = add_rows(context, filters)
        if status == 200 and shown_measures(context):
            add_citations(context, request)
    return render(request, "reforms/compare.html", context, status=status)


@require_safe
@carries_basket
@shows_day
def compare_measure(request: HttpRequest, source: str, key: str) -> HttpResponse:
    """Show one measure's comparison, of the cities and in the way that the address asks for.

    At most 11 queries, 2 more where words had to be mended. A withdrawn measure answers 410, a bad
    value 400.
    """
    measures = with_words(Measure.objects.filter(source__is_public=True))
    measure = get_object_or_404(measures, source__slug=source, key=key)
    if measure.is_withdrawn or measure.source.is_withdrawn:
        return gone(request, measure)
    filters = ComparisonFilterSet(request.GET)
    context: dict[str, Any] = {
        "filters": filters,
        "measure": measure,
        "cities": filters.compared,
        "is_alone": True,
        "speaking": filters.columns,
        "rows": aligned([measure], filters),
        "swapped": tuple(city.slug for city in reversed(filters.compared)),
        "canonical_query": filters.query_alone.removeprefix("?"),
    }
    status = 400
    if filters.is_valid():
        status = 200
        address = absolute_at_day(request, f"{request.path}{filters.query_alone}")
        context |= cited(context, [measure], [measure_name(measure)], [measure.title], address)
    return render(request, "reforms/compare_measure.html", context, status=status)


def add_rows(context: dict[str, Any], filters: ComparisonFilterSet) -> int:
    """Put the page of rows into the context; return the status of the answer."""
    paginator = pages_of_themes(filters) if filters.is_by_theme else pages_of_measures(filters)
    context["last_page"] = paginator.num_pages
    try:
        page = paginator.page(filters.chosen["page"])
    except EmptyPage:
        return 404
    context["page"] = page
    if filters.is_by_theme:
        context["themes"] = compare_themes(list(page), filters.selected(), filters.compared)
        context["most_points"] = MOST_POINTS
    else:
        context["rows"] = aligned(page, filters)
    return 200


def aligned(measures: Iterable[Measure], filters: ComparisonFilterSet) -> list[AlignedRow]:
    """Return the measures as rows of the compared cities, with their points and figures aligned."""
    rows = with_repeated_outcomes(compare_measures(measures, filters.compared))
    return [
        align(row, is_english=in_english(), has_outcomes_only=filters.shows_outcomes_only)
        for row in rows
    ]


def pages_of_measures(filters: ComparisonFilterSet) -> Paginator:
    """Return the measures of the comparison in pages, by the count already made."""
    return CountedPaginator(with_words(filters.qs), filters.page_size, filters.total)


def pages_of_themes(filters: ComparisonFilterSet) -> Paginator:
    """Return the themes on which the cities have points, in pages; 1 query."""
    chosen = filters.chosen.get("theme", ())
    tallies = tally_themes(filters.selected(), filters.compared, filters.names.themes, chosen)
    return CountedPaginator(tallies, filters.page_size, len(tallies))


def add_citations(context: dict[str, Any], request: HttpRequest) -> None:
    """Put how the page is cited, and the link to it, into the context; 1 query.

    A source that was identified with an official text is cited by it too.
    """
    page = context["page"]
    address = address_to_cite(context, request)
    values = {"first": page.start_index(), "last": page.end_index(), "total": page.paginator.count}
    if context["filters"].is_by_theme:
        entries = _("themes %(first)d to %(last)d of %(total)d") % values
    else:
        entries = _("entries %(first)d to %(last)d of %(total)d") % values
    named = [*asked_in_words(context["filters"]), entries]
    held = [f"{choice.label} {choice.count}" for choice in context["coverage"] if choice.count]
    context |= cited(context, shown_measures(context), named, [" · ".join(held)], address)


def cited(
    context: dict[str, Any],
    measures: Sequence[Measure],
    named: Sequence[str],
    summary: Sequence[str],
    address: str,
) -> dict[str, Any]:
    """Return how a comparison of measures is cited, and the link to it; 1 query.

    ``named`` says which entries are compared, ``summary`` what the link tells besides.
    """
    speaking = str(context["speaking"])
    found = Identification.objects.of({measure.source_id for measure in measures})
    claims = [list(of_source) for _source, of_source in groupby(found, attrgetter("source_id"))]
    official = (cite_official(of, f"cite-official-{of[0].source.slug}") for of in claims)
    title = _("%(cities)s compared") % {"cities": speaking}
    return {
        "citations": cite_comparison(speaking, measures, joined(named), address),
        "official": [each for each in official if each],
        "link": link_to_comparison(title, [*named, *summary], address),
    }


def asked_in_words(filters: ComparisonFilterSet) -> list[str]:
    """Return what narrows the comparison, a text each filter; the cities stand in its title."""
    chips = [(chip.label, chip.value) for chip in filters.chips() if chip.name != "city"]
    return [colon(label, value) for label, value in merged(chips)]


def address_to_cite(context: dict[str, Any], request: HttpRequest) -> str:
    """Return the absolute address of just this page; without its basket that of a basket is empty."""
    if "gathered" in context:
        filters = context["filters"]
        query = filters.query(page=filters.chosen["page"])
        here = at_day(f"{request.path}{query}", day_of(request))
        return request.build_absolute_uri(basket_of(request).carry(here))
    query = context["canonical_query"]
    return absolute_at_day(request, f"{request.path}{'?' if query else ''}{query}")


def shown_measures(context: dict[str, Any]) -> Sequence[Measure]:
    """Return the measures on the page, each once, in its order."""
    if context["filters"].is_by_theme:
        shown = (
            stated.measure
            for entry in context["themes"]
            for cell in entry.cells
            for stated in cell.points
        )
        return list({measure.pk: measure for measure in shown}.values())
    return [aligned_row.row.measure for aligned_row in context["rows"]]
