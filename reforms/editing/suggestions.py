"""Suggestions that a person refuses, and offers again."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from reforms.editing.roles import may_propose
from reforms.models import Measure, RefusedSuggestion
from reforms.suggesting import Suggestion


@transaction.atomic
def refuse_suggestions(measure: Measure, refused: Iterable[Suggestion], by: Any) -> None:
    """Keep that these suggestions were refused; 1 query. Refusing one twice is refusing it once.

    Raises ``PermissionDenied``.
    """
    if not may_propose(by):
        raise PermissionDenied
    RefusedSuggestion.objects.bulk_create(
        [
            RefusedSuggestion(
                measure=measure, key=one.key, subject=one.subject, words=one.words, by=by
            )
            for one in refused
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def offer_again(measure: Measure, number: int, by: Any) -> bool:
    """Take a refusal back; tell whether there was one. 1 query. Raises ``PermissionDenied``."""
    if not may_propose(by):
        raise PermissionDenied
    deleted, _rows = RefusedSuggestion.objects.filter(measure=measure, pk=number).delete()
    return bool(deleted)
