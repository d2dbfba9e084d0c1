"""Print the catalog in its exchange shape."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from reforms.exchange import to_json
from reforms.exports import measure_objects, whole_catalog


class Command(BaseCommand):
    """Arguments in, records out, as JSON on standard output and nothing else."""

    help = (
        "Print the measures as a JSON array in the exchange shape, by source and position, on "
        "standard output. Withdrawn and unpublished measures are left out. docs/data-dictionary.md "
        "lists the fields; load_catalog reads the output."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the switch for everything."""
        parser.add_argument(
            "--whole",
            action="store_true",
            help="print one object with vocabularies, sources and all measures, withdrawn and "
            "unpublished ones too: enough to rebuild the catalog",
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Write the array measure by measure, or the whole catalog."""
        if options["whole"]:
            self.stdout.write(_dump(to_json(whole_catalog())))
            return
        separator = "[\n"
        for measure in measure_objects():
            self.stdout.write(separator + _dump(measure), ending="")
            separator = ",\n"
        self.stdout.write("[]" if separator == "[\n" else "\n]")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
