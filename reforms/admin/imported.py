"""Files of measures in the admin: upload one, see what each row would do, take the rows one by one."""

import csv
import io
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, gettext_noop, ngettext
from django.utils.translation import gettext as _

from reforms import editing, importing, versions
from reforms.admin.bounded import BoundedAdmin
from reforms.admin.kept_forms import is_save, note_done
from reforms.admin.submitting import open_proposal_error
from reforms.changes import Change, Names, changes
from reforms.exchange import RecordError
from reforms.exports import FileError, ReadFile, ReadRow, RowResult, read_back, template_rows
from reforms.models import ImportedFile, Measure
from reforms.records import MeasureRecord

ADD_TEMPLATE = "admin/reforms/importedfile/add.html"
PAGE_TEMPLATE = "admin/reforms/importedfile/page.html"
ROWS_A_PAGE = 100
NOT_PROPOSED = gettext_noop(
    "A new measure from a file is public at once: a Publisher brings it in."
)
LABELS = {
    RowResult.CREATE: gettext_lazy("New"),
    RowResult.UPDATE: gettext_lazy("Changes"),
    RowResult.UNCHANGED: gettext_lazy("Unchanged"),
    RowResult.CONFLICT: gettext_lazy("Conflict"),
    RowResult.ERROR: gettext_lazy("Error"),
}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class FileForm(forms.Form):
    """A file of measures; what was read of it is in ``cleaned_data``."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV, XLSX or JSON as taken away from a list, or the template filled in: at most 20 MB and 5,000 rows."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Read the file: what is no list of ours is refused with its reason."""
        values = super().clean() or {}
        if values.get("file"):
            values["content"] = values["file"].read()
            try:
                values["read"] = read_back(values["content"])
            except FileError as error:
                self.add_error("file", _(error.template) % error.values)
        return values


class ReasonForm(forms.Form):
    """Why the rows are taken."""

    reason = forms.CharField(
        label=gettext_lazy("Reason of these changes"),
        max_length=500,
        help_text=gettext_lazy("Kept in the history of each measure."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


@dataclass
class ShownRow:
    """A row of the file as the page shows it: what it would do, each difference, and whether it was ticked."""

    row: ReadRow
    changes: list[Change] = field(default_factory=list)
    theirs: list[Change] = field(default_factory=list)
    is_taken: bool = False
    problem: Any = ""

    @property
    def label(self) -> Any:
        """What it would do, in the reader's words."""
        return LABELS[self.row.result]

    @property
    def may_be_taken(self) -> bool:
        """Whether it can be ticked."""
        return self.row.result in (RowResult.CREATE, RowResult.UPDATE)

    @property
    def version(self) -> int:
        """The version of the measure that the row was shown beside."""
        return self.row.measure.version if self.row.measure else 0


class FilePage:
    """What each row of a kept file would do now; 20 queries for every 500 measures."""

    def __init__(self, file: ImportedFile, address: Any, posted: Any) -> None:
        self.file = file
        self.read: ReadFile = read_back(bytes(file.content))
        self.reason = ReasonForm(posted)
        rows = [row for row in self.read.rows if row.result is not RowResult.UNCHANGED]
        self.page = Paginator(rows, ROWS_A_PAGE).get_page(address.get("p"))
        names = Names()
        taken = set(posted.getlist("take")) if posted is not None else set()
        self.rows = [self._shown(row, names, taken) for row in self.page]

    def _shown(self, row: ReadRow, names: Names, taken: set[str]) -> ShownRow:
        shown = ShownRow(row, is_taken=str(row.line) in taken, problem=row.problem)
        if row.measure and row.record and row.live:
            text = row.measure.source.text
            before: MeasureRecord = row.live
            if row.result is RowResult.CONFLICT and row.base:
                before = row.base
                shown.theirs = list(changes(row.base, row.live, text, names))
            shown.changes = list(changes(before, row.record, text, names))
        return shown

    @cached_property
    def counts(self) -> list[tuple[Any, int]]:
        """How many rows would do what, those that none does left out."""
        found = [(LABELS[result], self.read.count(result)) for result in RowResult]
        return [(label, count) for label, count in found if count]

    @property
    def has_choice(self) -> bool:
        """Whether any row of the page can be ticked."""
        return any(row.may_be_taken for row in self.rows)


@admin.register(ImportedFile)
class ImportedFileAdmin(BoundedAdmin):
    """Files of measures that were brought in, the newest first."""

    list_display = ("name", "by", "at")
    list_select_related = ("by",)
    ordering = ("-pk",)
    search_fields = ("name",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may propose brings files in."""
        return editing.may_propose(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may propose brings files in."""
        return editing.may_propose(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may propose brings files in."""
        return editing.may_propose(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether what is taken is published is for ``editing``."""
        return editing.may_propose(request.user)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return files without their content, which a list does not show."""
        return super().get_queryset(request).defer("content")

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of files, the templates' before the stock ones."""
        own = [
            path(
                f"template.{form}",
                self.admin_site.admin_view(self.template_view),
                {"form": form},
                name=f"reforms_importedfile_template_{form}",
            )
            for form in TYPES
        ]
        return [*own, *super().get_urls()]

    def template_view(self, request: HttpRequest, form: str) -> HttpResponse:
        """Give a file to begin with: the headings that changes are read from, and one measure."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        rows = template_rows("en" if get_language() == "en" else "zh-hans")
        answer = HttpResponse(content_type=TYPES[form])
        answer.headers["Content-Disposition"] = f'attachment; filename="measures-template.{form}"'
        if form == "csv":
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            answer.write("\ufeff" + text.getvalue())
        else:
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append(row)
            for cells in book.active.iter_rows():
                for cell in cells:
                    cell.data_type = "s"
            book.save(answer)
        return answer

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Take a file and show what its rows would do; nothing is changed by that."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = FileForm(request.POST or None, request.FILES or None)
        if is_save(request) and form.is_valid():
            values = form.cleaned_data
            file = editing.keep_file(values["file"].name, values["content"], request.user)
            self.log_addition(request, file, _("Brought in"))
            return redirect("admin:reforms_importedfile_change", file.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change measures by a file"),
            "opts": self.opts,
            "form": form,
        }
        status = 400 if is_save(request) else 200
        return TemplateResponse(request, ADD_TEMPLATE, context, status=status)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what each row would do now, or save those that were ticked, each by itself."""
        file = self.get_object(request, object_id)
        if file is None:
            return self.not_found(request, object_id)
        if not self.has_change_permission(request, file):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        page = FilePage(file, request.GET, posted)
        status = 200
        if is_save(request):
            if not page.reason.is_valid():
                status = 400
            elif not any(row.is_taken for row in page.rows):
                page.reason.add_error(None, _("Tick at least one row."))
                status = 400
            elif self._take(request, page):
                return redirect(f"{request.path}?p={page.page.number}")
            else:
                status = 409
        return self._render(request, file, page, status)

    def _take(self, request: HttpRequest, page: FilePage) -> bool:
        """Save the ticked rows, each in a transaction of its own; tell whether all were taken."""
        saved = proposed = 0
        is_whole = True
        for shown in page.rows:
            if not shown.is_taken:
                continue
            problem, is_saved = self._take_one(request, shown, page.reason.cleaned_data["reason"])
            shown.problem = problem
            is_whole = is_whole and not problem
            saved += is_saved
            proposed += not problem and not is_saved
        note_done(request)
        if saved:
            text = ngettext("%(count)s measure saved.", "%(count)s measures saved.", saved)
            self.message_user(request, text % {"count": saved}, "success")
        if proposed:
            text = ngettext(
                "%(count)s proposal made: a second person approves it.",
                "%(count)s proposals made: a second person approves them.",
                proposed,
            )
            self.message_user(request, text % {"count": proposed}, "success")
        return is_whole

    def _take_one(self, request: HttpRequest, shown: ShownRow, reason: str) -> tuple[Any, bool]:
        """Take one row; return why it was not taken, empty where it was, and whether it is public."""
        row = shown.row
        seen = request.POST.get(f"version-{row.line}", "")
        if not shown.may_be_taken or row.record is None:
            return row.problem or _("This row changes nothing any more."), False
        stale = _("Somebody saved this measure since you opened the page: look at it again.")
        if seen != str(shown.version):
            return stale, False
        try:
            measure, is_saved = self._save(request, row.record, row.measure, reason)
        except versions.VersionConflict:
            return stale, False
        except editing.OpenProposal as error:
            return open_proposal_error(error), False
        except RecordError as error:
            return _(error.template) % error.values, False
        self.log_change(request, measure, reason)
        return "", is_saved

    def _save(
        self, request: HttpRequest, record: MeasureRecord, measure: Measure | None, reason: str
    ) -> tuple[Measure, bool]:
        """Save what a row makes of a measure, or the new one that it is; raises what ``editing.submit`` raises."""
        if measure is not None:
            submitted = editing.submit(record, measure, measure.version, request.user, reason)
            return submitted.measure, submitted.proposal is None
        if not editing.may_publish_at_once(request.user):
            raise RecordError("", NOT_PROPOSED)
        return importing.add_measure(record, request.user.get_username()), True

    def _render(
        self, request: HttpRequest, file: ImportedFile, page: FilePage, status: int
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("What the rows of %(name)s would do") % {"name": file.name},
            "opts": self.opts,
            "original": file,
            "page": page,
            "is_proposing": not editing.may_publish_at_once(request.user),
            "list_address": reverse("admin:reforms_importedfile_changelist"),
        }
        return TemplateResponse(request, PAGE_TEMPLATE, context, status=status)
