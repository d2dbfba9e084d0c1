"""The histories of vocabulary words and sources: every save on every path, and the way back."""

import re
from dataclasses import replace

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from catalog.backups.content import content_models
from reforms import editing, states
from reforms.importing import load_catalog
from reforms.models import (
    Category,
    City,
    Identification,
    Indicator,
    Section,
    Source,
    Synonym,
    Theme,
)
from reforms.records import Action, Role
from reforms.recutting import Cut
from tests import world
from tests.forms import fields_of_form

pytestmark = pytest.mark.django_db
KEPT = (Category, City, Indicator, Theme, Synonym, Section, Identification, Source)


@pytest.fixture
def li(db):
    world.build_world()
    return world.an_editor("li")


@pytest.fixture
def people(li):
    """A signed-in browser in English for an editor and a publisher."""
    found = {}
    for name, role in (("wang", "Editor"), ("mei", "Publisher")):
        account = world.an_editor(name)
        account.is_superuser = False
        account.save()
        account.groups.add(Group.objects.get(name=role))
        browser = Client()
        browser.force_login(type(account).objects.get(pk=account.pk))
        browser.cookies[site_settings.LANGUAGE_COOKIE_NAME] = "en"
        found[name] = browser
    return found


def a_category():
    return Category.objects.get(slug=world.ELECTRICITY)


def page_of(row, name="change", *more):
    model = row._meta.model_name
    return reverse(f"admin:reforms_{model}_{name}", args=[row.pk, *more])


def form_of(browser, row, address=""):
    return fields_of_form(browser.get(address or page_of(row)), f"{row._meta.model_name}_form")


def edit(browser, row, **values):
    return browser.post(page_of(row), {**form_of(browser, row), **values})


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def kept(model, **conditions):
    """What each state of a table's rows says of its save, the oldest first."""
    rows = model.history.filter(**conditions).order_by("history_id")
    return [(row.action, row.by_name, row.history_change_reason) for row in rows]


def count_states():
    """How many states all histories hold."""
    return sum(model.history.count() for model in KEPT)


# --- What each path keeps ---


def test_a_load_keeps_every_row_and_a_second_one_nothing():
    world.build_world()
    catalog = world.world_catalog()
    for model in set(KEPT) - {Synonym}:
        assert model.history.count() == model.objects.count() > 0
        assert set(kept(model)) == {("loaded", world.LOADED_BY, None)}
    before = count_states()
    load_catalog(catalog, by_name="again")
    assert count_states() == before


def test_a_state_holds_every_column_but_the_text_and_what_loading_keeps():
    for model in KEPT:
        columns = {column.column for column in model._meta.concrete_fields}
        held = {column.column for column in model.history.model._meta.concrete_fields}
        assert columns - held <= {"text", "loaded_checksum"}
    assert "checksum" in {column.name for column in Source.history.model._meta.fields}


def test_a_load_of_a_changed_file_keeps_only_what_changed():
    world.build_world()
    before = count_states()
    catalog = world.world_catalog()
    category = replace(catalog.categories[0], name_en="Power")
    source = catalog.sources[0]
    sections = (replace(source.sections[0], name_en="Power"), *source.sections[1:])
    changed = replace(
        catalog,
        categories=(category, *catalog.categories[1:]),
        sources=(replace(source, sections=sections, identifications=()),),
    )
    load_catalog(changed, by_name="new files")
    word = a_category()
    assert kept(Category, id=word.pk)[1:] == [("loaded", "new files", None)]
    assert Category.history.filter(id=word.pk, version=2).get().name_en == "Power"
    assert Section.history.filter(source_version=2).get().name_en == "Power"
    gone = Identification.history.filter(source_version=2)
    assert {row.history_type for row in gone} == {"-"}
    # The category, the source, a section, and each claim that is gone.
    assert count_states() == before + 3 + len(source.identifications)
    load_catalog(changed, by_name="again")
    assert count_states() == before + 3 + len(source.identifications)


def test_headings_that_exchange_their_places_are_kept_where_they_stand():
    world.build_world()
    catalog = world.world_catalog()
    first, second = catalog.sources[0].sections
    swapped = (replace(second, position=first.position), replace(first, position=second.position))
    source = replace(catalog.sources[0], sections=swapped)
    load_catalog(replace(catalog, sources=(source,)), by_name="new files")
    for section in Section.objects.all():
        newest = Section.history.filter(id=section.pk).first()
        assert (newest.position, newest.source_version) == (section.position, 2)


def test_a_load_that_keeps_an_edit_keeps_its_history(li):
    row = a_category()
    row.name_en = "Mine"
    editing.save_row(row, 1, by=li, reason="clearer")
    before = count_states()
    catalog = world.world_catalog()
    theirs = replace(catalog.categories[0], name_en="From the files")
    changed = replace(catalog, categories=(theirs, *catalog.categories[1:]))
    load_catalog(changed, by_name="new files")
    assert count_states() == before
    assert kept(Category, id=row.pk)[-1] == ("changed", "li", "clearer")


def test_rows_that_stood_before_their_history_begin_it_as_they_stood(li):
    for model in KEPT:
        model.history.all().delete()
    source = Source.objects.get()
    claims = source.identifications.count()
    source.short_name_en = "New name"
    editing.save_row(source, 1, by=li, reason="clearer")
    first, second = Source.history.order_by("history_id")
    assert (first.action, first.by_name, first.version) == (None, "", 1)
    assert (second.action, second.version, second.history_user) == ("changed", 2, li)
    assert first.short_name_en != second.short_name_en == "New name"
    assert Identification.history.filter(source_version=1).count() == claims
    # What the files would write is there already: it counts as loaded, and begins its history.
    Category.objects.update(loaded_checksum=None)
    load_catalog(world.world_catalog(), by_name="fixtures")
    assert set(kept(Category)) == {("loaded", "fixtures", None)}
    assert Category.history.count() == Category.objects.count()


def test_a_new_word_has_a_first_state(people):
    address = "/admin/reforms/category/add/"
    fields = fields_of_form(people["mei"].get(address), "category_form")
    values = {"slug": "new-word", "name_zh": "新", "name_en": "New", "reason": "asked for"}
    assert people["mei"].post(address, {**fields, **values}).status_code == 302
    row = Category.objects.get(slug="new-word")
    assert kept(Category, id=row.pk) == [("created", "mei", "asked for")]
    assert Category.history.get(id=row.pk).version == row.version == 1


def test_one_save_is_one_state_with_who_and_why(people):
    row = a_category()
    assert edit(people["mei"], row, name_en="Power", reason="clearer").status_code == 302
    row.refresh_from_db()
    newest = Category.history.filter(id=row.pk).first()
    assert Category.history.filter(id=row.pk).count() == 2
    assert (newest.version, newest.name_en) == (row.version, "Power") == (2, "Power")
    assert (newest.history_user.get_username(), newest.by_name) == ("mei", "mei")
    assert newest.history_change_reason == "clearer"


@pytest.mark.parametrize("reason", ["", "a reason is no change"])
def test_a_page_without_changes_keeps_nothing(people, reason):
    before = count_states()
    for row in (a_category(), Source.objects.get()):
        answer = edit(people["mei"], row, reason=reason)
        assert "Nothing was changed" in text_of(people["mei"].get(answer.url))
    assert count_states() == before


def test_a_refused_page_gives_the_reason_back(people):
    row = a_category()
    before = count_states()
    answer = edit(people["mei"], row, name_en="", reason="because")
    assert fields_of_form(answer, "category_form")["reason"] == "because"
    edit(people["mei"], row, name_en="First")
    stale = edit(people["mei"], row, expected_version="1", name_en="Mine", reason="because")
    assert "mei saved this on" in text_of(stale)
    assert fields_of_form(stale, "category_form")["reason"] == "because"
    assert count_states() == before + 1


def test_a_source_saved_with_its_parts_keeps_each_part_that_changed(people):
    source = Source.objects.get()
    before = count_states()
    values = {"sections-0-name_en": "Power", "reason": "both"}
    count = int(form_of(people["mei"], source)["identifications-TOTAL_FORMS"])
    new = {
        "kind": "title",
        "claim_zh": "甲",
        "claim_en": "A",
        "found_in_zh": "乙",
        "found_in_en": "B",
        "confidence": "low",
    }
    values |= {f"identifications-{count - 1}-{name}": value for name, value in new.items()}
    assert edit(people["mei"], source, **values).status_code == 302
    source.refresh_from_db()
    assert count_states() == before + 3
    assert kept(Source)[-1] == ("changed", "mei", "both")
    heading = Section.history.filter(source_version=2).get()
    claim = Identification.history.filter(source_version=2).get()
    assert (heading.name_en, heading.history_type, heading.action) == ("Power", "~", "changed")
    assert (claim.claim_en, claim.history_type, claim.by_name) == ("A", "+", "mei")
    assert source.version == Source.history.first().version == 2
    # A save without its parts keeps the source alone.
    edit(people["mei"], source, short_name_en="Other")
    assert count_states() == before + 4


def test_withdrawing_and_restoring_are_kept_with_their_reasons(people):
    source = Source.objects.get()
    for name, reasons in (
        ("withdraw", {"reason_zh": "错误", "reason_en": "An error"}),
        ("restore", {"reason": "no error after all"}),
    ):
        address = page_of(source, name)
        fields = fields_of_form(people["mei"].get(address))
        assert people["mei"].post(address, {**fields, **reasons}).status_code == 302
    assert kept(Source)[1:] == [
        ("withdrawn", "mei", "错误"),
        ("restored", "mei", "no error after all"),
    ]
    withdrawn = Source.history.get(version=2)
    assert withdrawn.withdrawn_at is not None
    assert withdrawn.withdrawn_reason_en == "An error"
    assert Source.history.get(version=3).withdrawn_at is None


def test_a_recut_is_no_change_of_facts(li):
    measure = world.get_measure("3")
    start = world.TEXT.index("外籍人才")
    end = start + len("外籍人才在服务大厅办理业务(资料图片)")
    cut = Cut(start=start, end=end, role=Role.PRACTICE, is_own=True, city=world.SHANGHAI)
    editing.recut_measure(measure, cut, measure.version, li, "it belongs here")
    source = Source.objects.get()
    assert (source.version, Source.history.count()) == (2, 1)
    source.short_name_en = "Other"
    editing.save_row(source, 2, by=li)
    assert [row.version for row in Source.history.order_by("history_id")] == [1, 3]


def test_a_save_that_is_rolled_back_leaves_no_state(li):
    before = count_states()
    row = a_category()
    row.name_en = "Power"
    with transaction.atomic():
        editing.save_row(row, 1, by=li)
        assert count_states() == before + 1
        transaction.set_rollback(True)
    assert count_states() == before
    with pytest.raises(editing.StaleRow):
        editing.save_row(row, 7, by=li)
    assert count_states() == before


def test_a_dry_run_of_a_load_leaves_no_state():
    load_catalog(world.world_catalog(), by_name="fixtures", is_dry_run=True)
    assert count_states() == 0


def test_what_was_said_of_one_save_is_not_said_of_the_next(li):
    row = a_category()
    editing.save_row(row, 1, by=li, reason="clearer")
    row.save()
    assert kept(Category, id=row.pk)[-1] == ("changed", "", None)


# --- The page ---


def test_the_page_lists_who_when_why_and_marks_the_words(people):
    row = a_category()
    edit(people["mei"], row, name_en=f"{row.name_en} quickly", reason="<b>clearer</b>")
    shown = text_of(people["wang"].get(page_of(row, "history")))
    assert "<ins> quickly</ins>" in shown
    assert "&lt;b&gt;clearer&lt;/b&gt;" in shown
    assert "Loaded from a file" in shown
    assert "mei" in shown
    assert world.LOADED_BY in shown
    assert "Go back" not in shown
    assert "Go back to version 1" in text_of(people["mei"].get(page_of(row, "history")))


def test_the_history_of_a_source_tells_of_its_parts(people):
    source = Source.objects.get()
    values = {"sections-0-category": Category.objects.get(slug=world.PROPERTY).pk}
    edit(people["mei"], source, **values, is_public="", published_on="2019-09-01")
    page = people["wang"].get(page_of(source, "history"))
    changes = page.context["entries"][0].changes
    assert {(one.place, one.before, one.after) for one in changes} == {
        ("public", "yes", "no"),
        ("our reading of the date", "", "2019-09-01"),
        ("Section 一 · category", "Getting electricity", "Registering property"),
    }
    numbers = {row.label: row.text for row in page.context["entries"][1].groups[0].rows}
    assert world.source().other_numbers[0].reason_en in numbers["numbers that are not figures"]
    first = page.context["entries"][1]
    assert first.is_first
    assert [group.title for group in first.groups][:3] == ["", "Section 一", "Section 二"]


def test_pages_cost_few_queries_however_long_the_history(people, django_assert_max_num_queries, li):
    source, word = Source.objects.get(), a_category()
    for number in range(30):
        source.short_name_en = word.name_en = f"Name {number}"
        section = source.sections.first()
        section.name_en = f"Name {number}"
        editing.save_row(source, source.version, [section], by=li)
        editing.save_row(word, word.version, by=li)
    # Session, account, two of permissions, row, count, page, the state before it; for a source
    # its two kinds of parts, categories and sources.
    for row, most in ((word, 9), (source, 13)):
        with django_assert_max_num_queries(most):
            page = people["wang"].get(page_of(row, "history"))
        assert len(page.context["entries"]) == 20
        assert "?p=2" in text_of(page)
        with django_assert_max_num_queries(most + 3):
            assert people["mei"].get(page_of(row, "revert", 3)).status_code == 200
    older = people["wang"].get(page_of(source, "history") + "?p=2").context["entries"]
    assert [entry.state.version for entry in older] == list(range(11, 0, -1))
    assert [one.after for one in older[0].changes] == ["Name 9", "Name 9"]


@pytest.mark.parametrize("page", ["0", "-1", "x", "999", "9" * 30])
def test_a_page_out_of_range_is_the_last(people, page):
    assert people["wang"].get(page_of(a_category(), "history") + f"?p={page}").status_code == 200


def test_a_row_without_a_history_says_so(people):
    Category.history.all().delete()
    shown = text_of(people["wang"].get(page_of(a_category(), "history")))
    assert "The next save begins the history" in shown


def test_who_may_not_view_a_table_sees_no_history_of_it(li):
    account = world.an_editor("zhou")
    account.is_superuser = False
    account.save()
    browser = Client()
    browser.force_login(account)
    for row in (a_category(), Source.objects.get()):
        assert browser.get(page_of(row, "history")).status_code == 403


@pytest.mark.parametrize("model", [Category, City, Indicator, Source])
def test_an_editor_reads_but_changes_nothing(people, model):
    row = model.objects.first()
    assert people["wang"].get(page_of(row, "history")).status_code == 200
    assert people["wang"].get(page_of(row, "revert", 1)).status_code == 403
    answer = people["wang"].post(page_of(row, "revert", 1), {"version": 1, "reason": "x"})
    assert answer.status_code == 403
    shown = text_of(people["wang"].get(page_of(row)))
    assert "Reason of this change" not in shown
    assert "Expected version" not in shown


def test_who_may_not_change_the_parts_of_a_source_may_not_go_back(people, li):
    account = world.an_editor("zhou")
    account.is_superuser = False
    account.save()
    names = ("view_source", "change_source", "view_category", "change_category")
    account.user_permissions.set(Permission.objects.filter(codename__in=names))
    browser = Client()
    browser.force_login(account)
    assert browser.get(page_of(a_category(), "revert", 1)).status_code == 200
    assert browser.get(page_of(Source.objects.get(), "revert", 1)).status_code == 403


def test_histories_give_groups_nothing_to_permit(db):
    assert not Permission.objects.filter(codename__contains="historical").exists()


def test_a_backup_holds_every_history():
    assert {model.history.model for model in KEPT} <= set(content_models())


# --- Going back ---


def go_back(browser, row, past, fields=None, **values):
    address = page_of(row, "revert", past)
    fields = fields or fields_of_form(browser.get(address), "revert_form")
    return browser.post(address, {**fields, "reason": "it was better", **values})


def test_a_word_goes_back_as_a_new_save(people):
    row = a_category()
    name = row.name_en
    edit(people["mei"], row, name_en="Power")
    preview = people["mei"].get(page_of(row, "revert", 1)).context["changes"]
    assert [(one.before, one.after) for one in preview] == [("Power", name)]
    answer = go_back(people["mei"], row, 1)
    assert answer.url == page_of(row, "history")
    assert "Saved as version 3." in text_of(people["mei"].get(answer.url))
    row.refresh_from_db()
    assert (row.name_en, row.version) == (name, 3)
    assert kept(Category, id=row.pk)[-1] == ("reverted", "mei", "it was better")


def test_a_source_goes_back_with_its_parts_and_forward_again(people, li):
    source = Source.objects.get()
    before = source.to_record()
    section, claim = source.sections.first(), source.identifications.first()
    section.name_en, claim.claim_en, source.short_name_en = "Power", "Other", "Other"
    new = Identification(
        position=9, kind="title", claim_zh="甲", claim_en="A", found_in_zh="乙", found_in_en="B",
        confidence="low",
    )  # fmt: skip
    editing.save_row(source, 1, [section, claim, new], by=li)
    after = Source.objects.get().to_record()
    assert after != before
    assert go_back(people["mei"], source, 1).status_code == 302
    assert Source.objects.get().to_record() == before
    assert go_back(people["mei"], source, 2).status_code == 302
    assert Source.objects.get().to_record() == after
    assert Source.objects.get().version == 4
    last = people["mei"].get(page_of(source, "history")).context["entries"][0]
    assert "Identification 9 · claim (English)" in {one.place for one in last.changes}


def test_what_is_fixed_stays(li):
    source = editing.withdraw_source(Source.objects.get(), 1, li, "错误", "An error")
    past = states.state_at(source, 1)
    past.row.slug, past.row.checksum, past.row.short_name_en = "other", "0" * 64, "Past"
    assert editing.revert_row(source, past, 2, li, "back")
    now = Source.objects.get()
    assert (now.slug, now.short_name_en, now.is_withdrawn) == (world.SOURCE, "Past", True)
    assert (now.checksum, now.text) == (world.source().checksum, world.TEXT)
    indicator = Indicator.objects.first()
    past = states.state_at(indicator, 1)
    kind, past.row.kind, past.row.slug, past.row.name_en = indicator.kind, "share", "x", "Past"
    assert editing.revert_row(indicator, past, 1, li, "back")
    indicator.refresh_from_db()
    assert (indicator.kind, indicator.name_en) == (kind, "Past")
    assert indicator.slug != "x"


def test_going_back_over_a_newer_save_is_refused_and_the_reason_kept(people, li):
    row = a_category()
    edit(people["mei"], row, name_en="Power")
    fields = fields_of_form(people["mei"].get(page_of(row, "revert", 1)), "revert_form")
    edit(people["mei"], row, name_en="Meanwhile")
    before = count_states()
    answer = go_back(people["mei"], row, 1, fields)
    assert "Somebody saved this while you wrote" in text_of(answer)
    assert answer.status_code == 409
    assert fields_of_form(answer, "revert_form")["reason"] == "it was better"
    row.refresh_from_db()
    assert (row.name_en, row.version, count_states()) == ("Meanwhile", 3, before)


def test_going_back_to_how_it_stands_writes_nothing(people):
    row = a_category()
    before = count_states()
    answer = go_back(people["mei"], row, 1)
    assert "Nothing was changed" in text_of(people["mei"].get(answer.url))
    assert count_states() == before


def test_going_back_to_a_place_that_is_taken_is_refused_in_words(people, li):
    row, other = Category.objects.order_by("position")[:2]
    place = row.position
    row.position = 9
    editing.save_row(row, 1, by=li)
    other.position = place
    editing.save_row(other, 1, by=li)
    before = count_states()
    answer = go_back(people["mei"], row, 1)
    assert "already exists" in text_of(answer)
    assert count_states() == before
    with pytest.raises(ValidationError):
        editing.revert_row(row, states.state_at(row, 1), 2, li, "")


@pytest.mark.parametrize("fields", [{"version": ""}, {"version": "x"}, {"reason": ""}])
def test_an_incomplete_way_back_is_no_way(people, fields):
    row = a_category()
    edit(people["mei"], row, name_en="Power")
    assert go_back(people["mei"], row, 1, **fields).status_code == 200
    row.refresh_from_db()
    assert row.version == 2


@pytest.mark.parametrize("version", [0, 7, 10**30])
def test_a_version_that_never_was_leads_to_the_index(people, version):
    answer = people["mei"].get(page_of(a_category(), "revert", version))
    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert Action.REVERTED not in {action for action, _name, _reason in kept(Category)}
