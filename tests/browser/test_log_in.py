"""How a person logs in, sets a second factor up and uses it, in Chromium, with scripts and without."""

from base64 import b32decode
from collections.abc import Callable
from pathlib import Path

import pytest
from django_otp.oath import totp
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.served import EDITOR, PASSWORD, Site

STEP_SECONDS = 30


def code_of(secret: str, steps_ahead: int = 0) -> str:
    """Return what an authenticator shows: now, or as one whose clock is a step ahead."""
    key = b32decode(secret.replace(" ", ""))
    return f"{totp(key, t0=-steps_ahead * STEP_SECONDS):06d}"


def type_password(page: Page, site: Site, password: str = PASSWORD) -> None:
    page.goto(f"{site.address}/admin/login/?next=/admin/")
    page.fill("#id_username", EDITOR)
    page.fill("#id_password", password)
    page.locator("#login-form [type=submit]").click()


def set_up(page: Page) -> tuple[str, list[str]]:
    """Set the second factor up on the pages; return the secret and the recovery codes."""
    page.locator("#user-tools a[href$='/two-factor/']").click()
    page.locator("#content-main [type=submit]").click()
    return confirm(page)


def confirm(page: Page) -> tuple[str, list[str]]:
    """Type what the page of the secret asks for; return the secret and the recovery codes."""
    secret = page.inner_text(".secret .code")
    assert page.locator(".qr-code svg title").count() == 1
    page.fill("#id_password", PASSWORD)
    page.fill("#id_code", code_of(secret))
    page.locator("#content-main [type=submit]").click()
    return secret, page.locator(".codes .code").all_inner_texts()


@pytest.mark.smoke
@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_second_factor_is_set_up_asked_for_and_taken_away(
    new_context: Callable[..., BrowserContext],
    editable_site: Site,
    tmp_path: Path,
    with_scripts: bool,
) -> None:
    page = new_context(locale="en-GB", java_script_enabled=with_scripts).new_page()
    type_password(page, editable_site)
    secret, codes = set_up(page)
    assert len(codes) == 10
    with page.expect_download() as downloading:
        page.click("a[download]")
    file = tmp_path / "codes.txt"
    downloading.value.save_as(file)
    assert set(codes) <= set(file.read_text(encoding="utf-8").split())

    other = new_context(locale="en-GB", java_script_enabled=with_scripts).new_page()
    type_password(other, editable_site)
    other.wait_for_url("**/admin/login/code/")
    other.fill("#id_code", code_of(secret, steps_ahead=1))
    other.locator("#login-form [type=submit]").click()
    other.wait_for_url(f"{editable_site.address}/admin/")

    other.goto(f"{editable_site.address}/admin/two-factor/remove/")
    other.fill("#id_password", PASSWORD)
    other.fill("#id_code", codes[0])
    other.locator("#content-main [type=submit]").click()
    assert "Two-factor log-in is removed." in other.inner_text(".messagelist")


def test_a_colleague_with_a_recovery_code_gets_in_and_sees_how_many_are_left(
    new_context: Callable[..., BrowserContext], editable_site: Site
) -> None:
    page = new_context(locale="en-GB").new_page()
    type_password(page, editable_site)
    _secret, codes = set_up(page)
    page.locator("#logout-form button").click()
    type_password(page, editable_site)
    # What is typed goes where the caret stands: in the field, without a click.
    expect(page.locator("#id_code")).to_be_focused()
    page.keyboard.type(codes[1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    page.locator("#user-tools a[href$='/two-factor/']").click()
    assert page.locator(".facts dd").last.inner_text() == "9"


def test_who_typed_too_many_wrong_passwords_reads_when_to_try_again_and_others_go_on(
    new_context: Callable[..., BrowserContext], editable_site: Site
) -> None:
    colleague = new_context(locale="en-GB").new_page()
    type_password(colleague, editable_site)
    colleague.locator("#logout-form button").click()
    stranger = new_context(locale="en-GB").new_page()
    for number in range(5):
        type_password(stranger, editable_site, f"guess {number}")
    assert "Try again in 15 minutes" in stranger.inner_text("#content-main")
    type_password(colleague, editable_site)
    colleague.wait_for_url(f"{editable_site.address}/admin/")


@pytest.mark.parametrize(
    ("locale", "scheme", "width"),
    [
        ("zh-CN", "light", 360),
        ("en-GB", "dark", 1440),
    ],
)
def test_axe_finds_nothing_on_the_pages_of_accounts(
    new_context: Callable[..., BrowserContext],
    editable_site: Site,
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

    def check(what: str) -> None:
        found.extend(f"{what} {line}" for line in page_faults(page))

    for number in range(5):
        type_password(page, editable_site, f"guess {number}")
        if number in (0, 4):
            check("log-in refused" if number else "log-in with an error")
    editable_site.manage("axes_reset")
    type_password(page, editable_site)
    for address in (
        *("auth/", "auth/user/", "auth/user/add/", "auth/user/1/change/", "auth/user/1/password/"),
        *("auth/user/1/history/", "auth/group/", "auth/group/add/", "password_change/"),
        *("catalog/", "catalog/login/", "catalog/failedlogin/", "catalog/countedfailure/"),
        *("catalog/login/1/change/", "catalog/failedlogin/1/change/", "catalog/login/?q=zzz"),
        *("two-factor/", "two-factor/reset/1/"),
    ):
        page.goto(f"{editable_site.address}/admin/{address}")
        check(address)
    for address, button in (
        ("password_change/", "[type=submit]"),
        ("auth/user/add/", "[name=_save]"),
    ):
        page.goto(f"{editable_site.address}/admin/{address}")
        page.locator(f"#content-main {button}").first.click()
        check(f"{address} with errors")
    page.goto(f"{editable_site.address}/admin/two-factor/")
    page.locator("#content-main [type=submit]").click()
    check("set up")
    _secret, codes = confirm(page)
    check("recovery codes")
    for address in ("", "codes/", "remove/", "reset/1/"):
        page.goto(f"{editable_site.address}/admin/two-factor/{address}")
        check(f"two-factor/{address}")
    page.locator("#logout-form button").click()
    check("logged out")
    type_password(page, editable_site)
    check("code")
    page.fill("#id_code", "000000")
    page.locator("#login-form [type=submit]").click()
    check("wrong code")
    assert len(codes) == 10
    assert found == []
