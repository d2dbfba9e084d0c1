"""The link that reports an error of the page it stands on."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from reforms.filters import LONGEST_ADDRESS, Item, address_without_basket, read_public_page
from reforms.templatetags.languages import BASKET_PAGES

register = template.Library()


@register.simple_tag(takes_context=True)
def report_address(context: template.Context) -> str:
    """Return the address of the form that reports an error of the page being read; no query.

    A measure's page names the measure and the version read, any other its own address; without its
    query where that is too long for a link, and no page where it is none of the public ones.
    """
    form = reverse("report")
    request = getattr(context, "request", None)
    if request is None or request.resolver_match is None:
        return form
    name, measure = request.resolver_match.url_name, context.get("measure")
    version = {"version": measure.version} if measure else {}
    if measure and name == "measure_detail":
        return f"{form}?{_query(measure=Item(measure.source.slug, measure.key), **version)}"
    shown = request.get_full_path() if name in BASKET_PAGES else address_without_basket(request)
    if read_public_page(request.path, request) is None:
        return form
    query = _query(address=shown, **version)
    if len(query) > LONGEST_ADDRESS:
        query = _query(address=request.path, **version)
    return f"{form}?{query}" if len(query) <= LONGEST_ADDRESS else form


def _query(**values: Any) -> str:
    # These may stand in a query as they are (RFC 3986, 3.4), and are a third as long so.
    return urlencode(values, safe="/:?=,")
