"""The sources: the list of them, and each as printed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from reforms.citations import cite_source
from reforms.contents import contents, count_sources
from reforms.days import at_day
from reforms.filters import MARK_ANCHOR, SpansForm, absolute_at_day, basket_of, day_of
from reforms.marked import origins, with_parts
from reforms.models import Erratum, Measure, Source
from reforms.printed import other_numbers, print_source
from reforms.views.carrying import carries_basket
from reforms.views.days import shows_day
from reforms.views.errors import gone


@require_safe
@carries_basket
@shows_day
def source_list(request: HttpRequest) -> HttpResponse:
    """List the public sources, with what each holds and what it does not say; 6 queries."""
    sources = Source.objects.public().defer("text", "other_numbers").order_by("position")
    return render(request, "reforms/source_list.html", {"sources": count_sources(list(sources))})


@require_safe
@carries_basket
@shows_day
def measures_of_source(request: HttpRequest, source: str) -> HttpResponse:
    """Lead from a measure's address cut short to the page of its source, which lists them; 1 query."""
    get_object_or_404(Source.objects.only("pk"), slug=source, is_public=True)
    page = at_day(reverse("source_detail", args=[source]), day_of(request))
    address = basket_of(request).carry(page)
    return redirect(address, permanent=True)


@require_safe
@carries_basket
@shows_day
def source_detail(request: HttpRequest, source: str) -> HttpResponse:
    """Show a source as printed, linked to its records, the spans of the address marked.

    11 queries, whatever its length, and 1 more with marks. Spans that cannot be answer 400, with
    the text unmarked.
    """
    shown = get_object_or_404(Source.objects.for_record(), slug=source, is_public=True)
    if shown.is_withdrawn:
        return gone(request, shown)
    passages = list(shown.passages.for_page().select_related("measure__category"))
    errata = Erratum.objects.filter(measure__source=shown).select_related("measure")
    asked = SpansForm(request.GET, text=shown.text)
    spans = asked.spans
    listed = Measure.objects.filter(source=shown).in_order().for_list()
    measures = list(with_parts(listed) if spans else listed)
    context = {
        "source": shown,
        "blocks": print_source(shown, passages, errata, spans),
        "asked": asked,
        "spans": spans,
        "mark_anchor": MARK_ANCHOR,
        "marked_count": sum(end - start for start, end in spans),
        "origins": origins(shown.text, measures, spans),
        "contents": contents(shown.sections.all(), measures),
        "passage_count": len(passages),
        "other_numbers": other_numbers(shown, passages),
        "citations": cite_source(shown, absolute_at_day(request, request.path)),
    }
    status = 200 if asked.is_valid() else 400
    return render(request, "reforms/source_detail.html", context, status=status)
