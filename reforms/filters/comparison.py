"""The comparison that an address asks for: its rows, what a cell shows, and coverage by category."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

import django_filters
from django.db.models import F
from django.db.models.functions import Concat
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reforms.filters.compared import asked_cities, chosen_cities, with_cities
from reforms.filters.facets import counted
from reforms.filters.fields import ChoiceField
from reforms.filters.gaps import with_figures_of_outcomes
from reforms.filters.measures import COMPARISON_FACETS, DEFAULTS, PARAMETERS, MeasureFilterSet
from reforms.filters.names import ONLY, Names, Speaking
from reforms.filters.selections import Measures, coverage_word, word

BY_MEASURE, BY_THEME = "measure", "theme"
ROWS: Mapping[str, Any] = {
    BY_MEASURE: pgettext_lazy("rows of the comparison", "By measure"),
    BY_THEME: pgettext_lazy("rows of the comparison", "By theme, across measures"),
}
WHOLE, OUTCOMES = "whole", "outcomes"
SHOWN: Mapping[str, Any] = {
    WHOLE: pgettext_lazy("shown in a cell", "Practices and outcomes"),
    OUTCOMES: pgettext_lazy("shown in a cell", "Outcomes only"),
}
# Parts the category from the coverage in the word a measure is counted under.
IN = " "


class WayFilter(django_filters.Filter):
    """A parameter that says how the comparison is shown; it selects nothing."""

    field_class = ChoiceField


@dataclass(frozen=True)
class CoverageCount:
    """How many measures of a category have a coverage; the query of the comparison of just those.

    ``start`` is how many of the category come before them in the picture; ``colour`` is that of the
    only city, empty for a coverage of several or none.
    """

    value: str
    label: str
    count: int
    start: int
    colour: str
    query: str


@dataclass(frozen=True)
class CategoryCoverage:
    """The measures of a category by coverage, in the order of the coverages."""

    slug: str
    name: str
    counts: tuple[CoverageCount, ...]

    @property
    def total(self) -> int:
        """How many measures of the category there are, whatever their coverage."""
        return sum(count.count for count in self.counts)


class ComparisonFilterSet(MeasureFilterSet):
    """The measures that a comparison has, of the cities of its address in their order.

    Takes the ``QueryDict`` of a request; fewer than two cities are completed from the catalog's
    first. ``asked`` stands in for the cities of an address that names none, in the catalog's order.
    Costs what a ``MeasureFilterSet`` costs: coverage by category is counted with the rest.
    """

    by = WayFilter(label=_("Rows"), default=BY_MEASURE, choices=list(ROWS.items()))
    show = WayFilter(label=_("Shown in a cell"), default=WHOLE, choices=list(SHOWN.items()))

    parameter_names = (*PARAMETERS[:-3], "by", "show", *PARAMETERS[-3:])
    defaults = {**DEFAULTS, "by": BY_MEASURE, "show": WHOLE}

    class Meta(MeasureFilterSet.Meta):
        pass

    def __init__(
        self,
        data: QueryDict,
        *,
        names: Names | None = None,
        facets: Sequence[str] = COMPARISON_FACETS,
        asked: Sequence[str] = (),
    ) -> None:
        names = names or Names(is_searching=bool(data.get("q")))
        self.asked = asked_cities(data) or list(asked)
        # The order of the columns: that of the address, else the catalog's.
        self.compared = chosen_cities(self.asked, names)
        if not asked_cities(data):
            self.compared.sort(key=attrgetter("position"))
        super().__init__(with_cities(data, self.asked, self.compared), names=names, facets=facets)

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """The accepted value of each parameter, the cities in the order of the address."""
        chosen = super().chosen
        if "city" in chosen:
            chosen["city"] = tuple(city.slug for city in self.compared)
        return chosen

    @property
    def completed_with(self) -> list[Any]:
        """The cities that were added because one alone cannot be compared; none if none was asked."""
        return [city for city in self.compared if self.asked and city.slug not in self.asked]

    @property
    def columns(self) -> Speaking:
        """The compared cities in the order of the columns, as words."""
        return Speaking(tuple(self.compared))

    def query(self, **changes: Any) -> str:
        """Return the canonical query; what a cell shows is no question where a row is a theme."""
        if changes.get("by", self.chosen.get("by")) == BY_THEME:
            changes["show"] = None
        return super().query(**changes)

    def selected(self, **options: Any) -> Measures:
        """Return the measures under every filter but one; the figures shown are those selected by."""
        if self.shows_outcomes_only:
            self.filters["figures"].select = with_figures_of_outcomes
        return super().selected(**options)

    @property
    def has_own_figures(self) -> bool:
        """Tell whether the list of figures knows every filter of this comparison, its cities aside."""
        known = {"category", "source", "city"}
        return not any(self.chosen.get(name) for name in self.filter_names if name not in known)

    @property
    def figures_query(self) -> str:
        """The query of the list of figures of these measures and cities."""
        return self.query_of("category", "city", "source")

    @property
    def query_of_cities(self) -> str:
        """The query with the cities alone, as far as they were asked for."""
        others = dict.fromkeys(name for name in self.parameter_names if name != "city")
        return self.query(**others, **({} if self.asked else {"city": None}))

    @property
    def query_alone(self) -> str:
        """The query of one measure's comparison: the cities, as far as asked for, and what is shown."""
        names = (name for name in self.parameter_names if name not in {"city", "show"})
        return self.query(**dict.fromkeys(names), **({} if self.asked else {"city": None}))

    @property
    def is_by_theme(self) -> bool:
        """Tell whether a row is a theme."""
        return bool(self.chosen.get("by") == BY_THEME)

    @property
    def shows_outcomes_only(self) -> bool:
        """Tell whether the cells leave out the practices."""
        return bool(self.chosen.get("show") == OUTCOMES) and not self.is_by_theme

    def countings(self) -> Iterator[Any]:
        """Yield the ``counted`` queries of a list, and of coverage by category."""
        yield from super().countings()
        place = Concat(F("category__slug"), word(IN), coverage_word(self.speaking))
        yield counted(self.selected(without="coverage"), "category_coverage", place)

    @cached_property
    def coverage_by_category(self) -> list[CategoryCoverage]:
        """The categories with any measure, whatever its coverage, in their order."""
        labels = self.names.of("coverage", self.speaking)
        found = []
        for slug, name in self.names.of("category", self.speaking).items():
            counts: list[CoverageCount] = []
            for value, label in labels.items():
                count = self.counts.get(("category_coverage", f"{slug}{IN}{value}"), 0)
                start = sum(before.count for before in counts)
                query = self.query(category=(slug,), coverage=(value,))
                colour = self._colour(value)
                counts.append(CoverageCount(value, str(label), count, start, colour, query))
            found.append(CategoryCoverage(slug, str(name), tuple(counts)))
        return [category for category in found if category.total]

    @property
    def widest_category(self) -> int:
        """How many measures the category with most of them has: the scale of the picture."""
        return max((category.total for category in self.coverage_by_category), default=0)

    def _colour(self, coverage: str) -> str:
        cities = {f"{ONLY}{city.slug}": str(city.colour) for city in self.compared}
        return cities.get(coverage, "")
