"""Read the rows of Django fixture files as one catalog record; no database.

``load_catalog`` compares whole records, so it reads the same files that ``loaddata`` loads and
puts the rows of a measure together by their natural keys.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from reforms.exchange import RecordError, from_json
from reforms.records import (
    CatalogRecord,
    CategoryRecord,
    CityRecord,
    IndicatorRecord,
    MeasureRecord,
    SourceRecord,
    SynonymRecord,
    ThemeRecord,
)

Row = Mapping[str, Any]
Key = tuple[Any, ...]

VOCABULARIES: Mapping[str, tuple[str, type]] = {
    "category": ("categories", CategoryRecord),
    "city": ("cities", CityRecord),
    "theme": ("themes", ThemeRecord),
    "indicator": ("indicators", IndicatorRecord),
    "synonym": ("synonyms", SynonymRecord),
}


def catalog_from_rows(rows: Iterable[Row]) -> CatalogRecord:
    """Put fixture rows together as records, measures by source and position.

    Raises ``RecordError`` for a row that is not of this catalog, hangs on nothing, or does not
    fit its shape. Rows of the history (``measureversion``) are passed over: loading writes it.
    """
    tables = _Tables(rows)
    catalog: dict[str, Any] = {
        plural: tuple(
            from_json(shape, _only(shape, row), f"{name} {row.get('slug')}")
            for row in sorted(tables.rows(name), key=_position)
        )
        for name, (plural, shape) in VOCABULARIES.items()
    }
    order = {row["slug"]: row["position"] for row in tables.rows("source")}
    measures = [_measure(tables, row) for row in tables.rows("measure")]
    return CatalogRecord(
        **catalog,
        sources=tuple(_source(tables, row) for row in sorted(tables.rows("source"), key=_position)),
        measures=tuple(
            sorted(measures, key=lambda part: (order.get(part.source, 0), part.position))
        ),
    )


class _Tables:
    """Fixture rows by model, and by the natural key of the row that they hang on."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: dict[str, list[Row]] = defaultdict(list)
        self._children: dict[tuple[str, Key], list[Row]] = defaultdict(list)
        parents = {
            "section": "source",
            "identification": "source",
            "practice": "measure",
            "erratum": "measure",
            "outcome": "practice",
            "point": "practice",
            "figure": "practice",
        }
        for index, row in enumerate(rows):
            app, _, name = str(row.get("model", "")).partition(".")
            if app != "reforms" or not isinstance(row.get("fields"), dict):
                raise RecordError(f"[{index}]", "expected a row of this catalog's fixtures.")
            fields = row["fields"]
            self._rows[name].append(fields)
            if name in parents:
                self._children[name, tuple(fields[parents[name]])].append(fields)
            elif name == "passage":
                owner = fields.get("measure")
                key = ("measure", *owner) if owner else ("source", *fields["source"])
                self._children["passage", key].append(fields)

    def rows(self, name: str) -> list[Row]:
        return self._rows[name]

    def children(self, name: str, *key: Any) -> list[Row]:
        return self._children[name, key]


def _position(row: Row) -> int:
    return int(row.get("position") or 0)


def _only(shape: type, row: Row, **more: Any) -> dict[str, Any]:
    """Keep the fields of a row that its record has, with what is put together in ``more``."""
    names = shape.__dataclass_fields__  # type: ignore[attr-defined]
    return {name: row[name] for name in names if name in row} | more


def _slug(reference: Any) -> Any:
    return reference[-1] if isinstance(reference, list) and reference else reference


def _passages(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [
        {
            "role": row["role"],
            "city": _slug(row.get("city")),
            "section": _slug(row.get("section")),
            "start": row["start"],
            "end": row["end"],
        }
        for row in sorted(rows, key=lambda row: row["start"])
    ]


def _source(tables: _Tables, row: Row) -> SourceRecord:
    slug = row["slug"]
    sections = [
        {**_without(part, "source"), "category": _slug(part.get("category"))}
        for part in sorted(tables.children("section", slug), key=_position)
    ]
    claims = [
        _without(part, "source", "position")
        for part in sorted(tables.children("identification", slug), key=_position)
    ]
    value = _only(
        SourceRecord,
        row,
        supersedes=_slug(row.get("supersedes")),
        sections=sections,
        identifications=claims,
        passages=_passages(tables.children("passage", "source", slug)),
    )
    record: SourceRecord = from_json(SourceRecord, value, f"source {slug}")
    return record


def _without(row: Row, *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _measure(tables: _Tables, row: Row) -> MeasureRecord:
    key = (_slug(row["source"]), row["key"])
    practices = [_practice(tables, part) for part in tables.children("practice", *key)]
    cities = {city["slug"]: city["position"] for city in tables.rows("city")}
    practices.sort(key=lambda part: cities.get(part["city"], 0))
    errata = [
        {**_without(part, "measure", "position", "stands_in"), "in": part["stands_in"]}
        for part in sorted(tables.children("erratum", *key), key=_position)
    ]
    value = _only(
        MeasureRecord,
        row,
        source=key[0],
        category=_slug(row["category"]),
        section=_slug(row.get("section")),
        practices=practices,
        errata=errata,
        passages=_passages(tables.children("passage", "measure", *key)),
    )
    record: MeasureRecord = from_json(MeasureRecord, value, ":".join(key))
    return record


def _practice(tables: _Tables, row: Row) -> dict[str, Any]:
    key = (*row["measure"], _slug(row["city"]))
    outcomes = tables.children("outcome", *key)
    outcome = outcomes[0] if outcomes else {"text_zh": None, "text_en": None, "spans": []}
    kinds = {part["slug"]: part["kind"] for part in tables.rows("indicator")}
    points = [
        {"theme": _slug(part["theme"]), "spans": part["spans"]}
        for part in sorted(tables.children("point", *key), key=_position)
    ]
    figures = [
        {
            **_without(part, "practice", "position"),
            "indicator": _slug(part["indicator"]),
            "kind": kinds.get(_slug(part["indicator"])),
            **{name: _decimal(part.get(name)) for name in ("before", "after", "value")},
        }
        for part in sorted(tables.children("figure", *key), key=_position)
    ]
    renamed = {"text_zh": "practice_zh", "text_en": "practice_en", "spans": "practice_spans"}
    plain = _without(row, "measure", "city", "is_text_edited", *renamed)
    return {
        **plain,
        **{name: row[column] for column, name in renamed.items()},
        "city": _slug(row["city"]),
        "outcome_zh": outcome["text_zh"],
        "outcome_en": outcome["text_en"],
        "outcome_spans": outcome["spans"],
        "points": points,
        "figures": figures,
    }


def _decimal(value: Any) -> Any:
    """Take off the zeros that a column's fixed number of places adds (``56.0000``)."""
    if isinstance(value, str) and "." in value:
        return value.rstrip("0").rstrip(".")
    return value
