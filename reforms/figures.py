"""Stated figures as readers see them: the sentence, the key figure of a city, the plot on a scale."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from reforms.models import Figure, Practice
from reforms.models.fields import decimal_text
from reforms.records import Bound, Direction, Nature, StatedIn

_PRINTED_NUMBER = re.compile(r"(?:[0-9][0-9,.]*|[零〇一二两三四五六七八九十百千]+)[万亿]*")
_ENGLISH_BOUNDS = {
    Bound.AT_MOST: "at most",
    Bound.LESS_THAN: "less than",
    Bound.AT_LEAST: "at least",
    Bound.MORE_THAN: "more than",
    Bound.ABOUT: "about",
}
_TRAILING_QUALIFIERS = {"projected", "expected", "forecast", "estimated"}
_CURRENCIES = {"yuan": "RMB", "RMB yuan": "RMB", "RMB": "RMB"}
_IRREGULAR_SINGULARS = {"people": "person"}
_RESULT_NATURES = frozenset(Nature) - {Nature.ACHIEVED}


@dataclass(frozen=True)
class Part:
    """A piece of a figure's sentence.

    ``kind`` is ``qualifier``, ``value``, ``unit``, ``arrow`` or ``missing`` (no unit is printed);
    ``is_attached`` says that no space stands before it.
    """

    kind: str
    text: str
    is_attached: bool = False


@dataclass(frozen=True)
class Sentence:
    """A figure in one language, as pieces in reading order, and the printed form beside it."""

    parts: tuple[Part, ...]
    printed: str
    language: str

    @property
    def text(self) -> str:
        """The sentence as plain text: ``56 → 15 → 5 天``."""
        words = ""
        for part in self.parts:
            words += part.text if part.is_attached or not words else f" {part.text}"
        return words

    @property
    def is_as_printed(self) -> bool:
        """Tell whether the sentence already is the printed form, white space and arrows apart."""
        return self.language != "en"


def sentence(figure: Figure, language: str | None = None) -> Sentence:
    """Return a figure as one short sentence in ``language``, ``zh`` or ``en``.

    Chinese gives the numbers as printed (``9.53万``), English as English readers write them
    (``95,300``, ``RMB 400 million, projected``) from value, bound, qualifier and unit. A value
    after a change whose value before is not stated begins with an arrow. No currency is
    converted. Without ``language`` the reader's language is taken. No query.
    """
    if language is None:
        language = "en" if (get_language() or "").startswith("en") else "zh"
    parts = _english_parts(figure) if language == "en" else _chinese_parts(figure)
    if figure.unit_zh is None:
        parts.append(_missing_unit(figure, language))
    return Sentence(tuple(parts), " → ".join(figure.printed), language)


def values(figure: Figure) -> list[Decimal]:
    """Return the stated values in time's order: before, steps, after; or the single value."""
    if figure.value is not None:
        return [figure.value]
    stated = [figure.before, *map(Decimal, figure.steps), figure.after]
    return [number for number in stated if number is not None]


def has_change(figure: Figure) -> bool:
    """Tell whether a value before and a value after are both stated."""
    return figure.before is not None and figure.after is not None


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


def english_number(value: Decimal) -> str:
    """Return a number as English readers write it: ``95,300``, ``58 million``, ``10.33 million``."""
    for size, name in ((10**9, "billion"), (10**6, "million")):
        if abs(value) >= size:
            short = value / size
            if short == short.quantize(Decimal("0.001")):
                return f"{decimal_text(short)} {name}"
            break
    whole, _point, rest = str(decimal_text(value)).partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")


def _rank(figure: Figure) -> tuple[bool, bool, int]:
    return (figure.stated_in != StatedIn.OUTCOME, not has_change(figure), figure.position)


def _arrow(is_first: bool) -> Part:
    return Part("arrow", "→", is_attached=is_first)


def _missing_unit(figure: Figure, language: str) -> Part:
    unit = figure.unit_inferred_zh if language != "en" else figure.unit_inferred_en
    with override("en" if language == "en" else "zh-hans"):
        words = _("no unit printed; read as %(unit)s") % {
            "unit": _CURRENCIES.get(unit or "", unit or "") if language == "en" else unit
        }
    return Part("missing", words)


def _chinese_parts(figure: Figure) -> list[Part]:
    pieces = [_split_printed(form) for form in figure.printed]
    if len(pieces) != len(values(figure)):
        unit = figure.unit_zh or ""
        first_unit = figure.before_unit_zh or unit
        pieces = [(str(decimal_text(value)), unit) for value in values(figure)]
        if figure.before is not None:
            pieces[0] = (pieces[0][0], first_unit)
    parts: list[Part] = [_arrow(True)] if _is_only_after(figure) else []
    for index, (number, unit) in enumerate(pieces):
        is_last = index == len(pieces) - 1
        if index:
            parts.append(_arrow(False))
        follows = is_last and _qualifier_follows(figure)
        if is_last and figure.qualifier_zh and not follows and not _is_inside_print(figure):
            parts.append(Part("qualifier", figure.qualifier_zh))
        parts.append(Part("value", number))
        if unit and (is_last or pieces[index + 1][1] != unit):
            parts.append(Part("unit", unit, is_attached=unit.startswith("%")))
        if follows and figure.qualifier_zh:
            parts.append(Part("qualifier", figure.qualifier_zh, is_attached=True))
    return parts


def _split_printed(form: str) -> tuple[str, str]:
    match = _PRINTED_NUMBER.match(form)
    return (match.group(), form[match.end() :]) if match else (form, "")


def _is_inside_print(figure: Figure) -> bool:
    return bool(figure.printed) and (figure.qualifier_zh or "") in figure.printed[-1]


def _qualifier_follows(figure: Figure) -> bool:
    if not figure.qualifier_zh or not figure.printed or _is_inside_print(figure):
        return False
    return figure.printed[-1] + figure.qualifier_zh in figure.quote


def _is_only_after(figure: Figure) -> bool:
    return figure.value is None and figure.before is None and not figure.steps


def _english_parts(figure: Figure) -> list[Part]:
    stated = values(figure)
    qualifier = figure.qualifier_en or _ENGLISH_BOUNDS.get(Bound(figure.bound), "")
    trails = qualifier in _TRAILING_QUALIFIERS
    parts: list[Part] = [_arrow(True)] if _is_only_after(figure) else []
    for index, value in enumerate(stated):
        is_last = index == len(stated) - 1
        if index:
            parts.append(_arrow(False))
        if is_last and qualifier and not trails:
            parts.append(Part("qualifier", qualifier))
        unit = figure.before_unit_en if index == 0 and figure.before_unit_en else figure.unit_en
        has_unit = is_last or bool(index == 0 and figure.before_unit_en)
        parts.extend(_english_quantity(value, unit or "", has_unit))
    if trails:
        parts.append(Part("qualifier", f", {qualifier}", is_attached=True))
    return parts


def _english_quantity(value: Decimal, unit: str, has_unit: bool) -> list[Part]:
    number = Part("value", english_number(value))
    if unit in ("%", "percent", "per cent"):
        return [Part("value", f"{number.text}%")]
    if unit in _CURRENCIES:
        return [Part("unit", _CURRENCIES[unit]), number]
    if not unit or not has_unit:
        return [number]
    return [number, Part("unit", _singular(unit) if value == 1 else unit)]


def _singular(unit: str) -> str:
    first, space, last = unit.rpartition(" ")
    if last in _IRREGULAR_SINGULARS:
        last = _IRREGULAR_SINGULARS[last]
    elif last.endswith("ies"):
        last = f"{last[:-3]}y"
    elif re.search(r"(?:ch|sh|x|ss)es$", last):
        last = last[:-2]
    elif re.search(r"[a-z]s$", last):
        last = last[:-1]
    return f"{first}{space}{last}"


# --- Plots: a dumbbell on one labelled scale ---

PLOT_WIDTH, PLOT_HEIGHT = 320, 58
_AXIS_LEFT, _AXIS_RIGHT, _AXIS_Y = 14, 288, 36
_LABEL_Y, _LIFTED_LABEL_Y = 22, 9
_NEAR = 20
_WISHED_TICKS = 4


@dataclass(frozen=True)
class Mark:
    """A value of a plot: where it stands, its label, whether it is before, a step or after."""

    role: str
    x: str
    label: str
    label_y: int
    radius: str


@dataclass(frozen=True)
class Tick:
    """A labelled place of a plot's axis."""

    x: str
    label_x: str
    label: str
    anchor: str


@dataclass(frozen=True)
class Plot:
    """The geometry of one figure's dumbbell, in the units of its view box."""

    figure: Figure
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    width: int = PLOT_WIDTH
    height: int = PLOT_HEIGHT
    axis_y: int = _AXIS_Y
    axis_left: int = _AXIS_LEFT
    axis_right: int = _AXIS_RIGHT


def can_be_plotted(figure: Figure) -> bool:
    """Tell whether a value before and one after are stated in one and the same printed unit."""
    return has_change(figure) and figure.unit_zh is not None and figure.before_unit_zh is None


def plots(figures: Sequence[Figure]) -> dict[Any, Plot]:
    """Return the plot of each figure that can be drawn, by the figure's primary key.

    Figures of one printed unit that change in one direction share one scale, which runs from
    zero and so that before stands at the left and after at the right. No query.
    """
    drawn = [figure for figure in figures if can_be_plotted(figure)]
    highest: dict[tuple[str, bool], Decimal] = {}
    for figure in drawn:
        scale = _scale_of(figure)
        highest[scale] = max([highest.get(scale, Decimal(0)), *values(figure)])
    return {figure.pk: _plot(figure, highest[_scale_of(figure)]) for figure in drawn}


def _scale_of(figure: Figure) -> tuple[str, bool]:
    return (figure.unit_zh or "", _is_falling(figure))


def _is_falling(figure: Figure) -> bool:
    stated = values(figure)
    return stated[-1] < stated[0]


def _plot(figure: Figure, highest: Decimal) -> Plot:
    step = _tick_step(highest)
    top = (highest / step).to_integral_value(ROUND_CEILING) * step if highest else step
    is_falling = _is_falling(figure)
    numbers = [step * count for count in range(int(top / step) + 1)]
    if is_falling:
        numbers.reverse()
    in_english = (get_language() or "").startswith("en")
    unit = (figure.unit_en if in_english else figure.unit_zh) or ""
    ticks = []
    for number in numbers:
        is_last = number is numbers[-1]
        label = f"{english_number(number)} {unit}" if is_last else english_number(number)
        at_edge = is_last and len(label) > 6
        x = _position(number, top, is_falling)
        ticks.append(
            Tick(x, str(PLOT_WIDTH) if at_edge else x, label, "end" if at_edge else "middle")
        )
    return Plot(figure, _marks(figure, top, is_falling), tuple(ticks))


def _marks(figure: Figure, top: Decimal, is_falling: bool) -> tuple[Mark, ...]:
    stated = values(figure)
    marks: list[Mark] = []
    for index, value in enumerate(stated):
        role = "before" if index == 0 else "after" if index == len(stated) - 1 else "step"
        x = _position(value, top, is_falling)
        near = bool(marks) and abs(Decimal(x) - Decimal(marks[-1].x)) < _NEAR
        is_lifted = near and marks[-1].label_y == _LABEL_Y
        marks.append(
            Mark(
                role=role,
                x=x,
                label=english_number(value),
                label_y=_LIFTED_LABEL_Y if is_lifted else _LABEL_Y,
                radius="4.5" if role == "step" else "5.5",
            )
        )
    return tuple(marks)


def _position(value: Decimal, top: Decimal, is_falling: bool) -> str:
    share = value / top
    width = _AXIS_RIGHT - _AXIS_LEFT
    place = _AXIS_LEFT + width * ((1 - share) if is_falling else share)
    return str(place.quantize(Decimal("0.1")))


def _tick_step(highest: Decimal) -> Decimal:
    wished = highest / _WISHED_TICKS if highest else Decimal(1)
    size = Decimal(10) ** wished.adjusted()
    for factor in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10)):
        step = size * factor
        is_whole = step == step.to_integral_value() or highest != highest.to_integral_value()
        if step >= wished and is_whole:
            return step
    return size * 10
