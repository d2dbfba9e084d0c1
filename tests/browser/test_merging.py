"""Two people and one measure, in Chromium: the second one merges, with the keyboard and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.served import Site
from tests.browser.test_admin import open_measure, sign_in

NewContext = Callable[..., BrowserContext]


def refused(new_context: NewContext, site: Site, **options: object) -> Page:
    """Return the page of whoever saved second, with the table of both changes."""
    first = new_context(locale="en-GB").new_page()
    second = new_context(**{"locale": "en-GB", **options}).new_page()
    for page in (first, second):
        sign_in(page, site)
        open_measure(page, site)
    first.fill("#id_title_en", "The first editor's title")
    first.select_option("#id_status", "replicate")
    first.fill("#id_reason", "First")
    first.click("[name=_save]")
    first.wait_for_selector(".messagelist .success")
    second.fill("#id_title_en", "The second editor's title")
    second.fill("#id_practice-beijing-summary_en", "A second summary")
    second.click("[name=_save]")
    second.wait_for_selector(".conflict table")
    return second


@pytest.mark.smoke
def test_both_changes_are_merged_without_scripts(
    new_context: NewContext, editable_site: Site
) -> None:
    page = refused(new_context, editable_site, java_script_enabled=False)
    shown = page.inner_text(".conflict")
    for words in ("First", "The first editor's title", "The second editor's title"):
        assert words in shown
    page.click(".merge-save [name=_merge]")
    page.wait_for_selector(".merge-errors")
    assert "Choose one of the two." in page.inner_text(".merge-errors")
    assert page.input_value("#id_title_en") == "The second editor's title"
    page.click(".merge-errors a")
    page.locator("tr:target").get_by_label("mine").check()
    page.click(".merge-save [name=_merge]")
    page.wait_for_selector(".messagelist .success")
    assert "Saved as version 3" in page.inner_text(".messagelist")
    open_measure(page, editable_site)
    assert page.input_value("#id_title_en") == "The second editor's title"
    assert page.input_value("#id_status") == "replicate"
    assert page.input_value("#id_practice-beijing-summary_en") == "A second summary"


def test_the_table_is_filled_in_with_the_keyboard(
    new_context: NewContext, editable_site: Site
) -> None:
    page = refused(new_context, editable_site)
    conflict = page.locator("tr.is-conflict").first
    radios = conflict.get_by_role("radio")
    assert [radios.nth(number).is_checked() for number in (0, 1)] == [False, False]
    radios.first.focus()
    page.keyboard.press("Space")
    assert radios.first.is_checked()
    page.keyboard.press("ArrowDown")
    assert radios.nth(1).is_checked()
    page.keyboard.press("Enter")
    page.wait_for_selector(".messagelist .success")
    open_measure(page, editable_site)
    assert page.input_value("#id_title_en") == "The second editor's title"


@pytest.mark.parametrize(
    ("locale", "scheme", "width"),
    [("zh-CN", "dark", 360), ("en-GB", "light", 360), ("zh-CN", "light", 1440)],
)
def test_the_table_reads_well_anywhere(
    new_context: NewContext,
    editable_site: Site,
    axe_violations: Callable[[Page], list[str]],
    locale: str,
    scheme: str,
    width: int,
) -> None:
    size = {"width": width, "height": 900}
    page = refused(new_context, editable_site, locale=locale, color_scheme=scheme, viewport=size)
    page.locator(".merge-save [name=_merge]").click()
    page.wait_for_selector(".merge-errors")
    assert axe_violations(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    # Stacked or not, a screen reader meets a table whose cells have headers.
    table = page.get_by_role("table").filter(has=page.get_by_role("radio"))
    assert table.get_by_role("columnheader").count() == 5
    assert table.get_by_role("rowheader").count() == table.get_by_role("row").count() - 1
    conflict = page.locator("tr.is-conflict").first
    stacked = conflict.evaluate(
        "row => row.cells[1].getBoundingClientRect().top < row.cells[3].getBoundingClientRect().top"
    )
    assert stacked == (width == 360)
