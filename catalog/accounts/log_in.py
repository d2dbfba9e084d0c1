"""Logging in: name and password first, then the code of those accounts that have a second factor."""

import time
from typing import Any

from django.contrib.auth import get_user_model, login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.crypto import constant_time_compare

from catalog.accounts import two_factor
from catalog.accounts.forms import LogInCodeForm, LogInForm
from catalog.accounts.known_browser import remember_browser
from catalog.accounts.limits import is_refused, prepare, refusal

PENDING = "log_in_pending"
# So long may pass between the password and the code.
PENDING_SECONDS = 5 * 60


class LogInView(LoginView):
    """Django's log-in, which stops at the code where the account has a second factor."""

    authentication_form = LogInForm

    def dispatch(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        """Note who the visitor is before a password is looked at."""
        prepare(request)
        return super().dispatch(request, *arguments, **options)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Let the account in, or keep in the session that its password was right and ask for a code."""
        user: Any = form.get_user()
        if not two_factor.has_two_factor(user):
            return finish(self.request, user, self.get_success_url())
        self.request.session.cycle_key()
        self.request.session[PENDING] = {
            "user": user.pk,
            "backend": user.backend,
            "password": user.get_session_auth_hash(),
            "next": self.get_success_url(),
            "at": int(time.time()),
        }
        return redirect("admin:log_in_code")


def log_in_code(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Ask for the code of whoever gave the right password less than five minutes ago.

    A wrong code counts as a failed log-in.
    """
    user = pending_user(request)
    if user is None:
        request.session.pop(PENDING, None)
        return redirect("admin:login")
    name = user.get_username()
    form = LogInCodeForm(request.POST or None)
    if request.method == "POST" and is_refused(request, name):
        return refusal(request, None, {"username": name})
    if request.method == "POST" and form.is_valid():
        check = two_factor.check(user, form.cleaned_data["code"])
        if check.device is not None:
            target = request.session[PENDING]["next"]
            user.otp_device = check.device  # type: ignore[attr-defined]
            return finish(request, user, target)
        if not check.wait_seconds:
            user_login_failed.send(__name__, credentials={"username": name}, request=request)
        form.refuse(check)
    return TemplateResponse(request, "admin/log_in_code.html", {**context, "form": form})


def pending_user(request: HttpRequest) -> User | None:
    """Return whose password was right; None if nobody's, too long ago, or it has changed since."""
    held = request.session.get(PENDING)
    if held is None or time.time() - held["at"] > PENDING_SECONDS:
        return None
    user: Any = get_user_model().objects.filter(pk=held["user"], is_active=True).first()
    if user is None or not constant_time_compare(held["password"], user.get_session_auth_hash()):
        return None
    user.backend = held["backend"]
    return user if isinstance(user, User) else None


def finish(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """Log the account in, and send it on with the cookie of a known browser."""
    prepare(request)
    request.session.pop(PENDING, None)
    login(request, user)
    answer = HttpResponseRedirect(target)
    remember_browser(request, answer, user.get_username())
    return answer
