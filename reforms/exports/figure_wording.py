"""What files say of figures: a sentence and its facts, and what each is beside other cities', as pages do."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reforms.compare import Fact, Pairing, Stated, Verdict
from reforms.exports import wording
from reforms.exports.entries import ShownFigure, Words
from reforms.figures import change, sentence, signed_quantity
from reforms.models import Figure
from reforms.models.fields import in_english
from reforms.records import Certainty, FigureRecord, StatedIn

# A record has no columns of the table that a sentence could be asked of; a figure not stored has.
_OF_RECORD_ALONE = {"indicator", "kind"}
_NUMBERS = ("before", "after", "value")


# --- One figure ---


def as_figure(record: FigureRecord) -> Figure:
    """Return a figure of the table made of its record, never stored, to ask sentences of."""
    names = [name for name in record.__dataclass_fields__ if name not in _OF_RECORD_ALONE]
    values = {name: getattr(record, name) for name in names}
    values |= {name: Decimal(values[name]) for name in _NUMBERS if values[name] is not None}
    return Figure(**values | {"steps": list(record.steps), "printed": list(record.printed)})


def figure_sentence(record: FigureRecord) -> str:
    """Return a figure as the pages say it, in English with the print beside it."""
    return sentence_of(as_figure(record))


def sentence_of(figure: Figure) -> str:
    """Return a figure of the table as ``figure_sentence``; no query."""
    said = sentence(figure)
    return said.text if said.is_as_printed else f"{said.text} ({said.printed})"


def figure_change(record: FigureRecord) -> str:
    """Return our calculation of a figure's change; empty where none can be made."""
    return change(as_figure(record))


def figure_scope(record: FigureRecord) -> str:
    """Return what a figure covers."""
    return wording.ours(record.scope_zh, record.scope_en)


def figure_period(record: FigureRecord) -> str:
    """Return the period as printed with our reading, or that none is stated."""
    if not record.period_zh:
        return _("no period is stated")
    printed = f"“{record.period_zh}”"
    if in_english() and record.period_en:
        printed += f" ({record.period_en})"
    return f"{printed}, {_dates(record)}" if in_english() else f"{printed}，{_dates(record)}"


def _dates(record: FigureRecord) -> str:
    dates = {"from": record.period_from, "to": record.period_to}
    if record.period_from and record.period_to:
        read = _("%(from)s to %(to)s") % dates
    elif record.period_from:
        read = _("from %(from)s, end not stated") % dates
    elif record.period_to:
        read = _("to %(to)s, beginning not stated") % dates
    else:
        return _("no dates can be told from the text")
    if record.period_certainty == Certainty.INFERRED:
        read += f" ({_('inferred')})"
    return wording.colon(_("our reading"), read)


def figure_facts(record: FigureRecord) -> str:
    """Return what makes a figure comparable: nature, where stated, scope, period, our notes."""
    facts = [
        wording.colon(_("Scope"), figure_scope(record)),
        wording.label(record.nature),
        wording.label(StatedIn(record.stated_in)),
        wording.colon(pgettext("of a figure", "Period"), figure_period(record))
        if record.period_zh
        else figure_period(record),
    ]
    if record.value is None and record.before is None:
        facts.append(_("the value before is not stated"))
    if record.before_unit_zh:
        facts.append(_("the units before and after differ, so nothing is calculated"))
    if calculated := figure_change(record):
        facts.append(wording.colon(_("our calculation"), calculated))
    if note := wording.ours(record.note_zh, record.note_en):
        facts.append(wording.colon(_("our note"), note.rstrip("。.")))
    return wording.joined(facts)


# --- Beside other cities' ---


def verdict(found: Verdict) -> str:
    """Return what two figures are to each other."""
    if found == Verdict.SAME:
        return pgettext("of two figures", "the same")
    if found == Verdict.DIFFERENT:
        return pgettext("of two figures", "different")
    return pgettext("of two figures", "not comparable")


def gap(pairing: Pairing) -> str:
    """Return our calculation of the gap of figures that differ, or why there is none; else empty."""
    comparison = pairing.comparison
    if comparison.gap is not None:
        return signed_quantity(comparison.gap, pairing.own)
    if comparison.verdict == Verdict.DIFFERENT:
        return _("no exact value is stated, so no gap is calculated")
    return ""


def differing(pairing: Pairing) -> str:
    """Return what keeps two figures apart, one after another; empty where nothing does."""
    return _(", ").join(_fact(fact, pairing) for fact in pairing.comparison.differing)


def beside(pairing: Pairing) -> str:
    """Return what a figure is beside another city's, as one sentence, a gap labelled as ours."""
    comparison, city = pairing.comparison, {"city": pairing.city.name}
    if comparison.verdict == Verdict.SAME:
        return _("The same as %(city)s") % city
    if comparison.verdict == Verdict.NOT_COMPARABLE:
        apart = f"{_('not the same:')}{' ' if in_english() else ''}{differing(pairing)}"
        return wording.joined([_("Not comparable with %(city)s") % city, apart])
    if comparison.gap is None:
        return wording.joined([_("Different from %(city)s") % city, gap(pairing)])
    label = wording.brackets(_("our calculation"))
    return " ".join([label, gap(pairing), _("against %(city)s") % city])


def _fact(fact: Fact, pairing: Pairing) -> str:
    own, other = pairing.own, pairing.other
    if fact == Fact.UNIT:
        if own.unit_zh and other.unit_zh:
            return pgettext("of a figure", "unit")
        return pgettext("of a figure", "unit (not printed)")
    if fact == Fact.PERIOD:
        if own.period_zh or other.period_zh:
            return pgettext("of a figure", "period")
        return pgettext("of a figure", "period (not stated)")
    if fact == Fact.SCOPE:
        return pgettext("of a figure", "scope")
    if fact == Fact.NATURE:
        return pgettext("of a figure", "nature")
    return pgettext("of a figure", "qualifier")


# --- Figures as lines ---


@dataclass(frozen=True)
class FigureLine:
    """A figure as a line: what it says, its facts, and what it is beside each other city's."""

    said: str
    facts: str
    beside: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole as text, what it is beside others on lines of its own."""
        return "\n".join([f"{self.said} ({self.facts})", *self.beside])


def figure_lines(figures: Sequence[ShownFigure], words: Words) -> list[FigureLine]:
    """Return a city's figures under a measure as lines.

    What practice and outcome both state is one line, which says where it is stated again.
    """
    statements: dict[str | int, list[ShownFigure]] = {}
    for place, figure in enumerate(figures):
        statements.setdefault(figure.record.statement or place, []).append(figure)
    return [_line(places, words) for places in statements.values()]


def _line(places: Sequence[ShownFigure], words: Words) -> FigureLine:
    first, *others = (figure.record for figure in places)
    indicator = words.name(words.indicators[first.indicator])
    return FigureLine(
        wording.colon(indicator, figure_sentence(first)),
        wording.joined([figure_facts(first), *(_again(figure, first) for figure in others)]),
        tuple(_beside([figure.stated for figure in places if figure.stated])),
    )


def _beside(places: Sequence[Stated]) -> list[str]:
    """Return what the places of one statement are beside other cities', each pair once."""
    told: set[tuple[int, int]] = set()
    found = []
    for stated in places:
        for pairing in (*stated.beside, *stated.nearer):
            pair = (pairing.own.pk, pairing.other.pk)
            if pair not in told:
                told.add(pair)
                is_first = pairing.own.pk == places[0].figure.pk
                place = "" if is_first else f"{_stated_again(StatedIn(pairing.own.stated_in))} · "
                found.append(f"{place}{beside(pairing)}")
    return found


def _again(figure: FigureRecord, first: FigureRecord) -> str:
    """Return where a figure is stated again, with the sentence and the scope that it has there."""
    facts = [_stated_again(figure.stated_in)]
    if figure_sentence(figure) != figure_sentence(first):
        facts.append(figure_sentence(figure))
    if figure_scope(figure) != figure_scope(first):
        facts.append(wording.colon(_("Scope"), figure_scope(figure)))
    return wording.joined(facts)


def _stated_again(part: StatedIn) -> str:
    return _("Stated again here: %(part)s") % {"part": wording.label(part)}
