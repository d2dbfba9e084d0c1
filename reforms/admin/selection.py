"""Many measures at once: those selected in the list, edited in a table or withdrawn, each by its own version."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reforms import editing, versions
from reforms.admin.assembling import BROKEN_FORM
from reforms.admin.measure_list import MeasureListAdmin
from reforms.admin.selected_rows import (
    MAX_SELECTED,
    Offered,
    RowForm,
    SelectedRow,
    TableRowForm,
    explain_stale,
    measures_of,
    opened_records,
    read_ids,
    values_of,
)
from reforms.admin.submitting import open_proposal_error
from reforms.admin.withdrawal import ReasonsForm
from reforms.exchange import RecordError
from reforms.models import Measure
from reforms.records import Action, MeasureRecord


class TableForm(forms.Form):
    """What is said of all rows of the table."""

    is_english_checked = forms.BooleanField(
        label=gettext_lazy("The English of all these measures was checked"),
        required=False,
        help_text=gettext_lazy("Calls every complete translation in the table current."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason of these changes"),
        max_length=500,
        help_text=gettext_lazy("Kept in the history of each measure."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


@dataclass
class Outcome:
    """What became of the rows of a page; ``left`` are those that were refused, ``stale`` among them."""

    was_tried: bool = False
    saved: list[SelectedRow] = field(default_factory=list)
    proposed: list[SelectedRow] = field(default_factory=list)
    unchanged: list[SelectedRow] = field(default_factory=list)
    stale: list[SelectedRow] = field(default_factory=list)
    left: list[SelectedRow] = field(default_factory=list)


@dataclass(frozen=True)
class Task:
    """One of the two pages: its form for all rows, its rows, and the record that a row is to become."""

    name: str
    title: Any
    button: Any
    form_class: type[forms.Form]
    action: Action
    row_form: Callable[..., RowForm]
    record: Callable[[RowForm, dict[str, Any]], MeasureRecord]


def _table_record(form: Any, values: dict[str, Any]) -> MeasureRecord:
    record: MeasureRecord = form.record(values["is_english_checked"])
    return record


def _withdrawn_record(form: RowForm, values: dict[str, Any]) -> MeasureRecord:
    return editing.withdrawn_record(form.measure, values["reason_zh"], values["reason_en"])


def _withdraw_row(
    measure: Measure, base: MeasureRecord, offered: Offered, **options: Any
) -> RowForm:
    form = RowForm(measure, base, **options)
    form.fields["is_agreed"].label = _("I have seen what they changed: withdraw it all the same")
    form.name_fields()
    return form


EDIT = Task(
    name="edit_selected",
    title=gettext_lazy("Edit the selected measures in a table"),
    button=gettext_lazy("Save the changed measures"),
    form_class=TableForm,
    action=Action.CHANGED,
    row_form=TableRowForm,
    record=_table_record,
)
WITHDRAW = Task(
    name="withdraw_selected",
    title=gettext_lazy("Withdraw the selected measures"),
    button=gettext_lazy("Withdraw these measures"),
    form_class=ReasonsForm,
    action=Action.WITHDRAWN,
    row_form=_withdraw_row,
    record=_withdrawn_record,
)


class SelectedMeasuresAdmin(MeasureListAdmin):
    """The list's actions: each selected measure is saved, or refused, by itself."""

    actions = ("edit_selected", "withdraw_selected")

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of measures, the two pages of the selected before the stock ones."""
        pages = (("edit-selected/", EDIT), ("withdraw-selected/", WITHDRAW))
        own = [
            path(
                address,
                self.admin_site.admin_view(self._selected_view),
                {"task": task},
                name=f"reforms_measure_{task.name}",
            )
            for address, task in pages
        ]
        return [*own, *super().get_urls()]

    def response_action(
        self, request: HttpRequest, queryset: QuerySet, *arguments: Any, **options: Any
    ) -> HttpResponse | None:
        """Run an action on the selected; what is no identifier was not selected.

        The stock method asks the database for whatever was posted, and a word is no number.
        """
        ids = read_ids(request.POST.getlist(ACTION_CHECKBOX_NAME))
        posted = request.POST.copy()
        posted.setlist(ACTION_CHECKBOX_NAME, [str(number) for number in ids[: MAX_SELECTED + 1]])
        request.POST = posted  # type: ignore[assignment]
        answer: HttpResponse | None = super().response_action(
            request, queryset, *arguments, **options
        )
        return answer

    @admin.action(
        permissions=["change"],
        description=gettext_lazy("Edit the selected in a table (at most 100)"),
    )
    def edit_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Lead to the table of the selected measures."""
        return self._lead(request, queryset, EDIT)

    @admin.action(
        permissions=["change"], description=gettext_lazy("Withdraw the selected (at most 100)")
    )
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Lead to the page that asks for the reasons."""
        return self._lead(request, queryset, WITHDRAW)

    def _lead(self, request: HttpRequest, queryset: QuerySet, task: Task) -> HttpResponse | None:
        ids = list(queryset.values_list("pk", flat=True)[: MAX_SELECTED + 1])
        if len(ids) > MAX_SELECTED:
            self._say_too_many(request)
            return None
        query = {"id": ids, "_changelist_filters": request.GET.urlencode()}
        address = reverse(f"admin:reforms_measure_{task.name}")
        return HttpResponseRedirect(f"{address}?{urlencode(query, doseq=True)}")

    def _say_too_many(self, request: HttpRequest) -> None:
        text = _("At most %(count)s measures at once: select fewer.")
        self.message_user(request, text % {"count": MAX_SELECTED}, "error")

    # --- The page ---

    def _selected_view(self, request: HttpRequest, task: Task) -> HttpResponse:
        """Show or save the selected measures; at most 20 queries to show, session and account included."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        ids = read_ids((request.GET if posted is None else posted).getlist("id"))
        if len(ids) > MAX_SELECTED:
            self._say_too_many(request)
            return self._back(request)
        found = measures_of(ids)
        is_done = task is WITHDRAW and posted is None
        measures = [row for row in found if not (is_done and row.is_withdrawn)]
        if not measures:
            self.message_user(
                request, _("None of the selected measures is there for this."), "error"
            )
            return self._back(request)
        form = task.form_class(posted)
        rows = self._selected_rows(task, measures, posted)
        outcome = Outcome(left=rows)
        if posted is not None and form.is_valid() and all(_is_whole(row) for row in rows):
            outcome = self._save_selected(request, task, rows, form.cleaned_data)
            if not outcome.left:
                self.message_user(request, said(task, outcome), "success")
                return self._back(request)
        context = {
            **self._page_context(request, task, form, outcome),
            "gone_count": len(ids) - len(found),
            "withdrawn_count": len(found) - len(measures),
        }
        template = f"admin/reforms/measure/{task.name}.html"
        status = 409 if outcome.stale else 200
        return TemplateResponse(request, template, context, status=status)

    def _page_context(
        self, request: HttpRequest, task: Task, form: forms.Form, outcome: Outcome
    ) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": task.title,
            "button": task.button,
            "form": form,
            "rows": outcome.left,
            "said": said(task, outcome),
            "has_stale": bool(outcome.stale),
            "was_tried": outcome.was_tried,
            "has_errors": form.is_bound and not outcome.was_tried,
            "maximum": MAX_SELECTED,
            "is_proposing": not editing.may_publish_at_once(request.user),
            "list_address": self._list_address(request),
        }

    def _back(self, request: HttpRequest) -> HttpResponse:
        return redirect(self._list_address(request))

    def _list_address(self, request: HttpRequest) -> str:
        """Return the list with the filters that the reader came from."""
        filters = request.GET.get("_changelist_filters", "")
        return reverse("admin:reforms_measure_changelist") + (f"?{filters}" if filters else "")

    def _selected_rows(
        self, task: Task, measures: Sequence[Measure], posted: Any
    ) -> list[SelectedRow]:
        """Return a row a measure: as it stands now, or as it was posted over what it was opened at."""
        offered = Offered.for_measures(measures)
        opened = opened_records(measures, posted) if posted is not None else {}
        rows = []
        for measure in measures:
            base = opened.get(measure.pk)
            if base is not None:
                rows.append(
                    SelectedRow(measure, task.row_form(measure, base, offered, data=posted))
                )
                continue
            initial = {"version": measure.version}
            form = task.row_form(measure, measure.to_record(), offered, initial=initial)
            problem = _(BROKEN_FORM) if posted is not None else ""
            rows.append(SelectedRow(measure, form, problem))
        return rows

    # --- Saving ---

    def _save_selected(
        self, request: HttpRequest, task: Task, rows: Sequence[SelectedRow], values: dict[str, Any]
    ) -> Outcome:
        """Save each row that is not stale, each in a transaction of its own; say of each what became of it."""
        outcome = Outcome(was_tried=True)
        for row in rows:
            self._save_one(request, task, row, values, outcome)
        explain_stale(outcome.stale)
        offered = Offered.for_measures([row.measure for row in outcome.stale])
        for row in outcome.stale:
            row.form = _over_live(task, row, offered)
        return outcome

    def _save_one(
        self,
        request: HttpRequest,
        task: Task,
        row: SelectedRow,
        values: dict[str, Any],
        outcome: Outcome,
    ) -> None:
        form, measure = row.form, row.measure
        record = task.record(form, values)
        reason = values.get("reason") or values["reason_zh"]
        if record == form.base:
            outcome.unchanged.append(row)
            return
        if form.cleaned_data["was_refused"] and not form.cleaned_data["is_agreed"]:
            row.problem = _("Not saved again: tick the box once you have seen what they changed.")
            outcome.left.append(row)
            return
        version = form.cleaned_data["version"]
        try:
            submitted = editing.submit(record, measure, version, request.user, reason, task.action)
        except versions.VersionConflict:
            outcome.stale.append(row)
        except editing.OpenProposal as error:
            row.problem = open_proposal_error(error)
        except RecordError as error:
            row.problem = _(error.template) % error.values
        else:
            if not submitted.has_changed:
                outcome.unchanged.append(row)
                return
            self.log_change(request, measure, reason)
            (outcome.proposed if submitted.proposal else outcome.saved).append(row)
            return
        outcome.left.append(row)


def _is_whole(row: SelectedRow) -> bool:
    """Tell whether a row was posted whole and each of its fields is valid."""
    return not row.problem and row.form.is_valid()


def _over_live(task: Task, row: SelectedRow, offered: Offered) -> RowForm:
    """Return the form of a refused row over the version that is live now, with what was typed.

    A field that the editor left alone shows what the others saved.
    """
    assert row.saved_since is not None
    live = versions.read(row.saved_since)
    typed = row.form.typed() if isinstance(row.form, TableRowForm) else {}
    initial = {"version": row.saved_since.version, "was_refused": True}
    initial |= {**values_of(live), **typed}
    return task.row_form(row.measure, live, offered, initial=initial)


def said(task: Task, outcome: Outcome) -> Any:
    """Return the sentences that say what became of the measures that were not refused."""
    found = []
    for rows, sentence in (
        (outcome.saved, _withdrawn if task is WITHDRAW else _saved),
        (outcome.proposed, _proposed),
        (outcome.unchanged, _unchanged),
    ):
        if rows:
            names = _(", ").join(row.name for row in rows)
            found.append(sentence(len(rows)) % {"count": len(rows), "names": names})
    return " ".join(found)


def _saved(count: int) -> str:
    return ngettext(
        "Saved %(count)s measure: %(names)s.", "Saved %(count)s measures: %(names)s.", count
    )


def _withdrawn(count: int) -> str:
    return ngettext(
        "Withdrew %(count)s measure: %(names)s.", "Withdrew %(count)s measures: %(names)s.", count
    )


def _proposed(count: int) -> str:
    return ngettext(
        "Proposed %(count)s change, which waits for a second person: %(names)s.",
        "Proposed %(count)s changes, which wait for a second person: %(names)s.",
        count,
    )


def _unchanged(count: int) -> str:
    return ngettext(
        "%(count)s measure had no change, so nothing of it was saved: %(names)s.",
        "%(count)s measures had no change, so nothing of them was saved: %(names)s.",
        count,
    )
