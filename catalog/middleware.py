"""What happens to every request and answer: probes, heads, security headers, languages, bodies too large, unreadable input, staff sessions."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import get_resolver
from django.utils.cache import add_never_cache_headers

from catalog import health
from catalog.sessions import note_use

Answer = Callable[[HttpRequest], HttpResponse]
PROBES: dict[str, Answer] = {"/livez": health.live, "/readyz": health.ready}
NUL = "\x00"
CHUNK_BYTES = 1024 * 1024
MAX_DIGITS = 18
# How many times the largest body is read and dropped at most.
DROPPED_BODIES = 8


def probes(get_response: Answer) -> Answer:
    """Answer the probes first: whatever host name, language or scheme the prober uses."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return PROBES.get(request.path_info, get_response)(request)

    return middleware


def bodiless_heads(get_response: Answer) -> Answer:
    """Take the body off an answer to HEAD, keeping its headers: the server would warn of each."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "HEAD":
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = ()
            else:
                response.content = b""
        return response

    return middleware


def security_headers(get_response: Answer) -> Answer:
    """Add the content security policy and the permissions policy to every answer, files included."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # Django's own error pages, which only DEBUG shows, carry their styles inline.
        if not (settings.DEBUG and response.status_code in {404, 500}):
            response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response

    return middleware


class LanguageOfAddress(LocaleMiddleware):
    """Take the language from the address, else from the browser's preference; a cookie counts in the admin alone.

    So a redirect to an address with a language can be kept by a cache for all with that preference.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of the request."""
        if not request.path_info.startswith(settings.LANGUAGE_COOKIE_PATH):
            request.COOKIES.pop(settings.LANGUAGE_COOKIE_NAME, None)
        super().process_request(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Redirect an address that lacks only its language; else say which language the answer has."""
        answer = super().process_response(request, response)
        if answer is not response:
            answer.headers["Vary"] = "Accept-Language"
        return answer


def bounded_bodies(get_response: Answer) -> Answer:
    """Answer 413 to a body that is larger than the site takes, before anything of it is kept.

    What comes in a reasonable time is read and dropped, so that the sender sees the answer.
    """
    maximum = settings.MAX_REQUEST_BYTES

    def middleware(request: HttpRequest) -> HttpResponse:
        said = request.META.get("CONTENT_LENGTH") or "0"
        length = int(said) if said.isascii() and said.isdigit() and len(said) < MAX_DIGITS else 0
        if length <= maximum:
            return get_response(request)
        left = min(length, DROPPED_BODIES * maximum)
        while left > 0 and (chunk := request.read(min(left, CHUNK_BYTES))):
            left -= len(chunk)
        too_large: Callable[..., HttpResponse] = get_resolver().resolve_error_handler(413)
        return too_large(request, maximum // (1024 * 1024))

    return middleware


def unreadable_input(get_response: Answer) -> Answer:
    """Answer 400 to a NUL or half a surrogate pair in an address, a parameter or a form.

    PostgreSQL cannot take the one, and no database the other, which a form of an odd charset can
    hold. The body of a JSON request is left to whoever parses it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        texts = [request.path_info]
        for form in (request.GET, request.POST):
            texts.extend(form)
            texts.extend(text for _name, values in form.lists() for text in values)
        if any(NUL in text or is_broken(text) for text in texts):
            raise BadRequest("The request holds a NUL character or half a character.")
        return get_response(request)

    return middleware


def is_broken(text: str) -> bool:
    """Tell whether a text holds half a surrogate pair, which no encoding writes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def staff_sessions(get_response: Answer) -> Answer:
    """Keep answers that read a session out of every cache, and note that the session is in use."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.session.accessed:
            note_use(request.session)
            add_never_cache_headers(response)
        return response

    return middleware
