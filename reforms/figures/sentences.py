"""A stated figure as readers see it: a short sentence in their language, and its change."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from reforms.models import Figure
from reforms.models.fields import decimal_text
from reforms.records import Bound

_PRINTED_NUMBER = re.compile(r"(?:[0-9][0-9,.]*|[零〇一二两三四五六七八九十百千]+)[万亿]*")
_ENGLISH_BOUNDS = {
    Bound.AT_MOST: "at most",
    Bound.LESS_THAN: "less than",
    Bound.AT_LEAST: "at least",
    Bound.MORE_THAN: "more than",
    Bound.ABOUT: "about",
}
_TRAILING_QUALIFIERS = {"projected", "expected", "forecast", "estimated"}
_CURRENCIES = {"yuan": "RMB", "RMB yuan": "RMB", "RMB": "RMB"}
_IRREGULAR_SINGULARS = {"people": "person"}


@dataclass(frozen=True)
class Part:
    """A piece of a figure's sentence.

    ``kind`` is ``qualifier``, ``value``, ``unit``, ``arrow`` or ``missing`` (no unit is printed);
    ``is_attached`` says that no space stands before it.
    """

    kind: str
    text: str
    is_attached: bool = False


@dataclass(frozen=True)
class Sentence:
    """A figure in one language, as pieces in reading order, and the printed form beside it.

    ``printed`` has the numbers with their units and qualifier as the source prints them; words
    that stand between are left out as ``…``.
    """

    parts: tuple[Part, ...]
    printed: str
    language: str

    @property
    def text(self) -> str:
        """The sentence as plain text: ``56 → 15 → 5 天``."""
        words = ""
        for part in self.parts:
            words += part.text if part.is_attached or not words else f" {part.text}"
        return words

    @property
    def is_as_printed(self) -> bool:
        """Tell whether the sentence already is the printed form, white space and arrows apart."""
        return self.language != "en"


def sentence(figure: Figure, language: str | None = None) -> Sentence:
    """Return a figure as one short sentence in ``language``, ``zh`` or ``en``.

    Chinese gives the numbers as printed (``9.53万``), English as English readers write them
    (``95,300``, ``RMB 400 million, projected``) from value, bound, qualifier and unit. A value
    after a change whose value before is not stated begins with an arrow. No currency is
    converted. Without ``language`` the reader's language is taken. No query.
    """
    if language is None:
        language = "en" if (get_language() or "").startswith("en") else "zh"
    parts = _english_parts(figure) if language == "en" else _chinese_parts(figure)
    if figure.unit_zh is None:
        parts.append(_missing_unit(figure, language))
    return Sentence(tuple(parts), _printed(figure), language)


def values(figure: Figure) -> list[Decimal]:
    """Return the stated values in time's order: before, steps, after; or the single value."""
    if figure.value is not None:
        return [figure.value]
    stated = [figure.before, *map(Decimal, figure.steps), figure.after]
    return [number for number in stated if number is not None]


def has_change(figure: Figure) -> bool:
    """Tell whether a value before and a value after are both stated."""
    return figure.before is not None and figure.after is not None


def is_in_one_unit(figure: Figure) -> bool:
    """Tell whether a value before and one after are stated in one and the same printed unit."""
    return has_change(figure) and figure.unit_zh is not None and figure.before_unit_zh is None


def change(figure: Figure) -> str:
    """Return our calculation of a figure's change in the reader's language: ``−51 days (−91%)``.

    From the first value to the last, with the share of the first rounded to whole percent. Empty
    where the two are not exact values in one printed unit, where nothing changes, and for shares.
    """
    if not is_in_one_unit(figure) or Bound(figure.bound) != Bound.EXACT:
        return ""
    before, after = figure.before, figure.after
    if before is None or after is None or before == after or figure.unit_zh == "%":
        return ""
    quantity = signed_quantity(after - before, figure)
    if not before:
        return quantity
    sign = "+" if after > before else "−"
    share = (abs(after - before) / before * 100).quantize(Decimal(1), ROUND_HALF_UP)
    return _("%(quantity)s (%(share)s%%)") % {"quantity": quantity, "share": f"{sign}{share}"}


def signed_quantity(amount: Decimal, figure: Figure) -> str:
    """Return a difference with its sign in a figure's unit and the reader's language: ``−51 days``.

    The difference of two shares is in percentage points.
    """
    in_english = (get_language() or "").startswith("en")
    sign = "+" if amount > 0 else "−" if amount < 0 else ""
    if figure.unit_zh == "%":
        points = _("percentage points")
        return f"{sign}{decimal_text(abs(amount))} {points}"
    if not in_english:
        return f"{sign}{decimal_text(abs(amount))} {figure.unit_zh or ''}".rstrip()
    parts = _english_quantity(abs(amount), figure.unit_en or "", has_unit=True)
    return sign + " ".join(part.text for part in parts)


def english_number(value: Decimal) -> str:
    """Return a number as English readers write it: ``95,300``, ``58 million``, ``10.33 million``."""
    for size, name in ((10**9, "billion"), (10**6, "million")):
        if abs(value) >= size:
            short = value / size
            if short == short.quantize(Decimal("0.001")):
                return f"{decimal_text(short)} {name}"
            break
    whole, _point, rest = str(decimal_text(value)).partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")


def _arrow(is_first: bool) -> Part:
    return Part("arrow", "→", is_attached=is_first)


def _missing_unit(figure: Figure, language: str) -> Part:
    unit = figure.unit_inferred_zh if language != "en" else figure.unit_inferred_en
    with override("en" if language == "en" else "zh-hans"):
        words = _("no unit printed; read as %(unit)s") % {
            "unit": _CURRENCIES.get(unit or "", unit or "") if language == "en" else unit
        }
    return Part("missing", words)


def _chinese_parts(figure: Figure) -> list[Part]:
    pieces = [_split_printed(form) for form in figure.printed]
    if len(pieces) != len(values(figure)):
        unit = figure.unit_zh or ""
        first_unit = figure.before_unit_zh or unit
        pieces = [(str(decimal_text(value)), unit) for value in values(figure)]
        if figure.before is not None:
            pieces[0] = (pieces[0][0], first_unit)
    parts: list[Part] = [_arrow(True)] if _is_only_after(figure) else []
    for index, (number, unit) in enumerate(pieces):
        is_last = index == len(pieces) - 1
        if index:
            parts.append(_arrow(False))
        follows = is_last and _qualifier_follows(figure)
        if is_last and figure.qualifier_zh and not follows and not _is_inside_print(figure):
            parts.append(Part("qualifier", figure.qualifier_zh))
        parts.append(Part("value", number))
        if unit and (is_last or pieces[index + 1][1] != unit):
            parts.append(Part("unit", unit, is_attached=unit.startswith("%")))
        if follows and figure.qualifier_zh:
            parts.append(Part("qualifier", figure.qualifier_zh, is_attached=True))
    return parts


def _split_printed(form: str) -> tuple[str, str]:
    match = _PRINTED_NUMBER.match(form)
    return (match.group(), form[match.end() :]) if match else (form, "")


def _printed(figure: Figure) -> str:
    *earlier, last = figure.printed or [""]
    qualifier = figure.qualifier_zh
    if last and qualifier and not _is_inside_print(figure):
        follows = _qualifier_follows(figure)
        together = last + qualifier if follows else qualifier + last
        is_apart = qualifier in figure.quote and together not in figure.quote
        last = f"{qualifier}…{last}" if is_apart else together
    return " → ".join([*earlier, last])


def _is_inside_print(figure: Figure) -> bool:
    return bool(figure.printed) and (figure.qualifier_zh or "") in figure.printed[-1]


def _qualifier_follows(figure: Figure) -> bool:
    if not figure.qualifier_zh or not figure.printed or _is_inside_print(figure):
        return False
    return figure.printed[-1] + figure.qualifier_zh in figure.quote


def _is_only_after(figure: Figure) -> bool:
    return figure.value is None and figure.before is None and not figure.steps


def _english_parts(figure: Figure) -> list[Part]:
    stated = values(figure)
    qualifier = figure.qualifier_en or _ENGLISH_BOUNDS.get(Bound(figure.bound), "")
    trails = qualifier in _TRAILING_QUALIFIERS
    parts: list[Part] = [_arrow(True)] if _is_only_after(figure) else []
    for index, value in enumerate(stated):
        is_last = index == len(stated) - 1
        if index:
            parts.append(_arrow(False))
        if is_last and qualifier and not trails:
            parts.append(Part("qualifier", qualifier))
        unit = figure.before_unit_en if index == 0 and figure.before_unit_en else figure.unit_en
        has_unit = is_last or bool(index == 0 and figure.before_unit_en)
        parts.extend(_english_quantity(value, unit or "", has_unit))
    if trails:
        parts.append(Part("qualifier", f", {qualifier}", is_attached=True))
    return parts


def _english_quantity(value: Decimal, unit: str, has_unit: bool) -> list[Part]:
    number = Part("value", english_number(value))
    if unit in ("%", "percent", "per cent"):
        return [Part("value", f"{number.text}%")]
    if unit in _CURRENCIES:
        return [Part("unit", _CURRENCIES[unit]), number]
    if not unit or not has_unit:
        return [number]
    return [number, Part("unit", _singular(unit) if value == 1 else unit)]


def _singular(unit: str) -> str:
    first, space, last = unit.rpartition(" ")
    if last in _IRREGULAR_SINGULARS:
        last = _IRREGULAR_SINGULARS[last]
    elif last.endswith("ies"):
        last = f"{last[:-3]}y"
    elif re.search(r"(?:ch|sh|x|ss)es$", last):
        last = last[:-2]
    elif re.search(r"[a-z]s$", last):
        last = last[:-1]
    return f"{first}{space}{last}"
