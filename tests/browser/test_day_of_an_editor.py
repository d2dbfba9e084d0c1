"""A day in an editor's life: propose, be sent back, fix, be approved, conflict, merge, go back, look back."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.served import PASSWORD, LoadedCatalog, Site, served

Contexts = Callable[..., BrowserContext]
SOURCE = "fuzhi-tuiguang-gaige-jucuo"
ROLES = {"li": "Editor", "wu": "Editor", "mei": "Publisher"}
# The catalog was loaded ten days ago, so that there is a last week to look back at.
STAFF = f"""
from datetime import timedelta
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import F
from reforms.models import MeasureVersion
for name, role in {ROLES!r}.items():
    account = get_user_model().objects.create_user(name, password={PASSWORD!r}, is_staff=True)
    account.groups.add(Group.objects.get(name=role))
MeasureVersion.objects.update(valid_from=F("valid_from") - timedelta(days=10))
"""


@pytest.fixture
def office(built_catalog: LoadedCatalog) -> Iterator[Site]:
    """A site where nobody publishes alone, with two editors and a publisher."""
    with served(built_catalog, REFORMS_PUBLISH_OWN_CHANGES="0") as site:
        site.manage("shell", "-v", "0", "-c", STAFF)
        yield site


@pytest.fixture
def people(office: Site, new_context: Contexts) -> dict[str, Page]:
    """Everybody's browser, in English, signed in."""
    pages = {}
    for name in ROLES:
        page = new_context(locale="en-GB").new_page()
        page.goto(f"{office.address}/admin/login/?next=/admin/")
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.locator("[type=submit]").last.click()
        expect(page.get_by_role("heading", name="What waits")).to_be_visible()
        pages[name] = page
    return pages


def open_measure(page: Page, site: Site) -> None:
    """Open measure 7 as an editor finds it: in the list."""
    page.goto(f"{site.address}/admin/reforms/measure/?q=7")
    page.locator("#result_list").get_by_role("link", name="7", exact=True).first.click()


def propose(page: Page, site: Site, **typed: str) -> str:
    """Type into the form of measure 7, propose, and return the address of the proposal."""
    open_measure(page, site)
    for name, text in typed.items():
        page.fill(f"[name={name}]", text)
    page.locator("[name=_save]").click()
    expect(page.get_by_text("Saved as a proposal")).to_be_visible()
    return page.url


def decide(page: Page, address: str, button: str, comment: str = "") -> None:
    page.goto(address)
    page.fill("[name=comment]", comment)
    page.get_by_role("button", name=button).click()


def title(page: Page, site: Site, query: str = "") -> str:
    """Return the title that readers see."""
    page.goto(f"{site.address}/en/measures/{SOURCE}/7/{query}")
    return page.locator("h1").inner_text()


@pytest.mark.smoke
def test_a_day_in_an_editors_life(people: dict[str, Page], office: Site) -> None:
    li, wu, mei = people["li"], people["wu"], people["mei"]
    before = title(li, office)

    # Proposed, and nothing changes for readers; sent back, fixed, approved.
    mine = propose(li, office, title_en="Answer at once", reason="shorter")
    assert title(li, office) == before
    decide(mei, mine, "Send back", "Say who answers.")
    li.goto(f"{office.address}/admin/")
    li.get_by_role("link", name=re.compile("1 Sent back to you")).click()
    li.locator("#result_list tbody a").first.click()
    expect(li.get_by_text("Say who answers.")).to_be_visible()
    li.get_by_role("link", name="Revise", exact=True).click()
    li.fill("[name=title_en]", "Grid staff answer at once")
    li.fill("[name=reason]", "names who")
    li.get_by_role("button", name="Send to review again").click()
    decide(mei, mine, "Approve and publish", "Thanks.")
    assert "Grid staff answer at once" in title(mei, office)

    # A colleague's proposal is published first: the second is not, and is merged.
    mine = propose(li, office, title_en="Grid staff answer within minutes", reason="how fast")
    theirs = propose(wu, office, title_en="Grid staff reply at once", reason="plainer")
    decide(mei, theirs, "Approve and publish")
    mei.goto(mine)
    expect(mei.get_by_role("heading", name="The measure was saved since")).to_be_visible()
    assert mei.get_by_role("button", name="Approve and publish").count() == 0
    li.goto(mine)
    li.get_by_role("link", name="Bring it up to date").click()
    for text in ("reply", "within minutes"):
        expect(li.locator("table.merge")).to_contain_text(text)
    li.get_by_label("as proposed").check()
    li.get_by_role("button", name="Save for review").click()
    decide(mei, mine, "Approve and publish")
    assert "within minutes" in title(mei, office)

    # Back to the version before; nothing in between is lost.
    open_measure(li, office)
    li.locator(".object-tools").get_by_role("link", name="History").click()
    li.get_by_role("link", name="Go back to version 3").click()
    li.fill("[name=reason]", "it is not stated how fast")
    li.get_by_role("button", name="Propose to go back").click()
    li.goto(f"{office.address}/admin/reforms/proposal/?state=awaiting&author=me")
    li.locator("#result_list tbody a").first.click()
    decide(mei, li.url, "Approve and publish")
    assert "Grid staff reply at once" in title(mei, office)
    mei.goto(f"{office.address}/en/measures/{SOURCE}/7/history/")
    assert mei.locator(".correction").count() == 5

    # And the catalog as it was last week.
    last_week = date.today() - timedelta(days=7)
    assert title(mei, office, f"?as_at={last_week}") == before
