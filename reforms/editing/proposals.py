"""Changes that wait for a second person: proposed, sent back, revised, approved, rejected."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from reforms import search
from reforms.editing.mail import tell_of_step
from reforms.editing.measures import recut_measure, save_measure
from reforms.editing.roles import may_approve, may_propose, may_publish_at_once, may_review
from reforms.editing.rows import StaleRow
from reforms.exchange import RecordError, from_json, to_json
from reforms.models import Measure, Proposal, ProposalStep
from reforms.models.fields import moment_text
from reforms.records import Action, MeasureRecord, ProposalState, Step
from reforms.recutting import Cut


class OpenProposal(Exception):
    """The author has a proposal for the measure that is still open: ``proposal``."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(str(proposal))
        self.proposal = proposal


@dataclass(frozen=True)
class Submitted:
    """What became of a change: published as ``measure``, or a ``proposal``; nothing where both stand still."""

    measure: Measure
    proposal: Proposal | None = None
    has_changed: bool = True


def submit(
    change: MeasureRecord | Cut,
    measure: Measure,
    expected_version: int,
    by: Any,
    reason: str,
    action: Action = Action.CHANGED,
) -> Submitted:
    """Publish a change of a measure, or propose it, as the account may.

    ``change`` is the whole record, or a re-cut of the source's words. Raises ``PermissionDenied``,
    ``OpenProposal``, and what ``save_measure`` and ``recut_measure`` raise.
    """
    if not may_propose(by):
        raise PermissionDenied
    if may_publish_at_once(by):
        saved = _write(change, measure, expected_version, by, reason, action)
        return Submitted(saved, has_changed=saved.version != expected_version)
    proposal = propose(change, measure, expected_version, by, reason, action)
    return Submitted(measure, proposal, has_changed=proposal is not None)


@transaction.atomic
def propose(
    change: MeasureRecord | Cut,
    measure: Measure,
    expected_version: int,
    by: Any,
    reason: str,
    action: Action = Action.CHANGED,
) -> Proposal | None:
    """Store a change for review and return it; None where it changes nothing.

    The public pages stay as they are. The change is tried as if it were published, so that what
    can be proposed can be approved. Raises ``OpenProposal`` where the author has one for the
    measure already, and what ``submit`` raises. About 60 queries.
    """
    # Before the row's lock, as a save does: else each of the two waits for what the other holds.
    search.lock_index()
    live = Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    before = Proposal.objects.open().filter(measure=live, by=by).first()
    if before is not None:
        raise OpenProposal(before)
    record = _tried(change, live, expected_version, by, reason, action)
    if record is None:
        return None
    proposal = Proposal.objects.create(
        measure=live,
        action=action,
        base_version=expected_version,
        record=to_json(record),
        cut=to_json(change) if isinstance(change, Cut) else None,
        reason=reason,
        by=by,
        by_name=by.get_username(),
    )
    _append(proposal, Step.PROPOSED, by, reason)
    return proposal


@transaction.atomic
def revise(
    proposal: Proposal,
    change: MeasureRecord | Cut,
    seen_version: int,
    base_version: int,
    by: Any,
    reason: str,
) -> Proposal:
    """Put another change in the place of a proposed one, for review; return the proposal.

    ``base_version`` is the live version that the record was made from: a later one than before
    where it was merged. Only the author revises; who may review may bring up to date what awaits
    review, and another reviewer approves it then. A re-cut stays one: its words are cut again. Raises ``StaleRow`` when the proposal had another step
    since ``seen_version``, else like ``propose``. About 60 queries.
    """
    row = _locked(proposal, seen_version)
    is_author = by.pk == row.by_id
    brings_up_to_date = row.is_awaiting and base_version > row.base_version
    if not may_propose(by) or not (is_author or (brings_up_to_date and may_review(by, row))):
        raise PermissionDenied
    if (row.cut is not None) != isinstance(change, Cut):
        raise RecordError("", "a re-cut is proposed by itself: take it back, and cut anew.")
    tried = _tried(change, row.measure, base_version, by, reason, Action(row.action))
    if tried is None:
        raise RecordError("", "the catalog says this already: nothing is left to propose.")
    row.record, row.base_version = to_json(tried), base_version
    row.cut = to_json(change) if isinstance(change, Cut) else None
    if is_author:
        row.reason = reason or row.reason
    return _step(row, Step.REVISED, ProposalState.AWAITING, by, reason)


@transaction.atomic
def send_back(proposal: Proposal, seen_version: int, by: Any, comment: str) -> Proposal:
    """Ask the author for something else; raises ``StaleRow`` and ``PermissionDenied``. 6 queries."""
    row = _reviewed(proposal, seen_version, by)
    return _step(row, Step.SENT_BACK, ProposalState.SENT_BACK, by, comment)


@transaction.atomic
def reject(proposal: Proposal, seen_version: int, by: Any, comment: str) -> Proposal:
    """Close a proposal without publishing it; raises like ``send_back``. 6 queries."""
    row = _reviewed(proposal, seen_version, by)
    return _step(row, Step.REJECTED, ProposalState.REJECTED, by, comment)


@transaction.atomic
def take_back(proposal: Proposal, seen_version: int, by: Any, comment: str) -> Proposal:
    """Close one's own proposal; raises like ``send_back``. 6 queries."""
    row = _locked(proposal, seen_version)
    if by.pk != row.by_id:
        raise PermissionDenied
    return _step(row, Step.TAKEN_BACK, ProposalState.TAKEN_BACK, by, comment)


@transaction.atomic
def approve(proposal: Proposal, seen_version: int, by: Any, comment: str) -> Measure:
    """Publish a proposal as its author's next version of the measure, and return the measure.

    Raises ``versions.VersionConflict`` when the measure was saved since the proposal's base: it
    must be brought up to date first. Else raises like ``send_back``. About 45 queries.
    """
    row = _reviewed(proposal, seen_version, by)
    if not may_approve(by, row):
        raise RecordError("", "you brought it up to date: somebody else has to approve it.")
    record = read_record(row)
    if row.action == Action.WITHDRAWN and record.withdrawn_at:
        record = replace(record, withdrawn_at=moment_text(timezone.now()))
    change = record if row.cut is None else read_cut(row)
    action = Action(row.action)
    measure = _write(change, row.measure, row.base_version, row.by, row.reason, action)
    if (
        row.cut is not None
        and Measure.objects.for_record().get(pk=measure.pk).to_record() != record
    ):
        raise RecordError(
            "",
            "the words around were cut anew since it was proposed: send it back, to be cut again.",
        )
    row.became = measure.versions.get(version=measure.version)
    _step(row, Step.APPROVED, ProposalState.APPROVED, by, comment)
    return measure


def read_record(proposal: Proposal | ProposalStep) -> MeasureRecord:
    """Return the record that a proposal, or a step of one, holds; no query."""
    record: MeasureRecord = from_json(MeasureRecord, proposal.record)
    return record


def read_cut(proposal: Proposal) -> Cut:
    """Return the re-cut that a proposal holds; no query."""
    cut: Cut = from_json(Cut, proposal.cut)
    return cut


def _write(
    change: MeasureRecord | Cut,
    measure: Measure,
    expected_version: int,
    by: Any,
    reason: str,
    action: Action,
) -> Measure:
    if isinstance(change, Cut):
        return recut_measure(measure, change, expected_version, by, reason)
    return save_measure(change, expected_version, by, reason, action)


def _tried(*change: Any) -> MeasureRecord | None:
    """Return the record that a change would make, having written it and taken it back; None if none."""
    with transaction.atomic():
        measure = _write(*change)
        record = Measure.objects.for_record().get(pk=measure.pk).to_record()
        transaction.set_rollback(True)
    _change, _measure, expected_version, *_rest = change
    return record if measure.version != expected_version else None


def _locked(proposal: Proposal, seen_version: int) -> Proposal:
    """Return the proposal, locked, if it is open and had no step since ``seen_version``."""
    rows = Proposal.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("measure", "by").get(pk=proposal.pk)
    if row.version != seen_version:
        raise StaleRow(row)
    if not row.is_open:
        raise RecordError("", "this proposal is closed.")
    return row


def _reviewed(proposal: Proposal, seen_version: int, by: Any) -> Proposal:
    row = _locked(proposal, seen_version)
    if not may_review(by, row):
        raise PermissionDenied
    if not row.is_awaiting:
        raise RecordError("", "this proposal waits for its author.")
    return row


def _step(row: Proposal, what: Step, state: ProposalState, by: Any, comment: str) -> Proposal:
    row.version += 1
    row.state = state
    row.changed_at = timezone.now()
    row.save()
    _append(row, what, by, comment)
    return row


def _append(row: Proposal, what: Step, by: Any, comment: str) -> ProposalStep:
    step = ProposalStep.objects.create(
        proposal=row,
        version=row.version,
        what=what,
        by=by,
        by_name=by.get_username(),
        comment=comment,
        base_version=row.base_version,
        record=row.record,
        at=row.changed_at,
    )
    tell_of_step(step)
    return step
