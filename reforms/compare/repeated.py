"""Outcomes that a source prints again under another measure, in the same words."""

from collections.abc import Sequence
from dataclasses import replace

from reforms.compare.rows import Cell, Row
from reforms.models import Measure, Outcome

# A measure's source and a city, and the words that are printed as the outcome there.
Printed = tuple[int, int, str]


def with_repeated_outcomes(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with, in each cell, the other measures that print the outcome's words again.

    The same are words that agree in every character, of one city in one source, neither edited by
    the catalog. Measures stand in their order. 1 query, none where no outcome is stated.
    """
    asked = {key for row in rows for cell in row.cells if (key := _printed(row, cell))}
    if not asked:
        return list(rows)
    found: dict[Printed, list[Measure]] = {}
    for outcome in Outcome.objects.printed_as(asked):
        practice = outcome.practice
        key = (practice.measure.source_id, practice.city_id, outcome.text_zh)
        found.setdefault(key, []).append(practice.measure)
    return [_with_repeated(row, found) for row in rows]


def _with_repeated(row: Row, found: dict[Printed, list[Measure]]) -> Row:
    cells = []
    for cell in row.cells:
        key = _printed(row, cell)
        same = found.get(key, []) if key else []
        others = tuple(measure for measure in same if measure.pk != row.measure.pk)
        cells.append(replace(cell, outcome_again=others))
    return replace(row, cells=tuple(cells))


def _printed(row: Row, cell: Cell) -> Printed | None:
    outcome = getattr(cell.practice, "outcome", None)
    if outcome is None or outcome.is_text_edited:
        return None
    return (row.measure.source_id, cell.city.pk, outcome.text_zh)
