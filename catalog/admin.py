"""What is recorded of log-ins, for administrators to read; nothing of it can be changed."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from catalog.accounts.known_browser import KNOWN_BROWSER
from catalog.models import CountedFailure, FailedLogIn, LogIn
from reforms.admin.bounded import BoundedAdmin, WordFilter

# These pages would show the secrets; each person's own stand at /admin/two-factor/.
for _device in (TOTPDevice, StaticDevice):
    admin.site.unregister(_device)


class PeriodFilter(WordFilter):
    """What happened lately."""

    title = _("when")
    parameter_name = "period"
    DAYS = {"1": _("last 24 hours"), "7": _("last 7 days"), "30": _("last 30 days")}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the periods."""
        return list(self.DAYS.items())

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return what happened since then."""
        return queryset.filter(attempt_time__gte=timezone.now() - timedelta(days=int(word)))


class RefusedFilter(WordFilter):
    """Failures that led to a wait, or happened in one."""

    title = _("had to wait")
    parameter_name = "refused"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the two choices."""
        return [("yes", _("Yes")), ("no", _("No"))]

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return the failures with a wait, or without."""
        return queryset.filter(locked_out=word == "yes")


class RecordAdmin(BoundedAdmin):
    """A record that is read: by those who may see it, and changed by nobody."""

    list_filter = (PeriodFilter,)
    search_fields = ("username", "ip_address", "user_agent")
    ordering = ("-attempt_time", "-pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one."""
        return False

    @admin.display(description=_("name typed"), ordering="username")
    def name(self, record: Any) -> str:
        """Return the name that was typed."""
        return record.username or "–"

    @admin.display(description=_("when"), ordering="attempt_time")
    def at(self, record: Any) -> Any:
        """Return when it happened."""
        return record.attempt_time

    @admin.display(description=_("network address"), ordering="ip_address")
    def address(self, record: Any) -> str:
        """Return where it came from; of an IPv6 address its network."""
        return record.ip_address or "–"

    @admin.display(description=_("browser"))
    def browser(self, record: Any) -> str:
        """Return what the browser called itself, and whether it had logged in to the account before."""
        agent = record.user_agent or "–"
        if not agent.startswith(KNOWN_BROWSER):
            return agent
        _number, _space, own = agent.removeprefix(KNOWN_BROWSER).partition(" ")
        known = _("known browser")
        return f"{known} · {own}"

    @admin.display(description=_("step"))
    def step(self, record: Any) -> str:
        """Return whether it was the password or the code, or a page inside the admin."""
        steps = {"/admin/login/": _("name and password"), "/admin/login/code/": _("code")}
        return str(steps.get(record.path_info, record.path_info))


@admin.register(LogIn)
class LogInAdmin(RecordAdmin):
    """Who logged in, when and from where."""

    list_display = ("name", "at", "logged_out_at", "address", "browser")
    fields = ("name", "at", "logged_out_at", "address", "browser", "step")
    readonly_fields = fields

    @admin.display(description=_("logged out"), ordering="logout_time")
    def logged_out_at(self, record: Any) -> Any:
        """Return when it was ended by hand; a log-in that is left alone ends by itself."""
        return record.logout_time


@admin.register(FailedLogIn)
class FailedLogInAdmin(RecordAdmin):
    """Wrong passwords and codes, and who went on in spite of having to wait."""

    list_filter = (RefusedFilter, PeriodFilter)  # type: ignore[assignment]
    list_display = ("name", "at", "address", "browser", "step", "had_to_wait")
    fields = list_display
    readonly_fields = fields

    @admin.display(description=_("had to wait"), ordering="locked_out")
    def had_to_wait(self, record: Any) -> str:
        """Say whether a wait began with it or was still going on: in words, since neither is good."""
        return str(_("Yes") if record.locked_out else _("No"))


@admin.register(CountedFailure)
class CountedFailureAdmin(RecordAdmin):
    """How many failures count against a visitor at present."""

    list_display = ("name", "failures", "at", "address", "browser")
    fields = (*list_display, "step")
    readonly_fields = fields

    @admin.display(description=_("failures"), ordering="failures_since_start")
    def failures(self, record: Any) -> int:
        """Return how many count."""
        return int(record.failures_since_start)
