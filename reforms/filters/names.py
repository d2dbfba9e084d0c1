"""The names behind the values of the query string, and the cities that a coverage speaks of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reforms.compare import Verdict
from reforms.filters.fields import YEAR_NOT_STATED
from reforms.models import Indicator, Source
from reforms.models.choices import LABELS
from reforms.records import Kind, Nature, OutcomeState, StatedIn, Status
from reforms.search import Vocabulary

ONLY = "only:"
CITIES_COMPARED_AT_FIRST = 2

OUTCOMES: Mapping[str, Any] = {
    OutcomeState.STATED: _("Stated for at least one city"),
    OutcomeState.NOT_STATED: _("Not stated in the text held here"),
    OutcomeState.NOT_ENTERED: _("Not entered yet"),
}

FIGURES: Mapping[str, Any] = {
    Verdict.SAME: pgettext_lazy("figures of two cities", "Some the same"),
    Verdict.DIFFERENT: pgettext_lazy("figures of two cities", "Some different"),
    Verdict.NOT_COMPARABLE: pgettext_lazy("figures of two cities", "Some not comparable"),
}


class Names:
    """The vocabularies that readers choose from; each is fetched once, when first asked for.

    Costs at most 2 queries: the vocabularies, with those of a search if there is one, and the
    public sources; 1 more where the indicators are asked for.
    """

    def __init__(self, *, is_searching: bool = False) -> None:
        self.vocabulary = Vocabulary(is_searching=is_searching)

    @property
    def categories(self) -> list[Any]:
        """All categories, by position."""
        return self.vocabulary.categories

    @property
    def cities(self) -> list[Any]:
        """All cities, by position."""
        return self.vocabulary.cities

    @property
    def themes(self) -> list[Any]:
        """All themes, by position."""
        return self.vocabulary.themes

    @cached_property
    def indicators(self) -> list[Any]:
        """All indicators, by position, with what they measure."""
        return list(Indicator.objects.order_by("position"))

    @cached_property
    def sources(self) -> list[Any]:
        """The sources that readers may see, by position, without their texts."""
        return list(Source.objects.public().defer("text", "other_numbers").order_by("position"))

    @cached_property
    def years(self) -> list[int]:
        """The years in which these sources were published, newest first."""
        return sorted({year for source in self.sources if (year := source.year)}, reverse=True)

    def of(self, name: str, speaking: "Speaking") -> dict[str, Any]:
        """Return value and label of every choice of a facet, in order.

        The choices of ``coverage`` are those of the cities that it speaks of.
        """
        match name:
            case "category":
                return {word.slug: word.name for word in self.categories}
            case "city":
                return {word.slug: word.name for word in self.cities}
            case "theme":
                return {word.slug: word.name for word in self.themes}
            case "indicator":
                return {word.slug: word.name for word in self.indicators}
            case "source":
                return {word.slug: word.short_name for word in self.sources}
            case "coverage":
                return speaking.choices()
            case "outcome":
                return dict(OUTCOMES)
            case "kind":
                return dict(LABELS[Kind])
            case "figures":
                return dict(FIGURES)
            case "nature":
                return dict(LABELS[Nature])
            case "stated_in":
                return dict(LABELS[StatedIn])
            case "status":
                return dict(LABELS[Status])
            case "year":
                years = {str(year): str(year) for year in self.years}
                return {**years, YEAR_NOT_STATED: gettext("Date not stated")}
        raise KeyError(name)

    def every_coverage(self) -> dict[str, Any]:
        """Return value and label of every coverage that an address may ask for, of any city."""
        only = {f"{ONLY}{city.slug}": only_label(city) for city in self.cities}
        return {"all": pgettext("coverage", "All of them"), **only, "some": SOME, "none": NONE}


SOME = pgettext_lazy("coverage", "Some of them")
NONE = pgettext_lazy("coverage", "None of them")


def only_label(city: Any) -> str:
    """Return what a reader sees for the coverage by one city alone."""
    return pgettext("coverage", "Only %(city)s") % {"city": city.short_name}


@dataclass(frozen=True)
class Speaking:
    """The cities that ``coverage`` speaks of, by position.

    They are the chosen ones where two or more are chosen, else the catalog's first two.
    """

    cities: tuple[Any, ...]

    @classmethod
    def of(cls, names: Names, chosen: Iterable[str] = ()) -> "Speaking":
        """Return the cities of which a query with these chosen cities speaks."""
        slugs = set(chosen)
        if len(slugs) < CITIES_COMPARED_AT_FIRST:
            return cls(tuple(names.cities[:CITIES_COMPARED_AT_FIRST]))
        return cls(tuple(city for city in names.cities if city.slug in slugs))

    @property
    def slugs(self) -> tuple[str, ...]:
        """The cities' slugs."""
        return tuple(city.slug for city in self.cities)

    def choices(self) -> dict[str, str]:
        """Return value and label of each coverage: they part the measures without overlap."""
        count = len(self.cities)
        if count < CITIES_COMPARED_AT_FIRST:
            labels = {"all": "".join(city.short_name for city in self.cities)}
            return {**labels, "none": str(NONE)}
        only = {f"{ONLY}{city.slug}": only_label(city) for city in self.cities}
        if count == CITIES_COMPARED_AT_FIRST:
            return {
                "all": pgettext("coverage", "Both"),
                **only,
                "none": pgettext("coverage", "Neither"),
            }
        every = pgettext("coverage", "All %(count)d cities") % {"count": count}
        return {"all": every, **only, "some": str(SOME), "none": str(NONE)}

    def __str__(self) -> str:
        names = [city.short_name for city in self.cities]
        if len(names) < CITIES_COMPARED_AT_FIRST:
            return "".join(names)
        return gettext("%(cities)s and %(last)s") % {
            "cities": gettext(", ").join(names[:-1]),
            "last": names[-1],
        }
