"""What every public page does with the day in its address: show the catalog of that day, or refuse it."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from reforms.days import AS_AT, reading_of
from reforms.filters import DayForm, address_without_day, refuse_day
from reforms.models import Measure
from reforms.problems import problem
from reforms.snapshots import SnapshotBusy, answered

View = Callable[..., HttpResponseBase]
RETRY_SECONDS = 10


def shows_day(view: View) -> View:
    """Answer as the view does on the catalog as at the end of the day in the address, if one is.

    Without a day nothing is asked or changed. 400 for what is no day of the catalog's history, with
    the message at the field; 404 for a measure that was not there yet; 503 while the catalog of that
    day is being made by somebody else. 8 queries for a day that is over, 1 for today, and what the
    view asks.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponseBase:
        if AS_AT not in request.GET:
            return view(request, *args, **parts)
        asked = DayForm(request.GET)
        is_json = parts.get("form") == "json"
        if asked.refusal:
            return refused_day(request, asked, is_json=is_json)
        if asked.day is None:
            return view(request, *args, **parts)
        try:
            return answered(asked.day, lambda: view(request, *args, **parts))
        except Http404:
            if not is_there_now(**parts):
                raise
            return not_there_yet(request, asked.day, is_json=is_json)
        except SnapshotBusy:
            return being_made(request, is_json=is_json)

    return answer


def is_there_now(source: str = "", key: str = "", **_parts: Any) -> bool:
    """Tell whether an address that names a measure names one of the catalog as it is; 1 query if so."""
    measures = Measure.objects.filter(source__slug=source, source__is_public=True, key=key)
    return bool(source and key) and measures.exists()


def refused_day(request: HttpRequest, asked: DayForm, *, is_json: bool) -> HttpResponseBase:
    """Answer 400 with why the day in the address cannot be shown."""
    refuse_day(request)
    heading = _("This catalog cannot be shown as at the day in this address")
    if is_json:
        errors = [{"parameter": AS_AT, "message": asked.refusal}]
        return problem(400, heading, errors=errors)
    context = {
        "status": 400,
        "heading": heading,
        "message": asked.refusal,
        "address": address_without_day(request),
    }
    return render(request, "reforms/day_refused.html", context, status=400)


def not_there_yet(request: HttpRequest, day: date, *, is_json: bool) -> HttpResponseBase:
    """Answer 404: the measure was entered after the day, with the way to it as it is."""
    heading = _("This measure was not in the catalog yet")
    if is_json:
        return problem(404, heading, now=request.build_absolute_uri(address_without_day(request)))
    context = {
        "status": 404,
        "heading": heading,
        "day": day,
        "address": address_without_day(request),
    }
    with reading_of(day):
        return render(request, "reforms/day_before.html", context, status=404)


def being_made(request: HttpRequest, *, is_json: bool) -> HttpResponseBase:
    """Answer 503: the catalog of that day is being made for another reader."""
    heading = _("The catalog of that day is being put together")
    lead = _(
        "Somebody asked for it a moment ago, and it is made from the history once for all. Ask again "
        "in a few seconds."
    )
    response: HttpResponseBase
    if is_json:
        response = problem(503, heading, detail=lead)
    else:
        context = {"status": 503, "heading": heading, "lead": lead}
        response = render(request, "reforms/error.html", context, status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
