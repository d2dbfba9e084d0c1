"""Keep the index of texts in step with the records: write, rebuild, check."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from reforms.models import City, IndexedText, IndexedWord, Measure
from reforms.models.indexed import LONGEST_WORD
from reforms.models.querysets import MeasureQuerySet
from reforms.records import MeasureRecord
from reforms.search.texts import pieces, texts_of
from reforms.text import Script, letters, sound, tokenise

CHUNK_SIZE = 200
# Any number will do that nothing else locks in this database: the letters of "reforms".
INDEX_LOCK = int.from_bytes(b"reforms")
SHORTEST_WORD = 3
Key = tuple[int | None, str, int]


@dataclass(frozen=True)
class Fault:
    """A row of the index that is not as its measure is.

    ``missing``; ``extra``; ``stale``: of another text or weight; ``altered``: the text is the right
    one, and what was stored of it is not. Of a word that texts are made of, ``measure`` is empty;
    one that stands in no text any more is ``left over``, and no harm: a rebuild forgets it.
    """

    kind: str
    measure: str
    text: str

    @property
    def is_harmless(self) -> bool:
        """Tell whether a search finds the same with it and without it."""
        return self.kind == "left over"


def make_index(editor: Any) -> None:
    """Make what a search asks besides the tables, with the schema editor of a new database.

    The migration that makes it for the site's own database says how.
    """
    import_module("reforms.migrations.0003_full_text_index").add(apps, editor)


def count_rows_anew() -> None:
    """Let the database plan with the rows that are there, after many were written; 1 query at most.

    PostgreSQL may have counted them when the tables were empty, and would for a while choose plans
    that take seconds. SQLite plans without counts.
    """
    # Our own tables by name: without names PostgreSQL counts those that all databases of a server
    # share, too, and holds each until the transaction ends, against whoever counts beside it.
    if connection.vendor == "postgresql":
        tables = [model._meta.db_table for model in apps.get_app_config("reforms").get_models()]
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, sorted(tables)))}")


def lock_index() -> None:
    """Let this transaction alone write the index until it ends; others wait here; 1 query at most.

    The first thing that a transaction does which writes the index: whoever waits here may hold no
    row that the one ahead will ask for. Raises ``TransactionManagementError`` outside one.
    """
    # One lock for all, and not only words learned in one order at the end of a transaction: a
    # rebuild takes away rows that a save is changing, and holds texts read before that save ended.
    # On SQLite a transaction is IMMEDIATE: it was alone from its beginning.
    if not connection.in_atomic_block:
        raise TransactionManagementError("lock_index is of use inside a transaction only.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INDEX_LOCK])


@transaction.atomic
def index_measure(measure: Measure, record: MeasureRecord) -> bool:
    """Bring the index of one measure in step with its record; tell whether anything was written.

    The caller took ``lock_index`` before it locked or changed any row. 5 queries at most; 2 where nothing changed.
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


def index_new(records: Sequence[tuple[Measure, MeasureRecord]]) -> None:
    """Write the index of measures that have none yet; 3 queries for all of them."""
    cities = dict(City.objects.values_list("slug", "pk"))
    IndexedText.objects.bulk_create(
        row for measure, record in records for row in rows_of(measure, record, cities)
    )
    _learn(text.text for _measure, record in records for text in texts_of(record))


def index_missing() -> int:
    """Index the measures that no row stands for, such as rows of ``loaddata``; return how many.

    The caller took ``lock_index``. 1 query where none is missing.
    """
    missing = Measure.objects.filter(indexed_texts__isnull=True)
    return sum(index_measure(measure, record) for measure, record in _records(missing))


def rebuild_index(on_measure: Callable[[], Any] = lambda: None) -> int:
    """Write the whole index anew, in one transaction; return how many measures it holds.

    Measures are read under ``lock_index``, so no save changes one meanwhile. ``on_measure`` is
    called after each. About 10 queries a measure.
    """
    count = 0
    with transaction.atomic():
        if connection.vendor == "postgresql":
            # What a page may not take, forgetting a large index and waiting for a load may.
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
        lock_index()
        IndexedText.objects.all()._raw_delete(connection.alias)
        IndexedWord.objects.all()._raw_delete(connection.alias)
        for measure, record in _records(Measure.objects.all()):
            index_measure(measure, record)
            on_measure()
            count += 1
    return count


def faults(on_measure: Callable[[], Any] = lambda: None) -> Iterator[Fault]:
    """Yield every row of the index that is not as it should be: those of texts, then those of words.

    ``on_measure`` is called after each measure. 7 queries for every ``CHUNK_SIZE`` measures, and
    1 for the words. Raises ``django.db.DatabaseError`` where SQLite finds its full-text table out of
    step.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO reforms_indexedtext_tokens(reforms_indexedtext_tokens, rank) "
                "VALUES ('integrity-check', 1)"
            )
    cities = dict(City.objects.values_list("slug", "pk"))
    names = {pk: slug for slug, pk in cities.items()}
    known: set[str] = set()
    for measure, record in _records(Measure.objects.all(), "indexed_texts"):
        known.update(word for text in texts_of(record) for word in words_of(text.text))
        wanted = {row_key(row): row for row in rows_of(measure, record, cities)}
        stored = {row_key(row): row for row in measure.indexed_texts.all()}
        for key in wanted.keys() | stored.keys():
            kind = _fault(wanted.get(key), stored.get(key))
            if kind:
                city = f"{names[key[0]]} " if key[0] else ""
                yield Fault(kind, record.identity, f"{city}{key[1]}")
        on_measure()
    yield from _word_faults(known)


def mend_index() -> int:
    """Write the index anew unless it is in step with the records; return the number of its faults.

    For content that came from elsewhere, such as a backup of an earlier release. The caller took
    ``lock_index``. Costs those of ``faults``, and where there is one those of ``rebuild_index``.
    """
    wrong = sum(not fault.is_harmless for fault in faults())
    if wrong:
        rebuild_index()
    return wrong


def _fault(wanted: IndexedText | None, stored: IndexedText | None) -> str:
    if stored is None:
        return "missing"
    if wanted is None:
        return "extra"
    if (wanted.checksum, wanted.weight) != (stored.checksum, stored.weight):
        return "stale"
    return "" if wanted.tokens == stored.tokens else "altered"


def _word_faults(known: set[str]) -> Iterator[Fault]:
    missing = set(known)
    rows = IndexedWord.objects.values_list("text", "first", "last", "sound")
    for row in rows.iterator(chunk_size=CHUNK_SIZE * 10):
        word = _row_of(row[0])
        missing.discard(row[0])
        if (word.text, word.first, word.last, word.sound) != row:
            yield Fault("altered", "", f"word {row[0]}")
        elif row[0] not in known:
            yield Fault("left over", "", f"word {row[0]}")
    for text in missing:
        yield Fault("missing", "", f"word {text}")


def _row_of(word: str) -> IndexedWord:
    return IndexedWord(text=word, first=word[:1], last=word[-1:], sound=sound(word)[:32])


def _records(measures: MeasureQuerySet, *related: Any) -> Iterator[tuple[Measure, MeasureRecord]]:
    """Yield measures with their records, by source and position, a chunk at a time."""
    rows: Any = measures.in_order().for_record().prefetch_related(*related)
    for measure in rows.iterator(chunk_size=CHUNK_SIZE):
        yield measure, measure.to_record()


def _learn(texts: Iterable[str]) -> None:
    """Keep the pairs of characters and the Latin words of texts, for mending near misses."""
    known = {word for text in texts for word in words_of(text)}
    IndexedWord.objects.bulk_create(
        # In one order, so that both databases number them alike.
        map(_row_of, sorted(known)),
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
