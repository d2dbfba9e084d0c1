"""The page "On selected words": which words of a source were chosen, what they are to be, what is in the way."""

from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms.admin.assembling import FIELD_OF, lines
from reforms.admin.forms import Setting
from reforms.admin.on_words import (
    LAYOUTS,
    NAMES,
    Standing,
    What,
    add_error_if_there,
    change_of,
    form_for,
    hindrance,
    place_error,
    standing_on,
)
from reforms.admin.proposed_figure import ProposedFigure, proposed
from reforms.admin.region import UNITS, Region
from reforms.exchange import MAX_INTEGER, RecordError
from reforms.models import Measure
from reforms.records import MeasureRecord
from reforms.recutting import Cut

MAX_OFFSET = 2_000_000


class PlaceForm(forms.Form):
    """What the address of the page says: the chosen words, how finely the text is cut, what they are."""

    first = forms.IntegerField(required=False, min_value=0, max_value=MAX_OFFSET)
    last = forms.IntegerField(required=False, min_value=0, max_value=MAX_OFFSET)
    unit = forms.ChoiceField(required=False, choices=[(unit, unit) for unit in UNITS])
    what = forms.ChoiceField(required=False, choices=[(what, what) for what in What])


class SaveForm(forms.Form):
    """The version that the page was opened at, and why it is changed."""

    version = forms.IntegerField(min_value=1, max_value=MAX_INTEGER, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason of this change"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Kept in the history."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class WordsPage:
    """Chosen words of a source around a measure, from the address or as posted; 3 to 9 queries."""

    def __init__(self, measure: Measure, address: QueryDict, posted: QueryDict | None) -> None:
        self.measure = measure
        self.posted = posted
        self.filters = address.get("_changelist_filters", "")
        place = PlaceForm(address)
        self.is_sound = place.is_valid()
        self.unit = place.cleaned_data.get("unit") or "word"
        if posted is not None:
            place = PlaceForm(posted)
            self.is_sound = place.is_valid()
        values = place.cleaned_data
        self.what = What(values["what"]) if values.get("what") else None
        first, last = values.get("first"), values.get("last")
        self.region = Region(measure, self.unit, first)
        self.chosen = self.region.chosen(first, last)
        self.is_moved = False
        if posted is not None and self.chosen is None:
            # The source was cut anew since: the words that these places stand in now.
            low, high = self.region.word_with(first), self.region.word_with(last)
            self.chosen = self.region.chosen(low, high)
            self.is_moved = self.chosen is not None
        self.first = first if self.region.word_at(first) else None
        self.is_sound = self.is_sound and (first is None or self.first is not None)
        self.is_sound = self.is_sound and (last is None or self.chosen is not None)
        self.region.first = self.first
        self.save_form = SaveForm(posted, initial={"version": measure.version})

    @cached_property
    def setting(self) -> Setting:
        """What the forms of parts stand on: the measure's record as it is now; 5 queries."""
        return Setting.of(self.measure, self.measure.to_record(), self.region.cities)

    @cached_property
    def proposed(self) -> ProposedFigure | None:
        """What the numbers in the words suggest, where they are to be a figure; 1 query."""
        is_asked = self.what == What.FIGURE and self.chosen is not None
        return proposed(self.chosen.words) if is_asked and self.chosen else None

    @cached_property
    def form(self) -> Any:
        """The form that asks what is still to be known; None where nothing was said of the words yet."""
        if self.what is None or (self.chosen is None and self.posted is None):
            return None
        if self.posted is None and self.hindrance:
            return None
        initial = self.proposed.initial if self.proposed else {}
        return form_for(self.what, self.setting, self.region, self.chosen, self.posted, initial)

    @cached_property
    def hindrance(self) -> str | None:
        """Why the chosen words cannot be what was said; None where they can."""
        if self.what is None or self.chosen is None:
            return None
        return hindrance(self.what, self.chosen, self.setting)

    @cached_property
    def standing(self) -> list[Standing]:
        """The parts of the record that share words with the chosen ones."""
        return standing_on(self.chosen, self.setting) if self.chosen else []

    @cached_property
    def holder(self) -> Measure:
        """The measure that an erratum of the chosen words stands on."""
        return self.region.holder(self.chosen) if self.chosen else self.measure

    @property
    def belongs_elsewhere(self) -> bool:
        """Tell whether the words are a misprint that stands on another measure."""
        return self.what == What.ERRATUM and self.holder.pk != self.measure.pk

    @property
    def problem(self) -> str | None:
        """Why nothing can be said of words at this address, or be saved of them; None where it can."""
        if self.is_moved:
            return _("The source was cut anew since you chose: look whether these are the words.")
        if not self.is_sound or (self.posted is not None and self.chosen is None):
            return _("These are no words of this page: choose them again.")
        if self.posted is not None and self.what is None:
            return _("Say what these words are.")
        if self.posted is not None and self.belongs_elsewhere:
            return _(
                "These words stand outside this measure: choose them on the page of %(key)s."
            ) % {"key": self.holder.number or self.holder.key}
        return self.hindrance

    def change(self) -> MeasureRecord | Cut | None:
        """Return what valid forms make of the measure; None where they are not valid."""
        answers = [self.save_form.is_valid(), self.form.is_valid()]
        if self.what is None or self.chosen is None or not all(answers):
            return None
        add_error_if_there(self.what, self.form, self.standing)
        if not self.form.is_valid():
            return None
        return change_of(self.what, self.form, self.setting, self.chosen)

    def add_record_error(self, error: RecordError) -> None:
        """Show a record's error at the field that caused it, else above all fields."""
        place_error(self.form, error.path, _(error.template) % error.values, FIELD_OF)

    def query(self, **values: Any) -> str:
        """Return the query of an address of this page with these values."""
        said = {
            "_changelist_filters": self.filters,
            "unit": "" if self.unit == "word" else self.unit,
            **values,
        }
        return "?" + urlencode(
            {name: value for name, value in said.items() if value not in ("", None)}
        )

    def choices(self) -> list[dict[str, Any]]:
        """Return the four things that words can be, each with its address or what is in its way."""
        chosen = self.chosen
        if chosen is None:
            return []
        return [
            {
                "name": name,
                "sentence": sentence,
                "is_chosen": what == self.what,
                "hindrance": hindrance(what, chosen, self.setting),
                "address": self.query(first=chosen.start, last=chosen.last, what=what),
            }
            for what, (name, sentence) in NAMES.items()
        ]

    def lines(self) -> list[dict[str, Any]]:
        """Return the fields to fill in, line by line, without those that the words settle."""
        if self.form is None or self.what is None:
            return []
        open_names = [name for name, field in self.form.fields.items() if not field.disabled]
        layout = [
            [name for name in ([names] if isinstance(names, str) else names) if name in open_names]
            for names in LAYOUTS[self.what]
        ]
        return lines(self.form, [tuple(names) for names in layout if names])

    def context(self) -> dict[str, Any]:
        """Return what the template shows of the step that was reached."""
        chosen, what = self.chosen, self.what
        last = chosen.last if chosen else None
        shows_words = chosen is None and self.form is None
        return {
            "page": self,
            "passages": self.region.shown(last) if shows_words else [],
            "first_word": self.region.word_at(self.first),
            "surroundings": self.region.surroundings(chosen) if chosen else [],
            "choices": self.choices(),
            "what_name": NAMES[what][0] if what else "",
            "lines": self.lines(),
            "start_address": self.query(),
            "other_unit": self.query(unit="" if self.unit != "word" else "character"),
            "first_address": self.query(first=chosen.start) if chosen else "",
        }
