"""Snapshots of the real catalog: copied where nothing changed, else rebuilt, and the same either way."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.utils import timezone

from reforms import snapshots, versions
from reforms.models import IndexedText, Measure
from reforms.records import Action
from reforms.routing import APP, HELD, Database
from tests.past import days_ago, go_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog", "snapshot_folder")]


def rows(name):
    model = apps.get_model(APP, name)
    return list(model._default_manager.order_by("pk").values())


def test_what_nobody_changed_is_copied_row_by_row(tmp_path):
    path = tmp_path / "copy.sqlite3"
    snapshots.build(timezone.now(), path)
    here = {name: rows(name) for name in HELD}
    database = Database(path)
    with database.current():
        there = {name: rows(name) for name in HELD}
    database.close()
    assert all(there.values())
    assert there == here


def test_a_catalog_rebuilt_from_its_history_equals_the_one_it_was(tmp_path):
    before = [measure.to_record() for measure in Measure.objects.for_record().in_order()]
    held = {
        (row["measure_id"], row["city_id"], row["name"], row["part"]): row["tokens"]
        for row in IndexedText.objects.values("measure_id", "city_id", "name", "part", "tokens")
    }
    go_on(2)
    for measure in Measure.objects.for_record():
        record = replace(
            measure.to_record(),
            title_zh=measure.title_zh and "别的标题",
            title_en="Another title",
            practices=tuple(
                replace(practice, points=(), figures=(), summary_zh="别的")
                for practice in measure.to_record().practices
            ),
            errata=(),
        )
        versions.write(
            record, expected_version=measure.version, action=Action.CHANGED, by_name="li"
        )
    with snapshots.reading(days_ago(1)):
        assert [
            measure.to_record() for measure in Measure.objects.for_record().in_order()
        ] == before
        assert {
            (row["measure_id"], row["city_id"], row["name"], row["part"]): row["tokens"]
            for row in IndexedText.objects.values("measure_id", "city_id", "name", "part", "tokens")
        } == held
    assert {measure.title_en for measure in Measure.objects.all()} == {"Another title"}
