"""A list, a comparison or a measure as a file: CSV, XLSX, JSON or Word, with all its rows in its order."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reforms.compare import tally_themes
from reforms.exports import (
    LIMITS,
    Asked,
    Chosen,
    ChosenThemes,
    csv_lines,
    json_lines,
    json_text,
    theme_csv,
    theme_workbook,
    write_brief,
    write_memo,
    write_table,
    write_theme_table,
    write_workbook,
)
from reforms.filters import (
    BasketComparison,
    BasketFilterSet,
    ComparisonFilterSet,
    Gathered,
    MeasureFilterSet,
    MemoForm,
    Names,
    Speaking,
    absolute_at_day,
    basket_of,
    gather,
)
from reforms.models import Measure, Theme
from reforms.views.asked import (
    asked_in_its_way,
    asked_of,
    asked_of_basket,
    asked_of_measure,
    measure_name,
    whole_list,
)
from reforms.views.carrying import carries_basket
from reforms.views.days import shows_day
from reforms.views.errors import gone
from reforms.views.files import NAME_LIMIT, list_names, named, refused, too_long


@require_safe
@carries_basket
@shows_day
def measures_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """Give the list of measures as a file; ``page`` and ``page_size`` do not apply.

    Before the file's own queries: at most 6 for names, words and the count. 400 for a value that
    is refused, as the page does, and for a list that is longer than the form can hold.
    """
    filters = MeasureFilterSet(whole_list(request.GET), facets=())
    if not filters.is_valid():
        return refused(request, form, filters)
    cities = tuple(city.slug for city in filters.cities)
    asked = asked_of(request, filters, _("Reform measures"), reverse("measure_list"))
    chosen = Chosen(asked, filters.qs, cities)
    return answer(request, form, chosen, *list_names("reform-measures", asked.title, filters))


@require_safe
@carries_basket
@shows_day
def compare_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """Give the comparison of cities as a file: the measures and the cities of its page.

    Queries and refusals as ``measures_file``.
    """
    filters = ComparisonFilterSet(whole_list(request.GET), facets=())
    return comparison_file(request, form, filters)


@require_safe
@carries_basket
@shows_day
def compare_measure_file(
    request: HttpRequest, source: str, key: str, form: str
) -> HttpResponseBase:
    """Give one measure's comparison as a file, of the cities of its page in their order.

    3 queries before the file's own. A withdrawn measure answers 410, a bad value 400.
    """
    measure = listed_measure(source, key)
    if measure.is_withdrawn or measure.source.is_withdrawn:
        return gone(request, measure)
    filters = ComparisonFilterSet(whole_list(request.GET), facets=())
    if not filters.is_valid():
        return refused(request, form, filters)
    page = reverse("compare_measure", args=[source, key]) + filters.query_alone
    title = _("Comparison of %(cities)s") % {"cities": filters.columns}
    asked = asked_in_its_way(asked_of_measure(request, measure, title, page), filters)
    measures = Measure.objects.public().filter(pk=measure.pk)
    chosen = compared(asked, measures, filters)
    ascii_name = "-".join(("comparison", *chosen.cities, measure.key, measure.source.slug))
    return answer(
        request, form, chosen, ascii_name[:NAME_LIMIT], f"{title} {measure_name(measure)}"
    )


def comparison_file(
    request: HttpRequest,
    form: str,
    filters: ComparisonFilterSet,
    gathered: Gathered | None = None,
) -> HttpResponseBase:
    """Give the comparison asked for as a file; of a basket, say so and what is left out."""
    if not filters.is_valid():
        return refused(request, form, filters)
    if filters.is_by_theme and form != "json":
        return themes_file(request, form, filters, gathered)
    title = _("Comparison of %(cities)s") % {"cities": filters.columns}
    asked = asked_in_its_way(asked_of_comparison(request, filters, title, gathered), filters)
    chosen = compared(asked, filters.qs, filters)
    base = "-".join(("basket" if gathered else "comparison", *chosen.cities))
    return answer(request, form, chosen, *list_names(base, title, filters))


def themes_file(
    request: HttpRequest, form: str, filters: ComparisonFilterSet, gathered: Gathered | None
) -> HttpResponseBase:
    """Give the comparison by theme as a file, its rows those of the page; 1 query for the themes."""
    title = _("Comparison of %(cities)s by theme") % {"cities": filters.columns}
    asked = asked_of_comparison(request, filters, title, gathered)
    chosen_themes = filters.chosen.get("theme", ())
    tallies = tally_themes(
        filters.selected(), filters.compared, filters.names.themes, chosen_themes
    )
    asked = asked_in_its_way(asked, filters, len(tallies))
    path = reverse("basket_compare" if gathered else "compare")

    def address_of(theme: Theme) -> str:
        page = f"{path}{filters.query(theme=(theme.slug,))}"
        page = basket_of(request).carry(page) if gathered else page
        return absolute_at_day(request, f"{page}#theme-{theme.slug}")

    themes = ChosenThemes(
        compared(asked, filters.qs, filters),
        filters.compared,
        tallies,
        names_sources=len(filters.names.sources) > 1,
        address_of=address_of,
    )
    base = "-".join(("basket" if gathered else "comparison", "by-theme", *themes.chosen.cities))
    return answer(request, form, themes, *list_names(base, title, filters))


def asked_of_comparison(
    request: HttpRequest, filters: ComparisonFilterSet, title: str, gathered: Gathered | None
) -> Asked:
    """Return what a comparison answers; of a basket, say so and what is left out."""
    asked = asked_of(request, filters, title, reverse("basket_compare" if gathered else "compare"))
    return asked_of_basket(request, asked, filters, gathered) if gathered else asked


def compared(asked: Asked, measures: Any, filters: ComparisonFilterSet) -> Chosen:
    """Return what a file of a comparison holds: the cities in the order of the columns."""
    return Chosen(
        asked,
        measures,
        filters.chosen["city"],
        is_comparison=True,
        has_outcomes_only=filters.shows_outcomes_only,
    )


@require_safe
@carries_basket
@shows_day
def basket_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """Give the measures of the basket as a file, in its order, of each only the cities it names.

    2 queries for the basket, then as ``measures_file``. In JSON measures come whole.
    """
    names = Names(is_searching=bool(request.GET.get("q")))
    gathered = gather(basket_of(request), names)
    filters = BasketFilterSet(whole_list(request.GET), gathered, names=names, facets=())
    if not filters.is_valid():
        return refused(request, form, filters)
    title = _("Basket of reform measures")
    asked = asked_of(request, filters, title, reverse("basket"))
    asked = asked_of_basket(request, asked, filters, gathered)
    cities = tuple(city.slug for city in filters.cities)
    chosen = Chosen(asked, filters.qs, cities, cities_taken=gathered.cities_taken)
    return answer(request, form, chosen, *list_names("basket", title, filters))


@require_safe
@carries_basket
@shows_day
def basket_compare_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """Give the comparison of the basket as a file: the measures and the cities of its page.

    2 queries for the basket, then as ``measures_file``.
    """
    names = Names(is_searching=bool(request.GET.get("q")))
    gathered = gather(basket_of(request), names)
    filters = BasketComparison(whole_list(request.GET), gathered, names=names, facets=())
    return comparison_file(request, form, filters, gathered)


@require_safe
@carries_basket
@shows_day
def measure_file(request: HttpRequest, source: str, key: str, form: str) -> HttpResponseBase:
    """Give one measure as a file: in JSON its exchange shape itself, else as a list of one.

    2 queries before the file's own, 6 in all for JSON. A withdrawn measure answers 410.
    """
    measure = listed_measure(source, key)
    if measure.is_withdrawn or measure.source.is_withdrawn:
        return gone(request, measure)
    title = f"{measure_name(measure)} · {measure.title}".strip(" ·")
    asked = asked_of_measure(request, measure, title, measure.get_absolute_url())
    measures = Measure.objects.public().filter(pk=measure.pk)
    cities = tuple(city.slug for city in Speaking.of(Names()).cities)
    ascii_name = f"measure-{measure.key}-{measure.source.slug}"
    name = f"{measure_name(measure)} {measure.source.short_name}"
    chosen = Chosen(asked, measures, cities)
    return answer(request, form, chosen, ascii_name, name, is_one=True)


def listed_measure(source: str, key: str) -> Measure:
    """Return a measure of a public source, withdrawn or not, or answer 404; 1 query."""
    public = Measure.objects.filter(source__is_public=True).select_related("source")
    return get_object_or_404(public, source__slug=source, key=key)


def answer(
    request: HttpRequest,
    form: str,
    chosen: Chosen | ChosenThemes,
    ascii_name: str,
    name: str,
    *,
    is_one: bool = False,
) -> HttpResponseBase:
    """Answer with the file; to HEAD with its headers alone, without making it.

    A Word file is in full, or with ``memo=brief`` a memo in brief; another value answers 400.
    """
    memo = MemoForm(request.GET if form == "docx" else {})
    if not memo.is_valid():
        return refused(request, form, memo)
    limit = LIMITS.get(form)
    if limit and chosen.asked.entries > limit:
        return too_long(request, chosen.asked.entries, limit)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = StreamingHttpResponse()
    elif memo.is_brief:
        measures = chosen.chosen if isinstance(chosen, ChosenThemes) else chosen
        response = HttpResponse(write_brief(measures, full_text_address(chosen.asked)))
    elif isinstance(chosen, ChosenThemes):
        response = made_of_themes(form, chosen)
    elif form == "json" and is_one:
        response = HttpResponse(json_text(chosen.measures.for_record().get()))
    else:
        response = made(form, chosen)
    if memo.is_brief:
        ascii_name, name = f"{ascii_name}-brief", f"{name} {_('in brief')}"
    return named(response, form, chosen.asked, ascii_name, name)


def full_text_address(asked: Asked) -> str:
    """Return the address of the Word file in full of what was asked: its page's, with the form's ending."""
    page, mark, query = asked.address.partition("?")
    return f"{page.rstrip('/')}.docx{mark}{query}"


def made(form: str, chosen: Chosen) -> HttpResponseBase:
    """Return a list or a comparison by measure in a form."""
    match form:
        case "csv":
            return StreamingHttpResponse(csv_lines(chosen))
        case "json":
            return StreamingHttpResponse(json_lines(chosen))
        case "xlsx":
            return FileResponse(write_workbook(chosen))
    write = write_table if chosen.is_comparison else write_memo
    return HttpResponse(write(chosen))


def made_of_themes(form: str, themes: ChosenThemes) -> HttpResponseBase:
    """Return a comparison by theme in a form; JSON has none, its shape being that of measures."""
    match form:
        case "csv":
            return StreamingHttpResponse(theme_csv(themes))
        case "xlsx":
            return FileResponse(theme_workbook(themes))
    return HttpResponse(write_theme_table(themes))
