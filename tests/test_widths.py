"""Full-width punctuation: among Chinese characters, never among digits or in English."""

import json
import unicodedata
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from reforms.text import full_width, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("审批时间,今年;压缩:是!吗?", "审批时间，今年；压缩：是！吗？"),
        ("服务“零上门”,环节", "服务“零上门”，环节"),
        ("改革举措6:提供", "改革举措6：提供"),
        ("上线APP,并", "上线APP，并"),
        ("压缩至5天,2018年", "压缩至5天，2018年"),
        ("获得电力(3项)", "获得电力（3项）"),
        ("送(停)电", "送（停）电"),
        ("(1)针对", "（1）针对"),
        ("中国(上海)国际", "中国（上海）国际"),
        ("平台(GIS),并", "平台（GIS），并"),
        ("通知》(沪建管〔2018〕150号),依托", "通知》（沪建管〔2018〕150号），依托"),
    ],
)
def test_marks_among_chinese_become_full_width(text: str, expected: str) -> None:
    assert full_width(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5,800户",
        "50,000余页",
        "10:30至12:00",
        "3.5%",
        "比例为2:1",
        "Beijing, Shanghai: yes; (no)!",
        "He said 你好, and left.",
        "PDF, Word等",
        "f(x)",
        "GIS(地理信息系统)",
        "已是全角，不变。",
    ],
)
def test_numbers_times_and_english_stay(text: str) -> None:
    assert full_width(text) == text


def source_text() -> str:
    for file in sorted(Path(settings.BASE_DIR, "fixtures").glob("02*.json")):
        for row in json.loads(file.read_text(encoding="utf-8")):
            if row["model"] == "reforms.source":
                return str(row["fields"]["text"])
    raise AssertionError("no source")


def test_in_the_real_print_only_the_commas_of_three_numbers_are_left() -> None:
    text = source_text()
    wide = full_width(text)
    assert sum(old != new for old, new in zip(text, wide, strict=True)) > 200
    left = [wide[place - 2 : place + 4] for place, sign in enumerate(wide) if sign in ",;:?!()"]
    assert left == ["50,000", "11,000", "27,885"]


@given(st.text(alphabet="中文a1 ,;:?!()“”《》.%\n", max_size=40))
def test_only_marks_change_each_into_its_own_wide_form_and_once(text: str) -> None:
    wide = full_width(text)
    for old, new in zip(text, wide, strict=True):
        assert old == new or (old in ",;:?!()" and unicodedata.normalize("NFKC", new) == old)
    assert wide.count("（") == wide.count("）")
    for place in range(1, len(text) - 1):
        if text[place - 1].isdigit() and text[place + 1].isdigit() and text[place] in ",.:":
            assert wide[place] == text[place]


def test_sentences_end_with_their_mark_and_what_closes_behind_it() -> None:
    def cut(text: str) -> list[str]:
        return [text[start:end] for start, end in sentences(text)]

    assert cut("一次。“都不跑。”再来!甲？乙") == ["一次。", "“都不跑。”", "再来!甲？", "乙"]
    assert cut(" 甲。 乙。\n丙") == ["甲。", "乙。", "丙"]
    assert cut("3.5天,a.b") == ["3.5天,a.b"]
    assert cut("\n \n") == []


@given(st.text(alphabet="中a。！”）\n ", max_size=30))
def test_sentences_lose_nothing_but_white_space(text: str) -> None:
    found = "".join(text[start:end] for start, end in sentences(text))
    assert "".join(found.split()) == "".join(text.split())
