"""The first page: what is held, what is missing, the categories, the coverage matrix."""

from importlib import import_module
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from reforms.coverage import State, cover, state_of, tally, with_states
from reforms.models import City, Measure, Practice, Source
from tests.reading import Reading, read
from tests.world import BEIJING, SHANGHAI, SOURCE, build_world

pytestmark = pytest.mark.django_db


def visit(client: Client, code: str = "en") -> Reading:
    """Return the first page as read, in a language."""
    answer = client.get(f"/{code}/")
    assert answer.status_code == 200
    return read(answer.content.decode())


def states() -> dict[tuple[str, str], str]:
    """Return the state of each measure and city as the matrix has it."""
    groups = cover(with_states(Measure.objects.public()), City.objects.order_by("position"))
    return {
        (row.measure.key, cell.city.slug): str(cell.state)
        for group in groups
        for row in group.rows
        for cell in row.cells
    }


def test_the_matrix_tells_five_kinds_of_coverage_apart():
    build_world()
    assert states() == {
        ("1", BEIJING): "outcome",
        ("1", SHANGHAI): "outcome",
        ("2", BEIJING): "outcome",
        ("2", SHANGHAI): "practice",
        ("3", BEIJING): "not_stated",
        ("3", SHANGHAI): "outcome",
    }
    Practice.objects.filter(measure__key="2", city__slug=SHANGHAI).update(
        outcome_state="not_entered"
    )
    Measure.objects.filter(key="3").update(is_read_whole=False)
    assert states()["2", SHANGHAI] == "pending"
    assert states()["3", BEIJING] == "not_entered"
    Measure.objects.filter(key="3").update(title_zh=None)
    assert states()["3", BEIJING] == "cut"
    assert state_of(Measure(is_read_whole=True, title_zh=None), None) == State.NOT_STATED


def test_the_matrix_is_grouped_by_category_in_the_order_of_the_catalog():
    build_world()
    groups = cover(with_states(Measure.objects.public()), [])
    assert [(group.category.slug, len(group.rows)) for group in groups] == [
        ("electricity", 2),
        ("property-registration", 1),
    ]


def test_totals_by_city_count_practices_and_stated_outcomes():
    build_world()
    totals = tally(Measure.objects.public(), City.objects.order_by("position"))
    assert [(each.city.slug, each.practices, each.outcomes) for each in totals] == [
        (BEIJING, 2, 2),
        (SHANGHAI, 3, 2),
    ]


def test_each_mark_of_the_matrix_has_words_and_leads_to_the_city_on_its_page(client):
    build_world()
    page = visit(client)
    marks = [found for found in page.with_class("presence") if found.tag == "a"]
    assert [(" ".join(mark.words.split()), mark.attributes["href"]) for mark in marks] == [
        ("Practice and outcome", f"/en/measures/{SOURCE}/1/#beijing"),
        ("Practice and outcome", f"/en/measures/{SOURCE}/1/#shanghai"),
        ("Practice and outcome", f"/en/measures/{SOURCE}/2/#beijing"),
        ("Practice, outcome not stated", f"/en/measures/{SOURCE}/2/#shanghai"),
        ("Not stated", f"/en/measures/{SOURCE}/3/#beijing"),
        ("Practice and outcome", f"/en/measures/{SOURCE}/3/#shanghai"),
    ]


def test_the_key_of_the_matrix_names_the_states_that_occur_and_no_other(client):
    build_world()
    keys = [found for found in visit(client).with_class("presence") if found.tag == "span"]
    assert [" ".join(key.words.split()) for key in keys] == [
        "Practice and outcome",
        "Practice, outcome not stated",
        "The text held here does not state it",
    ]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "It cannot be told: the beginning of this measure is not held here"),
        ("zh-hans", "无法判断：现存原文缺该举措的开头"),
    ],
)
def test_a_city_cut_off_reads_the_same_on_every_page(client, code, words):
    build_world()
    Measure.objects.filter(key="3").update(
        number=None, title_zh=None, title_en=None, is_read_whole=False
    )
    for address in ("", "measures/", "compare/", f"measures/{SOURCE}/3/"):
        assert words in read(client.get(f"/{code}/{address}").content.decode()).words, address


def test_the_anchors_of_the_matrix_stand_on_the_measures_pages(client):
    build_world()
    for mark in [found for found in visit(client).with_class("presence") if found.tag == "a"]:
        address = urlsplit(mark.attributes["href"])
        target = read(client.get(address.path).content.decode())
        assert address.fragment in target.ids, mark.attributes["href"]


def test_the_page_says_what_is_missing_and_what_it_is_not(client):
    build_world()
    words = visit(client).words
    assert "The beginning and the end are missing." in words
    assert "not that it is not done" in words
    assert "缺开头与结尾。" in visit(client, "zh-hans").words


def test_the_number_beside_a_category_is_the_length_of_its_list(client):
    build_world()
    page = visit(client)
    prefix = f"{reverse('measure_list')}?category="
    found = {}
    for link in page.of("a"):
        if prefix.partition("/measures")[2] in link.attributes.get("href", ""):
            listed = read(client.get(link.attributes["href"]).content.decode())
            found[link.attributes["href"]] = len(listed.with_class("measure-row"))
            assert str(found[link.attributes["href"]]) in link.words
    assert list(found.values()) == [2, 1]


def test_entries_and_numbered_measures_are_both_counted(client, django_assert_num_queries):
    build_world()
    Measure.objects.filter(key="3").update(number=None)
    # Vocabularies, sources; all counts; the totals by city;
    # the measures of the matrix, their practices; the last change.
    with django_assert_num_queries(7):
        words = visit(client).words
    assert "entries 2 numbered measures · 1 fragment without a printed number" in words


def test_the_search_box_and_the_comparison_are_one_step_away(client):
    build_world()
    page = visit(client)
    (form,) = page.with_class("search-form")
    assert form.attributes["action"] == "/en/measures/"
    assert form.attributes["method"] == "get"
    assert "q" in {found.attributes.get("name") for found in page.of("input")}
    assert any(found.attributes.get("href") == "/en/compare/" for found in page.of("a"))


def test_a_long_matrix_says_that_it_is_cut(client, monkeypatch):
    build_world()
    monkeypatch.setattr(import_module("reforms.views.home"), "MATRIX_LIMIT", 2)
    page = visit(client)
    assert "Only the first 2 of 3 entries are shown here." in page.words
    assert len([mark for mark in page.with_class("presence") if mark.tag == "a"]) == 4


def test_an_empty_catalog_has_a_page(client):
    assert "0" in visit(client).words
    assert visit(client, "zh-hans").words


def test_nothing_of_an_unpublished_source_is_shown(client):
    build_world()
    Source.objects.update(is_public=False)
    page = visit(client)
    assert "零上门" not in page.words
    assert "The beginning and the end are missing." not in page.words


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_only_reads(client, method):
    assert getattr(client, method)("/en/").status_code == 405
