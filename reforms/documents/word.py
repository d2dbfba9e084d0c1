"""The text of a Word file (DOCX): a line a paragraph or a cell, its numbers written out. Nothing is run or fetched."""

from collections.abc import Iterator
from typing import Any

from reforms.documents.kinds import DocumentError, Note
from reforms.documents.numbering import Numbering, W, read_numbering
from reforms.documents.packed import Package

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
_MAIN = "word/document.xml"
# What is gone from the document: deleted or moved away, or said to a machine.
_GONE = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "rPrChange"))
_LETTERS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_MAX_DEPTH = 200


def read_word(content: bytes) -> tuple[str, list[Note]]:
    """Return the text of a Word file and what was left out or written out; raises ``DocumentError``."""
    package = Package(content)
    if _MAIN not in package.names:
        raise DocumentError("not_word")
    if any(name.lower().endswith("vbaproject.bin") for name in package.names):
        raise DocumentError("macros")
    _refuse_external(package)
    main = package.xml(_MAIN)
    body = main.find(f"{W}body")
    if body is None:
        raise DocumentError("not_word")
    reader = _Reader(
        read_numbering(
            package.optional_xml("word/numbering.xml"), package.optional_xml("word/styles.xml")
        )
    )
    lines = [*reader.lines(body)]
    notes = [line for name in ("footnotes", "endnotes") for line in _notes(package, name, reader)]
    text = "\n".join(line for line in [*lines, *notes] if line.strip())
    return text, _said(package, reader, len(notes))


def _refuse_external(package: Package) -> None:
    """Refuse a file that takes a part of itself from elsewhere; a link to read on is none."""
    for name in sorted(package.names):
        if not name.endswith(".rels"):
            continue
        for relation in package.xml(name).iterfind(_RELATIONS):
            is_link = relation.get("Type", "").endswith("/hyperlink")
            if relation.get("TargetMode") == "External" and not is_link:
                raise DocumentError("external", target=relation.get("Target", "")[:80])


def _notes(package: Package, name: str, reader: "_Reader") -> Iterator[str]:
    """Yield the footnotes or the endnotes, a line each; the lines that part them are none."""
    root = package.optional_xml(f"word/{name}.xml")
    if root is None:
        return
    for note in root:
        if note.get(f"{W}type") in (None, "normal"):
            words = " ".join(line.strip() for line in reader.lines(note) if line.strip())
            if words:
                yield words


def _said(package: Package, reader: "_Reader", notes: int) -> list[Note]:
    """Return what was done with the file on the way."""
    found = []
    if reader.numbering.counted:
        found.append(Note("numbers", {"count": reader.numbering.counted}))
    if notes:
        found.append(Note("notes", {"count": notes}))
    if reader.pictures:
        found.append(Note("pictures", {"count": reader.pictures}))
    if reader.has_hidden:
        found.append(Note("hidden", {}))
    heads = []
    for name in sorted(package.names):
        if name.startswith(("word/header", "word/footer")) and name.endswith(".xml"):
            words = " ".join("".join(_Reader(Numbering()).lines(package.xml(name))).split())
            if words and words not in heads:
                heads.append(words)
    if heads:
        found.append(Note("page_heads", {"words": "; ".join(heads)[:200]}))
    return found


class _Reader:
    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.pictures = 0
        self.has_hidden = False

    def lines(self, element: Any, depth: int = 0) -> Iterator[str]:
        """Yield the lines of what holds paragraphs and tables; a tab begins a cell after the first."""
        if depth > _MAX_DEPTH:
            raise DocumentError("broken")
        for child in element:
            if child.tag == f"{W}p":
                yield from self._paragraph(child, depth)
            elif child.tag == f"{W}tbl":
                for row in child.iterfind(f".//{W}tr"):
                    # A table inside a cell is read with its cell.
                    if next(row.iterancestors(f"{W}tbl")) is child:
                        yield from self._row(row, depth)
            elif child.tag in _GONE:
                self.has_hidden = True
            elif isinstance(child.tag, str):
                yield from self.lines(child, depth + 1)

    def _row(self, row: Any, depth: int) -> Iterator[str]:
        cells = [cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row]
        for at, cell in enumerate(cells):
            own = [line for line in self.lines(cell, depth + 1) if line.strip()]
            if own:
                yield ("\t" if at else "") + own[0]
                yield from own[1:]

    def _paragraph(self, paragraph: Any, depth: int) -> Iterator[str]:
        properties = paragraph.find(f"{W}pPr")
        boxes: list[Any] = []
        words = "".join(self._words(paragraph, boxes, depth)).strip()
        if words:
            yield from f"{self.numbering.label(properties)}{words}".split("\n")
        for box in boxes:
            yield from self.lines(box, depth + 1)

    def _words(self, element: Any, boxes: list[Any], depth: int) -> Iterator[str]:
        """Yield the words of a paragraph; what stands in text boxes goes to ``boxes``."""
        if depth > _MAX_DEPTH:
            raise DocumentError("broken")
        for child in element:
            tag = child.tag
            if tag in (f"{W}t", _MATH_TEXT):
                yield child.text or ""
            elif tag in _LETTERS:
                yield _LETTERS[tag]
            elif tag in _GONE:
                self.has_hidden = self.has_hidden or tag != f"{W}instrText"
            elif tag == f"{W}txbxContent":
                boxes.append(child)
            elif tag == _PICTURE:
                self.pictures += 1
            elif tag == f"{W}r" and _is_hidden(child):
                self.has_hidden = True
            elif tag == f"{_COMPATIBILITY}AlternateContent":
                # The same thing twice, for newer programs and older ones.
                yield from self._words(child[:1], boxes, depth + 1)
            elif isinstance(tag, str) and tag != f"{W}pPr":
                yield from self._words(child, boxes, depth + 1)


def _is_hidden(run: Any) -> bool:
    hidden = run.find(f"{W}rPr/{W}vanish")
    return hidden is not None and hidden.get(f"{W}val") not in ("0", "false")
