"""How well the search ranks: the graded queries, and the rules of the order one by one."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from benchmarks.ranking import DEPTH, Figure, mean, measure, ndcg, recall
from reforms.models import (
    Category,
    City,
    Indicator,
    Measure,
    MeasureVersion,
    Passage,
    Source,
    Theme,
)
from reforms.records import MeasureRecord
from reforms.search import Vocabulary, index_measure, search
from tests import world
from tests.test_search_query import listed

FOLDER = Path(settings.BASE_DIR, "tests", "ranking")
FILES = ("queries", "held_out")
# What each file must reach at least: mean nDCG@10, mean recall.
FLOORS = {"queries": (0.93, 0.90), "held_out": (0.92, 0.90)}


def queries(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))[
        "queries"
    ]
    return found


# --- The graded queries ---


@pytest.mark.parametrize("name", FILES)
def test_the_graded_queries_are_many_in_both_languages_and_grade_what_there_is(
    name, catalog_record
):
    keys = {record.key for record in catalog_record.measures}
    found = queries(name)
    assert len(found) >= 60
    assert {query["language"] for query in found} == {"zh", "en"}
    assert min(sum(query["language"] == code for query in found) for code in ("zh", "en")) >= 20
    for query in found:
        assert set(query) == {"q", "language", "kind", "grades"}
        assert query["q"].strip()
        assert query["kind"]
        assert set(query["grades"]) <= keys, query["q"]
        assert set(query["grades"].values()) <= {1, 2, 3}, query["q"]
    assert len({query["q"] for query in found}) == len(found)


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_the_search_ranks_as_well_as_is_published(catalog, name):
    figures = measure(queries(name))
    least_ndcg, least_recall = FLOORS[name]
    worst = sorted(figures, key=lambda figure: figure.ndcg)[:5]
    assert mean([figure.ndcg for figure in figures]) >= least_ndcg, worst
    assert mean([figure.recall for figure in figures]) >= least_recall, worst


@pytest.mark.django_db
def test_a_query_is_measured_over_the_list_in_its_order(catalog):
    order = listed("审批")
    graded = {order[0]: 3, order[1]: 2, "none": 1}
    (figure,) = measure([{"q": "审批", "kind": "test", "grades": graded}])
    assert figure == Figure("审批", "test", ndcg(order, graded), 2 / 3)


def test_ndcg_is_one_for_the_best_order_and_less_for_others():
    grades = {"a": 3, "b": 2, "c": 1}
    assert ndcg(["a", "b", "c"], grades) == 1
    assert ndcg(["a", "b", "c", "x"], grades) == 1
    assert ndcg(["a", "c", "b"], grades) < 1
    assert ndcg(["x", "a", "b", "c"], grades) < ndcg(["a", "x", "b", "c"], grades) < 1
    assert ndcg(["x", "y"], grades) == ndcg([], grades) == 0


def test_ndcg_is_the_discounted_gain_over_the_best_there_is():
    gain = 1 / math.log2(2) + 7 / math.log2(3)
    best = 7 / math.log2(2) + 1 / math.log2(3)
    assert ndcg(["b", "a"], {"a": 3, "b": 1}) == pytest.approx(gain / best)


def test_ndcg_looks_at_the_first_ten():
    others = [f"x{n}" for n in range(DEPTH)]
    assert ndcg([*others, "a"], {"a": 3}) == 0
    assert ndcg([*others[1:], "a"], {"a": 3}) == pytest.approx(1 / math.log2(DEPTH + 1))
    many = {f"g{n}": 3 for n in range(DEPTH + 5)}
    assert ndcg(list(many), many) == 1


def test_a_query_for_what_is_not_there_is_answered_best_by_nothing():
    assert (ndcg([], {}), ndcg(["a"], {})) == (1, 0)
    assert (recall([], {}), recall(["a"], {})) == (1, 0)


def test_recall_is_the_share_of_what_is_graded_wherever_it_stands():
    grades = {"a": 3, "b": 1}
    order = [f"x{n}" for n in range(50)]
    assert recall([*order, "a", "b"], grades) == 1
    assert recall(["b"], grades) == 0.5
    assert recall(order, grades) == 0


# --- The rules of the order, over the small catalog ---


NOWHERE = "天地玄黄"


@pytest.fixture
def small_catalog(db: Any) -> None:
    """The small catalog, also where the real one stands in the database for other tests."""
    for model in (MeasureVersion, Passage, Measure, Source, Category, City, Theme, Indicator):
        model.objects.all().delete()
    world.build_world()


def bare(key: str, *, cities: int = 2) -> MeasureRecord:
    """Return a measure of the world that holds none of the words looked for here."""
    record = world.get_measure(key).to_record()
    practices = tuple(
        replace(
            practice,
            practice_zh="宇宙洪荒",
            practice_en=None,
            summary_zh=None,
            summary_en=None,
            outcome_zh=None,
            outcome_en=None,
        )
        for practice in record.practices[:cities]
    )
    return replace(record, title_zh="宇宙", title_en=None, practices=practices, errata=())


def put(record: MeasureRecord, city: int = 0, **texts: str) -> MeasureRecord:
    """Return a measure with these texts of one of its cities."""
    practices = list(record.practices)
    practices[city] = replace(practices[city], **texts)
    return replace(record, practices=tuple(practices))


def order(typed: str, **records: MeasureRecord) -> list[str]:
    """Return in which order measures with these texts are found: ``m1``, ``m2``, ``m3``."""
    for key in "123":
        index_measure(world.get_measure(key), records.get(f"m{key}", bare(key)))
    scores = search(typed, Vocabulary()).scores
    found = Measure.objects.filter(pk__in=scores).in_order()
    best_first = sorted(found, key=lambda one: (-scores[one.pk], one.position))
    via_list = listed(typed)
    assert via_list == [one.key for one in best_first]
    return [f"m{key}" for key in via_list]


def test_title_counts_more_than_outcome_and_outcome_more_than_practice(small_catalog):
    practice = put(bare("1"), practice_zh=NOWHERE)
    outcome = put(bare("2"), outcome_zh=NOWHERE)
    title = replace(bare("3"), title_zh=NOWHERE)
    assert order("天地", m1=practice, m2=outcome, m3=title) == ["m3", "m2", "m1"]


def test_a_summary_of_ours_counts_between_outcome_and_practice(small_catalog):
    practice = put(bare("1"), practice_zh=NOWHERE)
    summary = put(bare("2"), summary_zh=NOWHERE)
    outcome = put(bare("3"), outcome_zh=NOWHERE)
    assert order("天地", m1=practice, m2=summary, m3=outcome) == ["m3", "m2", "m1"]


def test_title_counts_more_than_category_and_category_more_than_outcome(small_catalog):
    outcome = put(bare("1"), outcome_zh="登记财产")
    assert order("登记财产", m1=outcome) == ["m3", "m1"]
    title = replace(bare("2"), title_zh="登记财产")
    assert order("登记财产", m1=outcome, m2=title) == ["m2", "m3", "m1"]


def test_each_kind_counts_more_than_all_below_it_together(small_catalog):
    texts = {"outcome_zh": NOWHERE, "practice_zh": NOWHERE, "summary_zh": NOWHERE}
    below = put(put(bare("1"), 0, **texts), 1, **texts)
    title = replace(bare("3"), title_en=None, title_zh=NOWHERE)
    assert order("天地", m1=below, m3=title) == ["m3", "m1"]
    lower = put(bare("1"), practice_zh=NOWHERE, summary_zh=NOWHERE)
    assert order("天地", m1=lower, m3=put(bare("3"), outcome_zh=NOWHERE)) == ["m3", "m1"]


def test_the_whole_phrase_counts_more_than_scattered_words(small_catalog):
    scattered = replace(bare("1"), title_zh="玄黄,天地")
    whole = put(bare("2"), practice_zh="天地玄黄")
    assert order("天地 玄黄", m1=scattered, m2=whole) == ["m2", "m1"]
    english = replace(bare("1"), title_en="red, then blue")
    phrase = put(bare("2"), practice_en="a red blue thing")
    assert order("red blue", m1=english, m2=phrase) == ["m2", "m1"]


def test_words_of_one_phrase_are_found_before_those_apart_whatever_their_order(small_catalog):
    apart = put(put(bare("1"), practice_zh="天地"), 1, practice_zh="玄黄")
    together = put(bare("2"), practice_zh=NOWHERE)
    assert order("天地 玄黄", m1=apart, m2=together) == ["m2", "m1"]
    # In the other order nothing holds them as one phrase, and the source's order decides.
    assert order("玄黄 天地", m1=apart, m2=together) == ["m1", "m2"]


def test_both_cities_count_more_than_one(small_catalog):
    one = put(bare("1"), practice_zh=NOWHERE)
    both = put(put(bare("2"), practice_zh=NOWHERE), 1, practice_zh=NOWHERE)
    assert order("天地", m1=one, m2=both) == ["m2", "m1"]
    # But a weightier kind of text in one city counts more.
    outcome = put(bare("1"), outcome_zh=NOWHERE)
    assert order("天地", m1=outcome, m2=both) == ["m1", "m2"]


def test_ties_stand_as_in_the_source(small_catalog):
    same = {f"m{key}": put(bare(key), practice_zh=NOWHERE) for key in "123"}
    assert order("天地", **same) == ["m1", "m2", "m3"]
    first, last = world.get_measure("1"), world.get_measure("3")
    Measure.objects.filter(pk=first.pk).update(position=90)
    assert listed("天地") == ["2", "3", "1"]
    Measure.objects.filter(pk=last.pk).update(position=1)
    assert listed("天地") == ["3", "2", "1"]


def test_a_number_asked_for_counts_more_than_any_text(small_catalog):
    title = replace(bare("1"), title_zh="3,3,3")
    assert order("3", m1=title) == ["m3", "m1"]
    assert order("第3项", m1=replace(bare("1"), title_zh="第3项")) == ["m3", "m1"]


def test_of_measures_of_one_number_the_newest_sources_is_first(small_catalog):
    newest = world.get_measure("2").source
    newest.pk, newest.slug, newest.position = None, "newest", 7
    newest.save()
    Measure.objects.create(
        source=newest,
        position=1,
        key="1",
        number=1,
        title_zh="新",
        category=world.get_measure("1").category,
    )
    found = search("1", Vocabulary()).scores
    best_first = sorted(found, key=lambda pk: -found[pk])
    sources = [Measure.objects.get(pk=pk).source.slug for pk in best_first]
    assert sources[:2] == ["newest", world.SOURCE]


def test_the_order_is_told_in_whole_numbers_that_fit_the_list(small_catalog):
    record = replace(bare("1"), title_zh=" ".join(f"天地{n}" for n in range(20)))
    index_measure(world.get_measure("1"), record)
    found = search(" ".join(f"天地{n}" for n in range(20)), Vocabulary()).scores
    assert all(isinstance(score, int) and 0 < score < 1 << 32 for score in found.values())
    assert found
