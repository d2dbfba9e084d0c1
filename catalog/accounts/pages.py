"""The pages of the second factor: what an account has, setting it up, codes, taking it away."""

from typing import Any
from urllib.parse import quote

import django_otp
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from catalog.accounts import two_factor
from catalog.accounts.forms import ProofForm
from catalog.accounts.passwords import is_password_too_old


def what_is_due(request: HttpRequest) -> str | None:
    """Return the name of the page that somebody has to see first; None if nothing is due.

    Costs no query while no second factor is required and passwords do not age.
    """
    user = person(request)
    if two_factor.is_required(user) and not user.is_verified():  # type: ignore[attr-defined]
        return "admin:two_factor"
    if is_password_too_old(user):
        messages.warning(request, _("Your password is too old. Choose a new one to go on."))
        return "admin:password_change"
    return None


def person(request: HttpRequest) -> User:
    """Return who is logged in; the admin's views let nobody else through."""
    user = request.user
    assert isinstance(user, User)
    return user


def page(
    site: AdminSite, request: HttpRequest, name: str, title: str, **context: Any
) -> TemplateResponse:
    """Return a page of the second factor."""
    request.current_app = site.name
    shown = {
        **site.each_context(request),
        # Whoever has to set it up first can open nothing that the sidebar lists.
        "is_nav_sidebar_enabled": False,
        "title": title,
        "subtitle": None,
        **context,
    }
    return TemplateResponse(request, f"admin/two_factor/{name}.html", shown)


def two_factor_page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show what the account has; posted, begin to set it up."""
    user = person(request)
    state = two_factor.state_of(user)
    if request.method == "POST" and state is None:
        two_factor.begin(user)
        return redirect("admin:two_factor_set_up")
    is_due = two_factor.is_required(user) and not user.is_verified()  # type: ignore[attr-defined]
    return page(site, request, "state", _("Two-factor log-in"), state=state, is_due=is_due)


def set_up(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show the secret that was begun, as a code to scan and as text; the first code puts it to use."""
    user = person(request)
    device = two_factor.begun(user)
    if device is None or two_factor.has_two_factor(user):
        return redirect("admin:two_factor")
    form = ProofForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        check = two_factor.check_unconfirmed(device, form.cleaned_data["code"])
        if isinstance(check.device, two_factor.TOTPDevice):
            codes = two_factor.confirm(user, check.device, request.session.session_key)
            django_otp.login(request, check.device)
            two_factor.record(user, user, _("Two-factor log-in set up."))
            return codes_page(site, request, codes)
        form.refuse(check)
    return page(
        site,
        request,
        "set_up",
        _("Set up two-factor log-in"),
        form=form,
        qr_code=two_factor.qr_code(device, _("The secret as a QR code")),
        secret=two_factor.secret_of(device),
    )


def codes_page(site: AdminSite, request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Show new recovery codes, this once, with a file of them that the page itself holds."""
    text = "\r\n".join([str(site.site_title), person(request).get_username(), "", *codes, ""])
    file = f"data:text/plain;charset=utf-8,{quote(text)}"
    return page(site, request, "codes", _("Your recovery codes"), codes=codes, file=file)


def proven(request: HttpRequest, form: ProofForm) -> bool:
    """Say whether password and code were posted and are right; what is wrong stands in the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    check = two_factor.check(person(request), form.cleaned_data["code"])
    if check.device is None:
        form.refuse(check)
    return check.device is not None


def recovery_codes(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Replace the recovery codes by new ones."""
    user = person(request)
    if not two_factor.has_two_factor(user):
        return redirect("admin:two_factor")
    form = ProofForm(request, request.POST or None)
    if proven(request, form):
        codes = two_factor.new_recovery_codes(user)
        two_factor.record(user, user, _("New recovery codes made."))
        return codes_page(site, request, codes)
    return page(site, request, "new_codes", _("New recovery codes"), form=form)


def remove(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Take the account's own second factor away."""
    user = person(request)
    if not two_factor.has_two_factor(user):
        return redirect("admin:two_factor")
    form = ProofForm(request, request.POST or None)
    if proven(request, form):
        two_factor.remove(user)
        two_factor.record(user, user, _("Two-factor log-in removed."))
        messages.success(request, _("Two-factor log-in is removed."))
        return redirect("admin:two_factor")
    return page(site, request, "remove", _("Remove two-factor log-in"), form=form)


def reset(site: AdminSite, request: HttpRequest, number: int) -> HttpResponse:
    """Take the second factor of a colleague away who lost it; only a superuser does so to one."""
    by = person(request)
    model = get_user_model()
    if not by.has_perm(f"auth.change_{model._meta.model_name}"):
        raise PermissionDenied
    user: Any = get_object_or_404(model, pk=number)
    if user.is_superuser and not by.is_superuser:
        raise PermissionDenied
    if user.pk == by.pk:
        # One's own asks for the password and a code.
        return redirect("admin:two_factor_remove")
    change = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    if request.method == "POST":
        if two_factor.reset(user, by, _("Two-factor log-in reset by an administrator.")):
            messages.success(request, _("Two-factor log-in is reset, and every session ended."))
        return redirect(change, user.pk)
    title = _("Reset two-factor log-in")
    state = two_factor.state_of(user)
    return page(site, request, "reset", title, account=user, state=state, change=change)
