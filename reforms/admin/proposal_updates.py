"""Bringing a proposal up to date: what it proposes and what was saved since, merged for review."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms import editing, versions
from reforms.admin.bounded import BoundedAdmin
from reforms.admin.kept_forms import is_save
from reforms.admin.merge import ANSWERS, Merge
from reforms.admin.withdrawal import VersionForm
from reforms.changes import Names
from reforms.exchange import RecordError
from reforms.merging import Side
from reforms.models import Measure, Proposal
from reforms.records import MeasureRecord
from reforms.recutting import Cut

CHANGED_MEANWHILE = gettext_lazy(
    "Nothing was done: this proposal had another step since you opened the page. Look at it again."
)
ANSWERS_OF_A_PROPOSAL = {**ANSWERS, Side.MINE: gettext_lazy("as proposed")}


class UpdateForm(VersionForm):
    """The step of the proposal that the page showed, and a word on the merge."""

    reason = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class UpdatableAdmin(BoundedAdmin):
    """Proposals with the page that brings one up to date."""

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of proposals, this page's before the others."""
        own = path(
            "<path:object_id>/update/",
            self.admin_site.admin_view(self.update_view),
            name="reforms_proposal_update",
        )
        return [own, *super().get_urls()]

    def update_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show base, live and proposed side by side, or store the merged record for review.

        For the author and for who may review. A re-cut is not merged: its words are cut again in
        the live version.
        """
        proposal = self.get_object(request, object_id)
        if proposal is None:
            return self.not_found(request, object_id)
        may_view = self.has_view_permission(request, proposal)
        if not may_view or not may_update(request.user, proposal):
            raise PermissionDenied
        measure = Measure.objects.for_record().get(pk=proposal.measure_id)
        is_done = not proposal.is_open or measure.version == proposal.base_version
        if is_done and request.method != "POST":
            self.message_user(request, _("There is nothing to do: this was done already."))
            return redirect(proposal)
        posted = request.POST if request.method == "POST" else None
        form = UpdateForm(posted, initial={"version": proposal.version})
        merge = None if proposal.cut else self._merged(measure, proposal, posted)
        status = 200
        own_address = self.keeping_filters(request, proposal.get_absolute_url())
        if is_save(request) and form.is_valid() and (merge is None or merge.is_valid()):
            if self._update(request, proposal, measure, form, merge):
                return redirect(own_address)
            status = 409
        context = {
            **self.admin_site.each_context(request),
            "title": _("Bring the proposal for measure %(key)s up to date")
            % {"key": measure.number or measure.key},
            "subtitle": measure.title or None,
            "opts": self.opts,
            "proposal": proposal,
            "proposal_address": own_address,
            "measure": measure,
            "live": measure.versions.live().first(),
            "form": form,
            "merge": merge,
        }
        template = "admin/reforms/proposal/update.html"
        return TemplateResponse(request, template, context, status=status)

    def _merged(self, measure: Measure, proposal: Proposal, posted: Any) -> Merge:
        """Return the merge of the proposal with the live record; 5 queries."""
        base = measure.versions.get(version=proposal.base_version)
        return Merge(
            versions.read(base),
            measure.to_record(),
            editing.read_record(proposal),
            measure.version,
            measure.source.text,
            Names(),
            posted,
            ANSWERS_OF_A_PROPOSAL,
        )

    def _update(
        self,
        request: HttpRequest,
        proposal: Proposal,
        measure: Measure,
        form: UpdateForm,
        merge: Merge | None,
    ) -> bool:
        """Store the merged record for review and say so; else say why not."""
        change: MeasureRecord | Cut
        if merge:
            change, version = merge.record, merge.version
        else:
            change, version = editing.read_cut(proposal), measure.version
        values = form.cleaned_data
        try:
            editing.revise(
                proposal, change, values["version"], version, request.user, values["reason"]
            )
        except (editing.StaleRow, versions.VersionConflict):
            form.add_error(None, CHANGED_MEANWHILE)
        except RecordError as error:
            if merge:
                merge.add_error(error)
            else:
                form.add_error(None, _(error.template) % error.values)
        else:
            self.log_change(request, proposal, values["reason"] or _("Brought up to date"))
            self.message_user(request, _("Brought up to date: it awaits review."), "success")
            return True
        return False


def may_update(account: Any, proposal: Proposal) -> bool:
    """Tell whether the account may bring the proposal up to date: its author, and who may review it."""
    if proposal.by_id == account.pk:
        return True
    return proposal.is_awaiting and editing.may_review(account, proposal)
