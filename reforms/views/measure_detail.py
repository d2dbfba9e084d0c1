"""The page of one measure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reforms.citations import cite_measure
from reforms.compare import Row, align_figures, align_points, compare_whole, with_words
from reforms.figures import plots, printed_elsewhere
from reforms.filters import MeasureFilterSet, Speaking
from reforms.models import Measure
from reforms.models.fields import in_english
from reforms.places import neighbours, place_in_source, with_place
from reforms.records import OutcomeState
from reforms.search import marks
from reforms.text import Phrase
from reforms.views.errors import gone


@dataclass(frozen=True)
class Hits:
    """How many places of a measure's page are marked, and the name of the first; empty if unknown."""

    count: int
    anchor: str


@require_safe
def measure_detail(request: HttpRequest, source: str, key: str) -> HttpResponse:
    """Show one measure, its cities side by side, and its neighbours in the list it was opened from.

    10 queries at most, 12 where the words of the list had to be mended. A withdrawn measure answers 410; a list that cannot be read, 400.
    """
    measures = with_words(with_place(Measure.objects.all()))
    measure = get_object_or_404(measures, source__slug=source, source__is_public=True, key=key)
    if measure.is_withdrawn or measure.source.is_withdrawn:
        return gone(request, measure)
    filters = MeasureFilterSet(request.GET)
    near = neighbours(filters.qs, measure) if filters.is_valid() else None
    row = compare_whole(measure, Speaking.of(filters.names).cities)
    phrases = filters.search.phrases if filters.search else []
    context = {
        "hits": hits_in(row, phrases),
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


def hits_in(row: Row, phrases: Sequence[Phrase]) -> Hits:
    """Return the marks in the titles and in the practices and outcomes, those in sight first.

    The first is sought in the texts of the reader's language; where it stands only in the other
    language, the column of the city leads there. No query.
    """
    if not phrases:
        return Hits(0, "")
    languages = ("en", "zh") if in_english() else ("zh", "en")
    titles = [row.measure.title_zh or "", row.measure.title_en or ""]
    count = sum(len(marks(title, phrases)) for title in titles)
    anchor = ""
    for cell in row.present:
        for part, text in texts_of(cell.practice):
            found = {
                language: [
                    len(marks(paragraph, phrases))
                    for paragraph in (getattr(text, f"text_{language}") or "").split("\n")
                ]
                for language in languages
            }
            count += sum(map(sum, found.values()))
            first = next((n for n, many in enumerate(found[languages[0]], 1) if many), None)
            if first and not anchor:
                anchor = f"{part}-p{first}-hit"
            elif sum(found[languages[1]]) and not anchor:
                anchor = part
    return Hits(count, anchor)


def texts_of(practice: Any) -> Iterator[tuple[str, Any]]:
    """Yield the practice and its outcome with their names in the page."""
    yield practice.anchor, practice
    if practice.outcome_state == OutcomeState.STATED:
        yield f"{practice.anchor}-outcome", practice.outcome
