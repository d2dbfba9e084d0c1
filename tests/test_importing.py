"""Loading and exporting: nothing edited is overwritten, and the same catalog comes back."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from reforms.editing import save_measure, save_row, withdraw_measure
from reforms.exchange import RecordError, to_json
from reforms.exports import whole_catalog
from reforms.importing import Result, load_catalog, read_catalog
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
from reforms.records import CatalogRecord
from tests import world

pytestmark = pytest.mark.django_db


def _load(catalog, **options):
    return load_catalog(catalog, by_name="fixtures", **options)


def _record(key="1"):
    measure = Measure.objects.for_record().get(source__slug=world.SOURCE, key=key)
    return measure, measure.to_record()


def test_loading_twice_equals_loading_once():
    catalog = world.world_catalog()
    first = _load(catalog)
    assert first.count(Result.CREATED) == len(first.lines)
    whole = whole_catalog()
    second = _load(catalog)
    assert second.count(Result.UNCHANGED) == len(second.lines) == len(first.lines)
    assert whole_catalog() == whole
    assert replace(whole, loaded=None) == catalog
    assert MeasureVersion.objects.count() == len(catalog.measures)


def test_the_first_load_begins_the_history():
    world.build_world()
    measure, record = _record()
    (version,) = measure.versions.all()
    assert (version.version, version.action, version.valid_to) == (1, "loaded", None)
    assert version.record == to_json(record)


def test_an_edited_measure_is_kept_and_reported():
    catalog = world.world_catalog()
    _load(catalog)
    measure, record = _record()
    edited = replace(record, title_en="A title that an editor chose")
    save_measure(edited, measure.version, world.an_editor(), "better English")
    changed = replace(catalog.measures[0], title_en="A title from the files")
    report = _load(replace(catalog, measures=(changed, *catalog.measures[1:])))
    assert (Result.KEPT, "measure", record.identity) in report.lines
    assert _record()[1].title_en == "A title that an editor chose"


def test_an_untouched_measure_is_updated_with_a_version_more():
    catalog = world.world_catalog()
    _load(catalog)
    changed = replace(catalog.measures[0], title_en="A title from the files")
    report = _load(replace(catalog, measures=(changed, *catalog.measures[1:])))
    measure, record = _record()
    assert (Result.UPDATED, "measure", record.identity) in report.lines
    assert record == changed
    assert measure.version == measure.versions.count() == 2


def test_measures_may_exchange_their_positions():
    catalog = world.world_catalog()
    _load(catalog)
    first, second, *rest = catalog.measures
    swapped = (
        replace(second, position=first.position),
        replace(first, position=second.position),
        *rest,
    )
    _load(replace(catalog, measures=swapped))
    assert [measure.key for measure in whole_catalog().measures][:2] == [second.key, first.key]


def test_withdrawn_stays_withdrawn():
    catalog = world.world_catalog()
    _load(catalog)
    measure, record = _record()
    withdraw_measure(measure, measure.version, world.an_editor(), "重复", "A duplicate")
    report = _load(catalog)
    assert (Result.UNCHANGED, "measure", record.identity) in report.lines
    changed = replace(catalog.measures[0], title_en="A title from the files")
    _load(replace(catalog, measures=(changed, *catalog.measures[1:])))
    measure, record = _record()
    assert measure.is_withdrawn
    assert record.title_en == "A title from the files"
    assert record.identity not in [part.identity for part in _public()]


def _public():
    return [measure.to_record() for measure in Measure.objects.public().for_record()]


def test_a_record_gone_from_the_files_is_reported_and_stays():
    catalog = world.world_catalog()
    _load(catalog)
    fewer = replace(catalog, measures=catalog.measures[:-1])
    report = _load(fewer)
    assert report.count(Result.GONE) == 1
    assert Measure.objects.count() == len(catalog.measures)


def test_a_row_without_checksum_that_equals_the_files_is_adopted():
    catalog = world.world_catalog()
    _load(catalog)
    MeasureVersion.objects.all().delete()
    for model in (Measure, Category, Source):
        model.objects.update(loaded_checksum=None)
    report = _load(catalog)
    assert report.count(Result.ADOPTED) == len(catalog.measures) + len(catalog.categories) + 1
    assert MeasureVersion.objects.count() == len(catalog.measures)
    again = _load(catalog)
    assert again.count(Result.UNCHANGED) == len(again.lines)


def test_an_edited_word_is_kept():
    catalog = world.world_catalog()
    _load(catalog)
    row = Category.objects.get(slug=world.ELECTRICITY)
    row.name_en = "Electricity supply"
    save_row(row, row.version, by=world.an_editor("wang"))
    changed = replace(catalog.categories[0], name_en="From the files")
    report = _load(replace(catalog, categories=(changed, *catalog.categories[1:])))
    assert (Result.KEPT, "category", world.ELECTRICITY) in report.lines
    row.refresh_from_db()
    assert row.name_en == "Electricity supply"


def test_a_dry_run_says_what_it_would_do_and_writes_nothing():
    report = _load(world.world_catalog(), is_dry_run=True)
    assert report.count(Result.CREATED) == len(report.lines)
    assert not Measure.objects.exists()
    assert not Category.objects.exists()


def test_a_broken_record_loads_nothing_at_all():
    catalog = world.world_catalog()
    broken = replace(catalog.measures[-1], title_spans=((0, 1),))
    with pytest.raises(RecordError):
        _load(replace(catalog, measures=(*catalog.measures[:-1], broken)))
    assert not Category.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("scope_zh", "长" * 201), ("statement", "Not A Slug"), ("unit_en", "long" * 30)],
)
def test_a_text_that_does_not_fit_its_column_is_refused_on_both_databases(name, value):
    catalog = world.world_catalog()
    first = catalog.measures[0]
    practice = first.practices[0]
    figure = replace(practice.figures[0], **{name: value})
    broken = replace(
        first,
        practices=(
            replace(practice, figures=(figure, *practice.figures[1:])),
            *first.practices[1:],
        ),
    )
    with pytest.raises(RecordError, match=rf"figure\.{name}"):
        _load(replace(catalog, measures=(broken, *catalog.measures[1:])))
    assert not Measure.objects.exists()


def test_a_source_text_never_changes():
    catalog = world.world_catalog()
    _load(catalog)
    source = replace(catalog.sources[0], text=catalog.sources[0].text + "附")
    with pytest.raises(RecordError, match="checksum"):
        _load(replace(catalog, sources=(source,)))


def test_words_that_belong_to_no_passage_are_refused():
    catalog = world.world_catalog()
    source = replace(catalog.sources[0], passages=catalog.sources[0].passages[1:])
    with pytest.raises(RecordError, match="belong to no passage"):
        _load(replace(catalog, sources=(source,)))


def test_export_then_load_gives_the_same_catalog(tmp_path):
    catalog = world.world_catalog()
    _load(catalog)
    output = StringIO()
    call_command("export_catalog", "--whole", stdout=output)
    exported = read_catalog([json.loads(output.getvalue())])
    assert replace(exported, loaded=None) == catalog
    file = tmp_path / "whole.json"
    file.write_text(output.getvalue(), encoding="utf-8")
    report = StringIO()
    call_command("load_catalog", str(file), stdout=report)
    assert "0 created, 0 updated" in report.getvalue()


def test_an_edit_survives_a_rebuild_from_a_whole_export():
    catalog = world.world_catalog()
    _load(catalog)
    measure, record = _record()
    edited = replace(record, title_en="A title that an editor chose")
    save_measure(edited, measure.version, world.an_editor(), "better English")
    row = Category.objects.get(slug=world.ELECTRICITY)
    row.name_en = "Electricity supply"
    save_row(row, row.version, by=world.an_editor("wang"))
    exported = whole_catalog()
    _empty()
    _load(exported)
    assert whole_catalog() == exported
    changed = replace(catalog.measures[0], title_en="A title from the files")
    report = _load(replace(catalog, measures=(changed, *catalog.measures[1:])))
    assert (Result.KEPT, "measure", record.identity) in report.lines
    assert (Result.KEPT, "category", world.ELECTRICITY) in report.lines
    assert report.count(Result.UPDATED) == 0


def _empty():
    MeasureVersion.objects.all().delete()
    Passage.objects.all().delete()
    Measure.objects.all().delete()
    Source.objects.all().delete()
    for model in (Category, City, Theme, Indicator):
        model.objects.all().delete()


def test_a_file_of_measures_alone_reports_nothing_as_gone():
    catalog = world.world_catalog()
    _load(catalog)
    report = _load(CatalogRecord(measures=catalog.measures))
    assert report.count(Result.GONE) == 0
    assert report.count(Result.UNCHANGED) == len(catalog.measures)


def test_export_prints_an_array_by_source_and_position():
    world.build_world()
    output = StringIO()
    call_command("export_catalog", stdout=output)
    measures = json.loads(output.getvalue())
    assert measures == [to_json(record) for record in world.world_catalog().measures]


def test_export_of_an_empty_catalog_is_an_empty_array():
    output = StringIO()
    call_command("export_catalog", stdout=output)
    assert json.loads(output.getvalue()) == []


def test_the_command_loads_the_fixtures_and_writing_them_back_changes_nothing(tmp_path):
    call_command("load_catalog", verbosity=0)
    call_command("write_fixtures", "--folder", str(tmp_path), stdout=StringIO())
    for file in Path(settings.BASE_DIR, "fixtures").glob("*.json"):
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "is not JSON: line 1"),
        (b"\xff\xfe", "is not UTF-8"),
        (b'"text"', "expected fixtures"),
        (b"[1]", "expected fixtures"),
        (b'[{"model": "auth.user", "fields": {}}]', "expected a row of this catalog"),
        (b'{"measures": [{"source": "s"}]}', "is missing"),
        (b'{"measures": [], "other": 1}', "unknown field 'other'"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path, content, sentence):
    file = tmp_path / "file.json"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        call_command("load_catalog", str(file))


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_catalog", str(tmp_path / "none.json"))
