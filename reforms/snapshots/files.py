"""The files that snapshots are kept in: found, made by one process at a time, checked, thrown away."""

import fcntl
import logging
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from reforms.routing import Database
from reforms.snapshots.building import build
from reforms.snapshots.state import name_of

SUFFIX = ".sqlite3"
# How long a reader waits while somebody else makes a snapshot: whoever waits keeps one of the few
# threads of the server from others. How often the making is begun anew because the vocabularies
# changed meanwhile.
WAIT_SECONDS, PAUSE_SECONDS = 2.0, 0.05
ATTEMPTS = 3
HEADER = b"SQLite format 3\x00"
logger = logging.getLogger(__name__)


class SnapshotBusy(Exception):
    """The snapshot is being made, or the catalog changes too fast to make one; to be asked again."""


def open_snapshot(moment: datetime) -> Database:
    """Return the catalog as it stood at a moment that is past, in a file opened for reading.

    The file is made where there is none; that takes time in proportion to the catalog. 7 queries
    where it is there. Raises ``SnapshotBusy``.
    """
    for _attempt in range(ATTEMPTS):
        name = name_of(moment)
        path = folder() / f"{name}{SUFFIX}"
        if is_sound(path) and _note_use(path):
            return Database(path)
        with _alone():
            if not is_sound(path) and not _make(moment, name, path):
                continue
            throw_away_old(path)
        return Database(path)
    raise SnapshotBusy


def folder() -> Path:
    """Return the folder of the snapshots, made for this account alone where it is not there."""
    path = Path(settings.SNAPSHOTS)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def is_sound(path: Path) -> bool:
    """Tell whether a file is there and is a database as long as it says of itself.

    The header tells the size of a page and their number (SQLite's file format, 1.3).
    """
    try:
        with path.open("rb") as file:
            header = file.read(100)
        length = path.stat().st_size
    except OSError:
        return False
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    return header.startswith(HEADER) and length == pages * (65_536 if page == 1 else page)


def is_damaged(database: Database) -> bool:
    """Tell whether an open file is no sound database inside; reads the whole file."""
    try:
        with database.connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            return bool(cursor.fetchone() != ("ok",))
    except DatabaseError:
        return True


def throw_away(path: Path) -> None:
    """Delete a snapshot; whoever has it open reads on."""
    path.unlink(missing_ok=True)


def throw_away_old(but: Path) -> None:
    """Delete what was used least lately, beyond as many as are kept, and what a crash left behind."""
    files = {path: _used_at(path) for path in folder().glob(f"*{SUFFIX}") if path != but}
    kept = sorted(files, key=lambda path: files[path], reverse=True)
    for path in kept[settings.SNAPSHOTS_KEPT - 1 :]:
        throw_away(path)
    for path in folder().glob("*.draft*"):
        throw_away(path)


def _note_use(path: Path) -> bool:
    """Note that a file is used now; false if another process threw it away meanwhile."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _used_at(path: Path) -> float:
    """Return when a file was used last; 0 if another process threw it away meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _make(moment: datetime, name: str, path: Path) -> bool:
    """Write a snapshot and give it its name; false if the catalog of that moment is another by now."""
    draft = path.with_suffix(f".draft-{os.getpid()}-{secrets.token_hex(4)}")
    begun = time.monotonic()
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        build(moment, draft)
        if name_of(moment) != name:
            return False
        draft.replace(path)
    except DatabaseError:
        # Rows that were copied before and after a change need not agree.
        if name_of(moment) == name:
            raise
        return False
    finally:
        throw_away(draft)
    seconds = time.monotonic() - begun
    logger.info("made the catalog as at %s in %.1f s", moment.isoformat(), seconds)
    return True


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process and thread at a time in; raises ``SnapshotBusy`` after ``WAIT_SECONDS``."""
    patience = time.monotonic() + WAIT_SECONDS
    with (folder() / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > patience:
                    raise SnapshotBusy from None
                time.sleep(PAUSE_SECONDS)
        # The lock ends with the file.
        yield
