"""What is looked for instead of words that stand nowhere: the options of each, the best first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from reforms.search.numbers import other_writing
from reforms.search.parts import Parts, parts_of
from reforms.search.query import Clause, Query, Word
from reforms.search.ranking import Found, selected
from reforms.search.spelling import LOOSE, Sayings, near_misses
from reforms.search.vocabulary import Vocabulary, Widening

# How many words are looked for instead of all that stand nowhere in a query, together.
MOST_CANDIDATES = 200


class Mending(StrEnum):
    """What was done with a word that stands nowhere."""

    SPELLING = "spelling"
    PARTS = "parts"
    APART = "apart"
    MOST = "most"


@dataclass(frozen=True)
class Mend:
    """A word that stands nowhere as typed, and what was looked for instead.

    ``left_out`` are the parts of it that stand nowhere either, or are single characters.

    ``APART``: no measure has all of the words ``shown`` that a run is made of. ``MOST``: no measure
    has all of many words; ``shown`` are those that stand somewhere, of which each has at least half.
    """

    kind: Mending
    typed: str
    shown: tuple[str, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """What may be looked for instead of one word: clauses that must all hold.

    ``needs_all``: none of them may be left out where it stands nowhere.
    """

    clauses: tuple[Clause, ...]
    mend: Mend
    widenings: tuple[Widening, ...] = ()
    needs_all: bool = False

    @property
    def words(self) -> list[Word]:
        """Every word that is looked for."""
        return Query(self.clauses).words


def options_for(lost: Iterable[Clause], vocabulary: Vocabulary) -> dict[Clause, list[Option]]:
    """Return what may be looked for instead of each clause, the best first; 1 query.

    All of them together look for ``MOST_CANDIDATES`` words, and each clause has one option at least.
    """
    words = {clause: word for clause in lost if (word := clause.only_word)}
    sayings = Sayings(vocabulary)
    misses = near_misses(list(words.values()), sayings)
    found = {}
    for clause, word in words.items():
        near = [
            (miss.cost, _option(Mending.SPELLING, word, [Word(miss.text)], vocabulary))
            for miss in misses[word]
        ]
        other = other_writing(word.text)
        found[clause] = [
            *([_option(Mending.SPELLING, word, [Word(other)], vocabulary)] if other else []),
            *(option for cost, option in near if cost < LOOSE),
            *_cut(word, sayings),
            *(option for cost, option in near if cost >= LOOSE),
        ]
    return _bounded(found)


def _cut(word: Word, sayings: Sayings) -> Iterator[Option]:
    """Yield the words that a run is made of; then those of its compounds, if all stand somewhere.

    养老保险 is not answered by 保险, where 养老 stands nowhere.
    """
    seen: set[Parts] = set()
    for is_fine in (False, True):
        parts = parts_of(word, sayings, is_fine=is_fine)
        if parts.words and parts not in seen:
            seen.add(parts)
            option = _option(Mending.PARTS, word, parts.words, sayings.vocabulary, parts.left_out)
            yield replace(option, needs_all=is_fine)


def best_of(options: Sequence[Option], found: Found) -> Option | None:
    """Return the first option that finds something, without its parts that stand nowhere.

    Where none does, the words of a run that stand apart; None if there are none.
    """
    held = [_held(option, found) for option in options]
    whole = (option for option in held if selected(option.clauses, found))
    apart = (
        replace(option, mend=replace(option.mend, kind=Mending.APART))
        for option in held
        if len(option.clauses) > 1
    )
    return next(whole, None) or next(apart, None)


def _bounded(options: dict[Clause, list[Option]]) -> dict[Clause, list[Option]]:
    """Return the options of each clause without the last ones where all are too many.

    They take turns: the words of its run, or its nearest miss, of every clause come first, without
    synonyms where there is no room for them, so that no clause takes the room of another.
    """
    kept: dict[int, Option] = {}
    count = 0
    turns = [sorted(found, key=_is_near) for found in options.values()]
    for place, turn in enumerate(zip_longest(*turns)):
        for option in filter(None, turn):
            has_room = count + len(option.words) <= MOST_CANDIDATES
            if has_room or not place:
                kept[id(option)] = option if has_room else _without_synonyms(option)
                count += len(kept[id(option)].words)
    return {
        clause: [kept[id(option)] for option in found if id(option) in kept]
        for clause, found in options.items()
    }


def _without_synonyms(option: Option) -> Option:
    clauses = tuple(replace(clause, widened=()) for clause in option.clauses)
    return replace(option, clauses=clauses, widenings=())


def _is_near(option: Option) -> bool:
    return option.mend.kind is Mending.SPELLING


def _held(option: Option, found: Found) -> Option:
    """Return an option without the parts that stand nowhere, which its mend says."""
    clauses = tuple(clause for clause in option.clauses if selected([clause], found))
    lost = tuple(str(clause) for clause in option.clauses if clause not in clauses)
    if lost and option.needs_all:
        clauses = ()
    left_out = (*lost, *option.mend.left_out)
    mend = replace(option.mend, shown=tuple(map(str, clauses)), left_out=left_out)
    return replace(option, clauses=clauses, mend=mend)


def _option(
    kind: Mending,
    typed: Word,
    words: Sequence[Word],
    vocabulary: Vocabulary,
    left_out: tuple[str, ...] = (),
) -> Option:
    query = Query(tuple(Clause(typed=((word,),)) for word in words))
    widened, widenings = vocabulary.widen(query)
    mend = Mend(kind, typed.text, tuple(word.text for word in words), left_out)
    clauses = tuple(map(_in_both_writings, widened.clauses))
    return Option(clauses, mend, widenings)


def _in_both_writings(clause: Clause) -> Clause:
    """Return a clause that finds its number with and without separators: 5,800万 and 5800万."""
    other = other_writing(str(clause))
    return replace(clause, widened=(*clause.widened, (Word(other),))) if other else clause
