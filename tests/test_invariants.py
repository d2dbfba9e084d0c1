"""What must hold inside a measure's record: each rule refuses a record that breaks it, and says where."""

from dataclasses import replace

import pytest

from reforms.exchange import RecordError
from reforms.invariants import check_measure, check_passages, check_tiling, is_edited
from reforms.records import OutcomeState, PassageRecord, Role
from tests import world

ALL = (None, "1", "2", "3")


def with_practice(record, index=0, **values):
    practices = list(record.practices)
    practices[index] = replace(practices[index], **values)
    return replace(record, practices=tuple(practices))


def with_figure(record, **values):
    figures = record.practices[0].figures
    return with_practice(record, figures=(replace(figures[0], **values), *figures[1:]))


def error_of(record):
    with pytest.raises(RecordError) as caught:
        check_measure(record, world.TEXT)
    return caught.value


@pytest.mark.parametrize("make", [world.measure_one, world.measure_two, world.measure_three])
def test_every_measure_of_the_world_holds(make):
    check_measure(make(), world.TEXT)


def test_the_passages_of_the_world_tile_its_text():
    check_tiling([part for key in ALL for part in world.passages(key)], world.TEXT)


def test_words_without_a_passage_are_found():
    missing = [part for key in (None, "2", "3") for part in world.passages(key)]
    with pytest.raises(RecordError, match="belong to no passage: 改革举措1"):
        check_tiling(missing, world.TEXT)


def test_words_with_two_passages_are_found():
    double = [part for key in (*ALL, "2") for part in world.passages(key)]
    with pytest.raises(RecordError, match="overlap"):
        check_tiling(double, world.TEXT)


@pytest.mark.parametrize(("start", "end"), [(3, 3), (5, 4), (8, 10), (0, 10**6)])
def test_a_passage_is_trimmed_words_inside_its_text(start, end):
    assert world.TEXT[8] == " "
    with pytest.raises(RecordError):
        check_passages([PassageRecord(role=Role.CAPTION, start=start, end=end)], world.TEXT)


@pytest.mark.parametrize("key", ["", "A", "a_b", "-1", "1-", "6 ", "６"])
def test_keys_are_small_letters_digits_and_hyphens(key):
    assert error_of(replace(world.measure_one(), key=key)).path == "key"


def test_positions_count_from_one():
    assert error_of(replace(world.measure_one(), position=0)).path == "position"


def test_a_title_needs_its_place():
    assert error_of(replace(world.measure_one(), title_spans=())).path == "title_zh"
    assert error_of(replace(world.measure_one(), title_zh=None)).path == "title_zh"


def test_texts_are_cut_as_their_passages_are():
    record = world.measure_one()
    assert error_of(replace(record, title_spans=((37, 40),))).path == "title_spans"
    shorter = record.practices[0].practice_spans[:1]
    found = error_of(with_practice(record, practice_spans=shorter))
    assert found.path == "practices[0].practice_spans"


def test_one_city_has_one_practice():
    record = world.measure_one()
    assert error_of(replace(record, practices=record.practices * 2)).path == "practices"


def test_passages_of_a_city_need_its_practice():
    record = world.measure_one()
    assert error_of(replace(record, practices=record.practices[:1])).path == "passages"


@pytest.mark.parametrize("state", [OutcomeState.NOT_STATED, OutcomeState.NOT_ENTERED])
def test_an_outcome_is_stated_exactly_where_its_words_are(state):
    found = error_of(with_practice(world.measure_one(), outcome_state=state))
    assert found.path == "practices[0].outcome_state"
    stated = with_practice(world.measure_two(), index=1, outcome_state=OutcomeState.STATED)
    assert error_of(stated).path == "practices[1].outcome_state"


def test_summaries_are_short():
    record = world.measure_one()
    check_measure(with_practice(record, summary_zh="字" * 40, summary_en="w " * 25), world.TEXT)
    assert error_of(with_practice(record, summary_zh="字" * 41)).path == "practices[0].summary_zh"
    assert error_of(with_practice(record, summary_en="w " * 26)).path == "practices[0].summary_en"


def test_points_stand_inside_their_practice():
    record = world.measure_one()
    point = replace(record.practices[0].points[0], spans=record.title_spans)
    found = error_of(with_practice(record, points=(point,)))
    assert found.path == "practices[0].points[0].spans"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("quote_spans", {"quote_spans": ()}),
        ("quote", {"quote": "市政审批"}),
        ("printed", {"printed": ()}),
        ("printed", {"printed": ("57天",)}),
        ("value", {"after": "5.50"}),
        ("value", {"after": "5,000"}),
        ("value", {"value": "5"}),
        ("value", {"after": None, "before": None}),
        ("unit_zh", {"unit_en": None}),
        ("unit_zh", {"unit_zh": None, "unit_en": None}),
        ("period_from", {"period_from": "2019-02-30"}),
        ("period_from", {"period_from": "2019-05-01", "period_to": "2019-04-30"}),
    ],
)
def test_a_figure_is_comparable_and_stands_where_it_says(field, values):
    found = error_of(with_figure(world.measure_one(), **values))
    assert found.path == f"practices[0].figures[0].{field}"


def test_a_figure_without_a_printed_unit_has_our_reading():
    values = {
        "unit_zh": None,
        "unit_en": None,
        "unit_inferred_zh": "天",
        "unit_inferred_en": "days",
    }
    check_measure(with_figure(world.measure_one(), **values), world.TEXT)


def test_an_erratum_says_what_stands_at_its_place():
    record = world.measure_two()
    wrong = replace(record.errata[0], as_printed="协调")
    assert error_of(replace(record, errata=(wrong,))).path == "errata[0].as_printed"
    nowhere = replace(record.errata[0], spans=())
    assert error_of(replace(record, errata=(nowhere,))).path == "errata[0].spans"


def test_a_text_typed_over_is_known_by_its_printed_words():
    record = world.measure_one()
    assert not is_edited(record.title_zh, record.title_spans, world.TEXT)
    assert is_edited("别的标题", record.title_spans, world.TEXT)
    assert not is_edited(None, (), world.TEXT)


def test_the_value_of_a_figure_is_the_number_that_is_printed():
    figure = world.measure_one().practices[0].figures[0]
    name = "after" if figure.after is not None else "value"
    error = error_of(with_figure(world.measure_one(), **{name: "999"}))
    assert error.path.endswith(".value")
    assert figure.printed[-1] in str(error)


def test_the_unit_of_a_figure_stands_in_its_quotation():
    error = error_of(with_figure(world.measure_one(), unit_zh="光年", unit_en="light years"))
    assert error.path.endswith(".unit_zh")
    assert "光年" in str(error)
