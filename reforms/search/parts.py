"""The words that a run without spaces is made of: sayings, numbers with their units, dictionary words."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import rjieba

from reforms.search.query import Word
from reforms.search.spelling import LONGEST_RUN, LOOSE, Sayings, folded
from reforms.search.vocabulary import is_chinese

# The longest run in which a misspelt saying is looked for.
LONGEST_CUT = 40
# Said in questions; nothing is looked for under them.
_SMALL = """
怎么 怎样 怎么样 怎么办 如何 什么 为什么 什么时候 时候 哪里 哪儿 哪些 哪个 多少 多久 多长时间 几天 几个 可以 能否
是否 能 不能 能不能 要不要 需要 想要 请问 我要 我想 我们 一下 有没有 以及 或者 关于
"""
SMALL_CHINESE = frozenset(_SMALL.split())
# Single characters that join words and say nothing by themselves.
FUNCTION_CHARACTERS = frozenset(
    "的地得了着过到在于从向对为以由被把将让给与和及或而且之其是有要想能会可应该也都就还又再才很吗呢吧啊呀么嘛"
    "我你您他她它们这那哪几怎请不没"
)
# What only says where or when; 上海 is one word all the same.
PLACE_CHARACTERS = frozenset("上下中内外里前后间时等去来")
# From so many digits on, a number says enough without its unit.
LONG_NUMBER = 4
_UNITS = """
千伏安 千瓦时 千伏 千瓦 千米 千克 kva kwh kv kw 平方米 平方公里 公里 工作日 自然日 小时 分钟 星期 季度 户次 人次 大类 环节
元 天 日 周 月 年 秒 次 项 份 件 户 家 人 名 位 步 页 张 套 种 类 条 号 笔 米 吨 度 倍 折 %
"""
_MULTIPLIERS = "余多百千万亿个"
_UNIT = f"(?:{'|'.join(_UNITS.split())})"
# A number in digits, what multiplies or counts it, and its unit; no part of a name such as 3C.
_NUMBER = re.compile(
    r"(?<![a-z0-9])(?P<number>[0-9]++(?:,[0-9]{3})*+(?:\.[0-9]++)?+)"
    rf"(?:{_UNIT}|(?![a-z])[{_MULTIPLIERS}]*{_UNIT}?)"
)


class Parts(NamedTuple):
    """The words that a run is made of, and the parts of it that are not looked for."""

    words: tuple[Word, ...] = ()
    left_out: tuple[str, ...] = ()


def parts_of(word: Word, sayings: Sayings, *, is_fine: bool = False) -> Parts:
    """Return the words that a run without spaces is made of; none if it is a single one.

    Names and synonyms of the catalog are kept whole, misspelt ones mended, and a number keeps its
    unit; the rest is cut by a dictionary, ``is_fine`` its compound words too. Single characters are
    left out, and said to be; words of questions and characters that only join words, or say where,
    are passed over. No query.
    """
    run = _mended(folded(word.text), sayings)
    cut = _cut(run, sayings)
    finer = (piece for part in cut for piece in _finer(part, sayings))
    parts = list(dict.fromkeys(finer if is_fine else cut))
    kept = [part for part in parts if _is_word(part)]
    if kept == [run]:
        return _parts_of_number(run)
    if not kept:
        return Parts()
    dropped = (part for part in parts if part not in kept)
    left_out = (part for part in dropped if not _is_small(part) and part not in PLACE_CHARACTERS)
    return Parts(tuple(map(Word, kept)), tuple(left_out))


def _parts_of_number(run: str) -> Parts:
    """Return what may stand somewhere of a number with its unit: a long number, or a long unit."""
    match = _NUMBER.fullmatch(run)
    number = match["number"] if match else ""
    unit = run.removeprefix(number)
    counted = unit.lstrip(_MULTIPLIERS)
    if not number or not unit:
        return Parts()
    if sum(map(str.isdigit, number)) >= LONG_NUMBER:
        return Parts((Word(number),), (unit,))
    left_out = (run.removesuffix(counted),)
    return Parts((Word(counted),), left_out) if len(counted) > 1 else Parts()


def _is_word(part: str) -> bool:
    if part in SMALL_CHINESE or not any(map(str.isalnum, part)):
        return False
    return len(part) > 1 or part.isdigit()


def _is_small(part: str) -> bool:
    """Tell whether a part says nothing: a word of questions, a joining character, punctuation."""
    if part in SMALL_CHINESE:
        return True
    return all(one in FUNCTION_CHARACTERS or not one.isalnum() for one in part)


def _cut(run: str, sayings: Sayings) -> Iterator[str]:
    """Yield the parts of a run in order: a number with its unit is one."""
    position = 0
    for match in _NUMBER.finditer(run):
        yield from _words_of(run[position : match.start()], sayings)
        yield match.group()
        position = match.end()
    yield from _words_of(run[position:], sayings)


def _words_of(run: str, sayings: Sayings) -> Iterator[str]:
    """Yield the sayings of a run, and the words of a dictionary between them, in order."""
    borders = _borders(run)
    position = begin = 0
    while position < len(run):
        saying = _saying_at(run, position, borders, sayings)
        if saying:
            yield from _in_dictionary(run[begin:position])
            yield saying
            position += len(saying)
            begin = position
        else:
            position += 1
    yield from _in_dictionary(run[begin:])


def _borders(run: str) -> set[int]:
    """Return the places between words, and those beside a small word at either end of a word.

    A dictionary makes one word of 怎么办, and of 办电要: there is 办电 in both 怎么办电 and 办电要.
    """
    found = {0}
    begin = 0
    for word in _in_dictionary(run):
        for place in range(1, len(word)):
            if _is_small(word[:place]) or _is_small(word[place:]):
                found.add(begin + place)
        begin += len(word)
        found.add(begin)
    return found


def _saying_at(run: str, place: int, borders: set[int], sayings: Sayings) -> str:
    """Return the longest saying that begins at a place; only between words: no 通电 in 开通电子."""
    if place not in borders:
        return ""
    for length in range(min(len(run) - place, LONGEST_RUN), 1, -1):
        piece = run[place : place + length]
        if place + length in borders and piece in sayings:
            return piece
    return ""


def _in_dictionary(run: str) -> list[str]:
    return list(rjieba.cut(run)) if run else []


def _finer(part: str, sayings: Sayings) -> list[str]:
    """Return the shorter words that a dictionary's compound is made of; as it is where it is none."""
    if part in sayings or _NUMBER.fullmatch(part):
        return [part]
    found = _shorter_words(part)
    return found if any(map(_is_word, found)) else [part]


def _shorter_words(run: str) -> list[str]:
    """Return the words of a run, those that a dictionary's compounds are made of: 电话, 号码."""
    found: list[str] = []
    for word in _in_dictionary(run):
        pieces = [piece for piece in rjieba.cut_for_search(word) if piece != word]
        position = 0
        while position < len(word):
            here = [piece for piece in pieces if word.startswith(piece, position)]
            length = len(max(here, key=len)) if here else 1
            found.append(word[position : position + length] if pieces else word)
            position += len(found[-1])
    return found


def _mended(run: str, sayings: Sayings) -> str:
    """Return a run with the longest misspelt saying in it mended; a very long run as it is."""
    if len(run) > LONGEST_CUT:
        return run
    for length in range(min(len(run), LONGEST_RUN), 2, -1):
        for begin in range(len(run) - length + 1):
            piece = run[begin : begin + length]
            if piece in sayings or not all(map(is_chinese, piece)):
                continue
            near = [miss for miss in sayings.near(piece) if miss.cost < LOOSE / 2]
            if near:
                return f"{run[:begin]}{min(near).text}{run[begin + length :]}"
    return run
