"""What the catalog holds of a basket, entry by entry, and the same as a list under the same filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Case, IntegerField, Prefetch, Value, When
from django.http import QueryDict
from django.utils.translation import pgettext_lazy

from reforms.coverage import State, state_of
from reforms.filters.basket import Basket, Item
from reforms.filters.comparison import ComparisonFilterSet
from reforms.filters.measures import (
    COMPARISON_FACETS,
    FACETS,
    IN_ORDER,
    SORTS,
    MeasureFilterSet,
)
from reforms.filters.names import Names, Speaking
from reforms.filters.selections import Measures
from reforms.models import City, Measure, Practice

AS_GATHERED = "basket"
OWN_ORDER = (AS_GATHERED, pgettext_lazy("order of the list", "As in the basket"))


class Standing(StrEnum):
    """Whether an item of a basket can be taken, and if not, why."""

    LISTED = "listed"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"
    UNKNOWN_CITY = "unknown_city"


@dataclass(frozen=True)
class BasketEntry:
    """One item of a basket with what the catalog holds of it.

    ``state`` says what is known of the chosen city, null where none is chosen.
    """

    item: Item
    standing: Standing
    measure: Measure | None = None
    city: City | None = None
    state: State | None = None

    @property
    def is_listed(self) -> bool:
        """Tell whether it can be compared and taken away."""
        return self.standing == Standing.LISTED

    @property
    def has_practice(self) -> bool:
        """Tell whether the text held states a practice of the chosen city."""
        return self.state in {State.OUTCOME, State.PRACTICE, State.PENDING}


@dataclass(frozen=True)
class Gathered:
    """The entries of a basket, in its order."""

    entries: tuple[BasketEntry, ...]

    @property
    def listed(self) -> list[BasketEntry]:
        """The entries that can be compared and taken away."""
        return [entry for entry in self.entries if entry.is_listed]

    @property
    def left_out(self) -> list[BasketEntry]:
        """The entries that cannot."""
        return [entry for entry in self.entries if not entry.is_listed]

    @property
    def measures(self) -> list[int]:
        """The numbers of the measures to be taken, each once, at its first place in the basket."""
        return list(dict.fromkeys(entry.measure.pk for entry in self.listed if entry.measure))

    @cached_property
    def cities_taken(self) -> Mapping[str, tuple[str, ...]]:
        """The cities to be taken of each measure of which the basket names cities only."""
        taken: dict[str, list[str]] = {}
        for entry in self.listed:
            taken.setdefault(entry.item.identity, []).append(entry.item.city)
        return {identity: tuple(cities) for identity, cities in taken.items() if all(cities)}

    def cities(self, names: Names) -> list[str]:
        """Return the cities of its comparison: those named, and for whole measures the first two."""
        named = [entry.item.city for entry in self.listed if entry.item.city]
        has_whole = any(not entry.item.city for entry in self.listed)
        return list(dict.fromkeys([*named, *(Speaking.of(names).slugs if has_whole else ())]))


def gather(basket: Basket, names: Names) -> Gathered:
    """Return what the catalog holds of each item; 2 queries, besides the names of the cities.

    No query for an empty basket.
    """
    if not basket.items:
        return Gathered(())
    practices = Practice.objects.only("measure_id", "city_id", "outcome_state")
    measures = (
        Measure.objects.named({item.identity for item in basket.items})
        .filter(source__is_public=True)
        .select_related("source", "category")
        .defer("source__text", "source__other_numbers")
        .prefetch_related(Prefetch("practices", practices.order_by()))
    )
    held = {measure.identity: measure for measure in measures}
    cities = {city.slug: city for city in names.cities}
    return Gathered(
        tuple(_entry(item, held.get(item.identity), cities.get(item.city)) for item in basket.items)
    )


def _entry(item: Item, measure: Measure | None, city: City | None) -> BasketEntry:
    if measure is None:
        return BasketEntry(item, Standing.UNKNOWN)
    if measure.is_withdrawn or measure.source.is_withdrawn:
        return BasketEntry(item, Standing.WITHDRAWN, measure, city)
    if not item.city:
        return BasketEntry(item, Standing.LISTED, measure)
    if city is None:
        return BasketEntry(item, Standing.UNKNOWN_CITY, measure)
    practices = {practice.city_id: practice for practice in measure.practices.all()}
    state = state_of(measure, practices.get(city.pk))
    return BasketEntry(item, Standing.LISTED, measure, city, state)


def _every(measures: Measures, values: Sequence[str], speaking: Speaking) -> Measures:
    """Select every measure."""
    return measures


class BasketFilterSet(MeasureFilterSet):
    """The measures of a basket that an address asks for: in the basket's order, under every filter.

    Costs as ``MeasureFilterSet``.
    """

    def __init__(
        self,
        data: QueryDict | None,
        gathered: Gathered,
        *,
        names: Names,
        facets: Sequence[str] = FACETS,
    ) -> None:
        super().__init__(data, names=names, facets=facets)
        self.hold(gathered)

    def hold(self, gathered: Gathered) -> None:
        """Restrict the list to the measures of a basket, and let its order be asked for."""
        self.gathered = gathered
        self.queryset = Measure.objects.public().filter(pk__in=gathered.measures)
        self.form.fields["sort"].choices = [OWN_ORDER, *SORTS.items()]

    def usual_sorts(self, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the usual order, which addresses leave out: the basket's own."""
        return (AS_GATHERED,)

    @property
    def sorts(self) -> list[tuple[str, Any]]:
        """Value and label of each order of the list, the basket's own first."""
        return [OWN_ORDER, *super().sorts]

    @property
    def qs(self) -> Measures:
        """The measures asked for, in their order; none where the address is refused."""
        if self.is_valid() and self.chosen["sort"] == AS_GATHERED:
            return self.selected().order_by(_place(self.gathered.measures), *IN_ORDER)
        return super().qs


class BasketComparison(BasketFilterSet, ComparisonFilterSet):
    """The comparison of a basket's measures, in its order.

    Without cities in the address they are those of the basket, in the catalog's order. ``city``
    names the columns and drops no measure. Costs as ``ComparisonFilterSet``.
    """

    def __init__(
        self,
        data: QueryDict,
        gathered: Gathered,
        *,
        names: Names,
        facets: Sequence[str] = COMPARISON_FACETS,
    ) -> None:
        ComparisonFilterSet.__init__(
            self, data, names=names, facets=facets, asked=gathered.cities(names)
        )
        self.hold(gathered)
        self.filters["city"].select = _every


def _place(measures: Sequence[int]) -> Case:
    """Return the place of a measure in the basket, from 1."""
    places = [When(pk=number, then=Value(place)) for place, number in enumerate(measures, start=1)]
    return Case(*places, default=Value(0), output_field=IntegerField())
