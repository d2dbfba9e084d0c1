"""After each save in the admin: back to the list as it was filtered, searched and paged."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from reforms import editing
from reforms.models import Category, Proposal, Report, Source
from tests import world
from tests.forms import fields_of_form
from tests.test_admin import FORM, LIST, page_of, words_on
from tests.test_admin_proposals import people  # noqa: F401
from tests.test_kept_forms import browser_of

pytestmark = pytest.mark.django_db
QUERY = "q=%E6%8E%A5%E7%94%B5&p=1&state=missing"
FILTERS = urlencode({"_changelist_filters": QUERY})


@pytest.fixture
def staff(db, settings):
    settings.PUBLISH_OWN_CHANGES = True
    world.build_world()
    return browser_of(world.an_editor("li"))


def filtered(address):
    return f"{address}{'&' if '?' in address else '?'}{FILTERS}"


def send(browser, address, form="", **values):
    """Open a page, type, send it; return the address that the answer leads to."""
    answer = browser.post(address, {**fields_of_form(browser.get(address), form), **values})
    assert answer.status_code == 302, answer.context
    return answer.url


def links(browser, address):
    """Return the addresses in a page."""
    text = browser.get(address).content.decode()
    return {unescape(found) for found in re.findall(r'href="([^"]*)"', text)}


def test_a_saved_measure_leads_back_changed_or_not(staff):
    address = filtered(page_of())
    assert send(staff, address, FORM) == f"{LIST}?{QUERY}"
    assert send(staff, address, FORM, title_en="Clearer") == f"{LIST}?{QUERY}"
    assert f"{LIST}?{QUERY}" in links(staff, address)


def test_the_pages_of_a_measure_lead_to_each_other_with_the_list(staff):
    own = {name: filtered(page_of(name=name)) for name in ("change", "words", "history")}
    for name, address in own.items():
        wanted = {*own.values(), filtered(page_of(name="withdraw"))} - {address}
        assert wanted <= links(staff, address), name


def test_withdrawing_restoring_and_going_back_keep_the_list(staff):
    change = filtered(page_of())
    reasons = {"reason_zh": "重复", "reason_en": "Double"}
    assert change in links(staff, filtered(page_of(name="withdraw")))
    assert send(staff, filtered(page_of(name="withdraw")), **reasons) == change
    assert filtered(page_of(name="restore")) in links(staff, change)
    assert send(staff, filtered(page_of(name="restore"))) == change
    history = filtered(page_of(name="history"))
    back = filtered(reverse("admin:reforms_measure_revert", args=[world.get_measure("1").pk, 1]))
    send(staff, change, FORM, title_en="Clearer")
    assert back in links(staff, history)
    assert send(staff, back, "revert_form", reason="It was better") == history


def test_words_of_the_source_keep_the_list_at_each_step(staff):
    words = filtered(page_of("3", "words"))
    first_step = staff.get(words)
    assert fields_of_form(first_step)["_changelist_filters"] == QUERY
    assert f"?{FILTERS}&unit=character" in links(staff, words)
    starts = {text: start for start, text in words_on(first_step)}
    second = f"{words}&first={starts['外籍']}"
    assert f"?{FILTERS}" in links(staff, second)
    ends = {text: start for start, text in words_on(staff.get(second))}
    third = f"{second}&last={ends['人才']}&what=cut"
    assert filtered(page_of("3")) in links(staff, third)
    saved = send(staff, third, "words_form", role="practice", city="shanghai")
    assert saved == words
    assert world.get_measure("3").version == 2


def test_a_word_of_a_vocabulary_leads_back_added_and_changed(staff):
    listed = reverse("admin:reforms_category_changelist")
    query = {"_changelist_filters": "q=new&p=1"}
    add = f"{reverse('admin:reforms_category_add')}?{urlencode(query)}"
    values = {"slug": "new-word", "name_zh": "新词", "name_en": "New word"}
    assert send(staff, add, "category_form", **values) == f"{listed}?q=new&p=1"
    word = Category.objects.get(slug="new-word")
    change = f"{reverse('admin:reforms_category_change', args=[word.pk])}?{urlencode(query)}"
    assert send(staff, change, "category_form") == f"{listed}?q=new&p=1"
    assert send(staff, change, "category_form", name_en="Newer") == f"{listed}?q=new&p=1"


def test_a_source_leads_back_saved_withdrawn_and_restored(staff):
    number = Source.objects.get().pk
    listed = reverse("admin:reforms_source_changelist")
    pages = {
        name: filtered(reverse(f"admin:reforms_source_{name}", args=[number]))
        for name in ("change", "withdraw", "restore")
    }
    assert send(staff, pages["change"], "source_form", rights_en="Ours") == f"{listed}?{QUERY}"
    assert pages["withdraw"] in links(staff, pages["change"])
    history = filtered(reverse("admin:reforms_source_history", args=[number]))
    back = filtered(reverse("admin:reforms_source_revert", args=[number, 1]))
    assert back in links(staff, history)
    assert send(staff, back, "revert_form", reason="It was better") == history
    reasons = {"reason_zh": "重复", "reason_en": "Double"}
    assert send(staff, pages["withdraw"], **reasons) == pages["change"]
    assert pages["restore"] in links(staff, pages["change"])
    assert send(staff, pages["restore"]) == pages["change"]


def test_a_handled_report_leads_back(staff):
    report = editing.store_report(Report(message="Wrong.", language="en"), "192.0.2.7")
    change = filtered(reverse("admin:reforms_report_change", args=[report.pk]))
    listed = reverse("admin:reforms_report_changelist")
    assert send(staff, change, "report_form", state="mended") == f"{listed}?{QUERY}"
    assert send(staff, change, "report_form") == f"{listed}?{QUERY}"


def test_a_proposal_leads_back_to_the_measures_it_was_made_from(people):  # noqa: F811
    made = send(people["li"], filtered(page_of()), FORM, title_en="Clearer")
    proposal = Proposal.objects.get()
    filters = urlencode({"_measure_filters": QUERY})
    assert made == f"{proposal.get_absolute_url()}?{filters}"
    found = links(people["li"], made)
    assert f"{LIST}?{QUERY}" in found
    revise = f"{reverse('admin:reforms_proposal_revise', args=[proposal.pk])}?{filters}"
    assert revise in found
    assert send(people["li"], revise, FORM, title_en="Clearer still") == made
    taken = send(people["li"], made, "review_form", act="take_back")
    assert taken == f"{LIST}?{QUERY}"


def test_a_step_of_a_proposal_leads_back_to_the_queue(people):  # noqa: F811
    queue = reverse("admin:reforms_proposal_changelist")
    for act, query in (("send_back", "state=awaiting&p=1"), ("approve", "")):
        send(people["li"], page_of(), FORM, title_en=f"Clearer {act}")
        proposal = Proposal.objects.order_by("-pk").first()
        filters = f"?{urlencode({'_changelist_filters': query})}" if query else ""
        address = f"{proposal.get_absolute_url()}{filters}"
        led = send(people["mei"], address, "review_form", act=act, comment="So")
        assert led == (f"{queue}?{query}" if query else queue)
        shown = people["mei"].get(led)
        assert shown.status_code == 200
        assert proposal.get_absolute_url() in shown.content.decode()
        if act == "send_back":
            send(people["li"], proposal.get_absolute_url(), "review_form", act="take_back")


@pytest.mark.parametrize("filters", ["%00", "&&==", "%FF", "x" * 3000, "q=1%26_changelist_filters"])
def test_no_filters_in_an_address_break_a_page(staff, filters):
    for name in ("change", "words", "history", "withdraw"):
        answer = staff.get(
            f"{page_of(name=name)}?_changelist_filters={filters}&_measure_filters={filters}"
        )
        assert answer.status_code in (200, 400), name
