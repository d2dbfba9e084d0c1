"""Words in, ranked measures out: exactly what holds them, and what was done where nothing does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from reforms.search.hits import find_words
from reforms.search.query import Clause, Query, Word, read_query
from reforms.search.ranking import (
    Found,
    Scores,
    excluded,
    score,
    score_most,
    selected,
    whole_phrases,
)
from reforms.search.spelling import LOOSE, Sayings, near_misses, parts_of
from reforms.search.vocabulary import Vocabulary, Widening
from reforms.text import Phrase

# From so many words on, no measure need have all of them where none has.
MANY_WORDS = 3


class Mending(StrEnum):
    """What was done with a word that stands nowhere."""

    SPELLING = "spelling"
    PARTS = "parts"
    MOST = "most"


@dataclass(frozen=True)
class Mend:
    """A word that stands nowhere as typed, and what was looked for instead.

    ``left_out`` are the parts of it that stand nowhere either.

    ``MOST``: no measure has all of many words; ``shown`` are those that stand somewhere, of which
    each has at least half.
    """

    kind: Mending
    typed: str
    shown: tuple[str, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Search:
    """What a query finds: ``scores`` by the number of the measure, higher first.

    ``asked`` is the query as typed; ``shown`` is what was looked for in the end: with synonyms,
    and mended where nothing holds a word as typed. ``is_whole``: the query only excludes, so
    that it selects all measures but ``hidden``.
    """

    asked: Query
    shown: Query
    scores: Scores
    hidden: frozenset[int] = frozenset()
    widenings: tuple[Widening, ...] = ()
    mends: tuple[Mend, ...] = ()
    _found: Found = field(default_factory=dict, repr=False)

    @property
    def is_whole(self) -> bool:
        """Tell whether it selects everything but what is excluded."""
        return bool(self.asked.excluded) and not self.asked.clauses

    @property
    def shows_part(self) -> bool:
        """Tell whether what is shown has only some of the words."""
        return any(mend.kind is Mending.MOST for mend in self.mends)

    @property
    def has_nothing_to_find(self) -> bool:
        """Tell whether nothing that was typed can be looked for."""
        return self.asked.is_empty

    @cached_property
    def phrases(self) -> list[Phrase]:
        """What to mark in the texts of what was found."""
        return [word.phrase for word in self.shown.words if word.phrase]

    @property
    def exactly(self) -> str:
        """What to type to look for just what was typed, without synonyms and mending."""
        return self.asked.exactly()

    def shorter(self) -> list[tuple[str, "Search"]]:
        """Return each word that can be left out of several, with what the others find. No query.

        Excluded words are left out too, with their hyphen.
        """
        shown = self.shown
        found = []
        if len(shown.clauses) + len(shown.excluded) < 2:
            return []
        for place, clause in enumerate(shown.clauses):
            rest = (*shown.clauses[:place], *shown.clauses[place + 1 :])
            found.append((str(clause), self._of(shown.with_clauses(rest))))
        for word in shown.excluded:
            kept = tuple(other for other in shown.excluded if other != word)
            found.append((f"-{word}", self._of(replace(shown, excluded=kept))))
        return found

    def _of(self, query: Query) -> "Search":
        hidden = frozenset(excluded(query, self._found))
        return Search(asked=query, shown=query, scores=score(query, self._found), hidden=hidden)


def search(typed: str, vocabulary: Vocabulary, *, is_public: bool = True) -> Search:
    """Find the measures that hold what was typed.

    Exactly those, where there are any. A word that stands nowhere, and is not in quotation marks,
    is mended: by what is spelt or sounds nearly the same, or by the words that a Chinese run is
    made of; the result says so. ``is_public`` leaves out what readers may not see. 2 queries for
    the vocabulary (4 more if its rows are not given), 1 for the words; 2 more for mending.
    """
    asked = read_query(typed)
    if asked.is_empty:
        return Search(asked=asked, shown=asked, scores={})
    shown, widenings = vocabulary.widen(asked)
    words = [*shown.words, *whole_phrases(asked), *asked.excluded]
    found = find_words(words, vocabulary, is_public=is_public)
    scores = score(shown, found)
    result = Search(
        asked, shown, scores, frozenset(excluded(shown, found)), widenings, _found=found
    )
    lost = [clause for clause in shown.clauses if not selected([clause], found)]
    if scores or not all(map(_can_be_mended, shown.clauses)):
        return result
    mended = _mend(result, lost, vocabulary, is_public) if lost else result
    return mended if mended.scores else _with_most_words(mended)


@dataclass(frozen=True)
class _Option:
    clauses: tuple[Clause, ...]
    mend: Mend
    widenings: tuple[Widening, ...]


def _can_be_mended(clause: Clause) -> bool:
    return len(clause.typed) == 1 and not any(
        word.is_quoted or word.number is not None for word in clause.words
    )


def _with_most_words(result: Search) -> Search:
    """Return the search for most of many words, where no measure has all of them."""
    words = [word for clause in result.shown.clauses for word in clause.words]
    if len(words) < MANY_WORDS:
        return result
    held = tuple(c for c in result.shown.clauses if selected([c], result._found))
    scores = score_most(result.shown.with_clauses(held), result._found)
    lost = tuple(str(c) for c in result.shown.clauses if c not in held)
    mend = Mend(Mending.MOST, str(result.asked), tuple(map(str, held)), lost)
    return replace(result, scores=scores, mends=(*result.mends, mend)) if scores else result


def _mend(
    result: Search, lost: Sequence[Clause], vocabulary: Vocabulary, is_public: bool
) -> Search:
    """Return the search with each lost clause mended that can be."""
    options = _options(lost, vocabulary)
    words = [
        word
        for found in options.values()
        for option in found
        for word in Query(option.clauses).words
    ]
    found = {**result._found, **find_words(words, vocabulary, is_public=is_public)}
    mends: list[Mend] = []
    widenings = list(result.widenings)
    clauses: list[Clause] = []
    for clause in result.shown.clauses:
        if clause not in options:
            clauses.append(clause)
            continue
        kept = (_held(option, found) for option in options[clause])
        chosen = next((option for option in kept if option), None)
        if chosen is None:
            clauses.append(clause)
            continue
        clauses.extend(chosen.clauses)
        mends.append(chosen.mend)
        widenings.extend(chosen.widenings)
    shown = result.shown.with_clauses(tuple(clauses))
    return Search(
        result.asked,
        shown,
        score(shown, found),
        result.hidden,
        tuple(widenings),
        tuple(mends),
        _found=found,
    )


def _held(option: _Option, found: Found) -> _Option | None:
    """Return an option without the parts that stand nowhere; None if the others find nothing."""
    clauses = tuple(clause for clause in option.clauses if selected([clause], found))
    if not selected(clauses, found):
        return None
    shown = tuple(map(str, clauses))
    left_out = tuple(str(clause) for clause in option.clauses if clause not in clauses)
    mend = replace(option.mend, shown=shown, left_out=left_out)
    return replace(option, clauses=clauses, mend=mend)


def _options(lost: Iterable[Clause], vocabulary: Vocabulary) -> dict[Clause, list[_Option]]:
    """Return what may be looked for instead of each clause, the best first; 1 query."""
    words = {clause: word for clause in lost if (word := clause.only_word)}
    sayings = Sayings(vocabulary)
    misses = near_misses(list(words.values()), sayings)
    found = {}
    for clause, word in words.items():
        near = [
            (miss.cost, _option(Mending.SPELLING, word, [Word(miss.text)], vocabulary))
            for miss in misses[word]
        ]
        parts = parts_of(word, sayings)
        cut = [_option(Mending.PARTS, word, parts, vocabulary)] if parts else []
        found[clause] = [
            *(option for cost, option in near if cost < LOOSE),
            *cut,
            *(option for cost, option in near if cost >= LOOSE),
        ]
    return found


def _option(kind: Mending, typed: Word, words: Sequence[Word], vocabulary: Vocabulary) -> _Option:
    query = Query(tuple(Clause(typed=((word,),)) for word in words))
    widened, widenings = vocabulary.widen(query)
    mend = Mend(kind, typed.text, tuple(word.text for word in words))
    return _Option(widened.clauses, mend, widenings)
