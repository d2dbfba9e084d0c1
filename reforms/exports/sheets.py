"""The sheets of a workbook: measures, and a row a practice, a point, a figure and an erratum."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reforms.exports import figure_wording, wording
from reforms.exports.entries import Chosen, Entry, Side, Words
from reforms.exports.tables import (
    MIDDLE,
    NARROW,
    WIDE,
    WIDEST,
    Column,
    Link,
    Row,
    Table,
    measure_table,
    number_cell,
    outcome_cells,
    outcome_state,
    practice_cells,
    summary_cells,
    title_cells,
    title_columns,
)
from reforms.exports.wording import in_order
from reforms.records import FigureRecord, Role, StatedIn


def sheets(chosen: Chosen) -> list[Table]:
    """Return the tables of a workbook: measures or comparison, then those of ``record_sheets``.

    A comparison has the texts side by side; in a list they stand among the practices alone.
    """
    return [measure_table(chosen, is_whole=chosen.is_comparison), *record_sheets(chosen)]


def record_sheets(chosen: Chosen) -> list[Table]:
    """Return the tables with a row a practice, a point, a figure and an erratum.

    Of a comparison of outcomes alone they hold no practices, no points, and no figures but those
    of outcomes.
    """
    tables = [_practices(of_outcomes=chosen.has_outcomes_only), _figures(chosen.words), _errata()]
    if not chosen.has_outcomes_only:
        tables.insert(1, _points(chosen.words))
    return tables


def _lead_columns() -> list[Column]:
    return [
        Column(_("Source"), MIDDLE),
        Column(pgettext("of a measure", "Key"), NARROW),
        Column(pgettext("of a measure", "Number"), NARROW),
    ]


def _lead(entry: Entry) -> Row:
    return [entry.source.short_name, entry.record.key, number_cell(entry)]


def _practices(*, of_outcomes: bool) -> Table:
    columns = [
        *_lead_columns(),
        *title_columns(),
        Column(_("City"), NARROW),
        Column(_("Practice"), MIDDLE),
        Column(_("The city is printed"), NARROW),
        *([] if of_outcomes else _practice_columns()),
        Column(_("state of the translation"), MIDDLE),
        Column(_("note on the translation"), WIDE),
        Column(_("outcome"), MIDDLE),
        *in_order(
            Column(_("outcome, as printed"), WIDEST),
            Column(_("outcome, unofficial translation"), WIDEST),
        ),
        Column(_("Address"), WIDE),
    ]

    def rows(entry: Entry) -> Iterator[Row]:
        for side in entry.sides:
            yield [
                *_lead(entry),
                *title_cells(entry),
                side.name,
                wording.state(side),
                *_side_cells(entry, side, of_outcomes=of_outcomes),
                Link(f"{entry.address}#{side.city.slug}"),
            ]

    name = pgettext("a sheet", "Outcomes") if of_outcomes else pgettext("a sheet", "Practices")
    return Table(name, columns, rows)


def _practice_columns() -> list[Column]:
    return [
        *in_order(Column(_("our summary, Chinese"), WIDE), Column(_("our summary, English"), WIDE)),
        *in_order(
            Column(_("practice, as printed"), WIDEST),
            Column(_("practice, unofficial translation"), WIDEST),
        ),
    ]


def _side_cells(entry: Entry, side: Side, *, of_outcomes: bool) -> Row:
    """Return what is held of a city under a measure, from whether the city is printed on."""
    practice = side.record
    if practice is None:
        missing = wording.absence(side.presence)
        hidden = 0 if of_outcomes else len(_practice_columns())
        return [None, *[missing] * hidden, None, None, *[missing] * 3]
    note = wording.ours(practice.translation_note_zh, practice.translation_note_en)
    texts: Row = [] if of_outcomes else [*summary_cells(practice), *practice_cells(entry, practice)]
    return [
        practice.city_is_printed,
        *texts,
        wording.label(practice.translation_state),
        note or None,
        outcome_state(practice),
        *outcome_cells(entry, practice),
    ]


def _points(words: Words) -> Table:
    columns = [
        *_lead_columns(),
        Column(_("City"), NARROW),
        Column(_("Point"), NARROW),
        Column(_("Theme (our grouping)"), MIDDLE),
        Column(_("Words, as printed"), WIDEST),
        Column(_("Address"), WIDE),
    ]

    def rows(entry: Entry) -> Iterator[Row]:
        for side in entry.sides:
            if side.record is None:
                continue
            for position, point in enumerate(side.record.points, start=1):
                theme = words.name(words.themes[point.theme])
                address = Link(f"{entry.address}#{side.city.slug}-point-{position}")
                printed = entry.quoted(point, side.record)
                yield [*_lead(entry), side.name, position, theme, printed, address]

    return Table(_("Points"), columns, rows)


def _figures(words: Words) -> Table:
    columns = [
        *_lead_columns(),
        Column(_("City"), NARROW),
        Column(_("Indicator"), WIDE),
        *figure_columns(),
        Column(_("Address"), WIDE),
    ]

    def rows(entry: Entry) -> Iterator[Row]:
        for side in entry.sides:
            if side.record is None:
                continue
            for figure in entry.figures_of(side.record):
                indicator = words.name(words.indicators[figure.record.indicator])
                address = Link(f"{entry.address}#{side.city.slug}-figure-{figure.position}")
                yield [*_lead(entry), side.name, indicator, *figure_cells(figure.record), address]

    return Table(_("Figures"), columns, rows)


def figure_columns() -> list[Column]:
    """Return the columns of what makes a figure comparable."""
    return [
        Column(_("Kind of figure"), NARROW),
        Column(pgettext("of a figure", "Nature"), MIDDLE),
        Column(_("Stated in"), MIDDLE),
        Column(pgettext("of a figure", "In words"), WIDE),
        Column(pgettext("of a figure", "Before"), NARROW),
        Column(pgettext("of a figure", "Between"), NARROW),
        Column(pgettext("of a figure", "After"), NARROW),
        Column(pgettext("of a figure", "Value"), NARROW),
        *in_order(Column(_("Unit, as printed"), NARROW), Column(_("Unit, our English"), MIDDLE)),
        Column(_("Unit before, where it differs"), MIDDLE),
        Column(_("Our reading of a unit that is not printed"), MIDDLE),
        Column(pgettext("of a figure", "Bound"), NARROW),
        Column(_("Qualifier, as printed"), MIDDLE),
        *in_order(Column(_("Scope, Chinese"), WIDE), Column(_("Scope, English"), WIDE)),
        Column(_("Period, as printed"), MIDDLE),
        Column(_("Our reading: from"), MIDDLE),
        Column(_("Our reading: to"), MIDDLE),
        Column(_("Our calculation"), MIDDLE),
        Column(_("Our note"), WIDE),
        Column(_("Quotation, as printed"), WIDEST),
        Column(_("Statement printed in several places"), MIDDLE),
    ]


def figure_cells(figure: FigureRecord) -> Row:
    """Return what makes a figure comparable, in the columns of ``figure_columns``."""
    is_single = figure.value is not None
    unprinted = _("not printed")
    units = in_order(figure.unit_zh or unprinted, figure.unit_en or unprinted)
    inferred = wording.ours(figure.unit_inferred_zh, figure.unit_inferred_en)
    qualifier = figure.qualifier_zh or None
    if qualifier and figure.qualifier_en:
        qualifier = f"{qualifier} ({figure.qualifier_en})"
    note = wording.ours(figure.note_zh, figure.note_en)
    return [
        wording.label(figure.kind),
        wording.label(figure.nature),
        wording.label(StatedIn(figure.stated_in)),
        figure_wording.figure_sentence(figure),
        None if is_single else _decimal(figure.before) or _("not stated"),
        " → ".join(figure.steps) or None,
        _decimal(figure.after),
        _decimal(figure.value),
        *units,
        wording.ours(figure.before_unit_zh, figure.before_unit_en) or None,
        inferred or None,
        wording.label(figure.bound),
        qualifier,
        *in_order(figure.scope_zh, figure.scope_en),
        figure.period_zh or _("no period is stated"),
        _date(figure.period_from),
        _date(figure.period_to),
        figure_wording.figure_change(figure) or None,
        note or None,
        figure.quote,
        figure.statement,
    ]


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _errata() -> Table:
    columns = [
        *_lead_columns(),
        Column(_("Erratum"), NARROW),
        Column(_("Stands in"), MIDDLE),
        Column(_("As printed"), WIDE),
        Column(_("Probable reading"), WIDE),
        Column(_("How sure"), NARROW),
        Column(_("Decision"), MIDDLE),
        *in_order(Column(_("Reason, Chinese"), WIDEST), Column(_("Reason, English"), WIDEST)),
        Column(_("Address"), WIDE),
    ]

    def rows(entry: Entry) -> Iterator[Row]:
        for note in entry.shown_notes:
            erratum = note.erratum
            yield [
                *_lead(entry),
                note.number,
                wording.label(Role(erratum.stands_in)),
                erratum.as_printed,
                erratum.reading or _("not certain"),
                wording.label(erratum.confidence),
                wording.label(erratum.decision),
                *in_order(erratum.reason_zh, erratum.reason_en),
                Link(f"{entry.address}#erratum-{note.number}"),
            ]

    return Table(_("Errata"), columns, rows)
