"""Whether what the tables hold keeps the catalog's rules: records, histories, tiling of sources."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from reforms import versions
from reforms.exchange import RecordError
from reforms.invariants import check_measure
from reforms.models import Measure, MeasureVersion, Source

MEASURES_AT_ONCE = 200


@dataclass(frozen=True)
class BrokenRule:
    """A rule that a measure or a source breaks; ``error`` says which, to be put in the reader's words."""

    subject: Measure | Source
    error: RecordError


def broken_rules(
    measures: QuerySet[Measure], tell: Callable[[int], object] = lambda count: None
) -> Iterator[BrokenRule]:
    """Yield each rule that one of these measures breaks, in their order; 8 queries for 200 measures.

    Saves check every rule: what is found here was written past them (by hand in the database, by
    a restored dump, by an older release). ``tell`` is called with the number of measures checked.
    """
    in_order = measures.order_by("source__position", "position", "pk")
    keys = list(in_order.values_list("pk", flat=True))
    for start in range(0, len(keys), MEASURES_AT_ONCE):
        chosen = keys[start : start + MEASURES_AT_ONCE]
        rows = Measure.objects.for_record().in_bulk(chosen)
        live = {
            version.measure_id: version
            for version in MeasureVersion.objects.live().filter(measure__in=chosen)
        }
        for key in chosen:
            if key in rows:
                yield from _of_measure(rows[key], live.get(key))
        tell(len(chosen))


def untiled_sources() -> Iterator[BrokenRule]:
    """Yield the sources whose passages do not tile their text; 2 queries a source."""
    for source in Source.objects.order_by("position").iterator(chunk_size=1):
        try:
            versions.check_source(source)
        except RecordError as error:
            yield BrokenRule(source, error)


def _of_measure(measure: Measure, live: MeasureVersion | None) -> Iterator[BrokenRule]:
    record = measure.to_record()
    try:
        check_measure(record, measure.source.text)
    except RecordError as error:
        yield BrokenRule(measure, error)
    if live is None:
        yield BrokenRule(measure, RecordError("", "no version of it stands as the live one."))
    elif live.version != measure.version:
        yield BrokenRule(
            measure,
            RecordError(
                "",
                "it is at version %(version)s, its history at %(number)s.",
                version=measure.version,
                number=live.version,
            ),
        )
    elif versions.read(live) != record:
        yield BrokenRule(
            measure, RecordError("", "what the tables hold is not what its history says.")
        )
