"""A measure's record in readable groups, and what differs between two records, in the reader's words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from reforms.models import Category, City, Erratum, Figure, Indicator, Measure, Practice, Theme
from reforms.models.choices import LABELS
from reforms.records import MeasureRecord, PointRecord
from reforms.text.differences import Difference, difference

OWN_FIELDS = (
    "number",
    "position",
    "title_zh",
    "title_en",
    "title_translation_state",
    "title_note_zh",
    "title_note_en",
    "category",
    "section",
    "status",
    "is_read_whole",
    "withdrawn_at",
    "withdrawn_reason_zh",
    "withdrawn_reason_en",
)
PRACTICE_FIELDS = (
    "city_is_printed",
    "practice_zh",
    "practice_en",
    "summary_zh",
    "summary_en",
    "translation_state",
    "translation_note_zh",
    "translation_note_en",
    "outcome_state",
    "outcome_zh",
    "outcome_en",
)
FIGURE_FIELDS = (
    "indicator",
    "nature",
    "stated_in",
    "quote",
    "before",
    "steps",
    "after",
    "value",
    "printed",
    "unit_zh",
    "unit_en",
    "before_unit_zh",
    "before_unit_en",
    "unit_inferred_zh",
    "unit_inferred_en",
    "bound",
    "qualifier_zh",
    "qualifier_en",
    "direction",
    "scope_zh",
    "scope_en",
    "period_zh",
    "period_en",
    "period_from",
    "period_to",
    "period_certainty",
    "note_zh",
    "note_en",
    "statement",
)
ERRATUM_FIELDS = (
    "stands_in",
    "as_printed",
    "reading",
    "reason_zh",
    "reason_en",
    "confidence",
    "decision",
)
MODEL_FIELDS = {"practice_zh": "text_zh", "practice_en": "text_en"}
OUTCOME_FIELDS = ("outcome_zh", "outcome_en")


@dataclass(frozen=True)
class Row:
    """One field: its label, its text, and the language that the text is in, if it is one."""

    label: str
    text: str
    language: str = ""


@dataclass(frozen=True)
class Group:
    """The fields of a measure, a practice or a part of one; ``key`` is the same in all versions."""

    key: tuple[Any, ...]
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Change:
    """One field that differs: where, and what stood there before and after (empty: nothing)."""

    place: str
    before: str
    after: str

    @cached_property
    def difference(self) -> Difference | None:
        """The word-level marks between the two; None where they are worded differently throughout."""
        if not (self.before and self.after):
            return None
        found = difference(self.before, self.after)
        return found if found.is_near_identical else None


class Names:
    """The names of the words that records hold as slugs, in the reader's language: 4 queries."""

    def __init__(self) -> None:
        models: Mapping[str, Any] = {
            "category": Category,
            "city": City,
            "theme": Theme,
            "indicator": Indicator,
        }
        self.of = {
            kind: {row.slug: row.name for row in model.objects.all()}
            for kind, model in models.items()
        }

    def __call__(self, kind: str, slug: str) -> str:
        """Return a word's name; the slug where the word is gone."""
        name: str = self.of[kind].get(slug, slug)
        return name


def groups(record: MeasureRecord, source_text: str, names: Names) -> list[Group]:
    """Return the whole record as groups of labelled texts, in the order of a page; no query."""
    rows: tuple[Row, ...]
    found = [Group((), _("Measure"), tuple(rows_of(Measure, record, OWN_FIELDS, names)))]
    for practice in record.practices:
        city = names("city", practice.city)
        key: tuple[Any, ...] = ("practice", practice.city)
        found.append(Group(key, city, tuple(rows_of(Practice, practice, PRACTICE_FIELDS, names))))
        for number, point in enumerate(practice.points, start=1):
            title = _("%(city)s · point %(number)s") % {"city": city, "number": number}
            rows = tuple(point_rows(point, source_text, names))
            found.append(Group((*key, "point", number), title, rows))
        for number, figure in enumerate(practice.figures, start=1):
            title = _("%(city)s · figure %(number)s") % {"city": city, "number": number}
            rows = tuple(rows_of(Figure, figure, FIGURE_FIELDS, names))
            found.append(Group((*key, "figure", number), title, rows))
    for number, erratum in enumerate(record.errata, start=1):
        title = _("Erratum %(number)s") % {"number": number}
        rows = tuple(rows_of(Erratum, erratum, ERRATUM_FIELDS, names))
        found.append(Group(("erratum", number), title, rows))
    return found


def point_rows(point: PointRecord, source_text: str, names: Names) -> Iterator[Row]:
    """Yield a point's theme and its words."""
    words = "…".join("".join(source_text[a:b].split()) for a, b in point.spans)
    yield Row(_("theme"), names("theme", point.theme))
    yield Row(_("words"), words, "zh-Hans")


def changes(
    before: MeasureRecord, after: MeasureRecord, source_text: str, names: Names
) -> list[Change]:
    """Return every field that differs between two records of a measure, in the order of a page."""
    old = _flat(groups(before, source_text, names))
    new = _flat(groups(after, source_text, names))
    found = [
        Change(place, old.get(place, ""), new.get(place, ""))
        for place in dict.fromkeys([*new, *old])
        if old.get(place, "") != new.get(place, "")
    ]
    if before.passages != after.passages:
        cut = _("cut of the source's words")
        found.append(Change(cut, _passages(before), _passages(after)))
    return found


def _flat(parts: Sequence[Group]) -> dict[str, str]:
    return {f"{part.title} · {row.label}": row.text for part in parts for row in part.rows}


def _passages(record: MeasureRecord) -> str:
    return _("%(count)s passages") % {"count": len(record.passages)}


def rows_of(model: Any, record: Any, names: Sequence[str], words: Names) -> Iterator[Row]:
    """Yield the fields that hold something, labelled as the model labels them."""
    for name in names:
        text = _text(name, getattr(record, name), words)
        if text:
            yield Row(label_of(model, name), text, language_of(name))


def language_of(name: str) -> str:
    """Return the language of a field that holds a text, else nothing."""
    if name in ("quote", "as_printed", "printed", "reading"):
        return "zh-Hans"
    return {"_zh": "zh-Hans", "_en": "en"}.get(name[-3:], "")


def label_of(model: Any, name: str) -> str:
    """Return what a field of a record is called on pages."""
    if name in OUTCOME_FIELDS:
        return _("outcome") if name == "outcome_zh" else _("outcome in English")
    return str(model._meta.get_field(MODEL_FIELDS.get(name, name)).verbose_name)


def _text(name: str, value: Any, words: Names) -> str:
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, StrEnum):
        return str(LABELS[type(value)][value])
    if isinstance(value, tuple):
        return " → ".join(str(part) for part in value)
    if name in words.of:
        return words(name, str(value))
    return str(value)
