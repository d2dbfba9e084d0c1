"""A database under test that connections and processes of their own can open."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

from django.db import connection, connections

SECONDS = 60


@contextmanager
def opened_anew(**changed: Any) -> Iterator[Any]:
    """Let the default connection be another one to the same database, with other settings."""
    before = connections["default"]
    now = connections.create_connection("default")
    now.settings_dict = {**before.settings_dict, **changed}
    connections["default"] = now
    try:
        yield now
    finally:
        now.close()
        connections["default"] = before


@contextmanager
def own_database(folder: Path) -> Iterator[None]:
    """Run on a file that holds a copy of SQLite's database in memory; on PostgreSQL, as it is."""
    if connection.vendor == "postgresql":
        yield
        return
    file = folder / "catalog.sqlite3"
    connection.ensure_connection()
    with sqlite3.connect(file) as copy:
        copy.execute("PRAGMA journal_mode=WAL")
        connection.connection.backup(copy)
    copy.close()
    with opened_anew(NAME=str(file)):
        yield


def address() -> str:
    """Return the address of the default connection's database, as DATABASE_URL takes it."""
    chosen = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{chosen['NAME']}"
    account = quote(chosen["USER"]) + (f":{quote(chosen['PASSWORD'])}" * bool(chosen["PASSWORD"]))
    return f"postgresql://{account}@{chosen['HOST']}:{chosen['PORT']}/{chosen['NAME']}"


def elsewhere(work: Callable[[], Any]) -> Any:
    """Return what `work` returns or raises on a connection and in a thread of its own."""
    settings = connection.settings_dict
    answers: list[Any] = []

    def run() -> None:
        here = connections["default"]
        here.close()
        here.settings_dict = settings
        try:
            answers.append(work())
        except Exception as error:
            answers.append(error)
        finally:
            connections["default"].close()

    thread = Thread(target=run)
    thread.start()
    thread.join(SECONDS)
    (answer,) = answers
    return answer
