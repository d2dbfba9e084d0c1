"""Who may do what with a measure: propose, review, publish; the roles are groups of accounts."""

from typing import Any

from django.conf import settings

from reforms.models import NoticeDraft, Proposal, Source
from reforms.records import Step

PROPOSE = "reforms.propose_measure"
PUBLISH = "reforms.publish_measure"


def may_propose(account: Any) -> bool:
    """Tell whether the account may change measures at all, if only as a proposal."""
    return bool(account.has_perm(PROPOSE) or account.has_perm(PUBLISH))


def may_publish_at_once(account: Any) -> bool:
    """Tell whether the account's own changes are published without a second person."""
    return bool(settings.PUBLISH_OWN_CHANGES and account.has_perm(PUBLISH))


def may_review(account: Any, proposal: Proposal) -> bool:
    """Tell whether the account may approve, send back or reject the proposal; never its own.

    Unless the site allows own changes (``REFORMS_PUBLISH_OWN_CHANGES``).
    """
    if not account.has_perm(PUBLISH):
        return False
    return proposal.by_id != account.pk or settings.PUBLISH_OWN_CHANGES


def may_approve(account: Any, proposal: Proposal) -> bool:
    """Tell whether the account may publish the proposal: not where it made the record that stands; 1 query.

    A reviewer who brought it up to date chose what it says, so that somebody else approves it.
    """
    if not may_review(account, proposal) or settings.PUBLISH_OWN_CHANGES:
        return may_review(account, proposal)
    made = (
        proposal.steps.filter(what__in=(Step.PROPOSED, Step.REVISED)).order_by("-version").first()
    )
    return made is None or made.by_id != account.pk


def may_make_public(account: Any, source: Source) -> bool:
    """Tell whether the account may show readers a source: not one that it took in itself; 1 query.

    Unless the site allows own changes.
    """
    if settings.PUBLISH_OWN_CHANGES:
        return True
    draft = NoticeDraft.objects.filter(source=source).only("by", "changed_by").first()
    return draft is None or account.pk not in (draft.by_id, draft.changed_by_id)
