"""Which database the queries of this thread go to: the site's own, or a file of the catalog's past.

``settings.DATABASE_ROUTERS`` names ``Router``. Only the tables of the catalog go to a file; accounts,
sessions and the history stay where they are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import load_backend

APP = "reforms"
ALIAS = "as_at"
ENGINE = "django.db.backends.sqlite3"
# The tables that a file of the past holds, parents before what hangs on them.
HELD = (
    *("category", "city", "theme", "indicator", "synonym"),
    *("source", "identification", "section", "measure"),
    *("practice", "outcome", "point", "figure", "erratum", "passage"),
    *("indexedtext", "indexedword"),
)
# Nothing of a file survives a crash while it is written: it is thrown away and written anew.
WRITING = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF;"
READING = "PRAGMA query_only=ON; PRAGMA mmap_size=268435456;"


class Database:
    """A SQLite file with tables of the catalog, opened by one thread for reading or for writing.

    Nothing connects before ``current`` is entered and something is asked.
    """

    def __init__(self, path: Path, *, is_new: bool = False) -> None:
        # Once it has its name, a file is never changed: it needs no locks.
        name = str(path) if is_new else f"file:{quote(str(path))}?mode=ro&immutable=1"
        given = {
            "ENGINE": ENGINE,
            "NAME": name,
            "OPTIONS": {"init_command": WRITING if is_new else READING},
        }
        settings = connections.configure_settings({DEFAULT_DB_ALIAS: given})[DEFAULT_DB_ALIAS]
        backend = load_backend(ENGINE)
        self.path = path
        self.connection: Any = backend.DatabaseWrapper(settings, ALIAS)

    @contextmanager
    def current(self) -> Iterator[None]:
        """Send every query for a table of ``HELD`` here inside, from this thread alone."""
        before = _current.get()
        connections[ALIAS] = self.connection
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)
            if before is None:
                del connections[ALIAS]
            else:
                connections[ALIAS] = before.connection

    def close(self) -> None:
        """Close the file; it may be closed twice."""
        self.connection.close()


_current: ContextVar[Database | None] = ContextVar("current", default=None)


class Router:
    """Send the catalog's tables to the file that is current, if one is, and leave all else alone.

    Writes go there too, so that they fail: a file of the past is opened for reading only.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """Return where a table is read."""
        if _current.get() is None or model._meta.app_label != APP:
            return None
        return ALIAS if model._meta.model_name in HELD else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        """Return where a table is written."""
        return self.db_for_read(model, **hints)
