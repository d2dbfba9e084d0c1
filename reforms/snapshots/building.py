"""Write a file with the catalog as it stood at a moment: copied where nothing changed since, else rebuilt."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import QuerySet

from reforms import search, versions
from reforms.models import (
    Erratum,
    Figure,
    IndexedText,
    IndexedWord,
    Measure,
    MeasureVersion,
    Outcome,
    Passage,
    Point,
    Practice,
    Source,
)
from reforms.models.querysets import PassageQuerySet
from reforms.records import MeasureRecord
from reforms.routing import ALIAS, APP, HELD, Database
from reforms.snapshots.passages import passages_between
from reforms.snapshots.state import KEPT_AS_TODAY

# Rows read and written at once; records hold a measure each, and take more room.
ROWS, RECORDS = 2000, 100
# What hangs on a measure, parents first, with the way to it.
BELOW: tuple[tuple[Any, str], ...] = (
    (Measure, ""),
    (Practice, "measure__"),
    (Outcome, "practice__measure__"),
    (Point, "practice__measure__"),
    (Figure, "practice__measure__"),
    (Erratum, "measure__"),
    (Passage, "measure__"),
    (IndexedText, "measure__"),
)


def build(moment: datetime, path: Path) -> None:
    """Write the catalog as it stood at a moment that is past into a new file.

    Vocabularies, sources and the source's own passages are today's. A measure that was not there
    yet is left out. About 25 queries, 1 more for every ``RECORDS`` measures that changed since and
    3 a source with any. What is saved meanwhile does no harm: a measure that changes while it is
    copied is rebuilt; vocabularies are for the caller to compare.
    """
    with closing(Database(path, is_new=True)) as database, database.current():
        _make_tables(database)
        with transaction.atomic(using=ALIAS):
            for model in (*KEPT_AS_TODAY, IndexedWord):
                _copy(model._default_manager.all(), database)
            # Before anything is rebuilt: what is copied keeps its key, what is rebuilt takes the next.
            _copy(_own_passages(), database)
            _copy_unchanged(moment, database)
            rebuilt: set[int] = set()
            # What was saved while rows were copied may be copied by halves: it is rebuilt too.
            while fresh := _changed_since(moment) - rebuilt:
                _forget(fresh)
                _rebuild(moment, fresh)
                rebuilt |= fresh
            _fit_own_passages(_differing_sources(rebuilt))
        with database.connection.cursor() as cursor:
            # So that SQLite knows how long its tables are when it plans a query.
            cursor.execute("ANALYZE")


def _make_tables(database: Database) -> None:
    with database.connection.schema_editor() as editor:
        for name in HELD:
            editor.create_model(apps.get_model(APP, name))
        search.make_index(editor)


def _changed_since(moment: datetime) -> set[int]:
    """Return the measures that were there and that somebody saved since; 1 query."""
    past = MeasureVersion.objects.using(DEFAULT_DB_ALIAS).as_at(moment)
    return set(past.filter(valid_to__isnull=False).values_list("measure_id", flat=True))


def _copy_unchanged(moment: datetime, database: Database) -> None:
    """Copy the measures whose version at the moment is the live one, and all that hangs on them."""
    for model, way in BELOW:
        live = {f"{way}versions__valid_to__isnull": True, f"{way}versions__valid_from__lte": moment}
        _copy(model._default_manager.filter(**live), database)


def _copy(rows: QuerySet[Any], database: Database) -> None:
    """Copy rows of the site's own database, their keys too, a chunk at a time; 1 query."""
    fields = rows.model._meta.concrete_fields
    quote = database.connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(rows.model._meta.db_table)} ({columns}) VALUES ({places})"
    own = rows.using(DEFAULT_DB_ALIAS).order_by("pk")
    values = own.values_list(*(field.attname for field in fields)).iterator(chunk_size=ROWS)
    with database.connection.cursor() as cursor:
        for chunk in _in_chunks(values, ROWS):
            stored = (
                [
                    field.get_db_prep_save(value, database.connection)
                    for field, value in zip(fields, row, strict=True)
                ]
                for row in chunk
            )
            cursor.executemany(statement, stored)


def _in_chunks(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    remaining = iter(values)
    while chunk := list(islice(remaining, size)):
        yield chunk


def _forget(measures: Iterable[int]) -> None:
    """Take away what was copied of these measures, and their sources' own passages, which may be cut anew."""
    for chunk in _in_chunks(measures, ROWS // 4):
        measures_here = Measure.objects.using(DEFAULT_DB_ALIAS).filter(pk__in=chunk)
        sources = set(measures_here.values_list("source_id", flat=True))
        _own_passages().filter(source__in=sources)._raw_delete(ALIAS)
        for model, way in reversed(BELOW):
            rows = model._default_manager.filter(**{f"{way}pk__in": chunk})
            rows.order_by()._raw_delete(ALIAS)


def _rebuild(moment: datetime, measures: set[int]) -> None:
    """Write these measures from the records of the versions that were live at the moment."""
    past = MeasureVersion.objects.using(DEFAULT_DB_ALIAS).as_at(moment)
    kept = past.filter(valid_to__isnull=False).select_related("measure")
    ordered = kept.order_by("measure__source_id", "measure_id")
    found = (
        version
        for version in ordered.iterator(chunk_size=RECORDS)
        if version.measure_id in measures
    )
    for source, of_source in groupby(found, key=lambda version: version.measure.source_id):
        words = versions.Words.everything(Source.objects.get(pk=source))
        for chunk in _in_chunks(of_source, RECORDS):
            _store(chunk, Source.objects.get(pk=source), words)


def _store(past: Iterable[MeasureVersion], source: Source, words: versions.Words) -> None:
    rows: dict[type, list[Any]] = {model: [] for model, _way in BELOW}
    indexed: list[tuple[Measure, MeasureRecord]] = []
    for version in past:
        record = versions.read(version)
        measure = Measure(
            pk=version.measure_id,
            source=source,
            key=record.key,
            version=version.version,
            changed_at=version.valid_from,
        )
        for row in versions.rows_of(measure, record, words):
            rows[type(row)].append(row)
        indexed.append((measure, record))
    for made in rows.values():
        if made:
            type(made[0]).objects.bulk_create(made, batch_size=ROWS // 4)
    search.index_new(indexed)


def _own_passages() -> PassageQuerySet:
    """Return the passages that belong to sources themselves."""
    passages: PassageQuerySet = Passage.objects.filter(measure__isnull=True).order_by()
    return passages


def _fit_own_passages(sources: set[int]) -> None:
    """Write the sources' own passages anew, fitted between measures that are not cut as today; 3 queries each."""
    for pk in sorted(sources):
        source = Source.objects.get(pk=pk)
        _own_passages().filter(source=pk)._raw_delete(ALIAS)
        held = source.passages.order_by("start").values_list("start", "end")
        today = Passage.objects.using(DEFAULT_DB_ALIAS).filter(source=pk).order_by("start")
        fitted = passages_between(source.text, today, list(held))
        Passage.objects.bulk_create(fitted, batch_size=ROWS // 4)


def _differing_sources(rebuilt: set[int]) -> set[int]:
    """Return the sources with measures that were rebuilt, or that were not there yet; 2 queries."""
    there = dict(Measure.objects.values_list("pk", "source_id"))
    today: Mapping[int, int] = dict(
        Measure.objects.using(DEFAULT_DB_ALIAS).values_list("pk", "source_id")
    )
    return {source for pk, source in today.items() if pk in rebuilt or pk not in there}
