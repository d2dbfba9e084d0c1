"""Stated figures: as sentences, as plots on a scale, which stands for a practice."""

from reforms.figures.plots import Mark, Plot, Tick, plots
from reforms.figures.sentences import (
    Part,
    Sentence,
    change,
    english_number,
    has_change,
    is_in_one_unit,
    sentence,
    signed_quantity,
    values,
)
from reforms.figures.statements import (
    key_figure,
    key_figures,
    other_places,
    printed_elsewhere,
)

__all__ = [
    "Mark",
    "Part",
    "Plot",
    "Sentence",
    "Tick",
    "change",
    "english_number",
    "has_change",
    "is_in_one_unit",
    "key_figure",
    "key_figures",
    "other_places",
    "plots",
    "printed_elsewhere",
    "sentence",
    "signed_quantity",
    "values",
]
