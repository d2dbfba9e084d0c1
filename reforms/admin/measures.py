"""Measures in the admin: one page with all of a measure, its history, its cut, its withdrawal."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reforms import editing, versions
from reforms.admin.assembling import BROKEN_FORM, MeasureForms
from reforms.admin.bounded import public_links
from reforms.admin.differences import Names, changes
from reforms.admin.forms import Setting
from reforms.admin.measure_list import MeasureListAdmin
from reforms.admin.recut import PlaceForm, RecutForm, Region
from reforms.admin.withdrawal import VersionForm, WithdrawableAdmin
from reforms.exchange import RecordError
from reforms.models import Measure, MeasureVersion
from reforms.records import MeasureRecord

VERSIONS_A_PAGE = 50


@admin.register(Measure)
class MeasureAdmin(MeasureListAdmin, WithdrawableAdmin):
    """Measures; a page's forms become one record, which ``editing`` stores."""

    change_list_template = "admin/reforms/measure/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds a measure by hand: it comes with the text of its source."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of measures, the re-cut page's before the stock ones."""
        own = path(
            "<path:object_id>/recut/",
            self.admin_site.admin_view(self.recut_view),
            name="reforms_measure_recut",
        )
        return [own, *super().get_urls()]

    # --- The page of a measure ---

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save all of a measure; at most 16 queries to show, session and account included."""
        measure = self._measure(request, object_id)
        if measure is None:
            return self.not_found(request, object_id)
        if not self.has_change_permission(request, measure):
            return self._show_only(request, measure)
        posted = request.POST if request.method == "POST" else None
        opened, base = self._opened(measure, posted)
        cities = {part.city.slug: part.city.name for part in measure.practices.all()}
        forms = MeasureForms(Setting.of(measure, base, cities), opened, posted)
        conflict = None
        if posted is not None:
            if forms.is_valid():
                try:
                    return self._save(request, measure, forms)
                except RecordError as error:
                    forms.add_error(error)
                except versions.VersionConflict:
                    pass
            measure = self._measure(request, object_id) or measure
            if forms.measure.has_error("version"):
                forms.measure.add_error(None, _(BROKEN_FORM))
            elif measure.version != opened:
                conflict = self._conflict(measure, base)
        return self._render(request, measure, forms, conflict)

    def _measure(self, request: HttpRequest, object_id: str) -> Measure | None:
        row = self.get_object(request, object_id)
        return Measure.objects.for_record().get(pk=row.pk) if row else None

    def _opened(self, measure: Measure, posted: Any) -> tuple[int, MeasureRecord]:
        """Return the version that the posted page was opened at, and its record."""
        form = VersionForm(posted)
        number = form.cleaned_data["version"] if form.is_valid() else measure.version
        if number != measure.version:
            row = measure.versions.filter(version=number).first()
            if row:
                return number, versions.read(row)
        return measure.version, measure.to_record()

    def _save(self, request: HttpRequest, measure: Measure, forms: MeasureForms) -> HttpResponse:
        values = forms.measure.cleaned_data
        saved = editing.save_measure(
            forms.record, values["version"], request.user, values["reason"]
        )
        if saved.version == values["version"]:
            self.message_user(request, _("Nothing was changed, so nothing was saved."))
        else:
            self.log_change(request, saved, values["reason"] or _("Changed"))
            self.message_user(
                request,
                _("Saved as version %(version)s.") % {"version": saved.version},
                "success",
            )
        if "_continue" in request.POST:
            return redirect(request.get_full_path())
        return self.response_post_save_change(request, saved)

    def _conflict(self, measure: Measure, base: MeasureRecord) -> dict[str, Any]:
        """Return who saved when and why, and what they changed."""
        live = measure.versions.live().first()
        record = measure.to_record()
        return {
            "version": live,
            "changes": changes(base, record, measure.source.text, Names()),
        }

    def _show_only(self, request: HttpRequest, measure: Measure) -> HttpResponse:
        """Send who may look but not edit to the newest version, which reads well."""
        if not self.has_view_permission(request, measure) or request.method == "POST":
            raise PermissionDenied
        live = measure.versions.live().get()
        return redirect("admin:reforms_measureversion_change", live.pk)

    def _render(
        self, request: HttpRequest, measure: Measure, forms: MeasureForms, conflict: Any
    ) -> HttpResponse:
        base = forms.setting.base
        context = {
            **self._context(request, measure),
            "title": _("Measure %(key)s") % {"key": measure.number or measure.key},
            "subtitle": measure.title or None,
            "forms": forms,
            "errors": forms.measure.is_bound and bool(forms.error_count),
            "error_count": forms.error_count if forms.measure.is_bound else 0,
            "error_sentence": ngettext(
                "Please correct the error below.",
                "Please correct the errors below.",
                forms.error_count if forms.measure.is_bound else 1,
            ),
            "conflict": conflict,
            "title_text": forms.locked("title", base, forms.measure) if base.title_spans else None,
            "measure_fieldsets": forms.measure_fieldsets(),
            "practice_groups": forms.practice_groups(),
            "part_groups": forms.part_groups(),
            "preserved_filters": self.get_preserved_filters(request),
        }
        status = 409 if conflict else 200
        template = "admin/reforms/measure/change_form.html"
        return TemplateResponse(request, template, context, status=status)

    def _context(self, request: HttpRequest, measure: Measure) -> dict[str, Any]:
        """Return what every page of one measure shows around it."""
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": measure,
            "object": measure,
            "has_view_permission": True,
            "public_links": public_links("measure_detail", [measure.source.slug, measure.key]),
        }

    # --- Its history ---

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List the versions of a measure, the newest first: who, when, what and why."""
        measure = self._measure(request, object_id)
        if measure is None:
            return self.not_found(request, object_id)
        if not self.has_view_or_change_permission(request, measure):
            raise PermissionDenied
        rows = measure.versions.order_by("-version")
        page = Paginator(rows, VERSIONS_A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self._context(request, measure),
            "title": _("History of measure %(key)s") % {"key": measure.number or measure.key},
            "subtitle": measure.title or None,
            "page": page,
            "rows": self._with_changes(measure, list(page)),
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

    # --- Its cut ---

    def recut_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Choose words of the source and what they are; one save, one version."""
        measure = self._measure(request, object_id)
        if measure is None:
            return self.not_found(request, object_id)
        if not self.has_change_permission(request, measure):
            raise PermissionDenied
        address = PlaceForm(request.GET)
        address.is_valid()
        place = address.cleaned_data
        unit = place.get("unit") or "word"
        posted = request.POST if request.method == "POST" else None
        chosen = PlaceForm(posted) if posted is not None else address
        chosen.is_valid()
        first, last = chosen.cleaned_data.get("first"), chosen.cleaned_data.get("last")
        region = Region(measure, unit, first)
        if not region.word_at(first):
            first = region.first = None
        initial = {"version": measure.version, "first": first, "last": last}
        form = RecutForm(region, data=posted, initial=initial)
        if posted is not None and form.is_valid() and self._recut(request, measure, form):
            return redirect("admin:reforms_measure_recut", measure.pk)
        context = {
            **self._context(request, measure),
            "title": _("Re-cut measure %(key)s") % {"key": measure.number or measure.key},
            "subtitle": measure.title or None,
            "form": form,
            "first": first,
            "first_word": region.word_at(first),
            "unit": unit,
            "passages": region.shown(last),
            "change_address": reverse("admin:reforms_measure_change", args=[measure.pk]),
        }
        return TemplateResponse(request, "admin/reforms/measure/recut.html", context)

    def _recut(self, request: HttpRequest, measure: Measure, form: RecutForm) -> bool:
        """Store the cut and say so; else say why not in the form."""
        values = form.cleaned_data
        try:
            saved = editing.recut_measure(
                measure, form.cut, values["version"], request.user, values["reason"]
            )
        except RecordError as error:
            form.add_error(None, _(error.template) % error.values)
        except versions.VersionConflict:
            form.add_error(
                None, _("Somebody saved this measure while you chose. Open the page again.")
            )
        else:
            if saved.version == values["version"]:
                self.message_user(request, _("The words are this already: nothing was saved."))
            else:
                self.log_change(request, saved, values["reason"] or _("Cut anew"))
                self.message_user(
                    request,
                    _("Cut anew: saved as version %(version)s.") % {"version": saved.version},
                    "success",
                )
            return True
        return False

    # --- Its withdrawal ---

    def withdraw(self, row: Any, values: dict[str, Any], by: Any) -> None:
        """Withdraw a measure as its next version."""
        reasons = (values["reason_zh"], values["reason_en"])
        editing.withdraw_measure(row, values["version"], by, *reasons)

    def restore(self, row: Any, values: dict[str, Any], by: Any) -> None:
        """Bring a measure back as its next version."""
        editing.restore_measure(row, values["version"], by, values["reason"])
