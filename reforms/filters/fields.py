"""Form fields that bound every parameter of a list's address."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from reforms.search import LONGEST_QUERY as WORDS_LIMIT
from reforms.search import MOST_WORDS, count_letters, count_words

PAGE_LIMIT = 1_000_000
PAGE_SIZE_LIMIT = 100
DEFAULT_PAGE_SIZE = 20
FIRST_YEAR, LAST_YEAR = 1900, 2100
YEAR_NOT_STATED = "none"
SHOWN_CHARACTERS = 40


def is_text(value: str) -> bool:
    """Tell whether every database can take the value: no NUL and no half of a surrogate pair."""
    return not any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in value)


class WordsField(forms.CharField):
    """Words to look for: at most ``WORDS_LIMIT`` characters and ``MOST_WORDS`` words, trimmed."""

    default_error_messages = {
        "unreadable": _("The words hold a character that is no text. Type them anew."),
        "too_long": _(
            "At most %(limit)d characters can be looked for; these are %(length)d. Shorten them."
        ),
        "too_many": _(
            "At most %(limit)d words can be looked for at once; these are %(length)d. Leave some out."
        ),
    }

    def clean(self, value: Any) -> str:
        """Return the words, empty if there are none."""
        words = str(value or "").strip()
        if not is_text(words):
            raise ValidationError(self.error_messages["unreadable"], code="unreadable")
        length = count_letters(words)
        if length > WORDS_LIMIT:
            raise ValidationError(
                self.error_messages["too_long"],
                code="too_long",
                params={"limit": WORDS_LIMIT, "length": length},
            )
        if (count := count_words(words)) > MOST_WORDS:
            raise ValidationError(
                self.error_messages["too_many"],
                code="too_many",
                params={"limit": MOST_WORDS, "length": count},
            )
        return words


class ChoicesField(forms.MultipleChoiceField):
    """Any of a bounded set of values, each counted once; empty values are dropped."""

    default_error_messages = {
        "invalid_choice": _("“%(value)s” is not one of the choices. Choose from those listed."),
    }

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the chosen values in the order of the choices."""
        values = [str(one) for one in dict.fromkeys(value or ()) if one not in {"", None}]
        for one in values:
            if not is_text(one) or not self.valid_value(one):
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": self.shown(one)},
                )
        choices = list(self.choices)  # type: ignore[arg-type]
        places = {str(key): place for place, (key, _label) in enumerate(choices)}
        return tuple(sorted(values, key=lambda one: (places.get(one, len(places)), one)))

    @staticmethod
    def shown(value: str) -> str:
        """Return a refused value as a message may repeat it: short and printable."""
        printable = "".join(letter if letter.isprintable() else "\ufffd" for letter in value)
        return Truncator(printable).chars(SHOWN_CHARACTERS)


class YearsField(ChoicesField):
    """Years of publication, each of four digits, or that none is stated."""

    default_error_messages = {
        "invalid_choice": _(
            "“%(value)s” is no year. Give four digits between 1900 and 2100, or “none”."
        ),
    }

    def valid_value(self, value: Any) -> bool:
        """Tell whether the value is a year within bounds or says that none is stated."""
        if value == YEAR_NOT_STATED:
            return True
        is_number = len(value) == 4 and value.isascii() and value.isdigit()
        return is_number and FIRST_YEAR <= int(value) <= LAST_YEAR


class ChoiceField(forms.ChoiceField):
    """One of a bounded set of values, or the default where none is given."""

    default_error_messages = ChoicesField.default_error_messages

    def __init__(self, *, default: str, **options: Any) -> None:
        super().__init__(**options)
        self.default = default

    def clean(self, value: Any) -> str:
        """Return the value, or the default."""
        if value in {"", None}:
            return self.default
        if not self.valid_value(value):
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": ChoicesField.shown(str(value))},
            )
        return str(value)


class WholeNumberField(forms.IntegerField):
    """A whole number within bounds, or the default where none is given."""

    default_error_messages = {
        "out_of_bounds": _("Give a whole number from 1 to %(most)d."),
    }

    def __init__(self, *, default: int, most: int, **options: Any) -> None:
        super().__init__(min_value=1, max_value=most, **options)
        self.default = default
        self.most = most

    def clean(self, value: Any) -> int:
        """Return the number, or the default."""
        try:
            number = super().clean(value)
        except ValidationError as error:
            message = self.error_messages["out_of_bounds"]
            params = {"most": self.most}
            raise ValidationError(message, code="out_of_bounds", params=params) from error
        return self.default if number is None else number


class ListForm(forms.Form):
    """How much of a list a page shows, and which page."""

    page = WholeNumberField(label=_("Page"), default=1, most=PAGE_LIMIT, required=False)
    page_size = WholeNumberField(
        label=_("Entries on a page"),
        default=DEFAULT_PAGE_SIZE,
        most=PAGE_SIZE_LIMIT,
        required=False,
    )


class QueryForm(forms.Form):
    """The words of an address that holds nothing else."""

    q = WordsField(label=_("Words"), required=False)
