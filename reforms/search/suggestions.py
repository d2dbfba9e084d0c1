"""What a person may be about to type: names, words of synonyms and titles that go on from there."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import or_

from django.db.models import Q

from reforms.models import IndexedText, IndexedWord, Measure
from reforms.models.querysets import are_public
from reforms.search.numbers import number_asked
from reforms.search.vocabulary import Vocabulary
from reforms.text import Phrase, Script, letters, normalise, phrase

MOST_SUGGESTIONS = 8
MOST_TITLES = 4
# A beginning of more letters may be longer than the stem of a word that begins with it.
SHORTEST_STEM = 3
# How many stems an unfinished word may have.
MOST_STEMS = 20


class SuggestionKind(StrEnum):
    """Where a suggestion comes from."""

    MEASURE = "measure"
    CATEGORY = "category"
    CITY = "city"
    THEME = "theme"
    INDICATOR = "indicator"
    SAYING = "saying"


@dataclass(frozen=True)
class Suggestion:
    """Words to look for; ``measure`` where they are the title of one."""

    kind: SuggestionKind
    text: str
    measure: Measure | None = None


def suggest(typed: str, vocabulary: Vocabulary, *, in_english: bool) -> list[Suggestion]:
    """Return up to ``MOST_SUGGESTIONS`` ways to go on from what was typed, the likeliest first.

    Names and synonyms in either language that hold it, at their beginning before elsewhere; then
    measures: that of a number, or those whose title holds it, or, where no title does, those with
    another text that holds it or a title that holds what it means. The last word of Latin letters
    may be unfinished. Empty where nothing was typed that can be looked for. 1 query for the
    vocabulary, 1 for what an unfinished word may become, 1 for the measures and 1 more where no
    title holds it.
    """
    wanted = _beginnings(typed)
    if not wanted:
        return []
    titles = [
        Suggestion(SuggestionKind.MEASURE, _title(measure, in_english), measure)
        for measure in _measures(typed, wanted, vocabulary)
    ]
    if number_asked(typed) is not None:
        return titles[:MOST_SUGGESTIONS]
    found = [suggestion for _rank, suggestion in sorted(_names(typed, vocabulary), key=_by_rank)]
    kept = found[: MOST_SUGGESTIONS - min(len(titles), MOST_TITLES)]
    return [*kept, *titles][:MOST_SUGGESTIONS]


def _by_rank(ranked: tuple[tuple[int, ...], Suggestion]) -> tuple[int, ...]:
    return ranked[0]


def _names(typed: str, vocabulary: Vocabulary) -> Iterator[tuple[tuple[int, ...], Suggestion]]:
    """Yield names and words of synonyms that hold what was typed, with their rank. No query of its own."""
    folded = normalise(typed)
    seen: set[str] = set()
    named = [(SuggestionKind(row.kind), name) for row in vocabulary.rows for name in row.names]
    said = [(SuggestionKind.SAYING, saying) for saying in vocabulary.said()]
    for order, (kind, name) in enumerate([*named, *said]):
        whole = normalise(name)
        place = _place(folded, whole)
        if place is not None and whole not in seen and whole != folded:
            seen.add(whole)
            rank = (int(place > 0), int(kind is SuggestionKind.SAYING), len(whole), order)
            yield rank, Suggestion(kind, name)


def _place(folded: str, whole: str) -> int | None:
    """Return where a folded text first stands in another; Chinese anywhere, else from where a word begins."""
    place = whole.find(folded)
    while place > 0 and _is_inside_word(whole, place):
        place = whole.find(folded, place + 1)
    return None if place < 0 else place


def _is_inside_word(whole: str, place: int) -> bool:
    before, first = (letter.script for letter in letters(whole[place - 1 : place + 1]))
    return before is first and first is not Script.CHINESE


def _measures(typed: str, wanted: list[Phrase], vocabulary: Vocabulary) -> list[Measure]:
    """Return the public measures to go to, by source and place: by number, title, or else other texts."""
    number = number_asked(typed)
    measures = Measure.objects.public().select_related("source").in_order()
    if number is not None:
        return list(measures.filter(number=number)[:MOST_SUGGESTIONS])

    def holding(condition: Q) -> list[Measure]:
        texts = IndexedText.objects.filter(are_public("measure__"), condition).order_by()
        return list(measures.filter(pk__in=texts.values("measure_id"))[:MOST_TITLES])

    in_title = Q(name__startswith="title")
    meant = _meanings(typed, vocabulary)
    return holding(in_title & _any_of(wanted)) or holding(
        _any_of(wanted) | (in_title & _any_of(meant) if meant else Q())
    )


def _any_of(phrases: Iterable[Phrase]) -> Q:
    return reduce(or_, (Q(tokens__holds=wanted) for wanted in phrases))


def _meanings(typed: str, vocabulary: Vocabulary) -> list[Phrase]:
    """Return what is meant by what was typed, where it is a synonym."""
    said = phrase(typed)
    meanings = vocabulary.synonyms.get(said, ()) if said else ()
    return [word.phrase for word in meanings if word.phrase]


def _title(measure: Measure, in_english: bool) -> str:
    titles = (measure.title_zh, measure.title_en)
    first, second = reversed(titles) if in_english else titles
    return first or second or measure.key


def _beginnings(typed: str) -> list[Phrase]:
    """Return the phrases of which one stands in a text that goes on from what was typed.

    Itself; and where it ends in Latin letters, its last word as the beginning of a stem, and the
    stems of the words of the catalog that begin with it: ``registra`` is longer than ``registr``,
    the stem of ``registration``. Empty where there is nothing to look for. 1 query at most.
    """
    whole = phrase(typed)
    if whole is None:
        return []
    word = _last_word(typed)
    if not word:
        return [whole]
    *before, last = whole.codes
    is_plain = last.startswith("w")
    beginning = f"w{word}" if is_plain else last
    stems = _stems(word) if is_plain and len(word) > SHORTEST_STEM else set()
    others = sorted(stem for stem in stems - {last} if not stem.startswith(beginning))
    return [
        whole,
        Phrase((*before, beginning), is_open=True),
        *(Phrase((*before, stem), is_open=False) for stem in others[:MOST_STEMS]),
    ]


def _last_word(typed: str) -> str:
    """Return the folded Latin letters that a text ends in; none behind a space, a digit or Chinese."""
    backwards = itertools.takewhile(
        lambda letter: letter.script is Script.LATIN, reversed(list(letters(typed)))
    )
    return "".join(letter.character for letter in backwards)[::-1]


def _stems(beginning: str) -> set[str]:
    """Return the codes of the words of the catalog that begin so; 1 query."""
    words = IndexedWord.objects.filter(first=beginning[0], text__startswith=beginning)
    found = (phrase(word) for word in words.order_by().values_list("text", flat=True))
    return {code for stem in found if stem for code in stem.codes}
