"""Proposals in the admin: editors propose, publishers judge, and each sees only what it may do."""

from dataclasses import replace

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from reforms import editing
from reforms.models import MeasureVersion, Proposal
from reforms.records import ProposalState
from tests import world
from tests.forms import fields_of_form
from tests.test_admin import FORM, LIST, page_of, record_of, save, text_of

pytestmark = pytest.mark.django_db
QUEUE = "/admin/reforms/proposal/"


@pytest.fixture
def people(db):
    """A signed-in browser in English for an editor and two publishers."""
    world.build_world()
    found = {}
    roles = (("li", "Editor"), ("mei", "Publisher"), ("an", "Publisher"), ("zhao", "Administrator"))
    for name, role in roles:
        account = world.an_editor(name)
        account.is_superuser = False
        account.save()
        account.groups.add(Group.objects.get(name=role))
        browser = Client()
        browser.force_login(account)
        browser.cookies[site_settings.LANGUAGE_COOKIE_NAME] = "en"
        browser.account = type(account).objects.get(pk=account.pk)
        found[name] = browser
    return found


def proposed(people, name="li", **values):
    answer = save(people[name], **{"title_en": "Clearer", "reason": "clearer", **values})
    assert answer.status_code == 302
    return Proposal.objects.order_by("-pk").first()


def act(browser, proposal, what, comment="", fields=None):
    fields = fields or fields_of_form(browser.get(proposal.get_absolute_url()), "review_form")
    return browser.post(proposal.get_absolute_url(), {**fields, "act": what, "comment": comment})


def test_an_editors_save_is_a_proposal_and_leads_to_it(people):
    before = record_of()
    answer = save(people["li"], title_en="Clearer", reason="clearer")
    proposal = Proposal.objects.get()
    assert answer.url == proposal.get_absolute_url()
    assert record_of() == before
    assert MeasureVersion.objects.count() == 3
    shown = text_of(people["li"].get(answer.url))
    assert "Saved as a proposal" in shown
    assert "Approve and publish" not in shown
    assert "It awaits review by a Publisher" not in shown
    assert "Take back" in shown


def test_the_reviewer_sees_every_change_and_publishes_it(people):
    proposal = proposed(people, category="property-registration")
    shown = text_of(people["mei"].get(proposal.get_absolute_url()))
    assert "<ins>Clearer</ins>" in shown
    assert "property" in shown.lower()
    answer = act(people["mei"], proposal, "approve")
    assert answer.status_code == 302
    assert (record_of().title_en, record_of().category) == ("Clearer", "property-registration")
    history = text_of(people["li"].get(page_of(name="history")))
    assert "as proposed and approved" in history


def test_marks_show_the_words_that_differ_not_the_whole_text(people):
    text = record_of().practices[0].summary_zh
    proposal = proposed(people, **{"practice-beijing-summary_zh": text + "。"})
    changes = people["mei"].get(proposal.get_absolute_url()).context["changes"]
    (change,) = [one for one in changes if one.after.endswith(text + "。")]
    marked = [part.text for part in change.difference.right if part.mark.name == "ONLY_HERE"]
    assert marked == ["。"]


def test_sent_back_revised_and_approved(people):
    proposal = proposed(people)
    refused = act(people["mei"], proposal, "send_back")
    assert "Say what is wanted" in text_of(refused)
    act(people["mei"], proposal, "send_back", "Which office?")
    revise = reverse("admin:reforms_proposal_revise", args=[proposal.pk])
    page = people["li"].get(revise)
    fields = fields_of_form(page, FORM)
    assert fields["title_en"] == "Clearer"
    answer = people["li"].post(revise, {**fields, "title_en": "Clearer still", "reason": "named"})
    assert answer.url == proposal.get_absolute_url()
    shown = text_of(people["mei"].get(proposal.get_absolute_url()))
    assert "Which office?" in shown
    act(people["mei"], proposal, "approve", "thanks")
    assert record_of().title_en == "Clearer still"


def test_a_revision_that_keeps_the_record_answers_the_comment(people):
    proposal = proposed(people)
    act(people["mei"], proposal, "send_back", "Are you sure?")
    revise = reverse("admin:reforms_proposal_revise", args=[proposal.pk])
    fields = fields_of_form(people["li"].get(revise), FORM)
    people["li"].post(revise, {**fields, "reason": "yes"})
    proposal.refresh_from_db()
    assert proposal.is_awaiting


def revising(people, proposal, **typed):
    """Open the page to revise a proposal; return its address, and what li will send."""
    address = reverse("admin:reforms_proposal_revise", args=[proposal.pk])
    return address, {**fields_of_form(people["li"].get(address), FORM), **typed}


def test_a_step_taken_while_its_author_revises_is_merged_and_nothing_typed_is_lost(people):
    proposal = proposed(people)
    address, fields = revising(people, proposal, title_en="Clearest", reason="mine")
    # In another tab the author changes something else; the first tab's typing comes second.
    other = revising(people, proposal, **{"practice-beijing-summary_en": "Said elsewhere"})[1]
    assert people["li"].post(address, other).status_code == 302
    answer = people["li"].post(address, fields)
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "your proposal had another step since you opened it" in shown
    assert "Said elsewhere" in shown
    again = fields_of_form(answer, FORM)
    assert again["title_en"] == "Clearest"
    merged = people["li"].post(address, {**again, "_merge": "1"})
    assert merged.url == proposal.get_absolute_url()
    proposal.refresh_from_db()
    record = editing.read_record(proposal)
    assert record.title_en == "Clearest"
    assert record.practices[0].summary_en == "Said elsewhere"
    assert proposal.version == 3


def test_what_both_steps_changed_waits_for_a_choice(people):
    proposal = proposed(people)
    address, fields = revising(people, proposal, title_en="Clearest")
    assert people["li"].post(address, {**fields, "title_en": "Other"}).status_code == 302
    answer = people["li"].post(address, fields)
    again = fields_of_form(answer, FORM)
    refused = people["li"].post(address, {**again, "_merge": "1"})
    assert refused.status_code == 409
    assert "Choose one of the two" in text_of(refused)
    assert Proposal.objects.get().version == 2


def test_a_comment_sent_while_its_author_revises_is_shown_beside_what_was_typed(people):
    proposal = proposed(people)
    address, fields = revising(people, proposal, title_en="Clearest")
    act(people["mei"], proposal, "send_back", "Which office?")
    answer = people["li"].post(address, fields)
    assert answer.status_code == 409
    assert "Which office?" in text_of(answer)
    assert people["li"].post(address, {**fields_of_form(answer, FORM), "_merge": "1"}).url
    proposal.refresh_from_db()
    assert proposal.is_awaiting
    assert editing.read_record(proposal).title_en == "Clearest"


def test_a_proposal_closed_while_its_author_revises_loses_no_word(people):
    proposal = proposed(people)
    address, fields = revising(people, proposal, title_en="Clearest")
    act(people["mei"], proposal, "approve")
    answer = people["li"].post(address, fields)
    assert answer.status_code == 409
    assert "this proposal was closed while you wrote" in text_of(answer)
    assert fields_of_form(answer, FORM)["title_en"] == "Clearest"
    assert record_of().title_en == "Clearer"
    assert people["li"].get(address).status_code == 403


def test_two_steps_at_one_version_one_is_refused_and_its_words_kept(people):
    proposal = proposed(people)
    fields = fields_of_form(people["an"].get(proposal.get_absolute_url()), "review_form")
    act(people["mei"], proposal, "send_back", "Which office?")
    answer = act(people["an"], proposal, "reject", "no, and here is why", fields)
    assert answer.status_code == 409
    assert "no, and here is why" in text_of(answer)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.SENT_BACK


def test_nobody_approves_their_own_and_a_lone_publisher_is_told_what_is_needed(people):
    proposal = proposed(people, "mei")
    shown = text_of(people["mei"].get(proposal.get_absolute_url()))
    assert "Approve and publish" not in shown
    assert "It awaits review by a second person" in shown
    fields = {"version": proposal.version}
    assert act(people["mei"], proposal, "approve", fields=fields).status_code == 403
    for name in ("an", "zhao"):
        account = people[name].account
        account.is_active = False
        account.save()
    for address in (proposal.get_absolute_url(), page_of("2"), "/admin/"):
        assert "REFORMS_PUBLISH_OWN_CHANGES" in text_of(people["mei"].get(address)), address


def test_an_editor_cannot_review_by_hand(people):
    proposal = proposed(people, "mei")
    for what in ("approve", "send_back", "reject", "take_back"):
        answer = act(people["li"], proposal, what, "x", {"version": proposal.version})
        assert answer.status_code == 403


def test_a_second_proposal_for_the_measure_keeps_what_was_typed(people):
    fields = fields_of_form(people["li"].get(page_of()), FORM)
    proposal = proposed(people)
    answer = save(people["li"], fields={**fields, "title_en": "In another tab"})
    assert answer.status_code == 200
    assert "In another tab" in text_of(answer)
    assert proposal.get_absolute_url() in text_of(answer)
    assert Proposal.objects.count() == 1


def test_a_proposal_over_a_version_not_seen_is_a_conflict_with_all_typed(people):
    fields = fields_of_form(people["li"].get(page_of()), FORM)
    theirs = replace(record_of(), title_en="Theirs")
    editing.save_measure(theirs, 1, people["mei"].account, "")
    answer = save(people["li"], fields={**fields, "title_en": "Mine"})
    assert answer.status_code == 409
    assert fields_of_form(answer, FORM)["title_en"] == "Mine"
    assert not Proposal.objects.exists()


def test_a_stale_proposal_is_not_approved_and_says_what_changed(people):
    proposal = proposed(people)
    theirs = replace(record_of(), status="replicate")
    editing.save_measure(theirs, 1, people["an"].account, "")
    shown = text_of(people["mei"].get(proposal.get_absolute_url()))
    assert "The measure was saved since" in shown
    assert "To replicate nationwide" in shown
    answer = act(people["mei"], proposal, "approve")
    assert answer.status_code == 409
    assert record_of().title_en != "Clearer"


@pytest.mark.parametrize("name", ["li", "mei"])
def test_a_stale_proposal_is_brought_up_to_date_by_its_author_or_a_reviewer(people, name):
    proposal = proposed(people)
    theirs = replace(record_of(), status="replicate")
    editing.save_measure(theirs, 1, people["an"].account, "")
    update = reverse("admin:reforms_proposal_update", args=[proposal.pk])
    assert update in text_of(people[name].get(proposal.get_absolute_url()))
    fields = fields_of_form(people[name].get(update), "update_form")
    answer = people[name].post(update, {**fields, "reason": "merged", "_merge": "1"})
    assert answer.url == proposal.get_absolute_url()
    if name == "mei":
        shown = text_of(people["mei"].get(proposal.get_absolute_url()))
        assert "so somebody else approves it" in shown
        assert act(people["mei"], proposal, "approve").status_code == 409
    act(people["an"], proposal, "approve")
    assert (record_of().title_en, record_of().status) == ("Clearer", "replicate")


def test_where_both_changed_one_must_be_chosen_and_nothing_is_lost_before(people):
    proposal = proposed(people)
    editing.save_measure(replace(record_of(), title_en="Theirs"), 1, people["an"].account, "")
    update = reverse("admin:reforms_proposal_update", args=[proposal.pk])
    page = people["li"].get(update)
    fields = fields_of_form(page, "update_form")
    answer = people["li"].post(update, {**fields, "_merge": "1"})
    assert answer.status_code == 200
    assert "The merged measure was not saved" in text_of(answer)
    (row,) = page.context["merge"].rows
    chosen = {row.name: row.answers[1].value}
    assert people["li"].post(update, {**fields, **chosen, "_merge": "1"}).status_code == 302
    act(people["mei"], proposal, "approve")
    assert record_of().title_en == "Clearer"


def test_a_merge_over_a_version_not_seen_is_refused(people):
    proposal = proposed(people)
    editing.save_measure(replace(record_of(), title_en="Theirs"), 1, people["an"].account, "")
    update = reverse("admin:reforms_proposal_update", args=[proposal.pk])
    page = people["li"].get(update)
    (row,) = page.context["merge"].rows
    fields = fields_of_form(page, "update_form") | {row.name: row.answers[1].value}
    editing.save_measure(replace(record_of(), title_en="Newer"), 2, people["an"].account, "")
    answer = people["li"].post(update, {**fields, "_merge": "1"})
    assert answer.status_code in (200, 409)
    assert "Newer" in text_of(answer)
    proposal.refresh_from_db()
    assert proposal.base_version == 1


def test_a_stale_re_cut_is_cut_again(people):
    start = world.TEXT.index("客户经理全程代办接电报批手续")
    people["li"].post(
        page_of("2", "words"),
        {
            "version": 1,
            "first": start,
            "last": world.TEXT.index("手续", start),
            "what": "cut",
            "role": "outcome",
            "city": "shanghai",
            "line_ends": "as_now",
        },
    )
    editing.save_measure(replace(record_of("2"), status="replicate"), 1, people["an"].account, "")
    proposal = Proposal.objects.get()
    update = reverse("admin:reforms_proposal_update", args=[proposal.pk])
    fields = fields_of_form(people["li"].get(update), "update_form")
    assert people["li"].post(update, {**fields, "_merge": "1"}).status_code == 302
    act(people["mei"], proposal, "approve")
    assert record_of("2").status == "replicate"
    assert record_of("2").practices[1].outcome_zh


def test_others_do_not_bring_a_proposal_up_to_date(people):
    proposal = proposed(people, "mei")
    editing.save_measure(replace(record_of(), title_en="Theirs"), 1, people["an"].account, "")
    update = reverse("admin:reforms_proposal_update", args=[proposal.pk])
    assert people["li"].get(update).status_code == 403
    assert people["li"].post(update, {"_merge": "1"}).status_code == 403
    assert people["mei"].get(update).status_code == 200


@pytest.mark.parametrize("name", ["withdraw", "words"])
def test_withdrawing_and_cutting_are_proposed_too(people, name):
    browser = people["li"]
    if name == "withdraw":
        fields = fields_of_form(browser.get(page_of(name=name)))
        answer = browser.post(
            page_of(name=name), {**fields, "reason_zh": "重复", "reason_en": "A duplicate"}
        )
    else:
        start = world.TEXT.index("客户经理全程代办接电报批手续")
        answer = browser.post(
            page_of("2", name),
            {
                "version": 1,
                "first": start,
                "last": world.TEXT.index("手续", start),
                "what": "cut",
                "role": "outcome",
                "city": "shanghai",
                "line_ends": "as_now",
            },
        )
    assert answer.status_code == 302
    proposal = Proposal.objects.get()
    assert not proposal.measure.is_withdrawn
    act(people["mei"], proposal, "approve")
    proposal.refresh_from_db()
    assert proposal.became.version == 2


def test_going_back_to_a_version_is_proposed_and_shown_before(people):
    editing.save_measure(replace(record_of(), title_en="Other"), 1, people["mei"].account, "")
    measure = world.get_measure("1")
    address = reverse("admin:reforms_measure_revert", args=[measure.pk, 1])
    page = people["li"].get(address)
    assert "Other" in text_of(page)
    fields = fields_of_form(page, "revert_form")
    people["li"].post(address, {**fields, "reason": "it was right"})
    act(people["mei"], Proposal.objects.get(), "approve")
    assert record_of() == world.measure_one()
    assert people["li"].get(address.replace("/1/", "/99/")).status_code in (302, 404)


def test_an_administrator_makes_no_superuser_and_changes_none(people):
    chief = world.an_editor("chief")
    own = people["zhao"].account
    address = reverse("admin:auth_user_change", args=[own.pk])
    fields = fields_of_form(people["zhao"].get(address), "user_form")
    assert "is_superuser" not in fields
    people["zhao"].post(address, {**fields, "is_superuser": "on", "user_permissions": "1"})
    own.refresh_from_db()
    assert not own.is_superuser
    assert not own.user_permissions.exists()
    password = reverse("admin:auth_user_password_change", args=[chief.pk])
    assert people["zhao"].get(password).status_code == 403
    theirs = reverse("admin:auth_user_change", args=[chief.pk])
    assert people["zhao"].post(theirs, {"username": "taken"}).status_code == 403


def test_each_sees_only_what_it_may_do(people):
    vocabularies = "/admin/reforms/category/"
    assert "Add category" not in text_of(people["li"].get(vocabularies))
    assert "Add category" in text_of(people["mei"].get(vocabularies))
    for name, status in (("li", 403), ("mei", 403), ("zhao", 200)):
        assert people[name].get("/admin/auth/user/").status_code == status
    assert people["li"].get(page_of()).status_code == 200


def test_the_dashboard_counts_what_waits_for_whom(people):
    proposed(people)
    proposed(people, "mei", key="2")
    queues = {
        name: {
            queue.name: (queue.count, queue.address)
            for queue in [*context["people"], *context["measures"]]
        }
        for name, context in ((name, people[name].get("/admin/").context) for name in people)
    }
    assert queues["li"]["Yours, awaiting review"][0] == 1
    assert "Awaiting your review" not in queues["li"]
    assert queues["mei"]["Awaiting your review"][0] == 1
    assert queues["an"]["Awaiting your review"][0] == 2
    for name, own in queues.items():
        for count, address in own.values():
            listed = people[name].get(address).context["cl"].result_count
            assert listed == count, (name, address)


def test_the_pages_of_a_proposal_cost_few_queries(people, django_assert_max_num_queries):
    proposal = proposed(people)
    people["mei"].get(proposal.get_absolute_url())
    # Session, account and its permissions 3; the proposal with its measure, the measure with its
    # parts 7, the base, its steps; 4 vocabularies for names; are there other publishers; who made
    # the record that stands.
    with django_assert_max_num_queries(21):
        people["mei"].get(proposal.get_absolute_url())
    with django_assert_max_num_queries(18):
        people["mei"].get("/admin/")


@pytest.mark.parametrize("version", ["", "0", "-1", "99", "x", "9" * 30])
def test_no_posted_version_breaks_the_page(people, version):
    proposal = proposed(people)
    answer = act(people["mei"], proposal, "approve", fields={"version": version})
    assert answer.status_code in (200, 409)
    revise = reverse("admin:reforms_proposal_revise", args=[proposal.pk])
    fields = fields_of_form(people["li"].get(revise), FORM)
    assert people["li"].post(revise, {**fields, "version": version}).status_code in (200, 409)
    assert people["mei"].post(proposal.get_absolute_url(), {"act": "x"}).status_code == 200
    assert people["mei"].get(f"{QUEUE}?state=x").status_code in (302, 400)
    assert people["mei"].get(LIST).status_code == 200
