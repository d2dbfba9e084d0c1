"""Every kind of public page as a person meets it: axe, narrow screens, no scripts, the keyboard."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.served import Site

SOURCE = "fuzhi-tuiguang-gaige-jucuo"
LANGUAGES = ("zh-hans", "en")
# The history of a site that was just made begins and ends today, in its time zone.
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
BASKET = f"item={SOURCE}:7:beijing&item={SOURCE}:6&item={SOURCE}:16:beijing&item={SOURCE}:99"
PAGES = {
    "home": "",
    "list": "measures/",
    "list, filtered": "measures/?category=electricity&q=%E5%AE%A1%E6%89%B9",
    "list, nothing found": "measures/?q=nothingisfoundbythis",
    "list, synonyms": "measures/?q=办电",
    "list, mended": "measures/?q=受里",
    "list, most of the words": "measures/?q=审批 zhfkxq bvhgwp",
    "list, nothing to find": "measures/?q=。",
    "list, bad value": "measures/?page=0",
    "measure of two cities": f"measures/{SOURCE}/6/",
    "measure of one city": f"measures/{SOURCE}/16/",
    "measure with marks": f"measures/{SOURCE}/6/?q=审批",
    "fragment": f"measures/{SOURCE}/fragment-1/",
    "chapter": "chapter/?category=electricity",
    "chapter, nothing found": "chapter/?q=nothingisfoundbythis",
    "chapter, bad value": "chapter/?page=0",
    "comparison": "compare/?category=taxes",
    "comparison by theme": "compare/?by=theme&category=taxes",
    "comparison of one measure": f"compare/{SOURCE}/6/",
    "basket": f"basket/?{BASKET}",
    "basket, empty": "basket/",
    "basket, compared": f"basket/compare/?{BASKET}",
    "basket, refused": "basket/?item=x",
    "list with a basket": f"measures/?{BASKET}",
    "figures": "figures/",
    "comparison with marks": "compare/?q=审批&category=electricity",
    "sources": "sources/",
    "source": f"sources/{SOURCE}/",
    "source, marked": f"sources/{SOURCE}/?span=571-587&span=616-634",
    "source, bad marks": f"sources/{SOURCE}/?span=9-1",
    "report": "report/",
    "report of a measure": f"report/?measure={SOURCE}:6&version=1&words=审批",
    "report, refused": "report/?address=//elsewhere.example/",
    "report, thanks": f"report/thanks/?address=/en/measures/{SOURCE}/6/",
    "list of a day": f"measures/?category=electricity&as_at={TODAY}",
    "measure of a day": f"measures/{SOURCE}/6/?as_at={TODAY}",
    "day, refused": "measures/?as_at=0001-01-01",
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
def test_axe_finds_nothing_and_nothing_reaches_past_the_screen(
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
def test_the_keyboard_reaches_the_content_first_and_focus_is_seen_wherever_it_goes(
    site: Site, new_context: Contexts, path: str
) -> None:
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
    assert reached[0]["href"] == "#main"
    page.locator(".skip-link").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


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
    page.locator(f"#beijing a[href*='/sources/{SOURCE}/?span=']").first.click()
    assert page.url.endswith("#span")
    assert page.locator("#span").is_visible()
    start = int(page.url.partition("?span=")[2].partition("-")[0])
    assert abs(start - int(str(anchor)[1:])) < 20


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


def test_a_citys_words_are_copied_with_their_source_as_they_stand(
    site: Site, new_context: Contexts
) -> None:
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site.address}/zh-hans/measures/{SOURCE}/6/")
    fold = page.locator("#cite-beijing")
    fold.locator("summary").click()
    for name in ("held", "wide", "link"):
        field = fold.locator(f"#copy-beijing-{name}")
        fold.locator(f"button[data-copy=copy-beijing-{name}]").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == field.input_value()
        assert "\n" in copied
    assert copied.endswith(f"{site.address}/zh-hans/measures/{SOURCE}/6/#beijing")


def test_the_links_of_a_measure_and_of_a_comparison_are_copied(
    site: Site, new_context: Contexts
) -> None:
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    query = "compare/?q=%E5%AE%A1%E6%89%B9"
    for path in (f"measures/{SOURCE}/6/", query):
        page.goto(f"{site.address}/en/{path}")
        fold = page.locator("details.taken:has(#copy-link)")
        fold.locator("summary").first.click()
        fold.locator("button[data-copy=copy-link]").click()
        lines = str(page.evaluate("navigator.clipboard.readText()")).split("\n")
        assert lines[-1] == f"{site.address}/en/{path}"
        assert len(lines) >= 3


def test_what_is_copied_can_be_selected_without_scripts(site: Site, new_context: Contexts) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.address}/en/measures/{SOURCE}/6/")
    fold = page.locator("#cite-shanghai")
    fold.locator("summary").click()
    expect(fold.locator("#copy-shanghai-held")).to_be_visible()
    expect(fold.locator(".citation-text").first).to_be_visible()
    assert fold.locator("button:visible").count() == 0


@every_language
def test_open_folds_pass_axe_and_a_narrow_screen(
    site: Site, new_context: Contexts, axe_violations: Callable[[Page], list[str]], code: str
) -> None:
    for path in (f"measures/{SOURCE}/6/", "compare/?category=taxes"):
        page = new_context(viewport={"width": 360, "height": 740}).new_page()
        page.goto(f"{site.address}/{code}/{path}")
        page.evaluate(
            "document.querySelectorAll('.taken, .taken-point, .official').forEach(fold => fold.open = true)"
        )
        assert axe_violations(page) == []
        assert page.evaluate(OVERFLOW) == []
