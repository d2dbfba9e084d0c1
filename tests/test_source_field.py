"""The source that another one supersedes, named by its slug: offered without a script, refused when unknown."""

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.urls import reverse

from reforms.models import Source
from tests import world
from tests.forms import fields_of_form
from tests.reading import read
from tests.test_admin import ODD_TEXTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db):
    world.build_world()
    Source.objects.create(
        slug="older",
        position=2,
        short_name_zh="旧",
        short_name_en="Older",
        title_zh="旧通知",
        title_en="Older notice",
        completeness="whole",
        text="旧",
        checksum="0" * 64,
    )
    browser = Client()
    browser.force_login(world.an_editor())
    browser.cookies[site_settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def address():
    return reverse("admin:reforms_source_change", args=[Source.objects.get(slug=world.SOURCE).pk])


def saved(browser, name):
    fields = fields_of_form(browser.get(address()), "source_form")
    return browser.post(address(), {**fields, "supersedes": name})


def test_a_source_is_named_by_its_slug_and_shown_by_it(staff):
    assert saved(staff, "older").status_code == 302
    assert Source.objects.get(slug=world.SOURCE).supersedes.slug == "older"
    assert fields_of_form(staff.get(address()), "source_form")["supersedes"] == "older"
    assert saved(staff, "older").status_code == 302
    assert saved(staff, "").status_code == 302
    assert Source.objects.get(slug=world.SOURCE).supersedes is None


def test_the_newest_are_offered_without_a_script(staff):
    page = read(staff.get(address()).content.decode())
    (field,) = [one for one in page.of("input") if one.attributes.get("name") == "supersedes"]
    (offered,) = [
        one for one in page.of("datalist") if one.attributes["id"] == field.attributes["list"]
    ]
    assert "Older" in offered.words


@pytest.mark.parametrize("odd", ["nothing", "1", *ODD_TEXTS])
def test_what_is_no_source_is_refused_and_stays_typed(staff, odd):
    answer = saved(staff, odd)
    if answer.status_code == 302:
        assert not str(odd).strip("\u200b \t")
        return
    assert answer.status_code in (200, 400)
    assert Source.objects.get(slug=world.SOURCE).supersedes is None
