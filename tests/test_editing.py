"""Editing: each save is one version or none, and of two saves of one version exactly one wins."""

from dataclasses import replace

import pytest

from reforms import editing, versions
from reforms.exchange import RecordError
from reforms.models import Category, Measure, MeasureVersion, Passage, Source
from reforms.records import Action, Role, TranslationState
from reforms.recutting import Cut
from tests import world
from tests.at_once import AtOnce


@pytest.fixture
def li(db):
    world.build_world()
    return world.an_editor("li")


def record_of(key="1"):
    return world.get_measure(key).to_record()


def with_practice(record, index=0, **values):
    practices = list(record.practices)
    practices[index] = replace(practices[index], **values)
    return replace(record, practices=tuple(practices))


def cut_of(chosen, role, **options):
    start = world.TEXT.index(chosen)
    return Cut(start=start, end=start + len(chosen), role=role, **options)


def test_a_save_is_the_next_version_with_who_and_why(li):
    measure = editing.save_measure(replace(record_of(), title_en="Other"), 1, li, "clearer")
    version = measure.versions.live().get()
    assert (version.version, version.by, version.by_name) == (2, li, "li")
    assert (version.action, version.reason) == (Action.CHANGED, "clearer")
    assert record_of().title_en == "Other"


def test_a_save_without_a_change_writes_nothing(li):
    measure = editing.save_measure(record_of(), 1, li, "nothing")
    assert measure.version == 1
    assert MeasureVersion.objects.count() == 3


def test_a_stale_save_is_refused_and_tells_what_stands_now(li):
    editing.save_measure(replace(record_of(), title_en="First"), 1, li, "")
    with pytest.raises(versions.VersionConflict) as caught:
        editing.save_measure(replace(record_of(), title_en="Second"), 1, li, "")
    assert (caught.value.version, caught.value.current.title_en) == (2, "First")
    assert record_of().title_en == "First"


def test_a_stale_save_is_refused_even_where_it_changes_nothing(li):
    old = record_of()
    editing.save_measure(replace(old, title_en="First"), 1, li, "")
    with pytest.raises(versions.VersionConflict):
        editing.save_measure(old, 1, li, "")


def test_a_title_typed_over_marks_its_english_as_outdated(li):
    editing.save_measure(replace(record_of(), title_zh="我们的标题"), 1, li, "")
    record = record_of()
    assert record.title_translation_state == TranslationState.OUTDATED
    assert record.practices == world.measure_one().practices
    fresh = replace(record, title_zh="又一个", title_en="New", title_translation_state="current")
    editing.save_measure(fresh, 2, li, "")
    assert record_of().title_translation_state == TranslationState.CURRENT


@pytest.mark.parametrize("field", ["practice_zh", "outcome_zh"])
def test_a_practice_typed_over_marks_its_english_as_outdated(li, field):
    editing.save_measure(with_practice(record_of(), **{field: "改过"}), 1, li, "")
    assert record_of().practices[0].translation_state == TranslationState.OUTDATED
    assert record_of().practices[1].translation_state == TranslationState.CURRENT


def test_a_summary_of_ours_leaves_the_state_of_the_translation(li):
    editing.save_measure(with_practice(record_of(), summary_zh="改过"), 1, li, "")
    assert record_of().practices[0].translation_state == TranslationState.CURRENT


def test_chinese_put_back_makes_its_english_current_again(li):
    before = record_of()
    changed = with_practice(replace(before, title_zh="我们的标题"), practice_zh="改过")
    editing.save_measure(changed, 1, li, "")
    outdated = record_of()
    back = replace(
        with_practice(outdated, practice_zh=before.practices[0].practice_zh),
        title_zh=before.title_zh,
    )
    editing.save_measure(back, 2, li, "")
    assert record_of() == before


def test_english_that_never_was_stays_missing(li):
    editing.save_measure(with_practice(record_of("2"), 1, practice_zh="改过"), 1, li, "")
    assert record_of("2").practices[1].translation_state == TranslationState.MISSING


def test_withdrawing_and_restoring_keep_everything(li):
    before = record_of()
    measure = editing.withdraw_measure(world.get_measure("1"), 1, li, "重复", "A duplicate")
    assert (measure.version, measure.is_withdrawn) == (2, True)
    assert measure.versions.live().get().action == Action.WITHDRAWN
    assert "1" not in Measure.objects.public().values_list("key", flat=True)
    restored = editing.restore_measure(measure, 2, li, "not one after all")
    assert restored.versions.live().get().action == Action.RESTORED
    assert record_of() == before


def test_a_stale_withdrawal_and_restoration_are_refused(li):
    editing.save_measure(replace(record_of(), title_en="First"), 1, li, "")
    with pytest.raises(versions.VersionConflict):
        editing.withdraw_measure(world.get_measure("1"), 1, li, "重复", "A duplicate")
    editing.withdraw_measure(world.get_measure("1"), 2, li, "重复", "A duplicate")
    with pytest.raises(versions.VersionConflict):
        editing.restore_measure(world.get_measure("1"), 2, li, "")


def test_a_cut_changes_the_measure_and_the_source_at_once(li):
    source = Source.objects.get()
    cut = cut_of("外籍人才", Role.PRACTICE, city=world.SHANGHAI)
    measure = editing.recut_measure(world.get_measure("3"), cut, 1, li, "part of the sentence")
    record = record_of("3")
    assert measure.version == 2
    assert record.practices[0].practice_zh == "推进数据共享,为银行开通在线外籍人才查询系统。"
    assert record.practices[0].translation_state == TranslationState.OUTDATED
    versions.check_source(source)
    source.refresh_from_db()
    assert source.version == 2


def test_a_cut_inside_the_measure_leaves_the_source_alone(li):
    cut = cut_of("客户经理全程代办接电报批手续。", Role.OUTCOME, city=world.SHANGHAI)
    editing.recut_measure(world.get_measure("2"), cut, 1, li, "")
    assert Source.objects.get().version == 1
    assert record_of("2").practices[1].outcome_zh == "客户经理全程代办接电报批手续。"


def test_a_heading_may_be_taken_by_a_measure_and_given_back(li):
    heading = "(一) 获得电力(2项)"
    editing.recut_measure(world.get_measure("1"), cut_of(heading, Role.CAPTION), 1, li, "")
    assert not Passage.objects.filter(role=Role.SECTION_HEADING, section__label="一").exists()
    back = cut_of(heading, Role.SECTION_HEADING, is_own=False, section="一")
    editing.recut_measure(world.get_measure("1"), back, 2, li, "")
    assert record_of() == world.measure_one()
    assert Source.objects.for_record().get().to_record().passages == world.passages(None)


def test_a_cut_never_takes_the_words_of_another_measures_erratum(li):
    with pytest.raises(RecordError, match="an erratum would lose its words: 2项"):
        editing.recut_measure(
            world.get_measure("2"), cut_of("(二) 登记财产(2项)", Role.CAPTION), 1, li, ""
        )
    assert record_of("2") == world.measure_two()


def test_a_refused_cut_writes_nothing(li):
    before = list(Passage.objects.values_list("start", "end", "role", "measure"))
    with pytest.raises(RecordError):
        editing.recut_measure(
            world.get_measure("3"), cut_of("推进数据共享", Role.CAPTION), 1, li, ""
        )
    assert list(Passage.objects.values_list("start", "end", "role", "measure")) == before
    assert MeasureVersion.objects.count() == 3


def test_a_stale_cut_is_refused(li):
    editing.save_measure(replace(record_of("3"), title_en="First"), 1, li, "")
    with pytest.raises(versions.VersionConflict):
        editing.recut_measure(
            world.get_measure("3"), cut_of("外籍", Role.PRACTICE, city=world.SHANGHAI), 1, li, ""
        )


def test_a_cut_that_changes_nothing_writes_nothing(li):
    cut = cut_of("推进", Role.PRACTICE, city=world.SHANGHAI)
    assert editing.recut_measure(world.get_measure("3"), cut, 1, li, "").version == 1


def test_a_row_saved_since_is_not_overwritten(li):
    mine, theirs = (
        Category.objects.get(slug="electricity"),
        Category.objects.get(slug="electricity"),
    )
    theirs.name_en = "Theirs"
    editing.save_row(theirs, 1, by=li)
    mine.name_en = "Mine"
    with pytest.raises(editing.StaleRow) as caught:
        editing.save_row(mine, 1, by=li)
    assert (caught.value.current.name_en, caught.value.current.version) == ("Theirs", 2)
    assert Category.objects.get(slug="electricity").name_en == "Theirs"


def test_a_source_is_withdrawn_and_restored(li):
    source = editing.withdraw_source(Source.objects.get(), 1, li, "错误", "An error")
    assert not Measure.objects.public().exists()
    editing.restore_source(source, 2, li, "")
    assert Measure.objects.public().count() == 3


# --- Real transactions at the same moment ---


@pytest.fixture
def at_once(transactional_db, tmp_path):
    return AtOnce(tmp_path)


def both(answers):
    """Return how many of the answers are measures or rows, and how many are conflicts."""
    conflicts = (versions.VersionConflict, editing.StaleRow)
    lost = [answer for answer in answers if isinstance(answer, conflicts)]
    odd = [a for a in answers if isinstance(a, Exception) and not isinstance(a, conflicts)]
    assert not odd, odd
    return len(answers) - len(lost), len(lost)


@pytest.mark.parametrize("round_number", range(3))
def test_of_saves_of_one_version_at_once_exactly_one_wins(at_once, round_number):
    world.build_world()
    editor = world.an_editor()
    record = record_of()

    def saving(name):
        return lambda: editing.save_measure(replace(record, title_en=name), 1, editor, name)

    def reading():
        measure = world.get_measure("1")
        reasons = measure.versions.order_by("version").values_list("reason", flat=True)
        return measure.version, measure.title_en, list(reasons)

    answers = at_once(*(saving(f"editor {number}") for number in range(4)))
    assert both(answers) == (1, 3)
    winner = next(answer for answer in answers if isinstance(answer, Measure)).title_en
    assert at_once(reading) == [(2, winner, ["", winner])]


def test_a_save_and_a_cut_at_once_have_one_winner(at_once):
    world.build_world()
    editor = world.an_editor()
    record, measure = record_of("3"), world.get_measure("3")
    cut = cut_of("外籍人才", Role.PRACTICE, city=world.SHANGHAI)
    answers = at_once(
        lambda: editing.save_measure(replace(record, title_en="Saved"), 1, editor, ""),
        lambda: editing.recut_measure(measure, cut, 1, editor, ""),
        lambda: editing.withdraw_measure(measure, 1, editor, "重复", "A duplicate"),
    )
    assert both(answers) == (1, 2)
    assert at_once(lambda: versions.check_source(Source.objects.get())) == [None]


def test_cuts_of_two_measures_at_once_keep_the_source_tiled(at_once):
    world.build_world()
    editor = world.an_editor()
    first, second = world.get_measure("1"), world.get_measure("2")
    heading = "(一) 获得电力(2项)"
    answers = at_once(
        lambda: editing.recut_measure(first, cut_of(heading, Role.CAPTION), 1, editor, ""),
        lambda: editing.recut_measure(
            second, cut_of("全程代办接电报批手续。", Role.OUTCOME, city="shanghai"), 1, editor, ""
        ),
    )
    assert both(answers) == (2, 0)
    assert at_once(lambda: versions.check_source(Source.objects.get())) == [None]


def test_of_row_saves_at_once_exactly_one_wins(at_once):
    world.build_world()
    li = world.an_editor()

    def saving(name):
        row = Category.objects.get(slug="electricity")
        row.name_en = name
        return lambda: editing.save_row(row, 1, by=li)

    assert both(at_once(*(saving(f"name {number}") for number in range(4)))) == (1, 3)
    assert at_once(lambda: Category.objects.get(slug="electricity").version) == [2]
