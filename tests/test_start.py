"""The start: what would fail later is said at once, in one sentence, before anything is written."""

import io
import logging
import os
import pty
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client

from catalog import start
from reforms.records import CatalogRecord

ROOT = Path(__file__).resolve().parent.parent
CLOSED = "postgresql://nobody:secret-word@127.0.0.1:1/x"
ADMIN = {"DJANGO_SUPERUSER_USERNAME": "editor", "DJANGO_SUPERUSER_PASSWORD": "long-Secret-7"}


def manage(
    tmp_path: Path, *words: str, stdin: int | None = None, given: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command of the project on a database of its own, `given` on standard input."""
    source = {"input": given} if stdin is None else {"stdin": stdin}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "REFORMS_VAR": str(tmp_path / "var"), **environment},
        capture_output=True,
        timeout=60,
        **source,  # type: ignore[call-overload]
    )


def sentence(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return what a refused command said: one line, on standard error alone."""
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.count(b"\n") == 1, done.stderr.decode()
    return done.stderr.decode().strip()


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Listen at a port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with tables and without rows, once; return its folder."""
    folder = tmp_path_factory.mktemp("tables")
    done = manage(folder, "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr.decode()
    return folder / "var"


@pytest.fixture
def migrated(tables: Path, tmp_path: Path) -> Path:
    """Copy the database with tables, and return the folder above it."""
    shutil.copytree(tables, tmp_path / "var")
    return tmp_path


def free_port() -> int:
    """Return a port at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("PORT", "abc", "PORT is 'abc'; set it to a whole number from 1 to 65535"),
        ("PORT", "99999", "PORT is '99999'"),
        ("REFORMS_WORKERS", "0", "REFORMS_WORKERS is '0'"),
        ("REFORMS_THREADS", "none", "REFORMS_THREADS is 'none'"),
        ("HOST", "nowhere.invalid", "HOST is 'nowhere.invalid', a name without an address"),
        ("HOST", "a..b", "HOST is 'a..b', a name without an address"),
        ("HOST", "192.0.2.1", "HOST is '192.0.2.1', where this machine cannot listen"),
    ],
)
def test_an_address_that_cannot_be_served_is_refused_before_the_database_is_opened(
    name: str, text: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in {"PORT": str(free_port()), "HOST": "", name: text}.items():
        monkeypatch.setenv(variable, value)
    opened: list[str] = []
    monkeypatch.setattr(start, "refuse_closed_database", lambda: opened.append("database"))
    with pytest.raises((CommandError, ImproperlyConfigured), match=re.escape(expected)):
        call_command("check_start")
    assert not opened


def test_a_taken_port_is_refused_and_nothing_written(tmp_path: Path, taken_port: int) -> None:
    said = sentence(manage(tmp_path, "check_start", PORT=str(taken_port)))
    assert said == f"CommandError: Port {taken_port} is taken: set PORT to another."
    assert not list(tmp_path.rglob("*.sqlite3"))


def test_the_database_alone_is_checked_beside_a_running_site(
    tmp_path: Path, taken_port: int
) -> None:
    done = manage(tmp_path, "check_start", "--database-only", PORT=str(taken_port))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_good_start_is_silent(tmp_path: Path) -> None:
    done = manage(tmp_path, "check_start", PORT=str(free_port()))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path: Path) -> None:
    said = sentence(manage(tmp_path, "check_start", "--database-only", DATABASE_URL=CLOSED))
    assert "The database at 127.0.0.1:1/x cannot be reached: " in said
    assert "refused" in said
    assert said.endswith("Check DATABASE_URL.")
    assert "secret-word" not in said


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite3"
    file.write_text("not a database at all, but long enough to be read as one" * 20)
    address = f"sqlite:///{file}"
    said = sentence(manage(tmp_path, "check_start", "--database-only", DATABASE_URL=address))
    assert f"The database file {file} cannot be opened for writing: " in said
    assert "not a database" in said


@pytest.mark.parametrize(
    ("host", "port", "place"),
    [
        ("a,b", "5432,5433", "a:5432,b:5433/x"),
        ("a,b", "5432", "a:5432,b:5432/x"),
        ("::1", "5432", "[::1]:5432/x"),
        ("a", "", "a/x"),
        ("", "", "x"),
    ],
)
def test_the_place_of_a_database_names_every_host(host: str, port: str, place: str) -> None:
    assert start.database_place({"HOST": host, "PORT": port, "NAME": "x", "USER": "u"}) == place


@pytest.mark.django_db
def test_the_check_passes_on_the_database_under_test(is_postgresql: bool) -> None:
    start.refuse_missing_tables()
    # SQLite's database under test is in memory and locked by this test; a file is checked above.
    if is_postgresql:
        start.refuse_closed_database()


def test_loading_without_tables_names_migrate(tmp_path: Path) -> None:
    said = sentence(manage(tmp_path, "load_catalog"))
    assert said.endswith("run `manage.py migrate` first.")


def test_loading_from_a_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    address = f"{CLOSED}?connect_timeout=1"
    done = manage(tmp_path, "load_catalog", DATABASE_URL=address, REFORMS_POOL_TIMEOUT_SECONDS="1")
    assert done.returncode == 1
    assert b"The database at 127.0.0.1:1/x cannot be reached: " in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"secret-word" not in done.stderr


@pytest.mark.django_db
def test_a_catalog_is_loaded_from_standard_input(
    catalog: CatalogRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    export, report = io.StringIO(), io.StringIO()
    call_command("export_catalog", "--whole", stdout=export)
    given = io.TextIOWrapper(io.BytesIO(export.getvalue().encode("utf-8")), encoding="ascii")
    monkeypatch.setattr(sys, "stdin", given)
    call_command("load_catalog", "-", stdout=report)
    assert re.search(r"[1-9]\d* unchanged", report.getvalue())
    assert not re.search(r"[1-9]\d* (created|updated)", report.getvalue())


def test_what_is_wrong_with_standard_input_is_said(tmp_path: Path) -> None:
    said = sentence(manage(tmp_path, "load_catalog", "-", given=b"{"))
    assert "Standard input is not JSON: line 1" in said


def accounts(folder: Path) -> list[tuple[str, str, int]]:
    """Return name, e-mail address and whether it may do everything, of each account."""
    columns = "username, email, is_superuser"
    with closing(sqlite3.connect(folder / "var" / "catalog.sqlite3")) as database:
        return database.execute(f"SELECT {columns} FROM auth_user").fetchall()


def test_an_account_needs_a_terminal_or_the_environment(migrated: Path) -> None:
    said = sentence(manage(migrated, "create_admin"))
    assert "No account was made" in said
    assert "DJANGO_SUPERUSER_PASSWORD" in said
    password = {"DJANGO_SUPERUSER_PASSWORD": "long-Secret-7"}
    assert "set DJANGO_SUPERUSER_USERNAME" in sentence(manage(migrated, "create_admin", **password))
    assert accounts(migrated) == []


def test_an_account_is_made_from_the_environment_once(migrated: Path) -> None:
    done = manage(migrated, "create_admin", **ADMIN)
    assert done.returncode == 0, done.stderr.decode()
    assert b"The account is made" in done.stdout
    assert accounts(migrated) == [("editor", "", 1)]
    assert "already taken" in sentence(manage(migrated, "create_admin", **ADMIN))


def test_an_account_in_a_database_without_tables_names_migrate(tmp_path: Path) -> None:
    assert "manage.py migrate" in sentence(manage(tmp_path, "create_admin", **ADMIN))


def test_the_prompts_at_a_terminal_are_in_one_language(migrated: Path) -> None:
    ours, theirs = pty.openpty()
    # Ctrl-D at the second question: the third would throw away what was typed ahead.
    os.write(ours, b"editor\n\x04")
    done = manage(migrated, "create_admin", stdin=theirs)
    os.close(theirs)
    os.close(ours)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert b"Username" in said
    assert b"Email address" in said
    assert said.isascii(), said.decode()
    assert b"Traceback" not in said


@pytest.mark.parametrize("command", ["check_start", "create_admin", "load_catalog"])
def test_a_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command(command, "--help")
    assert len(capsys.readouterr().out) > 500


def test_a_command_says_that_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SUPERUSER_PASSWORD", raising=False)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    with pytest.raises(CommandError, match="no terminal"):
        call_command("create_admin")


def test_a_strange_host_is_one_line_in_the_log(client: Client) -> None:
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logger = logging.getLogger("django.security.DisallowedHost")
    logger.addHandler(handler)
    try:
        assert client.get("/en/", headers={"host": "evil.example"}).status_code == 400
    finally:
        logger.removeHandler(handler)
    (line,) = log.getvalue().splitlines()
    assert "evil.example" in line
