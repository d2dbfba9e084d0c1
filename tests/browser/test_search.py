"""What a person does who searches: find, narrow, open, go back and forward; with and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.served import Site

Contexts = Callable[..., BrowserContext]
SOURCE = "fuzhi-tuiguang-gaige-jucuo"


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
    page.locator(".filters [name=category][value=electricity]").check()
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
    expect(page.locator(".filters [name=category][value=electricity]")).to_be_checked()
    page.go_back()
    assert state(page) == found
    expect(page.locator(".filters [name=category][value=electricity]")).not_to_be_checked()
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


@pytest.mark.parametrize("code", ["zh-hans", "en"])
@pytest.mark.parametrize("words", ["房产证", "受里", "办电时间压缩到5天", "审批 zhfkxq bvhgwp"])
def test_a_phone_shows_the_count_before_what_was_done_with_the_words(
    site: Site, new_context: Contexts, code: str, words: str
) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{site.address}/{code}/measures/?q={words}")
    count, notes = page.locator(".results-count"), page.locator(".search-notes")
    expect(count).to_be_in_viewport()
    above, below = count.bounding_box(), notes.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_mark_keeps_its_colour_and_gets_an_outline(
    site: Site, new_context: Contexts, scheme: str
) -> None:
    page = new_context(color_scheme=scheme).new_page()
    page.goto(f"{site.address}/zh-hans/measures/{SOURCE}/6/?q=掘路审批时间")
    first = page.locator("mark").first
    colour = first.evaluate("mark => getComputedStyle(mark).backgroundColor")
    page.get_by_role("link", name="跳到第一处").click()
    expect(page.locator("mark:target")).to_have_count(1)
    assert first.evaluate("mark => mark.matches(':target')")
    assert first.evaluate("mark => getComputedStyle(mark).backgroundColor") == colour
    assert first.evaluate("mark => getComputedStyle(mark).outlineStyle") == "solid"


def test_an_unfinished_word_is_followed_to_a_measure_by_keyboard(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/en/measures/")
    box = page.get_by_role("combobox", name="Words in measures")
    box.press_sequentially("registra")
    title = page.get_by_role("option").filter(has_text="Measure 9")
    expect(title).to_be_visible()
    while box.get_attribute("aria-activedescendant") != title.get_attribute("id"):
        box.press("ArrowDown")
    expect(title).to_have_attribute("aria-selected", "true")
    expect(box).to_be_focused()
    box.press("Enter")
    page.wait_for_url(f"**/en/measures/{SOURCE}/9/")


def test_letting_a_choice_go_leaves_what_was_typed_and_says_nothing_more(
    site: Site, page: Page
) -> None:
    page.goto(f"{site.address}/en/measures/")
    box = page.get_by_role("combobox", name="Words in measures")
    said = page.locator(".search-form [role=status]")
    box.press_sequentially("160kva")
    expect(said).to_have_text(re.compile(r"^\d+ suggestions?$"))
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("suggestions-"))
    expect(box).to_have_value("160kva")
    for key in ("Home", "End"):
        box.press("ArrowDown")
        box.press(key)
        assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowDown")
    box.press("Escape")
    assert box.get_attribute("aria-activedescendant") is None
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("160kva")
    expect(said).to_have_text("")
    box.press("Enter")
    page.wait_for_url("**/en/measures/?q=160kva**")
    assert "6" in state(page)[2]
