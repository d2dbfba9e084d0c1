"""Misprints that a text gives away: doubled words, counts that disagree, marks out of place."""

import re
from collections.abc import Iterator

from reforms.records import MeasureRecord, Role
from reforms.spans import parts_in_source
from reforms.suggesting.figures import figure_values
from reforms.suggesting.shapes import OwnText, Subject, Suggestion, clauses, gettext_noop, own_texts
from reforms.text import words as cut_words

_DOUBLED = re.compile(r"([\u4e00-\u9fff])\1")
# Characters that are written twice: adverbs, and measure words that mean "each".
_WRITTEN_TWICE = frozenset(
    "常仅刚天人层步处大渐种慢好往稍家户时事件个条样点代日月年项街村次字句页门户事重多快早久深明公星"
)
_REPEATED = re.compile(r"([\u4e00-\u9fff,，、]{5,40}?)[,，、]?\1")
_UNLIKE_TIMES = re.compile("工作日")
_COMMA_BEFORE_ITEM = re.compile("[,，](?=“[^“”]{2,8}”[:：])")
_NAMED_NOTICE = re.compile(
    "《(?!关于)(?=[\u4e00-\u9fff]{0,3}(?:进一步|加快|推进|加强|深化|促进|规范|完善|做好|印发))[^《》\n]{6,60}的(?:通知|意见|决定|通告)》"
)
_DOUBLED_MARK = re.compile("([,，。、；;：:])\\1")
# Words that are written with a wrong character again and again, and how they are meant.
_CONFUSED = {
    "投拆": "投诉",
    "布署": "部署",
    "按装": "安装",
    "帐号": "账号",
    "帐户": "账户",
    "报消": "报销",
    "即将来": "即将",
    "既使": "即使",
    "倍受": "备受",
    "起动": "启动",
    "座落": "坐落",
    "侯选": "候选",
    "渡过难关": "度过难关",
    "制定点": "指定点",
    "必需要": "必须要",
    "己经": "已经",
    "末经": "未经",
    "末来": "未来",
    "办里": "办理",
    "审劾": "审核",
    "登纪": "登记",
    "申清": "申请",
    "受里": "受理",
    "缴钠": "缴纳",
    "增殖税": "增值税",
    "通关单证单证": "通关单证",
}
_PAIRS = (("“", "”"), ("《", "》"), ("（", "）"), ("(", ")"))
_CONFUSED_WORDS = re.compile("|".join(map(re.escape, _CONFUSED)))
DOUBLED_RULE = gettext_noop("%(found)s is printed twice in a row.")
CONFUSED_RULE = gettext_noop(
    "%(found)s is no word; a character of the same shape or sound was probably meant."
)
COUNT_RULE = gettext_noop("The heading says %(declared)s; %(found)s measures stand under it.")
UNIT_RULE = gettext_noop(
    "One time is counted in %(before)s before and in %(after)s after; the text does not say whether they are the same."
)
COMMA_RULE = gettext_noop("A new item begins here, and the mark before it is a comma.")
ABOUT_RULE = gettext_noop(
    "The title of a notice normally begins with 关于; the word may have been dropped."
)
MARK_RULE = gettext_noop("The mark %(found)s is printed twice.")
PAIR_RULE = gettext_noop("%(found)s opens and closes nothing, or the other way round.")


def errata_in(
    record: MeasureRecord, text: str, *, declared: int | None = None, found: int | None = None
) -> Iterator[Suggestion]:
    """Yield what may be misprinted in a measure's texts and has no erratum yet."""
    held = [span for erratum in record.errata for span in erratum.spans]
    texts = [*own_texts(record, text)]
    if record.title_spans and record.title_zh:
        texts.insert(0, OwnText(Role.TITLE, None, record.title_spans, record.title_zh))
    for own in texts:
        for start, end, reading, rule, values in _suspicious(own.words):
            (spans,) = parts_in_source(text, [(start, end)], own.spans)
            if any(
                low < held_end and held_start < high
                for low, high in spans
                for held_start, held_end in held
            ):
                continue
            yield Suggestion(
                subject=Subject.ERRATUM,
                role=own.role,
                city=own.city,
                spans=spans,
                words=own.words[start:end],
                value=reading,
                rule=rule,
                values=values,
            )
    yield from _miscounted(record, text, declared, found)


def _miscounted(
    record: MeasureRecord, text: str, declared: int | None, found: int | None
) -> Iterator[Suggestion]:
    """Yield the count of the heading before the measure, where it is not how many there are."""
    if declared is None or found is None or declared == found or not record.passages:
        return
    begins = min(passage.start for passage in record.passages)
    heading = max(text.rfind(f"{declared}项", 0, begins), text.rfind(f"{declared} 项", 0, begins))
    end = text.find("项", heading) + 1
    held = [span for erratum in record.errata for span in erratum.spans]
    if heading < 0 or any(start < end and heading < stop for start, stop in held):
        return
    yield Suggestion(
        subject=Subject.ERRATUM,
        role=Role.SECTION_HEADING,
        city=None,
        spans=((heading, end),),
        words=text[heading:end],
        value=text[heading:end].replace(str(declared), str(found)),
        rule=COUNT_RULE,
        values={"declared": declared, "found": found},
    )


def _suspicious(words: str) -> Iterator[tuple[int, int, str, str, dict[str, object]]]:
    """Yield places of a text with their probable reading, empty where none is known, and the rule."""
    ends = dict(cut_words(words))
    for found in _DOUBLED.finditer(words):
        if found[1] not in _WRITTEN_TWICE and _is_slip(words, found.start(), ends):
            yield *found.span(), found[1], DOUBLED_RULE, {"found": found[1]}
    for found in _REPEATED.finditer(words):
        yield *found.span(), found[1], DOUBLED_RULE, {"found": found[1]}
    for found in _CONFUSED_WORDS.finditer(words):
        yield *found.span(), _CONFUSED[found[0]], CONFUSED_RULE, {"found": found[0]}
    for found in _COMMA_BEFORE_ITEM.finditer(words):
        yield *found.span(), "。", COMMA_RULE, {}
    for found in _NAMED_NOTICE.finditer(words):
        yield *found.span(), found[0].replace("《", "《关于", 1), ABOUT_RULE, {}
    for found in _DOUBLED_MARK.finditer(words):
        yield *found.span(), found[1], MARK_RULE, {"found": found[1]}
    for start, end in clauses(words):
        values = figure_values(words[start:end])
        if (
            values
            and values.before_unit
            and _UNLIKE_TIMES.search(f"{values.before_unit}{values.unit}")
        ):
            low = words.index(values.printed[0], start)
            high = words.index(values.printed[-1], low + 1) + len(values.printed[-1])
            said: dict[str, object] = {"before": values.before_unit, "after": values.unit}
            yield low, high, "", UNIT_RULE, said
    yield from _unpaired(words)


def _is_slip(words: str, start: int, ends: dict[int, int]) -> bool:
    """Tell whether a doubled character is no border of two words (中国国家), nor a word of its own.

    Where the cut makes one word of each side, the doubling is theirs.
    """
    before = next((low for low, high in ends.items() if low <= start < high), start)
    second = start + 1
    if before == start and ends.get(start) == second:
        # Both stand alone, or the second begins a word.
        return True
    if ends.get(before, 0) >= second + 1:
        return ends[before] - before == 2
    return second not in ends


def _unpaired(words: str) -> Iterator[tuple[int, int, str, str, dict[str, object]]]:
    """Yield the marks that open and do not close in their text, or close and did not open."""
    for opening, closing in _PAIRS:
        depth: list[int] = []
        for at, one in enumerate(words):
            if one == opening:
                depth.append(at)
            elif one == closing and depth:
                depth.pop()
            elif one == closing and not (
                closing == ")" and re.search(r"\d\)$", words[max(0, at - 2) : at + 1])
            ):
                yield at, at + 1, "", PAIR_RULE, {"found": closing}
        for at in depth:
            yield at, at + 1, "", PAIR_RULE, {"found": opening}
