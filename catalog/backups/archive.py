"""The file of a backup: written with a checksum over every byte, opened only where all of it holds."""

import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import Any

from catalog.backups.content import BackupError, Table

KIND = "content of a Django database"
FORMAT = 1
MANIFEST = "manifest.json"
CHECKSUM = re.compile(rb"sha256:[0-9a-f]{64}")
TRAILER_BYTES = len("sha256:") + 64
EMPTY_TRAILER = b"sha256:" + b"0" * 64
READ_BYTES = 1 << 20

# What a backup made by us never comes near to, and a file that was made to harm does.
MOST_MANIFEST_BYTES = 4_000_000
MOST_TABLES = 2_000
MOST_LINE_BYTES = 256_000_000
MOST_EXPANSION = 300
ALWAYS_ALLOWED_BYTES = 64_000_000

HOW_TO = "Make backups with `manage.py backup`."
# What reading an archive raises whose directory or parts are not as an archive's should be.
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, RuntimeError, ValueError, OverflowError),
)
OTHER_FILES = {
    b"SQLite format 3\0": (
        "is a plain copy of a SQLite database file, not a backup. A copy of a file in use can lack "
        "saves that were acknowledged (they stand in the file beside it that ends in -wal), and "
        f"SQLite's integrity check finds nothing wrong with it. {HOW_TO} If this copy is all there "
        "is: set DATABASE_URL to it, look at what it holds, and make a backup of that."
    ),
    b"PGDMP": (
        "is a dump made by pg_dump, not a backup of ours: restore it with pg_restore into an empty "
        f"database. {HOW_TO}"
    ),
}


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself: when it was made, of which database, with which tables.

    ``migrations`` are those that were applied, as (app, name).
    """

    made_at: str
    vendor: str
    vendor_version: str
    django_version: str
    left_out: tuple[str, ...]
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]

    @property
    def rows(self) -> int:
        """The number of rows in all tables."""
        return sum(table.rows for table in self.tables)


class Writer:
    """A backup that is being written over an empty file: tables one after the other, then the manifest."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)

    @contextmanager
    def table(self, name: str) -> Iterator[Any]:
        """Yield the open part of a table, to be given its lines."""
        with self._zip.open(_member(_part(name)), "w", force_zip64=True) as part:
            yield part

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, and the checksum over everything in front of it at the end of the file."""
        described = {"kind": KIND, "format": FORMAT, **asdict(manifest)}
        text = json.dumps(described, ensure_ascii=False, indent=1) + "\n"
        self._zip.writestr(_member(MANIFEST), text.encode())
        # The comment of a zip archive is its last bytes.
        self._zip.comment = EMPTY_TRAILER
        self._zip.close()
        trailer = b"sha256:" + _checksum(self.path).encode("ascii")
        with self.path.open("r+b") as file:
            file.seek(-TRAILER_BYTES, 2)
            file.write(trailer)

    def abandon(self) -> None:
        """Close the file as it is."""
        self._zip.close()


def _member(name: str) -> zipfile.ZipInfo:
    """Return a member with no time of its own: the manifest has the moment."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    return member


def _part(table: str) -> str:
    return f"tables/{table}.jsonl"


def _checksum(path: Path) -> str:
    """Return the checksum of a file without its last bytes, which hold it."""
    digest, left = sha256(), path.stat().st_size - TRAILER_BYTES
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(READ_BYTES, left))):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest()


class Archive:
    """A backup whose every byte is as it was written; ``lines`` reads one table."""

    def __init__(self, path: Path) -> None:
        """Open a file and look at all of it, but write nothing and unpack nothing to a disk.

        Raises ``BackupError`` for a file that is not a backup, is damaged, altered, cut short, of
        a later format, or made to harm.
        """
        self.path = path
        with ExitStack() as opened:
            try:
                refuse_other_files(path)
                self._zip = opened.enter_context(zipfile.ZipFile(path))
                self.manifest = self._read_manifest()
                self._refuse_bombs()
                for table in self.manifest.tables:
                    self._check_part(table)
            except OSError as error:
                raise BackupError(f"{path} cannot be read: {error.strerror or error}.") from error
            except UNREADABLE as error:
                raise BackupError(f"{path} is not a backup of ours: {error}.") from error
            # Only a file that is refused is closed here.
            opened.pop_all()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *error: object) -> None:
        self._zip.close()

    def lines(self, table: str) -> Iterator[bytes]:
        """Yield the lines of a table, each a JSON array with its line end."""
        with BufferedReader(self._zip.open(_part(table))) as part:  # type: ignore[type-var]
            while line := part.readline(MOST_LINE_BYTES):
                yield line

    def _read_manifest(self) -> Manifest:
        names = self._zip.namelist()
        if len(names) > MOST_TABLES or MANIFEST not in names:
            raise BackupError(f"{self.path} is a zip archive, but not a backup of ours. {HOW_TO}")
        if self._zip.getinfo(MANIFEST).file_size > MOST_MANIFEST_BYTES:
            raise BackupError(f"{self.path} has a manifest of more bytes than ours ever have.")
        try:
            manifest = _parse(json.loads(self._zip.read(MANIFEST)), self.path)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BackupError(f"{self.path} has a manifest that cannot be read.") from error
        expected = [MANIFEST, *(_part(table.name) for table in manifest.tables)]
        if sorted(names) != sorted(expected):
            raise BackupError(f"{self.path} holds other parts than its manifest says.")
        return manifest

    def _refuse_bombs(self) -> None:
        sizes = {table.name: table.size for table in self.manifest.tables}
        if any(size != self._zip.getinfo(_part(name)).file_size for name, size in sizes.items()):
            raise BackupError(f"{self.path} holds parts of other sizes than its manifest says.")
        allowed = max(ALWAYS_ALLOWED_BYTES, MOST_EXPANSION * self.path.stat().st_size)
        if sum(sizes.values()) > allowed:
            raise BackupError(
                f"{self.path} would unpack to {sum(sizes.values())} bytes, more than "
                f"{MOST_EXPANSION} times its own: no backup of ours does."
            )

    def _check_part(self, table: Table) -> None:
        digest, rows = sha256(), 0
        with self._zip.open(_part(table.name)) as part:
            while chunk := part.read(READ_BYTES):
                digest.update(chunk)
                rows += chunk.count(b"\n")
        if (digest.hexdigest(), rows) != (table.checksum, table.rows):
            raise BackupError(
                f"The table {table.name} in {self.path} is not as the manifest says: "
                "the file was altered. Take another backup."
            )


def refuse_other_files(path: Path) -> None:
    """Raise ``BackupError`` unless a file begins and ends as ours do and its checksum holds.

    Reads all of it once, in pieces. Raises ``OSError`` where it cannot be read.
    """
    with path.open("rb") as file:
        beginning = file.read(16)
        for magic, sentence in OTHER_FILES.items():
            if beginning.startswith(magic):
                raise BackupError(f"{path} {sentence}")
        if not beginning.startswith(b"PK\x03\x04"):
            raise BackupError(f"{path} is not a backup of ours. {HOW_TO}")
        file.seek(max(0, path.stat().st_size - TRAILER_BYTES))
        trailer = file.read()
    if not CHECKSUM.fullmatch(trailer):
        raise BackupError(
            f"{path} has no checksum at its end: it was cut short on its way here, or is not a "
            "backup of ours. Copy it again, or take another backup."
        )
    if trailer != b"sha256:" + _checksum(path).encode("ascii"):
        raise BackupError(
            f"{path} is not as it was made: its checksum does not hold, so it was damaged or "
            "altered. Copy it again, or take another backup."
        )


def _parse(found: dict[str, Any], path: Path) -> Manifest:
    """Return a manifest from its JSON; raises ValueError, KeyError or TypeError for another shape."""
    if found["kind"] != KIND:
        raise ValueError(found["kind"])
    if type(found["format"]) is not int or found["format"] != FORMAT:
        raise BackupError(
            f"{path} has format {str(found['format'])[:20]}; this release reads format {FORMAT}. "
            "Restore it with the release that made it."
        )
    tables = tuple(
        Table(
            name=_text(table["name"]),
            columns=tuple(map(_text, table["columns"])),
            rows=_count(table["rows"]),
            size=_count(table["size"]),
            checksum=_text(table["checksum"]),
        )
        for table in found["tables"]
    )
    texts = {
        name: _text(found[name])
        for name in ("made_at", "vendor", "vendor_version", "django_version")
    }
    return Manifest(
        **texts,
        left_out=tuple(map(_text, found["left_out"])),
        migrations=tuple((_text(app), _text(name)) for app, name in found["migrations"]),
        tables=tables,
    )


def _text(value: Any) -> str:
    # What is printed later: no line breaks, nothing that a terminal obeys.
    if not isinstance(value, str) or not value.isprintable() or len(value) > 300:
        raise ValueError(value)
    return value


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(value)
    return value
