"""The page of suggestions: each is accepted, filled in or refused, and nothing is public before."""

from dataclasses import replace

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse

from reforms import editing
from reforms.importing import load_catalog
from reforms.models import Measure, Proposal, RefusedSuggestion, Theme
from reforms.new_notice import Facts, catalog_of
from reforms.notice import read_notice
from tests import world
from tests.forms import fields_of_form
from tests.test_admin import ODD_TEXTS, text_of

pytestmark = pytest.mark.django_db
TEXT = (
    "改革举措1:网上办电。\n具体做法:\n北京市。企业在网上申报，减减办理环节。办理时间由56天压缩至15天。"
    "\n成效:累计收案3040件。"
)
FORM = "suggestions_form"


@pytest.fixture
def measure(db):
    """A measure of a new notice, unpublished, of which nothing is entered yet."""
    world.build_world()
    Theme.objects.create(
        slug="online-filing", position=99, name_zh="网上申办", name_en="Online filing"
    )
    reading = read_notice(
        TEXT,
        source="new",
        places={"北京市": "beijing"},
        categories={},
        default_category="electricity",
    )
    facts = Facts(
        slug="new",
        short_name_zh="新",
        short_name_en="New",
        title_zh="新通知",
        title_en="New notice",
    )
    load_catalog(catalog_of(TEXT, reading, facts, 2, {}), by_name="test")
    return Measure.objects.get(source__slug="new")


def signed_in(name, role):
    account = world.an_editor(name)
    account.is_superuser = False
    account.save()
    account.groups.add(Group.objects.get(name=role))
    browser = Client()
    browser.force_login(account)
    browser.cookies[site_settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


@pytest.fixture
def mei(measure, settings):
    settings.PUBLISH_OWN_CHANGES = True
    return signed_in("mei", "Publisher")


@pytest.fixture
def li(measure):
    return signed_in("li", "Editor")


def address_of(measure):
    return reverse("admin:reforms_measure_suggestions", args=[measure.pk])


def rows_of(browser, measure):
    return browser.get(address_of(measure)).context["page"].rows


def row_of(browser, measure, words):
    return next(row for row in rows_of(browser, measure) if words in row.suggestion.words)


def choose(browser, measure, chosen, **more):
    """Post choices by the words of their suggestions."""
    opened = browser.get(address_of(measure))
    fields = fields_of_form(opened, FORM)
    for words, choice in chosen.items():
        fields[row_of(browser, measure, words).name] = choice
    return browser.post(address_of(measure), {**fields, "_save": "1", **more})


def test_the_page_shows_what_the_text_suggests_and_why(mei, measure):
    shown = text_of(mei.get(address_of(measure)))
    assert "减 is printed twice in a row" in shown
    assert "56天 → 15天" in shown
    assert "Online filing" in shown
    kinds = [str(row.suggestion.subject) for row in rows_of(mei, measure)]
    assert sorted(set(kinds)) == ["erratum", "figure", "point"]


def test_the_page_costs_few_queries(mei, measure, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        mei.get(address_of(measure))


def test_accepted_points_and_errata_become_part_of_the_measure(mei, measure):
    point = next(row for row in rows_of(mei, measure) if row.suggestion.subject == "point")
    reading = row_of(mei, measure, "减减").name.replace("choice", "reading")
    answer = choose(
        mei,
        measure,
        {"减减": "accept", point.suggestion.words: "accept"},
        **{reading: "减"},
    )
    assert answer.status_code == 302
    measure.refresh_from_db()
    assert measure.version == 2
    erratum = measure.errata.get()
    assert (erratum.as_printed, erratum.reading) == ("减减", "减")
    assert "连印两次" in erratum.reason_zh
    assert "printed twice" in erratum.reason_en
    (practice,) = measure.practices.all()
    assert [one.theme.slug for one in practice.points.all()] == [point.suggestion.value]
    words = [row.suggestion.words for row in rows_of(mei, measure)]
    assert "减减" not in words
    assert measure.versions.get(version=2).reason == "Accepted from suggestions"


def test_a_figure_is_filled_in_on_the_page_of_selected_words(mei, measure):
    row = row_of(mei, measure, "压缩至15天")
    fields = fields_of_form(mei.get(row.address), "words_form")
    assert (fields["before"], fields["after"], fields["unit_zh"]) == ("56", "15", "天")
    assert (fields["nature"], fields["direction"]) == ("achieved", "decrease")
    choice = row.name
    answer = mei.post(
        address_of(measure), {"version": measure.version, choice: "accept", "_save": "1"}
    )
    assert answer.status_code == 400
    assert "at least one suggestion" in text_of(answer)


def test_what_is_refused_is_not_suggested_again_until_somebody_asks(mei, measure):
    assert choose(mei, measure, {"减减": "refuse"}).status_code == 302
    measure.refresh_from_db()
    assert measure.version == 1
    assert "减减" not in [row.suggestion.words for row in rows_of(mei, measure)]
    refused = RefusedSuggestion.objects.get()
    assert "Suggest again" in text_of(mei.get(address_of(measure)))
    answer = mei.post(address_of(measure), {"_offer_again": refused.pk})
    assert answer.status_code == 302
    assert row_of(mei, measure, "减减")


def test_an_editor_proposes_what_is_accepted_and_readers_see_nothing_of_it(li, measure):
    answer = choose(li, measure, {"减减": "accept"})
    proposal = Proposal.objects.get()
    assert answer.url.startswith(proposal.get_absolute_url())
    assert not measure.errata.exists()
    again = choose(li, measure, {"减减": "accept"})
    assert again.status_code == 400


def test_a_save_over_somebody_else_s_is_refused_and_the_choices_stay(mei, measure):
    opened = mei.get(address_of(measure))
    name = row_of(mei, measure, "减减").name
    fields = {**fields_of_form(opened, FORM), name: "accept", "_save": "1", "reason": "Typed"}
    record = Measure.objects.for_record().get(pk=measure.pk).to_record()
    other = world.an_editor("other")
    editing.save_measure(replace(record, title_en="Theirs"), 1, other, "")
    answer = mei.post(address_of(measure), fields)
    assert answer.status_code == 409
    assert "Somebody saved this measure" in text_of(answer)
    kept = fields_of_form(answer, FORM)
    assert (kept[name], kept["reason"], kept["version"]) == ("accept", "Typed", "2")
    assert mei.post(address_of(measure), {**kept, "_save": "1"}).status_code == 302
    measure.refresh_from_db()
    assert (measure.version, measure.title_en) == (3, "Theirs")
    assert measure.errata.count() == 1


def test_refusals_fall_with_what_they_were_chosen_with(li, measure):
    choose(li, measure, {"减减": "accept"})
    choose(li, measure, {"压缩至15天": "refuse", "减减": "accept"})
    assert not RefusedSuggestion.objects.exists()


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_no_input_breaks_the_page(mei, measure, odd):
    name = row_of(mei, measure, "减减").name
    for fields in (
        {name: "accept", name.replace("choice", "reading"): odd, "version": "1", "reason": "x"},
        {name: odd, "version": "1"},
        {name: "refuse", "version": odd},
        {"_offer_again": odd},
        {name: "accept", "version": "1", "reason": odd},
    ):
        answer = mei.post(address_of(measure), {**fields, "_save": "1"})
        assert answer.status_code in (302, 400, 409), fields


def test_who_may_not_propose_sees_no_suggestions(measure):
    account = world.an_editor("stranger")
    account.is_superuser = False
    account.save()
    browser = Client()
    browser.force_login(account)
    assert browser.get(address_of(measure)).status_code == 403
    assert browser.post(address_of(measure), {"_offer_again": "1"}).status_code == 403


def test_refusing_twice_is_refusing_once(mei, measure):
    suggestion = row_of(mei, measure, "减减").suggestion
    by = world.an_editor("other")
    for _again in range(2):
        editing.refuse_suggestions(measure, [suggestion], by)
    assert RefusedSuggestion.objects.count() == 1
    assert connection.in_atomic_block
