"""Every kind of public page as a person meets it: axe, narrow screens, no scripts, the keyboard, paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.served import Site

SOURCE = "fuzhi-tuiguang-gaige-jucuo"
LANGUAGES = ("zh-hans", "en")
PAGES = {
    "home": "",
    "list": "measures/",
    "list, filtered": "measures/?category=electricity&q=%E5%AE%A1%E6%89%B9",
    "list, nothing found": "measures/?q=nothingisfoundbythis",
    "list, bad value": "measures/?page=0",
    "measure of two cities": f"measures/{SOURCE}/6/",
    "measure of one city": f"measures/{SOURCE}/16/",
    "fragment": f"measures/{SOURCE}/fragment-1/",
    "comparison": "compare/?category=taxes",
    "sources": "sources/",
    "source": f"sources/{SOURCE}/",
    "unknown address": "nothing/",
}
every_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
every_language = pytest.mark.parametrize("code", LANGUAGES)

Contexts = Callable[..., BrowserContext]
# Content that reaches past the right edge, but for what its own region scrolls.
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > width + 1)
    .slice(-5).map(e => e.outerHTML.slice(0, 160));
}"""
FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    name: (element.textContent || element.value || '').trim().slice(0, 60),
    href: element.getAttribute('href'),
    visible: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    inView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
  };
}"""


@every_page
@every_language
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_nothing(
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


@every_page
@every_language
def test_nothing_reaches_past_a_narrow_screen(
    site: Site, new_context: Contexts, path: str, code: str
) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{site.address}/{code}/{path}")
    assert page.evaluate(OVERFLOW) == []


@every_page
def test_a_page_is_whole_without_scripts(site: Site, new_context: Contexts, path: str) -> None:
    words = []
    for scripts in (True, False):
        page = new_context(java_script_enabled=scripts).new_page()
        page.goto(f"{site.address}/en/{path}")
        words.append(page.locator("main").text_content())
    assert words[0] == words[1]


@every_page
def test_the_keyboard_reaches_the_content_first(
    site: Site, new_context: Contexts, path: str
) -> None:
    page = new_context().new_page()
    page.goto(f"{site.address}/en/{path}")
    page.keyboard.press("Tab")
    first = page.evaluate(FOCUS)
    assert first["href"] == "#main"
    assert first["visible"]
    assert first["inView"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@every_page
def test_focus_is_seen_wherever_it_goes(site: Site, new_context: Contexts, path: str) -> None:
    page = new_context().new_page()
    page.goto(f"{site.address}/en/{path}")
    reached = []
    for _step in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found is None:
            break
        reached.append(found)
    assert len(reached) >= 6
    assert [found["name"] for found in reached if not (found["visible"] and found["inView"])] == []


@every_language
def test_the_switch_keeps_the_place(site: Site, page: Page, code: str) -> None:
    other = next(each for each in LANGUAGES if each != code)
    query = "measures/?city=shanghai&q=%E5%AE%A1%E6%89%B9"
    page.goto(f"{site.address}/{code}/{query}")
    page.locator(".language-switch a").click()
    assert page.url == f"{site.address}/{other}/{query}"
    assert page.context.cookies() == []


def test_a_label_in_the_source_leads_to_its_record_and_back(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/zh-hans/sources/{SOURCE}/")
    label = page.locator("a.role-city-label").first
    anchor = label.get_attribute("id")
    label.click()
    assert page.url.endswith(f"/measures/{SOURCE}/6/#beijing")
    page.locator(f"#beijing a[href*='/sources/{SOURCE}/#c']").first.click()
    assert f"/sources/{SOURCE}/#c" in page.url
    target = page.url.rpartition("#")[2]
    assert page.locator(f"#{target}").is_visible()
    assert abs(int(target[1:]) - int(str(anchor)[1:])) < 20


def test_a_citation_is_copied(site: Site, new_context: Contexts) -> None:
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site.address}/en/sources/{SOURCE}/")
    shown = page.locator(".citation-text").first.inner_text()
    button = page.locator("button[data-copy]").first
    # Before the size is taken: a click would scroll the button to where the reader sees it.
    button.scroll_into_view_if_needed()
    label, place = button.inner_html(), button.bounding_box()
    button.click()
    assert page.evaluate("navigator.clipboard.readText()") == " ".join(shown.split())
    assert button.inner_text() == "Copied"
    assert page.get_by_role("status").inner_text() == "Copied"
    expect(page.get_by_role("status")).to_be_empty()
    assert button.inner_html() == label
    assert button.bounding_box() == place


def test_paper_has_the_address_and_no_navigation(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/en/measures/{SOURCE}/6/")
    page.emulate_media(media="print")
    assert not page.locator(".site-nav").is_visible()
    assert page.locator(".print-footer").is_visible()
    assert f"/en/measures/{SOURCE}/6/" in page.locator(".print-footer").inner_text()
