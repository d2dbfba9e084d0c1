"""The files in which a list, a comparison or a measure can be taken away, with their addresses."""

from dataclasses import dataclass, replace
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reforms.exports import FIGURE_LIMITS, LIMITS
from reforms.filters import ComparisonFilterSet, with_memo
from reforms.filters.lists import ListFilterSet

register = template.Library()

COMPARISONS = ("compare", "compare_measure", "basket_compare")


@dataclass(frozen=True)
class Download:
    """One form of file; ``address`` is empty where the list is longer than its ``limit``."""

    form: str
    name: str
    holds: str
    address: str
    limit: int = 0


@register.simple_tag
def downloads(kind: str, filters: ListFilterSet | None = None, measure: Any = None) -> list[Any]:
    """Return the files of a ``measures`` or ``figures`` list, a comparison, a basket or one measure.

    ``kind`` is the name of their view without ``_file``.

    A list and a measure have two Word files, a memo in brief and one of the full text, a comparison
    a memo in brief and a table, a basket all three.
    The list's own count decides whether a form can hold it; no query where that was made.
    """
    forms = ("xlsx", "csv", "json") if kind == "figures" else ("docx", "xlsx", "csv", "json")
    files = [_download(form, kind, filters, measure) for form in forms]
    if kind == "figures":
        return files
    word, *others = files
    words = [_brief(word)]
    if kind in COMPARISONS:
        words.append(replace(word, name=_("Word, a table")))
    else:
        words.append(replace(word, name=_("Word memo, full text")))
    if kind == "basket":
        table = _download("docx", "basket_compare", filters, measure)
        words.append(replace(table, name=_("Word, a table")))
    return [*words, *others]


def _brief(word: Download) -> Download:
    """Return the memo in brief of what a Word file holds."""
    holds = _(
        "about three measures a page: summaries, outcomes, figures of several cities, citations"
    )
    address = with_memo(word.address) if word.address else ""
    return replace(word, name=_("Word memo, in brief"), holds=holds, address=address)


def _download(form: str, kind: str, filters: Any, measure: Any) -> Download:
    name, holds = _words(form, kind)
    if isinstance(filters, ComparisonFilterSet):
        if filters.is_by_theme and kind != "compare_measure":
            holds = _held_by_theme(form)
        elif filters.shows_outcomes_only and form == "xlsx":
            holds = _("sheets of outcomes, their figures, and errata")
    if kind == "measure":
        parts = [measure.source.slug, measure.key, form]
        return Download(form, name, holds, reverse("measure_file", args=parts))
    if kind == "compare_measure":
        parts = [measure.source.slug, measure.key, form]
        address = reverse("compare_measure_file", args=parts) + filters.query_alone
        return Download(form, name, holds, address)
    limit = (FIGURE_LIMITS if kind == "figures" else LIMITS).get(form, 0)
    if limit and filters.total > limit:
        return Download(form, name, holds, "", limit)
    query = filters.query(page_size=None)
    return Download(form, name, holds, reverse(f"{kind}_file", args=[form]) + query)


def _held_by_theme(form: str) -> str:
    """Return what a file of a comparison by theme holds."""
    match form:
        case "docx":
            return _("a table on its side, a row a theme, errata as footnotes, citations")
        case "xlsx":
            return _("a row a theme, and sheets of practices, points, figures and errata")
        case "csv":
            return _("a row a theme, the cities in columns")
    return _("a record a measure, whole: the shape that this catalog exchanges")


def _words(form: str, kind: str) -> tuple[str, str]:
    """Return what readers call a form, and what a file of it holds."""
    match form:
        case "docx" if kind in COMPARISONS:
            return "Word", _("a table on its side, the cities side by side, errata as footnotes")
        case "docx":
            return "Word", _("a memo in prose: summaries first, errata as footnotes, citations")
        case "xlsx" if kind == "figures":
            return "Excel", _("a row a figure, with what it is beside the other cities’")
        case "csv" if kind == "figures":
            return "CSV", _("the same rows, for any program")
        case "json" if kind == "figures":
            return "JSON", _("the same figures for programs, values apart from words")
        case "xlsx":
            return "Excel", _("sheets of measures, practices, points, figures and errata")
        case "csv":
            return "CSV", _("a row a measure, the cities in columns")
    return "JSON", pgettext("of a file", "the records as this catalog exchanges them")
