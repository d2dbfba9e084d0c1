"""Fields of the forms of a measure's page: long texts, numbers as text, days."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.forms.models import fields_for_model
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

MAX_PROSE = 20_000
ROWS = {
    "practice_en": 8,
    "practice_text": 8,
    "outcome_en": 4,
    "outcome_text": 4,
}
DECIMAL_SHAPE = r"\A-?(?:0|[1-9][0-9]{0,13})(?:\.[0-9]{0,3}[1-9])?\Z"
DECIMAL_HELP = _("A plain decimal such as 58000000 or 9.53.")


class ProseField(forms.CharField):
    """A text of any lines; an empty one is None, a line ends in a single line feed."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"max_length": MAX_PROSE, "empty_value": None, "required": False, **options}
        )

    def to_python(self, value: Any) -> Any:
        """Return the text with the line ends of a record, as browsers send others."""
        return super().to_python(str(value).replace("\r\n", "\n") if value else value)


class DecimalTextField(forms.CharField):
    """A number as the record writes it: a plain decimal, never a float."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=20,
            required=False,
            empty_value=None,
            help_text=DECIMAL_HELP,
            validators=[RegexValidator(DECIMAL_SHAPE, DECIMAL_HELP)],
            widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 12}),
            **options,
        )


class PlainSelect(forms.Select):
    """A list of choices written without a template: a page holds hundreds of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the same markup as the stock widget."""
        context = self.get_context(name, value, attrs)["widget"]
        options = [
            format_html(
                '<option value="{}"{}>{}</option>',
                option["value"],
                mark_safe(" selected") if option["selected"] else "",
                option["label"],
            )
            for _group, options, _index in context["optgroups"]
            for option in options
        ]
        return format_html(
            '<select name="{}"{}>{}</select>',
            name,
            flatatt(context["attrs"]),
            mark_safe("".join(options)),
        )


class DayField(forms.DateField):
    """A day, typed or chosen, as ``YYYY-MM-DD``."""

    def __init__(self, **options: Any) -> None:
        options.pop("max_length", None)
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(**{**options, "required": False, "widget": widget})


class WordField(forms.ChoiceField):
    """A choice of one word among many."""

    widget = PlainSelect


def offer(form: forms.Form, name: str, choices: Iterable[Any]) -> None:
    """Let a field of a form choose among these words."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class LabelledForm(forms.Form):
    """A form whose labels begin with a capital, as the stock ones do."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field in self.fields.values():
            field.label = capfirst(field.label)
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = ROWS.get(name, 2)


def fields_of(model: Any, names: Sequence[str], help_texts: dict[str, Any]) -> Any:
    """Return a form class with a model's own fields: their labels, choices and lengths."""
    parts = fields_for_model(model, fields=names, help_texts=help_texts)
    for name, part in parts.items():
        if isinstance(part.widget, forms.Textarea):
            parts[name] = ProseField(label=part.label, help_text=part.help_text)
        elif isinstance(part, forms.DateField):
            parts[name] = DayField(label=part.label, help_text=part.help_text)
        elif isinstance(part, forms.ChoiceField):
            part.widget = PlainSelect()
            part.choices = part.choices
        elif part.__class__ is forms.CharField:
            part.empty_value = None
            if (part.max_length or 0) > 100:
                part.widget.attrs["class"] = "vTextField"
    return type(f"{model.__name__}Fields", (LabelledForm,), dict(parts))


def kept(original: str | None, typed: str | None) -> str | None:
    """Return what was typed, or the text as it was where only space at its ends differs."""
    if original is not None and typed is not None and original.strip() == typed.strip():
        return original
    return typed or None
