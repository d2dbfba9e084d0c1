"""Selected words of the source in the admin: one page that says what they are and saves it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from reforms import editing, versions
from reforms.admin.assembling import BROKEN_FORM
from reforms.admin.kept_forms import is_save
from reforms.admin.measure_history import MeasureHistoryAdmin
from reforms.admin.submitting import made_from_list, open_proposal_error, submit
from reforms.admin.words_page import WordsPage
from reforms.changes import Names, changes
from reforms.exchange import RecordError
from reforms.models import Measure

WORDS_TEMPLATE = "admin/reforms/measure/words.html"


class MeasureWordsAdmin(MeasureHistoryAdmin):
    """Measures with the page on which an editor says what selected words of the source are."""

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of measures, the page's own before the stock ones."""
        own = [
            path(
                "<path:object_id>/words/",
                self.admin_site.admin_view(self.words_view),
                name="reforms_measure_words",
            ),
            path(
                "<path:object_id>/recut/",
                self.admin_site.admin_view(self.recut_view),
                name="reforms_measure_recut",
            ),
        ]
        return [*own, *super().get_urls()]

    def recut_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send the page's former address to its present one, with the words that it names."""
        address = reverse("admin:reforms_measure_words", args=[object_id])
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{address}?{query}" if query else address)

    def words_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Choose words of the source and what they are; one save, one version. At most 22 queries to show."""
        measure = self.measure_of(request, object_id)
        if measure is None:
            return self.not_found(request, object_id)
        if not self.has_change_permission(request, measure):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        page = WordsPage(measure, request.GET, posted)
        if posted is None and page.belongs_elsewhere:
            return self._to_holder(request, page)
        status = 400 if page.problem else 200
        if posted is not None:
            version = self._opened_at(page)
            if version != measure.version:
                return self._render_conflict(request, object_id, page, version)
            if is_save(request) and not page.problem:
                try:
                    answer = self._save_words(request, page)
                except versions.VersionConflict:
                    return self._render_conflict(request, object_id, page, version)
                if answer:
                    return answer
        return self._render_words(request, page, status)

    def _opened_at(self, page: WordsPage) -> int:
        """Return the version that the posted page was opened at; the live one where none is named."""
        form = page.save_form
        form.is_valid()
        number = form.cleaned_data.get("version")
        if number is None or not page.measure.versions.filter(version=number).exists():
            form.add_error(None, _(BROKEN_FORM))
            return page.measure.version
        return int(number)

    def _to_holder(self, request: HttpRequest, page: WordsPage) -> HttpResponse:
        """Send a misprint of the source's own words to the measure that its erratum stands on."""
        key = page.holder.number or page.holder.key
        self.message_user(
            request,
            _("These words belong to no measure: their erratum stands on the next one, %(key)s.")
            % {"key": key},
        )
        address = reverse("admin:reforms_measure_words", args=[page.holder.pk])
        return redirect(f"{address}?{request.GET.urlencode()}")

    def _save_words(self, request: HttpRequest, page: WordsPage) -> HttpResponse | None:
        """Save what was said and go on; None where it is refused, which its form says."""
        change = page.change()
        if change is None:
            return None
        values = page.save_form.cleaned_data
        try:
            saved = submit(self, request, change, page.measure, values["version"], values["reason"])
        except RecordError as error:
            page.add_record_error(error)
        except editing.OpenProposal as error:
            page.form.add_error(None, open_proposal_error(error))
        else:
            if saved.proposal:
                return redirect(made_from_list(request, saved.proposal))
            address = reverse("admin:reforms_measure_words", args=[page.measure.pk])
            return redirect(address + page.query())
        return None

    def _render_conflict(
        self, request: HttpRequest, object_id: str, page: WordsPage, opened: int
    ) -> HttpResponse:
        """Show what somebody saved in between; all that was typed stays, and can be saved on top."""
        measure = self.measure_of(request, object_id) or page.measure
        page = WordsPage(measure, request.GET, request.POST)
        page.save_form.is_valid()
        before = versions.read(measure.versions.get(version=opened))
        conflict = {
            "version": measure.versions.live().first(),
            "changes": changes(before, measure.to_record(), measure.source.text, Names()),
        }
        return self._render_words(request, page, 409, conflict)

    def _render_words(
        self,
        request: HttpRequest,
        page: WordsPage,
        status: int,
        conflict: dict[str, Any] | None = None,
    ) -> HttpResponse:
        measure: Measure = page.measure
        context = {
            **self.measure_context(request, measure),
            "title": _("On selected words of measure %(key)s")
            % {"key": measure.number or measure.key},
            "subtitle": measure.title or None,
            **page.context(),
            "conflict": conflict,
            "change_address": self.keeping_filters(
                request, reverse("admin:reforms_measure_change", args=[measure.pk])
            ),
        }
        return TemplateResponse(request, WORDS_TEMPLATE, context, status=status)
