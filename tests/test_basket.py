"""The basket: what an address of items means, its bounds, its changes, and what of it can be taken."""

from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from reforms.filters import ITEMS_LIMIT, LENGTH_LIMIT, SPANS_LIMIT, WORDS_LIMIT, Basket, Item
from reforms.filters.basket import address_without_basket
from reforms.models.fields import LONGEST_SLUG

SOURCE = "fuzhi-tuiguang-gaige-jucuo"
# What gunicorn is told to take of a request line: the method, the address and the version.
REQUEST_LINE = 8190
LONGEST_KEY = "9" * LONGEST_SLUG

items = st.builds(
    Item,
    source=st.sampled_from(["a", "source-2"]),
    key=st.sampled_from(["6", "7", "fragment-1"]),
    city=st.sampled_from(["", "beijing", "shanghai"]),
)


def basket(query: str) -> Basket:
    return Basket.read(QueryDict(query))


def test_items_are_kept_once_in_the_order_of_the_address() -> None:
    found = basket("item=s:7&item=s:6:beijing&q=x&item=s:7&item=s:6")
    assert [str(item) for item in found.items] == ["s:7", "s:6:beijing", "s:6"]
    assert found.refusals == ()


@pytest.mark.parametrize(
    "value",
    ["a", "a:", ":6", "a:b:c:d", "a:6:", "A:6", "a:六", "a b:6", "a:-6", f"a:{LONGEST_KEY}9"],
)
def test_a_value_that_names_nothing_is_refused_and_loses_no_other(value: str) -> None:
    found = basket(f"item=s:7&item={quote(value)}&item=s:6")
    assert [str(item) for item in found.items] == ["s:7", "s:6"]
    assert len(found.refusals) == 1
    assert found.refusals[0].value


def test_an_empty_value_is_none() -> None:
    assert basket("item=&item=") == Basket()


@given(st.lists(items, unique=True))
def test_what_is_written_is_read_back(gathered: list[Item]) -> None:
    written = Basket(tuple(gathered))
    assert basket(written.query) == written
    assert basket(written.carry("/en/?q=a#b").partition("?")[2].partition("#")[0]) == written


@given(st.lists(items, unique=True, min_size=1), st.data())
def test_moving_and_removing_change_one_item_alone(
    gathered: list[Item], data: st.DataObject
) -> None:
    held = Basket(tuple(gathered))
    item = data.draw(st.sampled_from(gathered))
    others = [one for one in gathered if one != item]
    assert list(held.without(item).items) == others
    for steps in (-1, 1):
        moved = held.moved(item, steps)
        assert [one for one in moved.items if one != item] == others
        place = min(max(gathered.index(item) + steps, 0), len(others))
        assert moved.items.index(item) == place
    assert held.with_items([item]) == held


def test_an_address_carries_it_before_its_fragment() -> None:
    held = basket("item=s:7&item=s:6:beijing")
    assert held.carry("/en/#about") == "/en/?item=s:7&item=s:6:beijing#about"
    assert held.carry("/en/?q=a&amp;page=2#x", ampersand="&amp;") == (
        "/en/?q=a&amp;page=2&amp;item=s:7&amp;item=s:6:beijing#x"
    )
    assert Basket().carry("/en/?q=a#x") == "/en/?q=a#x"


def test_the_address_without_it_keeps_the_rest() -> None:
    request = RequestFactory().get("/en/measures/?item=s:7&q=%E7%94%B5&page=2&item=s:6")
    assert address_without_basket(request) == "/en/measures/?q=%E7%94%B5&page=2"
    assert address_without_basket(RequestFactory().get("/en/?item=s:7")) == "/en/"


def test_a_hundred_entries_of_the_first_source_fit() -> None:
    found = basket("&".join(f"item={SOURCE}:{key}:shanghai" for key in range(100, 200)))
    assert (len(found), found.refusals) == (ITEMS_LIMIT, ())
    assert not found.has_room(Item("s", "7"))


def test_more_than_a_hundred_are_refused_and_the_first_kept() -> None:
    found = basket("&".join(f"item=s:{key}" for key in range(130)))
    assert [item.key for item in found.items] == [str(key) for key in range(ITEMS_LIMIT)]
    assert len(found.refusals) == 1
    assert "100" in found.refusals[0].message
    assert "130" in found.refusals[0].message


def longest(number: int) -> Item:
    city = f"{number}".zfill(LONGEST_SLUG)
    return Item("s" * LONGEST_SLUG, LONGEST_KEY, city)


def test_the_longest_entries_are_refused_before_a_server_would_cut_them() -> None:
    found = basket("&".join(longest(number).query for number in range(ITEMS_LIMIT)))
    assert 0 < len(found) < ITEMS_LIMIT
    assert f"{LENGTH_LIMIT}" in found.refusals[0].message
    assert not found.has_room(longest(ITEMS_LIMIT))
    assert found.with_items([longest(ITEMS_LIMIT)]).items == found.items
    assert len(found.query) < LENGTH_LIMIT


def test_a_full_basket_fits_beside_the_longest_path_and_words() -> None:
    full = basket("&".join(longest(number).query for number in range(ITEMS_LIMIT)))
    path = f"/zh-hans/measures/{'s' * LONGEST_SLUG}/{LONGEST_KEY}/"
    address = full.carry(f"{path}?q={quote('电' * WORDS_LIMIT)}")
    assert len(f"GET {address} HTTP/1.1") + 1000 < REQUEST_LINE
    marks = "&".join(f"span={number}-{number}" for number in [9_999_999] * SPANS_LIMIT)
    address = full.carry(f"/zh-hans/sources/{'s' * LONGEST_SLUG}/?{marks}#mark")
    assert len(f"GET {address} HTTP/1.1") + 1000 < REQUEST_LINE


def test_an_address_without_a_basket_is_kept_as_it_was_written() -> None:
    for address in ("/en/measures/?q=a%20b&city=", "/en/measures/?q=a+b", "/en/measures/"):
        assert address_without_basket(RequestFactory().get(address)) == address


def test_a_basket_is_read_and_changed_without_the_database() -> None:
    # No database is allowed in this module: this would fail with an error.
    held = basket(f"item={SOURCE}:6")
    assert held.with_items([Item(SOURCE, "7")]).has_room(Item(SOURCE, "8"))
