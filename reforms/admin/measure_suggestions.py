"""Suggestions in the admin: one page of a measure on which each is accepted, filled in or refused."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reforms import editing, versions
from reforms.admin.kept_forms import is_save, note_done
from reforms.admin.measure_words import MeasureWordsAdmin
from reforms.admin.submitting import made_from_list, open_proposal_error, submit
from reforms.admin.suggested import SuggestionsPage
from reforms.exchange import RecordError
from reforms.models import Measure

SUGGESTIONS_TEMPLATE = "admin/reforms/measure/suggestions.html"
OFFER_AGAIN_BUTTON = "_offer_again"
MAX_DIGITS = 18


class MeasureSuggestionsAdmin(MeasureWordsAdmin):
    """Measures with the page of what their text suggests."""

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of measures, the page's own before the stock ones."""
        own = path(
            "<path:object_id>/suggestions/",
            self.admin_site.admin_view(self.suggestions_view),
            name="reforms_measure_suggestions",
        )
        return [own, *super().get_urls()]

    def suggestions_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what the text suggests, or save what was chosen; at most 20 queries to show.

        What is accepted is one change of the measure, published or proposed as the account may;
        with it stands or falls what is refused.
        """
        measure = self.measure_of(request, object_id)
        if measure is None:
            return self.not_found(request, object_id)
        if not self.has_change_permission(request, measure):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        page = SuggestionsPage(measure, posted)
        status = 200
        if is_save(request):
            if OFFER_AGAIN_BUTTON in request.POST:
                return self._offer_again(request, measure)
            try:
                answer = self._take_choices(request, page)
            except versions.VersionConflict:
                page = SuggestionsPage(self.measure_of(request, object_id) or measure, posted)
                page.add_conflict()
                return self._render_suggestions(request, page, 409)
            if answer is not None:
                return answer
            status = 400
        return self._render_suggestions(request, page, status)

    def _own_address(self, request: HttpRequest, measure: Measure) -> str:
        address = reverse("admin:reforms_measure_suggestions", args=[measure.pk])
        return self.keeping_filters(request, address)

    def _offer_again(self, request: HttpRequest, measure: Measure) -> HttpResponse:
        number = request.POST[OFFER_AGAIN_BUTTON]
        is_number = number.isascii() and number.isdigit() and len(number) <= MAX_DIGITS
        if is_number and editing.offer_again(measure, int(number), request.user):
            self.message_user(request, _("It is suggested again."), "success")
        note_done(request)
        return redirect(self._own_address(request, measure))

    def _take_choices(self, request: HttpRequest, page: SuggestionsPage) -> HttpResponse | None:
        """Save what was chosen and go on; None where it is refused, which the form says.

        Raises ``VersionConflict``.
        """
        if not page.is_valid():
            return None
        values = page.save_form.cleaned_data
        saved = None
        try:
            if values["version"] != page.measure.version:
                raise versions.VersionConflict(page.record, page.measure.version)
            with transaction.atomic():
                editing.refuse_suggestions(page.measure, page.rejected, request.user)
                if page.accepted:
                    reason = values["reason"] or _("Accepted from suggestions")
                    change = page.change()
                    saved = submit(self, request, change, page.measure, values["version"], reason)
        except RecordError as error:
            page.save_form.add_error(None, _(error.template) % error.values)
            return None
        except editing.OpenProposal as error:
            page.save_form.add_error(None, open_proposal_error(error))
            return None
        if page.rejected:
            count = len(page.rejected)
            text = ngettext(
                "%(count)s suggestion refused.", "%(count)s suggestions refused.", count
            )
            self.message_user(request, text % {"count": count}, "success")
            note_done(request)
        if saved and saved.proposal:
            return redirect(made_from_list(request, saved.proposal))
        return redirect(self._own_address(request, page.measure))

    def _render_suggestions(
        self, request: HttpRequest, page: SuggestionsPage, status: int
    ) -> HttpResponse:
        measure = page.measure
        context: dict[str, Any] = {
            **self.measure_context(request, measure),
            "title": _("Suggestions for measure %(key)s") % {"key": measure.number or measure.key},
            "subtitle": measure.title or None,
            "page": page,
            "change_address": self.keeping_filters(
                request, reverse("admin:reforms_measure_change", args=[measure.pk])
            ),
        }
        return TemplateResponse(request, SUGGESTIONS_TEMPLATE, context, status=status)
