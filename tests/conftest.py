"""What every test may ask for: translations that are compiled, and the database that is under test."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from hypothesis import settings as hypothesis_settings

from catalog.translations import compile_messages, message_files
from reforms.importing import load_catalog, read_catalog
from reforms.records import CatalogRecord

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


@pytest.fixture
def is_postgresql() -> bool:
    """Say which database the tests run on: PostgreSQL, else SQLite."""
    return connection.vendor == "postgresql"


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
        load_catalog(catalog_record, by_name="fixtures")
    yield catalog_record
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)
