"""What both shapes of a Word file share: how it opens and ends, titles, texts with footnotes, figures."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from reforms.exports import about, styles, wording
from reforms.exports.document import Run, Shape, WordFile
from reforms.exports.entries import Chosen, Entry, Note, Side
from reforms.exports.figure_wording import FigureLine, figure_lines
from reforms.models import Source
from reforms.models.fields import in_english
from reforms.records import PracticeRecord, Spans, TranslationState
from reforms.spans import ELLIPSIS, has_text_between, text_at

WORD_LIMIT = 500
# Adds words to a cell, or to the document; takes also what the words are called.
AddWords = Callable[[Any, str], None]


class Writer:
    """What both shapes share: how the document opens and ends, and the texts of a city."""

    def __init__(self, chosen: Chosen, entries: Sequence[Entry], shape: Shape) -> None:
        self.chosen = chosen
        self.words = chosen.words
        self.entries = entries
        self.file = WordFile(chosen.asked, shape)
        self.has_sources = len(self.sources()) > 1
        self.numbers = {entry.record.identity: place for place, entry in enumerate(entries, 1)}

    def write(self) -> bytes:
        """Write the whole document."""
        self.open()
        if self.entries:
            self.write_entries()
        else:
            self.file.add(styles.ABSENCE, self.nothing())
        self.close()
        if any(entry.present for entry in self.entries):
            self.write_appendix()
        return self.file.save()

    def nothing(self) -> str:
        """Say why the document has no measures."""
        return _("Nothing fits what was asked.")

    def write_entries(self) -> None:
        """Write the measures, their texts in the reader's language."""
        raise NotImplementedError

    def write_appendix(self) -> None:
        """Write the texts in the other language, last, so that a person can cut them off."""
        raise NotImplementedError

    def open(self) -> None:
        """Write the title, what was asked, and how to read it."""
        asked, add = self.chosen.asked, self.file.add
        add(styles.TITLE, asked.title)
        facts = [wording.colon(name, value) for name, value in asked.conditions]
        if asked.entries != 1:
            facts.append(wording.colon(_("Entries"), about.counts(asked.entries, asked.numbered)))
        facts.append(_("As of %(today)s") % {"today": asked.made_on})
        add(styles.FACTS, wording.joined(facts))
        add(
            styles.FACTS,
            _(
                "The source's words are labelled as printed; summaries, translations, readings and "
                "calculations are ours, unofficial, and say so. Errata stand in the footnotes."
            ),
            " " if in_english() else "",
            about.absence_note(),
        )
        for source in self.sources():
            if source.missing_zh:
                told = _("a part of a longer document; what is missing is told at the end")
                add(styles.FACTS, wording.colon(wording.fragment(source.short_name), told))

    def close(self) -> None:
        """Write the citations, and what the file says of itself."""
        add = self.file.add
        if self.entries:
            add(styles.HEADING_1, _("References"))
            for entry in self.entries:
                number = self.numbers[entry.record.identity]
                add(styles.CITATION, f"[{number}] {entry.citation}", place=f"cite{number}")
            add(
                styles.FACTS,
                _("Words in brackets stand for facts that the source does not print about itself."),
            )
        add(styles.HEADING_1, _("About this file"))
        lines = [*about.about(self.chosen.asked)]
        for name, text in lines:
            if text == self.chosen.asked.address:
                add(
                    styles.FACTS,
                    wording.colon(name, ""),
                    Run(text, styles.LINKED, to=text),
                )
            elif text:
                add(styles.FACTS, wording.colon(name, text))
        for text in about.rights():
            add(styles.FACTS, text)
        for source in self.sources():
            add(styles.HEADING_3, source.short_name)
            for name, text in about.source_facts(source):
                add(styles.FACTS, wording.colon(name, text))

    def sources(self) -> list[Source]:
        """Return the sources of the entries, each once, in the order of the entries."""
        return list({entry.source.slug: entry.source for entry in self.entries}.values())

    # --- Parts of a measure ---

    def title_runs(self, entry: Entry) -> list[Run]:
        """Return the title in the reader's language with its errata, and the mark of its citation."""
        record = entry.record
        number = self.numbers[record.identity]
        mark = Run(f" [{number}]", styles.LABEL, to=f"cite{number}")
        lead = Run(f"{wording.number(record)}  ")
        if in_english() and record.title_en:
            return [lead, Run(record.title_en), mark]
        return [lead, *self.printed_title(entry), mark]

    def repeated_title(self, entry: Entry) -> list[Run]:
        """Return the title in the reader's language again, without its errata."""
        number = self.numbers[entry.record.identity]
        mark = Run(f" [{number}]", styles.LABEL, to=f"cite{number}")
        return [Run(wording.heading(entry.record)), mark]

    def printed_title(self, entry: Entry) -> list[Run]:
        """Return the Chinese title with its errata; where the catalog edited it, both."""
        record = entry.record
        printed = self.line(entry, record.title_spans)
        if record.title_zh is None:
            return [Run(_("[title not printed]"))]
        if record.title_zh == entry.printed(record.title_spans):
            return printed
        edited = Run(wording.brackets(wording.chinese_label(is_edited=True)), styles.LABEL)
        as_printed = Run(wording.colon(_("As printed"), ""), styles.LABEL)
        return [Run(record.title_zh), edited, Run(" "), as_printed, *printed]

    def add_other_title(self, entry: Entry, into: Any = None) -> None:
        """Add the title in the other language, labelled."""
        record = entry.record
        if in_english() and record.title_en:
            printed = Run(f" {wording.brackets(_('as printed'))}", styles.LABEL)
            is_edited = record.title_zh != entry.printed(record.title_spans)
            runs = [*self.printed_title(entry), *([] if is_edited else [printed])]
            self.file.add(styles.SOURCE, *runs, into=into, is_kept=True)
        elif record.title_en:
            whose = wording.brackets(wording.translation_label(record.title_translation_state))
            runs = [Run(record.title_en), Run(f" {whose}", styles.LABEL)]
            self.file.add(styles.TRANSLATION, *runs, into=into, is_kept=True)
        elif record.title_zh:
            self.file.add(styles.ABSENCE, wording.untranslated(), into=into, is_kept=True)

    def add_place(self, entry: Entry, into: Any = None, *, has_category: bool = True) -> None:
        """Add where a measure stands and what it is filed under, with errata in its heading.

        The source is named where there are several: what is told of all stands at the beginning.
        """
        record = entry.record
        category = self.words.name(self.words.categories[record.category])
        facts = [
            wording.colon(_("Category"), category) if has_category else "",
            wording.colon(_("Source"), wording.source_name(entry)) if self.has_sources else "",
            wording.colon(_("Section"), wording.section(entry)),
            wording.colon(_("Status"), wording.status(record)),
        ]
        notes = tuple(map(footnote, entry.notes_elsewhere))
        run = Run(wording.joined(facts), notes=notes)
        self.file.add(styles.FACTS, run, into=into, is_kept=True)

    def add_summary(self, side: Side, *, is_kept: bool = False) -> None:
        """Add a city's name with our summary of what it does, or say why there is none."""
        name = [Run(wording.colon(side.name, ""), styles.STRONG)]
        practice = side.record
        if practice is None:
            self.file.add(styles.ABSENCE, *name, wording.absence(side.presence), is_kept=is_kept)
            return
        summary = wording.ours(practice.summary_zh, practice.summary_en)
        if not summary:
            self.file.add(
                styles.ABSENCE,
                *name,
                wording.colon(_("our summary"), wording.not_entered()),
                is_kept=is_kept,
            )
            return
        label = wording.colon(f" {wording.brackets(_('our summary'))}", "")
        lead = [Run(side.name, styles.STRONG), Run(label, styles.LABEL)]
        self.file.add(styles.OURS, *lead, summary, is_kept=is_kept)

    def add_inference(self, practice: PracticeRecord, into: Any = None) -> None:
        """Say that a city is our reading, where it is not printed."""
        if not practice.city_is_printed:
            words = _("The city is not printed here; it is inferred from the words.")
            self.file.add(styles.FACTS, words, into=into)

    def practices(self, entry: Entry, practice: PracticeRecord) -> tuple[AddWords, AddWords]:
        """Return what adds the words of a practice in the reader's language, and in the other."""

        def chinese(into: Any, name: str) -> None:
            self.add_chinese(entry, practice.practice_zh, practice.practice_spans, into, name)

        def english(into: Any, name: str) -> None:
            self.add_english(practice.practice_en, practice.translation_state, into, name)
            note = wording.ours(practice.translation_note_zh, practice.translation_note_en)
            if note:
                text = wording.colon(_("note on the translation"), note)
                self.file.add(styles.FACTS, text, into=into)

        first, second = wording.in_order(chinese, english)
        return first, second

    def outcomes(self, entry: Entry, practice: PracticeRecord) -> tuple[AddWords, AddWords]:
        """Return what adds a stated outcome in the reader's language, and in the other.

        Where none is stated, both say so.
        """

        def absent(into: Any, name: str) -> None:
            label = [Run(wording.colon(name, ""), styles.LABEL)] if name else []
            words = wording.outcome_absence(practice)
            self.file.add(styles.ABSENCE, *label, words, into=into)

        def chinese(into: Any, name: str) -> None:
            words, spans = practice.outcome_zh or "", practice.outcome_spans
            self.add_chinese(entry, words, spans, into, name)

        def english(into: Any, name: str) -> None:
            self.add_english(practice.outcome_en, practice.translation_state, into, name)

        if wording.outcome_absence(practice):
            return absent, absent
        first, second = wording.in_order(chinese, english)
        return first, second

    def add_chinese(
        self, entry: Entry, chinese: str, spans: Spans, into: Any = None, name: str = ""
    ) -> None:
        """Add the source's words with their errata; where the catalog edited them, both.

        ``name`` begins the labels; without it only words that are not as printed are labelled.
        """
        is_edited = chinese != entry.printed(spans)
        if is_edited:
            lead = self.lead(name, wording.chinese_label(is_edited=True))
            for paragraph in chinese.split("\n"):
                self.file.add(styles.TRANSLATION, *lead, paragraph, into=into)
                lead = []
        lead = self.lead(name, wording.chinese_label(is_edited=False)) if name or is_edited else []
        for runs in self.paragraphs(entry, spans):
            self.file.add(styles.SOURCE, *lead, *runs, into=into)
            lead = []

    def add_english(
        self, english: str | None, state: TranslationState, into: Any = None, name: str = ""
    ) -> None:
        """Add our translation, or say that there is none; ``name`` as in ``add_chinese``."""
        if not english:
            label = [Run(wording.colon(name, ""), styles.LABEL)] if name else []
            self.file.add(styles.ABSENCE, *label, wording.untranslated(), into=into)
            return
        is_labelled = bool(name) or state != TranslationState.CURRENT
        lead = self.lead(name, wording.translation_label(state)) if is_labelled else []
        for paragraph in english.split("\n"):
            self.file.add(styles.TRANSLATION, *lead, paragraph, into=into)
            lead = []

    @staticmethod
    def lead(name: str, whose: str) -> list[Run]:
        """Return what words begin with: what they are, and whose."""
        label = f"{name} {wording.brackets(whose)}" if name else whose
        return [Run(wording.colon(label, ""), styles.LABEL)]

    def add_figures(
        self, entry: Entry, practice: PracticeRecord, into: Any = None, name: str = ""
    ) -> None:
        """Add each figure with its scope and period, or say that there is none."""
        lines = figure_lines(entry.figures_of(practice), self.words)
        if not lines:
            label = [Run(wording.colon(name, ""), styles.LABEL)] if name else []
            self.file.add(styles.ABSENCE, *label, wording.no_figure(entry), into=into)
        self.add_lines(lines, into)

    def add_lines(self, lines: Iterable[FigureLine], into: Any = None) -> None:
        """Add figures, each what it says with its facts, then what it is beside other cities'."""
        for line in lines:
            pieces = (Run(f"• {line.said}", styles.STRONG), Run(f"  {line.facts}", styles.LABEL))
            self.file.add(styles.FIGURE, *pieces, into=into)
            for beside in line.beside:
                self.file.add(styles.BESIDE, beside, into=into)

    # --- The source's words ---

    def line(self, entry: Entry, spans: Spans, within: Spans = ()) -> list[Run]:
        """Return the source's words at ``spans`` in one line, as ``paragraphs``."""
        return [run for runs in self.paragraphs(entry, spans, within) for run in runs]

    def paragraphs(self, entry: Entry, spans: Spans, within: Spans = ()) -> list[list[Run]]:
        """Return the source's words at ``spans`` as paragraphs, footnotes at their errata.

        The runs' texts joined, paragraphs by a line feed, are exactly ``text_at(spans)``; those of
        a quotation ``within`` a text exactly ``quote_at(spans)``.
        """
        ending: dict[int, list[Note]] = {}
        for note in entry.notes_in(spans):
            ending.setdefault(note.erratum.spans[-1][1], []).append(note)
        found: list[list[Run]] = [[]]
        previous: int | None = None
        for start, end in spans:
            if previous is not None and has_text_between(
                entry.source.text, previous, start, within
            ):
                found[-1].append(Run(ELLIPSIS))
            previous = end
            cuts = [start, *sorted(cut for cut in ending if start < cut < end), end]
            for begin, stop in pairwise(cuts):
                *before, last = text_at(entry.source.text, [(begin, stop)]).split("\n")
                for words in before:
                    found[-1].append(Run(words))
                    found.append([])
                notes = tuple(map(footnote, ending.get(stop, ())))
                found[-1].append(Run(last, notes=notes))
        return found


def footnote(note: Note) -> str:
    name = _("E%(number)s") % {"number": note.number}
    return f"{name}  {wording.erratum(note)}"
