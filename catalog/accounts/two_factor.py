"""The second factor of an account: an authenticator's codes, and recovery codes for when it is lost.

The codes, their clock and their throttle are django-otp's (RFC 6238).
"""

import re
import unicodedata
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from math import ceil

import segno
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from catalog.sessions import end_sessions_of

RECOVERY_CODES = 10
LONGEST_CODE_CHARACTERS = 32
# django-otp doubles the wait with each wrong code and knows no end: here it ends at 256 seconds.
MOST_DOUBLINGS = 9
QR_SCALE = 5
# Names of the rows that django-otp keeps; shown nowhere.
AUTHENTICATOR = "authenticator"
RECOVERY = "recovery codes"


@dataclass(frozen=True)
class Check:
    """What came of a code: the device that took it, or none and the seconds to wait, 0 if it is wrong."""

    device: TOTPDevice | StaticDevice | None
    wait_seconds: int = 0


@dataclass(frozen=True)
class State:
    """What an account has: since when, when last used, and how many recovery codes are left."""

    since: datetime
    used_at: datetime | None
    codes_left: int


def state_of(user: User) -> State | None:
    """Return what the account's second factor is; None where it has none. At most two queries."""
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    if device is None:
        return None
    recovery = StaticDevice.objects.filter(user=user).first()
    used = [each.last_used_at for each in (device, recovery) if each and each.last_used_at]
    left = StaticToken.objects.filter(device__user=user).count()
    return State(since=device.created_at, used_at=max(used, default=None), codes_left=left)


def has_two_factor(user: User) -> bool:
    """Say whether the account asks for a code. One query."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def is_required(user: User) -> bool:
    """Say whether the site lets this account in only with a second factor.

    An administrator is who may change other people's accounts.
    """
    if settings.REQUIRE_TWO_FACTOR == "administrators":
        return user.is_superuser or user.has_perm(
            f"auth.change_{get_user_model()._meta.model_name}"
        )
    return bool(settings.REQUIRE_TWO_FACTOR == "everyone")


def begin(user: User) -> TOTPDevice:
    """Return the account's device that waits for its first code, with a fresh secret if there is none."""
    with transaction.atomic():
        # One row is enough: two pages open at once show the same secret.
        get_user_model().objects.select_for_update().get(pk=user.pk)
        device, _created = TOTPDevice.objects.get_or_create(
            user=user, confirmed=False, defaults={"name": AUTHENTICATOR}
        )
    return device


def begun(user: User) -> TOTPDevice | None:
    """Return the account's device that waits for its first code, if there is one."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


def confirm(user: User, device: TOTPDevice, session_key: str | None) -> list[str]:
    """Put the device to use and return the recovery codes, which are shown once.

    Every other session of the account ends: it was opened without a code.
    """
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        device.confirmed = True
        device.created_at = timezone.now()
        device.save()
        codes = new_recovery_codes(user)
    end_sessions_of(user, but=session_key)
    return codes


def new_recovery_codes(user: User) -> list[str]:
    """Replace the account's recovery codes by ten new ones and return these."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name=RECOVERY)
        codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def remove(user: User) -> bool:
    """Take the second factor away, what was begun included; say whether there was any."""
    with transaction.atomic():
        had = has_two_factor(user)
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
    return had


def reset(user: User, by: User, words: str) -> bool:
    """Take the second factor of somebody else's account away, end its sessions, and record it.

    Returns whether there was any; nothing is recorded where there was none.
    """
    had = remove(user)
    if had:
        record(user, by, words)
    end_sessions_of(user)
    return had


def record(user: User, by: User, words: str) -> None:
    """Write into the account's history what was done to its second factor, and by whom."""
    LogEntry.objects.log_actions(
        by.pk, get_user_model().objects.filter(pk=user.pk), CHANGE, words, single_object=True
    )


def check(user: User, code: str) -> Check:
    """Try a code on the account's devices; a right one is used up. Both kinds wait after wrong ones."""
    code = plain(code)
    kind = TOTPDevice if re.fullmatch(r"[0-9]{6}", code) else StaticDevice
    with transaction.atomic():
        device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
        return Check(None) if device is None else check_device(device, code)


def check_unconfirmed(device: TOTPDevice, code: str) -> Check:
    """Try the first code of a device that was begun."""
    with transaction.atomic():
        locked = TOTPDevice.objects.select_for_update().filter(pk=device.pk).first()
        return Check(None) if locked is None else check_device(locked, plain(code))


def check_device(device: TOTPDevice | StaticDevice, code: str) -> Check:
    """Try a code on a device that is locked against others; the longest wait is 256 seconds."""
    device.throttling_failure_count = min(device.throttling_failure_count, MOST_DOUBLINGS)
    is_allowed, reason = device.verify_is_allowed()
    if not is_allowed:
        wait = (reason["locked_until"] - timezone.now()).total_seconds()
        return Check(None, wait_seconds=max(1, ceil(wait)))
    return Check(device if device.verify_token(code) else None)


def plain(code: str) -> str:
    """Return a code as it was issued: full-width digits, spaces, hyphens and capitals make none different."""
    normal = unicodedata.normalize("NFKC", code).lower()
    return re.sub(r"[\s\-]", "", normal)[:LONGEST_CODE_CHARACTERS]


def secret_of(device: TOTPDevice) -> str:
    """Return the device's secret as one types it into an authenticator: in groups of four."""
    text = b32encode(device.bin_key).decode("ascii").rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def qr_code(device: TOTPDevice, title: str) -> SafeString:
    """Return the device's address as a QR code in SVG, with a title for those who do not see it."""
    code = segno.make_qr(device.config_url, error="m")
    # Drawn from our own data by segno, which escapes the title.
    return mark_safe(code.svg_inline(scale=QR_SCALE, dark="#000", light="#fff", title=title))
