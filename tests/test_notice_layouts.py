"""The reader of notices on places, lists and tables as they are laid out: small texts of each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reforms.invariants import check_tiling
from reforms.notice import Reading
from reforms.records import Role
from tests.test_notice_shapes import all_passages, codes, read, titles, words

TASKS = """北京市人民政府办公厅关于印发《优化营商环境任务清单》的通知
京政办发〔2023〕12号
各区人民政府：
现将任务清单印发给你们。
一、优化市场环境
（一）提升获得电力水平
1.推行上门服务。将容量提高至160千瓦。
责任单位：市发展改革委、市城市管理委
完成时限：2023年6月底前
2.压减接电时间。时间压缩至60个工作日以内。（责任单位：市电力公司；完成时限：2023年12月底前）
3.推行网上办理。企业在网上申请。责任单位：市发展改革委。推广范围：全市
二、保障措施
加强领导。
"""
BY_PLACE = """典型案例汇编
一、北京市
1.获得电力。用电报装时间压减至32天。
2.其他事项。实行网上办理。
二、上海、深圳市
1.跨境贸易。通关时间压缩三分之一。
三、浙江省杭州市、宁波市
1.获得电力。推行网上办理。
"""
OF_PLACES = """关于典型做法的通报
一、获得电力方面（4项）
1.北京市推行智能服务。办理时间压减至5天。
2.江苏省苏州市探索网上办理。学习上海经验，累计服务12万人次。
3.广东省深圳市打造统一平台。累计接入2341项。
4.推行告知承诺。各地都在做。
"""
LISTS = """国务院关于复制推广改革试点经验的通知
各省、自治区、直辖市人民政府：
现就有关事项通知如下：
一、复制推广的主要内容
（一）在全国范围内复制推广的改革事项。
1.投资管理领域：“备案联办制度”、“证照“一口受理”服务模式”等2项。
2.贸易便利化领域：“便捷调拨模式”、“退货中心仓模式”、“跨境贸易新业务”等4项。
（二）在特定区域复制推广的改革事项。
1.在试点地区复制推广“二手车出口新模式”。
二、组织实施
1.加强领导。
2.抓好落实。
"""
FLAT = """关于复制推广的通知
现就有关事项通知如下：
一、复制推广的主要内容
1.投资管理领域：备案联办。
2.贸易便利化领域：便捷调拨。
二、组织实施
附件：任务分工表
附件
任务分工表
序号 改革事项 负责单位 推广范围
1 备案联办制度 中央宣传部 全国
2 便捷调拨模式 海关总署、财政部 全国
3 Single Window 服务 海关总署 自贸试验区
"""
GROUPED = """附件
改革举措清单
序号
改革举措
主要内容
主管单位
一
优化开办服务
1
推行网上办理
北京：环节压减至1个。上海：推行一窗通，2天内完成。
市场监管总局
2
简化注销程序
对未开业企业实行简易注销。
市场监管总局、税务总局
二
提升跨境贸易便利化水平
3
推行提前申报
允许企业在货物抵港前申报。
海关总署
"""
PLACES_INSIDE = """各地优化营商环境做法
第一部分 获得电力
（一）北京市
推出上门服务，用电报装时间压减至32天。
（二）上海市
推出网上办理。取得实效：接电成本降为零。
第二部分 跨境贸易
（一）北京市
建成单一窗口。
【工作成效】通关时间压缩三分之一。
（二）浙江省宁波市
【主要做法】推行提前申报。
"""
NUMBERED_PLACES = """关于印发经验的通知
一、复制推广的改革举措
（一）获得电力。
1.北京市：推出上门服务。
2.上海市：推出网上办理。
（二）跨境贸易。
1.北京市：建成单一窗口。
2.深圳：压缩时间。
二、组织实施
加强领导。
"""
ALL = (PLACES_INSIDE, NUMBERED_PLACES, TASKS, BY_PLACE, OF_PLACES, LISTS, FLAT, GROUPED)


def cities(reading: Reading) -> dict[str, list[str]]:
    return {one.key: [part.city for part in one.practices] for one in reading.measures}


def told(reading: Reading) -> str:
    return " ".join(map(str, reading.warnings))


@pytest.mark.parametrize("text", [*ALL, *(text.replace("\n", "\r\n") for text in ALL)])
def test_every_character_has_one_place(text: str) -> None:
    check_tiling(all_passages(read(text)), text)


@given(st.sampled_from(ALL), st.data())
def test_with_a_line_left_out_or_doubled_it_is_read_whole_all_the_same(
    text: str, data: st.DataObject
) -> None:
    lines = text.splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    times = data.draw(st.sampled_from([0, 2]))
    changed = "".join([*lines[:at], *lines[at : at + 1] * times, *lines[at + 1 :]])
    check_tiling(all_passages(read(changed)), changed)


def test_who_does_it_and_by_when_is_no_part_of_the_practice() -> None:
    reading = read(TASKS)
    assert titles(reading) == {"1": "推行上门服务", "2": "压减接电时间", "3": "推行网上办理"}
    assert words(TASKS, reading, "1", Role.PRACTICE) == ["将容量提高至160千瓦。"]
    assert words(TASKS, reading, "1", Role.RESPONSIBLE) == [
        "责任单位：市发展改革委、市城市管理委",
        "完成时限：2023年6月底前",
    ]
    assert words(TASKS, reading, "2", Role.PRACTICE) == ["时间压缩至60个工作日以内。"]
    assert words(TASKS, reading, "3", Role.PRACTICE) == ["企业在网上申请。"]
    assert words(TASKS, reading, "3", Role.RESPONSIBLE) == ["责任单位：市发展改革委。"]
    assert words(TASKS, reading, "3", Role.REPLICATED_IN) == ["推广范围：全市"]
    assert "sentence_cut" not in codes(reading)


def test_a_citys_own_notice_is_of_that_city_unless_its_text_names_others() -> None:
    reading = read(TASKS)
    assert cities(reading) == {"1": ["beijing"], "2": ["beijing"], "3": ["beijing"]}
    assert codes(reading)["place_of_issuer"] == 3
    other = read(TASKS.replace("企业在网上申请", "学习上海经验，在网上申请"))
    assert cities(other)["3"] == [""]
    state = read(TASKS.replace("北京市人民政府办公厅", "国务院办公厅"))
    assert cities(state)["1"] == [""]
    # A title may begin with places that the notice is about, not from.
    about = read(TASKS.replace("北京市人民政府办公厅关于印发", "北京市、上海市经验关于印发"))
    assert cities(about)["1"] == [""]


def test_a_heading_that_holds_one_categorys_name_is_filed_there_and_says_so() -> None:
    reading = read(TASKS)
    assert {one.category for one in reading.measures} == {"electricity"}
    assert "filed by the words 获得电力" in told(reading)
    both = read(TASKS.replace("提升获得电力水平", "提升获得电力和跨境贸易水平"))
    assert {one.category for one in both.measures} == {""}
    part = read(
        TASKS.replace("（一）提升获得电力", "（一）提升").replace("市场环境", "获得电力环境")
    )
    assert {one.category for one in part.measures} == {"electricity"}


def test_headings_of_places_give_their_measures_the_place_and_titles_the_category() -> None:
    reading = read(BY_PLACE)
    assert cities(reading) == {
        "1-1": ["beijing"],
        "1-2": ["beijing"],
        "2-1": ["shanghai", "shenzhen"],
        "3-1": [""],
    }
    assert [one.category for one in reading.measures] == ["electricity", "", "trade", "electricity"]
    assert codes(reading)["section_of_places"] == 3
    assert "The place 浙江省杭州市、宁波市 is not known" in told(reading)
    assert codes(reading)["category_missing"] == 1


@pytest.mark.parametrize("name", ["智慧城市", "自贸试验区", "北京市场", "区县", "获得电力"])
def test_a_heading_that_only_looks_like_a_place_is_none(name: str) -> None:
    reading = read(BY_PLACE.replace("一、北京市", f"一、{name}"))
    assert codes(reading)["section_of_places"] == 2


def test_a_place_that_begins_a_title_is_the_measures() -> None:
    reading = read(OF_PLACES)
    assert cities(reading) == {"1": ["beijing"], "2": [""], "3": ["shenzhen"], "4": [""]}
    assert "The place 江苏省苏州市 is not known" in told(reading)
    assert codes(reading)["place_inferred"] == 2
    assert codes(reading)["place_missing"] == 1
    joint = read(OF_PLACES.replace("1.北京市推行", "1.北京市、上海市推行"))
    assert cities(joint)["1"] == [""]
    assert codes(joint)["place_missing"] == 2


def test_numbered_lists_of_titles_are_sections_with_the_counts_that_end_them() -> None:
    reading = read(LISTS)
    assert [(one.name_zh, one.declared_count) for one in reading.sections] == [
        ("投资管理领域", 2),
        ("贸易便利化领域", 4),
        ("在试点地区复制推广", None),
    ]
    assert titles(reading) == {
        "1-1": "备案联办制度",
        "1-2": "证照“一口受理”服务模式",
        "2-1": "便捷调拨模式",
        "2-2": "退货中心仓模式",
        "2-3": "跨境贸易新业务",
        "2-1-1": "二手车出口新模式",
    }
    assert "declares 4 measures; 3 were found" in told(reading)
    assert "numbered_outside" not in codes(reading)


def test_rows_whose_cells_spaces_part_are_rows_of_a_table() -> None:
    reading = read(FLAT)
    assert titles(reading) == {
        "1": "备案联办制度",
        "2": "便捷调拨模式",
        "3": "Single Window 服务",
    }
    assert words(FLAT, reading, "2", Role.RESPONSIBLE) == ["海关总署、财政部"]
    assert words(FLAT, reading, "3", Role.REPLICATED_IN) == ["自贸试验区"]
    assert "2 numbered paragraphs were read as the notice's own text" in told(reading)


def test_wide_spaces_part_cells_where_there_are_some() -> None:
    text = FLAT.replace("便捷调拨模式 海关总署、财政部 ", "便捷 调拨模式  海关总署、财政部\u3000")
    assert titles(read(text))["2"] == "便捷 调拨模式"


def test_a_numeral_alone_in_a_cell_heads_rows_with_the_name_in_the_next() -> None:
    reading = read(GROUPED)
    assert [(one.label, one.name_zh) for one in reading.sections] == [
        ("一", "优化开办服务"),
        ("二", "提升跨境贸易便利化水平"),
    ]
    assert [one.section for one in reading.measures] == ["一", "一", "二"]
    assert words(GROUPED, reading, "2", Role.PRACTICE) == ["对未开业企业实行简易注销。"]


def test_places_within_a_paragraph_each_have_what_follows_them() -> None:
    reading = read(GROUPED)
    assert [(one.city, one.practice_zh) for one in reading.measures[0].practices] == [
        ("beijing", "环节压减至1个。"),
        ("shanghai", "推行一窗通，2天内完成。"),
    ]
    inside = GROUPED.replace("。上海：推行", "，上海：推行")
    assert [one.city for one in read(inside).measures[0].practices] == ["beijing"]
    full = GROUPED.replace("北京：", "北京市。").replace("上海：", "上海市。")
    assert cities(read(full))["1"] == ["beijing", "shanghai"]
    # A name without its ending and without a colon is a word of the text.
    short = GROUPED.replace("北京：", "北京。").replace("上海：", "上海。")
    assert cities(read(short))["1"] == [""]


@pytest.mark.parametrize("label", ["案例1：", "典型经验一、", "创新举措1 ", "重点任务1."])
def test_measures_are_labelled_by_several_words(label: str) -> None:
    text = f"关于推广的通知\n一、获得电力（1项）\n{label}网上办电。企业在网上申报。\n"
    reading = read(text)
    assert [(one.number, one.title_zh) for one in reading.measures] == [(1, "网上办电")]


def test_numbered_places_are_parts_of_a_measure_and_no_measures() -> None:
    reading = read(PLACES_INSIDE)
    assert titles(reading) == {"1": "获得电力", "2": "跨境贸易"}
    assert cities(reading) == {"1": ["beijing", "shanghai"], "2": ["beijing", ""]}
    assert "The place 浙江省宁波市 is not known" in told(reading)
    assert [one.outcome_zh for one in reading.measures[0].practices] == [None, "接电成本降为零。"]
    assert reading.measures[1].practices[0].outcome_zh == "通关时间压缩三分之一。"
    assert words(PLACES_INSIDE, reading, "1", Role.CITY_LABEL) == ["（一）北京市", "（二）上海市"]
    reading = read(NUMBERED_PLACES)
    assert titles(reading) == {"1": "获得电力", "2": "跨境贸易"}
    assert cities(reading) == {"1": ["beijing", "shanghai"], "2": ["beijing", "shenzhen"]}


def test_a_title_that_is_the_name_of_a_category_files_its_measure() -> None:
    reading = read(NUMBERED_PLACES)
    assert [one.category for one in reading.measures] == ["electricity", "trade"]
    other = read(NUMBERED_PLACES.replace("（一）获得电力。", "（一）获得电力和其他。"))
    assert [one.category for one in other.measures] == ["", "trade"]


def test_numbers_in_brackets_are_measures_where_nothing_else_is_numbered() -> None:
    text = "关于推广的通知\n一、主要经验\n（1）网上办电。企业申报。\n（2）一次办结。一窗办理。\n"
    assert titles(read(text)) == {"1": "网上办电", "2": "一次办结"}
    inside = (
        text.replace("（1）", "1.").replace("（2）", "2.").replace("企业申报。", "（1）企业申报。")
    )
    assert titles(read(inside)) == {"1": "网上办电", "2": "一次办结"}


PAGED = """关于推广的通知
一、获得电力
1.网上办电。企业申报。
2.一次办结。由一个窗口办
1
理完毕。
3.上门服务。人员上门。
2
4.限时办结。三天。
"""


def test_numbers_of_pages_are_no_rows_of_a_table() -> None:
    reading = read(PAGED)
    assert titles(reading) == {
        "1": "网上办电",
        "2": "一次办结",
        "3": "上门服务",
        "4": "限时办结",
    }
    assert reading.measures[1].practices[0].practice_zh == "由一个窗口办理完毕。"
    assert codes(reading)["running_head_in_sentence"] == 1
    flat = FLAT.replace("3 Single", "7\n3 Single")
    assert titles(read(flat)) == titles(read(FLAT))
    assert words(flat, read(flat), "2", Role.RESPONSIBLE) == ["海关总署、财政部"]
    rows = GROUPED.replace("\n2\n简化", "\n9\n2\n简化")
    assert titles(read(rows)) == titles(read(GROUPED))


def test_a_number_that_jumps_ahead_of_the_next_is_no_measure() -> None:
    text = PAGED.replace("2.一次办结", "9.另有规定。从其规定。\n2.一次办结")
    assert [one.number for one in read(text).measures] == [1, 2, 3, 4]
    assert [one.number for one in read(PAGED.replace("2.一次", "3.一次")).measures] == [1, 3, 4]
