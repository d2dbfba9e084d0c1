"""The foot of a printed page: its address to type and to read, and a code that holds no other."""

import re
from urllib.parse import unquote

import pytest
import segno
from django.test import Client, RequestFactory

from reforms.templatetags.paper import (
    CODE_LIMIT,
    QUIET_ZONE,
    Code,
    address_parts,
    draw_code,
    page_foot,
    readable_address,
)
from tests.reading import read
from tests.world import SOURCE, build_world

PAGES = ("", "measures/", f"measures/{SOURCE}/1/", "chapter/", "compare/", "figures/", "sources/")


def modules(code: Code) -> list[list[int]]:
    """Return the modules that a code's path draws, dark ones as 1, without the quiet zone."""
    grid = [[0] * code.modules for _row in range(code.modules)]
    for y, strokes in re.findall(r"M4 (\d+)\.5([^M]*)", code.path):
        x = QUIET_ZONE
        for gap, length in re.findall(r"(?:m(\d+) 0)?h(\d+)", strokes):
            x += int(gap or 0)
            for column in range(x, x + int(length)):
                grid[int(y)][column] = 1
            x += int(length)
    inner = slice(QUIET_ZONE, -QUIET_ZONE)
    assert sum(map(sum, grid)) == sum(sum(row[inner]) for row in grid[inner]), "the zone is quiet"
    return [row[inner] for row in grid[inner]]


@pytest.mark.parametrize("length", [30, 200, CODE_LIMIT])
def test_the_drawing_is_the_code_of_the_address(length: int) -> None:
    address = ("https://example.org/zh-hans/measures/?q=" + "%E5%AE%A1" * 100)[:length]
    drawn = modules(draw_code(address))
    masks = [
        segno.make_qr(address, error="m", mask=mask, boost_error=False).matrix for mask in range(8)
    ]
    assert drawn in [[list(row) for row in matrix] for matrix in masks]
    # Version 20 and no more: 97 modules, 47 mm with the quiet zone.
    assert len(drawn) <= 97
    assert float(draw_code(address).side.removesuffix("mm")) <= 47.25


def test_an_address_that_is_too_long_for_a_code_says_so(client: Client, db: None) -> None:
    build_world()
    query = "&".join(f"x{number}=1" for number in range(200))
    page = read(client.get(f"/en/measures/?{query}").content.decode())
    assert page.with_class("print-code") == []
    (foot,) = page.with_class("print-footer")
    assert f"a code holds at most {CODE_LIMIT} characters" in foot.words
    assert f"/en/measures/?{query}" in foot.words


@pytest.mark.parametrize(
    ("address", "readable"),
    [
        ("/?q=%E5%AE%A1%E6%89%B9&page=2", "/?q=审批&page=2"),
        # What would divide the address otherwise stays encoded.
        ("/?q=a%26b%20%22%E5%AE%A1%22%2B", "/?q=a%26b%20%22审%22%2B"),
        # No UTF-8, and what is not seen or turns the line round.
        ("/?q=%FF%E5%AE", "/?q=%FF%E5%AE"),
        ("/?q=%E2%80%AE%E3%80%80%C2%A0", "/?q=%E2%80%AE%E3%80%80%C2%A0"),
        ("/?q=%&r=%e5%ae%a1%", "/?q=%&r=审%"),
    ],
)
def test_a_readable_address_leads_to_the_same_page(address: str, readable: str) -> None:
    assert readable_address(address) == readable
    assert unquote(readable, errors="surrogateescape") == unquote(address, errors="surrogateescape")


@pytest.mark.parametrize("address", ["https://a.b/c/?d=e&f=%20", "/", "", "https://a.b//?&", "?a"])
def test_the_parts_of_an_address_make_it(address: str) -> None:
    assert "".join(address_parts(address)) == address


def test_a_line_may_end_behind_what_divides_an_address() -> None:
    parts = list(address_parts("https://a.b/c/?d=e&f=g"))
    assert parts == ["https://", "a.b/", "c/?", "d=e&", "f=g"]


@pytest.mark.parametrize("code", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_its_foot(client: Client, db: None, page: str, code: str) -> None:
    build_world()
    read_page = read(client.get(f"/{code}/{page}?q=%E5%AE%A1").content.decode())
    (foot,) = read_page.with_class("print-footer")
    (address,) = read_page.with_class("print-address")
    assert address.words == f"http://testserver/{code}/{page}?q=%E5%AE%A1"
    assert f"http://testserver/{code}/{page}?q=审" in foot.words
    assert re.search(r"\d{4}-\d\d-\d\d", foot.words)
    (drawing,) = read_page.with_class("print-code")
    # The address stands beside it in words.
    assert drawing.attributes["aria-hidden"] == "true"
    assert "style" not in drawing.attributes


def test_an_error_page_has_none(client: Client, db: None) -> None:
    assert read(client.get("/en/nothing/").content.decode()).with_class("print-footer") == []


def test_without_a_request_there_is_no_foot() -> None:
    assert page_foot({}) is None


def test_a_code_is_drawn_once_an_address() -> None:
    request = RequestFactory().get("/en/measures/?once=1")
    assert page_foot({"request": request}).code is page_foot({"request": request}).code  # type: ignore[union-attr]
