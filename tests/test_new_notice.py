"""New notices in the admin: pasted or uploaded, shown whole, decided, saved unpublished, made public."""

from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reforms.models import Category, Measure, NoticeDraft, Source
from reforms.versions import check_source
from tests import world
from tests.forms import fields_of_form
from tests.reading import read as read_page
from tests.test_admin import ODD_TEXTS, text_of
from tests.test_notice_shapes import LISTED, NUMBERED
from tests.test_reading_documents import pdf_file, word_file

pytestmark = pytest.mark.django_db
ADD = "/admin/reforms/noticedraft/add/"
ANNEX = Path(__file__).resolve().parent / "notices/guobanhan_2019_89_annex_excerpt.txt"
FACTS = {
    "slug": "new-notice",
    "short_name_zh": "新通知",
    "short_name_en": "New notice",
    "title_zh": "一份新通知",
    "title_en": "A new notice",
}


def signed_in(name, role):
    account = world.an_editor(name)
    account.is_superuser = False
    account.save()
    account.groups.add(Group.objects.get(name=role))
    browser = Client()
    browser.force_login(account)
    browser.cookies[site_settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


@pytest.fixture
def li(db):
    world.build_world()
    return signed_in("li", "Editor")


def begun(browser, text):
    answer = browser.post(ADD, {"pasted": text})
    assert answer.status_code == 302, answer.context["form"].errors
    return NoticeDraft.objects.latest("pk")


def page_of(draft):
    return reverse("admin:reforms_noticedraft_change", args=[draft.pk])


def fields_of(browser, draft):
    return fields_of_form(browser.get(page_of(draft)), "draft_form")


def test_the_preview_shows_every_character_once_with_what_it_was_taken_for(li):
    draft = begun(li, NUMBERED)
    page = li.get(page_of(draft)).context["page"]
    words = "".join(stretch.words for stretch in page.stretches)
    assert "".join(words.split()) == "".join(NUMBERED.split())
    shown = text_of(li.get(page_of(draft)))
    assert "3 measures in 2 sections" in shown
    assert "Who is responsible" in shown
    assert shown.count('class="stretch is-title"') == 3


def test_the_preview_costs_few_queries(li, django_assert_max_num_queries):
    draft = begun(li, NUMBERED)
    # Session, account, two for its rights, draft, categories and cities twice, own open rights.
    with django_assert_max_num_queries(12):
        li.get(page_of(draft))


def test_what_the_text_prints_is_filled_in_and_what_it_does_not_stays_empty(li):
    fields = fields_of(li, begun(li, NUMBERED))
    assert fields["document_number"] == "国办发〔2020〕9号"
    assert (fields["date_as_printed"], fields["published_on"]) == ("2020年1月12日", "2020-01-12")
    assert fields["issuer_zh"] == "国务院办公厅"
    assert fields["publication_zh"] == ""
    assert fields_of(li, begun(li, LISTED))["date_as_printed"] == ""


def test_nothing_is_saved_while_a_place_or_a_category_is_open(li):
    draft = begun(li, NUMBERED)
    answer = li.post(page_of(draft), {**fields_of(li, draft), **FACTS, "_save_notice": "1"})
    assert answer.status_code == 400
    assert "Choose a category and a place" in text_of(answer)
    assert fields_of_form(answer, "draft_form")["title_en"] == "A new notice"
    assert Source.objects.count() == 1


def test_what_is_known_of_the_source_is_needed_before_it_is_saved(li):
    draft = begun(li, LISTED)
    fields = {**fields_of(li, draft), "category": "electricity", "_save_notice": "1"}
    answer = li.post(page_of(draft), fields)
    assert answer.status_code == 400
    assert "Fill in first: slug, short Chinese name" in text_of(answer)


def test_decisions_are_kept_and_the_notice_saved_unpublished_with_its_measures(li):
    draft = begun(li, NUMBERED)
    first = NUMBERED.index("允许企业承接")
    place = f"place-{first}"
    chosen = {"category": "electricity", place: "shanghai", "city": "beijing"}
    kept = li.post(page_of(draft), {**fields_of(li, draft), **FACTS, **chosen, "_keep": "1"})
    assert kept.url == page_of(draft)
    fields = fields_of(li, draft)
    assert (fields[place], fields["city"]) == ("shanghai", "beijing")
    saved = li.post(page_of(draft), {**fields, "_save_notice": "1"})
    source = Source.objects.get(slug="new-notice")
    assert saved.url == reverse("admin:reforms_source_change", args=[source.pk])
    assert not source.is_public
    assert source.text == NUMBERED
    check_source(source)
    cities = {one.key: one.practices.get().city.slug for one in source.measures.all()}
    assert cities == {"1": "shanghai", "2": "beijing", "3": "beijing"}
    version = source.measures.get(key="1").versions.get()
    assert version.by_name == "li"
    assert Client().get("/en/sources/new-notice/").status_code == 404
    assert li.get(page_of(draft)).url == saved.url


INFERRED = """北京市人民政府办公厅关于优化服务的通知
一、主要任务
（一）提升获得电力水平
1.上门服务。工作人员上门办理。
2.一次办结。由一个窗口办理。
"""
OTHER = world.PROPERTY


def test_what_was_inferred_stands_chosen_and_can_be_chosen_otherwise(li):
    draft = begun(li, INFERRED)
    place = f"place-{INFERRED.index('工作人员')}"
    category = f"category-{INFERRED.index('2.')}"
    fields = fields_of(li, draft)
    assert (fields[place], fields[category]) == ("beijing", "electricity")
    li.post(page_of(draft), {**fields, "_keep": "1"})
    draft.refresh_from_db()
    # Left as it was inferred, nothing was decided.
    assert (draft.decisions["places"], draft.decisions["categories"]) == ({}, {})
    chosen = {**fields_of(li, draft), **FACTS, place: "shanghai", category: OTHER}
    li.post(page_of(draft), {**chosen, "_save_notice": "1"})
    source = Source.objects.get(slug="new-notice")
    check_source(source)
    filed = {
        one.key: (one.practices.get().city.slug, one.category.slug) for one in source.measures.all()
    }
    assert filed == {"1": ("shanghai", "electricity"), "2": ("beijing", OTHER)}
    draft.refresh_from_db()
    assert (len(draft.decisions["places"]), len(draft.decisions["categories"])) == (1, 1)


def test_what_the_text_prints_is_not_chosen_otherwise(li):
    draft = begun(
        li, INFERRED.replace("工作", "上海市：工作").replace("提升获得电力水平", "获得电力")
    )
    fields = fields_of(li, draft)
    begin = INFERRED.index("1.") - 4
    posted = {
        **fields,
        f"category-{begin}": OTHER,
        "city": "beijing",
        "category": OTHER,
    }
    assert f"category-{begin}" not in fields
    li.post(page_of(draft), {**posted, **FACTS, "_save_notice": "1"})
    first = Source.objects.get(slug="new-notice").measures.get(key="1")
    assert (first.practices.get().city.slug, first.category.slug) == ("shanghai", "electricity")


def test_an_editor_saves_and_a_publisher_makes_it_public(li):
    draft = begun(li, LISTED)
    fields = {**fields_of(li, draft), **FACTS, "category": "electricity", "_save_notice": "1"}
    li.post(page_of(draft), fields)
    source = Source.objects.get(slug="new-notice")
    address = reverse("admin:reforms_source_change", args=[source.pk])
    assert li.post(address, {"is_public": "on"}).status_code == 403
    mei = signed_in("mei", "Publisher")
    posted = {**fields_of_form(mei.get(address), "source_form"), "is_public": "on"}
    assert mei.post(address, posted).status_code == 302
    reader = Client()
    assert reader.get("/en/sources/new-notice/").status_code == 200
    assert reader.get("/en/measures/new-notice/1-1/").status_code == 200
    assert "New notice" in reader.get("/en/measures/").content.decode()


def test_readers_see_who_is_responsible_and_where_in_the_words_of_the_source(li):
    draft = begun(li, NUMBERED)
    chosen = {"category": "electricity", "city": "beijing", "_save_notice": "1"}
    li.post(page_of(draft), {**fields_of(li, draft), **FACTS, **chosen})
    Source.objects.filter(slug="new-notice").update(is_public=True)
    reader = Client()
    responsible = read_page(reader.get("/en/measures/new-notice/1/").content.decode())
    words = "（税务总局、海关总署负责）"
    start = NUMBERED.index(words)
    address = f"/en/sources/new-notice/?span={start}-{start + len(words)}#span"
    (link,) = [a for a in responsible.of("a") if a.attributes["href"] == address]
    assert link.words == words
    assert reader.get(address).status_code == 200
    assert "Where it is to be replicated" in text_of(reader.get("/en/measures/new-notice/3/"))
    assert "Who is responsible" not in text_of(reader.get("/en/measures/new-notice/3/"))


def test_the_annex_is_taken_in_under_a_category_that_was_added_for_it(li):
    draft = begun(li, ANNEX.read_text(encoding="utf-8"))
    assert "开办企业 is not known as a category" in text_of(li.get(page_of(draft)))
    Category.objects.create(
        slug="starting-a-business", position=9, name_zh="开办企业", name_en="Starting a business"
    )
    fields = {
        **fields_of(li, draft),
        **FACTS,
        "missing_zh": "其余举措",
        "missing_en": "All other measures",
        "_save_notice": "1",
    }
    assert li.post(page_of(draft), fields).status_code == 302
    measure = Measure.objects.get(source__slug="new-notice")
    assert measure.category.slug == "starting-a-business"
    assert [part.city.slug for part in measure.practices.all()] == ["beijing", "shanghai"]


def test_of_two_editors_on_one_draft_the_second_is_refused_and_loses_nothing(li):
    draft = begun(li, NUMBERED)
    wu = signed_in("wu", "Editor")
    mine = {**fields_of(wu, draft), "title_en": "Mine", "_keep": "1"}
    li.post(page_of(draft), {**fields_of(li, draft), "title_en": "Theirs", "_keep": "1"})
    answer = wu.post(page_of(draft), mine)
    assert answer.status_code == 409
    assert "Somebody saved this while you wrote" in text_of(answer)
    assert fields_of_form(answer, "draft_form")["title_en"] == "Mine"
    draft.refresh_from_db()
    assert draft.facts["title_en"] == "Theirs"


def test_a_draft_is_thrown_away_and_its_text_kept(li):
    draft = begun(li, NUMBERED)
    li.post(page_of(draft), {**fields_of(li, draft), "_throw_away": "1"})
    draft.refresh_from_db()
    assert (draft.thrown_away_at is not None, draft.text) == (True, NUMBERED)
    assert "was thrown away" in text_of(li.get(page_of(draft)))
    answer = li.post(page_of(draft), {"version": draft.version, **FACTS, "_save_notice": "1"})
    assert answer.status_code == 400
    assert Source.objects.count() == 1


def test_the_same_text_or_slug_is_not_taken_twice(li):
    for _again in range(2):
        draft = begun(li, LISTED)
        fields = {**fields_of(li, draft), **FACTS, "category": "electricity", "_save_notice": "1"}
        answer = li.post(page_of(draft), fields)
    assert answer.status_code == 400
    assert "is the name of another source" in text_of(answer)
    answer = li.post(page_of(draft), {**fields, "slug": "other"})
    assert "has this text already" in text_of(answer)
    assert Source.objects.count() == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_file_is_read_in_the_encodings_of_notices(li, encoding):
    content = LISTED.replace("\n", "\r\n").encode(encoding)
    answer = li.post(ADD, {"file": SimpleUploadedFile("通知.txt", content)})
    assert answer.status_code == 302
    draft = NoticeDraft.objects.get()
    assert (draft.text, draft.file_name) == (LISTED, "通知.txt")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xff\xff", "no plain text"),
        (b"a" * 20_000_001, "larger than 20 MB"),
        (b"PK\x03\x04" + bytes(60), "is damaged"),
        ("甲".encode() * 200_001, "longer than 200,000 characters"),
        ("一、\x00".encode(), "no part of a text"),
        (b"<html><body></body></html>", "holds no text"),
        ("一、<table>甲".encode(), "HTML tag"),
    ],
)
def test_a_file_that_is_no_text_is_refused_at_its_field(li, content, said):
    answer = li.post(ADD, {"file": SimpleUploadedFile("x.txt", content)})
    assert answer.status_code == 400
    assert said in " ".join(answer.context["form"].errors["file"])
    assert not NoticeDraft.objects.exists()


def test_one_of_the_two_is_asked_for(li):
    assert li.post(ADD, {"pasted": " "}).status_code == 400
    both = {"pasted": "一、甲", "file": SimpleUploadedFile("x.txt", b"a")}
    assert "one of the two" in text_of(li.post(ADD, both))


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_no_text_in_any_field_breaks_a_page(li, odd):
    assert li.post(ADD, {"pasted": odd}).status_code in (302, 400)
    draft = begun(li, NUMBERED)
    fields = fields_of(li, draft)
    for name in fields:
        answer = li.post(page_of(draft), {**fields, name: odd, "_save_notice": "1"})
        assert answer.status_code in (302, 400, 409), name


def test_who_may_not_propose_sees_no_draft(li):
    draft = begun(li, NUMBERED)
    stranger = Client()
    account = world.an_editor("stranger")
    account.is_superuser = False
    account.save()
    stranger.force_login(account)
    assert stranger.get(page_of(draft)).status_code == 403
    assert stranger.get(ADD).status_code == 403
    assert stranger.post(ADD, {"pasted": NUMBERED}).status_code == 403


def corrected(browser, draft, **chosen):
    fields = {**fields_of(browser, draft), **chosen, "_correct": "1"}
    return browser.post(page_of(draft), fields)


def stretch_of(browser, draft, words):
    page = browser.get(page_of(draft)).context["page"]
    return next(one for one in page.stretches if words in one.words)


def test_a_stretch_is_said_to_be_another_thing_and_the_text_read_so(li):
    draft = begun(li, NUMBERED)
    wrong = stretch_of(li, draft, "税务总局、海关总署负责")
    answer = corrected(li, draft, stretch=str(wrong.start), kind="practice")
    assert answer.url == f"{page_of(draft)}#c{wrong.start}"
    right = stretch_of(li, draft, "税务总局、海关总署负责")
    assert (right.role, right.is_corrected) == ("practice", True)
    shown = text_of(li.get(page_of(draft)))
    assert "1 stretch corrected by hand" in shown
    assert "Take back" in shown


def test_a_border_is_moved_by_quoting_words_and_the_correction_taken_back(li):
    draft = begun(li, NUMBERED)
    before = [(one.start, one.role) for one in li.get(page_of(draft)).context["page"].stretches]
    stretch = next(
        one
        for one in li.get(page_of(draft)).context["page"].stretches
        if one.role == "practice" and len(one.words) > 8
    )
    quoted = stretch.words[-6:]
    answer = corrected(li, draft, stretch=str(stretch.start), words=quoted, kind="outcome")
    assert answer.status_code == 302
    assert stretch_of(li, draft, quoted).role == "outcome"
    fields = {**fields_of(li, draft), "_take_back": "0"}
    assert li.post(page_of(draft), fields).status_code == 302
    after = [(one.start, one.role) for one in li.get(page_of(draft)).context["page"].stretches]
    assert after == before


def test_selected_words_are_taken_by_their_place(li):
    draft = begun(li, NUMBERED)
    words = "国务院办公厅"
    first = NUMBERED.index(words)
    answer = corrected(li, draft, first=first, last=first + len(words) - 1, kind="running_head")
    assert answer.status_code == 302
    assert stretch_of(li, draft, words).role == "running_head"


def test_a_correction_keeps_what_was_chosen_and_typed(li):
    draft = begun(li, NUMBERED)
    page = li.get(page_of(draft)).context["page"]
    name = next(one.name for row in page.measures for one in row.choices if "place" in one.name)
    wrong = stretch_of(li, draft, "税务总局、海关总署负责")
    chosen = {name: "shanghai", "title_en": "A title"}
    corrected(li, draft, stretch=str(wrong.start), kind="practice", **chosen)
    fields = fields_of(li, draft)
    assert (fields[name], fields["title_en"]) == ("shanghai", "A title")


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"kind": "practice"}, "Tick the stretch"),
        ({"stretch": "0"}, "Say what these words are"),
        ({"kind": "nothing", "stretch": "0"}, "not one of the available choices"),
        ({"kind": "title", "stretch": "0", "words": "没有这些"}, "do not stand in that stretch"),
        ({"kind": "number_label", "stretch": "0"}, "without any"),
        ({"kind": "title", "first": "99999", "last": "100000"}, "there are no words"),
        ({"kind": "title", "first": "-1", "last": "x"}, "Tick the stretch"),
        ({"kind": "title", "stretch": ["0", "999999"]}, ""),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_loses_nothing(li, chosen, said):
    draft = begun(li, NUMBERED)
    answer = corrected(li, draft, title_en="Typed", **chosen)
    assert answer.status_code == (400 if said else 302)
    if said:
        assert said in text_of(answer)
        assert fields_of_form(answer, "draft_form")["title_en"] == "Typed"
        draft.refresh_from_db()
        assert not draft.decisions


def test_stretches_that_do_not_follow_each_other_are_not_joined(li):
    draft = begun(li, NUMBERED)
    stretches = li.get(page_of(draft)).context["page"].stretches
    chosen = [str(stretches[0].start), str(stretches[2].start)]
    answer = corrected(li, draft, stretch=chosen, kind="title")
    assert "follow each other" in text_of(answer)


def test_a_place_chosen_stays_with_its_practice_when_numbers_change(li):
    draft = begun(li, NUMBERED)
    page = li.get(page_of(draft)).context["page"]
    last = [one.name for row in page.measures for one in row.choices if "place" in one.name][-1]
    first_number = next(one for one in page.stretches if one.role == "number_label")
    corrected(li, draft, stretch=str(first_number.start), kind="notice_text", **{last: "beijing"})
    assert fields_of(li, draft)[last] == "beijing"


def test_the_list_counts_what_was_decided_by_hand(li):
    draft = begun(li, NUMBERED)
    wrong = stretch_of(li, draft, "税务总局、海关总署负责")
    corrected(li, draft, stretch=str(wrong.start), kind="practice", city="beijing")
    shown = read_page(li.get("/admin/reforms/noticedraft/").content.decode())
    (cell,) = [
        one for one in shown.of("td") if "field-corrected" in str(one.attributes.get("class"))
    ]
    assert cell.words == "2"


def test_two_who_correct_at_once_keep_both_corrections(li):
    draft = begun(li, NUMBERED)
    wu = signed_in("wu", "Editor")
    words = "税务总局、海关总署负责"
    mine = {
        **fields_of(wu, draft),
        "stretch": str(stretch_of(wu, draft, words).start),
        "kind": "practice",
        "_correct": "1",
    }
    corrected(li, draft, stretch="0", kind="running_head")
    refused = wu.post(page_of(draft), mine)
    assert refused.status_code == 409
    again = {**fields_of_form(refused, "draft_form"), "kind": "practice", "_correct": "1"}
    again["stretch"] = mine["stretch"]
    assert wu.post(page_of(draft), again).status_code == 302
    draft.refresh_from_db()
    assert len(draft.decisions["corrections"]) == 2


def test_a_word_file_a_pdf_and_a_page_are_read_and_what_was_done_is_said(li):
    wrapped = "企" * 30
    for content, text, said in (
        (word_file(*LISTED.splitlines()), "\n".join(filter(None, LISTED.splitlines())), ""),
        ("<html><p>一、甲</p><img src=x></html>".encode(), "一、甲", "1 pictures were left out"),
        (
            pdf_file([(wrapped, 72, 700), ("业⼯作。", 72, 680)]),
            wrapped + "业工作。",
            "each was mended",
        ),
    ):
        answer = li.post(ADD, {"file": SimpleUploadedFile("x.bin", content)}, follow=True)
        assert NoticeDraft.objects.latest("pk").text == text
        assert said in text_of(answer)


def test_a_request_of_a_hundred_megabytes_is_refused_and_nothing_kept(li):
    content = SimpleUploadedFile("x.pdf", b"%PDF-" + bytes(100_000_000))
    answer = li.post(ADD, {"file": content})
    assert answer.status_code == 413
    assert "larger than 25 MB" in text_of(answer)
    assert not NoticeDraft.objects.exists()


def test_a_text_of_several_places_stands_under_each_on_every_page(li):
    text = (
        "关于推广经验的通知\n一、获得电力（共1项）\n1.网上办理。北京市、上海市：企业在网上提交申请。"
        "成效：办理时间压缩至3天。"
    )
    draft = begun(li, text)
    assert "One text stands for several places" in text_of(li.get(page_of(draft)))
    saved = li.post(page_of(draft), {**fields_of(li, draft), **FACTS, "_save_notice": "1"})
    assert saved.status_code == 302
    source = Source.objects.get(slug="new-notice")
    check_source(source)
    measure = source.measures.get()
    assert [part.city.slug for part in measure.practices.all()] == ["beijing", "shanghai"]
    Source.objects.filter(pk=source.pk).update(is_public=True)
    reader = Client()
    for address in ("measures/new-notice/1/", "compare/new-notice/1/", "sources/new-notice/"):
        assert reader.get(f"/en/{address}").status_code == 200
        assert "企业在网上提交申请" in reader.get(f"/zh-hans/{address}").content.decode()
    for form in ("csv", "xlsx", "json", "docx"):
        assert reader.get(f"/en/measures/new-notice/1.{form}").status_code == 200


def test_a_publisher_does_not_make_public_alone_what_she_took_in(li, settings):
    mei = signed_in("mei", "Publisher")
    draft = begun(mei, LISTED)
    fields = {**fields_of(mei, draft), **FACTS, "category": "electricity", "_save_notice": "1"}
    mei.post(page_of(draft), fields)
    source = Source.objects.get(slug="new-notice")
    address = reverse("admin:reforms_source_change", args=[source.pk])
    posted = {**fields_of_form(mei.get(address), "source_form"), "is_public": "on"}
    refused = mei.post(address, posted)
    assert "another Publisher makes it public" in text_of(refused)
    source.refresh_from_db()
    assert not source.is_public
    # What else she says of it is saved, and another makes it public.
    del posted["is_public"]
    assert mei.post(address, {**posted, "title_en": "Revised"}).status_code == 302
    other = signed_in("other", "Publisher")
    posted = {**fields_of_form(other.get(address), "source_form"), "is_public": "on"}
    assert other.post(address, posted).status_code == 302


def test_a_lone_publisher_makes_it_public_where_the_site_allows(li, settings):
    settings.PUBLISH_OWN_CHANGES = True
    mei = signed_in("mei", "Publisher")
    draft = begun(mei, LISTED)
    fields = {**fields_of(mei, draft), **FACTS, "category": "electricity", "_save_notice": "1"}
    mei.post(page_of(draft), fields)
    source = Source.objects.get(slug="new-notice")
    address = reverse("admin:reforms_source_change", args=[source.pk])
    posted = {**fields_of_form(mei.get(address), "source_form"), "is_public": "on"}
    assert mei.post(address, posted).status_code == 302
