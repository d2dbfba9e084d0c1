"""Mail to whoever has to act next: reviewers, authors, editors; in both languages, after the commit."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from reforms.models import Proposal, ProposalStep, Report
from reforms.models.choices import LABELS
from reforms.records import Step

LANGUAGES = ("zh-hans", "en")
# Who is told of which step.
TOLD_TO_REVIEWERS = (Step.PROPOSED, Step.REVISED)
TOLD_TO_AUTHOR = (Step.SENT_BACK, Step.APPROVED, Step.REJECTED)


def tell_of_step(step: ProposalStep) -> None:
    """Send word of a step, once it is committed, to who may review it or to its author.

    Whoever took the step is not told of it. A mail server that fails is logged, and the save stands.
    """
    proposal = step.proposal
    if step.what in TOLD_TO_REVIEWERS:
        to = _addresses("reforms.publish_measure", but_not=(proposal.by_id, step.by_id))
    elif step.what in TOLD_TO_AUTHOR and proposal.by_id != step.by_id:
        to = [proposal.by.email] if proposal.by.email and proposal.by.is_active else []
    else:
        return
    _send_later("admin/reforms/mail/step.txt", to, {"step": step, "proposal": proposal}, _subject)


def tell_of_report(report: Report) -> None:
    """Send word of a reader's report, once it is committed, to who may handle it."""
    to = _addresses("reforms.change_report")
    _send_later("admin/reforms/mail/report.txt", to, {"report": report}, _subject_of_report)


def _subject(context: dict[str, Any]) -> str:
    proposal: Proposal = context["proposal"]
    return f"{LABELS[Step][context['step'].what]}: {proposal.measure}"


def _subject_of_report(context: dict[str, Any]) -> str:
    report: Report = context["report"]
    return f"{_('Error reported')}: {report.measure or report.address}"


def _addresses(permission: str, but_not: Iterable[int] = ()) -> list[str]:
    """Return the mail addresses of the open accounts that have a permission; 1 query."""
    accounts = get_user_model().objects.with_perm(
        permission, backend="django.contrib.auth.backends.ModelBackend"
    )
    return sorted(
        set(accounts.exclude(pk__in=but_not).exclude(email="").values_list("email", flat=True))
    )


def _send_later(template: str, to: list[str], context: dict[str, Any], subject: Any) -> None:
    if not to or settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return
    bodies, subjects = [], []
    for code in LANGUAGES:
        with override(code):
            bodies.append(render_to_string(template, {**context, "site": settings.SITE_ADDRESS}))
            subjects.append(" ".join(subject(context).split()))

    # One mail each: nobody learns who else has an account, and one that is refused stops no other.
    for address in to:
        mail = partial(send_mail, " · ".join(subjects), "\n\n".join(bodies), None, [address])
        transaction.on_commit(mail, robust=True)
