"""How a file is answered: its type and its names; the refusals of one that is not given."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reforms.exports import Asked
from reforms.filters import MemoForm
from reforms.filters.lists import ListFilterSet
from reforms.problems import problem

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
NOT_IN_FILE_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|%\t\r\n', " "))
NAME_LIMIT = 80
NAMED_CATEGORIES = 3


def named(
    response: HttpResponseBase, form: str, asked: Asked, ascii_name: str, name: str
) -> HttpResponseBase:
    """Return an answer with the headers of a file: its type, its names, and that no index wants it."""
    of_day = f"as-at-{asked.as_at.isoformat()}" if asked.as_at else asked.made_on
    response.headers["Content-Type"] = CONTENT_TYPES[form]
    response.headers["Content-Disposition"] = disposition(
        f"{ascii_name}-{of_day}.{form}", f"{name} {of_day}.{form}"
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def disposition(ascii_name: str, name: str) -> str:
    """Return the header that names a file: in ASCII for any client, and as readers call it."""
    readable = " ".join(name.translate(NOT_IN_FILE_NAMES).split())
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(readable, safe='')}"


def list_names(ascii_name: str, name: str, filters: ListFilterSet) -> tuple[str, str]:
    """Return the names of a list's file, with the categories chosen where they are few."""
    chosen = filters.chosen.get("category", ())
    if 0 < len(chosen) <= NAMED_CATEGORIES:
        labels = filters.labels("category")
        ascii_name = "-".join((ascii_name, *chosen))
        name = " ".join((name, *(labels[slug] for slug in chosen)))
    return ascii_name[:NAME_LIMIT].rstrip("-"), name[:NAME_LIMIT].rstrip()


def refused(request: HttpRequest, form: str, filters: ListFilterSet | MemoForm) -> HttpResponse:
    """Answer 400 to a value that is refused, in the words of the page; nothing is exported."""
    errors = [
        {"parameter": name, "message": str(message)}
        for name, messages in filters.errors.items()
        for message in messages
    ]
    heading = _("This address asks for something that cannot be")
    told = " ".join(f"{label}: {message}" for label, message in filters.refusals)
    lead = " ".join((told, _("Nothing was exported.")))
    return not_given(request, form, heading, lead, errors=errors)


def too_long(request: HttpRequest, entries: int, limit: int) -> HttpResponse:
    """Answer 400 to a list that is longer than a file of this form can hold."""
    heading = _("This list is too long for a file of this kind")
    lead = ngettext(
        "It has %(entries)d entry; a file of this kind holds at most %(limit)d. Narrow the list, or "
        "take it as CSV or JSON, which hold any number.",
        "It has %(entries)d entries; a file of this kind holds at most %(limit)d. Narrow the list, "
        "or take it as CSV or JSON, which hold any number.",
        entries,
    ) % {"entries": entries, "limit": limit}
    return not_given(request, "", heading, lead)


def not_given(
    request: HttpRequest, form: str, heading: str, lead: str, **more: Any
) -> HttpResponse:
    """Answer 400 with a page, or with problem details where JSON was asked for."""
    if form == "json":
        return problem(400, heading, detail=lead, **more)
    context = {"status": 400, "heading": heading, "lead": lead}
    return render(request, "reforms/error.html", context, status=400)
