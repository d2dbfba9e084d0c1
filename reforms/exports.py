"""The catalog as records for files: every exported row is built from these."""

from collections.abc import Iterator
from typing import Any

from reforms.exchange import to_json
from reforms.models import Category, City, Indicator, Measure, Source, Theme
from reforms.records import CatalogRecord

CHUNK_SIZE = 500


def measure_objects() -> Iterator[dict[str, Any]]:
    """Yield each measure that readers may see in its exchange shape, by source and position.

    6 queries for every ``CHUNK_SIZE`` measures.
    """
    measures = Measure.objects.public().in_order().for_record()
    for measure in measures.iterator(chunk_size=CHUNK_SIZE):
        yield to_json(measure.to_record())


def whole_catalog() -> CatalogRecord:
    """Return everything the catalog holds, withdrawn and unpublished records too; 15 queries."""
    return CatalogRecord(
        categories=tuple(row.to_record() for row in Category.objects.all()),
        cities=tuple(row.to_record() for row in City.objects.all()),
        themes=tuple(row.to_record() for row in Theme.objects.all()),
        indicators=tuple(row.to_record() for row in Indicator.objects.all()),
        sources=tuple(row.to_record() for row in Source.objects.for_record()),
        measures=tuple(row.to_record() for row in Measure.objects.in_order().for_record()),
    )
