"""The history of a vocabulary word or a source in the admin: its saves, and the way back to one."""

from copy import copy
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms import editing, histories, states
from reforms.admin.kept_forms import is_save, note_done
from reforms.admin.measure_history import RevertForm
from reforms.admin.versioned import VersionedAdmin, VersionedForm

STATES_A_PAGE = 20
# Fields of the form that belong to the save, not to the row.
OF_THE_SAVE = ("expected_version", "reason")


class HistoryForm(VersionedForm):
    """A row's form that asks why the row is changed."""

    reason = forms.CharField(
        label=gettext_lazy("Reason of this change"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Kept in the history."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    @property
    def changed_data(self) -> list[str]:
        """The fields that were changed; a reason alone is no change."""
        return [name for name in super().changed_data if name not in OF_THE_SAVE]

    def saved_by(self, version: int | None) -> tuple[str, datetime] | None:
        """Return who saved this version and when; None where no save of the row made it."""
        state = states.newest_first(self.instance).filter(version=version).first()
        return (state.by_name, state.history_date) if state and state.by_name else None


class HistoryAdmin(VersionedAdmin):
    """A table whose rows keep their history, with the way back to any state of them."""

    form = HistoryForm

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of the table, the way back before the stock ones."""
        own = path(
            "<path:object_id>/revert/<int:version>/",
            self.admin_site.admin_view(self.revert_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_revert",
        )
        return [own, *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Return the stock fields, the reason after all that it is a reason for."""
        names = list(super().get_fields(request, obj))
        return [name for name in names if name != "reason"] + ["reason"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the stock groups of fields; who only reads has nothing to give a reason for."""
        found = super().get_fieldsets(request, obj)
        may_save = (
            self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        )
        if may_save:
            return found
        kept = [
            (title, [name for name in options["fields"] if name not in OF_THE_SAVE], options)
            for title, options in found
        ]
        return [(title, {**options, "fields": names}) for title, names, options in kept if names]

    def may_revert(self, request: HttpRequest, row: Any) -> bool:
        """Tell whether the account may change all that going back changes: the row and its parts."""
        parts = [part(self.model, self.admin_site) for part in self.get_inlines(request, row)]
        return self.has_change_permission(request, row) and all(
            part.has_change_permission(request, row) for part in parts
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List the saves of a row, the newest first: who, when, why, and what each changed."""
        row = self.get_object(request, object_id)
        if row is None:
            return self.not_found(request, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        page = Paginator(states.newest_first(row), STATES_A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self._context(request, row),
            "title": _("History of %(name)s") % {"name": row},
            "page": page,
            "entries": histories.entries(row, list(page)),
            "may_revert": self.may_revert(request, row),
            "revert": f"admin:{self.opts.app_label}_{self.opts.model_name}_revert",
        }
        return TemplateResponse(request, "admin/reforms/history.html", context)

    def _context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "preserved_filters": self.get_preserved_filters(request),
            "change_address": self.keeping_filters(
                request, reverse(f"{name}_change", args=[row.pk])
            ),
            "history_address": self.keeping_filters(
                request, reverse(f"{name}_history", args=[row.pk])
            ),
        }

    def revert_view(self, request: HttpRequest, object_id: str, version: int) -> HttpResponse:
        """Show what going back to a state would change, ask why, and do it as a new save."""
        row = self.get_object(request, object_id)
        past = states.state_at(row, version) if row else None
        if row is None or past is None:
            return self.not_found(request, object_id)
        if not self.may_revert(request, row):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        form = RevertForm(posted, initial={"version": row.version})
        if is_save(request) and form.is_valid():
            if self._revert(request, copy(row), past, form):
                return redirect(self._context(request, row)["history_address"])
            row = self.get_object(request, object_id) or row
        now, would_be = states.as_it_stands(row), states.as_it_would_stand(copy(row), past)
        context = {
            **self._context(request, row),
            "title": _("Go back to version %(version)s of %(name)s")
            % {"version": version, "name": row},
            "past": past.row,
            "form": form,
            "changes": histories.differences(self.model, now, would_be, histories.Pointed(row)),
        }
        template = "admin/reforms/revert.html"
        return TemplateResponse(request, template, context, status=form.status_code)

    def _revert(self, request: HttpRequest, row: Any, past: states.Standing, form: Any) -> bool:
        """Go back and say so; else say why not in the form."""
        values = form.cleaned_data
        try:
            has_changed = editing.revert_row(
                row, past, values["version"], request.user, values["reason"]
            )
        except (editing.StaleRow, IntegrityError) as error:
            now = self.get_object(request, str(row.pk)) or row
            form.refuse(error, now.version)
            return False
        except ValidationError as error:
            for message in error.messages:
                form.add_error(None, message)
            return False
        note_done(request)
        if has_changed:
            self.log_change(request, row, values["reason"])
            text = _("Saved as version %(version)s.") % {"version": row.version}
            self.message_user(request, text, "success")
        else:
            self.message_user(request, _("Nothing was changed, so nothing was saved."))
        return True
