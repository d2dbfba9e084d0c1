"""What a person may be about to type: names, words of synonyms and titles that go on from there."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reforms.models import IndexedText, Measure
from reforms.models.querysets import are_public
from reforms.search.numbers import number_asked
from reforms.search.vocabulary import Vocabulary
from reforms.text import Phrase, normalise, phrase, tokenise

MOST_SUGGESTIONS = 8
MOST_TITLES = 4


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

    Names and synonyms in the reader's language that hold it, at their beginning before elsewhere;
    then titles of public measures in either language, and the measure of a number. The last word
    of Latin letters may be unfinished. Empty where nothing was typed that can be looked for.
    1 query for the vocabulary, 1 for the measures.
    """
    wanted = _unfinished(typed)
    if wanted is None:
        return []
    found = [suggestion for _rank, suggestion in sorted(_names(typed, vocabulary), key=_by_rank)]
    measures = list(_measures(typed, wanted))
    titles = [
        Suggestion(SuggestionKind.MEASURE, _title(measure, in_english), measure)
        for measure in measures
    ]
    if number_asked(typed) is not None:
        return titles[:MOST_SUGGESTIONS]
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
        place = whole.find(folded)
        is_word = place == 0 or (place > 0 and (not whole[place - 1].isalpha() or folded > "ÿ"))
        if is_word and whole not in seen and whole != folded:
            seen.add(whole)
            rank = (int(place > 0), int(kind is SuggestionKind.SAYING), len(whole), order)
            yield rank, Suggestion(kind, name)


def _measures(typed: str, wanted: Phrase) -> Any:
    """Return the public measures whose number was typed, or whose title holds it, by source and place."""
    number = number_asked(typed)
    measures = Measure.objects.public().select_related("source").in_order()
    if number is not None:
        return measures.filter(number=number)[:MOST_SUGGESTIONS]
    titles = IndexedText.objects.filter(
        are_public("measure__"), tokens__holds=wanted, name__startswith="title"
    )
    return measures.filter(pk__in=titles.order_by().values("measure_id"))[:MOST_TITLES]


def _title(measure: Measure, in_english: bool) -> str:
    titles = (measure.title_zh, measure.title_en)
    first, second = reversed(titles) if in_english else titles
    return first or second or measure.key


def _unfinished(typed: str) -> Phrase | None:
    """Return the phrase of what was typed, its last Latin word as a beginning."""
    wanted = phrase(typed)
    tokens = tokenise(typed)
    if wanted is None or not tokens[-1].code.startswith("w") or typed[-1:].isspace():
        return wanted
    word = normalise(typed).rpartition(" ")[2]
    return Phrase((*wanted.codes[:-1], f"w{word}"), is_open=True)
