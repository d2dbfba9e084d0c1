"""What a reader fills in to report an error, and the page that it is about."""

import time
from functools import cached_property
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reforms.exchange import MAX_INTEGER
from reforms.filters import LONGEST_ADDRESS, Item, PublicPage, is_text, read_public_page
from reforms.models import Measure, Report

WORDS_LIMIT = 2000
MESSAGE_LIMIT = 5000
CONTACT_LIMIT = 254
# A person who reads and types takes longer; a page that is older may stand in a cache.
FASTEST_SECONDS = 2
OLDEST_SECONDS = 24 * 3600
# What the address of the form may name.
NAMED = ("address", "measure", "version", "words")
SALT = "reforms.report.opened"
TOO_FAST = _("It came sooner than anybody can type. Nothing is lost: send it once more.")
TOO_OLD = _("The page had been open for more than a day. Nothing is lost: send it once more.")


class LongText(forms.CharField):
    """Text of several lines: one character a line end, at most ``limit`` characters in all."""

    def __init__(self, limit: int, **options: Any) -> None:
        super().__init__(**options)
        self.limit = limit

    def to_python(self, value: Any) -> str:
        """Return the text with plain line ends, without white space around it."""
        return str(super().to_python(value)).replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        """Refuse what is too long or no text."""
        super().validate(value)
        if not is_text(value):
            raise ValidationError(_("It holds a character that is no text. Type it anew."))
        if len(value) > self.limit:
            raise ValidationError(
                _("At most %(limit)d characters; these are %(length)d. Shorten it."),
                params={"limit": self.limit, "length": len(value)},
            )


class ReportForm(forms.Form):
    """A report as it is typed; ``is_opened`` where only the address of the form is read.

    ``page`` is the page that it is about, and ``about`` the measure, null where none is named.
    """

    address = forms.CharField(required=False)
    measure = forms.CharField(required=False)
    version = forms.IntegerField(required=False, min_value=1, max_value=MAX_INTEGER)
    words = LongText(WORDS_LIMIT, required=False)
    message = LongText(MESSAGE_LIMIT)
    contact = forms.EmailField(required=False, max_length=CONTACT_LIMIT)
    # No reader sees it: only a program fills in whatever there is.
    website = forms.CharField(required=False)
    opened = forms.CharField(required=False)

    def __init__(self, request: HttpRequest, *, is_opened: bool) -> None:
        sent = {name: request.GET.get(name, "") for name in NAMED} if is_opened else request.POST
        super().__init__(sent)
        self.request, self.is_opened = request, is_opened
        self.page: PublicPage | None = None
        self.about: Measure | None = None
        if is_opened:
            self.fields["message"].required = False

    def clean_address(self) -> str:
        """Read the page; refuse an address that is none of this site's public pages."""
        text: str = self.cleaned_data["address"]
        if text:
            self.page = read_public_page(text, self.request)
            if self.page is None:
                raise ValidationError(
                    _(
                        "This is no address of a public page of this catalog, or longer than "
                        "%(limit)d characters. Copy it from your browser, or leave it empty."
                    ),
                    params={"limit": LONGEST_ADDRESS},
                )
        return text

    def clean_measure(self) -> str:
        """Read the measure, of the page where none is named; 1 query at most."""
        text: str = self.cleaned_data["measure"]
        item = Item.read(text) if text else self.page and self.page.measure
        if item and not item.city:
            found = Measure.objects.select_related("source").defer("source__text")
            self.about = found.filter(
                source__slug=item.source, source__is_public=True, key=item.key
            ).first()
        if text and self.about is None:
            raise ValidationError(_("The address names a measure that the catalog does not hold."))
        return text

    def clean_version(self) -> int | None:
        """Return the version of the measure that was read; null where none is named."""
        version: int | None = self.cleaned_data["version"]
        if self.about is None or version is None:
            return None
        if version > self.about.version:
            raise ValidationError(_("The measure has no such version yet."))
        return version

    def clean(self) -> None:
        """Take the measure's own page for the page where only the measure is named."""
        if self.page is None and self.about is not None and "address" not in self.errors:
            self.page = read_public_page(self.about.get_absolute_url(), self.request)
        if not self.is_opened and (refusal := self._haste()):
            raise ValidationError(refusal)

    @property
    def is_decoyed(self) -> bool:
        """Whether the field that no reader sees was filled in."""
        return bool(self.data.get("website"))

    @cached_property
    def token(self) -> str:
        """The moment that the form was opened at, signed: the one sent, if it still holds."""
        if self._seconds_open is not None:
            return str(self.data["opened"])
        return signing.Signer(salt=SALT).sign(str(int(time.time() * 1000)))

    def to_report(self, language: str) -> Report:
        """Return what a valid form says as a report, not stored yet."""
        values = self.cleaned_data
        return Report(
            measure=self.about,
            measure_version=values["version"],
            address=self.page.address if self.page else "",
            words=values["words"],
            message=values["message"],
            contact=values["contact"],
            language=language,
        )

    def _haste(self) -> Any:
        """Return why the form comes too soon or too late after it was opened; empty if it does not."""
        seconds = self._seconds_open
        if seconds is None:
            return TOO_OLD
        return TOO_FAST if seconds < FASTEST_SECONDS else ""

    @cached_property
    def _seconds_open(self) -> float | None:
        """How long ago the form was opened; null where its token is not ours, or too old."""
        try:
            opened_ms = int(signing.Signer(salt=SALT).unsign(str(self.data.get("opened", ""))))
        except (signing.BadSignature, ValueError):
            return None
        seconds = time.time() - opened_ms / 1000
        return seconds if seconds <= OLDEST_SECONDS else None
