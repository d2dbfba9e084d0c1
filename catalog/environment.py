"""Read settings from the environment, typed; a missing or odd value is one sentence that says what to do."""

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

Value = TypeVar("Value")

SHORTEST_SECRET_KEY_CHARACTERS = 32
# On these a SQLite lock does not reach the other machine, and two writers corrupt the file.
NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ncpfs", "glusterfs", "ceph"}
    | {"lustre", "gpfs", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "davfs"}
)
POSTGRESQL_SCHEMES = frozenset({"postgres", "postgresql"})
MAIL_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
# A save waits for the mail server no longer than this.
MAIL_SECONDS = 5
TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})


def read(name: str, parse: Callable[[str], Value], default: Value, wanted: str) -> Value:
    """Return the environment's `name` as `parse` reads it, or `default` where it is unset or empty.

    Raises ImproperlyConfigured, naming the variable, its value and what is `wanted`, where `parse`
    raises ValueError.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        return parse(text)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} is {text!r}; set it to {wanted}, or unset it."
        ) from error


def is_on(name: str, *, default: bool = False) -> bool:
    """Return whether the switch `name` is on: 1 or 0, also true/false, yes/no, on/off."""

    def parse(text: str) -> bool:
        if text.lower() in TRUE_WORDS | FALSE_WORDS:
            return text.lower() in TRUE_WORDS
        raise ValueError(text)

    return read(name, parse, default, "1 (on) or 0 (off)")


def whole_number(name: str, *, default: int, least: int, most: int) -> int:
    """Return the whole number in `name`, which must lie between `least` and `most`, both allowed."""

    def parse(text: str) -> int:
        # int() would also take `1_0` and digits of other scripts.
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise ValueError(text)
        return int(text)

    return read(name, parse, default, f"a whole number from {least} to {most}")


def threads() -> int:
    """Return the number of threads in each of the server's processes, in REFORMS_THREADS."""
    return whole_number("REFORMS_THREADS", default=4, least=1, most=64)


def one_of(name: str, *, default: str, choices: tuple[str, ...]) -> str:
    """Return the word in `name`, one of `choices` in any case."""

    def parse(text: str) -> str:
        if text.upper() not in choices:
            raise ValueError(text)
        return text.upper()

    return read(name, parse, default, f"one of {', '.join(choices)}")


def time_zone(name: str, *, default: str) -> str:
    """Return the name of the time zone in `name`, as the time zone database has it."""

    def parse(text: str) -> str:
        if text not in available_timezones():
            raise ValueError(text)
        return text

    return read(name, parse, default, "a time zone such as Asia/Shanghai or UTC")


def host_names(name: str, *, default: list[str]) -> list[str]:
    """Return the host names in `name`, separated by commas: no scheme, no port."""

    def parse(text: str) -> list[str]:
        hosts = [part.strip() for part in text.split(",") if part.strip()]
        if any("/" in host or " " in host for host in hosts) or not hosts:
            raise ValueError(text)
        return hosts

    return read(name, parse, default, "host names separated by commas, such as catalog.example.org")


def origins(name: str) -> list[str]:
    """Return the origins in `name`, separated by commas: scheme and host, no path."""

    def parse(text: str) -> list[str]:
        found = [part.strip().rstrip("/") for part in text.split(",") if part.strip()]
        for origin in found:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
                raise ValueError(text)
        return found

    return read(name, parse, [], "origins separated by commas, such as https://catalog.example.org")


def site_address(name: str) -> str:
    """Return the address at which readers reach the site, without a closing slash; empty if unset."""

    def parse(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ValueError(text)
        return text.rstrip("/")

    return read(name, parse, "", "an address such as https://catalog.example.org")


def mail(name: str) -> dict[str, object]:
    """Return Django's settings of the mail server in `name`; without one, mail goes nowhere.

    ``smtp://user:password@host:587`` speaks STARTTLS, ``smtps://…:465`` TLS from the start;
    ``smtp+plain://host:25`` neither, for a server on the same machine.
    """

    def parse(text: str) -> dict[str, object]:
        parts = urlsplit(text)
        if parts.scheme not in MAIL_PORTS or not parts.hostname or parts.path.strip("/"):
            raise ValueError(text)
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or MAIL_PORTS[parts.scheme],
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_TLS": parts.scheme == "smtp",
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_TIMEOUT": MAIL_SECONDS,
        }

    none: dict[str, object] = {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    return read(name, parse, none, "an address such as smtp://user:password@host:587")


def folder(name: str, *, default: Path) -> Path:
    """Return the folder in `name`, as an absolute path, made where it does not exist.

    Raises ImproperlyConfigured where it cannot be made or written.
    """
    path = Path(os.environ.get(name, "").strip() or default).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The folder {path} cannot be made ({error.strerror}); set {name} to a folder that "
            "this account may write."
        ) from error
    return path


def secret_key(name: str, kept_in: Path) -> str:
    """Return the secret key in `name`, or the one kept in the file `kept_in`, made on the first start.

    The file can be read by its owner alone. Two processes that start at once get the same key.
    Raises ImproperlyConfigured for a short key, or a file that cannot be read or written.
    """
    key = os.environ.get(name, "").strip()
    origin = name
    if not key:
        origin = str(kept_in)
        try:
            key = kept_secret(kept_in)
        except OSError as error:
            raise ImproperlyConfigured(
                f"The secret key in {kept_in} cannot be read or written ({error.strerror}); "
                f"set {name}, or let this account read and write that file."
            ) from error
    if len(key) < SHORTEST_SECRET_KEY_CHARACTERS:
        raise ImproperlyConfigured(
            f"The secret key from {origin} has {len(key)} characters; "
            f"it needs {SHORTEST_SECRET_KEY_CHARACTERS} or more, at random."
        )
    return key


def kept_secret(file: Path) -> str:
    """Return the text of `file`, writing a random one first where there is none."""
    if not file.exists():
        draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_urlsafe(50) + "\n")
        try:
            # A link, unlike a rename, fails where another process was first: its key stands.
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text(encoding="ascii").strip()


def database(name: str, default: Path) -> dict[str, object]:
    """Return Django's settings of the database in `name`, an address; SQLite in `default` without one.

    `postgresql://user:password@host1:5432,host2:5432/database` is read as libpq reads it, and may
    name several hosts. `sqlite:////folder/catalog.sqlite3` is a file elsewhere. Raises
    ImproperlyConfigured for anything else, and for a SQLite file on a network file system.
    """
    address = os.environ.get(name, "").strip()
    if not address:
        return sqlite(default)
    scheme, _, rest = address.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and rest.strip("/"):
        return sqlite(Path("/", unquote(rest[1:])) if rest[1] == "/" else Path(unquote(rest[1:])))
    if scheme in POSTGRESQL_SCHEMES:
        try:
            parameters = conninfo_to_dict(address)
        except ProgrammingError:
            parameters = {}
        if parameters.get("dbname"):
            return postgresql(parameters)
    # The address may hold a password, so it is not repeated here.
    raise ImproperlyConfigured(
        f"{name} is not an address of a database that this site can use; "
        "set it to postgresql://user:password@host:5432/database or sqlite:////folder/file, "
        "or unset it to use SQLite in the var folder."
    )


def sqlite(file: Path) -> dict[str, object]:
    """Return Django's settings of a SQLite `file`, such that no acknowledged save is lost.

    IMMEDIATE takes the write lock at the start of a transaction, so that writers queue instead of
    failing; FULL waits for the disk. Its folder is made. Raises ImproperlyConfigured where the
    file lies on a network file system, or its folder cannot be made.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The folder {file.parent} cannot be made ({error.strerror}); "
            "name a database file in a folder that this account may write."
        ) from error
    kind = file_system(file)
    if kind in NETWORK_FILE_SYSTEMS:
        raise ImproperlyConfigured(
            f"{file} lies on a network file system ({kind}), where SQLite can lose data; "
            "put it on a local disk, or set DATABASE_URL to a PostgreSQL database."
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            ),
        },
    }


def postgresql(parameters: Mapping[str, object]) -> dict[str, object]:
    """Return Django's settings of a PostgreSQL database, from libpq's parameters.

    Connections are pooled in each process, checked before use, and limited on this side, so that
    a hung server costs an error page and not the whole site. What the address sets itself
    (`?connect_timeout=10`) stands.
    """
    statement_ms = whole_number(
        "REFORMS_STATEMENT_TIMEOUT_MS", default=10_000, least=0, most=3_600_000
    )
    pool_seconds = whole_number("REFORMS_POOL_TIMEOUT_SECONDS", default=4, least=1, most=60)
    given = dict(parameters)
    named = {
        "NAME": given.pop("dbname"),
        "USER": given.pop("user", ""),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": given.pop("port", ""),
    }
    options = {
        "connect_timeout": 3,
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 30,
        # Counting a large list compiles hundreds of expressions for longer than it then takes.
        "options": f"-c statement_timeout={statement_ms} -c jit=off",
        **({"target_session_attrs": "read-write"} if "," in str(named["HOST"]) else {}),
        **given,
        "pool": {"min_size": 1, "max_size": threads() + 1, "timeout": pool_seconds},
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """Return the kind of file system that `path` lies on, such as ext4; empty where nobody can say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    found, longest = "", -1
    target = path.resolve()
    for line in lines:
        _device, mount, kind, *_rest = line.split(" ")
        # The kernel writes a space in a mount's name as \040.
        place = Path(mount.replace("\\040", " "))
        if target.is_relative_to(place) and len(place.parts) >= longest:
            found, longest = kind, len(place.parts)
    return found
