"""The questions that other modules ask of each table, as phrases."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, Min, OuterRef, Prefetch, Q

from reforms.records import ProposalState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

OPEN_STATES = (ProposalState.AWAITING, ProposalState.SENT_BACK)


def are_public(measure: str = "") -> Q:
    """Return whether readers may see a measure in lists: of a public source, nothing withdrawn.

    ``measure`` is the way to the measure from the rows asked for: ``practice__measure__``.
    """
    return Q(
        **{
            f"{measure}withdrawn_at__isnull": True,
            f"{measure}source__is_public": True,
            f"{measure}source__withdrawn_at__isnull": True,
        }
    )


class SlugQuerySet(models.QuerySet[Any]):
    """Rows that are called by their slug."""

    def get_by_natural_key(self, slug: str) -> Any:
        """Return the row with this slug."""
        return self.get(slug=slug)


class SourceQuerySet(SlugQuerySet):
    """Sources as readers and editors ask for them."""

    def public(self) -> SourceQuerySet:
        """Only what readers may see in lists: public and not withdrawn."""
        return self.filter(is_public=True, withdrawn_at__isnull=True)

    def for_record(self) -> SourceQuerySet:
        """With all that ``to_record`` reads; 4 queries in all."""
        passages = self.model._meta.get_field("passages").related_model
        return self.select_related("supersedes").prefetch_related(
            "sections__category",
            "identifications",
            Prefetch(
                "passages",
                passages.objects.filter(measure__isnull=True).select_related("section"),
                to_attr="own_passages",
            ),
        )


class IdentificationQuerySet(models.QuerySet[Any]):
    """Claims about sources."""

    def get_by_natural_key(self, source: str, position: int) -> Any:
        """Return the claim at this position of the source."""
        return self.get(source__slug=source, position=position)

    def of(self, sources: Iterable[int]) -> IdentificationQuerySet:
        """Claims about these sources, by source, each with its source but for the text; 1 query."""
        claims = self.filter(source__in=sources).select_related("source").defer("source__text")
        return claims.order_by("source__position", "position")


class SectionQuerySet(models.QuerySet[Any]):
    """Headings of sources."""

    def get_by_natural_key(self, source: str, label: str) -> Any:
        """Return the section with this printed label."""
        return self.get(source__slug=source, label=label)


class PassageQuerySet(models.QuerySet[Any]):
    """Passages of sources."""

    def get_by_natural_key(self, source: str, start: int) -> Any:
        """Return the passage that starts there."""
        return self.get(source__slug=source, start=start)

    def in_order(self) -> PassageQuerySet:
        """As printed."""
        return self.order_by("source__position", "start")

    def for_page(self) -> PassageQuerySet:
        """With the section, measure and city that a page names; 1 query."""
        return self.select_related("section__category", "measure__source", "city").in_order()


class MeasureQuerySet(models.QuerySet[Any]):
    """Measures as readers, editors and exports ask for them."""

    def get_by_natural_key(self, source: str, key: str) -> Any:
        """Return the measure with this key in the source."""
        return self.get(source__slug=source, key=key)

    def public(self) -> MeasureQuerySet:
        """Only what readers may see in lists: of a public source, nothing withdrawn."""
        return self.filter(are_public())

    def named(self, identities: Iterable[str]) -> MeasureQuerySet:
        """Measures with any of these names across sources: ``<source>:<key>``."""
        keys: dict[str, list[str]] = {}
        for identity in identities:
            source, _colon, key = identity.partition(":")
            keys.setdefault(source, []).append(key)
        named = (Q(source__slug=source, key__in=found) for source, found in keys.items())
        return self.filter(reduce(or_, named, Q(pk__in=())))

    def in_order(self) -> MeasureQuerySet:
        """By source and position: the order of every list that asks for no other."""
        return self.order_by("source__position", "position")

    def numbered(self) -> MeasureQuerySet:
        """Only measures whose number is printed."""
        return self.filter(number__isnull=False)

    def in_city(self, *slugs: str) -> MeasureQuerySet:
        """Measures with a practice of any of these cities."""
        practices = self.model.practices.rel.related_model.objects
        return self.filter(Exists(practices.filter(measure=OuterRef("pk"), city__slug__in=slugs)))

    def with_outcomes(self) -> MeasureQuerySet:
        """Measures of which at least one city's outcome is stated."""
        practices = self.model.practices.rel.related_model.objects
        return self.filter(Exists(practices.filter(measure=OuterRef("pk"), outcome_state="stated")))

    def for_list(self) -> MeasureQuerySet:
        """With all that a row of a list shows; 3 queries in all."""
        figures = self.model.practices.rel.related_model.figures.rel.related_model
        return self.select_related("source", "category", "section").prefetch_related(
            self._practices(),
            Prefetch("practices__figures", figures.objects.select_related("indicator")),
        )

    def for_record(self) -> MeasureQuerySet:
        """With all that ``to_record`` and a measure's page read; 6 queries in all."""
        practice = self.model.practices.rel.related_model
        return self.select_related("source", "category", "section").prefetch_related(
            self._practices(),
            Prefetch(
                "practices__figures",
                practice.figures.rel.related_model.objects.all().select_related("indicator"),
            ),
            Prefetch(
                "practices__points",
                practice.points.rel.related_model.objects.all().select_related("theme"),
            ),
            "errata",
            Prefetch(
                "passages",
                self.model.passages.rel.related_model.objects.order_by("start").select_related(
                    "city", "section"
                ),
            ),
        )

    def _practices(self) -> Prefetch[Any]:
        practices = self.model.practices.rel.related_model.objects
        return Prefetch("practices", practices.select_related("city", "outcome"))


class PracticeQuerySet(models.QuerySet[Any]):
    """Practices and what hangs on a practice by its number."""

    def get_by_natural_key(self, source: str, key: str, city: str) -> Any:
        """Return the practice of this city under this measure."""
        return self.get(measure__source__slug=source, measure__key=key, city__slug=city)


class OutcomeQuerySet(models.QuerySet[Any]):
    """Outcomes, one at most a practice."""

    def get_by_natural_key(self, source: str, key: str, city: str) -> Any:
        """Return the outcome of this city's practice."""
        return self.get(
            practice__measure__source__slug=source,
            practice__measure__key=key,
            practice__city__slug=city,
        )

    def printed_as(self, printed: Iterable[tuple[int, int, str]]) -> OutcomeQuerySet:
        """Only public ones in the words of the source that agree with any of source, city and words.

        Each with its measure and source. The three are asked for apart, so that the words of one
        city may be found under another: compare all three.
        """
        sources, cities, words = map(set, zip(*printed, strict=True))
        return (
            self.filter(
                are_public("practice__measure__"),
                practice__measure__source__in=sources,
                practice__city__in=cities,
                text_zh__in=words,
                is_text_edited=False,
            )
            .select_related("practice__measure__source")
            .defer("practice__measure__source__text")
        )


class PracticePartQuerySet(models.QuerySet[Any]):
    """Points and figures: numbered parts of a practice."""

    def get_by_natural_key(self, source: str, key: str, city: str, position: int) -> Any:
        """Return the part at this position of the practice."""
        return self.get(
            practice__measure__source__slug=source,
            practice__measure__key=key,
            practice__city__slug=city,
            position=position,
        )

    def public(self) -> PracticePartQuerySet:
        """Only parts of measures that readers may see."""
        return self.filter(are_public("practice__measure__"))


class ErratumQuerySet(models.QuerySet[Any]):
    """Errata of measures."""

    def get_by_natural_key(self, source: str, key: str, position: int) -> Any:
        """Return the erratum at this position of the measure."""
        return self.get(measure__source__slug=source, measure__key=key, position=position)


class MeasureVersionQuerySet(models.QuerySet[Any]):
    """Past and present states of measures."""

    def get_by_natural_key(self, source: str, key: str, version: int) -> Any:
        """Return this version of the measure."""
        return self.get(measure__source__slug=source, measure__key=key, version=version)

    def live(self) -> MeasureVersionQuerySet:
        """The newest version of each measure."""
        return self.filter(valid_to__isnull=True)

    def as_at(self, moment: datetime) -> MeasureVersionQuerySet:
        """The version of each measure that was live at that moment."""
        return self.filter(valid_from__lte=moment).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=moment)
        )

    def begins_at(self) -> datetime | None:
        """Return when the first version was saved, null where there is none; 1 query."""
        moment: datetime | None = self.aggregate(first=Min("valid_from"))["first"]
        return moment

    def of(self, measures: Iterable[Any]) -> MeasureVersionQuerySet:
        """Versions of these measures."""
        return self.filter(measure__in=measures)


class ProposalQuerySet(models.QuerySet[Any]):
    """Changes that wait for a second person, or waited."""

    def open(self) -> ProposalQuerySet:
        """Proposals on which somebody has still to act."""
        return self.filter(state__in=OPEN_STATES)

    def awaiting(self) -> ProposalQuerySet:
        """Proposals on which a reviewer has to act."""
        return self.filter(state=ProposalState.AWAITING)

    def sent_back_to(self, author: Any) -> ProposalQuerySet:
        """Proposals that were sent back to this author."""
        return self.filter(state=ProposalState.SENT_BACK, by=author)
