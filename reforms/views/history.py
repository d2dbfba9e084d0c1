"""What was changed and when: the versions of a measure, each at an address of its own, and all corrections."""

from typing import Any

from django import forms
from django.core.paginator import EmptyPage, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reforms import versions
from reforms.changes import Names, changes, groups
from reforms.exchange import MAX_INTEGER
from reforms.history import Correction, arrivals, corrections, with_changes
from reforms.models import Measure, MeasureVersion
from reforms.views.carrying import carries_basket
from reforms.views.errors import gone

VERSIONS_A_PAGE = 20
MOST_ARRIVALS = 20


class PageForm(forms.Form):
    """Which page of a list."""

    page = forms.IntegerField(required=False, min_value=1, max_value=MAX_INTEGER)


class SinceForm(forms.Form):
    """Since which version the changes are shown."""

    since = forms.IntegerField(required=False, min_value=1, max_value=MAX_INTEGER)


@require_safe
@carries_basket
def measure_history(request: HttpRequest, source: str, key: str) -> HttpResponse:
    """List the versions of a measure, the newest first: when, why and what; at most 10 queries."""
    measure = _measure(source, key)
    if measure.is_withdrawn or measure.source.is_withdrawn:
        return gone(request, measure)
    rows = measure.versions.select_related("measure__source").order_by("-version")
    context: dict[str, Any] = {"measure": measure}
    status = _paged(request, context, rows)
    return render(request, "reforms/measure_history.html", context, status=status)


@require_safe
@carries_basket
def measure_version(request: HttpRequest, source: str, key: str, version: int) -> HttpResponse:
    """Show a measure as one version of it stood, and what differs from another; at most 10 queries.

    400 where ``since`` is no version of the measure.
    """
    measure = _measure(source, key)
    if measure.is_withdrawn or measure.source.is_withdrawn:
        return gone(request, measure)
    shown = get_object_or_404(measure.versions, version=version)
    form = SinceForm(request.GET)
    since = form.cleaned_data["since"] if form.is_valid() else None
    earlier = measure.versions.filter(version=since or version - 1).first()
    is_refused = not form.is_valid() or (since is not None and earlier is None)
    names, text = Names(), measure.source.text
    record = versions.read(shown)
    context = {
        "measure": measure,
        "shown": shown,
        "is_live": shown.valid_to is None,
        "groups": groups(record, text, names),
        "earlier": earlier,
        "changes": changes(versions.read(earlier), record, text, names) if earlier else [],
        "is_refused": is_refused,
        "numbers": range(measure.version, 0, -1),
    }
    status = 400 if is_refused else 200
    return render(request, "reforms/measure_version.html", context, status=status)


@require_safe
@carries_basket
def change_log(request: HttpRequest) -> HttpResponse:
    """List every correction of the catalog, the newest first, beside what is new; at most 10 queries."""
    context: dict[str, Any] = {"arrivals": arrivals(MOST_ARRIVALS), "most_arrivals": MOST_ARRIVALS}
    status = _paged(request, context, corrections())
    return render(request, "reforms/change_log.html", context, status=status)


def _measure(source: str, key: str) -> Measure:
    measures = Measure.objects.select_related("source")
    return get_object_or_404(measures, source__slug=source, source__is_public=True, key=key)


def _paged(request: HttpRequest, context: dict[str, Any], rows: Any) -> int:
    """Put the page of the address and its rows into the context; return the status of the answer."""
    form = PageForm(request.GET)
    paginator = Paginator(rows, VERSIONS_A_PAGE)
    context["paginator"] = paginator
    if not form.is_valid():
        context["is_refused"] = True
        return 400
    try:
        page = paginator.page(form.cleaned_data["page"] or 1)
    except EmptyPage:
        context["asked"] = form.cleaned_data["page"]
        return 404
    found: list[MeasureVersion] = list(page)
    rows_shown: list[Correction] = with_changes(found)
    context |= {"page": page, "rows": rows_shown}
    return 200
