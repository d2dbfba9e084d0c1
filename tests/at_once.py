"""Run functions at the same moment, each in its own thread and on its own connection."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

from django.db import connection, connections

SECONDS = 60


class AtOnce:
    """A place for functions that run at the same moment on the database under test.

    For tests with `transactional_db`. SQLite's tests run in memory, which several connections
    cannot share as they share a file: so the functions run on a file, copied from it at first use,
    with the settings of the site; on the database itself where it is a file.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "catalog.sqlite3"

    def __call__(self, *functions: Callable[[], Any]) -> list[Any]:
        """Return what each function returned or raised, in their order."""
        barrier = Barrier(len(functions))
        answers: list[Any] = [None] * len(functions)
        settings = connection.settings_dict
        if connection.vendor == "sqlite" and connection.is_in_memory_db():
            if not self.file.exists():
                self._copy()
            settings = {**settings, "NAME": str(self.file)}
        # Out of a pool, some would wait until others are done: they would not be at the same moment.
        options = {name: value for name, value in settings["OPTIONS"].items() if name != "pool"}
        settings = {**settings, "OPTIONS": options}

        def work(number: int, function: Callable[[], Any]) -> None:
            try:
                self._use(settings)
                barrier.wait(SECONDS)
                answers[number] = function()
            except Exception as error:
                answers[number] = error
            finally:
                connections["default"].close()

        threads = [Thread(target=work, args=pair) for pair in enumerate(functions)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
        return answers

    def _copy(self) -> None:
        connection.ensure_connection()
        with sqlite3.connect(self.file) as copy:
            copy.execute("PRAGMA journal_mode=WAL")
            connection.connection.backup(copy)

    def _use(self, settings: dict[str, Any]) -> None:
        here = connections["default"]
        here.close()
        here.settings_dict = settings
