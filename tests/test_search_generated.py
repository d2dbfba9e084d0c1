"""Exactly what is there, for texts made at random and for very long ones."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reforms import editing
from reforms.models import IndexedText
from reforms.records import ErratumRecord, Role
from reforms.search import LONGEST_QUERY, Vocabulary, index_measure, search
from reforms.search.hits import find_words
from reforms.search.query import Word
from reforms.search.texts import MOST_OF_ONE_TOKEN, MOST_TOKENS, pieces
from reforms.text import letters, tokenise
from tests import world
from tests.test_search_exactness import fold, is_cut, stands

pytestmark = pytest.mark.django_db

MANY = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# None of these letters and digits stands in a name of the small catalog, and none can be stemmed.
CHINESE = "甲乙國国發发髮"
WORDS = "kKáÁＫαx"
NUMBERS = "789７０٧②½"
PARTING = " \n\t,。“”-－/．…😀🇨🇳(　"
NOTHING = "\u0301\u200b\ufe0f"
WIDE = "㎡㏠㈱"
ALPHABET = CHINESE + WORDS + NUMBERS + PARTING + NOTHING + WIDE

texts = st.text(alphabet=ALPHABET, max_size=11)


@pytest.fixture
def small_catalog(db: Any) -> Vocabulary:
    """The small catalog, and its vocabulary as read once."""
    world.build_world()
    vocabulary = Vocabulary()
    assert vocabulary.rows
    return vocabulary


@contextmanager
def practices(key: str, *words: str, errata: Iterable[ErratumRecord] = ()) -> Iterator[None]:
    """Make these the only texts of a measure, one a city, as long as the block lasts."""
    measure = world.get_measure(key)
    record = measure.to_record()
    changed = tuple(
        replace(
            practice,
            practice_zh=text,
            practice_en=None,
            summary_zh=None,
            summary_en=None,
            outcome_zh=None,
            outcome_en=None,
        )
        for practice, text in zip(record.practices, words, strict=False)
    )
    bare = replace(record, title_zh=None, title_en=None, practices=changed, errata=tuple(errata))
    with transaction.atomic():
        index_measure(measure, bare)
        yield
        transaction.set_rollback(True)


def found_in(key: str, queries: Iterable[str], vocabulary: Vocabulary) -> set[str]:
    """Return those of the phrases that find a measure."""
    number = world.get_measure(key).pk
    words = {query: Word(query, is_quoted=True) for query in queries}
    hits = find_words(list(words.values()), vocabulary)
    return {query for query, word in words.items() if number in hits[word]}


def every_piece(text: str) -> set[str]:
    """Return every substring of a text, whatever it cuts."""
    length = len(text)
    return {text[begin:end] for begin in range(length) for end in range(begin + 1, length + 1)}


@MANY
@given(text=texts, other=texts)
@example(text="78天9k", other="9 k")
@example(text="甲7", other="甲 7")
@example(text="㎡", other="m2")
@example(text="發\u200b髮", other="发发")
def test_a_piece_of_one_text_is_found_in_another_as_a_scan_finds_it(small_catalog, text, other):
    queries = {query for query in every_piece(text) | every_piece(other) if fold(query)}
    with practices("1", text):
        found = found_in("1", queries, small_catalog)
    assert found == {query for query in queries if stands(fold(query), fold(text))}


@MANY
@given(
    text=st.text(alphabet="甲乙国7８kＫ ,", min_size=6, max_size=30),
    query=st.text(alphabet="甲乙國78kK 。", min_size=1, max_size=4),
)
def test_words_from_elsewhere_are_found_only_where_a_scan_finds_them(small_catalog, text, query):
    if fold(query):
        with practices("2", text):
            found = found_in("2", [query], small_catalog)
        assert bool(found) == stands(fold(query), fold(text))


@MANY
@given(text=st.text(alphabet=ALPHABET, min_size=1, max_size=14), data=st.data())
def test_a_text_is_found_by_any_of_it_that_cuts_no_word_and_no_number(small_catalog, text, data):
    begin = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(begin + 1, len(text)))
    query = text[begin:end]
    folds = ["".join(map(fold, letter)) for letter in text]
    is_whole = not any(
        0 < place < len(text)
        and (not folds[place] or not folds[place - 1] or is_cut(text[place - 1 : place + 1]))
        for place in (begin, end)
    )
    if fold(query) and is_whole:
        with practices("3", text):
            assert found_in("3", [query], small_catalog) == {query}


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("甲乙国", True),
        ("国7天", True),
        ("天 k", True),
        ("发 OR 乙国", True),
        ("甲乙 -发", True),
        ("甲 -天", False),
        ('"乙7"', False),
        ('"国 7"', False),
    ],
)
def test_generated_texts_are_found_by_what_a_person_types(small_catalog, typed, is_found):
    with practices("3", "甲乙國７天,k"):
        found = set(search(typed, small_catalog).scores)
    assert found == ({world.get_measure("3").pk} if is_found else set())


def test_a_phrase_never_crosses_from_one_text_to_another(small_catalog):
    with practices("1", "甲乙", "丙丁"):
        assert found_in("1", ["甲乙", "丙丁", "乙丙", "乙 丙", "乙丙丁"], small_catalog) == {
            "甲乙",
            "丙丁",
        }


def test_a_phrase_never_crosses_from_one_reading_to_another(small_catalog):
    record = world.measure_three()
    readings = [
        replace(record.errata[0], as_printed="2项", reading=reading) for reading in ("甲乙", "丙丁")
    ]
    with practices("3", "天", errata=readings):
        assert found_in("3", ["甲乙", "丙丁", "乙丙", "乙 丙"], small_catalog) == {"甲乙", "丙丁"}


def test_an_erratum_is_found_by_what_is_printed_and_by_its_reading(small_catalog):
    erratum = replace(
        world.measure_two().errata[0], as_printed="乙丙", reading="乙丁", stands_in=Role.PRACTICE
    )
    with practices("2", "甲乙丙戊", errata=[erratum]):
        found = found_in("2", ["甲乙丙戊", "甲乙丁戊", "丙丁", "丁丙"], small_catalog)
    assert found == {"甲乙丙戊", "甲乙丁戊"}


# --- Texts longer than a database holds in one piece ---


def long_text() -> str:
    """Return a text of more than 16,000 tokens in which every stretch of six stands only once."""
    return "".join(f"{chr(0x4E00 + n // 90)}{chr(0x6000 + n % 90)}" for n in range(9_000))


def borders(text: str) -> list[int]:
    """Return where in a text its pieces end."""
    return [piece[-1].end for piece in pieces(tokenise(text))]


LONG: Mapping[str, str] = {
    "long": long_text(),
    "one character": f"甲{'天' * 1_000}乙",
    "one pair": f"丙{'乙甲' * 600}丁",
    "numbers": "".join(f"{n}天" for n in range(600)),
    "spaced": "7 k " * 700,
    "two numbers in a character": "㏠" * 400,
    "words and numbers": " ".join(f"k{n}" for n in range(9_000)),
}


@pytest.mark.parametrize("name", LONG)
def test_a_very_long_text_is_found_wherever_the_words_stand(small_catalog, name):
    text = LONG[name]
    ends = borders(text)
    assert len(ends) > 1
    places = {0, 1, len(text) // 2, len(text)}
    for border in ends[:8] + ends[-3:]:
        places |= {border + step for step in (-LONGEST_QUERY - 1, -LONGEST_QUERY, -5, -1, 0, 1, 5)}
    queries = {
        text[max(0, place - before) : place + after]
        for place in places
        for before, after in ((6, 6), (0, 12), (12, 0), (100, 100), (0, 200), (200, 0))
    }
    # What is longer is refused: one character may stand for several letters.
    queries = {
        query for query in queries if fold(query) and len([*letters(query)]) <= LONGEST_QUERY
    }
    whole = fold(text)
    with practices("1", text):
        found = found_in("1", queries, small_catalog)
    assert found == {query for query in queries if stands(fold(query), whole)}
    assert len(found) > len(queries) / 3


def test_words_that_stand_far_apart_are_one_phrase_across_the_border_of_two_pieces(small_catalog):
    words = [LONG["long"][begin : begin + 2] for begin in range(0, 17_000, 2)]
    (first, _second) = borders((" " * (LONGEST_QUERY + 50)).join(words))
    assert first < len(words) * (LONGEST_QUERY + 52)
    near = {f"{left} {right}" for left, right in pairwise(words[7_980:8_020])}
    with practices("1", (" " * (LONGEST_QUERY + 50)).join(words)):
        assert found_in("1", near, small_catalog) == near


def test_pieces_hold_what_every_database_takes_and_the_whole_text():
    for name, text in LONG.items():
        tokens = tokenise(text)
        cut = list(pieces(tokens))
        for piece in cut:
            codes = [token.code for token in piece]
            assert len(codes) <= MOST_TOKENS, name
            assert max(map(codes.count, set(codes[:50] + codes[-50:]))) <= MOST_OF_ONE_TOKEN, name
        assert {token for piece in cut for token in piece} == set(tokens), name


@pytest.mark.parametrize("name", LONG)
def test_pieces_repeat_a_text_a_few_times_at_most(name):
    tokens = tokenise(LONG[name])
    assert sum(map(len, pieces(tokens))) < 6 * len(tokens)


@given(st.lists(st.sampled_from(["天", "7", "k", "天天", " ", "㏠", "甲乙丙"]), max_size=400))
@settings(max_examples=60, deadline=None)
def test_pieces_go_forward_and_leave_nothing_out(parts):
    tokens = tokenise("".join(parts))
    cut = list(pieces(tokens))
    assert {token for piece in cut for token in piece} == set(tokens)
    assert bool(cut) == bool(tokens)


def test_a_very_long_text_is_saved_and_found_like_any_other(small_catalog):
    measure, text = world.get_measure("1"), long_text()
    record = measure.to_record()
    first = replace(record.practices[0], summary_zh="甲" * 30, practice_en=text)
    editing.save_measure(
        replace(record, practices=(first, *record.practices[1:])),
        measure.version,
        world.an_editor(),
        "long",
    )
    rows = IndexedText.objects.filter(measure=measure, name="practice_en", city__slug="beijing")
    assert rows.count() > 1
    assert found_in("1", [text[:6], text[9_000:9_012], text[-6:]], small_catalog) == {
        text[:6],
        text[9_000:9_012],
        text[-6:],
    }
