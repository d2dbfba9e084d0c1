"""The page that re-cuts a measure: choose the first word, the last word and what they are."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from reforms.admin.bounded import MAX_VERSION
from reforms.admin.fields import offer
from reforms.models import City, Measure, Passage
from reforms.models.choices import LABELS
from reforms.records import Role
from reforms.recutting import ROLES_OF_A_CITY, Cut, LineEnds
from reforms.text import characters, words

MAX_OFFSET = 2_000_000
OF_SOURCE = "source:"
OWN_ROLES = (
    Role.PRACTICE,
    Role.OUTCOME,
    Role.TITLE,
    Role.CITY_LABEL,
    Role.OUTCOME_LABEL,
    Role.PRACTICE_LABEL,
    Role.NUMBER_LABEL,
    Role.CAPTION,
)
SOURCE_ROLES = (Role.CAPTION, Role.RUNNING_HEAD, Role.SECTION_HEADING)
UNITS: dict[str, Callable[[str], Any]] = {"word": words, "character": characters}


class PlaceForm(forms.Form):
    """What the address of the page says: the chosen words, and how finely the text is cut."""

    first = forms.IntegerField(required=False, min_value=0, max_value=MAX_OFFSET)
    last = forms.IntegerField(required=False, min_value=0, max_value=MAX_OFFSET)
    unit = forms.ChoiceField(required=False, choices=[(unit, unit) for unit in UNITS])


class RecutForm(forms.Form):
    """The chosen words and what they are to be."""

    version = forms.IntegerField(min_value=1, max_value=MAX_VERSION, widget=forms.HiddenInput)
    first = forms.IntegerField(min_value=0, max_value=MAX_OFFSET, widget=forms.HiddenInput)
    last = forms.IntegerField(
        min_value=0,
        max_value=MAX_OFFSET,
        error_messages={"required": _("Choose the last word."), "invalid": _("Choose a word.")},
    )
    role = forms.ChoiceField(label=_("These words are"))
    city = forms.ChoiceField(
        label=_("Of the city"),
        required=False,
        help_text=_("For practices, outcomes and the labels before them."),
    )
    section = forms.ChoiceField(
        label=_("Opening the section"), required=False, help_text=_("For section headings only.")
    )
    line_ends = forms.ChoiceField(
        label=_("Where a line ends inside them"),
        initial=LineEnds.AS_NOW,
        choices=[
            (LineEnds.AS_NOW, _("Leave it as it is now")),
            (LineEnds.BREAK, _("A page or a column ends there: join the words")),
            (LineEnds.PARAGRAPH, _("A paragraph ends there: keep it")),
        ],
    )
    reason = forms.CharField(
        label=_("Reason of this change"),
        required=False,
        max_length=500,
        help_text=_("Kept in the history."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, region: "Region", *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.region = region
        own = [(str(role), LABELS[Role][role]) for role in OWN_ROLES]
        of_source = [(OF_SOURCE + role, LABELS[Role][role]) for role in SOURCE_ROLES]
        roles = [
            ("", _("choose")),
            (_("of this measure"), own),
            (_("of the source, outside every measure"), of_source),
        ]
        offer(self, "role", roles)
        offer(self, "city", [("", "—"), *region.cities.items()])
        offer(self, "section", [("", "—"), *region.sections])

    def clean(self) -> None:
        """Ask for two words of the page, in order, and for the city where there is one."""
        values = self.cleaned_data
        ends = dict(self.region.ends)
        first, last = values.get("first"), values.get("last")
        if first is not None and last is not None:
            if first not in ends or last not in ends or last < first:
                self.add_error("last", _("Choose a word at or after the first one."))
            else:
                values["end"] = ends[last]
        role = values.get("role", "")
        if role in {str(part) for part in ROLES_OF_A_CITY} and not values.get("city"):
            self.add_error("city", _("Say whose words these are."))
        if role == OF_SOURCE + Role.SECTION_HEADING and not values.get("section"):
            self.add_error("section", _("Say which section this heading opens."))

    @property
    def cut(self) -> Cut:
        """The cut that a valid form says."""
        values = self.cleaned_data
        role = values["role"]
        return Cut(
            start=values["first"],
            end=values["end"],
            role=Role(role.removeprefix(OF_SOURCE)),
            is_own=not role.startswith(OF_SOURCE),
            city=values["city"] or None,
            section=values["section"] or None,
            line_ends=LineEnds(values["line_ends"]),
        )


class Region:
    """The stretch of the source around a measure: its passages, cut into words; 4 queries."""

    def __init__(self, measure: Measure, unit: str, first: int | None = None) -> None:
        self.measure = measure
        self.first = first
        self.text = measure.source.text
        rows = measure.source.passages.for_page()
        self.passages = self._around(rows)
        cities = City.objects.order_by("position")
        self.cities = {row.slug: row.name for row in cities}
        self.sections = [
            (row.label, str(row)) for row in measure.source.sections.order_by("position")
        ]
        self._words = [
            [
                (part.start + low, part.start + high)
                for low, high in UNITS[unit](self.text[part.start : part.end])
            ]
            for part in self.passages
        ]
        self.ends = [(low, high) for part in self._words for low, high in part]

    def _around(self, rows: QuerySet) -> list[Passage]:
        """Return the measure's passages and those of the source itself that touch them."""
        in_order = list(rows)
        own = [n for n, row in enumerate(in_order) if row.measure_id == self.measure.pk]
        if not own:
            return []
        low, high = own[0], own[-1]
        while low > 0 and in_order[low - 1].measure_id is None:
            low -= 1
        while high + 1 < len(in_order) and in_order[high + 1].measure_id is None:
            high += 1
        return in_order[low : high + 1]

    def word_at(self, start: int | None) -> str:
        """Return the word that begins there, empty where none does."""
        end = dict(self.ends).get(start if start is not None else -1)
        return self.text[start:end] if end else ""

    def shown(self, last: int | None) -> Sequence[dict[str, Any]]:
        """Return the passages with their labels and words, as the page shows them.

        Words before the first chosen one are shown, not offered. The chosen word (``last``, else
        the first) is ticked.
        """
        ticked = last if last is not None else self.first
        return [
            {
                "role": LABELS[Role][part.role],
                "kind": part.role,
                "city": part.city.name if part.city else "",
                "colour": part.city.colour if part.city else 0,
                "is_own": part.measure_id == self.measure.pk,
                "is_other": part.measure_id not in (None, self.measure.pk),
                "words": [
                    {
                        "start": low,
                        "text": self.text[low:high],
                        "is_offered": self.first is None or low >= self.first,
                        "is_ticked": low == ticked,
                    }
                    for low, high in spans
                ],
            }
            for part, spans in zip(self.passages, self._words, strict=True)
        ]
