"""Whatever writes the index does so one after another: no deadlock, and no stale text over a new one."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from reforms import editing, search, versions
from reforms.importing import Result, load_catalog
from reforms.models import Measure
from reforms.search import Vocabulary, faults, rebuild_index
from tests import world
from tests.at_once import SECONDS, AtOnce

# How long one transaction stays open for the other to run into it.
OPEN_SECONDS = 1


@pytest.fixture
def at_once(transactional_db: None, tmp_path: Any) -> AtOnce:
    world.build_world()
    return AtOnce(tmp_path)


def saving(key: str, title: str, *, after: Event, editor: Any) -> Callable[[], Any]:
    """Return a save of a measure's English title, made once ``after`` is set."""

    def save() -> Any:
        assert after.wait(SECONDS)
        record = world.get_measure(key).to_record()
        return editing.save_measure(replace(record, title_en=title), 1, editor, "").version

    return save


def as_it_should_be(title: str) -> Callable[[], Any]:
    """Return what tells the faults of the index and which measures the title finds."""

    def look() -> Any:
        found = search.search(f'"{title}"', Vocabulary()).scores
        keys = Measure.objects.filter(pk__in=found).values_list("key", flat=True)
        return [each for each in faults() if not each.is_harmless], list(keys)

    return look


@pytest.mark.parametrize("key", ["1", "2", "3"])
def test_a_save_waits_for_the_index_to_be_written_anew(at_once, key):
    """The save is of a measure that the rebuild has written already, or has yet to write."""
    written, saved, editor = Event(), Event(), world.an_editor()
    save = saving(key, "Zebra crossings", after=written, editor=editor)
    done: list[bool] = []

    def rebuild() -> int:
        def on_measure() -> None:
            done.append(True)
            if len(done) == 2:
                written.set()
                assert not saved.wait(OPEN_SECONDS)

        return rebuild_index(on_measure)

    def save_and_say() -> Any:
        version = save()
        saved.set()
        return version

    assert at_once(rebuild, save_and_say) == [3, 2]
    assert at_once(as_it_should_be("Zebra crossings")) == [([], [key])]


def test_a_rebuild_waits_for_a_save_and_indexes_what_it_wrote(at_once):
    begun, rebuilt, at_will = Event(), Event(), Event()
    at_will.set()
    save = saving("2", "Zebra crossings", after=at_will, editor=world.an_editor())

    def save_slowly() -> Any:
        with transaction.atomic():
            version = save()
            begun.set()
            assert not rebuilt.wait(OPEN_SECONDS)
        return version

    def rebuild() -> int:
        assert begun.wait(SECONDS)
        with transaction.atomic():
            if connection.vendor == "postgresql":
                # It waits for longer than a page's statement may take.
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL statement_timeout = 200")
            count = rebuild_index()
        rebuilt.set()
        return count

    assert at_once(save_slowly, rebuild) == [2, 3]
    assert at_once(as_it_should_be("Zebra crossings")) == [([], ["2"])]


def test_two_transactions_that_learn_words_in_opposite_order_both_end(at_once):
    """Each saves a measure of its own twice, so that only the words are the same."""
    editor, first, second = world.an_editor(), Event(), Event()

    def saving_twice(key: str, titles: tuple[str, str], mine: Event, other: Event) -> Any:
        def save() -> str:
            with transaction.atomic():
                for version, title in enumerate(titles, start=1):
                    record = replace(world.get_measure(key).to_record(), title_en=title)
                    editing.save_measure(record, version, editor, "")
                    mine.set()
                    other.wait(OPEN_SECONDS)
            return "saved"

        return save

    answers = at_once(
        saving_twice("1", ("Aardvark", "Zebra"), first, second),
        saving_twice("2", ("Zebra", "Aardvark"), second, first),
    )
    assert answers == ["saved", "saved"]
    assert at_once(as_it_should_be("Zebra")) == [([], ["1"])]


def test_a_save_waits_for_a_load_that_changes_the_same_measure(at_once):
    """Loading locks the words of vocabularies, which the save's points and figures speak of."""
    catalog, begun, saved = world.world_catalog(), Event(), Event()
    changed = replace(catalog.measures[1], title_en="From the files")
    measures = (catalog.measures[0], changed, catalog.measures[2])
    save = saving("2", "From an editor", after=begun, editor=world.an_editor())

    def on_line(result: Result, what: str, name: str) -> None:
        if what == "source":
            begun.set()
            assert not saved.wait(OPEN_SECONDS)

    def load() -> int:
        report = load_catalog(replace(catalog, measures=measures), by_name="f", on_line=on_line)
        return report.count(Result.UPDATED)

    def save_and_say() -> Any:
        try:
            return save()
        finally:
            saved.set()

    loaded, conflict = at_once(load, save_and_say)
    assert loaded == 1
    assert isinstance(conflict, versions.VersionConflict), conflict
    assert at_once(as_it_should_be("From the files")) == [([], ["2"])]


def test_the_index_is_locked_inside_a_transaction_only(transactional_db):
    with pytest.raises(TransactionManagementError):
        search.lock_index()
    with transaction.atomic():
        search.lock_index()
        assert connection.in_atomic_block
