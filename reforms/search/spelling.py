"""What may have been meant by a word that stands nowhere: what is spelt or sounds nearly the same."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Length
from rapidfuzz.distance import OSA

from reforms.models import IndexedWord
from reforms.search.query import Word
from reforms.search.vocabulary import Vocabulary
from reforms.text import Script, letters, sound, sounds

# The longest run that is mended whole, and how many texts are proposed for one word.
LONGEST_RUN, MOST_MISSES = 12, 40
# Shorter Latin words are not mended, and two letters off only from so many on: refund is no round.
SHORTEST_LATIN, TWO_OFF_FROM = 4, 8
# From this cost on, the words of a run are tried before the near miss.
LOOSE = 2


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
                    cost = _cost_of_character(character, saying[place])
                    # One of three characters that sounds otherwise is another word: 立案庭, 立案费.
                    is_near = cost < LOOSE or len(run) > 3
                    yield NearMiss(cost / 2 if is_near else cost, saying)
            if place and (swapped := _swap(run, place - 1)) in self._all and swapped != run:
                yield NearMiss(0.5, swapped)


def _without(run: str, place: int) -> str:
    return f"{run[:place]}\0{run[place + 1 :]}"


def near_misses(words: Sequence[Word], sayings: Sayings) -> dict[Word, list[NearMiss]]:
    """Return what may have been meant by each word, nearest first, ``MOST_MISSES`` at most.

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
        whole, part = folded(word.text), runs[word] or latin.get(word, "")
        found[word] = [
            NearMiss(miss.cost, whole.replace(part, miss.text, 1)) for miss in ranked[:MOST_MISSES]
        ]
    return found


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
    most = 1 if len(typed) < TWO_OFF_FROM else 2
    for word in known:
        distance = OSA.distance(typed, word, score_cutoff=most)
        # One of four letters replaced is another word: a shop is no ship.
        is_other = len(typed) == len(word) == SHORTEST_LATIN and sorted(typed) != sorted(word)
        if 0 < distance <= most and not is_other:
            yield NearMiss(distance + (0 if typed[0] == word[0] else 0.5), word)


def folded(text: str) -> str:
    """Return the folded characters of a text, its punctuation among them."""
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
    word = folded(text)
    is_word = word.isalpha() and word.isascii()
    return word if is_word and len(word) >= SHORTEST_LATIN else ""
