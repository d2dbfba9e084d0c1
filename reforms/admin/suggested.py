"""What a measure's text suggests, as one page of choices: accept, leave or refuse, one by one."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from reforms.admin.words_page import SaveForm
from reforms.models import City, Measure, RefusedSuggestion, Theme
from reforms.models.choices import LABELS
from reforms.records import (
    Bound,
    Confidence,
    Direction,
    ErratumRecord,
    MeasureRecord,
    Nature,
    PointRecord,
    PracticeRecord,
    Role,
)
from reforms.suggesting import FigureValues, Subject, Suggestion, figure_values, suggestions

ACCEPT, REFUSE = "accept", "refuse"
CONTEXT_CHARACTERS = 30
MAX_READING_LENGTH = 2_000


@dataclass(frozen=True)
class SuggestionRow:
    """A suggestion as the page shows it: its words between the words around them, what it would be and why."""

    suggestion: Suggestion
    number: int
    before: str
    after: str
    heading: str
    rule: str
    facts: list[tuple[Any, Any]]
    address: str
    choice: str
    reading: str

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"choice-{self.suggestion.key}"

    @property
    def is_figure(self) -> bool:
        """Whether it has to be filled in by a person before it can be saved."""
        return self.suggestion.subject is Subject.FIGURE

    @property
    def is_erratum(self) -> bool:
        """Whether a reading belongs to it."""
        return self.suggestion.subject is Subject.ERRATUM


class SuggestionsPage:
    """The suggestions of a measure, without those refused; 6 queries over the measure's own."""

    def __init__(self, measure: Measure, posted: QueryDict | None) -> None:
        self.measure = measure
        self.posted = posted
        self.record = measure.to_record()
        self.text = measure.source.text
        self.themes = {row.slug: row for row in Theme.objects.order_by("position")}
        self.cities = {row.slug: row.name for row in City.objects.order_by("position")}
        self.refused = list(RefusedSuggestion.objects.filter(measure=measure).select_related("by"))
        self.save_form = SaveForm(posted, initial={"version": measure.version})

    @cached_property
    def found(self) -> tuple[Suggestion, ...]:
        """What the text suggests and nobody refused."""
        refused = {row.key for row in self.refused}
        declared, count = self._counts()
        names = {slug: row.name_zh for slug, row in self.themes.items()}
        everything = suggestions(self.record, self.text, names, declared=declared, found=count)
        return tuple(one for one in everything if one.key not in refused)

    def _counts(self) -> tuple[int | None, int | None]:
        """Return what the heading before the measure declares and how many stand under it; 1 query."""
        section = self.measure.section
        if section is None or section.declared_count is None:
            return None, None
        keys = list(section.measures.order_by("position").values_list("pk", flat=True))
        if not keys or keys[0] != self.measure.pk:
            return None, None
        return section.declared_count, len(keys)

    @cached_property
    def rows(self) -> list[SuggestionRow]:
        """The suggestions in the order of the text."""
        return [self._row(number, one) for number, one in enumerate(self.found, start=1)]

    def _row(self, number: int, one: Suggestion) -> SuggestionRow:
        start, end = one.spans[0][0], one.spans[-1][1]
        posted = self.posted or QueryDict()
        return SuggestionRow(
            suggestion=one,
            number=number,
            before="…" + " ".join(self.text[max(0, start - CONTEXT_CHARACTERS) : start].split()),
            after=" ".join(self.text[end : end + CONTEXT_CHARACTERS].split()) + "…",
            heading=self._heading(one),
            rule=_(one.rule) % one.values,
            facts=_facts(one),
            address=self._address(one),
            choice=posted.get(f"choice-{one.key}", ""),
            reading=posted.get(f"reading-{one.key}", self._reading(one)),
        )

    def _heading(self, one: Suggestion) -> str:
        city = self.cities.get(one.city or "", "")
        what = str(LABELS[Role][one.role])
        if one.subject is Subject.POINT:
            what = str(self.themes[one.value].name)
        return " · ".join(part for part in (str(city), what) if part)

    def _address(self, one: Suggestion) -> str:
        """Return the page on which a person says what these words are, with them chosen."""
        start, end = one.spans[0]
        words = reverse("admin:reforms_measure_words", args=[self.measure.pk])
        return f"{words}?unit=character&first={start}&last={end - 1}&what={one.subject}"

    def _reading(self, one: Suggestion) -> str:
        return one.value if one.subject is Subject.ERRATUM else ""

    # --- What was posted ---

    @property
    def accepted(self) -> list[SuggestionRow]:
        """The rows to be made part of the measure; a figure is none of them."""
        return [row for row in self.rows if row.choice == ACCEPT and not row.is_figure]

    @property
    def rejected(self) -> list[Suggestion]:
        """The suggestions not to be made again."""
        return [row.suggestion for row in self.rows if row.choice == REFUSE]

    def is_valid(self) -> bool:
        """Tell whether something was chosen and the readings fit; else say so in the form."""
        if not self.save_form.is_valid():
            return False
        if not self.accepted and not self.rejected:
            self.save_form.add_error(None, _("Choose for at least one suggestion."))
        elif any(len(row.reading) > MAX_READING_LENGTH for row in self.accepted):
            self.save_form.add_error(
                None,
                _("A reading has at most %(count)s characters.") % {"count": MAX_READING_LENGTH},
            )
        return not self.save_form.errors

    def change(self) -> MeasureRecord:
        """Return the measure with what was accepted."""
        points = [row.suggestion for row in self.accepted if not row.is_erratum]
        errata = [_erratum(row) for row in self.accepted if row.is_erratum]
        return replace(
            self.record,
            practices=tuple(_with_points(one, points) for one in self.record.practices),
            errata=(*self.record.errata, *errata),
        )

    def add_conflict(self) -> None:
        """Say that somebody saved in between, and go on from their version with what was chosen."""
        text = _(
            "Somebody saved this measure since you opened the page; it stands at version "
            "%(version)s now. Your choices still stand below: look at them and save again."
        )
        self.save_form.add_error(None, text % {"version": self.measure.version})
        again = cast(QueryDict, self.save_form.data).copy()
        again["version"] = str(self.measure.version)
        self.save_form.data = again


def _with_points(practice: PracticeRecord, accepted: list[Suggestion]) -> PracticeRecord:
    own = [one for one in accepted if one.city == practice.city]
    points = (PointRecord(theme=one.value, spans=one.spans) for one in own)
    return replace(practice, points=(*practice.points, *points))


def _erratum(row: SuggestionRow) -> ErratumRecord:
    """Return the erratum of an accepted suggestion; its reasons are the rule's, in both languages."""
    one = row.suggestion
    with override("zh-hans"):
        reason_zh = _(one.rule) % one.values
    with override("en"):
        reason_en = _(one.rule) % one.values
    return ErratumRecord(
        as_printed=one.words,
        reading=row.reading.strip() or None,
        reason_zh=reason_zh,
        reason_en=reason_en,
        confidence=Confidence.MEDIUM,
        stands_in=one.role,
        spans=one.spans,
    )


def _facts(one: Suggestion) -> list[tuple[Any, Any]]:
    """Return what the words of a figure say of it, each with its name."""
    values = figure_values(one.words) if one.subject is Subject.FIGURE else None
    if values is None or "\n".join(values.printed) != one.value:
        return []
    return [(_("Number"), " → ".join(values.printed)), *_kinds(values)]


def _kinds(values: FigureValues) -> list[tuple[Any, Any]]:
    found = [(_("Nature"), LABELS[Nature][values.nature])]
    if values.bound is not Bound.EXACT:
        found.append((_("Bound"), LABELS[Bound][values.bound]))
    if values.direction is not Direction.NONE:
        found.append((_("Direction"), LABELS[Direction][values.direction]))
    return found
