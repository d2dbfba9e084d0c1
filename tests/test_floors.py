"""The house: modules of reforms/ import only from lower floors, and the project package is no domain."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "reforms"
OUTSIDE = {"__init__", "apps", "migrations"}
# A row of the table of floors: | 2 | `compare.py`, `figures.py` | one job |
ROW = re.compile(r"^\| (\d) \| (`[^|]+`) \| (.+) \|$", re.MULTILINE)
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROWS = [
    (int(floor), name.split("/")[0].removesuffix(".py"), job)
    for floor, modules, job in ROW.findall(DOCUMENT)
    for name in re.findall(r"`([^`]+)`", modules)
]
FLOORS = {module: floor for floor, module, _job in ROWS}
WITHOUT_DJANGO = {module for floor, module, job in ROWS if floor == 0 or "no database" in job}
DOMAIN_WORDS = re.compile(
    r"\b(measures?|practices?|outcomes?|cit(?:y|ies)|categor(?:y|ies)|figures?|errat(?:um|a)"
    r"|passages?|notices?|themes?|indicators?|points?)\b",
    re.IGNORECASE,
)


def module_of(path: Path) -> str:
    """Return the module or subpackage of reforms/ that the file belongs to."""
    return path.relative_to(ROOT / PACKAGE).parts[0].removesuffix(".py")


def files() -> list[Path]:
    """Return the Python files of reforms/ that stand on a floor."""
    found = sorted((ROOT / PACKAGE).rglob("*.py"))
    return [path for path in found if module_of(path) not in OUTSIDE]


def imports(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Yield each import in `tree` as its node and the full name of what it brings in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"


def own_module(name: str) -> str | None:
    """Return which module of reforms/ an imported name belongs to; None for another package."""
    parts = name.split(".")
    return parts[1] if parts[0] == PACKAGE and len(parts) > 1 else None


def wrong_imports(module: str, source: str) -> list[str]:
    """Return what is wrong with the imports of `module`, whose text is `source`."""
    tree = ast.parse(source)
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    wrong = []
    for node, name in imports(tree):
        target = own_module(name)
        if target is None or target in OUTSIDE:
            if module in WITHOUT_DJANGO and name.split(".")[0] == "django":
                wrong.append(f"line {node.lineno}: {module} imports Django")  # type: ignore[attr-defined]
            continue
        line = f"line {node.lineno}: {module} imports {target}"  # type: ignore[attr-defined]
        if id(node) in inside:
            wrong.append(f"{line} inside a function")
        if target not in FLOORS:
            wrong.append(f"{line}, which stands on no floor")
        elif target != module and FLOORS[target] >= FLOORS[module]:
            wrong.append(f"{line}, which stands no lower")
    return wrong


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_only_from_lower_floors(path: Path) -> None:
    module = module_of(path)
    assert module in FLOORS, f"give {module} a row in the table of docs/architecture.md"
    assert wrong_imports(module, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("models", "from reforms.compare import compare"),
        ("exports", "from reforms import filters"),
        ("figures", "from reforms import compare"),
        ("views", "def page():\n    from reforms.models import Measure"),
        ("records", "from django.db import models"),
        ("notice", "import django"),
        ("views", "import reforms.helpers"),
    ],
)
def test_a_wrong_import_is_found(module: str, source: str) -> None:
    assert len(wrong_imports(module, source)) >= 1


def test_the_table_of_floors_is_read_and_names_only_what_exists() -> None:
    assert {FLOORS["urls"], FLOORS["views"], FLOORS["models"], FLOORS["records"]} == {5, 4, 1, 0}
    assert set(FLOORS) == {module_of(path) for path in files()}


def test_the_project_package_holds_no_word_of_the_domain() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {word.group()}"
        for path in sorted((ROOT / "catalog").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for word in DOMAIN_WORDS.finditer(line)
    ]
    assert found == []


def test_the_head_of_the_document_names_what_the_project_package_takes_of_the_app() -> None:
    taken = {
        name
        for path in sorted((ROOT / "catalog").rglob("*.py"))
        for _node, name in imports(ast.parse(path.read_text(encoding="utf-8")))
        if own_module(name) is not None
    }
    # What is taken of a module is no module.
    found = {
        name
        if (ROOT / name.replace(".", "/")).with_suffix(".py").is_file()
        else name.rpartition(".")[0]
        for name in taken
    }
    said = re.findall(r"`(reforms\.[a-z_.]+)`", DOCUMENT.partition("\n## ")[0])
    assert found == set(said)


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_every_python_file_that_a_document_names_is_there(path: Path) -> None:
    there = [
        f"/{file.relative_to(ROOT).as_posix()}"
        for folder in ("benchmarks", "catalog", "reforms", "tests")
        for file in (ROOT / folder).rglob("*.py")
    ]
    named = set(re.findall(r"`([a-z_0-9/]+\.py)`", path.read_text(encoding="utf-8")))
    assert {name for name in named if not any(file.endswith(f"/{name}") for file in there)} == set()


@pytest.mark.parametrize("folder", ["catalog", "reforms"])
def test_every_module_opens_with_a_sentence(folder: str) -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
        and path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []
