"""Put rows back that were stored before: what a load wrote, without the work that it was to find out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

# A statement of more parameters than this SQLite refuses.
MOST_PARAMETERS = 30_000


@dataclass(frozen=True)
class Table:
    """A table, its columns and its rows, as the database gave them."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


# By the day of a load: what is new, and what was a day ago, tests ask by the day.
_kept: dict[tuple[str, str, date], list[Table]] = {}


def build_once(name: str, load: Callable[[], Any]) -> None:
    """Let the tables of the app hold what `load` writes into empty ones.

    It is called once a process, a database and a day, and wherever any table holds a row;
    elsewhere the rows kept under `name` are put back as they were stored, numbers and moments with
    them.
    """
    models = [*apps.get_app_config("reforms").get_models(include_auto_created=True)]
    tables = [model._meta.db_table for model in models]
    place = (name, connection.vendor, timezone.localdate())
    if not _are_empty(tables):
        load()
    elif place in _kept:
        with transaction.atomic():
            for table in _kept[place]:
                _put_back(table)
            _go_on_counting(models)
    else:
        load()
        _kept[place] = [read for read in map(_read, tables) if read.rows]


def _are_empty(tables: list[str]) -> bool:
    asked = " OR ".join(f"EXISTS (SELECT 1 FROM {_quoted(table)})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CASE WHEN {asked} THEN 1 ELSE 0 END")
        return bool(cursor.fetchone()[0] == 0)


def _read(table: str) -> Table:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(table)}")
        columns = tuple(column[0] for column in cursor.description)
        return Table(table, columns, tuple(map(tuple, cursor.fetchall())))


def _put_back(table: Table) -> None:
    many = MOST_PARAMETERS // len(table.columns)
    row = f"({', '.join(['%s'] * len(table.columns))})"
    columns = ", ".join(map(_quoted, table.columns))
    with connection.cursor() as cursor:
        for start in range(0, len(table.rows), many):
            rows = table.rows[start : start + many]
            cursor.execute(
                f"INSERT INTO {_quoted(table.name)} ({columns}) VALUES {', '.join([row] * len(rows))}",
                [value for values in rows for value in values],
            )


def _go_on_counting(models: list[type[Model]]) -> None:
    """Let the numbers of new rows follow those that were put back; SQLite does so by itself."""
    statements = connection.ops.sequence_reset_sql(no_style(), models)
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(" ".join(statements))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
