"""The sources: the list of them, and each as printed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from reforms.citations import cite_source
from reforms.contents import contents, count_sources
from reforms.models import Erratum, Measure, Source
from reforms.printed import other_numbers, print_source
from reforms.views.errors import gone


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """List the public sources, with what each holds and what it does not say; 5 queries."""
    sources = Source.objects.public().defer("text", "other_numbers").order_by("position")
    return render(request, "reforms/source_list.html", {"sources": count_sources(list(sources))})


@require_safe
def measures_of_source(request: HttpRequest, source: str) -> HttpResponse:
    """Lead from a measure's address cut short to the page of its source, which lists them; 1 query."""
    get_object_or_404(Source.objects.only("pk"), slug=source, is_public=True)
    return redirect("source_detail", source, permanent=True)


@require_safe
def source_detail(request: HttpRequest, source: str) -> HttpResponse:
    """Show a source as printed, linked to its records; 10 queries, whatever its length."""
    shown = get_object_or_404(Source.objects.for_record(), slug=source, is_public=True)
    if shown.is_withdrawn:
        return gone(request, shown)
    passages = list(shown.passages.for_page().select_related("measure__category"))
    errata = Erratum.objects.filter(measure__source=shown).select_related("measure")
    measures = list(Measure.objects.filter(source=shown).in_order().for_list())
    context = {
        "source": shown,
        "blocks": print_source(shown, passages, errata),
        "contents": contents(shown.sections.all(), measures),
        "passage_count": len(passages),
        "other_numbers": other_numbers(shown, passages),
        "citations": cite_source(shown, request.build_absolute_uri(request.path)),
    }
    return render(request, "reforms/source_detail.html", context)
