"""The stretch of a source around a measure, cut into words, and the words chosen in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reforms.models import City, Measure, Passage
from reforms.models.choices import LABELS
from reforms.records import Role, Spans
from reforms.spans import cut_by, text_at
from reforms.text import characters, words

UNITS: dict[str, Callable[[str], Any]] = {"word": words, "character": characters}
CONTEXT_CHARACTERS = 80


@dataclass(frozen=True)
class ChosenText:
    """The one text that chosen words stand in, and where: spans parted where a break cuts them."""

    role: Role
    is_own: bool
    spans: Spans


@dataclass(frozen=True)
class Chosen:
    """The words ``[start, end)`` of a source; ``text`` is None where several texts share them.

    ``last`` is where the last word begins, ``words`` are theirs without what a break puts between.
    """

    start: int
    last: int
    end: int
    words: str
    text: ChosenText | None


class Region:
    """The stretch of the source around a measure: its passages, cut into words; 4 queries."""

    def __init__(self, measure: Measure, unit: str, first: int | None = None) -> None:
        self.measure = measure
        self.first = first
        self.text = measure.source.text
        self._rows = list(measure.source.passages.for_page())
        self.passages = self._around(self._rows)
        cities = City.objects.order_by("position")
        self.cities = {row.slug: row.name for row in cities}
        self.sections = [
            (row.label, str(row)) for row in measure.source.sections.order_by("position")
        ]
        self._words = [
            [
                (part.start + low, part.start + high)
                for low, high in UNITS[unit](self.text[part.start : part.end])
            ]
            for part in self.passages
        ]
        self.ends = [(low, high) for part in self._words for low, high in part]

    def _around(self, in_order: list[Passage]) -> list[Passage]:
        """Return the measure's passages and those of the source itself that touch them."""
        own = [n for n, row in enumerate(in_order) if row.measure_id == self.measure.pk]
        if not own:
            return []
        low, high = own[0], own[-1]
        while low > 0 and in_order[low - 1].measure_id is None:
            low -= 1
        while high + 1 < len(in_order) and in_order[high + 1].measure_id is None:
            high += 1
        return in_order[low : high + 1]

    def word_at(self, start: int | None) -> str:
        """Return the word that begins there, empty where none does."""
        end = dict(self.ends).get(start if start is not None else -1)
        return self.text[start:end] if end else ""

    def word_with(self, position: int | None) -> int | None:
        """Return where the word begins that holds a position; None where none does."""
        wanted = -1 if position is None else position
        return next((low for low, high in self.ends if low <= wanted < high), None)

    def chosen(self, first: int | None, last: int | None) -> Chosen | None:
        """Return the words from one word to another; None unless both begin there, in order."""
        ends = dict(self.ends)
        if first is None or last is None or first not in ends or last not in ends or last < first:
            return None
        start, end = first, ends[last]
        touched = [part for part in self.passages if part.start < end and part.end > start]
        spans = cut_by([(start, end)], [(part.start, part.end) for part in touched])
        text = self._text_of(touched, start, end)
        return Chosen(start, last, end, text_at(self.text, text.spans if text else spans), text)

    def _text_of(self, touched: Sequence[Passage], start: int, end: int) -> ChosenText | None:
        """Return the text that words stand in: what a caption or a running head parts is one text."""
        kinds = [(part.role, part.city_id, part.measure_id) for part in touched]
        between = [part for part, kind in zip(touched, kinds, strict=True) if kind != kinds[0]]
        if kinds[-1] != kinds[0] or any(part.measure_id is not None for part in between):
            return None
        if between and touched[0].measure_id is None:
            return None
        same = [(part.start, part.end) for part in touched if part not in between]
        is_own = touched[0].measure_id == self.measure.pk
        return ChosenText(Role(touched[0].role), is_own, cut_by([(start, end)], same))

    def holder(self, chosen: Chosen) -> Measure:
        """Return the measure that an erratum of these words stands on.

        Their own one; of words of the source itself the one whose words come next, else the last.
        """
        if chosen.text is None or chosen.text.is_own:
            return self.measure
        after = [row.measure for row in self._rows if row.start >= chosen.end and row.measure]
        before = [row.measure for row in self._rows if row.start < chosen.start and row.measure]
        return [*after[:1], *before[-1:], self.measure][0]

    def surroundings(self, chosen: Chosen) -> list[dict[str, Any]]:
        """Return the passages around chosen words: each its label, and its words in three parts."""
        low, high = chosen.start - CONTEXT_CHARACTERS, chosen.end + CONTEXT_CHARACTERS
        return [
            {
                **self._labels(part),
                "is_cut_before": part.start < low,
                "before": self._between(part, low, chosen.start),
                "chosen": self._between(part, chosen.start, chosen.end),
                "after": self._between(part, chosen.end, high),
                "is_cut_after": part.end > high,
            }
            for part in self.passages
            if part.start < high and part.end > low
        ]

    def _between(self, part: Passage, low: int, high: int) -> str:
        """Return the words of a passage that stand in ``[low, high)``."""
        return text_at(self.text, cut_by([(low, high)], [(part.start, part.end)]))

    def _labels(self, part: Passage) -> dict[str, Any]:
        """Return what a page says of a passage besides its words."""
        return {
            "role": LABELS[Role][part.role],
            "kind": part.role,
            "city": part.city.name if part.city else "",
            "colour": part.city.colour if part.city else 0,
            "is_own": part.measure_id == self.measure.pk,
        }

    def _names(self) -> list[str]:
        """Return, a passage, the name by which an address leads to it; only the first of a text has one."""
        seen: set[str] = set()
        names = []
        for part in self.passages:
            name = f"text-{part.role}-{part.city.slug}" if part.city else f"text-{part.role}"
            names.append("" if name in seen or part.measure_id is None else name)
            seen |= {names[-1]}
        return names

    def shown(self, last: int | None) -> Sequence[dict[str, Any]]:
        """Return the passages with their labels and words, as the page shows them.

        Words before the first chosen one are shown, not offered. The chosen word (``last``, else
        the first) is ticked.
        """
        ticked = last if last is not None else self.first
        return [
            {
                **self._labels(part),
                "name": name,
                "words": [
                    {
                        "start": low,
                        "text": self.text[low:high],
                        "is_offered": self.first is None or low >= self.first,
                        "is_ticked": low == ticked,
                    }
                    for low, high in spans
                ],
            }
            for part, name, spans in zip(self.passages, self._names(), self._words, strict=True)
        ]
