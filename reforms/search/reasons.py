"""Why a measure was found where no text of it holds the words: the names it is filed under."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import CharField, Value

from reforms.models import Figure, Measure, Point
from reforms.search.vocabulary import NamedRow, Vocabulary
from reforms.text import Phrase


def names_found(
    measures: Iterable[Measure], phrases: Sequence[Phrase], vocabulary: Vocabulary
) -> dict[int, list[NamedRow]]:
    """Return the themes and indicators of each measure whose name holds one of the phrases.

    By the number of the measure, in the order of the vocabularies. 1 query, none where no name
    holds a phrase.
    """
    named = [vocabulary.named(phrase) for phrase in phrases]
    themes = {pk for found in named for pk in found["theme"]}
    indicators = {pk for found in named for pk in found["indicator"]}
    if not themes and not indicators:
        return {}
    numbers = [measure.pk for measure in measures]
    points = Point.objects.filter(practice__measure__in=numbers, theme__in=themes).order_by()
    figures = Figure.objects.filter(
        practice__measure__in=numbers, indicator__in=indicators
    ).order_by()
    rows = points.values_list("practice__measure_id", _kind("theme"), "theme_id").union(
        figures.values_list("practice__measure_id", _kind("indicator"), "indicator_id")
    )
    held = set(rows)
    found: dict[int, list[NamedRow]] = defaultdict(list)
    for row in vocabulary.rows:
        for number in numbers:
            if (number, row.kind, row.pk) in held:
                found[number].append(row)
    return dict(found)


def _kind(kind: str) -> Value:
    return Value(kind, output_field=CharField())
