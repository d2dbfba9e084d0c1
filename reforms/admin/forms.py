"""The forms of a measure and of its practices: they read what was typed and store nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reforms.admin.fields import ProseField, WordField, fields_of
from reforms.admin.help_texts import MEASURE_HELP, PRACTICE_HELP
from reforms.exchange import MAX_INTEGER
from reforms.models import Category, Indicator, Measure, Practice, Source, Theme
from reforms.models.choices import LABELS
from reforms.records import (
    MeasureRecord,
    OutcomeState,
    PassageRecord,
    PracticeRecord,
    Role,
    Spans,
    TranslationState,
)
from reforms.recutting import spans_of
from reforms.spans import text_at

MAX_NUMBER = 9999


@dataclass(frozen=True)
class Setting:
    """What the forms of one page stand on: the record that was opened and the words to choose."""

    base: MeasureRecord
    source: Source
    of_source: tuple[PassageRecord, ...]
    categories: list[tuple[str, str]]
    sections: list[tuple[str, str]]
    themes: list[tuple[str, str]]
    indicators: list[tuple[str, str]]
    kinds: dict[str, str]
    cities: dict[str, str]

    @classmethod
    def of(cls, measure: Measure, base: MeasureRecord, cities: dict[str, str]) -> "Setting":
        """Fetch what a page needs besides the record: 5 queries."""
        source = measure.source
        own = source.passages.filter(measure__isnull=True).select_related("city", "section")
        indicators = list(Indicator.objects.order_by("position"))
        return cls(
            base=base,
            source=source,
            of_source=tuple(row.to_record() for row in own.in_order()),
            categories=[(row.slug, row.name) for row in Category.objects.order_by("position")],
            sections=[(row.label, str(row)) for row in source.sections.order_by("position")],
            themes=[(row.slug, row.name) for row in Theme.objects.order_by("position")],
            indicators=[(row.slug, row.name) for row in indicators],
            kinds={row.slug: row.kind for row in indicators},
            cities={city: cities.get(city, city) for city in (p.city for p in base.practices)},
        )

    @property
    def text(self) -> str:
        """The source's verbatim text."""
        return self.source.text

    def practice(self, city: str) -> PracticeRecord | None:
        """Return the practice of a city as it was opened."""
        return next((part for part in self.base.practices if part.city == city), None)


MEASURE_FIELDS = (
    "number",
    "status",
    "is_read_whole",
    "title_en",
    "title_translation_state",
    "title_note_zh",
    "title_note_en",
)


class MeasureForm(fields_of(Measure, MEASURE_FIELDS, MEASURE_HELP)):  # type: ignore[misc]
    """The measure itself: its version, its title and what it is filed under."""

    version = forms.IntegerField(min_value=1, max_value=MAX_INTEGER, widget=forms.HiddenInput)
    category = WordField(label=_("category"), help_text=MEASURE_HELP["category"])
    section = WordField(label=_("section"), required=False, help_text=MEASURE_HELP["section"])
    title_is_typed_over = forms.BooleanField(
        label=_("type over this text"), required=False, help_text=MEASURE_HELP["typed_over"]
    )
    title_text = ProseField(label=_("the catalog's own wording"))
    reason = forms.CharField(
        label=_("Reason of this change"),
        required=False,
        max_length=500,
        help_text=MEASURE_HELP["reason"],
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, setting: Setting, version: int, **options: Any) -> None:
        base = setting.base
        initial = {name: getattr(base, name) for name in MEASURE_FIELDS}
        initial |= {
            "version": version,
            "category": base.category,
            "section": base.section or "",
            "title_is_typed_over": is_typed_over(base.title_zh, base.title_spans, setting.text),
            "title_text": base.title_zh,
        }
        super().__init__(initial=initial, **options)
        self.setting = setting
        self.fields["category"].choices = setting.categories
        self.fields["section"].choices = [("", _("none")), *setting.sections]
        number = forms.IntegerField(
            label=self.fields["number"].label,
            help_text=MEASURE_HELP["number"],
            min_value=1,
            max_value=MAX_NUMBER,
            required=False,
        )
        self.fields["number"] = number
        if not base.title_spans:
            del self.fields["title_is_typed_over"], self.fields["title_text"]

    def clean_number(self) -> int | None:
        """Refuse a number that is not the one that the source prints before the title."""
        number: int | None = self.cleaned_data["number"]
        spans = spans_of(self.setting.base.passages, Role.NUMBER_LABEL)
        printed = re.search(r"\d+", text_at(self.setting.text, spans))
        if printed and number != int(printed.group()):
            raise forms.ValidationError(
                _("The source prints %(number)s."), params={"number": printed.group()}
            )
        return number

    def clean(self) -> None:
        """Ask for the words where the title is to be typed over."""
        require_words(self, "title_is_typed_over", "title_text")


PRACTICE_FIELDS = (
    "summary_zh",
    "summary_en",
    "translation_state",
    "translation_note_zh",
    "translation_note_en",
)


class PracticeForm(fields_of(Practice, PRACTICE_FIELDS, PRACTICE_HELP)):  # type: ignore[misc]
    """One city's practice and outcome: our words beside the source's, which are locked."""

    practice_is_typed_over = forms.BooleanField(
        label=_("type over this text"), required=False, help_text=MEASURE_HELP["typed_over"]
    )
    practice_text = ProseField(label=_("the catalog's own wording"))
    practice_en = ProseField(label=_("practice in English"), help_text=PRACTICE_HELP["practice_en"])
    outcome_state = WordField(
        label=_("state of the outcome"), help_text=PRACTICE_HELP["outcome_state"]
    )
    outcome_is_typed_over = forms.BooleanField(
        label=_("type over this text"), required=False, help_text=MEASURE_HELP["typed_over"]
    )
    outcome_text = ProseField(label=_("the catalog's own wording"))
    outcome_en = ProseField(label=_("outcome in English"), help_text=PRACTICE_HELP["outcome_en"])

    def __init__(self, setting: Setting, practice: PracticeRecord, **options: Any) -> None:
        self.practice = practice
        names = (*PRACTICE_FIELDS, "practice_en", "outcome_en", "outcome_state")
        initial = {name: getattr(practice, name) for name in names}
        for name in ("practice", "outcome"):
            text, spans = getattr(practice, f"{name}_zh"), getattr(practice, f"{name}_spans")
            initial[f"{name}_is_typed_over"] = is_typed_over(text, spans, setting.text)
            initial[f"{name}_text"] = text
        super().__init__(prefix=f"practice-{practice.city}", initial=initial, **options)
        for name in ("summary_zh", "summary_en"):
            self.fields[name].widget.attrs["class"] = "vTextField"
        states = LABELS[OutcomeState]
        is_stated = bool(practice.outcome_spans)
        self.fields["outcome_state"].choices = [
            (str(state), states[state])
            for state in OutcomeState
            if (state == OutcomeState.STATED) == is_stated
        ]
        if not is_stated:
            for name in ("outcome_is_typed_over", "outcome_text", "outcome_en"):
                del self.fields[name]

    def clean(self) -> None:
        """Ask for the words where a text is to be typed over."""
        require_words(self, "practice_is_typed_over", "practice_text")
        require_words(self, "outcome_is_typed_over", "outcome_text")


def state_of(english: Sequence[str | None], chosen: str) -> TranslationState:
    """Return the state of a translation: as chosen, as far as there is one or not to speak of.

    ``english`` holds the English of every Chinese text that it covers, the leading one first;
    empty, there is nothing to translate.
    """
    state = TranslationState(chosen)
    if not english:
        return state
    if english[0] is None:
        return TranslationState.MISSING
    if state == TranslationState.OUTDATED:
        return state
    return TranslationState.MISSING if None in english else TranslationState.CURRENT


def is_typed_over(text: str | None, spans: Spans, source_text: str) -> bool:
    """Tell whether a text is the catalog's own wording and not what stands at its spans."""
    return bool(spans) and text != text_at(source_text, spans)


def require_words(form: forms.Form, box: str, name: str) -> None:
    """Add an error where a box to type over and the words typed do not go together.

    Words typed beside a box that is not ticked would be lost without a word; an own wording that
    is left as it was when its box is unticked is what returns a text to the printed words.
    """
    values = form.cleaned_data
    if box not in values or name not in values:
        return
    typed, opened = values[name] or "", form.initial.get(name) or ""
    if values[box] and not typed:
        form.add_error(name, gettext("Type the words that are to stand here."))
    elif not values[box] and typed and typed.strip() != opened.strip():
        form.add_error(name, gettext("Tick the box above, or these words will not stand here."))
