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
    ProposalState,
    ReportState,
    Role,
    StatedIn,
    Status,
    Step,
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
        Role.RESPONSIBLE: _("Who is responsible"),
        Role.REPLICATED_IN: _("Where it is to be replicated"),
        Role.CAPTION: _("Caption"),
        Role.DOCUMENT_HEAD: _("Head of the document"),
        Role.NOTICE_TEXT: _("Text outside the measures"),
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
    ProposalState: {
        ProposalState.AWAITING: _("Awaiting review"),
        ProposalState.SENT_BACK: _("Sent back to its author"),
        ProposalState.APPROVED: _("Approved and published"),
        ProposalState.REJECTED: _("Rejected"),
        ProposalState.TAKEN_BACK: _("Taken back by its author"),
    },
    Step: {
        Step.PROPOSED: _("Proposed"),
        Step.REVISED: _("Revised"),
        Step.SENT_BACK: _("Sent back"),
        Step.APPROVED: _("Approved"),
        Step.REJECTED: _("Rejected"),
        Step.TAKEN_BACK: _("Taken back"),
    },
    ReportState: {
        ReportState.OPEN: _("To be looked at"),
        ReportState.MENDED: _("Mended"),
        ReportState.NOT_AN_ERROR: _("Looked at: no error of the catalog"),
        ReportState.NOT_A_REPORT: _("Not a report"),
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
