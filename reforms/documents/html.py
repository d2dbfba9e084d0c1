"""The text of an HTML page: a line a block, a cell of a table or a broken line. Nothing is fetched."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from reforms.documents.kinds import DocumentError, Note, decoded

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENTITY = re.compile(r"<!(?:ENTITY|DOCTYPE[^>\[]*\[)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BREAK_IN_CHINESE = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t\r\f]*\n\s*(?=[\u3000-\u9fff\uff00-\uffef])"
)
_WITHOUT_TEXT = re.compile(
    "script|style|noscript|template|head|title|svg|object|iframe|select|button|input|textarea|math"
    "|audio|video|canvas"
)
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|caption|dd|details|dialog|div|dl|dt|fieldset|figcaption"
    "|figure|footer|form|h[1-6]|header|hr|html|legend|li|main|nav|ol|p|pre|section|summary"
    "|table|tbody|td|tfoot|th|thead|tr|ul"
)
# The names of encodings that are subsets of GB18030, which reads them all.
_CHINESE = frozenset(("gb2312", "gbk", "gb18030", "cp936", "x-gbk"))


def read_html(content: bytes) -> tuple[str, list[Note]]:
    """Return the text of a page and what was left out or written out; raises ``DocumentError``."""
    text = _XML_HEAD.sub("", _decoded(content))
    if _ENTITY.search(text):
        raise DocumentError("entities")
    parser = lxml_html.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml_html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise DocumentError("broken") from None
    reader = _Reader()
    lines = "".join(reader.pieces(root)).split("\n")
    # A tab at the beginning of a line says that the line is a cell after the first of its row.
    kept = [
        ("\t" if line.startswith("\t") else "") + line.strip() for line in lines if line.strip()
    ]
    return "\n".join(kept), reader.notes()


def _decoded(content: bytes) -> str:
    """Return the page's characters, by its mark, by what it says, else as plain text is read."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return decoded(content)
    said = _CHARSET.search(content[:4096])
    if said:
        name = said[1].decode("ascii").lower()
        try:
            return content.decode("gb18030" if name in _CHINESE else name)
        except (LookupError, UnicodeDecodeError):
            pass
    return decoded(content)


class _Reader:
    """Goes through a page in its order, without recursion: a page may nest as deeply as it likes."""

    def __init__(self) -> None:
        self.pictures = 0
        self.hidden = 0
        self.numbers = 0
        self._counters: list[int] = []

    def notes(self) -> list[Note]:
        found = [
            ("pictures", self.pictures),
            ("numbers", self.numbers),
            ("hidden", self.hidden),
        ]
        return [Note(code, {"count": count}) for code, count in found if count]

    def pieces(self, root: lxml_html.HtmlElement) -> Iterator[str]:
        skipped: lxml_html.HtmlElement | None = None
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if skipped is not None:
                if event == "end" and element is skipped:
                    skipped = None
                    yield _collapsed(element.tail)
                continue
            name = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if self._is_left_out(name, element):
                    skipped = element
                    continue
                yield from self._opened(name, element)
                yield _collapsed(element.text)
            else:
                yield from self._closed(name)
                yield _collapsed(element.tail)

    def _is_left_out(self, name: str, element: lxml_html.HtmlElement) -> bool:
        if not name or _WITHOUT_TEXT.fullmatch(name):
            return True
        is_hidden = "hidden" in element.attrib or bool(
            _HIDDEN_STYLE.search(element.get("style", ""))
        )
        self.hidden += is_hidden
        return is_hidden

    def _opened(self, name: str, element: lxml_html.HtmlElement) -> Iterator[str]:
        if name == "img":
            self.pictures += 1
        elif name == "br":
            yield "\n"
        elif name in ("ol", "ul"):
            start = element.get("start", "1") if name == "ol" else ""
            self._counters.append(int(start) if start.isdecimal() and len(start) < 6 else -1)
            yield "\n"
        elif name == "li" and self._counters and self._counters[-1] >= 0:
            yield f"\n{self._counters[-1]}. "
            self._counters[-1] += 1
            self.numbers += 1
        elif name in ("td", "th") and element.getprevious() is not None:
            yield "\n\t"
        elif _BLOCK.fullmatch(name):
            # A block inside a cell goes on where the cell's mark stands.
            parent = element.getparent()
            is_first_of_cell = (
                parent is not None
                and parent.tag in ("td", "th")
                and parent[0] is element
                and not (parent.text or "").strip()
            )
            yield "" if is_first_of_cell else "\n"

    def _closed(self, name: str) -> Iterator[str]:
        if name in ("ol", "ul") and self._counters:
            self._counters.pop()
        if _BLOCK.fullmatch(name):
            yield "\n"


def _collapsed(text: str | None) -> str:
    """Return text as a browser shows it: white space is one space, none where a line broke in Chinese."""
    return _SPACE.sub(" ", _BREAK_IN_CHINESE.sub("", text or ""))
