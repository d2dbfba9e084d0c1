"""The style sheets: every brace closed where its rule ends, or all that follows would be lost."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "static" / "css"
SHEETS = sorted(FOLDER.glob("*.css"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# What may hold rules: nothing else has a brace inside its braces.
HOLDS_RULES = re.compile(r"@(media|layer|supports|container|page)\b")


def depths(sheet: str) -> list[tuple[int, str]]:
    """Return how deep each rule of a sheet stands, with what opens it."""
    found, depth = [], 0
    for part in re.finditer(r"([^{}]*)([{}])", COMMENT.sub("", sheet)):
        if part[2] == "}":
            depth -= 1
        else:
            found.append((depth, part[1].rsplit(";", 1)[-1].strip()))
            depth += 1
    return [*found, (depth, "the end")]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_rule_stands_where_it_seems_to(path: Path) -> None:
    sheet = path.read_text(encoding="utf-8")
    assert depths(sheet)[-1] == (0, "the end")
    # A section's comment stands at the left, outside every rule of a sheet without layers.
    open_rules: list[str] = []
    for depth, opener in depths(sheet)[:-1]:
        del open_rules[depth:]
        assert all(HOLDS_RULES.match(outer) for outer in open_rules), (open_rules, opener)
        open_rules.append(opener)


def test_a_brace_that_is_not_closed_is_seen() -> None:
    assert depths("@media print { a { b: c } d { e: f }")[-1] == (1, "the end")
