"""The comparison by theme as a Word table: on its side, a row a theme, a column a city."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from reforms.compare import StatedPoint, ThemeEntry, ThemeEntryCell
from reforms.exports import styles, wording
from reforms.exports.document import Run
from reforms.exports.entries import Entry
from reforms.exports.prose import Writer
from reforms.exports.side_by_side import ON_ITS_SIDE
from reforms.exports.theme_lists import ChosenThemes, theme_name, which_cities
from reforms.models.fields import as_spans


def write_theme_table(themes: ChosenThemes) -> bytes:
    """Return the comparison as a table, a row a theme, lying, as a .docx file.

    The row of the cities' names repeats on every page. Queries: as ``ChosenThemes.chunks``, and 5
    for names and the list, 7 for every ``CHUNK_SIZE`` measures.
    """
    with override(themes.asked.language):
        rows = [row for chunk in themes.chunks() for row in chunk]
        return _Themes(themes, rows).write()


class _Themes(Writer):
    """Themes as a table: in each city's cell its points, each with the mark of its measure's citation."""

    def __init__(self, themes: ChosenThemes, rows: Sequence[ThemeEntry]) -> None:
        named = dict.fromkeys(
            stated.measure.identity for row in rows for cell in row.cells for stated in cell.points
        )
        held = {
            entry.record.identity: entry
            for chunk in (themes.chosen.chunks() if named else ())
            for entry in chunk
        }
        self.rows = rows
        self.themes = themes
        self.held = held
        # Cited in the order in which they are first named.
        super().__init__(themes.chosen, [held[name] for name in named if name in held], ON_ITS_SIDE)
        self.has_sources = themes.names_sources

    def nothing(self) -> str:
        """Say why there is no row."""
        if not self.chosen.asked.entries:
            return super().nothing()
        return _("The practices of these measures have not been divided into points yet")

    def write_entries(self) -> None:
        """Write the table."""
        cities = [city.name for city in self.themes.cities]
        head = [_("Theme (our grouping)"), *cities]
        table = self.file.table([0.5, *([2.4] * len(cities))], head)
        for row in self.rows:
            first, *cells = self.file.row(table)
            self.file.add(styles.TABLE_HEAD, theme_name(row), into=first)
            self.file.add(styles.ROW_HEAD, which_cities(row), into=first)
            for city, cell in zip(row.cells, cells, strict=True):
                self.add_points(city, cell)

    def write_appendix(self) -> None:
        """Write none: points stand as printed, in whatever language was asked for."""

    def add_points(self, city: ThemeEntryCell, cell: Any) -> None:
        """Add what a city does on a theme, or that it states nothing like it."""
        if not city.total:
            self.file.add(styles.ABSENCE, wording.no_counterpart(), into=cell)
            return
        count = ngettext("%(total)s point", "%(total)s points", city.total)
        self.file.add(styles.FACTS, count % {"total": city.total}, into=cell)
        for stated in city.points:
            self.add_point(stated, self.held.get(stated.measure.identity), cell)

    def add_point(self, stated: StatedPoint, entry: Entry | None, cell: Any) -> None:
        """Add a point: the measure that it comes from with the mark of its citation, then its words.

        One whose measure readers may no longer see since it was listed is left out.
        """
        if entry is None:
            return
        number = self.numbers[entry.record.identity]
        place = Run(self.themes.place(stated.measure), styles.LABEL)
        mark = Run(f" [{number}]", styles.LABEL, to=f"cite{number}")
        self.file.add(styles.FACTS, place, mark, into=cell)
        within = as_spans(stated.point.practice.spans)
        runs = self.line(entry, as_spans(stated.point.spans), within)
        self.file.add(styles.SOURCE, *runs, into=cell)
