"""How much of what people entered by hand the rules would have suggested, and how much of it is right.

    python -m benchmarks.suggestions [--show]

Takes the points, figures and errata out of the project's own fixtures, suggests them again from the text,
and compares. No database. A figure counts as found where a suggestion has the numbers of the entry in the
same sentence part; a theme where a practice has a point of it; an erratum where the words meet.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from reforms.importing import read_catalog
from reforms.records import CatalogRecord, MeasureRecord, Spans
from reforms.suggesting import Subject, Suggestion, figure_values, suggestions

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Score:
    """What was suggested and what stands in the fixtures, and how many of each the other has."""

    suggested: int = 0
    right: int = 0
    entered: int = 0
    found: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.suggested if self.suggested else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.entered if self.entered else 1.0


def fixtures() -> CatalogRecord:
    """Return the project's fixtures as records."""
    files = sorted((ROOT / "fixtures").glob("*.json"))
    return read_catalog(json.loads(file.read_text(encoding="utf-8")) for file in files)


def bare(measure: MeasureRecord) -> MeasureRecord:
    """Return a measure as it is read from its text: without points, figures and errata."""
    practices = tuple(replace(one, points=(), figures=()) for one in measure.practices)
    return replace(measure, practices=practices, errata=())


def suggested(catalog: CatalogRecord) -> Iterator[tuple[MeasureRecord, tuple[Suggestion, ...]]]:
    """Yield each measure with what its text suggests."""
    themes = {theme.slug: theme.name_zh for theme in catalog.themes}
    texts = {source.slug: source for source in catalog.sources}
    seen: set[tuple[str, str | None]] = set()
    for measure in catalog.measures:
        source = texts[measure.source]
        section = next((one for one in source.sections if one.label == measure.section), None)
        is_first = (measure.source, measure.section) not in seen
        seen.add((measure.source, measure.section))
        count = sum(
            one.section == measure.section and one.source == measure.source
            for one in catalog.measures
        )
        declared = section.declared_count if section and is_first else None
        found = count if declared is not None else None
        yield (
            measure,
            suggestions(bare(measure), source.text, themes, declared=declared, found=found),
        )


def meet(one: Spans, other: Spans) -> bool:
    """Tell whether two places share a character."""
    return any(low < end and start < high for low, high in one for start, end in other)


def measured(catalog: CatalogRecord) -> dict[str, Score]:
    """Return the scores by what is suggested; what a figure's words say is scored by itself."""
    scores = {
        name: Score()
        for name in (
            *Subject,
            "figure: unit",
            "figure: nature",
            "figure: bound",
            "figure: direction",
        )
    }
    for measure, found in suggested(catalog):
        for subject, compare in (
            (Subject.FIGURE, figures),
            (Subject.POINT, points),
            (Subject.ERRATUM, errata),
        ):
            own = [one for one in found if one.subject is subject]
            compare(measure, own, scores)
    return scores


def figures(measure: MeasureRecord, own: list[Suggestion], scores: dict[str, Score]) -> None:
    """Compare figures: the same numbers, in words that meet."""
    score = scores[Subject.FIGURE]
    entered = [(one.city, figure) for one in measure.practices for figure in one.figures]
    used: set[int] = set()
    for suggestion in own:
        score.suggested += 1
        numbers = suggestion.value.split("\n")
        match = next(
            (
                figure
                for city, figure in entered
                if city == suggestion.city
                and id(figure) not in used
                and meet(suggestion.spans, figure.quote_spans)
                and same_numbers(numbers, figure.printed)
            ),
            None,
        )
        if match is None:
            score.wrong.append(f"{measure.key} {suggestion.city}: {numbers} in {suggestion.words}")
            continue
        score.right += 1
        used.add(id(match))
        says(suggestion, match, scores)
    score.entered += len(entered)
    score.found += len(used)
    score.missed += [
        f"{measure.key} {city}: {figure.printed} in {figure.quote}"
        for city, figure in entered
        if id(figure) not in used
    ]


def says(suggestion: Suggestion, figure: object, scores: dict[str, Score]) -> None:
    """Compare what the rules read of a figure's words with what was entered."""
    values = figure_values(suggestion.words)
    if values is None or "\n".join(values.printed) != suggestion.value:
        return
    for name, mine in (
        ("unit", values.unit),
        ("nature", values.nature),
        ("bound", values.bound),
        ("direction", values.direction),
    ):
        score = scores[f"figure: {name}"]
        theirs = getattr(figure, "unit_zh" if name == "unit" else name)
        is_right = (theirs or "").startswith(mine or "") if name == "unit" else theirs == mine
        score.suggested += 1
        score.entered += 1
        score.right += is_right
        score.found += is_right
        if not is_right:
            score.wrong.append(f"{suggestion.words}: {mine}, entered {theirs}")


def same_numbers(mine: list[str], printed: tuple[str, ...]) -> bool:
    """Tell whether every suggested number begins one of those entered; the noun behind it may differ."""
    return all(
        any(one.startswith(number) or number.startswith(one) for one in printed) for number in mine
    )


def points(measure: MeasureRecord, own: list[Suggestion], scores: dict[str, Score]) -> None:
    """Compare points by theme within a practice; and whether their words meet."""
    score = scores[Subject.POINT]
    entered = {(one.city, point.theme): point for one in measure.practices for point in one.points}
    mine = {(one.city, one.value): one for one in own}
    score.suggested += len(mine)
    score.entered += len(entered)
    both = {
        pair for pair in mine.keys() & entered.keys() if meet(mine[pair].spans, entered[pair].spans)
    }
    score.right += len(both)
    score.found += len(both)
    score.wrong += [f"{measure.key} {pair}: {mine[pair].words}" for pair in mine.keys() - both]
    score.missed += [f"{measure.key} {pair}" for pair in entered.keys() - both]


def errata(measure: MeasureRecord, own: list[Suggestion], scores: dict[str, Score]) -> None:
    """Compare errata by their places."""
    score = scores[Subject.ERRATUM]
    score.suggested += len(own)
    score.entered += len(measure.errata)
    for suggestion in own:
        if any(meet(suggestion.spans, one.spans) for one in measure.errata):
            score.right += 1
        else:
            score.wrong.append(
                f"{measure.key}: {suggestion.words} ({suggestion.rule % suggestion.values})"
            )
    for erratum in measure.errata:
        if any(meet(one.spans, erratum.spans) for one in own):
            score.found += 1
        else:
            score.missed.append(f"{measure.key}: {erratum.as_printed}")


def main() -> None:
    """Print the scores, and with --show what is wrong and what was missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--show", action="store_true", help="list what is wrong and what was missed"
    )
    show = parser.parse_args().show
    write = sys.stdout.write
    write(
        f"{'':20}{'suggested':>10}{'right':>7}{'precision':>11}{'entered':>9}{'found':>7}{'recall':>8}\n"
    )
    for name, score in measured(fixtures()).items():
        write(
            f"{name:20}{score.suggested:>10}{score.right:>7}{score.precision:>11.2f}"
            f"{score.entered:>9}{score.found:>7}{score.recall:>8.2f}\n"
        )
        if show:
            for line in score.wrong:
                write(f"    wrong   {line}\n")
            for line in score.missed:
                write(f"    missed  {line}\n")


if __name__ == "__main__":
    main()
