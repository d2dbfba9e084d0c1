"""Measures as a Word table: on its side, a column a city, like beside like."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from reforms.exports import styles, wording
from reforms.exports.document import Shape
from reforms.exports.entries import Chosen, Entry, Side
from reforms.exports.figure_wording import figure_lines
from reforms.exports.prose import Writer
from reforms.records import PracticeRecord

ON_ITS_SIDE = Shape(size=9, is_landscape=True, across=1.6, down=1.6)
AddPart = Callable[[Side, PracticeRecord, Any], None]


def write_table(chosen: Chosen) -> bytes:
    """Return the measures as a table, a row a measure and a column a city, lying, as a .docx file.

    The row of the cities' names repeats on every page. Queries as ``write_memo``.
    """
    with override(chosen.asked.language):
        entries = [entry for chunk in chosen.chunks() for entry in chunk]
        return _SideBySide(chosen, entries, ON_ITS_SIDE).write()


class _SideBySide(Writer):
    """Measures as a table, a column a city: like stands beside like, a row a part."""

    def write_entries(self) -> None:
        """Write the table, its texts in the reader's language."""
        table = self.add_table()
        for entry in self.entries:
            (head,) = self.file.row(table, is_whole=True)
            self.file.add(styles.HEADING_3, *self.title_runs(entry), into=head)
            self.add_other_title(entry, into=head)
            self.add_place(entry, head)
            self.add_rows(table, entry, self.parts(entry))

    def write_appendix(self) -> None:
        """Write a table of the texts in the other language."""
        self.file.add(styles.HEADING_1, wording.appendix(), on_new_page=True)
        table = self.add_table()
        for entry in self.entries:
            if entry.present:
                (head,) = self.file.row(table, is_whole=True)
                self.file.add(styles.HEADING_3, *self.repeated_title(entry), into=head)
                self.add_rows(table, entry, self.other_parts(entry))
        # Word ends a document with a paragraph, never with a table.
        self.file.add(styles.FOOTER, "")

    def add_table(self) -> Any:
        """Add an empty table with a column a city, and return it."""
        cities = [self.words.name(city) for city in self.chosen.columns]
        return self.file.table([0.5, *([2.4] * len(cities))], [_("Measure"), *cities])

    def add_rows(self, table: Any, entry: Entry, parts: list[tuple[str, AddPart]]) -> None:
        """Add a row for each part of a measure, a cell a city."""
        for name, add in parts:
            first, *cells = self.file.row(table)
            self.file.add(styles.ROW_HEAD, name[:1].upper() + name[1:], into=first)
            for side, cell in zip(entry.sides, cells, strict=True):
                if side.record is None:
                    self.file.add(styles.ABSENCE, wording.absence(side.presence), into=cell)
                else:
                    add(side, side.record, cell)

    def parts(self, entry: Entry) -> list[tuple[str, AddPart]]:
        """Return the rows of a measure: what each is called, and what fills a city's cell of it."""

        def summary(side: Side, practice: PracticeRecord, cell: Any) -> None:
            words = wording.ours(practice.summary_zh, practice.summary_en)
            style = styles.OURS if words else styles.ABSENCE
            self.file.add(style, words or wording.not_entered(), into=cell)

        def outcome(side: Side, practice: PracticeRecord, cell: Any) -> None:
            self.outcomes(entry, practice)[0](cell, "")

        def practice_words(side: Side, practice: PracticeRecord, cell: Any) -> None:
            self.add_inference(practice, cell)
            self.practices(entry, practice)[0](cell, "")

        def themes(side: Side, practice: PracticeRecord, cell: Any) -> None:
            self.file.add(styles.FACTS, wording.themes(side, entry.sides, self.words), into=cell)

        outcomes = [(outcome_names()[0], outcome), *self.figure_parts(entry)]
        if self.chosen.has_outcomes_only:
            return outcomes
        return [
            (_("our summary"), summary),
            *outcomes,
            (practice_names()[0], practice_words),
            (_("Themes of the points (our grouping)"), themes),
        ]

    def figure_parts(self, entry: Entry) -> list[tuple[str, AddPart]]:
        """Return a row for each indicator that a city states, as first stated, city by city."""
        stated = (
            figure.record.indicator
            for side in entry.present
            if side.record
            for figure in entry.figures_of(side.record)
        )
        parts = [self.figure_part(entry, indicator) for indicator in dict.fromkeys(stated)]
        if parts:
            return parts

        def none(side: Side, practice: PracticeRecord, cell: Any) -> None:
            self.file.add(styles.ABSENCE, wording.no_figure(entry), into=cell)

        return [(_("Figures"), none)]

    def figure_part(self, entry: Entry, indicator: str) -> tuple[str, AddPart]:
        """Return the row of one indicator: its name, and what fills a city's cell of it."""

        def figures(side: Side, practice: PracticeRecord, cell: Any) -> None:
            found = entry.figures_of(practice)
            own = [figure for figure in found if figure.record.indicator == indicator]
            lines = figure_lines(own, self.words)
            if not lines:
                self.file.add(styles.ABSENCE, _("not stated here"), into=cell)
            self.add_lines(lines, cell)

        return self.words.name(self.words.indicators[indicator]), figures

    def other_parts(self, entry: Entry) -> list[tuple[str, AddPart]]:
        """Return the rows of a measure in the appendix, as ``parts``."""

        def practice_words(side: Side, practice: PracticeRecord, cell: Any) -> None:
            self.practices(entry, practice)[1](cell, "")

        def outcome(side: Side, practice: PracticeRecord, cell: Any) -> None:
            self.outcomes(entry, practice)[1](cell, "")

        outcomes: list[tuple[str, AddPart]] = [(outcome_names()[1], outcome)]
        if self.chosen.has_outcomes_only:
            return outcomes
        return [(practice_names()[1], practice_words), *outcomes]


def practice_names() -> tuple[str, str]:
    """Return what the practice is called in the reader's language, and in the other."""
    return wording.in_order(_("practice, as printed"), _("practice, unofficial translation"))


def outcome_names() -> tuple[str, str]:
    """Return what the outcome is called in the reader's language, and in the other."""
    return wording.in_order(_("outcome, as printed"), _("outcome, unofficial translation"))
