"""The day as at whose end a page shows the catalog: said at its head, and chosen at its foot."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext

from reforms.days import day_read
from reforms.filters import address_without_day, asked_besides, day_named

register = template.Library()


@register.simple_tag
def day_shown() -> date | None:
    """Return the day as at whose end the page shows the catalog; null for the catalog as it is."""
    return day_read()


@register.filter
def in_words(day: date) -> str:
    """Return a day as readers say it: 20 November 2026."""
    return date_format(day, pgettext("how a day is written, in Django's letters", "j F Y"))


@register.inclusion_tag("reforms/_day_shown.html", takes_context=True)
def day_note(context: Mapping[str, Any]) -> dict[str, Any]:
    """Say that the page shows the catalog of a day, with the way to the page as it is now."""
    request = context.get("request")
    day = day_read() if request else None
    if request is None or day is None:
        return {"day": None}
    return {
        "day": day,
        "zone": settings.TIME_ZONE,
        "is_over": day < timezone.localdate(),
        "now": address_without_day(request),
    }


@register.inclusion_tag("reforms/_day_choice.html", takes_context=True)
def day_choice(context: Mapping[str, Any], message: str = "") -> dict[str, Any]:
    """Show the form that asks for this page as at the end of a day, ``message`` saying what was wrong.

    It keeps all else that the address asks; no query.
    """
    request = context.get("request")
    if request is None:
        return {"action": ""}
    return {
        "action": request.path,
        "fields": list(asked_besides(request)),
        "day": day_read() or (day_named(request) if message else None),
        "today": timezone.localdate(),
        "zone": settings.TIME_ZONE,
        "message": message,
    }
