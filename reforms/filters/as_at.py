"""The day as at whose end an address asks for the catalog: ``as_at=2026-11-20``, given once."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reforms.days import AS_AT, at_day
from reforms.filters.basket import PARAMETER as ITEM
from reforms.filters.comparison import ComparisonFilterSet
from reforms.filters.fields import WORDS_LIMIT, ChoicesField, is_text
from reforms.filters.figures import FigureFilterSet
from reforms.filters.measures import MeasureFilterSet
from reforms.models import MeasureVersion

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# What else an address may ask, that is kept when another day is chosen; the page may be beyond the end.
OTHERS = {
    *(MeasureFilterSet.parameter_names),
    *ComparisonFilterSet.parameter_names,
    *FigureFilterSet.parameter_names,
    *(ITEM, "span"),
} - {"page"}


class DayField(forms.Field):
    """A day of the catalog's history, from the first one to today; null where none is given."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {
        "repeated": _(
            "Give one day; these are %(count)d. The history begins on %(first)s and ends today, %(today)s."
        ),
        "unreadable": _(
            "“%(value)s” is no day. Give year, month and day as in %(today)s, which is today; the "
            "history begins on %(first)s."
        ),
        "too_early": _(
            "The history of this catalog begins on %(first)s: give that day or a later one, until "
            "today, %(today)s."
        ),
        "too_late": _(
            "%(value)s has not come yet: give today, %(today)s, or an earlier day. The history "
            "begins on %(first)s."
        ),
    }

    def clean(self, value: Any) -> date | None:
        """Return the day; 1 query if one is given."""
        values = [str(one) for one in value or () if one]
        if not values:
            return None
        if len(values) > 1:
            self.refuse("repeated", count=len(values))
        day = read_day(values[0])
        if day is None:
            self.refuse("unreadable", value=ChoicesField.shown(values[0]))
        if day > timezone.localdate():
            self.refuse("too_late", value=day.isoformat())
        if day < first_day():
            self.refuse("too_early")
        return day

    def refuse(self, code: str, **params: Any) -> NoReturn:
        """Raise ``ValidationError`` with the message of this code and the days that can be given."""
        params |= {"first": first_day().isoformat(), "today": timezone.localdate().isoformat()}
        raise ValidationError(self.error_messages[code], code=code, params=params)


class DayForm(forms.Form):
    """The day that an address asks for, as far as it can be shown."""

    as_at = DayField(label=_("Day"), required=False)

    @property
    def day(self) -> date | None:
        """The day; null where none is asked for, or one that cannot be."""
        return self.cleaned_data.get(AS_AT) if self.is_valid() else None

    @property
    def refusal(self) -> str:
        """Why the day cannot be; empty where it can."""
        return " ".join(map(str, self.errors.get(AS_AT, ())))


def read_day(value: str) -> date | None:
    """Return the day that a text names as ``YYYY-MM-DD``; null where it names none."""
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        return None


def first_day() -> date:
    """Return the day on which the catalog's history begins, today where it has none yet; 1 query."""
    moment = MeasureVersion.objects.begins_at()
    return timezone.localdate(moment) if moment else timezone.localdate()


def day_named(request: HttpRequest) -> date | None:
    """Return the day that the address of a request names, whether it can be shown or not; no query.

    Null for an address that names none, or several, or what is no day.
    """
    values = [value for value in request.GET.getlist(AS_AT) if value]
    return read_day(values[0]) if len(values) == 1 else None


def day_of(request: HttpRequest | None) -> date | None:
    """Return the day that the links of a page carry on: the one named, unless it was refused; no query."""
    holder: Any = request
    if request is None or getattr(holder, "day_is_refused", False):
        return None
    return day_named(request)


def refuse_day(request: HttpRequest) -> None:
    """Let nothing carry on the day of a request: it cannot be shown."""
    holder: Any = request
    holder.day_is_refused = True


def absolute_at_day(request: HttpRequest, address: str) -> str:
    """Return an address of this site with scheme, host and the day of the request, to be cited."""
    return request.build_absolute_uri(at_day(address, day_of(request)))


def address_without_day(request: HttpRequest) -> str:
    """Return the path and the query of a request without its day: the page as it is now."""
    if AS_AT not in request.GET:
        return request.get_full_path()
    query = request.GET.copy()
    query.pop(AS_AT, None)
    return f"{request.path}?{query.urlencode(safe=':')}" if query else request.path


def asked_besides(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Yield name and value of all else that an address asks, for a form that asks for another day."""
    for name, values in request.GET.lists():
        if name in OTHERS:
            for value in values:
                if value and len(value) <= WORDS_LIMIT and is_text(value):
                    yield name, value
