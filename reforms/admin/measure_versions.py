"""The versions of measures in the admin: to be read, never to be changed."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms import versions
from reforms.admin.bounded import BoundedAdmin, CodedFilter
from reforms.changes import Names, changes, groups
from reforms.models import MeasureVersion
from reforms.records import Action


class ActionFilter(CodedFilter):
    """Versions by what was done."""

    title = gettext_lazy("what was done")
    parameter_name = "action"
    words = Action


@admin.register(MeasureVersion)
class MeasureVersionAdmin(BoundedAdmin):
    """Every save of every measure, the newest first."""

    list_display = ("measure", "version", "action", "by_name", "reason", "valid_from")
    list_display_links = ("measure", "version")
    list_filter = (ActionFilter,)
    list_select_related = ("measure",)
    ordering = ("-valid_from", "-pk")
    sortable_by = ("valid_from",)
    search_fields = ("by_name", "reason", "measure__key")
    search_help_text = gettext_lazy("A name, a word of a reason, or the key of a measure.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Versions are written by saves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was, was."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return all versions without their records, which a list does not show."""
        queryset: QuerySet = super().get_queryset(request)
        return queryset.defer("record")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a version's whole record, and what it changed."""
        version = self.get_object(request, object_id)
        if version is None:
            return self.not_found(request, object_id)
        if not self.has_view_permission(request, version) or request.method == "POST":
            raise PermissionDenied
        measure = version.measure
        names, text = Names(), measure.source.text
        record = versions.read(version)
        earlier = measure.versions.filter(version=version.version - 1).first()
        title = _("Version %(version)s of measure %(key)s")
        context = {
            **self.admin_site.each_context(request),
            "title": title % {"version": version.version, "key": measure.number or measure.key},
            "subtitle": measure.title or None,
            "opts": self.opts,
            "measure": measure,
            "version": version,
            "groups": groups(record, text, names),
            "changes": changes(versions.read(earlier), record, text, names) if earlier else [],
            "has_earlier": earlier is not None,
        }
        return TemplateResponse(request, "admin/reforms/measureversion/version.html", context)
