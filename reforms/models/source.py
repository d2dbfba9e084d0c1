"""A published document as printed: its text, its sections and the passages that tile it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reforms.exchange import from_json
from reforms.models.choices import LABELS
from reforms.models.fields import (
    LoadedModel,
    NamedModel,
    WithdrawableModel,
    choice_field,
    in_english,
    moment_text,
    optional_text,
    slug_field,
)
from reforms.models.histories import History, PartState
from reforms.models.querysets import (
    IdentificationQuerySet,
    PassageQuerySet,
    SectionQuerySet,
    SourceQuerySet,
)
from reforms.models.vocabulary import Category, City
from reforms.records import (
    Completeness,
    Confidence,
    IdentificationRecord,
    NumberRecord,
    PassageRecord,
    Role,
    SectionRecord,
    SourceRecord,
)


class Source(LoadedModel, WithdrawableModel):
    """A published document: its verbatim text never changes.

    A field about the document is null where the document does not print it; what someone found
    elsewhere is an ``Identification``. ``is_public`` is false while a new source is prepared.
    """

    slug = slug_field(_("slug"), unique=True)
    position = models.PositiveIntegerField(_("position"), unique=True)
    short_name_zh = models.CharField(_("short Chinese name"), max_length=120)
    short_name_en = models.CharField(_("short English name"), max_length=200)
    title_zh = models.TextField(_("title as printed"))
    title_en = models.TextField(_("title in English"))
    text = models.TextField(_("verbatim text"))
    checksum = models.CharField(_("SHA-256 of the text's bytes"), max_length=64)
    completeness = choice_field(Completeness, _("completeness"))
    missing_zh = optional_text(_("what is missing (Chinese)"))
    missing_en = optional_text(_("what is missing (English)"))
    print_note_zh = optional_text(_("note on the print (Chinese)"))
    print_note_en = optional_text(_("note on the print (English)"))
    rights_zh = optional_text(_("rights (Chinese)"))
    rights_en = optional_text(_("rights (English)"))
    issuer_zh = optional_text(_("issuer as printed"))
    issuer_en = optional_text(_("issuer in English"))
    document_number = optional_text(_("document number as printed"))
    publication_zh = optional_text(_("publication as printed"))
    publication_en = optional_text(_("publication in English"))
    pages = optional_text(_("pages as printed"))
    date_as_printed = optional_text(_("date as printed"))
    published_on = models.DateField(_("our reading of the date"), null=True, blank=True)
    address = models.URLField(_("address"), max_length=500, null=True, blank=True)
    supersedes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("supersedes"),
    )
    is_public = models.BooleanField(_("public"), default=True)
    other_numbers = models.JSONField(_("numbers that are not figures"), default=list, blank=True)

    objects = SourceQuerySet.as_manager()
    # The text never changes; its checksum stands in every state.
    history = History(
        excluded_fields=["text", "loaded_checksum"],
        no_db_index=["slug", "position", "supersedes"],
    )

    class Meta:
        ordering: ClassVar = ["position"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(completeness=Completeness.WHOLE)
                | Q(missing_zh__isnull=False, missing_en__isnull=False),
                name="source_fragment_says_what_is_missing",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_reason_zh__isnull=False),
                name="source_withdrawal_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def natural_key(self) -> tuple[str]:
        """The slug."""
        return (self.slug,)

    @property
    def short_name(self) -> str:
        """The short name in the reader's language."""
        return self.short_name_en if in_english() else self.short_name_zh

    @property
    def year(self) -> int | None:
        """The year of publication as we read the printed date, null where none is printed."""
        return self.published_on.year if self.published_on else None

    def to_record(self) -> SourceRecord:
        """Return the source in its exchange shape, without its measures.

        Costs no query on a source fetched with ``for_record()``, else 3.
        """
        own = getattr(self, "own_passages", None)
        if own is None:
            own = self.passages.filter(measure__isnull=True).select_related("section")
        parts: dict[str, Any] = {
            "completeness": Completeness(self.completeness),
            "published_on": self.published_on.isoformat() if self.published_on else None,
            "supersedes": self.supersedes.slug if self.supersedes else None,
            "withdrawn_at": moment_text(self.withdrawn_at),
            "sections": tuple(section.to_record() for section in self.sections.all()),
            "identifications": tuple(claim.to_record() for claim in self.identifications.all()),
            "passages": tuple(passage.to_record() for passage in own),
            "other_numbers": from_json(tuple[NumberRecord, ...], self.other_numbers),
        }
        names = SourceRecord.__dataclass_fields__
        plain = {name: getattr(self, name) for name in names if name not in parts}
        return SourceRecord(**plain, **parts)


class Identification(models.Model):
    """What someone found elsewhere about a source: a claim with its evidence, never a fact."""

    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="identifications", verbose_name=_("source")
    )
    position = models.PositiveIntegerField(_("position"))
    kind = slug_field(_("what is claimed"))
    claim_zh = models.TextField(_("claim (Chinese)"))
    claim_en = models.TextField(_("claim (English)"))
    found_in_zh = models.TextField(_("where it was found (Chinese)"))
    found_in_en = models.TextField(_("where it was found (English)"))
    address = models.URLField(_("address"), max_length=500, null=True, blank=True)
    confidence = choice_field(Confidence, _("confidence"))

    objects = IdentificationQuerySet.as_manager()
    history = History(bases=(PartState,))

    class Meta:
        ordering: ClassVar = ["source__position", "position"]
        verbose_name = _("identification")
        verbose_name_plural = _("identifications")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "position"], name="identification_one_position_a_source"
            )
        ]

    def __str__(self) -> str:
        return self.claim_en if in_english() else self.claim_zh

    def natural_key(self) -> tuple[str, int]:
        """The source and the position in it."""
        return (self.source.slug, self.position)

    def to_record(self) -> IdentificationRecord:
        """Return the claim in its exchange shape; no query."""
        return IdentificationRecord(
            kind=self.kind,
            claim_zh=self.claim_zh,
            claim_en=self.claim_en,
            found_in_zh=self.found_in_zh,
            found_in_en=self.found_in_en,
            address=self.address,
            confidence=Confidence(self.confidence),
        )

    natural_key.dependencies = ["reforms.source"]  # type: ignore[attr-defined]


class Section(NamedModel):
    """A heading as printed: its label, its name and how many measures it says it lists."""

    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="sections", verbose_name=_("source")
    )
    position = models.PositiveIntegerField(_("position"))
    label = models.CharField(_("label as printed"), max_length=40)
    declared_count = models.PositiveIntegerField(_("declared count"), null=True, blank=True)
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
        verbose_name=_("category"),
    )

    objects = SectionQuerySet.as_manager()
    history = History(bases=(PartState,), no_db_index=["category"])

    class Meta:
        ordering: ClassVar = ["source__position", "position"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "position"], name="section_one_position_a_source"
            ),
            models.UniqueConstraint(fields=["source", "label"], name="section_one_label_a_source"),
        ]

    def __str__(self) -> str:
        return f"({self.label}) {self.name}"

    def natural_key(self) -> tuple[str, str]:
        """The source and the printed label."""
        return (self.source.slug, self.label)

    def to_record(self) -> SectionRecord:
        """Return the section in its exchange shape; no query if its category is at hand."""
        return SectionRecord(
            label=self.label,
            position=self.position,
            name_zh=self.name_zh,
            name_en=self.name_en,
            declared_count=self.declared_count,
            category=self.category.slug if self.category else None,
        )

    natural_key.dependencies = ["reforms.source", "reforms.category"]  # type: ignore[attr-defined]


class Passage(models.Model):
    """A span ``[start, end)`` of a source in code points, and what the words there are.

    The passages of a source tile it: every character that is not white space belongs to exactly
    one. Those with a measure belong to its record, the others to the source's.
    """

    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="passages", verbose_name=_("source")
    )
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    role = choice_field(Role, _("role"))
    section = models.ForeignKey(
        Section,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="passages",
        verbose_name=_("section"),
    )
    measure = models.ForeignKey(
        "reforms.Measure",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="passages",
        verbose_name=_("measure"),
    )
    city = models.ForeignKey(
        City,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="passages",
        verbose_name=_("city"),
    )

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["source__position", "start"]
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "start"], name="passage_one_start_a_source"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="passage_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{LABELS[Role][self.role]} [{self.start}, {self.end})"

    def natural_key(self) -> tuple[str, int]:
        """The source and where the passage starts."""
        return (self.source.slug, self.start)

    def to_record(self) -> PassageRecord:
        """Return the passage in its exchange shape; no query if its section and city are there."""
        return PassageRecord(
            role=Role(self.role),
            city=self.city.slug if self.city else None,
            section=self.section.label if self.section else None,
            start=self.start,
            end=self.end,
        )

    natural_key.dependencies = [  # type: ignore[attr-defined]
        "reforms.source",
        "reforms.section",
        "reforms.measure",
        "reforms.city",
    ]
