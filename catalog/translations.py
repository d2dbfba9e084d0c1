"""Find the strings to translate, keep the message files in step with them, and compile those, without GNU gettext."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

KEYWORDS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
    "npgettext_lazy",
}
# Sentences of modules that know no Django, translated where they are shown: which argument they are.
RAISED = {"RecordError": 2, "_refusal": 1}
FUNCTIONS = KEYWORDS | set(RAISED)
LITERAL = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
# What Django's templatize leaves of a template: calls with literal arguments, the rest crossed out.
TEMPLATE_CALL = re.compile(
    rf"(?<!\w)(?P<function>n?p?gettext|_)\(\s*(?P<texts>{LITERAL}(?:\s*,\s*{LITERAL})*)"
)
TEMPLATE_LITERAL = re.compile(LITERAL)
PYTHON_FOLDERS = ("catalog", "reforms")
TEMPLATE_FOLDERS = ("templates", "reforms")
TEMPLATE_ENDINGS = (".html", ".txt")
LINE_WIDTH = 100


@dataclass(frozen=True)
class Message:
    """A string to translate: its context, its text or (singular, plural), and where it stands."""

    context: str | None
    text: str | tuple[str, str]
    file: str
    line: int
    is_python_format: bool


def find_messages(root: Path) -> Iterator[Message]:
    """Yield every string to translate in the Python files and templates under `root`.

    Migrations are left out: they repeat the models' strings. Raises Django's TemplateSyntaxError
    for a template that cannot be read.
    """
    for folder in PYTHON_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from python_messages(path, path.relative_to(root).as_posix())
    for folder in TEMPLATE_FOLDERS:
        for path in sorted(
            path for ending in TEMPLATE_ENDINGS for path in (root / folder).rglob(f"*{ending}")
        ):
            yield from template_messages(path, path.relative_to(root).as_posix())


def python_messages(path: Path, name: str) -> Iterator[Message]:
    """Yield the strings to translate in one Python file."""
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_bytes(), name))
        if isinstance(node, ast.Call) and called(node) in FUNCTIONS
    ]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        function = called(call)
        texts = [literal(argument) for argument in call.args]
        if function in RAISED:
            texts = texts[RAISED[function] - 1 : RAISED[function]]
        found = [text for text in texts if text]
        # Without a literal, as in _(name), there is nothing to find.
        if found:
            yield message(function, found, name, call.lineno)


def called(call: ast.Call) -> str:
    """Return the bare name of what a call calls; empty for anything without a name."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def literal(argument: ast.expr) -> str | None:
    """Return the text of an argument that is a literal, in one piece or several; else None."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return None


def template_messages(path: Path, name: str) -> Iterator[Message]:
    """Yield the strings to translate in one template."""
    calls = templatize(path.read_text(encoding="utf-8"), origin=name)
    for call in TEMPLATE_CALL.finditer(calls):
        texts = [ast.literal_eval(text) for text in TEMPLATE_LITERAL.findall(call["texts"])]
        yield message(call["function"], texts, name, calls.count("\n", 0, call.start()) + 1)


def message(function: str, texts: list[str], file: str, line: int) -> Message:
    """Return the message that a call of `function` with the literal `texts` asks for."""
    bare = function.removesuffix("_lazy")
    context = texts.pop(0) if bare.endswith("pgettext") else None
    text = (texts[0], texts[1]) if bare.startswith("n") else texts[0]
    has_placeholder = any(re.search(r"%\(\w+\)[sd]", part) for part in texts)
    return Message(context, text, file, line, has_placeholder)


def found_catalog(root: Path) -> Catalog:
    """Return the strings to translate under `root` as one catalog without translations."""
    catalog = Catalog(domain="django", charset="utf-8")
    for item in find_messages(root):
        catalog.add(
            item.text,
            # The file alone: with line numbers every edit would change the message files.
            locations=[(item.file, None)],  # type: ignore[list-item]
            context=item.context,
            flags={"python-format"} if item.is_python_format else set(),
        )
    return catalog


def read_messages(file: Path) -> Catalog:
    """Return the message file `file`; an empty catalog of its folder's language where there is none."""
    locale = file.parent.parent.name
    if not file.exists():
        return Catalog(locale=locale, domain="django", charset="utf-8", fuzzy=False)
    with file.open("rb") as source:
        return read_po(source, locale=locale, domain="django", abort_invalid=True)


def update_messages(root: Path, file: Path) -> list[str]:
    """Bring the message file `file` in step with the strings under `root`; return the untranslated.

    Translations stay, new strings come in empty, strings no longer used go.
    """
    kept = read_messages(file)
    header, created = kept.header_comment, kept.creation_date
    kept.update(found_catalog(root), no_fuzzy_matching=True, update_creation_date=False)
    kept.header_comment, kept.creation_date = header, created
    with BytesIO() as written:
        write_po(
            written,
            kept,
            width=LINE_WIDTH,
            sort_by_file=True,
            ignore_obsolete=True,
            include_previous=False,
        )
        text = written.getvalue()
    file.parent.mkdir(parents=True, exist_ok=True)
    replace(file, text)
    return untranslated(root, file)


def untranslated(root: Path, file: Path) -> list[str]:
    """Return, as `file: "text"`, each string under `root` with no or only a fuzzy translation."""
    kept = read_messages(file)
    missing: dict[str, None] = {}
    for item in find_messages(root):
        translation = kept.get(item.text, item.context)
        strings = translation.string if translation else ""
        parts = (strings,) if isinstance(strings, str) else (strings or ())
        if translation is None or translation.fuzzy or not parts or not all(parts):
            text = item.text if isinstance(item.text, str) else item.text[0]
            missing[f'{item.file}: "{text}"'] = None
    return list(missing)


def wrong_placeholders(file: Path) -> list[str]:
    """Return, as text, each translation in `file` whose placeholders differ from the original's."""
    return [
        f'"{item.id}": {error}' for item, errors in read_messages(file).check() for error in errors
    ]


def message_files(folders: list[Path]) -> list[Path]:
    """Return the message files of all languages in the locale `folders`."""
    return [file for folder in folders for file in sorted(folder.glob("*/LC_MESSAGES/*.po"))]


def compile_messages(file: Path) -> bool:
    """Compile the message file `file` beside itself; return whether it was stale.

    The file is replaced in one step, so that processes that compile at once do no harm.
    """
    compiled = file.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime_ns > file.stat().st_mtime_ns:
        return False
    with BytesIO() as written:
        write_mo(written, read_messages(file))
        replace(compiled, written.getvalue())
    return True


def replace(file: Path, content: bytes) -> None:
    """Put `content` in the place of `file` in one step."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(file)
