"""A figure as the numbers printed in chosen words suggest it, for an editor to check."""

from dataclasses import dataclass
from typing import Any

from reforms.models import Figure
from reforms.numerals import Quantity, plain, quantities
from reforms.suggesting import figure_values

MAX_QUANTITIES = 6
# How the English says that a number is not exact.
ENGLISH = {
    "超过": "over",
    "突破": "over",
    "余": "over",
    "多": "over",
    "不超过": "at most",
    "以内": "within",
    "之内": "within",
    "内": "within",
    "及以下": "up to",
    "以下": "under",
    "约": "about",
    "左右": "about",
    "近": "nearly",
    "不少于": "at least",
    "至少": "at least",
    "不低于": "at least",
    "及以上": "or more",
    "以上": "or more",
}


@dataclass(frozen=True)
class ProposedFigure:
    """The numbers found in some words, and the values of a form's fields that follow from them."""

    quantities: list[Quantity]
    initial: dict[str, Any]

    @property
    def rows(self) -> list[dict[str, str]]:
        """The numbers as a page shows them: as printed, in plain decimals, with the unit."""
        return [
            {"printed": one.printed, "value": plain(one.value), "unit": one.unit or ""}
            for one in self.quantities
        ]


def proposed(words: str) -> ProposedFigure:
    """Return what the numbers in the words suggest: nothing that is not printed there; 1 query.

    One number is a value, two are before and after, more have values between them. Numbers of
    unlike units that are more than two are no one series: they are shown and fill no field. The
    English of a unit is the one that the catalog's figures give it, where they agree.
    """
    known = known_units()
    found = quantities(words, known)
    units = [one.unit for one in found]
    if not found or len(found) > MAX_QUANTITIES or (len(found) > 2 and len(set(units)) > 1):
        return ProposedFigure(found, {})
    values = [plain(one.value) for one in found]
    initial: dict[str, Any] = {"printed": "\n".join(one.printed for one in found)}
    if len(found) == 1:
        initial["value"] = values[0]
    else:
        initial |= {"before": values[0], "steps": " ".join(values[1:-1]), "after": values[-1]}
    initial |= _unit("unit", units[-1], known)
    if units[0] != units[-1]:
        initial |= _unit("before_unit", units[0], known)
    return ProposedFigure(found, initial | _said(words))


def _said(words: str) -> dict[str, Any]:
    """Return what the words say of the number: its nature, how exact it is, which way it went."""
    said = figure_values(words)
    if said is None:
        return {}
    return {
        "nature": str(said.nature),
        "bound": str(said.bound),
        "direction": str(said.direction),
        "qualifier_zh": said.qualifier,
        "qualifier_en": ENGLISH.get(said.qualifier or ""),
    }


def known_units() -> dict[str, str | None]:
    """Return each unit of the catalog's figures and its English, None where they differ; 1 query."""
    found: dict[str, set[str]] = {}
    names = ("unit_zh", "unit_en", "before_unit_zh", "before_unit_en")
    for zh, en, before_zh, before_en in Figure.objects.order_by().values_list(*names).distinct():
        for chinese, english in ((zh, en), (before_zh, before_en)):
            if chinese and english:
                found.setdefault(chinese, set()).add(english)
    return {zh: english.pop() if len(english) == 1 else None for zh, english in found.items()}


def _unit(name: str, unit: str | None, known: dict[str, str | None]) -> dict[str, Any]:
    return {f"{name}_zh": unit, f"{name}_en": known.get(unit) if unit else None}
