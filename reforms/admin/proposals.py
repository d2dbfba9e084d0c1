"""Proposals in the admin: the queue of reviewers, one page to judge a change."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms import editing, versions
from reforms.admin.bounded import CodedFilter, WordFilter, public_links
from reforms.admin.kept_forms import is_save
from reforms.admin.proposal_updates import CHANGED_MEANWHILE, may_update
from reforms.admin.revising import RevisableAdmin
from reforms.admin.submitting import MEASURE_FILTERS, is_lone_publisher, measures_address
from reforms.admin.withdrawal import VersionForm
from reforms.changes import Names, changes
from reforms.exchange import RecordError
from reforms.models import Measure, Proposal
from reforms.records import ProposalState

APPROVE, SEND_BACK, REJECT, TAKE_BACK = "approve", "send_back", "reject", "take_back"
ACTS = {
    APPROVE: editing.approve,
    SEND_BACK: editing.send_back,
    REJECT: editing.reject,
    TAKE_BACK: editing.take_back,
}
DONE = {
    APPROVE: gettext_lazy("Approved and published."),
    SEND_BACK: gettext_lazy("Sent back to its author."),
    REJECT: gettext_lazy("Rejected. The record stays in the history of the proposal."),
    TAKE_BACK: gettext_lazy("Taken back. The record stays in the history of the proposal."),
}


class StateFilter(CodedFilter):
    """Proposals in some state."""

    title = gettext_lazy("state")
    parameter_name = "state"
    words = ProposalState


class AuthorFilter(WordFilter):
    """One's own proposals, or those of others."""

    title = gettext_lazy("author")
    parameter_name = "author"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the two choices."""
        self.account = request.user
        return [("me", _("Me")), ("others", _("Others"))]

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return the proposals of the reader, or of everybody else."""
        own = {"by": self.account}
        return queryset.filter(**own) if word == "me" else queryset.exclude(**own)


class ReviewForm(VersionForm):
    """What a reviewer, or the author, does with a proposal; who refuses says why."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with the proposal. Needed to send back or to reject."),
    )

    def clean(self) -> None:
        """Ask for a comment where a proposal is sent back or rejected."""
        values = self.cleaned_data
        if values.get("act") in (SEND_BACK, REJECT) and not values.get("comment"):
            self.add_error("comment", _("Say what is wanted, so that the author can act on it."))


@admin.register(Proposal)
class ProposalAdmin(RevisableAdmin):
    """Changes that wait for a second person, or waited."""

    list_display = ("measure", "action", "by_name", "state", "reason", "changed_at")
    list_display_links = ("measure",)
    list_filter = (StateFilter, AuthorFilter)
    list_select_related = ("measure",)
    ordering = ("-changed_at", "-pk")
    sortable_by = ("changed_at",)
    search_fields = ("by_name", "reason", "measure__key")
    search_help_text = gettext_lazy("A name, a word of a reason, or the key of a measure.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A proposal is made on the page of a measure."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The steps of a proposal have buttons of their own; nothing else of it changes."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return all proposals without their records, which a list does not show."""
        queryset: QuerySet = super().get_queryset(request)
        return queryset.defer("record", "cut")

    def keeping_filters(self, request: HttpRequest, address: str) -> str:
        """Return an address that leads back to the list of proposals, or of measures, as it was."""
        kept = super().keeping_filters(request, address)
        if MEASURE_FILTERS not in request.GET:
            return kept
        sign = "&" if "?" in kept else "?"
        return f"{kept}{sign}{urlencode({MEASURE_FILTERS: request.GET[MEASURE_FILTERS]})}"

    def _list_address(self, request: HttpRequest) -> str:
        """Return the list from which the page was reached: of measures, or else of proposals."""
        if MEASURE_FILTERS in request.GET:
            return measures_address(request)
        return self.keeping_filters(request, reverse("admin:reforms_proposal_changelist"))

    # --- Judging one ---

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a proposal against the live record, or take a step; at most 16 queries to show."""
        proposal = self.get_object(request, object_id)
        if proposal is None:
            return self.not_found(request, object_id)
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        form = ReviewForm(request.POST or None, initial={"version": proposal.version})
        status = 200
        if is_save(request) and form.is_valid():
            if self._act(request, proposal, form):
                return redirect(self._list_address(request))
            status = 409
            proposal.refresh_from_db()
        return self._render(request, proposal, form, status)

    def _act(self, request: HttpRequest, proposal: Proposal, form: ReviewForm) -> bool:
        """Take the step and say so; else say why not in the form."""
        values = form.cleaned_data
        act = values["act"]
        try:
            ACTS[act](proposal, values["version"], request.user, values["comment"])
        except editing.StaleRow:
            form.add_error(None, CHANGED_MEANWHILE)
        except versions.VersionConflict:
            form.add_error(
                None,
                _("Not published: the measure was saved since. Bring the proposal up to date."),
            )
        except RecordError as error:
            form.add_error(None, _(error.template) % error.values)
        else:
            self.log_change(request, proposal, f"{DONE[act]} {values['comment']}".strip())
            self.message_user(request, done(act, proposal), "success")
            return True
        return False

    def _render(
        self, request: HttpRequest, proposal: Proposal, form: ReviewForm, status: int
    ) -> HttpResponse:
        measure = Measure.objects.for_record().get(pk=proposal.measure_id)
        live, record = measure.to_record(), editing.read_record(proposal)
        names, text = Names(), measure.source.text
        base = measure.versions.filter(version=proposal.base_version).first()
        opened = versions.read(base) if base else live
        is_stale = proposal.is_open and measure.version != proposal.base_version
        may_review = proposal.is_awaiting and editing.may_review(request.user, proposal)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Proposal for measure %(key)s") % {"key": measure.number or measure.key},
            "subtitle": measure.title or None,
            "opts": self.opts,
            "original": proposal,
            "proposal": proposal,
            "measure": measure,
            "form": self._again(form, proposal) if status == 409 else form,
            "refusals": form.non_field_errors() if form.is_bound else [],
            **self._addresses(request, proposal),
            "changes": changes(opened, record, text, names),
            "theirs": changes(opened, live, text, names) if is_stale else [],
            "is_stale": is_stale,
            "steps": list(proposal.steps.order_by("version")),
            "is_own": proposal.by_id == request.user.pk,
            "may_review": may_review,
            "may_approve": may_review and editing.may_approve(request.user, proposal),
            "may_update": is_stale and may_update(request.user, proposal),
            "is_lone": proposal.is_awaiting and is_lone_publisher(request.user),
            "public_links": public_links("measure_detail", [measure.source.slug, measure.key]),
        }
        template = "admin/reforms/proposal/change_form.html"
        return TemplateResponse(request, template, context, status=status)

    def _addresses(self, request: HttpRequest, proposal: Proposal) -> dict[str, str]:
        """Return where the page leads on to, with the lists that it was led to from."""
        ways = {
            f"{way}_address": self.keeping_filters(
                request, reverse(f"admin:reforms_proposal_{way}", args=[proposal.pk])
            )
            for way in ("update", "revise")
        }
        proposals = reverse("admin:reforms_proposal_changelist")
        return {
            **ways,
            "proposals_address": super().keeping_filters(request, proposals),
            "measures_address": measures_address(request),
        }

    def _again(self, form: ReviewForm, proposal: Proposal) -> ReviewForm:
        """Return a form at the newest step, with the comment as it was typed."""
        comment = form.cleaned_data.get("comment")
        return ReviewForm(initial={"version": proposal.version, "comment": comment})


def done(act: str, proposal: Proposal) -> Any:
    """Return the sentence that a step was taken, with the way back to its proposal."""
    return format_html(
        '{} <a href="{}">{}</a>', DONE[act], proposal.get_absolute_url(), _("The proposal")
    )
