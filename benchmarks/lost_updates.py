"""Hold the races of tests/test_no_lost_updates.py many times over and count lost updates.

    python -m benchmarks.lost_updates --rounds 100
    python -m tests.postgresql -- python -m benchmarks.lost_updates --rounds 100

A scratch database is made and removed: a SQLite file, or one on the PostgreSQL server of
DATABASE_URL (its account must be allowed to create databases). In each round eight editors send a
change of the same record at the same moment. Prints for each path how many rounds had a winner, how
many were refused and found their words again, what was overwritten without a word, and what else
went wrong; ends with 1 unless every round had one winner and nothing was overwritten.
"""

import argparse
import logging
import os
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command
from django.db import connection
from django.test.runner import DiscoverRunner
from django.test.utils import override_settings

from tests import world
from tests.at_once import AtOnce
from tests.races_beside import RACES, RACES_BESIDE
from tests.racing import Race, Site, Tally, run

EVERY = {race.__name__: race for race in (*RACES, *RACES_BESIDE)}


def main() -> int:
    """Hold the races, print the figures, return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("races", nargs="*", help=f"which; all without any: {', '.join(EVERY)}")
    parser.add_argument("--rounds", type=int, default=100, help="how many of each")
    options = parser.parse_args()
    # Refusals are what is counted here, not news.
    logging.disable(logging.WARNING)
    runner = DiscoverRunner(verbosity=0, interactive=False)
    with (
        tempfile.TemporaryDirectory() as place,
        override_settings(PUBLISH_OWN_CHANGES=True, ALLOWED_HOSTS=["testserver"]),
    ):
        if connection.vendor == "sqlite":
            # Other connections could not open a database in memory.
            connection.settings_dict["TEST"]["NAME"] = str(Path(place, "test.sqlite3"))
        databases = runner.setup_databases()
        try:
            print(f"{connection.vendor}, {options.rounds} rounds of each path", flush=True)
            names = options.races or list(EVERY)
            tallies = [hold(EVERY[name], options.rounds, Path(place)) for name in names]
        finally:
            runner.teardown_databases(databases)
    return int(any(t.faults or t.overwrites or t.winners != t.rounds for t in tallies))


def hold(race: type[Race], rounds: int, place: Path) -> Tally:
    """Hold one race on the small catalog, print what came of it, and return that."""
    call_command("flush", interactive=False, verbosity=0)
    world.build_world()
    tally = run(race(Site()), AtOnce(place), rounds)
    print(
        f"{race.__name__:>22}  {tally.winners} winners, {tally.refusals} refused, "
        f"{tally.overwrites} overwritten, {len(tally.faults)} faults, {tally.seconds:.0f} s",
        flush=True,
    )
    for fault in tally.faults[:5]:
        print(f"{'':>24}{fault}", flush=True)
    return tally


if __name__ == "__main__":
    sys.exit(main())
