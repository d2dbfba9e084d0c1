"""Past states of vocabulary words and of sources: what the history keeps, and the way back to one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Max, Q

from reforms.models import Identification, Indicator, Section, Source
from reforms.models.histories import Save

# What hangs on a source, and by what each is known again in every state of it.
PARTS: tuple[tuple[str, type[models.Model], str], ...] = (
    ("sections", Section, "label"),
    ("identifications", Identification, "position"),
)
OF_THE_ROW = ("id", "version", "source_id")
WITHDRAWAL = ("withdrawn_at", "withdrawn_reason_zh", "withdrawn_reason_en")
# What going back leaves as it is: what addresses and records name, and what is printed.
FIXED: Mapping[type[models.Model], frozenset[str]] = {
    Indicator: frozenset({"slug", "kind"}),
    Source: frozenset({"slug", "checksum", *WITHDRAWAL}),
    Section: frozenset({"label", "name_zh", "declared_count", "position"}),
    Identification: frozenset({"position"}),
}
FIXED_OF_A_WORD = frozenset({"slug"})
Key = tuple[str, Any]


@dataclass(frozen=True)
class Standing:
    """A row and all that hangs on it as they stood at one version, or as they stand now.

    ``row`` and ``parts`` are rows of the tables or of their histories: they read alike.
    """

    row: Any
    parts: Mapping[Key, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Return:
    """What going back to a state writes: the row, the parts that change or are new, those that go."""

    row: Any
    parts: Sequence[Any]
    gone: Sequence[Any]
    has_changes: bool


def fields_of(model: type[models.Model]) -> Iterator[models.Field]:
    """Yield the columns that every state of a row keeps and that say something of it."""
    for column in model.history.model.tracked_fields:  # type: ignore[attr-defined]
        if column.attname not in OF_THE_ROW:
            yield column


def parts_of(row: Any) -> list[tuple[str, type[models.Model], str]]:
    """Return what hangs on a row: its name, its table, and by what each part is known again."""
    return list(PARTS) if isinstance(row, Source) else []


def begin(rows: Iterable[Any], save: Save | None = None) -> None:
    """Keep how rows of one table stand, and what hangs on them, where no history keeps it yet.

    For rows that stood before their history was kept, and for those that ``loaddata`` brought:
    to be called before such a row changes. ``save`` says who brought them, where that is known.
    A table without a history is left alone.
    1 query where nothing is missing.
    """
    standing = list(rows)
    history = getattr(type(standing[0]), "history", None) if standing else None
    if history is None:
        return
    ids = [row.pk for row in standing]
    known = set(history.filter(id__in=ids).values_list("id", flat=True))
    for row in standing:
        if row.pk in known:
            continue
        _keep(history, [row], save, {})
        for name, model, _key in parts_of(row):
            of_source = {"source_version": row.version}
            _keep(model.history, getattr(row, name).all(), save, of_source)  # type: ignore[attr-defined]


def _keep(history: Any, rows: Iterable[Any], save: Save | None, more: dict[str, Any]) -> None:
    said = {"action": save.action, "by_name": save.by_name} if save else {}
    history.bulk_history_create(
        rows,
        default_user=save.by if save else None,
        default_change_reason=(save.reason if save else "") or None,
        default_date=save.moment if save else None,
        custom_historical_attrs={**said, **more},
    )


def as_it_stands(row: Any) -> Standing:
    """Return a row as it stands now; a query for each kind of part."""
    parts = {
        (name, getattr(part, key)): part
        for name, _model, key in parts_of(row)
        for part in getattr(row, name).all()
    }
    return Standing(row, parts)


def newest_first(row: Any) -> Any:
    """Return the kept states of a row, the newest first; evaluating costs 1 query."""
    return type(row).history.filter(id=row.pk).order_by("-history_id")


def with_parts(row: Any, states: Sequence[Any]) -> list[Standing]:
    """Return each of these states (the newest first) with its parts; a query for each kind of part."""
    if not states or not parts_of(row):
        return [Standing(state) for state in states]
    low, high = states[-1].version, states[0].version
    kept = {
        (name, key): list(_part_states(row, model, key, low, high))
        for name, model, key in parts_of(row)
    }
    return [Standing(state, dict(_parts_at(kept, state.version))) for state in states]


def _part_states(row: Any, model: Any, key: str, low: int, high: int) -> Any:
    """Ask for the parts as they stood at version ``low``, and their states until ``high``."""
    kept = model.history.filter(source_id=row.pk).order_by()
    until = kept.filter(source_version__lte=low)
    newest = until.values(key).annotate(newest=Max("history_id")).values("newest")
    later = Q(source_version__gt=low, source_version__lte=high)
    return kept.filter(Q(history_id__in=newest) | later).order_by("history_id")


def _parts_at(kept: Mapping[Any, Sequence[Any]], version: int) -> Iterator[tuple[Key, Any]]:
    for (name, key), states in kept.items():
        newest = {getattr(state, key): state for state in states if state.source_version <= version}
        for value in sorted(newest, key=lambda value: newest[value].position):
            if newest[value].history_type != "-":
                yield (name, value), newest[value]


def state_at(row: Any, version: int) -> Standing | None:
    """Return a row as it stood after the save of this version; None where no history keeps it.

    A query, and one for each kind of part.
    """
    state = newest_first(row).filter(version=version).first()
    return with_parts(row, [state])[0] if state else None


def back_to(row: Any, past: Standing, now: Standing | None = None) -> Return:
    """Return what makes a row stand as it did once; nothing is stored, but ``row`` is changed.

    What is fixed stays: slugs, kinds, the text, what is printed, and whether a source is
    withdrawn. Of claims, those of the past state come back in their places and later ones go.
    ``now`` is how the row stands, where that is known; else a query for each kind of part.
    """
    now = now or as_it_stands(row)
    has_changes = _take(row, past.row)
    parts = []
    for key, state in past.parts.items():
        part = now.parts.get(key)
        if part is None and isinstance(state, Section.history.model):
            continue
        if part is None:
            part = Identification(source=row, position=state.position)
        if _take(part, state) or part.pk is None:
            parts.append(part)
    gone = [
        part
        for key, part in now.parts.items()
        if key not in past.parts and isinstance(part, Identification)
    ]
    return Return(row, parts, gone, bool(has_changes or parts or gone))


def as_it_would_stand(row: Any, past: Standing) -> Standing:
    """Return how a row would stand once it is back at a past state; ``row`` is changed, not stored.

    A query for each kind of part.
    """
    now = as_it_stands(row)
    back = back_to(row, past, now)
    going = {("identifications", part.position) for part in back.gone}
    parts = {key: part for key, part in now.parts.items() if key not in going}
    new = {("identifications", part.position): part for part in back.parts if part.pk is None}
    return Standing(back.row, {**parts, **new})


def _take(row: Any, past: Any) -> bool:
    """Give a row the values of a past state, but for what is fixed; tell whether any differs."""
    fixed = FIXED.get(type(row), FIXED_OF_A_WORD)
    names = [column.attname for column in fields_of(type(row)) if column.attname not in fixed]
    changed = [name for name in names if getattr(row, name) != getattr(past, name)]
    for name in changed:
        setattr(row, name, getattr(past, name))
    return bool(changed)
