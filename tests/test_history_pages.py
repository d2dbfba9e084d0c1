"""The public history: every version at its address, what it changed, what is new, every correction."""

from dataclasses import replace

import pytest

from reforms import editing
from reforms.models import MeasureVersion
from tests import world
from tests.reading import read

pytestmark = pytest.mark.django_db
MEASURE = f"/en/measures/{world.SOURCE}/1/"
HISTORY = f"{MEASURE}history/"


@pytest.fixture
def li(db):
    world.build_world()
    return world.an_editor("li")


def record_of(key="1"):
    return world.get_measure(key).to_record()


def corrected(by, key="1", version=1, **values):
    values = values or {"title_en": "Clearer"}
    return editing.save_measure(replace(record_of(key), **values), version, by, "it was unclear")


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    assert not answer.cookies
    return read(answer.content.decode())


def test_a_measure_leads_to_its_history_and_each_version_to_the_measure(client, li):
    links = [part.attributes["href"] for part in page(client, MEASURE).of("a")]
    assert HISTORY in links
    corrected(li)
    links = [part.attributes["href"] for part in page(client, HISTORY).of("a")]
    assert f"{HISTORY}2/" in links
    assert f"{HISTORY}1/" in links
    links = [part.attributes["href"] for part in page(client, f"{HISTORY}1/").of("a")]
    assert MEASURE in links


def test_a_version_shows_its_own_record_and_what_it_changed(client, li):
    before = record_of().title_en
    corrected(li)
    pages = [page(client, f"{HISTORY}{number}/") for number in (1, 2)]
    record = " ".join(part.words for part in pages[0].of("dd"))
    new = pages[1].words
    assert before in record
    assert "Clearer" not in record
    assert "it was unclear" in new
    assert "Since version 1" in new
    assert "as it stood from" in pages[0].words
    assert "as it stood from" not in new


def test_the_words_that_differ_are_marked(client, li):
    summary = record_of().practices[0].summary_en
    practices = record_of().practices
    longer = replace(practices[0], summary_en=f"{summary} everywhere")
    corrected(li, practices=(longer, *practices[1:]))
    marked = [part.words.strip() for part in page(client, f"{HISTORY}2/").of("ins")]
    assert marked == ["everywhere"]


def test_any_two_versions_can_be_compared(client, li):
    before = record_of().title_en
    corrected(li)
    corrected(li, version=2, title_en="Clearer still")
    shown = page(client, f"{HISTORY}3/?since=1")
    assert "Since version 1" in shown.words
    assert before in " ".join(part.words for part in shown.of("del"))
    back = page(client, f"{HISTORY}1/?since=3")
    assert "Clearer still" in " ".join(part.words for part in back.of("del"))


@pytest.mark.parametrize("since", ["0", "-1", "99", "x", "9" * 40, "%D9%A3"])
def test_a_version_that_is_not_there_is_refused(client, li, since):
    corrected(li)
    shown = page(client, f"{HISTORY}2/?since={since}", 400)
    assert "This entry has no such version" in shown.words


def test_addresses_of_no_version_and_pages_beyond_the_end_are_not_found(client, li):
    page(client, f"{HISTORY}9/", 404)
    page(client, f"{HISTORY}99999999999999999999/", 404)
    assert "Go to the last page" in page(client, f"{HISTORY}?page=2", 404).words
    assert "Go to the last page" in page(client, "/en/changes/?page=2", 404).words


def test_who_changed_it_is_not_told_to_readers(client, li):
    measure = corrected(li)
    assert measure.versions.live().get().by_name == "li"
    for address in (HISTORY, f"{HISTORY}2/", "/en/changes/"):
        text = client.get(address).content.decode()
        assert ">li<" not in text
        assert " li " not in text


def test_what_is_new_is_counted_and_every_correction_listed_once(client, li):
    shown = page(client, "/en/changes/")
    assert "3 entries" in shown.words
    assert "Nothing has been corrected since it came in" in shown.words
    corrected(li)
    corrected(li, key="3")
    shown = page(client, "/en/changes/")
    assert "3 entries" in shown.words
    assert len(shown.with_class("correction")) == 2
    assert "it was unclear" in shown.words


def test_a_withdrawn_measure_answers_that_it_is_gone(client, li):
    editing.withdraw_measure(world.get_measure("1"), 1, li, "重复", "A duplicate")
    for address in (HISTORY, f"{HISTORY}1/"):
        assert "A duplicate" in page(client, address, 410).words
    assert not page(client, "/en/changes/").with_class("correction")


def test_every_page_tells_when_the_catalog_last_changed(client, li):
    day = MeasureVersion.objects.latest("valid_from").valid_from.date().isoformat()[:4]
    for address in ("/en/", "/en/measures/", "/en/compare/", "/en/figures/", MEASURE):
        assert f"last changed on {day}" in page(client, address).words


def test_the_pages_cost_few_queries(client, li, django_assert_max_num_queries):
    for version in range(1, 9):
        corrected(li, version=version, title_en=f"Title {version}")
    # The measure; versions counted and read, those before them; 4 names; the last change.
    with django_assert_max_num_queries(10):
        client.get(HISTORY)
    with django_assert_max_num_queries(10):
        client.get(f"{HISTORY}3/")
    with django_assert_max_num_queries(11):
        client.get("/en/changes/")
