"""Figures: the quantities that sources state, each pointing at its words."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reforms.models.fields import (
    as_spans,
    choice_field,
    decimal_text,
    optional_text,
    slug_field,
    spans_field,
)
from reforms.models.practice import Practice, PracticePart
from reforms.models.vocabulary import Indicator
from reforms.records import (
    Bound,
    Certainty,
    Direction,
    FigureRecord,
    Kind,
    Nature,
    StatedIn,
)


class Figure(PracticePart):
    """One statement of a quantity, with what makes it comparable and the words it stands in."""

    practice = models.ForeignKey(
        Practice, on_delete=models.CASCADE, related_name="figures", verbose_name=_("practice")
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="figures", verbose_name=_("indicator")
    )
    nature = choice_field(Nature, _("nature"))
    stated_in = choice_field(StatedIn, _("stated in"))
    before = models.DecimalField(
        _("before"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    steps = models.JSONField(_("values between"), default=list, blank=True)
    after = models.DecimalField(_("after"), max_digits=18, decimal_places=4, null=True, blank=True)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True, blank=True)
    printed = models.JSONField(_("as printed"), default=list)
    unit_zh = models.CharField(_("unit as printed"), max_length=40, null=True, blank=True)
    unit_en = models.CharField(_("unit in English"), max_length=80, null=True, blank=True)
    before_unit_zh = models.CharField(
        _("unit before, where it differs"), max_length=40, null=True, blank=True
    )
    before_unit_en = models.CharField(
        _("unit before in English"), max_length=80, null=True, blank=True
    )
    unit_inferred_zh = models.CharField(
        _("our reading of a unit that is not printed"), max_length=40, null=True, blank=True
    )
    unit_inferred_en = models.CharField(
        _("our reading of the unit in English"), max_length=80, null=True, blank=True
    )
    bound = choice_field(Bound, _("bound"), default=Bound.EXACT)
    qualifier_zh = models.CharField(_("qualifier as printed"), max_length=40, null=True, blank=True)
    qualifier_en = models.CharField(_("qualifier in English"), max_length=80, null=True, blank=True)
    direction = choice_field(Direction, _("direction"), default=Direction.NONE)
    scope_zh = models.CharField(_("scope"), max_length=200)
    scope_en = models.CharField(_("scope in English"), max_length=300)
    period_zh = models.CharField(_("period as printed"), max_length=120, null=True, blank=True)
    period_en = models.CharField(_("period in English"), max_length=200, null=True, blank=True)
    period_from = models.DateField(_("our reading: from"), null=True, blank=True)
    period_to = models.DateField(_("our reading: to"), null=True, blank=True)
    period_certainty = choice_field(
        Certainty, _("how sure the period is"), default=Certainty.UNKNOWN
    )
    note_zh = optional_text(_("note (Chinese)"))
    note_en = optional_text(_("note (English)"))
    statement = slug_field(_("statement printed in several places"), null=True, blank=True)
    quote = models.TextField(_("quotation"))
    quote_spans = spans_field(_("where the quotation stands"))

    class Meta(PracticePart.Meta):
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "position"], name="figure_one_position_a_practice"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, before__isnull=True, after__isnull=True)
                | Q(value__isnull=True, after__isnull=False),
                name="figure_has_a_value_or_a_change",
            ),
            models.CheckConstraint(
                condition=Q(unit_zh__isnull=False, unit_en__isnull=False)
                | Q(
                    unit_zh__isnull=True,
                    unit_en__isnull=True,
                    unit_inferred_zh__isnull=False,
                    unit_inferred_en__isnull=False,
                ),
                name="figure_has_a_unit_or_says_none_is_printed",
            ),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True)
                | Q(period_to__isnull=True)
                | Q(period_from__lte=F("period_to")),
                name="figure_period_does_not_run_backwards",
            ),
        ]

    @property
    def kind(self) -> str:
        """The kind of quantity, which is its indicator's."""
        return self.indicator.kind

    @property
    def anchor(self) -> str:
        """The name of the figure in the address of its measure's page."""
        return f"{self.practice.anchor}-figure-{self.position}"

    @property
    def last_value(self) -> Any:
        """The value that stands now: the single value, else the one after the change."""
        return self.value if self.value is not None else self.after

    def to_record(self) -> FigureRecord:
        """Return the figure in its exchange shape; no query."""
        return FigureRecord(
            indicator=self.indicator.slug,
            kind=Kind(self.indicator.kind),
            nature=Nature(self.nature),
            stated_in=StatedIn(self.stated_in),
            before=decimal_text(self.before),
            steps=tuple(self.steps),
            after=decimal_text(self.after),
            value=decimal_text(self.value),
            printed=tuple(self.printed),
            unit_zh=self.unit_zh,
            unit_en=self.unit_en,
            before_unit_zh=self.before_unit_zh,
            before_unit_en=self.before_unit_en,
            unit_inferred_zh=self.unit_inferred_zh,
            unit_inferred_en=self.unit_inferred_en,
            bound=Bound(self.bound),
            qualifier_zh=self.qualifier_zh,
            qualifier_en=self.qualifier_en,
            direction=Direction(self.direction),
            scope_zh=self.scope_zh,
            scope_en=self.scope_en,
            period_zh=self.period_zh,
            period_en=self.period_en,
            period_from=self.period_from.isoformat() if self.period_from else None,
            period_to=self.period_to.isoformat() if self.period_to else None,
            period_certainty=Certainty(self.period_certainty),
            note_zh=self.note_zh,
            note_en=self.note_en,
            statement=self.statement,
            quote=self.quote,
            quote_spans=as_spans(self.quote_spans),
        )
