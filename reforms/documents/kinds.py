"""What a document is by its first bytes, what was read of it, and why one is refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reforms.documents.limits import (
    MAX_BYTES,
    MAX_CHARACTERS,
    MAX_FILES,
    MAX_PAGES,
    MAX_SECONDS,
    MAX_UNPACKED_BYTES,
)
from reforms.exchange import RecordError


def gettext_noop(text: str) -> str:
    """Mark a sentence to be put into the reader's language where it is shown; returns it as it is."""
    return text


class Kind(StrEnum):
    TEXT = "text"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"


ERRORS: Mapping[str, str] = {
    "too_large": gettext_noop("The file is larger than %(megabytes)s MB."),
    "too_long": gettext_noop("The text of the file is longer than %(characters)s characters."),
    "too_many_pages": gettext_noop("The file has more than %(pages)s pages."),
    "empty": gettext_noop("The file holds no text."),
    "no_text_layer": gettext_noop(
        "The PDF file holds pictures of pages and no text. Have it recognised first, or paste the text."
    ),
    "not_text": gettext_noop(
        "This is no DOCX, PDF or HTML file, and no plain text in UTF-8, UTF-16 with its mark, or GB18030."
    ),
    "old_word": gettext_noop(
        "This is a file of an old Word, or one locked by a password. Save it as DOCX without a password."
    ),
    "rich_text": gettext_noop("This is a file in rich text format. Save it as DOCX."),
    "not_word": gettext_noop("This packed file is no Word document (DOCX)."),
    "locked": gettext_noop("The file is locked by a password."),
    "macros": gettext_noop("The Word file holds macros. Save it as DOCX without macros."),
    "external": gettext_noop(
        "The Word file takes a part of itself from elsewhere (%(target)s). Save it with everything in it."
    ),
    "entities": gettext_noop("The file declares entities of its own, which no notice needs."),
    "bomb": gettext_noop(
        "The file unpacks to more than %(megabytes)s MB or %(files)s files; it is no notice."
    ),
    "broken": gettext_noop("The file is damaged: it could not be read to its end."),
    "too_slow": gettext_noop(
        "The file could not be read within %(seconds)s seconds and the memory set for it."
    ),
}
NOTES: Mapping[str, str] = {
    "wrapped": gettext_noop(
        "Printed lines were joined to paragraphs where a line was full. Check the paragraphs."
    ),
    "radicals": gettext_noop(
        "%(count)s characters stood as radicals (such as ⼯ for 工), as some PDF files have them; each was mended."
    ),
    "numbers": gettext_noop("%(count)s numbers that Word or the browser counts were written out."),
    "hidden": gettext_noop("Hidden or deleted text was left out."),
    "notes": gettext_noop("%(count)s footnotes and endnotes were put at the end."),
    "page_heads": gettext_noop("Heads and feet of pages were left out: %(words)s"),
    "pictures": gettext_noop("%(count)s pictures were left out."),
}
_LIMITS: Mapping[str, object] = {
    "megabytes": MAX_BYTES // 1_000_000,
    "characters": f"{MAX_CHARACTERS:,}",
    "pages": MAX_PAGES,
    "seconds": MAX_SECONDS,
    "files": MAX_FILES,
}
_HTML_HEAD = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Note:
    """What was done with a document on the way to its text; ``NOTES`` holds the sentence of each code."""

    code: str
    values: Mapping[str, object]

    @property
    def template(self) -> str:
        return NOTES[self.code]


@dataclass(frozen=True)
class Document:
    """The text of a document, a line a paragraph or a cell of a table, and what was done with it."""

    kind: Kind
    text: str
    notes: tuple[Note, ...] = ()


class DocumentError(RecordError):
    """A file whose text is not taken; ``code`` says why, in ``ERRORS``."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.given = values
        limits = {**_LIMITS}
        if code == "bomb":
            limits["megabytes"] = MAX_UNPACKED_BYTES // 1_000_000
        super().__init__("", ERRORS[code], **{**limits, **values})


def kind_of(content: bytes) -> Kind:
    """Return what a file is by its first bytes, whatever it is called; raises ``DocumentError``."""
    if content.startswith(b"PK\x03\x04"):
        return Kind.DOCX
    if b"%PDF-" in content[:1024]:
        return Kind.PDF
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentError("old_word")
    if content.startswith(b"{\\rtf"):
        raise DocumentError("rich_text")
    head = content[:8192]
    if head.startswith(_UTF16_MARKS):
        head = head.decode("utf-16", "ignore").encode()
    if _HTML_HEAD.match(head.removeprefix(b"\xef\xbb\xbf")):
        return Kind.HTML
    return Kind.TEXT


def decoded(content: bytes) -> str:
    """Return plain text in UTF-8, UTF-16 with its mark, or GB18030; raises ``DocumentError``."""
    encodings = ("utf-16",) if content.startswith(_UTF16_MARKS) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return str(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise DocumentError("not_text")
