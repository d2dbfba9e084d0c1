"""The history of measures: append-only, a whole record after every save."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reforms.models.fields import choice_field
from reforms.models.measure import Measure
from reforms.models.querysets import MeasureVersionQuerySet
from reforms.records import Action


class MeasureVersion(models.Model):
    """A measure's record as it stood from ``valid_from`` until ``valid_to`` (null: still)."""

    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, related_name="versions", verbose_name=_("measure")
    )
    version = models.PositiveIntegerField(_("version"))
    action = choice_field(Action, _("what was done"))
    record = models.JSONField(_("record"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
    )
    by_name = models.CharField(_("by"), max_length=150)
    reason = models.TextField(_("reason"), blank=True)
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)
    valid_to = models.DateTimeField(_("valid to"), null=True, blank=True)

    objects = MeasureVersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["measure__source__position", "measure__position", "version"]
        verbose_name = _("version of a measure")
        verbose_name_plural = _("versions of measures")
        indexes: ClassVar = [
            models.Index(fields=["valid_from", "valid_to"], name="version_validity")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "version"], name="version_one_number_a_measure"
            ),
            models.UniqueConstraint(
                fields=["measure"], condition=Q(valid_to__isnull=True), name="version_one_is_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} · {self.version}"

    def natural_key(self) -> tuple[str, str, int]:
        """The measure and the number of the version."""
        return (*self.measure.natural_key(), self.version)

    natural_key.dependencies = ["reforms.measure"]  # type: ignore[attr-defined]
