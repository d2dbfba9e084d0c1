"""What a person says that words of a notice are goes before what the reader took them for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reforms.notice import CORRECTABLE, Correction, MarkKind, NoticeError, read_notice
from reforms.records import Role
from tests.test_notice_shapes import LISTED, NUMBERED

PLACES = {"北京市": "beijing", "上海市": "shanghai", "北京": "beijing"}
CATEGORIES = {"获得电力": "electricity", "纳税": "taxes"}
PLAIN = """关于推广经验的通知

一、主要任务

1.网上办理。企业在网上提交申请。办理时间压缩至3天。

2.上门服务。上海市。工作人员上门。

三、组织实施

各地要抓好落实。
"""


def said(text, *corrections):
    return read_notice(
        text,
        source="new",
        places=PLACES,
        categories=CATEGORIES,
        corrections=[
            Correction(kind, text.index(words), text.index(words) + len(words))
            for kind, words in corrections
        ],
    )


def accounted(text, reading):
    spans = [(one.start, one.end) for one in reading.passages]
    spans += [(one.start, one.end) for measure in reading.measures for one in measure.passages]
    found = "".join("".join(text[start:end].split()) for start, end in sorted(spans))
    return found == "".join(text.split())


def roles(text, measure):
    return [(one.role, text[one.start : one.end]) for one in measure.passages]


def test_an_outcome_without_any_label_is_said_by_its_words():
    reading = said(PLAIN, (MarkKind.OUTCOME, "办理时间压缩至3天。"))
    (practice,) = reading.measures[0].practices
    assert practice.practice_zh == "企业在网上提交申请。"
    assert practice.outcome_zh == "办理时间压缩至3天。"
    assert accounted(PLAIN, reading)


def test_a_label_of_an_outcome_makes_the_rest_the_outcome():
    text = PLAIN.replace("办理时间", "实施结果：办理时间")
    reading = said(text, (MarkKind.OUTCOME_LABEL, "实施结果："))
    (practice,) = reading.measures[0].practices
    assert practice.outcome_zh == "办理时间压缩至3天。"


def test_a_place_inside_a_text_is_said_to_head_it():
    text = PLAIN.replace("企业在", "北京：企业在").replace("办理时间", "上海市推动办理时间")
    reading = said(text, (MarkKind.CITY_LABEL, "上海市"))
    assert [one.city for one in reading.measures[0].practices] == ["beijing", "shanghai"]
    assert accounted(text, reading)


def test_a_heading_that_was_not_seen_begins_a_section_with_its_category_and_count():
    text = PLAIN.replace("2.上门", "（二）获得电力（共2项）\n\n2.上门")
    heading = "（二）获得电力（共2项）"
    reading = said(text, (MarkKind.SECTION_HEADING, heading))
    section = next(one for one in reading.sections if one.name_zh == "获得电力")
    assert (section.label, section.declared_count, section.category) == ("二", 2, "electricity")
    assert reading.measures[1].category == "electricity"
    assert any(one.code == "count_differs" for one in reading.warnings)


def test_a_heading_without_numeral_is_known_by_its_words_and_keys_by_its_place():
    text = PLAIN.replace("三、组织实施", "纳税\n\n1.网上申报。企业在网上申报。\n\n三、组织实施")
    reading = said(text, (MarkKind.SECTION_HEADING, "纳税"), (MarkKind.UNNUMBERED, "网上申报"))
    assert [one.label for one in reading.sections] == ["一", "纳税"]
    assert reading.measures[-1].key == "section-2-1"
    assert reading.measures[-1].category == "taxes"


def test_text_outside_the_measures_becomes_one_by_its_number_and_its_title():
    reading = said(
        PLAIN,
        (MarkKind.NUMBER_LABEL, "三、"),
        (MarkKind.TITLE, "组织实施"),
        (MarkKind.PRACTICE, "各地要抓好落实。"),
    )
    last = reading.measures[-1]
    assert (last.number, last.title_zh) == (3, "组织实施")
    assert last.practices[0].practice_zh == "各地要抓好落实。"
    assert accounted(PLAIN, reading)


def test_a_title_alone_begins_a_measure_without_number():
    reading = said(PLAIN, (MarkKind.UNNUMBERED, "组织实施"))
    last = reading.measures[-1]
    assert (last.number, last.title_zh) == (None, "组织实施")
    assert accounted(PLAIN, reading)


def test_words_of_a_measure_become_text_outside_of_it_and_the_rest_is_said_to_be_loose():
    reading = said(PLAIN, (MarkKind.NOTICE_TEXT, "企业在网上提交申请。"))
    assert [one.role for one in reading.passages].count(Role.NOTICE_TEXT) >= 2
    assert any(one.code == "loose_text" for one in reading.warnings)
    assert accounted(PLAIN, reading)


def test_stretches_are_joined_by_saying_the_whole_is_one():
    reading = said(PLAIN, (MarkKind.TITLE, "上门服务。上海市。"))
    assert (Role.TITLE, "上门服务。上海市。") in roles(PLAIN, reading.measures[1])


def test_a_later_correction_goes_before_an_earlier_one():
    words = "办理时间压缩至3天。"
    reading = said(PLAIN, (MarkKind.OUTCOME, words), (MarkKind.RESPONSIBLE, words))
    assert (Role.RESPONSIBLE, words) in roles(PLAIN, reading.measures[0])
    assert reading.measures[0].practices[0].outcome_zh is None


@pytest.mark.parametrize(
    ("kind", "words", "code"),
    [
        (MarkKind.NUMBER_LABEL, "企业在网上", "no_number"),
        (MarkKind.TITLE, "\n\n", "no_words"),
        (MarkKind.OUTCOME, "企业在网上提交申请。办理时间压缩至3天。", "outcome_without_practice"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(kind, words, code):
    with pytest.raises(NoticeError) as refused:
        said(PLAIN, (kind, words))
    assert refused.value.code == code


@given(
    st.sampled_from([PLAIN, NUMBERED, LISTED]),
    st.lists(
        st.tuples(st.sampled_from(CORRECTABLE), st.integers(0, 400), st.integers(0, 400)),
        max_size=6,
    ),
)
def test_whatever_is_said_every_character_stands_once_or_the_saying_is_refused(text, chosen):
    corrections = [Correction(kind, min(pair), max(pair)) for kind, *pair in chosen]
    try:
        reading = read_notice(
            text, source="new", places=PLACES, categories=CATEGORIES, corrections=corrections
        )
    except NoticeError:
        return
    assert accounted(text, reading)
    assert len({one.key for one in reading.measures}) == len(reading.measures)


@given(st.sampled_from(CORRECTABLE), st.integers(0, 200), st.integers(1, 60))
def test_what_was_said_last_stands(kind, start, length):
    words = PLAIN[start : start + length].strip()
    start += len(PLAIN[start : start + length]) - len(PLAIN[start : start + length].lstrip())
    try:
        reading = said_at(kind, start, start + len(words))
    except NoticeError:
        return
    passages = [*reading.passages, *(one for m in reading.measures for one in m.passages)]
    wanted = {
        MarkKind.UNNUMBERED: Role.TITLE,
        MarkKind.PART_HEADING: Role.SECTION_HEADING,
    }.get(kind) or Role(kind.value)
    covering = [one for one in passages if one.start < start + len(words) and start < one.end]
    assert {one.role for one in covering} == {wanted}


def said_at(kind, start, end):
    return read_notice(
        PLAIN,
        source="new",
        places=PLACES,
        categories=CATEGORIES,
        corrections=[Correction(kind, start, end)],
    )
