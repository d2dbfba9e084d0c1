"""New notices on their way into the catalog."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reforms.models.source import Source


class NoticeDraft(models.Model):
    """A notice on its way in: its text, what is known of it, and what an editor decided.

    ``facts`` are the facts of ``new_notice.Facts`` by name; ``decisions`` are those of
    ``new_notice.Decisions`` as plain JSON. ``version`` counts the saves; a save names the version it was made from. ``source`` is the
    source that was made of it; one thrown away keeps its text.
    """

    name = models.CharField(_("name"), max_length=200)
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    text = models.TextField(_("text"))
    facts = models.JSONField(_("what is known of the source"), default=dict)
    decisions = models.JSONField(_("what was decided"), default=dict)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("begun by"),
    )
    begun_at = models.DateTimeField(_("begun at"), default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("last changed by"),
    )
    changed_at = models.DateTimeField(_("last changed at"), default=timezone.now)
    source = models.OneToOneField(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="draft",
        verbose_name=_("source made of it"),
    )
    thrown_away_at = models.DateTimeField(_("thrown away at"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("new notice")
        verbose_name_plural = _("new notices")

    def __str__(self) -> str:
        return self.name
