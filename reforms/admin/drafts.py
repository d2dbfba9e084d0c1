"""The preview of a new notice: the text stretch by stretch, the records made of it, what is open."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from reforms.admin.draft_forms import FactsForm, read
from reforms.admin.withdrawal import VersionForm
from reforms.models import Category, City, NoticeDraft
from reforms.models.choices import LABELS
from reforms.new_notice import Decisions, decided, is_decided, open_questions
from reforms.notice import Reading
from reforms.records import MeasureRecord, PassageRecord, Role


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
    role: str
    label: str
    of: str
    words: str
    warnings: list[str]


@dataclass(frozen=True)
class MeasureRow:
    """A measure as it was read, with the choices that are open."""

    measure: MeasureRecord
    anchor: str
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
        self.bare = read(draft.text)

    @cached_property
    def decisions(self) -> Decisions:
        """What is decided, as posted, else as kept."""
        kept = self.decisions_kept() if self.posted is not None else self.draft.decisions
        return Decisions(
            category=kept.get("category") or None,
            city=kept.get("city") or None,
            categories=kept.get("categories", {}),
            places=kept.get("places", {}),
        )

    @cached_property
    def reading(self) -> Reading:
        """What was read, with what is decided."""
        for_all = Decisions(
            categories={one.key: self.decisions.category or "" for one in self.bare.measures},
            places={
                f"{one.key}:{number}": self.decisions.city or ""
                for one in self.bare.measures
                for number in range(1, len(one.practices) + 1)
            },
        )
        return decided(decided(self.bare, self.decisions), for_all)

    def decisions_kept(self) -> dict[str, Any]:
        """Return the decisions that were posted, as a draft keeps them; of what is open alone."""
        posted = self.posted or QueryDict()
        categories, places = {}, {}
        for one in self.bare.measures:
            if not one.category and posted.get(f"category-{one.key}"):
                categories[one.key] = posted[f"category-{one.key}"]
            for number, practice in enumerate(one.practices, start=1):
                name = f"{one.key}:{number}"
                if not practice.city and posted.get(f"place-{name}"):
                    places[name] = posted[f"place-{name}"]
        return {
            "category": posted.get("category", ""),
            "city": posted.get("city", ""),
            "categories": categories,
            "places": places,
        }

    def decisions_are_valid(self) -> bool:
        """Tell whether every decision names a word of the catalog."""
        kept = self.decisions_kept()
        known = {kind: {slug for slug, _name in words} for kind, words in self.words.items()}
        return (
            set(kept["categories"].values()) <= known["category"]
            and set(kept["places"].values()) <= known["city"]
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
            (passage, None) for passage in self.reading.passages
        ]
        for measure in self.reading.measures:
            found += [(passage, measure) for passage in measure.passages]
        return sorted(found, key=lambda pair: pair[0].start)

    @cached_property
    def stretches(self) -> list[Stretch]:
        """The whole text, stretch by stretch."""
        names = dict(self.words["city"])
        return [
            Stretch(
                anchor=_anchor(passage.start),
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
            for passage, measure in self._passages
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
        """The measures in order, each with the choices that are open."""
        names = dict(self.words["city"])
        rows = []
        for bare, one in zip(self.bare.measures, self.reading.measures, strict=True):
            choices = []
            if not bare.category:
                chosen = self.decisions.categories.get(one.key, "")
                choices.append(
                    Choice(f"category-{one.key}", _("Category"), self.words["category"], chosen)
                )
            for number, practice in enumerate(bare.practices, start=1):
                if not practice.city:
                    name = f"{one.key}:{number}"
                    chosen = self.decisions.places.get(name, "")
                    choices.append(Choice(f"place-{name}", _("Place"), self.words["city"], chosen))
            places = _(", ").join(
                str(names.get(practice.city, practice.city))
                for practice in one.practices
                if practice.city
            )
            rows.append(MeasureRow(one, _anchor(one.passages[0].start), places, choices))
        return rows

    @property
    def character_count(self) -> int:
        """How many characters the text has that are not white space; each stands in one stretch."""
        return sum(not one.isspace() for one in self.draft.text)


def _anchor(start: int) -> str:
    return f"c{start}"
