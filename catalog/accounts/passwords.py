"""Rules of passwords that some places ask for, off by default: kinds of characters, and an age.

GB/T 22239-2019 (8.1.4.1) asks for both; OWASP ASVS 5.0 (6.2.5, 6.2.10) forbids them, since they lead
people to weaker passwords. So each place decides.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import PasswordChange

KINDS_NEEDED = 3


class KindsOfCharacters:
    """Asks for three of: small letters, capital letters, digits, other characters."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where there are fewer kinds."""
        kinds = (
            any(each.islower() for each in password),
            any(each.isupper() for each in password),
            any(each.isdigit() for each in password),
            any(not each.isalnum() for each in password),
        )
        if sum(kinds) < KINDS_NEEDED:
            raise ValidationError(self.get_help_text(), code="password_too_few_kinds")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _(
            "Your password must hold three of these: small letters, capital letters, digits, "
            "other characters."
        )


class NotThePasswordBefore:
    """Refuses the password that is being replaced."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where the account has this password now."""
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError(self.get_help_text(), code="password_unchanged")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("Your password must be another one than before.")


class LengthAndChange(MinimumLengthValidator):
    """Django's rule of length; as Django tells validators of a change, it also writes down when."""

    def password_changed(self, password: str, user: Any = None) -> None:
        """Note that the account has a new password as of now."""
        if user is not None and user.pk:
            PasswordChange.objects.update_or_create(
                user=user, defaults={"changed_at": timezone.now()}
            )


def is_password_too_old(user: User) -> bool:
    """Say whether the password is older than the settings allow. One query where they limit it.

    An account whose password was never changed has it since it was made.
    """
    if not settings.PASSWORD_MAXIMUM_DAYS:
        return False
    change = PasswordChange.objects.filter(user=user).first()
    since = change.changed_at if change else user.date_joined
    return bool(timezone.now() - since > timedelta(days=settings.PASSWORD_MAXIMUM_DAYS))
