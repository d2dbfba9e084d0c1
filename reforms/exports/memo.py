"""Measures as a Word memo: upright, in prose, in brief what each city does, then all of it in full."""

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import override

from reforms.exports import styles, wording
from reforms.exports.document import Shape
from reforms.exports.entries import Chosen, Entry
from reforms.exports.opening import opening
from reforms.exports.prose import Writer

UPRIGHT = Shape()


def write_memo(chosen: Chosen) -> bytes:
    """Return the measures in prose, one after another, upright, as a .docx file.

    Queries: 4 for names, 1 for the list, 7 for every ``CHUNK_SIZE`` measures.
    """
    with override(chosen.asked.language):
        entries = [entry for chunk in chosen.chunks() for entry in chunk]
        return Memo(chosen, entries, UPRIGHT).write()


class Memo(Writer):
    """Measures in prose: in brief what each city does, then its words, outcomes and figures in full."""

    # The styles of a category's heading and of a measure's.
    levels = (styles.HEADING_2, styles.HEADING_3)

    def write_entries(self) -> None:
        """Write what is to be read first, then the measures in full."""
        self.file.add(styles.HEADING_1, _("In brief"))
        if len(self.entries) > 1:
            spoken_of = self.chosen.spoken_of(self.entries)
            self.file.add(styles.NORMAL, opening(self.entries, spoken_of))
        self.write_grouped(self.write_brief)
        self.write_part(_("Practices, outcomes and figures in full"), self.write_whole)

    def write_appendix(self) -> None:
        """Write the words in the other language."""
        self.write_part(wording.appendix(), self.write_other_words)

    def write_part(self, name: str, write: Callable[[Entry], None]) -> None:
        """Write a part of the memo on a page of its own."""
        self.file.add(styles.HEADING_1, name, on_new_page=True)
        self.write_grouped(write)

    def write_grouped(self, write: Callable[[Entry], None]) -> None:
        """Write the measures one by one, under their categories where these stand together."""
        for category, found in self.by_category():
            if self.is_grouped:
                heading = self.words.name(self.words.categories[category])
                self.file.add(self.levels[0], heading)
            for entry in found:
                write(entry)

    @cached_property
    def is_grouped(self) -> bool:
        """Tell whether there are several categories, and the order keeps each together."""
        groups = [category for category, _found in self.by_category()]
        return len(set(groups)) == len(groups) > 1

    def by_category(self) -> Iterator[tuple[str, Iterator[Entry]]]:
        """Return the runs of measures of one category, in the order of the measures."""
        return groupby(self.entries, _category)

    def write_brief(self, entry: Entry) -> None:
        """Write a measure in brief: its title, and in a line each what a city does."""
        self.file.add(self.levels[1], *self.title_runs(entry))
        for side in entry.sides:
            self.add_summary(side)

    def write_whole(self, entry: Entry) -> None:
        """Write what each city does in the reader's language, what came of it, figures and themes."""
        self.file.add(self.levels[1], *self.repeated_title(entry))
        self.add_other_title(entry)
        self.add_place(entry, has_category=not self.is_grouped)
        for side in entry.sides:
            self.file.add(styles.HEADING_4, side.name)
            practice = side.record
            if practice is None:
                self.file.add(styles.ABSENCE, wording.absence(side.presence))
                continue
            self.add_inference(practice)
            own, _other = self.practices(entry, practice)
            own(None, _("Practice"))
            outcome, _other = self.outcomes(entry, practice)
            outcome(None, _("Stated outcome"))
            self.add_figures(entry, practice, name=_("Figures"))
            themes = wording.themes(side, entry.sides, self.words)
            self.file.add(
                styles.FACTS, wording.colon(_("Themes of the points (our grouping)"), themes)
            )

    def write_other_words(self, entry: Entry) -> None:
        """Write practice and outcome of each city in the other language."""
        if not entry.present:
            return
        self.file.add(self.levels[1], *self.repeated_title(entry))
        for side in entry.present:
            if side.record is not None:
                self.file.add(styles.HEADING_4, side.name)
                for name, (_own, other) in (
                    (_("Practice"), self.practices(entry, side.record)),
                    (_("Stated outcome"), self.outcomes(entry, side.record)),
                ):
                    other(None, name)


def _category(entry: Entry) -> str:
    return entry.record.category
