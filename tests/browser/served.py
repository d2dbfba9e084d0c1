"""Serve a whole site for browser tests: its own database, built static files, gunicorn, DEBUG off."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.browser.forked import Fork, Forker

ROOT = Path(__file__).resolve().parent.parent.parent
EDITOR = "editor"
PASSWORD = "correct horse battery staple"
START_SECONDS = 30
SITE = {"HOST": "127.0.0.1", "REFORMS_WORKERS": "1", "REFORMS_PUBLISH_OWN_CHANGES": "1"}


@dataclass(frozen=True)
class Site:
    """A served site: its address without a closing slash, its database, and a way to run commands."""

    address: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | Fork

    def kill(self) -> None:
        """Kill the server and its workers as a power cut would: nothing is said to them."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=START_SECONDS)

    def manage(self, *words: str) -> str:
        """Run `manage.py` with `words` on this site's database; return what it printed."""
        return manage(self.environment, *words)


@dataclass(frozen=True)
class LoadedCatalog:
    """A database with the catalog loaded and an editor's account, to be copied for each site."""

    var: Path
    server: str | None
    name: str

    def environment(self, name: str) -> dict[str, str]:
        """Return the environment of a site whose database is called `name`."""
        own = {key: text for key, text in os.environ.items() if not key.startswith("REFORMS_")}
        own |= {"REFORMS_VAR": str(self.var), "DJANGO_SETTINGS_MODULE": "catalog.settings"}
        own["DATABASE_URL"] = (
            with_database(self.server, name) if self.server else f"sqlite:///{self.database(name)}"
        )
        return own

    def database(self, name: str) -> str:
        """Return what Django's settings call the database: a name on a server, the path of a file."""
        return name if self.server else str(self.var / f"{name}.sqlite3")

    def execute(self, statement: str) -> None:
        """Run a statement on the PostgreSQL server, outside any transaction."""
        assert self.server
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    @contextmanager
    def copied(self) -> Iterator[str]:
        """Yield the name of a fresh copy of the database; drop it afterwards."""
        name = f"reforms_{uuid.uuid4().hex[:12]}"
        if self.server:
            self.execute(f"CREATE DATABASE {name} TEMPLATE {self.name}")
            yield name
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")
        else:
            # Nothing is open on it, so its write-ahead log is folded in and the file is whole.
            shutil.copy(self.var / f"{self.name}.sqlite3", self.var / f"{name}.sqlite3")
            yield name


def with_database(address: str, name: str) -> str:
    """Return the database address with another database's name."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def manage(environment: dict[str, str], *words: str) -> str:
    """Run `manage.py` with `words`; return what it printed, or fail with all that it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, f"manage.py {' '.join(words)}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@contextmanager
def loaded_catalog(var: Path, server: str | None) -> Iterator[LoadedCatalog]:
    """Build the static files and a database in `var`, or on the PostgreSQL `server`, and load it."""
    catalog = LoadedCatalog(var, server, f"reforms_{uuid.uuid4().hex[:12]}")
    if server:
        catalog.execute(f"CREATE DATABASE {catalog.name}")
    environment = catalog.environment(catalog.name)
    manage(environment, "migrate", "-v", "0")
    manage(environment, "load_catalog")
    manage(environment, "compile_translations")
    manage(environment, "collectstatic", "--noinput", "-v", "0")
    account = {
        "DJANGO_SUPERUSER_USERNAME": EDITOR,
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        "DJANGO_SUPERUSER_EMAIL": "editor@example.org",
    }
    manage({**environment, **account}, "createsuperuser", "--noinput")
    yield catalog
    if server:
        catalog.execute(f"DROP DATABASE {catalog.name} WITH (FORCE)")


@contextmanager
def served(catalog: LoadedCatalog, forker: Forker | None = None, **settings: str) -> Iterator[Site]:
    """Serve a copy of `catalog` on a free port with these settings besides; stop the server afterwards.

    It starts as the README says, or as a fork of `forker`, which takes no settings of its own.
    """
    with catalog.copied() as name:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = catalog.environment(name) | SITE | {"PORT": str(port)} | settings
        log = catalog.var / f"{name}.log"
        log.touch()
        if forker:
            assert not settings
            process: subprocess.Popen[bytes] | Fork = forker.fork(catalog.database(name), port, log)
        else:
            with log.open("ab") as opened:
                process = subprocess.Popen(
                    [sys.executable, "-m", "gunicorn"],
                    cwd=ROOT,
                    env=environment,
                    stdout=opened,
                    stderr=opened,
                    start_new_session=True,
                )
        try:
            site = Site(f"http://127.0.0.1:{port}", environment, process)
            wait_until_ready(site, log)
            yield site
        finally:
            # At once: nobody waits for an answer any more, and the database goes with the site.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=START_SECONDS)


@contextmanager
def forking(catalog: LoadedCatalog) -> Iterator[Forker]:
    """Yield what sites of this catalog can be forked from."""
    forker = Forker(catalog.environment(catalog.name) | SITE)
    yield forker
    forker.close()


def wait_until_ready(site: Site, log: Path) -> None:
    """Return once the site says that it is ready; fail with its log where it stops or is not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and site.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{site.address}/readyz", timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise AssertionError(f"The site did not start:\n{log.read_text(errors='replace')}")
