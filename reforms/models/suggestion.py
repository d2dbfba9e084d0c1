"""Suggestions of the rules that a person refused, so that they are not made again."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reforms.models.measure import Measure


class RefusedSuggestion(models.Model):
    """A suggestion that was refused: ``key`` names it on its measure, ``words`` are what it was made of.

    Words that are cut or printed anew make another suggestion, which is made again.
    """

    measure = models.ForeignKey(
        Measure,
        on_delete=models.PROTECT,
        related_name="refused_suggestions",
        verbose_name=_("measure"),
    )
    key = models.CharField(_("key"), max_length=64)
    subject = models.CharField(_("what was suggested"), max_length=20)
    words = models.TextField(_("words"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("refused by"),
    )
    at = models.DateTimeField(_("refused at"), default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("refused suggestion")
        verbose_name_plural = _("refused suggestions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "key"], name="refused_suggestion_once_a_measure"
            )
        ]

    def __str__(self) -> str:
        return self.words[:80]
