"""What the words at asked spans of a source are: the records made of them, and the way back there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Prefetch

from reforms.models import City, Figure, Measure, Point, Practice
from reforms.models.fields import as_spans
from reforms.models.querysets import MeasureQuerySet
from reforms.records import OutcomeState
from reforms.spans import Spans, is_within, joined


class Kind(StrEnum):
    """What kind of record the words are."""

    FIGURE = "figure"
    POINT = "point"
    PRACTICE = "practice"
    OUTCOME = "outcome"
    TITLE = "title"


@dataclass(frozen=True)
class Origin:
    """A record whose words are marked; ``is_part`` says that they are not all of its words."""

    kind: Kind
    measure: Measure
    city: City | None = None
    part: Figure | Point | None = None
    is_part: bool = False
    anchor: str = ""

    @property
    def address(self) -> str:
        """The address of the record in its measure's page, empty for a withdrawn measure."""
        if self.measure.is_withdrawn:
            return ""
        place = f"#{self.anchor}" if self.anchor else ""
        return f"{self.measure.get_absolute_url()}{place}"


def with_parts(measures: MeasureQuerySet) -> MeasureQuerySet:
    """Return the measures of a list with the points of their practices; 1 query more."""
    points = Point.objects.select_related("theme")
    return measures.prefetch_related(Prefetch("practices__points", points))


def origins(source_text: str, measures: Iterable[Measure], spans: Spans) -> list[Origin]:
    """Return the records whose words stand at ``spans``, in the order of print; else empty.

    Those that are made of exactly these words; where there are none, the practices, outcomes and
    titles that hold all of them. No query if the measures were fetched with practices, outcomes,
    points and figures.
    """
    if not spans:
        return []
    known = [(origin, joined(source_text, own)) for origin, own in _records(measures) if own]
    exact = [origin for origin, own in known if own == spans]
    return exact or [
        Origin(origin.kind, origin.measure, origin.city, is_part=True, anchor=origin.anchor)
        for origin, own in known
        if origin.part is None and is_within(spans, own)
    ]


def _records(measures: Iterable[Measure]) -> Iterator[tuple[Origin, Spans]]:
    for measure in measures:
        yield Origin(Kind.TITLE, measure), as_spans(measure.title_spans)
        for practice in measure.practices.all():
            yield from _of_practice(measure, practice)


def _of_practice(measure: Measure, practice: Practice) -> Iterator[tuple[Origin, Spans]]:
    city = practice.city
    yield Origin(Kind.PRACTICE, measure, city, anchor=practice.anchor), as_spans(practice.spans)
    if practice.outcome_state == OutcomeState.STATED:
        anchor = f"{practice.anchor}-outcome"
        spans = as_spans(practice.outcome.spans)
        yield Origin(Kind.OUTCOME, measure, city, anchor=anchor), spans
    parts: Sequence[tuple[Kind, Figure | Point, Spans]] = [
        *((Kind.POINT, point, as_spans(point.spans)) for point in practice.points.all()),
        *((Kind.FIGURE, figure, as_spans(figure.quote_spans)) for figure in practice.figures.all()),
    ]
    for kind, part, own in parts:
        yield Origin(kind, measure, city, part, anchor=part.anchor), own
