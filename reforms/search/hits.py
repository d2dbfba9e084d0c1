"""Ask the database where words stand: one query, whatever the number of words."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, IntegerField, Model, Q, Sum, Value, When

from reforms.models import Figure, IndexedText, Measure, Point, Practice
from reforms.models.querysets import are_public
from reforms.search.query import Word
from reforms.search.texts import Weight
from reforms.search.vocabulary import Vocabulary

# SQLite takes at most 500 parts in one query; a query of more words asks again.
MOST_PARTS = 400


class Hit(NamedTuple):
    """Where a word stands in one measure.

    ``weights`` are those of the kinds of text, added up; ``cities`` counts the cities with it in
    their texts; ``source`` is the place of the source where the measure's own number was asked for,
    else 0.
    """

    weights: int
    cities: int
    source: int = 0


Hits = dict[int, Hit]


def find_words(
    words: Sequence[Word], vocabulary: Vocabulary, *, is_public: bool = True
) -> dict[Word, Hits]:
    """Return the hits of each word by the number of the measure; ``is_public``: what readers see.

    1 query, or none without words; and those of the vocabulary, if it was not read yet.
    """
    found: dict[Word, Hits] = {word: {} for word in words}
    places = list(found)
    public = are_public if is_public else lambda _measure="": Q()
    parts = [
        *(
            part
            for place, word in enumerate(places)
            for part in _parts(place, word, vocabulary, public)
        ),
        *_by_key(places, public),
    ]
    for begin in range(0, len(parts), MOST_PARTS):
        first, *others = parts[begin : begin + MOST_PARTS]
        rows = first.union(*others, all=True) if others else first
        for place, measure, weights, cities, source in rows:
            hits = found[places[place]]
            before = hits.get(measure)
            # Most measures have one row of a word: of a common one there are hundreds of thousands.
            hits[measure] = (
                Hit(
                    before.weights | weights, max(before.cities, cities), max(before.source, source)
                )
                if before
                else Hit(weights, cities, source)
            )
    return found


def _parts(
    place: int, word: Word, vocabulary: Vocabulary, public: Callable[[str], Q]
) -> Iterator[Any]:
    """Yield a query for each kind of thing that a word may stand in."""
    phrase = word.phrase
    if phrase is None:
        return
    texts = IndexedText.objects.filter(public("measure__"), tokens__holds=phrase)
    yield _rows(_number(place), texts, "measure_id", "city_id", Sum("weight", distinct=True))
    named = vocabulary.named(phrase)
    for kind, model, way, owner, city, weight in _NAMED:
        if named[kind]:
            rows = model._default_manager.filter(
                public(way),
                **{f"{kind}__in": named[kind]},
            )
            yield _rows(_number(place), rows, owner, city, _number(weight))
    if word.number is not None:
        measures = Measure.objects.filter(public(""), number=word.number)
        yield _rows(
            _number(place), measures, "pk", None, _number(Weight.NUMBER), F("source__position")
        )


def _by_key(words: Sequence[Word], public: Callable[[str], Q]) -> Iterator[Any]:
    """Yield one query for the measures whose keys are among the words, if any can be."""
    keys: dict[str, int] = {}
    for place, word in enumerate(words):
        if word.key:
            keys.setdefault(word.key, place)
    if keys:
        measures = Measure.objects.filter(public(""), key__in=keys)
        places = Case(
            *(When(key=key, then=_number(place)) for key, place in keys.items()),
            output_field=IntegerField(),
        )
        yield _rows(places, measures, "pk", None, _number(Weight.NUMBER), F("source__position"))


# Kind and column, its table, the way to the measure, to its number and to the city, what a hit counts.
_NAMED: tuple[tuple[str, type[Model], str, str, str | None, Weight], ...] = (
    ("category", Measure, "", "pk", None, Weight.CATEGORY),
    ("city", Practice, "measure__", "measure_id", "city_id", Weight.CITY),
    (
        "theme",
        Point,
        "practice__measure__",
        "practice__measure_id",
        "practice__city_id",
        Weight.NAME,
    ),
    (
        *("indicator", Figure, "practice__measure__"),
        *("practice__measure_id", "practice__city_id", Weight.NAME),
    ),
)


def _rows(
    place: Any, rows: Any, owner: str, city: str | None, weights: Any, source: Any = None
) -> Any:
    """Return a query for place, measure, weights, cities and source, a row a measure."""
    cities = Count(city, distinct=True) if city else _number(0)
    return (
        rows.order_by()
        .values(place=place, owner=F(owner))
        .annotate(
            weights=weights,
            cities=cities,
            source_place=_number(0) if source is None else source,
        )
        .values_list("place", "owner", "weights", "cities", "source_place")
    )


def _number(value: int) -> Value:
    return Value(int(value), output_field=IntegerField())
