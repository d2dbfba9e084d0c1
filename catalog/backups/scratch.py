"""Databases for a while: a connection that reads one moment, and empty databases to try a backup in."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.utils import load_backend
from psycopg import IsolationLevel
from psycopg.errors import InsufficientPrivilege, ReadOnlySqlTransaction

LONGEST_POSTGRESQL_NAME = 63
# Any number will do that nothing else locks in the database: the letters of "scratch".
SCRATCH_LOCK = int.from_bytes(b"scratch")


@dataclass(frozen=True)
class Scratch:
    """An empty database: ``alias`` is its connection's, ``place`` says what and where it is."""

    alias: str
    place: str


@contextmanager
def connected(settings: Mapping[str, Any]) -> Iterator[str]:
    """Open a database under an alias of its own, and close and forget it at the end."""
    alias = f"backups_{secrets.token_hex(4)}"
    opened = load_backend(settings["ENGINE"]).DatabaseWrapper(dict(settings), alias)
    connections[alias] = opened
    try:
        yield alias
    finally:
        opened.close()
        del connections[alias]


def own_settings(**changed: Any) -> dict[str, Any]:
    """Return the settings of a connection to the site's database outside the pool, without time limits."""
    live = connections[DEFAULT_DB_ALIAS].settings_dict
    options = {name: value for name, value in live["OPTIONS"].items() if name != "pool"}
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        options["options"] = f"{options.get('options', '')} -c statement_timeout=0".strip()
    return {**live, "OPTIONS": options, "CONN_HEALTH_CHECKS": False, **changed}


@contextmanager
def reading_one_moment() -> Iterator[str]:
    """Yield the alias of a connection that sees the site's database as it is at one moment.

    Everybody goes on reading and writing meanwhile: on PostgreSQL it is a transaction of
    REPEATABLE READ, on SQLite one that takes no lock for writing (WAL). Nothing can be written.
    """
    settings = own_settings()
    is_postgresql = connections[DEFAULT_DB_ALIAS].vendor == "postgresql"
    if is_postgresql:
        settings["OPTIONS"]["isolation_level"] = IsolationLevel.REPEATABLE_READ
    else:
        settings["OPTIONS"]["transaction_mode"] = "DEFERRED"
    with connected(settings) as alias, transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SET TRANSACTION READ ONLY" if is_postgresql else "PRAGMA query_only = ON"
            )
        yield alias


@contextmanager
def scratch_database() -> Iterator[Scratch]:
    """Yield an empty database of the site's kind, and remove it at the end.

    On PostgreSQL it is a database of the same server; where this account may not make one, it is a
    SQLite file, and ``place`` says so.
    """
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        with connected(own_settings()) as maker:
            name = _make_postgresql(connections[maker])
            if name:
                try:
                    with connected(own_settings(NAME=name)) as alias:
                        yield Scratch(alias, "a scratch PostgreSQL database")
                finally:
                    _drop_postgresql(connections[maker], name)
                return
        with scratch_file() as scratch:
            reason = "this account may not make a PostgreSQL database"
            yield Scratch(scratch.alias, f"{scratch.place} ({reason})")
        return
    with scratch_file() as scratch:
        yield scratch


@contextmanager
def scratch_file() -> Iterator[Scratch]:
    """Yield an empty SQLite database in a file that this account alone can read, and remove it."""
    with TemporaryDirectory(prefix="backups-") as folder:
        settings = {
            **connections[DEFAULT_DB_ALIAS].settings_dict,
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(folder, "scratch.sqlite3")),
            # A crash may lose it.
            "OPTIONS": {
                "init_command": "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; "
                "PRAGMA foreign_keys=ON;"
            },
            "CONN_HEALTH_CHECKS": False,
        }
        with connected(settings) as alias:
            yield Scratch(alias, "a scratch SQLite database")


def _make_postgresql(maker: BaseDatabaseWrapper) -> str:
    """Make an empty database beside the site's; return its name, nothing where one may not.

    What a run that was killed left behind is dropped first.
    """
    beginning = f"{maker.settings_dict['NAME']}_scratch_"[: LONGEST_POSTGRESQL_NAME - 8]
    with maker.cursor() as cursor:
        # Held until this connection closes: nobody drops a database that another run just made.
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SCRATCH_LOCK])
        if cursor.fetchone() == (True,):
            cursor.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
                " AND pg_has_role(datdba, 'MEMBER')",
                [beginning],
            )
            for (left_over,) in cursor.fetchall():
                _drop_postgresql(maker, left_over)
        name = beginning + secrets.token_hex(4)
        try:
            cursor.execute(f"CREATE DATABASE {maker.ops.quote_name(name)} TEMPLATE template0")
        except Error as error:
            if isinstance(error.__cause__, InsufficientPrivilege | ReadOnlySqlTransaction):
                return ""
            raise
    return name


def _drop_postgresql(maker: BaseDatabaseWrapper, name: str) -> None:
    # One that is in use is another run's; one that cannot be dropped now is dropped by the next run.
    with maker.cursor() as cursor, suppress(Error):
        cursor.execute(f"DROP DATABASE IF EXISTS {maker.ops.quote_name(name)}")


# --- Migrations ---


def known_migrations() -> set[tuple[str, str]]:
    """Return the migrations that this code has, as (app, name); no query."""
    return set(MigrationLoader(None).graph.nodes)


def applied_migrations(alias: str) -> set[tuple[str, str]]:
    """Return the migrations that a database records and this code has, as (app, name); 2 queries."""
    loader = MigrationExecutor(connections[alias]).loader
    return set(loader.applied_migrations) & set(loader.graph.nodes)


def make_tables(alias: str, wanted: set[tuple[str, str]]) -> Any:
    """Apply the ``wanted`` migrations to an empty database; return the registry of its models then."""
    executor = MigrationExecutor(connections[alias])
    graph = executor.loader.graph
    # The last of each app: a migration that others of its app follow would take those back.
    targets = [
        node
        for node in sorted(wanted)
        if not any(
            child.key in wanted and child.key[0] == node[0]
            for child in graph.node_map[node].children
        )
    ]
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def make_newest_tables(alias: str) -> None:
    """Apply every migration that this code has, to a database of any earlier state."""
    executor = MigrationExecutor(connections[alias])
    executor.migrate(executor.loader.graph.leaf_nodes())
