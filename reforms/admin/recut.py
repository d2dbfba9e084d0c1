"""The form that re-cuts chosen words: what they are to be, of which city."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reforms.admin.fields import offer
from reforms.admin.region import Region
from reforms.models.choices import LABELS
from reforms.records import Role
from reforms.recutting import ROLES_OF_A_CITY, Cut, LineEnds

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


class RecutForm(forms.Form):
    """What the chosen words are to be."""

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

    def __init__(self, region: Region, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
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
        """Ask for the city or the section that the role needs."""
        values = self.cleaned_data
        role = values.get("role", "")
        if role in {str(part) for part in ROLES_OF_A_CITY} and not values.get("city"):
            self.add_error("city", _("Say whose words these are."))
        if role == OF_SOURCE + Role.SECTION_HEADING and not values.get("section"):
            self.add_error("section", _("Say which section this heading opens."))

    def cut(self, start: int, end: int) -> Cut:
        """Return the cut of the words ``[start, end)`` that a valid form says."""
        values = self.cleaned_data
        role = values["role"]
        return Cut(
            start=start,
            end=end,
            role=Role(role.removeprefix(OF_SOURCE)),
            is_own=not role.startswith(OF_SOURCE),
            city=values["city"] or None,
            section=values["section"] or None,
            line_ends=LineEnds(values["line_ends"]),
        )
