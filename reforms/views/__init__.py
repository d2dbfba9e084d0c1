"""HTML pages: request in, response out."""

from reforms.views.basket import basket
from reforms.views.chapter import basket_chapter, chapter
from reforms.views.comparison import basket_compare, compare, compare_measure
from reforms.views.downloads import (
    basket_compare_file,
    basket_file,
    compare_file,
    compare_measure_file,
    measure_file,
    measures_file,
)
from reforms.views.errors import (
    bad_request,
    page_not_found,
    permission_denied,
    server_error,
    too_large,
)
from reforms.views.figure_downloads import figures_file
from reforms.views.figures import figure_list
from reforms.views.history import change_log, measure_history, measure_version
from reforms.views.home import home
from reforms.views.measure_detail import measure_detail
from reforms.views.measure_list import measure_list
from reforms.views.report import report, report_thanks
from reforms.views.sources import measures_of_source, source_detail, source_list
from reforms.views.suggestions import suggestions

__all__ = [
    "bad_request",
    "basket",
    "basket_chapter",
    "basket_compare",
    "basket_compare_file",
    "basket_file",
    "change_log",
    "chapter",
    "compare",
    "compare_file",
    "compare_measure",
    "compare_measure_file",
    "figure_list",
    "figures_file",
    "home",
    "measure_detail",
    "measure_file",
    "measure_history",
    "measure_list",
    "measure_version",
    "measures_file",
    "measures_of_source",
    "page_not_found",
    "permission_denied",
    "report",
    "report_thanks",
    "server_error",
    "source_detail",
    "source_list",
    "suggestions",
    "too_large",
]
