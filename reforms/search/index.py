"""Keep the index of texts in step with the records: write, rebuild, check."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import Prefetch

from reforms.models import City, IndexedText, IndexedWord, Measure
from reforms.models.indexed import LONGEST_WORD
from reforms.models.querysets import MeasureQuerySet
from reforms.records import MeasureRecord
from reforms.search.texts import pieces, texts_of
from reforms.text import Script, letters, sound, tokenise

CHUNK_SIZE = 200
SHORTEST_WORD = 3
Key = tuple[int | None, str, int]


@dataclass(frozen=True)
class Fault:
    """A row of the index that is not as its measure is: ``stale``, ``missing`` or ``extra``."""

    kind: str
    measure: str
    text: str


@transaction.atomic
def index_measure(measure: Measure, record: MeasureRecord) -> bool:
    """Bring the index of one measure in step with its record; tell whether anything was written.

    5 queries at most; 2 where nothing changed.
    """
    cities = dict(City.objects.values_list("slug", "pk"))
    wanted = {row_key(row): row for row in rows_of(measure, record, cities)}
    stored = {
        (city, name, part): (pk, weight, checksum)
        for pk, city, name, part, weight, checksum in measure.indexed_texts.values_list(
            "pk", "city_id", "name", "part", "weight", "checksum"
        )
    }
    gone = [
        found[0]
        for key, found in stored.items()
        if key not in wanted or found[1:] != (wanted[key].weight, wanted[key].checksum)
    ]
    kept = {key for key, found in stored.items() if found[0] not in gone}
    new = [row for key, row in wanted.items() if key not in kept]
    if gone:
        IndexedText.objects.filter(pk__in=gone)._raw_delete(connection.alias)
    if new:
        IndexedText.objects.bulk_create(new)
        _learn(text.text for text in texts_of(record))
    return bool(gone or new)


def rows_of(
    measure: Measure, record: MeasureRecord, cities: dict[str, int]
) -> Iterator[IndexedText]:
    """Yield the rows that the index should hold for a measure; no query."""
    for text in texts_of(record):
        for part, tokens in enumerate(pieces(tokenise(text.text)), start=1):
            words = " ".join(token.code for token in tokens)
            yield IndexedText(
                measure=measure,
                city_id=cities[text.city] if text.city else None,
                name=text.name,
                part=part,
                weight=int(text.weight),
                checksum=sha256(words.encode()).hexdigest(),
                tokens=words,
            )


def row_key(row: IndexedText) -> Key:
    """Return what tells a row from the others of its measure."""
    return (row.city_id, row.name, row.part)


def index_missing() -> int:
    """Index the measures that no row stands for, such as rows of ``loaddata``; return how many.

    1 query where none is missing.
    """
    missing = Measure.objects.filter(indexed_texts__isnull=True)
    return sum(index_measure(measure, record) for measure, record in _records(missing))


def rebuild_index(on_measure: Callable[[], Any] = lambda: None) -> int:
    """Write the whole index anew, in one transaction; return how many measures it holds.

    ``on_measure`` is called after each. About 10 queries a measure.
    """
    count = 0
    with transaction.atomic():
        IndexedText.objects.all()._raw_delete(connection.alias)
        IndexedWord.objects.all()._raw_delete(connection.alias)
        for measure, record in _records(Measure.objects.all()):
            index_measure(measure, record)
            on_measure()
            count += 1
    return count


def faults(on_measure: Callable[[], Any] = lambda: None) -> Iterator[Fault]:
    """Yield every row of the index that is stale, missing or extra, by measure.

    ``on_measure`` is called after each measure. 7 queries for every ``CHUNK_SIZE`` measures.
    Raises ``django.db.DatabaseError`` where SQLite finds its full-text table out of step.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO reforms_indexedtext_tokens(reforms_indexedtext_tokens, rank) "
                "VALUES ('integrity-check', 1)"
            )
    cities = dict(City.objects.values_list("slug", "pk"))
    names = {pk: slug for slug, pk in cities.items()}
    # The tokens themselves are not compared, so they are not fetched.
    stored_texts = Prefetch("indexed_texts", IndexedText.objects.defer("tokens"))
    for measure, record in _records(Measure.objects.all(), stored_texts):
        wanted = {row_key(row): row for row in rows_of(measure, record, cities)}
        stored = {row_key(row): row for row in measure.indexed_texts.all()}
        for key in wanted.keys() | stored.keys():
            kind = _fault(wanted.get(key), stored.get(key))
            if kind:
                city = f"{names[key[0]]} " if key[0] else ""
                yield Fault(kind, record.identity, f"{city}{key[1]}")
        on_measure()


def _fault(wanted: IndexedText | None, stored: IndexedText | None) -> str:
    if stored is None:
        return "missing"
    if wanted is None:
        return "extra"
    same = (wanted.checksum, wanted.weight) == (stored.checksum, stored.weight)
    return "" if same else "stale"


def _records(measures: MeasureQuerySet, *related: Any) -> Iterator[tuple[Measure, MeasureRecord]]:
    """Yield measures with their records, by source and position, a chunk at a time."""
    rows: Any = measures.in_order().for_record().prefetch_related(*related)
    for measure in rows.iterator(chunk_size=CHUNK_SIZE):
        yield measure, measure.to_record()


def _learn(texts: Iterable[str]) -> None:
    """Keep the pairs of characters and the Latin words of texts, for mending near misses."""
    known = {word for text in texts for word in words_of(text)}
    IndexedWord.objects.bulk_create(
        (
            IndexedWord(text=word, first=word[0], last=word[-1], sound=sound(word)[:32])
            # In one order, so that two writers never wait for each other in a circle.
            for word in sorted(known)
        ),
        ignore_conflicts=True,
    )


def words_of(text: str) -> Iterator[str]:
    """Yield the folded pairs of Chinese characters and Latin words of a text, with repetition."""
    run: list[str] = []
    script = Script.SEPARATOR
    for letter in letters(text):
        if letter.script is not script:
            yield from _word_of(script, run)
            run, script = [], letter.script
        if letter.script is Script.CHINESE and run:
            yield run[-1] + letter.character
        run.append(letter.character)
    yield from _word_of(script, run)


def _word_of(script: Script, run: list[str]) -> Iterator[str]:
    if script is Script.LATIN and SHORTEST_WORD <= len(run) <= LONGEST_WORD:
        yield "".join(run)
