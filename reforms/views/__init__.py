"""HTML pages: request in, response out."""

from reforms.views.comparison import compare
from reforms.views.errors import bad_request, page_not_found, permission_denied, server_error
from reforms.views.home import home
from reforms.views.measure_detail import measure_detail
from reforms.views.measure_list import measure_list
from reforms.views.sources import measures_of_source, source_detail, source_list
from reforms.views.suggestions import suggestions

__all__ = [
    "bad_request",
    "compare",
    "home",
    "measure_detail",
    "measure_list",
    "measures_of_source",
    "page_not_found",
    "permission_denied",
    "server_error",
    "source_detail",
    "source_list",
    "suggestions",
]
