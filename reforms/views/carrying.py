"""What every public page does with the basket in its address: take it along, or refuse it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from reforms.filters import address_without_basket, basket_of
from reforms.problems import problem

View = Callable[..., HttpResponseBase]


def carries_basket(view: View) -> View:
    """Answer 400 where the address holds what is no basket, else as the view does; no query.

    The page says what is refused and why, with a link to the same page with the rest of the
    basket; where JSON was asked for, problem details say it.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponseBase:
        if basket_of(request).refusals:
            return refused_basket(request, is_json=parts.get("form") == "json")
        return view(request, *args, **parts)

    return answer


def refused_basket(request: HttpRequest, *, is_json: bool = False) -> HttpResponseBase:
    """Answer 400 with what of the basket is refused."""
    heading = _("The basket in this address cannot be read")
    basket = basket_of(request)
    if is_json:
        errors = [
            {"parameter": "item", "value": refusal.value, "message": refusal.message}
            for refusal in basket.refusals
        ]
        return problem(400, heading, errors=errors)
    context = {
        "status": 400,
        "heading": heading,
        "refusals": basket.refusals,
        "kept": len(basket),
        "address": address_without_basket(request),
    }
    return render(request, "reforms/basket_refused.html", context, status=400)
