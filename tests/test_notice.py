"""The reader of notices: the first source whole, and small texts of shapes like it."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from reforms.exchange import from_json, to_json
from reforms.notice import Reading, read_notice
from reforms.records import MeasureRecord, OutcomeState, PassageRecord, Role, Status
from reforms.records import TranslationState as State
from reforms.spans import text_at

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures/02_fuzhi-tuiguang-gaige-jucuo.json"
PLACES = {"北京市": "beijing", "上海市": "shanghai"}
CATEGORIES = {
    "获得电力": "electricity",
    "登记财产": "property-registration",
    "缴纳税费": "taxes",
    "跨境贸易": "trade",
    "执行合同": "contracts",
    "施工许可": "construction-permits",
}
BEIJING_ONLY = ["14", "15"]
SHANGHAI_ONLY = ["fragment-1", "10", "16", "17", "18", "19", "20", "22"]
WITHOUT_OUTCOME = [
    *("7 shanghai", "8 shanghai", "9 beijing", "9 shanghai", "11 beijing", "11 shanghai"),
    *("14 beijing", "15 beijing", "17 shanghai", "18 shanghai", "19 shanghai", "20 shanghai"),
]
HEAD = "改革举措1:甲。具体做法:\n"


@cache
def first_source() -> str:
    """Return the verbatim text of the first source, as its fixture holds it."""
    entries = json.loads(FIXTURE.read_text(encoding="utf-8"))
    text: str = next(
        entry["fields"]["text"] for entry in entries if entry["model"] == "reforms.source"
    )
    return text


def read(text: str, **given_by_caller: str) -> Reading:
    return read_notice(
        text, source="a-notice", places=PLACES, categories=CATEGORIES, **given_by_caller
    )


@cache
def first_reading() -> Reading:
    return read(first_source())


def measures() -> dict[str, MeasureRecord]:
    return {measure.key: measure for measure in first_reading().measures}


def all_passages(reading: Reading) -> list[PassageRecord]:
    passages = [*reading.passages]
    for measure in reading.measures:
        passages.extend(measure.passages)
    return sorted(passages, key=lambda passage: passage.start)


def words(text: str, passage: PassageRecord) -> str:
    return text[passage.start : passage.end]


def codes(reading: Reading) -> list[str]:
    return [warning.code for warning in reading.warnings]


def check(text: str, reading: Reading) -> None:
    """Assert what must hold of every reading."""
    rebuilt = [character if character.isspace() else None for character in text]
    for passage in all_passages(reading):
        assert words(text, passage) == words(text, passage).strip() != ""
        for offset in range(passage.start, passage.end):
            assert rebuilt[offset] is None or text[offset].isspace(), f"twice: {offset}"
            rebuilt[offset] = text[offset]
    assert "".join(character or "\0" for character in rebuilt) == text
    for position, measure in enumerate(reading.measures, start=1):
        assert measure.position == position
        spans: dict[tuple[Role, str | None], list[tuple[int, int]]] = {}
        for passage in measure.passages:
            spans.setdefault((passage.role, passage.city), []).append((passage.start, passage.end))
        title_spans = tuple(spans.get((Role.TITLE, None), ()))
        assert measure.title_spans == title_spans
        assert (measure.title_zh or "") == text_at(text, title_spans)
        for practice in measure.practices:
            assert practice.practice_zh == text_at(text, practice.practice_spans) != ""
            assert (practice.outcome_zh or "") == text_at(text, practice.outcome_spans)
            assert (practice.outcome_state is OutcomeState.STATED) == bool(practice.outcome_spans)
            if practice.city:
                own = tuple(spans[Role.PRACTICE, practice.city])
                assert practice.practice_spans == own
    keys = Counter(measure.key for measure in reading.measures)
    assert set(keys.values()) <= {1}
    for warning in reading.warnings:
        assert str(warning)
        lines_before = text[: warning.span[0]].split("\n")
        assert (warning.line, warning.column) == (len(lines_before), len(lines_before[-1]) + 1)


def test_every_character_of_the_first_source_is_in_one_passage() -> None:
    check(first_source(), first_reading())
    assert len(all_passages(first_reading())) == 154
    assert len(first_reading().passages) == 7


def test_the_first_source_holds_eighteen_numbered_measures_and_a_fragment() -> None:
    assert list(measures()) == ["fragment-1", *(str(number) for number in range(6, 24))]
    assert [measure.number for measure in measures().values()] == [None, *range(6, 24)]
    assert measures()["6"].title_zh == "提供低压小微企业接电“零上门零审批零投资”服务"
    assert measures()["6"].title_spans == ((297, 320),)
    assert all(measure.title_en is None for measure in measures().values())
    assert {measure.title_translation_state for measure in measures().values()} == {State.MISSING}
    assert {measure.status for measure in measures().values()} == {Status.NOT_STATED}
    assert [key for key, measure in measures().items() if not measure.is_read_whole] == [
        "fragment-1"
    ]


def test_practices_and_outcomes_are_those_that_the_source_prints() -> None:
    cities = {
        key: [practice.city for practice in measure.practices]
        for key, measure in measures().items()
    }
    assert [key for key, own in cities.items() if own == ["beijing"]] == BEIJING_ONLY
    assert [key for key, own in cities.items() if own == ["shanghai"]] == SHANGHAI_ONLY
    assert sum(len(own) for own in cities.values()) == 27 + 1
    without = [
        f"{key} {practice.city}"
        for key, measure in measures().items()
        for practice in measure.practices
        if practice.outcome_state is OutcomeState.NOT_STATED
    ]
    assert without == WITHOUT_OUTCOME
    beijing = measures()["6"].practices[0]
    assert (beijing.practice_spans, beijing.outcome_spans) == (((332, 692),), ((695, 766),))
    assert beijing.practice_zh.startswith("率先将低压供电容量标准")
    assert beijing.city_is_printed
    assert beijing.translation_state is State.MISSING


def test_labels_titles_and_texts_are_told_apart() -> None:
    text = first_source()
    passages = measures()["9"].passages
    assert [(passage.role.value, passage.city) for passage in passages] == [
        ("number_label", None),
        ("title", None),
        ("practice_label", None),
        ("city_label", "beijing"),
        ("practice", "beijing"),
        ("caption", None),
        ("practice", "beijing"),
        ("city_label", "shanghai"),
        ("practice", "shanghai"),
    ]
    assert [words(text, passage) for passage in passages[:4]] == [
        "改革举措9:",
        "推行不动产登记信息和地籍管理信息互联互通",
        "。具体做法:",
        "北京市",
    ]
    outcome_label = next(p for p in measures()["6"].passages if p.role is Role.OUTCOME_LABEL)
    assert words(text, outcome_label) == "成效:"


def test_sentences_cut_by_breaks_and_by_a_caption_are_joined() -> None:
    joined = {
        (key, practice.city): practice.practice_zh + (practice.outcome_zh or "")
        for key, measure in measures().items()
        for practice in measure.practices
        if len(practice.practice_spans) > 1 or len(practice.outcome_spans) > 1
    }
    assert list(joined) == [
        *[("6", "shanghai"), ("9", "beijing"), ("12", "beijing")],
        *[("14", "beijing"), ("20", "shanghai")],
    ]
    assert "小微企业外部接电工程的全部投资成本。" in joined["6", "shanghai"]
    assert joined["9", "beijing"].startswith("建立市级层面统一的不动产登记和地籍管理信息系统平台")
    assert "自行选择就近的管理部或银行网点" in joined["12", "beijing"]
    assert "实现网上申报、自助打印;" in joined["14", "beijing"]
    assert "船名航次、靠泊时间" in joined["20", "shanghai"]
    assert codes(first_reading()).count("sentence_joined") == 4


def test_captions_are_kept_apart_inside_and_outside_measures() -> None:
    text = first_source()
    outside = [p for p in first_reading().passages if p.role is Role.CAPTION]
    assert [words(text, caption)[:10] for caption in outside] == ["在上海市静安区越洋广"]
    inside = [p for m in measures().values() for p in m.passages if p.role is Role.CAPTION]
    assert [words(text, caption)[:10] for caption in inside] == ["外籍人才在北京中关村"]


def test_section_four_declares_two_measures_and_has_three() -> None:
    reading = first_reading()
    assert [(s.label, s.name_zh, s.declared_count, s.category) for s in reading.sections] == [
        ("三", "获得电力", 3, "electricity"),
        ("四", "登记财产", 2, "property-registration"),
        ("五", "缴纳税费", 2, "taxes"),
        ("六", "跨境贸易", 7, "trade"),
        ("七", "执行合同", 3, "contracts"),
    ]
    assert [m.key for m in reading.measures if m.section == "四"] == ["9", "10", "11"]
    warning = next(w for w in reading.warnings if w.code == "count_differs")
    assert (warning.line, warning.column) == (29, 1)
    assert str(warning) == "The section 登记财产 declares 2 measures; 3 were found."
    headings = [p for p in reading.passages if p.role is Role.SECTION_HEADING]
    assert [(p.section, words(first_source(), p)) for p in headings][1] == (
        "四",
        "(四) 登记财产(2项)",
    )


def test_the_first_source_gives_these_warnings_and_no_others() -> None:
    assert [(w.line, w.column, w.code) for w in first_reading().warnings] == [
        (5, 1, "missing_head"),
        (5, 29, "category_inferred"),
        (5, 206, "place_inferred"),
        (9, 1, "numbers_begin"),
        (13, 351, "sentence_joined"),
        (29, 1, "count_differs"),
        (37, 1, "caption_in_sentence"),
        (57, 162, "sentence_joined"),
        (73, 67, "sentence_joined"),
        (99, 47, "sentence_joined"),
        (123, 1, "caption"),
    ]


def test_a_missing_head_is_said_and_its_place_and_category_inferred() -> None:
    fragment = measures()["fragment-1"]
    assert (fragment.number, fragment.title_zh, fragment.section) == (None, None, None)
    assert fragment.category == "construction-permits"
    practice = fragment.practices[0]
    assert (practice.city, practice.city_is_printed) == ("shanghai", False)
    assert (practice.practice_spans, practice.outcome_spans) == (((21, 150),), ((153, 275),))


def test_a_missing_head_takes_what_the_caller_knows() -> None:
    text = "做了甲。成效:乙。\n" + HEAD + "北京市 丙。"
    reading = read(text, fragment_category="taxes", fragment_city="beijing")
    fragment = reading.measures[0]
    assert (fragment.category, fragment.practices[0].city) == ("taxes", "beijing")
    assert not fragment.practices[0].city_is_printed
    assert codes(reading)[:3] == ["missing_head", "category_given", "place_given"]
    unknown = read(text).measures[0]
    assert (unknown.category, unknown.practices[0].city) == ("", "")
    assert {"place_missing", "category_missing"} <= set(codes(read(text)))


def test_records_of_a_reading_fit_the_exchange_shape() -> None:
    for measure in first_reading().measures:
        assert from_json(MeasureRecord, to_json(measure)) == measure


def test_the_shape_of_the_annex_is_read() -> None:
    text = (
        "北京市、上海市典型做法\n一、在全国范围内复制推广的改革举措\n主要聚焦成熟的改革举措。\n"
        "（一）获得电力（1项）。\n改革举措 １：开办企业网上办。具体做法：\n"
        "北京市。(1)甲。\n(2)乙。成效：丙。\n上海市。(1)建立“一窗通”服务平"
    )
    reading = read(text)
    check(text, reading)
    (measure,) = reading.measures
    assert (measure.key, measure.section, measure.status) == ("1", "一", Status.REPLICATE)
    beijing, shanghai = measure.practices
    assert (beijing.practice_zh, beijing.outcome_zh) == ("(1)甲。\n(2)乙。", "丙。")
    assert len(beijing.practice_spans) == 1
    assert shanghai.practice_zh == "(1)建立“一窗通”服务平"
    assert not measure.is_read_whole
    assert codes(reading) == ["loose_text", "sentence_cut"]
    labels = [words(text, p) for p in measure.passages if p.role is Role.CITY_LABEL]
    assert labels == ["北京市。", "上海市。"]


def test_numbering_that_restarts_is_keyed_by_section() -> None:
    one = "({}) {}(1项)\n" + HEAD + "北京市 甲。\n"
    text = "".join(one.format(*part) for part in (("十一", "获得电力"), ("十二", "缴纳税费")))
    assert [measure.key for measure in read(text).measures] == ["11-1", "12-1"]
    twice = (
        "一、甲\n" + one.format("一", "获得电力") + "二、供借鉴\n" + one.format("一", "获得电力")
    )
    reading = read(twice)
    assert [section.label for section in reading.sections] == ["一", "二、一"]
    assert [measure.key for measure in reading.measures] == ["1-1", "2-1-1"]
    assert reading.measures[1].status is Status.FOR_REFERENCE
    assert "section_label_extended" in codes(reading)


def test_running_heads_and_page_numbers_inside_a_sentence_are_taken_out() -> None:
    text = "某某杂志\n" + HEAD + "北京市 一个被切\n- 12 -\n某某杂志\n断的句子。\n"
    reading = read(text)
    check(text, reading)
    assert reading.measures[0].practices[0].practice_zh == "一个被切断的句子。"
    assert codes(reading).count("running_head_in_sentence") == 2


def test_a_title_cut_by_a_line_end_is_joined() -> None:
    text = "改革举措1:实行接电工程\n双经理负责制。\n具体做法:\n北京市 甲。"
    reading = read(text)
    check(text, reading)
    assert reading.measures[0].title_zh == "实行接电工程双经理负责制"
    assert reading.measures[0].title_spans == ((6, 12), (13, 19))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (HEAD + "重庆市 甲。", "place_unknown"),
        (HEAD + "在全市推行甲。", "place_missing"),
        (HEAD + "北京和上海同步推行。", "place_missing"),
        (HEAD + "在北京推行甲。", "place_inferred"),
        (HEAD + "北京市\n上海市 甲。", "practice_missing"),
        (HEAD, "practice_missing"),
        (HEAD + "北京市 甲。成效:", "outcome_missing"),
        (HEAD + "北京市 甲。成效:乙。成效:丙。", "outcome_twice"),
        (HEAD + "北京市 甲。成效:乙。\n丙。", "outcome_paragraph"),
        (HEAD + "北京市 甲。\n改革举措4:乙。具体做法:\n北京市 丙。", "numbers_jump"),
        ("改革举措1:具体做法:\n北京市 甲。", "title_missing"),
        ("(一) 获得电力(1项)\n(三) 缴纳税费(1项)\n" + HEAD + "北京市 甲。", "sections_jump"),
        ("(一) 花卉(1项)\n" + HEAD + "北京市 甲。", "category_unknown"),
        (HEAD + "北京市 甲。\n\n\n\n一张照片的说明\n\n上海市 乙。", "caption"),
        (HEAD + "北京市 甲\n改革举措2:乙。具体做法:\n北京市 丙。", "sentence_cut"),
    ],
)
def test_what_had_to_be_judged_is_said(text: str, code: str) -> None:
    reading = read(text)
    check(text, reading)
    assert code in codes(reading)
