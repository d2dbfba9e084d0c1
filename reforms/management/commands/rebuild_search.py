"""Write the search index anew, or check it against the records."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from catalog.start import refuse_missing_tables
from reforms.models import Measure
from reforms.search import faults, rebuild_index


class Command(BaseCommand):
    """Arguments in, one call of ``search.rebuild_index`` or ``search.faults``, a summary out."""

    help = """Write the search index of every measure anew, in one transaction.

The index follows every save by itself; this is for a database that was filled by loaddata, restored
from a dump, or brought up from a release with other rules of search. Safe to repeat. Readers
search the old index until the new one is whole; saves and load_catalog wait for it, and one that has
to wait too long (SQLite: 20 seconds; PostgreSQL: REFORMS_STATEMENT_TIMEOUT_MS) fails without writing
anything, so rebuild a large catalog when nobody edits. With --check nothing is written: each row is
listed that is stale, altered, missing or extra, and the command fails if there is one. Words that stand
in no text any more are counted (with -v 2 listed) and are no failure."""

    def create_parser(self, *arguments: Any, **options: Any) -> Any:
        """Keep the line breaks of the help."""
        parser = super().create_parser(*arguments, **options)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the check and the dry run."""
        parser.add_argument(
            "--check", action="store_true", help="compare the index with the records; write nothing"
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say how many measures would be indexed; write nothing",
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Rebuild or check, with a bar that shows the progress in a terminal."""
        refuse_missing_tables()
        count = Measure.objects.count()
        if options["check"]:
            self.check_index(count, options["verbosity"])
            return
        if options["dry_run"]:
            self.stdout.write(f"{count} measures would be indexed (dry run: nothing was written)")
            return
        with self.bar(count, options["verbosity"]) as bar:
            rebuild_index(bar.update)
        if options["verbosity"]:
            self.stdout.write(self.style.SUCCESS(f"{count} measures indexed"))

    def check_index(self, count: int, verbosity: int) -> None:
        """List the faults of the index and fail if there is one."""
        with self.bar(count, verbosity) as bar:
            try:
                found = list(faults(bar.update))
            except DatabaseError as error:
                raise CommandError(
                    f"The full-text table is out of step with the texts: {error}. "
                    "Run rebuild_search."
                ) from error
        left_over = sum(fault.is_harmless for fault in found)
        wrong = len(found) - left_over
        for fault in sorted(found, key=lambda fault: (fault.measure, fault.text)):
            if verbosity > 1 or not fault.is_harmless:
                self.stdout.write(f"{fault.kind:>9}  {fault.measure or '-'}  {fault.text}")
        if left_over and verbosity:
            self.stdout.write(f"{left_over} words stand in no text any more (harmless)")
        if wrong:
            raise CommandError(f"{wrong} rows are not as they should be: run rebuild_search.")
        if verbosity:
            self.stdout.write(self.style.SUCCESS(f"{count} measures checked, nothing amiss"))

    def bar(self, count: int, verbosity: int) -> Any:
        """Return a progress bar on standard error; none where that is no terminal."""
        return tqdm(total=count, unit=" measures", disable=None if verbosity else True)
