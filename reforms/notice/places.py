"""Know the places that a notice names: those of the catalog, and others by the shape of their names."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from reforms.notice.sentences import begins_sentence

# Whatever begins so is a place, known to the catalog or not.
_PROVINCE = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南"
    "|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_OF_A_PROVINCE = "省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区"
# No name begins with a verb of notices, or holds one of these: 浙江省推进市场… names no town 推进市.
_NO_VERB = (
    "(?!推|打造|探索|率先|构建|优化|提|在|以|实施|实行|开展|建立|建设|建成|强化|深入|深化|全面|创新|创建"
    "|积极|出台|发布|完善|健全|各|所有)"
)
_LETTER = "[^\\W\\d_a-zA-Z推打探率构优提在以]"
_PLACE = (
    rf"(?:{_PROVINCE})(?:{_OF_A_PROVINCE})"
    rf"(?:{_NO_VERB}{_LETTER}{{1,8}}?(?:自治州|地区|州市|市|州|盟))?"
    rf"(?:{_NO_VERB}{_LETTER}{{1,5}}?(?:新区|区|县))?"
)
_JOINED = r"\s{0,2}[、,，和及与]\s{0,2}"
_JOINT = re.compile(_JOINED)
_PLACE_AT_HEAD = re.compile(_PLACE)
_TOWN = "[\u4e00-\u9fff]{2,8}(?:自治州|市|州|区|县)"
_PLACES_ALONE = re.compile(
    rf"(?:{_PLACE}|{_PROVINCE})(?:{_JOINED}(?:{_PLACE}|{_PROVINCE}|{_TOWN})){{0,30}}"
)
_PLACE_ALONE = re.compile(rf"({_PLACE})(?:\s{{0,8}}[。:：]|(?=\s)|$)")
_UNKNOWN_PLACE = re.compile(
    r"((?![我本全各该外])[\u4e00-\u9fff]{2,10}(?:自治区|自治州|省|市|区|县|州|盟))"
    r"(?:\s{0,8}[。:：]|(?=\s))"
)
# Within a paragraph only what can be nothing else opens the text of another place.
_PLACE_BEFORE_COLON = re.compile(rf"((?:{_PLACE}|{_PROVINCE}))\s{{0,8}}[:：]")
# Numbers that places have in a measure: （一）北京市。 or 1.北京市：.
_NUMERAL_BEFORE = re.compile(
    r"(?:[(（]\s{0,2}(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s{0,2}[)）]|\d{1,2}\s{0,2}[.．、]|[①-⑳])\s{0,4}"
)
_ENDING = re.compile(r"(?<=..)(?:特别行政区|自治区|省|市)$")


def short_names(places: Collection[str]) -> dict[str, str]:
    """Return the names by their short forms: 北京 for 北京市."""
    return {_ENDING.sub("", name): name for name in places if _ENDING.search(name)}


def place_label(text: str, position: int, end: int, known: re.Pattern[str]) -> re.Match[str] | None:
    """Return the place that heads a text and is set off from it, known or not; None where none does.

    Group 1 is its name, or the names of several.
    """
    return (
        known.match(text, position, end)
        or _PLACE_BEFORE_COLON.match(text, position, end)
        or _PLACE_ALONE.match(text, position, end)
        or _UNKNOWN_PLACE.match(text, position, end)
    )


@dataclass(frozen=True, slots=True)
class PlaceLabel:
    """Where a place is named that heads what follows, with its number and its stop; ``name`` is bare."""

    start: int
    end: int
    name: str


def place_labels(
    text: str, position: int, end: int, known: re.Pattern[str]
) -> Iterator[PlaceLabel]:
    """Yield the places that head what follows: one that begins the text, others after a sentence."""
    numeral = _NUMERAL_BEFORE.match(text, position, end)
    first = place_label(text, numeral.end() if numeral else position, end, known)
    if first:
        yield PlaceLabel(position, first.end(), first[1])
        position = first.end()
    inside = [
        found
        for pattern in (known, _PLACE_BEFORE_COLON)
        for found in pattern.finditer(text, position, end)
        if text[found.end() - 1] in "。:：" and begins_sentence(text, position, found.start())
    ]
    for found in sorted(inside, key=lambda one: one.span()):
        if found.start() >= position:
            yield PlaceLabel(found.start(), found.end(), found[1])
            position = found.end()


def place_pattern(places: Collection[str]) -> re.Pattern[str]:
    """Return the pattern of known places that are set off from what follows; group 1 is their names.

    Several may head one text: 北京市、上海市. Short names are set off by a colon alone: 北京：.
    """
    name = name_pattern(places).pattern
    any_name = name_pattern([*places, *short_names(places)]).pattern
    names = rf"(?:{name})(?:{_JOINED}(?:{name})){{0,30}}"
    short = rf"(?:{any_name})(?:{_JOINED}(?:{any_name})){{0,30}}"
    return re.compile(
        rf"(?=(?:{names})(?:\s{{0,8}}[。:：]|\s|$)|(?:{short})\s{{0,8}}[:：])({short})(?:\s{{0,8}}[。:：])?"
    )


def name_pattern(places: Collection[str]) -> re.Pattern[str]:
    """Return the pattern of one known place, the longest name first."""
    names = sorted((name for name in places if name), key=len, reverse=True)
    return re.compile("|".join(re.escape(name) for name in names) or "(?!)")


def names_places_alone(words: str, places: Collection[str]) -> bool:
    """Tell whether words are nothing but the names of places, as a heading of a section can be."""
    name = name_pattern([*places, *short_names(places)]).pattern
    known = re.fullmatch(rf"(?:{name})(?:{_JOINED}(?:{name})){{0,30}}", words)
    return bool(known or _PLACES_ALONE.fullmatch(words))


def places_at_head(words: str, places: Collection[str]) -> list[str]:
    """Return the places that words begin with, as they name them: 江苏省苏州市探索… names 江苏省苏州市.

    Several where they are joined: 北京市、上海市联合探索….
    """
    known = name_pattern(places)
    named: list[str] = []
    position = 0
    while found := _PLACE_AT_HEAD.match(words, position) or known.match(words, position):
        named.append(found[0])
        joint = _JOINT.match(words, found.end())
        if not joint:
            break
        position = joint.end()
    return named
