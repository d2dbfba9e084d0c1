"""The catalog as records for files: every exported row is built from these."""

from collections.abc import Iterator
from typing import Any

from reforms.exchange import to_json
from reforms.models import Category, City, Indicator, Measure, Source, Synonym, Theme
from reforms.records import CatalogRecord, LoadedRecord

CHUNK_SIZE = 500


def measure_objects() -> Iterator[dict[str, Any]]:
    """Yield each measure that readers may see in its exchange shape, by source and position.

    6 queries for every ``CHUNK_SIZE`` measures.
    """
    measures = Measure.objects.public().in_order().for_record()
    for measure in measures.iterator(chunk_size=CHUNK_SIZE):
        yield to_json(measure.to_record())


def whole_catalog() -> CatalogRecord:
    """Return everything the catalog holds, withdrawn and unpublished records too; 16 queries."""
    words: dict[str, list[Any]] = {
        "categories": list(Category.objects.all()),
        "cities": list(City.objects.all()),
        "themes": list(Theme.objects.all()),
        "indicators": list(Indicator.objects.all()),
        "synonyms": list(Synonym.objects.all()),
        "sources": list(Source.objects.for_record()),
    }
    measures = list(Measure.objects.in_order().for_record())
    rows = [row for kind in words.values() for row in kind]
    return CatalogRecord(
        **{name: tuple(row.to_record() for row in kind) for name, kind in words.items()},
        measures=tuple(measure.to_record() for measure in measures),
        loaded=tuple(
            [_loaded(row, row.slug) for row in rows if row.loaded_checksum]
            + [_loaded(row, row.identity) for row in measures if row.loaded_checksum]
        ),
    )


def _loaded(row: Any, name: str) -> LoadedRecord:
    return LoadedRecord(what=row._meta.model_name, name=name, checksum=row.loaded_checksum)
