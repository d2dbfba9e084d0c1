"""Write the catalog as Django fixtures, a file for the vocabularies and one a source."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from reforms.exchange import from_json, to_json
from reforms.models import (
    Category,
    City,
    Erratum,
    Figure,
    Identification,
    Indicator,
    Measure,
    Outcome,
    Passage,
    Point,
    Practice,
    Section,
    Source,
    Synonym,
    Theme,
)
from reforms.records import NumberRecord

VOCABULARIES = (Category, City, Theme, Indicator, Synonym)
# What belongs to one database and not to the record: counters, checksums, moments of saving.
LEFT_OUT = {"version", "loaded_checksum", "changed_at"}


class Command(BaseCommand):
    """Write ``01_vocabularies.json`` and ``NN_<source>.json`` into a folder."""

    help = (
        "Write the catalog as fixtures that loaddata and load_catalog read, without history: "
        "one file for the vocabularies and one a source. Existing files of those names are "
        "replaced; the same catalog always gives the same bytes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the folder and the dry run."""
        parser.add_argument(
            "--folder",
            type=Path,
            default=Path(settings.BASE_DIR, "fixtures"),
            help="where to write; default: fixtures/ of the project",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say which files differ and write nothing"
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Write each file whose content differs."""
        for name, rows in fixture_files():
            path = options["folder"] / name
            text = _serialized(rows)
            if path.exists() and path.read_text(encoding="utf-8") == text:
                self.stdout.write(f"unchanged  {name}")
                continue
            if not options["dry_run"]:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{'differs' if options['dry_run'] else 'written':>9}  {name}")


def fixture_files() -> Iterator[tuple[str, list[models.Model]]]:
    """Yield the name of each fixture file and its rows, in an order that ``loaddata`` can load."""
    yield (
        "01_vocabularies.json",
        [row for model in VOCABULARIES for row in model._default_manager.all()],
    )
    for source in Source.objects.select_related("supersedes"):
        yield f"{source.position + 1:02}_{source.slug}.json", list(_rows_of(source))


def _rows_of(source: Source) -> Iterator[models.Model]:
    yield source
    yield from Section.objects.filter(source=source).select_related("source", "category")
    yield from Identification.objects.filter(source=source).select_related("source")
    yield from Measure.objects.filter(source=source).select_related("source", "category", "section")
    practices = {"practice__measure__source": source}
    related = ("practice__measure__source", "practice__city")
    yield from Practice.objects.filter(measure__source=source).select_related(
        "measure__source", "city"
    )
    yield from Outcome.objects.filter(**practices).select_related(*related)
    yield from Point.objects.filter(**practices).select_related(*related, "theme")
    yield from Figure.objects.filter(**practices).select_related(*related, "indicator")
    yield from Erratum.objects.filter(measure__source=source).select_related("measure__source")
    yield from Passage.objects.filter(source=source).for_page()


def _serialized(rows: Iterable[models.Model]) -> str:
    objects = serializers.serialize(
        "python", rows, use_natural_foreign_keys=True, use_natural_primary_keys=True
    )
    for row in objects:
        row["fields"] = {
            name: _in_declared_order(name, value)
            for name, value in row["fields"].items()
            if name not in LEFT_OUT
        }
    return json.dumps(objects, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder) + "\n"


def _in_declared_order(name: str, value: Any) -> Any:
    """Put the keys of stored JSON objects in order: PostgreSQL keeps them in one of its own."""
    if name != "other_numbers":
        return value
    return to_json(from_json(tuple[NumberRecord, ...], value))
