"""Files of measures that were brought in to change the catalog."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ImportedFile(models.Model):
    """A file as it was uploaded, read anew whenever its page is shown; its rows are saved one by one."""

    name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField(_("content"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("brought in by"),
    )
    at = models.DateTimeField(_("brought in at"), default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("file brought in")
        verbose_name_plural = _("files brought in")

    def __str__(self) -> str:
        return self.name
