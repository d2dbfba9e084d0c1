"""The vocabulary of the query string: what each parameter selects, and the count beside each choice."""

from reforms.filters.facets import Choice, Facet
from reforms.filters.fields import DEFAULT_PAGE_SIZE, PAGE_SIZE_LIMIT, WORDS_LIMIT, QueryForm
from reforms.filters.measures import Chip, MeasureFilterSet, WayOut
from reforms.filters.names import Names, Speaking

__all__ = [
    "DEFAULT_PAGE_SIZE",
    "PAGE_SIZE_LIMIT",
    "WORDS_LIMIT",
    "Chip",
    "Choice",
    "Facet",
    "MeasureFilterSet",
    "Names",
    "QueryForm",
    "Speaking",
    "WayOut",
]
