"""Withdraw a measure or a source with its reason, and bring it back: what stands in for deleting."""

from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms import editing, versions
from reforms.admin.bounded import BoundedAdmin
from reforms.admin.kept_forms import is_save
from reforms.admin.submitting import REFUSALS, refusal
from reforms.exchange import MAX_INTEGER


class VersionForm(forms.Form):
    """A change that names the version it was made from."""

    version = forms.IntegerField(min_value=1, max_value=MAX_INTEGER, widget=forms.HiddenInput)
    is_stale = False

    @property
    def status_code(self) -> int:
        """The status of the page that shows the form: 409 where somebody saved in between."""
        return 409 if self.is_stale else 200

    def refuse(self, error: Exception, version: int) -> None:
        """Say why a change is not taken; where somebody saved in between, go on from their version.

        What was typed stays, and who has seen theirs may send it again.
        """
        if not isinstance(error, (editing.StaleRow, versions.VersionConflict, IntegrityError)):
            self.add_error(None, refusal(error))
            return
        self.is_stale = True
        self.add_error(
            None,
            _(
                "Somebody saved this while you wrote; it stands at version %(version)s now. Look at "
                "it, then send this again: nothing that you typed is lost."
            )
            % {"version": version},
        )
        again = cast(QueryDict, self.data).copy()
        again["version"] = str(version)
        self.data = again


class ReasonsForm(forms.Form):
    """Why readers will no longer find something, told to them in their language."""

    reason_zh = forms.CharField(
        label=gettext_lazy("Reason (Chinese)"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Readers who follow an old link are told this."),
    )
    reason_en = forms.CharField(
        label=gettext_lazy("Reason (English)"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The same in English."),
    )


class WithdrawForm(VersionForm, ReasonsForm):
    """Why readers will no longer find this, and the version that was looked at."""


class RestoreForm(VersionForm):
    """Why something withdrawn comes back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason of this change"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Kept in the history."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class WithdrawableAdmin(BoundedAdmin):
    """A table whose rows are withdrawn, never deleted."""

    def withdraw(self, request: HttpRequest, row: Any, values: dict[str, Any]) -> None:
        """Withdraw the row and say so; raises where somebody saved it since."""
        raise NotImplementedError

    def restore(self, request: HttpRequest, row: Any, values: dict[str, Any]) -> None:
        """Bring the row back and say so; raises where somebody saved it since."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of the table, its two own before the stock ones."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                "<path:object_id>/withdraw/",
                self.admin_site.admin_view(self.withdraw_view),
                name=f"{name}_withdraw",
            ),
            path(
                "<path:object_id>/restore/",
                self.admin_site.admin_view(self.restore_view),
                name=f"{name}_restore",
            ),
        ]
        return own + super().get_urls()

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the reason in both languages, then withdraw."""
        return self._answer(request, object_id, WithdrawForm, is_withdrawing=True)

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the reason, then bring back."""
        return self._answer(request, object_id, RestoreForm, is_withdrawing=False)

    def _answer(
        self, request: HttpRequest, object_id: str, form_class: Any, is_withdrawing: bool
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self.not_found(request, object_id)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        change = self.keeping_filters(request, reverse(name, args=[row.pk]))
        if row.is_withdrawn == is_withdrawing and request.method != "POST":
            self.message_user(request, _("There is nothing to do: this was done already."))
            return redirect(change)
        form = form_class(request.POST or None, initial={"version": row.version})
        is_done = (
            is_save(request) and form.is_valid() and self._act(request, row, form, is_withdrawing)
        )
        if is_done:
            return redirect(change)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Withdraw %(name)s") % {"name": row}
            if is_withdrawing
            else _("Restore %(name)s") % {"name": row},
            "opts": self.opts,
            "original": row,
            "form": form,
            "is_withdrawing": is_withdrawing,
            "change_address": change,
        }
        template = "admin/reforms/withdraw.html"
        return TemplateResponse(request, template, context, status=form.status_code)

    def _act(self, request: HttpRequest, row: Any, form: Any, is_withdrawing: bool) -> bool:
        """Withdraw or bring back and say so; else say why not in the form."""
        act = self.withdraw if is_withdrawing else self.restore
        try:
            act(request, row, form.cleaned_data)
        except REFUSALS as error:
            now = self.get_object(request, str(row.pk)) or row
            form.refuse(error, now.version)
        else:
            return True
        return False
