"""What a measure's text suggests by rules: figures, points of themes, errata; for a person to accept or refuse.

Nothing here is a fact of the catalog: a suggestion is made of printed words, says by which rule, and
is public only as what an editor made of it. No database. Precision and recall against the entries
made by hand: ``python -m benchmarks.suggestions``, published in docs/notices.md.
"""

from collections.abc import Mapping

from reforms.records import MeasureRecord
from reforms.suggesting.errata import errata_in
from reforms.suggesting.figures import FigureValues, figure_values, figures_in
from reforms.suggesting.shapes import Subject, Suggestion
from reforms.suggesting.themes import points_in

__all__ = [
    "FigureValues",
    "Subject",
    "Suggestion",
    "figure_values",
    "suggestions",
]


def suggestions(
    record: MeasureRecord,
    text: str,
    themes: Mapping[str, str],
    *,
    declared: int | None = None,
    found: int | None = None,
) -> tuple[Suggestion, ...]:
    """Return what the text suggests that the record does not hold yet, in the order of the text.

    ``themes`` are the Chinese names of the catalog's themes by slug; ``declared`` is how many
    measures the heading before this measure says it lists and ``found`` how many it has, for the
    first measure of a section alone. Linear in the measure's text.
    """
    found_here = [
        *figures_in(record, text),
        *points_in(record, text, themes),
        *errata_in(record, text, declared=declared, found=found),
    ]
    return tuple(sorted(found_here, key=lambda one: one.spans[0]))
