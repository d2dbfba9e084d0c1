"""Proposals: what an editor saves waits for a second person, and every step of it is kept."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied

from reforms import editing, versions
from reforms.exchange import RecordError, to_json
from reforms.models import Measure, MeasureVersion, Passage, Proposal
from reforms.records import Action, ProposalState, Role, Step
from reforms.recutting import Cut
from tests import world

STEPS = {
    "approve": editing.approve,
    "send_back": editing.send_back,
    "reject": editing.reject,
}


@pytest.fixture
def people(db):
    """An editor, a second editor and two publishers, in the roles that the migration made."""
    world.build_world()
    found = {}
    for name, role in (
        ("li", "Editor"),
        ("wu", "Editor"),
        ("mei", "Publisher"),
        ("an", "Publisher"),
    ):
        found[name] = world.an_editor(name)
        found[name].is_superuser = False
        found[name].save()
        found[name].groups.add(Group.objects.get(name=role))
    return {name: type(one).objects.get(pk=one.pk) for name, one in found.items()}


def record_of(key="1"):
    return world.get_measure(key).to_record()


def proposed(by, title="Clearer", key="1", expected=1):
    record = replace(record_of(key), title_en=title)
    return editing.propose(record, world.get_measure(key), expected, by, "clearer")


def cut_of(chosen, role, **options):
    start = world.TEXT.index(chosen)
    return Cut(start=start, end=start + len(chosen), role=role, **options)


def test_a_proposal_leaves_the_catalog_as_it_is(people):
    before = [record_of(key) for key in "123"]
    proposal = proposed(people["li"])
    assert [record_of(key) for key in "123"] == before
    assert MeasureVersion.objects.count() == 3
    assert (proposal.state, proposal.base_version, proposal.by_name) == ("awaiting", 1, "li")
    assert editing.read_record(proposal).title_en == "Clearer"


def test_an_approved_proposal_is_its_authors_next_version(people):
    proposal = proposed(people["li"])
    measure = editing.approve(proposal, 1, people["mei"], "good")
    version = measure.versions.live().get()
    assert (version.version, version.by_name, version.reason) == (2, "li", "clearer")
    assert record_of().title_en == "Clearer"
    proposal.refresh_from_db()
    assert (proposal.state, proposal.became) == (ProposalState.APPROVED, version)


def test_a_proposal_that_changes_nothing_is_none(people):
    assert editing.propose(record_of(), world.get_measure("1"), 1, people["li"], "") is None
    assert not Proposal.objects.exists()


def test_a_proposal_that_breaks_a_rule_is_refused_at_once(people):
    broken = replace(record_of(), category="no-such-category")
    with pytest.raises(RecordError):
        editing.propose(broken, world.get_measure("1"), 1, people["li"], "")
    assert not Proposal.objects.exists()


def test_a_proposal_over_a_version_not_seen_is_refused(people):
    editing.save_measure(replace(record_of(), title_en="First"), 1, people["mei"], "")
    with pytest.raises(versions.VersionConflict):
        proposed(people["li"], expected=1)


def test_an_author_has_one_open_proposal_a_measure(people):
    first = proposed(people["li"])
    with pytest.raises(editing.OpenProposal) as caught:
        proposed(people["li"], "Again")
    assert caught.value.proposal == first
    proposed(people["wu"], "Another author's")
    editing.take_back(first, 1, people["li"], "")
    assert proposed(people["li"], "Again").is_awaiting


@pytest.mark.parametrize("step", STEPS)
def test_nobody_reviews_their_own_proposal(people, step, settings):
    proposal = proposed(people["mei"])
    with pytest.raises(PermissionDenied):
        STEPS[step](proposal, 1, people["mei"], "mine")
    settings.PUBLISH_OWN_CHANGES = True
    STEPS[step](proposal, 1, people["mei"], "mine")


@pytest.mark.parametrize("step", STEPS)
def test_an_editor_reviews_nothing(people, step):
    with pytest.raises(PermissionDenied):
        STEPS[step](proposed(people["li"]), 1, people["wu"], "")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_over_one_not_seen_is_refused(people, step):
    proposal = proposed(people["li"])
    revised = replace(record_of(), title_en="Better still")
    editing.revise(proposal, revised, 1, 1, people["li"], "")
    with pytest.raises(editing.StaleRow):
        STEPS[step](proposal, 1, people["mei"], "")
    assert record_of().title_en != "Clearer"


@pytest.mark.parametrize("step", STEPS)
def test_a_closed_proposal_takes_no_step(people, step):
    proposal = editing.reject(proposed(people["li"]), 1, people["mei"], "no")
    with pytest.raises(RecordError):
        STEPS[step](proposal, 2, people["mei"], "")


def test_sent_back_revised_approved_keeps_every_step_and_record(people):
    proposal = editing.send_back(proposed(people["li"]), 1, people["mei"], "which office?")
    assert list(Proposal.objects.sent_back_to(people["li"])) == [proposal]
    with pytest.raises(RecordError):
        editing.approve(proposal, 2, people["mei"], "")
    fixed = replace(record_of(), title_en="Clearer still")
    proposal = editing.revise(proposal, fixed, 2, 1, people["li"], "named the office")
    editing.approve(proposal, 3, people["an"], "")
    steps = [(row.what, row.by_name, row.comment) for row in proposal.steps.order_by("version")]
    assert steps == [
        (Step.PROPOSED, "li", "clearer"),
        (Step.SENT_BACK, "mei", "which office?"),
        (Step.REVISED, "li", "named the office"),
        (Step.APPROVED, "an", ""),
    ]
    titles = [editing.read_record(row).title_en for row in proposal.steps.order_by("version")]
    assert titles == ["Clearer", "Clearer", "Clearer still", "Clearer still"]
    assert record_of().title_en == "Clearer still"


def test_only_the_author_revises_or_takes_back(people):
    proposal = proposed(people["li"])
    for name in ("wu", "mei"):
        with pytest.raises(PermissionDenied):
            editing.revise(proposal, replace(record_of(), title_en="X"), 1, 1, people[name], "")
        with pytest.raises(PermissionDenied):
            editing.take_back(proposal, 1, people[name], "")


def test_a_proposal_of_an_old_version_is_not_approved_but_brought_up_to_date(people):
    proposal = proposed(people["li"])
    editing.save_measure(replace(record_of(), number=1, status="replicate"), 1, people["an"], "")
    with pytest.raises(versions.VersionConflict):
        editing.approve(proposal, 1, people["mei"], "")
    proposal.refresh_from_db()
    assert (proposal.version, proposal.is_awaiting) == (1, True)
    merged = replace(record_of(), title_en="Clearer")
    proposal = editing.revise(proposal, merged, 1, 2, people["mei"], "up to date")
    with pytest.raises(RecordError):
        editing.approve(proposal, 2, people["mei"], "")
    measure = editing.approve(proposal, 2, people["an"], "")
    assert measure.versions.live().get().reason == "clearer"
    assert (record_of().title_en, record_of().status) == ("Clearer", "replicate")


def test_a_reviewer_does_not_put_back_to_review_what_was_sent_back(people):
    proposal = editing.send_back(proposed(people["li"]), 1, people["mei"], "why?")
    editing.save_measure(replace(record_of(), status="replicate"), 1, people["an"], "")
    merged = replace(record_of(), title_en="Clearer")
    with pytest.raises(PermissionDenied):
        editing.revise(proposal, merged, 2, 2, people["mei"], "")
    assert editing.revise(proposal, merged, 2, 2, people["li"], "").is_awaiting


def test_who_lost_the_right_to_propose_revises_nothing(people):
    proposal = proposed(people["li"])
    people["li"].groups.clear()
    former = type(people["li"]).objects.get(pk=people["li"].pk)
    with pytest.raises(PermissionDenied):
        editing.revise(proposal, replace(record_of(), title_en="X"), 1, 1, former, "")


def test_a_withdrawal_that_was_merged_away_is_approved_as_it_stands(people):
    measure = world.get_measure("1")
    record = editing.withdrawn_record(measure, "重复", "A duplicate")
    proposal = editing.submit(record, measure, 1, people["li"], "重复", Action.WITHDRAWN).proposal
    editing.save_measure(replace(record_of(), status="replicate"), 1, people["an"], "")
    merged = replace(record_of(), title_en="Only this")
    proposal = editing.revise(proposal, merged, 1, 2, people["li"], "")
    assert not editing.approve(proposal, 2, people["mei"], "").is_withdrawn
    assert record_of().title_en == "Only this"


def test_a_re_cut_that_would_give_another_record_than_was_reviewed_is_refused(people):
    cut = cut_of("外籍人才", Role.PRACTICE, city=world.SHANGHAI)
    proposal = editing.propose(cut, world.get_measure("3"), 1, people["li"], "")
    record = editing.read_record(proposal)
    other = replace(record, title_en="Not what was reviewed")
    type(proposal).objects.filter(pk=proposal.pk).update(record=to_json(other))
    with pytest.raises(RecordError):
        editing.approve(proposal, 1, people["mei"], "")
    assert world.get_measure("3").version == 1


def test_of_two_proposals_of_one_version_one_is_published(people):
    first, second = proposed(people["li"], "One"), proposed(people["wu"], "Two")
    editing.approve(first, 1, people["mei"], "")
    with pytest.raises(versions.VersionConflict):
        editing.approve(second, 1, people["mei"], "")
    assert record_of().title_en == "One"


def test_a_re_cut_is_proposed_and_published_whole(people):
    before = list(Passage.objects.order_by("start").values_list("start", "end", "role"))
    cut = cut_of("外籍人才", Role.PRACTICE, city=world.SHANGHAI)
    proposal = editing.propose(cut, world.get_measure("3"), 1, people["li"], "part of the sentence")
    assert list(Passage.objects.order_by("start").values_list("start", "end", "role")) == before
    assert "外籍人才" in editing.read_record(proposal).practices[0].practice_zh
    measure = editing.approve(proposal, 1, people["mei"], "")
    versions.check_source(measure.source)
    assert "外籍人才" in record_of("3").practices[0].practice_zh


def test_a_withdrawal_is_proposed_and_dated_by_its_approval(people):
    measure = world.get_measure("1")
    record = editing.withdrawn_record(measure, "重复", "A duplicate")
    submitted = editing.submit(record, measure, 1, people["li"], "重复", Action.WITHDRAWN)
    assert not world.get_measure("1").is_withdrawn
    gone = editing.approve(submitted.proposal, 1, people["mei"], "")
    assert gone.withdrawn_at > submitted.proposal.made_at
    assert gone.versions.live().get().action == Action.WITHDRAWN


def test_who_may_publish_alone_does(people, settings):
    record = replace(record_of(), title_en="Alone")
    waiting = editing.submit(record, world.get_measure("1"), 1, people["mei"], "")
    assert waiting.proposal.is_awaiting
    settings.PUBLISH_OWN_CHANGES = True
    published = editing.submit(record, world.get_measure("1"), 1, people["an"], "")
    assert (published.proposal, published.measure.version) == (None, 2)


def test_who_may_only_read_submits_nothing(people):
    reader = world.an_editor("reader")
    reader.is_superuser = False
    with pytest.raises(PermissionDenied):
        editing.submit(record_of(), world.get_measure("1"), 1, reader, "")


def test_a_reverted_version_is_a_new_one(people):
    before = record_of()
    editing.save_measure(replace(before, title_en="Other"), 1, people["mei"], "")
    old = MeasureVersion.objects.get(measure__key="1", version=1)
    measure = editing.revert_measure(world.get_measure("1"), old, 2, people["mei"], "back")
    live = measure.versions.live().get()
    assert (measure.version, live.action, record_of()) == (3, Action.REVERTED, before)
    with pytest.raises(versions.VersionConflict):
        editing.revert_measure(measure, old, 2, people["mei"], "")


def test_the_roles_hold_what_they_may(people):
    may = {
        name: (editing.may_propose(one), one.has_perm("reforms.publish_measure"))
        for name, one in people.items()
    }
    assert may["li"] == (True, False)
    assert may["mei"] == (True, True)
    names = set(Group.objects.values_list("name", flat=True))
    assert {"Editor", "Publisher", "Administrator"} <= names
    held = Group.objects.get(name="Editor").permissions.values_list("codename", flat=True)
    added = [name for name in held if name.startswith(("delete_", "add_"))]
    assert added == ["add_noticedraft"]
    assert Measure.objects.count() == 3
