"""What a file or a chapter answers: what was asked of a list, in words and as the address of its page."""

from collections.abc import Iterable
from dataclasses import replace

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from reforms.exports import Asked
from reforms.filters import (
    ComparisonFilterSet,
    FigureFilterSet,
    Gathered,
    MeasureFilterSet,
    absolute_at_day,
    basket_of,
    day_of,
)
from reforms.filters.comparison import BY_THEME, OUTCOMES, ROWS, SHOWN
from reforms.filters.figures import REPEATED
from reforms.models import Measure


def asked_of(request: HttpRequest, filters: MeasureFilterSet, title: str, address: str) -> Asked:
    """Return what a list answers, in words and as the address of its page; 1 query for its length."""
    conditions = [(chip.label, chip.value) for chip in filters.chips()]
    if not filters.is_narrowed:
        conditions = [(_("Measures"), _("the whole list"))]
    conditions += sought(filters)
    order = dict(filters.sorts).get(filters.chosen["sort"])
    conditions = [*merged(conditions), (_("Order"), str(order or ""))]
    page = address + filters.query()
    return _asked(request, title, page, conditions, filters.total, filters.numbered)


def asked_of_basket(
    request: HttpRequest, asked: Asked, filters: MeasureFilterSet, gathered: Gathered
) -> Asked:
    """Return what a file of a basket answers: its address with the basket, and what is left out."""
    held = ngettext("%(count)d entry", "%(count)d entries", len(gathered.entries)) % {
        "count": len(gathered.entries)
    }
    conditions = [(_("Basket"), held)]
    if left_out := gathered.left_out:
        items = _(", ").join(str(entry.item) for entry in left_out)
        conditions.append((_("Left out, because it is not listed"), items))
    others = asked.conditions if filters.is_narrowed else asked.conditions[1:]
    return replace(
        asked,
        address=basket_of(request).carry(asked.address),
        conditions=(*conditions, *others),
    )


def asked_in_its_way(
    asked: Asked, filters: ComparisonFilterSet, themes: int | None = None
) -> Asked:
    """Return what a comparison answers with the way in which it is shown, where that is chosen.

    ``themes`` is the number of rows where a row is a theme: these have an order of their own.
    """
    conditions = list(asked.conditions)
    if filters.shows_outcomes_only:
        conditions.append((filters.label("show"), str(SHOWN[OUTCOMES])))
    if themes is not None:
        order = _("by theme; within a theme by source and position there")
        conditions[-1:] = [
            (filters.label("by"), str(ROWS[BY_THEME])),
            (_("Themes"), str(themes)),
            (_("Order"), order),
        ]
    return replace(asked, conditions=tuple(conditions))


def asked_of_measure(request: HttpRequest, measure: Measure, title: str, page: str) -> Asked:
    """Return what a file of one measure answers; ``page`` is the path of the page it stands for."""
    name = f"{measure_name(measure)} · {measure.title}".strip(" ·")
    conditions = [(_("Measure"), name)]
    return _asked(request, title, page, conditions, 1, int(measure.number is not None))


def asked_of_figures(request: HttpRequest, filters: FigureFilterSet) -> Asked:
    """Return what the list of figures answers, as ``asked_of``; 1 query for its length."""
    conditions = [(chip.label, chip.value) for chip in filters.chips()]
    if not conditions:
        conditions = [(_("Figures"), _("the whole list"))]
    conditions += [
        (filters.label("repeated"), str(REPEATED[filters.chosen["repeated"]])),
        (_("Order"), str(dict(filters.sorts)[filters.chosen["sort"]])),
    ]
    title = _("Figures of the reform measures")
    page = reverse("figure_list") + filters.query()
    return _asked(request, title, page, merged(conditions), filters.total, None)


def whole_list(query: QueryDict) -> QueryDict:
    """Return the query without the parameters that choose a page: a file has all pages."""
    whole = query.copy()
    for name in ("page", "page_size"):
        whole.pop(name, None)
    return whole


def measure_name(measure: Measure) -> str:
    """Return what a file calls a measure: its number, or its key where none is printed."""
    number = measure.key if measure.number is None else measure.number
    return str(_("Reform measure %(number)s") % {"number": number})


def sought(filters: MeasureFilterSet) -> list[tuple[str, str]]:
    """Return what was looked for besides or instead of the words typed, as the page says it."""
    found = filters.search
    if not found:
        return []
    besides = [
        (_("also looked for"), f"{widening.typed} → {_(', ').join(widening.added)}")
        for widening in found.widenings
    ]
    instead = [
        (_("looked for instead"), f"{mend.typed} → {_(', ').join(mend.shown)}")
        for mend in found.mends
    ]
    return besides + instead


def merged(conditions: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the conditions with the values of one label together."""
    values: dict[str, list[str]] = {}
    for label, value in conditions:
        values.setdefault(str(label), []).append(str(value))
    return [(label, _(", ").join(found)) for label, found in values.items()]


def _asked(
    request: HttpRequest,
    title: str,
    page: str,
    conditions: Iterable[tuple[str, str]],
    entries: int,
    numbered: int | None,
) -> Asked:
    return Asked(
        title=title,
        address=absolute_at_day(request, page),
        site=request.build_absolute_uri("/").rstrip("/"),
        language=get_language() or "",
        made_at=timezone.now(),
        as_at=day_of(request),
        conditions=tuple(conditions),
        entries=entries,
        numbered=numbered,
    )
