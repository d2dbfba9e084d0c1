"""What must hold before the site starts: an address to listen at, a database that opens, its tables."""

import errno
import os
import socket
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import Error, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ConnectionHandler

from catalog import environment

LOOPBACK = "127.0.0.1"


def listening_host() -> str:
    """Return the name or address in HOST that the site listens at, without brackets."""
    return os.environ.get("HOST", "").strip().strip("[]") or LOOPBACK


def listening_port() -> int:
    """Return the port in PORT that the site listens at."""
    return environment.whole_number("PORT", default=8000, least=1, most=65535)


def worker_count() -> int:
    """Return the number of the server's processes, in REFORMS_WORKERS."""
    return environment.whole_number("REFORMS_WORKERS", default=2, least=1, most=64)


def refuse_unusable_address(host: str, port: int) -> None:
    """Raise CommandError with what to do where nothing can listen at `host` and `port` now.

    The address is bound as the server binds it, and let go at once.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            # As the server does: a port that was let go a moment ago is free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
    except (socket.gaierror, UnicodeError) as error:
        raise CommandError(
            f"HOST is {host!r}, a name without an address here: set it to an address of this "
            f"machine, or unset it to listen at {LOOPBACK}."
        ) from error
    except OSError as error:
        reason = {
            errno.EADDRINUSE: f"Port {port} is taken: set PORT to another.",
            errno.EACCES: f"Port {port} is not open to this account: set PORT to 1024 or more.",
        }.get(
            error.errno or 0,
            f"HOST is {host!r}, where this machine cannot listen ({error.strerror}): set it to an "
            f"address of this machine, or unset it to listen at {LOOPBACK}.",
        )
        raise CommandError(reason) from error


def database_place(database: Mapping[str, Any]) -> str:
    """Return where Django's settings of a `database` lead, without account or password."""
    hosts = [f"[{host}]" if ":" in host else host for host in str(database["HOST"]).split(",")]
    ports = str(database["PORT"]).split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    places = [f"{host}:{port}" if port else host for host, port in zip(hosts, ports, strict=False)]
    return f"{','.join(places)}/{database['NAME']}" if any(places) else str(database["NAME"])


def refuse_closed_database() -> None:
    """Raise CommandError with the server's reason where the database cannot be opened for writing.

    Costs one connection outside the pool, which would try again and again, and an empty
    transaction. On SQLite it makes the file.
    """
    chosen: dict[str, Any] = settings.DATABASES["default"]
    options = {name: value for name, value in chosen["OPTIONS"].items() if name != "pool"}
    opened = ConnectionHandler({"default": {**chosen, "OPTIONS": options}})["default"]
    try:
        # On SQLite this takes the write lock, so that a file one may only read is found out.
        opened.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        opened.rollback()
    except (Error, ValueError, OSError) as error:
        # A line that asks ("Is the server running ...?") is no reason.
        lines = [line.strip() for line in str(error).splitlines() if not line.endswith("?")]
        reason = "; ".join(lines).removeprefix("connection failed: ").rstrip(".")
        place = database_place(opened.settings_dict)
        if opened.vendor == "sqlite":
            raise CommandError(
                f"The database file {place} cannot be opened for writing: {reason}. Check that "
                "this account may write it and its folder (REFORMS_VAR, DATABASE_URL)."
            ) from error
        raise CommandError(
            f"The database at {place} cannot be reached: {reason}. Check DATABASE_URL."
        ) from error
    finally:
        opened.close()


def refuse_missing_tables() -> None:
    """Raise CommandError where a migration was not applied to the database; costs 2 queries."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError:
        refuse_closed_database()
        raise
    if missing:
        raise CommandError(
            "The database's tables are missing or of an earlier version: "
            "run `manage.py migrate` first."
        )


def administrator_from_environment() -> dict[str, str] | None:
    """Return the name and e-mail address (may be empty) of the account that the environment describes.

    None where DJANGO_SUPERUSER_PASSWORD is unset or empty. Raises ImproperlyConfigured for a
    password without a name.
    """
    if not os.environ.get("DJANGO_SUPERUSER_PASSWORD"):
        return None
    username = os.environ.get("DJANGO_SUPERUSER_USERNAME", "").strip()
    if not username:
        raise ImproperlyConfigured(
            "DJANGO_SUPERUSER_PASSWORD is set without a name; "
            "set DJANGO_SUPERUSER_USERNAME to the account's name, too."
        )
    return {"username": username, "email": os.environ.get("DJANGO_SUPERUSER_EMAIL", "").strip()}
