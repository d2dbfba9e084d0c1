"""The list of measures: its columns and its filters."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reforms.admin.bounded import BoundedAdmin, WordFilter
from reforms.admin.source_filter import SourceFilter
from reforms.models import Category, City, Erratum, Measure, Practice
from reforms.models.choices import LABELS, choices
from reforms.records import Decision, OutcomeState, Status, TranslationState
from reforms.search import IsAmong, Vocabulary, search

STATES = LABELS[TranslationState]


def having(**conditions: Any) -> Exists:
    """Return the condition that a measure has a practice like this."""
    return Exists(Practice.objects.filter(measure=OuterRef("pk"), **conditions))


class CategoryFilter(WordFilter):
    """Measures of one category."""

    title = _("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the categories."""
        return [(row.slug, row) for row in Category.objects.order_by("position")]

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return the measures of the category."""
        return queryset.filter(category__slug=word)


class CityFilter(WordFilter):
    """Measures with a practice of one city."""

    title = _("city")
    parameter_name = "city"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the cities."""
        return [(row.slug, row) for row in City.objects.order_by("position")]

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return the measures that list the city."""
        return queryset.filter(having(city__slug=word))


class OutcomeFilter(WordFilter):
    """Measures with an outcome in some state."""

    title = _("an outcome is")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the states of an outcome."""
        return choices(OutcomeState)

    @staticmethod
    def condition(word: str) -> Q:
        """Return what such measures are."""
        return Q(having(outcome_state=word))

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return the measures with such an outcome."""
        return queryset.filter(self.condition(word))


class TranslationFilter(WordFilter):
    """Measures with an English text in some state."""

    title = _("a translation is")
    parameter_name = "translation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the states of a translation."""
        return choices(TranslationState)

    @staticmethod
    def condition(word: str) -> Q:
        """Return what such measures are."""
        titled = Q(title_translation_state=word, title_zh__isnull=False)
        return titled | Q(having(translation_state=word))

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return the measures with such a translation."""
        return queryset.filter(self.condition(word))


class EditedFilter(WordFilter):
    """Measures with a text that the catalog typed over."""

    title = _("texts")
    parameter_name = "texts"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the two choices."""
        return [("edited", _("Edited by the catalog")), ("printed", _("All as printed"))]

    @staticmethod
    def condition(word: str) -> Q:
        """Return what such measures are."""
        edited = (
            Q(is_title_edited=True)
            | Q(having(is_text_edited=True))
            | Q(having(outcome__is_text_edited=True))
        )
        return edited if word == "edited" else ~edited

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return the measures with such texts."""
        return queryset.filter(self.condition(word))


class ErrataFilter(WordFilter):
    """Measures with an erratum on which the catalog decided, or did not yet."""

    title = _("an erratum is")
    parameter_name = "errata"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the decisions."""
        return choices(Decision)

    @staticmethod
    def condition(word: str) -> Q:
        """Return what such measures are."""
        return Q(Exists(Erratum.objects.filter(measure=OuterRef("pk"), decision=word)))

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return the measures with such an erratum."""
        return queryset.filter(self.condition(word))


class StatusFilter(WordFilter):
    """Measures of one status."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the kinds of status."""
        return choices(Status)

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return the measures of the status."""
        return queryset.filter(status=word)


class WithdrawnFilter(WordFilter):
    """Withdrawn measures, or those that readers see."""

    title = _("withdrawn")
    parameter_name = "withdrawn"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the two choices."""
        return [("no", _("No")), ("yes", _("Yes"))]

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return the withdrawn measures or the others."""
        return queryset.filter(withdrawn_at__isnull=word == "no")


class MeasureListAdmin(BoundedAdmin):
    """The list of measures as an editor scans it."""

    list_display = (
        "number_hero",
        "titles",
        "category",
        "outcomes",
        "translations",
        "last_changed",
        "withdrawal",
    )
    list_display_links = ("number_hero", "titles")
    list_filter = (
        SourceFilter,
        CategoryFilter,
        CityFilter,
        OutcomeFilter,
        TranslationFilter,
        EditedFilter,
        ErrataFilter,
        StatusFilter,
        WithdrawnFilter,
    )
    list_select_related = ("source", "category")
    ordering = ("source__position", "position")
    sortable_by = ("number_hero", "category", "last_changed")
    search_fields = ("title_zh",)
    search_help_text = _("Number, or words of a title, summary, practice or outcome.")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return all measures with the cities and outcomes that a row shows; 2 queries."""
        practices = Practice.objects.select_related("city").only(
            "measure_id",
            "city__slug",
            "city__position",
            "city__short_name_zh",
            "city__short_name_en",
            "outcome_state",
            "translation_state",
        )
        queryset: QuerySet = super().get_queryset(request)
        return queryset.prefetch_related(Prefetch("practices", practices))

    def search(self, queryset: QuerySet, words: list[str]) -> QuerySet:
        """Return the measures that the public search would find, those that readers do not see too."""
        found = search(" ".join(words), Vocabulary(), is_public=False)
        return queryset.filter(IsAmong("pk", found.scores))

    @admin.display(description=_("number"), ordering="position")
    def number_hero(self, measure: Measure) -> Any:
        """The printed number, large; the key where none is printed."""
        if measure.number is None:
            return format_html('<span class="key">{}</span>', measure.key)
        return format_html('<span class="number-hero">{}</span>', measure.number)

    @admin.display(description=_("title"))
    def titles(self, measure: Measure) -> Any:
        """The title as the catalog shows it, our translation, a mark where it was typed over."""
        if not measure.title_zh:
            return format_html('<span class="quiet">{}</span>', gettext("no title is printed"))
        edited = gettext("edited by the catalog") if measure.is_title_edited else ""
        badge = format_html(' <span class="badge">{}</span>', edited) if edited else ""
        return format_html(
            '<span class="title-zh" lang="zh-Hans">{}</span>{} <span class="title-en" lang="en">{}</span>',
            measure.title_zh,
            badge,
            measure.title_en or "—",
        )

    @admin.display(description=_("cities and their outcomes"))
    def outcomes(self, measure: Measure) -> Any:
        """The cities that the measure lists, and of each its outcome: stated, not stated, not entered."""
        states = LABELS[OutcomeState]
        rows = (
            (part.city.short_name, states[part.outcome_state], part.outcome_state)
            for part in measure.practices.all()
        )
        return format_html_join("", '<span class="state {2}">{0}: {1}</span>', rows) or "—"

    @admin.display(description=_("English"))
    def translations(self, measure: Measure) -> Any:
        """The worst state of the measure's English texts."""
        found = {part.translation_state for part in measure.practices.all()}
        if measure.title_zh:
            found.add(measure.title_translation_state)
        worst = next(
            state
            for state in (
                TranslationState.MISSING,
                TranslationState.OUTDATED,
                TranslationState.CURRENT,
            )
            if state in found or state == TranslationState.CURRENT
        )
        return format_html('<span class="state {}">{}</span>', worst, STATES[worst])

    @admin.display(description=_("last changed"), ordering="changed_at")
    def last_changed(self, measure: Measure) -> str:
        """When a save last changed it."""
        return date_format(timezone.localtime(measure.changed_at), "Y-m-d H:i")

    @admin.display(description=_("withdrawn"), ordering="withdrawn_at")
    def withdrawal(self, measure: Measure) -> Any:
        """Whether readers are told that the measure is gone."""
        return gettext("Withdrawn") if measure.is_withdrawn else "—"
