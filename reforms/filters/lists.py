"""What the lists of measures and of figures share: checks, counts, chips, ways out, pages and links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django.core.paginator import Page, Paginator
from django.http import QueryDict

from reforms.filters.facets import Choice, Counts, Facet, count_together, counted
from reforms.filters.fields import DEFAULT_PAGE_SIZE
from reforms.filters.names import Names
from reforms.filters.selections import word

Rows = Any


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One value that narrows the list, with the query of the list without it."""

    name: str
    label: str
    value: str
    query: str


@dataclass(frozen=True, kw_only=True)
class WayOut:
    """A list that is longer because one filter or one word is dropped; neither is: the whole.

    ``only`` is the word that is left of a run of two.
    """

    label: str = ""
    words: str = ""
    only: str = ""
    count: int = 0
    query: str = ""


class LinkedPage(Page):
    """A page that knows which others to link."""

    @property
    def pages(self) -> list[int | str]:
        """The numbers of the pages to link, with an ellipsis where some are left out."""
        return list(self.paginator.get_elided_page_range(self.number, on_each_side=2))


class CountedPaginator(Paginator):
    """The pages of a list whose length is known, so that none is counted again."""

    def __init__(self, rows: Rows, page_size: int, count: int) -> None:
        super().__init__(rows, page_size)
        self.count = count

    def _get_page(self, *args: Any, **kwargs: Any) -> LinkedPage:
        return LinkedPage(*args, **kwargs)


class ListFilterSet(django_filters.FilterSet):
    """A list that an address asks for, with the count beside each choice of its facets.

    A list of its own names its parameters and says what they select (``selected``), what is
    counted (``countings``), how long it is (``total``) and what a page shows (``for_page``).
    Test ``is_valid()`` first: a refused address selects nothing, and ``errors`` says why, by
    parameter.
    """

    # Every parameter, in the order in which addresses carry them; those that narrow the list; the
    # facets, in the order in which pages show them; the values that addresses leave out.
    parameter_names: ClassVar[tuple[str, ...]]
    filter_names: ClassVar[tuple[str, ...]]
    facet_names: ClassVar[tuple[str, ...]]
    defaults: ClassVar[Mapping[str, Any]] = {"page": 1, "page_size": DEFAULT_PAGE_SIZE}

    names: Names

    # --- What is asked ---

    @classmethod
    def plain(cls, query: QueryDict) -> QueryDict:
        """Return a query without what asks for nothing: empty values and those that addresses leave out.

        What the list does not know of stays. Of a parameter that is no facet the last value counts.
        """
        plain = query.copy()
        for name in cls.parameter_names:
            values = query.getlist(name)
            if name in cls.facet_names:
                values = [value for value in values if value]
            elif query.get(name) in {"", str(cls.defaults.get(name, ""))}:
                values = []
            if values:
                plain.setlist(name, values)
            else:
                plain.pop(name, None)
        return plain

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """The accepted value of each parameter; tuples of values for the facets."""
        self.is_valid()
        chosen = dict(self.form.cleaned_data)
        if "sort" in chosen:
            chosen["sort"] = chosen["sort"] or self.usual_sorts(chosen)[0]
        return chosen

    def usual_sorts(self, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the orders that addresses leave out; the first is the one of a list that asks for none."""
        raise NotImplementedError

    @property
    def is_narrowed(self) -> bool:
        """Tell whether any filter is set."""
        return any(self.chosen.get(name) for name in self.filter_names)

    def labels(self, name: str) -> dict[str, str]:
        """Return value and label of a facet's choices, with chosen ones that are not listed."""
        raise NotImplementedError

    # --- What is selected ---

    def selected(self, *, without: str = "") -> Rows:
        """Return the rows under every filter but one, in no order."""
        raise NotImplementedError

    def for_page(self) -> Rows:
        """Return the list with all that its rows show."""
        raise NotImplementedError

    # --- What is counted ---

    def countings(self) -> Iterable[Any]:
        """Yield the ``counted`` queries of the list and its facets."""
        raise NotImplementedError

    @cached_property
    def counts(self) -> Counts:
        """The number of entries by facet and choice; 1 query."""
        return count_together(self.countings())

    @property
    def total(self) -> int:
        """How many entries are asked for: the length of the list."""
        raise NotImplementedError

    def facets(self) -> list[Facet]:
        """Return every facet with the count beside each choice, as under every filter but its own.

        Where the address is refused, nothing is counted and the messages stand at their facets.
        """
        return [self.facet(name) for name in self.facet_names]

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
        return str(self.form.fields[name].label)

    @property
    def refusals(self) -> list[tuple[str, str]]:
        """Name and message of every parameter that is refused."""
        return [(self.label(name), " ".join(self.errors[name])) for name in self.errors]

    def page(self) -> Page:
        """Return the page asked for; raises ``EmptyPage`` for a page beyond the end."""
        return self.paginator.page(self.chosen["page"])

    @cached_property
    def paginator(self) -> Paginator:
        """The pages of the list, by the count already made."""
        return self.paginated(self.for_page())

    def paginated(self, rows: Rows) -> Paginator:
        """Return the pages of the list's rows, fetched with whatever a page shows of them."""
        return CountedPaginator(rows, self.page_size, self.total)

    @property
    def page_size(self) -> int:
        """How many entries a page holds; the default where the address is refused for it."""
        return int(self.chosen.get("page_size", self.defaults["page_size"]))

    @property
    def asked_sort(self) -> str:
        """The order that was asked for, empty where it is the usual one."""
        sort = self.chosen.get("sort", "")
        return "" if not sort or sort == self.usual_sorts(self.chosen)[0] else str(sort)

    # --- What is linked ---

    def query(self, **changes: Any) -> str:
        """Return the canonical query of this list, with its question mark, or an empty text.

        It holds known parameters in a fixed order, without those at their default. A change of
        ``None`` drops a parameter. The page is dropped unless it is among the changes.
        """
        parameters = {**self.chosen, "page": None, **changes}
        if parameters.get("sort") in self.usual_sorts(parameters):
            parameters["sort"] = None
        pairs: list[tuple[str, str]] = []
        for name in self.parameter_names:
            value = parameters.get(name)
            if value in (None, "", ()) or value == self.defaults.get(name):
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
        for name in self.facet_names:
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
        narrowing: Sequence[str] = [name for name in self.filter_names if self.chosen.get(name)]
        # Without its only filter the list is the whole, which is offered last in any case.
        dropped = narrowing if len(narrowing) > 1 else []
        ways = {
            WayOut(label=self.label(name), query=self.query(**{name: None})): (
                self.selected(without=name)
            )
            for name in dropped
        }
        whole = WayOut(query=self.whole_query)
        return self.ways_counted({**self.without_words(), **ways, whole: self.queryset})

    @property
    def whole_query(self) -> str:
        """The query of the whole list, counted as this one is."""
        return ""

    def without_words(self) -> dict[WayOut, Rows]:
        """Return the lists without one word each; none where no words are sought."""
        return {}

    def counted(self, rows: Rows, facet: str, choice: Any) -> Any:
        """Return a query for rows of facet, choice and number of entries, one row a choice."""
        return counted(rows, facet, choice)

    def ways_counted(self, ways: Mapping[WayOut, Rows]) -> list[WayOut]:
        """Return the ways that lead somewhere, with the length of the list behind each; 1 query."""
        if not ways:
            return []
        queries = [
            self.counted(rows, "way", word(str(place))) for place, rows in enumerate(ways.values())
        ]
        counts = count_together(queries)
        return [
            replace(way, count=count)
            for place, way in enumerate(ways)
            if (count := counts.get(("way", str(place)), 0))
        ]
