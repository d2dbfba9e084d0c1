"""Records as rows with named columns: the same rows for CSV and for the sheets of a workbook."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reforms.exports import wording
from reforms.exports.entries import Chosen, Entry, Side, Words, presence_of
from reforms.exports.figure_wording import figure_lines
from reforms.exports.wording import in_order
from reforms.records import CityRecord, OutcomeState, PracticeRecord

NARROW, MIDDLE, WIDE, WIDEST = 10, 18, 36, 90


@dataclass(frozen=True)
class Link:
    """An address, to be followed where a file can hold a link."""

    address: str


# None only where a column does not apply; what is not stated or not entered is said in words.
Cell = str | int | Decimal | bool | date | Link | None
Row = list[Cell]


@dataclass(frozen=True)
class Column:
    """The heading of a column, and its width in characters."""

    name: str
    width: int


@dataclass(frozen=True)
class Table:
    """A named table: its columns, and the rows that an entry (a measure or a figure) gives it.

    Its first ``frozen`` columns say what a row is of, and stay in sight.
    """

    name: str
    columns: list[Column]
    rows: Callable[[Any], Iterator[Row]]
    frozen: int = 3


def csv_table(chosen: Chosen) -> Table:
    """Return the measures, a row a measure, with all there is of each city in columns of its own."""
    return measure_table(chosen, is_whole=True)


# --- A row a measure ---


def measure_table(chosen: Chosen, *, is_whole: bool) -> Table:
    """Return a row a measure; ``is_whole`` with all texts of each city, else with its summaries."""
    of_cities = [
        column
        for city in chosen.columns
        for column in _shown(
            _city_columns(chosen.words.name(city), is_whole=is_whole),
            of_outcomes=chosen.has_outcomes_only,
        )
    ]

    def rows(entry: Entry) -> Iterator[Row]:
        of_cities = (
            cell
            for city in chosen.columns
            for cell in _cells_of(entry, city, chosen, is_whole=is_whole)
        )
        yield [*_measure_cells(entry, chosen.words), *of_cities, *_source_cells(entry)]

    name = _("Comparison") if chosen.is_comparison else _("Measures")
    return Table(name, [*_measure_columns(), *of_cities, *_source_columns()], rows, 2)


def _measure_columns() -> list[Column]:
    return [
        Column(pgettext("of a measure", "Number"), NARROW),
        *title_columns(),
        Column(_("Category"), MIDDLE),
        Column(_("Status"), MIDDLE),
    ]


def _measure_cells(entry: Entry, words: Words) -> Row:
    return [
        number_cell(entry),
        *title_cells(entry),
        words.name(words.categories[entry.record.category]),
        wording.status(entry.record),
    ]


def _source_columns() -> list[Column]:
    return [
        Column(_("Errata"), WIDEST),
        Column(_("Source"), MIDDLE),
        Column(_("Completeness of the source"), MIDDLE),
        Column(_("Section, as printed"), MIDDLE),
        Column(_("All of it was read"), NARROW),
        Column(pgettext("of a measure", "Key"), NARROW),
        Column(_("Version"), NARROW),
        Column(_("Last changed"), MIDDLE),
        Column(_("Address"), WIDE),
        Column(_("Citation"), WIDEST),
    ]


def _source_cells(entry: Entry) -> Row:
    return [
        wording.errata(entry.shown_notes),
        entry.source.short_name,
        str(entry.source.get_completeness_display()),
        wording.section(entry),
        entry.record.is_read_whole,
        entry.record.key,
        entry.version,
        timezone.localtime(entry.changed_at).date(),
        Link(entry.address),
        entry.citation,
    ]


def _cells_of(entry: Entry, city: CityRecord, chosen: Chosen, *, is_whole: bool) -> Row:
    """Return a measure's cells of a city, as far as the file shows them."""
    record = entry.record
    sides = {side.city.slug: side for side in entry.sides}
    if record.identity in chosen.cities_taken and city.slug not in sides:
        return [_("not in the basket")] * len(_city_columns("", is_whole=is_whole))
    side = sides.get(city.slug) or Side(city, None, presence_of(record, city.slug))
    cells = _city_cells(entry, side, chosen.words, is_whole=is_whole)
    return _shown(cells, of_outcomes=chosen.has_outcomes_only)


def title_columns() -> list[Column]:
    """Return the columns of a title, the reader's language first."""
    return list(
        in_order(Column(_("Title, as printed"), WIDE), Column(_("Title, our English"), WIDE))
    )


def number_cell(entry: Entry) -> Cell:
    """Return the number of a measure, or that none is printed."""
    number = entry.record.number
    return _("no number printed") if number is None else number


def title_cells(entry: Entry) -> Row:
    """Return the title in both languages, or what is to be said of it."""
    record = entry.record
    printed = record.title_zh or _("[title not printed]")
    if record.title_zh and record.title_zh != entry.printed(record.title_spans):
        printed = f"{printed} {wording.brackets(wording.chinese_label(is_edited=True))}"
    missing = wording.untranslated() if record.title_zh else _("[title not printed]")
    return list(in_order(printed, record.title_en or missing))


# Which of a city's columns a comparison of outcomes alone has: the state, the texts, the figures.
OUTCOME_COLUMNS = slice(6, 10)


def _shown(columns: list[Any], *, of_outcomes: bool) -> list[Any]:
    """Return a city's columns or cells; of a comparison of outcomes alone those of the outcome."""
    return columns[OUTCOME_COLUMNS] if of_outcomes else columns


def _city_columns(city: str, *, is_whole: bool) -> list[Column]:
    def column(name: str, width: int) -> Column:
        return Column(f"{city} · {name}", width)

    summaries = in_order(
        column(_("our summary, Chinese"), WIDE), column(_("our summary, English"), WIDE)
    )
    columns = [column(_("practice"), MIDDLE), *summaries]
    if not is_whole:
        return [*columns, column(_("outcome"), MIDDLE)]
    return [
        *columns,
        *in_order(
            column(_("practice, as printed"), WIDEST),
            column(_("practice, unofficial translation"), WIDEST),
        ),
        column(_("state of the translation"), MIDDLE),
        column(_("outcome"), MIDDLE),
        *in_order(
            column(_("outcome, as printed"), WIDEST),
            column(_("outcome, unofficial translation"), WIDEST),
        ),
        column(_("figures"), WIDEST),
        column(_("points by theme"), WIDEST),
    ]


def _city_cells(entry: Entry, side: Side, words: Words, *, is_whole: bool) -> Row:
    practice = side.record
    if practice is None:
        missing = wording.absence(side.presence)
        return [missing] * len(_city_columns("", is_whole=is_whole))
    cells: Row = [wording.state(side), *summary_cells(practice)]
    if not is_whole:
        return [*cells, outcome_state(practice)]
    figures = "\n".join(line.text for line in figure_lines(entry.figures_of(practice), words))
    return [
        *cells,
        *practice_cells(entry, practice),
        wording.label(practice.translation_state),
        outcome_state(practice),
        *outcome_cells(entry, practice),
        figures or wording.no_figure(entry),
        wording.points(entry, practice, words),
    ]


def summary_cells(practice: PracticeRecord) -> Row:
    """Return our summary in both languages."""
    missing = wording.not_entered()
    return list(in_order(practice.summary_zh or missing, practice.summary_en or missing))


def practice_cells(entry: Entry, practice: PracticeRecord) -> Row:
    """Return what a city does in both languages."""
    english = practice.practice_en or wording.untranslated()
    return list(in_order(_chinese(entry, practice.practice_zh, practice.practice_spans), english))


def outcome_cells(entry: Entry, practice: PracticeRecord) -> Row:
    """Return what came of it in both languages, or why it is absent."""
    if missing := wording.outcome_absence(practice):
        return [missing, missing]
    chinese = _chinese(entry, practice.outcome_zh or "", practice.outcome_spans)
    return list(in_order(chinese, practice.outcome_en or wording.untranslated()))


def _chinese(entry: Entry, text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """Return a Chinese text; where the catalog edited it, that and the words as printed."""
    printed = entry.printed(spans)
    if text == printed:
        return text
    edited = wording.colon(wording.chinese_label(is_edited=True), text)
    return f"{edited}\n{wording.colon(wording.chinese_label(is_edited=False), printed)}"


def outcome_state(practice: PracticeRecord) -> str:
    """Return whether an outcome is stated, and if not, what can be said."""
    if practice.outcome_state == OutcomeState.STATED:
        return wording.label(practice.outcome_state)
    return wording.outcome_absence(practice)
