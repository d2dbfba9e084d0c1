"""Where a measure stands: under which heading of its source, and between which measures of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Lag, Lead, RowNumber

from reforms.models import Measure, Passage
from reforms.models.choices import LABELS
from reforms.models.querysets import MeasureQuerySet
from reforms.records import Role
from reforms.spans import text_at


@dataclass(frozen=True)
class Place:
    """The heading a measure stands under, as printed; what it declares, and what the text lists."""

    heading: str
    start: int
    declared_count: int | None
    listed_count: int

    @property
    def miscounts(self) -> bool:
        """Tell whether the heading declares another number of measures than the text lists."""
        return self.declared_count is not None and self.declared_count != self.listed_count


@dataclass(frozen=True)
class Addition:
    """Words of a measure beside its texts: who is responsible, or where it is to be replicated."""

    role: Role
    words: str
    start: int
    end: int

    @property
    def label(self) -> Any:
        """What the words say, in the reader's language."""
        return LABELS[Role][self.role]


@dataclass(frozen=True)
class Neighbours:
    """The measures before and after one in a list, its place there from 1, and the list's length."""

    previous: Measure | None
    following: Measure | None
    position: int
    total: int

    def page(self, page_size: int) -> int:
        """Return the page of the list on which the measure stands."""
        return (self.position - 1) // page_size + 1


def with_place(measures: MeasureQuerySet) -> MeasureQuerySet:
    """Return the measures with what ``place_in_source`` reads; no query of its own."""
    headings = Passage.objects.filter(
        section=OuterRef("section"), role=Role.SECTION_HEADING
    ).order_by("start")
    listed = (
        Measure.objects.filter(section=OuterRef("section"))
        .order_by()
        .values("section")
        .annotate(listed=Count("pk"))
        .values("listed")
    )
    return measures.annotate(
        heading_start=Subquery(headings.values("start")[:1]),
        heading_end=Subquery(headings.values("end")[:1]),
        listed_count=Subquery(listed, output_field=IntegerField()),
    )


def place_in_source(measure: Measure) -> Place | None:
    """Return where a measure fetched ``with_place`` stands, null where no heading is printed.

    The count is of what the text lists under the heading, withdrawn measures among it. No query.
    """
    found: Any = measure
    if found.heading_start is None:
        return None
    heading = text_at(measure.source.text, [(found.heading_start, found.heading_end)])
    section: Any = measure.section
    return Place(heading, found.heading_start, section.declared_count, found.listed_count)


def additions(measure: Measure) -> list[Addition]:
    """Return who is responsible for a measure and where it is to be replicated, as printed; 1 query."""
    roles = (Role.RESPONSIBLE, Role.REPLICATED_IN)
    rows = measure.passages.filter(role__in=roles).order_by("start")
    return [
        Addition(
            Role(row.role), text_at(measure.source.text, [(row.start, row.end)]), row.start, row.end
        )
        for row in rows
    ]


def neighbours(listed: QuerySet[Any], measure: Measure) -> Neighbours | None:
    """Return what stands before and after a measure in an ordered list, null if it is not in it.

    1 query, which reads the list's order once.
    """
    order: Sequence[Any] = listed.query.order_by
    # A condition on a column would be applied before the windows are computed; on a window, after.
    itself = Window(Max("pk"), partition_by=[F("pk")])
    rows = (
        listed.select_related("source")
        .only("key", "number", "title_zh", "title_en", "is_title_edited", "source__slug")
        .annotate(
            itself=itself,
            before=Window(Lag("pk"), order_by=order),
            behind=Window(Lead("pk"), order_by=order),
            place=Window(RowNumber(), order_by=order),
            total=Window(Count("pk")),
        )
        .filter(Q(itself=measure.pk) | Q(before=measure.pk) | Q(behind=measure.pk))
    )
    by_pk = {row.pk: row for row in rows}
    here = by_pk.get(measure.pk)
    if here is None:
        return None
    return Neighbours(by_pk.get(here.before), by_pk.get(here.behind), here.place, here.total)
