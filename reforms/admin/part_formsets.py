"""The points, figures and errata of a measure's page: those that were opened, and room for new ones."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reforms.admin.forms import Setting
from reforms.admin.quotations import ErratumForm, FigureForm, PointForm, QuotationForm

MAX_PARTS = 200


class PartFormSet(forms.BaseFormSet):
    """The parts of one kind that were opened, in their order, and room for a new one."""

    def __init__(self, setting: Setting, originals: Sequence[Any], **options: Any) -> None:
        self.setting = setting
        self.originals = list(originals)
        super().__init__(**options)

    def initial_form_count(self) -> int:
        """As many as were opened, whatever the request says."""
        return len(self.originals)

    def total_form_count(self) -> int:
        """As many as were sent, at least those that were opened."""
        return (
            max(super().total_form_count(), len(self.originals))
            if self.is_bound
            else (len(self.originals) + self.extra)
        )

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Hand each form the part that it edits."""
        has_original = index is not None and index < len(self.originals)
        return {
            "setting": self.setting,
            "original": self.originals[index] if has_original and index is not None else None,
        }

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Add the box that takes a part away."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take this away")
        form.fields["DELETE"].help_text = _("The history keeps it.")

    @cached_property
    def live_forms(self) -> list[Any]:
        """The forms that hold a part after this change: not removed, not left blank."""
        return [form for form in self.forms if not form.is_blank and not self.is_taken_away(form)]

    def is_taken_away(self, form: Any) -> bool:
        """Tell whether the box that takes a part away is ticked."""
        return self.is_bound and bool(form.cleaned_data.get("DELETE"))


def _formset(form: type[QuotationForm]) -> Any:
    return forms.formset_factory(
        form,
        formset=PartFormSet,
        extra=1,
        can_delete=True,
        max_num=MAX_PARTS,
        absolute_max=MAX_PARTS,
        validate_max=True,
    )


PointFormSet = _formset(PointForm)
FigureFormSet = _formset(FigureForm)
ErratumFormSet = _formset(ErratumForm)
