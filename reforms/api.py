"""The list of measures in JSON: the same parameters, answers and order as the page.

Errors are problem details (RFC 9457) in the language that the reader's client prefers.
"""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import EmptyPage
from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from reforms.filters import MeasureFilterSet
from reforms.models import Measure
from reforms.models.fields import in_english
from reforms.search import Excerpt, Search, best_excerpt
from reforms.text import Phrase

PROBLEM = "application/problem+json"


@require_safe
def measures(request: HttpRequest) -> JsonResponse:
    """Answer with the measures that the address asks for, a page of them; at most 10 queries.

    ``{"count": …, "next": …, "previous": …, "results": […], "search": …}`` in the order of the
    page; ``search`` says what was looked for besides or instead of the words typed, null without
    words. 400 for a value that is refused, with a message for each parameter; 404 for a page
    beyond the end.
    """
    filters = MeasureFilterSet(request.GET, facets=())
    if not filters.is_valid():
        errors = [
            {"parameter": name, "message": str(message)}
            for name, messages in filters.errors.items()
            for message in messages
        ]
        title = gettext("This address asks for something that cannot be")
        return problem(400, title, errors=errors)
    try:
        page = filters.page()
    except EmptyPage:
        title = gettext("There is no page %(page)s of this list") % {"page": filters.chosen["page"]}
        return problem(404, title, last=_page(request, filters, filters.paginator.num_pages))
    search = filters.search
    phrases = search.phrases if search else []
    answer = {
        "count": filters.total,
        "next": _page(request, filters, page.number + 1) if page.has_next() else None,
        "previous": _page(request, filters, page.number - 1) if page.has_previous() else None,
        "results": [_measure(request, measure, phrases) for measure in page],
        "search": _search(request, filters, search) if search else None,
    }
    return _json(answer)


def problem(status: int, title: str, **more: Any) -> JsonResponse:
    """Answer with problem details."""
    return _json({"type": "about:blank", "title": title, "status": status, **more}, status)


def _json(answer: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(
        answer,
        status=status,
        content_type="application/json" if status == 200 else PROBLEM,
        json_dumps_params={"ensure_ascii": False},
    )
    # The data is public: pages of other sites may read it.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Content-Language"] = get_language() or ""
    response.headers["Vary"] = "Accept-Language"
    return response


def _page(request: HttpRequest, filters: MeasureFilterSet, number: int) -> str:
    return request.build_absolute_uri(request.path + filters.query(page=number))


def _measure(request: HttpRequest, measure: Measure, phrases: Sequence[Phrase]) -> dict[str, Any]:
    practices = list(measure.practices.all())
    excerpts = [
        best_excerpt(practice, measure.errata.all(), phrases, prefers_english=in_english())
        for practice in (practices if phrases else ())
    ]
    return {
        "source": measure.source.slug,
        "key": measure.key,
        "number": measure.number,
        "title_zh": measure.title_zh,
        "title_en": measure.title_en,
        "category": measure.category.slug,
        "cities": [practice.city.slug for practice in practices],
        "excerpts": [_excerpt(found) for found in excerpts if found],
        "url": request.build_absolute_uri(measure.get_absolute_url()),
    }


def _excerpt(found: Excerpt) -> dict[str, Any]:
    """Return an excerpt as its words, and where in them the hits stand: ``[start, end)``."""
    marks, position = [], 0
    for stretch in found.stretches:
        if stretch.is_hit:
            marks.append([position, position + len(stretch.text)])
        position += len(stretch.text)
    return {
        "city": found.city.slug,
        "in": str(found.stands_in),
        "language": found.language,
        "is_reading": found.is_reading,
        "text": found.text,
        "marks": marks,
    }


def _search(request: HttpRequest, filters: MeasureFilterSet, search: Search) -> dict[str, Any]:
    exactly = filters.exact_query
    return {
        "q": filters.chosen["q"],
        "has_nothing_to_find": search.has_nothing_to_find,
        "widened": [
            {"typed": widening.typed, "added": list(widening.added)}
            for widening in search.widenings
        ],
        "mended": [
            {
                "how": str(mend.kind),
                "typed": mend.typed,
                "shown": list(mend.shown),
                "left_out": list(mend.left_out),
            }
            for mend in search.mends
        ],
        "exactly": request.build_absolute_uri(request.path + exactly) if exactly else None,
    }
