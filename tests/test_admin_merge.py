"""Merging in the admin: two people edit one measure, and what either typed is in the merged one."""

import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import override

from reforms import editing
from reforms.admin.merge import Merge, value_of
from reforms.admin.merge_rows import cells_of, place_of
from reforms.changes import Names
from reforms.merging import Side, differences_of
from reforms.models import MeasureVersion
from reforms.records import Nature, Role, Status, TranslationState
from reforms.recutting import Cut
from tests import world
from tests.at_once import AtOnce
from tests.forms import fields_of_form
from tests.test_admin import FORM, ODD_TEXTS, page_of, record_of, text_of

pytestmark = pytest.mark.django_db
EN = "practice-beijing-practice_en"
TITLE = "merge-title_en"


@pytest.fixture(autouse=True)
def publishes_alone(settings):
    """These tests are about saving itself: what waits for a second person has tests of its own."""
    settings.PUBLISH_OWN_CHANGES = True


@pytest.fixture
def wang(db):
    world.build_world()
    return world.an_editor("wang")


@pytest.fixture
def staff(wang, client):
    """A browser in English, signed in as the one who saves second."""
    client.force_login(world.an_editor("li"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def save_as(by, key="1", **values):
    """Save a measure with values changed, as somebody else, over the live version."""
    measure = world.get_measure(key)
    record = replace(measure.to_record(), **values)
    return editing.save_measure(record, measure.version, by, "their reason")


def conflict(client, by, key="1", theirs=None, **mine):
    """Open a page, let somebody save meanwhile, save; return the answer with the table."""
    fields = fields_of_form(client.get(page_of(key)), FORM)
    save_as(by, key, **(theirs or {"title_en": "Theirs"}))
    answer = client.post(page_of(key), {**fields, **mine})
    assert answer.status_code == 409
    return answer


def merged(client, answer, key="1", **choices):
    """Save the merged measure from a page with the table, with these choices made."""
    fields = fields_of_form(answer, FORM)
    return client.post(page_of(key), {**fields, **choices, "_merge": "1"})


def choice(answer, path, side):
    """Return the value that chooses a side in a table."""
    found = re.search(
        rf'name="merge-{re.escape(path)}" value="({side}-\w+)"', answer.content.decode()
    )
    return found[1]


def checked(answer):
    return {
        name: value.split("-")[0]
        for name, value in fields_of_form(answer, FORM).items()
        if name.startswith("merge-") and name != "merge-version"
    }


def row(answer, path):
    return next(one for one in answer.context["conflict"]["merge"].rows if one.name.endswith(path))


def said(cell):
    return [[(piece.text, piece.change) for piece in line.pieces] for line in cell.lines]


def test_a_stale_save_shows_what_stood_what_they_saved_and_what_i_typed(staff, wang):
    answer = conflict(staff, wang, title_en="Mine", status="replicate")
    shown = text_of(answer)
    assert "Saved by wang" in shown
    assert "their reason" in shown
    one = row(answer, "title_en")
    assert one.is_conflict
    assert said(one.base) == [[(world.measure_one().title_en, "")]]
    assert [text for text, change in said(one.theirs)[0] if change != "removed"] == ["Theirs"]
    assert [text for text, change in said(one.mine)[0] if change != "removed"] == ["Mine"]
    other = row(answer, "status")
    assert not other.is_conflict
    assert other.theirs.is_as_base
    # Nothing is chosen where both changed it; the side that changed it alone is.
    assert checked(answer) == {"merge-status": "mine"}
    assert record_of().title_en == "Theirs"


def test_changes_of_different_fields_are_saved_together(staff, wang):
    answer = conflict(staff, wang, theirs={"status": Status.REPLICATE}, title_en="Mine")
    assert merged(staff, answer, reason="both").status_code == 302
    record = record_of()
    assert (record.title_en, record.status) == ("Mine", Status.REPLICATE)
    version = world.get_measure("1").versions.live().get()
    assert (version.version, version.by_name, version.reason) == (3, "li", "both")


@pytest.mark.parametrize(("side", "wanted"), [("theirs", "Theirs"), ("mine", "Mine")])
def test_the_side_that_is_chosen_is_saved(staff, wang, side, wanted):
    answer = conflict(staff, wang, title_en="Mine", status="replicate")
    saved = merged(staff, answer, **{TITLE: choice(answer, "title_en", side)})
    assert saved.status_code == 302
    assert (record_of().title_en, record_of().status) == (wanted, Status.REPLICATE)


def test_a_missing_choice_is_asked_for_and_nothing_is_lost(staff, wang):
    answer = conflict(staff, wang, title_en="Mine", status="replicate")
    again = merged(staff, answer)
    assert again.status_code == 409
    assert row(again, "title_en").errors == ["Choose one of the two."]
    assert 'href="#merge-2"' in text_of(again)
    assert fields_of_form(again, FORM)["title_en"] == "Mine"
    assert checked(again) == {"merge-status": "mine"}
    assert MeasureVersion.objects.count() == 4


def test_a_change_of_one_side_may_be_turned_down(staff, wang):
    answer = conflict(staff, wang, theirs={"status": Status.REPLICATE}, title_en="Mine")
    kept = merged(staff, answer, **{"merge-status": choice(answer, "status", "mine")})
    assert kept.status_code == 302
    assert record_of() == replace(world.measure_one(), title_en="Mine")


def test_a_merge_that_keeps_all_of_theirs_writes_nothing(staff, wang):
    answer = conflict(staff, wang, title_en="Mine")
    saved = merged(staff, answer, **{TITLE: choice(answer, "title_en", "theirs")})
    assert "Nothing was changed" in text_of(staff.get(saved.url))
    assert world.get_measure("1").version == 2


def test_a_plain_save_of_the_page_with_the_table_saves_nothing(staff, wang):
    answer = conflict(staff, wang, title_en="Mine", status="replicate")
    fields = fields_of_form(answer, FORM) | {TITLE: choice(answer, "title_en", "mine")}
    again = staff.post(page_of(), fields)
    assert again.status_code == 409
    assert checked(again) == {TITLE: "mine", "merge-status": "mine"}
    assert world.get_measure("1").version == 2


def test_somebody_who_saves_again_meanwhile_is_not_overwritten(staff, wang):
    answer = conflict(staff, wang, title_en="Mine", status="replicate", number="1")
    choices = {TITLE: choice(answer, "title_en", "mine")}
    save_as(wang, category="property-registration")
    again = merged(staff, answer, **choices)
    assert again.status_code == 409
    assert "Somebody saved again while you merged" in text_of(again)
    # What was chosen on what still stands stays chosen; what is new is shown.
    assert checked(again) == {
        TITLE: "mine",
        "merge-status": "mine",
        "merge-category": "theirs",
    }
    assert merged(staff, again).status_code == 302
    record = record_of()
    assert (record.title_en, record.status) == ("Mine", Status.REPLICATE)
    assert record.category == "property-registration"


def test_a_choice_made_on_what_they_changed_again_is_asked_anew(staff, wang):
    answer = conflict(staff, wang, title_en="Mine")
    save_as(wang, title_en="Theirs again")
    for side in Side:
        again = merged(staff, answer, **{TITLE: choice(answer, "title_en", side)})
        assert again.status_code == 409
        assert row(again, "title_en").errors == ["This changed since you chose: choose again."]
        assert checked(again) == {}
    assert record_of().title_en == "Theirs again"


def test_words_typed_after_the_choice_are_not_given_up_unseen(staff, wang):
    answer = conflict(staff, wang, title_en="Mine")
    theirs = {TITLE: choice(answer, "title_en", "theirs")}
    again = merged(staff, answer, title_en="Mine and theirs", **theirs)
    assert again.status_code == 409
    assert fields_of_form(again, FORM)["title_en"] == "Mine and theirs"
    mine = {TITLE: choice(answer, "title_en", "mine")}
    assert merged(staff, answer, title_en="Mine and theirs", **mine).status_code == 302
    assert record_of().title_en == "Mine and theirs"


def test_points_and_figures_of_both_sides_are_kept(staff, wang):
    one = world.measure_one()
    beijing = one.practices[0]
    nature = replace(beijing.figures[0], nature=Nature.LIMIT)
    theirs = replace(beijing, figures=(nature, *beijing.figures[1:]), points=beijing.points[:1])
    answer = conflict(
        staff,
        wang,
        theirs={"practices": (theirs, one.practices[1])},
        **{
            "points-3-city": "beijing",
            "points-3-theme": "data-sharing",
            "points-3-words": "签订合同",
            "figures-1-scope_en": "everybody",
        },
    )
    assert "Beijing · A new point" in text_of(answer)
    assert row(answer, "points.2").theirs.is_taken_away
    assert merged(staff, answer).status_code == 302
    saved = record_of().practices[0]
    assert [point.theme for point in saved.points] == [beijing.points[0].theme, "data-sharing"]
    assert saved.figures[0] == nature
    assert saved.figures[1] == replace(beijing.figures[1], scope_en="everybody")


def test_a_recut_of_theirs_and_a_summary_of_mine_are_saved_together(staff, wang):
    fields = fields_of_form(staff.get(page_of("3")), FORM)
    start = world.TEXT.index("查询系统。")
    cut = Cut(start=start, end=start + 5, role=Role.PRACTICE, city=world.BEIJING)
    editing.recut_measure(world.get_measure("3"), cut, 1, wang, "")
    answer = staff.post(page_of("3"), {**fields, "practice-shanghai-summary_en": "Mine"})
    assert answer.status_code == 409
    one = row(answer, "cut")
    words = [line.label for line in one.theirs.lines]
    assert "Beijing · Practice" in words
    assert "Shanghai · Practice" in words
    assert merged(staff, answer, "3").status_code == 302
    record = record_of("3")
    assert {part.city for part in record.practices} == {world.BEIJING, world.SHANGHAI}
    shanghai = next(part for part in record.practices if part.city == world.SHANGHAI)
    assert shanghai.summary_en == "Mine"


def test_a_merge_that_breaks_a_rule_says_which_and_keeps_everything(staff, wang):
    fields = fields_of_form(staff.get(page_of("3")), FORM)
    start = world.TEXT.index("查询系统。")
    cut = Cut(start=start, end=start + 5, role=Role.PRACTICE, city=world.BEIJING)
    editing.recut_measure(world.get_measure("3"), cut, 1, wang, "")
    number = len(world.measure_three().practices[0].points)
    point = {
        f"points-{number}-city": "shanghai",
        f"points-{number}-theme": "no-visits",
        f"points-{number}-words": "查询系统",
    }
    answer = staff.post(page_of("3"), {**fields, **point})
    refused = merged(staff, answer, "3")
    assert refused.status_code == 409
    assert "Shanghai · point" in text_of(refused)
    assert "the words chosen do not stand in this text." in text_of(refused)
    assert fields_of_form(refused, FORM)[f"points-{number}-words"] == "查询系统"
    assert world.get_measure("3").version == 2
    path = next(name for name in checked(refused) if "new" in name)
    dropped = choice(refused, path.removeprefix("merge-"), "theirs")
    assert merged(staff, refused, "3", **{path: dropped}).status_code == 302


def test_a_page_with_an_error_is_mended_first_and_merged_then(staff, wang):
    answer = conflict(staff, wang, title_en="Mine", number="2")
    assert answer.context["conflict"]["merge"] is None
    shown = text_of(answer)
    assert "Correct the fields with an error" in shown
    assert "<ins>Theirs</ins>" in shown
    fields = fields_of_form(answer, FORM)
    assert fields["title_en"] == "Mine"
    again = staff.post(page_of(), {**fields, "number": "1"})
    assert again.status_code == 409
    assert row(again, "title_en").is_conflict


def test_english_filled_in_by_one_side_and_taken_by_the_other_has_a_fitting_state(staff, wang):
    answer = conflict(
        staff,
        wang,
        theirs={"title_en": None, "title_translation_state": TranslationState.MISSING},
        title_en="Mine",
    )
    mine = {TITLE: choice(answer, "title_en", "mine")}
    assert merged(staff, answer, **mine).status_code == 302
    assert record_of().title_en == "Mine"
    assert record_of().title_translation_state == TranslationState.CURRENT


def test_of_editors_who_merge_at_once_exactly_one_wins(transactional_db, tmp_path, client):
    world.build_world()
    wang = world.an_editor("wang")
    client.force_login(world.an_editor("li"))
    answer = conflict(client, wang, title_en="Mine")
    fields = fields_of_form(answer, FORM) | {TITLE: choice(answer, "title_en", "mine")}
    at_once = AtOnce(tmp_path)

    def saving(number):
        values = {**fields, "title_en": f"Mine {number}", "_merge": "1"}
        return lambda: client.post(page_of(), values).status_code

    address_known = [saving(number) for number in range(3)]
    assert sorted(at_once(*address_known)) == [302, 409, 409]
    assert at_once(lambda: world.get_measure("1").version) == [3]


def test_the_table_costs_few_queries(staff, wang, django_assert_max_num_queries):
    answer = conflict(staff, wang, title_en="Mine")
    fields = fields_of_form(answer, FORM)
    # As to show the page, which is read twice; the version opened and the live one, 4 vocabularies.
    with django_assert_max_num_queries(31):
        staff.post(page_of(), {**fields, "_merge": "1"})


# --- Whatever is posted ---

ODD_VERSIONS = ["", "0", "-1", "99", "x", "1.5", "9" * 30, "٣", "2147483648"]


@pytest.mark.parametrize("version", ODD_VERSIONS)
def test_a_version_that_no_table_showed_saves_nothing(staff, wang, version):
    answer = conflict(staff, wang, title_en="Mine")
    mine = {TITLE: choice(answer, "title_en", "mine")}
    for name in ("merge-version", "version"):
        odd = merged(staff, answer, **{name: version}, **mine)
        assert odd.status_code in (200, 409)
        assert fields_of_form(odd, FORM)["title_en"] == "Mine"
        assert record_of().title_en == "Theirs"


@pytest.mark.parametrize("odd", [*ODD_TEXTS, "theirs", "mine-", "mine"], ids=lambda o: ascii(o)[:9])
def test_no_choice_breaks_the_table(staff, wang, odd):
    answer = conflict(staff, wang, title_en="Mine", status="replicate")
    names = {TITLE: odd, "merge-status": odd, "merge-cut": odd, "merge-": odd, f"merge-{odd}": odd}
    again = merged(staff, answer, **names)
    assert again.status_code in (400, 409)
    assert record_of().title_en == "Theirs"
    names.popitem()
    again = merged(staff, answer, **names)
    if "\0" in odd:
        assert again.status_code == 400
        return
    assert again.status_code == 409
    assert row(again, "title_en").errors
    # What was posted is not echoed.
    assert len(again.content) < len(answer.content) + 5_000


def test_too_much_is_refused(staff, wang):
    answer = conflict(staff, wang, title_en="Mine")
    fields = fields_of_form(answer, FORM) | {TITLE: "x" * 10_500_000, "_merge": "1"}
    body = "&".join(f"{name}={value}" for name, value in fields.items() if name.startswith("merge"))
    refused = staff.post(page_of(), body, content_type="application/x-www-form-urlencoded")
    assert refused.status_code in (400, 413)


def test_a_merge_posted_where_nobody_saved_is_a_plain_save(staff):
    fields = fields_of_form(staff.get(page_of()), FORM)
    odd = {"merge-version": "1", TITLE: "theirs-000000000000", "_merge": "1"}
    assert staff.post(page_of(), {**fields, **odd, "title_en": "Mine"}).status_code == 302
    assert record_of().title_en == "Mine"


# --- The part that other pages use ---


def posted(values):
    data = QueryDict(mutable=True)
    data.update(values)
    return data


def test_the_part_stands_on_any_three_records(wang):
    base = record_of()
    theirs, mine = replace(base, title_en="Live"), replace(base, title_en="Proposed", number=1)
    answers = {Side.THEIRS: "as it is now", Side.MINE: "the proposal"}
    unbound = Merge(base, theirs, mine, 7, world.TEXT, Names(), None, answers)
    assert unbound.needs_choice
    assert not unbound.is_valid()
    assert [answer.label for answer in unbound.rows[0].answers] == list(answers.values())
    assert 'value="7"' in unbound.shown_version
    (unit,) = unbound.units
    data = posted({"merge-version": "7", "merge-title_en": value_of(unit, Side.MINE)})
    bound = Merge(base, theirs, mine, 7, world.TEXT, Names(), data, answers)
    assert bound.is_valid()
    assert not bound.needs_choice
    assert bound.record == mine
    assert not Merge(base, theirs, mine, 8, world.TEXT, Names(), data).is_valid()


def test_what_both_changed_alike_is_told_without_a_choice(wang):
    base = record_of()
    same = replace(base, title_en="Same")
    merge = Merge(base, same, same, 2, world.TEXT, Names(), posted({"merge-version": "2"}))
    assert merge.is_valid()
    assert [one.answers for one in merge.rows] == [()]
    assert merge.record == same


def test_long_texts_are_marked_word_by_word(wang):
    base = record_of()
    practices = list(base.practices)
    text = practices[0].practice_en.replace("56", "57")
    assert text != practices[0].practice_en
    theirs = replace(base, practices=(replace(practices[0], practice_en=text), practices[1]))
    (unit,) = differences_of(base, theirs, base)
    cells = cells_of(unit, world.TEXT, Names())
    changes = [(piece.text, piece.change) for piece in cells.theirs.lines[0].pieces if piece.change]
    assert changes == [("56", "removed"), ("57", "added")]
    assert "".join(p.text for p in cells.theirs.lines[0].pieces if p.change != "removed") == text


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("", ""),
        ("passages", ""),
        ("passages[3]", ""),
        ("title_en", "title in English"),
        ("practices", ""),
        ("practices[0].practice_en", "Beijing · practice in English"),
        ("practices[1].points[0].spans", "Shanghai · point 1"),
        ("practices[0].figures[2]", "Beijing · figure 3"),
        ("errata[0].reason_zh", "Erratum 1"),
    ],
)
def test_the_place_of_an_error_is_told_in_words(wang, path, wanted):
    with override("en"):
        assert place_of(path, record_of(), Names()) == wanted
