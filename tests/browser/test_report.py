"""Reporting an error in Chromium: with scripts and without, by pointer and by keyboard, and the queue."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.served import Site
from tests.browser.test_pages import OVERFLOW

Contexts = Callable[..., BrowserContext]
MEASURE = "measures/fuzhi-tuiguang-gaige-jucuo/6/"
WORDS = "率先将低压供电容量标准"
SELECT = """words => {
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const start = walker.currentNode.data.indexOf(words);
    if (start < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, start);
    range.setEnd(walker.currentNode, start + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return true;
  }
  return false;
}"""


def select(page: Page, words: str = WORDS) -> None:
    assert page.evaluate(SELECT, words)


def type_and_send(page: Page, message: str) -> None:
    page.fill("#report-message", message)
    # Quicker than a person is refused.
    page.wait_for_timeout(2100)
    page.get_by_role("button", name="Send the report").click()


@pytest.mark.parametrize("way", ["pointer", "keyboard", "foot"])
def test_selected_words_ride_along_and_the_report_reaches_the_queue(
    editable_site: Site, new_context: Contexts, way: str
) -> None:
    page = new_context().new_page()
    page.goto(f"{editable_site.address}/en/{MEASURE}")
    link = page.locator("footer a[data-report]" if way == "foot" else "main a[data-report]")
    if way == "keyboard":
        link.focus()
        select(page)
        page.keyboard.press("Enter")
    else:
        select(page)
        link.click()
    page.wait_for_url("**/en/report/**")
    expect(page.locator("#report-words")).to_have_value(WORDS)
    expect(page.locator(".report-page")).to_contain_text("version 1")
    type_and_send(page, f"By {way}")
    page.wait_for_url("**/en/report/thanks/**")
    assert page.context.cookies() == []
    page.get_by_role("link", name="Back to the page").click()
    assert page.url == f"{editable_site.address}/en/{MEASURE}"
    stored = editable_site.manage(
        "shell",
        "-v",
        "0",
        "-c",
        "from reforms.models import Report as R; print(R.objects.values_list('words', 'message').get())",
    )
    assert stored.strip() == str((WORDS, f"By {way}"))


def test_words_let_go_again_do_not_ride_along(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/en/{MEASURE}")
    link = page.locator("main a[data-report]")
    plain = link.get_attribute("href")
    select(page)
    link.dispatch_event("pointerdown")
    assert "words=" in str(link.get_attribute("href"))
    page.evaluate("getSelection().removeAllRanges()")
    link.dispatch_event("pointerdown")
    assert str(link.get_attribute("href")).endswith(str(plain))


def test_more_words_than_an_address_holds_are_cut(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/zh-hans/{MEASURE}")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('main'))")
    page.locator("footer a[data-report]").click()
    page.wait_for_url("**/report/**")
    assert 400 < len(page.locator("#report-words").input_value()) <= 2000


def test_a_report_is_sent_without_scripts(editable_site: Site, new_context: Contexts) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{editable_site.address}/en/figures/?kind=time")
    page.locator("main a[data-report]").click()
    expect(page.locator(".report-page")).to_contain_text("/en/figures/?kind=time")
    expect(page.locator("#report-website")).to_be_hidden()
    page.fill("#report-words", WORDS)
    page.fill("#report-contact", "reader@example.org")
    type_and_send(page, "Without scripts")
    expect(page.locator("h1")).to_contain_text("the report has come in")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_a_refused_report_says_why_and_passes_axe(
    site: Site,
    new_context: Contexts,
    axe_violations: Callable[[Page], list[str]],
    scheme: str,
    width: int,
) -> None:
    viewport = {"width": width, "height": 900}
    page = new_context(color_scheme=scheme, viewport=viewport).new_page()
    page.goto(f"{site.address}/en/report/")
    page.fill("#report-message", "Sent at once")
    page.fill("#report-words", "w" * 2001)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert")).to_contain_text("Not sent yet")
    expect(page.locator("#report-words-error")).to_contain_text("2001")
    expect(page.locator("#report-message")).to_have_value("Sent at once")
    assert axe_violations(page) == []
    assert page.evaluate(OVERFLOW) == []
    assert page.context.cookies() == []


def test_an_editor_handles_a_report(
    signed_in: Page, editable_site: Site, axe_violations: Callable[[Page], list[str]]
) -> None:
    page = signed_in
    page.goto(f"{editable_site.address}/en/{MEASURE}")
    page.locator("main a[data-report]").click()
    type_and_send(page, "Not 56 but 65")
    page.wait_for_url("**/thanks/**")
    page.goto(f"{editable_site.address}/admin/reforms/report/")
    page.locator("#result_list a").filter(has_text="Not 56 but 65").click()
    page.wait_for_url("**/change/")
    assert axe_violations(page) == []
    page.select_option("#id_state", "mended")
    page.fill("#id_note", "It was 56.")
    page.click("[name=_save]")
    page.wait_for_url("**/admin/reforms/report/")
    row = page.locator("#result_list tbody tr")
    expect(row.locator(".field-handled_by")).to_have_text("editor")
    assert axe_violations(page) == []
