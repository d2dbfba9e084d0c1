"""What each city does under a measure, what came of it, and the points it is made of."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reforms.models.fields import (
    as_spans,
    choice_field,
    in_english,
    optional_text,
    spans_field,
)
from reforms.models.measure import Measure
from reforms.models.querysets import OutcomeQuerySet, PracticePartQuerySet, PracticeQuerySet
from reforms.models.vocabulary import City, Theme
from reforms.records import OutcomeState, PointRecord, PracticeRecord, TranslationState


class Practice(models.Model):
    """What one city does under one measure: the source's words, our summary, our translation."""

    measure = models.ForeignKey(
        Measure, on_delete=models.CASCADE, related_name="practices", verbose_name=_("measure")
    )
    city = models.ForeignKey(
        City, on_delete=models.PROTECT, related_name="practices", verbose_name=_("city")
    )
    city_is_printed = models.BooleanField(_("the city is printed"), default=True)
    text_zh = models.TextField(_("practice"))
    text_en = optional_text(_("practice in English"))
    spans = spans_field(_("where the practice stands"))
    is_text_edited = models.BooleanField(
        _("text edited by the catalog"), default=False, editable=False
    )
    summary_zh = models.CharField(_("summary"), max_length=40, null=True, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=250, null=True, blank=True)
    translation_state = choice_field(
        TranslationState, _("state of the translation"), default=TranslationState.CURRENT
    )
    translation_note_zh = optional_text(_("note on the translation (Chinese)"))
    translation_note_en = optional_text(_("note on the translation (English)"))
    outcome_state = choice_field(
        OutcomeState, _("state of the outcome"), default=OutcomeState.NOT_ENTERED
    )

    objects = PracticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["measure__source__position", "measure__position", "city__position"]
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "city"], name="practice_one_a_measure_and_city"
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure.key} · {self.city}"

    def natural_key(self) -> tuple[str, str, str]:
        """The measure and the city."""
        return (*self.measure.natural_key(), self.city.slug)

    natural_key.dependencies = ["reforms.measure", "reforms.city"]  # type: ignore[attr-defined]

    @property
    def summary(self) -> str:
        """Our summary in the reader's language, else in the other one."""
        summaries = (self.summary_zh, self.summary_en)
        first, second = reversed(summaries) if in_english() else summaries
        return first or second or ""

    @property
    def anchor(self) -> str:
        """The name of the practice in the address of its measure's page."""
        return self.city.slug

    def to_record(self) -> PracticeRecord:
        """Return the practice and all that hangs on it in its exchange shape."""
        outcome = self.outcome if self.outcome_state == OutcomeState.STATED else None
        return PracticeRecord(
            city=self.city.slug,
            city_is_printed=self.city_is_printed,
            practice_zh=self.text_zh,
            practice_en=self.text_en,
            practice_spans=as_spans(self.spans),
            summary_zh=self.summary_zh,
            summary_en=self.summary_en,
            translation_state=TranslationState(self.translation_state),
            translation_note_zh=self.translation_note_zh,
            translation_note_en=self.translation_note_en,
            outcome_state=OutcomeState(self.outcome_state),
            outcome_zh=outcome.text_zh if outcome else None,
            outcome_en=outcome.text_en if outcome else None,
            outcome_spans=as_spans(outcome.spans) if outcome else (),
            points=tuple(point.to_record() for point in self.points.all()),
            figures=tuple(figure.to_record() for figure in self.figures.all()),
        )


class Outcome(models.Model):
    """What the source states came of a practice; there is one only where it states one."""

    practice = models.OneToOneField(
        Practice, on_delete=models.CASCADE, related_name="outcome", verbose_name=_("practice")
    )
    text_zh = models.TextField(_("outcome"))
    text_en = optional_text(_("outcome in English"))
    spans = spans_field(_("where the outcome stands"))
    is_text_edited = models.BooleanField(
        _("text edited by the catalog"), default=False, editable=False
    )

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = [
            "practice__measure__source__position",
            "practice__measure__position",
            "practice__city__position",
        ]
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")

    def __str__(self) -> str:
        return str(self.practice)

    def natural_key(self) -> tuple[str, str, str]:
        """The practice."""
        return self.practice.natural_key()

    natural_key.dependencies = ["reforms.practice"]  # type: ignore[attr-defined]


class PracticePart(models.Model):
    """A numbered part of a practice."""

    position = models.PositiveIntegerField(_("position"))

    objects = PracticePartQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar = [
            "practice__measure__source__position",
            "practice__measure__position",
            "practice__city__position",
            "position",
        ]

    practice: Any

    def __str__(self) -> str:
        return f"{self.practice} · {self.position}"

    def natural_key(self) -> tuple[str, str, str, int]:
        """The practice and the position in it."""
        return (*self.practice.natural_key(), self.position)

    natural_key.dependencies = [  # type: ignore[attr-defined]
        "reforms.practice",
        "reforms.theme",
        "reforms.indicator",
    ]


class Point(PracticePart):
    """A span of a practice about one thing: what a comparison aligns."""

    practice = models.ForeignKey(
        Practice, on_delete=models.CASCADE, related_name="points", verbose_name=_("practice")
    )
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, related_name="points", verbose_name=_("theme")
    )
    spans = spans_field(_("where the point stands"))

    class Meta(PracticePart.Meta):
        verbose_name = pgettext_lazy("of a practice", "point")
        verbose_name_plural = pgettext_lazy("of practices", "points")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "position"], name="point_one_position_a_practice"
            )
        ]

    @property
    def anchor(self) -> str:
        """The name of the point in the address of its measure's page."""
        return f"{self.practice.anchor}-point-{self.position}"

    def to_record(self) -> PointRecord:
        """Return the point in its exchange shape; no query."""
        return PointRecord(theme=self.theme.slug, spans=as_spans(self.spans))
