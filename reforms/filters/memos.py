"""Which Word file an address asks for: the full text, or a memo in brief."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reforms.filters.fields import ChoiceField

PARAMETER = "memo"
FULL_MEMO, BRIEF_MEMO = "full", "brief"
MEMOS: Mapping[str, Any] = {
    FULL_MEMO: pgettext_lazy("form of a Word memo", "Full text"),
    BRIEF_MEMO: pgettext_lazy("form of a Word memo", "In brief"),
}


class MemoForm(forms.Form):
    """The parameter that the addresses of Word files have besides those of their page.

    It selects nothing, and addresses leave out the full text. Takes the ``QueryDict`` of a request;
    test ``is_valid()`` first.
    """

    memo = ChoiceField(
        label=_("Word memo"), default=FULL_MEMO, choices=list(MEMOS.items()), required=False
    )

    @property
    def is_brief(self) -> bool:
        """Tell whether the memo in brief is asked for."""
        return bool(self.is_valid() and self.cleaned_data[PARAMETER] == BRIEF_MEMO)

    @property
    def refusals(self) -> list[tuple[str, str]]:
        """Name and message of the parameter where its value is refused."""
        return [
            (str(self.fields[name].label), " ".join(map(str, self.errors[name])))
            for name in self.errors
        ]


def with_memo(address: str, memo: str = BRIEF_MEMO) -> str:
    """Return the address of a Word file that asks for this form of it."""
    return f"{address}{'&' if '?' in address else '?'}{PARAMETER}={memo}"
