"""What an editor does in the admin, in Chromium, with scripts and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.served import EDITOR, PASSWORD, Site

LIST = "/admin/reforms/measure/"
SIX = "6"


def sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/admin/login/?next=/admin/")
    page.fill("#id_username", EDITOR)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form [type=submit]")
    page.wait_for_url("**/admin/")


def open_measure(page: Page, site: Site, number: str = SIX) -> str:
    """Open a measure's page by its number in the list; return the page's address."""
    page.goto(f"{site.address}{LIST}?q={number}")
    page.click(f"#result_list a:has-text('{number}')")
    page.wait_for_url("**/change/**")
    return page.url


def select_words(page: Page, selector: str, words: str) -> None:
    """Select words of an element with the mouse's result: the document's selection."""
    found = page.evaluate(
        """([selector, words]) => {
          const node = document.querySelector(selector).firstChild;
          const start = node.data.indexOf(words);
          const range = document.createRange();
          range.setStart(node, start);
          range.setEnd(node, start + words.length);
          document.getSelection().removeAllRanges();
          document.getSelection().addRange(range);
          return start;
        }""",
        [selector, words],
    )
    assert found >= 0


def open_part(page: Page, part: str) -> None:
    page.click(f"#{part} > summary")


@pytest.mark.smoke
def test_an_editor_changes_a_measure_and_reads_it_on_the_public_page(
    new_context: Callable[..., BrowserContext], editable_site: Site
) -> None:
    page = new_context(locale="en-GB").new_page()
    sign_in(page, editable_site)
    address = open_measure(page, editable_site)
    page.fill("#id_title_en", "A title that an editor wrote")
    page.fill("#id_reason", "For the test")
    page.click("[name=_continue]")
    page.wait_for_selector(".messagelist .success")
    assert "Saved as version 2" in page.inner_text(".messagelist")
    page.click("text=History")
    assert "For the test" in page.inner_text("#change-history")
    page.goto(address)
    page.click("a.viewsitelink:has-text('English')")
    assert "A title that an editor wrote" in page.inner_text("h1")


def test_words_selected_in_the_text_become_a_point(signed_in: Page, editable_site: Site) -> None:
    page = signed_in
    address = open_measure(page, editable_site)
    page.click("[data-parts=points] .add-part")
    number = int(page.input_value("[name=points-TOTAL_FORMS]")) - 1
    select_words(page, "[data-source-text=practice][data-city=shanghai]", "合并提交申请")
    page.click(f"#points-{number} .use-selection")
    assert page.input_value(f"#id_points-{number}-words") == "合并提交申请"
    assert page.input_value(f"#id_points-{number}-city") == "shanghai"
    page.select_option(f"#id_points-{number}-theme", index=1)
    page.click("[name=_continue]")
    page.wait_for_selector(".messagelist .success")
    page.goto(address)
    assert "合并提交申请" in page.inner_text("[data-parts=points] details:nth-last-of-type(2)")


def test_words_that_stand_twice_are_chosen_by_their_context(
    signed_in: Page, editable_site: Site
) -> None:
    page = signed_in
    open_measure(page, editable_site)
    number = int(page.input_value("[name=points-TOTAL_FORMS]")) - 1
    open_part(page, f"points-{number}")
    page.select_option(f"#id_points-{number}-city", "beijing")
    page.select_option(f"#id_points-{number}-theme", index=2)
    page.fill(f"#id_points-{number}-words", "市政审批时间由")
    page.click("[name=_continue]")
    page.wait_for_selector(".errornote")
    places = page.locator(f"[name=points-{number}-occurrence]")
    assert places.count() == 2
    places.nth(1).check()
    page.click("[name=_continue]")
    page.wait_for_selector(".messagelist .success")


@pytest.mark.smoke
def test_everything_works_without_scripts(
    new_context: Callable[..., BrowserContext], editable_site: Site
) -> None:
    page = new_context(java_script_enabled=False, locale="en-GB").new_page()
    sign_in(page, editable_site)
    address = open_measure(page, editable_site)
    page.locator("details.type-over > summary").first.click()
    page.check("#id_title_is_typed_over")
    page.fill("#id_title_text", "我们的标题")
    page.click("[name=_continue]")
    assert "Saved as version 2" in page.inner_text(".messagelist")
    assert "edited by the catalog" in page.inner_text(".locked >> nth=0")
    page.locator(".locked summary:has-text('The printed words')").click()
    assert "零上门" in page.inner_text(".locked blockquote >> nth=0")

    page.goto(address.replace("/change/", "/words/"))
    page.click(".kind-practice_label .word:has-text('。')")
    page.click("text=Next: the last word")
    page.click(".kind-practice_label .word:has-text('。')")
    page.click("text=Next: what these words are")
    assert page.inner_text(".chosen mark") == "。"
    page.click(".whats >> text=Our cut is wrong")
    page.select_option("#id_role", "title")
    page.click("#words_form [type=submit]")
    assert "Saved as version 3" in page.inner_text(".messagelist")
    page.click(".object-tools >> text=Withdraw")
    page.fill("#id_reason_zh", "试验")
    page.fill("#id_reason_en", "A trial")
    page.click(".submit-row [type=submit]")
    assert "Saved as version 4" in page.inner_text(".messagelist")
    page.click(".object-tools >> text=Restore")
    page.click(".submit-row [type=submit]")
    assert "Saved as version 5" in page.inner_text(".messagelist")


def test_two_editors_and_one_measure(
    new_context: Callable[..., BrowserContext], editable_site: Site
) -> None:
    first, second = (new_context(locale="en-GB").new_page() for _ in range(2))
    for page in (first, second):
        sign_in(page, editable_site)
        open_measure(page, editable_site)
    first.fill("#id_title_en", "The first editor's title")
    first.click("[name=_save]")
    first.wait_for_selector(".messagelist .success")
    second.fill("#id_title_en", "The second editor's title")
    second.click("[name=_save]")
    second.wait_for_selector(".conflict")
    shown = second.inner_text(".conflict")
    assert "editor saved version 2" in shown
    assert "The first editor's title" in shown
    assert second.input_value("#id_title_en") == "The second editor's title"


def test_the_selected_are_edited_in_a_table_without_scripts_and_a_stale_one_says_so(
    new_context: Callable[..., BrowserContext],
    editable_site: Site,
    axe_violations: Callable[[Page], list[str]],
) -> None:
    plain = new_context(java_script_enabled=False, locale="en-GB").new_page()
    other = new_context(locale="en-GB", viewport={"width": 360, "height": 900}).new_page()
    for page in (plain, other):
        sign_in(page, editable_site)
        page.goto(f"{editable_site.address}{LIST}")
        for row in range(2):
            page.locator("#result_list [name=_selected_action]").nth(row).check()
        page.select_option("[name=action]", "edit_selected")
        page.click("[name=index]")
        page.wait_for_selector("#selected_form")
    for page, status in ((plain, "replicate"), (other, "for_reference")):
        page.locator("#selected_form select[name$=-status]").nth(0).select_option(status)
        page.fill("#id_reason", f"To {status}")
        page.click("#selected_form [type=submit]")
    assert "Saved 1 measure" in plain.inner_text(".messagelist")
    other.wait_for_selector(".conflict")
    assert "1 measure was not saved" in other.inner_text(".conflict")
    assert "To replicate" in other.inner_text(".refusal")
    assert other.locator("#selected_form select[name$=-status]").input_value() == "for_reference"
    assert axe_violations(other) == []
    assert other.evaluate("document.documentElement.scrollWidth") <= 360
    other.check("[name$=-is_agreed]")
    other.click("#selected_form [type=submit]")
    assert "Saved 1 measure" in other.inner_text(".messagelist")


def test_the_language_is_switched_on_the_page_and_stays_out_of_the_public_site(
    signed_in: Page, editable_site: Site
) -> None:
    page = signed_in
    page.goto(f"{editable_site.address}{LIST}")
    page.click(".language-switch button")
    assert page.locator("html").get_attribute("lang") == "en"
    page.click(".language-switch button")
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["django_language"]["path"] == "/admin/"


@pytest.mark.parametrize(
    ("locale", "scheme", "width"),
    [
        ("zh-CN", "light", 360),
        ("en-GB", "dark", 1440),
    ],
)
def test_axe_finds_nothing_and_no_page_is_wider_than_the_screen(
    new_context: Callable[..., BrowserContext],
    editable_site: Site,
    axe_violations: Callable[[Page], list[str]],
    page_faults: Callable[[Page], list[str]],
    locale: str,
    scheme: str,
    width: int,
) -> None:
    context = new_context(
        locale=locale, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    found: list[str] = []

    def check(address: str) -> None:
        page.goto(editable_site.address + address)
        found.extend(f"{address} {line}" for line in page_faults(page))

    check("/admin/login/")
    sign_in(page, editable_site)
    change = open_measure(page, editable_site).removeprefix(editable_site.address)
    change = change.split("?")[0]
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    found.extend(f"all parts open: {line}" for line in axe_violations(page))
    words = change.replace("/change/", "/words/")
    page.goto(editable_site.address + words)
    first = page.locator(".kind-practice .word input").first.get_attribute("value")
    pages = ["/admin/", LIST, f"{LIST}?q=zzz", change, words, f"{words}?first={first}"]
    chosen = f"{words}?first={first}&last={first}"
    pages += [chosen, *(f"{chosen}&what={what}" for what in ("erratum", "cut", "figure", "point"))]
    pages += [f"{words}?first=1"]
    pages += [change.replace("/change/", f"/{name}/") for name in ("history", "withdraw")]
    pages += [f"{LIST}{name}-selected/?id=1&id=2&id=3" for name in ("edit", "withdraw")]
    pages += ["/admin/reforms/category/", "/admin/reforms/category/1/change/"]
    pages += ["/admin/reforms/source/1/change/", "/admin/reforms/measureversion/1/change/"]
    pages += ["/admin/reforms/source/1/history/", "/admin/reforms/category/1/revert/1/"]
    pages += [change.replace("/change/", "/suggestions/"), "/admin/reforms/noticedraft/add/"]
    pages += ["/admin/reforms/importedfile/", "/admin/reforms/importedfile/add/"]
    for address in pages:
        check(address)
    assert not found, "\n".join(found)


def test_a_refused_page_is_free_of_faults_too(
    new_context: Callable[..., BrowserContext],
    editable_site: Site,
    axe_violations: Callable[[Page], list[str]],
) -> None:
    page = new_context(locale="en-GB").new_page()
    sign_in(page, editable_site)
    open_measure(page, editable_site)
    number = int(page.input_value("[name=points-TOTAL_FORMS]")) - 1
    open_part(page, f"points-{number}")
    page.select_option(f"#id_points-{number}-city", "beijing")
    page.fill(f"#id_points-{number}-words", "市政审批时间由")
    page.fill("#id_number", "7")
    page.click("[name=_save]")
    page.wait_for_selector(".errornote")
    assert re.search(r"The source prints 6\.", page.inner_text("#content-main"))
    assert axe_violations(page) == []
