"""What a search reads: the tokens of each text of a measure, and the words that texts are made of."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Lookup
from django.utils.translation import gettext_lazy as _

from reforms.models.measure import Measure
from reforms.models.vocabulary import City
from reforms.text import Phrase

LONGEST_WORD = 64


class TokensField(models.TextField):
    """The tokens of a text, parted by spaces, in the order in which they stand.

    On PostgreSQL a ``tsvector`` with the position of each; on SQLite the plain text, which a
    full-text table made by the migration follows. Read back by the check of the index alone.
    """

    def db_type(self, connection: Any) -> str:
        """Return the type of the column."""
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Return the place of the value in a statement."""
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Return the tokens as the database is told them: `'a':1 'b':2,3` on PostgreSQL."""
        if connection.vendor != "postgresql" or value is None:
            return value
        places: dict[str, list[str]] = {}
        for position, code in enumerate(value.split(), start=1):
            places.setdefault(code, []).append(str(position))
        return " ".join(f"'{code}':{','.join(found)}" for code, found in places.items())

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the tokens as they were written; of a ``tsvector`` that is none of ours, its text."""
        if connection.vendor != "postgresql" or not value:
            return value
        codes: dict[int, str] = {}
        count = 0
        for lexeme in value.split(" "):
            code, _, places = lexeme.rpartition(":")
            for place in places.split(","):
                if not (code and place.isdecimal()):
                    return value
                codes[int(place)] = code.strip("'")
                count += 1
        is_whole = codes.keys() == set(range(1, count + 1))
        return " ".join(codes[place] for place in range(1, count + 1)) if is_whole else value


@TokensField.register_lookup
class Holds(Lookup):
    """Whether the tokens of a phrase stand in a row: ``tokens__holds=phrase``."""

    lookup_name = "holds"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[str, ...]]:
        """Return the phrase as the database at hand asks for it."""
        phrase: Phrase = value
        if connection.vendor == "postgresql":
            return "%s", (" <-> ".join(phrase.codes) + (":*" if phrase.is_open else ""),)
        return "%s", (f'"{" ".join(phrase.codes)}"' + (" *" if phrase.is_open else ""),)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Ask the GIN index."""
        column, parameters = self.process_lhs(compiler, connection)
        place, words = self.process_rhs(compiler, connection)
        return f"{column} @@ {place}::tsquery", [*parameters, *words]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Ask the full-text table, whose rows have the numbers of the texts."""
        column, _parameters = self.process_lhs(compiler, connection)
        table = column.rpartition(".")[0]
        place, words = self.process_rhs(compiler, connection)
        index = "reforms_indexedtext_tokens"
        return f'{table}."id" IN (SELECT rowid FROM {index} WHERE tokens MATCH {place})', [*words]


class IndexedText(models.Model):
    """One text of a measure as the search finds it; rebuilt from the measure at any time.

    ``weight`` says what kind of text it is and how much a hit in it counts; ``part`` counts the
    pieces of a very long text, which overlap; ``checksum`` is that of the tokens.
    """

    measure = models.ForeignKey(
        Measure,
        on_delete=models.CASCADE,
        related_name="indexed_texts",
        verbose_name=_("measure"),
    )
    city = models.ForeignKey(
        City,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("city"),
    )
    weight = models.PositiveIntegerField(_("weight of its kind"))
    name = models.CharField(_("which text"), max_length=32)
    part = models.PositiveIntegerField(_("part"), default=1)
    checksum = models.CharField(_("checksum of the tokens"), max_length=64)
    tokens = TokensField(_("tokens"))

    class Meta:
        ordering: ClassVar = ["measure", "city", "name", "part"]
        verbose_name = _("indexed text")
        verbose_name_plural = _("indexed texts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "city", "name", "part"], name="indexed_text_one_a_part"
            ),
            # Where there is no city: no null equals another.
            models.UniqueConstraint(
                fields=["measure", "name", "part"],
                condition=models.Q(city__isnull=True),
                name="indexed_text_one_a_part_of_no_city",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} · {self.name}"


class IndexedWord(models.Model):
    """A pair of Chinese characters or a Latin word of some text: what near misses are mended to."""

    text = models.CharField(_("text"), max_length=LONGEST_WORD, unique=True)
    first = models.CharField(_("first letter"), max_length=1, db_index=True)
    last = models.CharField(_("last letter"), max_length=1, db_index=True)
    sound = models.CharField(_("reading"), max_length=32, blank=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("indexed word")
        verbose_name_plural = _("indexed words")

    def __str__(self) -> str:
        return self.text
