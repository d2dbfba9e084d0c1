"""New notices in the admin: paste or upload a text, see what was read, decide what is open, save it unpublished."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms import editing, importing
from reforms.admin.bounded import BoundedAdmin
from reforms.admin.draft_forms import TextForm
from reforms.admin.drafts import CORRECT_BUTTON, DraftPage
from reforms.admin.kept_forms import is_save, note_done
from reforms.exchange import RecordError
from reforms.models import NoticeDraft, Source
from reforms.new_notice import Decisions, catalog_of, printed_facts
from reforms.search import count_rows_anew

ADD_TEMPLATE = "admin/reforms/noticedraft/add.html"
PREVIEW_TEMPLATE = "admin/reforms/noticedraft/preview.html"
SAVE_BUTTON, THROW_AWAY_BUTTON, TAKE_BACK_BUTTON = "_save_notice", "_throw_away", "_take_back"
MAX_DIGITS = 6


@admin.register(NoticeDraft)
class NoticeDraftAdmin(BoundedAdmin):
    """New notices, the newest first, until each is a source."""

    list_display = ("name", "state", "corrected", "by", "changed_by", "changed_at")
    list_select_related = ("by", "changed_by", "source")
    ordering = ("-pk",)
    sortable_by = ("changed_at",)
    search_fields = ("name", "file_name")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return drafts without their texts, which a list does not show."""
        return super().get_queryset(request).defer("text", "source__text")

    @admin.display(description=gettext_lazy("state"))
    def state(self, draft: NoticeDraft) -> str:
        """Whether it is still to be saved, and what became of it."""
        if draft.source:
            return _("Saved as a source")
        return _("Thrown away") if draft.thrown_away_at else _("To be looked through and saved")

    @admin.display(description=gettext_lazy("decided by hand"))
    def corrected(self, draft: NoticeDraft) -> int:
        """How many cuts were corrected, and places and categories chosen."""
        return Decisions.from_json(draft.decisions).count

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Take a pasted or uploaded text and show what was read of it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TextForm(request.POST or None, request.FILES or None)
        if is_save(request) and form.is_valid():
            reading, text = form.cleaned_data["reading"], form.cleaned_data["text"]
            printed = printed_facts(text, reading)
            facts = {name: getattr(printed, name) for name in printed.__dataclass_fields__}
            name = printed.title_zh or text.strip().splitlines()[0]
            file_name = form.cleaned_data["file_name"]
            draft = editing.begin_draft(text, name[:200], file_name, facts, request.user)
            self.log_addition(request, draft, _("Begun"))
            for note in form.cleaned_data["notes"]:
                self.message_user(request, _(note.template) % note.values, "warning")
            return redirect("admin:reforms_noticedraft_change", draft.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("New notice"),
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
        """Show what was read, keep what is decided, save the notice; at most 12 queries to show."""
        draft = self.get_object(request, object_id)
        if draft is None:
            return self.not_found(request, object_id)
        if not self.has_view_permission(request, draft):
            raise PermissionDenied
        if draft.source:
            return redirect("admin:reforms_source_change", draft.source.pk)
        posted = request.POST if request.method == "POST" else None
        page = DraftPage(draft, posted)
        status = 200
        if is_save(request):
            if not self.has_change_permission(request, draft):
                raise PermissionDenied
            answer = self._take(request, draft, page)
            if answer is not None:
                return answer
            status = 409 if page.version.is_stale else 400
        return self._render(request, draft, page, status)

    def _take(
        self, request: HttpRequest, draft: NoticeDraft, page: DraftPage
    ) -> HttpResponse | None:
        """Keep what was posted, and save or throw away where that was asked; None where refused."""
        if not (page.version.is_valid() and page.facts.is_valid() and page.decisions_are_valid()):
            return None
        decisions = _decisions_of(request, page)
        if decisions is None:
            return None
        own = reverse("admin:reforms_noticedraft_change", args=[draft.pk])
        version = page.version.cleaned_data["version"]
        try:
            with transaction.atomic():
                if THROW_AWAY_BUTTON in request.POST:
                    editing.throw_away(draft, version, request.user)
                    done, own = _("Thrown away; its text is kept."), self._list_address()
                else:
                    kept = editing.change_draft(
                        draft, version, page.facts.kept(), decisions.to_json(), request.user
                    )
                    done = _("Kept: what you decided stands in the preview.")
                    if CORRECT_BUTTON in request.POST:
                        own += f"#c{decisions.corrections[-1].start}"
                    if SAVE_BUTTON in request.POST:
                        source = self._save(kept, page)
                        editing.note_saved(kept, kept.version, source, request.user)
                        done = _("Saved unpublished. A Publisher makes it public on this page.")
                        own = reverse("admin:reforms_source_change", args=[source.pk])
        except (editing.StaleRow, RecordError) as error:
            page.version.refuse(
                error, NoticeDraft.objects.values_list("version", flat=True).get(pk=draft.pk)
            )
            return None
        note_done(request)
        self.log_change(request, draft, done)
        self.message_user(request, done, "success")
        return redirect(own)

    def _save(self, draft: NoticeDraft, page: DraftPage) -> Source:
        """Make the source and its measures of a draft; raises ``RecordError`` for what is in the way."""
        problem = page.facts.lacking() or page.undecided()
        if problem:
            raise RecordError("", "%(problem)s", problem=problem)
        facts = page.facts.to_facts()
        if Source.objects.filter(slug=facts.slug).exists():
            raise RecordError("slug", "%(slug)s is the name of another source.", slug=facts.slug)
        same = Source.objects.filter(text=draft.text).first()
        if same:
            raise RecordError("text", "%(slug)s has this text already.", slug=same.slug)
        last = Source.objects.order_by("-position").values_list("position", flat=True).first() or 0
        catalog = catalog_of(draft.text, page.reading, facts, last + 1, {})
        importing.load_catalog(catalog, by_name=draft.changed_by.get_username())
        count_rows_anew()
        return Source.objects.get(slug=facts.slug)

    def _list_address(self) -> str:
        return reverse("admin:reforms_noticedraft_changelist")

    def _render(
        self, request: HttpRequest, draft: NoticeDraft, page: DraftPage, status: int
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("New notice: %(name)s") % {"name": draft.name},
            "opts": self.opts,
            "original": draft,
            "draft": draft,
            "page": page,
            "may_change": self.has_change_permission(request, draft) and not draft.thrown_away_at,
            "list_address": self._list_address(),
        }
        return TemplateResponse(request, PREVIEW_TEMPLATE, context, status=status)


def _decisions_of(request: HttpRequest, page: DraftPage) -> Decisions | None:
    """Return what is decided with the posted correction, or without one taken back; None where it is refused."""
    if CORRECT_BUTTON in request.POST:
        if not page.correcting.is_valid():
            return None
        return page.with_correction(page.correcting.cleaned_data["correction"])
    number = request.POST.get(TAKE_BACK_BUTTON, "")
    if number.isascii() and number.isdigit() and len(number) < MAX_DIGITS:
        return page.without_correction(int(number))
    return page.decisions_posted()
