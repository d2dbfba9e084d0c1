"""Time each download on a catalog of any size, made of copies of the first source.

    python -m benchmarks.downloads --measures 5000

A scratch database is made and removed: SQLite, or the PostgreSQL server of DATABASE_URL (its
account must be allowed to create databases). Prints for each file the seconds until its first
byte and until its last, its size, the most memory that making it took beyond what Python held
before (in MB, of Python's own), and its number of queries. Memory is measured in a run of its own,
which is slower. A file that holds no list as long as this is asked for as long as it may be.
"""

import argparse
import gc
import os
import time
import tracemalloc
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.runner import DiscoverRunner
from django.test.utils import CaptureQueriesContext

from benchmarks.pages import copy_source
from reforms.exports import FIGURE_LIMITS, LIMITS
from reforms.models import Figure, Measure, Source
from reforms.search import index_missing

FILES = (
    "measures.csv",
    "compare.csv",
    "measures.json",
    "figures.csv",
    "figures.json",
    "figures.xlsx",
    "measures.xlsx",
    "compare.xlsx",
    "measures.docx",
    "compare.docx",
    "compare.csv?by=theme",
    "compare.xlsx?by=theme",
    "compare.docx?by=theme",
)
MEGABYTE = 1024 * 1024


def main() -> None:
    """Make the catalog, time each file, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--measures", type=int, default=5000, help="how many, at least")
    parser.add_argument(
        "--files", nargs="+", choices=FILES, default=FILES, help="which, as a rule all"
    )
    options = parser.parse_args()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        call_command("load_catalog", verbosity=0)
        first = Source.objects.get()
        if copies := -(-options.measures // first.measures.count()) - 1:
            copy_source(first, copies)
        index_missing()
        connection.cursor().execute("ANALYZE")
        measures, figures = Measure.objects.count(), Figure.objects.count()
        print(f"{connection.vendor}, {measures} measures, {figures} figures")
        for file in options.files:
            measure_file(file, query_of(file, figures if file.startswith("figures") else measures))
    finally:
        runner.teardown_databases(databases)


def query_of(file: str, length: int) -> str:
    """Return the query that keeps a list as short as the form can hold: of its first sources."""
    limits = FIGURE_LIMITS if file.startswith("figures") else LIMITS
    limit = limits.get(file.partition("?")[0].rpartition(".")[2], 0)
    sources = list(Source.objects.order_by("position").values_list("slug", flat=True))
    if not limit or length <= limit:
        return ""
    kept = sources[: limit * len(sources) // length]
    return "&".join(f"source={slug}" for slug in kept)


def measure_file(file: str, query: str) -> None:
    """Ask for a file twice, for its time and for its memory, and print its figures."""
    address = f"/en/{file}{'&' if '?' in file else '?'}{query}"
    with CaptureQueriesContext(connection) as queries:
        start = time.perf_counter()
        first, size = take(address)
        seconds = time.perf_counter() - start
    query_count = len(queries)
    gc.collect()
    tracemalloc.start()
    take(address)
    _held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(
        f"{first:7.2f} s first {seconds:7.2f} s last {size / MEGABYTE:7.1f} MB "
        f"{most / MEGABYTE:7.1f} MB memory {query_count:4} queries  {file}"
        + (f" of {query.count('source=')} sources" if query else ""),
        flush=True,
    )


def take(address: str) -> tuple[float, int]:
    """Read a file to its end without keeping it; return the seconds to its first byte, and its size."""
    start = time.perf_counter()
    response: Any = Client(HTTP_HOST="localhost").get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}: nothing to time.")
    if not response.streaming:
        return time.perf_counter() - start, len(response.content)
    first, size = 0.0, 0
    for piece in response.streaming_content:
        first = first or time.perf_counter() - start
        size += len(piece)
    return first, size


if __name__ == "__main__":
    main()
