"""Records about accounts: log-ins and failures as django-axes keeps them, and when a password was changed."""

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PasswordChange(models.Model):
    """When an account's password was changed last."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="password_change",
        verbose_name=_("account"),
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("change of password")
        verbose_name_plural = _("changes of passwords")

    def __str__(self) -> str:
        return f"{self.user}, {self.changed_at:%Y-%m-%d}"


class LogIn(AccessLog):
    """A log-in, and when it was ended by hand."""

    class Meta:
        proxy = True
        verbose_name = _("log-in")
        verbose_name_plural = _("log-ins")

    def __str__(self) -> str:
        return str(self.username)


class FailedLogIn(AccessFailureLog):
    """A wrong password or code, or a try by somebody who has to wait."""

    class Meta:
        proxy = True
        verbose_name = _("failed log-in")
        verbose_name_plural = _("failed log-ins")

    def __str__(self) -> str:
        return str(self.username)


class CountedFailure(AccessAttempt):
    """The failures of a visitor under a name that count at present."""

    class Meta:
        proxy = True
        verbose_name = _("counted failures of a visitor")
        verbose_name_plural = _("counted failures of visitors")

    def __str__(self) -> str:
        return str(self.username)
