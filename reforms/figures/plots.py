"""Stated figures as plots: before, steps and after on one labelled scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.translation import get_language

from reforms.figures.sentences import english_number, is_in_one_unit, values
from reforms.models import Figure

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


def plots(figures: Sequence[Figure]) -> dict[Any, Plot]:
    """Return the plot of each figure that can be drawn, by the figure's primary key.

    Figures of one printed unit that change in one direction share one scale, which runs from
    zero and so that before stands at the left and after at the right. No query.
    """
    drawn = [figure for figure in figures if is_in_one_unit(figure)]
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
