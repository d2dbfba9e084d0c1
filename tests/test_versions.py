"""Versions: a record is written only over the version it was made from, and nothing past is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from reforms import versions
from reforms.exchange import RecordError, to_json
from reforms.models import Measure, MeasureVersion, Outcome, Passage, Practice, Section
from reforms.records import Action, Role
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded():
    world.build_world()


def write(record, expected_version, **options):
    return versions.write(
        record, expected_version=expected_version, action=Action.CHANGED, by_name="li", **options
    )


def record_of(key="1"):
    return world.get_measure(key).to_record()


def test_a_stored_record_comes_back_as_it_was():
    assert [record_of(key) for key in "123"] == list(world.world_catalog().measures)


def test_loading_writes_the_first_version():
    rows = MeasureVersion.objects.order_by("measure__position")
    assert [(row.version, row.action, row.by_name) for row in rows] == [
        (1, Action.LOADED, world.LOADED_BY)
    ] * 3
    assert all(row.valid_to is None for row in rows)


def test_a_write_appends_a_version_and_closes_the_one_before():
    measure = write(replace(record_of(), title_en="Another"), 1, reason="because")
    first, second = measure.versions.order_by("version")
    assert (measure.version, second.version, second.reason) == (2, 2, "because")
    assert first.valid_to == second.valid_from == measure.changed_at
    assert second.valid_to is None
    assert versions.read(second) == record_of()
    assert versions.read(first) == world.measure_one()


@pytest.mark.parametrize("expected", [0, 2, 99])
def test_a_write_from_another_version_writes_nothing(expected):
    with pytest.raises(versions.VersionConflict) as caught:
        write(replace(record_of(), title_en="Mine"), expected)
    assert (caught.value.version, caught.value.current) == (1, world.measure_one())
    assert record_of() == world.measure_one()
    assert MeasureVersion.objects.count() == 3


def test_a_new_measure_is_created_only_as_new():
    newcomer = replace(world.measure_one(), key="4", number=4, position=4)
    with pytest.raises(RecordError) as caught:
        write(newcomer, 1)
    assert caught.value.path == "key"


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("source", {"source": "nowhere"}),
        ("category", {"category": "nothing"}),
        ("section", {"section": "九"}),
    ],
)
def test_words_that_are_not_there_are_refused(path, values):
    with pytest.raises(RecordError) as caught:
        write(replace(record_of(), **values), 1)
    assert caught.value.path == path
    assert Measure.objects.get(key="1").version == 1


def test_a_figure_has_the_kind_of_its_indicator():
    record = record_of()
    beijing = record.practices[0]
    odd = replace(beijing.figures[0], indicator="customers-served")
    with pytest.raises(RecordError, match="kind of customers-served"):
        write(
            replace(record, practices=(replace(beijing, figures=(odd,)), *record.practices[1:])), 1
        )


def test_passages_of_others_are_never_taken():
    record = record_of("2")
    stolen = world.passages("3")[0]
    with pytest.raises(RecordError, match="belong to another passage already: 改革举措3"):
        write(replace(record, passages=(*record.passages, stolen)), 1)
    assert Passage.objects.filter(measure__key="3").count() == len(world.passages("3"))


def test_a_source_that_is_no_longer_tiled_is_told():
    measure = world.get_measure("3")
    versions.check_source(measure.source)
    Passage.objects.filter(role=Role.CAPTION).delete()
    with pytest.raises(RecordError, match="外籍人才"):
        versions.check_source(measure.source)


def test_a_practice_and_an_outcome_that_are_gone_leave_no_rows():
    record = record_of("2")
    shanghai = [part for part in record.passages if part.city != world.SHANGHAI]
    write(replace(record, practices=record.practices[:1], passages=tuple(shanghai)), 1)
    assert [row.city.slug for row in Practice.objects.filter(measure__key="2")] == [world.BEIJING]
    assert Outcome.objects.filter(practice__measure__key="2").count() == 1


def test_typed_over_texts_are_marked():
    record = record_of()
    write(replace(record, title_zh="改过的标题"), 1)
    measure = world.get_measure("1")
    assert measure.is_title_edited
    write(replace(measure.to_record(), title_zh=record.title_zh), 2)
    assert not world.get_measure("1").is_title_edited


def test_the_catalog_as_it_was_at_a_moment():
    before = timezone.now()
    write(replace(record_of(), title_en="Later"), 1)
    assert versions.records_as_at(before) == list(world.world_catalog().measures)
    assert versions.records_as_at(timezone.now())[0].title_en == "Later"
    assert versions.records_as_at(before - timedelta(days=365)) == []


def test_a_withdrawal_does_not_count_as_an_edit_for_loading():
    record = record_of()
    withdrawn = replace(record, withdrawn_at=timezone.now().isoformat(), withdrawn_reason_zh="重复")
    assert versions.content_checksum(withdrawn) == versions.content_checksum(record)
    assert to_json(withdrawn) != to_json(record)


def test_writing_costs_few_queries(django_assert_max_num_queries):
    record = replace(record_of(), title_en="Another")
    Section.objects.exists()
    # Source, lock, 5 vocabularies, savepoint and release, the measure, its practices with their
    # outcomes, points and figures (city by city), errata, passages, and the version's own two.
    with django_assert_max_num_queries(45):
        write(record, 1)
