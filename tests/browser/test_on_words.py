"""On selected words in the admin, in Chromium: by mouse, by keyboard, and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.served import Site
from tests.browser.test_admin import open_measure, sign_in

FIGURE = "市政审批时间由56天压缩至15天"


@pytest.fixture
def english(new_context: Callable[..., BrowserContext], editable_site: Site) -> Page:
    page = new_context(locale="en-GB").new_page()
    sign_in(page, editable_site)
    return page


def open_words(page: Page, site: Site) -> None:
    page.goto(open_measure(page, site).split("?")[0].replace("/change/", "/words/"))


def drag(page: Page, words: str) -> None:
    """Draw the mouse over words of the text, from their first character to their last."""
    page.locator(".kind-practice .words").first.scroll_into_view_if_needed()
    places = page.evaluate(
        """(words) => {
          const parts = [...document.querySelectorAll(".kind-practice .word")];
          const text = parts.map((part) => part.textContent).join("");
          const wanted = text.indexOf(words);
          const box = (position) => {
            let passed = 0;
            for (const part of parts) {
              const node = part.querySelector("span").firstChild;
              if (position < passed + node.length) {
                const range = document.createRange();
                range.setStart(node, position - passed);
                range.setEnd(node, position - passed + 1);
                return range.getBoundingClientRect();
              }
              passed += node.length;
            }
          };
          const [from, to] = [box(wanted), box(wanted + words.length - 1)];
          return [from.left + 1, from.top + from.height / 2, to.right - 1, to.top + to.height / 2];
        }""",
        words,
    )
    page.mouse.move(places[0], places[1])
    page.mouse.down()
    page.mouse.move(places[2], places[3], steps=8)
    page.mouse.up()


@pytest.mark.smoke
def test_words_drawn_over_with_the_mouse_become_a_figure_with_their_numbers(
    english: Page, editable_site: Site
) -> None:
    page = english
    open_words(page, editable_site)
    drag(page, FIGURE)
    page.wait_for_selector("[data-selected]:not([hidden])")
    assert FIGURE in page.inner_text("[data-selected]")
    page.click("[data-selected-link]")
    assert page.inner_text(".chosen mark") == FIGURE
    page.click(".whats >> text=A figure")
    assert [page.input_value(f"#id_{name}") for name in ("before", "after", "unit_zh")] == [
        "56",
        "15",
        "天",
    ]
    page.select_option("#id_indicator", index=2)
    page.select_option("#id_nature", "achieved")
    page.fill("#id_scope_zh", "市政审批")
    page.fill("#id_scope_en", "municipal approval")
    page.click("#words_form [type=submit]")
    assert "Saved as version 2" in page.inner_text(".messagelist")


def test_part_of_a_word_is_taken_exactly(english: Page, editable_site: Site) -> None:
    page = english
    open_words(page, editable_site)
    drag(page, "政审批时")
    page.click("[data-selected-link]")
    assert page.inner_text(".chosen mark") == "政审批时"


def test_words_are_selected_with_the_keyboard_alone(english: Page, editable_site: Site) -> None:
    page = english
    open_words(page, editable_site)
    page.locator(".kind-title .word input").first.focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    page.wait_for_selector("[data-selected]:not([hidden])")
    page.keyboard.press("Enter")
    page.wait_for_url("**last=**")
    assert page.inner_text(".chosen mark") == "提供低压小微"
    page.locator(".whats a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**what=erratum**")
    page.locator("#id_reading").focus()
    page.keyboard.type("试")
    for _ in range(2):
        page.keyboard.press("Tab")
        page.keyboard.type("why")
    page.select_option("#id_confidence", "low")
    page.locator("#id_reason").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".messagelist .success")


def test_arrow_keys_alone_choose_a_first_word(english: Page, editable_site: Site) -> None:
    page = english
    open_words(page, editable_site)
    page.locator(".kind-title .word input").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**first=**")
    assert page.locator(".word.is-chosen").count() == 1
    page.locator(".kind-title .word input").nth(1).check(force=True)
    assert page.locator(".word.is-chosen").count() == 2


@pytest.mark.smoke
def test_a_point_is_made_without_scripts_from_a_locked_text(
    new_context: Callable[..., BrowserContext], editable_site: Site
) -> None:
    page = new_context(
        java_script_enabled=False, locale="en-GB", viewport={"width": 360, "height": 740}
    ).new_page()
    sign_in(page, editable_site)
    open_measure(page, editable_site)
    page.locator(".on-words-link").nth(1).click()
    assert page.url.endswith("/words/#text-practice-beijing")
    assert page.locator("#text-practice-beijing").is_visible()
    assert not page.locator("[data-words-hint]").is_visible()
    page.click("#text-practice-beijing .word:has-text('率先') >> nth=0")
    page.click("text=Next: the last word")
    page.click(".kind-practice .word:has-text('千伏安') >> nth=0")
    page.click("text=Next: what these words are")
    assert page.inner_text(".chosen mark").startswith("率先将低压供电容量标准由100千伏安")
    page.click(".whats >> text=A point")
    page.click("#words_form [type=submit]")
    assert "Nothing was saved: see below." in page.inner_text(".errornote")
    page.select_option("#id_theme", index=1)
    page.click("#words_form [type=submit]")
    assert "Saved as version 2" in page.inner_text(".messagelist")


def test_a_refused_and_an_overtaken_form_are_free_of_faults(
    english: Page,
    new_context: Callable[..., BrowserContext],
    editable_site: Site,
    axe_violations: Callable[[Page], list[str]],
) -> None:
    page = english
    open_words(page, editable_site)
    drag(page, FIGURE)
    page.click("[data-selected-link]")
    page.click(".whats >> text=A figure")
    page.click("#words_form [type=submit]")
    page.wait_for_selector(".errornote")
    assert axe_violations(page) == []
    other = new_context(locale="en-GB").new_page()
    sign_in(other, editable_site)
    open_measure(other, editable_site)
    other.fill("#id_title_en", "Theirs")
    other.click("[name=_save]")
    page.fill("#id_scope_zh", "还在这里")
    page.click("#words_form [type=submit]")
    page.wait_for_selector(".conflict")
    assert "Theirs" in page.inner_text(".conflict")
    assert page.input_value("#id_scope_zh") == "还在这里"
    assert axe_violations(page) == []
