"""A browser that somebody logged in with before: a signed cookie that proves it, and lets nobody in.

As OWASP describes it ("Slow Down Online Guessing Attacks with Device Cookies"): whoever attacks an
account does not have the cookie, so failures of strangers never count against its owner's browser.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "known_browser"
KEPT_SECONDS = 90 * 24 * 3600
LONGEST_COOKIE_CHARACTERS = 1000
# What a known browser's failures carry in front of the browser's own name for itself.
KNOWN_BROWSER = "known browser "


@dataclass(frozen=True)
class KnownBrowser:
    """The account that was logged in to last in a browser, and the browser's number."""

    username: str
    number: str

    @property
    def mark(self) -> str:
        """Return what names this browser in the records of log-ins."""
        return f"{KNOWN_BROWSER}{self.number}"


def known_browser(request: HttpRequest) -> KnownBrowser | None:
    """Return what the browser's cookie proves; None without one, or where it is forged or too old."""
    text = request.COOKIES.get(COOKIE, "")
    if not text or len(text) > LONGEST_COOKIE_CHARACTERS:
        return None
    try:
        held: Any = signing.loads(text, salt=COOKIE, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return None
    return KnownBrowser(username=held["username"], number=held["number"])


def remember_browser(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Give the browser its cookie after a log-in: sent to the admin alone, read by no script."""
    known = known_browser(request)
    number = known.number if known and known.username == username else secrets.token_hex(8)
    response.set_cookie(
        COOKIE,
        signing.dumps({"username": username, "number": number}, salt=COOKIE),
        max_age=KEPT_SECONDS,
        path=settings.LANGUAGE_COOKIE_PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )
