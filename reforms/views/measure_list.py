"""The list of measures: words, filters with counts, order and pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reforms.coverage import State, state_of
from reforms.figures import key_figures
from reforms.filters import (
    ITEMS_LIMIT,
    WORDS_LIMIT,
    Item,
    MeasureFilterSet,
    address_without_basket,
    basket_of,
)
from reforms.models import City, Figure, Measure, Practice
from reforms.models.fields import in_english
from reforms.search import Excerpt, NamedRow, best_excerpt, names_found
from reforms.text import Phrase
from reforms.views.carrying import carries_basket
from reforms.views.days import shows_day
from reforms.views.lists import has_plain_address, show_list


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


@dataclass(frozen=True)
class AddAll:
    """The link that puts a whole list into the basket, as far as it fits.

    ``added`` of its measures fit besides those that are in; ``is_cut`` where more do not.
    """

    added: int
    is_cut: bool
    address: str
    limit: int = ITEMS_LIMIT


@require_safe
@carries_basket
@has_plain_address(MeasureFilterSet)
@shows_day
def measure_list(request: HttpRequest) -> HttpResponse:
    """List the measures that the address asks for, a page of them; at most 14 queries.

    400 for a value that is refused, with a message at its field and no measures; 404 for a page
    beyond the end, with a link to the last.
    """
    filters = MeasureFilterSet(request.GET)

    def rows_of(page: Page) -> dict[str, Any]:
        phrases = filters.phrases
        named = names_found(page, phrases, filters.names.vocabulary) if phrases else {}
        rows = [
            row(measure, filters.cities, phrases, named.get(measure.pk, ())) for measure in page
        ]
        return {"rows": rows, "add_all": add_all(request, filters, page)}

    template = "reforms/measure_list.html"
    return show_list(request, filters, template, rows_of, words_limit=WORDS_LIMIT)


def add_all(request: HttpRequest, filters: MeasureFilterSet, page: Page) -> AddAll:
    """Return the link that puts the list into the basket; 1 query if it has more than one page."""
    if page.has_other_pages():
        # As many as a basket holds: of these at most as many are in as there is no room for.
        named = list(filters.qs.values_list("source__slug", "key")[:ITEMS_LIMIT])
    else:
        named = [(measure.source.slug, measure.key) for measure in page]
    held = basket_of(request)
    items = [Item(source, key) for source, key in named]
    changed = held.with_items(items)
    added = len(changed) - len(held)
    missing = sum(item not in held for item in items)
    is_cut = missing > added or filters.total > len(items)
    address = changed.carry(f"{address_without_basket(request)}#results") if added else ""
    return AddAll(added, is_cut, address)


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
