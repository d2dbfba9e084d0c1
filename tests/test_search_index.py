"""The index follows every write, in its transaction; what went amiss is told and mended."""

from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from reforms import editing
from reforms.importing import load_catalog
from reforms.models import (
    Category,
    City,
    IndexedText,
    IndexedWord,
    Indicator,
    Measure,
    Source,
    Theme,
)
from reforms.records import Action, Decision, MeasureRecord, OutcomeState, Role
from reforms.recutting import Cut
from reforms.search import Vocabulary, faults, index_measure, index_missing, rebuild_index, search
from reforms.text import sound
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def li(db: None) -> Any:
    """An editor, and the small catalog."""
    world.build_world()
    return world.an_editor("li")


def found(typed: str, *, is_public: bool = True) -> set[str]:
    """Return the keys of the measures that hold exactly this."""
    numbers = search(f'"{typed}"', Vocabulary(), is_public=is_public).scores
    return set(Measure.objects.filter(pk__in=numbers).values_list("key", flat=True))


def rows() -> list[tuple[Any, ...]]:
    """Return what the index holds, in an order of its own."""
    names = ("measure__key", "city__slug", "name", "part", "weight", "checksum", "tokens")
    return sorted(map(str, IndexedText.objects.values_list(*names)))


def seen() -> list[tuple[str, str, str]]:
    """Return the faults of the index, without words that are left over from texts of before."""
    found = (fault for fault in faults() if not fault.is_harmless)
    return sorted((fault.kind, fault.measure, fault.text) for fault in found)


def with_practice(record: MeasureRecord, index: int = 0, **values: Any) -> MeasureRecord:
    practices = list(record.practices)
    practices[index] = replace(practices[index], **values)
    return replace(record, practices=tuple(practices))


def record_of(key: str) -> MeasureRecord:
    return world.get_measure(key).to_record()


def test_what_is_loaded_is_found_in_every_kind_of_text(li):
    assert found("双经理负责制") == {"2"}
    assert found("two managers") == {"2"}
    assert found("银行开通在线查询系统") == {"3"}
    assert found("query the system") == {"3"}
    assert found("累计服务超过590户") == {"1"}
    assert found("investment in outside works") == {"1"}
    assert found("银行在线查询") == {"3"}
    assert found("banks query online") == {"3"}
    assert found("获得电力") == {"1", "2"}
    assert found("Registering property") == {"3"}
    assert found("零投资") >= {"1"}
    assert found("汇交数据量") == {"3"}
    assert found("Records transferred") == {"3"}
    assert found("上海市") == {"1", "2", "3"}
    assert found("北京") == {"1", "2"}
    assert seen() == []


def test_a_changed_record_of_the_files_is_found_by_its_new_text_only(li):
    catalog = world.world_catalog()
    changed = with_practice(catalog.measures[1], summary_zh="换成别的说法")
    load_catalog(
        replace(catalog, measures=(catalog.measures[0], changed, catalog.measures[2])),
        by_name="fixtures",
    )
    assert found("换成别的说法") == {"2"}
    assert found("项目经理组成") == set()
    assert seen() == []


def test_a_saved_measure_is_found_by_its_new_text_only(li):
    assert found("率先推出") == {"1"}
    edited = with_practice(record_of("1"), practice_zh="改成了另一段话。", practice_en="Rewritten")
    editing.save_measure(replace(edited, title_zh="新的标题"), 1, li, "clearer")
    assert found("另一段话") == found("新的标题") == found("rewritten") == {"1"}
    assert found("率先推出") == found("提供低压小微企业") == set()
    assert seen() == []


def test_an_outcome_or_a_city_that_is_taken_away_is_no_longer_found(li):
    record = with_practice(
        record_of("2"),
        outcome_state=OutcomeState.NOT_ENTERED,
        outcome_zh=None,
        outcome_en=None,
        outcome_spans=(),
        figures=(),
    )
    record = replace(record, passages=tuple(p for p in record.passages if p.role != Role.OUTCOME))
    index_measure(world.get_measure("2"), record)
    assert found("压缩至15天以内") == set()
    index_measure(world.get_measure("2"), replace(record, practices=record.practices[1:]))
    assert found("客户经理负责整体") == set()
    assert found("客户经理全程代办") == {"2"}


def test_a_reading_is_found_until_it_is_refused(li):
    record = record_of("2")
    assert found("整体协调协调,项目") == found("整体协调,项目经理") == {"2"}
    refused = replace(record.errata[0], decision=Decision.REFUSED)
    editing.save_measure(replace(record, errata=(refused,)), 1, li, "as meant")
    assert found("整体协调协调,项目") == {"2"}
    assert found("整体协调,项目经理") == set()


def test_a_reading_that_stands_in_a_heading_finds_its_measure(li):
    assert found("1项") == {"3"}


def test_a_withdrawn_measure_is_found_by_editors_only_until_it_is_restored(li):
    measure = editing.withdraw_measure(world.get_measure("2"), 1, li, "重复", "A duplicate")
    for typed in ("双经理负责制", "客户经理", "获得电力", "北京市", "双经理", "办电时间"):
        assert "2" not in found(typed), typed
        assert "2" in found(typed, is_public=False), typed
    editing.restore_measure(measure, 2, li, "not one after all")
    assert "2" in found("双经理负责制")
    assert seen() == []


@pytest.mark.parametrize("way", ["withdrawn", "unpublished"])
def test_nothing_of_a_source_that_readers_may_not_see_is_found(li, way):
    if way == "withdrawn":
        editing.withdraw_source(Source.objects.get(), 1, li, "错误", "An error")
    else:
        Source.objects.update(is_public=False)
    for typed in ("双经理负责制", "二三", "1", "measure 1", "获得电力", "上海", "零投资"):
        assert search(typed, Vocabulary()).scores == {}, typed
    assert search("双经理", Vocabulary(), is_public=False).scores
    assert search("measure 1", Vocabulary(), is_public=False).scores


def test_words_given_to_a_text_by_a_cut_are_found_there(li):
    assert found("在线外籍人才") == found("外籍人才") == set()
    start = world.TEXT.index("外籍人才")
    cut = Cut(start=start, end=start + 4, role=Role.PRACTICE, city=world.SHANGHAI)
    editing.recut_measure(world.get_measure("3"), cut, 1, li, "part of the sentence")
    assert found("在线外籍人才") == {"3"}
    assert seen() == []


def test_a_save_that_is_rolled_back_leaves_the_index_as_it_was(li):
    before = rows()
    with suppress(ZeroDivisionError), transaction.atomic():
        edited = replace(record_of("1"), title_zh="新的标题")
        editing.save_measure(edited, 1, li, "clearer")
        assert found("新的标题") == {"1"}
        raise ZeroDivisionError
    assert rows() == before
    assert found("新的标题") == set()
    assert found("提供低压小微企业") == {"1"}
    assert seen() == []


def test_a_dry_run_of_loading_indexes_nothing():
    load_catalog(world.world_catalog(), by_name="fixtures", is_dry_run=True)
    assert not IndexedText.objects.exists()


def test_only_rows_that_changed_are_written(li, django_assert_max_num_queries):
    before = set(IndexedText.objects.values_list("pk", "name", "city__slug"))
    edited = with_practice(record_of("1"), summary_zh="换成别的说法")
    editing.save_measure(edited, 1, li, "shorter")
    after = set(IndexedText.objects.values_list("pk", "name", "city__slug"))
    assert {row[1:] for row in after - before} == {("summary_zh", "beijing")}
    measure, record = world.get_measure("1"), record_of("1")
    with django_assert_max_num_queries(2 + 2):  # what the index holds, cities; a savepoint
        assert not index_measure(measure, record)
    with django_assert_max_num_queries(5 + 2):
        assert index_measure(measure, replace(record, title_zh="新的标题"))


def test_a_renamed_word_is_found_by_its_new_name_without_indexing_anew(li):
    before = rows()
    for model, slug, old, new in (
        (Category, world.ELECTRICITY, "获得电力", "用电报装"),
        (Theme, "data-sharing", "数据共享", "数据互通"),
        (Indicator, "customers-served", "服务户数", "客户总数"),
        (City, world.SHANGHAI, "上海市", "申城"),
    ):
        holders = found(old)
        row = model.objects.get(slug=slug)
        row.name_zh = new
        editing.save_row(row, row.version, by=li)
        # 推进数据共享 stands in the text of measure 3 too.
        assert found(new) == holders != set()
        assert found(old) == ({"3"} if old == "数据共享" else set())
    assert rows() == before


# --- Writing anew, and checking ---


def test_writing_the_index_anew_gives_the_same_rows(li):
    editing.save_measure(replace(record_of("1"), title_zh="新的标题"), 1, li, "clearer")
    before, words = rows(), set(IndexedWord.objects.values_list("text", flat=True))
    IndexedText.objects.filter(name="title_zh").delete()
    calls = []
    assert rebuild_index(lambda: calls.append(1)) == len(calls) == 3
    assert rows() == before
    assert set(IndexedWord.objects.values_list("text", flat=True)) <= words
    assert seen() == []
    assert found("新的标题") == {"1"}


def test_writing_the_index_anew_forgets_words_that_stand_nowhere(li):
    editing.save_measure(replace(record_of("1"), title_zh="魑魅魍魉"), 1, li, "")
    assert IndexedWord.objects.filter(text="魑魅").exists()
    editing.save_measure(replace(record_of("1"), title_zh="标题"), 2, li, "")
    rebuild_index()
    assert not IndexedWord.objects.filter(text="魑魅").exists()
    assert IndexedWord.objects.filter(text="标题").exists()


def test_each_kind_of_fault_is_told(li):
    measure = world.get_measure("1")
    IndexedText.objects.get(measure=measure, name="title_zh").delete()
    IndexedText.objects.filter(measure=measure, name="title_en").update(checksum="0" * 64)
    IndexedText.objects.filter(
        measure=measure, name="outcome_zh", city__slug=world.SHANGHAI
    ).update(weight=1)
    IndexedText.objects.create(
        measure=world.get_measure("3"), name="title_zh", part=2, weight=64, checksum="", tokens="x"
    )
    assert seen() == [
        ("extra", "sample-notice:3", "title_zh"),
        ("missing", "sample-notice:1", "title_zh"),
        ("stale", "sample-notice:1", "shanghai outcome_zh"),
        ("stale", "sample-notice:1", "title_en"),
    ]
    rebuild_index()
    assert seen() == []


@pytest.mark.parametrize("tokens", ["", "w0041", "zebra wqueri wqueri"])
def test_tokens_altered_behind_the_index_are_told(li, tokens):
    """The checksum beside them still is that of the text: only the tokens themselves tell."""
    row = IndexedText.objects.get(measure__key="2", name="title_zh")
    IndexedText.objects.filter(pk=row.pk).update(tokens=tokens)
    assert seen() == [("altered", "sample-notice:2", "title_zh")]
    rebuild_index()
    assert seen() == []


def test_tokens_that_lost_their_places_are_told(li, is_postgresql):
    """A tsvector can be stripped of its positions, and phrases are found no more."""
    if not is_postgresql:
        pytest.skip("SQLite keeps the tokens as a text: their order is their place.")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reforms_indexedtext SET tokens = strip(tokens) WHERE name = 'title_zh'"
        )
    assert {kind for kind, _measure, _text in seen()} == {"altered"}
    assert len(seen()) == 3


def test_words_that_are_missing_or_altered_are_told(li):
    IndexedWord.objects.filter(text__in=["经理", "query"]).delete()
    IndexedWord.objects.filter(text="双经").update(sound="shuanggen")
    assert seen() == [
        ("altered", "", "word 双经"),
        ("missing", "", "word query"),
        ("missing", "", "word 经理"),
    ]
    rebuild_index()
    assert list(faults()) == []


def test_a_word_that_stands_nowhere_any_more_is_told_and_no_failure(li):
    IndexedWord.objects.create(text="魑魅", first="魑", last="魅", sound=sound("魑魅"))
    (fault,) = faults()
    assert (fault.kind, fault.text, fault.is_harmless) == ("left over", "word 魑魅", True)
    assert "1 words stand in no text any more (harmless)" in run("--check")
    assert "left over  -  word 魑魅" in run("--check", "--verbosity", "2")
    rebuild_index()
    assert list(faults()) == []


def test_a_text_without_a_city_is_indexed_once(li):
    row = IndexedText.objects.get(measure__key="2", name="title_zh")
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_texts_that_were_indexed_twice_are_forgotten_and_indexed_anew(li):
    forget = import_module("reforms.migrations.0004_forget_doubled_indexed_texts").forget
    texts = IndexedText.objects.filter(measure__key="2")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX indexed_text_one_a_part_of_no_city")
    row = texts.get(name="title_zh")
    row.pk = None
    row.save(force_insert=True)
    for _ in range(2):
        forget(apps, SimpleNamespace(connection=connection))
    assert not texts.exists()
    assert IndexedText.objects.filter(measure__key="3").exists()
    assert index_missing() == 1
    assert seen() == []


def test_a_text_changed_behind_the_index_is_stale(li):
    Measure.objects.filter(key="2").update(title_zh="改在背后")
    assert ("stale", "sample-notice:2", "title_zh") in seen()
    assert {kind for kind, measure, _text in seen() if not measure} == {"missing"}
    rebuild_index()
    assert found("改在背后") == {"2"}


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("rebuild_search", *arguments, stdout=output)
    return output.getvalue()


def test_the_command_writes_the_index_anew(li):
    before = rows()
    IndexedText.objects.all().delete()
    assert found("双经理负责制") == set()
    assert "3 measures indexed" in run()
    assert rows() == before
    assert "3 measures indexed" in run()
    assert rows() == before


def test_the_check_passes_over_a_whole_index(li):
    assert "3 measures checked, nothing amiss" in run("--check")


def test_the_check_lists_what_is_amiss_writes_nothing_and_fails(li):
    IndexedText.objects.filter(measure__key="2", name="title_en").delete()
    IndexedText.objects.filter(measure__key="3", name="title_en").update(checksum="0" * 64)
    before, output = rows(), StringIO()
    with pytest.raises(CommandError, match="2 rows are not as they should be: run rebuild_search"):
        call_command("rebuild_search", "--check", stdout=output)
    lines = [line.split() for line in output.getvalue().splitlines()]
    assert lines == [
        ["missing", "sample-notice:2", "title_en"],
        ["stale", "sample-notice:3", "title_en"],
    ]
    assert rows() == before


def test_a_dry_run_says_how_many_and_writes_nothing(li):
    IndexedText.objects.filter(measure__key="2").delete()
    before = rows()
    assert "3 measures would be indexed (dry run: nothing was written)" in run("--dry-run")
    assert rows() == before


def test_the_command_says_nothing_where_it_is_told_to_be_quiet(li):
    assert run("--verbosity", "0") == run("--check", "--verbosity", "0") == ""


def test_a_full_text_table_out_of_step_with_the_texts_is_told_and_mended(li, is_postgresql):
    """On SQLite the full-text table stands apart; on PostgreSQL the index is the database's own."""
    if is_postgresql:
        assert seen() == []
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reforms_indexedtext_tokens(rowid, tokens) VALUES (999999, 'wastray')"
        )
    with pytest.raises(CommandError, match="out of step with the texts"):
        run("--check")


# --- Rows that came by another way ---


def test_rows_of_loaddata_are_found_after_the_next_load(catalog_record):
    files = sorted(map(str, Path(settings.BASE_DIR, "fixtures").glob("*.json")))
    call_command("loaddata", *files, verbosity=0)
    assert Measure.objects.count() == 19
    assert not IndexedText.objects.exists()
    assert found("装表接电") == set()
    assert seen()[0][0] == "missing"
    load_catalog(catalog_record, by_name="fixtures")
    # The right words find what is misprinted, and so does the misprint.
    assert found("装表接电") == found("表装装电") == {"7"}
    assert "11" in found("投诉") & found("投拆")
    assert seen() == []
    assert index_missing() == 0


def test_only_measures_without_rows_count_as_missing(li, django_assert_num_queries):
    assert index_missing() == 0
    IndexedText.objects.filter(measure__key="3").delete()
    IndexedText.objects.filter(measure__key="2", name="title_zh").delete()
    assert index_missing() == 1
    assert seen() == [("missing", "sample-notice:2", "title_zh")]
    with django_assert_num_queries(1):
        assert index_missing() == 0


def test_measures_and_their_index_go_together(li):
    measure = world.get_measure("3")
    measure.versions.all().delete()
    measure.passages.all().delete()
    measure.delete()
    assert found("数据共享") == set()
    assert not IndexedText.objects.filter(measure__isnull=True).exists()
    assert seen() == []


def test_a_reverted_measure_is_found_by_the_text_that_came_back(li):
    before = record_of("1")
    editing.save_measure(replace(before, title_zh="新的标题"), 1, li, "")
    editing.save_measure(before, 2, li, "", Action.REVERTED)
    assert found("提供低压小微企业") == {"1"}
    assert found("新的标题") == set()
