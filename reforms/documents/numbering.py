"""The numbers that Word counts by itself, written out: they stand in the print and not in the file's text."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"))
_ROMAN_SMALL = ((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
MAX_COUNTED = 9_999


@dataclass
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""


@dataclass
class Numbering:
    """The lists of a document, and how far each has counted."""

    lists: dict[str, str] = field(default_factory=dict)
    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    styles: Mapping[str, tuple[str | None, str | None, int]] = field(default_factory=dict)
    counted: int = 0
    _counters: defaultdict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def label(self, properties: Any | None) -> str:
        """Count a paragraph by its properties; return its number as printed, empty where it has none."""
        number, level = self._place(properties)
        levels = self.levels.get(self.lists.get(number or "", ""), {})
        if not number or number == "0" or level not in levels:
            return ""
        counters = self._counters[self.lists[number]]
        counters[level] = counters.get(level, levels[level].start - 1) + 1
        for deeper in [other for other in counters if other > level]:
            del counters[deeper]
        own = levels[level]
        if own.form in ("bullet", "none") or not own.text:
            return ""
        words = own.text
        for at in range(level + 1):
            counted = counters.get(at, levels[at].start if at in levels else 1)
            form = levels[at].form if at in levels else "decimal"
            words = words.replace(f"%{at + 1}", formatted(min(counted, MAX_COUNTED), form))
        self.counted += 1
        return words if not words[-1].isalnum() else f"{words} "

    def _place(self, properties: Any | None) -> tuple[str | None, int]:
        """Return the list and the level of a paragraph: its own, else those of its style."""
        if properties is None:
            return None, 0
        own = properties.find(f"{W}numPr")
        number, level = _number_of(own)
        style = properties.find(f"{W}pStyle")
        name = style.get(f"{W}val") if style is not None else None
        seen: set[str] = set()
        while number is None and name and name in self.styles and name not in seen:
            seen.add(name)
            name, number, level = self.styles[name]
        return number, level


def read_numbering(numbering: Any | None, styles: Any | None) -> Numbering:
    """Return the lists of a document's numbering part, and which styles number."""
    found = Numbering()
    if styles is not None:
        found.styles = dict(_styles(styles))
    if numbering is None:
        return found
    for abstract in numbering.iterfind(f"{W}abstractNum"):
        own: dict[int, _Level] = {}
        for level in abstract.iterfind(f"{W}lvl"):
            own[_integer(level.get(f"{W}ilvl"))] = _Level(
                _integer(_value(level, "start"), 1),
                _value(level, "numFmt") or "decimal",
                _value(level, "lvlText") or "",
            )
        found.levels[abstract.get(f"{W}abstractNumId", "")] = own
    for one in numbering.iterfind(f"{W}num"):
        name, abstract_name = one.get(f"{W}numId", ""), _value(one, "abstractNumId") or ""
        overrides = {
            _integer(override.get(f"{W}ilvl")): _integer(_value(override, "startOverride"), 1)
            for override in one.iterfind(f"{W}lvlOverride")
            if override.find(f"{W}startOverride") is not None
        }
        if overrides:
            # A list that begins anew counts by itself.
            copied = {
                at: _Level(overrides.get(at, level.start), level.form, level.text)
                for at, level in found.levels.get(abstract_name, {}).items()
            }
            abstract_name = f"{abstract_name}/{name}"
            found.levels[abstract_name] = copied
        found.lists[name] = abstract_name
    return found


def _styles(styles: Any) -> Any:
    for style in styles.iterfind(f"{W}style"):
        properties = style.find(f"{W}pPr")
        number, level = _number_of(properties.find(f"{W}numPr") if properties is not None else None)
        yield style.get(f"{W}styleId"), (_value(style, "basedOn"), number, level)


def _number_of(numbered: Any | None) -> tuple[str | None, int]:
    if numbered is None:
        return None, 0
    return _value(numbered, "numId"), _integer(_value(numbered, "ilvl"))


def _value(element: Any, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def _integer(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def formatted(number: int, form: str) -> str:
    """Return a number in one of Word's forms; in digits where the form is none of those of notices."""
    if number < 1:
        return str(number)
    match form:
        case (
            "chineseCounting"
            | "chineseCountingThousand"
            | "japaneseCounting"
            | "taiwaneseCounting"
            | "taiwaneseCountingThousand"
        ):
            return chinese(number)
        case "ideographTraditional":
            return _STEMS[(number - 1) % len(_STEMS)]
        case "ideographDigital" | "taiwaneseDigital" | "japaneseDigitalTenThousand":
            return "".join(_DIGITS[int(digit)] for digit in str(number))
        case "decimalFullWidth" | "decimalFullWidth2":
            return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
        case "decimalZero":
            return f"{number:02}"
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if number <= 20:
            return chr(0x245F + number)
        case "lowerLetter" | "upperLetter":
            letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return letters.upper() if form == "upperLetter" else letters
        case "lowerRoman" | "upperRoman":
            roman = _roman(number)
            return roman.upper() if form == "upperRoman" else roman
        case _:
            return str(number)


def chinese(number: int) -> str:
    """Return a number up to 9,999 in Chinese numerals as headings print it: 十一, 一百零二."""
    words, has_gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += ("零" if has_gap and words else "") + _DIGITS[digit] + name
            has_gap = False
        else:
            has_gap = True
    return words.removeprefix("一") if 10 <= number < 20 else words


def _roman(number: int) -> str:
    words = ""
    for value, letters in (*_ROMAN, *_ROMAN_SMALL):
        words += letters * (number // value)
        number %= value
    return words
