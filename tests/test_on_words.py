"""On selected words: an editor says what words of the source are, and types no offset."""

from dataclasses import replace

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from reforms import editing
from reforms.models import Measure, Proposal
from reforms.records import (
    Bound,
    Confidence,
    Decision,
    Direction,
    Nature,
    Role,
    StatedIn,
)
from tests import world
from tests.forms import fields_of_form
from tests.test_admin import page_of, record_of, text_of, words_on

pytestmark = pytest.mark.django_db
FORM = "words_form"
SAID = {
    "erratum": {"reading": "改", "reason_zh": "误", "reason_en": "Wrong", "confidence": "low"},
    "cut": {"role": "practice", "city": "shanghai"},
    "point": {"theme": "two-managers"},
    "figure": {
        "indicator": "approval-time",
        "nature": "achieved",
        "direction": "decrease",
        "scope_zh": "审批",
        "scope_en": "approval",
    },
}


@pytest.fixture(autouse=True)
def publishes_alone(settings):
    settings.PUBLISH_OWN_CHANGES = True


@pytest.fixture
def li(db):
    world.build_world()
    return world.an_editor("li")


@pytest.fixture
def staff(li, client):
    """A browser in English, signed in as an editor."""
    client.force_login(li)
    client.cookies[site_settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def place_of(words, key="1"):
    """Return where words stand, at their first place from the measure's own words on."""
    start = world.TEXT.index(words, world.passages(key)[0].start)
    return start, start + len(words)


def address_of(words, what="", key="1", end=None):
    """Return the address of the page with these words chosen, by its characters."""
    start, stop = place_of(words, key)
    stop = end if end is not None else stop
    query = f"unit=character&first={start}&last={stop - 1}"
    return f"{page_of(key, 'words')}?{query}{f'&what={what}' if what else ''}"


def say(client, words, what, key="1", end=None, **values):
    """Choose words, say what they are, type, save."""
    address = address_of(words, what, key, end)
    fields = fields_of_form(client.get(address), FORM)
    return client.post(address, {**fields, **SAID[what], **values})


def errors_of(answer):
    return answer.context["page"].form.errors


# --- Choosing ---


def test_the_words_are_chosen_by_links_and_radios_step_by_step(staff):
    address = page_of("3", "words")
    starts = {text: start for start, text in words_on(staff.get(address))}
    page = staff.get(f"{address}?first={starts['外籍']}")
    assert "The first word is “外籍”." in text_of(page)
    assert "推进" not in {text for _start, text in words_on(page)}
    page = staff.get(f"{address}?first={starts['外籍']}&last={starts['人才']}")
    assert "<mark>外籍人才</mark>在服务大厅" in text_of(page)
    links = [choice["address"] for choice in page.context["choices"] if not choice["hindrance"]]
    assert [link.rpartition("=")[2] for link in links] == ["erratum", "cut"]
    assert "A point is made of words of a practice." in text_of(page)
    assert 'name="role"' in text_of(staff.get(address + links[1]))


def test_the_page_shows_the_region_of_the_measure_and_no_other_measures_words(staff):
    shown = "".join(text for _start, text in words_on(staff.get(page_of("2", "words"))))
    assert shown.startswith("改革举措2:")
    assert shown.endswith("(二)登记财产(2项)")


def test_single_characters_can_be_chosen(staff):
    words = words_on(staff.get(page_of("3", "words") + "?unit=character"))
    assert all(len(text) == 1 for _start, text in words)


def test_each_locked_text_leads_to_its_words(staff):
    shown = text_of(staff.get(page_of("1")))
    page = text_of(staff.get(page_of("1", "words")))
    names = ["text-title"]
    names += [f"text-{t}-{c}" for t in ("practice", "outcome") for c in ("beijing", "shanghai")]
    for name in names:
        assert f'href="{page_of("1", "words")}#{name}"' in shown
        assert page.count(f'id="{name}"') == 1


def test_the_former_address_leads_to_the_page_with_its_words(staff):
    answer = staff.get(page_of("3", "recut") + "?first=5&unit=character")
    assert answer.url == page_of("3", "words") + "?first=5&unit=character"


@pytest.mark.parametrize(
    "query",
    [
        "first=1",
        "first=x",
        "first=-1",
        "unit=line",
        "last=5",
        "last=" + "9" * 40,
        "what=all",
        "first=9999999&last=1&what=cut",
        "first=１２",
    ],
)
def test_a_place_that_is_no_word_says_so_and_starts_again(staff, query):
    answer = staff.get(f"{page_of('3', 'words')}?{query}")
    assert answer.status_code == 400
    assert "These are no words of this page: choose them again." in text_of(answer)
    assert words_on(answer)


def test_words_that_cannot_be_what_is_asked_say_why(staff):
    for what in ("point", "figure"):
        answer = staff.get(address_of("小微企业接电", what))
        assert answer.status_code == 400
        assert "is made of words of a practice" in text_of(answer)
        assert 'id="words_form"' not in text_of(answer)
    answer = staff.get(address_of("小微企业办电全程", "point"))
    assert answer.status_code == 400


def test_words_of_several_texts_are_only_cut(staff):
    answer = staff.get(address_of("力公司投资建设。成效:小微", "erratum"))
    assert answer.status_code == 400
    assert "The words belong to several texts" in text_of(answer)


@pytest.mark.parametrize("what", list(SAID))
def test_a_broken_form_saves_nothing_and_keeps_what_was_typed(staff, what):
    words, key = ("人才", "3") if what == "cut" else ("审批环节", "1")
    address = address_of(words, what, key)
    fields = {**fields_of_form(staff.get(address), FORM), **SAID[what], "reason": "typed"}
    for name in ("version", "first", "last", "what"):
        for odd in ("", "x", "-1", "0", "9" * 400, "%ff"):
            answer = staff.post(address, {**fields, name: odd})
            assert answer.status_code in (200, 400), (name, odd)
            assert "errornote" in text_of(answer), (name, odd)
            if name != "what":
                assert 'value="typed"' in text_of(answer), (name, odd)
    assert Measure.objects.get(key=key).version == 1


def test_no_text_in_every_field_breaks_the_page(staff):
    for what in SAID:
        address = address_of("审批环节", what)
        fields = fields_of_form(staff.get(address), FORM)
        kept = ("version", "first", "last", "what")
        for odd in ("\0", "x" * 30_000, "\ufffe", "<script>", "-9"):
            typed = {name: fields[name] if name in kept else odd for name in fields}
            assert staff.post(address, typed).status_code in (200, 400, 302)


# --- Our cut is wrong ---


def test_words_get_another_role(staff):
    assert say(staff, "外籍人才", "cut", "3", reason="cut off").status_code == 302
    assert (
        record_of("3").practices[0].practice_zh == "推进数据共享,为银行开通在线外籍人才查询系统。"
    )
    assert world.get_measure("3").versions.live().get().reason == "cut off"
    assert say(staff, "外籍人才", "cut", "3", role="source:caption", city="").status_code == 302
    assert record_of("3").practices[0].practice_zh == world.measure_three().practices[0].practice_zh


def test_a_cut_that_takes_a_points_words_is_refused_in_words(staff):
    answer = say(staff, "推进数据共享", "cut", "3", role="caption", city="")
    assert "a point would lose its words: 推进数据共享" in text_of(answer)
    assert Measure.objects.get(key="3").version == 1


def test_a_cut_needs_its_city(staff):
    answer = say(staff, "外籍人才", "cut", "3", city="")
    assert errors_of(answer)["city"] == ["Say whose words these are."]


# --- A misprint in the source ---


def test_a_misprint_becomes_an_erratum_of_exactly_these_words(staff):
    assert say(staff, "审批环节", "erratum", reason="seen").status_code == 302
    (erratum,) = record_of("1").errata
    assert (erratum.as_printed, erratum.reading, erratum.confidence) == (
        "审批环节",
        "改",
        Confidence.LOW,
    )
    assert (erratum.stands_in, erratum.decision) == (Role.PRACTICE, Decision.CONFIRMED)
    assert erratum.spans == world.place("1", Role.PRACTICE, world.SHANGHAI, "审批环节")


def test_words_that_a_break_or_a_caption_parts_are_one_erratum(staff):
    stop = world.TEXT.index("力公司投资") + 3
    assert say(staff, "由电", "erratum", end=stop).status_code == 302
    (erratum,) = record_of("1").errata
    assert erratum.as_printed == "由电力公司"
    assert erratum.spans == world.place("1", Role.PRACTICE, world.BEIJING, "由电力公司")
    stop = world.TEXT.index("查询系统") + 4
    assert say(staff, "在线", "erratum", "3", end=stop).status_code == 302
    erratum = record_of("3").errata[-1]
    assert erratum.as_printed == "在线查询系统"
    assert len(erratum.spans) == 2


def test_a_misprint_outside_every_measure_stands_on_the_next_one(staff):
    heading = "(2项)"
    start = world.TEXT.index(heading, world.TEXT.index("(二)"))
    query = f"?unit=character&first={start}&last={start + 3}&what=erratum"
    answer = staff.get(page_of("2", "words") + query)
    assert answer.url.split("?")[0] == page_of("3", "words")
    page = staff.get(answer.url)
    assert "their erratum stands on the next one, 3." in text_of(page)
    fields = fields_of_form(page, FORM)
    refused = staff.post(page_of("2", "words") + query, {**fields, **SAID["erratum"]})
    assert refused.status_code == 400
    assert "choose them on the page of 3" in text_of(refused)
    assert staff.post(answer.url, {**fields, **SAID["erratum"]}).status_code == 302
    erratum = record_of("3").errata[-1]
    assert (erratum.stands_in, erratum.as_printed) == (Role.SECTION_HEADING, heading)


def test_a_caption_inside_a_measure_is_its_own(staff):
    assert say(staff, "外籍", "erratum", "3").status_code == 302
    assert record_of("3").errata[-1].stands_in == Role.CAPTION


def test_an_erratum_asks_for_its_reasons(staff):
    answer = say(staff, "审批环节", "erratum", reason_zh="", confidence="")
    assert set(errors_of(answer)) == {"reason_zh", "confidence"}
    assert fields_of_form(answer, FORM)["reading"] == "改"


def test_an_erratum_of_the_same_words_is_refused_and_of_some_of_them_told(staff):
    answer = say(staff, "协调协调", "erratum", "2")
    assert "These words have an erratum already: change that one." in text_of(answer)
    assert Measure.objects.get(key="2").version == 1
    page = staff.get(address_of("整体协调", key="2"))
    (row,) = page.context["page"].standing
    assert (row.words, row.is_same_place) == ("协调协调", False)
    assert f'href="{page_of("2")}#errata-0"' in text_of(page)


# --- A point ---


def test_a_point_asks_only_its_theme(staff):
    fields = fields_of_form(staff.get(address_of("审批环节时长", "point")), FORM)
    assert set(fields) - {"csrfmiddlewaretoken", "_typing"} == {
        "version",
        "first",
        "last",
        "what",
        "theme",
        "reason",
    }
    assert say(staff, "审批环节时长", "point", city="beijing").status_code == 302
    point = record_of().practices[1].points[-1]
    assert point.theme == "two-managers"
    assert point.spans == world.place("1", Role.PRACTICE, world.SHANGHAI, "审批环节时长")


def test_a_point_of_the_same_words_and_theme_is_refused(staff):
    words = "推进数据共享"
    page = staff.get(address_of(words, key="3"))
    assert "Point · Shanghai · Data sharing" in text_of(page)
    assert "(exactly these words)" in text_of(page)
    answer = say(staff, words, "point", "3", theme="data-sharing")
    assert errors_of(answer)["theme"] == ["These words are a point of this theme already."]
    assert say(staff, words, "point", "3", theme="no-visits").status_code == 302


# --- A figure ---


def test_the_numbers_of_the_words_are_proposed_and_saved_once_checked(staff):
    words = "市政审批时间由56天压缩至15天,今年,进一步压缩至5天"
    page = staff.get(address_of(words, "figure"))
    fields = fields_of_form(page, FORM)
    assert (fields["before"], fields["steps"], fields["after"]) == ("56", "15", "5")
    assert fields["printed"].split() == ["56天", "15天", "5天"]
    assert (fields["unit_zh"], fields["unit_en"], fields["value"]) == ("天", "days", "")
    assert '<q lang="zh-Hans">56天</q> = 56' in text_of(page)
    answer = say(staff, words, "figure")
    assert errors_of(answer)["indicator"] == ["These words state this figure already."]
    assert say(staff, words, "figure", indicator="connection-time").status_code == 302
    old, new = record_of().practices[0].figures[0], record_of().practices[0].figures[-1]
    for name in ("quote", "quote_spans", "before", "steps", "after", "printed", "unit_zh", "kind"):
        assert getattr(new, name) == getattr(old, name), name
    assert (new.nature, new.direction) == (Nature.ACHIEVED, Direction.DECREASE)
    assert (new.stated_in, new.bound) == (StatedIn.PRACTICE, Bound.EXACT)


def test_units_that_differ_are_told_apart(staff):
    fields = fields_of_form(staff.get(address_of("从15个工作日压缩至5天内", "figure")), FORM)
    assert (fields["before_unit_zh"], fields["before_unit_en"]) == ("个工作日", "working days")
    assert (fields["unit_zh"], fields["unit_en"]) == ("天", "days")


def test_a_multiplied_number_is_written_out_and_stands_in_the_outcome(staff):
    words = "数据共约1033万条"
    fields = fields_of_form(staff.get(address_of(words, "figure", "3")), FORM)
    assert (fields["value"], fields["printed"]) == ("10330000", "1033万条")
    assert say(staff, words, "figure", "3", indicator="customers-served").status_code == 302
    figure = record_of("3").practices[0].figures[-1]
    assert (figure.stated_in, figure.value) == (StatedIn.OUTCOME, "10330000")


def test_words_without_a_number_propose_nothing(staff):
    page = staff.get(address_of("审批环节时长", "figure"))
    fields = fields_of_form(page, FORM)
    assert not any(fields[name] for name in ("before", "steps", "after", "value", "printed"))
    assert "No number with a unit was found" in text_of(page)


def test_a_number_that_is_not_printed_is_refused_at_its_field(staff):
    answer = say(staff, "从15个工作日压缩至5天内", "figure", after="4")
    assert "the value is not the number that is printed" in str(errors_of(answer)["value"])
    assert fields_of_form(answer, FORM)["after"] == "4"
    answer = say(staff, "从15个工作日压缩至5天内", "figure", unit_zh="年")
    assert "unit" in str(errors_of(answer)["unit_zh"])


# --- Two at once, proposals, cost ---


@pytest.mark.parametrize("what", ["erratum", "point", "figure"])
def test_a_stale_page_keeps_all_that_was_typed_and_can_be_saved_on_top(staff, li, what):
    words = "从15个工作日压缩至5天内"
    address = address_of(words, what)
    typed = {**fields_of_form(staff.get(address), FORM), **SAID[what], "reason": "mine"}
    typed |= {"indicator": "connection-time"} if what == "figure" else {}
    editing.save_measure(replace(record_of(), title_en="Theirs"), 1, li, "their reason")
    answer = staff.post(address, typed)
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "li saved version 2" in shown
    assert "their reason" in shown
    assert "<ins>Theirs</ins>" in shown
    again = fields_of_form(answer, FORM)
    tokens = {"csrfmiddlewaretoken": "", "_typing": ""}
    assert {**again, "version": "1"} | tokens == typed | tokens
    assert staff.post(address, again).status_code == 302
    assert record_of().title_en == "Theirs"
    assert world.get_measure("1").version == 3


def test_words_that_were_cut_anew_in_between_are_shown_again(staff, li):
    address = page_of("3", "words")
    starts = {text: start for start, text in words_on(staff.get(address))}
    place = f"{address}?first={starts['查询']}&last={starts['系统']}&what=erratum"
    typed = {**fields_of_form(staff.get(place), FORM), **SAID["erratum"]}
    assert say(staff, "询系", "cut", "3").status_code == 302
    assert say(staff, "询", "cut", "3", role="caption", city="").status_code == 302
    answer = staff.post(place, typed)
    assert answer.status_code == 409
    assert fields_of_form(answer, FORM)["reading"] == "改"
    assert record_of("3").errata == world.measure_three().errata


@pytest.mark.parametrize("what", list(SAID))
def test_an_editors_words_are_a_proposal(staff, li, what):
    li.is_superuser = False
    li.save()
    li.groups.add(Group.objects.get(name="Editor"))
    key, words = ("3", "外籍人才") if what == "cut" else ("1", "从15个工作日压缩至5天内")
    before = record_of(key)
    more = {"indicator": "connection-time"} if what == "figure" else {}
    assert "Propose" in text_of(staff.get(address_of(words, what, key)))
    answer = say(staff, words, what, key, **more)
    proposal = Proposal.objects.get()
    assert answer.url == proposal.get_absolute_url()
    assert record_of(key) == before
    again = say(staff, words, what, key, reason="still here", **more)
    assert again.status_code == 200
    assert "you have a proposal for this measure that is still open" in text_of(again)
    assert "still here" in text_of(again)


def test_the_page_costs_few_queries(staff, django_assert_max_num_queries):
    staff.get(page_of("1", "words"))
    # Session and account; the measure, and with its parts 6; the source's passages, cities,
    # sections; its own passages and 4 vocabularies; open proposals; units of figures.
    for what in ("", *SAID):
        with django_assert_max_num_queries(22):
            staff.get(address_of("从15个工作日压缩至5天内", what))


def test_every_figure_of_the_first_source_is_proposed_from_its_words(client, db):
    """Where the quotation is one stretch, what is proposed is what was entered by hand."""
    call_command("load_catalog", verbosity=0)
    client.force_login(world.an_editor())
    alike = 0
    for measure in Measure.objects.for_record():
        for practice in measure.to_record().practices:
            for figure in practice.figures:
                (start, end), *more = figure.quote_spans
                if more or len(figure.printed) > 1:
                    continue
                address = reverse("admin:reforms_measure_words", args=[measure.pk])
                page = client.get(
                    f"{address}?unit=character&first={start}&last={end - 1}&what=figure"
                )
                assert page.status_code == 200
                numbers = {row["value"] for row in page.context["page"].proposed.rows}
                alike += bool(numbers & {figure.value, figure.after})
    assert alike > 30
