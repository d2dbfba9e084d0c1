"""The day whose catalog is being read, and how addresses name it: ``as_at=2026-11-20``."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

AS_AT = "as_at"
_day_read: ContextVar[date | None] = ContextVar("day_read", default=None)


def day_read() -> date | None:
    """Return the day as at whose end the catalog is being read here; null for the catalog as it is."""
    return _day_read.get()


@contextmanager
def reading_of(day: date) -> Iterator[None]:
    """Say inside that the catalog is read as at the end of a day, as citations and files state it."""
    token = _day_read.set(day)
    try:
        yield
    finally:
        _day_read.reset(token)


def at_day(address: str, day: date | None, *, ampersand: str = "&") -> str:
    """Return an address with a day in its query, before its fragment; as it is without a day.

    An address that names a day already keeps it. ``ampersand`` is ``&amp;`` where the address is
    escaped for HTML.
    """
    named, hash_, fragment = address.partition("#")
    _path, mark, query = named.partition("?")
    if day is None or any(part.startswith(f"{AS_AT}=") for part in query.split(ampersand)):
        return address
    between = ampersand if query else "" if mark else "?"
    return f"{named}{between}{AS_AT}={day.isoformat()}{hash_}{fragment}"
