"""Why a measure was found: the hits marked exactly where they stand, and the best passage of each city."""

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from reforms.records import Decision, ErratumRecord, OutcomeState, Role
from reforms.search import Excerpt, Stretch, best_excerpt, marks, stretches
from reforms.search.excerpts import WIDTHS, excerpt
from reforms.spans import ELLIPSIS
from reforms.templatetags.words import marked
from reforms.text import Phrase, phrase
from tests import world
from tests.test_search_exactness import fold, stands

LETTERS = "天地７7kKax发發 ,。“<&>é"


def wanted(*words: str) -> list[Phrase]:
    return [found for found in map(phrase, words) if found]


def hits(text: str, *words: str) -> list[str]:
    """Return the words that are marked in a text."""
    return [text[start:end] for start, end in marks(text, wanted(*words))]


# --- Marks ---


def test_hits_are_marked_wherever_they_stand_and_only_there():
    text = "市政审批时间由56天压缩至15天,今年,进一步压缩至5天。"
    assert hits(text, "压缩") == ["压缩", "压缩"]
    assert hits(text, "5天") == ["5天"]
    assert marks(text, wanted("5天")) == [(len(text) - 3, len(text) - 1)]
    assert hits(text, "天") == ["天", "天", "天"]
    assert hits(text, "15", "56天", "审批时间") == ["审批时间", "56天", "15"]
    assert hits(text, "压缩时间", "6天", "1") == []
    assert marks("", wanted("天")) == marks(text, []) == []


@pytest.mark.parametrize(
    ("text", "typed", "marked_words"),
    [
        ("电子发票", "發票", "发票"),
        ("電子發票", "发票", "發票"),
        ("共１５天内", "15天", "１５天"),
        ("共15天内", "１５天", "15天"),
        ("约100㎡的", "m2", "㎡"),
        ("使用ＡＰＰ办理", "app", "ＡＰＰ"),
        ("Two managers for customers", "manager", "managers"),
        ("“零上门”、零审批", "零上门零", ""),
        ("“零上门”、零审批", "上门 零审", "上门”、零审"),
        ("café au lait", "CAFE", "café"),
        ("cafe\u0301 au lait", "café", "cafe"),
        ("160kVA及以下", "160 kva", "160kVA"),
        ("零\u200b上门", "零上", "零\u200b上"),
    ],
)
def test_what_is_written_otherwise_is_marked_as_it_is_printed(text, typed, marked_words):
    assert hits(text, typed) == ([marked_words] if marked_words else [])


def test_hits_that_overlap_or_touch_are_one_mark():
    assert hits("一网通办", "一网通", "网通办") == ["一网通办"]
    assert hits("一网通办", "一网", "通办") == ["一网通办"]
    assert hits("天天天天", "天天") == ["天天天天"]
    assert hits("一网 通办", "一网", "通办") == ["一网", "通办"]


@given(st.text(alphabet=LETTERS, max_size=20), st.text(alphabet=LETTERS, min_size=1, max_size=4))
def test_marks_stand_exactly_where_a_scan_finds_the_words(text, words):
    found = marks(text, wanted(words))
    if fold(words):
        assert bool(found) == stands(fold(words), fold(text))
    for start, end in found:
        assert stands(fold(words), fold(text[start:end]))
    assert found == sorted(found)
    assert all(low[1] < high[0] for low, high in pairwise(found))


# --- Stretches ---


@given(
    st.text(alphabet=LETTERS, max_size=20),
    st.lists(st.text(alphabet=LETTERS, min_size=1, max_size=3), max_size=3),
    st.integers(0, 20),
    st.integers(0, 20),
)
def test_stretches_joined_are_the_text_and_the_hits_are_the_marks(text, words, begin, length):
    spans = marks(text, wanted(*words))
    parts = stretches(text, spans)
    assert "".join(part.text for part in parts) == text
    assert [part.text for part in parts if part.is_hit] == [text[low:high] for low, high in spans]
    assert all(part.text for part in parts)
    begin = min(begin, len(text))
    end = min(begin + length, len(text))
    inner = stretches(text, spans, begin, end)
    assert "".join(part.text for part in inner) == text[begin:end]


def test_a_text_without_a_hit_is_one_stretch_and_an_empty_one_is_none():
    assert stretches("天地", []) == [Stretch("天地", False)]
    assert stretches("", []) == []
    assert stretches("天地", [(0, 2)]) == [Stretch("天地", True)]


# --- Escaped first, marked afterwards ---


def test_a_text_is_escaped_and_then_marked():
    text = "<b>天</b> & 天"
    assert marked(text, wanted("天")) == (
        "&lt;b&gt;<mark>天</mark>&lt;/b&gt; &amp; <mark>天</mark>"
    )
    assert marked(text, wanted("b")) == ("&lt;<mark>b</mark>&gt;天&lt;/<mark>b</mark>&gt; &amp; 天")
    assert marked("<mark>", wanted("mark")) == "&lt;<mark>mark</mark>&gt;"
    assert isinstance(marked(text, wanted("天")), SafeString)


def test_words_that_look_like_an_entity_are_never_cut_into_one():
    assert marked("&amp;", wanted("amp")) == "&amp;<mark>amp</mark>;"
    assert marked("a&lt b", wanted("lt")) == "a&amp;<mark>lt</mark> b"


def test_a_text_without_words_to_mark_is_only_escaped():
    assert marked("<天>", []) == marked("<天>", wanted("地")) == "&lt;天&gt;"
    assert marked("", wanted("天")) == marked(None, wanted("天")) == ""


def test_the_tag_escapes_in_a_template_too():
    template = Template("{% load words %}{% marked text phrases %}")
    text = template.render(Context({"text": "<天>", "phrases": wanted("天")}))
    assert text == "&lt;<mark>天</mark>&gt;"


@given(
    st.text(alphabet="<>&\"'天ab;", max_size=20), st.text(alphabet="天ab", min_size=1, max_size=2)
)
def test_no_character_of_a_text_is_lost_or_becomes_markup(text, words):
    shown = marked(text, wanted(words)).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in shown
    back = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    assert back.replace("&#x27;", "'").replace("&amp;", "&") == text


# --- The best passage ---


def shown(text: str, *words: str, language: str = "zh") -> str:
    return "".join(part.text for part in excerpt(text, wanted(*words), language))


def test_a_short_text_is_shown_whole_and_a_text_without_the_words_not_at_all():
    assert shown("审批压缩至5天。", "压缩") == "审批压缩至5天。"
    assert excerpt("审批压缩至5天。", wanted("发票"), "zh") == ()


def test_a_long_text_is_cut_around_the_hit_with_marks_of_what_is_left_out():
    text = f"{'前' * 200}。先在此审批,{'后' * 200}"
    found = shown(text, "审批")
    assert found.startswith(f"{ELLIPSIS}先在此审批")
    assert found.endswith(f"后{ELLIPSIS}")
    assert len(found) <= WIDTHS["zh"][0] + 2
    assert not shown(f"审批{'后' * 200}", "审批").startswith(ELLIPSIS)
    assert not shown(f"{'前' * 200}审批", "审批").endswith(ELLIPSIS)


def test_the_passage_with_most_of_the_words_is_shown():
    text = f"审批。{'中' * 200}审批发票。{'中' * 200}发票。"
    assert "审批发票" in shown(text, "审批", "发票")
    assert "审批发票" not in shown(text, "审批")


def test_an_english_word_is_not_cut_at_the_end():
    text = " ".join(["approval", *(f"word{'x' * (n % 7)}" for n in range(100))])
    found = shown(text, "approval", language="en").rstrip(ELLIPSIS)
    assert len(found) <= WIDTHS["en"][0]
    assert text[len(found)] == " "


def test_a_hit_is_never_cut():
    long = "审" + "批" * 150
    assert long in shown(f"{'前' * 100}{long}{'后' * 100}", long)


def test_a_line_break_is_shown_as_a_space():
    assert shown("审批\n发票", "审批") == "审批 发票"


@given(
    st.text(alphabet="天地7kx ,。\n", min_size=1, max_size=260),
    st.lists(st.text(alphabet="天地7kx", min_size=1, max_size=3), min_size=1, max_size=3),
    st.sampled_from(["zh", "en"]),
)
def test_an_excerpt_is_a_part_of_the_text_with_a_hit(text, words, language):
    parts = excerpt(text, wanted(*words), language)
    assert bool(parts) == bool(marks(text, wanted(*words)))
    if not parts:
        return
    cut = list(parts)
    is_cut_before = cut[0] == Stretch(ELLIPSIS, False)
    is_cut_after = len(cut) > 1 and cut[-1] == Stretch(ELLIPSIS, False)
    inner = "".join(part.text for part in cut[is_cut_before : len(cut) - is_cut_after])
    flat = text.replace("\n", " ")
    assert inner in flat
    assert is_cut_before or flat.startswith(inner)
    assert is_cut_after or flat.endswith(inner)
    marked_parts = [part for part in parts if part.is_hit]
    assert marked_parts
    whole = {flat[low:high] for low, high in marks(text, wanted(*words))}
    assert {part.text for part in marked_parts} <= whole


# --- The best passage of a city ---


def practice_of(
    practice: tuple[str, str], outcome: tuple[str, str] | None = None, *, is_edited: bool = False
) -> Any:
    """Return a practice as ``best_excerpt`` reads it: Chinese and English of it and its outcome."""

    def text(words: tuple[str, str]) -> dict[str, Any]:
        return {"text_zh": words[0], "text_en": words[1], "is_text_edited": is_edited}

    return SimpleNamespace(
        **text(practice),
        city="beijing",
        outcome_state=OutcomeState.STATED if outcome else OutcomeState.NOT_STATED,
        outcome=SimpleNamespace(**text(outcome)) if outcome else None,
    )


def best(practice: Any, *words: str, english: bool = False, errata: Any = ()) -> Excerpt | None:
    return best_excerpt(practice, errata, wanted(*words), prefers_english=english)


BOTH = practice_of(("先审批,发票", "Approval first"), ("审批5天", "Approval in 5 days"))


def test_the_outcome_is_preferred_where_both_hold_as_much():
    found = best(BOTH, "审批")
    assert (found.stands_in, found.language, found.text) == (Role.OUTCOME, "zh", "审批5天")
    assert found.city == "beijing"


def test_the_text_with_most_of_the_words_is_preferred_over_the_outcome():
    assert best(BOTH, "审批", "发票").stands_in == Role.PRACTICE


def test_the_readers_language_is_preferred_where_both_hold_the_words():
    words = ("审批", "approval")
    assert best(BOTH, *words).language == "zh"
    assert best(BOTH, *words, english=True).language == "en"
    assert best(BOTH, *words, english=True).text == "Approval in 5 days"
    # Where only the other language has them, that is shown.
    assert best(BOTH, "发票", english=True).language == "zh"
    assert best(BOTH, "first").language == "en"


def test_the_readers_language_comes_before_more_of_the_words():
    words = ("审批", "发票", "approval")
    assert best(BOTH, *words).language == "zh"
    found = best(BOTH, *words, english=True)
    assert (found.language, found.stands_in) == ("en", Role.OUTCOME)


def test_a_city_without_the_words_has_no_excerpt():
    assert best(BOTH, "快递") is None
    assert best(BOTH) is None
    assert best(practice_of(("审批", "")), "审批").stands_in == Role.PRACTICE


def test_an_outcome_that_is_not_stated_is_not_shown():
    practice = practice_of(("审批", ""), ("发票", ""))
    practice.outcome_state = OutcomeState.NOT_ENTERED
    assert best(practice, "发票") is None


def test_chinese_that_was_edited_says_so_and_english_does_not():
    practice = practice_of(("先审批", "Approval first"), is_edited=True)
    assert best(practice, "审批").is_edited
    assert not best(practice, "approval").is_edited
    assert not best(BOTH, "审批").is_edited


def misprint(**values: Any) -> ErratumRecord:
    erratum = replace(
        world.measure_two().errata[0],
        as_printed="表装装电",
        reading="装表接电",
        stands_in=Role.PRACTICE,
    )
    return replace(erratum, **values)


def test_the_right_word_shows_the_reading_of_a_misprint_and_says_so():
    practice = practice_of(("先表装装电,后审批", ""), ("成效", ""))
    found = best(practice, "装表接电", errata=[misprint()])
    assert (found.text, found.is_reading, found.stands_in) == (
        "先装表接电,后审批",
        True,
        Role.PRACTICE,
    )
    assert [part.text for part in found.stretches if part.is_hit] == ["装表接电"]
    printed = best(practice, "表装装电", errata=[misprint()])
    assert (printed.text, printed.is_reading) == ("先表装装电,后审批", False)


def test_what_is_printed_comes_before_a_reading():
    found = best(practice_of(("先表装装电,后审批", "")), "审批", "装表接电", errata=[misprint()])
    assert not found.is_reading


@pytest.mark.parametrize(
    "values", [{"decision": Decision.REFUSED}, {"reading": None}, {"stands_in": Role.OUTCOME}]
)
def test_a_reading_that_is_refused_missing_or_of_another_text_is_not_shown(values):
    practice = practice_of(("先表装装电", ""), ("成效", ""))
    assert best(practice, "装表接电", errata=[misprint(**values)]) is None


@pytest.mark.django_db
def test_an_excerpt_asks_nothing_of_the_database(django_assert_num_queries):
    world.build_world()
    measure = world.get_measure("1")
    practices, errata = list(measure.practices.all()), list(measure.errata.all())
    with django_assert_num_queries(0):
        found = [
            best_excerpt(practice, errata, wanted("15天"), prefers_english=False)
            for practice in practices
        ]
    assert [one.stands_in for one in found] == [Role.OUTCOME, Role.OUTCOME]
    assert [one.city.slug for one in found] == [world.BEIJING, world.SHANGHAI]
    assert all("全程不超过15天" in one.text for one in found)
