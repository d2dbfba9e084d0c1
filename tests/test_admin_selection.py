"""Many measures at once: each selected one is saved or refused by itself, and nothing typed is lost."""

import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from reforms import editing
from reforms.models import Measure, Proposal
from reforms.records import Action, Status, TranslationState
from tests import world
from tests.forms import fields_of_form
from tests.test_admin import LIST, record_of, text_of

pytestmark = pytest.mark.django_db
FORM = "selected_form"
PAGES = ("edit_selected", "withdraw_selected")


@pytest.fixture(autouse=True)
def publishes_alone(settings):
    settings.PUBLISH_OWN_CHANGES = True


@pytest.fixture
def li(db):
    world.build_world()
    return world.an_editor("li")


@pytest.fixture
def staff(li, client):
    client.force_login(li)
    client.cookies[site_settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def ids_of(*keys):
    rows = {row.key: row.pk for row in Measure.objects.all()}
    return [rows[key] for key in keys or ("1", "2", "3")]


def address_of(page, *keys):
    query = urlencode({"id": ids_of(*keys)}, doseq=True)
    return reverse(f"admin:reforms_measure_{page}") + "?" + query


def named(key, name):
    """Return the name of a field in the row of a measure."""
    return f"m{ids_of(key)[0]}-{name}"


def save(client, page="edit_selected", keys=(), fields=None, **typed):
    """Open the page of the selected measures, type values, save; return the answer."""
    address = address_of(page, *keys)
    fields = fields or fields_of_form(client.get(address), FORM)
    return client.post(address, {**fields, "reason": "all alike", **typed})


def versions_of(*keys):
    rows = {row.key: row.version for row in Measure.objects.all()}
    return [rows[key] for key in keys or ("1", "2", "3")]


def theirs(key, name="wang", **values):
    """Save a measure as somebody else."""
    measure = world.get_measure(key)
    record = replace(measure.to_record(), **values)
    editing.save_measure(record, measure.version, world.an_editor(name), "their reason")


# --- From the list ---


@pytest.mark.parametrize("action", PAGES)
def test_the_list_leads_to_the_selected_and_back_with_its_filters(staff, action):
    chosen = {"action": action, "index": "0", "_selected_action": ids_of("2", "1")}
    answer = staff.post(f"{LIST}?category=electricity", chosen)
    assert answer.status_code == 302
    page = staff.get(answer.url)
    assert [row.measure.key for row in page.context["rows"]] == ["1", "2"]
    assert page.context["list_address"] == f"{LIST}?category=electricity"
    typed = {"reason": "r", "reason_zh": "重复", "reason_en": "A duplicate"}
    fields = fields_of_form(page, FORM)
    done = staff.post(answer.url, {**fields, **typed, named("1", "status"): "replicate"})
    assert done.url == f"{LIST}?category=electricity"
    assert versions_of()[0] == 2


def test_an_action_takes_only_what_the_filters_leave(staff):
    chosen = {"action": "edit_selected", "index": "0", "_selected_action": ids_of()}
    answer = staff.post(f"{LIST}?category=property-registration", chosen)
    assert [row.measure.key for row in staff.get(answer.url).context["rows"]] == ["3"]


def test_nothing_is_offered_that_deletes(staff):
    shown = staff.get(LIST).content.decode()
    assert re.findall(r'<option value="(\w+_selected)"', shown) == [*PAGES]
    assert "at most 100" in shown


def test_more_than_a_page_takes_are_refused_in_words(staff, li):
    chosen = {"action": "edit_selected", "index": "0", "_selected_action": ids_of()}
    answer = staff.post(LIST, {**chosen, "_selected_action": [*range(1000)]}, follow=True)
    assert answer.status_code == 200
    many = [("id", str(number)) for number in range(101)]
    for page in PAGES:
        address = reverse(f"admin:reforms_measure_{page}")
        answer = staff.get(f"{address}?{urlencode(many)}", follow=True)
        assert "At most 100 measures at once" in text_of(answer)


# --- The table ---


def test_each_changed_measure_is_one_version_with_who_and_why(staff, li):
    typed = {named("1", "status"): "replicate", named("3", "category"): "electricity"}
    answer = save(staff, **typed)
    shown = text_of(staff.get(answer.url))
    assert "Saved 2 measures: Sample notice 1, Sample notice 3." in shown
    assert "1 measure had no change" in shown
    assert versions_of() == [2, 1, 2]
    assert record_of("1") == replace(world.measure_one(), status=Status.REPLICATE)
    assert record_of("3") == replace(world.measure_three(), category="electricity")
    live = world.get_measure("3").versions.live().get()
    assert (live.by, live.reason, live.action) == (li, "all alike", Action.CHANGED)


def test_a_table_saved_as_it_was_opened_writes_nothing(staff):
    answer = save(staff)
    assert "3 measures had no change" in text_of(staff.get(answer.url))
    assert versions_of() == [1, 1, 1]


def test_every_field_of_a_row_reaches_the_record(staff):
    fields = fields_of_form(staff.get(address_of("edit_selected", "1")), FORM)
    del fields[named("1", "is_read_whole")]
    typed = {
        named("1", "section"): "",
        named("1", "title_translation_state"): "outdated",
        named("1", "english-shanghai"): "outdated",
    }
    save(staff, keys=("1",), fields={**fields, **typed})
    record, before = record_of("1"), world.measure_one()
    beijing, shanghai = before.practices
    outdated = TranslationState.OUTDATED
    assert record == replace(
        before,
        section=None,
        is_read_whole=False,
        title_translation_state=outdated,
        practices=(beijing, replace(shanghai, translation_state=outdated)),
    )


def test_english_that_was_checked_is_marked_at_once_where_it_is_complete(staff):
    record = world.measure_two()
    beijing, shanghai = record.practices
    outdated = replace(beijing, translation_state=TranslationState.OUTDATED)
    theirs("2", practices=(outdated, shanghai), title_translation_state=TranslationState.OUTDATED)
    page = staff.get(address_of("edit_selected", "2"))
    assert "incomplete" in text_of(page)
    save(staff, keys=("2",), is_english_checked="on")
    assert record_of("2") == record
    assert record.practices[1].translation_state == TranslationState.MISSING


def test_a_reason_is_asked_for_and_nothing_is_lost_without_one(staff):
    answer = save(staff, reason="", **{named("1", "status"): "replicate"})
    assert answer.status_code == 200
    assert "Nothing was saved yet" in text_of(answer)
    assert fields_of_form(answer, FORM)[named("1", "status")] == "replicate"
    assert versions_of() == [1, 1, 1]


# --- Somebody else saved first ---


def test_a_stale_row_is_refused_and_the_others_are_saved(staff):
    fields = fields_of_form(staff.get(address_of("edit_selected")), FORM)
    theirs("1", title_en="Theirs", status=Status.FOR_REFERENCE)
    typed = {named(key, "category"): "property-registration" for key in ("1", "2")}
    answer = save(staff, fields={**fields, **typed})
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "1 measure was not saved" in shown
    assert "Saved 1 measure: Sample notice 2." in shown
    assert "wang saved version 2 on" in shown
    assert "their reason" in shown
    assert "Theirs" in shown
    assert versions_of() == [2, 2, 1]
    kept = fields_of_form(answer, FORM)
    assert kept["id"] == str(ids_of("1")[0])
    assert kept["reason"] == "all alike"
    # What was typed, over what they saved.
    assert kept[named("1", "category")] == "property-registration"
    assert kept[named("1", "status")] == "for_reference"

    again = save(staff, keys=("1",), fields=kept)
    assert "tick the box" in text_of(again)
    assert versions_of()[0] == 2
    kept = fields_of_form(again, FORM)
    assert kept[named("1", "category")] == "property-registration"
    done = save(staff, keys=("1",), fields={**kept, named("1", "is_agreed"): "on"})
    assert done.status_code == 302
    record = record_of("1")
    assert (record.category, record.status, record.title_en) == (
        "property-registration",
        "for_reference",
        "Theirs",
    )


def test_an_agreed_row_that_is_stale_again_is_refused_again(staff):
    fields = fields_of_form(staff.get(address_of("edit_selected", "1")), FORM)
    theirs("1", title_en="Theirs")
    typed = {**fields, named("1", "status"): "replicate"}
    kept = fields_of_form(save(staff, keys=("1",), fields=typed), FORM)
    theirs("1", "zhao", title_en="Another")
    again = save(staff, keys=("1",), fields={**kept, named("1", "is_agreed"): "on"})
    assert again.status_code == 409
    assert "zhao saved version 3" in text_of(again)
    assert named("1", "is_agreed") not in fields_of_form(again, FORM)
    assert record_of("1").title_en == "Another"


def test_a_stale_row_without_a_change_refuses_nothing(staff):
    fields = fields_of_form(staff.get(address_of("edit_selected")), FORM)
    theirs("1", title_en="Theirs")
    answer = save(staff, fields={**fields, named("2", "status"): "replicate"})
    assert answer.status_code == 302
    assert versions_of() == [2, 2, 1]


# --- Withdrawing ---


def test_the_selected_are_withdrawn_with_their_reasons(staff):
    reasons = {"reason_zh": "重复", "reason_en": "Duplicates"}
    refused = save(staff, "withdraw_selected", reason_zh="重复")
    assert refused.context["form"].errors["reason_en"]
    answer = save(staff, "withdraw_selected", ("1", "2"), **reasons)
    assert "Withdrew 2 measures" in text_of(staff.get(answer.url))
    for key in ("1", "2"):
        record = record_of(key)
        assert (record.withdrawn_reason_zh, record.withdrawn_reason_en) == ("重复", "Duplicates")
    assert versions_of() == [2, 2, 1]
    page = staff.get(address_of("withdraw_selected"))
    assert [row.measure.key for row in page.context["rows"]] == ["3"]
    assert "2 of the selected measures are withdrawn already" in text_of(page)
    none = staff.get(address_of("withdraw_selected", "1"), follow=True)
    assert "None of the selected" in text_of(none)


def test_a_stale_measure_is_not_withdrawn_and_the_reasons_stay(staff):
    reasons = {"reason_zh": "重复", "reason_en": "Duplicates"}
    fields = fields_of_form(staff.get(address_of("withdraw_selected", "1", "2")), FORM)
    theirs("1", title_en="Theirs")
    answer = save(staff, "withdraw_selected", ("1", "2"), {**fields, **reasons})
    assert answer.status_code == 409
    assert "Withdrew 1 measure: Sample notice 2." in text_of(answer)
    kept = fields_of_form(answer, FORM)
    assert (kept["reason_zh"], kept["reason_en"]) == ("重复", "Duplicates")
    assert versions_of() == [2, 2, 1]
    assert not world.get_measure("1").is_withdrawn
    done = {**kept, named("1", "is_agreed"): "on"}
    assert save(staff, "withdraw_selected", ("1",), done).status_code == 302
    assert record_of("1").title_en == "Theirs"
    assert world.get_measure("1").is_withdrawn


# --- What waits for a second person ---


def test_who_proposes_makes_a_proposal_a_measure(staff, li, settings):
    settings.PUBLISH_OWN_CHANGES = False
    li.is_superuser = False
    li.save()
    li.groups.add(Group.objects.get(name="Editor"))
    typed = {named(key, "status"): "replicate" for key in ("1", "2")}
    answer = save(staff, **typed)
    assert "Proposed 2 changes" in text_of(staff.get(answer.url))
    assert Proposal.objects.filter(reason="all alike").count() == 2
    assert versions_of() == [1, 1, 1]
    again = save(
        staff, **{named("1", "status"): "for_reference", named("3", "status"): "replicate"}
    )
    assert again.status_code == 200
    shown = text_of(again)
    assert "you have a proposal for this measure that is still open" in shown
    assert "Proposed 1 change, which waits" in shown
    assert fields_of_form(again, FORM)[named("1", "status")] == "for_reference"


@pytest.mark.parametrize("page", PAGES)
def test_who_may_only_look_changes_nothing(staff, li, page):
    address = address_of(page)
    li.is_superuser = False
    li.save()
    li.user_permissions.add(Permission.objects.get(codename="view_measure"))
    assert staff.get(address).status_code == 403
    assert staff.post(address, {"id": ids_of()}).status_code == 403
    assert "edit_selected" not in staff.get(LIST).content.decode()


# --- Costs and bad input ---


def test_the_pages_cost_few_queries_whatever_is_selected(staff, django_assert_max_num_queries):
    for page in PAGES:
        staff.get(address_of(page))
        with django_assert_max_num_queries(20):
            staff.get(address_of(page))


ODD = ["", "\0", "x", "-1", "0", "9" * 40, "1.5", "٣", "\ud7ff", "%00", "x" * 30_000]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: ascii(odd)[:12])
def test_no_input_breaks_a_page(staff, odd):
    for page in PAGES:
        address = address_of(page, "1")
        path = address.partition("?")[0]
        chosen = {"action": page, "index": odd, "_selected_action": [odd, *ids_of("1")]}
        # A NUL character is refused before any page sees it.
        refused = (302, 400)
        assert staff.post(LIST, chosen).status_code in refused
        assert staff.get(f"{path}?{urlencode({'id': odd})}").status_code in refused
        assert staff.post(path, {"id": odd}).status_code in refused
        fields = fields_of_form(staff.get(address), FORM)
        for name in fields:
            answer = staff.post(address, {**fields, "reason": "", name: odd})
            assert answer.status_code in (200, 302, 400), name
        answer = staff.post(address, dict.fromkeys(fields, odd) | {"id": ids_of("1")})
        assert answer.status_code in (200, 400)
    assert versions_of() == [1, 1, 1]


def test_identifiers_that_are_gone_are_told(staff):
    answer = staff.get(address_of("edit_selected", "1") + "&id=987654")
    assert "1 of the selected measures is not there any more" in text_of(answer)
    assert [row.measure.key for row in answer.context["rows"]] == ["1"]


def test_no_filters_in_an_address_lead_elsewhere(staff):
    address = address_of("edit_selected", "1") + "&_changelist_filters=%ff//evil.example"
    answer = staff.get(address)
    assert answer.status_code == 200
    assert answer.context["list_address"].startswith(f"{LIST}?")
    done = save(staff, keys=("1",))
    assert done.url == LIST
