"""The page of one measure."""

import re
from dataclasses import dataclass
from html import unescape

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from reforms.citations import OfficialCitations, cite_measure, cite_official
from reforms.compare import (
    Row,
    align_figures,
    align_points,
    compare_whole,
    with_repeated_outcomes,
    with_words,
)
from reforms.figures import plots, printed_elsewhere
from reforms.filters import MeasureFilterSet, Speaking, absolute_at_day
from reforms.models import Measure
from reforms.places import additions, neighbours, place_in_source, with_place
from reforms.search import MarkedWord, marked_words
from reforms.views.carrying import carries_basket
from reforms.views.days import shows_day
from reforms.views.errors import gone

# A text is escaped before it is marked, so that this can only be an element.
MARK = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)
FIRST_MARK = "first-mark"


@dataclass(frozen=True)
class MarkedTexts:
    """The title and the cities' columns as the page shows them, with what was looked for marked.

    ``mark_count`` counts the marks; the first has the name ``first_mark``. ``marked_words`` are what
    stands there of what was looked for.
    """

    title: SafeString
    columns: SafeString
    mark_count: int
    marked_words: list[MarkedWord]
    first_mark = FIRST_MARK


@require_safe
@carries_basket
@shows_day
def measure_detail(request: HttpRequest, source: str, key: str) -> HttpResponse:
    """Show one measure, its cities side by side, and its neighbours in the list it was opened from.

    14 queries at most, 16 where the words of the list had to be mended. A withdrawn measure answers
    410; a list that cannot be read, 400.
    """
    measures = with_words(with_place(Measure.objects.all()))
    measure = get_object_or_404(measures, source__slug=source, source__is_public=True, key=key)
    if measure.is_withdrawn or measure.source.is_withdrawn:
        return gone(request, measure)
    filters = MeasureFilterSet(request.GET)
    near = neighbours(filters.qs, measure) if filters.is_valid() else None
    (row,) = with_repeated_outcomes([compare_whole(measure, Speaking.of(filters.names).cities)])
    address = absolute_at_day(request, request.path)
    official = cite_official(measure.source.identifications.all())
    context = {
        "measure": measure,
        "source": measure.source,
        "row": row,
        "texts": marked_texts(request, row, filters, address, official),
        "themes": align_points(row),
        "indicators": align_figures(row),
        "plots": plots(row.figures),
        "repeated": printed_elsewhere(row.figures),
        "place": place_in_source(measure),
        "additions": additions(measure),
        "page_address": address,
        "citations": cite_measure(measure, address),
        "official": official,
        "filters": filters,
        "neighbours": near,
        "list_query": filters.query(page=near.page(filters.chosen["page_size"])) if near else "",
    }
    status = 200 if filters.is_valid() else 400
    return render(request, "reforms/measure_detail.html", context, status=status)


def marked_texts(
    request: HttpRequest,
    row: Row,
    filters: MeasureFilterSet,
    address: str,
    official: OfficialCitations | None,
) -> MarkedTexts:
    """Return the texts of a measure with the words of the list marked; no query.

    The marks are counted in the texts as they are shown, so that the page keeps what it says.
    """
    context = {
        "measure": row.measure,
        "source": row.measure.source,
        "row": row,
        "phrases": filters.phrases,
        "address": address,
        "official": official,
    }
    title, columns = (
        render_to_string(f"reforms/{name}.html", context, request)
        for name in ("_measure_title", "_city_columns")
    )
    marks = MARK.findall(title + columns)
    named = f'<mark id="{FIRST_MARK}">'
    if MARK.search(title):
        title = mark_safe(title.replace("<mark>", named, 1))
    else:
        columns = mark_safe(columns.replace("<mark>", named, 1))
    words = marked_words(filters.search, map(_text_of, marks)) if filters.search else []
    return MarkedTexts(title, columns, len(marks), words)


def _text_of(html: str) -> str:
    """Return the words inside a mark, without the links to the errata among them."""
    return unescape(strip_tags(re.sub(r"<a .*?</a>", "", html)))
