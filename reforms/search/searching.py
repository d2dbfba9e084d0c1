"""Words in, ranked measures out: exactly what holds them, and what was done where nothing does."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from reforms.search.hits import find_words
from reforms.search.mending import Mend, Mending, best_of, options_for
from reforms.search.query import (
    MOST_WORDS,
    Clause,
    Query,
    Word,
    count_letters,
    count_words,
    read_query,
)
from reforms.search.ranking import (
    Found,
    Scores,
    excluded,
    score,
    score_most,
    selected,
    whole_phrases,
)
from reforms.search.texts import LONGEST_QUERY
from reforms.search.vocabulary import Vocabulary, Widening
from reforms.text import Phrase

# From so many words on, no measure need have all of them where none has.
MANY_WORDS = 3


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
    _vocabulary: Vocabulary = field(default_factory=Vocabulary, repr=False)

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

    @property
    def is_apart(self) -> bool:
        """Tell whether one run was typed whose words stand apart."""
        is_run = len(self.asked.clauses) == 1 and not self.asked.excluded
        return is_run and any(mend.kind is Mending.APART for mend in self.mends)

    def shorter(self) -> list[tuple[str, "Search"]]:
        """Return each word that can be left out of several, with what the others find. No query.

        Excluded words are left out too, with their hyphen. What the others find is what they find
        when they are typed: where that cannot be told without asking again, or they would be too
        many to type, the word is not among them.
        """
        shown = self.shown
        rests = []
        if len(shown.clauses) + len(shown.excluded) < 2:
            return []
        for place, clause in enumerate(shown.clauses):
            rest = (*shown.clauses[:place], *shown.clauses[place + 1 :])
            rests.append((str(clause), str(shown.with_clauses(rest))))
        for word in shown.excluded:
            kept = tuple(other for other in shown.excluded if other != word)
            rests.append((f"-{word}", str(replace(shown, excluded=kept))))
        found = ((word, self._typed(rest)) for word, rest in rests)
        return [(word, rest) for word, rest in found if rest]

    def _typed(self, typed: str) -> "Search | None":
        """Return what a query of known words finds; None if it is too long or has others."""
        if count_letters(typed) > LONGEST_QUERY or count_words(typed) > MOST_WORDS:
            return None
        asked = read_query(typed)
        shown, _widenings = self._vocabulary.widen(asked)
        if not self._found.keys() >= {*shown.words, *shown.excluded}:
            return None
        hidden = frozenset(excluded(shown, self._found))
        return Search(asked, shown, score(shown, self._found), hidden, _found=self._found)


def search(typed: str, vocabulary: Vocabulary, *, is_public: bool = True) -> Search:
    """Find the measures that hold what was typed.

    Exactly those, where there are any. A word that stands nowhere, and is not in quotation marks,
    is mended: by what is spelt or sounds nearly the same, or by the words that a Chinese run is
    made of; the result says so. ``is_public`` leaves out what readers may not see. 2 queries for
    the vocabulary (4 more if its rows are not given), 1 for the words; 2 more for mending.
    """
    asked = read_query(typed)
    if asked.is_empty:
        return Search(asked=asked, shown=asked, scores={}, _vocabulary=vocabulary)
    shown, widenings = vocabulary.widen(asked)
    words = [*shown.words, *whole_phrases(asked), *asked.excluded, *_numbers_alone(asked)]
    found = find_words(words, vocabulary, is_public=is_public)
    scores = score(shown, found)
    hidden = frozenset(excluded(shown, found))
    result = Search(asked, shown, scores, hidden, widenings, _found=found, _vocabulary=vocabulary)
    lost = [clause for clause in shown.clauses if not selected([clause], found)]
    if scores or any(clause.is_exact for clause in lost):
        return result
    lost = [clause for clause in lost if clause.can_be_mended]
    mended = _mend(result, lost, is_public) if lost else result
    shown_in_part = mended if mended.scores else _with_most_words(mended)
    if shown_in_part.scores:
        return shown_in_part
    # Nothing is shown, so nothing is shown instead: only the words of a run lead on.
    apart = tuple(mend for mend in mended.mends if mend.kind is Mending.APART)
    return replace(mended, mends=apart)


def _numbers_alone(query: Query) -> list[Word]:
    """Return the bare numbers of a query as each would be read without the other words."""
    words = [word for clause in query.clauses if (word := clause.only_word)]
    return [
        word
        for text in (word.text for word in words if not word.is_quoted)
        for word in read_query(text).words
        if word.number is not None
    ]


def _with_most_words(result: Search) -> Search:
    """Return the search for most of many words, where no measure has all of them."""
    words = [word for clause in result.shown.clauses for word in clause.typed[0]]
    if len(words) < MANY_WORDS:
        return result
    held = tuple(c for c in result.shown.clauses if selected([c], result._found))
    scores = score_most(result.shown.with_clauses(held), result._found)
    lost = tuple(str(c) for c in result.shown.clauses if c not in held)
    mend = Mend(Mending.MOST, str(result.asked), tuple(map(str, held)), lost)
    return replace(result, scores=scores, mends=(*result.mends, mend)) if scores else result


def _mend(result: Search, lost: Sequence[Clause], is_public: bool) -> Search:
    """Return the search with each lost clause mended that can be."""
    options = options_for(lost, result._vocabulary)
    words = [word for found in options.values() for option in found for word in option.words]
    found = {
        **result._found,
        **find_words(words, result._vocabulary, is_public=is_public),
    }
    mends: list[Mend] = []
    widenings = list(result.widenings)
    clauses: list[Clause] = []
    for clause in result.shown.clauses:
        chosen = best_of(options.get(clause, ()), found)
        if chosen is None:
            clauses.append(clause)
            continue
        clauses.extend(chosen.clauses)
        mends.append(chosen.mend)
        widenings.extend(chosen.widenings)
    shown = result.shown.with_clauses(tuple(clauses))
    return replace(
        result,
        shown=shown,
        scores=score(shown, found),
        widenings=tuple(widenings),
        mends=tuple(mends),
        _found=found,
    )
