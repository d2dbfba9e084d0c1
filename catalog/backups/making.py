"""Make a backup while the site runs, restore it to a scratch database, compare, and only then keep it."""

import fcntl
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.db import Error, connections

from catalog.backups import content, scratch
from catalog.backups.archive import Archive, Manifest, Writer, refuse_other_files
from catalog.backups.content import BackupError, OnRows

BEGINNING = "reforms-"
BEFORE_RESTORE = "before-restore-"
ENDING = ".backup"
NAME = re.compile(r"reforms-\d{8}T\d{6}\.\d{6}Z\.backup")
PARTIAL = ".partial"
LOCK = ".lock"


@dataclass(frozen=True)
class Made:
    """A backup that was made and verified; durations are in seconds."""

    path: Path
    manifest: Manifest
    size: int
    place: str
    reading_seconds: float
    verifying_seconds: float


@dataclass(frozen=True)
class Rotation:
    """Which earlier backups of a folder go, and which were left alone because they are damaged."""

    removed: tuple[Path, ...]
    damaged: tuple[Path, ...]


def make_backup(folder: Path, on_rows: OnRows = lambda rows: None) -> Made:
    """Write a backup of the site's database into a folder, verified; the site goes on meanwhile.

    Raises ``BackupError`` where it cannot be written, or differs from what was read: then there is
    no file.
    """
    with folder_for_one(folder), scratch.reading_one_moment() as alias:
        return make_backup_of(alias, folder, BEGINNING, on_rows)


def make_backup_of(
    alias: str, folder: Path, beginning: str, on_rows: OnRows = lambda rows: None
) -> Made:
    """Write what a connection sees, in a transaction of the caller's, to a verified file.

    The file has its name only when it was verified. Costs 3 queries, and 2 a table, besides those
    of the scratch database.
    """
    moment = datetime.now(UTC)
    path = folder / f"{beginning}{moment:%Y%m%dT%H%M%S.%f}Z{ENDING}"
    partial = path.with_name(path.name + PARTIAL)
    try:
        started = time.perf_counter()
        manifest = write_content(alias, partial, moment, on_rows)
        read = time.perf_counter()
        place = verify(partial, manifest, on_rows)
        verified = time.perf_counter()
        # A link, unlike a rename, never takes the place of another file.
        os.link(partial, path)
        _to_disk(folder)
    except OSError as error:
        raise BackupError(
            f"No backup was made: {path} cannot be written ({error.strerror or error})."
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    size = path.stat().st_size
    return Made(path, manifest, size, place, read - started, verified - read)


def write_content(alias: str, path: Path, moment: datetime, on_rows: OnRows) -> Manifest:
    """Write every table to a new file that its owner alone can read, down to the disk."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    models = content.content_models()
    writer = Writer(path)
    try:
        tables = []
        for model in models:
            with writer.table(model._meta.db_table) as part:
                tables.append(content.describe(model, alias, part.write, on_rows))
        counted = content.count_rows(models, alias)
        written = {table.name: table.rows for table in tables}
        if counted != written:
            raise BackupError(f"No backup was made: {_first_difference(written, counted)}.")
        here = connections[alias]
        manifest = Manifest(
            made_at=moment.isoformat(timespec="microseconds"),
            vendor=here.vendor,
            vendor_version=".".join(map(str, here.get_database_version())),
            django_version=django.get_version(),
            left_out=tuple(model._meta.db_table for model in content.left_out_models()),
            migrations=tuple(sorted(scratch.applied_migrations(alias))),
            tables=tuple(tables),
        )
        writer.finish(manifest)
    finally:
        writer.abandon()
    _to_disk(path)
    return manifest


def _first_difference(written: Mapping[str, int], counted: Mapping[str, int]) -> str:
    name = next(name for name in written if written[name] != counted.get(name))
    return f"the table {name} has {counted.get(name)} rows, of which {written[name]} were read"


def verify(path: Path, expected: Manifest | None, on_rows: OnRows = lambda rows: None) -> str:
    """Restore a backup to a scratch database and compare every table; return where that was.

    ``expected`` is the manifest as it was written, if known. Raises ``BackupError`` for any
    difference, and where the backup is of another release.
    """
    with Archive(path) as archive, scratch.scratch_database() as place:
        if expected is not None and archive.manifest != expected:
            raise BackupError(f"{path} says something else than was written to it.")
        load(archive, place.alias, on_rows)
        return place.place


def load(archive: Archive, alias: str, on_rows: OnRows = lambda rows: None) -> None:
    """Make the tables of a backup's release in an empty database, put its rows in, and compare."""
    refuse_later_release(archive)
    registry = scratch.make_tables(alias, set(archive.manifest.migrations))
    models = content.content_models(registry)
    refuse_other_tables(archive, models)
    content.replace_content(
        models, content.left_out_models(registry), alias, archive.lines, on_rows
    )
    refuse_differences(archive, models, alias, on_rows)


def refuse_differences(archive: Archive, models: Any, alias: str, on_rows: OnRows) -> None:
    """Raise ``BackupError`` unless the tables of a database are as a backup says."""
    try:
        found = content.differences(models, alias, archive.manifest.tables, on_rows)
    except Error as error:
        raise BackupError(
            f"What was restored from {archive.path} cannot be read: {error}."
        ) from error
    if found:
        raise BackupError(f"What was restored from {archive.path} differs: {'; '.join(found)}.")


def refuse_later_release(archive: Archive) -> None:
    """Raise ``BackupError`` for a backup with migrations that this code does not know."""
    known = scratch.known_migrations()
    strange = sorted(set(archive.manifest.migrations) - known)
    if strange:
        raise BackupError(
            f"{archive.path} was made by a later release: it has the migration "
            f"{'.'.join(strange[0])}, which this one does not know. Upgrade first, then restore."
        )


def refuse_other_tables(archive: Archive, models: Any) -> None:
    """Raise ``BackupError`` unless a backup's tables and columns are those of the models."""
    wanted = {model._meta.db_table: content.columns_of(model) for model in models}
    held = {table.name: table.columns for table in archive.manifest.tables}
    strange = sorted(name for name in wanted.keys() | held if wanted.get(name) != held.get(name))
    if strange or len(held) != len(archive.manifest.tables):
        raise BackupError(
            f"{archive.path} does not fit this site: the table {(strange or ['?'])[0]} is missing "
            "or has other columns, although the migrations are the same."
        )


# --- The folder ---


@contextmanager
def folder_for_one(folder: Path) -> Iterator[None]:
    """Make a folder where there is none, keep other runs out, and clear what a killed run left."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise BackupError(
            f"The folder {folder} cannot be written ({error.strerror}): name another."
        ) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(
                f"Another backup to {folder} is running: wait for its end."
            ) from error
        for left_over in folder.glob(f"*{ENDING}{PARTIAL}"):
            left_over.unlink()
        yield
    finally:
        os.close(lock)


def rotation(folder: Path, keep: int, newest: Path | None = None) -> Rotation:
    """Return which backups of a folder go where the ``keep`` last sound ones stay; removes nothing.

    ``newest`` was just made, and is the first of those that stay; without it, it is still to be
    made. Reads every backup once. Damaged ones neither count nor go: somebody should look at them.
    """
    sound, damaged = [], []
    for path in sorted(folder.glob(f"{BEGINNING}*{ENDING}"), reverse=True):
        if path == newest or not NAME.fullmatch(path.name):
            continue
        try:
            refuse_other_files(path)
            sound.append(path)
        except (BackupError, OSError):
            damaged.append(path)
    return Rotation(tuple(sound[keep - 1 :]), tuple(damaged))


def rotate(folder: Path, keep: int, newest: Path) -> Rotation:
    """Remove the backups that ``rotation`` names, and return it."""
    with folder_for_one(folder):
        found = rotation(folder, keep, newest)
        for path in found.removed:
            path.unlink()
    return found


def _to_disk(path: Path) -> None:
    """Wait until a file or the names in a folder are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
