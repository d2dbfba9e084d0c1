"""Sources in the admin: facts about a document, its headings, what was found elsewhere."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from reforms import editing
from reforms.admin.bounded import public_links
from reforms.admin.histories import HistoryAdmin
from reforms.admin.source_field import SourceField
from reforms.admin.versioned import RowFields
from reforms.admin.withdrawal import WithdrawableAdmin
from reforms.models import Identification, Section, Source

NOT_PRINTED = _("Only as the document itself prints it; empty means that it does not.")
HELP: dict[str, Any] = {
    "position": _("Its place among the sources, counted from 1."),
    "short_name_zh": _("Stands beside a measure's number once there are several sources."),
    "short_name_en": _("The same in English."),
    "title_zh": _("As printed."),
    "title_en": _("Our translation."),
    "completeness": _("Whether the text held here is the whole document."),
    "missing_zh": _("What is missing of a fragment; readers are told."),
    "missing_en": _("The same in English."),
    "print_note_zh": _("How it is printed, where that matters to a reader."),
    "print_note_en": _("The same in English."),
    "rights_zh": _("Whose the text is, and what a reader may do with it."),
    "rights_en": _("The same in English."),
    "issuer_zh": NOT_PRINTED,
    "issuer_en": _("Our translation."),
    "document_number": NOT_PRINTED,
    "publication_zh": NOT_PRINTED,
    "publication_en": _("Our translation."),
    "pages": NOT_PRINTED,
    "date_as_printed": NOT_PRINTED,
    "published_on": _("Our reading of the printed date; empty where none is printed."),
    "address": NOT_PRINTED,
    "supersedes": _(
        "The older transcription that this one replaces, by its slug; the newest 100 are offered."
    ),
    "is_public": _("Untick while a new source is prepared: readers do not see it."),
}


class SecondPerson:
    """What a source's form asks besides: nobody makes public alone what they took in themselves."""

    account: Any
    instance: Any
    changed_data: list[str]

    def clean(self) -> Any:
        """Refuse to make a source public that the account took in."""
        values = super().clean()  # type: ignore[misc]
        becomes_public = "is_public" in self.changed_data and values.get("is_public")
        if becomes_public and not editing.may_make_public(self.account, self.instance):
            self.add_error(  # type: ignore[attr-defined]
                "is_public",
                _("You took this notice in: another Publisher makes it public."),
            )
        return values


class SectionInline(RowFields, admin.StackedInline):
    """The headings of a source: printed, so only our words about them are edited."""

    model = Section
    extra = 0
    can_delete = False
    fields = (("label", "name_zh", "declared_count"), "name_en", "category")
    readonly_fields = ("label", "name_zh", "declared_count")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A heading comes with the text."""
        return False


class IdentificationInline(RowFields, admin.StackedInline):
    """What was found elsewhere about a source: claims, never facts."""

    model = Identification
    extra = 1
    can_delete = False
    exclude = ("position",)
    max_num = 50


@admin.register(Source)
class SourceAdmin(HistoryAdmin, WithdrawableAdmin):
    """Sources; the text itself never changes."""

    # The reason stands in the template, after the headings and claims that it is a reason for too.
    change_form_template = "admin/reforms/source/change_form.html"
    list_display = (
        "position",
        "short_name_zh",
        "title_zh",
        "completeness",
        "is_public",
        "measures",
    )
    list_display_links = ("position", "short_name_zh")
    ordering = ("position",)
    sortable_by = ("position",)
    search_fields = ("slug", "short_name_zh", "short_name_en", "title_zh", "title_en")
    inlines = (SectionInline, IdentificationInline)
    readonly_fields = ("slug", "checksum", "length", "printed_text", "withdrawal")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "expected_version",
                    "slug",
                    "position",
                    ("short_name_zh", "short_name_en"),
                    "title_zh",
                    "title_en",
                    "is_public",
                    "withdrawal",
                )
            },
        ),
        (
            _("What the document prints about itself"),
            {
                "fields": (
                    ("issuer_zh", "issuer_en"),
                    "document_number",
                    ("publication_zh", "publication_en"),
                    "pages",
                    ("date_as_printed", "published_on"),
                    "address",
                )
            },
        ),
        (
            _("What we say about it"),
            {
                "fields": (
                    "completeness",
                    ("missing_zh", "missing_en"),
                    ("print_note_zh", "print_note_en"),
                    ("rights_zh", "rights_en"),
                    "supersedes",
                )
            },
        ),
        (_("The text, which never changes"), {"fields": ("checksum", "length", "printed_text")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A source comes with its text and its passages, from a file."""
        return False

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any
    ) -> Any:
        """Return the form of a source, which knows whose save it is."""
        form = super().get_form(request, obj, change=change, **options)
        return type(form.__name__, (SecondPerson, form), {"account": request.user})

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        """Return the stock field with a sentence of help, long texts in few lines."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and db_field.name in HELP and db_field.model is Source:
            field.help_text = HELP[db_field.name]
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **options: Any) -> Any:
        """Name another source by its slug: there may be thousands."""
        if db_field.name == "supersedes":
            return SourceField(required=False, label=capfirst(db_field.verbose_name))
        return super().formfield_for_foreignkey(db_field, request, **options)

    def prepare_parts(self, row: Any, parts: list[Any]) -> None:
        """Put new claims after those that are there."""
        last = max((claim.position for claim in row.identifications.all()), default=0)
        for part in parts:
            if isinstance(part, Identification) and part.pk is None:
                last += 1
                part.position = last

    def change_view(self, request: Any, object_id: str, *arguments: Any, **options: Any) -> Any:
        """Show or save a source, with the way to its public page."""
        row = self.get_object(request, object_id)
        links = public_links("source_detail", [row.slug]) if row else []
        options["extra_context"] = {"public_links": links}
        return super().change_view(request, object_id, *arguments, **options)

    def withdraw(self, request: HttpRequest, row: Any, values: dict[str, Any]) -> None:
        """Withdraw a source with its measures."""
        editing.withdraw_source(
            row, values["version"], request.user, values["reason_zh"], values["reason_en"]
        )
        self._say(request, row, _("Withdrawn."), values["reason_zh"])

    def restore(self, request: HttpRequest, row: Any, values: dict[str, Any]) -> None:
        """Bring a source back."""
        editing.restore_source(row, values["version"], request.user, values["reason"])
        self._say(request, row, _("Back in the public lists."), values["reason"])

    def _say(self, request: HttpRequest, row: Any, done: Any, reason: str) -> None:
        self.log_change(request, row, f"{done} {reason}".strip())
        self.message_user(request, done)

    @admin.display(description=_("measures"))
    def measures(self, source: Source) -> Any:
        """The way to the list of its measures; no query."""
        address = reverse("admin:reforms_measure_changelist", query={"source": source.slug})
        return format_html('<a href="{}">{}</a>', address, _("Its measures"))

    @admin.display(description=_("characters"))
    def length(self, source: Source) -> int:
        """How long the text is, in code points."""
        return len(source.text)

    @admin.display(description=_("verbatim text"))
    def printed_text(self, source: Source) -> Any:
        """The text as it is printed, folded."""
        summary = _("Show the text")
        return format_html(
            '<details><summary>{}</summary><pre class="printed" lang="zh-Hans">{}</pre></details>',
            summary,
            source.text,
        )

    @admin.display(description=_("withdrawn"))
    def withdrawal(self, source: Source) -> Any:
        """Why readers no longer find the source, if so."""
        return source.withdrawn_reason if source.is_withdrawn else _("No")
