"""The comparison by theme as CSV and XLSX: a row a theme, in the columns of each city all its points."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import override

from reforms.compare import (
    StatedPoint,
    ThemeEntry,
    ThemeEntryCell,
    ThemeTally,
    compare_whole_themes,
)
from reforms.exports import wording
from reforms.exports.entries import Asked, Chosen, Note
from reforms.exports.plain import csv_of
from reforms.exports.sheets import record_sheets
from reforms.exports.tables import MIDDLE, NARROW, WIDE, WIDEST, Column, Link, Row, Table
from reforms.exports.workbook import CHUNK, Filling, fill_workbook
from reforms.models import City, Measure, Theme


@dataclass(frozen=True)
class ChosenThemes:
    """A comparison by theme: its measures, its cities in order, and the themes they have points on.

    ``chosen`` is the same comparison by measure. With ``names_sources`` a point has its source
    beside its measure. ``address_of`` returns the address of the page of one theme.
    """

    chosen: Chosen
    cities: Sequence[City]
    tallies: Sequence[ThemeTally]
    names_sources: bool
    address_of: Callable[[Theme], str]

    @property
    def asked(self) -> Asked:
        """What the file answers."""
        return self.chosen.asked

    def chunks(self) -> Iterator[list[ThemeEntry]]:
        """Yield the rows with all their points; queries as ``compare_whole_themes``."""
        return compare_whole_themes(self.tallies, self.chosen.measures, self.cities)

    def place(self, measure: Measure) -> str:
        """Return what a point comes from: its measure, with the source where there are several."""
        name = measure_name(measure)
        return f"{name} · {measure.source.short_name}" if self.names_sources else name


def theme_csv(themes: ChosenThemes) -> Iterator[bytes]:
    """Return the comparison as CSV, a row a theme. Queries as ``ChosenThemes.chunks``."""
    return csv_of(themes.asked.language, lambda: _table(themes), themes.chunks())


def theme_workbook(themes: ChosenThemes) -> IO[bytes]:
    """Return the comparison as an open temporary XLSX file: themes, then the records whole.

    Queries: as ``ChosenThemes.chunks``, and 5 for names and the list, 7 for every ``CHUNK``
    measures.
    """

    def fillings() -> list[Filling]:
        chosen = themes.chosen
        return [
            Filling([_table(themes)], themes.chunks()),
            Filling(record_sheets(chosen), chosen.chunks(CHUNK), attrgetter("source")),
        ]

    with override(themes.asked.language):
        remark = _(
            "The first sheet has a row a theme, with every point of the cities compared. The other "
            "sheets hold the measures that they come from whole, as far as these cities go."
        )
    return fill_workbook(themes.asked, fillings, [remark])


# --- Words ---


def measure_name(measure: Measure) -> str:
    """Return what the comparison by theme calls a measure."""
    if measure.number is None:
        return _("measure without a printed number")
    return _("measure %(number)s") % {"number": measure.number}


def theme_name(entry: ThemeEntry) -> str:
    """Return the theme of a row, and that the row goes on with it where it does."""
    if entry.part == 1:
        return entry.theme.name
    return _("%(theme)s (continued, %(part)d)") % {"theme": entry.theme.name, "part": entry.part}


def which_cities(entry: ThemeEntry) -> str:
    """Return which of the cities have a point on the theme."""
    if entry.is_shared:
        return wording.all_of(len(entry.cells))
    names = [city.short_name for city in entry.cities]
    if len(names) == 1:
        return _("only %(city)s") % {"city": names[0]}
    return wording.between_cities(names)


# --- Cells ---


def _table(themes: ChosenThemes) -> Table:
    columns = [Column(_("Theme (our grouping)"), MIDDLE), Column(_("Which cities have it"), MIDDLE)]
    for city in themes.cities:
        columns += [
            Column(f"{city.name} · {_('number of points')}", NARROW),
            Column(f"{city.name} · {_('points, as printed')}", WIDEST),
            Column(f"{city.name} · {_('addresses of the points')}", WIDE),
        ]
    columns += [Column(_("Errata"), WIDE), Column(_("Address"), WIDE)]

    def rows(entry: ThemeEntry) -> Iterator[Row]:
        of_cities = (cell for city in entry.cells for cell in _cells(city, themes))
        errata = _errata(entry, themes)
        address = Link(themes.address_of(entry.theme))
        yield [theme_name(entry), which_cities(entry), *of_cities, errata, address]

    return Table(_("Comparison"), columns, rows, 2)


def _cells(cell: ThemeEntryCell, themes: ChosenThemes) -> Row:
    """Return a city's cells: how many points it has, those of this row, and where each stands."""
    if not cell.total:
        return [wording.no_counterpart()] * 3
    if not cell.points:
        return [cell.total, None, None]
    words = (wording.colon(themes.place(stated.measure), stated.quote) for stated in cell.points)
    addresses = (_address(stated, themes) for stated in cell.points)
    return [cell.total, "\n".join(words), "\n".join(addresses)]


def _address(stated: StatedPoint, themes: ChosenThemes) -> str:
    return f"{themes.asked.site}{stated.measure.get_absolute_url()}#{stated.point.anchor}"


def _errata(entry: ThemeEntry, themes: ChosenThemes) -> str:
    """Return the errata of the row's points, each once, with the measure that it stands on."""
    lines = {}
    for stated in (stated for cell in entry.cells for stated in cell.points):
        for found in stated.notes:
            note = Note(found.number, found.erratum.to_record())
            place = themes.place(stated.measure)
            lines[stated.measure.pk, note.number] = f"{place} · {wording.erratum_line(note)}"
    return "\n".join(lines.values()) or wording.errata([])
