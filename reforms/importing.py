"""Bring the records of files into the catalog: one transaction, safe to repeat, over no edit."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from reforms import search, states, versions
from reforms.exchange import RecordError, checksum, from_json, to_json
from reforms.fixture_rows import catalog_from_rows
from reforms.models import (
    Category,
    City,
    Indicator,
    Measure,
    Passage,
    Source,
    Synonym,
    Theme,
)
from reforms.models.fields import check_columns
from reforms.models.histories import Save
from reforms.records import Action, CatalogRecord, MeasureRecord, SourceRecord
from reforms.source_parts import OUT_OF_THE_WAY, store_parts

VOCABULARIES = (
    (Category, "categories"),
    (City, "cities"),
    (Theme, "themes"),
    (Indicator, "indicators"),
    (Synonym, "synonyms"),
)


class Result(StrEnum):
    """What loading did with one record."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ADOPTED = "adopted"
    KEPT = "kept because edited"
    GONE = "gone from the files"


@dataclass
class LoadReport:
    """What loading did with each record, in the order of the files: (result, what, name)."""

    lines: list[tuple[Result, str, str]] = field(default_factory=list)
    on_line: Callable[[Result, str, str], None] | None = None

    def add(self, result: Result, what: str, name: str) -> None:
        """Note what was done with one record and tell whoever shows the progress."""
        self.lines.append((result, what, name))
        if self.on_line:
            self.on_line(result, what, name)

    def count(self, result: Result) -> int:
        """Return how many records had this result."""
        return sum(line[0] == result for line in self.lines)

    @property
    def has_changes(self) -> bool:
        """Tell whether loading wrote anything that readers see."""
        return bool(self.count(Result.CREATED) + self.count(Result.UPDATED))


def read_catalog(documents: Iterable[Any]) -> CatalogRecord:
    """Read parsed JSON documents as one catalog record.

    A document is a Django fixture, an array of measures in the exchange shape, or a whole
    export. Raises ``RecordError`` for anything else, and for a record that stands twice.
    """
    rows: list[Any] = []
    catalogs: list[CatalogRecord] = []
    for document in documents:
        if isinstance(document, dict):
            catalogs.append(from_json(CatalogRecord, document))
        elif not isinstance(document, list) or not all(isinstance(r, dict) for r in document):
            raise RecordError("", "expected fixtures, a list of measures or a whole export.")
        elif document and "model" in document[0]:
            rows.extend(document)
        else:
            measures = from_json(tuple[MeasureRecord, ...], document)
            catalogs.append(CatalogRecord(measures=measures))
    if rows:
        catalogs.insert(0, catalog_from_rows(rows))
    return _joined(catalogs)


def _joined(catalogs: Sequence[CatalogRecord]) -> CatalogRecord:
    parts = {
        part.name: tuple(record for catalog in catalogs for record in getattr(catalog, part.name))
        for part in fields(CatalogRecord)
        if part.name != "loaded"
    }
    for name, records in parts.items():
        keys = [getattr(record, "identity", None) or record.slug for record in records]
        twice = next((key for key, count in Counter(keys).items() if count > 1), None)
        if twice:
            raise RecordError(name, "%(key)s stands twice.", key=twice)
    told = [catalog.loaded for catalog in catalogs if catalog.loaded is not None]
    loaded = tuple(record for records in told for record in records) if told else None
    return CatalogRecord(**parts, loaded=loaded)


def load_catalog(
    catalog: CatalogRecord,
    *,
    by_name: str,
    is_dry_run: bool = False,
    on_line: Callable[[Result, str, str], None] | None = None,
) -> LoadReport:
    """Bring a catalog record into the tables, in one transaction.

    A record unchanged since it was loaded is updated, an edited one is kept, a row without a
    checksum that equals the record is adopted, a withdrawn one stays withdrawn, and one that was
    loaded once but is gone from the files is reported. Raises ``RecordError`` when a record
    breaks a rule; then, and on a dry run, nothing is written. About 20 queries a changed measure.
    """
    report = LoadReport(on_line=on_line)
    checksums = _Checksums(catalog)
    save = Save(Action.LOADED, by_name=by_name)
    try:
        with transaction.atomic():
            search.lock_index()
            for model, plural in VOCABULARIES:
                _load_words(model, getattr(catalog, plural), report, save, checksums)
            _load_sources(catalog, report, save, checksums)
            search.index_missing()
            if is_dry_run:
                transaction.set_rollback(True)
    except IntegrityError as error:
        raise RecordError(
            "", "the records clash with rows that were edited: %(error)s", error=str(error)
        ) from error
    return report


class _Checksums:
    """What to keep as the checksum of each record as loaded.

    A record of fixtures is loaded as it stands. A record of a whole export was loaded as that
    catalog once loaded it, or never; so an edit made there is still an edit here.
    """

    def __init__(self, catalog: CatalogRecord) -> None:
        told = catalog.loaded
        self._told = (
            None if told is None else {(part.what, part.name): part.checksum for part in told}
        )

    def of(self, what: str, name: str, incoming: str) -> str | None:
        """Return the checksum to keep for a record whose own is ``incoming``."""
        return incoming if self._told is None else self._told.get((what, name))


def add_measure(record: MeasureRecord, by_name: str) -> Measure:
    """Store a new measure of a source that is there and return it; raises ``RecordError``."""
    load_catalog(CatalogRecord(measures=(record,)), by_name=by_name)
    stored: Measure = Measure.objects.get(source__slug=record.source, key=record.key)
    return stored


def _judge(row: Any, current: str, incoming: str) -> Result:
    """Compare a stored row with the record of the files by the checksums of both."""
    if current == incoming:
        return Result.UNCHANGED if row.loaded_checksum == incoming else Result.ADOPTED
    return Result.UPDATED if row.loaded_checksum == current else Result.KEPT


def _load_words(
    model: Any, records: Sequence[Any], report: LoadReport, save: Save, checksums: _Checksums
) -> None:
    what = model._meta.model_name
    rows = {row.slug: row for row in model.objects.select_for_update()}
    judged = []
    for record in records:
        row = rows.pop(record.slug, None)
        result = _judge(row, checksum(row.to_record()), checksum(record)) if row else Result.CREATED
        judged.append((record, row or model(version=0), result))
    states.begin(row for _, row, result in judged if result is Result.UPDATED)
    updated = [row.pk for _, row, result in judged if result is Result.UPDATED]
    model.objects.filter(pk__in=updated).update(position=F("position") + OUT_OF_THE_WAY)
    for record, row, result in judged:
        if result in (Result.CREATED, Result.UPDATED):
            for name, value in to_json(record).items():
                setattr(row, name, value)
            row.version += 1
        if result in (Result.CREATED, Result.UPDATED, Result.ADOPTED):
            row.loaded_checksum = checksums.of(what, record.slug, checksum(record))
            check_columns([row])
            _store(row, result, save)
        report.add(result, what, record.slug)
    if records:
        _report_gone(rows.values(), what, report, lambda row: row.slug)


def _store(row: Any, result: Result, save: Save) -> None:
    """Save a word or a source; one that only counts as loaded now is at the version that it was."""
    if result is Result.ADOPTED:
        states.begin([row], save)
        row.save_without_historical_record(update_fields=["loaded_checksum"])
    else:
        save.write(row)


def _report_gone(
    rows: Iterable[Any], what: str, report: LoadReport, name: Callable[[Any], str]
) -> None:
    for row in rows:
        if row.loaded_checksum:
            report.add(Result.GONE, what, name(row))


def _load_sources(
    catalog: CatalogRecord, report: LoadReport, save: Save, checksums: _Checksums
) -> None:
    rows = {row.slug: row for row in Source.objects.select_for_update(of=("self",))}
    by_source: dict[str, list[MeasureRecord]] = {}
    for measure in catalog.measures:
        by_source.setdefault(measure.source, []).append(measure)
    loaded = {record.slug for record in catalog.sources}
    for record in catalog.sources:
        _load_source(
            record,
            rows.get(record.slug),
            by_source.get(record.slug, []),
            report,
            save,
            checksums,
        )
    for slug in by_source.keys() - loaded:
        if slug not in rows:
            raise RecordError("source", "no source is called %(slug)s.", slug=slug)
        _load_measures(rows[slug], by_source[slug], report, save.by_name, checksums)
        versions.check_source(rows[slug])
    gone = [row for slug, row in rows.items() if slug not in loaded] if loaded else []
    _report_gone(gone, "source", report, lambda row: row.slug)


def _load_source(
    record: SourceRecord,
    row: Source | None,
    measures: Sequence[MeasureRecord],
    report: LoadReport,
    save: Save,
    checksums: _Checksums,
) -> None:
    if sha256(record.text.encode()).hexdigest() != record.checksum:
        raise RecordError(f"source {record.slug}", "the text does not have the checksum it names.")
    if row is None:
        row, result = Source(version=0), Result.CREATED
    else:
        if row.text != record.text:
            raise RecordError(
                f"source {record.slug}",
                "the text of a source never changes; give the new text a slug of its own that "
                "supersedes this one.",
            )
        current = Source.objects.for_record().get(pk=row.pk).to_record()
        result = _judge(row, checksum(_as_loaded(current)), checksum(_as_loaded(record)))
    if result is Result.UPDATED:
        states.begin([row])
    if result in (Result.CREATED, Result.UPDATED):
        _fill_source(row, record)
    if result in (Result.CREATED, Result.UPDATED, Result.ADOPTED):
        row.loaded_checksum = checksums.of("source", record.slug, checksum(_as_loaded(record)))
        check_columns([row])
        _store(row, result, save)
    if result in (Result.CREATED, Result.UPDATED):
        sections = store_parts(row, record, save)
        row.passages.filter(measure__isnull=True).delete()
    report.add(result, "source", record.slug)
    _load_measures(row, measures, report, save.by_name, checksums)
    if result in (Result.CREATED, Result.UPDATED):
        versions.store_passages(row, None, record.passages, sections, {})
    versions.check_source(row)


def _as_loaded(record: SourceRecord) -> SourceRecord:
    """Leave out what is not the files' to say: whether the source was withdrawn."""
    return replace(record, withdrawn_at=None, withdrawn_reason_zh=None, withdrawn_reason_en=None)


def _fill_source(row: Source, record: SourceRecord) -> None:
    skipped = {"sections", "identifications", "passages", "other_numbers", "supersedes"}
    withdrawal = {"withdrawn_at", "withdrawn_reason_zh", "withdrawn_reason_en"}
    for part in fields(record):
        if part.name not in skipped | withdrawal:
            setattr(row, part.name, getattr(record, part.name))
    if not row.is_withdrawn:
        for name in withdrawal:
            setattr(row, name, getattr(record, name))
    row.other_numbers = to_json(record.other_numbers)
    row.supersedes = Source.objects.get(slug=record.supersedes) if record.supersedes else None
    row.version += 1


def _load_measures(
    source: Source,
    records: Sequence[MeasureRecord],
    report: LoadReport,
    by_name: str,
    checksums: _Checksums,
) -> None:
    rows: dict[str, Measure] = {
        row.key: row for row in Measure.objects.filter(source=source).for_record()
    }
    judged: list[tuple[MeasureRecord, Measure | None, Result]] = []
    for record in records:
        row = rows.pop(record.key, None)
        result = Result.CREATED
        if row is not None:
            current = versions.content_checksum(row.to_record())
            result = _judge(row, current, versions.content_checksum(record))
        judged.append((record, row, result))
    _make_room(source, judged)
    for record, row, result in judged:
        if result in (Result.CREATED, Result.UPDATED):
            _write_measure(record, row, by_name, checksums)
        elif result is Result.ADOPTED and row is not None:
            _adopt(row, by_name, checksums)
        report.add(result, "measure", record.identity)
    _report_gone(rows.values(), "measure", report, lambda row: row.identity)


def _make_room(
    source: Source, judged: Sequence[tuple[MeasureRecord, Measure | None, Result]]
) -> None:
    """Free the passages and positions that measures of this load may exchange."""
    updated = [row.pk for _, row, result in judged if row and result is Result.UPDATED]
    Passage.objects.filter(measure__in=updated).delete()
    Measure.objects.filter(pk__in=updated).update(position=F("position") + OUT_OF_THE_WAY)


def _write_measure(
    record: MeasureRecord, row: Measure | None, by_name: str, checksums: _Checksums
) -> None:
    if row is not None and row.is_withdrawn:
        live = row.to_record()
        record = replace(
            record,
            withdrawn_at=live.withdrawn_at,
            withdrawn_reason_zh=live.withdrawn_reason_zh,
            withdrawn_reason_en=live.withdrawn_reason_en,
        )
    incoming = versions.content_checksum(record)
    measure = versions.write(
        record,
        expected_version=row.version if row else versions.NEW,
        action=Action.LOADED,
        by_name=by_name,
        loaded_checksum=checksums.of("measure", record.identity, incoming),
    )
    search.index_measure(measure, record)


def _adopt(row: Measure, by_name: str, checksums: _Checksums) -> None:
    """Count a row that equals the files as loaded from them; give it a first version."""
    record = row.to_record()
    row.loaded_checksum = checksums.of(
        "measure", record.identity, versions.content_checksum(record)
    )
    row.save(update_fields=["loaded_checksum"])
    if not row.versions.exists():
        versions.append(
            row, record, Action.LOADED, timezone.now(), by=None, by_name=by_name, reason=""
        )


def totals(report: LoadReport) -> Mapping[Result, int]:
    """Return how many records had each result, in the order of ``Result``."""
    return {result: report.count(result) for result in Result}
