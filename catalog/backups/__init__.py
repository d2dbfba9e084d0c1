"""Backups of the whole content, made while the site runs, each verified by a restore; and restores."""

from catalog.backups.archive import Archive, Manifest
from catalog.backups.content import BackupError, content_models, count_rows
from catalog.backups.making import Made, Rotation, make_backup, rotate, rotation, verify
from catalog.backups.restoring import (
    Restored,
    after_restore,
    before_restore,
    has_tables,
    in_this_release,
    refuse_replacing,
    restore,
    rows_at_stake,
)

__all__ = [
    "Archive",
    "BackupError",
    "Made",
    "Manifest",
    "Restored",
    "Rotation",
    "after_restore",
    "before_restore",
    "content_models",
    "count_rows",
    "has_tables",
    "in_this_release",
    "make_backup",
    "refuse_replacing",
    "restore",
    "rotate",
    "rotation",
    "rows_at_stake",
    "verify",
]
