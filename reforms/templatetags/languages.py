"""The address of the page being read, in each language: the switch, the alternates, the canonical link."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils.translation import get_language, get_language_info

from reforms.days import at_day
from reforms.filters import address_without_basket, day_of

register = template.Library()

BASKET_PAGES = ("basket", "basket_chapter", "basket_compare")


@dataclass(frozen=True)
class PageLanguage:
    """The page in one language.

    ``address`` keeps the query, so that a reader keeps the place; ``canonical`` is absolute and
    has only the part of the query that names the page (the context's ``canonical_query`` and the day).
    """

    code: str
    tag: str
    name: str
    address: str
    canonical: str
    is_current: bool


def language_tag(code: str) -> str:
    """Return a language's code as HTML has it: ``zh-hans`` becomes ``zh-Hans``."""
    language, _hyphen, script = code.partition("-")
    return f"{language}-{script.capitalize()}" if script else language


def without_language(full_path: str) -> str | None:
    """Return what follows the language in a path with its query; None where it has no language."""
    prefix = get_script_prefix()
    for code, _name in settings.LANGUAGES:
        if full_path.startswith(f"{prefix}{code}/"):
            return full_path[len(prefix) + len(code) + 1 :]
    return None


def absolute(request: HttpRequest, address: str) -> str:
    """Return the address with scheme and host; as it is where the request's host is not ours."""
    try:
        return request.build_absolute_uri(address)
    except DisallowedHost:
        return address


@register.simple_tag(takes_context=True)
def page_languages(context: Mapping[str, Any]) -> list[PageLanguage]:
    """Return the page in each language of the site, in the site's order; none without a request.

    A page outside any language (an unknown address) leads to the start page of each.
    """
    request = context.get("request")
    if request is None:
        return []
    rest = without_language(request.get_full_path()) or ""
    query = context.get("canonical_query") or ""
    named = at_day(rest.partition("?")[0] + (f"?{query}" if query else ""), day_of(request))
    current = get_language()
    return [
        PageLanguage(
            code=code,
            tag=language_tag(code),
            name=get_language_info(code)["name_local"],
            address=f"{get_script_prefix()}{code}/{rest}",
            canonical=absolute(request, f"{get_script_prefix()}{code}/{named}"),
            is_current=code == current,
        )
        for code, _name in settings.LANGUAGES
    ]


@register.simple_tag(takes_context=True)
def unprefixed_address(context: Mapping[str, Any]) -> str:
    """Return the absolute address that sends each reader to their language; empty without one."""
    request = context.get("request")
    rest = without_language(request.get_full_path()) if request else None
    if request is None or rest is None:
        return ""
    query = context.get("canonical_query") or ""
    named = at_day(rest.partition("?")[0] + (f"?{query}" if query else ""), day_of(request))
    return absolute(request, f"{get_script_prefix()}{named}")


@register.simple_tag(takes_context=True)
def full_address(context: Mapping[str, Any]) -> str:
    """Return the absolute address of the page with its query, for paper.

    The basket is left out where the page does not show it: on paper it would be noise.
    """
    request = context.get("request")
    if request is None:
        return ""
    match = request.resolver_match
    shows_basket = match is not None and match.url_name in BASKET_PAGES
    named = request.get_full_path() if shows_basket else address_without_basket(request)
    return absolute(request, named)
