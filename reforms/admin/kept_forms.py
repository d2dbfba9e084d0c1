"""Forms that are sent after the log-in was over: kept for their author, offered, shown again."""

from collections.abc import Callable
from typing import Any

from django import template
from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure

from reforms import editing
from reforms.models import KeptForm

register = template.Library()

VOCABULARIES = ("category", "city", "indicator", "synonym", "theme")
# The pages whose forms are kept. None of them asks for a password or a code.
PAGES = frozenset(
    {
        f"reforms_measure_{page}"
        for page in ("change", "words", "suggestions", "withdraw", "restore", "revert")
    }
    | {f"reforms_source_{page}" for page in ("change", "withdraw", "restore", "revert")}
    | {f"reforms_{name}_{page}" for name in VOCABULARIES for page in ("add", "change", "revert")}
    | {"reforms_proposal_change", "reforms_proposal_revise", "reforms_proposal_update"}
    | {"reforms_report_change", "reforms_noticedraft_add", "reforms_noticedraft_change"}
    | {"reforms_importedfile_change"}
    | {"auth_user_change", "auth_group_add", "auth_group_change"}
)
# What the page itself puts into its form, beside the form's own fields.
TOKEN, SHOWN, SHOW, FORGET = "_typing", "_kept_shown", "_kept_show", "_kept_forget"
CSRF_TOKEN = "csrfmiddlewaretoken"
NOT_TYPED = frozenset({TOKEN, SHOWN, SHOW, FORGET, CSRF_TOKEN})
MAX_DIGITS = 18


# --- Whose page it was ---


def is_kept_page(request: HttpRequest) -> bool:
    """Tell whether the forms of the page that is asked for are kept."""
    match = request.resolver_match
    return match is not None and match.app_name == "admin" and match.url_name in PAGES


def token_for(account: Any, path: str) -> str:
    """Return what proves that the site gave a page to an account, for as long as a log-in lasts."""
    return _signer(path).sign(str(account.pk))


def author_of(request: HttpRequest) -> Any:
    """Return the open account of staff to which the posted page was given; None if nobody's.

    Nobody's, too, where another account is logged in by now. At most 1 query.
    """
    token = request.POST.get(TOKEN)
    if request.method != "POST" or token is None or not is_kept_page(request):
        return None
    try:
        key = _signer(request.path).unsign(token, max_age=settings.SESSION_ABSOLUTE_SECONDS)
    except BadSignature:
        return None
    if request.user.is_authenticated and str(request.user.pk) != key:
        return None
    return get_user_model().objects.filter(pk=key, is_active=True, is_staff=True).first()


def _signer(path: str) -> TimestampSigner:
    return TimestampSigner(salt=f"reforms.kept_forms:{path}")


# --- Keeping ---


def keep_posted(request: HttpRequest, said: str) -> HttpResponse | None:
    """Keep what was posted to a page that cannot take it now, and say so in the next one.

    Returns the page that gives it back to the browser where it is too much to be kept; otherwise
    None, and whoever asked sends the person on. Only after the check of the form's CSRF token.
    """
    account = author_of(request)
    if account is None:
        return None
    fields = {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}
    try:
        editing.keep_form(account, request.get_full_path(), fields)
    except editing.NotKept:
        return give_back(request, 413)
    messages.warning(request, said)
    return None


def keep_without_log_in(request: HttpRequest) -> HttpResponse | None:
    """Keep what was posted after the log-in was over."""
    said = _(
        "Your log-in was over. What you typed is kept for an hour and offered after you log in."
    )
    return keep_posted(request, said)


def keep_until_done(request: HttpRequest) -> HttpResponse | None:
    """Keep what was posted while something else had become due first."""
    said = _("What you typed is kept for an hour and offered on the page where you typed it.")
    return keep_posted(request, said)


def give_back(request: HttpRequest, status: int) -> HttpResponse:
    """Return a page that holds all that was posted, to be sent again; nothing is stored."""
    pairs = [
        (editing.storable(name), editing.storable(value))
        for name, values in request.POST.lists()
        if name != CSRF_TOKEN
        for value in values
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Not saved yet"),
        "subtitle": None,
        "is_nav_sidebar_enabled": False,
        "is_too_long": status == 413,
        "address": request.get_full_path(),
        "pairs": pairs,
    }
    return TemplateResponse(request, "admin/given_back.html", context, status=status).render()


def refuse_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose CSRF token is wrong: a page of the admin is given back, nothing is kept.

    A log-in in another tab changes the token, so a form that was open meanwhile comes here.
    """
    if author_of(request) is not None:
        return give_back(request, 403)
    return csrf_failure(request, reason)


# --- Offering ---


def taken_back(request: HttpRequest) -> KeptForm | None:
    """Return the kept form that stands in the place of what was posted; None for any other request."""
    return getattr(request, "_taken_back", None)


def is_save(request: HttpRequest) -> bool:
    """Tell whether a form was posted to be saved, rather than to be shown again."""
    return request.method == "POST" and taken_back(request) is None


def note_done(request: HttpRequest) -> None:
    """Note that what was posted is done: saved, or found to change nothing."""
    request._is_done = True  # type: ignore[attr-defined]


def never_valid(form_class: Any) -> Any:
    """Return the form as one that finds its errors but is never saved."""

    class ShownForm(form_class):
        def is_valid(self) -> bool:
            super().is_valid()
            return False

    return ShownForm


def answer(
    request: HttpRequest, view: Callable[..., HttpResponseBase], *arguments: Any, **options: Any
) -> HttpResponseBase:
    """Answer a page of the admin; on one whose forms are kept, show or forget what is kept.

    A save that came from a form shown again forgets it, if the page noted that it is done
    (``note_done``): an answer that leads elsewhere may as well say that there was nothing to save to.
    """
    if request.method != "POST" or not is_kept_page(request):
        return view(request, *arguments, **options)
    number = _number(request, FORGET)
    if number is not None:
        if editing.forget_form(request.user, number):
            messages.success(request, _("Thrown away."))
        return redirect(request.get_full_path())
    number, shown = _number(request, SHOW), _number(request, SHOWN)
    if number is not None:
        kept = editing.offered_form(request.user, request.path)
        if kept is None or kept.pk != number:
            messages.warning(request, _("What you typed is no longer kept."))
            return redirect(request.get_full_path())
        request.POST = _query_dict(kept)  # type: ignore[assignment]
        request._taken_back = kept  # type: ignore[attr-defined]
    response = view(request, *arguments, **options)
    is_done = getattr(request, "_is_done", False) and response.status_code == 302
    if shown is not None and is_save(request) and is_done:
        editing.forget_form(request.user, shown)
    return response


def _query_dict(kept: KeptForm) -> QueryDict:
    posted = QueryDict(mutable=True)
    for name, values in kept.fields.items():
        posted.setlist(name, values)
    posted._mutable = False
    return posted


def _number(request: HttpRequest, name: str) -> int | None:
    """Return the number of a kept form that was posted; None where it is none."""
    text = request.POST.get(name, "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS
    return int(text) if is_number else None


def title_of(kept: KeptForm) -> str:
    """Return what the page is about where it was typed: the row's name, or that one is added.

    The row's key where it is none's. At most 1 query.
    """
    path = kept.address.partition("?")[0]
    try:
        match = resolve(path)
    except Resolver404:
        return path
    label, name, _page = str(match.url_name).split("_", 2)
    model = apps.get_model(label, name)
    key = match.kwargs.get("object_id")
    if key is None:
        return _("Add %(name)s") % {"name": model._meta.verbose_name}
    key = unquote(key)
    try:
        row = model._default_manager.filter(pk=key).first()
    except (ValueError, ValidationError):
        row = None
    return f"{capfirst(model._meta.verbose_name)} · {row or key}"


# --- In templates ---


@register.inclusion_tag("admin/reforms/_typing.html", takes_context=True)
def typing(context: dict[str, Any]) -> dict[str, Any]:
    """Return what a form carries so that its typing is not lost; what was posted is unsaved."""
    request = context["request"]
    kept = taken_back(request)
    return {
        "token": token_for(request.user, request.path) if is_kept_page(request) else None,
        "shown": kept.pk if kept else _number(request, SHOWN),
        "is_unsaved": request.method == "POST",
    }


@register.inclusion_tag("admin/reforms/_kept.html", takes_context=True)
def kept_form(context: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of this page for whoever opens it, or is shown in it; at most 1 query."""
    request = context["request"]
    shown = taken_back(request)
    offered = None
    if request.method == "GET" and is_kept_page(request) and request.user.is_authenticated:
        offered = editing.offered_form(request.user, request.path)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "shown": shown,
        "offered": offered,
    }
