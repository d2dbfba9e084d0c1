"""Measure how well the search ranks: nDCG@10 and recall over the graded queries of tests/ranking.

    python -m benchmarks.ranking --worst 10

The fixtures are loaded into a scratch database that is made and removed: SQLite, or the PostgreSQL
server of DATABASE_URL; the numbers are the same. Prints a line a kind of query. `--queries FILE`
measures other queries of the same format, `--worst N` lists those that rank worst.
"""

import argparse
import json
import math
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command
from django.http import QueryDict
from django.test.runner import DiscoverRunner

from reforms.filters import MeasureFilterSet

FOLDER = Path(__file__).resolve().parent.parent
QUERIES = FOLDER / "tests" / "ranking" / "queries.json"
DEPTH = 10


class Figure(NamedTuple):
    """How well one query is answered: nDCG@10, and the share of the graded entries it finds."""

    query: str
    kind: str
    ndcg: float
    recall: float


def ndcg(order: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return the normalised discounted cumulative gain of the first ``DEPTH``; gain 2^grade - 1.

    A query for which nothing is graded is answered best by nothing.
    """

    def gain(values: Sequence[int]) -> float:
        return sum(
            (2**value - 1) / math.log2(place + 1)
            for place, value in enumerate(values[:DEPTH], start=1)
        )

    best = gain(sorted(grades.values(), reverse=True))
    if not best:
        return float(not order)
    return gain([grades.get(key, 0) for key in order]) / best


def recall(order: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return the share of the graded entries that are found at all."""
    return len(set(order) & set(grades)) / len(grades) if grades else float(not order)


def measure(queries: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """Search for each query as the list does, and return its figures in order."""
    figures = []
    for asked in queries:
        address = QueryDict(mutable=True)
        address["q"] = asked["q"]
        order = [row.key for row in MeasureFilterSet(address).qs]
        grades = asked["grades"]
        figures.append(
            Figure(asked["q"], asked["kind"], ndcg(order, grades), recall(order, grades))
        )
    return figures


def mean(values: Sequence[float]) -> float:
    """Return the mean."""
    return sum(values) / len(values)


def main() -> None:
    """Load the fixtures, measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ranking", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--queries", type=Path, default=QUERIES, help="the graded queries")
    parser.add_argument("--worst", type=int, default=0, help="list so many that rank worst")
    options = parser.parse_args()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        call_command("load_catalog", verbosity=0)
        figures = measure(json.loads(options.queries.read_text(encoding="utf-8"))["queries"])
    finally:
        runner.teardown_databases(databases)
    kinds: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        kinds[figure.kind].append(figure)
    print(f"{'kind of query':<30} {'queries':>7} {'nDCG@10':>8} {'recall':>7}")
    for kind, found in [*kinds.items(), ("all", figures)]:
        ranked, complete = mean([f.ndcg for f in found]), mean([f.recall for f in found])
        print(f"{kind:<30} {len(found):>7} {ranked:>8.3f} {complete:>7.3f}")
    for figure in sorted(figures, key=lambda figure: figure.ndcg)[: options.worst]:
        print(f"{figure.ndcg:6.3f} {figure.recall:6.3f}  {figure.query}  ({figure.kind})")


if __name__ == "__main__":
    main()
