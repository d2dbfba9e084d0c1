"""`manage.py backup`: write the database to one verified file while the site runs."""

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS
from tqdm import tqdm

from catalog import backups
from catalog.backups import BackupError, Made, Rotation
from catalog.start import refuse_missing_tables

MOST_KEPT = 10_000
# A row is read, then restored to the scratch database, then read there.
TIMES_A_ROW = 3


class Command(BaseCommand):
    """Arguments in, one call of ``backups.make_backup``, a summary out."""

    help = """Write everything that the database holds to one file, reforms-<moment in UTC>.backup, and verify it.

The site goes on meanwhile: the backup is the database as it is at one moment. When it is written, it
is restored to a scratch database, and every table is compared with what was read; only then does the
file get its name. Whatever fails or differs is said, leaves no file, and the exit status is not 0.

The file holds all tables, accounts with their hashed passwords and the search index too; it does not
hold who is signed in, the settings and the secret key. It is the same for SQLite and PostgreSQL: a
backup of one can be restored to the other. Safe to repeat and to run from a timer; of two that run
into one folder at a time the second fails. docs/operations.md has schedules."""

    def create_parser(self, *arguments: Any, **options: Any) -> Any:
        """Keep the line breaks of the help."""
        parser = super().create_parser(*arguments, **options)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the folder, the rotation and the dry run."""
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=Path(settings.VAR, "backups"),
            help="where the file goes, made where it does not exist; without it, backups/ in "
            "REFORMS_VAR. Another disk is better",
        )
        parser.add_argument(
            "--keep",
            type=kept,
            metavar="N",
            help="afterwards remove all backups in the folder but the N last sound ones, the new "
            "one among them; damaged files, other files and those of restore stay",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done and write nothing"
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Back up, rotate, and say what was done."""
        refuse_missing_tables()
        folder = options["folder"].expanduser().absolute()
        counts = backups.count_rows(backups.content_models(), DEFAULT_DB_ALIAS)
        rows = sum(counts.values())
        try:
            if options["dry_run"]:
                self.stdout.write(
                    f"{rows} rows of {len(counts)} tables would be written to a file in {folder}"
                )
                if options["keep"]:
                    self.report(backups.rotation(folder, options["keep"]), "would be removed", 1)
                self.stdout.write("(dry run: nothing was written)")
                return
            with progress(rows * TIMES_A_ROW, options["verbosity"]) as bar:
                made = backups.make_backup(folder, bar.update)
            self.tell(made, options["verbosity"])
            if options["keep"]:
                rotation = backups.rotate(folder, options["keep"], made.path)
                self.report(rotation, "removed", options["verbosity"])
        except BackupError as error:
            raise CommandError(str(error)) from error

    def tell(self, made: Made, verbosity: int) -> None:
        """Say where the backup is, what it holds and how it was verified."""
        if verbosity > 1:
            for table in made.manifest.tables:
                self.stdout.write(f"{table.rows:>9} rows  {table.checksum[:12]}  {table.name}")
        if verbosity:
            self.stdout.write(describe_made(made))
            self.stdout.write(
                self.style.SUCCESS(
                    f"Verified: restored to {made.place}, all {len(made.manifest.tables)} tables "
                    f"equal (written in {made.reading_seconds:.1f} s, verified in "
                    f"{made.verifying_seconds:.1f} s)"
                )
            )

    def report(self, found: Rotation, done: str, verbosity: int) -> None:
        """Say which earlier backups went, and name the damaged ones on standard error."""
        for path in found.removed if verbosity else ():
            self.stdout.write(f"{done}: {path}")
        for path in found.damaged:
            self.stderr.write(f"damaged, left alone, not counted: {path}")


def kept(text: str) -> int:
    """Return the number of backups to keep, at least the one that is made."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_KEPT):
        raise ArgumentTypeError(f"{text!r} is no number from 1 to {MOST_KEPT}")
    return int(text)


def describe_made(made: Made) -> str:
    """Return where a backup is and what it holds, in one line."""
    manifest = made.manifest
    return f"{made.path}: {manifest.rows} rows of {len(manifest.tables)} tables, {made.size} bytes"


def progress(total: int, verbosity: int) -> Any:
    """Return a progress bar on standard error; none where that is no terminal."""
    return tqdm(total=total, unit=" rows", disable=None if verbosity else True)
