"""Time the catalog as at a day that is over, on a catalog of any size, made of copies of the first source.

    python -m benchmarks.past --measures 5000 --changed 10

A scratch database is made and removed: SQLite, or the PostgreSQL server of DATABASE_URL (its
account must be allowed to create databases). Prints the seconds that the snapshot of a day takes
since which so many measures in a hundred were saved, the size of its file, the seconds that finding
it again takes, and then the median of each page's answers, in milliseconds, as it is and as at the
day, one line a page. ``--processor`` counts the seconds that this process was at work, on a machine
that others keep busy.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.runner import DiscoverRunner
from django.utils import timezone

from benchmarks.pages import copy_source
from reforms.exchange import to_json
from reforms.models import Measure, MeasureVersion, Source
from reforms.records import Action
from reforms.snapshots import end_of, open_snapshot

PAGES = (
    "/en/",
    "/en/measures/",
    "/en/measures/?q=审批",
    "/en/measures/{source}/6/",
    "/en/compare/?category=electricity",
    "/en/sources/{source}/",
)
CHUNK_SIZE = 500
Clock = Callable[[], float]
SAVED, DAY, EDITED = timedelta(days=9), timedelta(days=6), timedelta(days=3)


def main() -> None:
    """Make the catalog and its past, time the snapshot and each page, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--measures", type=int, default=19, help="how many, at least")
    parser.add_argument(
        "--changed", type=int, default=10, help="how many in a hundred changed since"
    )
    parser.add_argument("--times", type=int, default=5, help="how often each page is asked for")
    parser.add_argument("--processor", action="store_true", help="count processor time")
    options = parser.parse_args()
    clock = time.process_time if options.processor else time.perf_counter
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        call_command("load_catalog", verbosity=0)
        source = Source.objects.get()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET statement_timeout = 0")
            copy_source(source, options.measures // source.measures.count() - 1)
            make_past(options.changed)
            cursor.execute("ANALYZE")
        day = timezone.localdate() - DAY
        print(
            f"{connection.vendor}, {Measure.objects.count()} measures, of which "
            f"{MeasureVersion.objects.filter(version=2).count()} were saved since the day"
        )
        time_snapshot(day, clock)
        for page in PAGES:
            time_page(page.format(source=source.slug), day, options.times, clock)
    finally:
        runner.teardown_databases(databases)


def make_past(changed: int) -> None:
    """Let each measure have been saved before the day, and so many in a hundred again after it."""
    now = timezone.now()
    MeasureVersion.objects.update(valid_from=now - SAVED)
    copies = Measure.objects.filter(versions__isnull=True).for_record()
    for measure in copies.iterator(chunk_size=CHUNK_SIZE):
        MeasureVersion.objects.create(
            measure=measure,
            version=1,
            action=Action.LOADED,
            record=to_json(measure.to_record()),
            valid_from=now - SAVED,
        )
    again = MeasureVersion.objects.alias(part=F("measure_id") % 100).filter(part__lt=changed)
    numbers = list(again.values_list("pk", flat=True))
    for begin in range(0, len(numbers), CHUNK_SIZE):
        chosen = MeasureVersion.objects.filter(pk__in=numbers[begin : begin + CHUNK_SIZE])
        later = [
            MeasureVersion(
                measure_id=version.measure_id,
                version=2,
                action=Action.CHANGED,
                record=version.record,
                valid_from=now - EDITED,
            )
            for version in chosen
        ]
        chosen.update(valid_to=now - EDITED)
        MeasureVersion.objects.bulk_create(later)


def time_snapshot(day: date, clock: Clock) -> None:
    """Make the snapshot of a day and find it again; print the seconds of both, and its size."""
    seconds = []
    for _ in range(2):
        start = clock()
        database = open_snapshot(end_of(day))
        seconds.append(clock() - start)
        size = database.path.stat().st_size / 1024 / 1024
        database.close()
    print(f"made in {seconds[0]:.2f} s, {size:.1f} MB; found again in {seconds[1] * 1000:.1f} ms")


def time_page(address: str, day: date, times: int, clock: Clock) -> None:
    """Ask for a page as it is and as at a day, several times each, and print both medians."""
    joint = "&" if "?" in address else "?"
    medians = [median(asked, times, clock) for asked in (address, f"{address}{joint}as_at={day}")]
    print(f"{medians[0]:8.1f} ms as it is {medians[1]:8.1f} ms as at the day  {address}")


def median(address: str, times: int, clock: Clock) -> float:
    """Return the median of the times of a page's answers, in milliseconds."""
    client = Client(HTTP_HOST="localhost")
    seconds = []
    for _ in range(times + 1):
        start = clock()
        response = client.get(address)
        seconds.append(clock() - start)
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}: nothing to time.")
    return statistics.median(seconds[1:]) * 1000


if __name__ == "__main__":
    main()
