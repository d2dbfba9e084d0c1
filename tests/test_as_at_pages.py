"""Every page as at a day: the page as it was, carried by its links and forms, and said on it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tests import world
from tests.past import AFTER, BEFORE, at, days_ago, edited_world
from tests.reading import Reading, read

SOURCE = world.SOURCE
LANGUAGES = ("zh-hans", "en")
# One of every page type.
PAGES = (
    "",
    "measures/",
    "measures/?category=electricity&q=%E5%AE%A2%E6%88%B7",
    f"measures/{SOURCE}/1/",
    f"measures/{SOURCE}/1/?category=electricity&q=%E5%AE%A2%E6%88%B7",
    "chapter/",
    "compare/",
    "compare/?by=theme",
    f"compare/{SOURCE}/1/",
    f"basket/?item={SOURCE}:2&item={SOURCE}:1:beijing",
    f"basket/chapter/?item={SOURCE}:2&item={SOURCE}:1:beijing",
    f"basket/compare/?item={SOURCE}:2&item={SOURCE}:1:beijing",
    "figures/",
    "sources/",
    f"sources/{SOURCE}/",
    f"sources/{SOURCE}/?span=66-70",
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("edited")]
every_page = pytest.mark.parametrize(
    ("code", "path"), [(code, path) for path in PAGES for code in LANGUAGES]
)


@pytest.fixture(scope="module")
def edited(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The world with a past, for the tests of this module, which change nothing."""
    folder: Path = tmp_path_factory.mktemp("snapshots")
    with override_settings(SNAPSHOTS=folder):
        with django_db_blocker.unblock():
            around = transaction.atomic()
            around.__enter__()
            edited_world()
        yield
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


@pytest.fixture(scope="module")
def answered(edited: None) -> dict[str, int]:
    """The addresses that were followed already, with the status that each answered."""
    return {}


def page(address: str, client: Client) -> Reading:
    return read(client.get(address).content.decode())


def inside(reading: Reading) -> list[str]:
    """Return the addresses of this site that links lead to, but for those to the page as it is now."""
    return [
        link.attributes["href"]
        for link in reading.of("a")
        if link.attributes["href"].startswith("/")
        and "as it is now" not in link.words
        and "现在" not in link.words
    ]


# What says the day, and what follows from it.
SAYS_THE_DAY = (
    (r'<div class="day-shown".*?</div>', ""),
    (r'<form class="day-choice".*?</form>', ""),
    (r'<div class="print-footer">.*?</footer>', ""),
    (r'<meta name="robots" content="noindex">\n', ""),
    (r'<input type="hidden" name="as_at" value="[0-9-]+">', ""),
    (r"\?as_at=[0-9-]+&amp;", "?"),
    # A report names the version it is about; of a day that is over it names the address alone.
    (r'<a class="report-link"[^>]*>', '<a href="/report/">'),
    (r"(\?|&amp;|&|%3F|%26)as_at(=|%3D)[0-9-]+", ""),
    (r"(, as at the end of |,截至 ?)[0-9-]+( ?日终)?", ""),
)


def without_day(client: Client, address: str) -> tuple[str, list[str], list[str]]:
    """Return the words, links and names of a page, but for what says which day it shows."""
    response = client.get(address)
    assert response.status_code == 200
    html = response.content.decode()
    for pattern, instead in SAYS_THE_DAY:
        html = re.sub(pattern, instead, html, flags=re.DOTALL)
    shown = read(html)
    return shown.words, [link.attributes["href"] for link in shown.of("a")], shown.ids


@every_page
def test_a_day_since_which_nothing_changed_is_the_catalog_as_it_is(
    client: Client, code: str, path: str
) -> None:
    """A day that is over comes from a file; all but what says so is the page as it is."""

    plain = without_day(client, f"/{code}/{path}")
    for days in (AFTER, 0):
        assert without_day(client, f"/{code}/{at(path, days)}") == plain


@every_page
def test_every_link_and_every_form_carries_the_day(
    client: Client, answered: dict[str, int], code: str, path: str
) -> None:
    address = f"/{code}/{at(path, BEFORE)}"
    reading = page(address, client)
    day = f"as_at={days_ago(BEFORE)}"
    links = inside(reading)
    assert len(links) > 5
    # A report names the page, with its day, as what it is about.
    of_the_day = [link for link in links if "/report/" not in link]
    without = [link for link in of_the_day if re.split("[?&#]", link).count(day) != 1]
    assert without == []
    for found_input in reading.of("input"):
        if found_input.attributes.get("data-suggestions"):
            assert day in found_input.attributes["data-suggestions"]
    named = [f.attributes for f in reading.of("input") if f.attributes.get("name") == "as_at"]
    assert len(named) == len(reading.of("form"))
    assert {field["value"] for field in named} == {str(days_ago(BEFORE))}
    for link in set(links) - set(answered):
        answered[link] = client.get(link, follow=True).status_code
    assert [link for link in set(links) if answered[link] != 200] == []


@every_page
def test_every_page_says_which_day_it_shows_and_leads_back(
    client: Client, code: str, path: str
) -> None:
    reading = page(f"/{code}/{at(path, BEFORE)}", client)
    (note,) = reading.with_class("day-shown")
    day = days_ago(BEFORE)
    assert str(day.year) in note.words
    assert str(day.day) in note.words
    assert "Asia/Shanghai" in note.words
    robots = [m for m in reading.of("meta") if m.attributes.get("name") == "robots"]
    assert {meta.attributes["content"] for meta in robots} == {"noindex"}
    links = [link.attributes for link in reading.of("link")]
    named = [link["href"] for link in links if link["rel"] in {"canonical", "alternate"}]
    assert len(named) == 4
    assert all(f"as_at={day}" in address for address in named)
    (back,) = [
        link.attributes["href"]
        for link in reading.of("a")
        if link.attributes.get("href")
        and link.attributes["href"] in {f"/{code}/{path}"}
        and link.attributes.get("rel") == "nofollow"
    ]
    assert not page(back, client).with_class("day-shown")


@every_page
def test_a_page_without_a_day_names_none(client: Client, code: str, path: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        html = client.get(f"/{code}/{path}").content.decode()
    assert "as_at=" not in html
    assert path.startswith("basket/?") or "noindex" not in html
    # The foot's: when the catalog last changed.
    assert len([query for query in queries if "measureversion" in query["sql"]]) == 1
