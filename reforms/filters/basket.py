"""The basket: what a reader gathers in the address, as ``item=<source>:<key>[:<city>]``, repeated."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from reforms.filters.fields import ChoicesField
from reforms.models.fields import LONGEST_SLUG
from reforms.records import SLUG

PARAMETER = "item"
ITEMS_LIMIT = 100
# Of the part of an address that is the basket. The server takes a request line of 8,190 bytes; this
# leaves more than 3,000 for the longest path with the longest words to look for.
LENGTH_LIMIT = 5000
REFUSALS_SHOWN = 10


@dataclass(frozen=True)
class Item:
    """One thing in a basket: a measure, or what one city does under it."""

    source: str
    key: str
    city: str = ""

    @classmethod
    def read(cls, value: str) -> "Item | None":
        """Return the item that a value of the address names; None for a value that names none."""
        parts = value.split(":")
        is_item = len(parts) in {2, 3} and all(
            len(part) <= LONGEST_SLUG and SLUG.fullmatch(part) for part in parts
        )
        return cls(*parts) if is_item else None

    def __str__(self) -> str:
        return ":".join(part for part in (self.source, self.key, self.city) if part)

    @property
    def identity(self) -> str:
        """The measure's name across sources: ``<source>:<key>``."""
        return f"{self.source}:{self.key}"

    @property
    def anchor(self) -> str:
        """The name of the item's links in a page."""
        return f"basket-{self}"

    @property
    def query(self) -> str:
        """The item as an address carries it."""
        # A colon may stand in a query as it is (RFC 3986, 3.4), and is three times shorter so.
        return urlencode({PARAMETER: str(self)}, safe=":")


@dataclass(frozen=True)
class Refusal:
    """What of an address is no basket, and why; ``value`` is empty where it is the whole."""

    value: str
    message: str


@dataclass(frozen=True)
class Basket:
    """The items of an address, each once, in its order, and what of the address was refused.

    At most ``ITEMS_LIMIT`` items, which take at most ``LENGTH_LIMIT`` characters of an address. It
    is made and changed without a query: whether the catalog holds an item is asked where it is shown.
    """

    items: tuple[Item, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @classmethod
    def read(cls, query: QueryDict) -> "Basket":
        """Return the basket of a query; what is refused of it is left out, with a message each."""
        values = dict.fromkeys(value for value in query.getlist(PARAMETER) if value)
        read = {value: Item.read(value) for value in values}
        refusals = [_unreadable(value) for value, item in read.items() if item is None]
        asked = list(dict.fromkeys(item for item in read.values() if item))
        basket = cls().with_items(asked)
        if len(basket.items) < len(asked):
            refusals.insert(0, Refusal("", _too_much(len(asked), len(basket.items))))
        return replace(basket, refusals=tuple(refusals[:REFUSALS_SHOWN]))

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, item: object) -> bool:
        return item in self.items

    @cached_property
    def query(self) -> str:
        """The basket as an address carries it; empty where it is."""
        return "&".join(item.query for item in self.items)

    def has_room(self, item: Item) -> bool:
        """Tell whether one more item fits."""
        # And the question mark or ampersand before each.
        length = len(self.query) + len(item.query) + 2
        return len(self.items) < ITEMS_LIMIT and length <= LENGTH_LIMIT

    def with_items(self, items: Iterable[Item]) -> "Basket":
        """Return the basket with these items at its end, as far as they fit, in their order."""
        held = dict.fromkeys(self.items)
        length = len(self.query) + 1
        for item in items:
            if item in held:
                continue
            length += len(item.query) + 1
            if len(held) == ITEMS_LIMIT or length > LENGTH_LIMIT:
                break
            held[item] = None
        return Basket(tuple(held))

    def without(self, item: Item) -> "Basket":
        """Return the basket without an item."""
        return Basket(tuple(held for held in self.items if held != item))

    def moved(self, item: Item, steps: int) -> "Basket":
        """Return the basket with an item it holds that many places further on, or back."""
        others = [held for held in self.items if held != item]
        others.insert(max(self.items.index(item) + steps, 0), item)
        return Basket(tuple(others))

    def carry(self, address: str, *, ampersand: str = "&") -> str:
        """Return an address that names no basket with this one, before its fragment.

        ``ampersand`` is ``&amp;`` where the address is escaped for HTML.
        """
        if not self.items:
            return address
        named, hash_, fragment = address.partition("#")
        query = self.query.replace("&", ampersand)
        return f"{named}{ampersand if '?' in named else '?'}{query}{hash_}{fragment}"


def basket_of(request: HttpRequest | None) -> Basket:
    """Return the basket in the address of a request, read once; empty without a request."""
    if request is None:
        return Basket()
    holder: Any = request
    if not hasattr(holder, "basket"):
        holder.basket = Basket.read(request.GET)
    basket: Basket = holder.basket
    return basket


def address_without_basket(request: HttpRequest) -> str:
    """Return the path and the query of a request without its basket."""
    if PARAMETER not in request.GET:
        return request.get_full_path()
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    return f"{request.path}?{query.urlencode(safe=':')}" if query else request.path


def _unreadable(value: str) -> Refusal:
    return Refusal(
        ChoicesField.shown(value),
        _(
            "This names nothing. An entry of a basket is a source and the key of a measure, and "
            "perhaps a city, with colons between them."
        ),
    )


def _too_much(asked: int, fitting: int) -> str:
    return _(
        "A basket holds at most %(limit)d entries and %(length)d characters of the address. This "
        "one has %(asked)d, of which the first %(fitting)d fit."
    ) % {"limit": ITEMS_LIMIT, "length": LENGTH_LIMIT, "asked": asked, "fitting": fitting}
