"""The editors' dashboard: what waits for whom, each count the length of the list it leads to."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from reforms import editing
from reforms.admin.kept_forms import title_of
from reforms.admin.measure_list import EditedFilter, ErrataFilter, OutcomeFilter, TranslationFilter
from reforms.admin.submitting import is_lone_publisher
from reforms.models import Measure, NoticeDraft, Proposal, Report
from reforms.records import Decision, OutcomeState, ReportState, TranslationState

register = template.Library()


@dataclass(frozen=True)
class Queue:
    """A list of work: what it is called, how long it is, where it stands."""

    name: str
    count: int
    address: str


@register.inclusion_tag("admin/reforms/_dashboard.html", takes_context=True)
def editors_dashboard(context: dict[str, Any]) -> dict[str, Any]:
    """Return what the account typed and did not save, and its lists of work; at most 12 queries.

    Each kept form costs one query more, for the name of its page.
    """
    account = context["request"].user
    return {
        "kept": [
            {"title": title_of(kept), "address": kept.address, "at": kept.kept_at}
            for kept in editing.offered_forms(account)
        ],
        "people": list(_of_people(account)),
        "measures": list(_of_measures(account)),
        "is_lone": is_lone_publisher(account),
    }


def _of_people(account: Any) -> list[Queue]:
    queues = []
    proposals = reverse("admin:reforms_proposal_changelist")
    if account.has_perm("reforms.publish_measure"):
        awaiting = Proposal.objects.awaiting()
        address = f"{proposals}?state=awaiting"
        if not editing.may_publish_at_once(account):
            awaiting = awaiting.exclude(by=account)
            address = f"{address}&author=others"
        queues.append(Queue(_("Awaiting your review"), awaiting.count(), address))
    if editing.may_propose(account):
        own = Proposal.objects.awaiting().filter(by=account).count()
        back = Proposal.objects.sent_back_to(account).count()
        queues.append(Queue(_("Sent back to you"), back, f"{proposals}?state=sent_back&author=me"))
        queues.append(
            Queue(_("Yours, awaiting review"), own, f"{proposals}?state=awaiting&author=me")
        )
    if account.has_perm("reforms.view_noticedraft"):
        drafts = NoticeDraft.objects.filter(source=None, thrown_away_at=None).count()
        address = reverse("admin:reforms_noticedraft_changelist")
        queues.append(Queue(_("New notices to look through"), drafts, address))
    if account.has_perm("reforms.change_report"):
        reported = Report.objects.filter(state=ReportState.OPEN).count()
        address = reverse("admin:reforms_report_changelist") + "?state=open"
        queues.append(Queue(_("Errors reported by readers"), reported, address))
    return queues


def _of_measures(account: Any) -> list[Queue]:
    if not account.has_perm("reforms.view_measure") and not editing.may_propose(account):
        return []
    measures = reverse("admin:reforms_measure_changelist")
    wanted: list[tuple[str, str, str, Q]] = [
        (
            _("English missing"),
            TranslationFilter.parameter_name,
            TranslationState.MISSING,
            TranslationFilter.condition(TranslationState.MISSING),
        ),
        (
            _("English outdated since the Chinese changed"),
            TranslationFilter.parameter_name,
            TranslationState.OUTDATED,
            TranslationFilter.condition(TranslationState.OUTDATED),
        ),
        (
            _("Outcome not entered yet"),
            OutcomeFilter.parameter_name,
            OutcomeState.NOT_ENTERED,
            OutcomeFilter.condition(OutcomeState.NOT_ENTERED),
        ),
        (
            _("Text edited away from its source"),
            EditedFilter.parameter_name,
            "edited",
            EditedFilter.condition("edited"),
        ),
        (
            _("Errata without a decision"),
            ErrataFilter.parameter_name,
            Decision.OPEN,
            ErrataFilter.condition(Decision.OPEN),
        ),
    ]
    return [
        Queue(name, Measure.objects.filter(condition).count(), f"{measures}?{parameter}={word}")
        for name, parameter, word, condition in wanted
    ]
