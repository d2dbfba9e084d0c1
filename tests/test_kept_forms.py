"""Typing whose log-in was over: kept for its author alone, for an hour, and shown again unsaved."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reforms import editing
from reforms.admin.kept_forms import PAGES, SHOWN, TOKEN, token_for
from reforms.editing import kept as keeping
from reforms.models import Category, KeptForm, MeasureVersion, Proposal, Report, Source
from tests import world
from tests.forms import fields_of_form
from tests.test_admin import FORM, page_of, record_of, text_of

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
LOST = "Your log-in was over. What you typed is kept for an hour"


@pytest.fixture(autouse=True)
def publishes_alone(settings):
    """What waits for a second person has tests of its own."""
    settings.PUBLISH_OWN_CHANGES = True


@pytest.fixture
def li(db):
    world.build_world()
    return world.an_editor("li")


@pytest.fixture
def staff(li):
    return browser_of(li)


def browser_of(account, **options):
    browser = Client(**options)
    browser.force_login(account)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def log_in(browser, name="li"):
    answer = browser.post("/admin/login/", {"username": name, "password": PASSWORD})
    assert answer.status_code == 302


def opened(browser, address=None, form=FORM):
    return fields_of_form(browser.get(address or page_of()), form)


def lose(browser, address=None, form=FORM, **values):
    """Open a page, let the log-in end, send the page; return the answer."""
    address = address or page_of()
    fields = {**opened(browser, address, form), **values}
    Session.objects.all().delete()
    return browser.post(address, fields)


def shown_again(browser, address=None):
    """Press the button that shows what is kept."""
    kept = KeptForm.objects.get()
    return browser.post(address or kept.address, {"_kept_show": kept.pk})


# --- From the lost log-in to the save ---


def test_what_was_typed_is_kept_offered_shown_and_saved(staff, li):
    address = f"{page_of()}?_changelist_filters=q%3D1%26p%3D1"
    answer = lose(staff, address, title_en="Typed in vain", reason="why", _save="Save")
    assert answer.status_code == 302
    assert answer.url.startswith("/admin/login/?next=")
    assert LOST in text_of(staff.get(answer.url))
    kept = KeptForm.objects.get()
    assert (kept.by, kept.address) == (li, address)
    assert kept.fields["title_en"] == ["Typed in vain"]
    assert not {TOKEN, "csrfmiddlewaretoken"} & set(kept.fields)

    log_in(staff)
    assert "Show it" in text_of(staff.get(address))
    assert record_of().title_en != "Typed in vain"
    page = shown_again(staff)
    assert page.status_code == 200
    assert "It is not saved yet" in text_of(page)
    assert record_of().title_en != "Typed in vain"
    fields = fields_of_form(page, FORM)
    assert fields["title_en"] == "Typed in vain"
    saved = staff.post(address, fields)
    assert saved.url == "/admin/reforms/measure/?q=1&p=1"
    assert record_of().title_en == "Typed in vain"
    assert world.get_measure("1").versions.live().get().reason == "why"
    assert not KeptForm.objects.exists()


def test_an_error_in_what_was_typed_keeps_it_until_it_is_mended(staff):
    lose(staff, title_en="Typed in vain", number="77")
    log_in(staff)
    page = shown_again(staff)
    assert page.context["forms"].measure.errors["number"]
    refused = staff.post(page_of(), fields_of_form(page, FORM))
    assert refused.status_code == 200
    assert KeptForm.objects.exists()
    assert (
        staff.post(page_of(), {**fields_of_form(refused, FORM), "number": "1"}).status_code == 302
    )
    assert not KeptForm.objects.exists()


def test_a_save_of_something_else_does_not_throw_it_away(staff):
    lose(staff, title_en="Typed in vain")
    log_in(staff)
    staff.post(page_of(), {**opened(staff), "title_en": "Something else"})
    assert KeptForm.objects.exists()
    conflict = shown_again(staff)
    assert conflict.status_code == 409
    assert "somebody saved this measure since you opened it" in text_of(conflict)
    assert fields_of_form(conflict, FORM)["title_en"] == "Typed in vain"
    assert record_of().title_en == "Something else"


def test_typing_for_a_row_that_is_gone_meanwhile_stays(staff):
    category = Category.objects.create(slug="new", name_zh="新", name_en="New", position=99)
    address = reverse("admin:reforms_category_change", args=[category.pk])
    lose(staff, address, "category_form", name_en="Typed in vain")
    log_in(staff)
    fields = fields_of_form(shown_again(staff), "category_form")
    category.delete()
    assert staff.post(address, fields).status_code == 302
    assert KeptForm.objects.exists()


def test_typing_for_a_step_that_was_taken_meanwhile_stays(settings, staff, li):
    settings.PUBLISH_OWN_CHANGES = False
    staff.post(page_of(), {**opened(staff), "title_en": "Clearer"})
    proposal = Proposal.objects.get()
    settings.PUBLISH_OWN_CHANGES = True
    staff.post(page_of(), {**opened(staff), "reason": "other", "title_en": "Shorter"})
    update = reverse("admin:reforms_proposal_update", args=[proposal.pk])
    editing.keep_form(li, update, {"reason": ["Typed in vain"]})
    shown = KeptForm.objects.get().pk
    editing.take_back(proposal, proposal.version, li, "")
    answer = staff.post(update, {SHOWN: shown, "reason": "Typed in vain"})
    assert answer.status_code == 200
    assert "Typed in vain" in text_of(answer)
    assert KeptForm.objects.exists()


def test_a_save_without_a_change_forgets_what_was_kept(staff):
    for address, form in ((page_of(), FORM), (pages()["category"][0], "category_form")):
        lose(staff, address, form)
        log_in(staff)
        answer = staff.post(address, fields_of_form(shown_again(staff), form))
        assert answer.status_code == 302
        assert not KeptForm.objects.exists(), address


def test_it_is_thrown_away_by_hand(staff):
    lose(staff, title_en="Typed in vain")
    log_in(staff)
    kept = KeptForm.objects.get()
    answer = staff.post(kept.address, {"_kept_forget": kept.pk})
    assert "Thrown away." in text_of(staff.get(answer.url))
    assert not KeptForm.objects.exists()


def test_the_dashboard_lists_it(staff):
    lose(staff, title_en="Typed in vain")
    lose_add(staff)
    log_in(staff)
    shown = text_of(staff.get("/admin/"))
    assert "Typed, not saved" in shown
    assert f'<a href="{page_of()}">Measure · {world.get_measure("1")}</a>' in shown
    assert 'href="/admin/reforms/category/add/">Add category' in shown


def test_the_dashboard_reads_an_address_as_the_page_does(staff, li):
    # Django's admin writes a character of a key as "_" and its number: here a line break.
    category = Category.objects.first()
    lose(staff, f"/admin/reforms/category/_0A{category.pk}/change/", "category_form", name_en="x")
    log_in(staff)
    assert f">Category · {category}</a>" in text_of(staff.get("/admin/"))


@pytest.mark.parametrize("key", ["x", "_0Ax", "9" * 40])
def test_the_dashboard_names_a_page_whose_row_is_not_there_by_its_key(staff, li, key):
    editing.keep_form(li, f"/admin/reforms/measure/{key}/change/", {"title_en": ["x"]})
    assert "Measure · " in text_of(staff.get("/admin/"))


def lose_add(browser):
    log_in(browser)
    values = {"slug": "new-word", "name_zh": "新词", "name_en": "New word"}
    return lose(browser, "/admin/reforms/category/add/", "category_form", **values)


def test_a_new_word_is_shown_again_and_saved_once(staff):
    lose_add(staff)
    log_in(staff)
    page = shown_again(staff)
    assert page.status_code == 200
    assert not page.context["errors"]
    assert not Category.objects.filter(slug="new-word").exists()
    answer = staff.post("/admin/reforms/category/add/", fields_of_form(page, "category_form"))
    assert answer.status_code == 302
    assert Category.objects.get(slug="new-word").name_zh == "新词"
    assert not KeptForm.objects.exists()


def pages():
    """Return each kind of page with a form: its address, its form's id, a field, what is typed."""
    measure, source = world.get_measure("1"), Source.objects.get()
    report = editing.store_report(
        Report(message="Wrong.", language="en", measure=measure, measure_version=1), "192.0.2.7"
    )
    category = Category.objects.first()
    first = measure.passages.first().start
    return {
        "words": (
            f"{page_of(name='words')}?first={first}&last={first}&what=cut", "words_form", "reason",
        ),
        "withdraw": (page_of(name="withdraw"), "", "reason_zh"),
        "source": (reverse("admin:reforms_source_change", args=[source.pk]), "source_form", "rights_en"),
        "source withdraw": (
            reverse("admin:reforms_source_withdraw", args=[source.pk]), "", "reason_en",
        ),
        "report": (reverse("admin:reforms_report_change", args=[report.pk]), "report_form", "note"),
        "category": (
            reverse("admin:reforms_category_change", args=[category.pk]), "category_form", "name_en",
        ),
        "group": ("/admin/auth/group/add/", "group_form", "name"),
        "account": (
            reverse("admin:auth_user_change", args=[get_user_model().objects.get().pk]),
            "user_form", "first_name",
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["words", "withdraw", "source", "source withdraw", "report", "category", "group", "account"],
)
def test_every_page_that_edits_keeps_and_shows_again_and_saves_nothing(staff, name):
    address, form, field = pages()[name]
    extra = {"reason_zh": "何故", "reason_en": "why"} if "withdraw" in name else {}
    lose(staff, address, form, **{**extra, field: "Typed in vain"})
    log_in(staff)
    before = {row.pk: row.version for row in [*Source.objects.all(), *Category.objects.all()]}
    page = shown_again(staff)
    assert page.status_code == 200
    assert fields_of_form(page, form)[field] == "Typed in vain"
    assert fields_of_form(page, form)[SHOWN] == str(KeptForm.objects.get().pk)
    assert MeasureVersion.objects.count() == 3
    assert {
        row.pk: row.version for row in [*Source.objects.all(), *Category.objects.all()]
    } == before
    assert get_user_model().objects.get().first_name == ""


def test_a_step_of_a_proposal_is_not_taken_by_being_shown(settings, staff, li):
    settings.PUBLISH_OWN_CHANGES = False
    staff.post(page_of(), {**opened(staff), "title_en": "Clearer"})
    proposal = Proposal.objects.get()
    address = proposal.get_absolute_url()
    lose(staff, address, "review_form", act="take_back", comment="Not needed")
    log_in(staff)
    page = shown_again(staff)
    assert "Not needed" in text_of(page)
    proposal.refresh_from_db()
    assert proposal.is_open
    revise = reverse("admin:reforms_proposal_revise", args=[proposal.pk])
    KeptForm.objects.all().delete()
    lose(staff, revise, title_en="Clearer still")
    log_in(staff)
    assert fields_of_form(shown_again(staff), FORM)["title_en"] == "Clearer still"
    proposal.refresh_from_db()
    assert proposal.record["title_en"] == "Clearer"


def test_going_back_to_a_version_is_not_done_by_being_shown(staff):
    staff.post(page_of(), {**opened(staff), "title_en": "Clearer"})
    address = reverse("admin:reforms_measure_revert", args=[world.get_measure("1").pk, 1])
    lose(staff, address, "revert_form", reason="It was better")
    log_in(staff)
    assert fields_of_form(shown_again(staff), "revert_form")["reason"] == "It was better"
    assert record_of().title_en == "Clearer"


# --- For its author alone, for an hour ---


def test_the_newest_a_page_is_kept_whatever_its_filters(staff):
    lose(staff, title_en="First")
    log_in(staff)
    lose(staff, f"{page_of()}?_changelist_filters=q%3D1", title_en="Second")
    kept = KeptForm.objects.get()
    assert kept.fields["title_en"] == ["Second"]


def test_nothing_is_offered_to_another_account_and_it_stays_for_its_author(staff, li):
    lose(staff, title_en="Typed in vain")
    mei = world.an_editor("mei")
    other = browser_of(mei)
    kept = KeptForm.objects.get()
    assert "Show it" not in text_of(other.get(page_of()))
    assert "Typed, not saved" not in text_of(other.get("/admin/"))
    answer = other.post(page_of(), {"_kept_show": kept.pk})
    assert "no longer kept" in text_of(other.get(answer.url))
    other.post(page_of(), {"_kept_forget": kept.pk})
    other.post(page_of(), {**opened(other), SHOWN: kept.pk, "title_en": "Mei's"})
    assert KeptForm.objects.get() == kept
    assert "Show it" in text_of(browser_of(li).get(page_of()))


def test_after_an_hour_nothing_is_offered_and_a_log_in_clears_it_away(staff):
    lose(staff, title_en="Typed in vain")
    KeptForm.objects.update(kept_at=timezone.now() - timedelta(hours=1, seconds=1))
    mei = world.an_editor("mei")
    log_in(staff, "mei")
    assert not KeptForm.objects.exists()
    assert mei.kept_forms.count() == 0


def test_one_that_grew_old_since_its_page_was_opened_is_not_shown(staff):
    lose(staff, title_en="Typed in vain")
    log_in(staff)
    KeptForm.objects.update(kept_at=timezone.now() - timedelta(hours=1, seconds=1))
    assert "Show it" not in text_of(staff.get(page_of()))
    answer = shown_again(staff)
    assert "no longer kept" in text_of(staff.get(answer.url))


def test_a_closed_account_keeps_nothing(staff, li):
    lose(staff, title_en="Typed in vain")
    mei = browser_of(world.an_editor("mei"))
    address = reverse("admin:auth_user_change", args=[li.pk])
    fields = opened(mei, address, "user_form")
    del fields["is_active"]
    assert mei.post(address, fields).status_code == 302
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("name", ["is_active", "is_staff"])
def test_an_account_closed_meanwhile_has_nothing_kept(staff, li, name):
    fields = {**opened(staff), "title_en": "Typed in vain"}
    setattr(li, name, False)
    li.save()
    assert staff.post(page_of(), fields).url.startswith("/admin/login/")
    assert not KeptForm.objects.exists()


def test_what_is_due_first_loses_nothing(settings, staff):
    fields = {**opened(staff), "title_en": "Typed in vain"}
    settings.REQUIRE_TWO_FACTOR = "everyone"
    answer = staff.post(page_of(), fields)
    assert answer.url == "/admin/two-factor/"
    assert "offered on the page where you typed it" in text_of(staff.get(answer.url))
    settings.REQUIRE_TWO_FACTOR = "off"
    assert "your log-in was over or something else was due first" in text_of(staff.get("/admin/"))
    assert KeptForm.objects.get().fields["title_en"] == ["Typed in vain"]


# --- What a stranger could try ---


def forged(li):
    """Return tokens that prove nothing for li's page of measure 1."""
    other = world.an_editor("mei")
    good = token_for(li, page_of())
    return {
        "none": None,
        "empty": "",
        "words": "nothing",
        "another account's number": f"{other.pk}:{good.partition(':')[2]}",
        "of another page": token_for(li, page_of("2")),
        "of another salt": signing.TimestampSigner(salt="x").sign(str(li.pk)),
        "cut": good[:-1],
    }


@pytest.mark.parametrize(
    "kind",
    [
        "none",
        "empty",
        "words",
        "another account's number",
        "of another page",
        "of another salt",
        "cut",
    ],
)
def test_a_forged_token_keeps_nothing(staff, li, kind):
    fields = {**opened(staff), "title_en": "Planted", TOKEN: forged(li)[kind]}
    if fields[TOKEN] is None:
        del fields[TOKEN]
    Session.objects.all().delete()
    assert staff.post(page_of(), fields).url.startswith("/admin/login/")
    assert not KeptForm.objects.exists()


def test_a_token_is_over_with_the_longest_log_in(staff, li, monkeypatch):
    fields = {**opened(staff), "title_en": "Typed in vain"}
    Session.objects.all().delete()
    moment = signing.time.time() + settings.SESSION_ABSOLUTE_SECONDS + 2
    monkeypatch.setattr(signing.time, "time", lambda: moment)
    assert staff.post(page_of(), fields).url.startswith("/admin/login/")
    assert not KeptForm.objects.exists()


def test_a_token_of_one_account_in_anothers_browser_keeps_nothing(staff, li):
    fields = {**opened(staff), "title_en": "Planted"}
    mei = world.an_editor("mei")
    mei.is_staff = False
    mei.save()
    assert browser_of(mei).post(page_of(), fields).url.startswith("/admin/login/")
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("is_over", [True, False])
def test_a_form_without_its_csrf_token_is_given_back_and_never_kept(li, is_over):
    browser = browser_of(li, enforce_csrf_checks=True)
    fields = {**opened(browser), "title_en": "Typed\r\nin vain", "csrfmiddlewaretoken": "x" * 32}
    if is_over:
        Session.objects.all().delete()
    answer = browser.post(page_of(), fields)
    assert answer.status_code == 403
    assert not KeptForm.objects.exists()
    assert record_of() == world.measure_one()
    again = fields_of_form(answer)
    assert again["title_en"] == "Typed\r\nin vain"
    sent = browser.post(page_of(), again)
    assert sent.status_code == 302
    if is_over:
        assert KeptForm.objects.get().fields["title_en"] == ["Typed\r\nin vain"]
    else:
        assert record_of().title_en == "Typed\nin vain"


def test_a_form_of_a_stranger_without_csrf_token_is_refused_plainly(li):
    browser = browser_of(li, enforce_csrf_checks=True)
    answer = browser.post(page_of(), {TOKEN: "1:x:y", "title_en": "Planted"})
    assert answer.status_code == 403
    assert b"Planted" not in answer.content


def test_too_much_is_given_back_not_kept(staff, monkeypatch):
    monkeypatch.setattr(keeping, "MAX_BYTES", 4000)
    answer = lose(staff, reason="长" * 2000)
    assert answer.status_code == 413
    assert fields_of_form(answer)["reason"] == "长" * 2000
    assert "too long to be kept" in text_of(answer)
    assert not KeptForm.objects.exists()


def test_too_much_is_given_back_with_what_is_due_first(staff, settings, monkeypatch):
    monkeypatch.setattr(keeping, "MAX_BYTES", 4000)
    fields = {**opened(staff), "reason": "长" * 2000}
    settings.REQUIRE_TWO_FACTOR = "everyone"
    answer = staff.post(page_of(), fields)
    assert answer.status_code == 413
    assert fields_of_form(answer)["reason"] == "长" * 2000
    shown = text_of(answer)
    assert "Your log-in was over" not in shown
    assert "Something else is due first" in shown
    assert '<a href="/admin/" target="_blank">' in shown


def test_a_body_over_the_limit_of_a_request_is_refused(staff):
    fields = {**opened(staff), "reason": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    Session.objects.all().delete()
    answer = staff.post(
        page_of(), "&".join(f"{k}={v}" for k, v in fields.items() if isinstance(v, str)),
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert answer.status_code in (400, 413)
    assert not KeptForm.objects.exists()


def test_repeated_fields_and_files_break_nothing(staff, tmp_path):
    file = tmp_path / "file.txt"
    file.write_text("not kept")
    fields = {**opened(staff), "title_en": ["one", "two"], "\u200b": "odd", "": "nameless"}
    Session.objects.all().delete()
    with file.open() as open_file:
        staff.post(page_of(), {**fields, "file": open_file})
    kept = KeptForm.objects.get()
    assert kept.fields["title_en"] == ["one", "two"]
    assert "file" not in kept.fields
    log_in(staff)
    assert fields_of_form(shown_again(staff), FORM)["title_en"] == "two"


def in_other_letters(fields):
    """Return a form's body in a charset that can name half of a surrogate pair."""
    lines = []
    for name, value in fields.items():
        lines += ["--edge", f'Content-Disposition: form-data; name="{name}"', "", str(value)]
    return "\r\n".join([*lines, "--edge--", ""]).encode("utf-7").replace(b"HALF", b"+2AA-")


def test_half_of_a_surrogate_pair_is_refused_before_anything_is_kept(staff, li):
    token = token_for(li, page_of())
    Session.objects.all().delete()
    for typed, status in (("Typed HALF in vain", 400), ("Typed in vain", 302)):
        answer = staff.generic(
            "POST",
            page_of(),
            in_other_letters({TOKEN: token, "title_en": typed}),
            content_type="multipart/form-data; boundary=edge; charset=utf-7",
        )
        assert answer.status_code == status
        assert KeptForm.objects.exists() == (status == 302)


def test_what_is_no_character_is_kept_as_a_replacement_character(li):
    kept = editing.keep_form(li, "/admin/1/", {"a\0": ["b\0c", "d\ud800e"]})
    kept.refresh_from_db()
    assert kept.fields == {"a\ufffd": ["b\ufffdc", "d\ufffde"]}


@pytest.mark.parametrize("number", ["", "x", "-1", "0", "9" * 18, "9" * 5000, "１"])
@pytest.mark.parametrize("name", ["_kept_show", "_kept_forget", SHOWN])
def test_no_posted_number_of_a_kept_form_breaks_a_page(staff, name, number):
    answer = staff.post(page_of(), {**opened(staff), name: number})
    assert answer.status_code in (200, 302)


def test_an_address_longer_than_is_kept_is_given_back(staff):
    address = f"{page_of()}?_changelist_filters={'x' * 2000}"
    assert lose(staff, address, title_en="Typed in vain").status_code == 413
    assert not KeptForm.objects.exists()


def test_an_account_has_so_many_pages_kept_and_no_more(li, monkeypatch):
    monkeypatch.setattr(keeping, "MAX_PAGES", 3)
    for number in range(5):
        editing.keep_form(li, f"/admin/{number}/", {"a": [str(number)]})
    addresses = {kept.address for kept in editing.offered_forms(li)}
    assert addresses == {"/admin/2/", "/admin/3/", "/admin/4/"}


def test_no_page_with_a_password_or_a_code_is_kept(staff):
    for address in ("/admin/auth/user/add/", "/admin/password_change/", "/admin/two-factor/"):
        assert TOKEN not in fields_of_form(staff.get(address)), address
    assert not [name for name in PAGES if "password" in name or "two_factor" in name]


# --- What it costs ---


def test_keeping_costs_few_queries(li, django_assert_max_num_queries):
    editing.keep_form(li, "/admin/1/", {"a": ["1"]})
    # Old ones, those of the page, savepoints, the row found, locked and written, the newest ones.
    with django_assert_max_num_queries(10):
        editing.keep_form(li, "/admin/1/", {"a": ["2"]})
    with django_assert_max_num_queries(1):
        assert editing.offered_form(li, "/admin/1/")
