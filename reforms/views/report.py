"""The form in which any reader reports an error, and the thanks for it: no account, no cookie."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from catalog.addresses import client_address
from reforms import editing
from reforms.filters import basket_of, read_public_page
from reforms.records import ReportState
from reforms.views.carrying import carries_basket
from reforms.views.report_form import (
    CONTACT_LIMIT,
    FASTEST_SECONDS,
    MESSAGE_LIMIT,
    WORDS_LIMIT,
    ReportForm,
)


# No account stands behind this form, so nobody can be made to send it in another's name: there is
# nothing for a CSRF token to protect, and its cookie would be the only one of a public page.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@carries_basket
def report(request: HttpRequest) -> HttpResponse:
    """Show the form, or take in what was sent in it; 1 query at most to show, 8 to take in.

    400 with what was typed where it is refused; 429 with it and ``Retry-After`` beyond the limits.
    """
    form = ReportForm(request, is_opened=request.method != "POST")
    if request.method != "POST":
        response = _page(request, form, 200 if form.is_valid() else 400)
        # A kept copy would have been opened long ago, and be refused.
        patch_cache_control(response, no_cache=True)
        return response
    response = _take_in(request, form)
    add_never_cache_headers(response)
    return response


@require_safe
@carries_basket
def report_thanks(request: HttpRequest) -> HttpResponse:
    """Thank for a report, with the way back to the page it was about; no query."""
    page = read_public_page(request.GET.get("address", ""), request)
    return render(request, "reforms/report_thanks.html", {"page": page})


def _take_in(request: HttpRequest, form: ReportForm) -> HttpResponse:
    """Store what a valid form says, and lead to the thanks."""
    if not form.is_valid():
        return _page(request, form, 400)
    draft = form.to_report(get_language() or settings.LANGUAGE_CODE)
    if form.is_decoyed:
        # Thanked like any other, so that a program does not learn what gave it away.
        draft.state = ReportState.NOT_A_REPORT
    try:
        stored = editing.store_report(draft, client_address(request) or "")
    except editing.TooManyReports as refusal:
        response = _page(request, form, 429, refusal.wait_seconds)
        response.headers["Retry-After"] = str(refusal.wait_seconds)
        return response
    about = f"?{urlencode({'address': stored.address})}" if stored.address else ""
    return redirect(basket_of(request).carry(f"{reverse('report_thanks')}{about}"))


def _page(
    request: HttpRequest, form: ReportForm, status: int, wait_seconds: int = 0
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "wait_minutes": -(-wait_seconds // 60),
        "words_limit": WORDS_LIMIT,
        "message_limit": MESSAGE_LIMIT,
        "contact_limit": CONTACT_LIMIT,
        "fastest_seconds": FASTEST_SECONDS,
        "an_hour": settings.REPORTS_PER_HOUR,
        "a_day": settings.REPORTS_PER_DAY,
        "all_an_hour": settings.ALL_REPORTS_PER_HOUR,
    }
    return render(request, "reforms/report.html", context, status=status)
