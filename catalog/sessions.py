"""Sessions of staff that end after a time without use, and after a time altogether."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.http import HttpRequest
from django.utils import timezone

STARTED_AT = "_started_at"
SEEN_AT = "_seen_at"
# The moment of last use is written at most this often, so that reading costs few writes.
NOTED_EVERY_SECONDS = 60
KEYS_AT_ONCE = 500


class SessionStore(DatabaseSessionStore):
    """A session in the database that is empty once its time is over, wherever it is loaded."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing, and no row left, where its time is over."""
        held: dict[str, Any] = super().load()
        if SESSION_KEY in held and is_over(held, time.time()):
            self.delete(self.session_key)
            self._session_key = None
            return {}
        return held


def is_over(held: dict[str, Any], now: float) -> bool:
    """Say whether a logged-in session ended before `now`; one without its moments has ended."""
    started_at, seen_at = held.get(STARTED_AT), held.get(SEEN_AT)
    if not isinstance(started_at, int | float) or not isinstance(seen_at, int | float):
        return True
    return (
        now - started_at > settings.SESSION_ABSOLUTE_SECONDS
        or now - seen_at > settings.SESSION_IDLE_SECONDS
    )


def start_clock(sender: object, request: HttpRequest, **kwargs: object) -> None:
    """Note in the session that somebody logged in just now."""
    request.session[STARTED_AT] = request.session[SEEN_AT] = int(time.time())


def note_use(session: SessionBase) -> None:
    """Note that a logged-in session is in use, if the last note is old enough."""
    if SESSION_KEY in session and time.time() - session.get(SEEN_AT, 0) > NOTED_EVERY_SECONDS:
        session[SEEN_AT] = int(time.time())


def end_sessions_of(user: AbstractBaseUser, but: str | None = None) -> int:
    """End the account's sessions everywhere, except the one with the key `but`; return how many.

    Costs one query to read the sessions that are not over, and one to end those found.
    """
    key, sessions = str(user.pk), SessionStore.get_model_class().objects
    found = [
        session.session_key
        for session in sessions.filter(expire_date__gte=timezone.now()).iterator()
        if session.session_key != but and session.get_decoded().get(SESSION_KEY) == key
    ]
    for start in range(0, len(found), KEYS_AT_ONCE):
        sessions.filter(session_key__in=found[start : start + KEYS_AT_ONCE]).delete()
    return len(found)
