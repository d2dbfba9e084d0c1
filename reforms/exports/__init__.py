"""Records for files: the whole catalog, and a list or a comparison as CSV, XLSX, JSON and Word documents."""

from reforms.exports.brief import write_brief
from reforms.exports.catalog import CHUNK_SIZE, measure_objects, whole_catalog
from reforms.exports.entries import Asked, Chosen
from reforms.exports.figure_lists import (
    FIGURES_LIMIT,
    ChosenFigures,
    figure_csv,
    figure_json,
    figure_workbook,
)
from reforms.exports.memo import write_memo
from reforms.exports.plain import csv_lines, json_lines, json_text
from reforms.exports.prose import WORD_LIMIT
from reforms.exports.reading_back import read_back, template_rows
from reforms.exports.returned_rows import ReadFile, ReadRow, RowResult
from reforms.exports.returned_sheets import FileError
from reforms.exports.side_by_side import write_table
from reforms.exports.theme_lists import ChosenThemes, theme_csv, theme_workbook
from reforms.exports.themes_side_by_side import write_theme_table
from reforms.exports.workbook import WORKBOOK_LIMIT, write_workbook

# How many figures a file of figures can hold.
FIGURE_LIMITS = {"xlsx": FIGURES_LIMIT}
# How many measures a file of a form can hold; the others hold any number.
LIMITS = {"docx": WORD_LIMIT, "xlsx": WORKBOOK_LIMIT}

__all__ = [
    "CHUNK_SIZE",
    "FIGURE_LIMITS",
    "LIMITS",
    "Asked",
    "Chosen",
    "ChosenFigures",
    "ChosenThemes",
    "FileError",
    "ReadFile",
    "ReadRow",
    "RowResult",
    "csv_lines",
    "figure_csv",
    "figure_json",
    "figure_workbook",
    "json_lines",
    "json_text",
    "measure_objects",
    "read_back",
    "template_rows",
    "theme_csv",
    "theme_workbook",
    "whole_catalog",
    "write_brief",
    "write_memo",
    "write_table",
    "write_theme_table",
    "write_workbook",
]
