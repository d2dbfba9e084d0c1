"""Links that keep what a reader is in: the list with one thing changed, the basket, the day."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from reforms.days import AS_AT, at_day
from reforms.filters import (
    ITEMS_LIMIT,
    Basket,
    Item,
    ListFilterSet,
    address_without_basket,
    basket_of,
    day_of,
)
from reforms.filters.basket import PARAMETER as ITEM
from reforms.models import City, Measure
from reforms.search import MOST_WORDS

register = template.Library()


@register.simple_tag
def with_parameters(filters: ListFilterSet, **changes: Any) -> str:
    """Return the canonical query of a list with these changes; an empty value drops a parameter.

    ``{% url 'measure_list' %}{% with_parameters filters sort='-number' %}``: no query where nothing
    differs from the default, and no page unless one is given.
    """
    return filters.query(**{name: value or None for name, value in changes.items()})


@register.simple_tag
def most_words() -> int:
    """Return how many words a query may have."""
    return MOST_WORDS


# --- The basket, carried by every link and form ---


@dataclass(frozen=True)
class BasketChoice:
    """Whether a measure or a city of it is in the basket, and the page with the other answer.

    ``address`` leads back to the same place; it is empty where one more does not fit.
    """

    item: Item
    measure: Measure
    city: City | None
    is_in: bool
    address: str
    limit: int = ITEMS_LIMIT


@register.simple_tag(takes_context=True)
def basket(context: template.Context) -> Basket:
    """Return the basket in the address of the page; no query."""
    return basket_of(getattr(context, "request", None))


@register.simple_block_tag(takes_context=True)
def with_basket(context: template.Context, content: str) -> SafeString:
    """Return the address inside the tag, with the day and the basket of the page before its fragment.

    Every link to a page or a file of this site stands in it, but for those that change the basket:
    ``href="{% with_basket %}{% url 'home' %}#about{% endwith_basket %}"``.
    """
    # The address was escaped when it was rendered, and neither holds anything to escape.
    address = at_day(content, day_of(getattr(context, "request", None)), ampersand="&amp;")
    return mark_safe(basket(context).carry(address, ampersand="&amp;"))


@register.simple_tag(takes_context=True)
def basket_fields(context: template.Context) -> SafeString:
    """Return day and basket as hidden fields: every form that leads to a page of this site has them."""
    day = day_of(getattr(context, "request", None))
    fields = [(AS_AT, day.isoformat())] if day else []
    fields += [(ITEM, str(item)) for item in basket(context).items]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)


@register.inclusion_tag("reforms/_basket_choice.html", takes_context=True)
def basket_choice(
    context: template.Context, measure: Measure, city: City | None = None
) -> dict[str, BasketChoice]:
    """Show the link that puts a measure, or one city of it, into the basket or takes it out."""
    return {"choice": choice_of(context, measure, city)}


def choice_of(context: template.Context, measure: Measure, city: City | None) -> BasketChoice:
    """Return whether it is in the basket, and the address that changes that. No query."""
    held = basket(context)
    item = Item(measure.source.slug, measure.key, city.slug if city else "")
    is_in = item in held
    address = ""
    if is_in or held.has_room(item):
        changed = held.without(item) if is_in else held.with_items([item])
        request = context.request  # type: ignore[attr-defined]
        # The comparison of a basket loses the row with the item, so that it leads to its head.
        loses_row = is_in and request.resolver_match.url_name == "basket_compare"
        anchor = "compare-title" if loses_row else item.anchor
        address = changed.carry(f"{address_without_basket(request)}#{anchor}")
    return BasketChoice(item, measure, city, is_in, address)
