"""Merging: each unit from the side that changed it, nothing lost without a choice; no database."""

import random
from dataclasses import fields, replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reforms.exchange import RecordError
from reforms.invariants import check_measure
from reforms.merging import MergeConflict, Side, What, differences_of, merge
from reforms.merging.records import MEASURE_UNITS, PRACTICE_UNITS
from reforms.records import (
    Confidence,
    ErratumRecord,
    MeasureRecord,
    OutcomeState,
    PointRecord,
    PracticeRecord,
    Role,
    Status,
    TranslationState,
)
from reforms.recutting import Cut, recut
from reforms.spans import text_at
from tests import world

ONE = world.measure_one()
CITIES = (world.BEIJING, world.SHANGHAI)


def with_practice(record, number, **values):
    """Return a record with values of one of its practices changed."""
    parts = list(record.practices)
    parts[number] = replace(parts[number], **values)
    return replace(record, practices=tuple(parts))


def paths(base, theirs, mine):
    return [unit.path for unit in differences_of(base, theirs, mine)]


def only(base, theirs, mine):
    (unit,) = differences_of(base, theirs, mine)
    return unit


def cut_three(chosen, role, **options):
    """Return measure 3 with words of the source given another role."""
    start = world.TEXT.index(chosen)
    cut = Cut(start=start, end=start + len(chosen), role=role, **options)
    record, _left = recut(world.measure_three(), world.passages(None), cut, world.TEXT, CITIES)
    return record


# --- Fields ---


def test_changes_of_different_fields_are_both_in_the_merged_record():
    theirs = with_practice(replace(ONE, title_en="Theirs"), 0, summary_en="Theirs")
    mine = with_practice(replace(ONE, status=Status.REPLICATE), 1, practice_en="Mine")
    merged = merge(ONE, theirs, mine, {})
    assert (merged.title_en, merged.status) == ("Theirs", Status.REPLICATE)
    assert merged.practices[0].summary_en == "Theirs"
    assert merged.practices[1].practice_en == "Mine"
    assert [unit.side for unit in differences_of(ONE, theirs, mine)] == [
        Side.MINE,
        Side.THEIRS,
        Side.THEIRS,
        Side.MINE,
    ]


def test_a_field_that_both_changed_needs_a_choice():
    theirs, mine = replace(ONE, title_en="Theirs"), replace(ONE, title_en="Mine")
    assert only(ONE, theirs, mine).is_conflict
    with pytest.raises(MergeConflict, match="title_en") as caught:
        merge(ONE, theirs, mine, {"status": Side.MINE})
    assert caught.value.paths == ("title_en",)
    assert merge(ONE, theirs, mine, {"title_en": Side.THEIRS}) == theirs
    assert merge(ONE, theirs, mine, {"title_en": Side.MINE}) == mine


def test_the_same_change_on_both_sides_is_no_conflict():
    same = replace(ONE, title_en="Same")
    assert not only(ONE, same, same).is_conflict
    assert merge(ONE, same, same, {}) == same


def test_a_change_of_one_side_may_be_turned_down():
    theirs = replace(ONE, title_en="Theirs")
    assert merge(ONE, theirs, ONE, {"title_en": Side.MINE}) == ONE
    assert merge(ONE, ONE, theirs, {"title_en": Side.THEIRS}) == ONE


def test_an_outcome_and_its_state_are_one_unit():
    three = world.measure_three()
    theirs = with_practice(three, 0, outcome_zh="他们的")
    mine = with_practice(three, 0, outcome_zh="我的")
    assert paths(three, theirs, mine) == ["practices.shanghai.outcome_state"]


def test_records_of_different_measures_are_not_merged():
    with pytest.raises(ValueError, match="one measure"):
        merge(ONE, ONE, world.measure_two(), {})


def test_every_field_of_a_record_belongs_to_a_unit():
    of_cut = {"title_spans", "practice_spans", "outcome_spans", "passages"}
    parts = {"practices", "points", "figures", "errata"}
    for shape, groups, fixed in (
        (MeasureRecord, MEASURE_UNITS, {"source", "key"}),
        (PracticeRecord, PRACTICE_UNITS, {"city"}),
    ):
        known = {name for names in groups for name in names} | of_cut | parts | fixed
        assert {part.name for part in fields(shape)} <= known


# --- Points, figures and errata ---


def add_point(record, theme, words):
    spans = world.place("1", Role.PRACTICE, world.BEIJING, words)
    points = (*record.practices[0].points, PointRecord(theme=theme, spans=spans))
    return with_practice(record, 0, points=points)


def test_points_added_on_either_side_are_both_there():
    theirs = add_point(ONE, "data-sharing", "签订合同")
    mine = add_point(ONE, "two-managers", "由电力公司投资")
    merged = merge(ONE, theirs, mine, {})
    themes = [point.theme for point in merged.practices[0].points]
    assert len(themes) == len(ONE.practices[0].points) + 2
    assert {"data-sharing", "two-managers"} <= set(themes)
    check_measure(merged, world.TEXT)
    assert merge(ONE, theirs, theirs, {}) == theirs


def test_a_theme_changed_on_both_sides_is_one_conflict():
    def with_theme(theme):
        points = ONE.practices[0].points
        return with_practice(ONE, 0, points=(replace(points[0], theme=theme), *points[1:]))

    theirs, mine = with_theme("data-sharing"), with_theme("two-managers")
    unit = only(ONE, theirs, mine)
    assert (unit.what, unit.is_conflict) == (What.POINT, True)
    assert merge(ONE, theirs, mine, {unit.path: Side.MINE}) == mine


def test_a_figure_removed_on_one_side_and_changed_on_the_other_is_a_conflict():
    figures = ONE.practices[0].figures
    removed = with_practice(ONE, 0, figures=figures[1:])
    changed = with_practice(ONE, 0, figures=(replace(figures[0], scope_en="all"), *figures[1:]))
    for theirs, mine in ((removed, changed), (changed, removed)):
        unit = only(ONE, theirs, mine)
        assert unit.is_conflict
        assert merge(ONE, theirs, mine, {unit.path: Side.THEIRS}) == theirs
        assert merge(ONE, theirs, mine, {unit.path: Side.MINE}) == mine


def test_a_part_removed_by_one_side_alone_is_gone():
    removed = with_practice(ONE, 0, figures=ONE.practices[0].figures[1:])
    mine = replace(ONE, title_en="Mine")
    assert merge(ONE, removed, mine, {}) == replace(removed, title_en="Mine")


def test_the_same_words_called_misprinted_by_both_are_one_erratum():
    two = world.measure_two()
    bare = replace(two, errata=())
    mine = replace(bare, errata=(replace(two.errata[0], reading="整体协调"),))
    unit = only(bare, two, mine)
    assert (unit.what, unit.is_conflict, unit.base) == (What.ERRATUM, True, None)
    assert merge(bare, two, mine, {unit.path: Side.MINE}) == mine


def test_parts_that_are_alike_in_everything_stay_as_many():
    points = ONE.practices[0].points
    doubled = with_practice(ONE, 0, points=(*points, points[0], points[0]))
    assert merge(ONE, doubled, ONE, {}) == doubled
    assert merge(ONE, ONE, doubled, {}) == doubled
    assert merge(doubled, ONE, doubled, {}) == ONE
    assert merge(ONE, doubled, doubled, {}) == doubled


# --- The cut ---


def test_a_recut_is_one_unit_with_the_texts_read_anew():
    three = world.measure_three()
    caption = "外籍人才在服务大厅办理业务(资料图片)"
    theirs = cut_three(caption, Role.PRACTICE, city=world.SHANGHAI)
    mine = replace(three, title_en="Mine")
    assert paths(three, theirs, mine) == ["title_en", "cut"]
    merged = merge(three, theirs, mine, {})
    assert merged == replace(theirs, title_en="Mine")
    check_measure(merged, world.TEXT)
    assert merge(three, theirs, mine, {"cut": Side.MINE}) == mine


def test_words_typed_over_survive_a_recut_of_their_place():
    three = world.measure_three()
    caption = "外籍人才在服务大厅办理业务(资料图片)"
    theirs = cut_three(caption, Role.PRACTICE, city=world.SHANGHAI)
    mine = with_practice(three, 0, practice_zh="我们的文字")
    unit = next(u for u in differences_of(three, theirs, mine) if u.is_conflict)
    assert unit.path == "practices.shanghai.practice_zh"
    merged = merge(three, theirs, mine, {unit.path: Side.MINE})
    assert merged.passages == theirs.passages
    assert merged.practices[0].practice_zh == "我们的文字"
    check_measure(merged, world.TEXT)
    printed = merge(three, theirs, mine, {unit.path: Side.THEIRS})
    assert printed.practices[0].practice_zh == text_at(
        world.TEXT, theirs.practices[0].practice_spans
    )


def test_a_practice_that_a_recut_makes_comes_with_its_passages():
    three = world.measure_three()
    theirs = cut_three("查询系统。", Role.PRACTICE, city=world.BEIJING)
    assert len(theirs.practices) == 2
    mine = with_practice(three, 0, summary_en="Mine")
    assert paths(three, theirs, mine) == ["cut", "practices.shanghai.summary_en"]
    merged = merge(three, theirs, mine, {})
    check_measure(merged, world.TEXT)
    assert [part.city for part in merged.practices] == [part.city for part in theirs.practices]
    assert merge(three, theirs, mine, {"cut": Side.MINE}) == mine


def test_a_practice_cut_away_on_one_side_and_edited_on_the_other_is_a_conflict():
    cut = cut_three("查询系统。", Role.PRACTICE, city=world.BEIJING)
    number = next(n for n, part in enumerate(cut.practices) if part.city == world.BEIJING)
    edited = with_practice(cut, number, summary_en="Mine")
    unit = next(u for u in differences_of(cut, world.measure_three(), edited) if u.is_conflict)
    assert unit.what == What.CUT
    with pytest.raises(MergeConflict):
        merge(cut, world.measure_three(), edited, {})
    assert merge(cut, world.measure_three(), edited, {"cut": Side.MINE}) == edited


def test_an_outcome_that_a_recut_makes_is_whole():
    two = world.measure_two()
    shanghai = two.practices[1]
    start = world.TEXT.index("客户经理全程代办接电报批手续。")
    cut = Cut(start=start, end=start + 15, role=Role.OUTCOME, city=world.SHANGHAI)
    theirs, _left = recut(two, world.passages(None), cut, world.TEXT, CITIES)
    mine = with_practice(two, 1, outcome_state=OutcomeState.NOT_ENTERED, summary_en="Mine")
    assert shanghai.outcome_spans == ()
    conflict = next(u for u in differences_of(two, theirs, mine) if u.is_conflict)
    for side in Side:
        merged = merge(two, theirs, mine, {conflict.path: side})
        check_measure(merged, world.TEXT)
        assert merged.practices[1].summary_en == "Mine"


def test_a_practice_of_shared_words_that_one_side_added_is_a_unit():
    shared = tuple(
        replace(part, city=None) if part.role in (Role.PRACTICE, Role.OUTCOME) else part
        for part in ONE.passages
        if part.city in (None, world.BEIJING)
    )
    base = replace(ONE, practices=ONE.practices[:1], passages=shared)
    check_measure(base, world.TEXT)
    other = replace(ONE.practices[0], city=world.SHANGHAI, points=(), figures=())
    theirs = replace(base, practices=(*base.practices, other))
    unit = only(base, theirs, base)
    assert (unit.what, unit.base, unit.theirs) == (What.PRACTICE, None, other)
    assert merge(base, theirs, replace(base, title_en="Mine"), {}) == replace(
        theirs, title_en="Mine"
    )
    assert merge(base, base, theirs, {unit.path: Side.THEIRS}) == base


# --- What holds for any records ---

WORDS = st.text("甲乙丙丁 ab", min_size=1, max_size=6)


def edited(record, draw, text):
    """Return a record with random edits that each keep the rules of a record."""
    values = {}
    if draw(st.booleans()):
        values["title_en"] = draw(st.none() | WORDS)
    if draw(st.booleans()):
        values["status"] = draw(st.sampled_from(Status))
    if draw(st.booleans()):
        values["title_note_zh"] = draw(WORDS)
    if draw(st.booleans()) and record.title_spans:
        values["title_zh"] = draw(WORDS)
    practices = tuple(_edited_practice(part, draw, text) for part in record.practices)
    errata = _edited_parts(record.errata, draw, reason_en=WORDS)
    if draw(st.booleans()) and record.title_spans:
        start = record.title_spans[0][0]
        end = start + draw(st.integers(1, 2))
        errata = (*errata, _erratum(text, start, end, draw(WORDS)))
    return replace(record, **values, practices=practices, errata=errata)


def _erratum(text, start, end, reason):
    return ErratumRecord(
        as_printed=text[start:end],
        reading=None,
        reason_zh=reason,
        reason_en=reason,
        confidence=Confidence.LOW,
        stands_in=Role.TITLE,
        spans=((start, end),),
    )


def _edited_practice(part, draw, text):
    values = {}
    for name in ("practice_en", "summary_en", "translation_note_zh"):
        if draw(st.booleans()):
            values[name] = draw(WORDS)
    if draw(st.booleans()):
        values["practice_zh"] = draw(st.sampled_from(["甲", "乙丙", part.practice_zh]))
    if draw(st.booleans()):
        values["translation_state"] = draw(st.sampled_from(TranslationState))
    if part.outcome_spans and draw(st.booleans()):
        values["outcome_zh"] = draw(st.sampled_from(["甲", "乙", part.outcome_zh]))
    themes = st.sampled_from(["no-visits", "data-sharing", "two-managers"])
    points = _edited_parts(part.points, draw, theme=themes)
    if draw(st.booleans()):
        start, end = part.practice_spans[0]
        spans = ((start, draw(st.integers(start + 1, min(end, start + 3)))),)
        points = (*points, PointRecord(theme=draw(themes), spans=spans))
    return replace(
        part, **values, points=points, figures=_edited_parts(part.figures, draw, scope_en=WORDS)
    )


def _edited_parts(parts, draw, **values):
    """Drop some parts, change one field of others, and now and then put them in another order."""
    found = []
    for part in parts:
        what = draw(st.sampled_from(["keep", "keep", "drop", "change"]))
        if what == "keep":
            found.append(part)
        elif what == "change":
            found.append(replace(part, **{name: draw(kind) for name, kind in values.items()}))
    if draw(st.sampled_from([False, False, True])):
        found.reverse()
    return tuple(found)


@st.composite
def sides(draw, records=(world.measure_one, world.measure_two, world.measure_three)):
    """Draw a record and two edits of it, with the text they stand in."""
    base = draw(st.sampled_from(records))()
    base = draw(st.sampled_from([base, edited(base, draw, world.TEXT)]))
    return base, edited(base, draw, world.TEXT), edited(base, draw, world.TEXT)


@settings(max_examples=150)
@given(sides())
def test_a_side_that_changed_nothing_takes_the_others_record(three):
    base, theirs, mine = three
    assert merge(base, base, mine, {}) == mine
    assert merge(base, theirs, base, {}) == theirs
    assert merge(base, mine, mine, {}) == mine
    assert differences_of(base, base, base) == ()


@settings(max_examples=200)
@given(sides())
def test_nothing_of_either_side_vanishes_without_a_choice(three):
    base, theirs, mine = three
    units = differences_of(base, theirs, mine)
    conflicts = {unit.path for unit in units if unit.is_conflict}
    if conflicts:
        with pytest.raises(MergeConflict) as caught:
            merge(base, theirs, mine, {})
        assert set(caught.value.paths) == conflicts
    for side in Side:
        merged = merge(base, theirs, mine, dict.fromkeys(conflicts, side))
        # Against the base, the merged record changed each unit as the side that is taken did.
        for unit in units:
            wanted = unit.value(unit.side or side)
            assert value_in(merged, unit, wanted), (unit.path, wanted)
        for chosen in Side:
            whole = merge(base, theirs, mine, {unit.path: chosen for unit in units})
            assert all(value_in(whole, unit, unit.value(chosen)) for unit in units)
            assert as_sets(whole) == as_sets(mine if chosen == Side.MINE else theirs)


def value_in(record, unit, wanted):
    """Tell whether a record holds a value of a unit."""
    owner = record
    if unit.city:
        owner = next(part for part in record.practices if part.city == unit.city)
    if unit.what == What.FIELDS:
        return tuple(getattr(owner, name) for name in unit.names) == wanted
    return wanted is None or wanted in getattr(owner, unit.what)


def as_sets(record):
    """Return a record with its parts in one order, whatever theirs is."""
    practices = tuple(
        replace(
            part,
            points=tuple(sorted(part.points, key=repr)),
            figures=tuple(sorted(part.figures, key=repr)),
        )
        for part in record.practices
    )
    return replace(record, practices=practices, errata=tuple(sorted(record.errata, key=repr)))


@settings(max_examples=100)
@given(sides(), st.randoms(use_true_random=False))
def test_a_merge_is_deterministic_and_swaps_with_its_sides(three, chance):
    base, theirs, mine = three
    units = differences_of(base, theirs, mine)
    choices = {unit.path: chance.choice(list(Side)) for unit in units if unit.is_conflict}
    merged = merge(base, theirs, mine, choices)
    assert merge(base, theirs, mine, choices) == merged
    other = {Side.MINE: Side.THEIRS, Side.THEIRS: Side.MINE}
    swapped = merge(base, mine, theirs, {path: other[side] for path, side in choices.items()})
    assert as_sets(swapped) == as_sets(merged)


@settings(max_examples=60)
@given(data=st.data())
def test_real_records_merged_keep_the_rules(catalog_record, data):
    text = catalog_record.sources[0].text
    base = data.draw(st.sampled_from(catalog_record.measures))
    theirs, mine = (edited(base, data.draw, text) for _ in range(2))
    for record in (base, theirs, mine):
        check_measure(record, text)
    units = differences_of(base, theirs, mine)
    for side in Side:
        choices = {unit.path: side for unit in units if unit.is_conflict}
        check_measure(merge(base, theirs, mine, choices), text)


def test_every_recut_of_either_side_merges_with_edits_of_the_other():
    """Cuts move words of points, so a merged record keeps the rules or is refused, never mixed."""
    chance = random.Random(3)
    three = world.measure_three()
    passages = [*three.passages, *world.passages(None)]
    merged_well = 0
    for part, role in product(passages, (Role.PRACTICE, Role.OUTCOME, Role.TITLE, Role.CAPTION)):
        start = chance.randrange(part.start, part.end)
        end = chance.randrange(start, part.end) + 1
        city = world.SHANGHAI if role in (Role.PRACTICE, Role.OUTCOME) else None
        cut = Cut(start=start, end=end, role=role, city=city, is_own=role != Role.CAPTION)
        try:
            theirs, _left = recut(three, world.passages(None), cut, world.TEXT, CITIES)
            check_measure(theirs, world.TEXT)
        except RecordError:
            continue
        mine = with_practice(replace(three, title_en="Mine"), 0, summary_en="Mine")
        for first, second in ((theirs, mine), (mine, theirs)):
            units = differences_of(three, first, second)
            assert not any(unit.is_conflict for unit in units)
            merged = merge(three, first, second, {})
            check_measure(merged, world.TEXT)
            assert merged.passages == theirs.passages
            assert (merged.title_en, merged.practices[0].summary_en) == ("Mine", "Mine")
            merged_well += 1
    assert merged_well > 20
