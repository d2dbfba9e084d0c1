"""A measure and a comparison as a person reads them: following words, folding, printing, choosing cities."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.served import Site

SOURCE = "fuzhi-tuiguang-gaige-jucuo"
PHONE = {"width": 360, "height": 740}
Contexts = Callable[..., BrowserContext]

# The marked words, without what only a screen reader is told.
MARKED = """marks => marks.map(mark => {
  const copy = mark.cloneNode(true);
  copy.querySelectorAll('.mark-words').forEach(words => words.remove());
  return copy.textContent;
}).join('')"""


def open_measure(page: Page, site: Site, key: str, code: str = "en", query: str = "") -> None:
    page.goto(f"{site.address}/{code}/measures/{SOURCE}/{key}/{query}")


def test_a_figure_leads_to_its_words_in_the_source(page: Page, site: Site) -> None:
    open_measure(page, site, "6")
    figure = page.locator("#beijing-figure-4")
    quote = figure.locator("blockquote").inner_text()
    figure.get_by_role("link", name="Practice, in the source").click()
    page.wait_for_url(re.compile(rf"/sources/{SOURCE}/\?span=.+#span$"))
    expect(page.locator("#span")).to_be_in_viewport()
    marked = page.locator("mark.span-mark").evaluate_all(MARKED)
    assert marked == quote.replace("…", "")
    page.locator(".mark-note a").first.click()
    assert page.url.endswith(f"/measures/{SOURCE}/6/#beijing-figure-4")


def test_an_erratum_is_reached_from_its_mark_and_leads_back(page: Page, site: Site) -> None:
    open_measure(page, site, "8", "zh-hans")
    mark = page.locator("#beijing a.erratum-mark").first
    mark.click()
    note = page.locator("#erratum-8-1")
    expect(note).to_be_in_viewport()
    expect(note).to_contain_text("负责项目整体协调推进")
    note.locator("a").click()
    assert page.url.endswith("#erratum-8-1-mark")
    expect(mark).to_be_in_viewport()


def test_the_chinese_can_be_folded_away_and_a_link_into_it_opens_it(page: Page, site: Site) -> None:
    open_measure(page, site, "8")
    fold = page.locator("#beijing details").first
    words = fold.locator("blockquote")
    expect(words).to_be_visible()
    fold.locator("summary").click()
    expect(words).to_be_hidden()
    page.evaluate("location.hash = 'erratum-8-1-mark'")
    expect(words).to_be_visible()


def test_the_link_of_a_paragraph_can_be_reached_and_seen_with_the_keyboard(
    page: Page, site: Site
) -> None:
    open_measure(page, site, "6")
    anchor = page.locator("#beijing-p1 a.anchor")
    anchor.focus()
    assert float(anchor.evaluate("element => getComputedStyle(element).opacity")) == 1
    page.keyboard.press("Enter")
    assert page.url.endswith("#beijing-p1")


def test_previous_and_next_walk_through_the_list_the_reader_came_from(
    page: Page, site: Site
) -> None:
    open_measure(page, site, "9", query="?category=property-registration")
    seen = []
    while (following := page.locator("a[rel=next]")).count():
        following.click()
        seen.append(re.search(r"/([^/]+)/\?", page.url).group(1))  # type: ignore[union-attr]
    assert seen == ["10", "11"]


def test_cities_stand_side_by_side_and_on_a_phone_below_each_other(
    new_context: Contexts, site: Site
) -> None:
    for viewport, is_beside in ((None, True), (PHONE, False)):
        page = new_context(**({"viewport": viewport} if viewport else {})).new_page()
        open_measure(page, site, "6")
        boxes = [page.locator(name).bounding_box() for name in ("#beijing", "#shanghai")]
        assert boxes[0]
        assert boxes[1]
        assert (boxes[0]["y"] == boxes[1]["y"]) is is_beside
        assert (boxes[1]["x"] > boxes[0]["x"]) is is_beside


def test_on_a_phone_the_figures_keep_their_numbers_and_drop_their_plots(
    new_context: Contexts, site: Site
) -> None:
    page = new_context(viewport=PHONE).new_page()
    open_measure(page, site, "6")
    figure = page.locator("#beijing-figure-4")
    expect(figure.locator(".figure-sentence")).to_be_visible()
    expect(figure.locator("svg")).to_be_hidden()


def test_the_plot_runs_from_before_at_the_left_to_after_at_the_right(
    page: Page, site: Site
) -> None:
    open_measure(page, site, "6")
    plot = page.locator("#beijing-figure-4 svg")
    before = plot.locator(".plot-before").bounding_box()
    after = plot.locator(".plot-after").bounding_box()
    assert before
    assert after
    assert before["x"] < after["x"]
    expect(plot.locator(".plot-tick-label").last).to_have_text("0 days")


@pytest.mark.parametrize("path", [f"measures/{SOURCE}/6/", "compare/?category=electricity"])
def test_on_paper_nothing_is_folded_away(page: Page, site: Site, path: str) -> None:
    page.goto(f"{site.address}/zh-hans/{path}")
    translation = page.locator("details .translation[lang=en]").first
    expect(translation).to_be_hidden()
    page.emulate_media(media="print")
    assert translation.evaluate("element => element.getBoundingClientRect().height") > 20
    expect(page.locator(".neighbours, .compare-form").first).to_be_hidden()


def test_cities_are_chosen_and_swapped_with_a_button_and_without_scripts(
    new_context: Contexts, site: Site
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.address}/en/compare/")
    page.get_by_label("Getting electricity").check()
    page.get_by_role("button", name="Compare").click()
    assert "category=electricity" in page.url
    assert page.locator(".compare-table[id]").count() == 3
    page.get_by_role("link", name="Swap the columns").click()
    headings = page.locator("thead .city-heading").all_inner_texts()
    assert headings == ["Shanghai", "Beijing"] * 3


def test_the_names_of_the_cities_stay_in_view(new_context: Contexts, site: Site) -> None:
    page = new_context().new_page()
    page.goto(f"{site.address}/en/compare/")
    page.locator(f"[id='{SOURCE}-13']").scroll_into_view_if_needed()
    page.mouse.wheel(0, 400)
    row = page.locator(f"[id='{SOURCE}-13']")
    expect(row.locator("thead .city-heading").first).to_be_in_viewport()

    phone = new_context(viewport=PHONE).new_page()
    phone.goto(f"{site.address}/en/compare/{SOURCE}/13/")
    parts = phone.locator(f"[id='{SOURCE}-13'] .compare-part")
    labels = parts.locator(".cell-label:visible").all_inner_texts()
    assert labels == ["Beijing", "Shanghai"] * 3


def test_a_phone_surveys_every_row_and_opens_those_it_wants(
    new_context: Contexts, site: Site
) -> None:
    page = new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(f"{site.address}/en/compare/")
    expect(page.locator(".compare-head h2:visible")).to_have_count(19)
    expect(page.locator(".compare-survey:visible")).to_have_count(19)
    expect(page.locator(".compare-table:visible")).to_have_count(0)
    page.locator(".compare-fold > summary").nth(2).click()
    expect(page.locator(".compare-table:visible")).to_have_count(1)
    # The link of a row opens it, and leaves its head in sight.
    page.locator(".compare-jump").get_by_role("link", name="13").click()
    expect(page.locator(f"[id='{SOURCE}-13']")).to_be_in_viewport()
    expect(page.locator(f"[id='{SOURCE}-13-title']")).to_be_in_viewport()


def test_a_wide_screen_folds_no_row(new_context: Contexts, site: Site) -> None:
    page = new_context().new_page()
    for path in ("compare/", "compare/?by=theme"):
        page.goto(f"{site.address}/en/{path}")
        count = page.locator(".compare-table").count()
        assert count > 2
        expect(page.locator(".compare-table:visible")).to_have_count(count)
        expect(page.locator(".compare-fold > summary:visible")).to_have_count(0)


def test_a_count_leads_to_as_many_rows(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/en/compare/")
    link = page.locator(".compare-counts a", has_text="Only Shanghai")
    count = int(link.locator(".numeral").inner_text())
    link.click()
    assert page.locator(".compare-table[id]").count() == count > 0
