"""The text layer of a PDF file: its printed lines joined to paragraphs, its radicals mended."""

import ctypes
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import pypdfium2
from pypdfium2 import raw

from reforms.documents.kinds import DocumentError, Note
from reforms.documents.limits import MAX_CHARACTERS, MAX_PAGES
from reforms.documents.radicals import with_characters

# How near the end of a line comes to the right margin, in heights of a character, for the next line
# to go on with it; and how far a line stands in for it to begin a paragraph.
_FULL_LINE = 2.2
_INDENT = 1.2
_UNSEEN = "\x00\ufffe\uffff\u00ad\x02"


@dataclass
class _Line:
    """A printed line: its words, where they stand from left to right, and the height of its characters."""

    words: str
    left: float
    right: float
    bottom: float
    height: float


def read_pdf(content: bytes) -> tuple[str, list[Note]]:
    """Return the text of a PDF file and what was mended; raises ``DocumentError``."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        is_locked = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "assword" in str(error)
        raise DocumentError("locked" if is_locked else "broken") from None
    if len(document) > MAX_PAGES:
        raise DocumentError("too_many_pages")
    paragraphs: list[str] = []
    joined = length = 0
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            raise DocumentError("broken") from None
        lines = [*_lines(page)]
        for paragraph, count in _paragraphs(lines):
            paragraphs.append(paragraph)
            joined += count
            length += len(paragraph)
        if length > MAX_CHARACTERS:
            raise DocumentError("too_long")
        page.close()
    text, mended = with_characters("\n".join(paragraphs))
    notes = [Note("wrapped", {})] if joined else []
    if mended:
        notes.append(Note("radicals", {"count": mended}))
    return text, notes


def _lines(page: pypdfium2.PdfPage) -> Iterator[_Line]:
    """Yield the printed lines of a page in its order, each with its place in points."""
    # Held while its characters are read: it closes with its last name.
    text_page = page.get_textpage()
    layer = text_page.raw
    words: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    count = raw.FPDFText_CountChars(layer)
    if count > MAX_CHARACTERS:
        raise DocumentError("too_long")
    for index in range(count):
        code = raw.FPDFText_GetUnicode(layer, index)
        character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        if character in ("\r", "\n"):
            yield from _line(words, boxes)
            words, boxes = [], []
        elif character and character not in _UNSEEN:
            words.append(character)
            if not character.isspace():
                boxes.append(_box(layer, index))
    yield from _line(words, boxes)


def _box(layer: object, index: int) -> tuple[float, float, float, float]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(layer, index, left, right, bottom, top)
    return left.value, right.value, bottom.value, top.value


def _line(words: list[str], boxes: list[tuple[float, float, float, float]]) -> Iterator[_Line]:
    text = "".join(words).strip()
    if text and boxes:
        heights = sorted(top - bottom for _left, _right, bottom, top in boxes)
        yield _Line(
            text,
            min(box[0] for box in boxes),
            max(box[1] for box in boxes),
            min(box[2] for box in boxes),
            heights[len(heights) * 3 // 4] or 1.0,
        )


def _paragraphs(lines: list[_Line]) -> Iterator[tuple[str, int]]:
    """Yield the paragraphs of a page, each with how many lines were joined to its first.

    A line goes on where it ends at the right margin and the next one begins at the left.
    """
    if not lines:
        return
    height = median(line.height for line in lines)
    right = max(line.right for line in lines)
    left = min(line.left for line in lines)
    words, joined = lines[0].words, 0
    for before, line in itertools.pairwise(lines):
        is_full = before.right > right - _FULL_LINE * height
        begins_at_left = line.left < left + _INDENT * height
        is_below = line.bottom < before.bottom
        same_size = abs(line.height - before.height) < 0.35 * height
        if is_full and begins_at_left and is_below and same_size:
            words = _joined(words, line.words)
            joined += 1
        else:
            yield words, joined
            words, joined = line.words, 0
    yield words, joined


def _joined(before: str, after: str) -> str:
    """Return two printed lines as one: with a space only between words of Latin letters."""
    is_latin = (
        before[-1].isascii() and before[-1].isalnum() and after[0].isascii() and after[0].isalpha()
    )
    return f"{before} {after}" if is_latin else before + after
