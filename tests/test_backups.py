"""Backups: one moment of a database that is written to, whole, exact, verified before it has a name."""

import io
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.db.models import Value

from catalog import backups
from catalog.backups import Archive, BackupError, content, making, scratch
from reforms.models import Figure, MeasureVersion
from tests.own_database import elsewhere, opened_anew

User = get_user_model()
ODD_TEXTS = [
    "",
    " ",
    "零投资\n第二行\r\n\t\\.\\N",
    "\u2028\u2029\x85\x0b\x1f\x7f",
    "\U00020000𠮷\u0301e\u200d",
    '"quoted", {braces} [1]',
]
DOCUMENT = {
    "": None,
    "z": [1, 1.5, -0.1, 1e-7, 10**30, True, [], {}],
    "a": {"文": ODD_TEXTS, "ten": 10, "nested": [[[None]]]},
}
JSON_NULL = Value(None, models.JSONField())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table with content, as Django reads it."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in content.content_models()
    }


def tables_of(path: Path) -> tuple[content.Table, ...]:
    """Return what a backup says of its tables."""
    with Archive(path) as archive:
        return archive.manifest.tables


def restored(path: Path, folder: Path) -> backups.Restored:
    """Restore a backup over what the database holds."""
    with Archive(path) as archive, backups.in_this_release(archive) as fitting:
        return backups.restore(fitting, is_replacing=True, safety_folder=folder)


def add_odd_values() -> None:
    """Store what is easily lost: empty beside null, microseconds, odd letters, nested documents."""
    moment = datetime(2019, 12, 31, 23, 59, 59, 1, tzinfo=UTC)
    for number, text in enumerate(ODD_TEXTS):
        User.objects.create(
            username=f"odd-{number}", first_name=text, date_joined=moment, last_login=None
        )
    User.objects.get(username="odd-0").groups.add(Group.objects.create(name="编辑"))
    MeasureVersion.objects.update(record=DOCUMENT, valid_from=moment)
    MeasureVersion.objects.filter(measure__key="2").update(record=JSON_NULL)
    Figure.objects.filter(before__isnull=False).update(before=Decimal("58000000.0001"))
    Figure.objects.update(period_from=date(1, 1, 1), period_to=date(9999, 12, 31))


def test_every_value_comes_back_exactly(
    small_site: None, untried_backups: None, folder: Path
) -> None:
    add_odd_values()
    before = everything()
    made = backups.make_backup(folder)
    User.objects.filter(username__startswith="odd-").delete()
    MeasureVersion.objects.update(record={"other": 1}, reason="changed")
    Group.objects.create(name="later")
    assert everything() != before
    restored(made.path, folder)
    assert everything() == before
    assert MeasureVersion.objects.get(measure__key="1").record == DOCUMENT
    # A JSON null is a document; the absence of one is not, and no constraint lets it in here.
    assert MeasureVersion.objects.get(record=JSON_NULL).measure.key == "2"


def test_a_backup_is_the_same_whichever_database_it_was_made_of(
    small_site: None, untried_backups: None, folder: Path
) -> None:
    add_odd_values()
    before = everything()
    made = backups.make_backup(folder)
    other = folder / "of-sqlite"
    with scratch.scratch_file() as place, Archive(made.path) as archive:
        making.load(archive, place.alias)
        making.write_content(place.alias, other, datetime.now(UTC), lambda rows: None)
    with Archive(other) as archive:
        assert archive.manifest.vendor == "sqlite"
        assert archive.manifest.tables == made.manifest.tables
    User.objects.filter(username__startswith="odd-").delete()
    restored(other, folder)
    assert everything() == before


def test_after_a_restore_new_rows_get_keys_of_their_own_and_nobody_is_signed_in(
    small_site: None, untried_backups: None, folder: Path
) -> None:
    made = backups.make_backup(folder)
    Session.objects.create(session_key="x", session_data="", expire_date=datetime.now(UTC))
    restored(made.path, folder)
    highest = max(User.objects.values_list("pk", flat=True))
    assert User.objects.create(username="next").pk > highest
    assert not Session.objects.exists()


def test_every_table_with_rows_is_in_a_backup_but_that_of_who_is_signed_in(
    small_site: None, untried_backups: None, folder: Path
) -> None:
    names = {table.name for table in backups.make_backup(folder).manifest.tables}
    with connection.cursor() as cursor:
        stored = set(connection.introspection.django_table_names(only_existing=True))
        held = set(connection.introspection.table_names(cursor))
    assert names == stored - {"django_session"}
    # Of Django's own; and on SQLite the full-text table, which follows its content by triggers.
    others = {name for name in held - names if "_tokens" not in name}
    assert others == {"django_session", "django_migrations"}


# --- While the site runs ---


def torn(read: Any) -> set[str]:
    """Return which of two rows, saved together in the midst of reading, a backup holds.

    The table of groups is read before that of accounts: a reader without one moment sees one alone.
    """
    calls: list[Any] = []

    def save_both() -> None:
        Group.objects.create(name="both")
        User.objects.create(username="both")

    def on_rows(rows: int) -> None:
        if not calls:
            calls.append(elsewhere(save_both))

    path = read(on_rows)
    assert calls == [None]
    with Archive(path) as archive:
        return {
            name
            for name in ("auth_group", "auth_user")
            if any(b'"both"' in line for line in archive.lines(name))
        }


def test_a_backup_is_one_moment_of_a_database_that_is_written_to(
    small_site: None, untried_backups: None, folder: Path
) -> None:
    assert torn(lambda on_rows: backups.make_backup(folder, on_rows).path) == set()
    assert User.objects.filter(username="both").exists()


def test_without_one_moment_the_rows_are_torn_apart(small_site: None, folder: Path) -> None:
    folder.mkdir()

    def read(on_rows: Any) -> Path:
        path = folder / "torn"
        making.write_content("default", path, datetime.now(UTC), on_rows)
        return path

    with pytest.raises(BackupError, match=r"the table auth_group has 4 rows, of which 3 were read"):
        torn(read)


@pytest.fixture
def written(small_site: None) -> Iterator[list[str]]:
    """Save pairs of a group and an account from another thread; list the acknowledged ones."""
    acknowledged: list[str] = []
    stop = Event()
    settings = connection.settings_dict

    def save() -> None:
        with opened_anew() as here:
            here.settings_dict = settings
            while not stop.is_set():
                name = f"saved-{len(acknowledged)}"
                with transaction.atomic():
                    Group.objects.create(name=name)
                    User.objects.create(username=name)
                acknowledged.append(name)

    thread = Thread(target=save)
    thread.start()
    while len(acknowledged) < 5 and thread.is_alive():
        stop.wait(0.01)
    yield acknowledged
    stop.set()
    thread.join(60)
    assert len(acknowledged) >= 5


def test_no_acknowledged_save_is_missing_from_a_backup_made_under_load(
    written: list[str], folder: Path
) -> None:
    before = set(written)
    made = backups.make_backup(folder)
    with Archive(made.path) as archive:
        held = {
            name: {word for word in before if any(f'"{word}"'.encode() in line for line in lines)}
            for name in ("auth_group", "auth_user")
            if (lines := list(archive.lines(name)))
        }
        counts = [sum(b'"saved-' in line for line in archive.lines(name)) for name in held]
    assert held == {"auth_group": before, "auth_user": before}
    assert counts[0] == counts[1]


def test_a_plain_copy_lacks_saves_says_that_it_is_sound_and_is_refused(
    small_site: None, tmp_path: Path, is_postgresql: bool
) -> None:
    """The negative control: what an operator would do without this command."""
    copy = tmp_path / "copy.sqlite3"
    if is_postgresql:
        # The file is not PostgreSQL's; what is refused is refused there, too.
        with closing(sqlite3.connect(copy)) as file:
            file.execute("CREATE TABLE x (y)")
    else:
        User.objects.create(username="acknowledged")
        shutil.copy(connection.settings_dict["NAME"], copy)
        with closing(sqlite3.connect(copy)) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            names = file.execute("SELECT username FROM auth_user").fetchall()
        assert ("acknowledged",) not in names
    with pytest.raises(CommandError, match=r"plain copy of a SQLite database file.*can lack saves"):
        call_command("restore", str(copy), "--check")


# --- Verified, or no file ---


def test_a_backup_that_loses_a_row_leaves_no_file(
    small_site: None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = content._insert

    def lossy(model: Any, alias: str, rows: Any, on_rows: Any) -> None:
        if model._meta.db_table == "reforms_indexedword":
            next(rows)
        whole(model, alias, rows, on_rows)

    monkeypatch.setattr(content, "_insert", lossy)
    with pytest.raises(CommandError, match=r"the table reforms_indexedword has \d+ rows, not \d+"):
        call_command("backup", str(folder))
    assert os.listdir(folder) == [".lock"]


def test_a_backup_that_changes_a_value_leaves_no_file(
    small_site: None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = content._rows

    def altering(model: Any, alias: str, lines: Any) -> Any:
        for row in whole(model, alias, lines):
            yield [value.swapcase() if value == "li" else value for value in row]

    monkeypatch.setattr(content, "_rows", altering)
    with pytest.raises(CommandError, match="the table auth_user has as many rows, and others"):
        call_command("backup", str(folder))
    assert os.listdir(folder) == [".lock"]


def test_the_command_says_what_is_in_the_backup_and_how_it_was_verified(
    small_site: None, folder: Path
) -> None:
    said = io.StringIO()
    call_command("backup", str(folder), "-v2", stdout=said)
    (file,) = folder.glob("reforms-*.backup")
    assert f"{file}: " in said.getvalue()
    assert "Verified: restored to a scratch" in said.getvalue()
    for table in tables_of(file):
        assert f"{table.rows:>9} rows  {table.checksum[:12]}  {table.name}\n" in said.getvalue()


def test_tables_that_a_backup_must_hold_are_generic() -> None:
    every = apps.get_models(include_auto_created=True)
    managed = {model for model in every if not model._meta.proxy}
    kept = set(content.content_models()) | set(content.left_out_models())
    assert managed == kept
