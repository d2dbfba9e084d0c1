"""The reader of notices on the shapes that notices have: small texts of each, nothing lost, nothing made up."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reforms.invariants import check_measure, check_tiling
from reforms.notice import NoticeError, Reading, read_notice
from reforms.records import PassageRecord, Role

PLACES = {"北京市": "beijing", "上海市": "shanghai", "深圳市": "shenzhen"}
CATEGORIES = {"获得电力": "electricity", "跨境贸易": "trade"}
NOTICES = Path(__file__).resolve().parent / "notices"
HEAD = """国务院办公厅关于推广某项改革举措的通知
国办发〔2020〕9号

各省、自治区、直辖市人民政府：
各地积极探索，形成了一批改革举措。现就有关事项通知如下：
"""
TABLE = (
    HEAD
    + """一、推广的改革举措（共4项）
（一）电力方面2项：在线报装；一次办结。
（二）贸易方面2项：提前申报；两步申报。
二、切实抓好推广工作
各地区要加强领导，确保取得实效。
附件：改革举措清单
改革举措清单
序号
\t改革举措
\t主要内容
\t负责单位
\t推广范围
一、电力方面（共2项）
1
\t在线报装
\t企业在网上提交申请，电力公司上门安装。
\t国家能源局、国家电网公司
\t全国
2
\t一次办结
\t受理、审核、安装由一个窗口办理。
\t国家能源局
\t8个改革试验区域
二、贸易方面（共2项）
3
\t提前申报
\t货物到港前办理申报手续，到港后放行。
\t海关总署
\t全国
5
\t两步申报
\t先作概要申报，再作完整申报。
\t海关总署、财政部
\t全国
"""
)
NUMBERED = (
    HEAD
    + """一、指导思想
坚持新发展理念。
二、基本原则
（一）坚持简政放权。减少审批。
（二）坚持对标国际。学习先进。
三、主要任务
（一）统筹两个市场。
1.拓展市场。允许企业承接境内委托加工。（税务总局、海关总署负责）
2.提前适用政策：自批准之日起适用保税政策。
对入区企业免税。（财政部负责）
（二）推动创新。
3.促进研发
企业进口的研发用货物免证。
推广范围：全国综合保税区
四、有关要求
各地区要高度重视。
国务院
2020年1月12日
（此件公开发布）
"""
)
LISTED = (
    HEAD
    + """一、复制推广的改革举措
（一）放宽准入（2项）。“开展‘一照多址’改革”、“优化核名管理”等。
（二）便利贸易（1项）。“优化货物查询服务”、“共享数据”等。
二、抓好组织实施
（一）高度重视。各地区要加强学习。
（二）完善监管。各部门要逐项明确措施。
附件：改革举措清单
"""
)
SECTIONS = """某市关于优化营商环境的改革举措
一、优化电力服务的改革措施
（一）推行在线报装。企业在网上申请。责任单位见附表。
（二）压缩办理时间。办理时间压缩至5天。
二、保障措施
（一）加强领导。成立专班。
（二）加强督查。按月通报。
"""


def read(text: str, **options: str) -> Reading:
    return read_notice(text, source="new", places=PLACES, categories=CATEGORIES, **options)


def all_passages(reading: Reading) -> list[PassageRecord]:
    return [*reading.passages, *(part for one in reading.measures for part in one.passages)]


def titles(reading: Reading) -> dict[str, str | None]:
    return {measure.key: measure.title_zh for measure in reading.measures}


def codes(reading: Reading) -> Counter[str]:
    return Counter(warning.code for warning in reading.warnings)


def words(text: str, reading: Reading, key: str, role: Role) -> list[str]:
    (measure,) = [one for one in reading.measures if one.key == key]
    return [text[part.start : part.end] for part in measure.passages if part.role == role]


@pytest.mark.parametrize("text", [TABLE, NUMBERED, LISTED, SECTIONS, TABLE.replace("\n", "\r\n")])
def test_every_character_of_every_shape_has_one_place(text: str) -> None:
    check_tiling(all_passages(read(text)), text)


@pytest.mark.parametrize("text", [TABLE, NUMBERED, LISTED, SECTIONS])
def test_what_is_read_keeps_the_rules_of_a_measure_once_it_has_a_place(text: str) -> None:
    reading = read(text, default_city="beijing", default_category="electricity")
    assert len({measure.key for measure in reading.measures}) == len(reading.measures)
    for measure in reading.measures:
        check_measure(measure, text)


def test_rows_of_a_table_are_measures_with_offices_and_scope() -> None:
    reading = read(TABLE)
    assert titles(reading) == {"1": "在线报装", "2": "一次办结", "3": "提前申报", "5": "两步申报"}
    assert [(one.name_zh, one.declared_count) for one in reading.sections] == [
        ("电力方面", 2),
        ("贸易方面", 2),
    ]
    assert words(TABLE, reading, "1", Role.RESPONSIBLE) == ["国家能源局、国家电网公司"]
    assert words(TABLE, reading, "2", Role.REPLICATED_IN) == ["8个改革试验区域"]
    assert words(TABLE, reading, "5", Role.PRACTICE) == ["先作概要申报，再作完整申报。"]
    assert codes(reading)["numbers_jump"] == 1
    assert codes(reading)["place_missing"] == 4


def test_a_row_that_is_missing_is_said_by_every_count_that_tells_of_it() -> None:
    text = TABLE.replace("共4项", "共6项").replace("贸易方面（共2项）", "贸易方面（共3项）")
    told = [str(one) for one in read(text).warnings if "count" in one.code]
    assert len(told) == 2
    assert "declares 3 measures; 2 were found" in " ".join(told)
    assert "are 6 measures; 4 were found" in " ".join(told)


def test_a_section_that_declares_measures_and_holds_none_is_said() -> None:
    text = TABLE.replace("二、贸易方面", "二、军民融合方面（共6项）\n三、贸易方面")
    reading = read(text)
    assert [(one.label, one.declared_count) for one in reading.sections] == [
        ("一", 2),
        ("二", 6),
        ("三", 2),
    ]
    assert "declares 6 measures; 0 were found" in " ".join(map(str, reading.warnings))


def test_numbered_tasks_have_a_title_a_text_and_who_is_responsible() -> None:
    reading = read(NUMBERED)
    assert titles(reading) == {"1": "拓展市场", "2": "提前适用政策", "3": "促进研发"}
    assert [one.section for one in reading.measures] == ["一", "一", "二"]
    assert words(NUMBERED, reading, "1", Role.RESPONSIBLE) == ["（税务总局、海关总署负责）"]
    assert "".join(words(NUMBERED, reading, "2", Role.PRACTICE)).startswith("自批准之日起")
    assert words(NUMBERED, reading, "2", Role.RESPONSIBLE) == ["（财政部负责）"]
    assert words(NUMBERED, reading, "3", Role.REPLICATED_IN) == ["推广范围：全国综合保税区"]


def test_principles_and_ways_of_going_about_it_are_no_measures() -> None:
    assert len(read(NUMBERED).measures) == 3
    assert len(read(LISTED).measures) == 4
    assert titles(read(SECTIONS)) == {"1": "推行在线报装", "2": "压缩办理时间"}


def test_titles_that_a_heading_lists_are_measures_without_a_number_or_a_practice() -> None:
    reading = read(LISTED)
    assert titles(reading) == {
        "1-1": "开展‘一照多址’改革",
        "1-2": "优化核名管理",
        "2-1": "优化货物查询服务",
        "2-2": "共享数据",
    }
    assert {one.number for one in reading.measures} == {None}
    assert all(one.practices == () for one in reading.measures)
    assert not any(one.is_read_whole for one in reading.measures)
    assert "declares 1 measures; 2 were found" in " ".join(map(str, reading.warnings))


def test_a_place_for_the_whole_notice_is_said_and_never_beats_one_that_is_printed() -> None:
    text = NUMBERED.replace("1.拓展市场。允许", "1.拓展市场。\n深圳市：允许")
    reading = read(text, default_city="beijing")
    assert [part.city for one in reading.measures for part in one.practices] == [
        "shenzhen",
        "beijing",
        "beijing",
    ]
    assert codes(reading)["place_for_all"] == 2


def test_a_place_that_the_catalog_does_not_know_is_named() -> None:
    text = NUMBERED.replace("1.拓展市场。允许", "1.拓展市场。\n浙江省：允许")
    reading = read(text)
    assert "The place 浙江省 is not known" in " ".join(map(str, reading.warnings))


def test_numbers_that_begin_again_in_each_section_are_keyed_by_section() -> None:
    text = NUMBERED.replace("3.促进研发", "1.促进研发")
    assert [*titles(read(text))] == ["1-1", "1-2", "2-1"]


@pytest.mark.parametrize(
    "text", ["这是别的文章。", "做了甲。成效:乙。", HEAD, "1", "一、甲", "（一）"]
)
def test_a_text_without_measures_is_all_accounted_for_and_says_so(text: str) -> None:
    reading = read(text)
    assert reading.measures == ()
    assert codes(reading)["no_measures"] == 1
    check_tiling(reading.passages, text)


def test_the_body_of_a_real_notice_has_its_nine_sections_and_fifty_titles() -> None:
    text = (NOTICES / "guobanfa_2022_35_notice_body.txt").read_text(encoding="utf-8")
    reading = read(text)
    by_section = Counter(measure.section for measure in reading.measures)
    declared = {one.label: one.declared_count for one in reading.sections}
    assert by_section == declared
    assert sum(by_section.values()) == 50
    assert codes(reading) == {"category_unknown": 8, "category_by_name": 1}
    check_tiling(all_passages(reading), text)


def test_the_opening_of_the_annex_is_one_measure_with_one_city_cut() -> None:
    text = (NOTICES / "guobanhan_2019_89_annex_excerpt.txt").read_text(encoding="utf-8")
    reading = read(text)
    assert titles(reading) == {"1": "开办企业全程网上办"}
    assert [part.city for part in reading.measures[0].practices] == ["beijing", "shanghai"]
    assert codes(reading)["count_differs"] == 1
    assert codes(reading)["sentence_cut"] == 1


PIECES = st.sampled_from(
    [
        *(
            "一、",
            "二、",
            "（一）",
            "(二)",
            "1.",
            "2、",
            "3",
            "第1项：",
            "一是",
            "改革举措",
            "主要任务",
        ),
        *(
            "（共3项）",
            "5项：",
            "。",
            "；",
            "：",
            "\n",
            "\n\n",
            "\t",
            "\u3000",
            " ",
            "“",
            "”",
            "、",
        ),
        *(
            "北京市",
            "深圳市：",
            "浙江省。",
            "成效：",
            "具体做法:",
            "主要内容：",
            "（海关总署负责）",
        ),
        *(
            "责任单位：税务总局",
            "推广范围：全国",
            "附件：清单",
            "2020年1月2日",
            "— 3 —",
            "保障措施",
        ),
        *("企业在网上申请", "A", "各省：", "国办发〔2020〕9号"),
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=60).map("".join))
def test_whatever_a_text_holds_it_is_read_whole_or_refused_with_a_reason(text: str) -> None:
    try:
        reading = read(text)
    except NoticeError:
        return
    check_tiling(all_passages(reading), text)
    keys = [measure.key for measure in reading.measures]
    assert len(set(keys)) == len(keys)


def test_one_number_alone_is_a_measure_where_its_heading_declares_some() -> None:
    text = "关于推广经验的通知\n一、获得电力（共1项）\n1.网上办电。企业在网上申报。"
    reading = read_notice(text, source="new", places=PLACES, categories=CATEGORIES)
    assert [(one.number, one.title_zh, one.category) for one in reading.measures] == [
        (1, "网上办电", "electricity")
    ]
    bare = text.replace("（共1项）", "")
    assert not read_notice(bare, source="new", places=PLACES, categories=CATEGORIES).measures


SHARED = """关于推广经验的通知
一、主要任务
1.网上办理。北京市、上海市：企业在网上提交申请。成效：办理时间压缩至3天。
深圳市：上门办理。
2.一次办结。企业一次提交。
"""


def test_several_places_that_head_one_text_each_have_it() -> None:
    reading = read_notice(SHARED, source="new", places=PLACES, categories=CATEGORIES)
    first = reading.measures[0]
    assert [(one.city, one.practice_zh, one.outcome_zh) for one in first.practices] == [
        ("beijing", "企业在网上提交申请。", "办理时间压缩至3天。"),
        ("shanghai", "企业在网上提交申请。", "办理时间压缩至3天。"),
        ("shenzhen", "上门办理。", None),
    ]
    of_texts = [part.city for part in first.passages if part.role is Role.PRACTICE]
    assert of_texts == [None, "shenzhen"]
    assert "place_shared" in {one.code for one in reading.warnings}
    check_measure(
        read_notice(
            SHARED,
            source="new",
            places=PLACES,
            categories=CATEGORIES,
            default_category="electricity",
            default_city="beijing",
        ).measures[0],
        SHARED,
    )


@pytest.mark.parametrize("names", ["北京市和上海市", "北京市,上海市", "北京市、 上海市"])
def test_places_are_joined_as_notices_join_them(names: str) -> None:
    text = SHARED.replace("北京市、上海市", names)
    reading = read_notice(text, source="new", places=PLACES, categories=CATEGORIES)
    assert [one.city for one in reading.measures[0].practices][:2] == ["beijing", "shanghai"]


@pytest.mark.parametrize(
    ("names", "cities"),
    [
        ("深圳市、北京市", ["beijing", "shanghai", "shenzhen"]),
        ("北京市、上海市", ["beijing", "shanghai"]),
    ],
)
def test_a_place_that_has_its_own_text_shares_no_other(names: str, cities: list[str]) -> None:
    text = SHARED.replace("深圳市：", f"{names}：")
    reading = read_notice(text, source="new", places=PLACES, categories=CATEGORIES)
    assert [one.city for one in reading.measures[0].practices] == cities
    assert "place_taken" in {one.code for one in reading.warnings}
    labelled = f"改革举措1:办事。具体做法:\n北京市。上门。\n{names}。上门办理。"
    with pytest.raises(NoticeError) as refused:
        read_notice(labelled, source="new", places=PLACES, categories=CATEGORIES)
    assert refused.value.code == "place_twice"


THAT_IS = """关于推广经验的通知
一、主要经验
一是网上办理。企业在网上提交申请。
二是一次办结。企业一次提交。
三是上门服务。工作人员上门。
"""


def test_paragraphs_that_begin_with_first_and_second_are_measures_where_nothing_else_is() -> None:
    reading = read_notice(THAT_IS, source="new", places=PLACES, categories=CATEGORIES)
    assert [(one.number, one.title_zh) for one in reading.measures] == [
        (1, "网上办理"),
        (2, "一次办结"),
        (3, "上门服务"),
    ]
    numbered = THAT_IS.replace("一是", "1.").replace("二是", "一是").replace("三是", "2.")
    reading = read_notice(numbered, source="new", places=PLACES, categories=CATEGORIES)
    assert [one.title_zh for one in reading.measures] == ["网上办理", "上门服务"]
    assert "一是一次办结" in (reading.measures[0].practices[0].practice_zh)


@pytest.mark.parametrize(
    "label", ["成效：", "主要成效:", "实施效果：", "取得的成效：", "改革成果："]
)
def test_outcomes_are_introduced_by_several_words(label: str) -> None:
    text = SHARED.replace("成效：", label)
    reading = read_notice(text, source="new", places=PLACES, categories=CATEGORIES)
    assert reading.measures[0].practices[0].outcome_zh == "办理时间压缩至3天。"
