"""Check that what the tables hold keeps the catalog's rules."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalog.start import refuse_missing_tables
from reforms.checking import broken_rules, untiled_sources
from reforms.models import Measure


class Command(BaseCommand):
    """No arguments; two questions of ``checking``, a line a broken rule."""

    help = """Check every measure and source against the catalog's rules; nothing is written.

Texts are made of passages, passages tile their source, quotations stand where their spans say,
figures have a value and a unit or say that none is printed, and the tables hold what the history
says. Saves check all of this by themselves; this is for a database that was changed by hand, filled
by loaddata or restored from a dump. Fails if a rule is broken, after listing all that are."""

    def create_parser(self, *arguments: Any, **options: Any) -> Any:
        """Keep the line breaks of the help."""
        parser = super().create_parser(*arguments, **options)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Check, with a bar that shows the progress in a terminal."""
        refuse_missing_tables()
        count = Measure.objects.count()
        disable = True if options["verbosity"] == 0 else None
        with tqdm(total=count, unit=" measures", disable=disable) as bar:
            found = [*broken_rules(Measure.objects.all(), bar.update), *untiled_sources()]
        for one in found:
            self.stdout.write(f"{one.subject}: {one.error}")
        if found:
            raise CommandError(f"{len(found)} broken rules.")
        if options["verbosity"]:
            self.stdout.write(self.style.SUCCESS(f"{count} measures keep every rule"))
