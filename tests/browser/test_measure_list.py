"""What a person does with the list of measures: choose, apply, let go, go back; with and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.served import Site

Contexts = Callable[..., BrowserContext]


def rows(page: Page) -> int:
    """Return how many measures the page lists."""
    return page.locator(".measure-row").count()


def count_beside(page: Page, name: str, value: str) -> int:
    """Return the number beside a choice."""
    label = page.locator("label", has=page.locator(f"[name={name}][value='{value}']"))
    return int(label.locator(".facet-count").inner_text().split()[-1])


@pytest.mark.smoke
@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_narrows_the_list_and_finds_the_way_back(
    site: Site, new_context: Contexts, scripts: bool
) -> None:
    page = new_context(java_script_enabled=scripts).new_page()
    page.goto(f"{site.address}/zh-hans/measures/")
    assert rows(page) == 19
    promised = count_beside(page, "category", "trade")
    page.locator(".filters [name=category][value=trade]").check()
    # A box does not submit by itself.
    assert page.url.endswith("/measures/")
    page.locator(".filters-actions button").click()
    page.wait_for_url("**category=trade**")
    assert rows(page) == promised
    page.locator(".filters [name=coverage][value='only:beijing']").check()
    promised = count_beside(page, "coverage", "only:beijing")
    page.locator("[name=q]").press("Enter")
    page.wait_for_url("**coverage=only**")
    assert rows(page) == promised
    expect(page.locator(".filters [name=category][value=trade]")).to_be_checked()
    page.locator(".chip-remove").first.click()
    page.wait_for_url(lambda address: "category" not in address)
    assert "coverage=only" in page.url
    page.go_back()
    page.wait_for_url("**category=trade**")
    assert rows(page) == promised
    expect(page.locator(".filters [name=category][value=trade]")).to_be_checked()


def test_a_copied_address_gives_the_same_page(site: Site, new_context: Contexts) -> None:
    address = f"{site.address}/en/measures/?category=taxes&category=trade&sort=-number&page_size=3"
    first, second = new_context().new_page(), new_context().new_page()
    first.goto(address)
    second.goto(first.url)
    first.reload()
    assert first.locator("main").inner_text() == second.locator("main").inner_text()
    assert rows(first) == 3


def test_the_language_switch_keeps_the_list(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/zh-hans/measures/?category=taxes&sort=-number")
    titles = page.locator(".measure-number .numeral").all_inner_texts()
    page.locator(".language-switch a").click()
    page.wait_for_url("**/en/measures/?category=taxes&sort=-number")
    assert page.locator(".measure-number .numeral").all_inner_texts() == titles


@pytest.mark.parametrize("scripts", [True, False])
def test_filters_open_on_a_phone(site: Site, new_context: Contexts, scripts: bool) -> None:
    context = new_context(java_script_enabled=scripts, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{site.address}/en/measures/")
    box = page.locator(".filters [name=category][value=taxes]")
    expect(box).not_to_be_visible()
    page.locator(".filters > summary").click()
    expect(box).to_be_visible()
    box.check()
    page.locator(".filters-actions button").click()
    page.wait_for_url("**category=taxes**")
    assert rows(page) == 2


def test_a_wide_screen_shows_the_filters_without_a_click(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/en/measures/")
    expect(page.locator(".filters [name=category][value=taxes]")).to_be_visible()
    expect(page.locator(".filters > summary")).not_to_be_visible()


def test_an_empty_list_leads_out_in_one_click(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/en/measures/?category=trade&kind=share&outcome=stated")
    assert rows(page) == 0
    way = page.locator(".empty li").first
    promised = int("".join(letter for letter in way.inner_text().split()[-2] if letter.isdigit()))
    way.locator("a").click()
    page.wait_for_load_state()
    assert rows(page) == promised > 0


@pytest.mark.parametrize("address", ["measures/?category=nope", "measures/?page=99"])
@pytest.mark.parametrize("code", ["zh-hans", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_refusals(
    site: Site,
    new_context: Contexts,
    axe_violations: Callable[[Page], list[str]],
    address: str,
    code: str,
    scheme: str,
) -> None:
    page = new_context(color_scheme=scheme).new_page()
    page.goto(f"{site.address}/{code}/{address}")
    assert axe_violations(page) == []


def test_a_mark_of_the_matrix_leads_to_its_city(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/en/")
    page.locator("a.presence-not_stated").first.click()
    page.wait_for_url("**#beijing")
    assert page.locator("#beijing").count() == 1


def test_the_search_box_of_the_first_page_leads_to_the_list(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/zh-hans/")
    page.locator("[name=q]").fill("双经理")
    page.locator("[name=q]").press("Enter")
    page.wait_for_url("**/zh-hans/measures/?q=**")
    assert page.locator(".measure-number .numeral").all_inner_texts() == ["8"]
