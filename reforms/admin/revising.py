"""Revising one's own proposal: its record in the form of a measure, merged with a step taken meanwhile."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms import editing, versions
from reforms.admin.assembling import MeasureForms
from reforms.admin.kept_forms import is_save
from reforms.admin.measure_page import FORM_TEMPLATE, form_context, forms_of
from reforms.admin.merge import Merge
from reforms.admin.proposal_updates import UpdatableAdmin
from reforms.admin.withdrawal import VersionForm
from reforms.changes import Names, changes
from reforms.exchange import RecordError
from reforms.models import Measure, Proposal

MERGE_BUTTON = "_merge"
CLOSED = gettext_lazy(
    "Not saved: this proposal was closed while you wrote. Nothing that you typed is lost: it stands "
    "below. Open the measure in a new tab to propose it anew."
)


class RevisableAdmin(UpdatableAdmin):
    """Proposals with the page where their authors revise them."""

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of proposals, this page's before the others."""
        own = path(
            "<path:object_id>/revise/",
            self.admin_site.admin_view(self.revise_view),
            name="reforms_proposal_revise",
        )
        return [own, *super().get_urls()]

    def revise_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show or save the proposed record in the form of a measure, for its author alone.

        At most 18 queries to show. Where the proposal had another step meanwhile, what that step
        changed and what was typed stand side by side, to be merged.
        """
        proposal = self.get_object(request, object_id)
        if proposal is None:
            return self.not_found(request, object_id)
        if not self.has_view_permission(request, proposal) or proposal.by_id != request.user.pk:
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        if proposal.cut is not None or not (proposal.is_open or posted):
            raise PermissionDenied
        measure = Measure.objects.for_record().get(pk=proposal.measure_id)
        base, opened = self._opened(proposal, posted)
        page = forms_of(measure, base, opened, posted)
        conflict, status = None, 200
        if is_save(request):
            status = 409 if page.is_valid() else 200
            answer, merge = self._try_to_revise(request, proposal, measure, page)
            if answer is not None:
                return answer
            proposal.refresh_from_db()
            if not proposal.is_open:
                page.measure.add_error(None, CLOSED)
            if opened != proposal.version:
                conflict, status = self._conflict(request, proposal, measure, page, merge), 409
        return self._render_revision(request, proposal, measure, page, conflict, status)

    def _opened(self, proposal: Proposal, posted: Any) -> tuple[Any, int]:
        """Return the record of the step that the posted page was opened at, and its number."""
        form = VersionForm(posted)
        number = form.cleaned_data["version"] if form.is_valid() else proposal.version
        step = proposal.steps.filter(version=number).first()
        if step is None:
            return editing.read_record(proposal), proposal.version
        return editing.read_record(step), number

    def _try_to_revise(
        self, request: HttpRequest, proposal: Proposal, measure: Measure, page: MeasureForms
    ) -> tuple[HttpResponse | None, Merge | None]:
        """Revise with what was posted, merged where it was asked for; else say why not in the forms."""
        if not page.is_valid():
            return None, None
        values, merge = page.measure.cleaned_data, None
        record, seen = page.record, values["version"]
        try:
            if proposal.version != seen:
                merge = self._merge_of(request, proposal, measure, page)
                if MERGE_BUTTON not in request.POST or not merge.is_valid():
                    return None, merge
                record, seen = merge.record, merge.version
            base_version, reason = proposal.base_version, values["reason"]
            editing.revise(proposal, record, seen, base_version, request.user, reason)
        except editing.StaleRow:
            return None, merge
        except versions.VersionConflict:
            page.measure.add_error(
                None, _("The measure was saved since. Bring the proposal up to date first.")
            )
        except RecordError as error:
            (merge or page).add_error(error)
        else:
            self.log_change(request, proposal, reason or _("Revised"))
            self.message_user(request, _("Revised: it awaits review again."), "success")
            return redirect(self.keeping_filters(request, proposal.get_absolute_url())), merge
        return None, merge

    def _merge_of(
        self, request: HttpRequest, proposal: Proposal, measure: Measure, page: MeasureForms
    ) -> Merge:
        """Return the merge of what was typed with the proposal's newest record; 4 queries."""
        theirs, text = editing.read_record(proposal), measure.source.text
        base, names = page.setting.base, Names()
        return Merge(base, theirs, page.record, proposal.version, text, names, request.POST)

    def _conflict(
        self,
        request: HttpRequest,
        proposal: Proposal,
        measure: Measure,
        page: MeasureForms,
        merge: Merge | None,
    ) -> dict[str, Any]:
        """Return the step that was taken meanwhile, and the merge; without a record of ours, its changes."""
        conflict: dict[str, Any] = {"step": proposal.steps.get(version=proposal.version)}
        if not page.is_valid():
            theirs, names = editing.read_record(proposal), Names()
            conflict["changes"] = changes(page.setting.base, theirs, measure.source.text, names)
            return conflict
        if merge is None or merge.version != proposal.version:
            merge = self._merge_of(request, proposal, measure, page)
        return {**conflict, "merge": merge}

    def _render_revision(
        self,
        request: HttpRequest,
        proposal: Proposal,
        measure: Measure,
        page: MeasureForms,
        conflict: dict[str, Any] | None,
        status: int,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **form_context(page),
            "title": _("Revise the proposal for measure %(key)s")
            % {"key": measure.number or measure.key},
            "subtitle": measure.title or None,
            "opts": measure._meta,
            "original": measure,
            "proposal": proposal,
            "proposal_address": self.keeping_filters(request, proposal.get_absolute_url()),
            "conflict": conflict,
        }
        return TemplateResponse(request, FORM_TEMPLATE, context, status=status)
