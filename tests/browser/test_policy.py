"""The served site keeps to its own policy: strict headers, hashed static files, no cookie for readers."""

import re
import subprocess
import urllib.request
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.served import ROOT, Site

pytestmark = pytest.mark.smoke


def test_the_stock_admin_keeps_to_the_content_security_policy(
    signed_in: Page, editable_site: Site
) -> None:
    # The page fixture fails the test on any violation that the browser reports.
    for address in ("auth/user/", "auth/user/add/", "auth/user/1/change/", "password_change/"):
        response = signed_in.goto(f"{editable_site.address}/admin/{address}")
        assert response is not None
        assert response.status == 200
        assert "no-store" in response.headers["cache-control"]
    signed_in.locator("form[action$='logout/'] [type=submit]").click()
    signed_in.wait_for_url("**/admin/logout/")


def test_a_violation_would_be_seen(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{site.address}/zh-hans/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.wait_for_timeout(200)
    page.close()
    assert any("Content Security Policy" in text for text in said)


def test_public_pages_set_no_cookie_and_store_nothing(page: Page, site: Site) -> None:
    for language in ("zh-hans", "en"):
        for address, status in (
            ("", 200),
            ("measures/", 200),
            ("compare/", 200),
            ("nowhere/", 404),
        ):
            response = page.goto(f"{site.address}/{language}/{address}")
            assert response is not None
            assert response.status == status, address
            assert "set-cookie" not in response.headers
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_static_files_are_hashed_compressed_and_kept_for_ever(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/zh-hans/")
    sheets = page.eval_on_selector_all(
        "link[rel=stylesheet]", "links => links.map(link => link.href)"
    )
    assert sheets
    for address in sheets:
        assert re.search(r"/static/.+\.[0-9a-f]{12}\.css$", address)
        request = urllib.request.Request(address, headers={"Accept-Encoding": "br, gzip"})
        with urllib.request.urlopen(request) as answer:
            assert "immutable" in answer.headers["Cache-Control"]
            assert answer.headers["Content-Encoding"] in {"br", "gzip"}


def test_a_forwarded_header_from_a_stranger_counts_for_nothing(site: Site) -> None:
    request = urllib.request.Request(
        f"{site.address}/admin/login/",
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    )
    with urllib.request.urlopen(request) as answer:
        assert b"evil.example" not in answer.read()
        assert "Secure" not in (answer.headers["Set-Cookie"] or "")
    stranger = urllib.request.Request(f"{site.address}/zh-hans/", headers={"Host": "evil.example"})
    with pytest.raises(HTTPError) as refused:
        urllib.request.urlopen(stranger)
    assert refused.value.code == 400


def test_a_second_load_and_a_restart_change_nothing(editable_site: Site) -> None:
    before = editable_site.manage("export_catalog")
    editable_site.manage("migrate", "-v", "0")
    editable_site.manage("load_catalog")
    assert editable_site.manage("export_catalog") == before
    check = subprocess.run(
        ["make", "--dry-run", "serve"], cwd=ROOT, text=True, capture_output=True, check=True
    )
    assert "loaddata" not in check.stdout
