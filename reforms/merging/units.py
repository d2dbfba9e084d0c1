"""What one person decides at once: a field, a text of the source, a point, a figure, an erratum."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Side(StrEnum):
    THEIRS = "theirs"
    MINE = "mine"


class What(StrEnum):
    """What a unit is; parts are called as the field of the record that holds them."""

    FIELDS = "fields"
    CUT = "cut"
    PRACTICE = "practice"
    POINT = "points"
    FIGURE = "figures"
    ERRATUM = "errata"


class MergeConflict(ValueError):
    """Both sides changed the units at ``paths``, and no side was chosen for them."""

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__(f"both sides changed {', '.join(paths)}: choose a side for each")
        self.paths = tuple(paths)


class Three(NamedTuple):
    """One thing on the three sides."""

    base: Any
    theirs: Any
    mine: Any

    def map(self, of: Callable[[Any], Any]) -> "Three":
        """Return what ``of`` makes of each side."""
        return Three(of(self.base), of(self.theirs), of(self.mine))


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit on the three sides.

    ``path`` names it among the units of these records. Fields (``names``, of the measure or of a
    ``city``'s practice) have tuples of their values, a part and a practice its record or None where
    it is not there, the cut a ``Cutting``. ``places`` are a part's places in the three lists.
    """

    path: str
    what: What
    city: str | None = None
    names: tuple[str, ...] = ()
    base: Any
    theirs: Any
    mine: Any
    places: Three = field(default=Three(None, None, None), compare=False)

    @property
    def is_changed(self) -> bool:
        """Tell whether any side changed it."""
        return bool(self.theirs != self.base or self.mine != self.base)

    @property
    def is_conflict(self) -> bool:
        """Tell whether both sides changed it, and not to the same."""
        return bool(self.base != self.theirs != self.mine != self.base)

    @property
    def side(self) -> Side | None:
        """Return the side whose value is taken unless another is chosen; None for a conflict."""
        if self.is_conflict:
            return None
        return Side.MINE if self.theirs == self.base else Side.THEIRS

    def value(self, side: Side) -> Any:
        """Return its value on a side."""
        return self.mine if side == Side.MINE else self.theirs


def in_order(base: Sequence[Any], theirs: Sequence[Any], mine: Sequence[Any]) -> list[Any]:
    """Return the keys of both sides in the order of the side that changed it, theirs where both did.

    What only the other side has follows what it follows there.
    """
    is_as_was = [key for key in base if key in theirs] == [key for key in theirs if key in base]
    leading, other = (mine, theirs) if is_as_was else (theirs, mine)
    found = list(leading)
    for number, key in enumerate(other):
        if key not in found:
            found.insert(found.index(other[number - 1]) + 1 if number else 0, key)
    return found
