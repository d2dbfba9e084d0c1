"""The admin: forms become one record, nothing is lost, nothing is deleted, no input breaks a page."""

import re
import warnings
from dataclasses import replace

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from reforms import editing
from reforms.models import (
    Category,
    Figure,
    Identification,
    Indicator,
    Measure,
    MeasureVersion,
    Source,
)
from reforms.records import OutcomeState, Role, TranslationState
from reforms.recutting import Cut
from tests import world
from tests.at_once import AtOnce
from tests.forms import fields_of_form

pytestmark = pytest.mark.django_db
LIST = "/admin/reforms/measure/"
FORM = "measure_form"


@pytest.fixture(autouse=True)
def publishes_alone(settings):
    """These tests are about saving itself: what waits for a second person has tests of its own."""
    settings.PUBLISH_OWN_CHANGES = True


@pytest.fixture
def li(db):
    world.build_world()
    return world.an_editor("li")


@pytest.fixture
def staff(li, client):
    """A browser in English, signed in as an editor."""
    client.force_login(li)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def page_of(key="1", name="change"):
    measure = Measure.objects.get(key=key, source__slug=world.SOURCE)
    return reverse(f"admin:reforms_measure_{name}", args=[measure.pk])


def record_of(key="1"):
    return world.get_measure(key).to_record()


def save(client, key="1", fields=None, **values):
    """Open a measure's page, type values, save; return the answer."""
    typed = fields or fields_of_form(client.get(page_of(key)), FORM)
    return client.post(page_of(key), {**typed, **values})


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


# --- A measure's page ---


@pytest.mark.parametrize("key", ["1", "2", "3"])
def test_a_page_saved_as_it_was_opened_writes_nothing(staff, key):
    answer = save(staff, key)
    assert answer.status_code == 302
    assert "Nothing was changed" in text_of(staff.get(answer.url))
    assert record_of(key) == world.world_catalog().measures[int(key) - 1]
    assert MeasureVersion.objects.count() == 3
    assert not LogEntry.objects.exists()


def test_every_page_of_the_first_source_saved_as_it_was_opened_writes_nothing(client, db):
    call_command("load_catalog", verbosity=0)
    client.force_login(world.an_editor())
    for measure in Measure.objects.all():
        address = reverse("admin:reforms_measure_change", args=[measure.pk])
        answer = client.post(address, fields_of_form(client.get(address), FORM))
        assert answer.status_code == 302, (measure.key, answer.context["forms"].measure.errors)
    assert set(Measure.objects.values_list("version", flat=True)) == {1}


def test_a_save_is_one_version_with_who_and_why(staff):
    answer = save(staff, title_en="Two\nlines", reason="clearer", category="property-registration")
    assert answer.url == LIST
    version = world.get_measure("1").versions.live().get()
    assert (version.version, version.by_name, version.reason) == (2, "li", "clearer")
    wanted = replace(world.measure_one(), title_en="Two\nlines", category="property-registration")
    assert record_of() == wanted
    assert LogEntry.objects.get().change_message == "clearer"


def test_save_and_continue_stays_and_a_filtered_list_is_kept(staff):
    filters = "?_changelist_filters=city%3Dbeijing"
    fields = fields_of_form(staff.get(page_of() + filters), FORM)
    stay = staff.post(page_of() + filters, {**fields, "title_en": "A", "_continue": "1"})
    assert stay.url == page_of() + filters
    fields = fields_of_form(staff.get(page_of() + filters), FORM)
    back = staff.post(page_of() + filters, {**fields, "title_en": "B"})
    assert back.url == f"{LIST}?city=beijing"


def test_the_texts_of_the_source_are_locked(staff):
    shown = text_of(staff.get(page_of()))
    assert "the source's words, locked" in shown
    save(
        staff,
        title_text="typed but not asked for",
        **{"practice-beijing-practice_text": "typed but not asked for"},
    )
    assert record_of() == world.measure_one()


def test_a_text_typed_over_keeps_the_printed_words_and_outdates_its_english(staff):
    prefix = "practice-beijing"
    save(
        staff,
        title_is_typed_over="on",
        title_text="我们的标题",
        **{f"{prefix}-outcome_is_typed_over": "on", f"{prefix}-outcome_text": "一行\r\n两行"},
    )
    record = record_of()
    assert (record.title_zh, record.title_spans) == ("我们的标题", world.measure_one().title_spans)
    assert record.title_translation_state == TranslationState.OUTDATED
    assert record.practices[0].outcome_zh == "一行\n两行"
    assert record.practices[0].translation_state == TranslationState.OUTDATED
    shown = text_of(staff.get(page_of()))
    assert shown.count("edited by the catalog") == 2
    assert world.measure_one().title_zh in shown
    assert "edited by the catalog" in text_of(staff.get(LIST))
    fields = fields_of_form(staff.get(page_of()), FORM)
    del fields["title_is_typed_over"], fields[f"{prefix}-outcome_is_typed_over"]
    save(staff, fields=fields)
    assert record_of().title_zh == world.measure_one().title_zh
    assert record_of().practices[0].outcome_zh == world.measure_one().practices[0].outcome_zh


def test_typing_over_needs_words(staff):
    answer = save(staff, title_is_typed_over="on", title_text="  ")
    assert answer.status_code == 200
    assert "Type the words that are to stand here." in text_of(answer)


@pytest.mark.parametrize("name", ["title", "practice-beijing-practice", "practice-beijing-outcome"])
def test_words_typed_beside_an_unticked_box_are_not_lost_without_a_word(staff, name):
    answer = save(staff, **{f"{name}_text": "我们的文字"})
    assert answer.status_code == 200
    assert "Tick the box above, or these words will not stand here." in text_of(answer)
    assert "我们的文字" in text_of(answer)
    assert record_of() == world.measure_one()


@pytest.mark.parametrize("number", ["2", "", "0", "-1", "99999999999999999999", "１x", "1.5"])
def test_the_number_is_the_printed_one(staff, number):
    answer = save(staff, number=number)
    assert answer.context["forms"].measure.errors["number"]
    assert Measure.objects.get(key="1").number == 1


def test_outcomes_are_stated_only_where_words_are_cut(staff):
    prefix = "practice-shanghai-outcome_state"
    assert save(staff, "2", **{prefix: "stated"}).status_code == 200
    assert save(staff, "2", **{prefix: "not_entered"}).status_code == 302
    assert record_of("2").practices[1].outcome_state == OutcomeState.NOT_ENTERED


def test_english_decides_whether_a_translation_is_missing(staff):
    prefix = "practice-shanghai"
    summary = {f"{prefix}-summary_en": "Two managers"}
    save(staff, "2", **{f"{prefix}-practice_en": "Two managers."}, **summary)
    assert record_of("2").practices[1].translation_state == TranslationState.CURRENT
    save(staff, "2", **{"practice-shanghai-practice_en": ""})
    assert record_of("2").practices[1].translation_state == TranslationState.MISSING


@pytest.mark.parametrize("name", ["outcome_en", "summary_en"])
def test_a_translation_that_lacks_a_part_is_not_called_current(staff, name):
    opened = fields_of_form(staff.get(page_of()), FORM)[f"practice-beijing-{name}"]
    save(staff, **{f"practice-beijing-{name}": ""})
    assert record_of().practices[0].translation_state == TranslationState.MISSING
    save(staff, **{f"practice-beijing-{name}": opened})
    assert record_of().practices[0].translation_state == TranslationState.CURRENT
    state = {"practice-beijing-translation_state": "outdated"}
    save(staff, **state, **{f"practice-beijing-{name}": ""})
    assert record_of().practices[0].translation_state == TranslationState.OUTDATED


def test_a_title_without_english_is_found_as_missing_its_translation(staff):
    save(staff, title_en="")
    assert record_of().title_translation_state == TranslationState.MISSING
    save(staff, title_en="A title")
    assert record_of().title_translation_state == TranslationState.CURRENT


def test_chinese_and_english_typed_in_one_save_stay_current(staff):
    prefix = "practice-beijing"
    typed = {
        "title_is_typed_over": "on",
        "title_text": "我们的标题",
        "title_en": "Our title",
        f"{prefix}-practice_is_typed_over": "on",
        f"{prefix}-practice_text": "我们的做法",
        f"{prefix}-practice_en": "Our practice",
        f"{prefix}-translation_state": "current",
    }
    # Points and figures keep their words of the source, so the record stands as a whole.
    assert save(staff, **typed).status_code == 302
    record = record_of()
    assert (record.title_zh, record.title_en) == ("我们的标题", "Our title")
    assert record.title_translation_state == TranslationState.CURRENT
    assert record.practices[0].translation_state == TranslationState.CURRENT


def test_a_long_summary_is_refused_at_its_field(staff):
    answer = save(staff, **{"practice-beijing-summary_en": "word " * 26})
    errors = answer.context["forms"].practices["beijing"].errors
    assert errors["summary_en"] == ["at most 25 words."]


# --- Points, figures and errata ---


def new_point(words, **values):
    return {
        "points-3-city": "beijing",
        "points-3-theme": "data-sharing",
        "points-3-words": words,
        **values,
    }


def test_a_point_is_made_of_words_found_in_the_text(staff):
    assert save(staff, **new_point("由电力公司投资")).status_code == 302
    point = record_of().practices[0].points[-1]
    assert point.theme == "data-sharing"
    assert point.spans == world.place("1", Role.PRACTICE, world.BEIJING, "由电力公司投资")
    assert len(point.spans) == 2


def test_pieces_that_stand_apart_are_one_point(staff):
    assert save(staff, **new_point("率先推出 … 签订合同")).status_code == 302
    assert record_of().practices[0].points[-1].spans == world.place(
        "1", Role.PRACTICE, world.BEIJING, "率先推出…签订合同"
    )


def test_words_that_stand_nowhere_are_refused_and_kept_on_the_page(staff):
    answer = save(staff, title_en="Typed too", **new_point("不在这里的话"))
    assert answer.status_code == 200
    assert "These words do not stand in this text." in text_of(answer)
    fields = fields_of_form(answer, FORM)
    assert (fields["points-3-words"], fields["title_en"]) == ("不在这里的话", "Typed too")


def test_words_that_stand_twice_ask_which_place_is_meant(staff):
    answer = save(staff, **new_point("压缩至"))
    shown = text_of(answer)
    assert "These words stand here several times: choose which." in shown
    choices = re.findall(r'name="points-3-occurrence" value="([\d,-]+)"', shown)
    assert len(choices) == 2
    assert "进一步【压缩至】5天" in shown
    fields = {**fields_of_form(answer, FORM), "points-3-occurrence": choices[1]}
    assert save(staff, fields=fields).status_code == 302
    ((start, end),) = record_of().practices[0].points[-1].spans
    assert f"{start}-{end}" == choices[1]
    assert world.TEXT[start - 3 : end] == "进一步压缩至"


@pytest.mark.parametrize("place", ["0-5", "x", "1-2,3", "-", "9" * 40, "１-２"])
def test_a_place_that_was_not_offered_is_not_taken(staff, place):
    answer = save(staff, **new_point("压缩至", **{"points-3-occurrence": place}))
    assert answer.status_code == 200


def test_a_point_may_move_to_the_other_city_only_with_words_of_it(staff):
    assert save(staff, **{"points-0-city": "shanghai"}).status_code == 200
    moved = {"points-0-city": "shanghai", "points-0-words": "审批环节时长"}
    assert save(staff, **moved).status_code == 302
    beijing, shanghai = record_of().practices
    assert [point.theme for point in beijing.points] == ["no-investment"]
    assert [point.theme for point in shanghai.points] == ["no-visits", "no-visits"]


def test_a_part_that_is_taken_away_leaves_the_record_and_stays_in_the_history(staff):
    assert save(staff, **{"figures-0-DELETE": "on", "points-1-DELETE": "on"}).status_code == 302
    record = record_of()
    assert len(record.practices[0].figures) == 3
    assert [point.theme for point in record.practices[0].points] == ["no-visits"]
    first = world.get_measure("1").versions.get(version=1)
    assert len(first.record["practices"][0]["figures"]) == 4


NEW_FIGURE = {
    "figures-6-city": "shanghai",
    "figures-6-stated_in": "outcome",
    "figures-6-words": "费用为0",
    "figures-6-indicator": "outside-works-cost",
    "figures-6-nature": "achieved",
    "figures-6-value": "0",
    "figures-6-printed": "0",
    "figures-6-unit_inferred_zh": "元",
    "figures-6-unit_inferred_en": "RMB",
    "figures-6-scope_zh": "接电",
    "figures-6-scope_en": "connection",
}


def test_a_figure_is_added_with_its_quotation(staff):
    assert save(staff, **NEW_FIGURE).status_code == 302
    figure = record_of().practices[1].figures[-1]
    assert (figure.value, figure.quote, figure.unit_zh) == ("0", "费用为0", None)
    assert Figure.objects.filter(practice__measure__key="1").count() == 7


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("value", {"value": "1,000"}),
        ("value", {"value": "1e5"}),
        ("value", {"value": "9" * 19}),
        ("value", {"value": "123456789012345"}),
        ("value", {"value": "0.12345"}),
        ("value", {"value": "NaN"}),
        ("value", {"value": "", "after": ""}),
        ("value", {"after": "3"}),
        ("steps", {"steps": "3 x"}),
        ("unit_zh", {"unit_zh": "元"}),
        ("unit_inferred_zh", {"unit_inferred_zh": ""}),
        ("printed", {"printed": "1"}),
        ("scope_zh", {"scope_zh": ""}),
        ("scope_zh", {"scope_zh": "长" * 201}),
        ("period_from", {"period_from": "2019-02-30"}),
        ("period_from", {"period_from": "2019-03-01", "period_to": "2019-02-01"}),
        ("period_from", {"period_from": "0000-00-00"}),
        ("statement", {"statement": "Not A Slug"}),
        ("indicator", {"indicator": "nothing"}),
        ("nature", {"nature": ""}),
        ("city", {"city": "atlantis"}),
    ],
)
def test_a_figure_that_says_nothing_sensible_is_refused_at_its_field(staff, field, values):
    changed = {f"figures-6-{name}": value for name, value in values.items()}
    answer = save(staff, **{**NEW_FIGURE, **changed})
    assert answer.status_code == 200
    assert field in answer.context["forms"].figures.forms[6].errors
    assert Measure.objects.get(key="1").version == 1


def test_an_erratum_may_stand_in_the_heading_of_the_source(staff):
    new = {
        "errata-0-stands_in": "section_heading",
        "errata-0-words": "获得电力(2项)",
        "errata-0-reason_zh": "示例",
        "errata-0-reason_en": "An example",
        "errata-0-confidence": "low",
        "errata-0-decision": "open",
    }
    assert save(staff, **new).status_code == 302
    erratum = record_of().errata[0]
    assert (erratum.as_printed, erratum.reading) == ("获得电力(2项)", None)


@pytest.mark.parametrize("count", ["", "x", "-1", "999999999999", "3"])
def test_a_broken_or_shortened_list_of_parts_loses_nothing(staff, count):
    answer = save(staff, **{"points-TOTAL_FORMS": count, "points-INITIAL_FORMS": "0"})
    assert answer.status_code in (200, 302)
    assert record_of() == world.measure_one()


# --- Somebody else saved first ---


def test_a_stale_page_loses_nothing_and_says_who_saved_when(staff):
    fields = fields_of_form(staff.get(page_of()), FORM)
    wang = world.an_editor("wang")
    editing.save_measure(replace(record_of(), title_en="Theirs"), 1, wang, "their reason")
    answer = save(staff, fields={**fields, "title_en": "Mine", "points-0-theme": "data-sharing"})
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "wang saved version 2 on" in shown
    assert "their reason" in shown
    assert re.search(r"<ins>.*added: </span>Theirs<", shown)
    kept = fields_of_form(answer, FORM)
    assert (kept["title_en"], kept["points-0-theme"]) == ("Mine", "data-sharing")
    assert record_of().title_en == "Theirs"
    again = save(staff, fields=kept)
    assert again.status_code == 409
    assert record_of().title_en == "Theirs"


def test_a_stale_page_of_a_measure_that_was_cut_meanwhile_still_shows(staff, li):
    fields = fields_of_form(staff.get(page_of("3")), FORM)
    start = world.TEXT.index("查询系统。")
    cut = Cut(start=start, end=start + 5, role=Role.PRACTICE, city=world.BEIJING)
    editing.recut_measure(world.get_measure("3"), cut, 1, li, "")
    answer = save(staff, "3", fields={**fields, "title_en": "Mine"})
    assert answer.status_code == 409
    assert fields_of_form(answer, FORM)["title_en"] == "Mine"


@pytest.mark.parametrize("version", ["", "0", "-1", "99", "x", "1.5", "9" * 30, "٣"])
def test_a_version_that_never_was_saves_nothing(staff, version):
    answer = save(staff, version=version, title_en="Mine")
    assert answer.status_code in (200, 409)
    assert fields_of_form(answer, FORM)["title_en"] == "Mine"
    assert record_of() == world.measure_one()


# --- The list ---


def test_the_list_shows_each_measure_at_a_glance(staff, django_assert_num_queries):
    staff.get(LIST)
    # Session, account; three filters' choices (sources, categories, cities); count, rows, practices.
    with django_assert_num_queries(8):
        answer = staff.get(LIST)
    shown = text_of(answer)
    assert "Shanghai: Not stated" in shown
    assert '<span class="number-hero">3</span>' in shown
    assert "none is added by hand" in shown
    assert "addlink" not in shown.split("changelist-form-container")[1]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", "123"),
        ("category=electricity", "12"),
        ("city=beijing", "12"),
        ("outcome=not_stated", "2"),
        ("outcome=stated&city=shanghai", "123"),
        ("translation=missing", "2"),
        ("translation=outdated", ""),
        ("texts=printed", "123"),
        ("texts=edited", ""),
        ("status=not_stated", "123"),
        ("withdrawn=yes", ""),
        ("withdrawn=no", "123"),
        ("source=sample-notice", "123"),
        ("q=接电", "12"),
        ("q=接电 双经理", "2"),
        ("q=3", "3"),
        ("o=-1", "321"),
        ("o=2", "123"),
    ],
)
def test_filters_search_and_order_of_the_list(staff, query, keys):
    answer = staff.get(f"{LIST}?{query}")
    assert [measure.key for measure in answer.context["cl"].result_list] == list(keys)


def test_a_typed_over_text_is_found_by_its_filter(staff):
    save(
        staff,
        **{"practice-beijing-outcome_is_typed_over": "on", "practice-beijing-outcome_text": "改"},
    )
    for query, keys in (("texts=edited", ["1"]), ("texts=printed", ["2", "3"])):
        answer = staff.get(f"{LIST}?{query}")
        assert [measure.key for measure in answer.context["cl"].result_list] == keys


def test_the_pages_of_a_measure_cost_few_queries(staff, django_assert_max_num_queries):
    pages = [page_of(), page_of(name="words"), page_of(name="history")]
    for address in pages:
        staff.get(address)
    # Session and account; the measure, and with its parts 6; source's passages; 5 vocabularies;
    # open proposals.
    with django_assert_max_num_queries(17):
        staff.get(pages[0])
    # As above; the source's passages with all they name, cities, sections.
    with django_assert_max_num_queries(15):
        staff.get(pages[1])
    # As above; versions counted and read, the one before them, 4 vocabularies for names.
    with django_assert_max_num_queries(18):
        staff.get(pages[2])


# --- Nothing is deleted, nothing is added by hand ---


def test_nothing_can_be_deleted_anywhere(staff, li):
    for name, row in (
        ("reforms_measure", Measure.objects.first()),
        ("reforms_source", Source.objects.first()),
        ("reforms_category", Category.objects.first()),
        ("reforms_indicator", Indicator.objects.first()),
        ("reforms_measureversion", MeasureVersion.objects.first()),
        ("auth_user", li),
    ):
        address = reverse(f"admin:{name}_delete", args=[row.pk])
        assert staff.get(address).status_code == 403
        assert staff.post(address, {"post": "yes"}).status_code == 403
        changelist = reverse(f"admin:{name}_changelist")
        staff.post(
            changelist, {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        )
        row.refresh_from_db()


@pytest.mark.parametrize("name", ["measure", "source", "measureversion"])
def test_what_comes_with_a_text_is_not_added_by_hand(staff, name):
    assert staff.get(f"/admin/reforms/{name}/add/").status_code == 403


def test_versions_are_only_read(staff):
    version = MeasureVersion.objects.first()
    address = reverse("admin:reforms_measureversion_change", args=[version.pk])
    assert staff.get(address).status_code == 200
    assert staff.post(address, {"reason": "other"}).status_code == 403


# --- Withdrawing ---


def test_withdrawing_needs_a_reason_in_both_languages_and_can_be_undone(staff):
    address = page_of(name="withdraw")
    fields = fields_of_form(staff.get(address))
    refused = staff.post(address, {**fields, "reason_zh": "重复", "reason_en": ""})
    assert refused.context["form"].errors["reason_en"]
    done = staff.post(address, {**fields, "reason_zh": "重复", "reason_en": "A duplicate"})
    assert done.url == page_of()
    record = record_of()
    assert (record.withdrawn_reason_zh, record.withdrawn_reason_en) == ("重复", "A duplicate")
    assert "This measure is withdrawn" in text_of(staff.get(page_of()))
    assert staff.get(address).url == page_of()
    again = staff.post(address, {**fields, "reason_zh": "重复", "reason_en": "Again"})
    assert "Somebody saved this while you wrote" in text_of(again)
    assert Measure.objects.get(key="1").version == 2
    back = page_of(name="restore")
    staff.post(back, {**fields_of_form(staff.get(back)), "reason": "needed"})
    assert record_of() == world.measure_one()


def test_a_stale_withdrawal_says_so_and_keeps_the_reason(staff, li):
    address = page_of(name="withdraw")
    fields = fields_of_form(staff.get(address))
    editing.save_measure(replace(record_of(), title_en="Theirs"), 1, li, "")
    answer = staff.post(address, {**fields, "reason_zh": "重复", "reason_en": "A duplicate"})
    assert "Somebody saved this while you wrote" in text_of(answer)
    assert answer.status_code == 409
    assert fields_of_form(answer)["reason_zh"] == "重复"
    assert not Measure.objects.get(key="1").is_withdrawn
    # Who has seen what they saved sends the same page again, and nothing of theirs is lost.
    assert staff.post(address, fields_of_form(answer)).url == page_of()
    assert Measure.objects.get(key="1").is_withdrawn
    assert record_of().title_en == "Theirs"


# --- Selected words: their page has tests of its own in test_on_words.py ---


def words_on(response):
    found = re.findall(
        r'<input type="radio" name="\w+" value="(\d+)"[^>]*><span>([^<]*)</span>',
        response.content.decode(),
    )
    return [(int(start), text) for start, text in found]


# --- History ---


def test_the_history_tells_who_when_what_and_why(staff):
    save(staff, title_en="Another", reason="clearer")
    shown = text_of(staff.get(page_of(name="history")))
    for part in ("li", "Changed", "clearer", "title in English", "Loaded from a file", "fixtures"):
        assert part in shown
    version = MeasureVersion.objects.get(measure__key="1", version=2)
    read = text_of(staff.get(reverse("admin:reforms_measureversion_change", args=[version.pk])))
    assert "<ins>Another</ins>" in read
    assert "市政审批时间由56天压缩至15天" in read


@pytest.mark.parametrize("page", ["0", "-1", "x", "999", "9" * 30])
def test_a_page_of_the_history_out_of_range_is_its_last(staff, page):
    assert staff.get(f"{page_of(name='history')}?p={page}").status_code == 200


# --- Vocabularies and sources ---


def edit(client, address, **values):
    form = "category_form" if "category" in address else "source_form"
    fields = fields_of_form(client.get(address), form)
    return client.post(address, {**fields, **values})


def test_a_category_is_saved_over_the_version_it_was_opened_at(staff, li):
    row = Category.objects.get(slug="electricity")
    address = reverse("admin:reforms_category_change", args=[row.pk])
    assert edit(staff, address, name_en="Power", b_ready_topic_en="").status_code == 302
    row.refresh_from_db()
    assert (row.name_en, row.version, row.b_ready_topic_en) == ("Power", 2, None)
    answer = edit(staff, address)
    assert "Nothing was changed" in text_of(staff.get(answer.url))
    row.refresh_from_db()
    assert row.version == 2
    stale = edit(staff, address, expected_version="1", name_en="Mine")
    assert stale.status_code == 409
    assert "li saved this on" in text_of(stale)
    assert fields_of_form(stale, "category_form")["name_en"] == "Mine"
    for version in ("", "x", "9" * 30, "-1"):
        assert edit(staff, address, expected_version=version, name_en="Mine").status_code == 200
    row.refresh_from_db()
    assert row.name_en == "Power"


@pytest.mark.parametrize("page", ["measure", "category", "words", "withdraw"])
def test_of_editors_who_save_one_page_at_once_exactly_one_wins(transactional_db, tmp_path, page):
    world.build_world()
    editors = [world.an_editor(f"editor-{number}") for number in range(4)]
    at_once = AtOnce(tmp_path)

    def saving(editor):
        client = Client()
        client.force_login(editor)
        address, fields = opened(client, page, editor.get_username())
        return lambda: client.post(address, fields)

    answers = at_once(*(saving(editor) for editor in editors))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == sorted([302, *[409] * 3])
    for answer in answers:
        if answer.status_code != 302:
            # What the others typed is still on their pages.
            assert f"by {answer.wsgi_request.user.get_username()}" in answer.content.decode()
    model = Category if page == "category" else Measure
    key = (
        {"slug": "electricity"} if page == "category" else {"key": "3" if page == "words" else "1"}
    )
    assert at_once(lambda: model.objects.get(**key).version) == [2]


def opened(client, page, name):
    """Open a page and type something into it; return its address and what would be sent."""
    if page == "category":
        row = Category.objects.get(slug="electricity")
        address = reverse("admin:reforms_category_change", args=[row.pk])
        fields = fields_of_form(client.get(address), "category_form")
        return address, {**fields, "name_en": f"by {name}"}
    if page == "measure":
        fields = fields_of_form(client.get(page_of()), FORM)
        return page_of(), {**fields, "title_en": f"by {name}"}
    if page == "withdraw":
        address = page_of(name="withdraw")
        reasons = {"reason_zh": "重复", "reason_en": f"by {name}"}
        return address, {**fields_of_form(client.get(address)), **reasons}
    address = page_of("3", "words")
    start = {text: start for start, text in words_on(client.get(address))}["外籍"]
    fields = fields_of_form(
        client.get(f"{address}?first={start}&last={start}&what=cut"), "words_form"
    )
    choice = {"role": "practice", "city": "shanghai", "reason": f"by {name}"}
    return address, {**fields, **choice}


def test_words_are_added_once(staff):
    address = "/admin/reforms/category/add/"
    values = {
        "slug": "starting-a-business",
        "name_zh": "开办企业",
        "name_en": "Starting a business",
    }
    assert fields_of_form(staff.get(address), "category_form")["position"] == "3"
    assert edit(staff, address, **values).status_code == 302
    row = Category.objects.get(slug="starting-a-business")
    assert (row.position, row.version) == (3, 1)
    twice = edit(staff, address, **values)
    assert twice.context["adminform"].form.errors["slug"]


def test_the_slug_of_a_word_is_fixed(staff):
    row = Category.objects.get(slug="electricity")
    address = reverse("admin:reforms_category_change", args=[row.pk])
    edit(staff, address, slug="other", name_en="Power")
    row.refresh_from_db()
    assert (row.slug, row.name_en) == ("electricity", "Power")


def test_facts_of_a_source_are_edited_and_its_text_is_not(staff):
    source = Source.objects.get()
    address = reverse("admin:reforms_source_change", args=[source.pk])
    shown = text_of(staff.get(address))
    assert "复制推广改革举措 优化营商环境 (一) 获得电力(2项)" in shown
    values = {
        "issuer_zh": "某机关",
        "text": "other",
        "checksum": "other",
        "slug": "other",
        "sections-0-name_en": "Power",
        "identifications-1-kind": "date",
        "identifications-1-claim_zh": "2019年",
        "identifications-1-claim_en": "2019",
        "identifications-1-found_in_zh": "文中",
        "identifications-1-found_in_en": "in the text",
        "identifications-1-confidence": "low",
    }
    assert edit(staff, address, **values).status_code == 302
    source.refresh_from_db()
    assert (source.text, source.slug, source.version) == (world.TEXT, world.SOURCE, 2)
    assert (source.issuer_zh, source.issuer_en) == ("某机关", None)
    assert source.sections.get(label="一").name_en == "Power"
    assert list(Identification.objects.values_list("position", flat=True)) == [1, 2]
    stale = edit(staff, address, expected_version="1", issuer_zh="另一机关")
    assert "li saved this on" in text_of(stale)


def test_the_page_of_a_source_asks_nothing_that_django_gives_up(staff):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = staff.get(reverse("admin:reforms_source_change", args=[Source.objects.get().pk]))
    assert answer.status_code == 200


def test_a_fragment_says_what_is_missing(staff):
    address = reverse("admin:reforms_source_change", args=[Source.objects.get().pk])
    answer = edit(staff, address, missing_zh="")
    assert answer.status_code == 200
    assert Source.objects.get().missing_zh


def test_a_source_is_withdrawn_and_restored(staff):
    pk = Source.objects.get().pk
    withdraw = reverse("admin:reforms_source_withdraw", args=[pk])
    fields = fields_of_form(staff.get(withdraw))
    staff.post(withdraw, {**fields, "reason_zh": "错误", "reason_en": "An error"})
    assert Source.objects.get().is_withdrawn
    restore = reverse("admin:reforms_source_restore", args=[pk])
    staff.post(restore, fields_of_form(staff.get(restore)))
    assert not Source.objects.get().is_withdrawn


# --- Who may do what, in which language ---


def test_the_admin_is_for_staff(client, li):
    for address in (LIST, page_of(), page_of(name="words"), page_of(name="withdraw")):
        assert client.get(address).url.startswith("/admin/login/")


def test_who_may_only_look_reads_the_newest_version(client, li):
    reader = get_user_model().objects.create_user("reader", password="x", is_staff=True)
    names = ["view_measure", "view_measureversion"]
    reader.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(reader)
    answer = client.get(page_of(), follow=True)
    assert answer.status_code == 200
    assert "进一步压缩至5天" in text_of(answer)
    assert client.post(page_of(), {"title_en": "x"}).status_code == 403
    for name in ("words", "withdraw", "restore"):
        assert client.get(page_of(name=name)).status_code == 403
        assert client.post(page_of(name=name)).status_code == 403


def test_the_language_is_switched_within_the_admin(staff):
    page = staff.get(LIST)
    assert "中文" in text_of(page)
    answer = staff.post("/admin/language/", {"language": "zh-hans", "next": LIST})
    assert answer.url == LIST
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME]["path"] == "/admin/"
    shown = text_of(staff.get(LIST))
    assert 'lang="zh-hans"' in shown
    assert ">English</button>" in shown


def test_the_public_page_is_one_link_away_in_both_languages(staff):
    shown = text_of(staff.get(page_of()))
    for language in ("zh-hans", "en"):
        assert f'href="/{language}/measures/{world.SOURCE}/1/"' in shown


def test_pages_carry_no_inline_style_or_script(staff):
    for address in ("/admin/", LIST, page_of(), page_of(name="words"), "/admin/login/"):
        shown = staff.get(address).content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", shown), address


# --- Bad input ---

BAD = [
    "status__regex=(",
    "title_zh__regex=(",
    "id__gt=1",
    "practices__measure__source__slug=x",
    "practices__city__slug__regex=(",
    "version__exact=" + "9" * 40,
    "city=nowhere",
    "city=%00",
    "city=%ff%fe",
    "city=%ED%A0%80",
    "outcome=" + "x" * 5000,
    "q=%00",
    "q=%ff",
    "q=%ED%A0%80",
    "q=" + "字" * 3000,
    "q=" + "a+" * 1500,
    "q='\"--",
    "p=x",
    "p=0",
    "p=-1",
    "p=999999",
    "p=" + "9" * 40,
    "all=",
    "o=x",
    "o=99",
    "o=-99.1..",
    "o=" + "9" * 40,
    "e=1",
    "_popup=1",
    "_to_field=password",
    "_to_field=id",
    "_facets=True",
    "_changelist_filters=%ff",
    "unknown=1",
    "__class__=1",
]
LISTS = [
    LIST,
    "/admin/reforms/measureversion/",
    "/admin/reforms/report/",
    "/admin/reforms/source/",
    "/admin/reforms/category/",
    "/admin/reforms/indicator/",
    "/admin/auth/user/",
    "/admin/auth/group/",
]


def test_no_address_of_a_list_breaks_it(staff):
    answers = {
        f"{address}?{query[:40]}": staff.get(f"{address}?{query}").status_code
        for address in LISTS
        for query in BAD
    }
    assert {key: code for key, code in answers.items() if code not in (200, 302, 400)} == {}


def test_only_the_filters_on_the_page_are_lookups(staff):
    for address in LISTS:
        for lookup in ("id__gt=1", "password__startswith=p", "slug__regex=(", "name__regex=("):
            assert staff.get(f"{address}?{lookup}").status_code == 400, (address, lookup)


def test_no_selected_row_breaks_a_list(staff):
    for chosen in ("\0", "x", "9" * 40, "-1", "\ud7ff", ""):
        for address in LISTS:
            usual = {"action": "delete_selected", "_selected_action": chosen, "index": "0"}
            odd = {"action": chosen or "x", "_selected_action": "1", "index": chosen, "_save": "1"}
            for values in (usual, odd):
                answer = staff.post(address, values)
                assert answer.status_code in (200, 302, 400), (address, values)
    assert Measure.objects.count() == 3


def test_no_row_in_an_address_breaks_a_page(staff):
    for row in ("0", "x", "9" * 40, "-1", "%00", "%ff", "1_2", "_5F", "1%2F2", "1e5"):
        for page in ("change", "history", "words", "recut", "withdraw", "restore", "delete"):
            answer = staff.get(f"{LIST}{row}/{page}/")
            assert answer.status_code in (302, 400, 403, 404), (row, page)
        for model in ("source", "category", "measureversion", "report"):
            answer = staff.get(f"/admin/reforms/{model}/{row}/change/")
            assert answer.status_code in (302, 400, 404), (row, model)


ODD_TEXTS = ["\0", "a\0b", "x" * 30_000, "\x01\x1f", "\ufffe", "𠀀" * 100, "<script>", "%ff", "​"]


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=lambda odd: ascii(odd)[:12])
def test_no_text_in_every_field_breaks_a_measures_page(staff, odd):
    fields = fields_of_form(staff.get(page_of()), FORM)
    answer = staff.post(page_of(), dict.fromkeys(fields, odd) | {"version": "1"})
    assert answer.status_code in (200, 302, 400)
    kept = {name for name in fields if name.endswith("_FORMS")} | {"version"}
    answer = staff.post(page_of(), {n: fields[n] if n in kept else odd for n in fields})
    assert answer.status_code in (200, 302, 400)
    for page, values in (
        ("withdraw", {"version": odd, "reason_zh": odd, "reason_en": odd}),
        (
            "words",
            {"version": odd, "first": odd, "last": odd, "what": odd, "role": odd, "city": odd},
        ),
    ):
        answer = staff.post(page_of(name=page), values)
        assert answer.status_code in (200, 302, 400), page


def test_no_text_in_one_field_breaks_a_measures_page(staff):
    fields = fields_of_form(staff.get(page_of("3")), FORM)
    for name in fields:
        answer = staff.post(page_of("3"), {**fields, "version": "1", name: "-" + "9" * 30_000})
        assert answer.status_code in (200, 302, 400, 409), name


def test_bytes_that_are_no_text_break_nothing(staff):
    body = b"version=1&title_en=%ff%fe%ED%A0%80&number=%C0%80"
    for address in (page_of(), page_of(name="words"), page_of(name="withdraw"), LIST):
        answer = staff.post(address, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in (200, 302, 400)
    odd = staff.post("/admin/language/", {"language": "\ufffd" * 300, "next": "//evil.example"})
    assert odd.status_code in (302, 400)
    assert "evil" not in odd.headers.get("Location", "")


def test_a_source_of_the_fixtures_is_saved_with_its_claims(client, db):
    call_command("load_catalog", verbosity=0)
    client.force_login(world.an_editor())
    for source in Source.objects.all():
        address = reverse("admin:reforms_source_change", args=[source.pk])
        fields = {**fields_of_form(client.get(address), "source_form"), "rights_en": "Ours."}
        answer = client.post(address, fields)
        assert answer.status_code == 302, answer.context["errors"]
        source.refresh_from_db()
        assert source.rights_en == "Ours."
