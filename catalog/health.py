"""Say whether the process lives and whether the site can serve its pages."""

from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


def live(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process can answer at all; never touches the database."""
    return plain("live\n", 200)


def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 where the database answers and the static files are built, else 503 and why.

    Costs one query.
    """
    missing = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        missing.append("the database does not answer")
    if not has_static_files():
        missing.append("the static files are not built: run manage.py collectstatic")
    return plain("; ".join(missing or ["ready"]) + "\n", 503 if missing else 200)


def has_static_files() -> bool:
    """Say whether pages can name their static files: without the manifest each would answer 500."""
    storage = staticfiles_storage
    if not isinstance(storage, ManifestFilesMixin):
        return True
    # Read afresh: a manifest lost since the start would break the next worker's start.
    paths, _hash = storage.load_manifest()
    return bool(paths)


def plain(text: str, status: int) -> HttpResponse:
    """Return an answer in plain text that no cache keeps."""
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    add_never_cache_headers(response)
    return response
