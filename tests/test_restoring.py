"""Restores: all or nothing, over a running site, and only over what may be replaced."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import Error, connection
from django.test import Client

from catalog import backups
from catalog.backups import Archive, BackupError, content, making, restoring, scratch
from reforms.models import IndexedText, Theme
from reforms.search import faults
from tests.own_database import address, elsewhere

ROOT = Path(__file__).resolve().parent.parent
User = get_user_model()
# One that no other needs, and that changes no table.
LEAF = ("admin", "0003_logentry_add_action_flag_choices")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


@pytest.fixture
def file(small_site: None, folder: Path) -> Path:
    """A backup of the small catalog, from which the database then departs by one account."""
    file = folder / "reforms-20200101T000000.000000Z.backup"
    making.write_content("default", file, datetime.now(UTC), lambda rows: None)
    User.objects.create(username="later")
    return file


def checksums() -> list[content.Table]:
    """Return what every table of the database holds."""
    return [content.describe(model, "default") for model in content.content_models()]


def has_later() -> bool:
    return User.objects.filter(username="later").exists()


def run(*words: str, **options: Any) -> str:
    """Return what a command said."""
    said = io.StringIO()
    call_command(*words, stdout=said, **options)
    return said.getvalue()


def test_content_is_replaced_only_where_that_is_said_and_asked(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    for words, sentence in (
        ([], r"holds \d+ rows in \d+ tables, and nothing was changed.*--replace"),
        (["--replace"], "no terminal to ask at"),
    ):
        with pytest.raises(CommandError, match=sentence):
            run("restore", str(file), *words)
        assert has_later()
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: "y")
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("restore", str(file), "--replace")
    assert has_later()


def test_what_is_replaced_is_backed_up_first_and_comes_back(
    file: Path, folder: Path, client: Client
) -> None:
    before = checksums()
    words = ("--replace", "--no-input", "--safety-folder", str(folder))
    said = run("restore", str(file), *words)
    assert not has_later()
    assert "Search index: in step" in said
    assert list(faults()) == []
    assert client.get("/en/measures/?q=双经理").status_code == 200
    (safety,) = folder.glob("before-restore-*.backup")
    assert f"What was there: {safety}" in said
    run("restore", str(safety), *words)
    assert checksums() == before
    assert has_later()


def test_a_dry_run_and_a_check_change_nothing(file: Path, folder: Path) -> None:
    before, names = checksums(), sorted(os.listdir(folder))
    assert "nothing was written" in run("restore", str(file), "--replace", "--dry-run")
    assert "Verified: restored to a scratch" in run("restore", str(file), "--check")
    with pytest.raises(CommandError, match="nothing was changed"):
        run("restore", str(file), "--dry-run")
    assert checksums() == before
    assert sorted(os.listdir(folder)) == names


def test_an_index_of_other_rules_is_written_anew(
    small_site: None, untried_backups: None, folder: Path
) -> None:
    IndexedText.objects.filter(name="title_zh").delete()
    stale = len(list(faults()))
    file = folder / "stale"
    making.write_content("default", file, datetime.now(UTC), lambda rows: None)
    with Archive(file) as archive:
        done = backups.restore(archive, is_replacing=True, safety_folder=folder)
    assert done.remarks == (
        f"Search index: {stale} rows were not as this release writes them; written anew",
    )
    assert list(faults()) == []


def test_an_empty_database_without_tables_is_made_ready_and_filled(
    file: Path, tmp_path: Path
) -> None:
    """A backup of either database restored on a bare machine, with SQLite, by the command alone."""
    folder = tmp_path / "bare"

    def restore(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", "restore", str(file), *words],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "REFORMS_VAR": str(folder)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "0 rows in 0 tables would be backed up" in restore("--dry-run")
    assert "Verified: " in restore("--check")
    assert not list(folder.rglob("*.sqlite3"))
    assert "Restored: " in restore()
    with (
        opened_on_sqlite(folder / "catalog.sqlite3") as alias,
        Archive(file) as archive,
    ):
        models = content.content_models()
        assert content.differences(models, alias, archive.manifest.tables) == []


def opened_on_sqlite(file: Path) -> Any:
    settings = {
        **connection.settings_dict,
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {},
    }
    return scratch.connected(settings)


# --- All or nothing ---

KILLED = """
import sys, time, django
django.setup()
from pathlib import Path
from catalog import backups
from catalog.backups import making
making.verify = lambda *given: ""
def on_rows(rows):
    # The content was saved and is gone, and the first rows of the backup are in.
    if list(Path(sys.argv[2]).glob("before-restore-*.backup")):
        put_back.append(rows)
    if sum(put_back) > 100:
        print("in the middle", flush=True)
        time.sleep(60)
put_back = []
with backups.Archive(Path(sys.argv[1])) as archive:
    backups.restore(
        archive, is_replacing=True, safety_folder=Path(sys.argv[2]), on_rows=on_rows
    )
print("restored", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_kill_in_the_middle_leaves_the_old_content(
    file: Path, folder: Path, tmp_path: Path, number: int
) -> None:
    before = checksums()
    connection.close()
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(file), str(folder)],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "catalog.settings",
            "REFORMS_VAR": str(tmp_path / "var"),
            "DATABASE_URL": address(),
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == "in the middle\n"
        process.send_signal(number)
        assert process.stdout.read() == ""
    assert process.returncode == -number
    assert checksums() == before
    assert has_later()


def test_an_error_at_the_very_end_leaves_the_old_content(
    file: Path, untried_backups: None, folder: Path
) -> None:
    before = checksums()

    def refuse(**options: Any) -> None:
        raise ZeroDivisionError("no such rule")

    restoring.after_restore.connect(refuse)
    try:
        with (
            pytest.raises(BackupError, match=r"cannot read it .ZeroDivisionError: no such rule"),
            Archive(file) as archive,
        ):
            backups.restore(archive, is_replacing=True, safety_folder=folder)
    finally:
        restoring.after_restore.disconnect(refuse)
    assert checksums() == before


def test_readers_see_the_old_content_and_nobody_writes_until_a_restore_ends(
    file: Path, untried_backups: None, folder: Path, is_postgresql: bool
) -> None:
    answers: list[Any] = []

    def save() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SET lock_timeout = '100ms'" if is_postgresql else "PRAGMA busy_timeout = 100"
            )
        User.objects.create(username="lost")

    def on_rows(rows: int) -> None:
        if list(folder.glob("before-restore-*.backup")) and not answers:
            answers.append(elsewhere(Theme.objects.count))
            answers.append(elsewhere(has_later))
            answers.append(elsewhere(save))

    count = Theme.objects.count()
    with Archive(file) as archive:
        backups.restore(archive, is_replacing=True, safety_folder=folder, on_rows=on_rows)
    assert answers[:2] == [count, True]
    assert isinstance(answers[2], Error)
    assert not User.objects.filter(username__in=["lost", "later"]).exists()


# --- Releases ---


def of_migrations(
    wanted: Callable[[set[tuple[str, str]]], set[tuple[str, str]]], path: Path
) -> None:
    """Write the content of the database as a release with other migrations has it."""
    with scratch.scratch_file() as place:
        registry = scratch.make_tables(place.alias, wanted(scratch.known_migrations()))
        now = path.with_name("now")
        making.write_content("default", now, datetime.now(UTC), lambda rows: None)
        with Archive(now) as archive:
            models = content.content_models(registry)
            content.replace_content(models, [], place.alias, archive.lines)
        making.write_content(place.alias, path, datetime.now(UTC), lambda rows: None)


def test_a_backup_of_an_earlier_release_is_migrated(
    small_site: None, untried_backups: None, folder: Path
) -> None:
    before = checksums()
    path = folder / "earlier"
    of_migrations(lambda known: known - {LEAF}, path)
    with Archive(path) as archive:
        assert LEAF not in archive.manifest.migrations
    User.objects.create(username="later")
    run("restore", str(path), "--replace", "--no-input", "--safety-folder", str(folder))
    assert checksums() == before


def test_a_backup_of_a_later_release_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = scratch.known_migrations()
    monkeypatch.setattr(scratch, "known_migrations", lambda: known - {LEAF})
    for words in (["--check"], ["--dry-run", "--replace"], ["--replace", "--no-input"]):
        with pytest.raises(
            CommandError, match=r"later release: .* admin\.0003_log.* Upgrade first"
        ):
            run("restore", str(file), *words)
    assert has_later()


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command(command, "--help")
    assert len(capsys.readouterr().out) > 1500
