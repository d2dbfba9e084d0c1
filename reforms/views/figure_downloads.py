"""The list of figures as a file: CSV, XLSX or JSON, with all its rows in its order."""

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from reforms.exports import (
    FIGURE_LIMITS,
    ChosenFigures,
    figure_csv,
    figure_json,
    figure_workbook,
)
from reforms.filters import FigureFilterSet
from reforms.views.asked import asked_of_figures, whole_list
from reforms.views.carrying import carries_basket
from reforms.views.days import shows_day
from reforms.views.files import list_names, named, refused, too_long


@require_safe
@carries_basket
@shows_day
def figures_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """Give the list of figures as a file; ``page`` and ``page_size`` do not apply.

    Before the file's own queries 4, for names and the count. 400 for a value that is refused, as
    the page does, and for a list that is longer than the form can hold.
    """
    filters = FigureFilterSet(whole_list(request.GET))
    if not filters.is_valid():
        return refused(request, form, filters)
    limit = FIGURE_LIMITS.get(form)
    if limit and filters.total > limit:
        return too_long(request, filters.total, limit)
    asked = asked_of_figures(request, filters)
    chosen = ChosenFigures(asked, filters.qs, filters.stands_by_indicator, filters.repeats_each)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = StreamingHttpResponse()
    elif form == "xlsx":
        response = FileResponse(figure_workbook(chosen))
    else:
        response = StreamingHttpResponse((figure_csv if form == "csv" else figure_json)(chosen))
    return named(response, form, asked, *list_names("reform-figures", asked.title, filters))
