"""`manage.py restore`: put a verified backup in the place of what the database holds, or only check it."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from catalog import backups
from catalog.backups import Archive, BackupError
from catalog.management.commands.backup import describe_made, progress
from catalog.start import refuse_closed_database, refuse_missing_tables


class Command(BaseCommand):
    """Arguments in, one call of ``backups.verify`` or ``backups.restore``, a summary out."""

    help = """Restore a file made by `manage.py backup`, from SQLite or PostgreSQL, to the database of this site.

All or nothing: one transaction puts every row back, compares every table with the file and checks
what depends on the release, such as the search index. Whatever fails, or a kill, leaves the database
as it was. Readers of a running site see the old content until the end; saves wait, and one that has
to wait too long fails. Everybody has to sign in anew. Reload the server afterwards.

An empty database is made ready and filled. One that holds content is refused, unless --replace is
said: then what is there goes to a verified backup first. A backup of an earlier release is migrated;
one of a later release, a damaged or altered file, and a plain copy of a database file are refused.
Safe to repeat."""

    def create_parser(self, *arguments: Any, **options: Any) -> Any:
        """Keep the line breaks of the help."""
        parser = super().create_parser(*arguments, **options)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file and what may be done with it."""
        parser.add_argument("file", type=Path, help="a file that `manage.py backup` made")
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument(
            "--check",
            action="store_true",
            help="restore it to a scratch database only, compare every table, and say so",
        )
        chosen.add_argument(
            "--dry-run",
            action="store_true",
            help="look at the file and at the database, say what would be done, and write nothing",
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="replace what the database holds; a backup of it is made first",
        )
        parser.add_argument(
            "--safety-folder",
            type=Path,
            default=Path(settings.VAR, "backups"),
            help="where that backup goes; without it, backups/ in REFORMS_VAR",
        )
        parser.add_argument(
            "--no-input",
            action="store_true",
            help="do not ask before replacing; needed where there is no terminal",
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Check, say what would be done, or restore."""
        file = options["file"].expanduser().absolute()
        # Opening a SQLite file makes it, and what only looks makes nothing.
        is_looking = options["check"] or options["dry_run"]
        if not is_looking or connection.vendor == "postgresql":
            refuse_closed_database()
        try:
            with Archive(file) as archive:
                self.stdout.write(self.describe(archive))
                if options["check"]:
                    self.check_file(archive, options["verbosity"])
                elif options["dry_run"]:
                    self.look(archive, options["replace"])
                else:
                    self.put_back(archive, options)
        except BackupError as error:
            raise CommandError(str(error)) from error

    def describe(self, archive: Archive) -> str:
        """Return what a backup says of itself, in one line."""
        manifest = archive.manifest
        return (
            f"{archive.path}: made {manifest.made_at} of {manifest.vendor} "
            f"{manifest.vendor_version}, {manifest.rows} rows of {len(manifest.tables)} tables; "
            "every byte is as it was written"
        )

    def check_file(self, archive: Archive, verbosity: int) -> None:
        """Restore to a scratch database and say that all is equal."""
        with progress(archive.manifest.rows * 2, verbosity) as bar:
            place = backups.verify(archive.path, archive.manifest, bar.update)
        self.stdout.write(
            self.style.SUCCESS(
                f"Verified: restored to {place}, all {len(archive.manifest.tables)} tables equal"
            )
        )

    def look(self, archive: Archive, is_replacing: bool) -> None:
        """Say what a restore would do, or refuse as it would."""
        if backups.has_tables():
            refuse_missing_tables()
        with backups.in_this_release(archive) as fitting:
            at_stake = backups.rows_at_stake()
            backups.refuse_replacing(at_stake, is_replacing)
            self.stdout.write(
                f"{sum(at_stake.values())} rows in {len(at_stake)} tables would be backed up and "
                f"replaced by {fitting.manifest.rows} rows (dry run: nothing was written)"
            )

    def put_back(self, archive: Archive, options: Any) -> None:
        """Restore, and say what was done."""
        if not backups.has_tables():
            call_command("migrate", interactive=False, verbosity=0)
        refuse_missing_tables()
        at_stake = backups.rows_at_stake()
        backups.refuse_replacing(at_stake, options["replace"])
        if at_stake and not options["no_input"]:
            self.ask(sum(at_stake.values()))
        with (
            backups.in_this_release(archive) as fitting,
            progress(fitting.manifest.rows * 2, options["verbosity"]) as bar,
        ):
            restored = backups.restore(
                fitting,
                is_replacing=options["replace"],
                safety_folder=options["safety_folder"].expanduser().absolute(),
                on_rows=bar.update,
            )
        if restored.safety:
            self.stdout.write(f"What was there: {describe_made(restored.safety)}")
        for remark in restored.remarks:
            self.stdout.write(remark)
        self.stdout.write(
            self.style.SUCCESS(
                f"Restored: {restored.rows} rows, all {len(fitting.manifest.tables)} tables equal "
                "to the backup. Reload the server; everybody has to sign in anew."
            )
        )

    def ask(self, rows: int) -> None:
        """Ask whether so many rows may be replaced; raise ``CommandError`` unless the answer is yes."""
        if not sys.stdin.isatty():
            raise CommandError(
                "Nothing was changed: there is no terminal to ask at. Say --no-input to replace "
                "the content without a question."
            )
        answer = input(f"Replace the {rows} rows of this database? Type yes: ")
        if answer.strip() != "yes":
            raise CommandError("Nothing was changed.")
