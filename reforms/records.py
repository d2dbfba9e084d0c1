"""The shapes of a measure, its source and the whole catalog: the same coming in and going out.

``exchange`` turns these frozen dataclasses into plain JSON values and back;
``docs/data-dictionary.md`` lists every field. Numbers are base decimal strings (``58000000``).
"""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

Spans = tuple[tuple[int, int], ...]

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,13})(?:\.[0-9]{0,3}[1-9])?")


class Completeness(StrEnum):
    WHOLE = "whole"
    FRAGMENT = "fragment"


class Role(StrEnum):
    RUNNING_HEAD = "running_head"
    SECTION_HEADING = "section_heading"
    NUMBER_LABEL = "number_label"
    TITLE = "title"
    PRACTICE_LABEL = "practice_label"
    CITY_LABEL = "city_label"
    PRACTICE = "practice"
    OUTCOME_LABEL = "outcome_label"
    OUTCOME = "outcome"
    RESPONSIBLE = "responsible"
    REPLICATED_IN = "replicated_in"
    CAPTION = "caption"
    DOCUMENT_HEAD = "document_head"
    NOTICE_TEXT = "notice_text"


class Status(StrEnum):
    REPLICATE = "replicate"
    FOR_REFERENCE = "for_reference"
    NOT_STATED = "not_stated"


class TranslationState(StrEnum):
    CURRENT = "current"
    OUTDATED = "outdated"
    MISSING = "missing"


class OutcomeState(StrEnum):
    STATED = "stated"
    NOT_STATED = "not_stated"
    NOT_ENTERED = "not_entered"


class Kind(StrEnum):
    TIME = "time"
    STEPS = "steps"
    COST = "cost"
    VOLUME = "volume"
    SHARE = "share"


class Nature(StrEnum):
    ACHIEVED = "achieved"
    LIMIT = "limit"
    CUMULATIVE = "cumulative"
    AVERAGE = "average"
    SHARE = "share"
    SAVING = "saving"
    FORECAST = "forecast"


class Bound(StrEnum):
    EXACT = "exact"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    ABOUT = "about"


class Direction(StrEnum):
    DECREASE = "decrease"
    INCREASE = "increase"
    NONE = "none"


class Certainty(StrEnum):
    PRINTED = "printed"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class StatedIn(StrEnum):
    PRACTICE = "practice"
    OUTCOME = "outcome"


class Decision(StrEnum):
    CONFIRMED = "confirmed"
    OPEN = "open"
    REFUSED = "refused"


class Action(StrEnum):
    LOADED = "loaded"
    CREATED = "created"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    REVERTED = "reverted"


class ProposalState(StrEnum):
    AWAITING = "awaiting"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    REJECTED = "rejected"
    TAKEN_BACK = "taken_back"


class Step(StrEnum):
    PROPOSED = "proposed"
    REVISED = "revised"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    REJECTED = "rejected"
    TAKEN_BACK = "taken_back"


class ReportState(StrEnum):
    OPEN = "open"
    MENDED = "mended"
    NOT_AN_ERROR = "not_an_error"
    NOT_A_REPORT = "not_a_report"


@dataclass(frozen=True, kw_only=True)
class PassageRecord:
    role: Role
    city: str | None = None
    section: str | None = None
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class PointRecord:
    theme: str
    spans: Spans


@dataclass(frozen=True, kw_only=True)
class FigureRecord:
    indicator: str
    kind: Kind
    nature: Nature
    stated_in: StatedIn
    before: str | None = None
    steps: tuple[str, ...] = ()
    after: str | None = None
    value: str | None = None
    printed: tuple[str, ...]
    unit_zh: str | None = None
    unit_en: str | None = None
    before_unit_zh: str | None = None
    before_unit_en: str | None = None
    unit_inferred_zh: str | None = None
    unit_inferred_en: str | None = None
    bound: Bound = Bound.EXACT
    qualifier_zh: str | None = None
    qualifier_en: str | None = None
    direction: Direction = Direction.NONE
    scope_zh: str
    scope_en: str
    period_zh: str | None = None
    period_en: str | None = None
    period_from: str | None = None
    period_to: str | None = None
    period_certainty: Certainty = Certainty.UNKNOWN
    note_zh: str | None = None
    note_en: str | None = None
    statement: str | None = None
    quote: str
    quote_spans: Spans


@dataclass(frozen=True, kw_only=True)
class ErratumRecord:
    as_printed: str
    reading: str | None
    reason_zh: str
    reason_en: str
    confidence: Confidence
    decision: Decision = Decision.CONFIRMED
    stands_in: Role = field(metadata={"name": "in"})
    spans: Spans


@dataclass(frozen=True, kw_only=True)
class PracticeRecord:
    city: str
    city_is_printed: bool
    practice_zh: str
    practice_en: str | None
    practice_spans: Spans
    summary_zh: str | None
    summary_en: str | None
    translation_state: TranslationState
    translation_note_zh: str | None = None
    translation_note_en: str | None = None
    outcome_state: OutcomeState
    outcome_zh: str | None = None
    outcome_en: str | None = None
    outcome_spans: Spans = ()
    points: tuple[PointRecord, ...] = ()
    figures: tuple[FigureRecord, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MeasureRecord:
    source: str
    key: str
    number: int | None
    position: int
    title_zh: str | None
    title_en: str | None
    title_spans: Spans = ()
    title_translation_state: TranslationState = TranslationState.CURRENT
    title_note_zh: str | None = None
    title_note_en: str | None = None
    category: str
    section: str | None
    status: Status = Status.NOT_STATED
    is_read_whole: bool = True
    practices: tuple[PracticeRecord, ...] = ()
    errata: tuple[ErratumRecord, ...] = ()
    passages: tuple[PassageRecord, ...] = ()
    withdrawn_at: str | None = None
    withdrawn_reason_zh: str | None = None
    withdrawn_reason_en: str | None = None

    @property
    def identity(self) -> str:
        """The name of the measure across sources: ``<source>:<key>``."""
        return f"{self.source}:{self.key}"

    def without_withdrawal(self) -> Self:
        """Return the record as it would stand were it not withdrawn: what loading compares."""
        return replace(self, withdrawn_at=None, withdrawn_reason_zh=None, withdrawn_reason_en=None)


@dataclass(frozen=True, kw_only=True)
class SectionRecord:
    label: str
    position: int
    name_zh: str
    name_en: str
    declared_count: int | None
    category: str | None


@dataclass(frozen=True, kw_only=True)
class IdentificationRecord:
    kind: str
    claim_zh: str
    claim_en: str
    found_in_zh: str
    found_in_en: str
    address: str | None = None
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class NumberRecord:
    """Digits of a source that state no figure: what they are instead, and why we say so."""

    digits: str
    kind: str
    reason_zh: str
    reason_en: str
    spans: Spans


@dataclass(frozen=True, kw_only=True)
class SourceRecord:
    slug: str
    position: int
    short_name_zh: str
    short_name_en: str
    title_zh: str
    title_en: str
    text: str
    checksum: str
    completeness: Completeness
    missing_zh: str | None = None
    missing_en: str | None = None
    print_note_zh: str | None = None
    print_note_en: str | None = None
    rights_zh: str | None = None
    rights_en: str | None = None
    issuer_zh: str | None = None
    issuer_en: str | None = None
    document_number: str | None = None
    publication_zh: str | None = None
    publication_en: str | None = None
    pages: str | None = None
    date_as_printed: str | None = None
    published_on: str | None = None
    address: str | None = None
    supersedes: str | None = None
    is_public: bool = True
    withdrawn_at: str | None = None
    withdrawn_reason_zh: str | None = None
    withdrawn_reason_en: str | None = None
    sections: tuple[SectionRecord, ...] = ()
    identifications: tuple[IdentificationRecord, ...] = ()
    passages: tuple[PassageRecord, ...] = ()
    other_numbers: tuple[NumberRecord, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CategoryRecord:
    slug: str
    position: int
    name_zh: str
    name_en: str
    doing_business_topic_zh: str | None = None
    doing_business_topic_en: str | None = None
    b_ready_topic_zh: str | None = None
    b_ready_topic_en: str | None = None
    mapping_note_zh: str | None = None
    mapping_note_en: str | None = None


@dataclass(frozen=True, kw_only=True)
class CityRecord:
    slug: str
    position: int
    name_zh: str
    name_en: str
    short_name_zh: str
    short_name_en: str


@dataclass(frozen=True, kw_only=True)
class ThemeRecord:
    slug: str
    position: int
    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str


@dataclass(frozen=True, kw_only=True)
class IndicatorRecord:
    slug: str
    position: int
    kind: Kind
    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str


@dataclass(frozen=True, kw_only=True)
class SynonymRecord:
    """What people say (``words``) and what they mean (``means``), each one a line."""

    slug: str
    position: int
    name_zh: str
    name_en: str
    words: str
    means: str


@dataclass(frozen=True, kw_only=True)
class LoadedRecord:
    """The checksum of a record as last loaded: tells whether a person edited it since."""

    what: str
    name: str
    checksum: str


@dataclass(frozen=True, kw_only=True)
class CatalogRecord:
    """Everything needed to rebuild a catalog: vocabularies, sources and measures, in order.

    ``loaded`` is null in files that were never a catalog (fixtures); in a whole export it keeps
    which records were edited, so that a rebuilt catalog still keeps those edits from the files.
    """

    categories: tuple[CategoryRecord, ...] = ()
    cities: tuple[CityRecord, ...] = ()
    themes: tuple[ThemeRecord, ...] = ()
    indicators: tuple[IndicatorRecord, ...] = ()
    synonyms: tuple[SynonymRecord, ...] = ()
    sources: tuple[SourceRecord, ...] = ()
    measures: tuple[MeasureRecord, ...] = ()
    loaded: tuple[LoadedRecord, ...] | None = None
