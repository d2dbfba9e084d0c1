"""The admin's filter by source where sources are many: the newest, the chosen one, and that it says so."""

import pytest
from django.conf import settings as site_settings

from reforms.admin import source_filter
from reforms.models import Source
from tests import world
from tests.test_admin import LIST, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, db):
    """A browser in English, signed in, on a catalog of five sources."""
    world.build_world()
    first = Source.objects.get()
    for number in range(2, 6):
        Source.objects.create(
            slug=f"notice-{number}",
            position=first.position + number,
            short_name_zh=f"通知{number}",
            short_name_en=f"Notice {number}",
            title_zh="通知",
            title_en="A notice",
            text="字",
            checksum="0" * 64,
            completeness="whole",
        )
    client.force_login(world.an_editor())
    client.cookies[site_settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def offered(response):
    """Return the slugs that the filter offers, and what it is called."""
    (own,) = [one for one in response.context["cl"].filter_specs if one.parameter_name == "source"]
    return [str(word) for word, _label in own.lookup_choices], str(own.title)


def test_few_sources_are_all_offered(staff):
    slugs, title = offered(staff.get(LIST))
    assert slugs == [world.SOURCE, "notice-2", "notice-3", "notice-4", "notice-5"]
    assert title == "source"


def test_of_many_the_newest_and_the_chosen_are_offered_and_the_rest_is_said(staff, monkeypatch):
    monkeypatch.setattr(source_filter, "MAX_LISTED", 2)
    slugs, title = offered(staff.get(LIST))
    assert slugs == ["notice-4", "notice-5"]
    assert "the newest 2 of 5" in title
    answer = staff.get(LIST, {"source": world.SOURCE})
    assert offered(answer)[0] == [world.SOURCE, "notice-4", "notice-5"]
    assert len(answer.context["cl"].result_list) == 3
    assert "source=notice-2" in text_of(staff.get("/admin/reforms/source/"))
    assert staff.get(LIST, {"source": "no-such"}).status_code in (302, 400)
