"""The history of a measure in the admin: its versions, what each changed, and the way back to one."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms import editing, versions
from reforms.admin.kept_forms import is_save
from reforms.admin.measure_list import MeasureListAdmin
from reforms.admin.submitting import REFUSALS, submit
from reforms.admin.withdrawal import VersionForm
from reforms.changes import Names, changes
from reforms.models import Measure, MeasureVersion
from reforms.records import Action

VERSIONS_A_PAGE = 50


class RevertForm(VersionForm):
    """Why something goes back to how it once stood."""

    reason = forms.CharField(
        label=gettext_lazy("Reason of this change"),
        max_length=500,
        help_text=gettext_lazy("Kept in the history."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class MeasureHistoryAdmin(MeasureListAdmin):
    """Measures with their history, and the way back to any version."""

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of measures, the revert page's before the stock ones."""
        own = path(
            "<path:object_id>/revert/<int:version>/",
            self.admin_site.admin_view(self.revert_view),
            name="reforms_measure_revert",
        )
        return [own, *super().get_urls()]

    def measure_of(self, request: HttpRequest, object_id: str) -> Measure | None:
        """Return the measure with all that hangs on it; None where there is none."""
        row = self.get_object(request, object_id)
        return Measure.objects.for_record().get(pk=row.pk) if row else None

    def measure_context(self, request: HttpRequest, measure: Measure) -> dict[str, Any]:
        """Return what every page of one measure shows around it."""
        raise NotImplementedError

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List the versions of a measure, the newest first: who, when, what and why."""
        measure = self.measure_of(request, object_id)
        if measure is None:
            return self.not_found(request, object_id)
        if not self.has_view_or_change_permission(request, measure):
            raise PermissionDenied
        rows = measure.versions.select_related("proposal").order_by("-version")
        page = Paginator(rows, VERSIONS_A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.measure_context(request, measure),
            "title": _("History of measure %(key)s") % {"key": measure.number or measure.key},
            "subtitle": measure.title or None,
            "page": page,
            "rows": self._with_changes(measure, list(page)),
            "may_revert": self.has_change_permission(request, measure),
        }
        return TemplateResponse(request, "admin/reforms/measure/history.html", context)

    def _with_changes(self, measure: Measure, rows: list[MeasureVersion]) -> list[dict[str, Any]]:
        """Return each version with the places that it changed."""
        if not rows:
            return []
        oldest = measure.versions.filter(version=rows[-1].version - 1).first()
        records = [versions.read(row) for row in (*rows, *([oldest] if oldest else []))]
        names, text = Names(), measure.source.text
        found = []
        for number, row in enumerate(rows):
            earlier = records[number + 1] if number + 1 < len(records) else None
            places = changes(earlier, records[number], text, names) if earlier else []
            found.append({"version": row, "changes": places})
        return found

    def revert_view(self, request: HttpRequest, object_id: str, version: int) -> HttpResponse:
        """Show what going back to a version would change, ask why, and do it as a new version."""
        measure = self.measure_of(request, object_id)
        past = measure.versions.filter(version=version).first() if measure else None
        if measure is None or past is None:
            return self.not_found(request, object_id)
        if not self.has_change_permission(request, measure):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        form = RevertForm(posted, initial={"version": measure.version})
        record = editing.reverted_record(measure, past)
        history = self.keeping_filters(
            request, reverse("admin:reforms_measure_history", args=[measure.pk])
        )
        if is_save(request) and form.is_valid():
            values = form.cleaned_data
            try:
                submit(
                    self, request, record, measure, values["version"], values["reason"],
                    Action.REVERTED,
                )  # fmt: skip
                return redirect(history)
            except REFUSALS as error:
                measure = self.measure_of(request, object_id) or measure
                record = editing.reverted_record(measure, past)
                form.refuse(error, measure.version)
        context = {
            **self.measure_context(request, measure),
            "title": _("Go back to version %(version)s of measure %(key)s")
            % {"version": version, "key": measure.number or measure.key},
            "subtitle": measure.title or None,
            "past": past,
            "form": form,
            "changes": changes(measure.to_record(), record, measure.source.text, Names()),
            "history_address": history,
        }
        template = "admin/reforms/measure/revert.html"
        return TemplateResponse(request, template, context, status=form.status_code)
