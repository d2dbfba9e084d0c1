"""Selected measures as rows of one page: what each was opened at, what was typed, what became of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reforms import versions
from reforms.admin.fields import WordField
from reforms.admin.withdrawal import VersionForm
from reforms.changes import Change, Names, changes
from reforms.models import Category, Measure, MeasureVersion, Section
from reforms.models.choices import LABELS, choices
from reforms.records import MeasureRecord, PracticeRecord, Status, TranslationState

MAX_SELECTED = 100
ID_SHAPE = re.compile(r"[0-9]{1,18}", re.ASCII)
TITLE_STATE = "title_translation_state"
CITY_STATE = "english-"


def read_ids(values: Iterable[str]) -> list[int]:
    """Return the identifiers among posted words, each once, in their order; other words are left out."""
    return list(dict.fromkeys(int(value) for value in values if ID_SHAPE.fullmatch(value)))


class RowForm(VersionForm):
    """One selected measure: the version it was opened at, and whether a refused change is to stand."""

    was_refused = forms.BooleanField(required=False, widget=forms.HiddenInput)
    is_agreed = forms.BooleanField(
        label=_("I have seen what they changed: save mine too"), required=False
    )

    def __init__(self, measure: Measure, base: MeasureRecord, **options: Any) -> None:
        super().__init__(prefix=f"m{measure.pk}", **options)
        self.measure = measure
        self.base = base

    def name_fields(self) -> None:
        """Name each field for a screen reader by its measure: a column's heading is not enough."""
        for one in self.visible_fields():
            label = f"{self.measure.number or self.measure.key}: {capfirst(one.field.label)}"
            one.field.widget.attrs["aria-label"] = label


@dataclass(frozen=True)
class Offered:
    """The words that rows choose among, fetched at once: 2 queries."""

    categories: list[tuple[str, str]]
    sections: dict[int, list[tuple[str, str]]]

    @classmethod
    def for_measures(cls, measures: Sequence[Measure]) -> "Offered":
        """Return the categories, and the sections of each source of these measures."""
        sections: dict[int, list[tuple[str, str]]] = {row.source_id: [] for row in measures}
        for row in Section.objects.filter(source__in=sections).order_by("position"):
            sections[row.source_id].append((row.label, str(row)))
        categories = Category.objects.order_by("position")
        return cls([(row.slug, row.name) for row in categories], sections)


class TableRowForm(RowForm):
    """What may be changed of many measures at once: where each is filed, and how its English stands."""

    category = WordField(label=_("category"))
    section = WordField(label=_("section"), required=False)
    status = WordField(label=_("status"), choices=choices(Status))
    is_read_whole = forms.BooleanField(label=_("all of it was read"), required=False)

    def __init__(
        self, measure: Measure, base: MeasureRecord, offered: Offered, **options: Any
    ) -> None:
        given = options.pop("initial", {})
        super().__init__(measure, base, initial={**values_of(base), **given}, **options)
        self.fields["category"].choices = offered.categories  # type: ignore[attr-defined]
        sections = [("", _("none")), *offered.sections[measure.source_id]]
        self.fields["section"].choices = sections  # type: ignore[attr-defined]
        if base.title_zh and base.title_en:
            self._offer_state(TITLE_STATE, gettext("title"), base.title_translation_state)
        names = {part.city.slug: part.city.short_name for part in measure.practices.all()}
        for practice in base.practices:
            name = names.get(practice.city, practice.city)
            if has_all_english(practice):
                self._offer_state(CITY_STATE + practice.city, name, practice.translation_state)
        self.name_fields()

    def _offer_state(self, name: str, label: str, stored: TranslationState) -> None:
        """Let a text that has English be current or outdated; missing only where it is called so."""
        states = {TranslationState.CURRENT, TranslationState.OUTDATED, stored}
        offered = [(str(s), LABELS[TranslationState][s]) for s in TranslationState if s in states]
        self.fields[name] = WordField(label=label, choices=offered)

    @property
    def states(self) -> list[forms.BoundField]:
        """The fields of the states of its English texts."""
        return [
            self[name] for name in self.fields if name == TITLE_STATE or name.startswith(CITY_STATE)
        ]

    def record(self, is_english_checked: bool) -> MeasureRecord:
        """Return the record that a valid row says; with all complete English current where it was checked."""
        values = self.cleaned_data

        def state(name: str, stored: TranslationState) -> TranslationState:
            if name in self.fields and is_english_checked:
                return TranslationState.CURRENT
            return TranslationState(values.get(name, stored))

        return replace(
            self.base,
            category=values["category"],
            section=values["section"] or None,
            status=Status(values["status"]),
            is_read_whole=values["is_read_whole"],
            title_translation_state=state(TITLE_STATE, self.base.title_translation_state),
            practices=tuple(
                replace(
                    part, translation_state=state(CITY_STATE + part.city, part.translation_state)
                )
                for part in self.base.practices
            ),
        )

    def typed(self) -> dict[str, Any]:
        """Return the values of a valid row that differ from those it was opened with."""
        opened = values_of(self.base)
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name in opened and value != opened[name]
        }


def values_of(record: MeasureRecord) -> dict[str, Any]:
    """Return the values that a row's fields show of a record."""
    return {
        "category": record.category,
        "section": record.section or "",
        "status": str(record.status),
        "is_read_whole": record.is_read_whole,
        TITLE_STATE: str(record.title_translation_state),
        **{CITY_STATE + part.city: str(part.translation_state) for part in record.practices},
    }


def has_all_english(practice: PracticeRecord) -> bool:
    """Tell whether every Chinese text of a practice has English, so that it can be called current."""
    english = [practice.practice_en]
    english += [practice.outcome_en] if practice.outcome_spans else []
    english += [practice.summary_en] if practice.summary_zh else []
    return None not in english


@dataclass
class SelectedRow:
    """A measure of the page with its form; ``problem`` says why a save of it was refused."""

    measure: Measure
    form: Any
    problem: Any = ""
    saved_since: MeasureVersion | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The printed number of the measure, its key where none is printed, with its source."""
        return f"{self.measure.source.short_name} {self.measure.number or self.measure.key}"

    @cached_property
    def missing(self) -> list[str]:
        """The texts whose English is incomplete: nothing to choose, only to be told."""
        base = self.form.base
        titled = [gettext("title")] if base.title_zh and not base.title_en else []
        names = {part.city.slug: part.city.short_name for part in self.measure.practices.all()}
        parts = [part for part in base.practices if not has_all_english(part)]
        return titled + [names.get(part.city, part.city) for part in parts]


def measures_of(ids: Sequence[int]) -> list[Measure]:
    """Return the measures with these identifiers, in the order of the list; 6 queries."""
    rows = Measure.objects.for_record().filter(pk__in=ids)
    return list(rows.order_by("source__position", "position"))


def opened_records(measures: Sequence[Measure], posted: Any) -> dict[int, MeasureRecord]:
    """Return the record that each measure was opened with, by the versions that the page names; 1 query.

    A measure whose version is missing, or never was, is left out.
    """
    named = Q(pk__in=())
    for measure in measures:
        form = VersionForm(posted, prefix=f"m{measure.pk}")
        if form.is_valid():
            named |= Q(measure=measure, version=form.cleaned_data["version"])
    rows = MeasureVersion.objects.filter(named)
    return {row.measure_id: versions.read(row) for row in rows}


def explain_stale(rows: Sequence[SelectedRow]) -> None:
    """Say of refused rows who saved them since, and what that changed; 5 queries."""
    if not rows:
        return
    saved = MeasureVersion.objects.live().filter(measure__in=[row.measure.pk for row in rows])
    by_measure = {row.measure_id: row for row in saved}
    names = Names()
    for row in rows:
        row.saved_since = by_measure[row.measure.pk]
        theirs, text = versions.read(row.saved_since), row.measure.source.text
        row.changes = changes(row.form.base, theirs, text, names)
