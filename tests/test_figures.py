"""Figures as readers see them: the sentence in two languages, the key figure, the shared scale."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from reforms.figures import (
    change,
    english_number,
    is_in_one_unit,
    key_figure,
    key_figures,
    plots,
    printed_elsewhere,
    sentence,
    values,
)
from reforms.models import Figure, Practice
from tests import world


def a_figure(**columns: Any) -> Figure:
    columns = {"pk": 1, "bound": "exact", "printed": [], "quote": "", "steps": [], **columns}
    for name in ("before", "after", "value"):
        if columns.get(name) is not None:
            columns[name] = Decimal(columns[name])
    return Figure(**columns)


DAYS = {"unit_zh": "天", "unit_en": "days"}
APPROVAL = a_figure(
    before="56",
    steps=["15"],
    after="5",
    printed=["56天", "15天", "5天"],
    direction="decrease",
    **DAYS,
)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0", "0"),
        ("1116", "1,116"),
        ("590000", "590,000"),
        ("95300", "95,300"),
        ("58000000", "58 million"),
        ("10330000", "10.33 million"),
        ("1234567", "1,234,567"),
        ("1200000000", "1.2 billion"),
        ("0.5", "0.5"),
        ("1234.25", "1,234.25"),
    ],
)
def test_a_number_is_written_as_english_readers_write_it(number: str, words: str) -> None:
    assert english_number(Decimal(number)) == words


@pytest.mark.parametrize(
    ("columns", "chinese", "english"),
    [
        (
            {"value": "590000", "printed": ["59万余户次"], "bound": "more_than", "qualifier_zh": "余",
             "qualifier_en": "over", "unit_zh": "户次", "unit_en": "taxpayer transactions"},
            "59万 余户次",
            "over 590,000 taxpayer transactions",
        ),
        (
            {"value": "400000000", "printed": ["4亿元"], "qualifier_zh": "预计",
             "qualifier_en": "projected", "unit_zh": "元", "unit_en": "yuan",
             "quote": "预计年可节约社会成本4亿元"},
            "预计 4亿 元",
            "RMB 400 million, projected",
        ),
        (
            {"value": "55", "printed": ["55%"], "unit_zh": "%", "unit_en": "percent"},
            "55%",
            "55%",
        ),
        (
            {"value": "4", "printed": ["4小时"], "bound": "about", "qualifier_zh": "左右",
             "qualifier_en": "about", "unit_zh": "小时", "unit_en": "hours",
             "quote": "可节约4小时左右"},
            "4 小时左右",
            "about 4 hours",
        ),
        (
            {"before": "15", "after": "5", "printed": ["15个工作日", "5天"], "bound": "at_most",
             "qualifier_zh": "内", "qualifier_en": "within", "before_unit_zh": "工作日",
             "before_unit_en": "working days", "quote": "从15个工作日压缩至5天内", **DAYS},
            "15 个工作日 → 5 天内",
            "15 working days → within 5 days",
        ),
        (
            {"before": "2", "after": "1", "printed": ["两步", "一步"], "unit_zh": "步",
             "unit_en": "steps"},
            "两 → 一 步",
            "2 → 1 step",
        ),
        (
            {"after": "10", "printed": ["10天"], "bound": "at_most", "qualifier_zh": "内",
             "qualifier_en": "within", "quote": "压缩至10天内", **DAYS},
            "→ 10 天内",
            "→ within 10 days",
        ),
        (
            {"value": "20", "printed": ["20天"], "bound": "at_most", **DAYS},
            "20 天",
            "at most 20 days",
        ),
        (
            {"before": "30", "after": "3", "printed": ["大幅"], **DAYS},
            "30 → 3 天",
            "30 → 3 days",
        ),
    ],
)  # fmt: skip
def test_a_figure_reads_as_a_sentence(columns: Any, chinese: str, english: str) -> None:
    figure = a_figure(**columns)
    assert sentence(figure, "zh").text == chinese
    assert sentence(figure, "en").text == english


def test_the_printed_form_stands_beside_the_sentence() -> None:
    assert sentence(APPROVAL, "en").text == "56 → 15 → 5 days"
    assert sentence(APPROVAL, "en").printed == "56天 → 15天 → 5天"


@pytest.mark.parametrize(
    ("form", "qualifier", "quote", "printed"),
    [
        ("600个项目", "超过", "已有超过600个项目在线获取", "超过600个项目"),
        ("15天", "以内", "接电时间压缩至15天以内", "15天以内"),
        ("59万余户次", "余", "网上办理业务59万余户次", "59万余户次"),
        ("4亿元", "预计", "预计年可节约社会成本4亿元", "预计…4亿元"),
    ],
)
def test_the_printed_form_keeps_the_qualifier(
    form: str, qualifier: str, quote: str, printed: str
) -> None:
    figure = a_figure(value="1", printed=[form], qualifier_zh=qualifier, quote=quote, **DAYS)
    assert sentence(figure, "en").printed == printed


# --- The change, our calculation ---


@pytest.mark.parametrize(
    ("code", "words"), [("en", "−51 days (−91%)"), ("zh-hans", "−51 天（−91%）")]
)
def test_a_change_is_calculated_in_the_printed_unit(code: str, words: str) -> None:
    with override(code):
        assert change(APPROVAL) == words


def test_a_rise_has_its_sign_and_from_zero_there_is_no_share() -> None:
    with override("en"):
        assert change(a_figure(before="100", after="160", **DAYS)) == "+60 days (+60%)"
        assert change(a_figure(before="0", after="3", **DAYS)) == "+3 days"


@pytest.mark.parametrize(
    "columns",
    [
        {"value": "5", **DAYS},
        {"after": "5", **DAYS},
        {"before": "5", "after": "5", **DAYS},
        {"before": "56", "after": "5", "bound": "at_most", **DAYS},
        {"before": "15", "after": "5", "before_unit_zh": "工作日", **DAYS},
        {"before": "3", "after": "0"},
        {"before": "55", "after": "60", "unit_zh": "%", "unit_en": "percent"},
    ],
)
def test_nothing_unlike_is_calculated(columns: Any) -> None:
    assert change(a_figure(**columns)) == ""


def test_without_a_language_the_readers_is_taken() -> None:
    with override("en"):
        assert sentence(APPROVAL).text.endswith("days")
    with override("zh-hans"):
        assert sentence(APPROVAL).text.endswith("天")


def test_a_unit_that_is_not_printed_is_said_to_be_our_reading() -> None:
    figure = a_figure(value="0", printed=["0"], unit_inferred_zh="元", unit_inferred_en="yuan")
    parts = sentence(figure, "en").parts
    assert [(part.kind, part.text) for part in parts] == [
        ("value", "0"),
        ("missing", "no unit printed; read as RMB"),
    ]
    assert sentence(figure, "zh").parts[-1].text.endswith("元")


def test_values_are_in_the_order_of_time() -> None:
    assert values(APPROVAL) == [Decimal(56), Decimal(15), Decimal(5)]
    assert values(a_figure(value="7", printed=["7天"])) == [Decimal(7)]


# --- The key figure ---


@pytest.fixture
def practices(db: None) -> dict[tuple[str, str], Practice]:
    world.build_world()
    found = Practice.objects.select_related("city", "measure").prefetch_related("figures")
    return {(practice.measure.key, practice.city.slug): practice for practice in found}


def test_what_the_outcome_states_goes_before_what_the_practice_states(practices: Any) -> None:
    figure = key_figure(practices["1", "beijing"])
    assert figure is not None
    assert (figure.stated_in, figure.quote) == ("outcome", "小微企业办电全程不超过15天")


def test_within_the_outcome_a_change_goes_before_other_values(practices: Any) -> None:
    practice = practices["1", "beijing"]
    practice.figures.filter(position=1).update(stated_in="outcome")
    figure = key_figure(Practice.objects.get(pk=practice.pk))
    assert figure is not None
    assert figure.before == 56


def test_a_count_of_what_a_practice_is_made_of_never_stands_for_it(practices: Any) -> None:
    practice = practices["2", "beijing"]
    plain = {"stated_in": "practice", "nature": "achieved", "direction": "none"}
    practice.figures.update(**plain)
    assert key_figure(Practice.objects.get(pk=practice.pk)) is None
    practice.figures.update(direction="decrease")
    assert key_figure(Practice.objects.get(pk=practice.pk)) is not None


def test_each_city_has_one_key_figure_or_none(practices: Any) -> None:
    both = [practices["2", "beijing"], practices["2", "shanghai"]]
    found = key_figures(both)
    assert list(found) == ["beijing"]


def test_key_figures_cost_no_query(practices: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        key_figures(practices.values())


# --- The plot ---


def test_before_stands_left_of_after_whether_it_falls_or_rises() -> None:
    rising = a_figure(pk=2, before="100", after="160", printed=[], unit_zh="千伏安", unit_en="kVA")
    for plot in plots([APPROVAL, rising]).values():
        places = [Decimal(mark.x) for mark in plot.marks]
        assert places == sorted(places)
        assert plot.marks[0].role == "before"
        assert plot.marks[-1].role == "after"


def test_figures_of_one_unit_share_one_scale() -> None:
    small = a_figure(pk=3, before="6", after="5", printed=[], **DAYS)
    alone = plots([small])[3]
    together = plots([APPROVAL, small])
    assert [tick.label for tick in together[3].ticks] == [tick.label for tick in together[1].ticks]
    assert [tick.label for tick in alone.ticks] != [tick.label for tick in together[3].ticks]
    # 5 days stand at the same place in both.
    assert together[3].marks[-1].x == together[1].marks[-1].x


def test_the_axis_is_labelled_in_the_printed_unit_and_reaches_zero() -> None:
    with override("zh-hans"):
        labels = [tick.label for tick in plots([APPROVAL])[1].ticks]
    assert labels == ["60", "40", "20", "0 天"]


def test_counts_have_no_ticks_between_whole_numbers() -> None:
    steps = a_figure(before="2", after="1", printed=[], unit_zh="步", unit_en="steps")
    with override("en"):
        labels = [tick.label for tick in plots([steps])[1].ticks]
    assert labels == ["2", "1", "0 steps"]


def test_marks_lie_where_their_values_are_on_the_scale() -> None:
    plot = plots([APPROVAL])[1]
    width = plot.axis_right - plot.axis_left
    for mark, value in zip(plot.marks, values(APPROVAL), strict=True):
        assert abs(float(mark.x) - (plot.axis_left + width * (1 - float(value) / 60))) < 0.06


@pytest.mark.parametrize(
    "columns",
    [
        {"value": "15", **DAYS},
        {"after": "5", **DAYS},
        {"before": "15", "after": "5", "before_unit_zh": "工作日", "before_unit_en": "working days",
         **DAYS},
        {"before": "3", "after": "0", "unit_inferred_zh": "元", "unit_inferred_en": "yuan"},
    ],
)  # fmt: skip
def test_nothing_is_drawn_without_a_before_and_one_printed_unit(columns: Any) -> None:
    figure = a_figure(**columns)
    assert not is_in_one_unit(figure)
    assert plots([figure]) == {}


def test_values_that_are_all_zero_still_have_a_scale() -> None:
    plot = plots([a_figure(before="0", after="0", printed=[], **DAYS)])[1]
    assert len(plot.ticks) >= 2


# --- Statements printed twice ---


def test_a_statement_printed_in_two_places_is_found_from_either(
    practices: Any, django_assert_num_queries: Any
) -> None:
    figures = list(practices["1", "beijing"].figures.all())
    with django_assert_num_queries(1):
        found = printed_elsewhere(figures)
    assert set(found) == {"connection-in-15-days"}
    assert [figure.practice.city.slug for figure in found["connection-in-15-days"]] == [
        "beijing",
        "shanghai",
    ]


def test_figures_without_a_statement_cost_no_query(
    db: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert printed_elsewhere([APPROVAL]) == {}
