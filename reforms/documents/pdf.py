"""The text layer of a PDF file: its printed lines joined to paragraphs, its radicals mended."""

import ctypes
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from statistics import median, median_low

import pypdfium2
from pypdfium2 import raw

from reforms.documents.kinds import DocumentError, Note
from reforms.documents.limits import MAX_CHARACTERS, MAX_PAGES
from reforms.documents.radicals import with_characters

# How near the end of a line comes to the right margin, in heights of a character, for the next line
# to go on with it; and how far a line stands in for it to begin a paragraph.
_FULL_LINE = 2.2
# Marks that must not begin a line take the characters before them along.
_OPEN_LINE = 4.2
_INDENT = 1.2
# How much further than usual the next line of a paragraph may stand below.
_GAP = 1.3
_PAGE_NUMBER = re.compile(r"[-—–·•\s]{0,8}(?:第\s?)?\d{1,4}(?:\s?页)?[-—–·•\s]{0,8}")
_SENTENCE_END = re.compile("[。！？；：!?;:][”’』」）)》]*$")
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
    paragraphs = _over_pages(_pages(document))
    text, mended = with_characters("\n".join(_words(lines) for lines in paragraphs))
    notes = [Note("wrapped", {})] if any(len(lines) > 1 for lines in paragraphs) else []
    if mended:
        notes.append(Note("radicals", {"count": mended}))
    return text, notes


def _pages(document: pypdfium2.PdfDocument) -> Iterator[list[_Line]]:
    """Yield the printed lines of each page; raises ``DocumentError``."""
    length = 0
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            raise DocumentError("broken") from None
        lines = [*_lines(page)]
        length += sum(len(line.words) for line in lines)
        if length > MAX_CHARACTERS:
            raise DocumentError("too_long")
        yield lines
        page.close()


def _words(lines: list[_Line]) -> str:
    """Return the words of a paragraph's printed lines as one line."""
    return reduce(_joined, (line.words for line in lines))


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
    """Return where a character stands: left, right, bottom, and the height that its font gives each."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(layer, index, left, right, bottom, top)
    loose = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(layer, index, loose)
    return left.value, right.value, bottom.value, abs(loose.top - loose.bottom)


def _line(words: list[str], boxes: list[tuple[float, float, float, float]]) -> Iterator[_Line]:
    text = "".join(words).strip()
    if text and boxes:
        heights = sorted(box[3] for box in boxes)
        yield _Line(
            text,
            min(box[0] for box in boxes),
            max(box[1] for box in boxes),
            min(box[2] for box in boxes),
            heights[len(heights) * 3 // 4] or 1.0,
        )


def _paragraphs(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Yield the paragraphs of a page, each as its printed lines.

    A line goes on where it ends at the right margin and the next one begins at the left, no further
    below than lines stand apart.
    """
    if not lines:
        return
    page = _Page.of(lines)
    paragraph = [lines[0]]
    for before, line in pairwise(lines):
        if page.is_full(before) and page.begins_at_left(line) and page.follows(before, line):
            paragraph.append(line)
        else:
            yield paragraph
            paragraph = [line]
    yield paragraph


@dataclass(frozen=True)
class _Page:
    """How a page is set: its margins, the height of its characters and how far its lines stand apart."""

    left: float
    right: float
    height: float
    pitch: float

    @classmethod
    def of(cls, lines: list[_Line]) -> "_Page":
        pitches = [
            before.bottom - line.bottom
            for before, line in pairwise(lines)
            if before.bottom > line.bottom
        ]
        return cls(
            min(line.left for line in lines),
            max(line.right for line in lines),
            median(line.height for line in lines),
            median_low(pitches) if pitches else 0.0,
        )

    def is_full(self, line: _Line) -> bool:
        """Tell whether a line had no room for what follows: more is left where no sentence ended."""
        room = _FULL_LINE if _SENTENCE_END.search(line.words) else _OPEN_LINE
        return line.right > self.right - room * self.height

    def begins_at_left(self, line: _Line) -> bool:
        return line.left < self.left + _INDENT * self.height

    def follows(self, before: _Line, line: _Line) -> bool:
        is_near = 0 < before.bottom - line.bottom < _GAP * self.pitch
        return is_near and abs(line.height - before.height) < 0.35 * self.height


def _over_pages(pages: Iterable[list[_Line]]) -> list[list[_Line]]:
    """Return the paragraphs of all pages, each as its printed lines.

    One goes on over a page's end where its last line is full and ends no sentence, and the next page
    begins at the left; the number of a page in between comes after it.
    """
    found: list[list[_Line]] = []
    open_one: list[_Line] | None = None
    for lines in pages:
        if not lines:
            continue
        page = _Page.of(lines)
        is_first = True
        for paragraph in _paragraphs(lines):
            if _PAGE_NUMBER.fullmatch(paragraph[0].words):
                found.append(paragraph)
                continue
            if is_first and open_one is not None and page.begins_at_left(paragraph[0]):
                open_one += paragraph
            else:
                found.append(paragraph)
                open_one = paragraph
            is_first = False
            ends = _SENTENCE_END.search(open_one[-1].words)
            open_one = open_one if page.is_full(open_one[-1]) and not ends else None
    return found


def _joined(before: str, after: str) -> str:
    """Return two printed lines as one: with a space only between words of Latin letters."""
    is_latin = (
        before[-1].isascii() and before[-1].isalnum() and after[0].isascii() and after[0].isalpha()
    )
    return f"{before} {after}" if is_latin else before + after
