"""Words in; ranked measures and marked excerpts out; the index of texts kept in step with records."""

from reforms.search.excerpts import Excerpt, Stretch, best_excerpt, marks, stretches
from reforms.search.index import (
    Fault,
    count_rows_anew,
    faults,
    index_measure,
    index_missing,
    index_new,
    lock_index,
    make_index,
    mend_index,
    rebuild_index,
)
from reforms.search.mending import Mend, Mending
from reforms.search.query import MOST_WORDS, count_letters, count_words
from reforms.search.reasons import MarkedWord, marked_words, names_found
from reforms.search.searching import Search, search
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
    "MarkedWord",
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
    "count_letters",
    "count_rows_anew",
    "count_words",
    "faults",
    "index_measure",
    "index_missing",
    "index_new",
    "lock_index",
    "make_index",
    "marked_words",
    "marks",
    "mend_index",
    "names_found",
    "rebuild_index",
    "score_of",
    "search",
    "stretches",
    "suggest",
]
