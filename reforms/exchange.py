"""Turn frozen dataclasses into plain JSON values and back, with the place of every error."""

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

MAX_TEXT_LENGTH = 2_000_000
MAX_LIST_LENGTH = 100_000
# What an integer column of either database holds.
MAX_INTEGER = 2_147_483_647

Record = TypeVar("Record")


class RecordError(ValueError):
    """A value that does not fit its shape.

    ``path`` says where (``practices[0].city``); ``template`` is an English sentence with
    ``%(name)s`` places for ``values``, so that the caller can put it in the reader's language.
    """

    def __init__(self, path: str, template: str, **values: object) -> None:
        self.path = path
        self.template = template
        self.values = values
        sentence = template % values
        super().__init__(f"{path}: {sentence}" if path else sentence)


def to_json(value: Any) -> Any:
    """Return a record as plain JSON values, its fields in their declared order."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            name: to_json(getattr(value, attribute))
            for name, (attribute, _, _) in _shape(type(value)).items()
        }
    if isinstance(value, tuple):
        return [to_json(part) for part in value]
    return str(value) if isinstance(value, StrEnum) else value


def checksum(record: Any) -> str:
    """Return the SHA-256 of a record's canonical JSON (keys sorted, UTF-8), in hexadecimal."""
    canonical = json.dumps(
        to_json(record), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def from_json(shape: type[Record], value: Any, path: str = "") -> Record:
    """Read plain JSON values as a record of ``shape``; fields with a default may be left out.

    Raises ``RecordError`` with the path of the first value that does not fit: a missing or
    unknown field, a wrong type, a word outside its list, a text that no database can hold.
    """
    record: Record = _decode(shape, value, path)
    return record


@cache
def _shape(shape: type) -> dict[str, tuple[str, Any, bool]]:
    """Map each JSON name of a record to its attribute, its type and whether it is required."""
    hints = get_type_hints(shape)
    return {
        part.metadata.get("name", part.name): (
            part.name,
            hints[part.name],
            part.default is MISSING,
        )
        for part in fields(shape)
    }


def _decode(expected: Any, value: Any, path: str) -> Any:
    if get_origin(expected) in (Union, types.UnionType):
        options = get_args(expected)
        if value is None:
            return None
        return _decode(next(part for part in options if part is not types.NoneType), value, path)
    if is_dataclass(expected):
        return _decode_object(expected, value, path)
    if get_origin(expected) is tuple:
        return _decode_list(get_args(expected), value, path)
    if isinstance(expected, type) and issubclass(expected, StrEnum):
        return _decode_choice(expected, value, path)
    if expected is bool and isinstance(value, bool):
        return value
    if expected is int and isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value <= MAX_INTEGER:
            raise RecordError(path, "%(value)s is out of range.", value=str(value)[:30])
        return value
    if expected is str and isinstance(value, str):
        return _check_text(value, path)
    raise RecordError(
        path,
        "expected %(expected)s, found %(found)s.",
        expected=_JSON_NAMES.get(expected, str(expected)),
        found=_JSON_NAMES.get(type(value), type(value).__name__),
    )


_JSON_NAMES: Mapping[Any, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
    float: "a number with a fraction",
    types.NoneType: "null",
}


def _decode_object(shape: Any, value: Any, path: str) -> Any:
    if not isinstance(value, dict):
        raise RecordError(path, "expected an object with fields.")
    known = _shape(shape)
    unknown = next((name for name in value if name not in known), None)
    if unknown is not None:
        raise RecordError(path, "unknown field %(name)s.", name=repr(str(unknown)[:60]))
    arguments = {}
    for name, (attribute, expected, is_required) in known.items():
        if name in value:
            arguments[attribute] = _decode(expected, value[name], f"{path}.{name}".lstrip("."))
        elif is_required:
            raise RecordError(path, "the field %(name)s is missing.", name=repr(name))
    return shape(**arguments)


def _decode_list(arguments: tuple[Any, ...], value: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise RecordError(path, "expected a list.")
    if len(value) > MAX_LIST_LENGTH:
        raise RecordError(path, "the list has more than %(limit)s entries.", limit=MAX_LIST_LENGTH)
    if arguments[-1] is Ellipsis:
        return tuple(
            _decode(arguments[0], part, f"{path}[{index}]") for index, part in enumerate(value)
        )
    if len(value) != len(arguments):
        raise RecordError(path, "expected %(count)s entries.", count=len(arguments))
    return tuple(
        _decode(expected, part, f"{path}[{index}]")
        for index, (expected, part) in enumerate(zip(arguments, value, strict=True))
    )


def _decode_choice(choices: type[StrEnum], value: Any, path: str) -> StrEnum:
    try:
        return choices(value)
    except ValueError:
        allowed = ", ".join(choices)
        raise RecordError(path, "expected one of %(allowed)s.", allowed=allowed) from None


def _check_text(value: str, path: str) -> str:
    if len(value) > MAX_TEXT_LENGTH:
        raise RecordError(
            path, "the text is longer than %(limit)s characters.", limit=MAX_TEXT_LENGTH
        )
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise RecordError(path, "the text holds a character that cannot be stored.")
    return value
