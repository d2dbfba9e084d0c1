"""The list of figures as CSV, XLSX and JSON: a row a figure, with what it is beside the other cities'."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import IO, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from reforms.compare import (
    Beside,
    FigureRow,
    compared,
    passage_of,
)
from reforms.days import at_day
from reforms.exchange import to_json
from reforms.exports import figure_wording
from reforms.exports.entries import Asked
from reforms.exports.plain import array_of, csv_of
from reforms.exports.sheets import figure_cells, figure_columns
from reforms.exports.tables import MIDDLE, NARROW, WIDE, WIDEST, Cell, Column, Link, Row, Table
from reforms.exports.workbook import Filling, fill_workbook
from reforms.figures import other_places
from reforms.models import Figure
from reforms.models.fields import decimal_text

# How many figures an XLSX file of them holds.
FIGURES_LIMIT = 20_000
# Of one indicator so many figures are compared at most: each with each costs the square of it.
COMPARED_LIMIT = 200
CHUNK = 500


@dataclass(frozen=True)
class ChosenFigures:
    """The figures of a file in their order: a queryset, and how the page lists them.

    ``is_compared`` says that figures of one indicator stand together and are compared;
    ``has_each_place`` that a statement has a row for each place in which it is printed.
    """

    asked: Asked
    figures: Any
    is_compared: bool
    has_each_place: bool = False

    def chunks(self) -> Iterator[list["Listed"]]:
        """Yield the rows, about ``CHUNK`` at a time, the compared figures of an indicator together.

        1 query for the list, which fixes its order, then 1 for each chunk, and 1 where a statement
        of it is printed elsewhere.
        """
        chunk: list[tuple[Any, bool]] = []
        for group, is_compared in self._groups():
            if chunk and len(chunk) + len(group) > CHUNK:
                yield self._listed(chunk)
                chunk = []
            chunk += [(number, is_compared) for number in group]
        if chunk:
            yield self._listed(chunk)

    def _groups(self) -> Iterator[tuple[list[Any], bool]]:
        """Yield the primary keys that are to be fetched together, and whether they are compared."""
        listed = list(self.figures.values_list("pk", "indicator_id"))
        for _indicator, found in groupby(listed, key=lambda pair: pair[1]):
            group = [number for number, _indicator in found]
            if self.is_compared and len(group) <= COMPARED_LIMIT:
                yield group, True
                continue
            for start in range(0, len(group), CHUNK):
                yield group[start : start + CHUNK], False

    def _listed(self, chunk: Sequence[tuple[Any, bool]]) -> list["Listed"]:
        found = (
            Figure.objects.public()
            .filter(pk__in=[number for number, _is_compared in chunk])
            .select_related(
                "indicator",
                "practice__city",
                "practice__outcome",
                "practice__measure__category",
                "practice__measure__source",
            )
            .defer("practice__measure__source__text", "practice__measure__source__other_numbers")
        )
        by_number = {figure.pk: figure for figure in found}
        places = other_places(by_number.values())
        rows = [
            (FigureRow(by_number[number], tuple(places.get(number, ()))), is_compared)
            for number, is_compared in chunk
            if number in by_number
        ]
        listed = []
        for (_indicator, is_compared), group in groupby(
            rows, key=lambda pair: (pair[0].figure.indicator_id, pair[1])
        ):
            together = [row for row, _is_compared in group]
            if is_compared:
                together = compared(together, has_each_place=self.has_each_place)
            listed += [Listed(row, is_compared, self) for row in together]
        return listed

    def address(self, figure: Figure) -> str:
        """Return the address of a figure on its measure's page."""
        path = figure.practice.measure.get_absolute_url()
        return at_day(f"{self.asked.site}{path}#{figure.anchor}", self.asked.as_at)

    def sentence_address(self, figure: Figure) -> str:
        """Return the address of a figure's words in its source as printed."""
        path = reverse("source_detail", args=[figure.practice.measure.source.slug])
        place = passage_of(figure)
        address = f"{self.asked.site}{path}" + ("" if place is None else f"#c{place}")
        return at_day(address, self.asked.as_at)


@dataclass(frozen=True)
class Listed:
    """A row of the file, and whether it was compared."""

    row: FigureRow
    is_compared: bool
    chosen: ChosenFigures


def figure_csv(chosen: ChosenFigures) -> Iterator[bytes]:
    """Return the list as CSV, a row a figure. Queries as ``ChosenFigures.chunks``."""
    return csv_of(chosen.asked.language, lambda: _table(chosen), chosen.chunks())


def figure_workbook(chosen: ChosenFigures) -> IO[bytes]:
    """Return the list as an open temporary XLSX file. Queries as ``ChosenFigures.chunks``."""

    def fillings() -> list[Filling]:
        source = attrgetter("row.figure.practice.measure.source")
        return [Filling([_table(chosen)], chosen.chunks(), source)]

    return fill_workbook(chosen.asked, fillings)


def figure_json(chosen: ChosenFigures) -> Iterator[bytes]:
    """Return the list as a JSON array, an object a figure. Queries as ``ChosenFigures.chunks``."""
    return array_of(_object(listed) for chunk in chosen.chunks() for listed in chunk)


# --- Cells ---


def _table(chosen: ChosenFigures) -> Table:
    columns = [
        Column(_("Indicator"), WIDE),
        Column(_("City"), NARROW),
        *figure_columns(),
        *_beside_columns(),
        Column(_("Stated again in"), WIDE),
        Column(pgettext("of a measure", "Number"), NARROW),
        Column(_("Title"), WIDE),
        Column(_("Category"), MIDDLE),
        Column(_("Source"), MIDDLE),
        Column(_("Completeness of the source"), MIDDLE),
        Column(pgettext("of a measure", "Key"), NARROW),
        Column(_("Address of the words in the source"), WIDE),
        Column(_("Address"), WIDE),
    ]

    def rows(listed: Listed) -> Iterator[Row]:
        figure = listed.row.figure
        measure = figure.practice.measure
        yield [
            figure.indicator.name,
            figure.practice.city.name,
            *figure_cells(figure.to_record()),
            *_beside_cells(listed),
            "\n".join(map(_place, listed.row.places)) or _("nowhere else"),
            _("no number printed") if measure.number is None else measure.number,
            measure.title or _("[title not printed]"),
            measure.category.name,
            measure.source.short_name,
            str(measure.source.get_completeness_display()),
            measure.key,
            Link(chosen.sentence_address(figure)),
            Link(chosen.address(figure)),
        ]

    return Table(_("Figures"), columns, rows, 2)


def _beside_columns() -> list[Column]:
    return [
        Column(_("Compared with"), MIDDLE),
        Column(_("Result of the comparison"), MIDDLE),
        Column(_("What is not the same"), MIDDLE),
        Column(_("Our calculation: the difference"), MIDDLE),
        Column(_("The figure compared with"), WIDE),
        Column(_("Note on the comparison"), WIDE),
        Column(_("Address of the figure compared with"), WIDEST),
    ]


def _beside_cells(listed: Listed) -> Row:
    """Return what a figure is beside each other city's: in every cell a line a city, in one order."""
    if not listed.row.beside:
        return [_nothing_beside(listed), *[None] * (len(_beside_columns()) - 1)]
    lines = [_beside_line(beside, listed.chosen) for beside in listed.row.beside]
    return ["\n".join(cells) if any(cells) else None for cells in zip(*lines, strict=True)]


def _nothing_beside(listed: Listed) -> Cell:
    if listed.is_compared:
        return _("no other city in this list has a figure of this indicator")
    if listed.chosen.is_compared:
        return _(
            "not compared: the list has more than %(limit)d figures of this indicator; narrow it"
        ) % {"limit": COMPARED_LIMIT}
    return _("In the order of print, nothing is compared.")


def _beside_line(beside: Beside, chosen: ChosenFigures) -> tuple[str, ...]:
    pairing = beside.pairing
    return (
        pairing.city.name,
        figure_wording.verdict(pairing.comparison.verdict),
        figure_wording.differing(pairing) or "—",
        figure_wording.gap(pairing) or "—",
        figure_wording.sentence_of(pairing.other),
        "; ".join(_compared_as(place) for place in beside.elsewhere) or "—",
        chosen.address(pairing.other),
    )


def _place(figure: Figure) -> str:
    part = figure.get_stated_in_display()
    return _("measure %(key)s: %(part)s") % {"key": figure.practice.measure.key, "part": part}


def _compared_as(figure: Figure) -> str:
    return _("compared as %(city)s states it again in measure %(key)s: %(part)s") % {
        "city": figure.practice.city.name,
        "key": figure.practice.measure.key,
        "part": figure.get_stated_in_display(),
    }


# --- Plain values ---


def _object(listed: Listed) -> dict[str, Any]:
    """Return a row as plain values: the figure in the exchange shape, and what is known beside it."""
    figure, chosen = listed.row.figure, listed.chosen
    with override(chosen.asked.language):
        return {
            **_named(figure),
            "figure": to_json(figure.to_record()),
            "stated_again": [_named(place) for place in listed.row.places],
            "is_compared": listed.is_compared,
            "beside": [_plain_beside(beside) for beside in listed.row.beside],
            "address": chosen.address(figure),
            "sentence_address": chosen.sentence_address(figure),
        }


def _plain_beside(beside: Beside) -> dict[str, Any]:
    comparison = beside.pairing.comparison
    return {
        "verdict": str(comparison.verdict),
        "differing": [str(fact) for fact in comparison.differing],
        "gap": decimal_text(comparison.gap),
        "compared": _named(beside.pairing.own),
        "with": _named(beside.pairing.other),
    }


def _named(figure: Figure) -> dict[str, Any]:
    measure = figure.practice.measure
    return {
        "source": measure.source.slug,
        "key": measure.key,
        "city": figure.practice.city.slug,
        "position": figure.position,
    }
