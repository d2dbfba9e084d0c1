"""Saves of rows without versions: refused over what nobody has seen, noted with what stood before."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalog.accounts.permissions import PermissionField, with_pages
from reforms.admin.bounded import BoundedAdmin
from reforms.admin.versioned import last_save, said_stale
from reforms.changes import Change

VALUES = "values"
Standing = Mapping[str, Any]


def standing(row: Any, names: Sequence[str]) -> Standing:
    """Return the named fields of a stored row as plain JSON values; 1 query, and 1 a list of rows."""
    stored = type(row)._default_manager.get(pk=row.pk)
    found: dict[str, Any] = {}
    for name in names:
        field = stored._meta.get_field(name)
        value = getattr(stored, name)
        if isinstance(field, models.ManyToManyField):
            found[name] = sorted(str(_name_of(one)) for one in _of(value))
        else:
            found[name] = value if isinstance(value, bool) or value is None else str(value)
    return found


def _of(rows: Any) -> Any:
    if rows.model is Permission:
        return rows.select_related("content_type")
    return rows.all()


def _name_of(row: Any) -> str:
    if isinstance(row, Permission):
        return f"{row.content_type.app_label}.{row.codename}"
    return str(row)


class SeenForm(forms.ModelForm):
    """The form of a row without a version: it names what stood there when it was opened."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    kept_fields: tuple[str, ...] = ()
    is_stale = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.instance.pk:
            self.fields["seen"].initial = self._mark()

    def clean(self) -> Any:
        """Refuse a row that somebody saved since it was opened, and say who and when.

        The row stays locked until the save that follows has ended.
        """
        values = super().clean()
        if self.instance.pk:
            type(self.instance)._default_manager.select_for_update().get(pk=self.instance.pk)
            seen = self.cleaned_data.get("seen")
            if not seen:
                self.add_error(None, _("The page was sent incompletely: open it again."))
            elif seen != self._mark():
                self.is_stale = True
                self.add_error(None, said_stale(last_save(self.instance)))
        return values

    def _mark(self) -> str:
        words = json.dumps(standing(self.instance, self.kept_fields), sort_keys=True)
        return sha256(words.encode()).hexdigest()


class KeptChangesAdmin(BoundedAdmin):
    """A table whose every save is noted in the admin's log with what stood there before and after.

    ``kept_fields`` are those noted: never a password.
    """

    kept_fields: tuple[str, ...] = ()
    object_history_template = "admin/kept_changes.html"

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Return the row of the form, and remember how it stood."""
        if change:
            request._stood_before = standing(form.instance, self.kept_fields)  # type: ignore[attr-defined]
        return super().save_form(request, form, change)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Return the stock message, with each value that changed before and after."""
        message = super().construct_change_message(request, form, formsets, add)
        if message and not add:
            before: Standing = request._stood_before  # type: ignore[attr-defined]
            after = standing(form.instance, self.kept_fields)
            pairs = {name: [before[name], after[name]] for name in before}
            message[0][VALUES] = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        return message

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List the saves of a row: who, when, and what each changed."""
        answer = super().history_view(request, object_id, extra_context)
        page = getattr(answer, "context_data", None) or {}
        entries = list(page.get("action_list", ()))
        of_rights = {"permissions", "user_permissions"}
        has_rights = any(of_rights & _kept(entry).keys() for entry in entries)
        rights = self._rights() if has_rights else {}
        for entry in entries:
            entry.changes = [
                Change(
                    capfirst(str(self._field(name).verbose_name)),
                    *(self._shown(name, value, rights) for value in pair),
                )
                for name, pair in _kept(entry).items()
            ]
        return answer

    def _field(self, name: str) -> Any:
        return self.opts.get_field(name)

    def _rights(self) -> Mapping[str, str]:
        """Return the names of rights in the reader's language; 1 query."""
        field = PermissionField(Permission.objects.none())
        rows = with_pages(Permission.objects.all())
        return {_name_of(row): field.label_from_instance(row) for row in rows}

    def _shown(self, name: str, value: Any, rights: Mapping[str, str]) -> str:
        """Return a kept value as a reader reads it; empty for none."""
        if isinstance(value, list):
            return _(", ").join(rights.get(one, one) for one in value)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        labels = {str(word): str(label) for word, label in self._field(name).choices or ()}
        return labels.get(value, value or "")


def _kept(entry: LogEntry) -> Mapping[str, Any]:
    """Return the values that an entry keeps by field, before and after; empty where it keeps none."""
    if not entry.change_message.startswith("["):
        return {}
    try:
        parts = json.loads(entry.change_message)
    except ValueError:
        return {}
    kept = parts[0].get(VALUES, {}) if parts and isinstance(parts[0], dict) else {}
    return kept if isinstance(kept, dict) else {}
