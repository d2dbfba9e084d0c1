"""Typing that a log-in that was over would have lost, kept for its author for an hour."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT_FOR = timedelta(hours=1)


class KeptForm(models.Model):
    """The fields of a form that was sent after its author's log-in was over; the newest a page."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="kept_forms",
        verbose_name=_("account"),
    )
    address = models.CharField(_("page"), max_length=2000)
    fields = models.JSONField(_("fields"))
    kept_at = models.DateTimeField(_("kept at"), default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("kept form")
        verbose_name_plural = _("kept forms")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "address"], name="kept_form_one_a_page")
        ]

    def __str__(self) -> str:
        return f"{self.by_id} · {self.address}"
