"""Links that keep the list a reader is in: the same query with one thing changed."""

from typing import Any

from django import template

from reforms.filters import MeasureFilterSet
from reforms.search import MOST_WORDS

register = template.Library()


@register.simple_tag
def with_parameters(filters: MeasureFilterSet, **changes: Any) -> str:
    """Return the canonical query of a list with these changes; an empty value drops a parameter.

    ``{% url 'measure_list' %}{% with_parameters filters sort='-number' %}``: no query where nothing
    differs from the default, and no page unless one is given.
    """
    return filters.query(**{name: value or None for name, value in changes.items()})


@register.simple_tag
def most_words() -> int:
    """Return how many words a query may have."""
    return MOST_WORDS
