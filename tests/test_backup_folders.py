"""The folder of backups and the databases for a while: nothing is left behind, nothing good is lost."""

import io
import os
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from catalog import backups
from catalog.backups import BackupError, content, making, scratch
from tests.own_database import opened_anew


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def test_a_folder_that_cannot_be_written_is_said(small_site: None, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match=r"The folder .*/file/x cannot be written"):
        call_command("backup", str(tmp_path / "file" / "x"))


def test_two_at_a_time_in_one_folder_are_refused_and_remains_are_cleared(
    small_site: None, folder: Path
) -> None:
    folder.mkdir()
    (folder / "reforms-x.backup.partial").write_text("of a run that was killed")
    with making.folder_for_one(folder):
        assert os.listdir(folder) == [".lock"]
        with pytest.raises(BackupError, match=r"Another backup .* is running"):
            backups.make_backup(folder)


def test_only_its_owner_can_read_a_backup(
    small_site: None, untried_backups: None, folder: Path
) -> None:
    made = backups.make_backup(folder)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


# --- Rotation, and what writes nothing ---


def test_rotation_keeps_the_last_sound_ones_and_always_the_new_one(
    small_site: None, untried_backups: None, folder: Path
) -> None:
    made = backups.make_backup(folder)
    names = [f"reforms-2020010{day}T000000.000000Z.backup" for day in range(1, 6)]
    for name in [*names, "before-restore-20200101T000000.000000Z.backup", "mine.backup"]:
        shutil.copy(made.path, folder / name)
    (folder / names[4]).write_bytes(made.path.read_bytes()[:-1])
    said, warned = io.StringIO(), io.StringIO()
    call_command("backup", str(folder), "--keep", "3", stdout=said, stderr=warned)
    left = sorted(path.name for path in folder.glob("*.backup"))
    (new,) = {name for name in left if name > made.path.name and name.startswith("reforms")}
    assert left == [
        "before-restore-20200101T000000.000000Z.backup",
        "mine.backup",
        names[3],
        names[4],
        made.path.name,
        new,
    ]
    assert said.getvalue().count("removed: ") == 3
    assert names[4] in warned.getvalue()


def test_a_clock_that_went_back_does_not_cost_the_new_backup(
    small_site: None, untried_backups: None, folder: Path
) -> None:
    made = backups.make_backup(folder)
    later = folder / "reforms-29990101T000000.000000Z.backup"
    shutil.copy(made.path, later)
    assert backups.rotate(folder, 1, made.path).removed == (later,)
    assert made.path.exists()


def test_a_failed_backup_removes_nothing(
    small_site: None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = folder / "reforms-20200101T000000.000000Z.backup"
    folder.mkdir()
    making.write_content("default", earlier, datetime.now(UTC), lambda rows: None)
    monkeypatch.setattr(content, "differences", lambda *given, **named: ["something"])
    with pytest.raises(CommandError, match="differs: something"):
        call_command("backup", str(folder), "--keep", "1")
    assert list(folder.glob("*.backup")) == [earlier]


def test_a_dry_run_writes_nothing(small_site: None, untried_backups: None, folder: Path) -> None:
    said = io.StringIO()
    call_command("backup", str(folder), "--dry-run", "--keep", "2", stdout=said)
    assert not folder.exists()
    assert "nothing was written" in said.getvalue()
    made = backups.make_backup(folder)
    before = sorted(os.listdir(folder))
    call_command("backup", str(folder), "--dry-run", "--keep", "1", stdout=said)
    assert sorted(os.listdir(folder)) == before
    assert f"would be removed: {made.path}" in said.getvalue()


@pytest.mark.parametrize("number", ["0", "-1", "many", "１"])
def test_an_odd_number_to_keep_is_refused(number: str) -> None:
    with pytest.raises(CommandError, match="no number from 1"):
        call_command("backup", f"--keep={number}")


# --- PostgreSQL's scratch databases ---


def scratch_databases() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE '%%_scratch_%%'")
        return [name for (name,) in cursor.fetchall()]


def test_scratch_databases_are_removed_also_those_of_a_killed_run(
    small_site: None, folder: Path, is_postgresql: bool
) -> None:
    if not is_postgresql:
        with scratch.scratch_database() as place:
            file = Path(connections[place.alias].settings_dict["NAME"])
            scratch.make_newest_tables(place.alias)
            assert file.exists()
        assert not file.parent.exists()
        return
    name = f"{connection.settings_dict['NAME']}_scratch_"[:55] + "0badcafe"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    assert name in scratch_databases()
    assert backups.make_backup(folder).place == "a scratch PostgreSQL database"
    assert name not in scratch_databases()


def test_an_account_that_may_not_make_a_database_verifies_in_a_file(
    small_site: None, folder: Path, is_postgresql: bool
) -> None:
    if not is_postgresql:
        assert backups.make_backup(folder).place == "a scratch SQLite database"
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS backup_reader")
        cursor.execute("CREATE ROLE backup_reader NOLOGIN")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO backup_reader")
    options = {**connection.settings_dict["OPTIONS"], "options": "-c role=backup_reader"}
    options.pop("pool", None)
    try:
        with opened_anew(OPTIONS=options):
            made = backups.make_backup(folder)
        assert made.place == (
            "a scratch SQLite database (this account may not make a PostgreSQL database)"
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP OWNED BY backup_reader")
            cursor.execute("DROP ROLE backup_reader")
