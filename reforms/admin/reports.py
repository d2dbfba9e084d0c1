"""The queue of reported errors: read what readers sent, say what became of it."""

from typing import Any
from urllib.parse import quote

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from reforms import editing, versions
from reforms.admin.bounded import CodedFilter
from reforms.admin.kept_changes import KeptChangesAdmin
from reforms.admin.source_filter import SourceFilter
from reforms.admin.versioned import VersionedAdmin
from reforms.changes import Change, Names, changes
from reforms.models import Measure, Report
from reforms.records import ReportState

# No slug begins so.
NO_MEASURE = ":none"
SHOWN_CHARACTERS = 80


class StateFilter(CodedFilter):
    """Reports by what became of them."""

    title = _("state")
    parameter_name = "state"
    words = ReportState


class MeasureSourceFilter(SourceFilter):
    """Reports about a measure of one source, or about none."""

    path = "measure__source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the sources, and the choice of no measure."""
        return [*super().lookups(request, model_admin), (NO_MEASURE, _("no single measure"))]

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return the reports about measures of the source."""
        if word == NO_MEASURE:
            return queryset.filter(measure__isnull=True)
        return super().select(queryset, word)


@admin.register(Report)
class ReportAdmin(KeptChangesAdmin, VersionedAdmin):
    """Reported errors, the newest first; what a reader sent is never changed."""

    kept_fields = ("state", "note")
    list_display = ("made_at", "state", "subject", "excerpt", "handled_by")
    list_display_links = ("made_at", "excerpt")
    list_filter = (StateFilter, MeasureSourceFilter)
    list_select_related = ("measure__source", "handled_by")
    ordering = ("-made_at", "-pk")
    sortable_by = ("made_at",)
    search_fields = ("message", "words", "note", "address")
    search_help_text = _("Words of the message, the words in question, the note or the address.")
    sent = ("page", "measure_read", "measure_version", "words", "message", "mail")
    readonly_fields = (*sent, "language", "made_at", "handled_by", "handled_at")
    fieldsets = (
        (_("What the reader sent"), {"fields": (*sent, ("language", "made_at"))}),
        (
            _("What became of it"),
            {"fields": ("expected_version", "state", "note", ("handled_by", "handled_at"))},
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Readers report; editors handle."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return reports without the checksum of their sender, which nobody reads here.

        So a save cannot bring one back that was blanked meanwhile.
        """
        queryset: QuerySet = super().get_queryset(request)
        return queryset.defer("sender", "measure__source__text")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        """Return the stock field with a sentence of help."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and db_field.name == "note":
            field.help_text = _(
                "For your colleagues: what was found, what was changed, who was answered."
            )
        return field

    def change_view(self, request: Any, object_id: str, *arguments: Any, **options: Any) -> Any:
        """Show or save a report, with what its measure has become since it was read."""
        row = self.get_object(request, object_id)
        options["extra_context"] = {"since": since_read(row) if row else None}
        return super().change_view(request, object_id, *arguments, **options)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store the state and the note, with who handled the report and when."""
        if form.has_changed():
            editing.mark_handled(form.instance, request.user)
        super().save_related(request, form, formsets, change)

    @admin.display(description=_("what it is about"))
    def subject(self, report: Report) -> str:
        """The measure with its source, or the page."""
        if report.measure is None:
            return Truncator(report.address).chars(SHOWN_CHARACTERS) or str(_("no page named"))
        return f"{report.measure} · {report.measure.source.short_name}"

    @admin.display(description=_("what is wrong"))
    def excerpt(self, report: Report) -> str:
        """The beginning of the message, in one line."""
        return Truncator(" ".join(report.message.split())).chars(SHOWN_CHARACTERS)

    @admin.display(description=_("page"))
    def page(self, report: Report) -> Any:
        """The page that the reader was on, linked."""
        if not report.address:
            return _("no page named")
        return format_html('<a href="{0}">{0}</a>', report.address)

    @admin.display(description=_("measure"))
    def measure_read(self, report: Report) -> Any:
        """The measure, linked to the page where it is edited."""
        if report.measure is None:
            return _("no single measure")
        address = reverse("admin:reforms_measure_change", args=[report.measure_id])
        return format_html('<a href="{}">{}</a>', address, self.subject(report))

    @admin.display(description=_("address for an answer"))
    def mail(self, report: Report) -> Any:
        """The reader's e-mail address, linked."""
        if not report.contact:
            return _("none given")
        return format_html('<a href="mailto:{}">{}</a>', quote(report.contact), report.contact)


def since_read(report: Report) -> dict[str, Any] | None:
    """Return what a report's measure has become since the reader read it; null without a measure.

    ``read`` is null where the version read is not known; ``changes`` are those up to ``now``. At
    most 12 queries.
    """
    if report.measure is None:
        return None
    measure, read = report.measure, report.measure_version
    found: list[Change] = []
    if read is not None and read != measure.version:
        row = measure.versions.get(version=read)
        live = Measure.objects.for_record().get(pk=measure.pk)
        found = changes(versions.read(row), live.to_record(), live.source.text, Names())
    return {"read": read, "now": measure.version, "changes": found, "measure": measure}
