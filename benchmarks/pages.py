"""Time the public pages on a catalog of any size, made of copies of the first source.

    python -m benchmarks.pages --measures 2000

A scratch database is made and removed: SQLite, or the PostgreSQL server of DATABASE_URL (its
account must be allowed to create databases). Prints the median and the slowest of each page's
answers, in milliseconds, and its number of queries, one line a page.
"""

import argparse
import os
import statistics
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command
from django.db import connection, models, transaction
from django.test import Client
from django.test.runner import DiscoverRunner
from django.test.utils import CaptureQueriesContext

from reforms.models import (
    Erratum,
    Figure,
    Measure,
    Outcome,
    Passage,
    Point,
    Practice,
    Section,
    Source,
)
from reforms.search import index_missing

PAGES = (
    "/en/",
    "/en/measures/",
    "/en/measures/?page_size=100",
    "/en/measures/?category=electricity&city=beijing",
    "/en/measures/?q=审批",
    "/en/measures/?q=的",
    "/en/measures/?q=市政审批时间由56天压缩至15天",
    "/en/measures/?q=online case filing",
    "/en/measures/?q=受里",
    "/en/measures/?q=审批&category=electricity&city=beijing&outcome=stated",
    "/api/v1/measures/?q=企业&page_size=100",
    "/zh-hans/suggestions/?q=不动",
    "/en/measures/{source}/6/",
    "/en/compare/?category=electricity",
    "/en/sources/",
    "/en/sources/{source}/",
)
BATCH = 500


def main() -> None:
    """Make the catalog, time each page, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--measures", type=int, default=2000, help="how many, at least")
    parser.add_argument("--times", type=int, default=7, help="how often each page is asked for")
    options = parser.parse_args()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        call_command("load_catalog", verbosity=0)
        source = Source.objects.get()
        copies = options.measures // source.measures.count()
        for number in range(2, copies + 1):
            copy_source(source, number)
        index_missing()
        connection.cursor().execute("ANALYZE")
        print(f"{connection.vendor}, {Measure.objects.count()} measures")
        for page in PAGES:
            time_page(page.format(source=source.slug), options.times)
    finally:
        runner.teardown_databases(databases)


def time_page(address: str, times: int) -> None:
    """Ask for a page several times and print its figures."""
    client = Client(HTTP_HOST="localhost")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    # Counted here: the next request empties the connection's log.
    query_count = len(queries)
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}: nothing to time.")
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        client.get(address)
        seconds.append(time.perf_counter() - start)
    print(
        f"{statistics.median(seconds) * 1000:8.1f} ms median {max(seconds) * 1000:8.1f} ms slowest "
        f"{query_count:3} queries  {address}"
    )


@transaction.atomic
def copy_source(source: Source, number: int) -> None:
    """Store another copy of a source with all that hangs on it, without its history."""
    new = Source.objects.get(pk=source.pk)
    new.pk, new.slug, new.position = None, f"{source.slug}-{number}", number
    new.loaded_checksum = None
    new.save()
    sections = _copy(Section.objects.filter(source=source), {"source": {source.pk: new.pk}})
    parents: dict[str, Any] = {"source": {source.pk: new.pk}, "section": sections}
    parents["measure"] = _copy(Measure.objects.filter(source=source), parents)
    parents["practice"] = _copy(Practice.objects.filter(measure__source=source), parents)
    for model in (Outcome, Point, Figure):
        _copy(model._default_manager.filter(practice__measure__source=source), parents)
    _copy(Erratum.objects.filter(measure__source=source), parents)
    _copy(Passage.objects.filter(source=source), parents)


def _copy(rows: models.QuerySet[Any], parents: dict[str, Any]) -> dict[int, int]:
    """Insert copies of rows under other parents and return old primary keys to new ones."""
    old, new = [], []
    for row in rows.order_by("pk"):
        old.append(row.pk)
        row.pk, row._state.adding = None, True
        for name, keys in parents.items():
            if hasattr(row, f"{name}_id") and getattr(row, f"{name}_id") in keys:
                setattr(row, f"{name}_id", keys[getattr(row, f"{name}_id")])
        new.append(row)
    created: list[Any] = []
    for batch in _batches(iter(new)):
        created += rows.model._default_manager.bulk_create(batch)
    return dict(zip(old, (row.pk for row in created), strict=True))


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


if __name__ == "__main__":
    main()
