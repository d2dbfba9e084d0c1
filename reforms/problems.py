"""What went wrong, in JSON: problem details (RFC 9457)."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language

ADDRESS = "/api/"
PROBLEM = "application/problem+json"


def is_api(request: HttpRequest) -> bool:
    """Tell whether a request asks the API, whatever of it exists."""
    return request.path_info.startswith(ADDRESS)


def problem(status: int, title: Any, **more: Any) -> JsonResponse:
    """Answer with problem details in the language at hand."""
    problem = {"type": "about:blank", "title": str(title), "status": status, **more}
    return answer(problem, status, PROBLEM)


def answer(
    content: dict[str, Any], status: int = 200, content_type: str = "application/json"
) -> JsonResponse:
    """Answer with JSON that pages of other sites may read: the data is public."""
    response = JsonResponse(
        content,
        status=status,
        content_type=content_type,
        json_dumps_params={"ensure_ascii": False},
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Content-Language"] = get_language() or ""
    response.headers["Vary"] = "Accept-Language"
    return response
