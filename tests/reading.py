"""Read an HTML page: its names, links and words, and the words of chosen elements."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)


@dataclass
class Element:
    """An element with its attributes and the pieces of all the text inside it."""

    tag: str
    attributes: dict[str, str]
    pieces: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """All the text inside it."""
        return "".join(self.pieces)

    @property
    def classes(self) -> set[str]:
        """The names in its class attribute."""
        return set(self.attributes.get("class", "").split())


@dataclass
class Reading:
    """What a page holds, in order."""

    elements: list[Element] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """Every id, as often as it occurs."""
        return [found.attributes["id"] for found in self.elements if "id" in found.attributes]

    @property
    def words(self) -> str:
        """All words of the page's body, white space collapsed."""
        return " ".join(next(found.words for found in self.of("body")).split())

    def of(self, tag: str) -> list[Element]:
        """Return the elements with this tag."""
        return [found for found in self.elements if found.tag == tag]

    def with_class(self, name: str) -> list[Element]:
        """Return the elements with this class."""
        return [found for found in self.elements if name in found.classes]

    def links(self, address: str) -> list[tuple[str, str]]:
        """Return (address, anchor) of each link that stays on this site, made absolute."""
        found = []
        for element in self.of("a"):
            target, anchor = urldefrag(urljoin(address, element.attributes.get("href", "")))
            if target.startswith("/"):
                found.append((target, anchor))
        return found


class _Reader(HTMLParser):
    def __init__(self, without: frozenset[str]) -> None:
        super().__init__()
        self.reading = Reading()
        self.open: list[Element] = []
        self.without = without

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.reading.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self.open):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.without and any(element.classes & self.without for element in self.open):
            return
        for element in self.open:
            element.pieces.append(data)


def read(html: str, without: frozenset[str] = frozenset()) -> Reading:
    """Return what a page holds; the words of elements with a class of ``without`` are left out."""
    reader = _Reader(without)
    reader.feed(html)
    return reader.reading
