"""When the catalog last changed, for the foot of every page."""

from datetime import datetime

from django import template

from reforms.history import changed_at

register = template.Library()


@register.simple_tag
def catalog_changed_at() -> datetime | None:
    """Return when an entry last changed; None where there is none. 1 query."""
    return changed_at()
