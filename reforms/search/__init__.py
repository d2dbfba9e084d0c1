"""Words in; ranked measures and marked excerpts out; the index of texts kept in step with records."""

from reforms.search.excerpts import Excerpt, Stretch, best_excerpt, marks, stretches
from reforms.search.index import Fault, faults, index_measure, index_missing, rebuild_index
from reforms.search.query import MOST_WORDS, count_words
from reforms.search.reasons import names_found
from reforms.search.searching import Mend, Mending, Search, search
from reforms.search.sets import IsAmong, score_of
from reforms.search.suggestions import MOST_SUGGESTIONS, Suggestion, SuggestionKind, suggest
from reforms.search.texts import LONGEST_QUERY
from reforms.search.vocabulary import NamedRow, Vocabulary, Widening

__all__ = [
    "LONGEST_QUERY",
    "MOST_SUGGESTIONS",
    "MOST_WORDS",
    "Excerpt",
    "Fault",
    "IsAmong",
    "Mend",
    "Mending",
    "NamedRow",
    "Search",
    "Stretch",
    "Suggestion",
    "SuggestionKind",
    "Vocabulary",
    "Widening",
    "best_excerpt",
    "count_words",
    "faults",
    "index_measure",
    "index_missing",
    "marks",
    "names_found",
    "rebuild_index",
    "score_of",
    "search",
    "stretches",
    "suggest",
]
