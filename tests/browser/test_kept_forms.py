"""Typing that is not lost, in Chromium: an ended log-in, a page left by mistake, no scripts at all."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page

from tests.browser.served import EDITOR, PASSWORD, Site
from tests.browser.test_admin import LIST, open_measure, open_part, sign_in

END_LOG_INS = "from django.contrib.sessions.models import Session; Session.objects.all().delete()"


def end_log_ins(site: Site) -> None:
    site.manage("shell", "-c", END_LOG_INS)


def log_in_here(page: Page) -> None:
    """Type name and password on the log-in page that is open."""
    page.fill("#id_username", EDITOR)
    page.fill("#id_password", PASSWORD)
    page.locator("#login-form [type=submit]").click()


@pytest.mark.smoke
@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_log_in_that_ends_while_somebody_types_loses_nothing(
    new_context: Callable[..., BrowserContext],
    editable_site: Site,
    axe_violations: Callable[[Page], list[str]],
    with_scripts: bool,
) -> None:
    page = new_context(locale="en-GB", java_script_enabled=with_scripts).new_page()
    sign_in(page, editable_site)
    address = open_measure(page, editable_site)
    page.fill("#id_title_en", "Typed for more than half an hour")
    page.fill("#id_reason", "For the test")
    end_log_ins(editable_site)
    page.locator("[name=_save]").click()
    assert "Your log-in was over" in page.inner_text(".messagelist")
    log_in_here(page)
    assert page.url == address
    assert page.input_value("#id_title_en") != "Typed for more than half an hour"
    if with_scripts:
        assert axe_violations(page) == []
    page.locator("button:has-text('Show it')").click()
    assert "It is not saved yet" in page.inner_text(".kept")
    assert page.input_value("#id_title_en") == "Typed for more than half an hour"
    if with_scripts:
        assert axe_violations(page) == []
        assert page.inner_text(".unsaved-note") == "Unsaved changes"
    page.locator("[name=_save]").click()
    assert "Saved as version 2" in page.inner_text(".messagelist")
    assert page.url == f"{editable_site.address}{LIST}?q=6"
    page.goto(address)
    assert page.input_value("#id_title_en") == "Typed for more than half an hour"
    assert page.locator(".kept").count() == 0


def test_a_form_open_while_somebody_logs_in_anew_is_given_back_and_saved(
    new_context: Callable[..., BrowserContext],
    editable_site: Site,
    axe_violations: Callable[[Page], list[str]],
) -> None:
    context = new_context(locale="en-GB")
    page = context.new_page()
    sign_in(page, editable_site)
    open_measure(page, editable_site)
    page.fill("#id_title_en", "Typed before")
    end_log_ins(editable_site)
    sign_in(context.new_page(), editable_site)
    page.locator("[name=_save]").click()
    assert "You logged in anew" in page.inner_text("#content-main")
    assert axe_violations(page) == []
    page.locator("#content-main [type=submit]").click()
    assert "Saved as version 2" in page.inner_text(".messagelist")


def test_a_page_with_unsaved_changes_says_so_and_asks_before_it_is_left(
    new_context: Callable[..., BrowserContext], editable_site: Site
) -> None:
    page = new_context(locale="en-GB").new_page()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    sign_in(page, editable_site)
    address = open_measure(page, editable_site)
    note = page.locator(".unsaved-note")
    assert note.get_attribute("role") == "status"
    assert note.inner_text() == ""
    opened = page.input_value("#id_title_en")
    page.fill("#id_title_en", "Typed")
    assert note.inner_text() == "Unsaved changes"
    page.fill("#id_title_en", opened)
    assert note.inner_text() == ""
    page.goto(f"{editable_site.address}{LIST}")
    assert asked == [], "put back as it was, so nothing to ask"

    page.goto(address)
    page.select_option("#id_status", index=1)
    assert note.inner_text() == "Unsaved changes"
    page.evaluate("document.querySelector('.breadcrumbs a').click()")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert page.url == address
    page.fill("#id_number", "77")
    page.locator("[name=_save]").click()
    page.wait_for_selector(".errornote")
    assert asked == ["beforeunload"], "a save is not asked about"
    assert note.inner_text() == "Unsaved changes", "a refused page is not saved"
    page.fill("#id_number", "6")
    page.locator("[name=_save]").click()
    page.wait_for_selector(".messagelist .success")
    assert asked == ["beforeunload"]


def save(page: Page, said: str, button: str = "[name=_save]") -> None:
    """Press a button that saves; the next page says so."""
    page.locator(button).first.click()
    refused = page.locator(".errornote, .errorlist").all_inner_texts()
    assert refused == []
    assert said in page.inner_text(".messagelist")


# A new part of measure 6: which kind, and what is typed into its fields. A name in brackets is
# chosen from a list.
PARTS = {
    "points": {"[city]": "shanghai", "words": "合并提交申请", "[theme]": "any-office"},
    "figures": {
        "[city]": "shanghai",
        "[stated_in]": "outcome",
        "words": "办电全程不超过15天",
        "[indicator]": "electricity-connection-total-time",
        "[nature]": "limit",
        "value": "15",
        "printed": "15天",
        "unit_zh": "天",
        "unit_en": "days",
        "scope_zh": "办电全程",
        "scope_en": "The whole process",
    },
    "errata": {
        "[stands_in]": "title",
        "words": "零投资",
        "reading": "免投资",
        "reason_zh": "试验",
        "reason_en": "A trial",
        "[confidence]": "high",
        "[decision]": "open",
    },
}
WORD = {
    "slug": "trial",
    "name_zh": "试验",
    "name_en": "Trial",
    "definition_zh": "试验。",
    "definition_en": "A trial.",
}


@pytest.mark.smoke
def test_every_kind_of_part_and_word_is_saved_without_scripts(
    new_context: Callable[..., BrowserContext], editable_site: Site
) -> None:
    page = new_context(java_script_enabled=False, locale="en-GB").new_page()
    sign_in(page, editable_site)
    address = open_measure(page, editable_site)
    for version, (kind, fields) in enumerate(PARTS.items(), 2):
        page.goto(address)
        number = int(page.input_value(f"[name={kind}-TOTAL_FORMS]")) - 1
        open_part(page, f"{kind}-{number}")
        for name, text in fields.items():
            field = f"#id_{kind}-{number}-{name.strip('[]')}"
            if name.startswith("["):
                page.select_option(field, text)
            else:
                page.fill(field, text)
        save(page, f"Saved as version {version}")
        assert page.url == f"{editable_site.address}{LIST}?q=6"

    page.goto(f"{editable_site.address}/admin/reforms/theme/add/")
    for name, text in WORD.items():
        page.fill(f"#id_{name}", text)
    save(page, "was added successfully")
    page.locator("#result_list a:has-text('试验')").first.click()
    page.fill("#id_name_en", "Trials")
    save(page, "was changed successfully")
    page.goto(f"{editable_site.address}/admin/reforms/source/1/change/")
    page.fill("#id_rights_en", "A trial.")
    save(page, "was changed successfully")
    for name, said in (("withdraw", "Withdrawn."), ("restore", "Back in the public lists.")):
        page.goto(f"{editable_site.address}/admin/reforms/source/1/{name}/")
        for field in page.locator("#content-main textarea").all():
            field.fill("A trial")
        save(page, said, ".submit-row [type=submit]")


def test_reports_and_proposals_are_dealt_with_without_scripts(
    new_context: Callable[..., BrowserContext], editable_site: Site
) -> None:
    page = new_context(java_script_enabled=False, locale="en-GB").new_page()
    editable_site.manage("shell", "-c", WAITING)
    sign_in(page, editable_site)
    page.goto(f"{editable_site.address}/admin/reforms/report/?state=open")
    page.locator("#result_list tbody th a").first.click()
    page.select_option("#id_state", "mended")
    page.fill("#id_note", "Mended.")
    save(page, "was changed successfully")
    assert page.url.endswith("/admin/reforms/report/?state=open")
    page.goto(f"{editable_site.address}/admin/reforms/proposal/?state=awaiting")
    page.locator("#result_list tbody th a").first.click()
    save(page, "Approved and published.", "button[value=approve]")
    assert page.url.endswith("/admin/reforms/proposal/?state=awaiting")


WAITING = """
from dataclasses import replace
from django.contrib.auth.models import User
from reforms import editing
from reforms.models import Measure, Report
editing.store_report(Report(message="Not 56.", language="en"), "192.0.2.7")
measure = Measure.objects.for_record().first()
author = User.objects.create_user("li", is_staff=True)
record = replace(measure.to_record(), title_en="Clearer")
editing.propose(record, measure, measure.version, author, "clearer")
"""
