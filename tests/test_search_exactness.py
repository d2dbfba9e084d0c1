"""Exactly what is there: every piece of every Chinese text is found where a plain scan finds it.

The scan knows nothing of tokens or indexes: it folds texts by the rules of the design and looks
for one string in another. ``tests/test_search_generated.py`` uses it on texts made at random.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

import pytest
import snowballstemmer
from django.http import QueryDict
from opencc import OpenCC

from reforms.filters import MeasureFilterSet, Names
from reforms.models import Measure
from reforms.records import CatalogRecord, Decision, ErratumRecord, MeasureRecord, Role
from reforms.search import Vocabulary, search
from reforms.search.hits import find_words
from reforms.search.query import Clause, Query, Word
from reforms.search.ranking import score

pytestmark = pytest.mark.django_db

LONGEST = 6
# Kinds of text, the weightiest first: a hit in one counts more than hits in all that follow.
KINDS = ("title", "category", "outcome", "name", "summary", "practice", "city")
ANYWHERE = ("CJK ", "KANGXI ", "HIRAGANA ", "KATAKANA", "HANGUL ", "BOPOMOFO ", "IDEOGRAPHIC ")
WORDS_AT_ONCE = 2_000
SAMPLE, PARTS = 60, 4
STEM = snowballstemmer.stemmer("english").stemWord
SIMPLIFIED = OpenCC("t2s").convert


# --- A plain scan ---


class Place(NamedTuple):
    """One folded text in which words may stand: what kind, of which city, in which name or text."""

    kind: str
    city: str | None
    group: str
    text: str


@cache
def kind_of(letter: str) -> str:
    """Return how a folded letter is looked for: anywhere, as a word, as a number; empty: it parts."""
    name = unicodedata.name(letter, "")
    if unicodedata.category(letter)[0] in "LN" and name.startswith(ANYWHERE):
        return "anywhere"
    if letter in "0123456789":
        return "number"
    return "word" if letter.isalpha() else ""


@cache
def folded(original: str) -> str:
    """Return one letter as it is compared: half width, small, without accent, simplified."""
    if unicodedata.category(original) in ("Mn", "Me", "Cf"):
        return ""
    found = ""
    for letter in unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", original).casefold()):
        base = unicodedata.normalize("NFD", letter)[0]
        if "a" <= base <= "z":
            found += base
        elif unicodedata.category(letter) == "Nd":
            found += str(unicodedata.decimal(letter))
        elif unicodedata.category(letter) not in ("Mn", "Me", "Cf"):
            found += SIMPLIFIED(letter) if kind_of(letter) == "anywhere" else letter
    return found


def fold(text: str) -> str:
    """Return a text as it is compared: a space for whatever parts, and between word and number."""
    found = ""
    for letter in "".join(map(folded, text)):
        kind = kind_of(letter)
        if found and kind and {kind, kind_of(found[-1])} == {"word", "number"}:
            found += " "
        found += letter if kind else " "
    return " ".join(found.split())


def stands(words: str, text: str) -> bool:
    """Tell whether folded words stand in a folded text without cutting a word or a number there."""
    begin = text.find(words)
    while begin >= 0:
        before, after = text[:begin][-1:], text[begin + len(words) :][:1]
        if not is_one_run(before, words[0]) and not is_one_run(words[-1], after):
            return True
        begin = text.find(words, begin + 1)
    return False


def is_one_run(left: str, right: str) -> bool:
    """Tell whether two neighbours are letters of one word or digits of one number."""
    return bool(left and right) and kind_of(left) == kind_of(right) in ("word", "number")


def pieces(text: str, *, is_cutting: bool = False) -> Iterator[str]:
    """Yield every substring of one to six characters that cuts no word and no number, or those that do."""
    borders = [text[place - 1 : place + 1] for place in range(1, len(text))]
    cuts = [False, *map(is_cut, borders), False]
    for begin in range(len(text)):
        for end in range(begin + 1, min(begin + LONGEST, len(text)) + 1):
            if (cuts[begin] or cuts[end]) == is_cutting:
                yield text[begin:end]


def is_cut(pair: str) -> bool:
    """Tell whether a cut between two letters of a text cuts a word or a number."""
    left, right = map(folded, pair)
    return is_one_run(left[-1:], right[:1])


def texts_of(record: MeasureRecord) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield kind, city and words of every text of a measure, and as it reads without misprints."""
    readings = [erratum for erratum in record.errata if erratum.decision != Decision.REFUSED]
    yield "title", None, record.title_zh
    yield "title", None, record.title_en
    yield "title", None, without_misprints(record.title_zh, readings, Role.TITLE)
    for practice in record.practices:
        yield "practice", practice.city, practice.practice_zh
        yield "practice", practice.city, practice.practice_en
        read = without_misprints(practice.practice_zh, readings, Role.PRACTICE)
        yield "practice", practice.city, read
        yield "outcome", practice.city, practice.outcome_zh
        yield "outcome", practice.city, practice.outcome_en
        read = without_misprints(practice.outcome_zh, readings, Role.OUTCOME)
        yield "outcome", practice.city, read
        yield "summary", practice.city, practice.summary_zh
        yield "summary", practice.city, practice.summary_en
    for erratum in readings:
        if erratum.stands_in not in (Role.TITLE, Role.PRACTICE, Role.OUTCOME):
            yield "practice", None, erratum.reading


def without_misprints(text: str | None, errata: Iterable[ErratumRecord], role: Role) -> str | None:
    """Return a text with the probable reading of each of its misprints in place."""
    for erratum in errata:
        if text and erratum.reading and erratum.stands_in == role:
            text = text.replace(erratum.as_printed, erratum.reading)
    return text


def names_of(
    record: MeasureRecord, catalog: CatalogRecord
) -> Iterator[tuple[str, str | None, str, str]]:
    """Yield kind, city, vocabulary and words of every name that a measure is filed under."""
    names = {
        (vocabulary, row.slug): {row.name_zh, row.name_en}
        | {getattr(row, f"short_name_{language}", row.name_zh) for language in ("zh", "en")}
        for vocabulary in ("categories", "cities", "themes", "indicators")
        for row in getattr(catalog, vocabulary)
    }
    filed = [("category", None, "categories", record.category)]
    for practice in record.practices:
        filed.append(("city", practice.city, "cities", practice.city))
        filed += [("name", practice.city, "themes", point.theme) for point in practice.points]
        filed += [
            ("name", practice.city, "indicators", figure.indicator) for figure in practice.figures
        ]
    for kind, city, vocabulary, slug in filed:
        for name in names[vocabulary, slug]:
            yield kind, city, vocabulary, name


def places_of(record: MeasureRecord, catalog: CatalogRecord) -> list[Place]:
    """Return every folded text in which words find a measure."""
    found = [Place(kind, city, "texts", fold(text or "")) for kind, city, text in texts_of(record)]
    found += [
        Place(kind, city, vocabulary, fold(name))
        for kind, city, vocabulary, name in names_of(record, catalog)
    ]
    return [place for place in dict.fromkeys(found) if place.text]


def rank(words: str, places: Iterable[Place]) -> tuple[tuple[bool, ...], int] | None:
    """Return in which kinds of text folded words stand, and in how many cities; None: nowhere.

    Cities are counted apart among the texts and among the names of each vocabulary; most counts.
    """
    held = [place for place in places if stands(words, place.text)]
    if not held:
        return None
    kinds = {place.kind for place in held}
    cities: dict[str, set[str | None]] = {}
    for place in held:
        cities.setdefault(place.group, set()).add(place.city)
    return tuple(kind in kinds for kind in KINDS), max(
        len(found - {None}) for found in cities.values()
    )


class Scan:
    """A catalog in which words are looked for one text after the other."""

    def __init__(self, catalog: CatalogRecord) -> None:
        order = {source.slug: source.position for source in catalog.sources}
        measures = sorted(catalog.measures, key=lambda one: (order[one.source], one.position))
        self.places = {record.key: places_of(record, catalog) for record in measures}
        self.whole = {key: "\n".join(p.text for p in found) for key, found in self.places.items()}
        self.stems: dict[str, set[str]] = {}
        for text in self.whole.values():
            for word in latin_words(text):
                self.stems.setdefault(STEM(word), set()).add(word)

    def find(self, words: str) -> list[str]:
        """Return the keys of the measures with folded words, the best first, then as in the source."""
        found = {}
        for key, places in self.places.items():
            if words in self.whole[key] and (ranked := rank(words, places)):
                found[key] = ranked
        return sorted(found, key=lambda key: _best_first(found[key]))

    def alike(self, word: str) -> set[str]:
        """Return the Latin words of any text that stemming makes one with a word."""
        return self.stems.get(STEM(word), set())


def _best_first(ranked: tuple[tuple[bool, ...], int]) -> tuple[tuple[bool, ...], int]:
    kinds, cities = ranked
    return tuple(not held for held in kinds), -cities


def latin_words(words: str) -> Iterator[str]:
    """Yield the runs of letters of folded words that match as whole words."""
    run = ""
    for letter in f"{words} ":
        if kind_of(letter) == "word":
            run += letter
        elif run:
            yield run
            run = ""


# --- The real catalog ---


@pytest.fixture(scope="module")
def scan(catalog_record: CatalogRecord) -> Scan:
    return Scan(catalog_record)


@pytest.fixture(scope="module")
def texts(catalog_record: CatalogRecord) -> list[str]:
    """Every Chinese text and name of the catalog once."""
    found = {text for record in catalog_record.measures for _, _, text in texts_of(record) if text}
    for vocabulary in ("categories", "cities", "themes", "indicators"):
        found |= {row.name_zh for row in getattr(catalog_record, vocabulary)}
    return sorted(text for text in found if any(kind_of(letter) == "anywhere" for letter in text))


@pytest.fixture(scope="module")
def wanted(texts: list[str]) -> dict[str, str]:
    """Every piece of these once, by how it is compared."""
    return once(piece for text in texts for piece in pieces(text))


def once(found: Iterable[str]) -> dict[str, str]:
    """Return pieces by how they are compared, without those that hold nothing to find."""
    by_words = {fold(piece): piece for piece in found}
    return {words: by_words[words] for words in sorted(by_words) if words}


def are_plain(words: str, scan: Scan) -> bool:
    """Tell whether stemming leaves folded words as they are, and makes no other word like them."""
    return all(scan.alike(word) <= {word} == {STEM(word)} for word in latin_words(words))


def differences(asked: Mapping[str, str], scan: Scan) -> list[tuple[str, list[str], list[str]]]:
    """Return the folded words for which the search finds other measures, or in another order."""
    keys, vocabulary = dict(Measure.objects.values_list("pk", "key")), Vocabulary()
    places = {key: place for place, key in enumerate(scan.places)}
    wrong = []
    rest = [(words, Word(piece, is_quoted=True)) for words, piece in asked.items()]
    while rest:
        chunk, rest = rest[:WORDS_AT_ONCE], rest[WORDS_AT_ONCE:]
        hits = find_words([word for _, word in chunk], vocabulary)
        for words, word in chunk:
            scores = score(Query((Clause(typed=((word,),)),)), hits)
            best_first = sorted(scores, key=lambda pk: (-scores[pk], places[keys[pk]]))
            found, expected = [keys[pk] for pk in best_first], scan.find(words)
            if found != expected:
                wrong.append((words, found, expected))
    return wrong


def test_nearly_every_piece_is_compared(wanted, scan):
    plain = [words for words in wanted if are_plain(words, scan)]
    assert len(wanted) > 20_000
    assert len(wanted) - len(plain) < len(wanted) / 100
    assert len([words for words in plain if any(map(str.isdigit, words))]) > 800
    assert len([words for words in plain if any(latin_words(words))]) > 60


@pytest.mark.parametrize("part", range(PARTS))
def test_every_piece_of_every_chinese_text_finds_what_a_scan_finds(catalog, scan, wanted, part):
    asked = dict(list(wanted.items())[part::PARTS])
    wrong = differences({w: piece for w, piece in asked.items() if are_plain(w, scan)}, scan)
    assert not wrong, (len(wrong), wrong[:10])


def test_a_piece_that_cuts_a_number_or_a_word_is_found_only_where_it_stands_whole(
    catalog, scan, texts
):
    asked = once(piece for text in texts for piece in pieces(text, is_cutting=True))
    plain = {words: piece for words, piece in asked.items() if are_plain(words, scan)}
    assert sum(not scan.find(words) for words in plain) > 500
    wrong = differences(plain, scan)
    assert not wrong, (len(wrong), wrong[:10])


def test_traditional_characters_and_full_width_find_the_same(catalog, scan, wanted):
    full = {ord(half): chr(ord(half) + 0xFEE0) for half in map(chr, range(0x21, 0x7F))}
    convert = OpenCC("s2t").convert
    asked = once(convert(piece).translate(full) for piece in list(wanted.values())[::10])
    plain = {words: piece for words, piece in asked.items() if are_plain(words, scan)}
    assert sum(piece != wanted.get(words, piece) for words, piece in plain.items()) > 500
    wrong = differences(plain, scan)
    assert not wrong, (len(wrong), wrong[:10])


def test_the_list_shows_what_a_scan_finds_in_the_same_order(catalog, scan, wanted):
    plain = {
        words: piece
        for words, piece in list(wanted.items())[::SAMPLE]
        if are_plain(words, scan) and '"' not in piece
    }
    names = Names(is_searching=True)
    assert len(plain) > 300
    for words, piece in plain.items():
        address = QueryDict(mutable=True)
        address["q"] = f'"{piece}"'
        filters = MeasureFilterSet(address, names=names)
        assert [measure.key for measure in filters.qs] == scan.find(words), piece
        assert not filters.search.mends


def test_words_without_quotation_marks_find_what_a_scan_finds(catalog, scan, wanted):
    vocabulary = Vocabulary()
    said = {fold(saying) for saying in vocabulary.said()}
    keys = dict(Measure.objects.values_list("pk", "key"))
    plain = {
        words: piece
        for words, piece in list(wanted.items())[7::SAMPLE]
        if words.isalpha() and are_plain(words, scan) and words not in said
    }
    assert len(plain) > 200
    for words in plain:
        found = search(words, vocabulary)
        assert not found.mends
        assert {keys[pk] for pk in found.scores} == set(scan.find(words)), words


def test_a_number_alone_asks_for_its_measure_and_in_quotation_marks_for_what_stands_in_texts(
    catalog, scan
):
    numbered = Measure.objects.numbered().in_order()
    assert numbered.count() == 18
    for measure in numbered:
        said = str(measure.number)
        standing = scan.find(said)
        assert listed(f'"{said}"') == standing
        assert listed(said) == [measure.key, *(key for key in standing if key != measure.key)]


def listed(typed: str) -> list[str]:
    """Return the keys of the measures that the list shows for what was typed."""
    address = QueryDict(mutable=True)
    address["q"] = typed
    return [measure.key for measure in MeasureFilterSet(address).qs]
