"""The history of the catalog as readers see it: what arrived, what was corrected, and in which places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from reforms import versions
from reforms.changes import Change, Names, changes
from reforms.days import day_read
from reforms.models import MeasureVersion, Source
from reforms.models.querysets import are_public


@dataclass(frozen=True)
class Correction:
    """A version of a measure, and the places in which it differs from the one before."""

    version: MeasureVersion
    changes: tuple[Change, ...]

    @property
    def is_first(self) -> bool:
        """Tell whether the measure came into the catalog with it."""
        return bool(self.version.version == 1)


@dataclass(frozen=True)
class Arrival:
    """Entries of one source that came into the catalog on one day."""

    source: Source
    day: date
    entries: int


def corrections() -> QuerySet[MeasureVersion]:
    """Return the versions that changed a measure readers may see, the newest first."""
    return (
        MeasureVersion.objects.filter(are_public("measure__"), version__gt=1)
        .select_related("measure__source")
        .order_by("-valid_from", "-pk")
    )


def arrivals(most: int) -> list[Arrival]:
    """Return what came into the catalog, by source and day, the newest first; 2 queries."""
    rows = list(
        MeasureVersion.objects.filter(are_public("measure__"), version=1)
        .order_by()
        .values("measure__source", day=TruncDate("valid_from"))
        .annotate(entries=Count("pk"))
        .order_by("-day", "measure__source__position")[:most]
    )
    sources = Source.objects.defer("text", "other_numbers").in_bulk(
        [row["measure__source"] for row in rows]
    )
    return [Arrival(sources[row["measure__source"]], row["day"], row["entries"]) for row in rows]


def changed_at() -> datetime | None:
    """Return when an entry of the catalog last changed; None where there is none. 1 query.

    As at a day, what changed after it does not count.
    """
    newest = MeasureVersion.objects.order_by("-valid_from").values_list("valid_from", flat=True)
    if day := day_read():
        newest = newest.filter(valid_from__date__lte=day)
    return newest.first()


def with_changes(found: Sequence[MeasureVersion]) -> list[Correction]:
    """Return versions with what each changed; at most 5 queries for any number."""
    wanted = [
        Q(measure=row.measure_id, version=row.version - 1) for row in found if row.version > 1
    ]
    if not wanted:
        return [Correction(row, ()) for row in found]
    earlier = {
        (row.measure_id, row.version): versions.read(row)
        for row in MeasureVersion.objects.filter(reduce(or_, wanted))
    }
    names = Names()
    return [Correction(row, tuple(_changes(row, earlier, names))) for row in found]


def _changes(
    row: MeasureVersion, earlier: dict[tuple[int, int], Any], names: Names
) -> list[Change]:
    before = earlier.get((row.measure_id, row.version - 1))
    if before is None:
        return []
    return changes(before, versions.read(row), row.measure.source.text, names)
