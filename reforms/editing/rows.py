"""Saves of a vocabulary word or a source, never over what someone has not seen, each in its history."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from reforms import search, states, versions
from reforms.models import Source
from reforms.models.fields import LoadedModel
from reforms.models.histories import Save
from reforms.records import Action


class StaleRow(Exception):
    """Someone saved the row since it was opened; ``current`` is the row as it stands now."""

    def __init__(self, current: Any) -> None:
        super().__init__(f"{current} is at version {current.version}")
        self.current = current


@transaction.atomic
def save_row(
    row: Any,
    expected_version: int,
    parts: Iterable[Any] = (),
    *,
    by: Any,
    reason: str = "",
    action: Action | None = None,
    gone: Iterable[Any] = (),
) -> None:
    """Save a vocabulary word, a source or a report, with new or changed parts that hang on it.

    ``expected_version`` is ``versions.NEW`` for a row that does not exist; parts in ``gone`` are
    taken away. The history of words and sources keeps each row that is written, with who, when and
    why. Raises ``StaleRow`` when somebody saved the row since that version; then nothing is written.
    5 queries, 1 for the lock, and 2 a part.
    """
    if isinstance(row, LoadedModel):
        # A load locks the words and then the sources. A source names other sources, and its sections
        # name words: without one lock before all others, each could wait for what the other holds.
        search.lock_index()
    is_new = expected_version == versions.NEW
    if not is_new:
        rows = type(row).objects.select_for_update(of=("self",), no_key=True)
        current = rows.get(pk=row.pk)
        if current.version != expected_version:
            raise StaleRow(current)
        states.begin([current])
        row.version = expected_version + 1
    usual = Action.CREATED if is_new else Action.CHANGED
    save = Save(action or usual, by=by, by_name=by.get_username(), reason=reason)
    changed, taken = list(parts), list(gone)
    for part in (*taken, *changed):
        # The state of a part names the version of this very row.
        part.source = row
    for part in taken:
        save.delete(part)
    save.write(row)
    for part in changed:
        save.write(part)


def withdraw_source(
    source: Source, expected_version: int, by: Any, reason_zh: str, reason_en: str
) -> Source:
    """Take a source and its measures out of every public list; raises like ``save_row``."""
    source.withdrawn_at = timezone.now()
    source.withdrawn_reason_zh = reason_zh
    source.withdrawn_reason_en = reason_en or None
    save_row(source, expected_version, by=by, reason=reason_zh, action=Action.WITHDRAWN)
    return source


def restore_source(source: Source, expected_version: int, by: Any, reason: str) -> Source:
    """Bring a withdrawn source back into the public lists; raises like ``save_row``."""
    source.withdrawn_at = None
    source.withdrawn_reason_zh = None
    source.withdrawn_reason_en = None
    save_row(source, expected_version, by=by, reason=reason, action=Action.RESTORED)
    return source


@transaction.atomic
def revert_row(
    row: Any, past: states.Standing, expected_version: int, by: Any, reason: str
) -> bool:
    """Make a past state of a row the next one; tell whether anything differed, else nothing is written.

    Raises ``StaleRow`` like ``save_row``, and Django's ``ValidationError`` where the past state
    no longer fits the others: its place is another's now.
    """
    if row.version != expected_version:
        raise StaleRow(row)
    back = states.back_to(row, past)
    if not back.has_changes:
        return False
    for written in (row, *back.parts):
        written.full_clean(exclude=["source"])
    save_row(
        row,
        expected_version,
        back.parts,
        by=by,
        reason=reason,
        action=Action.REVERTED,
        gone=back.gone,
    )
    return True
