"""Posted forms to one measure record, and the record's errors back to the fields that caused them."""

import re
from dataclasses import replace
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from reforms.admin.fields import kept
from reforms.admin.forms import MeasureForm, PracticeForm, Setting, state_of
from reforms.admin.part_formsets import ErratumFormSet, FigureFormSet, PointFormSet
from reforms.admin.quotations import ErratumForm, FigureForm, PointForm, QuotationForm
from reforms.exchange import RecordError
from reforms.models.choices import LABELS
from reforms.records import (
    MeasureRecord,
    OutcomeState,
    PracticeRecord,
    Role,
    Status,
)
from reforms.spans import text_at

PART = re.compile(r"practices\[(\d+)\](?:\.(points|figures)\[(\d+)\])?\.?(\w*)")
ERRATUM = re.compile(r"errata\[(\d+)\]\.?(\w*)")
FIELD_OF = {
    "spans": "words",
    "quote_spans": "words",
    "quote": "words",
    "as_printed": "words",
    "title_zh": "title_text",
    "title_spans": "title_text",
    "practice_zh": "practice_text",
    "outcome_zh": "outcome_text",
}
MEASURE_LAYOUT = (
    (("category", "section"), ("number", "status"), "is_read_whole"),
    ("title_en", "title_translation_state", ("title_note_zh", "title_note_en")),
)
PRACTICE_LAYOUT = (
    "practice_en",
    "summary_zh",
    "summary_en",
    "translation_state",
    ("translation_note_zh", "translation_note_en"),
)
POINT_LAYOUT = (("city", "theme"), "words", "occurrence", "DELETE")
FIGURE_LAYOUT = (
    ("city", "stated_in"),
    "words",
    "occurrence",
    ("indicator", "nature", "direction"),
    ("before", "steps", "after", "value"),
    "printed",
    ("unit_zh", "unit_en"),
    ("before_unit_zh", "before_unit_en"),
    ("unit_inferred_zh", "unit_inferred_en"),
    ("bound", "qualifier_zh", "qualifier_en"),
    "scope_zh",
    "scope_en",
    ("period_zh", "period_en"),
    ("period_from", "period_to", "period_certainty"),
    ("note_zh", "note_en"),
    "statement",
    "DELETE",
)
ERRATUM_LAYOUT = (
    "stands_in",
    "words",
    "occurrence",
    "reading",
    ("reason_zh", "reason_en"),
    ("confidence", "decision"),
    "DELETE",
)
BROKEN_FORM = gettext_noop("The page was sent incompletely: open it again.")


class MeasureForms:
    """All forms of a measure's page over the record that was opened, posted or not."""

    def __init__(self, setting: Setting, version: int, posted: QueryDict | None) -> None:
        base = setting.base
        self.setting = setting
        self.measure = MeasureForm(setting, version, data=posted)
        self.practices = {
            part.city: PracticeForm(setting, part, data=posted) for part in base.practices
        }
        points = [(part.city, point) for part in base.practices for point in part.points]
        figures = [(part.city, figure) for part in base.practices for figure in part.figures]
        self.points = PointFormSet(setting, points, data=posted, prefix="points")
        self.figures = FigureFormSet(setting, figures, data=posted, prefix="figures")
        self.errata = ErratumFormSet(setting, base.errata, data=posted, prefix="errata")

    @property
    def formsets(self) -> tuple[Any, ...]:
        """Points, figures and errata."""
        return (self.points, self.figures, self.errata)

    def is_valid(self) -> bool:
        """Tell whether every form is; all are asked, so that every error shows at once."""
        parts = [self.measure, *self.practices.values(), *self.formsets]
        answers = [part.is_valid() for part in parts]
        return all(answers)

    @property
    def error_count(self) -> int:
        """How many errors the page shows."""
        single: list[forms.Form] = [self.measure, *self.practices.values()]
        return sum(len(form.errors) for form in single) + sum(
            formset.total_error_count() for formset in self.formsets
        )

    @cached_property
    def record(self) -> MeasureRecord:
        """The one record that valid forms say; what they do not hold stays as it was opened."""
        base, values = self.setting.base, self.measure.cleaned_data
        title_en = kept(base.title_en, values["title_en"])
        record = replace(
            base,
            number=values["number"],
            title_zh=self._text("title", base, self.measure),
            title_en=title_en,
            title_translation_state=state_of(
                [title_en] if base.title_spans else [], values["title_translation_state"]
            ),
            title_note_zh=kept(base.title_note_zh, values["title_note_zh"]),
            title_note_en=kept(base.title_note_en, values["title_note_en"]),
            category=values["category"],
            section=values["section"] or None,
            status=Status(values["status"]),
            is_read_whole=values["is_read_whole"],
            practices=tuple(self._practice(part) for part in base.practices),
        )
        errata = tuple(form.to_record(record) for form in self.errata.live_forms)
        return replace(record, errata=errata)

    def add_error(self, error: RecordError) -> None:
        """Show a record's error at the field that caused it, else above all fields."""
        message = gettext(error.template) % error.values
        form, name = self._place_of(error.path)
        if name not in form.fields:
            # Said above the form's own fields, with the name of what is wrong where it has one.
            name = None
        form.add_error(name, message)

    def _place_of(self, path: str) -> tuple[Any, str | None]:
        part, erratum = PART.match(path), ERRATUM.match(path)
        if part:
            city = self.setting.base.practices[int(part[1])].city
            form = self.practices[city]
            if part[2]:
                form = self._parts(part[2], city)[int(part[3])]
            return form, FIELD_OF.get(part[4], part[4])
        if erratum:
            return self.errata.live_forms[int(erratum[1])], FIELD_OF.get(erratum[2], erratum[2])
        return self.measure, FIELD_OF.get(path, path)

    def _parts(self, kind: str, city: str) -> list[Any]:
        """Return the live forms of a city's points or figures: as opened, then the new ones."""
        formset = self.points if kind == "points" else self.figures
        return [form for form in formset.live_forms if form.cleaned_data["city"] == city]

    def _text(self, name: str, part: Any, form: Any) -> str | None:
        """Return a text that is locked to its spans unless it is typed over."""
        spans = getattr(part, f"{name}_spans")
        current: str | None = getattr(part, f"{name}_zh")
        if not spans:
            return current
        if form.cleaned_data[f"{name}_is_typed_over"]:
            return kept(current, form.cleaned_data[f"{name}_text"])
        return text_at(self.setting.text, spans)

    def _practice(self, practice: PracticeRecord) -> PracticeRecord:
        form = self.practices[practice.city]
        values = form.cleaned_data
        practice_en = kept(practice.practice_en, values["practice_en"])
        summary_zh = kept(practice.summary_zh, values["summary_zh"])
        summary_en = kept(practice.summary_en, values["summary_en"])
        outcome_en = kept(practice.outcome_en, values.get("outcome_en"))
        english = [
            practice_en,
            *([outcome_en] if practice.outcome_spans else []),
            *([summary_en] if summary_zh else []),
        ]
        return replace(
            practice,
            practice_zh=self._text("practice", practice, form) or "",
            practice_en=practice_en,
            summary_zh=summary_zh,
            summary_en=summary_en,
            translation_state=state_of(english, values["translation_state"]),
            translation_note_zh=kept(practice.translation_note_zh, values["translation_note_zh"]),
            translation_note_en=kept(practice.translation_note_en, values["translation_note_en"]),
            outcome_state=OutcomeState(values["outcome_state"]),
            outcome_zh=self._text("outcome", practice, form),
            outcome_en=outcome_en,
            points=tuple(part.to_record() for part in self._parts("points", practice.city)),
            figures=tuple(
                part.to_record(practice) for part in self._parts("figures", practice.city)
            ),
        )

    # --- What the page shows ---

    def measure_fieldsets(self) -> list[dict[str, Any]]:
        """Return the measure's own fields in their two groups."""
        names = (_("Filing"), _("Title: our words"))
        return [
            {"id": f"measure-{number}", "name": name, "lines": lines(self.measure, layout)}
            for number, (name, layout) in enumerate(zip(names, MEASURE_LAYOUT, strict=True))
        ]

    def practice_groups(self) -> list[dict[str, Any]]:
        """Return, a city, its form, its locked texts and its fields."""
        groups = []
        for city, form in self.practices.items():
            part = form.practice
            outcome = ("outcome_state", *(("outcome_en",) if part.outcome_spans else ()))
            groups.append(
                {
                    "city": city,
                    "name": self.setting.cities[city],
                    "form": form,
                    "practice": self.locked("practice", part, form),
                    "outcome": self.locked("outcome", part, form),
                    "lines": lines(form, PRACTICE_LAYOUT),
                    "outcome_lines": lines(form, outcome),
                }
            )
        return groups

    def locked(self, name: str, part: Any, form: Any) -> dict[str, Any] | None:
        """Return a text of the source as it is shown: printed, typed over or both."""
        spans = getattr(part, f"{name}_spans")
        if not spans:
            return None
        printed = text_at(self.setting.text, spans)
        current = getattr(part, f"{name}_zh")
        box, text = form[f"{name}_is_typed_over"], form[f"{name}_text"]
        return {
            "name": name,
            "city": getattr(part, "city", ""),
            "city_name": self.setting.cities.get(getattr(part, "city", ""), ""),
            "printed": printed,
            "own": current if current != printed else None,
            "box": box,
            "text": text,
            "is_open": bool(box.value() or text.errors),
        }

    def part_groups(self) -> list[dict[str, Any]]:
        """Return points, figures and errata: each with its forms, headings and fields."""
        return [
            self._part_group(_("Points"), _("A new point"), self.points, POINT_LAYOUT),
            self._part_group(_("Figures"), _("A new figure"), self.figures, FIGURE_LAYOUT),
            self._part_group(_("Errata"), _("A new erratum"), self.errata, ERRATUM_LAYOUT),
        ]

    def _part_group(self, title: Any, new: Any, formset: Any, layout: Any) -> dict[str, Any]:
        return {
            "title": title,
            "formset": formset,
            "parts": [self._part(form, new, layout) for form in formset.forms],
            "empty": self._part(formset.empty_form, new, layout),
        }

    def _part(self, form: QuotationForm, new: Any, layout: Any) -> dict[str, Any]:
        fields = [name for name in layout if name != "DELETE" or form.original is not None]
        return {
            "form": form,
            "heading": self._heading(form) if form.original is not None else new,
            "words": form.initial.get("words", ""),
            "is_new": form.original is None,
            "is_open": bool(form.is_bound and (form.errors or form.has_changed())),
            "lines": lines(form, fields),
            "occurrence": form["occurrence"],
        }

    def _heading(self, form: QuotationForm) -> str:
        """Return the line that a closed part shows."""
        if isinstance(form, ErratumForm):
            return str(LABELS[Role][form.original.stands_in])
        city, part = form.original
        names = dict(
            self.setting.themes if isinstance(form, PointForm) else self.setting.indicators
        )
        word = part.theme if isinstance(form, PointForm) else part.indicator
        heading = f"{self.setting.cities[city]} · {names.get(word, word)}"
        if isinstance(form, FigureForm):
            heading = f"{heading} · {' → '.join(part.printed)}"
        return heading


def lines(form: forms.Form, layout: Any) -> list[dict[str, Any]]:
    """Return a form's visible fields, line by line, each with what a page writes of it."""
    found = []
    for names in layout:
        in_line = (names,) if isinstance(names, str) else names
        fields = [form[name] for name in in_line if not form[name].is_hidden]
        if fields:
            shown = [_shown(field) for field in fields]
            has_errors = any(field.errors for field in fields)
            found.append({"fields": shown, "is_single": len(fields) == 1, "has_errors": has_errors})
    return found


def _shown(field: forms.BoundField) -> dict[str, Any]:
    widget = field.field.widget
    return {
        "widget": field,
        "id": field.auto_id,
        "label": field.label,
        "help_text": field.help_text,
        "errors": field.errors,
        "is_required": field.field.required,
        "is_checkbox": isinstance(widget, forms.CheckboxInput),
        "is_choice": isinstance(widget, forms.RadioSelect),
    }
