"""Load fixtures or exports into the catalog without overwriting anyone's edit."""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalog.start import refuse_missing_tables
from reforms.exchange import RecordError
from reforms.importing import Result, load_catalog, read_catalog, totals
from reforms.search import count_rows_anew

QUIET = {Result.UNCHANGED, Result.ADOPTED}
MAX_FILE_BYTES = 100_000_000
STANDARD_INPUT = Path("-")


class Command(BaseCommand):
    """Arguments in, one call of ``importing.load_catalog``, a summary out."""

    help = """Load the catalog's fixtures, or files made by export_catalog, in one transaction.

Each record is created, updated, left unchanged, or kept because someone edited it since it was
loaded; a record that is gone from the files is reported and stays. Withdrawn records stay
withdrawn. Safe to repeat: a second run changes nothing. Use loaddata only on an empty database;
this command then adopts its rows."""

    def create_parser(self, *arguments: Any, **options: Any) -> Any:
        """Keep the line breaks of the help."""
        parser = super().create_parser(*arguments, **options)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the files and the dry run."""
        parser.add_argument(
            "files",
            nargs="*",
            type=Path,
            help=(
                "fixtures or exports, - for standard input; without any, all .json files of the "
                "fixtures folder"
            ),
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done and write nothing"
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Load the files and print a line a changed record (every record with -v 2)."""
        files = options["files"] or sorted(Path(settings.BASE_DIR, "fixtures").glob("*.json"))
        if not files:
            raise CommandError("There are no files to load: name some.")
        verbosity = options["verbosity"]

        def show(result: Result, what: str, name: str) -> None:
            if verbosity > 1 or (verbosity == 1 and result not in QUIET):
                self.stdout.write(f"{result:>20}  {what} {name}")

        try:
            catalog = read_catalog(_parse(path) for path in files)
            refuse_missing_tables()
            report = load_catalog(
                catalog, by_name="load_catalog", is_dry_run=options["dry_run"], on_line=show
            )
            if not options["dry_run"]:
                count_rows_anew()
        except RecordError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if verbosity:
            counts = ", ".join(f"{count} {result}" for result, count in totals(report).items())
            ending = " (dry run: nothing was written)" if options["dry_run"] else ""
            self.stdout.write(self.style.SUCCESS(f"{counts}{ending}"))


def _parse(path: Path) -> Any:
    """Read one file (`-`: standard input) as JSON, with a sentence for whatever is wrong with it."""
    name = "Standard input" if path == STANDARD_INPUT else str(path)
    try:
        content = _content(path)
        if len(content) > MAX_FILE_BYTES:
            raise CommandError(f"{name} is larger than {MAX_FILE_BYTES} bytes.")
        return json.loads(content.decode("utf-8"))
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not UTF-8 (byte {error.start}).") from error
    except json.JSONDecodeError as error:
        raise CommandError(
            f"{name} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from error
    except RecursionError as error:
        raise CommandError(f"{name} is nested too deeply.") from error


def _content(path: Path) -> bytes:
    """Return the file's bytes, one more than is allowed at the most."""
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES + 1)
