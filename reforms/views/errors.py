"""Pages for what went wrong, in both languages: a bad or too large request, an unknown or withdrawn address, a failure.

Under the address of the API they are problem details, not pages.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext_lazy as _

from reforms.models import Measure, Source
from reforms.problems import is_api, problem


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: the request cannot be read."""
    lead = _(
        "The address, or something sent with it, holds characters or values that this catalog "
        "cannot read. Nothing was searched and nothing was changed."
    )
    return _page(request, 400, _("This request cannot be read"), lead)


def too_large(request: HttpRequest, megabytes: int) -> HttpResponse:
    """Answer 413: more was sent than the site takes."""
    lead = _(
        "What was sent is larger than %(megabytes)s MB, the most that this site takes. "
        "Nothing was changed."
    )
    return _page(request, 413, _("This is too large"), lead, megabytes=megabytes)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: the request is understood and refused."""
    lead = _("Your account does not have the right to do this. Nothing was changed.")
    return _page(request, 403, _("This is not allowed"), lead)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: there is no such address."""
    lead = _(
        "The address may have been mistyped or cut short. Addresses in this catalog do not "
        "change: a record that is withdrawn keeps its address, which then says why."
    )
    return _page(request, 404, _("There is no such address"), lead)


def gone(request: HttpRequest, record: Measure | Source) -> HttpResponse:
    """Answer 410 for a withdrawn measure or source, with the date and the reason.

    A measure of a withdrawn source tells the source's reason. No query if the measure's source
    is at hand.
    """
    withdrawn: Measure | Source = record
    if isinstance(record, Measure) and not record.is_withdrawn:
        withdrawn = record.source
    context = {
        "record": record,
        "withdrawn": withdrawn,
        "is_measure": isinstance(record, Measure),
    }
    return render(request, "reforms/gone.html", context, status=410)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a page that needs no database, no context processor and no static manifest."""
    with override(_language(request)):
        if is_api(request):
            return problem(500, _("Something went wrong here"))
        page = render_to_string("reforms/server_error.html", {"static_url": settings.STATIC_URL})
    return HttpResponseServerError(page)


def _page(
    request: HttpRequest, status: int, heading: Promise, lead: Promise, **values: object
) -> HttpResponse:
    """Tell of an error in the language of the address, else of the reader's browser."""
    with override(_language(request)):
        said = str(lead) % values if values else str(lead)
        if is_api(request):
            return problem(status, heading, detail=said)
        context = {"status": status, "heading": heading, "lead": said}
        return render(request, "reforms/error.html", context, status=status)


def _language(request: HttpRequest) -> str:
    """Return the language to answer in: the failure may have come before one was chosen."""
    return get_language_from_request(request, check_path=True)
