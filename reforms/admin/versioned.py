"""Tables whose rows are edited in a stock form, never over what somebody else saved meanwhile."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reforms import editing, versions
from reforms.admin.bounded import BoundedAdmin
from reforms.admin.kept_forms import note_done
from reforms.exchange import MAX_INTEGER

TEXT_ROWS = 3


class VersionedForm(forms.ModelForm):
    """A row's form that names the version it was opened at."""

    expected_version = forms.IntegerField(
        min_value=1, max_value=MAX_INTEGER, required=False, widget=forms.HiddenInput
    )

    is_stale = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.instance.pk:
            self.fields["expected_version"].initial = self.instance.version

    def clean(self) -> Any:
        """Refuse a row that somebody saved since it was opened, and say who and when."""
        values = super().clean()
        if self.instance.pk:
            rows = type(self.instance).objects.filter(pk=self.instance.pk)
            current = rows.values_list("version", flat=True).first()
            expected = self.cleaned_data.get("expected_version")
            if expected is None:
                self.add_error(None, _("The page was sent incompletely: open it again."))
            elif expected != current:
                self.is_stale = True
                self.add_error(None, said_stale(self.saved_by(current)))
        return values

    def saved_by(self, version: int | None) -> tuple[str, datetime] | None:
        """Return who saved the row last and when, as the admin's log tells; None where it does not."""
        return last_save(self.instance)


def last_save(row: Any) -> tuple[str, datetime] | None:
    """Return who saved the row last and when, as the admin's log tells; None where it does not; 1 query."""
    entries = LogEntry.objects.filter(
        content_type=get_content_type_for_model(row), object_id=str(row.pk)
    )
    last = entries.select_related("user").order_by("-action_time", "-pk").first()
    return (last.user.get_username(), last.action_time) if last else None


def said_stale(saved: tuple[str, datetime] | None) -> str:
    """Return the sentence of a form whose row was saved since it was opened: by whom and when."""
    if saved is None:
        return _("Somebody saved this since you opened it. Nothing that you typed is lost.")
    return _(
        "%(name)s saved this on %(moment)s, after you opened it. Nothing that you typed is "
        "lost: compare with the page as it is now, then save from there."
    ) % {
        "name": saved[0],
        "moment": date_format(timezone.localtime(saved[1]), "DATETIME_FORMAT"),
    }


class RowFields(admin.options.BaseModelAdmin):
    """Fields of a row, and of the rows that hang on it: days, addresses, texts that may be null."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        """Return the stock field; an empty text is stored as null where null says unknown."""
        if isinstance(db_field, models.DateField):
            day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            return db_field.formfield(widget=day)
        if isinstance(db_field, models.URLField):
            options["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and "rows" in field.widget.attrs:
            field.widget.attrs["rows"] = TEXT_ROWS
        if db_field.null and isinstance(field, forms.CharField):
            field.empty_value = None
        return field


class VersionedAdmin(RowFields, BoundedAdmin):
    """A table saved through ``editing.save_row``; a page without changes writes nothing."""

    form = VersionedForm

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save a row; a save that lost a race shows the page again with 409, nothing lost."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (editing.StaleRow, IntegrityError):
            # The second time, the form itself sees what the first could not see yet.
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store a new row; one that exists is stored with its parts by ``save_related``."""
        if not change:
            reason = form.cleaned_data.get("reason", "")
            editing.save_row(obj, versions.NEW, by=request.user, reason=reason)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store a row and its parts at once, if anything changed."""
        has_changes = form.has_changed() or any(part.has_changed() for part in formsets)
        if change and has_changes:
            parts = [row for formset in formsets for row in formset.save(commit=False)]
            self.prepare_parts(form.instance, parts)
            values = form.cleaned_data
            editing.save_row(
                form.instance,
                values["expected_version"],
                parts,
                by=request.user,
                reason=values.get("reason", ""),
            )
        for formset in formsets:
            # What the stock messages of changes ask for.
            for name in ("new_objects", "changed_objects", "deleted_objects"):
                if not hasattr(formset, name):
                    setattr(formset, name, [])

    def prepare_parts(self, row: Any, parts: list[Any]) -> None:
        """Complete new parts before they are stored."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Note a change; a page without changes notes nothing."""
        return super().log_change(request, obj, message) if message else None

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Answer a save; say plainly where nothing was changed."""
        if getattr(request, "_has_no_changes", False):
            note_done(request)
            self.message_user(request, _("Nothing was changed, so nothing was saved."))
            return self.response_post_save_change(request, obj)
        return super().response_change(request, obj)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Return the stock message, and note on the request where it is empty."""
        message = super().construct_change_message(request, form, formsets, add)
        request._has_no_changes = not message and not add  # type: ignore[attr-defined]
        return message
