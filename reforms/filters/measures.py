"""The measures that an address asks for: checked, selected, ordered, counted and linked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reforms.filters import selections
from reforms.filters.facets import (
    NUMBERED,
    UNNUMBERED,
    Choice,
    Counts,
    Facet,
    count_together,
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
from reforms.filters.names import Names, Speaking
from reforms.filters.selections import Measures, Select, word
from reforms.models import Measure
from reforms.search import Search, score_of, search

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
    *("q", "category", "city", "coverage", "outcome", "theme", "kind", "status", "source", "year"),
    *("sort", "page", "page_size"),
)
FILTERS = PARAMETERS[:10]
# Every facet, in the order in which pages show them.
FACETS = ("category", "city", "coverage", "outcome", "kind", "theme", "status", "source", "year")


def default_sort(parameters: Mapping[str, Any]) -> str:
    """Return the usual order of a list: the best match first where words are sought."""
    return BY_RANK if parameters.get("q") else BY_SOURCE


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One value that narrows the list, with the query of the list without it."""

    name: str
    label: str
    value: str
    query: str


@dataclass(frozen=True, kw_only=True)
class WayOut:
    """A list that is longer because one filter or one word is dropped; neither is: the whole."""

    label: str = ""
    words: str = ""
    count: int = 0
    query: str = ""


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


class LinkedPage(Page):
    """A page that knows which others to link."""

    @property
    def pages(self) -> list[int | str]:
        """The numbers of the pages to link, with an ellipsis where some are left out."""
        return list(self.paginator.get_elided_page_range(self.number, on_each_side=2))


class CountedPaginator(Paginator):
    """The pages of a list whose length is known, so that none is counted again."""

    def __init__(self, measures: Measures, page_size: int, count: int) -> None:
        super().__init__(measures, page_size)
        self.count = count

    def _get_page(self, *args: Any, **kwargs: Any) -> LinkedPage:
        return LinkedPage(*args, **kwargs)


class MeasureFilterSet(django_filters.FilterSet):
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
    status = SelectionFilter(selections.with_status, ChoicesField, _("Status"))
    source = SelectionFilter(selections.in_source, ChoicesField, _("Source"))
    year = SelectionFilter(selections.in_year, YearsField, _("Year of the source"))
    sort = SortFilter(label=_("Order"), default="", choices=list(SORTS.items()))

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
        for name in FACETS:
            labels = self.names.of(name, Speaking(())) if name != "coverage" else None
            choices = self.names.every_coverage() if labels is None else labels
            self.form.fields[name].choices = list(choices.items())

    # --- What is asked ---

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """The accepted value of each parameter; tuples of values for the facets."""
        self.is_valid()
        chosen = dict(self.form.cleaned_data)
        if "sort" in chosen:
            chosen["sort"] = chosen["sort"] or default_sort(chosen)
        return chosen

    @cached_property
    def search(self) -> Search | None:
        """What the words find, whatever the other filters; None without words."""
        words = self.chosen.get("q")
        return search(words, self.names.vocabulary) if words else None

    @cached_property
    def speaking(self) -> Speaking:
        """The cities that ``coverage`` and a comparison speak of."""
        return Speaking.of(self.names, self.chosen.get("city", ()))

    @property
    def cities(self) -> tuple[Any, ...]:
        """The cities spoken of, by position."""
        return self.speaking.cities

    @property
    def is_narrowed(self) -> bool:
        """Tell whether any filter is set."""
        return any(self.chosen.get(name) for name in FILTERS)

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
        for name in FACETS:
            if name != without:
                measures = self.filters[name].filter(measures, self.chosen.get(name), speaking)
        return measures

    # --- What is counted ---

    @cached_property
    def counts(self) -> Counts:
        """The number of measures by facet and choice; 1 query."""
        queries = [counted(self.selected(), NUMBERED[0], number_word())]
        for name in self.counted_facets:
            expression = selections.counted_under(name, self.speaking)
            queries.append(counted(self.selected(without=name), name, expression))
        for value in self.chosen.get("coverage", ()):
            if value not in self.speaking.choices():
                measures = self.selected(without="coverage")
                alone = self.filters["coverage"].filter(measures, (value,), self.speaking)
                queries.append(counted(alone, "coverage", word(value)))
        return count_together(queries)

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

    def facets(self) -> list[Facet]:
        """Return every facet with the count beside each choice, as under every filter but its own.

        Where the address is refused, nothing is counted and the messages stand at their facets.
        """
        return [self.facet(name) for name in FACETS]

    def facet(self, name: str) -> Facet:
        """Return one facet."""
        chosen = self.chosen.get(name, ())
        counts = self.counts if self.is_valid() else None
        choices = tuple(
            Choice(
                value=value,
                label=label,
                count=None if counts is None else counts.get((name, value), 0),
                is_chosen=value in chosen,
            )
            for value, label in self.labels(name).items()
        )
        return Facet(
            name=name,
            label=self.label(name),
            choices=choices,
            errors=tuple(str(error) for error in self.errors.get(name, ())),
            # With nothing chosen in the facet, this is what it is counted under.
            entries=None if counts is None else self.total,
        )

    def label(self, name: str) -> str:
        """Return what readers call a parameter."""
        if name == "coverage" and len(self.cities) > 1:
            return gettext("Coverage: %(cities)s") % {"cities": self.speaking}
        return str(self.form.fields[name].label)

    @property
    def refusals(self) -> list[tuple[str, str]]:
        """Name and message of every parameter that is refused."""
        return [(self.label(name), " ".join(self.errors[name])) for name in self.errors]

    def page(self) -> Page:
        """Return the page asked for, each measure with all that a row shows; 3 queries, 4 with words.

        Raises ``EmptyPage`` for a page beyond the end.
        """
        return self.paginator.page(self.chosen["page"])

    @cached_property
    def paginator(self) -> Paginator:
        """The pages of the list, by the count already made."""
        measures = self.qs.for_list()
        if self.search:
            measures = measures.prefetch_related("errata")
        return CountedPaginator(measures, self.page_size, self.total)

    @property
    def page_size(self) -> int:
        """How many entries a page holds; the default where the address is refused for it."""
        return int(self.chosen.get("page_size", DEFAULT_PAGE_SIZE))

    @property
    def sorts(self) -> list[tuple[str, Any]]:
        """Value and label of each order of the list; the best match only where words are sought."""
        return [pair for pair in SORTS.items() if pair[0] != BY_RANK or self.search]

    @property
    def asked_sort(self) -> str:
        """The order that was asked for, empty where it is the usual one."""
        sort = self.chosen.get("sort", "")
        return "" if sort == default_sort(self.chosen) else str(sort)

    @property
    def exact_query(self) -> str:
        """The query of the list for just what was typed, where something else was looked for too.

        Empty where nothing was, or where the words in quotation marks would be too long.
        """
        found = self.search
        if not found or not (found.widenings or found.mends) or len(found.exactly) > WORDS_LIMIT:
            return ""
        return self.query(q=found.exactly)

    # --- What is linked ---

    def query(self, **changes: Any) -> str:
        """Return the canonical query of this list, with its question mark, or an empty text.

        It holds known parameters in a fixed order, without those at their default. A change of
        ``None`` drops a parameter. The page is dropped unless it is among the changes.
        """
        parameters = {**self.chosen, "page": None, **changes}
        if parameters.get("sort") in (default_sort(parameters), BY_RANK):
            parameters["sort"] = None
        pairs: list[tuple[str, str]] = []
        for name in PARAMETERS:
            value = parameters.get(name)
            if value in (None, "", ()) or value == DEFAULTS.get(name):
                continue
            values = value if isinstance(value, tuple | list) else [value]
            pairs.extend((name, str(one)) for one in values)
        return f"?{urlencode(pairs)}" if pairs else ""

    def chips(self) -> list[Chip]:
        """Return each value that narrows the list, in the order of the parameters."""
        chips = []
        if words := self.chosen.get("q"):
            chips.append(
                Chip(name="q", label=self.label("q"), value=words, query=self.query(q=None))
            )
        for name in FACETS:
            labels = self.labels(name)
            chosen = self.chosen.get(name, ())
            for value in chosen:
                rest = tuple(other for other in chosen if other != value)
                query = self.query(**{name: rest})
                chips.append(
                    Chip(name=name, label=self.label(name), value=labels[value], query=query)
                )
        return chips

    def ways_out(self) -> list[WayOut]:
        """Return the lists without one word or one filter each that are not empty, and last the whole.

        1 query.
        """
        narrowing = [name for name in FILTERS if self.chosen.get(name)]
        # Without its only filter the list is the whole, which is offered last in any case.
        dropped = narrowing if len(narrowing) > 1 else []
        ways = {
            WayOut(label=self.label(name), query=self.query(**{name: None})): (
                self.selected(without=name)
            )
            for name in dropped
        }
        return self._counted({**self._without_words(), **ways, WayOut(): self.queryset})

    def word_ways(self) -> list[WayOut]:
        """Return the lists without one word each that are not empty; 1 query."""
        return self._counted(self._without_words())

    def _without_words(self) -> dict[WayOut, Measures]:
        shorter = self.search.shorter() if self.search else []
        return {
            WayOut(words=words, query=self.query(q=str(found.asked))): self.selected(found=found)
            for words, found in shorter
        }

    def _counted(self, ways: Mapping[WayOut, Measures]) -> list[WayOut]:
        """Return the ways that lead somewhere, with the length of the list behind each; 1 query."""
        if not ways:
            return []
        queries = [
            counted(measures, "way", word(str(place)))
            for place, measures in enumerate(ways.values())
        ]
        counts = count_together(queries)
        return [
            replace(way, count=count)
            for place, way in enumerate(ways)
            if (count := counts.get(("way", str(place)), 0))
        ]
