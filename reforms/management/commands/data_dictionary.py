"""Write the data dictionary from the models and the exchange shape."""

import dataclasses
import inspect
from argparse import ArgumentParser
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_type_hints

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import models
from django.utils.translation import override

from reforms import records
from reforms.models.choices import LABELS
from reforms.models.histories import PartState, State

TARGET = Path("docs", "data-dictionary.md")

INTRODUCTION = """# Data dictionary

Made from the code by `python manage.py data_dictionary`; a test fails while it is stale.

- [Tables](#tables): what the database holds.
- [Histories](#histories): what it holds of past states of vocabulary words and sources.
- [Exchange shape](#exchange-shape): one JSON shape for a measure, in and out.
- [Coded words](#coded-words): the values of every field with a fixed list.

Spans are pairs `[start, end)` of code point offsets into the source's verbatim text. A field that
ends in `_zh` is Chinese, one in `_en` English, one in `_at` a moment, one in `_on` a date."""


HISTORY_COLUMNS = """A state holds the columns of its row, which \
`django-simple-history` copies, and these besides; `source_version` stands in the states of what hangs \
on a source. `history_type` is `+` for a row that is new, `~` for one that changed and `-` for one \
that was taken away."""


class Command(BaseCommand):
    """Write ``docs/data-dictionary.md``, or check that it is not stale."""

    help = (
        "Write docs/data-dictionary.md from the models, the exchange shape and the coded words. "
        "With --check write nothing and fail if the file is stale."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the check."""
        parser.add_argument("--check", action="store_true", help="fail if the file is stale")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Write or compare the file."""
        path = Path(settings.BASE_DIR) / TARGET
        text = data_dictionary()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError(f"{TARGET} is stale: run python manage.py data_dictionary.")
            return
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.stdout.write(f"Wrote {TARGET}.")


def data_dictionary() -> str:
    """Return the whole document as Markdown, in English."""
    with override("en"):
        parts = [INTRODUCTION, "## Tables", *_tables(), "## Histories", *_histories()]
        parts += ["## Exchange shape", *_shapes(), "## Coded words", *_coded_words()]
    return "\n\n".join(parts) + "\n"


def _tables() -> Iterator[str]:
    for model in _models():
        yield f"### {model.__name__}\n\n{_summary(model)}"
        rows = [_column(part) for part in model._meta.concrete_fields]
        yield _table(("column", "type", "null", "meaning"), rows)
        guards = [f"`{guard.name}`" for guard in model._meta.constraints]
        if guards:
            yield f"Guarded by {', '.join(guards)}."


def _models() -> list[Any]:
    """Return the tables but for those of histories, which repeat the columns of others."""
    found = apps.get_app_config("reforms").get_models()
    return [model for model in found if not issubclass(model, State)]


def _histories() -> Iterator[str]:
    """Say what the tables of histories hold besides the columns of the tables they are about."""
    kept = [model for model in _models() if hasattr(model, "history")]
    yield _table(("table", "keeps every saved row of", "but for"), [_kept_by(one) for one in kept])
    yield HISTORY_COLUMNS
    own = [*State._meta.get_fields(), PartState._meta.get_field("source_version")]
    names = ("history_id", "history_date", "history_type", "history_user", "history_change_reason")
    columns = [kept[0].history.model._meta.get_field(name) for name in names]
    yield _table(("column", "type", "null", "meaning"), [_column(part) for part in columns + own])


def _kept_by(model: Any) -> tuple[str, str, str]:
    history = model.history.model
    left_out = ", ".join(f"`{name}`" for name in history._history_excluded_fields)
    return (f"`{history.__name__}`", model.__name__, left_out)


def _summary(thing: Any) -> str:
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def _column(part: Any) -> tuple[str, str, str, str]:
    kind = part.get_internal_type()
    if isinstance(part, models.ForeignKey):
        kind = f"→ {part.related_model.__name__}"
    elif part.max_length:
        kind = f"{kind} ({part.max_length})"
    return (f"`{part.column}`", kind, "yes" if part.null else "", str(part.verbose_name))


def _shapes() -> Iterator[str]:
    shapes: list[type[Any]] = [
        shape for name, shape in vars(records).items() if name.endswith("Record")
    ]
    for shape in reversed(shapes):
        hints = get_type_hints(shape)
        rows = [
            (
                f"`{part.metadata.get('name', part.name)}`",
                _type_name(hints[part.name]),
                "" if part.default is not dataclasses.MISSING else "yes",
            )
            for part in dataclasses.fields(shape)
        ]
        yield f"### {shape.__name__}"
        yield _table(("field", "value", "required"), rows)


def _type_name(hint: Any) -> str:
    if hint == records.Spans:
        return "list of spans"
    options = [part for part in get_args(hint) if part is not type(None)]
    if getattr(hint, "__origin__", None) is tuple:
        return f"list of {_type_name(options[0])}"
    if options:
        return f"{_type_name(options[0])} or null"
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return f"one of [{hint.__name__}](#{hint.__name__.lower()})"
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return {str: "text", int: "whole number", bool: "true or false"}[hint]


def _coded_words() -> Iterator[str]:
    for words, labels in LABELS.items():
        yield f"### {words.__name__}"
        yield _table(
            ("value", "meaning"), [(f"`{word}`", str(label)) for word, label in labels.items()]
        )


def _table(heads: tuple[str, ...], rows: list[Any]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
