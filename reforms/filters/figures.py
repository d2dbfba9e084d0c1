"""The figures that an address asks for: checked, selected, each statement once or in every place."""

from collections.abc import Iterator, Mapping
from typing import Any

import django_filters
from django.db.models import Case, CharField, F, IntegerField, Q, Value, When, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, RowNumber
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reforms.filters.facets import counted
from reforms.filters.fields import (
    PAGE_SIZE_LIMIT,
    ChoiceField,
    ChoicesField,
    ListForm,
    WholeNumberField,
)
from reforms.filters.lists import ListFilterSet
from reforms.filters.names import Names, Speaking
from reforms.filters.selections import word
from reforms.models import Figure
from reforms.records import Kind

Figures = Any

FIGURES_ON_A_PAGE = PAGE_SIZE_LIMIT
BY_INDICATOR, BY_SOURCE, BY_KIND = "indicator", "source", "kind"
SORTS: Mapping[str, Any] = {
    BY_INDICATOR: pgettext_lazy("order of the list", "By indicator"),
    BY_KIND: pgettext_lazy("order of the list", "By kind"),
    BY_SOURCE: pgettext_lazy("order of the list", "As in the source"),
}
ONCE, EACH = "once", "each"
REPEATED: Mapping[str, Any] = {
    ONCE: pgettext_lazy("of statements printed again", "Each statement once"),
    EACH: pgettext_lazy("of statements printed again", "Every place"),
}
# Every parameter, in the order in which addresses carry them.
PARAMETERS = (
    *("category", "city", "indicator", "kind", "nature", "stated_in", "source"),
    *("repeated", "sort", "page", "page_size"),
)
FILTERS = PARAMETERS[:7]
# Every facet, in the order in which pages show them, and the way to its word from a figure.
PATHS = {
    "category": "practice__measure__category__slug",
    "city": "practice__city__slug",
    "kind": "indicator__kind",
    "nature": "nature",
    "stated_in": "stated_in",
    "indicator": "indicator__slug",
    "source": "practice__measure__source__slug",
}
FACETS = tuple(PATHS)
IN_ORDER = (
    "practice__measure__source__position",
    "practice__measure__position",
    "practice__city__position",
    "position",
)


def statement_word() -> Case:
    """Return what a figure states: itself, or with others of its source and city the same statement."""
    shared = Concat(
        Cast("practice__measure__source", CharField()),
        word(":"),
        Cast("practice__city", CharField()),
        word(":"),
        F("statement"),
    )
    return Case(
        When(Q(statement__isnull=True), then=Cast("pk", CharField())),
        default=shared,
        output_field=CharField(),
    )


def kind_place() -> Combinable:
    """Return the place of a figure's kind among the kinds."""
    places = [
        When(indicator__kind=kind, then=Value(place)) for place, kind in enumerate(Kind, start=1)
    ]
    return Case(*places, default=Value(0), output_field=IntegerField())


class WordFilter(django_filters.Filter):
    """A facet of figures: any of its words."""

    field_class = ChoicesField

    def filter(self, figures: Figures, values: tuple[str, ...]) -> Figures:
        """Return the figures with any of the values; all if there are none."""
        return figures.filter(**{f"{self.field_name}__in": values}) if values else figures


class RepeatedFilter(django_filters.Filter):
    """Whether a statement that is printed in several places is listed once or in every place."""

    field_class = ChoiceField

    def filter(self, figures: Figures, value: str) -> Figures:
        """Return the figures, or of each statement of a city the first in print.

        The first among those given: what narrows a list comes before.
        """
        if value == EACH:
            return figures
        place = Window(RowNumber(), partition_by=[statement_word()], order_by=list(IN_ORDER))
        return figures.annotate(place_of_statement=place).filter(place_of_statement=1)


class SortFilter(django_filters.Filter):
    """The parameter that orders the list; every order ends in the integers of source and place."""

    field_class = ChoiceField

    def filter(self, figures: Figures, value: str) -> Figures:
        """Return the figures in the order asked for."""
        match value:
            case "source":
                return figures.order_by(*IN_ORDER)
            case "kind":
                return figures.order_by(kind_place(), "indicator__position", *IN_ORDER)
        return figures.order_by("indicator__position", *IN_ORDER)


class FigureListForm(ListForm):
    """How much of the list of figures a page shows: as a rule all that a page may hold."""

    page_size = WholeNumberField(
        label=_("Entries on a page"),
        default=FIGURES_ON_A_PAGE,
        most=PAGE_SIZE_LIMIT,
        required=False,
    )


class FigureFilterSet(ListFilterSet):
    """The list of the figures of public measures that an address asks for.

    Takes the ``QueryDict`` of a request; parameters that it does not know are ignored. Test
    ``is_valid()`` first: a refused address selects nothing, and ``errors`` says why, by parameter.
    What a source prints in several places of one city is one entry, the first of the places that
    the filters leave, unless every place is asked for. Costs 3 queries for names, 1 for all counts,
    1 for a page, and 1 for ``ways_out``.
    """

    category = WordFilter(PATHS["category"], label=_("Category"))
    city = WordFilter(PATHS["city"], label=_("City"))
    indicator = WordFilter(PATHS["indicator"], label=_("Indicator"))
    kind = WordFilter(PATHS["kind"], label=_("Kind of figure"))
    nature = WordFilter(PATHS["nature"], label=_("Nature"))
    stated_in = WordFilter(PATHS["stated_in"], label=_("Where it is stated"))
    source = WordFilter(PATHS["source"], label=_("Source"))
    repeated = RepeatedFilter(
        label=_("Statements printed again"), default=ONCE, choices=list(REPEATED.items())
    )
    sort = SortFilter(label=_("Order"), default="", choices=list(SORTS.items()))

    parameter_names = PARAMETERS
    filter_names = FILTERS
    facet_names = FACETS
    defaults = {"repeated": ONCE, "page": 1, "page_size": FIGURES_ON_A_PAGE}

    class Meta:
        model = Figure
        fields: list[str] = []
        form = FigureListForm

    def __init__(self, data: QueryDict | None = None, *, names: Names | None = None) -> None:
        super().__init__(QueryDict() if data is None else data, Figure.objects.public())
        self.names = names or Names()
        for name in FACETS:
            self.form.fields[name].choices = list(self.names.of(name, Speaking(())).items())

    # --- What is asked ---

    def usual_sorts(self, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the usual order, which addresses leave out."""
        return (BY_INDICATOR,)

    @property
    def sorts(self) -> list[tuple[str, Any]]:
        """Value and label of each order of the list."""
        return list(SORTS.items())

    @property
    def stands_by_indicator(self) -> bool:
        """Tell whether the figures of one indicator stand together."""
        return self.chosen.get("sort") != BY_SOURCE

    @property
    def repeats_each(self) -> bool:
        """Tell whether a statement is listed in every place where it is printed."""
        return self.chosen.get("repeated") == EACH

    def labels(self, name: str) -> dict[str, str]:
        """Return value and label of a facet's choices."""
        return {value: str(label) for value, label in self.names.of(name, Speaking(())).items()}

    # --- What is selected ---

    @property
    def qs(self) -> Figures:
        """The figures asked for, in their order; none where the address is refused."""
        if not self.is_valid():
            return self.queryset.none()
        entries = self.filters["repeated"].filter(self.selected(), self.chosen["repeated"])
        return self.filters["sort"].filter(entries, self.chosen["sort"])

    def selected(self, *, without: str = "") -> Figures:
        """Return the figures under every filter but one, in every place and in no order."""
        figures = self.queryset
        for name in FACETS:
            if name != without:
                figures = self.filters[name].filter(figures, self.chosen.get(name))
        return figures

    def for_page(self) -> Figures:
        """Return the list, each figure with all that a row shows; 1 query."""
        return self.qs.select_related(
            "indicator",
            "practice__city",
            "practice__outcome",
            "practice__measure__category",
            "practice__measure__source",
        ).defer("practice__measure__source__text", "practice__measure__source__other_numbers")

    # --- What is counted ---

    def counted(self, rows: Figures, facet: str, choice: Any) -> Any:
        """Return a query for rows of facet, choice and number of entries, one row a choice."""
        return counted(rows, facet, choice, "pk" if self.repeats_each else statement_word())

    def countings(self) -> Iterator[Any]:
        """Yield the ``counted`` queries: entries with each statement once and in every place, facets."""
        yield counted(self.selected(), "repeated", word(ONCE), statement_word())
        yield counted(self.selected(), "repeated", word(EACH))
        for name, path in PATHS.items():
            yield self.counted(self.selected(without=name), name, F(path))

    @property
    def whole_query(self) -> str:
        """The query of the whole list, with each statement once or in every place as here."""
        return self.query(**dict.fromkeys((*FILTERS, "sort", "page_size")))

    @property
    def statements(self) -> int:
        """How many statements are asked for, each counted once."""
        return self.counts.get(("repeated", ONCE), 0) if self.is_valid() else 0

    @property
    def places(self) -> int:
        """In how many places they are printed."""
        return self.counts.get(("repeated", EACH), 0) if self.is_valid() else 0

    @property
    def total(self) -> int:
        """How many entries are asked for: the length of the list."""
        return self.places if self.repeats_each else self.statements
