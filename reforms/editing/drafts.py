"""New notices on their way in: begun, changed by one at a time, saved as a source, thrown away."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from reforms.editing.roles import may_propose
from reforms.editing.rows import StaleRow
from reforms.exchange import RecordError
from reforms.models import NoticeDraft, Source


def begin_draft(
    text: str, name: str, file_name: str, facts: dict[str, Any], by: Any
) -> NoticeDraft:
    """Keep a text that is to be taken in; 1 query. Raises ``PermissionDenied``."""
    if not may_propose(by):
        raise PermissionDenied
    return NoticeDraft.objects.create(
        name=name, file_name=file_name, text=text, facts=facts, by=by, changed_by=by
    )


@transaction.atomic
def change_draft(
    draft: NoticeDraft,
    expected_version: int,
    facts: dict[str, Any],
    decisions: dict[str, Any],
    by: Any,
) -> NoticeDraft:
    """Keep what is known and decided by now; raises ``StaleRow`` and ``PermissionDenied``. 2 queries."""
    row = _locked(draft, expected_version, by)
    row.facts, row.decisions = facts, decisions
    return _stored(row, by)


@transaction.atomic
def throw_away(draft: NoticeDraft, expected_version: int, by: Any) -> NoticeDraft:
    """Put a draft aside, its text kept; raises like ``change_draft``. 2 queries."""
    row = _locked(draft, expected_version, by)
    row.thrown_away_at = timezone.now()
    return _stored(row, by)


@transaction.atomic
def note_saved(draft: NoticeDraft, expected_version: int, source: Source, by: Any) -> NoticeDraft:
    """Note the source that was made of a draft; in the transaction that makes it. 2 queries."""
    row = _locked(draft, expected_version, by)
    row.source = source
    return _stored(row, by)


def _locked(draft: NoticeDraft, expected_version: int, by: Any) -> NoticeDraft:
    """Return the draft, locked, if it is open and nobody changed it since ``expected_version``."""
    if not may_propose(by):
        raise PermissionDenied
    row = NoticeDraft.objects.select_for_update(of=("self",), no_key=True).get(pk=draft.pk)
    if row.version != expected_version:
        raise StaleRow(row)
    if row.source_id or row.thrown_away_at:
        raise RecordError("", "this notice was saved or thrown away already.")
    return row


def _stored(row: NoticeDraft, by: Any) -> NoticeDraft:
    row.version += 1
    row.changed_by, row.changed_at = by, timezone.now()
    row.save()
    return row
