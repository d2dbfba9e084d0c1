"""The forms of points, figures and errata: parts of a measure that point at words of the source."""

import re
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reforms.admin.fields import (
    DECIMAL_HELP,
    DECIMAL_SHAPE,
    DecimalTextField,
    LabelledForm,
    ProseField,
    WordField,
    fields_of,
    kept,
    offer,
)
from reforms.admin.forms import Setting
from reforms.admin.help_texts import FIGURE_HELP
from reforms.models import Erratum, Figure
from reforms.models.fields import validate_key
from reforms.records import (
    Bound,
    Certainty,
    Confidence,
    Decision,
    Direction,
    ErratumRecord,
    FigureRecord,
    Kind,
    MeasureRecord,
    Nature,
    PointRecord,
    PracticeRecord,
    Role,
    Spans,
    StatedIn,
)
from reforms.recutting import erratum_words, places, spans_of
from reforms.spans import quote_at

CONTEXT_CHARACTERS = 12
WORDS_HELP = _(
    "The words exactly as they stand in the text above; write … between words that stand apart."
)


class QuotationForm(LabelledForm):
    """A part of a measure that points at words: they are found in the text, never counted."""

    words = ProseField(label=_("words"), required=True, max_length=5000, help_text=WORDS_HELP)
    occurrence = forms.CharField(
        label=_("which place"), required=False, max_length=2000, widget=forms.HiddenInput
    )
    where: tuple[str, ...] = ("city",)

    def __init__(self, setting: Setting, original: Any = None, **options: Any) -> None:
        super().__init__(**options)
        self.setting = setting
        self.original = original
        self.spans: Spans = ()
        if "city" in self.fields:
            # Blank first for a new part, or leaving it alone would choose a city.
            blank = [("", "—")] if original is None else []
            offer(self, "city", [*blank, *setting.cities.items()])
        if original is not None and not self.is_bound:
            spans = self.spans_of_original()
            found = places(setting.text, self.initial["words"], self.within(dict(self.initial)))
            self.offer(found, spans)

    def within(self, values: dict[str, Any]) -> Spans:
        """Return the text that the words are sought in, for the values of the form."""
        raise NotImplementedError

    def spans_of_original(self) -> Spans:
        """Return where the words stood when the page was opened."""
        raise NotImplementedError

    @property
    def is_blank(self) -> bool:
        """Tell whether this is a form for a new part that was left as it was."""
        return self.original is None and not self.has_changed()

    def clean(self) -> None:
        """Find the words in their text; ask which place is meant where there are several."""
        values = self.cleaned_data
        if "words" not in values or any(name not in values for name in self.where):
            return
        found = places(self.setting.text, values["words"], self.within(values))
        chosen = next(
            (spans for spans in found if name_place(spans) == values.get("occurrence")), None
        )
        is_as_opened = self.original is not None and not any(
            name in self.changed_data for name in ("words", *self.where)
        )
        if chosen is None and is_as_opened:
            chosen = self.spans_of_original()
        elif chosen is None and len(found) == 1:
            chosen = found[0]
        self.offer(found, chosen)
        if chosen is not None:
            self.spans = chosen
        elif found:
            self.add_error("occurrence", _("These words stand here several times: choose which."))
        else:
            self.add_error("words", _("These words do not stand in this text."))

    def stand_on(self, spans: Spans, **settled: Any) -> None:
        """Take words that were chosen on the page: nothing is typed or found, and ``settled`` is fixed."""
        self.spans = spans
        del self.fields["words"], self.fields["occurrence"]
        self.initial = {**self.initial, **settled}
        for name in settled:
            self.fields[name].disabled = True

    def offer(self, found: list[Spans], chosen: Spans | None) -> None:
        """Show every place where the words stand, each in its context, if there are several."""
        if len(found) > 1:
            choices = [(name_place(spans), self.in_context(spans)) for spans in found]
            self.fields["occurrence"].widget = forms.RadioSelect(choices=choices)
            self.initial["occurrence"] = name_place(chosen) if chosen else ""

    def in_context(self, spans: Spans) -> str:
        """Return the words at a place between the characters before and after them."""
        text, start, end = self.setting.text, spans[0][0], spans[-1][1]
        before = "".join(text[max(0, start - CONTEXT_CHARACTERS) : start].split())
        after = "".join(text[end : end + CONTEXT_CHARACTERS].split())
        words = "…".join("".join(text[low:high].split()) for low, high in spans)
        return f"…{before}【{words}】{after}…"


class PointForm(QuotationForm):
    """A point of a practice: its theme and its words."""

    city = WordField(label=_("city"))
    theme = WordField(label=_("theme"), help_text=_("What the point is about."))
    field_order = ("city", "theme", "words", "occurrence")

    def __init__(self, setting: Setting, original: Any = None, **options: Any) -> None:
        if original is not None:
            city, point = original
            practice = setting.practice(city)
            within = practice.practice_spans if practice else ()
            options["initial"] = {
                "city": city,
                "theme": point.theme,
                "words": quote_at(setting.text, point.spans, within),
            }
        super().__init__(setting, original, **options)
        offer(self, "theme", [("", "—"), *setting.themes])

    def within(self, values: dict[str, Any]) -> Spans:
        """The practice of the chosen city."""
        practice = self.setting.practice(values["city"])
        return practice.practice_spans if practice else ()

    def spans_of_original(self) -> Spans:
        """The point's own spans."""
        point: PointRecord = self.original[1]
        return point.spans

    def to_record(self) -> PointRecord:
        """Return the point that a valid form says."""
        return PointRecord(theme=self.cleaned_data["theme"], spans=self.spans)


FIGURE_CHOICES = ("nature", "stated_in", "bound", "direction", "period_certainty")
FIGURE_TEXTS = (
    "unit_zh",
    "unit_en",
    "before_unit_zh",
    "before_unit_en",
    "unit_inferred_zh",
    "unit_inferred_en",
    "qualifier_zh",
    "qualifier_en",
    "scope_zh",
    "scope_en",
    "period_zh",
    "period_en",
    "note_zh",
    "note_en",
    "statement",
)
FIGURE_DAYS = ("period_from", "period_to")
FIGURE_NUMBERS = ("before", "after", "value")


class FigureForm(
    QuotationForm,
    fields_of(Figure, (*FIGURE_CHOICES, *FIGURE_TEXTS, *FIGURE_DAYS), FIGURE_HELP),  # type: ignore[misc]
):
    """A figure: a quantity with what makes it comparable, and the sentence that states it."""

    city = WordField(label=_("city"))
    indicator = WordField(label=_("indicator"), help_text=FIGURE_HELP["indicator"])
    before = DecimalTextField(label=_("before"))
    steps = forms.CharField(
        label=_("values between"), required=False, max_length=200, help_text=FIGURE_HELP["steps"]
    )
    after = DecimalTextField(label=_("after"))
    value = DecimalTextField(label=_("value"))
    printed = ProseField(
        label=_("as printed"), required=True, max_length=500, help_text=FIGURE_HELP["printed"]
    )
    where = ("city", "stated_in")

    def __init__(self, setting: Setting, original: Any = None, **options: Any) -> None:
        if original is not None:
            city, figure = original
            names = (*FIGURE_CHOICES, *FIGURE_TEXTS, *FIGURE_DAYS, *FIGURE_NUMBERS, "indicator")
            options["initial"] = {name: getattr(figure, name) for name in names} | {
                "city": city,
                "steps": " ".join(figure.steps),
                "printed": "\n".join(figure.printed),
                "words": figure.quote,
            }
        super().__init__(setting, original, **options)
        offer(self, "indicator", [("", "—"), *setting.indicators])
        self.fields["statement"].validators.append(validate_key)

    def within(self, values: dict[str, Any]) -> Spans:
        """The practice or the outcome of the chosen city."""
        practice = self.setting.practice(values["city"])
        if practice is None:
            return ()
        is_practice = values["stated_in"] == StatedIn.PRACTICE
        return practice.practice_spans if is_practice else practice.outcome_spans

    def spans_of_original(self) -> Spans:
        """The quotation's own spans."""
        figure: FigureRecord = self.original[1]
        return figure.quote_spans

    def clean_steps(self) -> tuple[str, ...]:
        """Read the values between as plain decimals."""
        steps = tuple(self.cleaned_data["steps"].replace(",", " ").split())
        if not all(re.match(DECIMAL_SHAPE, step) for step in steps):
            raise forms.ValidationError(DECIMAL_HELP)
        return steps

    def clean(self) -> None:
        """Check what a figure needs: one value or a change, and a unit or our reading of it."""
        super().clean()
        values = self.cleaned_data
        numbers = {name: values.get(name) for name in FIGURE_NUMBERS}
        is_single = numbers["value"] is not None
        if is_single == (numbers["after"] is not None) or (is_single and numbers["before"]):
            self.add_error("value", _("Give either one value, or a value after (and before)."))
        if bool(values.get("unit_zh")) != bool(values.get("unit_en")):
            self.add_error("unit_zh", _("Give the unit in Chinese and in English."))
        read = values.get("unit_inferred_zh") and values.get("unit_inferred_en")
        if not values.get("unit_zh") and not read:
            self.add_error(
                "unit_inferred_zh", _("No unit is printed: give our reading in both languages.")
            )

    def to_record(self, practice: PracticeRecord) -> FigureRecord:
        """Return the figure that a valid form says of a city's practice."""
        values = self.cleaned_data
        original = self.original[1] if self.original else None
        texts: dict[str, Any] = {
            name: kept(getattr(original, name, None), values[name] or None) for name in FIGURE_TEXTS
        }
        days: dict[str, Any] = {
            name: values[name].isoformat() if values[name] else None for name in FIGURE_DAYS
        }
        is_practice = values["stated_in"] == StatedIn.PRACTICE
        within = practice.practice_spans if is_practice else practice.outcome_spans
        return FigureRecord(
            indicator=values["indicator"],
            kind=Kind(self.setting.kinds[values["indicator"]]),
            nature=Nature(values["nature"]),
            stated_in=StatedIn(values["stated_in"]),
            steps=values["steps"],
            printed=tuple(line.strip() for line in values["printed"].split("\n") if line.strip()),
            bound=Bound(values["bound"]),
            direction=Direction(values["direction"]),
            period_certainty=Certainty(values["period_certainty"]),
            quote=quote_at(self.setting.text, self.spans, within),
            quote_spans=self.spans,
            **{name: values[name] for name in FIGURE_NUMBERS},
            **texts,
            **days,
        )


class ErratumForm(
    QuotationForm,
    fields_of(Erratum, ("stands_in", "reading", "confidence", "decision"), {}),  # type: ignore[misc]
):
    """An erratum: the printed words, how they are probably meant, and why we think so."""

    reason_zh = ProseField(label=_("reason (Chinese)"), required=True)
    reason_en = ProseField(label=_("reason (English)"), required=True)
    where = ("stands_in",)

    def __init__(self, setting: Setting, original: Any = None, **options: Any) -> None:
        if original is not None:
            names = ("stands_in", "reading", "confidence", "decision", "reason_zh", "reason_en")
            options["initial"] = {name: getattr(original, name) for name in names}
            options["initial"]["words"] = original.as_printed
        super().__init__(setting, original, **options)

    def within(self, values: dict[str, Any]) -> Spans:
        """The texts of that kind of the measure, else those of the source itself."""
        role = Role(values["stands_in"])
        own = spans_of(self.setting.base.passages, role)
        return own or spans_of(self.setting.of_source, role)

    def spans_of_original(self) -> Spans:
        """The erratum's own spans."""
        erratum: ErratumRecord = self.original
        return erratum.spans

    def to_record(self, record: MeasureRecord) -> ErratumRecord:
        """Return the erratum that a valid form says of a measure."""
        values, original = self.cleaned_data, self.original
        erratum = ErratumRecord(
            as_printed="",
            reading=kept(getattr(original, "reading", None), values["reading"]),
            reason_zh=kept(getattr(original, "reason_zh", None), values["reason_zh"]) or "",
            reason_en=kept(getattr(original, "reason_en", None), values["reason_en"]) or "",
            confidence=Confidence(values["confidence"]),
            decision=Decision(values["decision"]),
            stands_in=Role(values["stands_in"]),
            spans=self.spans,
        )
        return replace(erratum, as_printed=erratum_words(erratum, record, self.setting.text))


def name_place(spans: Spans) -> str:
    """Return a place as a form's value."""
    return ",".join(f"{start}-{end}" for start, end in spans)
