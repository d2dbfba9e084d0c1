"""Which figure stands for a practice, and where the same statement is printed again."""

from collections.abc import Iterable
from typing import Any

from reforms.figures.sentences import has_change
from reforms.models import Figure, Practice
from reforms.records import Direction, Nature, StatedIn

_RESULT_NATURES = frozenset(Nature) - {Nature.ACHIEVED}


def key_figure(practice: Practice) -> Figure | None:
    """Return the one figure that stands for a practice in a list, or none.

    The rule: what the outcome states goes before what the practice states; a change whose value
    before is stated goes before any other value; then the order of print decides. From the
    practice only figures that say what came of it may stand (a change, a direction, or a limit,
    total, average, share, saving or forecast), never a count of what the practice is made of.
    No query if the practice's figures are at hand.
    """
    candidates = [
        figure
        for figure in practice.figures.all()
        if figure.stated_in == StatedIn.OUTCOME
        or figure.direction != Direction.NONE
        or figure.nature in _RESULT_NATURES
    ]
    return min(candidates, key=_rank, default=None)


def key_figures(practices: Iterable[Practice]) -> dict[str, Figure]:
    """Return the key figure of each city's practice by city slug; cities without one are absent.

    No query if the practices' cities and figures are at hand.
    """
    found = {practice.city.slug: key_figure(practice) for practice in practices}
    return {city: figure for city, figure in found.items() if figure is not None}


def printed_elsewhere(figures: Iterable[Figure]) -> dict[str, list[Figure]]:
    """Return, by statement, every public figure of one source that repeats one of these; 1 query.

    ``figures`` are of one measure; a statement is a name within its source. Lists are in the
    order of print and hold the figures asked about too. No query and nothing where no figure
    carries a statement.
    """
    figures = list(figures)
    statements = {figure.statement for figure in figures if figure.statement}
    if not statements:
        return {}
    found: dict[str, list[Figure]] = {statement: [] for statement in sorted(statements)}
    source = figures[0].practice.measure.source_id
    same = Figure.objects.public().filter(
        statement__in=statements, practice__measure__source=source
    )
    for figure in same.select_related("practice__city", "practice__measure__source"):
        found[figure.statement].append(figure)
    return found


def other_places(figures: Iterable[Figure]) -> dict[Any, list[Figure]]:
    """Return, by figure, the public figures of its city that state the same elsewhere; 1 query.

    ``figures`` may be of several sources; a statement is a name within its source. Lists are in
    the order of print, without the figure itself; figures stated once are absent. No query if no
    figure carries a statement.
    """
    stated = [figure for figure in figures if figure.statement]
    if not stated:
        return {}
    found: dict[Any, list[Figure]] = {}
    same = Figure.objects.public().filter(
        statement__in={figure.statement for figure in stated},
        practice__measure__source__in={figure.practice.measure.source_id for figure in stated},
        practice__city__in={figure.practice.city_id for figure in stated},
    )
    for place in same.select_related("practice__city", "practice__measure__source").defer(
        "practice__measure__source__text"
    ):
        found.setdefault(_statement(place), []).append(place)
    others = {
        figure.pk: [place for place in found[_statement(figure)] if place.pk != figure.pk]
        for figure in stated
    }
    return {pk: places for pk, places in others.items() if places}


def _statement(figure: Figure) -> tuple[Any, ...]:
    return (figure.statement, figure.practice.measure.source_id, figure.practice.city_id)


def _rank(figure: Figure) -> tuple[bool, bool, int]:
    return (figure.stated_in != StatedIn.OUTCOME, not has_change(figure), figure.position)
