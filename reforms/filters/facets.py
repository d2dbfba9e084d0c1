"""The facets of a list, and the counts beside their choices, all in one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Q, Value, When
from django.db.models.expressions import Combinable

from reforms.filters.selections import Measures, word

FOLDED_ABOVE, KEPT_IN_SIGHT = 12, 8
# What a reader rarely narrows by; every other facet stays in sight whatever is listed.
FOLDABLE = frozenset({"status", "source", "year"})
# Of a theme and of a kind of figure a measure may have several rows; of every other choice it has one,
# and to look for several would mean to sort all measures.
IN_SEVERAL_ROWS = frozenset({"theme", "kind"})
Counts = Mapping[tuple[str, str], int]
NUMBERED, UNNUMBERED = ("number", "printed"), ("number", "not_printed")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One choice of a facet; its count is the length of the list with it alone in its facet.

    The count is null where the address is refused and nothing was counted.
    """

    value: str
    label: str
    count: int | None
    is_chosen: bool

    @property
    def is_disabled(self) -> bool:
        """Tell whether choosing it would lead nowhere; a chosen one can always be let go."""
        return self.count == 0 and not self.is_chosen


@dataclass(frozen=True, kw_only=True)
class Facet:
    """One parameter with a bounded set of values, any of which may be chosen."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    errors: tuple[str, ...] = ()
    entries: int | None = None

    @property
    def in_sight(self) -> tuple[Choice, ...]:
        """The choices that stay in sight, in the facet's order.

        All of a short facet. Of one with more than ``FOLDED_ABOVE`` choices the chosen ones and
        the ``KEPT_IN_SIGHT`` with most entries; the first ones where nothing is counted.
        """
        if len(self.choices) <= FOLDED_ABOVE:
            return self.choices
        ranked = sorted(self.choices, key=lambda choice: -(choice.count or 0))
        kept = {choice.value for choice in ranked[:KEPT_IN_SIGHT]}
        return tuple(each for each in self.choices if each.is_chosen or each.value in kept)

    @property
    def folded(self) -> tuple[Choice, ...]:
        """The choices that are one step away."""
        return tuple(choice for choice in self.choices if choice not in self.in_sight)

    @property
    def is_quiet(self) -> bool:
        """Tell whether to fold the facet away: one of ``FOLDABLE`` that could not change the list."""
        return self.name in FOLDABLE and self.cannot_change

    @property
    def cannot_change(self) -> bool:
        """Tell whether no choice would make another list: each has all of its entries or none."""
        if self.entries is None or self.errors:
            return False
        return not any(
            choice.is_chosen or choice.count not in {0, self.entries} for choice in self.choices
        )

    @property
    def held_by_all(self) -> tuple[Choice, ...]:
        """The choices that every entry of the list has."""
        return tuple(each for each in self.choices if each.count and each.count == self.entries)


def counted(rows: Measures, facet: str, choice: Combinable, entry: Any = "pk") -> Any:
    """Return a query for rows of facet, choice and number of entries, one row a choice.

    ``entry`` tells one entry of the list from another.
    """
    is_repeated = entry != "pk" or facet in IN_SEVERAL_ROWS
    return (
        rows.order_by()
        .annotate(choice=choice)
        .values("choice")
        .annotate(
            facet=Value(facet, output_field=CharField()),
            entries=Count(entry, distinct=is_repeated),
        )
        .values_list("facet", "choice", "entries")
    )


def number_word() -> Combinable:
    """Return whether a measure's number is printed."""
    return Case(
        When(Q(number__isnull=False), then=word(NUMBERED[1])),
        default=word(UNNUMBERED[1]),
        output_field=CharField(),
    )


def count_together(queries: Iterable[Any]) -> dict[tuple[str, str], int]:
    """Return the counts of several ``counted`` queries by facet and choice; 1 query."""
    first, *others = queries
    rows = first.union(*others, all=True) if others else first
    return {(facet, choice): entries for facet, choice, entries in rows}
