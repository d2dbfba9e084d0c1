"""Broken rules are found wherever they were written past the checks, and told in plain words."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from reforms import editing
from reforms.admin import broken_rules as rules_page
from reforms.checking import broken_rules, untiled_sources
from reforms.models import Measure, MeasureVersion, Passage, Practice
from tests import world

pytestmark = pytest.mark.django_db
PAGE = "/admin/reforms/measure/check/"


@pytest.fixture
def li(db):
    world.build_world()
    return world.an_editor("li")


def found():
    return [str(one.error) for one in [*broken_rules(Measure.objects.all()), *untiled_sources()]]


def test_a_sound_catalog_breaks_no_rule(li, capsys):
    editing.withdraw_measure(world.get_measure("2"), 1, li, "重复", "A duplicate")
    assert found() == []
    call_command("check_catalog", verbosity=0)


def test_the_fixtures_break_no_rule(db):
    call_command("load_catalog", verbosity=0)
    assert found() == []


@pytest.mark.parametrize(
    ("breaks", "words"),
    [
        (lambda: Practice.objects.filter(measure__key="1").update(text_zh="改"), "history"),
        (lambda: Measure.objects.filter(key="1").update(version=9), "at version 9"),
        (lambda: MeasureVersion.objects.filter(measure__key="1").delete(), "no version"),
        (lambda: Measure.objects.filter(key="1").update(title_spans=[[0, 3]]), "title"),
        (lambda: Passage.objects.filter(role="running_head").delete(), "no passage"),
    ],
)
def test_what_was_written_past_the_checks_is_found(li, client, breaks, words):
    breaks()
    assert any(words in one for one in found()), found()
    with pytest.raises(CommandError):
        call_command("check_catalog", verbosity=0)
    client.force_login(li)
    client.cookies["django_language"] = "en"
    shown = client.get(PAGE)
    assert shown.status_code == 200
    assert shown.context["rows"]


def test_the_progress_counts_every_measure(li):
    counted = []
    list(broken_rules(Measure.objects.all(), counted.append))
    assert sum(counted) == Measure.objects.count()


@pytest.mark.parametrize("page", ["", "1", "2", "0", "x", "9" * 30, "%D9%A3"])
def test_the_page_answers_whatever_is_asked(li, client, page):
    client.force_login(li)
    assert client.get(f"{PAGE}?p={page}").status_code == 200
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("page", "checked", "ways"),
    [
        ("1", "Measures 1 to 2 of 3", ["The measures after"]),
        ("2", "Measures 3 to 3 of 3", ["The measures before"]),
        ("9", "Measures 3 to 3 of 3", ["The measures before"]),
    ],
)
def test_the_page_leads_through_all_measures(li, client, monkeypatch, page, checked, ways):
    monkeypatch.setattr(rules_page, "MEASURES_A_PAGE", 2)
    client.force_login(li)
    client.cookies["django_language"] = "en"
    shown = client.get(f"{PAGE}?p={page}").content.decode()
    assert checked in shown
    assert [way for way in ("The measures before", "The measures after") if way in shown] == ways


def test_checking_costs_the_same_whatever_the_length(li, django_assert_max_num_queries):
    # The keys; the measures with their parts 7; their live versions.
    with django_assert_max_num_queries(9):
        assert list(broken_rules(Measure.objects.all())) == []
