"""Found measures as conditions and orders of a query, of constant size whatever their number."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import BinaryField, BooleanField, F, Func, IntegerField, Value
from django.db.models.functions import Cast, Substr

WIDTH = 4


class IsAmong(Func):
    """Whether a number is one of a set, however large: one parameter of the statement."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, expression: Any, numbers: Collection[int]) -> None:
        super().__init__(expression)
        self.numbers = sorted(numbers)

    @property
    def identity(self) -> Any:
        """What tells one condition from another: the numbers too."""
        return (*super().identity, tuple(self.numbers))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Ask a table made of a JSON list."""
        column, parameters = compiler.compile(self.source_expressions[0])
        return (
            f"{column} IN (SELECT value FROM json_each(%s))",
            [*parameters, json.dumps(self.numbers)],
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Ask an array."""
        column, parameters = compiler.compile(self.source_expressions[0])
        return f"{column} = ANY(%s)", [*parameters, self.numbers]


def score_of(scores: Mapping[int, int]) -> Value | Substr:
    """Return the score of each row by its number, as bytes that order as the scores do.

    The scores stand in one string of bytes, each at the place of its number, so that a row finds
    its own at once on both databases.
    """
    if not scores:
        return Value(b"", output_field=BinaryField())
    first = min(scores)
    table = bytearray((max(scores) - first + 1) * WIDTH)
    for number, score in scores.items():
        begin = (number - first) * WIDTH
        table[begin : begin + WIDTH] = score.to_bytes(WIDTH, "big")
    place = Cast((F("pk") - first) * WIDTH + 1, IntegerField())
    return Substr(
        Value(bytes(table), output_field=BinaryField()),
        place,
        WIDTH,
        output_field=BinaryField(),
    )
