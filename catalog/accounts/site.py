"""The admin's site: Django's own, with a second step of the log-in and pages for the second factor."""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# What stays open to somebody who first has to set up a second factor or change a password.
OPEN = frozenset(
    {"login", "log_in_code", "logout", "jsi18n", "password_change", "password_change_done"}
    | {"two_factor", "two_factor_set_up", "two_factor_codes", "two_factor_remove"}
)


class StaffSite(AdminSite):
    """The default admin site. What it adds is reached from every page's head."""

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return Django's addresses, with those of the code and the second factor before them."""
        from catalog.accounts import pages

        def staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            guarded = sensitive_post_parameters()(self.admin_view(partial(view, self)))
            return update_wrapper(require_http_methods(["GET", "HEAD", "POST"])(guarded), view)

        return [
            path("login/code/", self.log_in_code, name="log_in_code"),
            path("two-factor/", staff(pages.two_factor_page), name="two_factor"),
            path("two-factor/set-up/", staff(pages.set_up), name="two_factor_set_up"),
            path("two-factor/codes/", staff(pages.recovery_codes), name="two_factor_codes"),
            path("two-factor/remove/", staff(pages.remove), name="two_factor_remove"),
            path("two-factor/reset/<int:number>/", staff(pages.reset), name="two_factor_reset"),
            *super().get_urls(),
        ]

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Guard a view as Django does; what is due first, a second factor or a password, is asked for.

        What was typed is kept where neither the log-in nor what is due lets it through.
        """
        from catalog.accounts.pages import what_is_due
        from reforms.admin import kept_forms

        def checked(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
            match = request.resolver_match
            if match is None or match.app_name != "admin" or match.url_name not in OPEN:
                due = what_is_due(request)
                if due is not None:
                    return kept_forms.keep_until_done(request) or redirect(due)
            return kept_forms.answer(request, view, *arguments, **options)

        if getattr(view, "csrf_exempt", False):
            checked.csrf_exempt = True  # type: ignore[attr-defined]
        stock = super().admin_view(checked, cacheable)

        def guarded(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
            given_back = None
            if not self.has_permission(request):
                given_back = kept_forms.keep_without_log_in(request)
            return given_back or stock(request, *arguments, **options)

        # Nothing is kept of a form that another site sent.
        outer = guarded if getattr(view, "csrf_exempt", False) else csrf_protect(guarded)
        return cast(View, update_wrapper(outer, view))

    @method_decorator(never_cache)
    @login_not_required
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the log-in, as Django does; a right password may not be all of it."""
        from catalog.accounts.log_in import LogInView

        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
            context[REDIRECT_FIELD_NAME] = reverse("admin:index", current_app=self.name)
        request.current_app = self.name
        view = LogInView.as_view(extra_context=context, template_name="admin/login.html")
        return cast(HttpResponse, view(request))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    @method_decorator(sensitive_post_parameters("code"))
    @method_decorator(csrf_protect)
    @method_decorator(never_cache)
    @login_not_required
    def log_in_code(self, request: HttpRequest) -> HttpResponse:
        """Show the second step of the log-in."""
        from catalog.accounts.log_in import log_in_code

        request.current_app = self.name
        context = {**self.each_context(request), "title": _("Log in"), "subtitle": None}
        return log_in_code(request, context)
