"""The facet of figures says of each measure what the comparison's cells say: same, different, neither."""

import random
from typing import Any

import pytest

from reforms.compare import Verdict, align_figures, compare, with_words
from reforms.filters import Names, Speaking
from reforms.filters.gaps import measures_with
from reforms.models import City, Figure, Indicator, Measure, Practice
from tests import world

pytestmark = pytest.mark.django_db

FACTS: dict[str, list[Any]] = {
    "unit_zh": ["天", "天", "工作日", None],
    "before_unit_zh": [None, None, "天"],
    "scope_zh": ["小微企业", "小微企业", "全部"],
    "nature": ["limit", "limit", "achieved"],
    "bound": ["exact", "exact", "at_most"],
    "period_zh": [None, None, "今年"],
    "period_from": [None, None, "2019-01-01"],
    "period_to": [None, None, "2019-12-31"],
    "value": ["5", "5", "15.5"],
}


def build(seed: int) -> None:
    """Fill the small catalog with figures of few facts, drawn at random, three cities."""
    world.build_world()
    third = City.objects.create(
        slug="guangzhou", position=3, name_zh="广州市", name_en="Guangzhou",
        short_name_zh="广州", short_name_en="Guangzhou",
    )  # fmt: skip
    Practice.objects.create(
        measure=Measure.objects.get(key="1"), city=third, text_zh="线上", outcome_state="not_stated"
    )
    Figure.objects.all().delete()
    draw = random.Random(seed)
    indicators = list(Indicator.objects.order_by("position")[:2])
    for practice in Practice.objects.order_by("pk"):
        for position in range(1, draw.randint(0, 3) + 1):
            facts = {name: draw.choice(values) for name, values in FACTS.items()}
            has_unit = facts["unit_zh"] is not None
            Figure.objects.create(
                practice=practice, position=position, indicator=draw.choice(indicators),
                stated_in="practice", scope_en="scope", quote="线上",
                unit_en="days" if has_unit else None,
                unit_inferred_zh=None if has_unit else "天",
                unit_inferred_en=None if has_unit else "days",
                **facts,
            )  # fmt: skip


def told(cities: list[City]) -> dict[Verdict, set[int]]:
    """Return for each verdict the measures in whose cells it stands."""
    found: dict[Verdict, set[int]] = {verdict: set() for verdict in Verdict}
    for row in compare(list(with_words(Measure.objects.in_order())), cities):
        for line in align_figures(row):
            for part in line.cells:
                for stated in part.stated:
                    for pairing in stated.beside:
                        found[pairing.comparison.verdict].add(row.measure.pk)
    return found


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("slugs", [("beijing", "shanghai"), ("beijing", "shanghai", "guangzhou")])
def test_the_database_selects_what_the_cells_tell(seed: int, slugs: tuple[str, ...]) -> None:
    build(seed)
    cities = [City.objects.get(slug=slug) for slug in slugs]
    speaking = Speaking.of(Names(), slugs)
    for verdict, measures in told(cities).items():
        assert {row["practice__measure"] for row in measures_with(verdict, speaking)} == measures
