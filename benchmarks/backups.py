"""Time a backup and a restore of a catalog of any size, made of copies of the first source.

    python -m benchmarks.backups --measures 5000

A scratch database is made and removed: a SQLite file, or one on the PostgreSQL server of
DATABASE_URL (its account must be allowed to create databases). Prints what the backup holds, how
long it took to write and to verify, and how long a restore over the same content takes: with the
backup of what is replaced, and the check of the search index.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command
from django.db import connection
from django.test.runner import DiscoverRunner

from benchmarks.pages import copy_source
from catalog import backups
from reforms.models import Measure, Source


def main() -> None:
    """Make the catalog, back it up, restore it, print the times."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--measures", type=int, default=19, help="how many, at least")
    options = parser.parse_args()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    with tempfile.TemporaryDirectory() as place:
        if connection.vendor == "sqlite":
            # Other connections could not open a database in memory.
            connection.settings_dict["TEST"]["NAME"] = str(Path(place, "test.sqlite3"))
        databases = runner.setup_databases()
        try:
            call_command("load_catalog", verbosity=0)
            source = Source.objects.get()
            copies = options.measures // source.measures.count() - 1
            if copies > 0:
                with connection.cursor() as cursor:
                    if connection.vendor == "postgresql":
                        cursor.execute("SET statement_timeout = 0")
                    copy_source(source, copies)
            time_backup(Path(place))
        finally:
            runner.teardown_databases(databases)


def time_backup(folder: Path) -> None:
    """Back up and restore once, and print what each took."""
    made = backups.make_backup(folder)
    print(
        f"{connection.vendor}, {Measure.objects.count()} measures, {made.manifest.rows} rows, "
        f"{made.size / 1e6:.1f} MB"
    )
    print(f"written in {made.reading_seconds:.1f} s, verified in {made.verifying_seconds:.1f} s")
    started = time.perf_counter()
    with backups.Archive(made.path) as archive:
        done = backups.restore(archive, is_replacing=True, safety_folder=folder)
    seconds = time.perf_counter() - started
    assert done.safety is not None
    before = done.safety.reading_seconds + done.safety.verifying_seconds
    print(f"restored in {seconds:.1f} s, of which {before:.1f} s to back up what was there")
    print(*done.remarks)


if __name__ == "__main__":
    main()
