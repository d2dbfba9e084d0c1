"""Withdraw a measure or a source with its reason, and bring it back: what stands in for deleting."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms.admin.bounded import MAX_VERSION, BoundedAdmin
from reforms.editing import StaleRow
from reforms.exchange import RecordError
from reforms.versions import VersionConflict


class VersionForm(forms.Form):
    """A change that names the version it was made from."""

    version = forms.IntegerField(min_value=1, max_value=MAX_VERSION, widget=forms.HiddenInput)


class WithdrawForm(VersionForm):
    """Why readers will no longer find this, told to them in their language."""

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

    def withdraw(self, row: Any, values: dict[str, Any], by: Any) -> None:
        """Withdraw the row; raises where somebody saved it since."""
        raise NotImplementedError

    def restore(self, row: Any, values: dict[str, Any], by: Any) -> None:
        """Bring the row back; raises where somebody saved it since."""
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
        change = reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk]
        )
        if row.is_withdrawn == is_withdrawing and request.method != "POST":
            self.message_user(request, _("There is nothing to do: this was done already."))
            return redirect(change)
        form = form_class(request.POST or None, initial={"version": row.version})
        if (
            request.method == "POST"
            and form.is_valid()
            and self._act(request, row, form, is_withdrawing)
        ):
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
        return TemplateResponse(request, "admin/reforms/withdraw.html", context)

    def _act(self, request: HttpRequest, row: Any, form: Any, is_withdrawing: bool) -> bool:
        """Withdraw or bring back and say so; else say why not in the form."""
        act = self.withdraw if is_withdrawing else self.restore
        try:
            act(row, form.cleaned_data, request.user)
        except (VersionConflict, StaleRow):
            form.add_error(None, _("Somebody saved this while you wrote. Open it again."))
        except RecordError as error:
            form.add_error(None, _(error.template) % error.values)
        else:
            done = _("Withdrawn.") if is_withdrawing else _("Back in the public lists.")
            reason = form.cleaned_data.get("reason_zh") or form.cleaned_data.get("reason")
            self.log_change(request, row, f"{done} {reason}")
            self.message_user(request, done)
            return True
        return False
