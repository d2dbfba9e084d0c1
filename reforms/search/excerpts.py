"""Where the words that were found stand in a text: marks over all of it, and the best passage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from reforms.records import Decision, OutcomeState, Role
from reforms.search.texts import as_meant
from reforms.spans import ELLIPSIS, Span
from reforms.text import Phrase, find_phrase, tokenise

# How many characters an excerpt has at most, and how many of them stand before the first mark.
WIDTHS = {"zh": (76, 18), "en": (210, 50)}
_BREAKS = "。;；!！?？,，、:： .\n"


class Stretch(NamedTuple):
    """A run of characters of a text, inside a hit or between hits."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class Excerpt:
    """The best passage of one city's practice or outcome.

    ``stretches`` joined are its words, with ``…`` where the text goes on. ``is_reading``: the words
    stand so only in the probable reading of a misprint; ``language`` is ``zh`` or ``en``.
    """

    city: Any
    stands_in: str
    language: str
    stretches: tuple[Stretch, ...]
    is_reading: bool = False
    is_edited: bool = False

    @property
    def text(self) -> str:
        """The excerpt as plain text."""
        return "".join(stretch.text for stretch in self.stretches)


def marks(text: str, phrases: Iterable[Phrase]) -> list[Span]:
    """Return the spans of a text where any of the phrases stands, in order, overlapping ones joined."""
    tokens = tokenise(text)
    return _joined(span for phrase in phrases for span in find_phrase(tokens, phrase))


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(set(spans)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def stretches(
    text: str, spans: Iterable[Span], begin: int = 0, end: int | None = None
) -> list[Stretch]:
    """Return ``text[begin:end]`` as stretches, cut where a span begins or ends; none is empty."""
    position, stop = begin, len(text) if end is None else end
    found: list[Stretch] = []
    for low, high in spans:
        low, high = max(low, begin), min(high, stop)
        if low >= high:
            continue
        found.append(Stretch(text[position:low], False))
        found.append(Stretch(text[low:high], True))
        position = high
    found.append(Stretch(text[position:stop], False))
    return [stretch for stretch in found if stretch.text]


def excerpt(text: str, phrases: Sequence[Phrase], language: str) -> tuple[Stretch, ...]:
    """Return the passage of a text in which most of the phrases stand; empty if none does."""
    return _passage(text, _places(text, phrases), language)


def _places(text: str, phrases: Iterable[Phrase]) -> list[list[Span]]:
    """Return where each phrase stands in a text; phrases that do not are left out."""
    tokens = tokenise(text)
    return [spans for phrase in phrases if (spans := list(find_phrase(tokens, phrase)))]


def _passage(text: str, places: list[list[Span]], language: str) -> tuple[Stretch, ...]:
    spans = _joined(span for of_phrase in places for span in of_phrase)
    if not spans:
        return ()
    width, lead = WIDTHS[language]

    def held(begin: int) -> tuple[int, int]:
        inside = [
            sum(begin <= start < begin + width for start, _end in of_phrase) for of_phrase in places
        ]
        return sum(map(bool, inside)), sum(inside)

    begin = max((max(0, start - lead) for start, _end in spans), key=held)
    first = next(start for start, _end in spans if start >= begin)
    begin = _after_break(text, begin, first)
    end = min(len(text), begin + width)
    # A hit is never cut, and an English word only where it is a very long one.
    end = max([end, *(high for low, high in spans if low < end <= high)])
    if language == "en" and end < len(text):
        space = text.rfind(" ", first, end + 1)
        end = space if space > first and not any(lo < space < hi for lo, hi in spans) else end
    cut = stretches(text.replace("\n", " "), spans, begin, end)
    before = [Stretch(ELLIPSIS, False)] if begin else []
    after = [Stretch(ELLIPSIS, False)] if end < len(text) else []
    return (*before, *cut, *after)


def _after_break(text: str, begin: int, first: int) -> int:
    """Return the first place behind a break from ``begin`` on, if it comes before the first hit."""
    if not begin:
        return 0
    for place in range(begin, first):
        if text[place - 1] in _BREAKS:
            return place
    return begin


def best_excerpt(
    practice: Any, errata: Iterable[Any], phrases: Sequence[Phrase], *, prefers_english: bool
) -> Excerpt | None:
    """Return the best passage of a practice and its outcome; None where no phrase stands in them.

    The reader's language comes first; in it, the text with most of the phrases, the outcome before
    the practice. Words that stand only in the probable reading of a misprint are found last. No
    query on a practice with its outcome, and errata, at hand.
    """
    outcome = practice.outcome if practice.outcome_state == OutcomeState.STATED else None
    texts = [(Role.OUTCOME, outcome), (Role.PRACTICE, practice)]
    for language in ("en", "zh") if prefers_english else ("zh", "en"):
        best: tuple[int, Excerpt] | None = None
        for role, text in texts:
            words = (text and getattr(text, f"text_{language}")) or ""
            places = _places(words, phrases) if words else []
            if places and (best is None or len(places) > best[0]):
                is_edited = language == "zh" and text.is_text_edited
                cut = _passage(words, places, language)
                best = (
                    len(places),
                    Excerpt(practice.city, role, language, cut, is_edited=is_edited),
                )
        if best is not None:
            return best[1]
    kept = [erratum for erratum in errata if erratum.decision != Decision.REFUSED]
    for role, text in texts:
        meant = as_meant(text.text_zh, kept, role) if text and kept else None
        cut = excerpt(meant, phrases, "zh") if meant else ()
        if cut:
            return Excerpt(practice.city, role, "zh", cut, is_reading=True)
    return None
