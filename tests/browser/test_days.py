"""Another day is chosen at the foot of a page, without scripts and with the keyboard alone."""

from playwright.sync_api import expect

from tests.browser.served import Site
from tests.browser.test_pages import TODAY, Contexts


def test_a_day_is_chosen_at_the_foot_and_left_at_the_head(
    site: Site, new_context: Contexts
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.address}/en/measures/?category=electricity&sort=-number")
    listed = page.locator(".measure-row").count()
    page.get_by_label("This page as it was at the end of a day").fill(TODAY.isoformat())
    page.keyboard.press("Enter")
    expect(page).to_have_url(
        f"{site.address}/en/measures/?category=electricity&sort=-number&as_at={TODAY}"
    )
    expect(page.locator(".day-shown")).to_contain_text(f"{TODAY.day} {TODAY:%B %Y}")
    assert page.locator(".measure-row").count() == listed
    page.locator(".measure-row-title a").first.click()
    expect(page.locator(".day-shown")).to_be_visible()
    page.get_by_role("link", name="Show this page as it is now").click()
    expect(page.locator(".day-shown")).to_have_count(0)
    assert "as_at" not in page.url
