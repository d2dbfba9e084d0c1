"""Merging on a page: the table of what both sides changed, the choices posted, the merged record.

Any page that stands on three records of one measure uses it::

    merge = Merge(base, theirs, mine, version, source.text, Names(), request.POST)
    if "_merge" in request.POST and merge.is_valid():
        save(merge.record, expected_version=merge.version)   # on RecordError: merge.add_error(error)
    return render(..., {"merge": merge, ...})

``base`` is the record that both sides were made from, ``theirs`` the live one with its number
``version``, ``mine`` what the person typed, or what a proposal proposes (``answers`` then says what
the two sides are called). A proposal that is merged is revised with ``merge.record`` over
``merge.version``, and approved then. The template shows it inside the form that posts it::

    {% include "admin/reforms/_merge.html" with merge=merge base_heading=… theirs_heading=…
       mine_heading=… caption=… only %}

A page that posts no merge yet (no ``merge-version``) gets an unbound one: nothing is chosen where
both sides changed, and the side that changed alone is chosen where one did. A choice counts as long as what it was made on
still stands: their value, and, where mine is given up, mine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms.admin.forms import state_of
from reforms.admin.merge_rows import Cell, cells_of, heading_of, place_of
from reforms.changes import Names
from reforms.exchange import MAX_INTEGER, RecordError
from reforms.merging import Side, Unit, differences_of, merge
from reforms.records import MeasureRecord, PracticeRecord

PREFIX = "merge"
ANSWERS: Mapping[Side, Any] = {
    Side.THEIRS: gettext_lazy("theirs"),
    Side.MINE: gettext_lazy("mine"),
}


@dataclass(frozen=True)
class Answer:
    """One of the two choices of a row, as a radio button."""

    id: str
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class MergeRow:
    """One unit: what it is called, what stands on each side, and the two choices (none: both the same)."""

    id: str
    name: str
    heading: str
    base: Cell
    theirs: Cell
    mine: Cell
    is_conflict: bool
    answers: tuple[Answer, ...]
    errors: Any


class MergeForm(forms.Form):
    """The version that a table showed, and one choice for each of its units."""

    version = forms.IntegerField(min_value=1, max_value=MAX_INTEGER, widget=forms.HiddenInput)

    def __init__(self, units: tuple[Unit, ...], version: int, data: Any) -> None:
        self.units = {unit.path: unit for unit in units if unit.theirs != unit.mine}
        self.live_version = version
        is_bound = data is not None and f"{PREFIX}-version" in data
        super().__init__(data if is_bound else None, prefix=PREFIX, initial={"version": version})
        again = gettext_lazy("This changed since you chose: choose again.")
        for path, unit in self.units.items():
            self.fields[path] = forms.ChoiceField(
                choices=[(value_of(unit, side), side) for side in Side],
                required=False,
                error_messages={"invalid_choice": again},
            )

    def clean(self) -> None:
        """Ask for a choice where both sides changed, and for another look where the measure moved on."""
        for path, unit in self.units.items():
            if unit.is_conflict and not self.cleaned_data.get(path) and not self.has_error(path):
                self.add_error(path, _("Choose one of the two."))
        if self.cleaned_data.get("version", self.live_version) != self.live_version:
            self.add_error(
                None, _("Somebody saved again while you merged: look at what they changed.")
            )

    def side_of(self, unit: Unit) -> Side | None:
        """Return the side that is chosen: as posted, else the one that changed alone."""
        chosen = self.chosen.get(unit.path)
        return next((side for side in Side if chosen == value_of(unit, side)), unit.side)

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """The values posted that hold; empty for a table that was not posted."""
        return self.cleaned_data if self.is_bound and self.errors is not None else {}


class Merge:
    """Two changes of a measure on one page; see the module for its use.

    ``names`` are the words of the reader (4 queries when made); nothing here asks the database.
    """

    def __init__(
        self,
        base: MeasureRecord,
        theirs: MeasureRecord,
        mine: MeasureRecord,
        version: int,
        source_text: str,
        names: Names,
        posted: QueryDict | None = None,
        answers: Mapping[Side, Any] = ANSWERS,
    ) -> None:
        self.base, self.theirs, self.mine = base, theirs, mine
        self.version = version
        self.source_text = source_text
        self.names = names
        self.answers = answers
        self.units = differences_of(base, theirs, mine)
        self.form = MergeForm(self.units, version, posted)
        self.errors: list[str] = []

    def is_valid(self) -> bool:
        """Tell whether the table posted is the one that would be shown now, with every choice made."""
        return self.form.is_valid()

    @property
    def needs_choice(self) -> bool:
        """Tell whether a unit that both sides changed has no side chosen yet."""
        return any(self.form.side_of(unit) is None for unit in self.units)

    @property
    def shown_version(self) -> Any:
        """The hidden field that names the version shown, never one that was posted."""
        return forms.HiddenInput().render(f"{PREFIX}-version", self.version)

    @cached_property
    def record(self) -> MeasureRecord:
        """The merged record of a valid merge; raises ``MergeConflict`` where a choice is missing."""
        chosen = {unit.path: self.form.side_of(unit) for unit in self.units}
        choices = {path: side for path, side in chosen.items() if side is not None}
        return self._settled(merge(self.base, self.theirs, self.mine, choices))

    def add_error(self, error: RecordError) -> None:
        """Show above the table why the merged record was refused."""
        message = _(error.template) % error.values
        place = place_of(error.path, self.record, self.names)
        self.errors.append(f"{place}: {message}" if place else message)

    @cached_property
    def rows(self) -> list[MergeRow]:
        """The units in the order of a page, each with its cells and choices."""
        return [self._row(number, unit) for number, unit in enumerate(self.units, start=1)]

    @property
    def unchosen(self) -> list[MergeRow]:
        """The rows with an error of their own."""
        return [row for row in self.rows if row.errors]

    def _row(self, number: int, unit: Unit) -> MergeRow:
        cells = cells_of(unit, self.source_text, self.names)
        name, row_id = f"{PREFIX}-{unit.path}", f"{PREFIX}-{number}"
        chosen = self.form.side_of(unit)
        answers = tuple(
            Answer(
                f"{row_id}-{side}", value_of(unit, side), str(self.answers[side]), side == chosen
            )
            for side in Side
        )
        return MergeRow(
            id=row_id,
            name=name,
            heading=heading_of(unit, self.names),
            base=cells.base,
            theirs=cells.theirs,
            mine=cells.mine,
            is_conflict=unit.is_conflict,
            answers=answers if unit.theirs != unit.mine else (),
            errors=self.form.errors.get(unit.path) if self.form.is_bound else None,
        )

    def _settled(self, record: MeasureRecord) -> MeasureRecord:
        """Return the record with states of translation that fit English taken from both sides."""

        def title(one: MeasureRecord) -> Any:
            return (one.title_en, one.title_translation_state)

        if record.title_spans and title(record) not in (title(self.theirs), title(self.mine)):
            state = state_of([record.title_en], record.title_translation_state)
            record = replace(record, title_translation_state=state)
        sides = [{_english(part) for part in one.practices} for one in (self.theirs, self.mine)]
        known = set.union(*sides)
        return replace(
            record,
            practices=tuple(
                part if _english(part) in known else _with_state(part) for part in record.practices
            ),
        )


def value_of(unit: Unit, side: Side) -> str:
    """Return a choice as it is posted: the side, and a mark of what it was made on.

    Who keeps theirs gives up mine as it was shown; who keeps mine may still change it below.
    """
    seen = (unit.theirs, unit.mine) if side == Side.THEIRS else (unit.theirs,)
    mark = sha256(repr(seen).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{side}-{mark}"


def _english(part: PracticeRecord) -> tuple[Any, ...]:
    return (part.city, part.practice_en, part.outcome_en, part.summary_en, part.translation_state)


def _with_state(part: PracticeRecord) -> PracticeRecord:
    """Return a practice with the state that the English it has allows."""
    english = [
        part.practice_en,
        *([part.outcome_en] if part.outcome_spans else []),
        *([part.summary_en] if part.summary_zh else []),
    ]
    return replace(part, translation_state=state_of(english, part.translation_state))
