"""The catalog's tables, one file a noun; import them from here."""

from reforms.models.draft import NoticeDraft
from reforms.models.figure import Figure
from reforms.models.imported import ImportedFile
from reforms.models.indexed import IndexedText, IndexedWord
from reforms.models.kept import KeptForm
from reforms.models.measure import Erratum, Measure
from reforms.models.practice import Outcome, Point, Practice
from reforms.models.proposal import Proposal, ProposalStep
from reforms.models.report import Report
from reforms.models.source import Identification, Passage, Section, Source
from reforms.models.suggestion import RefusedSuggestion
from reforms.models.version import MeasureVersion
from reforms.models.vocabulary import Category, City, Indicator, Synonym, Theme

__all__ = [
    "Category",
    "City",
    "Erratum",
    "Figure",
    "Identification",
    "ImportedFile",
    "IndexedText",
    "IndexedWord",
    "Indicator",
    "KeptForm",
    "Measure",
    "MeasureVersion",
    "NoticeDraft",
    "Outcome",
    "Passage",
    "Point",
    "Practice",
    "Proposal",
    "ProposalStep",
    "RefusedSuggestion",
    "Report",
    "Section",
    "Source",
    "Synonym",
    "Theme",
]
