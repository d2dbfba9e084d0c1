"""The cities of a comparison: those of the address in its order, completed to two."""

from collections.abc import Sequence

from django.http import QueryDict

from reforms.filters.names import Names, Speaking
from reforms.models import City


def asked_cities(query: QueryDict) -> list[str]:
    """Return what the address names as cities, each once, in its order; known or not."""
    return list(dict.fromkeys(slug for slug in query.getlist("city") if slug))


def chosen_cities(asked: Sequence[str], names: Names) -> list[City]:
    """Return the cities asked for, in their order, completed to two from the catalog's first."""
    known = {city.slug: city for city in names.cities}
    cities = [known[slug] for slug in asked if slug in known]
    for city in Speaking.of(names).cities:
        if len(cities) < len(Speaking.of(names).cities) and city not in cities:
            cities.append(city)
    return cities


def with_cities(query: QueryDict, asked: Sequence[str], cities: Sequence[City]) -> QueryDict:
    """Return the query with the compared cities, and with any value that is to be refused."""
    completed = query.copy()
    slugs = [city.slug for city in cities]
    completed.setlist("city", [*slugs, *(slug for slug in asked if slug not in slugs)])
    return completed
