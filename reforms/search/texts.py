"""Which texts of a measure are searched, and what kind of text counts how much."""

from collections.abc import Iterable, Iterator, Sequence
from enum import IntFlag
from typing import NamedTuple

from reforms.records import Decision, ErratumRecord, MeasureRecord, PracticeRecord, Role
from reforms.text import Token
from reforms.text.tokens import TOUCHING

# The longest query in letters. Pieces of a long text overlap by as much, so that none is cut.
LONGEST_QUERY = 200
# What PostgreSQL keeps of one text: positions, and positions of one token.
MOST_TOKENS, MOST_OF_ONE_TOKEN = 16_000, 255


class Weight(IntFlag):
    """The kinds of text by what a hit in them counts: each more than all below it together."""

    CITY = 1
    PRACTICE = 2
    SUMMARY = 4
    NAME = 8
    OUTCOME = 16
    CATEGORY = 32
    TITLE = 64
    NUMBER = 128


class SearchedText(NamedTuple):
    """One text of a measure: which one, of which city (None: of the measure), and its words."""

    name: str
    city: str | None
    weight: Weight
    text: str


def texts_of(record: MeasureRecord) -> Iterator[SearchedText]:
    """Yield the texts of a measure that are indexed, in both languages; empty ones are left out.

    A text with errata is there twice: as printed, and as it probably should read, so that the
    right word finds the misprinted one. Names of categories, cities, themes and indicators, and
    numbers, are not among them: they are matched in their own tables when a query runs.
    """
    readings = [erratum for erratum in record.errata if _has_reading(erratum)]
    for name, weight, text in (
        ("title_zh", Weight.TITLE, record.title_zh),
        ("title_en", Weight.TITLE, record.title_en),
        ("title_reading", Weight.TITLE, as_meant(record.title_zh, readings, Role.TITLE)),
    ):
        if text:
            yield SearchedText(name, None, weight, text)
    for practice in record.practices:
        for name, weight, text in _texts_of_practice(practice, readings):
            if text:
                yield SearchedText(name, practice.city, weight, text)
    for place, erratum in enumerate(readings, start=1):
        if erratum.stands_in not in (Role.TITLE, Role.PRACTICE, Role.OUTCOME):
            text = erratum.reading or ""
            yield SearchedText(f"reading_{place}", None, Weight.PRACTICE, text)


def _texts_of_practice(
    practice: PracticeRecord, readings: Sequence[ErratumRecord]
) -> Iterator[tuple[str, Weight, str | None]]:
    yield "summary_zh", Weight.SUMMARY, practice.summary_zh
    yield "summary_en", Weight.SUMMARY, practice.summary_en
    yield "practice_zh", Weight.PRACTICE, practice.practice_zh
    yield "practice_en", Weight.PRACTICE, practice.practice_en
    meant = as_meant(practice.practice_zh, readings, Role.PRACTICE)
    yield "practice_reading", Weight.PRACTICE, meant
    yield "outcome_zh", Weight.OUTCOME, practice.outcome_zh
    yield "outcome_en", Weight.OUTCOME, practice.outcome_en
    yield "outcome_reading", Weight.OUTCOME, as_meant(practice.outcome_zh, readings, Role.OUTCOME)


def as_meant(text: str | None, errata: Iterable[ErratumRecord], role: Role) -> str | None:
    """Return a text with the probable readings of its errata in place; None if it has none."""
    meant = text or ""
    for erratum in errata:
        if erratum.stands_in == role and erratum.reading:
            meant = meant.replace(erratum.as_printed, erratum.reading)
    return meant if text and meant != text else None


def pieces(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield a text's tokens in pieces that every database can hold: one but for a very long text.

    Each piece begins ``LONGEST_QUERY`` letters before the end of the one before, whatever stands
    between the letters, so that whatever can be looked for stands whole in one of them.
    """
    begin = 0
    while begin < len(tokens):
        end = _end_of_piece(tokens, begin)
        yield tokens[begin:end]
        if end == len(tokens):
            return
        begin = max(begin + 1, _longest_query_before(tokens, end))


def _longest_query_before(tokens: Sequence[Token], end: int) -> int:
    """Return where the last ``LONGEST_QUERY`` letters before a place begin."""
    count, place = 0, end
    while place and count < LONGEST_QUERY:
        place -= 1
        token = tokens[place]
        if token.code != TOUCHING:
            # A Chinese token is a pair, of which the next one begins with the second.
            count += 1 if token.code.startswith("h") else max(1, token.end - token.start)
    return place


def _end_of_piece(tokens: Sequence[Token], begin: int) -> int:
    found: dict[str, int] = {}
    for place in range(begin, min(len(tokens), begin + MOST_TOKENS)):
        code = tokens[place].code
        found[code] = found.get(code, 0) + 1
        if found[code] > MOST_OF_ONE_TOKEN:
            return place
    return min(len(tokens), begin + MOST_TOKENS)


def _has_reading(erratum: ErratumRecord) -> bool:
    return bool(erratum.reading) and erratum.decision != Decision.REFUSED
