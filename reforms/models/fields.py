"""What several tables share: names in two languages, protection of edits, withdrawal."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reforms.exchange import RecordError
from reforms.models.choices import choices
from reforms.records import SLUG, Spans

CODED_WORD_LENGTH = 32
LONGEST_SLUG = 80

validate_key = RegexValidator(
    rf"\A{SLUG.pattern}\Z", _("Use small letters a to z, digits and single hyphens.")
)


def choice_field(words: type[StrEnum], verbose_name: Any, **options: Any) -> models.CharField:
    """Return a column for one word of an enumeration, indexed only where asked."""
    return models.CharField(
        verbose_name, max_length=CODED_WORD_LENGTH, choices=choices(words), **options
    )


def slug_field(verbose_name: Any, **options: Any) -> models.CharField:
    """Return a column for a public name in an address: small letters, digits, hyphens."""
    return models.CharField(
        verbose_name, max_length=LONGEST_SLUG, validators=[validate_key], **options
    )


def optional_text(verbose_name: Any, **options: Any) -> models.TextField:
    """Return a column for a text that may be unknown: null says so, never an empty text."""
    return models.TextField(verbose_name, null=True, blank=True, **options)


def spans_field(verbose_name: Any) -> models.JSONField:
    """Return a column for a list of spans ``[start, end)`` of the source's text."""
    return models.JSONField(verbose_name, default=list, blank=True)


def as_spans(value: Any) -> Spans:
    """Return a stored list of spans as a record holds it."""
    return tuple((start, end) for start, end in value)


def check_columns(rows: Iterable[models.Model]) -> None:
    """Raise ``RecordError`` for the first text that is too long for its column or malformed.

    SQLite would store it; PostgreSQL would refuse with an error that names no field.
    """
    for row in rows:
        for column in row._meta.concrete_fields:
            value = getattr(row, column.attname)
            if isinstance(column, models.CharField | models.TextField) and value is not None:
                try:
                    column.run_validators(value)
                except ValidationError as error:
                    path = f"{row._meta.model_name}.{column.name}"
                    raise RecordError(
                        path,
                        "the text does not fit its column: %(words)s",
                        words=" ".join(error.messages),
                    ) from error


def in_english() -> bool:
    """Tell whether the reader's pages are in English."""
    return (get_language() or "").startswith("en")


def decimal_text(value: Decimal | None) -> str | None:
    """Return a decimal as a base decimal string without superfluous zeros (``58000000``)."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment_text(value: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in UTC, to the microsecond as stored."""
    return value.astimezone(UTC).isoformat() if value else None


class LoadedModel(models.Model):
    """A row that people edit and that ``load_catalog`` may bring up to date.

    ``version`` counts its saves; a save names the version it was made from. ``loaded_checksum``
    is the checksum of the record as last loaded, null where it never was.
    """

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    loaded_checksum = models.CharField(
        _("checksum as loaded"), max_length=64, null=True, blank=True, editable=False
    )

    class Meta:
        abstract = True


class WithdrawableModel(models.Model):
    """A row that is never deleted but withdrawn, with the reason that readers are told."""

    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason_zh = optional_text(_("reason of the withdrawal (Chinese)"))
    withdrawn_reason_en = optional_text(_("reason of the withdrawal (English)"))

    class Meta:
        abstract = True

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether readers are told that this is gone, and why."""
        return self.withdrawn_at is not None

    @property
    def withdrawn_reason(self) -> str:
        """The reason in the reader's language, else in the other one."""
        texts = (self.withdrawn_reason_zh, self.withdrawn_reason_en)
        first, second = reversed(texts) if in_english() else texts
        return first or second or ""


class NamedModel(models.Model):
    """A row with a name in Chinese and in English."""

    name_zh = models.CharField(_("Chinese name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if in_english() else self.name_zh
