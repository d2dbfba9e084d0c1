"""Restore a backup over the site's database while the site runs: all of it, compared, or nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.dispatch import Signal

from catalog.backups import content, making, scratch
from catalog.backups.archive import Archive
from catalog.backups.content import BackupError, OnRows
from catalog.backups.making import Made

LOCK_WAIT_SECONDS = 30

# Sent inside the transaction before a table is locked: who has a lock of their own takes it first.
before_restore = Signal()
# Sent inside the transaction when the content is in and was compared. A receiver mends what depends
# on the release and returns a sentence about it; what it raises undoes the restore.
after_restore = Signal()


@dataclass(frozen=True)
class Restored:
    """What a restore did: the backup made before it of what was there, and what receivers said."""

    rows: int
    safety: Made | None
    remarks: tuple[str, ...] = field(default=())


def rows_at_stake() -> Mapping[str, int]:
    """Return the number of rows that a restore would replace, by table, without what `migrate` makes.

    Empty where there are no tables. One query a table.
    """
    if not has_tables():
        return {}
    models = [
        model
        for model in content.content_models()
        if model._meta.label_lower not in content.MADE_BY_MIGRATE
    ]
    counts = content.count_rows(models, DEFAULT_DB_ALIAS)
    return {name: rows for name, rows in counts.items() if rows}


def has_tables() -> bool:
    """Tell whether any migration was ever applied to the site's database; 2 queries.

    A SQLite file that is not there yet is not made by asking.
    """
    file = Path(connection.settings_dict["NAME"])
    # A database in memory, as tests have it, is named by an address and not by a path.
    if connection.vendor == "sqlite" and file.is_absolute() and not file.exists():
        return False
    return bool(MigrationExecutor(connection).loader.applied_migrations)


@contextmanager
def in_this_release(archive: Archive, on_rows: OnRows = lambda rows: None) -> Iterator[Archive]:
    """Yield a backup brought to this release: itself, or one made of it in a scratch database.

    A backup of an earlier release is restored there to the tables of its time, and migrated.
    Raises ``BackupError`` for one of a later release.
    """
    making.refuse_later_release(archive)
    if set(archive.manifest.migrations) == scratch.known_migrations():
        making.refuse_other_tables(archive, content.content_models())
        yield archive
        return
    with TemporaryDirectory(prefix="backups-") as folder, scratch.scratch_file() as place:
        making.load(archive, place.alias, on_rows)
        scratch.make_newest_tables(place.alias)
        emit_post_migrate_signal(0, False, place.alias)
        path = Path(folder, "migrated.backup")
        making.write_content(place.alias, path, datetime.now(UTC), on_rows)
        with Archive(path) as migrated:
            yield migrated


def restore(
    archive: Archive,
    *,
    is_replacing: bool,
    safety_folder: Path,
    on_rows: OnRows = lambda rows: None,
) -> Restored:
    """Replace the content of the site's database by that of a backup of this release.

    One transaction: readers see the old content until it ends, writers wait, and whatever stops it
    leaves everything as it was. What is replaced goes to a verified backup in ``safety_folder``
    first, inside the same transaction, so that it holds the last save. Raises ``BackupError`` where
    there is content and ``is_replacing`` does not allow it, and for any difference afterwards.
    """
    models = content.content_models()
    making.refuse_other_tables(archive, models)
    try:
        with transaction.atomic():
            before_restore.send(sender=Archive)
            _lock(models)
            safety = None
            if at_stake := rows_at_stake():
                refuse_replacing(at_stake, is_replacing)
                with making.folder_for_one(safety_folder):
                    safety = making.make_backup_of(
                        DEFAULT_DB_ALIAS, safety_folder, making.BEFORE_RESTORE, on_rows
                    )
            content.replace_content(
                models, content.left_out_models(), DEFAULT_DB_ALIAS, archive.lines, on_rows
            )
            making.refuse_differences(archive, models, DEFAULT_DB_ALIAS, on_rows)
            remarks = _mend()
    except Error as error:
        reason = " ".join(str(error).split()).rstrip(".")
        raise BackupError(f"Nothing was restored: {reason}. Try again.") from error
    return Restored(archive.manifest.rows, safety, remarks)


def refuse_replacing(at_stake: Mapping[str, int], is_replacing: bool) -> None:
    """Raise ``BackupError`` where there is content and nobody said that it may go."""
    if at_stake and not is_replacing:
        raise BackupError(
            f"The database holds {sum(at_stake.values())} rows in {len(at_stake)} tables, and "
            "nothing was changed. To replace all of them, say --replace: a backup of what is there "
            "is made first."
        )


def _mend() -> tuple[str, ...]:
    """Let receivers bring what depends on the release in step; return their sentences."""
    try:
        answers = after_restore.send(sender=Archive)
    except Exception as error:
        # Content that the code cannot read, whatever that raises: the backup is not of this site.
        raise BackupError(
            "Nothing was restored: the content is as it was backed up, but this release cannot "
            f"read it ({type(error).__name__}: {error})."
        ) from error
    return tuple(str(remark) for _receiver, remark in answers if remark)


def _lock(models: list[content.Model]) -> None:
    """Keep writers out until the end of the transaction; readers go on."""
    # On SQLite a transaction is IMMEDIATE: it was alone from its beginning.
    if connection.vendor != "postgresql":
        return
    tables = [*models, *content.left_out_models(apps)]
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in tables)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT_SECONDS}s'")
        cursor.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
