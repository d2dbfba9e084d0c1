"""Every kind of public page on paper: whole, black on white, with its address, its date and a code."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.served import Site

SOURCE = "fuzhi-tuiguang-gaige-jucuo"
LANGUAGES = ("zh-hans", "en")
PAGES = {
    "home": "",
    "list": "measures/?page_size=100",
    "measure of two cities": f"measures/{SOURCE}/6/",
    "measure of one city": f"measures/{SOURCE}/16/",
    "fragment": f"measures/{SOURCE}/fragment-1/",
    "chapter": "chapter/",
    "comparison": "compare/?category=taxes",
    "figures": "figures/?city=beijing",
    "sources": "sources/",
    "source": f"sources/{SOURCE}/",
}
every_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
every_language = pytest.mark.parametrize("code", LANGUAGES)

# In the 96 pixels of an inch: A4, by which media queries go, and A4 less the margins of print.css.
SHEET = round(210 / 25.4 * 96)
WIDTH = round((210 - 2 * 16) / 25.4 * 96)
# Modules of 0.4 mm and more are read by any telephone.
SMALLEST_MODULE = 0.4 / 25.4 * 96
PRESSED = """() => [...document.querySelectorAll('.site-nav, .language-switch, .skip-link, ' +
      '.filters, form, .sort, .pagination, .downloads, .neighbours, button, input, .anchor')]
    .filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 160))"""
# What reaches past the right edge of the print, where it would be cut.
CUT = """(width) => [...document.querySelectorAll('body *')]
    .filter(e => e.checkVisibility() && !e.closest('.visually-hidden, svg'))
    .filter(e => e.getBoundingClientRect().right > width + 1)
    .slice(-5).map(e => e.outerHTML.slice(0, 160))"""
# Folded parts that are not laid out, but for what there is to copy, which paper leaves out.
FOLDED = """() => [...document.querySelectorAll('main details')]
    .filter(e => e.checkVisibility())
    .flatMap(e => [...e.children].slice(1))
    .filter(e => !e.matches('.copy'))
    .filter(e => !e.checkVisibility() || e.getBoundingClientRect().height === 0)
    .map(e => e.outerHTML.slice(0, 160))"""


@pytest.fixture
def paper(page: Page) -> Page:
    """Open a page laid out for A4, for a reader whose screen is dark."""
    page.set_viewport_size({"width": SHEET, "height": 1000})
    page.emulate_media(media="print", color_scheme="dark")
    return page


def lay_out(paper: Page, address: str) -> None:
    """Go to an address and give it the width between the margins."""
    paper.goto(address)
    paper.evaluate("width => { document.documentElement.style.width = `${width}px`; }", WIDTH)


@every_page
@every_language
def test_paper_has_nothing_to_press_nothing_folded_and_nothing_cut(
    site: Site, paper: Page, path: str, code: str
) -> None:
    lay_out(paper, f"{site.address}/{code}/{path}")
    assert paper.evaluate(PRESSED) == []
    assert paper.evaluate(FOLDED) == []
    assert paper.evaluate(CUT, WIDTH) == []
    assert paper.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert paper.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@every_page
@every_language
def test_paper_says_where_and_when_and_a_screen_does_not(
    site: Site, paper: Page, path: str, code: str
) -> None:
    address = f"{site.address}/{code}/{path}"
    lay_out(paper, address)
    foot = paper.locator(".print-footer")
    assert foot.locator(".print-address").inner_text() == address
    assert re.search(r"\b\d{4}-\d\d-\d\d\b", foot.locator(".print-date").inner_text())
    code_drawn = foot.locator("svg.print-code")
    box = code_drawn.bounding_box()
    assert box
    modules = int(str(code_drawn.get_attribute("viewBox")).split()[2])
    assert box["width"] / modules >= SMALLEST_MODULE
    paper.emulate_media(media="screen")
    assert not foot.is_visible()


def test_what_a_form_asked_stands_on_paper_without_the_form(site: Site, paper: Page) -> None:
    lay_out(paper, f"{site.address}/zh-hans/compare/?category=trade")
    asked = paper.locator(".asked-on-paper")
    assert asked.is_visible()
    assert "跨境贸易" in asked.inner_text()


@every_language
@pytest.mark.parametrize("path", ["chapter/", "compare/", f"measures/{SOURCE}/6/"])
def test_paper_has_every_word_of_a_practice(
    site: Site, paper: Page, path: str, code: str, practices: dict[str, str]
) -> None:
    lay_out(paper, f"{site.address}/{code}/{path}")
    paper.locator(".erratum-mark").evaluate_all("marks => marks.forEach(mark => mark.remove())")
    words = "".join(paper.locator("main").inner_text().split())
    wanted = practices if "measures/" not in path else {"6": practices["6"]}
    assert [key for key, text in wanted.items() if text not in words] == []


@pytest.fixture(scope="session")
def practices(catalog_record: Any) -> dict[str, str]:
    """Give the first city's practice of each measure, without white space, by its key."""
    return {
        measure.key: "".join(measure.practices[0].practice_zh.split())
        for measure in catalog_record.measures
        if measure.practices
    }


def test_code_and_plots_are_drawn_in_black(site: Site, paper: Page) -> None:
    paper.goto(f"{site.address}/zh-hans/measures/{SOURCE}/6/")
    after = paper.locator(".plot .plot-after").first
    assert after.evaluate("e => getComputedStyle(e).fill") == "rgb(0, 0, 0)"
    before = paper.locator(".plot .plot-before").first
    assert before.evaluate("e => getComputedStyle(e).fill") == "rgb(255, 255, 255)"
    assert paper.locator(".print-code path").last.get_attribute("stroke") == "#000"


@every_language
@pytest.mark.parametrize("path", ["measures/", f"measures/{SOURCE}/6/", "compare/?category=taxes"])
def test_chromium_prints_it_as_a4(site: Site, page: Page, path: str, code: str) -> None:
    page.goto(f"{site.address}/{code}/{path}")
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}
