"""The spans of a source that an address marks: ``span=571-587``, repeated, in code points."""

import re
from collections.abc import Iterable
from typing import Any, NoReturn
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reforms.filters.fields import ChoicesField
from reforms.spans import Spans, joined

SPANS_LIMIT = 20
# The name of the first mark in the page of a source.
MARK_ANCHOR = "span"
_SPAN = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


class SpansField(forms.Field):
    """Spans ``[start, end)`` of a text: at most ``SPANS_LIMIT``, each of words inside it."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {
        "too_many": _("At most %(limit)d spans can be marked at once; these are %(count)d."),
        "unreadable": _(
            "“%(value)s” is no span. Give where it starts and where it ends, as in 571-587."
        ),
        "backwards": _("The span %(value)s ends where it starts, or before."),
        "outside": _("The span %(value)s ends beyond the text, which has %(length)d characters."),
        "empty": _("No word stands at the span %(value)s."),
    }

    def __init__(self, *, text: str, **options: Any) -> None:
        super().__init__(**options)
        self.text = text

    def clean(self, value: Any) -> Spans:
        """Return the spans in order, without white space at their ends; those that touch are one."""
        values = [str(one) for one in dict.fromkeys(value or ()) if one]
        if len(values) > SPANS_LIMIT:
            self.refuse("too_many", limit=SPANS_LIMIT, count=len(values))
        return joined(self.text, [self.span(one) for one in values])

    def span(self, value: str) -> tuple[int, int]:
        """Return one span as the address has it."""
        found = _SPAN.fullmatch(value)
        if found is None:
            self.refuse("unreadable", value=ChoicesField.shown(value))
        start, end = int(found[1]), int(found[2])
        if start >= end:
            self.refuse("backwards", value=value)
        if end > len(self.text):
            self.refuse("outside", value=value, length=len(self.text))
        if not self.text[start:end].strip():
            self.refuse("empty", value=value)
        return start, end

    def refuse(self, code: str, **params: Any) -> NoReturn:
        """Raise ``ValidationError`` with the message of this code."""
        raise ValidationError(self.error_messages[code], code=code, params=params)


class SpansForm(forms.Form):
    """What an address asks to have marked in a source's text."""

    def __init__(self, query: QueryDict, *, text: str) -> None:
        super().__init__(query)
        self.fields["span"] = SpansField(text=text, required=False)

    @property
    def spans(self) -> Spans:
        """The spans to mark; none where the address asks for none or for what cannot be."""
        return self.cleaned_data.get("span", ()) if self.is_valid() else ()


def place_of(spans: Iterable[tuple[int, int]]) -> str:
    """Return what follows a source's address to open it at ``spans``, marked.

    Nothing for no spans; for more than an address may have, the first of them.
    """
    values = [f"{start}-{end}" for start, end in spans][:SPANS_LIMIT]
    return f"?{urlencode({'span': values}, doseq=True)}#{MARK_ANCHOR}" if values else ""
