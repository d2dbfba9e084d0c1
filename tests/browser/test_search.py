"""What a person does who searches: find, narrow, open, go back and forward; with and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.served import Site

Contexts = Callable[..., BrowserContext]
SOURCE = "fuzhi-tuiguang-gaige-jucuo"
PAGES = {
    "words": "measures/?q=审批",
    "synonyms": "measures/?q=办电",
    "mended": "measures/?q=受里",
    "most of the words": "measures/?q=审批 zhfkxq bvhgwp",
    "nothing": "measures/?q=火星 审批",
    "nothing to find": "measures/?q=。",
    "marked measure": f"measures/{SOURCE}/6/?q=审批",
    "marked comparison": "compare/?q=审批&category=electricity",
}


def state(page: Page) -> tuple[str, str, list[str]]:
    """Return what the page shows: its address, the words in the box, the measures in order."""
    numbers = page.locator(".measure-number .numeral").all_inner_texts()
    return page.url, page.locator("#words").input_value(), numbers


@pytest.mark.smoke
@pytest.mark.parametrize("scripts", [True, False])
def test_back_forward_reload_and_a_copied_address_give_the_same_page(
    site: Site, new_context: Contexts, scripts: bool
) -> None:
    context = new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{site.address}/zh-hans/measures/")
    page.locator("#words").fill("审批")
    page.locator(".search-row button").click()
    page.wait_for_url("**q=**")
    found = state(page)
    assert found[2][0] == "6"
    page.locator("[name=category][value=electricity]").check()
    page.locator(".filters-actions button").click()
    page.wait_for_url("**category=electricity**")
    narrowed = state(page)
    assert narrowed[2] == ["6", "8"]
    page.locator(".sort a", has_text="编号从大到小").click()
    page.wait_for_url("**sort=-number**")
    sorted_by_number = state(page)
    assert sorted_by_number[2] == ["8", "6"]
    page.go_back()
    assert state(page) == narrowed
    expect(page.locator("[name=category][value=electricity]")).to_be_checked()
    page.go_back()
    assert state(page) == found
    expect(page.locator("[name=category][value=electricity]")).not_to_be_checked()
    page.go_forward()
    assert state(page) == narrowed
    page.reload()
    assert state(page) == narrowed
    copy = context.new_page()
    copy.goto(page.url)
    assert state(copy) == narrowed
    assert context.cookies() == []


@pytest.mark.smoke
def test_a_hit_is_followed_into_the_measure(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/zh-hans/measures/?q=掘路审批时间")
    expect(page.locator(".excerpt mark").first).to_have_text("掘路审批时间")
    page.locator(".measure-row-title a").first.click()
    page.wait_for_url(f"**/measures/{SOURCE}/6/?q=**")
    page.get_by_role("link", name="跳到第一处").click()
    target = page.url.partition("#")[2]
    mark = page.locator(f"#{target}")
    assert mark.evaluate("element => element.tagName") == "MARK"
    expect(mark).to_be_in_viewport()
    page.get_by_role("link", name="不作标记").click()
    page.wait_for_url(f"**/measures/{SOURCE}/6/")
    assert page.locator("mark").count() == 0


def test_synonyms_can_be_left_out(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/en/measures/?q=title+deed")
    assert sorted(state(page)[2]) == ["10", "11", "9"]
    page.get_by_role("link", name="Search for exactly what was typed").click()
    page.wait_for_url("**q=%22title%22+%22deed%22")
    assert state(page)[2] == []
    expect(page.locator(".search-notes")).to_have_count(0)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
@pytest.mark.parametrize("code", ["zh-hans", "en"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_nothing_where_words_were_sought(
    site: Site,
    new_context: Contexts,
    axe_violations: Callable[[Page], list[str]],
    path: str,
    code: str,
    scheme: str,
    width: int,
) -> None:
    viewport = {"width": width, "height": 900}
    page = new_context(color_scheme=scheme, viewport=viewport).new_page()
    page.goto(f"{site.address}/{code}/{path}")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
