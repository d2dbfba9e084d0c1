"""Files that are no sound backup are refused with a sentence, and nothing of them is unpacked."""

import json
import random
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.backups import Archive, BackupError, archive, content, making
from catalog.backups.archive import TRAILER_BYTES
from reforms.models import Theme

Parts = dict[str, bytes]


@pytest.fixture
def file(small_site: None, tmp_path: Path) -> Path:
    """A sound backup of the small catalog."""
    path = tmp_path / "sound.backup"
    making.write_content("default", path, datetime.now(UTC), lambda rows: None)
    return path


def seal(path: Path) -> None:
    """Give an altered archive a checksum that holds, as someone who knows how would."""
    body = path.read_bytes()[:-TRAILER_BYTES]
    path.write_bytes(body + b"sha256:" + sha256(body).hexdigest().encode())


def forge(sound: Path, change: Callable[[dict[str, Any], Parts], Any], **options: Any) -> Path:
    """Write an archive like a sound one after `change` to its manifest and its parts, and seal it."""
    with zipfile.ZipFile(sound) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    manifest = json.loads(parts.pop("manifest.json"))
    change(manifest, parts)
    path = sound.with_name("forged.backup")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as forged:
        for name, body in parts.items():
            forged.writestr(name, body)
        if "manifest.json" not in parts:
            forged.writestr("manifest.json", json.dumps(manifest))
        forged.comment = b"x" * TRAILER_BYTES
    seal(path)
    return path


def set_lines(manifest: dict[str, Any], parts: Parts, table: str, body: bytes) -> None:
    """Replace the lines of a table, with a manifest that agrees."""
    parts[f"tables/{table}.jsonl"] = body
    described = next(found for found in manifest["tables"] if found["name"] == table)
    described.update(rows=body.count(b"\n"), size=len(body), checksum=sha256(body).hexdigest())


def refusal(path: Path) -> str:
    """Return with which sentence a file is refused: one line, whatever it holds."""
    with pytest.raises(BackupError) as refused:
        Archive(path)
    said = str(refused.value)
    assert said.isprintable()
    assert said.startswith(str(path)) or str(path) in said
    return said


def test_a_change_of_any_byte_is_found(file: Path) -> None:
    body = file.read_bytes()
    chance = random.Random(7)
    places = {0, 3, 10, len(body) - 1, len(body) - TRAILER_BYTES - 1, len(body) - TRAILER_BYTES}
    places |= {chance.randrange(len(body)) for _ in range(200)}
    for place in sorted(places):
        altered = bytearray(body)
        altered[place] ^= 1 << chance.randrange(8)
        file.write_bytes(altered)
        assert refusal(file), place
    file.write_bytes(body)
    Archive(file)


def test_a_file_that_was_cut_short_or_grew_is_refused(file: Path) -> None:
    body = file.read_bytes()
    for length in (0, 1, 4, 22, 70, 71, 72, 100, len(body) // 2, len(body) - 100, len(body) - 1):
        file.write_bytes(body[:length])
        assert refusal(file), length
    for longer in (body + b"\n", body + body):
        file.write_bytes(longer)
        assert refusal(file)


@pytest.mark.parametrize(
    ("beginning", "sentence"),
    [
        (b"SQLite format 3\0", "plain copy of a SQLite database file"),
        (b"PGDMP\x01\x0e", "dump made by pg_dump"),
        (b"\x1f\x8b\x08", "not a backup of ours"),
        (b'[\n{"model":', "not a backup of ours"),
        (b"", "not a backup of ours"),
        (b"PK\x03\x04", "no checksum at its end"),
    ],
)
def test_another_kind_of_file_is_named(beginning: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(beginning + b"\0" * 200 * bool(beginning))
    assert sentence in refusal(path)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refusal(tmp_path / "missing")
    assert "cannot be read: Is a directory" in refusal(tmp_path)


def change_format(manifest: dict[str, Any], parts: Parts) -> None:
    manifest["format"] = 2


def change_kind(manifest: dict[str, Any], parts: Parts) -> None:
    manifest["kind"] = "something else"


def climb(manifest: dict[str, Any], parts: Parts) -> None:
    parts["../../etc/cron.d/x"] = b"x"


def climb_by_manifest(manifest: dict[str, Any], parts: Parts) -> None:
    manifest["tables"][0]["name"] = "../../climbed"


def add_a_part(manifest: dict[str, Any], parts: Parts) -> None:
    parts["tables/more.jsonl"] = b""


def lose_a_part(manifest: dict[str, Any], parts: Parts) -> None:
    del parts["tables/reforms_theme.jsonl"]


def lie_about_size(manifest: dict[str, Any], parts: Parts) -> None:
    manifest["tables"][-1]["size"] += 1


def lie_about_checksum(manifest: dict[str, Any], parts: Parts) -> None:
    manifest["tables"][-1]["checksum"] = "0" * 64


def lie_about_rows(manifest: dict[str, Any], parts: Parts) -> None:
    manifest["tables"][-1]["rows"] += 1


def count_below_zero(manifest: dict[str, Any], parts: Parts) -> None:
    manifest["tables"][-1]["rows"] = -1


def obey_a_terminal(manifest: dict[str, Any], parts: Parts) -> None:
    manifest["made_at"] = "\x1b]0;title\x07"


def nest(manifest: dict[str, Any], parts: Parts) -> None:
    parts["manifest.json"] = b"[" * 200_000


def be_a_list(manifest: dict[str, Any], parts: Parts) -> None:
    parts["manifest.json"] = b"[]"


def be_no_text(manifest: dict[str, Any], parts: Parts) -> None:
    parts["manifest.json"] = b"\xff\xfe\x00"


def be_huge(manifest: dict[str, Any], parts: Parts) -> None:
    parts["manifest.json"] = b" " * (archive.MOST_MANIFEST_BYTES + 1)


def bomb(manifest: dict[str, Any], parts: Parts) -> None:
    set_lines(manifest, parts, "reforms_theme", b"\n" * (archive.ALWAYS_ALLOWED_BYTES + 1))


def lose_the_manifest(manifest: dict[str, Any], parts: Parts) -> None:
    parts["manifest.json.old"] = parts["manifest.json"] = b"{}"
    del parts["manifest.json"]
    manifest.clear()


def hold_many_parts(manifest: dict[str, Any], parts: Parts) -> None:
    parts.update({f"tables/{number}.jsonl": b"" for number in range(archive.MOST_TABLES + 1)})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (change_format, "has format 2; this release reads format 1"),
        (change_kind, "manifest that cannot be read"),
        (climb, "holds other parts than its manifest says"),
        (climb_by_manifest, "holds other parts than its manifest says"),
        (add_a_part, "holds other parts than its manifest says"),
        (lose_a_part, "holds other parts than its manifest says"),
        (lie_about_size, "parts of other sizes"),
        (lie_about_checksum, "is not as the manifest says"),
        (lie_about_rows, "is not as the manifest says"),
        (count_below_zero, "manifest that cannot be read"),
        (obey_a_terminal, "manifest that cannot be read"),
        (nest, "manifest that cannot be read"),
        (be_a_list, "manifest that cannot be read"),
        (be_no_text, "manifest that cannot be read"),
        (be_huge, "manifest of more bytes"),
        (bomb, "would unpack to"),
        (lose_the_manifest, "manifest that cannot be read"),
        (hold_many_parts, "zip archive, but not a backup of ours"),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_a_forged_file_with_a_checksum_that_holds_is_refused(
    change: Callable[..., Any], sentence: str, file: Path
) -> None:
    assert sentence in refusal(forge(file, change))
    assert sorted(path.name for path in file.parent.iterdir() if path.suffix == ".backup") == [
        "forged.backup",
        "sound.backup",
    ]


def test_an_archive_whose_directory_lies_is_refused(file: Path) -> None:
    body = file.read_bytes()
    end = body.rindex(b"PK\x05\x06")
    for place in (end + 12, end + 16):
        altered = bytearray(body)
        struct.pack_into("<H", altered, place, 0x7FFF)
        file.write_bytes(altered)
        seal(file)
        assert refusal(file)


def test_a_sealed_file_with_any_other_byte_is_refused_or_says_the_same(file: Path) -> None:
    """Whoever alters the archive's own bytes and seals it gets a refusal, never another content."""
    body = file.read_bytes()
    with Archive(file) as sound:
        manifest = sound.manifest
    chance = random.Random(11)
    directory = body.index(b"PK\x01\x02")
    places = [chance.randrange(directory, len(body) - TRAILER_BYTES) for _ in range(300)]
    places += [chance.randrange(directory) for _ in range(100)]
    refused = 0
    for place in places:
        altered = bytearray(body)
        altered[place] = chance.randrange(256)
        file.write_bytes(altered)
        seal(file)
        try:
            with Archive(file) as found:
                assert found.manifest == manifest
        except BackupError:
            refused += 1
    assert refused > 100


# --- Files whose form is right and whose rows are not ---


def set_all(value: Any) -> Callable[[bytes], bytes]:
    """Return a change of a table's lines that puts a value into every column of the first row."""

    def changed(lines: bytes) -> bytes:
        first, rest = lines.split(b"\n", 1)
        return json.dumps([value] * len(json.loads(first))).encode() + b"\n" + rest

    return changed


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("reforms_theme", lambda lines: lines + lines),
        ("reforms_theme", lambda lines: b"{}\n" + lines),
        ("reforms_theme", lambda lines: b"[1]\n" + lines),
        ("reforms_theme", lambda lines: b"\n" + lines),
        ("reforms_theme", lambda lines: b"[" * 100_000 + b"\n" + lines),
        ("reforms_theme", lambda lines: b""),
        ("reforms_theme", set_all(None)),
        ("reforms_theme", set_all([])),
        ("reforms_theme", set_all({"a": 1})),
        ("reforms_theme", set_all(10**40)),
        ("reforms_theme", set_all("\x00")),
        ("reforms_theme", set_all("\ud800")),
        ("reforms_theme", set_all(1.5)),
        ("reforms_figure", set_all("NaN")),
        ("reforms_figure", set_all("1e999999")),
        ("reforms_figure", set_all(True)),
        ("reforms_measureversion", set_all("9999-99-99T99:99:99")),
        ("reforms_measureversion", set_all([])),
        ("auth_user", set_all("0001-01-01T00:00:00+23:59")),
    ],
)
def test_rows_that_do_not_fit_are_refused_and_nothing_changes(
    table: str, change: Callable[[bytes], bytes], file: Path, untried_backups: None
) -> None:
    def set_table(manifest: dict[str, Any], parts: Parts) -> None:
        set_lines(manifest, parts, table, change(parts[f"tables/{table}.jsonl"]))

    forged = forge(file, set_table)
    before = [content.describe(model, "default") for model in content.content_models()]
    with pytest.raises(CommandError) as refused:
        call_command(
            *("restore", str(forged), "--replace", "--no-input", "-v0"),
            *("--safety-folder", str(file.parent / "safety")),
        )
    assert str(refused.value).count("\n") == 0
    assert [content.describe(model, "default") for model in content.content_models()] == before
    assert Theme.objects.exists()
    assert not connection.in_atomic_block
