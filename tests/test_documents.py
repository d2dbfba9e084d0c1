"""The documents are as true as the code: nothing public is undocumented, nothing told is stale."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command, get_commands

from reforms.records import CatalogRecord

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = README + "".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("**/*.md"))
)


def test_the_data_dictionary_is_not_stale():
    call_command("data_dictionary", "--check")


def test_every_setting_stands_in_the_readme():
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in [*(ROOT / "catalog").glob("*.py"), ROOT / "gunicorn.conf.py"]
    )
    names = set(re.findall(r'"(REFORMS_[A-Z_]+|DATABASE_URL|HOST|PORT)"', code))
    assert len(names) > 10
    assert {name for name in names if f"`{name}`" not in README} == set()


@pytest.mark.parametrize(
    "command", sorted(name for name, app in get_commands().items() if app in ("reforms", "catalog"))
)
def test_every_command_stands_in_the_documents(command):
    assert command in DOCUMENTS


def test_every_make_target_that_is_told_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = set(re.findall(r"`make ([a-z-]+)`", DOCUMENTS))
    assert told
    assert {name for name in told if not re.search(rf"^{name}:", makefile, re.M)} == set()


def test_links_between_documents_lead_somewhere():
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_counts_told_are_those_of_the_fixtures(catalog_record: CatalogRecord):
    practices = [part for measure in catalog_record.measures for part in measure.practices]
    passages = sum(len(measure.passages) for measure in catalog_record.measures)
    told = {
        "practices": len(practices),
        "outcomes": sum(part.outcome_zh is not None for part in practices),
        "points": sum(len(part.points) for part in practices),
        "themes": len(catalog_record.themes),
        "errata": sum(len(measure.errata) for measure in catalog_record.measures),
        "passages": passages + len(catalog_record.sources[0].passages),
    }
    figures = sum(len(part.figures) for part in practices)
    words = " ".join(README.split())
    for name, count in told.items():
        assert f"{count} {name}" in words
    assert f"{figures} figures" in words
