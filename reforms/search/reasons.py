"""Why a measure was found: the words that stand in its texts, and the names it is filed under."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import CharField, Value

from reforms.models import Figure, Measure, Point
from reforms.search.excerpts import marks
from reforms.search.query import Word
from reforms.search.searching import Mending, Search
from reforms.search.vocabulary import NamedRow, Vocabulary
from reforms.text import Phrase


class Reason(StrEnum):
    """Why a word was looked for."""

    TYPED = "typed"
    SYNONYM = "synonym"
    MENDED = "mended"


@dataclass(frozen=True)
class MarkedWord:
    """A word that was looked for and stands in a text; ``typed`` is what was typed in its place."""

    text: str
    reason: Reason
    typed: str = ""

    @property
    def origin(self) -> tuple[Reason, str]:
        """Why it was looked for, and for which typed word."""
        return self.reason, self.typed


def marked_words(search: Search, hits: Iterable[str]) -> list[MarkedWord]:
    """Return the words that were looked for and stand in these hits, each once, the typed ones first."""
    texts = list(hits)
    found = {
        word.text: _marked(word, search)
        for word in search.shown.words
        if word.phrase and any(marks(text, [word.phrase]) for text in texts)
    }
    return sorted(found.values(), key=lambda word: list(Reason).index(word.reason))


def _marked(word: Word, search: Search) -> MarkedWord:
    if word.text in {asked.text for asked in search.asked.words}:
        return MarkedWord(word.text, Reason.TYPED)
    for widening in search.widenings:
        if word.text in widening.added:
            return MarkedWord(word.text, Reason.SYNONYM, widening.typed)
    mends = [mend for mend in search.mends if mend.kind is not Mending.MOST]
    shown = (mend for mend in mends if word.text in " ".join(mend.shown).split())
    mend = next(shown, None)
    return MarkedWord(word.text, Reason.MENDED, mend.typed if mend else str(search.asked))


def names_found(
    measures: Iterable[Measure], phrases: Sequence[Phrase], vocabulary: Vocabulary
) -> dict[int, list[NamedRow]]:
    """Return the themes and indicators of each measure whose name holds one of the phrases.

    By the number of the measure, in the order of the vocabularies. 1 query, none where no name
    holds a phrase.
    """
    named = [vocabulary.named(phrase) for phrase in phrases]
    themes = {pk for found in named for pk in found["theme"]}
    indicators = {pk for found in named for pk in found["indicator"]}
    if not themes and not indicators:
        return {}
    numbers = [measure.pk for measure in measures]
    points = Point.objects.filter(practice__measure__in=numbers, theme__in=themes).order_by()
    figures = Figure.objects.filter(
        practice__measure__in=numbers, indicator__in=indicators
    ).order_by()
    rows = points.values_list("practice__measure_id", _kind("theme"), "theme_id").union(
        figures.values_list("practice__measure_id", _kind("indicator"), "indicator_id")
    )
    held = set(rows)
    found: dict[int, list[NamedRow]] = defaultdict(list)
    for row in vocabulary.rows:
        for number in numbers:
            if (number, row.kind, row.pk) in held:
                found[number].append(row)
    return dict(found)


def _kind(kind: str) -> Value:
    return Value(kind, output_field=CharField())
