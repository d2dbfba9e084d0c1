"""Changes of a measure by staff: published or proposed as the account may, and said in the page's words."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from reforms import editing, versions
from reforms.admin.kept_forms import note_done
from reforms.exchange import RecordError
from reforms.models import Measure, Proposal
from reforms.records import Action, MeasureRecord
from reforms.recutting import Cut

# On a proposal's page: the filters of the list of measures; those of the list of proposals have
# Django's own parameter.
MEASURE_FILTERS = "_measure_filters"
# Why a change is not taken: somebody saved meanwhile, one is open already, a rule is broken.
REFUSALS = (versions.VersionConflict, editing.StaleRow, editing.OpenProposal, RecordError)


def submit(
    model_admin: Any,
    request: HttpRequest,
    change: MeasureRecord | Cut,
    measure: Measure,
    expected_version: int,
    reason: str,
    action: Action = Action.CHANGED,
) -> editing.Submitted:
    """Hand a change to ``editing.submit``, note it in the log, and tell what became of it.

    Raises what ``editing.submit`` raises; then nothing is said.
    """
    submitted = editing.submit(change, measure, expected_version, request.user, reason, action)
    note_done(request)
    if not submitted.has_changed:
        model_admin.message_user(request, _("Nothing was changed, so nothing was saved."))
    elif submitted.proposal:
        model_admin.log_change(request, measure, reason or _("Proposed"))
        model_admin.message_user(request, waiting(submitted.proposal), "success")
    else:
        saved = submitted.measure
        model_admin.log_change(request, saved, reason or _("Changed"))
        text = _("Saved as version %(version)s.") % {"version": saved.version}
        model_admin.message_user(request, text, "success")
    return submitted


def made_from_list(request: HttpRequest, proposal: Proposal) -> str:
    """Return the address of a proposal, with the list of measures that its measure was opened from."""
    address, filters = proposal.get_absolute_url(), request.GET.get("_changelist_filters")
    return f"{address}?{urlencode({MEASURE_FILTERS: filters})}" if filters else address


def measures_address(request: HttpRequest) -> str:
    """Return the address of the list of measures as a proposal's page was led to from it."""
    filters = QueryDict(request.GET.get(MEASURE_FILTERS, "")).urlencode()
    address = reverse("admin:reforms_measure_changelist")
    return f"{address}?{filters}" if filters else address


def waiting(proposal: Proposal) -> Any:
    """Return the sentence that a proposal waits for a second person, with the way to it."""
    return format_html(
        '{} <a href="{}">{}</a>',
        _("Saved as a proposal. The public pages change once a second person has approved it."),
        proposal.get_absolute_url(),
        _("Your proposal"),
    )


def open_proposal_error(error: editing.OpenProposal) -> Any:
    """Return the sentence that the author has an open proposal already, with the way to it."""
    return format_html(
        '{} <a href="{}">{}</a>',
        _(
            "Not saved: you have a proposal for this measure that is still open. Nothing that you "
            "typed is lost: bring it to your proposal, or take that one back."
        ),
        error.proposal.get_absolute_url(),
        _("Your open proposal"),
    )


def refusal(error: Exception) -> Any:
    """Return what a page says of one of the ``REFUSALS``."""
    if isinstance(error, editing.OpenProposal):
        return open_proposal_error(error)
    if isinstance(error, RecordError):
        return _(error.template) % error.values
    return _("Somebody saved this while you wrote. Open it again.")


def notice_for(account: Any, measure: Measure) -> dict[str, Any]:
    """Return what a measure's pages say about proposals: the account's own one and the others'; 1 query."""
    rows = list(Proposal.objects.open().filter(measure=measure).select_related("by"))
    return {
        "own": next((row for row in rows if row.by_id == account.pk), None),
        "others": [row for row in rows if row.by_id != account.pk],
        "is_proposing": not editing.may_publish_at_once(account),
        "is_lone": is_lone_publisher(account),
    }


def is_lone_publisher(account: Any) -> bool:
    """Tell whether an account that may publish has nobody to review what it proposes; 0 or 1 query."""
    if settings.PUBLISH_OWN_CHANGES or not account.has_perm("reforms.publish_measure"):
        return False
    others = get_user_model().objects.with_perm(
        "reforms.publish_measure", backend="django.contrib.auth.backends.ModelBackend"
    )
    return not others.exclude(pk=account.pk).exists()
