"""Accounts, groups and the notes on reports: no save over what nobody saw, and what stood before is kept."""

import json

import pytest
from django.conf import settings as site_settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from tests import world
from tests.at_once import AtOnce
from tests.forms import fields_of_form
from tests.test_admin import text_of
from tests.test_report_queue import FORM as REPORT_FORM
from tests.test_report_queue import page_of as report_page
from tests.test_report_queue import sent

pytestmark = pytest.mark.django_db


def administrator(name="zhao"):
    """Return a browser in English, signed in as a superuser."""
    browser = Client()
    browser.force_login(User.objects.create_superuser(name, password="x"))
    browser.cookies[site_settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def page_of(row, name="change"):
    return reverse(f"admin:auth_{row._meta.model_name}_{name}", args=[row.pk])


def opened(browser, row):
    return fields_of_form(browser.get(page_of(row)), f"{row._meta.model_name}_form")


@pytest.fixture
def wang(db):
    return User.objects.create_user("wang", "wang@example.org", "a long password", is_staff=True)


def test_the_second_of_two_saves_of_an_account_is_refused_and_loses_no_word(wang):
    first, second = administrator("zhao"), administrator("qian")
    mine = {**opened(second, wang), "last_name": "Mine"}
    group = Group.objects.get(name="Publisher")
    theirs = {**opened(first, wang), "groups": [str(group.pk)]}
    assert first.post(page_of(wang), theirs).status_code == 302
    answer = second.post(page_of(wang), mine)
    assert answer.status_code == 409
    assert "zhao saved this on" in text_of(answer)
    assert fields_of_form(answer, "user_form")["last_name"] == "Mine"
    wang.refresh_from_db()
    assert (wang.last_name, list(wang.groups.all())) == ("", [group])
    again = {**opened(second, wang), "last_name": "Mine"}
    assert second.post(page_of(wang), again).status_code == 302
    wang.refresh_from_db()
    assert (wang.last_name, list(wang.groups.all())) == ("Mine", [group])


def test_a_page_that_does_not_say_what_was_seen_saves_nothing(wang):
    browser = administrator()
    for seen in ("", "0" * 64, "x" * 1000):
        answer = browser.post(page_of(wang), {**opened(browser, wang), "seen": seen, "email": ""})
        assert answer.status_code in (200, 409)
    wang.refresh_from_db()
    assert wang.email == "wang@example.org"


@pytest.mark.parametrize("kind", ["account", "group"])
def test_of_administrators_who_save_at_once_exactly_one_wins(transactional_db, tmp_path, kind):
    row = (
        User.objects.create_user("wang") if kind == "account" else Group.objects.get(name="Editor")
    )
    field = "last_name" if kind == "account" else "name"
    at_once = AtOnce(tmp_path)

    def saving(name):
        browser = administrator(name)
        fields = {**opened(browser, row), field: f"by {name}"}
        return lambda: browser.post(page_of(row), fields)

    answers = at_once(*(saving(f"administrator-{number}") for number in range(4)))
    assert sorted(answer.status_code for answer in answers) == [302, 409, 409, 409]


def test_the_history_of_an_account_tells_what_stood_before_and_never_a_password(wang):
    browser = administrator()
    group = Group.objects.get(name="Editor")
    values = {"email": "w@example.org", "groups": [str(group.pk)]}
    browser.post(page_of(wang), {**opened(browser, wang), **values})
    kept = json.loads(LogEntry.objects.latest("pk").change_message)[0]["values"]
    assert kept == {"email": ["wang@example.org", "w@example.org"], "groups": [[], ["Editor"]]}
    page = browser.get(page_of(wang, "history"))
    (entry,) = page.context["action_list"]
    assert [(change.place, change.before, change.after) for change in entry.changes] == [
        ("Email address", "wang@example.org", "w@example.org"),
        ("Groups", "", "Editor"),
    ]
    assert "<ins>Editor</ins>" in text_of(page)
    assert wang.password not in text_of(page)


def test_the_history_of_a_group_names_rights_in_the_readers_language(db):
    browser, group = administrator(), Group.objects.get(name="Editor")
    fields = opened(browser, group)
    fewer = fields["permissions"][1:]
    assert browser.post(page_of(group), {**fields, "permissions": fewer}).status_code == 302
    shown = text_of(browser.get(page_of(group, "history")))
    assert "Permissions" in shown
    (entry,) = browser.get(page_of(group, "history")).context["action_list"]
    (change,) = entry.changes
    assert change.before.count("|") == change.after.count("|") + 1
    assert "reforms." not in change.before


def test_the_past_note_on_a_report_is_kept(db):
    world.build_world()
    browser, report = administrator(), sent()
    for note in ("the first note", "another note"):
        fields = fields_of_form(browser.get(report_page(report)), REPORT_FORM)
        assert browser.post(report_page(report), {**fields, "note": note}).status_code == 302
    shown = text_of(browser.get(reverse("admin:reforms_report_history", args=[report.pk])))
    assert shown.count("first") >= 2
    assert "another" in shown


def test_an_entry_written_otherwise_is_shown_as_it_is(wang):
    browser = administrator()
    for message in ("plain", "[", "[]", '[{"values": 3}]', '[{"changed": {"fields": ["x"]}}]'):
        LogEntry.objects.create(
            user=User.objects.get(username="zhao"),
            content_type=ContentType.objects.get_for_model(wang),
            object_id=str(wang.pk),
            object_repr="wang",
            action_flag=2,
            change_message=message,
        )
    assert browser.get(page_of(wang, "history")).status_code == 200
