"""Measure the difference marks on the real texts: likeness, shared phrases, milliseconds.

    python -m benchmarks.differences

Needs no database: reads the fixtures of the first source. Prints a line a measure that both cities
have, then how alike texts are that were written separately, edited by hand, or have nothing to do
with each other: what ``NEAR_IDENTICAL`` rests on. Then the time for the longest pair.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from reforms.spans import text_at
from reforms.text import difference, likeness, shared_phrases
from reforms.text.differences import NEAR_IDENTICAL

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "02_fuzhi-tuiguang-gaige-jucuo.json"
LANGUAGES = ("zh", "en")
CITIES = ("beijing", "shanghai")
REPEATS = 15
LIMIT_MS = 50
_CLAUSE = re.compile(r".+?(?:[,。;、]|[,;.] |$)", re.DOTALL)


class Text(NamedTuple):
    """A practice or a point: which measure and city it belongs to, in one language."""

    measure: str
    city: str
    theme: str
    words: str


def rows(model: str) -> Iterator[dict[str, Any]]:
    """Yield the fields of the fixture's rows of a model."""
    for row in json.loads(FIXTURE.read_text(encoding="utf-8")):
        if row["model"] == f"reforms.{model}":
            yield row["fields"]


def practices(language: str) -> list[Text]:
    """Return every practice in one language."""
    return [
        Text(row["measure"][1], row["city"][0], "", row[f"text_{language}"])
        for row in rows("practice")
    ]


def points() -> list[Text]:
    """Return every point, in the source's words."""
    source = next(rows("source"))["text"]
    return [
        Text(row["practice"][1], row["practice"][2], row["theme"][0], text_at(source, row["spans"]))
        for row in rows("point")
    ]


def pairs(texts: Iterable[Text]) -> Iterator[tuple[Text, Text]]:
    """Yield each text of the first city with each of the second of its measure and theme."""
    groups: dict[tuple[str, str], dict[str, list[Text]]] = defaultdict(lambda: defaultdict(list))
    for text in texts:
        groups[text.measure, text.theme][text.city].append(text)
    for group in groups.values():
        yield from ((one, other) for one in group[CITIES[0]] for other in group[CITIES[1]])


def share_in_phrases(left: str, right: str) -> float:
    """Return the share of two texts that stands in the phrases both share."""
    spans = [span for phrase in shared_phrases(left, right) for side in phrase for span in side]
    return sum(end - start for start, end in spans) / (len(left) + len(right))


def edited(texts: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what was done, a text, and the text as someone might have edited it."""
    for place, text in enumerate(texts):
        clauses = _CLAUSE.findall(text)
        others = _CLAUSE.findall(texts[place - 1])
        if re.search(r"\d", text):
            yield "numbers changed", text, re.sub(r"\d+", lambda n: str(int(n[0]) + 7), text)
        if len(clauses) < 4:
            continue
        for at in range(len(clauses)):
            before, after = clauses[:at], clauses[at + 1 :]
            yield "a clause dropped", text, "".join([*before, *after])
            yield "a clause replaced", text, "".join([*before, others[at % len(others)], *after])
        mixed = [others[at % len(others)] if at % 4 == 0 else one for at, one in enumerate(clauses)]
        yield "a quarter of the clauses replaced", text, "".join(mixed)
        yield "the latter half dropped", text, "".join(clauses[: len(clauses) // 2])


def spread(name: str, values: Iterable[float]) -> None:
    """Print how many values there are, where they lie, and how many count as near-identical."""
    found = sorted(values)
    like = sum(value >= NEAR_IDENTICAL for value in found)
    print(
        f"{name:<47} {len(found):>5} {found[0]:>6.2f} {median(found):>7.2f} {found[-1]:>6.2f}"
        f" {like:>15}"
    )


def milliseconds(ask: Callable[[str, str], object], left: str, right: str) -> float:
    """Return the median time of a call, the first left out: it loads the dictionary."""
    times = []
    ask(left, right)
    for _repeat in range(REPEATS):
        start = perf_counter()
        ask(left, right)
        times.append(1000 * (perf_counter() - start))
    return median(times)


def main() -> None:
    """Measure and print."""
    print(f"{'measure':<8} {'language':<9} {'characters':>10} {'likeness':>9} {'in phrases':>11}")
    for language in LANGUAGES:
        for one, other in pairs(practices(language)):
            left, right = one.words, other.words
            print(
                f"{one.measure:<8} {language:<9} {len(left) + len(right):>10}"
                f" {likeness(left, right):>9.2f} {share_in_phrases(left, right):>11.2f}"
            )
    print(
        f"\n{'likeness of':<47} {'pairs':>5} {'least':>6} {'median':>7} {'most':>6} near-identical"
    )
    for language in LANGUAGES:
        texts = practices(language)
        spread(
            f"practices of one measure, {language}",
            (likeness(one.words, other.words) for one, other in pairs(texts)),
        )
        spread(
            f"practices of two measures, {language}",
            (
                likeness(one.words, other.words)
                for one, other in combinations(texts, 2)
                if one.measure != other.measure
            ),
        )
        changed: dict[str, list[float]] = defaultdict(list)
        for name, text, after in edited([text.words for text in texts]):
            changed[name].append(likeness(text, after))
        for name, values in changed.items():
            spread(f"{name}, {language}", values)
    alike = [(likeness(one.words, other.words), one, other) for one, other in pairs(points())]
    spread("points of one measure and theme, zh", (value for value, _one, _other in alike))
    for value, one, other in sorted(alike, reverse=True)[:6]:
        print(f"  {value:.2f}  {one.words[:30]} | {other.words[:30]}")
    every = [(one, other) for language in LANGUAGES for one, other in pairs(practices(language))]
    one, other = max(every, key=lambda pair: len(pair[0].words) + len(pair[1].words))
    print(
        f"\nlongest pair (measure {one.measure}, {len(one.words) + len(other.words)} characters):"
        f" difference {milliseconds(difference, one.words, other.words):.1f} ms,"
        f" shared phrases {milliseconds(shared_phrases, one.words, other.words):.1f} ms;"
        f" at most {LIMIT_MS} ms wanted"
    )


if __name__ == "__main__":
    main()
