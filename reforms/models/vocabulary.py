"""The words that measures are filed under and looked for by: categories, cities, themes, indicators, synonyms."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from reforms.models.fields import LoadedModel, NamedModel, choice_field, in_english, slug_field
from reforms.models.histories import History
from reforms.models.querysets import SlugQuerySet
from reforms.records import (
    CategoryRecord,
    CityRecord,
    IndicatorRecord,
    Kind,
    SynonymRecord,
    ThemeRecord,
)
from reforms.text import phrase

CITY_COLOURS = 8
LONGEST_LINE, MOST_LINES = 60, 60


def validate_lines(value: str) -> None:
    """Refuse a list of words, one a line, of which one can never be looked for or stands twice."""
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise ValidationError(
            _("At most %(limit)d lines fit here."), params={"limit": MOST_LINES}, code="too_many"
        )
    seen = set()
    for line in lines:
        wanted = phrase(line)
        if wanted is None or len(line) > LONGEST_LINE or '"' in line or line.startswith("-"):
            raise ValidationError(
                _(
                    "“%(line)s” cannot be looked for: write one word or phrase a line, with a letter, "
                    "digit or character, without quotation marks, at most %(limit)d characters."
                ),
                params={"line": line[:LONGEST_LINE], "limit": LONGEST_LINE},
                code="not_searchable",
            )
        if wanted in seen:
            raise ValidationError(
                _("“%(line)s” stands here twice."), params={"line": line}, code="twice"
            )
        seen.add(wanted)


class LinesField(models.TextField):
    """A list of words or phrases, one a line: no empty line, no space around one."""

    default_validators = [validate_lines]

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Store the lines as they are meant, whatever ends a line in a browser."""
        lines = str(getattr(model_instance, self.attname) or "").splitlines()
        value = "\n".join(filter(None, map(str.strip, lines)))
        setattr(model_instance, self.attname, value)
        return value


class VocabularyModel(NamedModel, LoadedModel):
    """A word with a public slug and a place in its list."""

    slug = slug_field(_("slug"), unique=True)
    position = models.PositiveIntegerField(_("position"), unique=True)

    objects = SlugQuerySet.as_manager()
    history = History(
        inherit=True,
        excluded_fields=["loaded_checksum"],
        no_db_index=["slug", "position"],
    )

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


class Synonym(VocabularyModel):
    """Words that people say for what the catalog calls otherwise; they widen a search."""

    words = LinesField(_("words that people type"))
    means = LinesField(_("words looked for besides"))

    record_shape = SynonymRecord

    class Meta(VocabularyModel.Meta):
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
