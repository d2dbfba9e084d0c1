"""The page of one measure."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reforms.citations import cite_measure
from reforms.compare import align_figures, align_points, compare_whole, with_words
from reforms.figures import plots, printed_elsewhere
from reforms.filters import MeasureFilterSet, Speaking
from reforms.models import Measure
from reforms.places import neighbours, place_in_source, with_place
from reforms.views.errors import gone


@require_safe
def measure_detail(request: HttpRequest, source: str, key: str) -> HttpResponse:
    """Show one measure, its cities side by side, and its neighbours in the list it was opened from.

    11 queries at most. A withdrawn measure answers 410; a list that cannot be read, 400.
    """
    measures = with_words(with_place(Measure.objects.all()))
    measure = get_object_or_404(measures, source__slug=source, source__is_public=True, key=key)
    if measure.is_withdrawn or measure.source.is_withdrawn:
        return gone(request, measure)
    filters = MeasureFilterSet(request.GET)
    near = neighbours(filters.qs, measure) if filters.is_valid() else None
    row = compare_whole(measure, Speaking.of(filters.names).cities)
    context = {
        "measure": measure,
        "source": measure.source,
        "row": row,
        "themes": align_points(row),
        "indicators": align_figures(row),
        "plots": plots(row.figures),
        "repeated": printed_elsewhere(row.figures),
        "place": place_in_source(measure),
        "citations": cite_measure(measure, request.build_absolute_uri(request.path)),
        "filters": filters,
        "neighbours": near,
        "list_query": filters.query(page=near.page(filters.chosen["page_size"])) if near else "",
    }
    status = 200 if filters.is_valid() else 400
    return render(request, "reforms/measure_detail.html", context, status=status)
