"""What the pages of lists share: a plain address, the page asked for, what is refused and what is missing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.paginator import EmptyPage, Page
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render

from reforms.filters import PAGE_SIZE_LIMIT, ListFilterSet

View = Callable[..., HttpResponseBase]


def has_plain_address(filter_set: type[ListFilterSet]) -> Callable[[View], View]:
    """Lead from an address with parameters that ask for nothing to the one without them; no query.

    A form without scripts sends its empty fields and the values that addresses leave out. A browser
    keeps no address that it was led on from, so that going back leaves nothing out.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponseBase:
            plain = filter_set.plain(request.GET)
            if plain == request.GET:
                return view(request, *args, **parts)
            query = plain.urlencode(safe=":")
            return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)

        return answer

    return decorate


def show_list(
    request: HttpRequest,
    filters: ListFilterSet,
    template: str,
    fill: Callable[[Page], dict[str, Any]],
    **context: Any,
) -> HttpResponse:
    """Answer with the page of a list that its filters ask for.

    ``fill`` returns what the template shows of a page. 400 for a value that is refused, 404 for a
    page beyond the end: without a ``page``, and without what ``fill`` returns.
    """
    context |= {
        "filters": filters,
        "canonical_query": filters.query(page=filters.chosen.get("page")).removeprefix("?"),
        "page_size_limit": PAGE_SIZE_LIMIT,
    }
    status = 200
    if not filters.is_valid():
        status = 400
    else:
        try:
            page = filters.page()
        except EmptyPage:
            status = 404
        else:
            context |= {"page": page, **fill(page)}
    return render(request, template, context, status=status)
