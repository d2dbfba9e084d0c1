"""What every test may ask for: translations that are compiled, and the database that is under test."""

import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models.signals import post_migrate
from hypothesis import settings as hypothesis_settings

from catalog.backups import making
from catalog.translations import compile_messages, message_files
from reforms.importing import load_catalog, read_catalog
from reforms.records import CatalogRecord
from reforms.search import count_rows_anew
from tests import world
from tests.kept_rows import build_once
from tests.own_database import own_database

# A slow machine is no failure, and a run leaves nothing behind.
hypothesis_settings.register_profile("project", deadline=None, database=None)
hypothesis_settings.load_profile("project")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the message files before anything reads them: Django keeps what it read first.

    Processes that run tests side by side start after this, and find the files compiled.
    """
    if not hasattr(config, "workerinput"):
        for file in message_files([Path(folder) for folder in settings.LOCALE_PATHS]):
            compile_messages(file)


def make_roles(sender: Any, using: str, **given: Any) -> None:
    """Make the roles again wherever a test has emptied the tables, as migrating made them."""
    if sender.label == "reforms":
        here = SimpleNamespace(connection=connections[using])
        import_module("reforms.migrations.0007_roles").make_roles(apps, here)
        import_module("reforms.migrations.0010_who_takes_notices_in").grant(apps, here)


post_migrate.connect(make_roles)

# Whoever asks for one of these asks a database; a test may also be marked to.
OF_A_DATABASE = {"db", "transactional_db", "catalog", "live_server", "is_postgresql"}
# What a module says that speaks to a database by itself.
SPEAKS_OF_ONE = ("DATABASE_URL", "django.db import connection")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out the tests that ask no database: they run on SQLite, and are the same."""
    if connection.vendor != "postgresql":
        return
    asking = [item for item in items if _asks_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(asking)])
    items[:] = asking


def _asks_a_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    if (
        OF_A_DATABASE & names
        or item.get_closest_marker("django_db")
        or "browser" in item.path.parts
    ):
        return True
    return _speaks_of_one(item.path)


@cache
def _speaks_of_one(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    return any(words in text for words in SPEAKS_OF_ONE)


@pytest.fixture
def is_postgresql() -> bool:
    """Say which database the tests run on: PostgreSQL, else SQLite."""
    return connection.vendor == "postgresql"


@pytest.fixture
def small_site(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """The small catalog with an editor, in a database that other connections can open."""
    world.build_world()
    world.an_editor()
    with own_database(tmp_path):
        yield


@pytest.fixture
def untried_backups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out a backup's trial in a scratch database, which takes seconds, where it does not matter."""
    monkeypatch.setattr(making, "verify", lambda *given: "not tried")


@pytest.fixture
def snapshot_folder(tmp_path: Path, settings: Any) -> Path:
    """Keep the snapshots of a test apart from those of others; return where."""
    settings.SNAPSHOTS = tmp_path / "snapshots"
    return Path(settings.SNAPSHOTS)


@pytest.fixture(scope="session")
def catalog_record() -> CatalogRecord:
    """The fixtures of the project, read as records; no database."""
    files = sorted(Path(settings.BASE_DIR, "fixtures").glob("*.json"))
    return read_catalog(json.loads(file.read_text(encoding="utf-8")) for file in files)


@pytest.fixture(scope="module")
def catalog(
    catalog_record: CatalogRecord, django_db_setup: None, django_db_blocker: Any
) -> Iterator[CatalogRecord]:
    """The project's real data in the database, for the tests of one module.

    Loaded once in a transaction around them, so not for tests that commit for real.
    """
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
    # Whatever happens here, the transaction ends: one left open would fail all tests that follow.
    try:
        with django_db_blocker.unblock():
            build_once("catalog", lambda: load_catalog(catalog_record, by_name="fixtures"))
            count_rows_anew()
        yield catalog_record
    finally:
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
