"""What chosen words of a source can be: a misprint, a wrong cut, a figure or a point, each one form."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms.admin.fields import offer
from reforms.admin.forms import Setting
from reforms.admin.quotations import ErratumForm, FigureForm, PointForm, QuotationForm
from reforms.admin.recut import RecutForm
from reforms.admin.region import Chosen, Region
from reforms.models.choices import LABELS
from reforms.records import (
    Decision,
    ErratumRecord,
    FigureRecord,
    MeasureRecord,
    PointRecord,
    PracticeRecord,
    Role,
    Spans,
    StatedIn,
)
from reforms.recutting import Cut
from reforms.spans import is_within, quote_at


class What(StrEnum):
    """What an editor says of chosen words."""

    ERRATUM = "erratum"
    CUT = "cut"
    FIGURE = "figure"
    POINT = "point"


NAMES = {
    What.ERRATUM: (
        gettext_lazy("A misprint in the source"),
        gettext_lazy(
            "The print is wrong here. It stays as printed; an erratum beside it says how it is "
            "probably meant."
        ),
    ),
    What.CUT: (
        gettext_lazy("Our cut is wrong"),
        gettext_lazy(
            "The print is right, and we took these words for the wrong thing: say which text they "
            "belong to."
        ),
    ),
    What.FIGURE: (
        gettext_lazy("A figure"),
        gettext_lazy("The words state a number: say what is counted, for whom and since when."),
    ),
    What.POINT: (
        gettext_lazy("A point"),
        gettext_lazy("The practice does one thing here that cities are compared by: say which."),
    ),
}
LAYOUTS = {
    What.ERRATUM: ("reading", ("reason_zh", "reason_en"), "confidence"),
    What.CUT: ("role", "city", "section", "line_ends"),
    What.FIGURE: (
        "city",
        ("indicator", "nature", "direction"),
        ("before", "steps", "after", "value"),
        "printed",
        ("unit_zh", "unit_en"),
        ("before_unit_zh", "before_unit_en"),
        ("unit_inferred_zh", "unit_inferred_en"),
        ("bound", "qualifier_zh", "qualifier_en"),
        ("scope_zh", "scope_en"),
        ("period_zh", "period_en"),
        ("period_from", "period_to", "period_certainty"),
        ("note_zh", "note_en"),
        "statement",
    ),
    What.POINT: ("city", "theme"),
}


@dataclass(frozen=True)
class Standing:
    """A part of the record that stands on some of the chosen words already."""

    what: What
    number: int
    heading: str
    words: str
    is_same_place: bool
    part: ErratumRecord | FigureRecord | PointRecord
    city: str | None = None

    @property
    def kind(self) -> Any:
        """What it is, in the reader's words."""
        return {
            What.ERRATUM: _("Erratum"),
            What.FIGURE: _("Figure"),
            What.POINT: _("Point"),
        }[self.what]

    @property
    def place(self) -> str:
        """Where the page of the measure shows the part."""
        return f"{'errata' if self.what == What.ERRATUM else f'{self.what}s'}-{self.number}"


def hindrance(what: What, chosen: Chosen, setting: Setting) -> str | None:
    """Return why chosen words cannot be this; None where they can."""
    if what == What.CUT:
        return None
    if chosen.text is None:
        return _("The words belong to several texts; choose words of one.")
    if what == What.ERRATUM:
        return None
    if what == What.POINT and chosen.text.role != Role.PRACTICE:
        return _("A point is made of words of a practice.")
    if not practices_of(chosen, setting):
        return _("A figure is made of words of a practice or of an outcome.")
    return None


def practices_of(chosen: Chosen, setting: Setting) -> list[PracticeRecord]:
    """Return the practices that the chosen words stand in, or whose outcome they do.

    More than one where the source prints one text for several cities.
    """
    text = chosen.text
    if text is None or not text.is_own or text.role not in (Role.PRACTICE, Role.OUTCOME):
        return []
    name = f"{text.role}_spans"
    return [part for part in setting.base.practices if is_within(text.spans, getattr(part, name))]


def form_for(
    what: What,
    setting: Setting,
    region: Region,
    chosen: Chosen | None,
    posted: Any,
    initial: dict[str, Any],
) -> Any:
    """Return the form that asks what is still to be known of the chosen words.

    Without chosen words it only keeps what was typed. ``initial`` is what a figure begins with.
    """
    if what == What.CUT:
        return RecutForm(region, data=posted)
    text = chosen.text if chosen else None
    spans = text.spans if text else ()
    if what == What.ERRATUM:
        form: QuotationForm = ErratumForm(setting, data=posted)
        role = text.role if text else Role.PRACTICE
        form.stand_on(spans, stands_in=str(role), decision=str(Decision.CONFIRMED))
        return form
    practices = practices_of(chosen, setting) if chosen else []
    settled: dict[str, Any] = {"city": practices[0].city} if len(practices) == 1 else {}
    if what == What.POINT:
        form = PointForm(setting, data=posted)
    else:
        form = FigureForm(setting, data=posted)
        role = text.role if text else Role.PRACTICE
        settled["stated_in"] = str(StatedIn.OUTCOME if role == Role.OUTCOME else StatedIn.PRACTICE)
        form.initial = {**form.initial, **initial}
    offer(form, "city", [(part.city, setting.cities[part.city]) for part in practices])
    form.stand_on(spans, **settled)
    return form


def change_of(what: What, form: Any, setting: Setting, chosen: Chosen) -> MeasureRecord | Cut:
    """Return what a valid form makes of the measure: the record with one part more, or the cut."""
    base = setting.base
    if what == What.CUT:
        cut: Cut = form.cut(chosen.start, chosen.end)
        return cut
    if what == What.ERRATUM:
        return replace(base, errata=(*base.errata, form.to_record(base)))
    return replace(
        base,
        practices=tuple(
            _with_part(what, form, part) if part.city == form.cleaned_data["city"] else part
            for part in base.practices
        ),
    )


def _with_part(what: What, form: Any, practice: PracticeRecord) -> PracticeRecord:
    if what == What.POINT:
        return replace(practice, points=(*practice.points, form.to_record()))
    return replace(practice, figures=(*practice.figures, form.to_record(practice)))


def add_error_if_there(what: What, form: Any, standing: list[Standing]) -> None:
    """Refuse a part that stands on exactly these words already."""
    same = [part for part in standing if part.what == what and part.is_same_place]
    values = form.cleaned_data
    for row in same:
        if row.city is not None and row.city != values["city"]:
            continue
        if what == What.ERRATUM:
            form.add_error(None, _("These words have an erratum already: change that one."))
        elif what == What.POINT and row.part.theme == values["theme"]:  # type: ignore[union-attr]
            form.add_error("theme", _("These words are a point of this theme already."))
        elif what == What.FIGURE and _is_same_figure(row.part, values):
            form.add_error("indicator", _("These words state this figure already."))


def _is_same_figure(figure: Any, values: dict[str, Any]) -> bool:
    names = ("indicator", "before", "steps", "after", "value")
    return all(getattr(figure, name) == values[name] for name in names)


def standing_on(chosen: Chosen, setting: Setting) -> list[Standing]:
    """Return the points, figures and errata that share words with the chosen ones."""
    spans = chosen.text.spans if chosen.text else ((chosen.start, chosen.end),)
    numbers = dict.fromkeys(What, -1)
    found = []
    for what, part, place, heading, practice in _parts(setting):
        numbers[what] += 1
        if any(low < chosen.end and chosen.start < high for low, high in place):
            words = quote_at(setting.text, place, practice.practice_spans if practice else ())
            city, number = practice.city if practice else None, numbers[what]
            found.append(Standing(what, number, heading, words, place == spans, part, city))
    return found


def _parts(setting: Setting) -> Iterator[tuple[What, Any, Spans, str, PracticeRecord | None]]:
    """Yield every part of the record with its place, in the order of the measure's page."""
    names = dict([*setting.themes, *setting.indicators])
    for practice in setting.base.practices:
        city = setting.cities[practice.city]
        for point in practice.points:
            heading = f"{city} · {names.get(point.theme, point.theme)}"
            yield What.POINT, point, point.spans, heading, practice
        for figure in practice.figures:
            heading = f"{city} · {names.get(figure.indicator, figure.indicator)}"
            yield What.FIGURE, figure, figure.quote_spans, heading, practice
    for erratum in setting.base.errata:
        yield What.ERRATUM, erratum, erratum.spans, str(LABELS[Role][erratum.stands_in]), None


def place_error(form: forms.Form, path: str, message: str, names: dict[str, str]) -> None:
    """Show a record's error at the field that caused it, else above all fields."""
    last = path.rpartition(".")[2]
    name = names.get(last, last)
    is_shown = name in form.fields and not form.fields[name].disabled
    form.add_error(name if is_shown else None, message)
