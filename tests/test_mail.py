"""Mail: who has to act next is told, in both languages, after the commit; a failure loses no save."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group

from reforms import editing
from reforms.models import Report
from tests import world

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def people(db, settings):
    """An editor and two publishers with mail addresses."""
    settings.EMAIL_BACKEND = LOCMEM
    settings.SITE_ADDRESS = "https://catalog.example.org"
    world.build_world()
    found = {}
    for name, role in (("li", "Editor"), ("mei", "Publisher"), ("an", "Publisher")):
        account = world.an_editor(name)
        account.is_superuser = False
        account.save()
        account.groups.add(Group.objects.get(name=role))
        found[name] = type(account).objects.get(pk=account.pk)
    return found


def proposed(by):
    record = replace(world.get_measure("1").to_record(), title_en="Clearer")
    return editing.propose(record, world.get_measure("1"), 1, by, "clearer")


def told(mailoutbox):
    return sorted(address for mail in mailoutbox for address in mail.to)


def test_reviewers_are_told_of_a_proposal_one_by_one(
    people, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        proposal = proposed(people["li"])
    assert told(mailoutbox) == ["an@example.org", "mei@example.org"]
    body = mailoutbox[0].body
    assert f"https://catalog.example.org{proposal.get_absolute_url()}" in body
    assert "clearer" in body
    assert "Proposed by li" in body
    assert "li" in body.split("Proposed by li")[0]


def test_the_author_is_told_what_became_of_it(
    people, mailoutbox, django_capture_on_commit_callbacks
):
    proposal = proposed(people["li"])
    with django_capture_on_commit_callbacks(execute=True):
        editing.send_back(proposal, 1, people["mei"], "which office?")
    assert told(mailoutbox) == ["li@example.org"]
    assert "which office?" in mailoutbox[0].body


def test_nobody_is_told_of_their_own_steps(people, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        proposal = proposed(people["mei"])
        editing.take_back(proposal, 1, people["mei"], "")
    assert told(mailoutbox) == ["an@example.org"]


def test_a_step_that_is_rolled_back_is_told_to_nobody(
    people, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(editing.StaleRow):
        editing.send_back(proposed(people["li"]), 9, people["mei"], "x")
    assert told(mailoutbox) == ["an@example.org", "mei@example.org"]


def test_a_mail_server_that_fails_loses_no_save(
    people, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    with django_capture_on_commit_callbacks() as callbacks:
        proposal = proposed(people["li"])
    with pytest.raises(OSError, match="refused"):
        callbacks[0]()
    proposal.refresh_from_db()
    assert proposal.is_awaiting


def test_without_a_mail_server_nothing_is_prepared(
    people, settings, mailoutbox, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    with django_capture_on_commit_callbacks() as callbacks:
        proposed(people["li"])
    assert callbacks == []


def test_a_report_reaches_everyone_who_may_handle_it(
    people, mailoutbox, django_capture_on_commit_callbacks
):
    report = Report(address="/en/", message="a misprint\nBcc: x@example.org", language="en")
    with django_capture_on_commit_callbacks(execute=True):
        editing.store_report(report, "192.0.2.7")
    assert told(mailoutbox) == ["an@example.org", "li@example.org", "mei@example.org"]
    assert "a misprint" in mailoutbox[0].body
    assert "\n" not in mailoutbox[0].subject
