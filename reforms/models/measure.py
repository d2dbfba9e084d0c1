"""Measures and the errata that stand on them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reforms.models.fields import (
    LoadedModel,
    WithdrawableModel,
    as_spans,
    choice_field,
    in_english,
    moment_text,
    optional_text,
    slug_field,
    spans_field,
)
from reforms.models.querysets import ErratumQuerySet, MeasureQuerySet
from reforms.models.source import Section, Source
from reforms.models.vocabulary import Category
from reforms.records import (
    Confidence,
    Decision,
    ErratumRecord,
    MeasureRecord,
    Role,
    Status,
    TranslationState,
)


class Measure(LoadedModel, WithdrawableModel):
    """One reform measure of one source; ``version`` covers everything that hangs on it.

    ``number``, ``title_zh`` and ``section`` are null where the source does not print them.
    ``is_read_whole`` says that all the source has on it was read, so that a city without a
    practice is a city of which the text states none.
    """

    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="measures", verbose_name=_("source")
    )
    position = models.PositiveIntegerField(_("position"))
    key = slug_field(_("key"))
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    title_zh = optional_text(_("title"))
    title_en = optional_text(_("title in English"))
    title_spans = spans_field(_("where the title stands"))
    title_translation_state = choice_field(
        TranslationState, _("state of the title's translation"), default=TranslationState.CURRENT
    )
    title_note_zh = optional_text(_("note on the title's translation (Chinese)"))
    title_note_en = optional_text(_("note on the title's translation (English)"))
    is_title_edited = models.BooleanField(
        _("title edited by the catalog"), default=False, editable=False
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="measures", verbose_name=_("category")
    )
    section = models.ForeignKey(
        Section,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("section"),
    )
    status = choice_field(Status, _("status"), default=Status.NOT_STATED)
    is_read_whole = models.BooleanField(_("all of it was read"), default=True)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["source__position", "position"]
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        permissions: ClassVar = [
            ("propose_measure", "Can propose changes of measures"),
            ("publish_measure", "Can review and publish changes of measures"),
        ]
        indexes: ClassVar = [models.Index(fields=["number"], name="measure_number")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "key"], name="measure_one_key_a_source"),
            models.UniqueConstraint(
                fields=["source", "position"], name="measure_one_position_a_source"
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="measure_position_from_one"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_reason_zh__isnull=False),
                name="measure_withdrawal_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}".strip()

    def natural_key(self) -> tuple[str, str]:
        """The source and the key."""
        return (self.source.slug, self.key)

    natural_key.dependencies = ["reforms.source", "reforms.section"]  # type: ignore[attr-defined]

    @property
    def title(self) -> str:
        """The title in the reader's language, else in the other one; empty if none is printed."""
        titles = (self.title_zh, self.title_en)
        first, second = reversed(titles) if in_english() else titles
        return first or second or ""

    @property
    def identity(self) -> str:
        """The name of the measure across sources: ``<source>:<key>``; no query with its source."""
        return f"{self.source.slug}:{self.key}"

    def get_absolute_url(self) -> str:
        """Return the canonical address of the measure's page in the active language."""
        return reverse("measure_detail", args=[self.source.slug, self.key])

    def to_record(self) -> MeasureRecord:
        """Return the whole measure in its exchange shape.

        Costs no query on a measure fetched with ``for_record()``, else 6.
        """
        return MeasureRecord(
            source=self.source.slug,
            key=self.key,
            number=self.number,
            position=self.position,
            title_zh=self.title_zh,
            title_en=self.title_en,
            title_spans=as_spans(self.title_spans),
            title_translation_state=TranslationState(self.title_translation_state),
            title_note_zh=self.title_note_zh,
            title_note_en=self.title_note_en,
            category=self.category.slug,
            section=self.section.label if self.section else None,
            status=Status(self.status),
            is_read_whole=self.is_read_whole,
            practices=tuple(practice.to_record() for practice in self.practices.all()),
            errata=tuple(erratum.to_record() for erratum in self.errata.all()),
            passages=tuple(passage.to_record() for passage in self.passages.all()),
            withdrawn_at=moment_text(self.withdrawn_at),
            withdrawn_reason_zh=self.withdrawn_reason_zh,
            withdrawn_reason_en=self.withdrawn_reason_en,
        )


class Erratum(models.Model):
    """A place where the print is wrong or contradicts itself; the print stays as it is."""

    measure = models.ForeignKey(
        Measure, on_delete=models.CASCADE, related_name="errata", verbose_name=_("measure")
    )
    position = models.PositiveIntegerField(_("position"))
    as_printed = models.TextField(_("as printed"))
    reading = optional_text(_("probable reading"))
    reason_zh = models.TextField(_("reason (Chinese)"))
    reason_en = models.TextField(_("reason (English)"))
    confidence = choice_field(Confidence, _("how sure"))
    decision = choice_field(Decision, _("decision"), default=Decision.CONFIRMED)
    stands_in = choice_field(Role, _("stands in"))
    spans = spans_field(_("where it stands"))

    objects = ErratumQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["measure__source__position", "measure__position", "position"]
        verbose_name = _("erratum")
        verbose_name_plural = _("errata")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "position"], name="erratum_one_position_a_measure"
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure.key} · {self.as_printed}"

    def natural_key(self) -> tuple[str, str, int]:
        """The measure and the position in it."""
        return (*self.measure.natural_key(), self.position)

    natural_key.dependencies = ["reforms.measure"]  # type: ignore[attr-defined]

    @property
    def is_shown(self) -> bool:
        """Tell whether readers see it: confirmed, or not decided yet (and said so)."""
        return self.decision != Decision.REFUSED

    @property
    def is_open(self) -> bool:
        """Tell whether the catalog has not decided yet whether the print is wrong here."""
        return self.decision == Decision.OPEN

    @property
    def reason(self) -> str:
        """The reason in the reader's language."""
        return self.reason_en if in_english() else self.reason_zh

    @property
    def anchor(self) -> str:
        """The name of the erratum's note in the address of a page."""
        return f"erratum-{self.measure.key}-{self.position}"

    def to_record(self) -> ErratumRecord:
        """Return the erratum in its exchange shape; no query."""
        return ErratumRecord(
            as_printed=self.as_printed,
            reading=self.reading,
            reason_zh=self.reason_zh,
            reason_en=self.reason_en,
            confidence=Confidence(self.confidence),
            decision=Decision(self.decision),
            stands_in=Role(self.stands_in),
            spans=as_spans(self.spans),
        )
