"""What the page of a measure's form shows, whether it saves a measure or revises a proposal."""

from typing import Any

from django.utils.translation import ngettext

from reforms.admin.assembling import MeasureForms
from reforms.admin.forms import Setting
from reforms.models import Measure
from reforms.records import MeasureRecord

FORM_TEMPLATE = "admin/reforms/measure/change_form.html"


def forms_of(measure: Measure, base: MeasureRecord, version: int, posted: Any) -> MeasureForms:
    """Return all forms of a measure's page over the record that was opened at ``version``; 5 queries."""
    cities = {part.city.slug: part.city.name for part in measure.practices.all()}
    return MeasureForms(Setting.of(measure, base, cities), version, posted)


def form_context(forms: MeasureForms) -> dict[str, Any]:
    """Return what the template needs of the forms: their fields in order, and how many errors."""
    base = forms.setting.base
    error_count = forms.error_count if forms.measure.is_bound else 0
    return {
        "forms": forms,
        "errors": bool(error_count),
        "error_count": error_count,
        "error_sentence": ngettext(
            "Please correct the error below.",
            "Please correct the errors below.",
            error_count or 1,
        ),
        "title_text": forms.locked("title", base, forms.measure) if base.title_spans else None,
        "measure_fieldsets": forms.measure_fieldsets(),
        "practice_groups": forms.practice_groups(),
        "part_groups": forms.part_groups(),
    }
