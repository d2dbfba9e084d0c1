"""Read what a person typed: words that must all be there, alternatives, exact phrases, exclusions.

``发票 OR 税单 "一网通办" -法院``: words part at spaces and are all wanted; ``OR`` binds its two
neighbours; a phrase in straight double quotation marks is looked for exactly as it stands; a word
behind a hyphen must stand nowhere. Nothing that can be typed is an error: a mark without its
partner ends at the end, an operator without its neighbours is a word or nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from reforms.records import SLUG
from reforms.search.numbers import LONGEST_NAME, number_asked, number_in
from reforms.text import Phrase, Script, letters, phrase

OR = "OR"
MOST_WORDS = 20
_PIECE = re.compile(r'([-－](?=[^\s]))?(?:["＂]([^"＂]*)(?:["＂]|$)|([^\s"＂]+))')
# Looked for only in quotation marks, or alone: they say nothing about what is wanted.
_SMALL = """
a about an and any are as at be by can do does for from how i if in is it its long many me much my of on
our over so some take than that the their there they this to was we what when where which who why will
with you your
"""
SMALL_WORDS = frozenset(_SMALL.split())


@dataclass(frozen=True)
class Word:
    """One word or phrase to look for, as typed; ``number`` where it asks for a measure's number."""

    text: str
    is_quoted: bool = False
    number: int | None = None

    @cached_property
    def phrase(self) -> Phrase | None:
        """How it is found in a text; None where it holds no letter, digit or character."""
        return phrase(self.text)

    @property
    def key(self) -> str | None:
        """The key of a measure that it may be, such as ``fragment-1``; None if it cannot be one."""
        folded = self.text.casefold()
        if self.is_quoted or folded.isdigit():
            return None
        return folded if len(folded) <= 80 and SLUG.fullmatch(folded) else None

    @property
    def is_small(self) -> bool:
        """Tell whether it is one of the ``SMALL_WORDS``."""
        return not self.is_quoted and self.text.casefold() in SMALL_WORDS

    @property
    def is_chinese(self) -> bool:
        """Tell whether any of it is Chinese."""
        return any(letter.script is Script.CHINESE for letter in letters(self.text))

    def __str__(self) -> str:
        return f'"{self.text}"' if self.is_quoted else self.text


# Words of which all must stand in the measure.
Alternative = tuple[Word, ...]


@dataclass(frozen=True)
class Clause:
    """What one part of a query asks for: any of the alternatives, of which some were typed.

    ``typed`` are the alternatives of the person, ``widened`` those that synonyms add; ``words``
    are all that was typed here.
    """

    typed: tuple[Alternative, ...]
    widened: tuple[Alternative, ...] = ()

    @property
    def words(self) -> list[Word]:
        """All that was typed here, in order."""
        return [word for alternative in self.typed for word in alternative]

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """All alternatives, the typed ones first."""
        return self.typed + self.widened

    @property
    def only_word(self) -> Word | None:
        """The word, where the clause is a single one."""
        return self.words[0] if len(self.words) == 1 else None

    @property
    def is_exact(self) -> bool:
        """Tell whether it is one phrase in quotation marks."""
        return self.only_word is not None and self.only_word.is_quoted

    @property
    def can_be_mended(self) -> bool:
        """Tell whether something else may be looked for where it stands nowhere."""
        return len(self.typed) == 1 and not any(
            word.is_quoted or word.number is not None for word in self.words
        )

    def __str__(self) -> str:
        parts = (" ".join(map(str, alternative)) for alternative in self.typed)
        return f" {OR} ".join(parts)


@dataclass(frozen=True)
class Query:
    """A query as read: clauses that must all hold, and words that must stand nowhere."""

    clauses: tuple[Clause, ...] = ()
    excluded: tuple[Word, ...] = ()
    is_empty: bool = field(default=False)

    @property
    def words(self) -> list[Word]:
        """Every word that is looked for, synonyms among them, each once, in order."""
        found = [
            word
            for clause in self.clauses
            for alternative in clause.alternatives
            for word in alternative
        ]
        return list(dict.fromkeys(found))

    def with_clauses(self, clauses: tuple[Clause, ...]) -> "Query":
        """Return the query with other clauses and the same exclusions."""
        return replace(self, clauses=clauses)

    def exactly(self) -> str:
        """Return what to type to look for just this: every word in quotation marks."""
        clauses = [
            Clause(
                tuple(
                    tuple(replace(word, is_quoted=True, number=None) for word in alternative)
                    for alternative in clause.typed
                )
            )
            for clause in self.clauses
        ]
        return str(replace(self, clauses=tuple(clauses)))

    def __str__(self) -> str:
        return " ".join([*map(str, self.clauses), *(f"-{word}" for word in self.excluded)])


def read_query(typed: str) -> Query:
    """Read what was typed; ``is_empty`` where it holds nothing that can be looked for.

    More than ``MOST_WORDS`` are for the caller to refuse: ``count_words`` tells.
    """
    whole = Word(" ".join(typed.split()), number=number_asked(typed))
    if whole.number is not None:
        return Query(clauses=(Clause(typed=((whole,),)),))
    clauses: list[Clause] = []
    excluded: list[Word] = []
    is_bound = False
    pieces = list(_pieces(typed))
    for is_excluded, word in pieces:
        if _is_or(word) and not is_excluded and len(pieces) > 1:
            is_bound = bool(clauses)
        elif word.phrase is None:
            continue
        elif is_excluded:
            # What is excluded parts its neighbours: OR does not reach over it.
            excluded.append(word)
            is_bound = False
        elif is_bound:
            clauses[-1] = Clause(typed=(*clauses[-1].typed, (word,)))
            is_bound = False
        else:
            clauses.append(Clause(typed=((word,),)))
    wanted = _without_small_words(clauses)
    if len(wanted) == 1 and not excluded:
        wanted = (_asking_for_number(wanted[0]),)
    return Query(
        clauses=wanted,
        excluded=tuple(dict.fromkeys(excluded)),
        is_empty=not clauses and not excluded,
    )


def count_letters(typed: str) -> int:
    """Return how many letters a query holds: a character may stand for several, ㏠ for 1日."""
    return max(len(typed), sum(1 for _letter in letters(typed)))


def count_words(typed: str) -> int:
    """Return how many words and phrases a query holds."""
    return sum(1 for _is_excluded, word in _pieces(typed) if word.phrase is not None)


Piece = tuple[bool, Word]


def _pieces(typed: str) -> Iterator[Piece]:
    """Yield each word or phrase, and whether it is excluded; ``measure no. 12`` is one word."""
    pieces = list(_single_pieces(typed))
    place = 0
    while place < len(pieces):
        length, word = _named_number(pieces[place : place + LONGEST_NAME])
        yield (False, word) if word else pieces[place]
        place += length


def _named_number(pieces: Sequence[Piece]) -> tuple[int, Word | None]:
    """Return how many pieces from the first one name a measure's number, and the word they are."""
    texts = []
    for is_excluded, word in pieces:
        if is_excluded or word.is_quoted:
            break
        texts.append(word.text)
    for length in range(len(texts), 1, -1):
        text = " ".join(texts[:length])
        number = number_in(text)
        if number is not None:
            return length, Word(text, number=number)
    return 1, None


def _single_pieces(typed: str) -> Iterator[Piece]:
    for match in _PIECE.finditer(typed):
        hyphen, quoted, plain = match.groups()
        # A hyphen inside a word, or behind a quotation, is punctuation.
        is_excluded = bool(hyphen) and not typed[: match.start()][-1:].strip()
        if quoted is not None:
            yield is_excluded, Word(" ".join(quoted.split()), is_quoted=True)
        else:
            yield is_excluded, Word(plain, number=number_in(plain))


def _asking_for_number(clause: Clause) -> Clause:
    """Return the only clause of a query; where it is just a number, asking for that measure."""
    word = clause.only_word
    if word is None or word.is_quoted:
        return clause
    return Clause(typed=((replace(word, number=number_asked(word.text)),),))


def _is_or(word: Word) -> bool:
    return not word.is_quoted and unicodedata.normalize("NFKC", word.text) == OR


def _without_small_words(clauses: list[Clause]) -> tuple[Clause, ...]:
    """Leave out small English words, unless nothing else was typed."""
    wanted = [
        clause for clause in clauses if clause.only_word is None or not clause.only_word.is_small
    ]
    return tuple(wanted or clauses)
