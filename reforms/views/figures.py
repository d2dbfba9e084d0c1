"""The list of figures: every quantity that the sources state, by indicator, beside its like."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reforms.compare import FigureRow, compared
from reforms.figures import other_places, plots
from reforms.filters import FigureFilterSet
from reforms.models import Figure, Indicator, Measure
from reforms.views.carrying import carries_basket
from reforms.views.days import shows_day
from reforms.views.lists import has_plain_address, show_list


@dataclass(frozen=True)
class FigureGroup:
    """The rows of one indicator, or of one measure, that stand together.

    ``elsewhere`` counts the entries of the indicator that stand on other pages of the list.
    """

    rows: tuple[FigureRow, ...]
    elsewhere: int = 0

    @property
    def indicator(self) -> Indicator:
        """The indicator of the rows, or of the first."""
        return self.rows[0].figure.indicator

    @property
    def measure(self) -> Measure:
        """The measure of the rows, or of the first."""
        return self.rows[0].figure.practice.measure


@require_safe
@carries_basket
@has_plain_address(FigureFilterSet)
@shows_day
def figure_list(request: HttpRequest) -> HttpResponse:
    """List the figures that the address asks for, a page of them; at most 7 queries.

    400 for a value that is refused, with a message at its field and no figures; 404 for a page
    beyond the end, with a link to the last.
    """
    filters = FigureFilterSet(request.GET)

    def groups_on(page: Page) -> dict[str, Any]:
        figures = list(page)
        return {"groups": groups_of(figures, filters), "plots": plots(figures)}

    return show_list(request, filters, "reforms/figure_list.html", groups_on)


def groups_of(figures: Sequence[Figure], filters: FigureFilterSet) -> list[FigureGroup]:
    """Return the figures of a page as rows that stand together; 1 query if any is printed again.

    By indicator each row is compared with the other cities' figures of the page; as in the source
    the rows stand by measure and nothing is compared.
    """
    repeated = other_places(figures)
    rows = [FigureRow(figure, tuple(repeated.get(figure.pk, ()))) for figure in figures]
    if not filters.stands_by_indicator:
        by_measure = groupby(rows, key=lambda row: row.figure.practice.measure_id)
        return [FigureGroup(tuple(found)) for _measure, found in by_measure]
    groups = []
    for slug, found in groupby(rows, key=lambda row: row.figure.indicator.slug):
        together = compared(list(found), has_each_place=filters.repeats_each)
        entries = filters.counts.get(("indicator", slug), 0)
        groups.append(FigureGroup(tuple(together), elsewhere=entries - len(together)))
    return groups
