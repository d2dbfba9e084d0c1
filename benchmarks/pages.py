"""Time the public pages on a catalog of any size, made of copies of the first source.

    python -m benchmarks.pages --measures 2000
    python -m benchmarks.pages --measures 100000 --admin

A scratch database is made and removed: SQLite, or the PostgreSQL server of DATABASE_URL (its
account must be allowed to create databases). Prints the median and the slowest of each page's
answers, in milliseconds, and its number of queries, one line a page.
"""

import argparse
import os
import statistics
import time
from collections.abc import Mapping

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max
from django.test import Client
from django.test.runner import DiscoverRunner
from django.test.utils import CaptureQueriesContext

from reforms.models import (
    Erratum,
    Figure,
    IndexedText,
    Measure,
    Outcome,
    Passage,
    Point,
    Practice,
    Section,
    Source,
)

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
    # Twenty words that stand nowhere, and a run whose words stand apart.
    "/en/measures/?q="
    + "+".join(f"企业{one}报税发票登记" for one in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"),
    "/en/measures/?q=律师调查令",
    "/en/measures/?q=审批&category=electricity&city=beijing&outcome=stated",
    "/api/v1/measures/?q=企业&page_size=100",
    "/zh-hans/suggestions/?q=不动",
    "/en/measures/{source}/6/",
    "/en/compare/?category=electricity",
    "/en/sources/",
    "/en/sources/{source}/",
)
ADMIN_PAGES = (
    "/admin/",
    "/admin/reforms/measure/",
    "/admin/reforms/measure/?p=900",
    "/admin/reforms/measure/?q=审批",
    "/admin/reforms/measure/?q=online case filing",
    "/admin/reforms/measure/?category=electricity&city=beijing&outcome=stated",
    "/admin/reforms/measure/?translation=outdated",
    "/admin/reforms/measure/{measure}/change/",
    "/admin/reforms/measure/{measure}/history/",
    "/admin/reforms/measure/{measure}/words/",
    "/admin/reforms/measure/{measure}/withdraw/",
    "/admin/reforms/measure/edit-selected/?id={measure}",
    "/admin/reforms/measureversion/",
    "/admin/reforms/proposal/",
    "/admin/reforms/report/",
    "/admin/reforms/source/",
    "/admin/reforms/source/{source_id}/change/",
    "/admin/reforms/indicator/",
)
# Parents before what hangs on them.
COPIED: tuple[type[models.Model], ...] = (
    *(Source, Section, Measure, Practice, Outcome, Point, Figure, Erratum, Passage, IndexedText),
)
CHANGED = {
    "slug": "slug || '-' || (copy.nth + 1)",
    "position": "position + copy.nth",
    "loaded_checksum": "NULL",
}
BATCH = 25


def main() -> None:
    """Make the catalog, time each page, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--measures", type=int, default=2000, help="how many, at least")
    parser.add_argument("--times", type=int, default=7, help="how often each page is asked for")
    parser.add_argument(
        "--admin", action="store_true", help="time the editors' pages instead, as a superuser"
    )
    parser.add_argument("pages", nargs="*", help="addresses, instead of all")
    options = parser.parse_args()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        call_command("load_catalog", verbosity=0)
        source = Source.objects.get()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET statement_timeout = 0")
            copy_source(source, options.measures // source.measures.count())
            cursor.execute("ANALYZE")
            if connection.vendor == "postgresql":
                cursor.execute("RESET statement_timeout")
        print(f"{connection.vendor}, {Measure.objects.count()} measures")
        client = Client(HTTP_HOST="localhost")
        if options.admin:
            client.force_login(get_user_model().objects.create_superuser("editor"))
        words = {
            "source": source.slug,
            "source_id": source.pk,
            "measure": Measure.objects.get(source=source, key="6").pk,
        }
        for page in options.pages or (ADMIN_PAGES if options.admin else PAGES):
            time_page(client, page.format(**words), options.times)
    finally:
        runner.teardown_databases(databases)


def time_page(client: Client, address: str, times: int) -> None:
    """Ask for a page several times and print its figures."""
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


def copy_source(source: Source, copies: int) -> None:
    """Store copies of a source with all that hangs on it, its index too, without its history.

    The copies are made in the database. A copied row has the number of its original and so many
    times the highest of its table, so that rows find the copies of their parents.
    """
    highest = {model: model._default_manager.aggregate(most=Max("pk"))["most"] for model in COPIED}
    for begin in range(1, copies + 1, BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            for model in COPIED:
                most = min(begin + BATCH, copies + 1)
                cursor.execute(_copying(model, highest), [begin, most - 1])
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), COPIED):
            cursor.execute(statement)


def _copying(model: type[models.Model], highest: Mapping[type[models.Model], int]) -> str:
    """Return the statement that copies a table's first rows, for the copies from one to another."""
    quote = connection.ops.quote_name
    columns, values = [], []
    for field in model._meta.local_concrete_fields:
        column = quote(field.column)
        owner = model if field.primary_key else field.related_model
        columns.append(column)
        if model is Source and field.name in CHANGED:
            values.append(CHANGED[field.name])
        elif owner in highest and field.name != "supersedes":
            values.append(f"{column} + copy.nth * {highest[owner]}")
        else:
            values.append(column)
    table = quote(model._meta.db_table)
    return (
        "WITH RECURSIVE copy(nth) AS (SELECT CAST(%s AS integer) UNION ALL "
        "SELECT nth + 1 FROM copy WHERE nth < %s) "
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "
        f"FROM {table} CROSS JOIN copy WHERE id <= {highest[model]} ORDER BY copy.nth, id"
    )


if __name__ == "__main__":
    main()
