"""What a person does with the basket: gather, stay at the place, order, share; with and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.served import Site

SOURCE = "fuzhi-tuiguang-gaige-jucuo"
Contexts = Callable[..., BrowserContext]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_gathers_measures_and_stays_at_the_row(
    site: Site, new_context: Contexts, scripts: bool
) -> None:
    page = new_context(
        java_script_enabled=scripts, viewport={"width": 360, "height": 740}
    ).new_page()
    page.goto(f"{site.address}/en/measures/")
    for count, key in enumerate(("7", "16"), start=1):
        row = page.locator(f"#{SOURCE}-{key}")
        row.get_by_role("link", name="Add to the basket").click()
        expect(page.locator(".basket-count")).to_have_text(str(count))
        choice = row.locator(".basket-choice")
        expect(choice).to_be_in_viewport()
        expect(choice).to_contain_text("In the basket")
        # And the title above it, so that the reader sees which row it is.
        expect(row.locator(".measure-row-title")).to_be_in_viewport()
    page.locator(".basket-link").click()
    assert page.locator(".basket-row .numeral").all_inner_texts() == ["7", "16"]
    page.get_by_role("link", name="Down").first.click()
    assert page.locator(".basket-row .numeral").all_inner_texts() == ["16", "7"]
    page.get_by_role("link", name="Compare them").click()
    assert page.locator(".compare-group .numeral").all_inner_texts()[:2] == ["16", "7"]
    expect(page.locator(".basket-count")).to_have_text("2")


def test_a_search_and_a_suggestion_keep_the_basket(site: Site, new_context: Contexts) -> None:
    page = new_context().new_page()
    page.goto(f"{site.address}/en/?item={SOURCE}:7&item={SOURCE}:6")
    page.locator("#words").press_sequentially("12")
    page.get_by_role("option").first.click()
    page.wait_for_url(f"**/measures/{SOURCE}/12/**")
    expect(page.locator(".basket-count")).to_have_text("2")
    page.goto(f"{site.address}/en/?item={SOURCE}:7&item={SOURCE}:6")
    page.locator("#words").fill("electricity")
    page.locator("#words").press("Enter")
    page.wait_for_url("**q=electricity**")
    expect(page.locator(".basket-count")).to_have_text("2")


def test_the_link_to_share_is_copied_whole(site: Site, new_context: Contexts) -> None:
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.address)
    page = context.new_page()
    page.goto(f"{site.address}/en/basket/?item={SOURCE}:7&item={SOURCE}:6:beijing")
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#copied")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{site.address}/en/basket/?item={SOURCE}:7&item={SOURCE}:6:beijing"
