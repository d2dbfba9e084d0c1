"""The words that measures are filed under: categories, cities, themes and indicators."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from reforms.models.fields import LoadedModel, NamedModel, choice_field, in_english, slug_field
from reforms.models.querysets import SlugQuerySet
from reforms.records import CategoryRecord, CityRecord, IndicatorRecord, Kind, ThemeRecord

CITY_COLOURS = 8


class VocabularyModel(NamedModel, LoadedModel):
    """A word with a public slug and a place in its list."""

    slug = slug_field(_("slug"), unique=True)
    position = models.PositiveIntegerField(_("position"), unique=True)

    objects = SlugQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar = ["position"]

    record_shape: ClassVar[Any]

    def natural_key(self) -> tuple[str]:
        """The slug: what fixtures and addresses call the row."""
        return (self.slug,)

    def to_record(self) -> Any:
        """Return the row in its exchange shape; no query."""
        names = self.record_shape.__dataclass_fields__
        return self.record_shape(**{name: getattr(self, name) for name in names})


class Category(VocabularyModel):
    """A policy area, with our mapping to the World Bank's topics."""

    doing_business_topic_zh = models.CharField(
        _("Doing Business topic (Chinese)"), max_length=120, null=True, blank=True
    )
    doing_business_topic_en = models.CharField(
        _("Doing Business topic (English)"), max_length=120, null=True, blank=True
    )
    b_ready_topic_zh = models.CharField(
        _("B-READY topic (Chinese)"), max_length=120, null=True, blank=True
    )
    b_ready_topic_en = models.CharField(
        _("B-READY topic (English)"), max_length=120, null=True, blank=True
    )
    mapping_note_zh = models.TextField(_("note on the mapping (Chinese)"), null=True, blank=True)
    mapping_note_en = models.TextField(_("note on the mapping (English)"), null=True, blank=True)

    record_shape = CategoryRecord

    class Meta(VocabularyModel.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class City(VocabularyModel):
    """A place whose practices are listed; its position also chooses its colour."""

    short_name_zh = models.CharField(_("short Chinese name"), max_length=40)
    short_name_en = models.CharField(_("short English name"), max_length=60)

    record_shape = CityRecord

    class Meta(VocabularyModel.Meta):
        verbose_name = _("city")
        verbose_name_plural = _("cities")

    @property
    def short_name(self) -> str:
        """The short name in the reader's language: 北京, Beijing."""
        return self.short_name_en if in_english() else self.short_name_zh

    @property
    def colour(self) -> int:
        """The number of the city's colour in the style sheet, from 1 to ``CITY_COLOURS``."""
        return (self.position - 1) % CITY_COLOURS + 1


class Theme(VocabularyModel):
    """One kind of thing that practices do, the same across categories and cities."""

    definition_zh = models.TextField(_("Chinese definition"))
    definition_en = models.TextField(_("English definition"))

    record_shape = ThemeRecord

    class Meta(VocabularyModel.Meta):
        verbose_name = _("theme")
        verbose_name_plural = _("themes")


class Indicator(VocabularyModel):
    """A quantity that sources state: what a figure measures."""

    kind = choice_field(Kind, _("kind"))
    definition_zh = models.TextField(_("Chinese definition"))
    definition_en = models.TextField(_("English definition"))

    record_shape = IndicatorRecord

    class Meta(VocabularyModel.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
