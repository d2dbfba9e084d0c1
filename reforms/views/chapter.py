"""The chapter: a list's measures whole, one after the other, to be read or printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import EmptyPage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reforms.citations import Citation, cite_measure, short_citation
from reforms.compare import (
    Row,
    compare_cities,
    compare_whole,
    with_repeated_outcomes,
    with_words,
)
from reforms.filters import (
    PAGE_SIZE_LIMIT,
    BasketFilterSet,
    Gathered,
    MeasureFilterSet,
    Names,
    absolute_at_day,
    basket_of,
    gather,
)
from reforms.models import City, Measure
from reforms.places import Place, place_in_source, with_place
from reforms.views.asked import asked_of, asked_of_basket
from reforms.views.carrying import carries_basket
from reforms.views.days import shows_day


@dataclass(frozen=True)
class Entry:
    """One measure of a chapter; ``anchor`` is its name in the page."""

    anchor: str
    row: Row
    place: Place | None
    citation: Citation

    @property
    def measure(self) -> Measure:
        """The measure itself."""
        return self.row.measure


@require_safe
@carries_basket
@shows_day
def chapter(request: HttpRequest) -> HttpResponse:
    """Show the measures that the address asks for, whole, a page of them.

    Takes the list's parameters; at most 13 queries. 400 for a value that is refused, with its
    message and no measures; 404 for a page beyond the end, with a link to the last.
    """
    filters = MeasureFilterSet(request.GET, facets=())
    canonical = filters.query(page=filters.chosen.get("page")).removeprefix("?")
    context = {"address": reverse("chapter"), "kind": "measures", "canonical_query": canonical}
    return show(request, filters, context)


@require_safe
@carries_basket
@shows_day
def basket_chapter(request: HttpRequest) -> HttpResponse:
    """Show the measures of the basket whole, in its order; 2 queries more than ``chapter``.

    An entry with a city gives that city alone. Refusals as ``chapter``.
    """
    names = Names(is_searching=bool(request.GET.get("q")))
    gathered = gather(basket_of(request), names)
    filters = BasketFilterSet(request.GET, gathered, names=names, facets=())
    context = {
        "address": reverse("basket_chapter"),
        "kind": "basket",
        "gathered": gathered,
        "canonical_query": "",
    }
    return show(request, filters, context)


def show(request: HttpRequest, filters: MeasureFilterSet, context: dict[str, Any]) -> HttpResponse:
    """Answer with the page of a chapter."""
    context |= {"filters": filters, "page_size_limit": PAGE_SIZE_LIMIT}
    status = 200
    if not filters.is_valid():
        status = 400
    else:
        asked = asked_of(request, filters, _("Reform measures"), context["address"])
        gathered = context.get("gathered")
        if gathered:
            asked = asked_of_basket(request, asked, filters, gathered)
        context["asked"] = asked
        try:
            context |= chapter_page(request, filters, gathered)
        except EmptyPage:
            status = 404
    return render(request, "reforms/chapter.html", context, status=status)


def chapter_page(
    request: HttpRequest, filters: MeasureFilterSet, gathered: Gathered | None
) -> Mapping[str, Any]:
    """Return the page of the chapter that is asked for; raises ``EmptyPage`` beyond the end.

    6 queries, whatever the number of measures.
    """
    paginator = filters.paginated(with_place(with_words(filters.qs)))
    page = paginator.page(filters.chosen["page"])
    taken = gathered.cities_taken if gathered else {}
    known = {city.slug: city for city in filters.names.cities}
    rows = []
    for measure in page:
        only = [known[slug] for slug in taken.get(measure.identity, ())]
        rows.append(row(measure, filters.cities, only))
    entries = [entry(each, request) for each in with_repeated_outcomes(rows)]
    sources = {each.measure.source.pk: each.measure.source for each in entries}
    return {
        "page": page,
        "entries": entries,
        "sources": [source for source in sources.values() if source.missing_zh],
        "phrases": filters.phrases,
    }


def row(measure: Measure, cities: Sequence[City], only: Sequence[City]) -> Row:
    """Return a measure with ``only`` some cities if there are any; no query on one ``with_words``."""
    prefix = f"{measure.source.slug}-{measure.key}-"
    if only:
        return compare_cities(measure, only, prefix)
    return compare_whole(measure, cities, prefix)


def entry(row: Row, request: HttpRequest) -> Entry:
    """Return a measure as a chapter shows it; no query on one fetched with its place."""
    measure = row.measure
    address = absolute_at_day(request, measure.get_absolute_url())
    return Entry(
        anchor=row.anchor,
        row=row,
        place=place_in_source(measure),
        citation=short_citation(cite_measure(measure, address, row.anchor)),
    )
