"""The history of a vocabulary word or a source in the reader's words: each state, and what it changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reforms import states
from reforms.changes import Change, Group, Row, label_of, language_of
from reforms.models import Category, Source
from reforms.models.fields import in_english
from reforms.states import Standing


@dataclass(frozen=True)
class Entry:
    """One save: the state that it made, what it changed, and the whole record as it stood then."""

    state: Any
    is_first: bool
    changes: Sequence[Change]
    groups: Sequence[Group]


class Pointed:
    """The names of the rows that a source or its headings point at; 2 queries, none for a word."""

    def __init__(self, row: Any) -> None:
        self.of: dict[Any, dict[Any, str]] = {}
        if isinstance(row, Source):
            sources = Source.objects.only("short_name_zh", "short_name_en", "position")
            for model, rows in ((Category, Category.objects.all()), (Source, sources)):
                self.of[model] = {found.pk: str(found) for found in rows}

    def __call__(self, model: Any, key: Any) -> str:
        """Return the name of a row, its key where it is gone."""
        return self.of.get(model, {}).get(key, str(key))


def entries(row: Any, page: Sequence[Any]) -> list[Entry]:
    """Return the saves of one page (states, the newest first), each with what it changed.

    At most 5 queries for a source and 1 for a word, for any number of states.
    """
    if not page:
        return []
    earlier = states.newest_first(row).filter(history_id__lt=page[-1].history_id).first()
    standings = states.with_parts(row, [*page, *([earlier] if earlier else [])])
    pointed = Pointed(row)
    found = []
    for number, state in enumerate(page):
        after = standings[number]
        before = standings[number + 1] if number + 1 < len(standings) else None
        changed = differences(type(row), before, after, pointed) if before else []
        whole = groups(type(row), after, pointed)
        found.append(Entry(state, before is None, changed, whole))
    return found


def groups(model: Any, standing: Standing, pointed: Pointed) -> list[Group]:
    """Return a whole state as groups of labelled texts, in the order of the row's columns; no query."""
    found = [Group((), "", tuple(_rows(model, standing.row, pointed)))]
    of_part = {name: part for name, part, _key in states.PARTS}
    for (name, key), state in standing.parts.items():
        part = of_part[name]
        title = f"{capfirst(part._meta.verbose_name)} {key}"
        found.append(Group((name, key), title, tuple(_rows(part, state, pointed))))
    return found


def differences(model: Any, before: Standing, after: Standing, pointed: Pointed) -> list[Change]:
    """Return every field that differs between two states, in the order of ``groups``; no query."""
    old, new = (_flat(groups(model, standing, pointed)) for standing in (before, after))
    return [
        Change(place, old.get(place, ""), new.get(place, ""))
        for place in dict.fromkeys([*new, *old])
        if old.get(place, "") != new.get(place, "")
    ]


def _flat(parts: Sequence[Group]) -> Mapping[str, str]:
    return {
        f"{part.title} · {row.label}" if part.title else row.label: row.text
        for part in parts
        for row in part.rows
    }


def _rows(model: Any, row: Any, pointed: Pointed) -> Iterator[Row]:
    for column in states.fields_of(model):
        text = _text(column, getattr(row, column.attname), pointed)
        if text:
            yield Row(label_of(model, column.name), text, language_of(column.name))


def _text(column: models.Field, value: Any, pointed: Pointed) -> str:
    if value is None or value == []:
        return ""
    if isinstance(column, models.ForeignKey):
        return pointed(column.related_model, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(column, models.JSONField):
        reason = "reason_en" if in_english() else "reason_zh"
        return "\n".join(f"{number['digits']}: {number[reason]}" for number in value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return str(value)
