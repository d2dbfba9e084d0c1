"""The small tables that a query is held against when it runs: names and synonyms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import IntegerField, TextField, Value
from django.db.models.functions import Cast

from reforms.models import Category, City, Indicator, Synonym, Theme
from reforms.models.fields import in_english
from reforms.search.query import Alternative, Clause, Query, Word
from reforms.text import Phrase, Script, Token, find_phrase, letters, phrase, tokenise

# How many words in a row a synonym may have, and how many meanings one clause takes over.
LONGEST_SYNONYM, MOST_MEANINGS = 5, 12
KINDS = ("category", "city", "theme", "indicator")
# The tables and what is read of each besides its number, place and slug.
NAMES = ("name_zh", "name_en")
SMALL_TABLES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Category, NAMES),
    (City, (*NAMES, "short_name_zh", "short_name_en")),
    (Theme, NAMES),
    (Indicator, NAMES),
    (Synonym, ("words", "means")),
)
MOST_COLUMNS = max(len(columns) for _model, columns in SMALL_TABLES)


@dataclass(frozen=True)
class NamedRow:
    """A row of a small table: what kind, its number there, and its names."""

    kind: str
    pk: int
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.names[1 if in_english() and len(self.names) > 1 else 0]


@dataclass(frozen=True)
class Widening:
    """What a synonym added to a query: the words typed, and what is looked for besides."""

    typed: str
    added: tuple[str, ...]


class Vocabulary:
    """Categories, cities, themes, indicators and synonyms, all fetched by 1 query when first asked for.

    ``is_searching`` false leaves out the indicators and synonyms, which only a search needs; they
    are fetched by a second query if one is made all the same.
    """

    def __init__(self, *, is_searching: bool = True) -> None:
        self._small_tables = SMALL_TABLES if is_searching else SMALL_TABLES[:3]

    @cached_property
    def _tables(self) -> dict[type, list[Any]]:
        return _fetch(self._small_tables)

    @property
    def categories(self) -> list[Any]:
        """All categories, by position."""
        return self._tables[Category]

    @property
    def cities(self) -> list[Any]:
        """All cities, by position."""
        return self._tables[City]

    @property
    def themes(self) -> list[Any]:
        """All themes, by position."""
        return self._tables[Theme]

    @cached_property
    def _searched(self) -> dict[type, list[Any]]:
        missing = [table for table in SMALL_TABLES if table not in self._small_tables]
        return {**self._tables, **(_fetch(missing) if missing else {})}

    @cached_property
    def rows(self) -> list[NamedRow]:
        """Every named row, categories before cities, themes and indicators."""
        rows = []
        for kind, (model, _columns) in zip(KINDS, SMALL_TABLES, strict=False):
            for row in self._searched[model]:
                short = (row.short_name_zh, row.short_name_en) if kind == "city" else ()
                names = tuple(dict.fromkeys((row.name_zh, row.name_en, *short)))
                rows.append(NamedRow(kind, row.pk, names))
        return rows

    @cached_property
    def synonyms(self) -> dict[Phrase, tuple[Word, ...]]:
        """What is looked for besides each word that people type, by the word's phrase."""
        found: dict[Phrase, dict[str, Word]] = {}
        for synonym in self._searched[Synonym]:
            means = map(str.strip, synonym.means.splitlines())
            meanings = [Word(line) for line in means if line]
            for line in synonym.words.splitlines():
                # Small words are left out of a query before its synonyms are looked up.
                large = [word for word in line.split() if not Word(word).is_small]
                for wanted in filter(None, {phrase(line), phrase(" ".join(large))}):
                    kept = found.setdefault(wanted, {})
                    kept.update({word.text: word for word in meanings if word.phrase != wanted})
        return {
            wanted: tuple(words.values())[:MOST_MEANINGS]
            for wanted, words in found.items()
            if words
        }

    @cached_property
    def _tokens(self) -> list[tuple[NamedRow, list[Any]]]:
        return [(row, [_tokens_of(name) for name in row.names]) for row in self.rows]

    def named(self, wanted: Phrase) -> dict[str, list[int]]:
        """Return the numbers of the rows whose name holds a phrase, by kind. No query of its own."""
        found: dict[str, list[int]] = {kind: [] for kind in KINDS}
        for row, names in self._tokens:
            if any(next(find_phrase(tokens, wanted), None) for tokens in names):
                found[row.kind].append(row.pk)
        return found

    def widen(self, query: Query) -> tuple[Query, tuple[Widening, ...]]:
        """Return the query with the alternatives that synonyms add, and what was added to which.

        A synonym of several words is found in neighbouring words; of the alternatives of an ``OR``
        each single word is widened. Words in quotation marks, or that ask for a number, are left as
        they are.
        """
        clauses: list[Clause] = []
        widenings: list[Widening] = []
        place = 0
        while place < len(query.clauses):
            length, means = self._synonym_at(query.clauses, place)
            taken = query.clauses[place : place + max(length, 1)]
            if not length:
                clause, added = self._widen_each(taken[0])
                clauses.append(clause)
                widenings.extend(added)
            else:
                typed = tuple(word for clause in taken for word in clause.words)
                widened: tuple[Alternative, ...] = tuple((word,) for word in means)
                clauses.append(Clause(typed=(typed,), widened=widened))
                said = " ".join(word.text for word in typed)
                widenings.append(Widening(said, tuple(word.text for word in means)))
            place += len(taken)
        return query.with_clauses(tuple(clauses)), tuple(widenings)

    def _widen_each(self, clause: Clause) -> tuple[Clause, list[Widening]]:
        """Return a clause with the synonyms of each of its typed alternatives; as it is without ``OR``."""
        if len(clause.typed) == 1 or clause.widened:
            return clause, []
        widenings: list[Widening] = []
        means: dict[str, Word] = {}
        for word in dict.fromkeys(clause.words):
            if word.is_quoted or word.number is not None or word.phrase not in self.synonyms:
                continue
            added = self.synonyms[word.phrase]
            widenings.append(Widening(word.text, tuple(one.text for one in added)))
            means.update({one.text: one for one in added})
        widened: tuple[Alternative, ...] = tuple((one,) for one in means.values())
        return replace(clause, widened=widened), widenings

    def _synonym_at(self, clauses: Sequence[Clause], place: int) -> tuple[int, tuple[Word, ...]]:
        """Return how many clauses from a place are one synonym, the most that are, and its means."""
        texts = []
        for clause in clauses[place : place + LONGEST_SYNONYM]:
            word = clause.only_word
            if word is None or word.is_quoted or word.number is not None or clause.widened:
                break
            texts.append(word.text)
        for length in range(len(texts), 0, -1):
            said = Word(" ".join(texts[:length]))
            if said.phrase in self.synonyms:
                return length, self.synonyms[said.phrase]
        return 0, ()

    def said(self) -> Iterator[str]:
        """Yield every word that people type for something else, as written."""
        for synonym in self._searched[Synonym]:
            yield from filter(None, map(str.strip, synonym.words.splitlines()))

    def sayings(self) -> Iterator[str]:
        """Yield every name, every word of a synonym and every meaning, as written."""
        for row in self.rows:
            yield from row.names
        yield from self.said()
        for synonym in self._searched[Synonym]:
            yield from filter(None, map(str.strip, synonym.means.splitlines()))

    @cached_property
    def chinese_sayings(self) -> frozenset[str]:
        """The Chinese sayings of two characters and more, for cutting a run into its words."""
        return frozenset(
            saying
            for saying in self.sayings()
            if len(saying) > 1 and all(is_chinese(character) for character in saying)
        )


@lru_cache(maxsize=4096)
def _tokens_of(name: str) -> list[Token]:
    return tokenise(name)


@lru_cache(maxsize=65_536)
def is_chinese(character: str) -> bool:
    """Tell whether a character is Chinese and nothing else."""
    found = list(letters(character))
    return bool(found) and all(letter.script is Script.CHINESE for letter in found)


def _fetch(tables: Sequence[tuple[Any, tuple[str, ...]]]) -> dict[type, list[Any]]:
    """Return the rows of small tables by position, with these columns at hand; 1 query for all."""
    parts = []
    for place, (model, columns) in enumerate(tables):
        texts: dict[str, Any] = {
            f"text_{order}": Cast(columns[order], TextField())
            if order < len(columns)
            else Value("", output_field=TextField())
            for order in range(MOST_COLUMNS)
        }
        rows = model._default_manager.order_by().annotate(
            table_place=Value(place, output_field=IntegerField()), **texts
        )
        parts.append(rows.values_list("table_place", "pk", "position", "slug", *texts))
    first, *others = parts
    found: dict[type, list[Any]] = {model: [] for model, _columns in tables}
    rows = first.union(*others, all=True) if others else first
    for place, pk, position, slug, *texts in sorted(rows, key=lambda row: (row[0], row[2])):
        model, columns = tables[place]
        given = dict(
            zip(("id", "position", "slug", *columns), (pk, position, slug, *texts), strict=False)
        )
        # from_db takes the values in the order of the model's own columns.
        names = [field.attname for field in model._meta.concrete_fields if field.attname in given]
        found[model].append(model.from_db(first.db, names, [given[name] for name in names]))
    return found
