"""The list of measures in JSON: the same parameters, answers and order as the page.

Errors are problem details (RFC 9457) in the language that the reader's client prefers.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.core.paginator import EmptyPage
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.csrf import csrf_exempt

from reforms.days import AS_AT
from reforms.filters import DayForm, MeasureFilterSet, absolute_at_day
from reforms.models import Measure
from reforms.models.fields import in_english
from reforms.problems import answer, problem
from reforms.search import Excerpt, Search, best_excerpt
from reforms.snapshots import SnapshotBusy, answered
from reforms.text import Phrase

SAFE_METHODS = ("GET", "HEAD")
REFUSED = gettext_noop("This address asks for something that cannot be")
RETRY_SECONDS = 10
View = Callable[[HttpRequest], HttpResponse]


def only_reads(view: View) -> View:
    """Answer every method but GET and HEAD with 405, as a problem like all others of the API."""

    # Exempt, or the token that a POST lacks would be asked for first, by a page.
    @csrf_exempt
    @wraps(view)
    def only_read(request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS:
            return view(request)
        refused = problem(405, gettext("This address can only be read"))
        refused.headers["Allow"] = ", ".join(SAFE_METHODS)
        return refused

    return only_read


def as_at_day(view: View) -> View:
    """Answer as the view does on the catalog as at the end of the day in ``as_at``, if one is given.

    400 for what is no day of the catalog's history, 503 while its catalog is being made.
    """

    @wraps(view)
    def answer_as_at(request: HttpRequest) -> HttpResponse:
        asked = DayForm(request.GET)
        if asked.refusal:
            errors = [{"parameter": AS_AT, "message": asked.refusal}]
            return problem(400, gettext(REFUSED), errors=errors)
        if asked.day is None:
            return view(request)
        try:
            response: Any = answered(asked.day, lambda: view(request))
        except SnapshotBusy:
            response = problem(503, gettext("The catalog of that day is being put together"))
            response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    return answer_as_at


@only_reads
@as_at_day
def measures(request: HttpRequest) -> HttpResponse:
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
        return problem(400, gettext(REFUSED), errors=errors)
    try:
        page = filters.page()
    except EmptyPage:
        title = gettext("There is no page %(page)s of this list") % {"page": filters.chosen["page"]}
        return problem(404, title, last=_page(request, filters, filters.paginator.num_pages))
    search = filters.search
    content = {
        "count": filters.total,
        "next": _page(request, filters, page.number + 1) if page.has_next() else None,
        "previous": _page(request, filters, page.number - 1) if page.has_previous() else None,
        "results": [_measure(request, measure, filters.phrases) for measure in page],
        "search": _search(request, filters, search) if search else None,
    }
    return answer(content)


def _page(request: HttpRequest, filters: MeasureFilterSet, number: int) -> str:
    return absolute_at_day(request, request.path + filters.query(page=number))


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
        "url": absolute_at_day(request, measure.get_absolute_url()),
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
        "exactly": absolute_at_day(request, request.path + exactly) if exactly else None,
    }
