"""Addresses of the catalog's own public pages, as a form or a link carries them."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.translation import get_language_from_path, override

from reforms.filters.basket import Item
from reforms.filters.fields import is_text
from reforms.models.fields import LONGEST_SLUG

LONGEST_ADDRESS = 2000
# Their addresses name a page of which they speak, and are none themselves.
NO_PAGES = frozenset({"report", "report_thanks", "suggestions"})


@dataclass(frozen=True)
class PublicPage:
    """A page or a file of this site: its address from the root on, its name, the measure it shows."""

    address: str
    name: str
    measure: Item | None = None


def read_public_page(text: str, request: HttpRequest) -> PublicPage | None:
    """Return the public page of this site that an address names; None for any other; no query.

    It may begin with the site's own scheme and host. Whether the catalog holds what it names is not
    asked. The fragment is dropped.
    """
    if not is_text(text) or not text.isprintable() or "\\" in text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    is_here = not parts.scheme and not parts.netloc
    if not is_here and (
        parts.scheme not in ("http", "https") or parts.netloc != request.get_host()
    ):
        return None
    prefix = get_script_prefix()
    # A second slash would make it the address of another site.
    if not parts.path.startswith(prefix) or parts.path.startswith("//"):
        return None
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if len(address) > LONGEST_ADDRESS:
        return None
    return _resolved(address, unquote(f"/{parts.path.removeprefix(prefix)}"))


def _resolved(address: str, path: str) -> PublicPage | None:
    """Return the page at a path, if it stands behind a language, as all public pages do."""
    language = get_language_from_path(path)
    if language is None:
        return None
    with override(language):
        try:
            match = resolve(path)
        except Resolver404:
            return None
    name = match.url_name
    if name is None or name in NO_PAGES:
        return None
    source, key = match.kwargs.get("source", ""), match.kwargs.get("key", "")
    is_measure = source and key and max(len(source), len(key)) <= LONGEST_SLUG
    return PublicPage(address, name, Item(source, key) if is_measure else None)
