"""Errors that readers report, until an editor has looked at them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reforms.models.fields import choice_field
from reforms.models.measure import Measure
from reforms.records import ReportState


class Report(models.Model):
    """What a reader says is wrong: on which page, in which words, of which version.

    ``measure`` and ``measure_version`` are null for a page of no single measure. ``sender`` is a
    keyed checksum of the sender's network address, kept only to slow down floods, never shown.
    ``version`` counts the saves by editors; a save names the version it was made from.
    """

    measure = models.ForeignKey(
        Measure,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("measure"),
    )
    measure_version = models.PositiveIntegerField(_("version read"), null=True, blank=True)
    address = models.CharField(_("page"), max_length=2000)
    words = models.TextField(_("words in question"), blank=True)
    message = models.TextField(_("what is wrong"))
    contact = models.EmailField(_("address for an answer"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=16)
    sender = models.CharField(_("sender"), max_length=64, editable=False)
    made_at = models.DateTimeField(_("reported at"), default=timezone.now)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    state = choice_field(ReportState, _("state"), default=ReportState.OPEN)
    note = models.TextField(_("note of the editors"), blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handled by"),
    )
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("reported error")
        verbose_name_plural = _("reported errors")
        indexes: ClassVar = [
            models.Index(fields=["state", "made_at"], name="report_queue"),
            models.Index(fields=["sender", "made_at"], name="report_senders"),
        ]

    def __str__(self) -> str:
        return f"{self.measure or self.address} · {self.message[:40]}"
