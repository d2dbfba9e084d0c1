"""The preview of a new notice: the text stretch by stretch, the records made of it, what is open."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reforms.admin.draft_corrections import CorrectionForm, CorrectionRow, label_of
from reforms.admin.draft_forms import FactsForm, read
from reforms.admin.withdrawal import VersionForm
from reforms.models import Category, City, NoticeDraft
from reforms.models.choices import LABELS
from reforms.new_notice import (
    Decisions,
    begins,
    decided,
    is_decided,
    may_be_chosen,
    open_questions,
    practice_begins,
)
from reforms.notice import RULES, Correction, NoticeError, Reading
from reforms.records import MeasureRecord, PassageRecord, PracticeRecord, Role

CORRECT_BUTTON = "_correct"


@dataclass(frozen=True)
class Choice:
    """A category or a place that is open: the name of its field, what it offers, what is chosen."""

    name: str
    label: str
    options: list[tuple[str, Any]]
    chosen: str


@dataclass(frozen=True)
class Stretch:
    """A stretch of the text with what it was taken for."""

    anchor: str
    start: int
    role: str
    label: str
    of: str
    words: str
    warnings: list[str]
    is_corrected: bool
    is_chosen: bool


@dataclass(frozen=True)
class MeasureRow:
    """A measure as it was read, with what may be chosen: what is open, and what was inferred."""

    measure: MeasureRecord
    anchor: str
    category: str
    places: str
    choices: list[Choice]


class DraftPage:
    """The preview of a draft, as kept or as posted; 4 queries."""

    def __init__(self, draft: NoticeDraft, posted: QueryDict | None) -> None:
        self.draft = draft
        self.posted = posted
        self.words: dict[str, list[tuple[str, Any]]] = {
            "category": [(row.slug, row.name) for row in Category.objects.order_by("position")],
            "city": [(row.slug, row.name) for row in City.objects.order_by("position")],
        }
        self.version = VersionForm(posted, initial={"version": draft.version})
        self.facts = FactsForm(draft, posted, self.words)
        self.kept = Decisions.from_json(draft.decisions)
        self.corrections = self.kept.corrections
        self.bare = read(draft.text, self.corrections)
        stretches = [(passage.start, passage.end) for passage, _measure in self._passages]
        self.correcting = CorrectionForm(
            posted if posted is not None and CORRECT_BUTTON in posted else None,
            draft.text,
            stretches,
            len(self.corrections),
        )

    @cached_property
    def decisions(self) -> Decisions:
        """What is decided, as posted, else as kept."""
        return self.kept if self.posted is None else self.decisions_posted()

    @cached_property
    def reading(self) -> Reading:
        """What was read, with what is decided."""
        return decided(self.bare, self.decisions)

    def decisions_posted(self) -> Decisions:
        """Return the decisions that were posted, of what may be chosen alone, with the corrections kept."""
        posted = self.posted or QueryDict()
        categories: dict[int, str] = {}
        places: dict[int, str] = {}
        for one in self.bare.measures:
            # What is left as it was inferred is no decision.
            chosen = str(posted.get(f"category-{begins(one)}") or one.category)
            if chosen != one.category and may_be_chosen(one, self.bare.inferred_categories):
                categories[begins(one)] = chosen
            for practice in one.practices:
                chosen = str(posted.get(f"place-{practice_begins(practice)}") or practice.city)
                if chosen != practice.city and _may_be_placed(practice):
                    places[practice_begins(practice)] = chosen
        return Decisions(
            category=posted.get("category") or None,
            city=posted.get("city") or None,
            categories=categories,
            places=places,
            corrections=self.corrections,
        )

    def with_correction(self, correction: Correction) -> Decisions | None:
        """Return what is decided with one more correction; None, with the reason, where it cannot be read."""
        corrections = (*self.corrections, correction)
        try:
            read(self.draft.text, corrections)
        except NoticeError as error:
            self.correcting.add_error(None, _(error.template) % error.values)
            return None
        return replace(self.decisions_posted(), corrections=corrections)

    def without_correction(self, number: int) -> Decisions:
        """Return what is decided without one of the corrections, and without those that rest on it.

        A correction rests on an earlier one where the text cannot be read with the one and without
        the other.
        """
        left: tuple[Correction, ...] = ()
        for at, correction in enumerate(self.corrections):
            if at == number:
                continue
            try:
                read(self.draft.text, (*left, correction))
            except NoticeError:
                continue
            left = (*left, correction)
        return replace(self.decisions_posted(), corrections=left)

    def decisions_are_valid(self) -> bool:
        """Tell whether every decision names a word of the catalog."""
        posted = self.decisions_posted()
        known = {kind: {slug for slug, _name in words} for kind, words in self.words.items()}
        return (
            set(posted.categories.values()) <= known["category"]
            and set(posted.places.values()) <= known["city"]
        )

    def undecided(self) -> str:
        """Return what has to be decided before the notice is saved; empty where nothing is."""
        if not self.reading.measures:
            return _("No measure was found in this text.")
        if is_decided(self.reading):
            return ""
        return _("Choose a category and a place for every measure below that has none.")

    @cached_property
    def warnings(self) -> list[dict[str, Any]]:
        """What the reader was not sure of, in the order of the text, with the way to the place."""
        questions = open_questions(self.bare)
        return [
            {
                "text": _(warning.template) % warning.values,
                "line": warning.line,
                "anchor": _anchor(self._start_of(warning.span[0])),
                "is_open": warning in questions,
            }
            for warning in self.bare.warnings
        ]

    @cached_property
    def _starts(self) -> list[int]:
        return [passage.start for passage, _measure in self._passages]

    def _start_of(self, offset: int) -> int:
        """Return where the stretch begins that holds a place of the text, or stands before it."""
        at = bisect_right(self._starts, offset) - 1
        return self._starts[max(at, 0)] if self._starts else 0

    @cached_property
    def _passages(self) -> list[tuple[PassageRecord, MeasureRecord | None]]:
        found: list[tuple[PassageRecord, MeasureRecord | None]] = [
            (passage, None) for passage in self.bare.passages
        ]
        for measure in self.bare.measures:
            found += [(passage, measure) for passage in measure.passages]
        return sorted(found, key=lambda pair: pair[0].start)

    @cached_property
    def stretches(self) -> list[Stretch]:
        """The whole text, stretch by stretch."""
        names = dict(self.words["city"])
        chosen = self.correcting.chosen
        shown = [(passage, None) for passage in self.reading.passages] + [
            (passage, measure) for measure in self.reading.measures for passage in measure.passages
        ]
        return [
            Stretch(
                anchor=_anchor(passage.start),
                start=passage.start,
                is_corrected=self._is_corrected(passage),
                is_chosen=str(passage.start) in chosen,
                role=str(passage.role),
                label=str(LABELS[Role][passage.role]),
                of=" · ".join(
                    part
                    for part in (
                        measure.key if measure else "",
                        str(names.get(passage.city, passage.city)) if passage.city else "",
                    )
                    if part
                ),
                words=self.draft.text[passage.start : passage.end],
                warnings=self._warnings_by_start.get(passage.start, []),
            )
            for passage, measure in sorted(shown, key=lambda pair: pair[0].start)
        ]

    def _is_corrected(self, passage: PassageRecord) -> bool:
        """Tell whether a person said what stands in a stretch."""
        return any(one.start < passage.end and passage.start < one.end for one in self.corrections)

    @cached_property
    def corrected_rows(self) -> list[CorrectionRow]:
        """The corrections in the order in which they were made."""
        return [
            CorrectionRow(
                number,
                _anchor(self._start_of(one.start)),
                " ".join(self.draft.text[one.start : one.end].split()),
                label_of(one.kind),
            )
            for number, one in enumerate(self.corrections)
        ]

    @cached_property
    def rules(self) -> list[tuple[str, Any, str]]:
        """The roles that stand in the text, what each is called, and by what it is known."""
        present = {passage.role for passage, _measure in self._passages}
        return [
            (str(role), LABELS[Role][role], _(sentence))
            for role, sentence in RULES.items()
            if role in present
        ]

    @cached_property
    def _warnings_by_start(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for warning in self.bare.warnings:
            words = _(warning.template) % warning.values
            found.setdefault(self._start_of(warning.span[0]), []).append(words)
        return found

    @cached_property
    def sections(self) -> list[dict[str, Any]]:
        """The headings: what each declares and what was found under it."""
        names = dict(self.words["category"])
        return [
            {
                "section": section,
                "found": sum(one.section == section.label for one in self.bare.measures),
                "category": names.get(section.category or "", ""),
            }
            for section in self.bare.sections
        ]

    @cached_property
    def measures(self) -> list[MeasureRow]:
        """The measures in order, each with what may be chosen."""
        names, categories = dict(self.words["city"]), dict(self.words["category"])
        rows = []
        for bare, one in zip(self.bare.measures, self.reading.measures, strict=True):
            choices = []
            if may_be_chosen(bare, self.bare.inferred_categories):
                start = begins(bare)
                chosen = self.decisions.categories.get(start, bare.category)
                choices.append(
                    Choice(f"category-{start}", _("Category"), self.words["category"], chosen)
                )
            for practice in bare.practices:
                if _may_be_placed(practice):
                    start = practice_begins(practice)
                    chosen = self.decisions.places.get(start, practice.city)
                    choices.append(
                        Choice(
                            f"place-{start}",
                            pgettext("of a practice", "Place"),
                            self.words["city"],
                            chosen,
                        )
                    )
            places = _(", ").join(
                str(names.get(practice.city, practice.city))
                for practice in one.practices
                if practice.city
            )
            category = str(categories.get(one.category, one.category))
            anchor = _anchor(one.passages[0].start)
            rows.append(MeasureRow(one, anchor, category, places, choices))
        return rows

    @property
    def character_count(self) -> int:
        """How many characters the text has that are not white space; each stands in one stretch."""
        return sum(not one.isspace() for one in self.draft.text)


def _may_be_placed(practice: PracticeRecord) -> bool:
    """Tell whether a person may choose the place of a practice: none is printed before it."""
    return not practice.city or not practice.city_is_printed


def _anchor(start: int) -> str:
    return f"c{start}"
