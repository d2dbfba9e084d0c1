"""The content of a database as lines of JSON that are the same on every database: read, put back, compare."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import Error, connections, models, transaction
from django.db.models.functions import Cast, Collate
from django.utils.duration import duration_iso_string

Model = type[models.Model]
OnRows = Callable[[int], Any]

# Who is signed in is no content: after a restore everybody signs in anew.
LEFT_OUT = frozenset({"sessions.session"})
# What `migrate` writes into an empty database by itself.
MADE_BY_MIGRATE = frozenset(
    {"auth.group", "auth.group_permissions", "auth.permission", "contenttypes.contenttype"}
)
ROWS_AT_ONCE = 1000
# What lines raise that do not fit their table: refused by JSON, by a field, or by the database.
UNFIT = (Error, ValidationError, ValueError, TypeError, ArithmeticError, RecursionError)
# From here on PostgreSQL writes a number of a JSON document in full, and it comes back whole.
LEAST_WRITTEN_IN_FULL = 1e16


class BackupError(Exception):
    """A sentence for the operator: what is wrong with a backup or a database, and what to do."""


@dataclass(frozen=True)
class Table:
    """What a backup says of one table: the checksum is that of its lines, in the order of the key."""

    name: str
    columns: tuple[str, ...]
    rows: int
    size: int
    checksum: str


def content_models(registry: Any = apps) -> list[Model]:
    """Return the models whose tables are content, by the name of the table; no query.

    ``registry`` may be that of a past state of the migrations.
    """
    return [model for model in _stored(registry) if model._meta.label_lower not in LEFT_OUT]


def left_out_models(registry: Any = apps) -> list[Model]:
    """Return the models whose rows no backup holds; no query."""
    return [model for model in _stored(registry) if model._meta.label_lower in LEFT_OUT]


def _stored(registry: Any) -> list[Model]:
    found = registry.get_models(include_auto_created=True)
    tables = {
        model._meta.db_table: model
        for model in found
        if model._meta.managed and not model._meta.proxy
    }
    return [tables[name] for name in sorted(tables)]


def columns_of(model: Model) -> tuple[str, ...]:
    """Return the names of a table's columns in their order, but those that the database computes; no query."""
    return tuple(str(field.column) for field in _fields(model))


def _fields(model: Model) -> list[models.Field]:
    # By name: a past state of the migrations has the columns of today in another order.
    stored = [field for field in model._meta.local_concrete_fields if not field.generated]
    return sorted(stored, key=lambda field: str(field.column))


# --- Reading ---


def count_rows(tables: Iterable[Model], alias: str) -> dict[str, int]:
    """Return the number of rows in each table, by its name; one query a table."""
    return {model._meta.db_table: model._base_manager.using(alias).count() for model in tables}


def describe(
    model: Model,
    alias: str,
    write: Callable[[bytes], Any] = lambda line: None,
    on_rows: OnRows = lambda rows: None,
) -> Table:
    """Read a table whole, hand each line to ``write``, and return what there was; one query.

    Raises ``BackupError`` for a value that JSON cannot hold.
    """
    digest, rows, size = sha256(), 0, 0
    for line in _lines(model, alias):
        digest.update(line)
        write(line)
        rows += 1
        size += len(line)
        if rows % ROWS_AT_ONCE == 0:
            on_rows(ROWS_AT_ONCE)
    on_rows(rows % ROWS_AT_ONCE)
    return Table(model._meta.db_table, columns_of(model), rows, size, digest.hexdigest())


def _lines(model: Model, alias: str) -> Iterator[bytes]:
    """Yield each row as a JSON array in a line of its own, in the order of the primary key."""
    fields = _fields(model)
    # The text of a JSON document tells a JSON null from no document; its value does not.
    chosen = [
        Cast(field.attname, models.TextField()) if _kind(field) == "JSONField" else field.attname
        for field in fields
    ]
    writers = [
        (place, WRITERS[_kind(field)])
        for place, field in enumerate(fields)
        if _kind(field) in WRITERS
    ]
    rows = model._base_manager.using(alias).order_by(_by_key(model, alias))
    for number, found in enumerate(rows.values_list(*chosen).iterator(chunk_size=ROWS_AT_ONCE), 1):
        row = list(found)
        for place, writer in writers:
            if row[place] is not None:
                row[place] = writer(row[place])
        try:
            yield _json(row) + b"\n"
        except (TypeError, ValueError) as error:
            raise BackupError(
                f"The table {model._meta.db_table} holds a value that no backup can hold, "
                f"in row {number} by its key: {error}."
            ) from error


def _by_key(model: Model, alias: str) -> Any:
    """Return the order by primary key; where that is a text, by its bytes, as every database can."""
    key = _target(model._meta.pk)
    if isinstance(key, models.CharField | models.TextField):
        return Collate("pk", "C" if connections[alias].vendor == "postgresql" else "BINARY")
    return "pk"


def _target(field: Any) -> Any:
    """Return the column that a foreign key leads to in the end, or the field itself."""
    while field.remote_field:
        field = field.target_field
    return field


def _kind(field: models.Field) -> str:
    return str(_target(field).get_internal_type())


def _json(value: Any) -> bytes:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def _number(text: str) -> float | int:
    """Return a number of a JSON document as both databases give it back."""
    number = float(text)
    if LEAST_WRITTEN_IN_FULL <= abs(number) < float("inf"):
        return int(Decimal(repr(number)))
    return number + 0.0  # PostgreSQL knows no -0.0


WRITERS: dict[str, Callable[[Any], Any]] = {
    "BinaryField": lambda value: b64encode(bytes(value)).decode("ascii"),
    "DateField": lambda value: value.isoformat(),
    "DateTimeField": lambda value: value.astimezone(UTC).isoformat(timespec="microseconds"),
    "DecimalField": lambda value: format(value, "f"),
    "DurationField": duration_iso_string,
    "JSONField": lambda text: [json.loads(text, parse_float=_number)],
    "TimeField": lambda value: value.isoformat(),
    "UUIDField": str,
}

# --- Putting back ---


def replace_content(
    tables: Sequence[Model],
    emptied: Sequence[Model],
    alias: str,
    lines_of: Callable[[str], Iterator[bytes]],
    on_rows: OnRows = lambda rows: None,
) -> None:
    """Replace all rows of ``tables`` by the lines of each, and empty other tables, in one transaction.

    Foreign keys are deferred and looked at when all is in; sequences go on behind the highest key.
    Raises ``BackupError`` for lines that do not fit, and leaves everything as it was.
    """
    here = connections[alias]
    quote = here.ops.quote_name
    with transaction.atomic(using=alias), here.cursor() as cursor:
        for model in [*emptied, *tables]:
            cursor.execute(f"DELETE FROM {quote(model._meta.db_table)}")
        for model in tables:
            name = model._meta.db_table
            try:
                # A savepoint, so that the sentence can be told what is wrong with the table.
                with transaction.atomic(using=alias):
                    _insert(model, alias, _rows(model, alias, lines_of(name)), on_rows)
            except UNFIT as error:
                reason = " ".join(str(error).split()).rstrip(".")
                raise BackupError(
                    f"A row of the table {name} cannot be restored: {reason}."
                ) from error
        try:
            here.check_constraints()
        except Error as error:
            reason = " ".join(str(error).split()).rstrip(".")
            raise BackupError(f"The tables do not belong together: {reason}.") from error
        for statement in here.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)


def _rows(model: Model, alias: str, lines: Iterator[bytes]) -> Iterator[list[Any]]:
    """Yield the rows of lines as the database at hand takes them."""
    here = connections[alias]
    fields = _fields(model)
    readers = [(place, field) for place, field in enumerate(fields) if not _is_plain(field)]
    for line in lines:
        row = json.loads(line)
        if not isinstance(row, list) or len(row) != len(fields):
            raise BackupError(f"A line of the table {model._meta.db_table} has other columns.")
        for place, field in readers:
            value = row[place]
            if value is None:
                continue
            if _kind(field) == "JSONField":
                (document,) = value
                row[place] = here.ops.adapt_json_value(document, None)
            else:
                row[place] = field.get_db_prep_save(field.to_python(value), here)
        yield row


def _is_plain(field: models.Field) -> bool:
    """Tell whether a value of JSON is what the database takes: texts, whole numbers, true, false."""
    target = _target(field)
    is_own = type(target).get_db_prep_value is not models.Field.get_db_prep_value
    is_number = isinstance(target, models.IntegerField)
    return _kind(field) not in WRITERS and (is_number or not is_own)


def _insert(model: Model, alias: str, rows: Iterator[list[Any]], on_rows: OnRows) -> None:
    here = connections[alias]
    quote = here.ops.quote_name
    columns = ", ".join(map(quote, columns_of(model)))
    into = f"{quote(model._meta.db_table)} ({columns})"
    if here.vendor == "postgresql":
        with (
            here.cursor() as cursor,
            here.wrap_database_errors,
            cursor.copy(f"COPY {into} FROM STDIN") as copy,
        ):
            while batch := list(islice(rows, ROWS_AT_ONCE)):
                for row in batch:
                    copy.write_row(row)
                on_rows(len(batch))
        return
    places = ", ".join(["%s"] * len(columns_of(model)))
    with here.cursor() as cursor:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", batch)
            on_rows(len(batch))


# --- Comparing ---


def differences(
    tables: Sequence[Model],
    alias: str,
    wanted: Sequence[Table],
    on_rows: OnRows = lambda rows: None,
) -> list[str]:
    """Return what differs between a database's tables and those ``wanted``, a line each; one query a table."""
    expected = {table.name: table for table in wanted}
    found = []
    for model in tables:
        held = describe(model, alias, on_rows=on_rows)
        asked = expected.pop(held.name, None)
        if asked is None:
            found.append(f"the table {held.name} is not in the backup")
        elif held.columns != asked.columns:
            found.append(f"the table {held.name} has other columns")
        elif held.rows != asked.rows:
            found.append(f"the table {held.name} has {held.rows} rows, not {asked.rows}")
        elif held != asked:
            found.append(f"the table {held.name} has as many rows, and others")
    return [*found, *(f"the table {name} is not in the database" for name in expected)]
