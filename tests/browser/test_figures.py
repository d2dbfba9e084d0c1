"""What a person does with the list of figures: narrow it, follow a number to its words, see it drawn."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.served import Site

Contexts = Callable[..., BrowserContext]
ROWS = ".figure-list tr[id]"


@pytest.mark.smoke
@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_narrows_the_figures_and_lets_go(
    site: Site, new_context: Contexts, scripts: bool
) -> None:
    page = new_context(java_script_enabled=scripts).new_page()
    page.goto(f"{site.address}/zh-hans/figures/?repeated=each")
    assert page.locator(ROWS).count() == 61
    label = page.locator("label", has=page.locator("[name=kind][value=time]"))
    promised = int(label.locator(".facet-count").inner_text().split()[-1])
    page.locator("[name=kind][value=time]").check()
    assert page.url.endswith("?repeated=each")
    page.locator(".filters-actions button").click()
    page.wait_for_url("**kind=time**")
    assert "repeated=each" in page.url
    assert page.locator(ROWS).count() == promised
    page.locator(".chip-remove").click()
    page.wait_for_url(lambda address: "kind" not in address)
    assert page.locator(ROWS).count() == 61


def test_a_number_leads_to_its_sentence_and_to_its_measure(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/zh-hans/figures/?indicator=municipal-approval-time")
    quote = page.locator(".figure-words blockquote").inner_text().partition("…")[0]
    page.locator(".figure-words a[href*='/sources/']").first.click()
    anchor = page.url.rpartition("#")[2]
    passage = page.locator(f"#{anchor}")
    expect(passage).to_be_visible()
    assert quote[:8] in page.locator(f".source-record:has(#{anchor})").inner_text()
    page.go_back()
    page.locator(".figure-measure a").first.click()
    name = page.url.rpartition("#")[2]
    assert name == "beijing-figure-4"
    expect(page.locator(f"#{name}")).to_be_visible()


def test_a_row_leads_to_the_city_that_it_is_beside(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/en/figures/?indicator=road-excavation-approval-time")
    page.locator(".beside-same").first.click()
    target = page.url.rpartition("#")[2]
    expect(page.locator(f"#{target}")).to_be_in_viewport()
    assert "Shanghai" in page.locator(f"#{target}").inner_text()


@pytest.mark.parametrize("width", [820, 1024, 1280, 1440])
def test_words_of_a_plot_can_be_read_and_stay_in_their_cell(
    site: Site, new_context: Contexts, width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(f"{site.address}/en/figures/")
    sizes = page.eval_on_selector_all(
        ".figure-list .plot text",
        "nodes => nodes.map(n => parseFloat(getComputedStyle(n).fontSize) * n.getScreenCTM().a)",
    )
    assert len(sizes) > 10
    assert min(sizes) >= 9.5
    beyond = page.eval_on_selector_all(
        ".figure-list .plot text",
        "nodes => nodes.filter(n => n.getBoundingClientRect().right"
        " > n.closest('td').getBoundingClientRect().right).map(n => n.textContent)",
    )
    assert beyond == []


def test_a_phone_keeps_the_numbers_and_the_cities(site: Site, new_context: Contexts) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{site.address}/en/figures/?indicator=municipal-approval-time")
    expect(page.locator(ROWS).locator(".city-chip")).to_be_visible()
    expect(page.locator(".figure-list .figure-sentence")).to_contain_text("56")
    expect(page.locator(".figure-list .plot")).to_be_hidden()
    # The way to the other language stands beside the site's name.
    boxes = [page.locator(name).bounding_box() for name in (".site-name", ".language-switch")]
    assert all(boxes)
    assert abs(boxes[0]["y"] - boxes[1]["y"]) < 20  # type: ignore[index]


def test_paper_has_the_whole_table_and_its_drawings(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/zh-hans/figures/")
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    assert page.locator(ROWS).last.is_visible()
    assert page.locator(".figure-list .plot").first.is_visible()
