"""Merge two changes of one measure, unit by unit, over the record that both were made from; no database.

``base`` is the record that was opened, ``theirs`` what somebody saved since, ``mine`` what was
made of ``base`` meanwhile. Where only one side changed a unit, its change is taken; where both
did, somebody has to choose.
"""

from reforms.merging.cutting import Cutting
from reforms.merging.records import differences_of, merge
from reforms.merging.units import MergeConflict, Side, Three, Unit, What

__all__ = [
    "Cutting",
    "MergeConflict",
    "Side",
    "Three",
    "Unit",
    "What",
    "differences_of",
    "merge",
]
