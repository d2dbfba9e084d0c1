"""The foot of a page on paper: its address, also as a code that a telephone reads."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any
from urllib.parse import quote, unquote

import segno
from django import template

from reforms.templatetags.languages import full_address

register = template.Library()

# Version 20 at error level M holds this many bytes (ISO/IEC 18004, table 7); its 105 modules with
# the quiet zone are 47 mm wide. A denser code is hard to read off paper.
CODE_LIMIT = 666
MODULE_MM = 0.45
# Modules of white around the code (ISO/IEC 18004, 6.3.8).
QUIET_ZONE = 4
# Any mask can be read. Weighing all eight, as the standard would have it, takes eight times as long.
MASK = 4
CODES_KEPT = 1024
# Behind these an address may be divided between lines.
BREAKS = "/?&"
BEYOND_ASCII = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


@dataclass(frozen=True)
class Code:
    """A QR code: ``path`` strokes its dark modules on a square of ``modules`` with their quiet zone."""

    modules: int
    side: str
    path: str


@dataclass(frozen=True)
class Foot:
    """What paper says of the page it was printed from.

    ``parts`` are the address as it can be typed, cut where a line may end; ``readable`` is the
    same address with its Chinese, empty where there is none. ``code`` is null where the address is
    longer than ``limit``.
    """

    address: str
    parts: tuple[str, ...]
    readable: str
    code: Code | None
    limit: int = CODE_LIMIT


@register.simple_tag(takes_context=True)
def page_foot(context: Mapping[str, Any]) -> Foot | None:
    """Return the foot of the page, null without a request; an address not drawn lately costs 1 to 9 ms."""
    address = full_address(context)
    if not address:
        return None
    readable = readable_address(address)
    return Foot(
        address=address,
        parts=tuple(address_parts(address)),
        readable="" if readable == address else readable,
        code=draw_code(address) if len(address) <= CODE_LIMIT else None,
    )


@register.filter("readable")
def readable_address(address: str) -> str:
    """Return an address with letters in place of their percent-encoded bytes (RFC 3987, 3.2).

    What is ASCII stays encoded, since it may divide the address; so does what is no UTF-8 and what
    is not seen on paper. Browsers take either form.
    """
    return BEYOND_ASCII.sub(lambda found: _letters(found[0]), address)


def _letters(encoded: str) -> str:
    try:
        text = unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        return encoded
    return "".join(letter if letter.isprintable() else quote(letter) for letter in text)


def address_parts(address: str) -> Iterator[str]:
    """Yield the address in parts that end where a line may."""
    start = 0
    for place, letter in enumerate(address, 1):
        if letter in BREAKS and address[place : place + 1] not in (*BREAKS, ""):
            yield address[start:place]
            start = place
    yield address[start:]


@lru_cache(maxsize=CODES_KEPT)
def draw_code(address: str) -> Code:
    """Return the QR code of an address of at most ``CODE_LIMIT`` characters, at error level M."""
    code = segno.make_qr(address, error="m", mask=MASK, boost_error=False)
    modules = len(code.matrix) + 2 * QUIET_ZONE
    path = "".join(_strokes(row, y) for y, row in enumerate(code.matrix, QUIET_ZONE))
    return Code(modules, f"{modules * MODULE_MM:.2f}mm", path)


def _strokes(row: bytearray, y: int) -> str:
    """Return the strokes that draw a row's dark modules, one wide, along the row's middle."""
    strokes, gap = f"M{QUIET_ZONE} {y}.5", 0
    for is_dark, run in groupby(row):
        length = len(list(run))
        if is_dark:
            strokes += f"m{gap} 0h{length}" if gap else f"h{length}"
        gap = 0 if is_dark else length
    return strokes
