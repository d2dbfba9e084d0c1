"""The settings: what is odd stops the start with one sentence, and what decides about data is live."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_django
from django.core.exceptions import ImproperlyConfigured
from django.db import ConnectionHandler, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import QueryDict
from gunicorn.config import Config
from gunicorn.http.errors import LimitRequestLine
from gunicorn.http.parser import RequestParser

from catalog import environment
from reforms.filters import WORDS_LIMIT, MeasureFilterSet
from reforms.records import CatalogRecord

ROOT = Path(__file__).resolve().parent.parent
ODD_VALUES = {
    "REFORMS_DEBUG": "maybe",
    "REFORMS_HTTPS": "https",
    "REFORMS_SECRET_KEY": "short",
    "REFORMS_ALLOWED_HOSTS": "https://catalog.example.org",
    "REFORMS_CSRF_TRUSTED_ORIGINS": "catalog.example.org",
    "REFORMS_TIME_ZONE": "Asia/Atlantis",
    "REFORMS_LOG_LEVEL": "loud",
    "REFORMS_SESSION_IDLE_MINUTES": "0",
    "REFORMS_SESSION_HOURS": "twelve",
    "REFORMS_REPORTS_PER_HOUR": "0",
    "REFORMS_REPORTS_PER_DAY": "many",
    "REFORMS_ALL_REPORTS_PER_HOUR": "-1",
    "REFORMS_PROXY_COUNT": "0",
    "REFORMS_REQUIRE_TWO_FACTOR": "editors",
    "REFORMS_PASSWORD_COMPLEXITY": "high",
    "REFORMS_PASSWORD_MAXIMUM_DAYS": "-1",
    "REFORMS_MAIL": "mail.example.org",
    "REFORMS_ADDRESS": "catalog.example.org",
    "REFORMS_VAR": "/proc/nowhere",
    "DATABASE_URL": "mysql://catalog:secret-word@database/catalog",
}


def start(program: list[str], tmp_path: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Start a program of the project with nothing in its environment but the folder and `given`."""
    own = {"PATH": os.environ["PATH"], "REFORMS_VAR": str(tmp_path / "var"), **given}
    return subprocess.run(
        [sys.executable, *program], cwd=ROOT, env=own, text=True, capture_output=True, timeout=60
    )


@pytest.mark.parametrize("name", ODD_VALUES)
def test_an_odd_value_stops_the_start_with_one_sentence(name: str, tmp_path: Path) -> None:
    done = start(["manage.py", "check"], tmp_path, **{name: ODD_VALUES[name]})
    assert done.returncode == 1
    assert done.stderr.startswith("Wrong setting: ")
    assert done.stderr.count("\n") == 1
    assert name in done.stderr
    assert "set " in done.stderr or "needs" in done.stderr
    assert "secret-word" not in done.stderr


@pytest.mark.parametrize(
    ("name", "text"), [("REFORMS_DEBUG", "maybe"), ("PORT", "http"), ("REFORMS_WORKERS", "0")]
)
def test_the_server_stops_with_the_same_sentence(name: str, text: str, tmp_path: Path) -> None:
    done = start(["-m", "gunicorn"], tmp_path, **{name: text})
    assert done.returncode == 1
    assert done.stderr.splitlines() == [done.stderr.strip()]
    assert done.stderr.startswith(f"Wrong setting: {name} is '{text}'")


@pytest.mark.django_db
def test_the_longest_list_that_can_be_asked_for_is_within_the_limit_of_the_server(
    catalog: CatalogRecord, tmp_path: Path
) -> None:
    """Words of as many letters as the box takes, of twelve bytes each, and every choice ticked."""
    show = "import runpy; print(runpy.run_path('gunicorn.conf.py')['limit_request_line'])"
    limit = int(start(["-c", show], tmp_path).stdout)
    whole = MeasureFilterSet(QueryDict())
    chosen = {facet.name: [choice.value for choice in facet.choices] for facet in whole.facets()}
    query = urlencode({"q": "\U00020000" * WORDS_LIMIT, **chosen}, doseq=True)
    line = f"GET /zh-hans/measures/?{query} HTTP/1.1\r\n"

    def read(most: int) -> str:
        config = Config()
        config.set("limit_request_line", most)
        request = next(RequestParser(config, iter([f"{line}\r\n".encode()]), ("127.0.0.1", 1)))
        return str(request.query)

    assert MeasureFilterSet(QueryDict(query)).is_valid()
    assert read(limit) == query
    with pytest.raises(LimitRequestLine):
        read(len(line) - 3)


def test_debug_is_off_and_only_loopback_names_are_served(tmp_path: Path) -> None:
    show = "from catalog import settings as s; print(s.DEBUG, s.ALLOWED_HOSTS)"
    assert start(["-c", show], tmp_path).stdout == "False ['localhost', '127.0.0.1', '[::1]']\n"
    with_host = start(["-c", show], tmp_path, HOST="catalog.example.org").stdout
    assert with_host == "False ['localhost', '127.0.0.1', '[::1]', 'catalog.example.org']\n"
    assert "0.0.0.0" not in start(["-c", show], tmp_path, HOST="0.0.0.0").stdout


def test_https_secures_cookies_and_names_a_year_of_hsts(tmp_path: Path) -> None:
    show = (
        "from catalog import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS, s.SECURE_PROXY_SSL_HEADER)"
    )
    assert start(["-c", show], tmp_path).stdout == "False False False 0 None\n"
    assert (
        start(["-c", show], tmp_path, REFORMS_HTTPS="1").stdout == "True True True 31536000 None\n"
    )


def test_the_secret_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "secret-key"
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: environment.secret_key("NO_SUCH_NAME", file), range(8)))
    assert len(keys) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.fixture
def live_sqlite(
    tmp_path: Path, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[BaseDatabaseWrapper]:
    """Open a SQLite file with the site's own settings."""
    handler = ConnectionHandler({"default": environment.sqlite(tmp_path / "catalog.sqlite3")})
    with django_db_blocker.unblock():
        handler["default"].ensure_connection()
        yield handler["default"]
        handler["default"].close()


def test_a_live_sqlite_connection_has_the_settings_that_lose_nothing(
    live_sqlite: BaseDatabaseWrapper,
) -> None:
    with live_sqlite.cursor() as cursor:
        live = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert live == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 20_000,
    }


def test_a_sqlite_transaction_takes_the_write_lock_at_its_start(
    live_sqlite: BaseDatabaseWrapper,
) -> None:
    statements: list[str] = []
    live_sqlite.connection.set_trace_callback(statements.append)
    # What atomic() calls where it opens a transaction.
    live_sqlite.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    live_sqlite.rollback()
    live_sqlite.set_autocommit(True)
    assert statements[0] == "BEGIN IMMEDIATE"
    assert live_sqlite.settings_dict["ATOMIC_REQUESTS"] is False


def test_sqlite_on_a_network_file_system_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    shared = tmp_path / "a share"
    shared.mkdir()
    place = str(shared).replace(" ", "\\040")
    mounts.write_text(f"disk / ext4 rw 0 0\nserver:/x {place} nfs4 rw 0 0\n", encoding="utf-8")
    assert environment.file_system(shared / "x.sqlite3", mounts) == "nfs4"
    assert environment.file_system(tmp_path / "x.sqlite3", mounts) == "ext4"
    monkeypatch.setattr(environment, "file_system", lambda path: "nfs4")
    with pytest.raises(ImproperlyConfigured, match="network file system"):
        environment.sqlite(shared / "x.sqlite3")


def test_a_postgresql_address_may_name_several_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p%40@a:5432,b:5433/catalog?sslmode=require")
    read = environment.database("DATABASE_URL", Path("unused"))
    assert (read["HOST"], read["PORT"], read["PASSWORD"]) == ("a,b", "5432,5433", "p@")
    assert read["CONN_HEALTH_CHECKS"] is True
    options = read["OPTIONS"]
    assert isinstance(options, dict)
    assert options["sslmode"] == "require"
    assert options["target_session_attrs"] == "read-write"
    assert options["pool"]["max_size"] > 4


@pytest.mark.django_db
def test_a_live_postgresql_connection_has_its_limits(is_postgresql: bool) -> None:
    if not is_postgresql:
        assert connection.vendor == "sqlite"
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == ("10s",)
        cursor.execute("SELECT current_setting('jit')")
        assert cursor.fetchone() == ("off",)
    parameters = connection.connection.info.get_parameters()
    assert parameters["connect_timeout"] == "3"
    assert parameters["tcp_user_timeout"] == "10000"
    assert connection.pool is not None
