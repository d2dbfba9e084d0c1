"""Changes that wait for a second person: the record proposed, and every step it went through."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reforms.models.choices import LABELS
from reforms.models.fields import choice_field
from reforms.models.measure import Measure
from reforms.models.querysets import OPEN_STATES, ProposalQuerySet
from reforms.models.version import MeasureVersion
from reforms.records import Action, ProposalState, Step


class Proposal(models.Model):
    """A record that an editor proposes in the place of version ``base_version`` of a measure.

    ``version`` counts its steps; a step names the version it was made from. ``cut`` is the re-cut
    of the source's words that made the record, null where none did. ``became`` is the version
    that its approval wrote.
    """

    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("measure")
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    state = choice_field(ProposalState, _("state"), default=ProposalState.AWAITING)
    action = choice_field(Action, _("what is proposed"), default=Action.CHANGED)
    base_version = models.PositiveIntegerField(_("made from version"))
    record = models.JSONField(_("record"))
    cut = models.JSONField(_("re-cut"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="proposals",
        verbose_name=_("author"),
    )
    by_name = models.CharField(_("by"), max_length=150)
    made_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    changed_at = models.DateTimeField(_("last step at"), default=timezone.now)
    became = models.OneToOneField(
        MeasureVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposal",
        verbose_name=_("published as"),
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        indexes: ClassVar = [models.Index(fields=["state", "changed_at"], name="proposal_queue")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "by"],
                condition=Q(state__in=[str(state) for state in OPEN_STATES]),
                name="proposal_one_open_a_measure_and_author",
            ),
            models.CheckConstraint(
                condition=Q(became__isnull=True) | Q(state=ProposalState.APPROVED),
                name="proposal_published_only_if_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} · {self.by_name}"

    def get_absolute_url(self) -> str:
        """Return the address of its page in the admin."""
        return reverse("admin:reforms_proposal_change", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Tell whether somebody has still to act: the reviewer, or the author it was sent back to."""
        return self.state in OPEN_STATES

    @property
    def is_awaiting(self) -> bool:
        """Tell whether a reviewer has to act."""
        return self.state == ProposalState.AWAITING


class ProposalStep(models.Model):
    """One step of a proposal, append-only: what was done, by whom, and the record as it then stood."""

    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, related_name="steps", verbose_name=_("proposal")
    )
    version = models.PositiveIntegerField(_("version"))
    what = choice_field(Step, _("what was done"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("account"),
    )
    by_name = models.CharField(_("by"), max_length=150)
    comment = models.TextField(_("comment"), blank=True)
    base_version = models.PositiveIntegerField(_("made from version"))
    record = models.JSONField(_("record"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering: ClassVar = ["proposal", "version"]
        verbose_name = _("step of a proposal")
        verbose_name_plural = _("steps of proposals")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "version"], name="proposal_step_one_number_a_proposal"
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal} · {LABELS[Step][self.what]}"
