"""The vocabulary of the query string: what each parameter selects, and the count beside each choice."""

from reforms.filters.addresses import LONGEST_ADDRESS, PublicPage, read_public_page
from reforms.filters.as_at import (
    DayForm,
    absolute_at_day,
    address_without_day,
    asked_besides,
    day_named,
    day_of,
    first_day,
    refuse_day,
)
from reforms.filters.basket import (
    ITEMS_LIMIT,
    LENGTH_LIMIT,
    Basket,
    Item,
    address_without_basket,
    basket_of,
)
from reforms.filters.compared import asked_cities, chosen_cities, with_cities
from reforms.filters.comparison import ComparisonFilterSet
from reforms.filters.facets import Choice, Facet
from reforms.filters.fields import (
    DEFAULT_PAGE_SIZE,
    PAGE_SIZE_LIMIT,
    WORDS_LIMIT,
    QueryForm,
    is_text,
)
from reforms.filters.figures import FIGURES_ON_A_PAGE, FigureFilterSet
from reforms.filters.gathered import (
    BasketComparison,
    BasketEntry,
    BasketFilterSet,
    Gathered,
    gather,
)
from reforms.filters.lists import Chip, CountedPaginator, ListFilterSet, WayOut
from reforms.filters.measures import MeasureFilterSet
from reforms.filters.memos import BRIEF_MEMO, MemoForm, with_memo
from reforms.filters.names import Names, Speaking
from reforms.filters.spans import MARK_ANCHOR, SPANS_LIMIT, SpansForm, place_of

__all__ = [
    "BRIEF_MEMO",
    "DEFAULT_PAGE_SIZE",
    "FIGURES_ON_A_PAGE",
    "ITEMS_LIMIT",
    "LENGTH_LIMIT",
    "LONGEST_ADDRESS",
    "MARK_ANCHOR",
    "PAGE_SIZE_LIMIT",
    "SPANS_LIMIT",
    "WORDS_LIMIT",
    "Basket",
    "BasketComparison",
    "BasketEntry",
    "BasketFilterSet",
    "Chip",
    "Choice",
    "ComparisonFilterSet",
    "CountedPaginator",
    "DayForm",
    "Facet",
    "FigureFilterSet",
    "Gathered",
    "Item",
    "ListFilterSet",
    "MeasureFilterSet",
    "MemoForm",
    "Names",
    "PublicPage",
    "QueryForm",
    "SpansForm",
    "Speaking",
    "WayOut",
    "absolute_at_day",
    "address_without_basket",
    "address_without_day",
    "asked_besides",
    "asked_cities",
    "basket_of",
    "chosen_cities",
    "day_named",
    "day_of",
    "first_day",
    "gather",
    "is_text",
    "place_of",
    "read_public_page",
    "refuse_day",
    "with_cities",
    "with_memo",
]
