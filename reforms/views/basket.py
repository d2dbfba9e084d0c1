"""The page of the basket: its entries in the reader's order, to move, remove, compare and take away."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from reforms.days import at_day
from reforms.filters import (
    ITEMS_LIMIT,
    LENGTH_LIMIT,
    Basket,
    BasketEntry,
    BasketFilterSet,
    Names,
    Speaking,
    basket_of,
    day_of,
    gather,
)
from reforms.views.carrying import carries_basket
from reforms.views.days import shows_day


@dataclass(frozen=True)
class BasketRow:
    """One entry with the addresses of the basket without it, and with it a place up or down.

    An address is empty where the entry is the first or the last.
    """

    entry: BasketEntry
    remove: str
    up: str
    down: str


@require_safe
@carries_basket
@shows_day
def basket(request: HttpRequest) -> HttpResponse:
    """Show what the basket holds, and what of it is no longer listed; at most 6 queries.

    Other parameters are ignored: the basket is shown whole.
    """
    names = Names()
    held = basket_of(request)
    gathered = gather(held, names)
    here = at_day(reverse("basket"), day_of(request))
    context = {
        "rows": rows(held, gathered.entries, here),
        "empty": here,
        "gathered": gathered,
        "filters": BasketFilterSet(None, gathered, names=names, facets=()),
        "speaking": Speaking.of(names),
        "has_several_sources": len({entry.item.source for entry in gathered.listed}) > 1,
        "share_address": request.build_absolute_uri(held.carry(here)),
        "items_limit": ITEMS_LIMIT,
        "length_limit": LENGTH_LIMIT,
    }
    return render(request, "reforms/basket.html", context)


def rows(held: Basket, entries: tuple[BasketEntry, ...], here: str) -> list[BasketRow]:
    """Return each entry with the addresses that change its place; no query."""
    found = []
    for place, entry in enumerate(entries, start=1):
        item = entry.item
        up = held.moved(item, -1).carry(f"{here}#{item.anchor}") if place > 1 else ""
        down = held.moved(item, 1).carry(f"{here}#{item.anchor}") if place < len(held) else ""
        remove = held.without(item).carry(f"{here}#entries")
        found.append(BasketRow(entry, remove, up, down))
    return found
