"""Figures that a text states: numbers with units, what changed to what, and what kind of number each is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reforms.numerals import plain, printed_value
from reforms.records import Bound, Direction, MeasureRecord, Nature
from reforms.spans import parts_in_source
from reforms.suggesting.shapes import OwnText, Subject, Suggestion, clauses, gettext_noop, own_texts

MAX_SERIES = 6
_TIME = "(?:个?工作日|个?自然日|日|天|小时|分钟|秒|个月|周|年)"
_COUNTED = "(?:余|多)?(?:户次|人次|大类|美元|万元|千伏安|千瓦|平方米|平方公里|公里|[项件次户人名家份条笔种类步页套个台辆米吨元批门所环处座艘])"
_UNIT = rf"(?:(?:余|多)?{_TIME}|%|％|‰|个?百分点|{_COUNTED})"
_DECIMAL = r"\d+(?:[,，]\d{3})*(?:\.\d+)?[万亿]?"
_NUMERAL = "[一二两三四五六七八九十百]{1,4}"
# Not the middle of a number or a name, not an ordinal, a date, a list's number or a document's.
_START = r"(?<![0-9A-Za-z.,，+×第〔(（〕\-—–/])"
_QUANTITY = re.compile(
    rf"{_START}(?P<number>{_DECIMAL})(?P<unit>{_UNIT})(?P<noun>[\u4e00-\u9fff]?)"
)
_DAY = re.compile(
    r"\d{4}年(?:\d{1,2}月(?:\d{1,2}[日号])?|上半年|下半年|全年|底|初|以来|末)?|\d{1,2}月(?:\d{1,2}[日号])|\d{1,2}月份?"
)
_OLD_NUMBER = re.compile(r"\d+号")
_LIST_NUMBER = re.compile(r"[(（]\d{1,2}[)）]|^\s*\d{1,2}[.、．]")
_HOURS = re.compile(r"(?P<days>\d{1,3})[×x*](?P<hours>24)小时")
_NAMED_STEPS = re.compile(
    rf"“?(?P<before>{_NUMERAL}步)[^“”,，。;；]{{0,4}}”?(?:减为|改为|变为|压缩为|合并为|减少为)“?(?P<after>{_NUMERAL}步)"
)
_BIG_CLASSES = re.compile(
    rf"(?P<number>{_NUMERAL})(?P<unit>大类|大项|个方面)(?=问题|服务|事项|业务)"
)
_ZERO = re.compile(
    r"(?:费用|成本|投资|支出|收费)(?:仅)?(?:为|是|降至|降为)(?P<number>0|零)(?![\d.])"
)
_CHANGE = re.compile(
    "压缩|缩短|缩减|减少|减至|减为|降低|降至|降为|下降|提升|提高|增加|增长|扩大|延长|放宽|调整|优化|上升|精简"
)
_TO = re.compile("(?:至|到|为|成)$")
_DOWN = re.compile(
    "压缩|缩短|缩减|减少|减至|减为|减并|降低|降至|降为|下降|精简|节约|节省|压减|取消|少跑"
)
_UP = re.compile("提升|提高|增加|增长|扩大|延长|放宽|上升|扩至")
_SAVED = re.compile("节约|节省|减并|减少|少跑|缩短|降低|压减|免除|精简|取消")
_TOTAL = re.compile("累计|共计?|总计|合计|已有|已经?|突破|目前|截至|全年|上半年|以来")
_FORECAST = re.compile("预计|预期|将可|力争|有望")
_AVERAGE = re.compile("日均|月均|年均|平均|人均|户均|件均")
_LIMIT_WORDS = re.compile("容量|标准|限额|上限|不超过|以内|之内|限时")
_BEFORE_WORD = {
    "超过": Bound.MORE_THAN,
    "突破": Bound.MORE_THAN,
    "多于": Bound.MORE_THAN,
    "不超过": Bound.AT_MOST,
    "不多于": Bound.AT_MOST,
    "至多": Bound.AT_MOST,
    "不少于": Bound.AT_LEAST,
    "至少": Bound.AT_LEAST,
    "不低于": Bound.AT_LEAST,
    "约": Bound.ABOUT,
    "大约": Bound.ABOUT,
    "近": Bound.LESS_THAN,
    "不到": Bound.LESS_THAN,
    "不足": Bound.LESS_THAN,
}
_AFTER_WORD = {
    "以内": Bound.AT_MOST,
    "之内": Bound.AT_MOST,
    "及以下": Bound.AT_MOST,
    "以下": Bound.AT_MOST,
    "内": Bound.AT_MOST,
    "及以上": Bound.AT_LEAST,
    "以上": Bound.AT_LEAST,
    "左右": Bound.ABOUT,
}
_BEFORE = re.compile(f"(?:{'|'.join(sorted(_BEFORE_WORD, key=len, reverse=True))})$")
_AFTER = re.compile("|".join(sorted(_AFTER_WORD, key=len, reverse=True)))
# Numbers that only say how things are counted, not what came of anything.
_NO_FIGURE = re.compile("^(?:次|个|家|名|项|类|种|条)$")
CHANGE_RULE = gettext_noop("The text says what it was and what it became: %(printed)s.")
NUMBER_RULE = gettext_noop("A number with its unit stands here: %(printed)s.")
ZERO_RULE = gettext_noop("The text states a cost of nothing.")


@dataclass(frozen=True)
class FigureValues:
    """What the words of a figure say of it; null where they do not.

    ``printed`` are the numbers as printed, ``values`` in plain decimals; more than one is a change
    from the first to the last.
    """

    printed: tuple[str, ...]
    values: tuple[str, ...]
    unit: str | None
    before_unit: str | None
    nature: Nature
    bound: Bound
    qualifier: str | None
    direction: Direction


@dataclass(frozen=True)
class _Number:
    start: int
    end: int
    printed: str
    value: str
    unit: str


def figures_in(record: MeasureRecord, text: str) -> Iterator[Suggestion]:
    """Yield the figures that the practices and outcomes state and the record does not hold there."""
    for own in own_texts(record, text):
        practice = next(one for one in record.practices if one.city == own.city)
        held = [figure.quote_spans for figure in practice.figures]
        for (start, end), numbers in _stated(own):
            spans, *places = parts_in_source(
                text, [(start, end), *((one.start, one.end) for one in numbers)], own.spans
            )
            touched = [span for place in places for span in place]
            if any(
                low < high_end and low_start < high
                for quote in held
                for low_start, high_end in quote
                for low, high in touched
            ):
                continue
            printed = tuple(one.printed for one in numbers)
            rule = CHANGE_RULE if len(numbers) > 1 else NUMBER_RULE
            yield Suggestion(
                subject=Subject.FIGURE,
                role=own.role,
                city=own.city,
                spans=spans,
                words=own.words[start:end],
                value="\n".join(printed),
                numbers=tuple(touched),
                rule=ZERO_RULE if printed == ("0",) else rule,
                values={"printed": "…".join(printed)},
            )


def figure_values(words: str) -> FigureValues | None:
    """Return what the words of one figure say of it; None where no number with a unit stands there."""
    numbers = [*_numbers(words)]
    if not numbers or len(numbers) > MAX_SERIES:
        return None
    series = next((one for one in _grouped(words, numbers)), numbers)
    first, last = series[0], series[-1]
    before, after = words[: first.start], words[last.end :]
    bound, qualifier = _bound(before, after, last.printed)
    return FigureValues(
        printed=tuple(one.printed for one in series),
        values=tuple(one.value for one in series),
        unit=last.unit or None,
        before_unit=first.unit if len(series) > 1 and first.unit != last.unit else None,
        nature=_nature(words, series, bound),
        bound=bound,
        qualifier=qualifier,
        direction=_direction(words, series),
    )


def _stated(own: OwnText) -> Iterator[tuple[tuple[int, int], list[_Number]]]:
    """Yield the figures of a text: the clause that states each, and its numbers there."""
    for start, end in clauses(own.words):
        clause = own.words[start:end]
        numbers = [*_numbers(clause)]
        for series in _grouped(clause, numbers):
            if not _says_something(clause, series):
                continue
            yield (
                (start, end),
                [
                    _Number(start + one.start, start + one.end, one.printed, one.value, one.unit)
                    for one in series
                ],
            )


def _numbers(words: str) -> Iterator[_Number]:
    """Yield the numbers with units of some words, in order, without dates and names."""
    taken = [
        found.span()
        for found in (
            *_DAY.finditer(words),
            *_OLD_NUMBER.finditer(words),
            *_LIST_NUMBER.finditer(words),
        )
    ]
    found: list[_Number] = []

    def free(start: int, end: int) -> bool:
        return not any(low < end and start < high for low, high in taken)

    for match in _HOURS.finditer(words):
        for name, unit in (("days", ""), ("hours", "小时")):
            low = match.start(name)
            high = match.end() if name == "hours" else match.end(name)
            found.append(_Number(low, high, words[low:high], match[name], unit))
        taken.append(match.span())
    for match in _NAMED_STEPS.finditer(words):
        for name in ("before", "after"):
            value = printed_value(match[name])
            if value is not None:
                low, high = match.span(name)
                found.append(_Number(low, high, match[name], plain(value), "步"))
        taken.append(match.span())
    for match in _BIG_CLASSES.finditer(words):
        value = printed_value(match["number"])
        if value is not None and free(*match.span()):
            found.append(_Number(match.start(), match.end(), match[0], plain(value), match["unit"]))
            taken.append(match.span())
    for match in _QUANTITY.finditer(words):
        value = printed_value(match["number"].replace("，", ","))
        low, high = match.start(), match.end("unit")
        if value is not None and free(low, high):
            unit = re.sub("^[余多]", "", match["unit"])
            found.append(_Number(low, high, words[low:high], plain(value), unit))
    for match in _ZERO.finditer(words):
        if free(*match.span("number")):
            found.append(_Number(match.start("number"), match.end("number"), "0", "0", ""))
    yield from sorted(found, key=lambda one: one.start)


def _grouped(words: str, numbers: list[_Number]) -> Iterator[list[_Number]]:
    """Yield the numbers in groups: a change from one to another is one figure, any other stands alone."""
    at = 0
    while at < len(numbers):
        group = [numbers[at]]
        while at + 1 < len(numbers) and _goes_on(words, group[-1], numbers[at + 1]):
            at += 1
            group.append(numbers[at])
        yield group
        at += 1


def _goes_on(words: str, before: _Number, after: _Number) -> bool:
    """Tell whether two numbers are one change: 由56天压缩至15天, of units of one sort."""
    between = words[before.end : after.start]
    changes = _CHANGE.search(between) and _TO.search(between.rstrip())
    is_step = before.unit == after.unit == "步"
    return (
        bool(changes or is_step) and len(between) < 16 and _sort(before.unit) == _sort(after.unit)
    )


def _sort(unit: str) -> str:
    return "time" if re.fullmatch(_TIME, unit) else unit


def _says_something(clause: str, series: list[_Number]) -> bool:
    """Tell whether a number is a figure: it changed, is a time, money or a share, or counts a result."""
    if len(series) > 1:
        return True
    (one,) = series
    if one.printed == "1个":
        return False
    if (
        one.printed == "0"
        or _sort(one.unit) == "time"
        or one.unit in ("%", "％", "‰", "元", "千伏安", "千瓦")
    ):
        return True
    if re.search("[万亿余多,，]", one.printed) or len(one.value) > 2:
        return True
    return bool(
        _CHANGE.search(clause)
        or _SAVED.search(clause)
        or _TOTAL.search(clause)
        or not _NO_FIGURE.match(one.unit)
        or _counts(clause, one)
    )


def _counts(clause: str, one: _Number) -> bool:
    """Tell whether a small number counts things that the text names behind it: 18个管理部, 5项审批手续."""
    return bool(re.match("[\u4e00-\u9fff]{2,}", clause[one.end :]))


def _bound(before: str, after: str, printed: str) -> tuple[Bound, str | None]:
    """Return how exact a number is, and the word that says so."""
    word = _BEFORE.search(before)
    if word:
        return _BEFORE_WORD[word[0]], word[0]
    word = _AFTER.match(after)
    if word:
        return _AFTER_WORD[word[0]], word[0]
    if re.search("[余多]", printed):
        return Bound.MORE_THAN, re.findall("[余多]", printed)[0]
    return Bound.EXACT, None


def _nature(words: str, series: list[_Number], bound: Bound) -> Nature:
    """Return what kind of number it is, by the words around it."""
    last = series[-1]
    lead = words[: last.start]
    if _FORECAST.search(lead):
        return Nature.FORECAST
    if last.unit in ("%", "％", "‰"):
        return Nature.SHARE
    if _AVERAGE.search(lead):
        return Nature.AVERAGE
    is_target = bool(re.search("(?:至|到|为)$", lead)) or len(series) > 1
    if bound is Bound.AT_MOST or (last.unit == "千伏安" and _LIMIT_WORDS.search(words)):
        return Nature.LIMIT
    if _SAVED.search(lead) and not is_target:
        return Nature.SAVING
    is_count = _sort(last.unit) != "time" and last.unit not in ("步", "")
    if is_count and not is_target and (_TOTAL.search(words) or re.search("[万亿]", last.printed)):
        return Nature.CUMULATIVE
    return Nature.ACHIEVED


def _direction(words: str, series: list[_Number]) -> Direction:
    """Return which way a number went, by the word that changes it or by its own values."""
    if len(series) > 1 and series[0].unit == series[-1].unit:
        first, last = float(series[0].value), float(series[-1].value)
        if first != last:
            return Direction.INCREASE if last > first else Direction.DECREASE
    lead = words[: series[-1].start]
    downs, ups = [*_DOWN.finditer(lead)], [*_UP.finditer(lead)]
    if downs and (not ups or downs[-1].start() > ups[-1].start()):
        return Direction.DECREASE
    return Direction.INCREASE if ups else Direction.NONE
