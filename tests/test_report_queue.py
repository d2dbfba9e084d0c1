"""The queue of reported errors in the admin: everything sent is shown, nothing is overwritten."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reforms import editing
from reforms.admin.kept_forms import TOKEN
from reforms.models import Report
from reforms.records import ReportState
from tests import world
from tests.at_once import AtOnce
from tests.forms import fields_of_form
from tests.reading import read

pytestmark = pytest.mark.django_db
LIST = "/admin/reforms/report/"
FORM = "report_form"
PAGE = f"/en/measures/{world.SOURCE}/1/"


@pytest.fixture
def li(db):
    """An account that has only the role of an Editor."""
    world.build_world()
    return an_editor("li")


@pytest.fixture
def staff(li, client):
    """A browser in English, signed in as an editor."""
    return signed_in(li, client)


def an_editor(name):
    account = world.an_editor(name)
    account.is_superuser = False
    account.save()
    account.groups.add(Group.objects.get(name="Editor"))
    return account


def signed_in(account, client):
    client.force_login(account)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def sent(message="Not 56, <b>but</b> 65.", **values):
    usual = {"measure": world.get_measure("1"), "measure_version": 1, "address": PAGE}
    report = Report(**{**usual, "message": message, "language": "en", **values})
    return editing.store_report(report, "192.0.2.7")


def page_of(report):
    return reverse("admin:reforms_report_change", args=[report.pk])


def text_of(response):
    return read(response.content.decode()).words


def handle(client, report, **values):
    fields = fields_of_form(client.get(page_of(report)), FORM)
    return client.post(page_of(report), {**fields, **values})


def test_the_queue_shows_the_newest_first_with_what_became_of_each(staff, li):
    first = sent("the first", state=ReportState.MENDED, handled_by=li)
    Report.objects.update(made_at=timezone.now() - timedelta(hours=2))
    sent("the second", measure=None, measure_version=None, address="/en/figures/")
    words = text_of(staff.get(LIST))
    assert words.index("the second") < words.index("the first")
    for said in ("/en/figures/", f"{first.measure} · Sample notice", "Mended", "To be looked at"):
        assert said in words


@pytest.mark.parametrize(
    ("query", "messages"),
    [
        ("state=open", ["a", "c"]),
        ("state=mended", ["b"]),
        (f"source={world.SOURCE}", ["a", "b"]),
        ("source=:none", ["c"]),
        ("q=a", ["a"]),
        (f"state=open&source={world.SOURCE}", ["a"]),
    ],
)
def test_the_filters_of_the_queue(staff, query, messages):
    sent("a", address="/")
    sent("b", address="/", state=ReportState.MENDED)
    sent("c", address="/", measure=None, measure_version=None)
    found = staff.get(f"{LIST}?{query}").context["cl"].result_list
    assert sorted(report.message for report in found) == messages


def test_a_page_shows_everything_that_was_sent_and_nothing_of_it_is_a_field(staff):
    report = sent(words="市政\n审批", contact="a.reader@example.org")
    response = staff.get(page_of(report))
    words = text_of(response)
    for said in ("Not 56, <b>but</b> 65.", "市政", "审批", "a.reader@example.org", PAGE):
        assert said in words
    assert report.sender not in response.content.decode()
    links = [found.attributes.get("href") for found in read(response.content.decode()).of("a")]
    change = reverse("admin:reforms_measure_change", args=[report.measure_id])
    assert {PAGE, change, "mailto:a.reader%40example.org"} <= set(links)
    fields = set(fields_of_form(response, FORM)) - {"csrfmiddlewaretoken"}
    assert fields == {"state", "note", "expected_version", TOKEN}
    # Fields that are not on the page are not taken from what is posted.
    handle(staff, report, state="mended", message="other words", handled_by="1", address="/admin/")
    stored = Report.objects.get()
    assert (stored.message, stored.address) == (report.message, PAGE)


def test_a_page_tells_what_the_measure_has_become_since_it_was_read(staff, li):
    report = sent()
    assert "It has not changed: version 1 still stands." in text_of(staff.get(page_of(report)))
    record = replace(world.get_measure("1").to_record(), title_en="Another title")
    editing.save_measure(record, 1, li, "")
    words = text_of(staff.get(page_of(report)))
    assert "The reader saw version 1; now it is at version 2." in words
    assert "Another title" in words
    unknown = sent("which?", measure_version=None)
    assert "Which version the reader saw is not known" in text_of(staff.get(page_of(unknown)))
    general = sent("about all", measure=None, measure_version=None, address="")
    words = text_of(staff.get(page_of(general)))
    assert "no page named" in words
    assert "The measure since it was read" not in words


def test_who_handled_it_and_when_is_set_by_the_server(staff, li):
    report = sent()
    assert handle(staff, report, state="mended", note="It was 56.").status_code == 302
    stored = Report.objects.get()
    assert (stored.state, stored.note, stored.handled_by) == ("mended", "It was 56.", li)
    assert timezone.now() - stored.handled_at < timedelta(minutes=1)
    assert (stored.version, stored.sender) == (2, report.sender)
    handle(staff, report, state="open")
    stored = Report.objects.get()
    assert (stored.handled_by, stored.handled_at, stored.version) == (None, None, 3)


def test_a_page_saved_as_it_was_opened_writes_nothing(staff):
    report = sent()
    answer = handle(staff, report)
    assert "Nothing was changed" in staff.get(answer.url).content.decode()
    stored = Report.objects.get()
    assert (stored.version, stored.handled_by) == (1, None)


def test_a_save_does_not_bring_back_a_checksum_that_was_blanked_meanwhile(staff, monkeypatch):
    report = sent()
    mark = editing.mark_handled

    def blanked_meanwhile(*values):
        Report.objects.update(sender="")
        mark(*values)

    monkeypatch.setattr(editing, "mark_handled", blanked_meanwhile)
    handle(staff, report, state="mended")
    assert (Report.objects.get().state, Report.objects.get().sender) == ("mended", "")


def test_of_two_editors_the_second_is_refused_and_loses_nothing(staff, li):
    report = sent()
    fields = fields_of_form(staff.get(page_of(report)), FORM)
    other = signed_in(an_editor("wu"), Client())
    handle(other, report, state="mended", note="by wu")
    answer = staff.post(page_of(report), {**fields, "state": "not_an_error", "note": "by li"})
    assert answer.status_code == 409
    words = text_of(answer)
    assert "wu saved this on" in words
    kept = fields_of_form(answer, FORM)
    assert (kept["state"], kept["note"]) == ("not_an_error", "by li")
    assert Report.objects.get().note == "by wu"


def test_of_editors_who_save_at_once_exactly_one_wins(transactional_db, tmp_path):
    world.build_world()
    report = sent()
    at_once = AtOnce(tmp_path)

    def saving(name):
        client = signed_in(world.an_editor(name), Client())
        fields = fields_of_form(client.get(page_of(report)), FORM)
        return lambda: client.post(page_of(report), {**fields, "note": f"by {name}"})

    answers = at_once(*(saving(f"editor-{number}") for number in range(4)))
    assert sorted(answer.status_code for answer in answers) == [302, 409, 409, 409]
    assert at_once(lambda: Report.objects.get().version) == [2]


def test_nobody_adds_or_deletes_a_report(staff, li):
    report = sent()
    li.is_superuser = True
    li.save()
    assert staff.get(f"{LIST}add/").status_code == 403
    assert staff.post(f"{LIST}{report.pk}/delete/", {"post": "yes"}).status_code == 403
    staff.post(LIST, {"action": "delete_selected", "_selected_action": report.pk, "post": "yes"})
    assert Report.objects.count() == 1


def test_the_queue_and_a_page_cost_few_queries(staff, li, django_assert_max_num_queries):
    report = sent()
    record = replace(world.get_measure("1").to_record(), title_en="Another title")
    editing.save_measure(record, 1, li, "")
    for number in range(5):
        sent(f"{number}", handled_by=li)
    # The session, the account and its rights twice; the count, the reports, the sources.
    with django_assert_max_num_queries(7):
        staff.get(LIST)
    # The session, the account and its rights in 2; the report and its measure twice; the version
    # read, the live record in 6, names in 4; the kind of object for its history, the source.
    with django_assert_max_num_queries(21):
        staff.get(page_of(report))


@pytest.mark.parametrize("odd", ["\0", "x" * 30_000, "￾", "9" * 40, "-1", ""])
def test_no_text_breaks_a_page(staff, odd):
    report = sent()
    for name in ("state", "note", "expected_version"):
        answer = handle(staff, report, **{name: odd})
        assert answer.status_code in (200, 302, 400), name
