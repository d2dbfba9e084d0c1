"""What may have been meant by a word that stands nowhere: near misses, and the words of a long run."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import rjieba
from django.db.models import Q
from django.db.models.functions import Length
from rapidfuzz.distance import OSA

from reforms.models import IndexedWord
from reforms.search.query import Word
from reforms.search.vocabulary import Vocabulary, is_chinese
from reforms.text import Script, letters, sound, sounds

# The longest run that is mended whole, and the longest in which a misspelt saying is looked for.
LONGEST_RUN, LONGEST_CUT = 12, 40
MOST_CANDIDATES = 40
SHORTEST_LATIN = 4
# From this cost on, the words of a run are tried before the near miss.
LOOSE = 2
# Said in questions; nothing is looked for under them.
_SMALL = """
怎么 怎样 怎么样 怎么办 如何 什么 为什么 什么时候 时候 哪里 哪儿 哪些 多少 可以 能否 是否 能不能 要不要 需要 想要 请问
我要 我想 一下 有没有 以及 或者
"""
SMALL_CHINESE = frozenset(_SMALL.split())


@dataclass(frozen=True, order=True)
class NearMiss:
    """A text that may have been meant; a lower cost is nearer."""

    cost: float
    text: str


@dataclass
class _Pairs:
    """Which characters stand beside which in the catalog."""

    after: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    before: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_sound: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, pair: str, reading: str) -> None:
        self.after[pair[0]].add(pair[1])
        self.before[pair[1]].add(pair[0])
        self.by_sound[reading].add(pair)

    def between(self, left: str, right: str) -> set[str]:
        """Return what stands behind ``left`` and before ``right``; either may be empty."""
        if left and right:
            return self.after[left] & self.before[right]
        return self.after[left] if left else self.before[right]


class Sayings:
    """The Chinese sayings of the catalog, by what is left of each without one character."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._all = vocabulary.chinese_sayings
        self._by_pattern: dict[str, list[str]] = defaultdict(list)
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        for saying in sorted(self._all):
            for place in range(len(saying)):
                self._by_pattern[_without(saying, place)].append(saying)
            self._by_sound[sound(saying)].append(saying)

    def __contains__(self, run: str) -> bool:
        return run in self._all

    def near(self, run: str) -> Iterator[NearMiss]:
        """Yield the sayings that sound like a run, or are one character off or swapped."""
        others = (saying for saying in self._by_sound.get(sound(run), ()) if saying != run)
        yield from (NearMiss(0.5, saying) for saying in others if len(saying) == len(run))
        if len(run) < 3:
            return
        for place, character in enumerate(run):
            for saying in self._by_pattern.get(_without(run, place), ()):
                if saying != run:
                    yield NearMiss(_cost_of_character(character, saying[place]) / 2, saying)
            if place and (swapped := _swap(run, place - 1)) in self._all and swapped != run:
                yield NearMiss(0.5, swapped)


def _without(run: str, place: int) -> str:
    return f"{run[:place]}\0{run[place + 1 :]}"


def near_misses(words: Sequence[Word], sayings: Sayings) -> dict[Word, list[NearMiss]]:
    """Return what may have been meant by each word, nearest first, ``MOST_CANDIDATES`` at most.

    Chinese: a character of the same or a similar sound, swapped characters, one character off,
    missing or too many. Latin: one letter off, two in longer words. Only what stands in a text or
    a name of the catalog is proposed. 1 query.
    """
    runs = {word: _chinese_run(word.text) for word in words}
    latin = {word: _latin_word(word.text) for word in words if not runs[word]}
    pairs, known = _read(runs.values(), latin.values())
    known |= {
        part
        for saying in sayings.vocabulary.sayings()
        for part in saying.casefold().split()
        if part.isascii() and part.isalpha()
    }
    found: dict[Word, list[NearMiss]] = {}
    for word in words:
        misses: Iterator[NearMiss] = iter(())
        if runs[word]:
            misses = _near_run(runs[word], pairs, sayings)
        elif latin.get(word):
            misses = _near_latin(latin[word], known)
        best: dict[str, float] = {}
        for miss in misses:
            best[miss.text] = min(miss.cost, best.get(miss.text, miss.cost))
        ranked = sorted(NearMiss(cost, text) for text, cost in best.items())
        whole, part = _folded(word.text), runs[word] or latin.get(word, "")
        found[word] = [
            NearMiss(miss.cost, whole.replace(part, miss.text, 1))
            for miss in ranked[:MOST_CANDIDATES]
        ]
    return found


def parts_of(word: Word, sayings: Sayings) -> list[Word]:
    """Return the words that a Chinese run without spaces is made of; empty if it is a single one.

    Names and synonyms of the catalog are kept whole, misspelt ones mended; the rest is cut by a
    dictionary. Single characters and words of questions are left out. No query.
    """
    run = _mended(_folded(word.text), sayings)
    borders = {0, *accumulate(map(len, _cut(run)))}
    parts: list[str] = []
    rest = ""
    position = 0
    while position < len(run):
        saying = _saying_at(run, position, borders, sayings)
        if saying:
            parts.extend([*_cut(rest), saying])
            rest, position = "", position + len(saying)
        else:
            rest, position = rest + run[position], position + 1
    parts.extend(_cut(rest))
    kept = [
        part for part in dict.fromkeys(parts) if len(part.strip()) > 1 and part not in SMALL_CHINESE
    ]
    return [Word(part) for part in kept] if kept and kept != [run] else []


def _read(runs: Iterable[str], latin: Iterable[str]) -> tuple[_Pairs, set[str]]:
    """Fetch the pairs and words that may mend these; 1 query, none where there is nothing to ask."""
    wanted = Q(pk__in=())
    for run in filter(None, runs):
        wanted |= Q(first__in=set(run), sound__gt="") | Q(last__in=set(run), sound__gt="")
        if len(run) == 2:
            wanted |= Q(sound=sound(run))
    for word in filter(None, latin):
        near = Q(length__gte=len(word) - 2, length__lte=len(word) + 2, sound="")
        wanted |= near & (Q(first=word[0]) | Q(last=word[-1]))
    pairs, known = _Pairs(), set()
    rows = IndexedWord.objects.annotate(length=Length("text")).filter(wanted).order_by()
    for text, reading in rows.values_list("text", "sound"):
        if reading:
            pairs.add(text, reading)
        else:
            known.add(text)
    return pairs, known


def _near_run(run: str, pairs: _Pairs, sayings: Sayings) -> Iterator[NearMiss]:
    if len(run) > LONGEST_RUN:
        return
    yield from sayings.near(run)
    yield from (NearMiss(0.5, pair) for pair in pairs.by_sound[sound(run)] if len(run) == 2)
    for place, character in enumerate(run):
        left, right = run[place - 1 : place] if place else "", run[place + 1 : place + 2]
        for other in pairs.between(left, right) - {character}:
            cost = _cost_of_character(character, other)
            is_held = bool(left and right) and len(run) > 2
            if cost < LOOSE or is_held or len(run) > 3:
                yield NearMiss(cost, run[:place] + other + run[place + 1 :])
        if right and character != right:
            yield NearMiss(1, f"{run[:place]}{right}{character}{run[place + 2 :]}")
        if right and len(run) > 2:
            for other in pairs.between(character, right):
                yield NearMiss(3, f"{run[: place + 1]}{other}{run[place + 1 :]}")
        if len(run) > 3:
            yield NearMiss(3, run[:place] + run[place + 1 :])


def _cost_of_character(typed: str, other: str) -> float:
    if sounds(typed) & sounds(other):
        return 0
    alike = {_alike(reading) for reading in sounds(typed)}
    return 1 if alike & {_alike(reading) for reading in sounds(other)} else LOOSE


def _swap(run: str, place: int) -> str:
    return f"{run[:place]}{run[place + 1]}{run[place]}{run[place + 2 :]}"


def _alike(reading: str) -> str:
    """Return a reading without what many speakers do not tell apart: zh z, n l, ing in."""
    for two, one in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")):
        reading = reading.replace(two, one)
    return f"n{reading[1:]}" if reading.startswith("l") else reading


def _near_latin(typed: str, known: Iterable[str]) -> Iterator[NearMiss]:
    most = 1 if len(typed) < 6 else 2
    for word in known:
        distance = OSA.distance(typed, word, score_cutoff=most)
        if 0 < distance <= most:
            yield NearMiss(distance + (0 if typed[0] == word[0] else 0.5), word)


def _mended(run: str, sayings: Sayings) -> str:
    """Return a run with the longest misspelt saying in it mended; a very long run as it is."""
    if len(run) > LONGEST_CUT:
        return run
    for length in range(min(len(run), LONGEST_RUN), 2, -1):
        for begin in range(len(run) - length + 1):
            piece = run[begin : begin + length]
            if piece in sayings or not all(map(is_chinese, piece)):
                continue
            near = [miss for miss in sayings.near(piece) if miss.cost < LOOSE / 2]
            if near:
                return f"{run[:begin]}{min(near).text}{run[begin + length :]}"
    return run


def _saying_at(run: str, place: int, borders: set[int], sayings: Sayings) -> str:
    """Return the longest saying that begins at a place; only between words: no 通电 in 开通电子."""
    for length in range(min(len(run) - place, LONGEST_RUN), 1, -1):
        piece = run[place : place + length]
        if {place, place + length} <= borders and piece in sayings:
            return piece
    return ""


def _cut(run: str) -> list[str]:
    return list(rjieba.cut(run)) if run else []


def _folded(text: str) -> str:
    return "".join(letter.character for letter in letters(text))


def _chinese_run(text: str) -> str:
    """Return the longest Chinese run of a word, if it has two characters or more."""
    runs = [""]
    for letter in letters(text):
        if letter.script is Script.CHINESE:
            runs[-1] += letter.character
        elif runs[-1]:
            runs.append("")
    longest = max(runs, key=len)
    return longest if len(longest) > 1 else ""


def _latin_word(text: str) -> str:
    """Return a word that is Latin letters only and long enough to be misspelt."""
    folded = _folded(text)
    is_word = folded.isalpha() and folded.isascii()
    return folded if is_word and len(folded) >= SHORTEST_LATIN else ""
