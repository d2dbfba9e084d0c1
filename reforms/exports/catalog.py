"""The catalog as records for files: every exported row is built from these."""

from collections.abc import Iterator, Sequence
from typing import Any

from reforms.exchange import to_json
from reforms.models import Category, City, Indicator, Measure, Source, Synonym, Theme
from reforms.models.querysets import MeasureQuerySet
from reforms.records import CatalogRecord, LoadedRecord

CHUNK_SIZE = 500


def in_chunks(measures: MeasureQuerySet, size: int = CHUNK_SIZE) -> Iterator[list[Measure]]:
    """Yield the measures with all that ``to_record`` reads, in their order, ``size`` at a time.

    1 query for their numbers, which fixes what is listed and its order, then 6 for each chunk: no
    cursor stays open while a slow reader takes a chunk. What readers may no longer see when its
    chunk is fetched is left out.
    """
    numbers = list(measures.values_list("pk", flat=True))
    for start in range(0, len(numbers), size):
        chunk = numbers[start : start + size]
        yield _fetched(chunk)


def _fetched(numbers: Sequence[int]) -> list[Measure]:
    places = {number: place for place, number in enumerate(numbers)}
    # A source's text may be long, and would come again with each of its measures.
    found = (
        Measure.objects.public()
        .filter(pk__in=numbers)
        .for_record()
        .defer("source__text", "source__other_numbers")
    )
    return sorted(found, key=lambda measure: places[measure.pk])


def measure_objects(measures: MeasureQuerySet | None = None) -> Iterator[dict[str, Any]]:
    """Yield measures in their exchange shape, in the order given.

    Without ``measures``: each that readers may see, by source and position. 1 query, and 6 for
    every ``CHUNK_SIZE`` measures.
    """
    if measures is None:
        measures = Measure.objects.public().in_order()
    for chunk in in_chunks(measures):
        for measure in chunk:
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
