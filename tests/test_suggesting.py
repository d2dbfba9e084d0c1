"""What a text suggests by rules: the numbers, themes and misprints of small texts, and of the first source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.suggestions import bare, fixtures, measured, suggested
from reforms.notice import read_notice
from reforms.records import Bound, Direction, Nature
from reforms.spans import text_at
from reforms.suggesting import Subject, figure_values, suggestions

HEAD = "改革举措1:办事。\n具体做法:\n北京市。"
THEMES = {"online-filing": "网上申办", "delivery": "配送上门", "own": "绿色通道"}


def read(words, themes=THEMES):
    text = HEAD + words
    reading = read_notice(
        text,
        source="new",
        places={"北京市": "beijing"},
        categories={},
        default_category="electricity",
        default_city="beijing",
    )
    return text, suggestions(reading.measures[0], text, themes)


def of(words, subject):
    text, found = read(words)
    own = [one for one in found if one.subject is subject]
    for one in own:
        assert text_at(text, one.spans) == one.words or len(one.spans) > 1
    return own


def numbers(words):
    return [one.value.split("\n") for one in of(words, Subject.FIGURE)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("办理时间由56天压缩至15天。", [["56天", "15天"]]),
        ("时长从15个工作日压缩至5天内。", [["15个工作日", "5天"]]),
        ("由30天压缩至20天,再压缩至10天。", [["30天", "20天"], ["10天"]]),
        ("核批“两步作业”减为“一步作业”。", [["两步", "一步"]]),
        ("自动生成文书864份2370页。", [["864份"], ["2370页"]]),
        ("减少扫描50,000余页。", [["50,000余页"]]),
        ("节约成本4亿元。", [["4亿元"]]),
        ("占总量的26%。", [["26%"]]),
        ("投资为0。", [["0"]]),
        ("实现365×24小时服务。", [["365"], ["24小时"]]),
        ("反映诉求等五大类问题。", [["五大类"]]),
        # Dates, documents, lists and ordinals state nothing.
        ("自2019年1月17日起实施。", []),
        ("按照京市监发〔2019〕4号办理。", []),
        ("(1)企业提交申请。(2)部门审核。", []),
        ("第3项第2次会议。", []),
        ("建立“1+1”服务团队。", []),
        ("A4纸、B2通道、5G网络。", []),
        ("一件事一次办。", []),
    ],
)
def test_numbers_are_found_as_printed_and_nothing_else_is(words, found):
    assert numbers(words) == found


@pytest.mark.parametrize(
    ("words", "nature", "bound", "direction"),
    [
        ("时间压缩至10天内", Nature.LIMIT, Bound.AT_MOST, Direction.DECREASE),
        ("全程不超过15天", Nature.LIMIT, Bound.AT_MOST, Direction.NONE),
        ("环节压缩至2个", Nature.ACHIEVED, Bound.EXACT, Direction.DECREASE),
        ("容量标准由100千伏安提升至160千伏安", Nature.LIMIT, Bound.EXACT, Direction.INCREASE),
        ("累计收案3040件", Nature.CUMULATIVE, Bound.EXACT, Direction.NONE),
        ("访问量已突破25万次", Nature.CUMULATIVE, Bound.MORE_THAN, Direction.NONE),
        ("预计年可节约成本4亿元", Nature.FORECAST, Bound.EXACT, Direction.DECREASE),
        ("日均服务达1116次", Nature.AVERAGE, Bound.EXACT, Direction.NONE),
        ("占总量的55%", Nature.SHARE, Bound.EXACT, Direction.NONE),
        ("节约时间750小时", Nature.SAVING, Bound.EXACT, Direction.DECREASE),
        ("可节约4小时左右", Nature.SAVING, Bound.ABOUT, Direction.DECREASE),
        ("关注用户近6万人", Nature.CUMULATIVE, Bound.LESS_THAN, Direction.NONE),
    ],
)
def test_the_words_around_a_number_say_what_it_is(words, nature, bound, direction):
    values = figure_values(words)
    assert (values.nature, values.bound, values.direction) == (nature, bound, direction)


def test_units_that_differ_are_kept_apart():
    values = figure_values("从15个工作日压缩至5天内")
    assert (values.before_unit, values.unit, values.values) == ("个工作日", "天", ("15", "5"))


def test_a_theme_is_found_by_its_cues_else_by_its_name_and_its_clauses_are_one_point():
    words = "企业网上申报。发票免费邮寄,专业配送到户。开通绿色通道。"
    found = {one.value: one.words for one in of(words, Subject.POINT)}
    assert found == {
        "online-filing": "企业网上申报",
        "delivery": "发票免费邮寄…专业配送到户",
        "own": "开通绿色通道",
    }


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("减审批、减减拒次数。", [("减减", "减")]),
        (
            "负责项目协调推进,负责项目协调推进,管理外线。",
            [("负责项目协调推进,负责项目协调推进", "负责项目协调推进")],
        ),
        ("处理投拆事项。", [("投拆", "投诉")]),
        ("时间从15个工作日压缩至5天。", [("15个工作日压缩至5天", "")]),
        ("压缩至5天,“零投资”:免费接入。", [(",", "。")]),
        (
            "发布《进一步优化办理流程的通知》。",
            [("《进一步优化办理流程的通知》", "《关于进一步优化办理流程的通知》")],
        ),
        ("提供“一窗服务。", [("“", "")]),
        ("办理完毕。。", [("。。", "。")]),
        # Words written twice, words that touch and names are no misprints.
        ("常常、刚刚、层层、天天办理。", []),
        ("中国国家电网、发展展望、人民民生。", []),
        ("发布《关于优化办理流程的通知》。", []),
        ("(1)申请。2)受理。", []),
    ],
)
def test_misprints_that_a_text_gives_away(words, found):
    assert [(one.words, one.value) for one in of(words, Subject.ERRATUM)] == found


def test_a_count_that_disagrees_is_suggested_at_the_heading():
    text = "(一)获得电力(2项)\n" + HEAD + "在线办理。"
    reading = read_notice(
        text, source="new", places={"北京市": "beijing"}, categories={"获得电力": "electricity"}
    )
    found = suggestions(reading.measures[0], text, {}, declared=2, found=3)
    (one,) = [one for one in found if one.subject is Subject.ERRATUM]
    assert (one.words, one.value, text_at(text, one.spans)) == ("2项", "3项", "2项")


def test_what_is_entered_is_not_suggested_again():
    catalog = fixtures()
    texts = {source.slug: source.text for source in catalog.sources}
    themes = {theme.slug: theme.name_zh for theme in catalog.themes}
    for measure in catalog.measures:
        entered = {
            (practice.city, point.theme)
            for practice in measure.practices
            for point in practice.points
        }
        again = suggestions(measure, texts[measure.source], themes)
        assert not {(one.city, one.value) for one in again} & entered


def test_keys_name_a_suggestion_and_change_with_its_words():
    for _measure, found in suggested(fixtures()):
        assert len({one.key for one in found}) == len(found)
    (one,) = of("处理投拆。", Subject.ERRATUM)
    (other,) = of("受理投拆。", Subject.ERRATUM)
    assert one.key == other.key
    (moved,) = of("再处理投拆。", Subject.ERRATUM)
    assert moved.key != one.key


def test_the_first_source_is_suggested_as_well_as_it_is_published():
    scores = measured(fixtures())
    least = {
        Subject.FIGURE: (0.95, 0.95),
        Subject.POINT: (0.9, 0.95),
        Subject.ERRATUM: (0.95, 0.35),
    }
    for subject, (precision, recall) in least.items():
        score = scores[subject]
        assert score.precision >= precision, score.wrong
        assert score.recall >= recall, score.missed


@given(
    st.text(
        alphabet="由从压缩至到减少增加提升内约近超过不余天个工作日项次万亿元%0123456789,.，。、“”()（）市中国国",
        max_size=60,
    )
)
def test_no_text_breaks_the_rules_and_every_suggestion_is_printed(words):
    text, found = read("办事" + words)
    for one in found:
        for start, end in one.spans:
            assert 0 <= start < end <= len(text)
        assert one.rule % one.values


def test_bare_measures_hold_nothing_to_compare():
    assert not any(
        practice.points or practice.figures
        for measure in fixtures().measures
        for practice in bare(measure).practices
    )
