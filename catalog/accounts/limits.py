"""How many wrong passwords a visitor may try: counted by name and visitor, so that nobody locks a colleague out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from catalog.accounts.known_browser import KNOWN_BROWSER, known_browser


@dataclass(frozen=True)
class Rule:
    """How many wrong passwords a visitor has for one name, and how long the wait is then."""

    tries: int
    wait: timedelta


# From how many addresses a name was tried wrongly in the last day, and what holds for strangers then.
RULES = (
    (0, Rule(tries=5, wait=timedelta(minutes=15))),
    (10, Rule(tries=3, wait=timedelta(hours=1))),
    (50, Rule(tries=1, wait=timedelta(hours=12))),
)
FIRST_RULE = RULES[0][1]
LONGEST_WAIT = max(rule.wait for _addresses, rule in RULES)
ATTACK_SEEN_FOR = timedelta(days=1)
KNOWN_ADDRESS_FOR = timedelta(days=90)
# A visitor who has to wait and goes on trying is written down once in this time.
REFUSAL_NOTED_EVERY = timedelta(minutes=1)


class LogInLimits(AxesDatabaseHandler):
    """django-axes' book of failures, with a count of its own for each name and visitor.

    A visitor is a browser that logged in to this very account before, wherever it is, or else an
    address. ``Rule`` says what holds; docs/accounts.md says why.
    """

    def filter_user_attempts(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> list[QuerySet]:
        """Return the failures that count against this visitor under this name, in a list of one."""
        return [attempts_of(request, username_of(request, credentials))]

    def get_user_attempts(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> list[QuerySet]:
        """Return those of them whose wait is not over."""
        since = timezone.now() - rule_for(request, username_of(request, credentials)).wait
        found = self.filter_user_attempts(request, credentials)
        return [attempts.filter(attempt_time__gte=since) for attempts in found]

    def clean_expired_user_attempts(
        self, request: HttpRequest | None = None, credentials: dict[str, Any] | None = None
    ) -> int:
        """Forget what no rule counts any more, and this visitor's failures whose wait is over."""
        forgotten: int = super().clean_expired_user_attempts(request, credentials)
        if request is not None:
            since = timezone.now() - rule_for(request, username_of(request, credentials)).wait
            for attempts in self.filter_user_attempts(request, credentials):
                forgotten += attempts.filter(attempt_time__lt=since).delete()[0]
        return forgotten


def username_of(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the name that somebody tries to log in with; empty where there is none."""
    return get_client_username(request, credentials) or ""


def prepare(request: HttpRequest) -> None:
    """Note on the request who the visitor is; do so before anything is authenticated.

    What a request brings is cut and freed of what a database cannot store. No query.
    """
    AxesProxyHandler.update_request(request)
    agent = storable(request.axes_user_agent)  # type: ignore[attr-defined]
    known = known_browser(request)
    if known is not None:
        agent = f"{known.mark} {agent}"
    elif agent.startswith(KNOWN_BROWSER):
        agent = f"? {agent}"
    request.axes_user_agent = agent[:255]  # type: ignore[attr-defined]
    request.axes_http_accept = storable(request.axes_http_accept)  # type: ignore[attr-defined]
    request.axes_path_info = storable(request.axes_path_info)  # type: ignore[attr-defined]


def storable(text: str) -> str:
    """Return the text without what PostgreSQL or UTF-8 cannot hold: NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def attempts_of(request: HttpRequest, username: str) -> QuerySet:
    """Return the failures under a name by this visitor: by its browser if known, else its address."""
    attempts = AccessAttempt.objects.filter(username=username)
    known = known_browser(request)
    if known is not None and known.username == username:
        return attempts.filter(user_agent__startswith=f"{known.mark} ")
    # Known browsers' failures here are counted, too: a cookie of another account proves nothing.
    return attempts.filter(ip_address=request.axes_ip_address)  # type: ignore[attr-defined]


def rule_for(request: HttpRequest, username: str) -> Rule:
    """Return what holds for a visitor under a name: fewer tries for strangers while it is attacked.

    Costs at most two queries.
    """
    since = timezone.now() - ATTACK_SEEN_FOR
    addresses = (
        AccessFailureLog.objects.filter(username=username, attempt_time__gte=since)
        .order_by()
        .values("ip_address")
        .distinct()
        .count()
    )
    rule = next(rule for least, rule in reversed(RULES) if addresses >= least)
    return FIRST_RULE if rule is not FIRST_RULE and is_known(request, username) else rule


def is_known(request: HttpRequest, username: str) -> bool:
    """Say whether somebody logged in with this name before, in this browser or from this address."""
    known = known_browser(request)
    if known is not None and known.username == username:
        return True
    return AccessLog.objects.filter(
        username=username,
        ip_address=request.axes_ip_address,  # type: ignore[attr-defined]
        attempt_time__gte=timezone.now() - KNOWN_ADDRESS_FOR,
    ).exists()


def tries(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """Return how many wrong passwords this visitor has; django-axes asks."""
    return rule_for(request, username_of(request, credentials)).tries


def is_refused(request: HttpRequest, username: str) -> bool:
    """Say whether the visitor has to wait before trying this name again."""
    prepare(request)
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def wait_until(request: HttpRequest, username: str) -> datetime:
    """Return when this visitor may try this name again."""
    last = attempts_of(request, username).aggregate(last=Max("attempt_time"))["last"]
    return (last or timezone.now()) + rule_for(request, username).wait


def refusal(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Answer 429: the page that says when to try again. The same for names that nobody has."""
    until = wait_until(request, username_of(request, credentials))
    seconds = max(1, ceil((until - timezone.now()).total_seconds()))
    answer = TemplateResponse(
        request,
        "admin/log_in_refused.html",
        {
            **admin.site.each_context(request),
            "title": _("Too many wrong passwords or codes"),
            "until": until,
            "minutes": ceil(seconds / 60),
        },
        status=429,
        headers={"Retry-After": str(seconds)},
    )
    add_never_cache_headers(answer)
    return answer.render()


def note_refusal(sender: object, request: HttpRequest, username: str, **kwargs: object) -> None:
    """Write down that somebody who has to wait tried again, at most once a minute for each.

    The failure that brings the wait is written down by django-axes, with its count.
    """
    if request.axes_failures_since_start is not None:  # type: ignore[attr-defined]
        return
    noted = AccessFailureLog.objects.filter(
        username=username,
        ip_address=request.axes_ip_address,  # type: ignore[attr-defined]
        locked_out=True,
        attempt_time__gte=timezone.now() - REFUSAL_NOTED_EVERY,
    )
    if not noted.exists():
        AccessFailureLog.objects.create(
            username=username,
            ip_address=request.axes_ip_address,  # type: ignore[attr-defined]
            user_agent=request.axes_user_agent,  # type: ignore[attr-defined]
            http_accept=request.axes_http_accept,  # type: ignore[attr-defined]
            path_info=request.axes_path_info,  # type: ignore[attr-defined]
            locked_out=True,
        )
