"""Snapshots: a file holds the catalog as it stood, is read and never written, and is never stale."""

import os
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connections
from django.http import StreamingHttpResponse
from django.utils import timezone

from reforms import editing, routing, search, snapshots
from reforms.days import day_read
from reforms.importing import load_catalog
from reforms.models import (
    Category,
    City,
    Measure,
    MeasureVersion,
    Passage,
    Practice,
    Source,
)
from reforms.records import CatalogRecord, Role
from reforms.recutting import Cut
from reforms.routing import ALIAS, HELD, Database
from reforms.search import Vocabulary
from reforms.snapshots import building, files
from tests import world
from tests.at_once import AtOnce
from tests.past import days_ago, go_on

CAPTION = "外籍人才在服务大厅办理业务(资料图片)"

pytestmark = pytest.mark.usefixtures("snapshot_folder")


@pytest.fixture
def li(db):
    world.build_world()
    return world.an_editor("li")


def save(editor, key="1", **values):
    live = world.get_measure(key)
    record = replace(live.to_record(), **values)
    return editing.save_measure(record, live.version, editor, "because")


def records(keys="123"):
    return [world.get_measure(key).to_record() for key in keys]


def rows_of(model, **wanted):
    return list(model._default_manager.filter(**wanted).order_by("pk").values())


def spans_of_source():
    return [
        (passage.start, passage.end)
        for passage in Passage.objects.filter(source__slug=world.SOURCE).in_order()
    ]


def assert_tiled(spans):
    position = 0
    for start, end in [*spans, (len(world.TEXT), len(world.TEXT))]:
        assert not world.TEXT[position:start].strip()
        assert start >= position
        position = end


def built():
    return sorted(files.folder().glob("*.sqlite3"))


# --- What is in it ---


def test_a_measure_is_as_it_stood_at_the_end_of_each_day(li):
    go_on(4)
    first = records()
    save(li, "1", title_en="Second")
    go_on(4)
    second = records()
    save(li, "1", title_en="Third")
    save(li, "2", title_en="Another")
    go_on(4)
    for day, wanted in ((12, first), (9, first), (8, second), (5, second), (4, records())):
        with snapshots.reading(days_ago(day)):
            assert records() == wanted, day
            live = MeasureVersion.objects.as_at(snapshots.end_of(days_ago(day)))
            assert {v.measure_id: v.version for v in live} == dict(
                Measure.objects.values_list("pk", "version")
            )


def test_keys_and_positions_are_those_of_the_measures(li):
    numbers = {measure.key: measure.pk for measure in Measure.objects.all()}
    go_on(2)
    save(li, "2", title_en="Another")
    with snapshots.reading(days_ago(1)):
        assert [(m.key, m.pk, m.position) for m in Measure.objects.in_order()] == [
            (key, numbers[key], place) for place, key in enumerate("123", start=1)
        ]


def test_a_measure_is_not_there_before_it_was_entered(db):
    world.build_world()
    go_on(4)
    added = MeasureVersion.objects.filter(measure__key="3")
    added.update(valid_from=timezone.now() - timedelta(days=2))
    with snapshots.reading(days_ago(3)):
        assert [measure.key for measure in Measure.objects.in_order()] == ["1", "2"]
        assert_tiled(spans_of_source())
        own = Passage.objects.filter(measure__isnull=True, role=Role.PRACTICE)
        assert own.exists()
    with snapshots.reading(days_ago(1)):
        assert Measure.objects.count() == 3


def test_withdrawing_and_restoring_are_part_of_the_past(li):
    go_on(3)
    editing.withdraw_measure(world.get_measure("2"), 1, li, "重复", "Listed twice")
    go_on(3)
    editing.restore_measure(world.get_measure("2"), 2, li, "a mistake")
    go_on(3)
    told = {}
    for day in (7, 4, 1):
        with snapshots.reading(days_ago(day)):
            measure = world.get_measure("2")
            told[day] = (Measure.objects.public().count(), measure.withdrawn_reason_en)
    assert told == {7: (3, None), 4: (2, "Listed twice"), 1: (3, None)}


@pytest.mark.parametrize(
    ("words", "is_own"), [(CAPTION, True), ("外籍人才", True), ("查询系统。", False)]
)
def test_a_source_that_was_cut_anew_is_tiled_in_the_past_too(li, words, is_own):
    def cut_of(measure):
        return sorted(measure.passages.values_list("start", "end", "role"))

    before = cut_of(world.get_measure("3"))
    go_on(2)
    start = world.TEXT.index(words)
    given = {"role": Role.PRACTICE, "city": world.SHANGHAI} if is_own else {"role": Role.CAPTION}
    cut = Cut(start=start, end=start + len(words), is_own=is_own, **given)
    editing.recut_measure(world.get_measure("3"), cut, 1, li, "")
    assert cut_of(world.get_measure("3")) != before
    with snapshots.reading(days_ago(1)):
        assert cut_of(world.get_measure("3")) == before
        assert world.get_measure("3").to_record() == world.measure_three()
        assert_tiled(spans_of_source())
        own = Passage.objects.filter(measure__isnull=True)
        here = next(p for p in own if p.start <= world.TEXT.index(CAPTION) < p.end)
        # Which role these words of the source itself had is not kept: they have today's.
        assert here.role == (Role.PRACTICE if is_own else Role.CAPTION)


def test_a_source_that_nobody_changed_stands_beside_one_that_was(li):
    other = replace(world.source(), slug="other-notice", position=2)
    theirs = [replace(measure, source="other-notice") for measure in world.world_catalog().measures]
    load_catalog(CatalogRecord(sources=(other,), measures=tuple(theirs)), by_name="fixtures")
    go_on(2)
    kept = rows_of(Passage, source__slug="other-notice")
    save(li, "1", title_en="Another")
    with snapshots.reading(days_ago(1)):
        assert rows_of(Passage, source__slug="other-notice") == kept
        assert records() == list(world.world_catalog().measures)
        of_other = Measure.objects.for_record().filter(source__slug="other-notice").in_order()
        assert [measure.to_record() for measure in of_other] == theirs


def test_vocabularies_and_sources_are_todays(li):
    go_on(2)
    category = Category.objects.get(slug=world.ELECTRICITY)
    category.name_en = "Power"
    editing.save_row(category, category.version, by=li)
    with snapshots.reading(days_ago(1)):
        assert Category.objects.get(slug=world.ELECTRICITY).name_en == "Power"
        named = next(row for row in Vocabulary().rows if row.kind == "category")
        assert "Power" in named.names


def test_no_account_and_no_history_is_in_the_file(li):
    go_on(2)
    save(li, title_en="Another")
    with snapshots.reading(days_ago(1)), connections[ALIAS].cursor() as cursor:
        tables = set(connections[ALIAS].introspection.table_names(cursor))
        # Those stay where they are, and can be read.
        assert get_user_model().objects.get().username == "li"
        assert MeasureVersion.objects.count() == 4
    # And those of SQLite itself: the full-text table's, and what it counted.
    of_sqlite = ("reforms_indexedtext_tokens", "sqlite_stat")
    assert {name for name in tables if not name.startswith(of_sqlite)} == {
        f"reforms_{name}" for name in HELD
    }
    (path,) = built()
    assert b"li@example.org" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


# --- How it is read ---


def test_words_are_found_as_the_texts_were(li):
    go_on(2)
    save(li, "1", title_zh="全新的说法")

    def found(words):
        return sorted(search.search(words, Vocabulary()).scores)

    pk = world.get_measure("1").pk
    old, new = '"零上门零投资"', '"全新的说法"'
    assert (found(old), found(new)) == ([], [pk])
    with snapshots.reading(days_ago(1)):
        assert (found(old), found(new)) == ([pk], [])


def test_nothing_can_be_written_to_the_past(li):
    go_on(2)
    save(li, title_en="Another")
    with snapshots.reading(days_ago(1)):
        with pytest.raises(DatabaseError, match="readonly"):
            City.objects.update(name_en="Elsewhere")
        with pytest.raises(DatabaseError, match="readonly"):
            Measure.objects.for_record().first().save()
    assert not City.objects.filter(name_en="Elsewhere").exists()


def test_the_catalog_is_itself_again_afterwards(li):
    go_on(2)
    save(li, title_en="Another")
    asked = pytest.raises(Measure.DoesNotExist)
    with asked, snapshots.reading(days_ago(1)):
        assert day_read() == days_ago(1)
        Measure.objects.get(title_en="Another")
    assert day_read() is None
    assert Measure.objects.get(title_en="Another").version == 2
    assert not hasattr(connections._connections, ALIAS)


def test_two_days_can_be_open_at_once(li):
    go_on(2)
    save(li, title_en="Second")
    go_on(2)
    save(li, title_en="Third")
    with snapshots.reading(days_ago(3)):
        first = world.get_measure("1").title_en
        with snapshots.reading(days_ago(1)):
            assert world.get_measure("1").title_en == "Second"
        assert world.get_measure("1").title_en == first


def test_today_is_the_catalog_as_it_is_and_needs_no_file(li):
    save(li, title_en="Another")
    with snapshots.reading(days_ago(0)):
        assert world.get_measure("1").title_en == "Another"
        assert day_read() == days_ago(0)
    assert built() == []


def test_a_stream_is_of_the_day_to_its_end_and_lets_go_of_it(li):
    go_on(2)
    save(li, title_en="Another")

    def parts():
        for key in "12":
            yield str(world.get_measure(key).title_en).encode()

    def answer(day):
        return snapshots.answered(day, lambda: StreamingHttpResponse(parts()))

    past, now = answer(days_ago(1)), answer(days_ago(0))
    told = [(next(past.streaming_content), next(now.streaming_content))]
    # Between two parts whoever sends them is in the catalog as it is.
    assert world.get_measure("1").title_en == "Another"
    told.append((next(past.streaming_content), next(now.streaming_content)))
    titles = [measure.title_en for measure in world.world_catalog().measures]
    assert told == [(titles[0].encode(), b"Another"), (titles[1].encode(), titles[1].encode())]
    assert list(past.streaming_content) == []
    past.close()


def test_a_stream_that_nobody_reads_lets_go_of_its_file(li, monkeypatch):
    go_on(2)
    closed = []
    close = Database.close
    monkeypatch.setattr(Database, "close", lambda self: (closed.append(self), close(self)))
    response = snapshots.answered(days_ago(1), lambda: StreamingHttpResponse(iter([b"x"])))
    made = len(closed)
    response.close()
    assert len(closed) > made


# --- The file ---


def test_a_file_is_made_once_and_for_all_days_alike(li):
    go_on(6)
    save(li, title_en="Another")
    go_on(3)
    for day in (9, 8, 5, 4):
        with snapshots.reading(days_ago(day)):
            pass
    (path,) = built()
    made = path.stat().st_ino
    with snapshots.reading(days_ago(6)):
        pass
    assert [file.stat().st_ino for file in built()] == [made]
    with snapshots.reading(days_ago(2)):
        pass
    assert len(built()) == 2


def test_a_later_save_leaves_the_file_of_a_past_day_as_it_is(li):
    go_on(4)
    with snapshots.reading(days_ago(2)):
        pass
    (path,) = built()
    save(li, title_en="Another")
    with snapshots.reading(days_ago(2)):
        assert world.get_measure("1").title_en != "Another"
    assert built() == [path]


@pytest.mark.parametrize("what", ["category", "source", "late version"])
def test_a_file_that_would_be_stale_is_not_used(li, what):
    go_on(4)
    with snapshots.reading(days_ago(2)):
        pass
    if what == "category":
        row = Category.objects.first()
        row.name_en = "Renamed"
        editing.save_row(row, row.version, by=li)
    elif what == "source":
        row = Source.objects.get()
        row.short_name_en = "Renamed"
        editing.save_row(row, row.version, by=li)
    else:
        # As a save that began before midnight and ended after it.
        save(li, title_en="Late")
        moment = timezone.now() - timedelta(days=3)
        MeasureVersion.objects.filter(version=2).update(valid_from=moment)
        MeasureVersion.objects.filter(version=1, measure__key="1").update(valid_to=moment)
    with snapshots.reading(days_ago(2)):
        told = {
            "category": Category.objects.first().name_en,
            "source": Source.objects.get().short_name_en,
            "late version": world.get_measure("1").title_en,
        }
    assert told[what] in {"Renamed", "Late"}
    assert len(built()) == 2


@pytest.mark.parametrize("harm", ["gone", "empty", "cut", "no database", "a page overwritten"])
def test_a_file_that_is_gone_or_damaged_is_made_anew(li, harm):
    go_on(4)
    day = days_ago(2)
    with snapshots.reading(day):
        pass
    (path,) = built()
    whole = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        harmed = {
            "empty": b"",
            "cut": whole[: len(whole) // 2],
            "no database": b"x" * len(whole),
            # The first page names the tables; its header stays.
            "a page overwritten": whole[:100] + b"\xff" * 3996 + whole[4096:],
        }[harm]
        path.write_bytes(harmed)
    response = snapshots.answered(day, lambda: StreamingHttpResponse([str(records()).encode()]))
    assert (
        b"".join(response.streaming_content) == str(list(world.world_catalog().measures)).encode()
    )
    assert built() == [path]
    assert files.is_sound(path)


def test_only_so_many_files_are_kept_those_used_last(li, settings):
    settings.SNAPSHOTS_KEPT = 2
    for number in range(3):
        save(li, title_en=f"Title {number}")
        go_on(2)
    made = []
    for place, day in enumerate((5, 3, 1)):
        with snapshots.reading(days_ago(day)):
            pass
        newest = max(built(), key=lambda path: path.stat().st_ctime_ns)
        made.append(newest)
        os.utime(newest, (place + 1, place + 1))
    assert set(built()) == set(made[1:])
    # Using the older one makes the other one the first to go.
    with snapshots.reading(days_ago(3)):
        pass
    with snapshots.reading(days_ago(5)):
        pass
    assert set(built()) == {made[0], made[1]}


def test_what_a_crash_left_behind_is_thrown_away(li):
    left = files.folder() / "x.draft-1-2"
    left.write_bytes(b"half")
    go_on(2)
    with snapshots.reading(days_ago(1)):
        pass
    assert not left.exists()


def test_a_file_that_is_thrown_away_while_it_is_looked_at_is_made_anew(li, monkeypatch):
    go_on(2)
    moment = snapshots.end_of(days_ago(1))
    snapshots.open_snapshot(moment).close()
    look = files.is_sound
    calls = []

    def thrown_away_after(path):
        found = look(path)
        calls.append(path)
        if len(calls) == 1:
            files.throw_away(path)
        return found

    monkeypatch.setattr(files, "is_sound", thrown_away_after)
    database = snapshots.open_snapshot(moment)
    with database.current():
        assert Measure.objects.count() == 3
    database.close()


def test_a_file_that_is_gone_by_itself_hinders_no_clearing(li, monkeypatch, settings):
    settings.SNAPSHOTS_KEPT = 1
    gone, old = (files.folder() / f"{name}.sqlite3" for name in ("gone", "old"))
    old.write_bytes(b"x")
    monkeypatch.setattr(type(gone), "glob", lambda _self, _pattern: iter([gone, old]))
    files.throw_away_old(files.folder() / "newest.sqlite3")
    assert not old.exists()


def test_whoever_waits_too_long_is_told_to_come_again(li, client):
    go_on(2)
    address = f"/en/measures/?as_at={days_ago(1).isoformat()}"
    with files._alone():
        begun = time.monotonic()
        response = client.get(address)
        seconds = time.monotonic() - begun
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert 2 <= seconds < 5
    assert built() == []
    assert client.get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_make_one_file(snapshot_folder, monkeypatch, tmp_path):
    world.build_world()
    go_on(2)
    calls = []
    make = files.build

    def slowly(moment, path):
        calls.append(threading.get_ident())
        time.sleep(0.3)
        make(moment, path)

    monkeypatch.setattr(files, "build", slowly)
    moment = snapshots.end_of(days_ago(1))

    def ask():
        database = snapshots.open_snapshot(moment)
        with database.current():
            count = Measure.objects.count()
        database.close()
        return count

    assert AtOnce(tmp_path)(ask, ask) == [3, 3]
    assert len(calls) == 1


def test_a_vocabulary_that_changes_meanwhile_makes_it_begin_anew(li, monkeypatch):
    go_on(2)
    make = files.build
    calls = []

    def disturbed(moment, path):
        make(moment, path)
        calls.append(path)
        if len(calls) == 1:
            row = Category.objects.first()
            row.name_en = "Renamed"
            editing.save_row(row, row.version, by=li)

    monkeypatch.setattr(files, "build", disturbed)
    with snapshots.reading(days_ago(1)):
        assert Category.objects.first().name_en == "Renamed"
    assert len(calls) == 2
    monkeypatch.setattr(files, "ATTEMPTS", 0)
    with pytest.raises(snapshots.SnapshotBusy):
        snapshots.open_snapshot(snapshots.end_of(days_ago(1)))


def test_a_measure_saved_while_it_is_copied_is_rebuilt_from_its_history(li, monkeypatch):
    go_on(2)
    before = records()
    copied = building._copy
    saved = []

    def disturbed(rows, database):
        copied(rows, database)
        if rows.model is Practice and not saved:
            # Half of measure 1 is copied by now; somebody saves it, in the site's own database.
            with at_home():
                practices = tuple(replace(p, points=(), figures=()) for p in before[0].practices)
                saved.append(save(li, "1", title_en="Meanwhile", practices=practices))

    monkeypatch.setattr(building, "_copy", disturbed)
    with snapshots.reading(days_ago(1)):
        assert records() == before
    assert saved
    assert world.get_measure("1").title_en == "Meanwhile"


@contextmanager
def at_home():
    """Leave the file that is current for a while, as another process knows nothing of it."""
    token = routing._current.set(None)
    try:
        yield
    finally:
        routing._current.reset(token)


# --- Days ---


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("Asia/Shanghai", datetime(2026, 11, 20, 15, 59, 59, 999999, tzinfo=UTC)),
        ("UTC", datetime(2026, 11, 20, 23, 59, 59, 999999, tzinfo=UTC)),
        ("Europe/Paris", datetime(2026, 11, 20, 22, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_midnight_in_the_sites_time_zone(settings, zone, utc):
    settings.TIME_ZONE = zone
    assert snapshots.end_of(datetime(2026, 11, 20).date()) == utc
