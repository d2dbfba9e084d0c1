"""The commands that build, check and serve the project do what the README says, on a bare machine too."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import psycopg
import pytest

from tests import chromium, packages, postgresql

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PINNED = sorted((ROOT / "requirements").glob("*.txt"))


def make(*words: str, **given: str) -> subprocess.CompletedProcess[str]:
    """Run make in the project's folder with an empty home folder."""
    own = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **given}
    return subprocess.run(["make", *words], cwd=ROOT, env=own, text=True, capture_output=True)


def test_make_alone_lists_every_command() -> None:
    done = make()
    assert done.returncode == 0
    for command in ("serve", "dev", "admin", "test", "format", "translations", "clean", "pins"):
        assert re.search(rf"^  {command} +\w", done.stdout, re.MULTILINE), command


def test_every_command_is_declared_phony() -> None:
    phony = set(re.search(r"^\.PHONY: ((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)[1].split()) - {"\\"}  # type: ignore[index]
    commands = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
    assert commands == phony


def test_serve_prepares_before_it_starts() -> None:
    steps = make("--dry-run", "serve").stdout
    order = [
        "check_start",
        "migrate",
        "load_catalog",
        "compile_translations",
        "collectstatic",
        "gunicorn",
    ]
    places = [steps.index(word) for word in order]
    assert places == sorted(places)


def test_what_writes_is_checked_first() -> None:
    for target in ("dev", "admin"):
        steps = make("--dry-run", target).stdout
        assert "check_start" in steps.partition("migrate")[0], target


def test_test_runs_every_check_on_both_databases() -> None:
    steps = make("--dry-run", "test").stdout
    for word in (
        "ruff format --check",
        "ruff check",
        "djade",
        "mypy",
        "makemigrations --check",
        "update_translations --check",
        "pytest --ignore tests/browser",
        "tests.postgresql -- .venv/bin/python -m pytest --ignore tests/browser",
        "pytest tests/browser",
    ):
        assert word in steps, word


def test_ci_runs_the_tests_with_nothing_left_out() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "export CI=true" in script
    assert "make test" in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_an_old_python_is_refused_with_a_sentence(tmp_path: Path) -> None:
    old = tmp_path / "bin"
    old.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        (old / name).write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        (old / name).chmod(0o755)
    done = make(f"VENV={tmp_path}/venv", "install", PATH=f"{old}:{os.environ['PATH']}")
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr


@pytest.mark.parametrize("file", PINNED, ids=lambda file: file.name)
def test_requirements_are_pinned_with_hashes_and_name_no_registry(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text
    for requirement in re.split(r"\n(?=\w)", text.strip()):
        assert re.match(r"[a-z0-9-]+==\S+", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


def names(file: Path) -> set[str]:
    """Return the names of the packages that a requirements file asks for itself."""
    found = re.findall(r"^([A-Za-z][\w-]*)", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {name.lower() for name in found}


def test_every_requirement_is_pinned() -> None:
    for file in PINNED:
        assert names(file.with_suffix(".in")) <= names(file), file.name
    runtime, test = (
        set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("runtime.txt", "test.txt")
    )
    assert runtime <= test


def test_project_metadata_agrees_with_the_tools() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["requires-python"] == ">=3.11"
    assert settings["tool"]["ruff"]["target-version"] == "py311"
    assert settings["tool"]["mypy"]["python_version"] == "3.11"


def test_a_command_without_django_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "django").mkdir()
    (tmp_path / "django" / "__init__.py").write_text("", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        text=True,
        capture_output=True,
    )
    assert done.returncode == 1
    assert "make install" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_throwaway_postgresql_server_leaves_nothing_behind() -> None:
    folder = postgresql.programs()
    if folder is None:
        (pytest.fail if packages.is_required() else pytest.skip)(postgresql.NOT_FOUND)
    with postgresql.server(folder) as address:
        with psycopg.connect(address) as connection:
            row = connection.execute("SELECT current_user, current_setting('server_encoding')")
            assert row.fetchone() == ("reforms", "UTF8")
            place = connection.execute("SHOW data_directory").fetchone()
        assert place is not None
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=1)
    assert not Path(place[0]).parent.exists()


def test_a_missing_server_is_said_and_fails_only_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("REFORMS_TEST_POSTGRESQL_URL", raising=False)
    monkeypatch.setattr(postgresql, "programs", lambda: None)
    monkeypatch.setattr(postgresql, "install", lambda: None)
    for word, status in (("", 0), ("true", 1)):
        monkeypatch.setenv("CI", word)
        assert postgresql.main(["pytest", "tests"]) == status
        said = capsys.readouterr().err
        assert "No PostgreSQL server was found" in said
        assert "NOT RUN on PostgreSQL: pytest tests" in said


def test_a_missing_browser_is_said_and_fails_only_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHROMIUM", "/nonexistent/chromium")
    monkeypatch.setattr(packages, "install", lambda wanted: False)
    for word, status in (("", 0), ("true", 1)):
        monkeypatch.setenv("CI", word)
        assert chromium.main() == status
        assert "No Chromium was found" in capsys.readouterr().err
