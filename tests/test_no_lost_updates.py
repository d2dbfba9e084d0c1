"""No save is lost: eight editors, one record, every path that writes; one winner, nobody overwritten.

REFORMS_TEST_ROUNDS says how many rounds are held of each race (2 without it);
``python -m benchmarks.lost_updates`` holds 100 and prints the figures.
"""

import os
from threading import Event
from typing import Any

import pytest
from django.urls import reverse

from reforms import editing, importing, versions
from reforms.editing import proposals, rows
from reforms.importing import Result, load_catalog
from reforms.models import Category, Measure, Proposal, Source, Synonym
from tests import world
from tests.at_once import SECONDS, AtOnce
from tests.forms import fields_of_form
from tests.own_database import own_database
from tests.races import BulkWithdraw, LoadCatalog, Revert, Withdraw
from tests.races_beside import RACES, RACES_BESIDE, Revise, SourceWithdrawal
from tests.racing import EDITORS, Race, Site, run

ROUNDS = int(os.environ.get("REFORMS_TEST_ROUNDS", "2"))


@pytest.fixture
def at_once(transactional_db, tmp_path, settings):
    """The small catalog in a database that many connections can open."""
    settings.PUBLISH_OWN_CHANGES = True
    world.build_world()
    with own_database(tmp_path):
        yield AtOnce(tmp_path)


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_one_wins_and_nobody_is_overwritten_or_loses_a_word(at_once: AtOnce, race: type[Race]):
    tally = run(race(Site()), at_once, ROUNDS)
    assert tally.faults == []
    assert (tally.winners, tally.refusals) == (ROUNDS, (EDITORS - 1) * ROUNDS)
    assert tally.overwrites == 0


@pytest.mark.parametrize("race", RACES_BESIDE, ids=lambda race: race.__name__)
def test_what_is_done_beside_saves_is_in_nobodys_way(at_once: AtOnce, race: type[Race]):
    tally = run(race(Site()), at_once, ROUNDS)
    assert tally.faults == []
    assert (tally.winners, tally.overwrites) == (ROUNDS, 0)


# --- With the check taken out, the same races tell of overwrites ---


def without_measure_check(monkeypatch: Any) -> None:
    """Take every version for the one that is live."""
    write = versions.write

    def unchecked(record: Any, *, expected_version: int, **given: Any) -> Any:
        live = Measure.objects.get(source__slug=record.source, key=record.key)
        return write(record, expected_version=live.version, **given)

    monkeypatch.setattr(versions, "write", unchecked)


def without_row_check(monkeypatch: Any) -> None:
    """Save a row whatever version it was opened at."""

    def unchecked(row: Any, expected_version: int, parts: Any = (), **given: Any) -> None:
        row.version = type(row).objects.get(pk=row.pk).version + 1
        row.save()

    monkeypatch.setattr(rows, "save_row", unchecked)


def without_proposal_check(monkeypatch: Any) -> None:
    """Take a step whatever step was seen, closed or not."""

    def unchecked(proposal: Any, seen_version: int) -> Any:
        found = Proposal.objects.select_for_update(of=("self",), no_key=True)
        return found.select_related("measure", "by").get(pk=proposal.pk)

    def reviewed(proposal: Any, seen_version: int, by: Any) -> Any:
        return unchecked(proposal, seen_version)

    monkeypatch.setattr(proposals, "_locked", unchecked)
    monkeypatch.setattr(proposals, "_reviewed", reviewed)


def without_load_check(monkeypatch: Any) -> None:
    """Load every record of the files, edited or not."""
    monkeypatch.setattr(importing, "_judge", lambda *given: Result.UPDATED)


@pytest.mark.parametrize(
    ("take_out", "race"),
    [
        (without_measure_check, Withdraw),
        (without_measure_check, Revert),
        (without_measure_check, BulkWithdraw),
        (without_row_check, SourceWithdrawal),
        (without_proposal_check, Revise),
    ],
    ids=lambda part: part.__name__,
)
def test_without_its_check_a_race_tells_of_overwrites(at_once, monkeypatch, take_out, race):
    take_out(monkeypatch)
    assert run(race(Site()), at_once, 1).overwrites > 0


def test_without_its_check_a_load_goes_over_an_edit(at_once, monkeypatch):
    """One after the other: the edit is first, then the files."""
    race = LoadCatalog(Site())
    without_load_check(monkeypatch)
    saving, *_others, loading = race.open(1)
    monkeypatch.setattr(race, "open", lambda number: [saving, loading])

    def in_turn(*acts: Any) -> list[Any]:
        return [act() for act in acts]

    tally = run(race, in_turn, 1)
    assert tally.overwrites == 1


# --- One page, several records ---


def test_of_two_tables_with_the_same_rows_each_row_is_one_version_more(at_once: AtOnce):
    """Whoever wins which row, nobody is told less than what was refused."""
    site = Site()
    ids = [world.get_measure(key).pk for key in ("1", "2")]
    address = f"/admin/reforms/measure/edit-selected/?id={ids[0]}&id={ids[1]}"
    fields = fields_of_form(site.browsers[0].get(address), "selected_form")
    fields |= {f"m{pk}-status": "replicate" for pk in ids}
    tries = site.sending(1, address, fields, ("reason",))
    answers = at_once(*(one.act for one in tries))
    reasons = [world.get_measure(key).versions.live().get().reason for key in ("1", "2")]
    assert [world.get_measure(key).version for key in ("1", "2")] == [2, 2]
    for one, answer in zip(tries, answers, strict=True):
        won = reasons.count(one.words)
        assert answer.status_code == (302 if won == len(ids) else 409), answer
        if won < len(ids):
            left = fields_of_form(answer, "selected_form")
            assert left["id"] == (
                [str(pk) for pk in ids] if won == 0 else str(ids[reasons[0] == one.words])
            )
            assert left["reason"] == one.words


# --- Two paths at once that lock the same rows ---


def test_a_source_whose_section_moves_to_another_category_waits_for_a_load(at_once: AtOnce):
    """A load locks the words, then the sources; the save would lock the source, then the word."""
    begun, ended = Event(), Event()

    def on_line(result: Result, what: str, name: str) -> None:
        if what == "category":
            begun.set()
            ended.wait(1)

    def load() -> int:
        catalog = world.world_catalog()
        return len(load_catalog(catalog, by_name="files", on_line=on_line).lines)

    by = world.an_editor()

    def save() -> int:
        assert begun.wait(SECONDS)
        source = Source.objects.get()
        section = source.sections.get(label="一")
        section.category = Category.objects.get(slug=world.PROPERTY)
        editing.save_row(source, source.version, [section], by=by)
        ended.set()
        return source.version

    answers = at_once(load, save)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    section = Source.objects.get().sections.get(label="一")
    assert section.category is not None
    assert section.category.slug == world.PROPERTY


def test_of_eight_who_add_the_same_word_one_does_and_all_others_are_told(at_once: AtOnce):
    site = Site()
    address = reverse("admin:reforms_synonym_add")
    fields = fields_of_form(site.browsers[0].get(address), "synonym_form")
    fields |= {"slug": "deed", "words": "deed", "means": "title"}
    tries = site.sending(1, address, fields, ("name_zh", "name_en"))
    answers = at_once(*(one.act for one in tries))
    assert sorted(answer.status_code for answer in answers) == [200] * (EDITORS - 1) + [302]
    word = Synonym.objects.get(slug="deed")
    for one, answer in zip(tries, answers, strict=True):
        if answer.status_code == 302:
            assert word.name_en == one.words
        else:
            assert one.words in answer.content.decode()
