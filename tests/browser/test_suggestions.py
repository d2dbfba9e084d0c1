"""What a person does with the suggestions of the search box: type, compose, move, choose, let go."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, Request, Route, expect

from tests.browser.served import Site
from tests.browser.test_pages import OVERFLOW

Contexts = Callable[..., BrowserContext]

# What the script waits for after a key, an answer's time, and some more, in milliseconds.
LONG_ENOUGH = 600


def open_home(page: Page, site: Site, code: str = "zh-hans") -> list[str]:
    """Open the first page; return the list to which each question for suggestions will be added."""
    page.goto(f"{site.address}/{code}/")
    asked: list[str] = []

    def on_request(request: Request) -> None:
        if is_question(request.url):
            asked.append(request.url)

    page.on("request", on_request)
    return asked


def is_question(address: str) -> bool:
    """Say whether an address asks for suggestions."""
    return "/suggestions/" in address


def type_words(page: Page, words: str) -> None:
    """Type words into the search box and wait for suggestions."""
    page.locator("#words").press_sequentially(words)
    expect(page.get_by_role("listbox")).to_be_visible()


def composing(page: Page) -> CDPSession:
    """Focus the search box and return a session that composes in it as an input method does."""
    page.locator("#words").focus()
    return page.context.new_cdp_session(page)


def compose(method: CDPSession, letters: str) -> None:
    """Show unfinished letters in the box, as an input method does."""
    place = {"selectionStart": len(letters), "selectionEnd": len(letters)}
    method.send("Input.imeSetComposition", {"text": letters, **place})


@pytest.mark.smoke
def test_typing_offers_words_and_titles(site: Site, page: Page) -> None:
    asked = open_home(page, site, "en")
    box = page.get_by_role("combobox", name="Words in measures")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_attribute("aria-autocomplete", "list")
    box.focus()
    page.wait_for_timeout(LONG_ENOUGH)
    assert asked == []
    type_words(page, "接电")
    assert len(asked) == 1
    options = page.get_by_role("option")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute(
        "aria-controls", page.get_by_role("listbox").get_attribute("id") or ""
    )
    expect(page.get_by_role("status")).to_have_text(f"{options.count()} suggestions")
    name = page.get_by_role("option", name="接电费")
    expect(name.locator("[lang]")).to_have_attribute("lang", "zh-Hans")
    title = options.filter(has_text="Measure 6")
    expect(title.locator("[lang]")).to_have_attribute("lang", "en")
    box.fill("")
    expect(options).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("")


def test_the_arrows_move_and_wrap_and_the_text_keeps_its_own_keys(site: Site, page: Page) -> None:
    open_home(page, site)
    box = page.locator("#words")
    type_words(page, "接电")
    options = page.get_by_role("option")
    chosen = page.get_by_role("option", selected=True)
    last = options.count() - 1
    expect(chosen).to_have_count(0)
    for key, place in (("ArrowDown", 0), ("ArrowUp", last), ("ArrowDown", 0), ("ArrowDown", 1)):
        box.press(key)
        identifier = options.nth(place).get_attribute("id") or ""
        expect(box).to_have_attribute("aria-activedescendant", identifier)
        expect(chosen).to_have_attribute("id", identifier)
    box.press("Home")
    expect(chosen).to_have_count(0)
    assert box.evaluate("box => box.selectionStart") == 0
    box.press("ArrowUp")
    expect(chosen).to_have_attribute("id", options.nth(last).get_attribute("id") or "")
    box.press("End")
    assert box.evaluate("box => box.selectionStart") == len("接电")
    expect(box).to_be_focused()


@pytest.mark.parametrize("by_mouse", [True, False])
def test_a_title_leads_to_its_page(site: Site, page: Page, by_mouse: bool) -> None:
    open_home(page, site)
    type_words(page, "双经理")
    title = page.get_by_role("option", name="实行接电工程双经理负责制")
    if by_mouse:
        title.hover()
        page.mouse.down()
        expect(page.locator("#words")).to_be_focused()
        page.mouse.up()
    else:
        page.keyboard.press("ArrowUp")
        expect(title).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
    page.wait_for_url("**/zh-hans/measures/*/8/")


@pytest.mark.parametrize("by_mouse", [True, False])
def test_a_name_fills_the_box_and_searches_with_what_else_is_chosen(
    site: Site, page: Page, by_mouse: bool
) -> None:
    page.goto(f"{site.address}/zh-hans/measures/?category=electricity")
    type_words(page, "接电")
    name = page.get_by_role("option").first
    words = name.locator("[lang]").inner_text()
    if by_mouse:
        name.click()
    else:
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "q=" in address)
    assert "category=electricity" in page.url
    expect(page.locator("#words")).to_have_value(words)
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_enter_without_a_choice_searches_for_what_was_typed(site: Site, page: Page) -> None:
    open_home(page, site)
    type_words(page, "双经理")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zh-hans/measures/?q=**")
    expect(page.locator("#words")).to_have_value("双经理")


def test_escape_closes_before_it_clears_and_tab_goes_on(site: Site, page: Page) -> None:
    asked = open_home(page, site)
    box = page.locator("#words")
    popup = page.get_by_role("listbox")
    type_words(page, "接电")
    box.press("Escape")
    expect(popup).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("接电")
    # What was answered is still there for the asking.
    box.press("ArrowDown")
    expect(popup).to_be_visible()
    assert len(asked) == 1
    box.press("Escape")
    box.press("Escape")
    expect(box).to_have_value("")
    type_words(page, "接电")
    box.press("Tab")
    expect(popup).to_have_count(0)
    expect(page.locator(".search-form button")).to_be_focused()


def test_nothing_is_asked_while_characters_are_composed(site: Site, page: Page) -> None:
    asked = open_home(page, site)
    method = composing(page)
    for letters in ("j", "ji", "jie", "jie d", "jie dian"):
        compose(method, letters)
        page.wait_for_timeout(LONG_ENOUGH / 3)
    assert asked == []
    page.keyboard.press("Enter")
    page.wait_for_timeout(LONG_ENOUGH)
    assert page.url == f"{site.address}/zh-hans/"
    method.send("Input.insertText", {"text": "接电"})
    expect(page.get_by_role("option").first).to_be_visible()
    assert asked == [f"{site.address}/zh-hans/suggestions/?q=%E6%8E%A5%E7%94%B5"]


def test_the_key_that_ends_a_composition_chooses_and_submits_nothing(
    site: Site, page: Page
) -> None:
    open_home(page, site)
    type_words(page, "接电")
    page.keyboard.press("ArrowDown")
    # Safari tells of the end first; its key then has the code 229.
    is_taken = page.locator("#words").evaluate(
        "box => !box.dispatchEvent(new KeyboardEvent("
        "'keydown', {key: 'Enter', keyCode: 229, bubbles: true, cancelable: true}))"
    )
    assert is_taken
    # The candidates of the input method have the place to themselves.
    compose(composing(page), "j")
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_have_count(0)
    assert page.url == f"{site.address}/zh-hans/"


def test_an_answer_that_comes_too_late_is_let_go(site: Site, page: Page) -> None:
    open_home(page, site)
    held: list[Route] = []
    page.route("**/suggestions/?q=c", lambda route: held.append(route))
    page.locator("#words").press_sequentially("c")
    with (
        page.expect_event("requestfailed", lambda request: is_question(request.url)),
        page.expect_response(lambda response: is_question(response.url)),
    ):
        page.wait_for_timeout(LONG_ENOUGH / 2)
        assert len(held) == 1
        page.locator("#words").press_sequentially("ases")
    expect(page.get_by_role("option").first).to_contain_text("Cases")


def test_a_refusal_a_failure_and_no_answer_open_nothing(site: Site, page: Page) -> None:
    asked = open_home(page, site)
    box = page.locator("#words")
    page.route(
        "**/suggestions/?q=refused", lambda route: route.fulfill(status=400, json={"error": "no"})
    )
    page.route("**/suggestions/?q=broken", lambda route: route.fulfill(status=500, body="<p>"))
    page.route("**/suggestions/?q=nothing", lambda route: route.fulfill(json={"suggestions": []}))
    for words in ("refused", "broken", "nothing"):
        box.fill("接电")
        expect(page.get_by_role("listbox")).to_be_visible()
        with page.expect_response(lambda response: is_question(response.url)):
            box.fill(words)
        expect(page.get_by_role("listbox")).to_have_count(0)
        expect(page.get_by_role("status")).to_have_text("")
    assert len(asked) == 6


def test_without_scripts_the_box_is_a_box_and_searches(site: Site, new_context: Contexts) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.address}/en/")
    expect(page.get_by_role("combobox")).to_have_count(0)
    expect(page.get_by_role("listbox")).to_have_count(0)
    box = page.get_by_role("searchbox", name="Words in measures")
    box.fill("双经理")
    box.press("Enter")
    page.wait_for_url("**/en/measures/?q=**")


@pytest.mark.parametrize("code", ["zh-hans", "en"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_the_open_list_is_readable_and_fits(
    site: Site,
    new_context: Contexts,
    axe_violations: Callable[[Page], list[str]],
    code: str,
    scheme: str,
    width: int,
) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()
    page.goto(f"{site.address}/{code}/measures/")
    type_words(page, "c" if code == "en" else "接电")
    page.keyboard.press("ArrowDown")
    assert axe_violations(page) == []
    assert page.evaluate(OVERFLOW) == []
    for option in page.get_by_role("option").all():
        box = option.bounding_box()
        assert box is not None
        assert box["height"] >= 24
        assert option.evaluate("option => option.scrollWidth <= option.clientWidth")
    page.emulate_media(media="print")
    expect(page.get_by_role("listbox")).to_have_count(0)
