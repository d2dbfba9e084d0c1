"""Measures as a Word memo in brief: about a third of a page each, which says what it leaves out."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from reforms.citations import cite_source, short_citation
from reforms.compare import SharedIndicator, Statement, shared_indicators
from reforms.exports import about, figure_wording, styles, wording
from reforms.exports.document import Run, Shape
from reforms.exports.entries import Chosen, Entry, Note, Side
from reforms.exports.excerpts import excerpt, kept
from reforms.exports.memo import Memo
from reforms.exports.opening import opening
from reforms.exports.prose import footnote
from reforms.figures import sentence
from reforms.models import Figure, Source
from reforms.models.fields import as_spans, in_english
from reforms.records import PracticeRecord, StatedIn
from reforms.spans import ELLIPSIS

# Lines a set distance apart: a page holds as many in 宋体 as in what stands in for it.
CHINESE = Shape(size=10.5, across=2, down=1.6, line=15)
# English takes about a tenth more room for the same.
ENGLISH = Shape(size=10, across=2, down=1.6, line=14)
# The longest outcome that is quoted whole, in characters: about two lines of either language.
MOST_CHINESE, MOST_ENGLISH = 90, 240
# The same of what is told to be missing of a source.
MISSING_CHINESE, MISSING_ENGLISH = 100, 260


def write_brief(chosen: Chosen, full: str) -> bytes:
    """Return the measures in brief, one after another, upright, as a .docx file.

    ``full`` is the address of the same measures' full text in Word. Queries as ``write_memo``.
    """
    with override(chosen.asked.language):
        asked = replace(chosen.asked, title=wording.in_brief(chosen.asked.title))
        chosen = replace(chosen, asked=asked)
        entries = [entry for chunk in chosen.chunks() for entry in chunk]
        return _Brief(chosen, entries, full).write()


class _Brief(Memo):
    """Measures in brief: each city's summary and outcome, and the figures that both state."""

    levels = (styles.HEADING_1, styles.HEADING_2)

    def __init__(self, chosen: Chosen, entries: Sequence[Entry], full: str) -> None:
        super().__init__(chosen, entries, ENGLISH if in_english() else CHINESE)
        self.full = full
        self.told: set[str] = set()

    def open(self) -> None:
        """Write the title, the counts, and what is left out and where it stands."""
        asked, add = self.chosen.asked, self.file.add
        add(styles.TITLE, asked.title)
        if len(self.entries) > 1:
            add(styles.NORMAL, opening(self.entries, self.chosen.spoken_of(self.entries)))
        table_or_memo = (
            _("Word, a table") if self.chosen.is_comparison else _("Word memo, full text")
        )
        add(
            styles.FACTS,
            self.left_out(),
            " ",
            Run(table_or_memo, styles.LINKED, to=self.full),
            pgettext("between facts", "; "),
            Run(_("the page"), styles.LINKED, to=asked.address),
            "." if in_english() else "。",
        )

    def left_out(self) -> str:
        """Say whose words are whose, and what is left out."""
        if self.chosen.has_outcomes_only:
            return _(
                "Translations and calculations are ours, unofficial, and labelled. Where a text is "
                "cut, … stands for the rest. Outcomes alone were asked for: whole, with all their "
                "figures and in both languages, they stand here:"
            )
        return _(
            "Summaries, translations and calculations are ours, unofficial, and labelled. Where a "
            "text is cut, … stands for the rest. Practices, whole outcomes, all figures and the "
            "words in the other language stand here:"
        )

    @cached_property
    def is_grouped(self) -> bool:
        """Tell whether the order keeps each category together, and be there only one."""
        groups = [category for category, _found in self.by_category()]
        return len(set(groups)) == len(groups)

    def write_entries(self) -> None:
        """Write the measures, under their categories where these stand together."""
        if not self.is_grouped:
            self.file.add(styles.HEADING_1, _("Measures"))
        self.write_grouped(self.write_entry)

    def write_appendix(self) -> None:
        """Write nothing: the words in the other language stand in the full text."""

    def write_entry(self, entry: Entry) -> None:
        """Write a measure: title, then city by city summary and outcome, then figures of several."""
        self.told = set()
        self.file.add(styles.HEADING_2, *self.title_of(entry))
        figures = self.figures_of(entry)
        shared = shared_indicators(figures)
        remark = self.remark(figures, shared)
        for side in entry.sides:
            is_last = side is entry.sides[-1]
            self.write_side(entry, side, is_kept=is_last and bool(shared or remark))
        for indicator in shared:
            self.write_indicator(entry, indicator, is_kept=bool(remark))
        if remark:
            self.file.add(styles.FACTS, remark)

    def title_of(self, entry: Entry) -> list[Run]:
        """Return the title with its errata and the mark of its citation; each erratum once."""
        spans = entry.record.title_spans
        runs = self.title_runs(entry)
        notes = entry.notes_in(spans)
        if in_english() and entry.record.title_en:
            runs[1] = Run(runs[1].text, notes=tuple(map(footnote, notes)))
        self.told |= {note.number for note in notes}
        return runs

    def write_side(self, entry: Entry, side: Side, *, is_kept: bool) -> None:
        """Write what a city does in our words and what came of it, or that neither is stated."""
        practice = side.record
        if practice is None:
            self.add_summary(side, is_kept=is_kept)
            return
        if not self.chosen.has_outcomes_only:
            self.add_summary(side, is_kept=True)
        named = [Run(wording.colon(side.name, ""), styles.STRONG)]
        lead = named if self.chosen.has_outcomes_only else []
        absent = wording.outcome_absence(practice)
        if absent:
            said = wording.colon(_("Stated outcome"), absent)
            self.file.add(styles.ABSENCE, *lead, said, is_kept=is_kept)
        elif in_english() and practice.outcome_en:
            style, runs = styles.TRANSLATION, self.translated_outcome(entry, practice)
            self.file.add(style, *lead, *runs, is_kept=is_kept)
        else:
            style, runs = self.printed_outcome(entry, practice)
            self.file.add(style, *lead, *runs, is_kept=is_kept)

    def translated_outcome(self, entry: Entry, practice: PracticeRecord) -> list[Run]:
        """Return the outcome in our translation, cut where it is long, with the errata of the print."""
        whose = wording.translation_label(practice.translation_state)
        words = excerpt((practice.outcome_en or "").replace("\n", " "), MOST_ENGLISH)
        notes = self.new_notes(entry.notes_in(practice.outcome_spans))
        return [*self.lead(_("Stated outcome"), whose), Run(words, notes=notes)]

    def printed_outcome(self, entry: Entry, practice: PracticeRecord) -> tuple[str, list[Run]]:
        """Return the style and the words of the outcome as printed, cut where it is long.

        Footnotes stand at the errata in what is left. Words that the catalog edited have none.
        """
        is_edited = practice.outcome_zh != entry.printed(practice.outcome_spans)
        label = self.lead(_("Stated outcome"), wording.chinese_label(is_edited=is_edited))
        if is_edited:
            words = excerpt((practice.outcome_zh or "").replace("\n", ""), MOST_CHINESE)
            return styles.TRANSLATION, [*label, Run(words)]
        runs = self.line(entry, practice.outcome_spans)
        whole = "".join(run.text for run in runs)
        left = kept(whole, MOST_CHINESE)
        shown = beginning(runs, left)
        marks = {mark for run in shown for mark in run.notes}
        notes = entry.notes_in(practice.outcome_spans)
        self.told |= {note.number for note in notes if footnote(note) in marks}
        return styles.SOURCE, [*label, *shown, *([Run(ELLIPSIS)] if left < len(whole) else [])]

    # --- Figures ---

    def remark(self, figures: list[list[Figure]], shared: list[SharedIndicator]) -> str:
        """Return that no figures stand under one indicator, and how many others the full text has."""
        held = {found.indicator for found in shared}
        others = {
            (figure.practice_id, figure.statement or figure.pk)
            for city in figures
            for figure in city
            if figure.indicator not in held
        }
        facts = []
        if not shared and len(figures) > 1:
            facts.append(_("No indicator has figures of several cities"))
        if others:
            facts.append(wording.colon(_("figures left to the full text"), str(len(others))))
        words = wording.joined(facts)
        return words[:1].upper() + words[1:]

    def figures_of(self, entry: Entry) -> list[list[Figure]]:
        """Return the figures of each city that has a practice, in the order of the sides; no query."""
        practices = {practice.city.slug: practice for practice in entry.measure.practices.all()}
        return [
            [
                figure
                for figure in practices[side.city.slug].figures.all()
                if not self.chosen.has_outcomes_only or figure.stated_in == StatedIn.OUTCOME
            ]
            for side in entry.present
        ]

    def write_indicator(self, entry: Entry, shared: SharedIndicator, *, is_kept: bool) -> None:
        """Write an indicator in one paragraph: what each city states, and what that is to the other."""
        pieces: list[Run | str] = [
            Run(f"• {wording.colon(shared.indicator.name, '')}", styles.STRONG)
        ]
        for number, (city, statements) in enumerate(shared.cities):
            if number:
                pieces.append(pgettext("between facts", "; "))
            pieces.append(f"{city.name} ")
            for place, statement in enumerate(statements):
                if place:
                    pieces.append(_(", "))
                pieces += self.statement_runs(entry, statement)
        self.file.add(styles.FIGURE, *pieces, is_kept=is_kept)

    def statement_runs(self, entry: Entry, statement: Statement) -> list[Run]:
        """Return a statement with the errata in its words, and what it is to other cities' ones."""
        figure = statement.figure
        notes = self.new_notes(entry.notes_in(as_spans(figure.quote_spans)))
        runs = [Run(sentence(figure).text, notes=notes)]
        for pairing in statement.beside:
            told = figure_wording.beside(pairing)
            if pairing.comparison.gap is None:
                told = wording.brackets(told)
            runs.append(Run(f" {told}", styles.LABEL))
        return runs

    def new_notes(self, notes: Sequence[Note]) -> tuple[str, ...]:
        """Return the footnotes of the errata that the measure has not had yet."""
        new = [note for note in notes if note.number not in self.told]
        self.told |= {note.number for note in new}
        return tuple(map(footnote, new))

    # --- The end ---

    def close(self) -> None:
        """Write the citations, each measure's in a line, and what the file says of itself."""
        add, asked = self.file.add, self.chosen.asked
        if self.entries:
            add(styles.HEADING_1, _("References"))
        for entry in self.entries:
            number = self.numbers[entry.record.identity]
            pieces = [f"[{number}] {wording.reference(entry, has_source=self.has_sources)} "]
            add(
                styles.CITATION,
                *pieces,
                Run(entry.address, styles.LINKED, to=entry.address),
                place=f"cite{number}",
            )
        for source in self.sources():
            address = f"{asked.site}{reverse('source_detail', args=[source.slug])}"
            cited = short_citation(cite_source(source, address)).text
            add(styles.FACTS, wording.colon(_("Source"), cited))
            if source.missing_zh:
                add(styles.FACTS, wording.colon(_("What is missing"), missing(source)))
        facts = [
            wording.joined([wording.colon(name, value) for name, value in asked.conditions]),
            _("As of %(today)s") % {"today": asked.made_on},
            wording.colon(_("Live page"), ""),
        ]
        add(
            styles.FACTS, wording.joined(facts), Run(asked.address, styles.LINKED, to=asked.address)
        )
        add(styles.FACTS, about.absence_note())


def missing(source: Source) -> str:
    """Return how what is missing of a source is told, cut where it is long."""
    most = MISSING_ENGLISH if in_english() and source.missing_en else MISSING_CHINESE
    return excerpt(wording.ours(source.missing_zh, source.missing_en), most)


def beginning(runs: Sequence[Run], length: int) -> list[Run]:
    """Return the runs of the first ``length`` characters; one that is cut loses its footnotes."""
    shown = []
    for run in runs:
        if length <= 0:
            break
        whole = len(run.text) <= length
        shown.append(run if whole else Run(run.text[:length], run.style))
        length -= len(run.text)
    return shown
