"""The measures that an address asks for: checked, selected, ordered, counted and linked."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reforms.compare import Verdict
from reforms.filters import selections
from reforms.filters.facets import (
    NUMBERED,
    UNNUMBERED,
    Facet,
    counted,
    number_word,
)
from reforms.filters.fields import (
    DEFAULT_PAGE_SIZE,
    WORDS_LIMIT,
    ChoiceField,
    ChoicesField,
    ListForm,
    WordsField,
    YearsField,
)
from reforms.filters.gaps import with_figures
from reforms.filters.lists import ListFilterSet, WayOut
from reforms.filters.names import Names, Speaking
from reforms.filters.selections import Measures, Select, word
from reforms.models import Measure
from reforms.search import Search, count_letters, score_of, search
from reforms.text import Phrase

BY_SOURCE, BY_RANK = "source", "relevance"
SORTS: Mapping[str, Any] = {
    BY_RANK: pgettext_lazy("order of the list", "Best match"),
    BY_SOURCE: pgettext_lazy("order of the list", "As in the source"),
    "-number": pgettext_lazy("order of the list", "Number, highest first"),
    "-cities": pgettext_lazy("order of the list", "Number of cities"),
    "-changed": pgettext_lazy("order of the list", "Last changed"),
}
IN_ORDER = ("source__position", "position")
DEFAULTS = {"q": "", "page": 1, "page_size": DEFAULT_PAGE_SIZE}
# Every parameter, in the order in which addresses carry them.
PARAMETERS = (
    *("q", "category", "city", "coverage", "outcome", "theme", "kind", "figures"),
    *("status", "source", "year", "sort", "page", "page_size"),
)
FILTERS = PARAMETERS[:11]
# Every facet of a list, in the order in which pages show them; the comparison has one more.
FACETS = ("category", "city", "coverage", "outcome", "kind", "theme", "status", "source", "year")
COMPARISON_FACETS = (*FACETS, "figures")


def default_sort(parameters: Mapping[str, Any]) -> str:
    """Return the usual order of a list: the best match first where words are sought."""
    return BY_RANK if parameters.get("q") else BY_SOURCE


class SelectionFilter(django_filters.Filter):
    """A parameter and what it selects among measures, given the cities that are spoken of."""

    def __init__(self, select: Select, field_class: type, label: Any) -> None:
        self.field_class = field_class
        super().__init__(label=label)
        self.select = select

    def filter(self, measures: Measures, value: Any, speaking: Speaking) -> Measures:
        """Return those of the measures that the value selects; all if there is no value."""
        return self.select(measures, value, speaking) if value else measures


class WordsFilter(django_filters.Filter):
    """The words to look for; what they find is asked once for the list and all its counts."""

    field_class = WordsField


class SortFilter(django_filters.Filter):
    """The parameter that orders the list; every order ends in the integers of source and place."""

    field_class = ChoiceField

    def filter(self, measures: Measures, value: str, found: Search | None) -> Measures:
        """Return the measures in the order asked for; the best match first needs a search."""
        match value:
            case "relevance" if found and found.scores:
                return measures.order_by(score_of(found.scores).desc(), *IN_ORDER)
            case "-number":
                return measures.order_by(F("number").desc(nulls_last=True), *IN_ORDER)
            case "-cities":
                count = selections.practice_count()
                return measures.alias(city_count=count).order_by("-city_count", *IN_ORDER)
            case "-changed":
                return measures.order_by("-changed_at", *IN_ORDER)
        return measures.in_order()


class MeasureFilterSet(ListFilterSet):
    """The list of public measures that an address asks for.

    Takes the ``QueryDict`` of a request; parameters that it does not know are ignored. Test
    ``is_valid()`` first: a refused address selects nothing, and ``errors`` says why, by parameter.
    ``facets`` are those whose choices are counted: a page that shows one need not count all.
    Costs at most 2 queries for names, 1 for the words and 2 more where they had to be mended, then
    1 for all counts (``facets``, ``total``, ``numbered``), those of the queryset, and 1 for
    ``ways_out``.
    """

    q = WordsFilter(label=_("Words"))
    category = SelectionFilter(selections.in_category, ChoicesField, _("Category"))
    city = SelectionFilter(selections.in_city, ChoicesField, _("City"))
    coverage = SelectionFilter(selections.with_coverage, ChoicesField, _("Coverage"))
    outcome = SelectionFilter(selections.with_outcome, ChoicesField, _("Outcome"))
    theme = SelectionFilter(selections.on_theme, ChoicesField, _("Theme"))
    kind = SelectionFilter(selections.with_kind, ChoicesField, _("Kind of figure"))
    figures = SelectionFilter(with_figures, ChoicesField, _("Figures of the cities"))
    status = SelectionFilter(selections.with_status, ChoicesField, _("Status"))
    source = SelectionFilter(selections.in_source, ChoicesField, _("Source"))
    year = SelectionFilter(selections.in_year, YearsField, _("Year of the source"))
    sort = SortFilter(label=_("Order"), default="", choices=list(SORTS.items()))

    parameter_names: ClassVar[tuple[str, ...]] = PARAMETERS
    filter_names = FILTERS
    facet_names = COMPARISON_FACETS
    defaults: ClassVar[Mapping[str, Any]] = DEFAULTS

    class Meta:
        model = Measure
        fields: list[str] = []
        form = ListForm

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        names: Names | None = None,
        facets: Sequence[str] = FACETS,
    ) -> None:
        super().__init__(QueryDict() if data is None else data, Measure.objects.public())
        self.names = names or Names(is_searching=bool(self.data.get("q")))
        self.counted_facets = facets
        for name in COMPARISON_FACETS:
            labels = self.names.of(name, Speaking(())) if name != "coverage" else None
            choices = self.names.every_coverage() if labels is None else labels
            self.form.fields[name].choices = list(choices.items())

    # --- What is asked ---

    def usual_sorts(self, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the usual order; an address never asks for the best match: it comes with words."""
        return (default_sort(parameters), BY_RANK)

    @cached_property
    def search(self) -> Search | None:
        """What the words find, whatever the other filters; None without words."""
        words = self.chosen.get("q")
        return search(words, self.names.vocabulary) if words else None

    @property
    def phrases(self) -> list[Phrase]:
        """What to mark in the texts of what is listed; empty without words."""
        return self.search.phrases if self.search else []

    @cached_property
    def speaking(self) -> Speaking:
        """The cities that ``coverage`` and a comparison speak of."""
        return Speaking.of(self.names, self.chosen.get("city", ()))

    @property
    def cities(self) -> tuple[Any, ...]:
        """The cities spoken of, by position."""
        return self.speaking.cities

    def labels(self, name: str) -> dict[str, str]:
        """Return value and label of a facet's choices, with chosen ones that are not listed."""
        labels = {value: str(label) for value, label in self.names.of(name, self.speaking).items()}
        others = self.names.every_coverage() if name == "coverage" else {}
        for value in self.chosen.get(name, ()):
            labels.setdefault(value, str(others.get(value, value)))
        return labels

    # --- What is selected ---

    @property
    def qs(self) -> Measures:
        """The measures asked for, in their order; none where the address is refused."""
        if not self.is_valid():
            return self.queryset.none()
        return self.filters["sort"].filter(self.selected(), self.chosen["sort"], self.search)

    def selected(self, *, without: str = "", found: Search | None = None) -> Measures:
        """Return the measures under every filter but one, in no order.

        ``found`` stands in for what the words find. Without ``city``, ``coverage`` speaks of the
        first cities: so it does for one city alone.
        """
        speaking = Speaking.of(self.names) if without == "city" else self.speaking
        measures = self.queryset
        found = found or self.search
        if found and without != "q":
            measures = selections.found_by(measures, found)
        for name in COMPARISON_FACETS:
            if name != without:
                measures = self.filters[name].filter(measures, self.chosen.get(name), speaking)
        return measures

    # --- What is counted ---

    def countings(self) -> Iterator[Any]:
        """Yield the ``counted`` queries: by printed number or none, and of each facet."""
        yield counted(self.selected(), NUMBERED[0], number_word())
        for name in self.counted_facets:
            if name == "figures":
                yield from self.countings_of_figures()
                continue
            expression = selections.counted_under(name, self.speaking)
            yield counted(self.selected(without=name), name, expression)
        for value in self.chosen.get("coverage", ()):
            if value not in self.speaking.choices():
                measures = self.selected(without="coverage")
                alone = self.filters["coverage"].filter(measures, (value,), self.speaking)
                yield counted(alone, "coverage", word(value))

    def countings_of_figures(self) -> Iterator[Any]:
        """Yield a ``counted`` query for each of what figures of two cities can be to each other."""
        measures = self.selected(without="figures")
        for verdict in Verdict:
            held = self.filters["figures"].filter(measures, (verdict,), self.speaking)
            yield counted(held, "figures", word(verdict))

    @property
    def has_own_figures(self) -> bool:
        """Tell whether the list of figures knows every filter of this list: its figures are these."""
        return not any(
            self.chosen.get(name)
            for name in self.filter_names
            if name not in {"category", "source"}
        )

    @property
    def figures_query(self) -> str:
        """The query of the list of figures of these measures, where it can be asked for them."""
        return self.query_of("category", "source")

    def query_of(self, *names: str) -> str:
        """Return the query with these parameters alone."""
        pairs = [(name, value) for name in names for value in self.chosen.get(name, ())]
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Name and value of what narrows the list in facets that its page does not show."""
        unseen = (name for name in self.facet_names if name not in self.counted_facets)
        return [(name, value) for name in unseen for value in self.chosen.get(name, ())]

    def facets(self) -> list[Facet]:
        """Return every facet that is counted, with the count beside each choice."""
        return [self.facet(name) for name in self.counted_facets]

    @property
    def numbered(self) -> int:
        """How many of the measures asked for have a printed number."""
        return self.counts.get(NUMBERED, 0) if self.is_valid() else 0

    @property
    def unnumbered(self) -> int:
        """How many have none: tails of measures whose head is not held."""
        return self.counts.get(UNNUMBERED, 0) if self.is_valid() else 0

    @property
    def total(self) -> int:
        """How many measures are asked for: the length of the list."""
        return self.numbered + self.unnumbered

    def label(self, name: str) -> str:
        """Return what readers call a parameter."""
        if name == "coverage" and len(self.cities) > 1:
            return gettext("Coverage: %(cities)s") % {"cities": self.speaking}
        return super().label(name)

    def for_page(self) -> Measures:
        """Return the list, each measure with all that a row shows; 3 queries, 4 with words."""
        measures = self.qs.for_list()
        return measures.prefetch_related("errata") if self.search else measures

    @property
    def sorts(self) -> list[tuple[str, Any]]:
        """Value and label of each order of the list; the best match only where words are sought."""
        return [pair for pair in SORTS.items() if pair[0] != BY_RANK or self.search]

    @property
    def exact_query(self) -> str:
        """The query of the list for just what was typed, where something else was looked for too.

        Empty where nothing was, or where the words in quotation marks would be too long.
        """
        found = self.search
        if not found or not (found.widenings or found.mends):
            return ""
        if count_letters(found.exactly) > WORDS_LIMIT:
            return ""
        return self.query(q=found.exactly)

    # --- What is linked ---

    def word_ways(self) -> list[WayOut]:
        """Return the lists without one word each that are not empty; 1 query."""
        return self.ways_counted(self.without_words())

    def without_words(self) -> dict[WayOut, Measures]:
        """Return the lists without one word each; of a run of two the lists of each alone. No query."""
        if not self.search:
            return {}
        shorter = self.search.shorter()
        is_pair = self.search.is_apart and len(self.search.shown.clauses) == 2
        ways = {}
        # The words of a run are told in its order: without the second is only the first.
        for words, found in reversed(shorter) if is_pair else shorter:
            typed = str(found.asked)
            query = self.query(q=typed)
            way = WayOut(only=typed, query=query) if is_pair else WayOut(words=words, query=query)
            ways[way] = self.selected(found=found)
        return ways
