"""A field that names a source by its slug, the newest offered while one types, without any script."""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join

from reforms.models import Source

MAX_OFFERED = 100


class SourceInput(forms.TextInput):
    """A text field with the newest sources beside it, as browsers offer them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """Return the field and what it offers; 1 query."""
        offered = f"{name}-offered"
        field = super().render(
            name, value, {**(attrs or {}), "list": offered, "class": "vTextField"}, renderer
        )
        rows = Source.objects.order_by("-position").only("slug", "short_name_zh", "short_name_en")
        options = format_html_join(
            "", '<option value="{}">{}</option>', ((row.slug, row) for row in rows[:MAX_OFFERED])
        )
        return format_html('{}<datalist id="{}">{}</datalist>', field, offered, options)


class SourceField(forms.ModelChoiceField):
    """A source by its slug; 1 query to show one that is stored, 1 to find one that was typed."""

    widget = SourceInput

    def __init__(self, **options: Any) -> None:
        options.pop("to_field_name", None)
        super().__init__(Source.objects.defer("text"), to_field_name="slug", **options)

    def prepare_value(self, value: Any) -> Any:
        """Return the slug of a stored source; what was typed stays as it is."""
        if isinstance(value, int):
            return Source.objects.filter(pk=value).values_list("slug", flat=True).first() or ""
        return super().prepare_value(value)
