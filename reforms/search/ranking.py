"""Which measures a query selects, from the hits of its words, and in which order."""

from collections.abc import Mapping, Sequence
from functools import reduce

from reforms.search.hits import Hit, Hits
from reforms.search.query import Alternative, Clause, Query, Word
from reforms.search.texts import Weight

Found = Mapping[Word, Hits]
Scores = dict[int, int]

# A typed word counts twice what a synonym does; words that stand as one phrase, more than a title.
TYPED = 2
WHOLE_STEP = 2 * TYPED * Weight.NUMBER
MOST_CITIES = 3
CITY_STEPS = MOST_CITIES + 1
# A measure whose own number was asked for stands above all others, of the newest source first.
NUMBER_STEP = 1 << 20
NEWEST = (1 << 10) - 1
COUNT_STEP = 1 << 16


def whole_phrases(query: Query) -> list[Word]:
    """Return the typed words of a query as one phrase, as Chinese and as English join them."""
    words = [clause.only_word for clause in query.clauses]
    if len(words) < 2 or any(word is None for word in words):
        return []
    texts = [word.text for word in words if word]
    return [Word(text, is_quoted=True) for text in ("".join(texts), " ".join(texts))]


def selected(clauses: Sequence[Clause], found: Found) -> dict[int, list[Hit]]:
    """Return the measures that fulfil every clause, with what fulfils each.

    Hits of typed words weigh ``TYPED`` times those of synonyms. Empty without clauses.
    """
    by_clause = [_fulfilled(clause, found) for clause in clauses]
    if not by_clause:
        return {}
    common = set(by_clause[0]).intersection(*by_clause[1:])
    return {measure: [hits[measure] for hits in by_clause] for measure in common}


def score(query: Query, found: Found) -> Scores:
    """Return the score of each measure that a query selects, higher is better; excluded ones left out.

    A sum over the words of the kinds of text in which each stands: title over category over
    outcome over practice; above them what holds the words as one phrase. Then both cities over
    one. Ties are for the order of the list to break.
    """
    phrases = [found.get(word, {}) for word in whole_phrases(query)]
    hidden = excluded(query, found)
    scores = {}
    for measure, hits in selected(query.clauses, found).items():
        if measure in hidden:
            continue
        whole = max((hit[measure].weights for hit in phrases if measure in hit), default=0)
        total = sum(hit.weights for hit in hits) + (whole and WHOLE_STEP + whole)
        cities = min(MOST_CITIES, min(hit.cities for hit in hits))
        newest = max(hit.source for hit in hits)
        asked = NUMBER_STEP * min(newest, NEWEST) if newest else 0
        scores[measure] = asked + min(total * CITY_STEPS + cities, NUMBER_STEP - 1)
    return scores


def score_most(query: Query, found: Found) -> Scores:
    """Return the score of each measure that has at least half of a query's words; higher is better.

    Words in quotation marks must all be there. How many of the words it has counts first, then
    what ``score`` counts.
    """
    by_clause = [_fulfilled(clause, found) for clause in query.clauses]
    hidden = excluded(query, found)
    scores = {}
    measures: set[int] = set().union(*by_clause) - hidden
    for clause, hits_of_clause in zip(query.clauses, by_clause, strict=True):
        if clause.is_exact:
            measures &= hits_of_clause.keys()
    for measure in measures:
        hits = [of_clause[measure] for of_clause in by_clause if measure in of_clause]
        if 2 * len(hits) >= len(by_clause):
            total = sum(hit.weights for hit in hits)
            scores[measure] = len(hits) * COUNT_STEP + min(total, COUNT_STEP - 1)
    return scores


def excluded(query: Query, found: Found) -> set[int]:
    """Return the measures in which a word stands that must stand nowhere."""
    return {measure for word in query.excluded for measure in found.get(word, {})}


def _fulfilled(clause: Clause, found: Found) -> Hits:
    hits: Hits = {}
    for alternative in clause.widened:
        _add(hits, _all_of(alternative, found), 1)
    for alternative in clause.typed:
        _add(hits, _all_of(alternative, found), TYPED)
    return hits


def _add(hits: Hits, more: Hits, times: int) -> None:
    for measure, hit in more.items():
        before = hits.get(measure)
        weights = times * hit.weights
        hits[measure] = (
            Hit(
                max(before.weights, weights),
                max(before.cities, hit.cities),
                max(before.source, hit.source),
            )
            if before
            else Hit(weights, hit.cities, hit.source)
        )


def _all_of(alternative: Alternative, found: Found) -> Hits:
    """Return the measures with all words of an alternative; each counts what the least of them does."""
    first, *others = (found.get(word, {}) for word in alternative)
    return {
        measure: reduce(_least, (hits[measure] for hits in others), hit)
        for measure, hit in first.items()
        if all(measure in hits for hits in others)
    }


def _least(left: Hit, right: Hit) -> Hit:
    return Hit(
        left.weights & right.weights or min(left.weights, right.weights, Weight.PRACTICE),
        min(left.cities, right.cities),
        max(left.source, right.source),
    )
