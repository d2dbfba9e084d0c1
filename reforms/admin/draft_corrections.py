"""What an editor says that words of a new notice are: chosen by stretch, by quoting them, or by selecting them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms.models.choices import LABELS
from reforms.notice import CORRECTABLE, MAX_CORRECTIONS, Correction, MarkKind
from reforms.records import Role
from reforms.spans import Span

MAX_OFFSET = 2_000_000
OWN_LABELS = {
    MarkKind.UNNUMBERED: gettext_lazy("Title of a measure without a number"),
    MarkKind.PART_HEADING: gettext_lazy("Heading of a part that holds sections"),
}


def label_of(kind: MarkKind) -> Any:
    """Return what a person calls this kind of words."""
    return OWN_LABELS.get(kind) or LABELS[Role][Role(kind.value)]


@dataclass(frozen=True)
class CorrectionRow:
    """A correction as the page lists it: its place among them, the words and what they were said to be."""

    number: int
    anchor: str
    words: str
    label: Any


class CorrectionForm(forms.Form):
    """Which words, and what they are."""

    kind = forms.ChoiceField(label=gettext_lazy("What these words are"), required=False)
    words = forms.CharField(
        label=gettext_lazy("Only these words of the stretch"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("As they stand in the text. Leave it empty for the whole stretch."),
        widget=forms.TextInput(attrs={"class": "vTextField", "lang": "zh-Hans"}),
    )
    first = forms.IntegerField(
        required=False, min_value=0, max_value=MAX_OFFSET, widget=forms.HiddenInput
    )
    last = forms.IntegerField(
        required=False, min_value=0, max_value=MAX_OFFSET, widget=forms.HiddenInput
    )

    def __init__(self, posted: Any, text: str, stretches: Sequence[Span], count: int) -> None:
        super().__init__(posted)
        self.text = text
        self.stretches = stretches
        self.count = count
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((str(kind), label_of(kind)) for kind in CORRECTABLE)]

    @property
    def chosen(self) -> set[str]:
        """Where the stretches begin that were ticked, as posted."""
        return set(cast(QueryDict, self.data).getlist("stretch")) if self.is_bound else set()

    def clean(self) -> dict[str, Any]:
        """Find the words that are meant."""
        values = super().clean() or {}
        for name in ("first", "last"):
            # What a script could not have written is no selection.
            self.errors.pop(name, None)
        if self.errors:
            return values
        if not values.get("kind"):
            self.add_error("kind", _("Say what these words are."))
            return values
        if self.count >= MAX_CORRECTIONS:
            limit = _("At most %(count)s corrections in one notice.")
            self.add_error(None, limit % {"count": MAX_CORRECTIONS})
            return values
        span = self._span(values)
        if span:
            values["correction"] = Correction(MarkKind(values["kind"]), *span)
        return values

    def _span(self, values: dict[str, Any]) -> Span | None:
        """Return the words that were selected, else those ticked or quoted; None, with the reason, where unclear."""
        first, last = values.get("first"), values.get("last")
        if first is not None and last is not None:
            return first, last + 1
        ticked = [span for span in self.stretches if str(span[0]) in self.chosen]
        if not ticked:
            self.add_error(None, _("Tick the stretch, or select its words."))
            return None
        whole = ticked[0][0], ticked[-1][1]
        between = [span for span in self.stretches if whole[0] <= span[0] < whole[1]]
        if len(between) != len(ticked):
            self.add_error(None, _("Tick stretches that follow each other."))
            return None
        words = "".join(values.get("words", "").split())
        return self._quoted(words, whole) if words else whole

    def _quoted(self, words: str, whole: Span) -> Span | None:
        """Return where words stand in a stretch, whatever white space parts them."""
        pattern = re.compile(r"\s*".join(re.escape(one) for one in words))
        found = [match.span() for match in pattern.finditer(self.text, *whole)]
        if len(found) == 1:
            return found[0]
        problem = _("These words do not stand in that stretch.")
        if found:
            problem = _("These words stand there %(count)s times: quote more of them.") % {
                "count": len(found)
            }
        self.add_error("words", problem)
        return None
