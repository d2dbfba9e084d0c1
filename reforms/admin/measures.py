"""Measures in the admin: one page with all of a measure, its history, its words, its withdrawal."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from reforms import editing, versions
from reforms.admin.assembling import BROKEN_FORM, MeasureForms
from reforms.admin.bounded import public_links
from reforms.admin.broken_rules import BrokenRulesAdmin
from reforms.admin.kept_forms import is_save
from reforms.admin.measure_page import FORM_TEMPLATE, form_context, forms_of
from reforms.admin.measure_suggestions import MeasureSuggestionsAdmin
from reforms.admin.merge import Merge
from reforms.admin.selection import SelectedMeasuresAdmin
from reforms.admin.submitting import made_from_list, notice_for, open_proposal_error, submit
from reforms.admin.withdrawal import VersionForm, WithdrawableAdmin
from reforms.changes import Names, changes
from reforms.exchange import RecordError
from reforms.models import Measure
from reforms.records import Action, MeasureRecord

MERGE_BUTTON = "_merge"


@admin.register(Measure)
class MeasureAdmin(
    MeasureSuggestionsAdmin, SelectedMeasuresAdmin, BrokenRulesAdmin, WithdrawableAdmin
):
    """Measures; a page's forms become one record, which ``editing`` stores."""

    change_list_template = "admin/reforms/measure/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds a measure by hand: it comes with the text of its source."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may propose opens the form; whether a save is published is for ``editing``."""
        return editing.may_propose(request.user)

    # --- The page of a measure ---

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save all of a measure; at most 17 queries to show, session and account included."""
        measure = self.measure_of(request, object_id)
        if measure is None:
            return self.not_found(request, object_id)
        if not self.has_change_permission(request, measure):
            return self._show_only(request, measure)
        posted = request.POST if request.method == "POST" else None
        opened, base = self._opened(measure, posted)
        forms = forms_of(measure, base, opened, posted)
        conflict = None
        if posted is not None:
            merge = None
            if is_save(request):
                answer, merge = self._try_to_save(request, measure, forms, opened)
                if answer is not None:
                    return answer
                measure = self.measure_of(request, object_id) or measure
            if forms.measure.has_error("version"):
                forms.measure.add_error(None, _(BROKEN_FORM))
            elif measure.version != opened:
                conflict = self._conflict(request, measure, forms, merge)
        return self._render(request, measure, forms, conflict)

    def _try_to_save(
        self, request: HttpRequest, measure: Measure, forms: MeasureForms, opened: int
    ) -> tuple[HttpResponse | None, Merge | None]:
        """Save what was posted, merged where it was asked for; else return why not, in the forms.

        The merge is the one over the version live now, where somebody saved since the page was
        opened and the forms hold a record.
        """
        merge = None
        if not forms.is_valid():
            return None, None
        try:
            if measure.version != opened:
                merge = self._merge(request, measure, forms)
                if MERGE_BUTTON not in request.POST or not merge.is_valid():
                    return None, merge
            return self._save(request, measure, forms, merge), merge
        except RecordError as error:
            (merge or forms).add_error(error)
        except editing.OpenProposal as error:
            forms.measure.add_error(None, open_proposal_error(error))
        except versions.VersionConflict:
            pass
        return None, merge

    def _merge(self, request: HttpRequest, measure: Measure, forms: MeasureForms) -> Merge:
        """Return the merge of what was typed with the live version; 4 queries."""
        base, theirs = forms.setting.base, measure.to_record()
        text, names = measure.source.text, Names()
        return Merge(base, theirs, forms.record, measure.version, text, names, request.POST)

    def _opened(self, measure: Measure, posted: Any) -> tuple[int, MeasureRecord]:
        """Return the version that the posted page was opened at, and its record.

        A posted page's is read from the history, in one piece: a save that ends between the queries
        of the live record would leave one half before it and one half after it, and the merge would
        take the half of theirs for what was opened.
        """
        form = VersionForm(posted)
        number = form.cleaned_data["version"] if form.is_valid() else measure.version
        if posted is not None:
            row = measure.versions.filter(version=number).first()
            if row:
                return number, versions.read(row)
        return measure.version, measure.to_record()

    def _save(
        self, request: HttpRequest, measure: Measure, forms: MeasureForms, merge: Merge | None
    ) -> HttpResponse:
        values = forms.measure.cleaned_data
        record, version = (
            (merge.record, merge.version) if merge else (forms.record, values["version"])
        )
        saved = submit(self, request, record, measure, version, values["reason"])
        if saved.proposal:
            return redirect(made_from_list(request, saved.proposal))
        if "_continue" in request.POST:
            return redirect(request.get_full_path())
        return self.response_post_save_change(request, saved.measure)

    def _conflict(
        self, request: HttpRequest, measure: Measure, forms: MeasureForms, merge: Merge | None
    ) -> dict[str, Any]:
        """Return who saved when and why, and the merge; without a record of ours, their changes."""
        conflict: dict[str, Any] = {"version": measure.versions.live().first()}
        if not forms.is_valid():
            theirs, names = measure.to_record(), Names()
            conflict["changes"] = changes(forms.setting.base, theirs, measure.source.text, names)
        elif merge is None or merge.version != measure.version:
            merge = self._merge(request, measure, forms)
        return {**conflict, "merge": merge}

    def _show_only(self, request: HttpRequest, measure: Measure) -> HttpResponse:
        """Send who may look but not edit to the newest version, which reads well."""
        if not self.has_view_permission(request, measure) or request.method == "POST":
            raise PermissionDenied
        live = measure.versions.live().get()
        return redirect("admin:reforms_measureversion_change", live.pk)

    def _render(
        self, request: HttpRequest, measure: Measure, forms: MeasureForms, conflict: Any
    ) -> HttpResponse:
        context = {
            **self.measure_context(request, measure),
            **form_context(forms),
            "title": _("Measure %(key)s") % {"key": measure.number or measure.key},
            "subtitle": measure.title or None,
            "conflict": conflict,
        }
        status = 409 if conflict else 200
        return TemplateResponse(request, FORM_TEMPLATE, context, status=status)

    def measure_context(self, request: HttpRequest, measure: Measure) -> dict[str, Any]:
        """Return what every page of one measure shows around it."""
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": measure,
            "object": measure,
            "has_view_permission": True,
            "preserved_filters": self.get_preserved_filters(request),
            "public_links": public_links("measure_detail", [measure.source.slug, measure.key]),
            "proposals": notice_for(request.user, measure),
        }

    # --- Its withdrawal ---

    def withdraw(self, request: HttpRequest, row: Any, values: dict[str, Any]) -> None:
        """Withdraw a measure as its next version, or propose it."""
        record = editing.withdrawn_record(row, values["reason_zh"], values["reason_en"])
        version, reason = values["version"], values["reason_zh"]
        submit(self, request, record, row, version, reason, Action.WITHDRAWN)

    def restore(self, request: HttpRequest, row: Any, values: dict[str, Any]) -> None:
        """Bring a measure back as its next version, or propose it."""
        record = editing.restored_record(row)
        submit(self, request, record, row, values["version"], values["reason"], Action.RESTORED)
