"""What readers and editors see for each coded word of a record, to be translated."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from reforms.records import (
    Action,
    Bound,
    Certainty,
    Completeness,
    Confidence,
    Decision,
    Direction,
    Kind,
    Nature,
    OutcomeState,
    Role,
    StatedIn,
    Status,
    TranslationState,
)

LABELS: Mapping[type[StrEnum], Mapping[Any, Any]] = {
    Completeness: {
        Completeness.WHOLE: _("Whole"),
        Completeness.FRAGMENT: _("Fragment"),
    },
    Role: {
        Role.RUNNING_HEAD: _("Running head"),
        Role.SECTION_HEADING: _("Section heading"),
        Role.NUMBER_LABEL: _("Number label"),
        Role.TITLE: _("Title"),
        Role.PRACTICE_LABEL: _("Practice label"),
        Role.CITY_LABEL: _("City label"),
        Role.PRACTICE: _("Practice"),
        Role.OUTCOME_LABEL: _("Outcome label"),
        Role.OUTCOME: _("Outcome"),
        Role.CAPTION: _("Caption"),
    },
    Status: {
        Status.REPLICATE: _("To replicate nationwide"),
        Status.FOR_REFERENCE: _("For reference"),
        Status.NOT_STATED: _("Not stated"),
    },
    TranslationState: {
        TranslationState.CURRENT: _("Current"),
        TranslationState.OUTDATED: _("Outdated since the Chinese changed"),
        TranslationState.MISSING: _("Missing"),
    },
    OutcomeState: {
        OutcomeState.STATED: _("Stated"),
        OutcomeState.NOT_STATED: _("Not stated"),
        OutcomeState.NOT_ENTERED: _("Not entered yet"),
    },
    Kind: {
        Kind.TIME: _("Time"),
        Kind.STEPS: _("Steps"),
        Kind.COST: _("Cost"),
        Kind.VOLUME: _("Volume"),
        Kind.SHARE: _("Share"),
    },
    Nature: {
        Nature.ACHIEVED: _("Achieved"),
        Nature.LIMIT: _("Limit"),
        Nature.CUMULATIVE: _("Cumulative"),
        Nature.AVERAGE: _("Average"),
        Nature.SHARE: _("Share of a whole"),
        Nature.SAVING: _("Saving"),
        Nature.FORECAST: _("Forecast"),
    },
    Bound: {
        Bound.EXACT: _("Exact"),
        Bound.AT_MOST: _("At most"),
        Bound.LESS_THAN: _("Less than"),
        Bound.AT_LEAST: _("At least"),
        Bound.MORE_THAN: _("More than"),
        Bound.ABOUT: _("About"),
    },
    Direction: {
        Direction.DECREASE: _("Decrease"),
        Direction.INCREASE: _("Increase"),
        Direction.NONE: _("No direction"),
    },
    Certainty: {
        Certainty.PRINTED: _("As printed"),
        Certainty.INFERRED: _("Our reading"),
        Certainty.UNKNOWN: _("Unknown"),
    },
    Confidence: {
        Confidence.HIGH: _("High"),
        Confidence.MEDIUM: _("Medium"),
        Confidence.LOW: _("Low"),
    },
    StatedIn: {
        StatedIn.PRACTICE: _("In the practice"),
        StatedIn.OUTCOME: _("In the outcome"),
    },
    Action: {
        Action.LOADED: _("Loaded from a file"),
        Action.CREATED: _("Created"),
        Action.CHANGED: _("Changed"),
        Action.WITHDRAWN: _("Withdrawn"),
        Action.RESTORED: _("Restored"),
        Action.REVERTED: _("Reverted"),
    },
    Decision: {
        Decision.CONFIRMED: _("Confirmed"),
        Decision.OPEN: _("Not decided yet"),
        Decision.REFUSED: _("Refused"),
    },
}


def choices(words: type[StrEnum]) -> list[tuple[str, Any]]:
    """Return the value and label of each word of an enumeration, for a model or form field."""
    return [(str(word), LABELS[words][word]) for word in words]
