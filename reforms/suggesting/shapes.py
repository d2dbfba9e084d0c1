"""The shape of a suggestion, and the texts of a measure that suggestions are made of."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from reforms.records import MeasureRecord, Role, Spans
from reforms.spans import text_at

# A comma in the middle of a number parts no clause.
_BORDER = re.compile(r"[;；。！？\n:：]|(?<!\d)[,，]|[,，](?!\d{3})")


def gettext_noop(text: str) -> str:
    """Mark a sentence to be put into the reader's language where it is shown; returns it as it is."""
    return text


class Subject(StrEnum):
    """What is suggested."""

    FIGURE = "figure"
    POINT = "point"
    ERRATUM = "erratum"


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Words of a source, and what they may be.

    ``city`` is null for an erratum outside the practices. ``value`` is the slug of the theme, the
    printed numbers (``numbers`` is where they stand), or the probable reading of a misprint, empty where the rule knows none;
    ``rule`` is the sentence that says why, with ``%(name)s`` places for ``values``.
    """

    subject: Subject
    role: Role
    city: str | None
    spans: Spans
    words: str
    value: str
    numbers: Spans = ()
    rule: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The name of the suggestion on its measure: the same as long as its words stand there."""
        places = ".".join(f"{start}-{end}" for start, end in (*self.spans, *self.numbers))
        name = f"{self.subject}:{self.city or ''}:{places}:{self.value}:{self.words}"
        return sha256(name.encode()).hexdigest()


@dataclass(frozen=True)
class OwnText:
    """A text of a measure: what it is, of which city, where it stands, and its words."""

    role: Role
    city: str | None
    spans: Spans
    words: str


def own_texts(record: MeasureRecord, text: str) -> Iterator[OwnText]:
    """Yield the practices and outcomes of a measure."""
    for practice in record.practices:
        yield OwnText(
            Role.PRACTICE,
            practice.city,
            practice.practice_spans,
            text_at(text, practice.practice_spans),
        )
        if practice.outcome_spans:
            yield OwnText(
                Role.OUTCOME,
                practice.city,
                practice.outcome_spans,
                text_at(text, practice.outcome_spans),
            )


def clauses(words: str) -> Iterator[tuple[int, int]]:
    """Yield the ``(start, end)`` of the clauses of a text, without space at their ends."""
    start = 0
    for end, after in [*(found.span() for found in _BORDER.finditer(words)), (len(words),) * 2]:
        own = words[start:end]
        if own.strip():
            yield start + len(own) - len(own.lstrip()), start + len(own.rstrip())
        start = after
