"""What every list and form of the admin shares: bounded input, nothing deleted, languages."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from reforms.admin.kept_forms import never_valid, note_done, taken_back
from reforms.models.choices import choices

MAX_SEARCH_CHARACTERS = 200
MAX_SEARCH_WORDS = 10
LANGUAGES_OF_PAGES = (("zh-hans", "中文"), ("en", "English"))


class BoundedAdmin(admin.ModelAdmin):
    """A table in the admin whose address takes only the filters it shows, and deletes nothing."""

    list_per_page = 50
    list_max_show_all = 200
    view_on_site = False
    # Counting under every filter costs a query a choice.
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    # Field filters that the list shows, as the address names them.
    field_lookups: tuple[str, ...] = ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes: rows are withdrawn or left alone."""
        return False

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any
    ) -> Any:
        """Return the stock form; one that shows what was kept is not saved by being shown."""
        form = super().get_form(request, obj, change=change, **options)
        return never_valid(form) if taken_back(request) else form

    def changeform_view(
        self, request: HttpRequest, *arguments: Any, **options: Any
    ) -> HttpResponse:
        """Show or save a row; 409 where its form says that somebody saved it meanwhile."""
        answer: HttpResponse = super().changeform_view(request, *arguments, **options)
        page = getattr(answer, "context_data", None) or {}
        if "adminform" in page and getattr(page["adminform"].form, "is_stale", False):
            answer.status_code = 409
        return answer

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Note a new row in the log, and that what was posted is done."""
        note_done(request)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Note a save in the log, and that what was posted is done."""
        note_done(request)
        return super().log_change(request, obj, message)

    def keeping_filters(self, request: HttpRequest, address: str) -> str:
        """Return an address of the table that leads back to the list this page was opened from."""
        filters: Any = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        kept: str = add_preserved_filters(filters, address)
        return kept

    def not_found(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send who asks for a row that is not there to the index, with a message, as Django does."""
        answer: HttpResponse = self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]
            request, self.opts, object_id
        )
        return answer

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only the parameters of the filters on the page; all others are a bad request.

        Django allows any lookup on a table's own fields, ``?status__regex=(`` among them.
        """
        filters = self.get_list_filter(request) if request else self.list_filter
        names = {getattr(part, "parameter_name", None) for part in filters}
        return lookup in names or lookup in self.field_lookups

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Search for at most ``MAX_SEARCH_WORDS`` words; more find nothing and say so."""
        words = search_term.split()
        if len(search_term) > MAX_SEARCH_CHARACTERS or len(words) > MAX_SEARCH_WORDS:
            self.message_user(
                request,
                _("Search for at most %(words)s words of %(characters)s characters in all.")
                % {"words": MAX_SEARCH_WORDS, "characters": MAX_SEARCH_CHARACTERS},
                "error",
            )
            return queryset.none(), False
        return self.search(queryset, words) if words else queryset, False

    def search(self, queryset: models.QuerySet, words: list[str]) -> models.QuerySet:
        """Return the rows that hold every word in one of the ``search_fields``."""
        for word in words:
            condition = models.Q()
            for name in self.search_fields:
                condition |= models.Q(**{f"{name}__icontains": word})
            queryset = queryset.filter(condition)
        return queryset


class WordFilter(admin.SimpleListFilter):
    """A filter whose choices are fixed words; any other word in the address is refused."""

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        """Return the rows of the chosen word."""
        chosen = self.value()
        if chosen is None:
            return queryset
        if chosen not in {str(word) for word, _label in self.lookup_choices}:
            raise IncorrectLookupParameters()
        return self.select(queryset, chosen)

    def select(self, queryset: models.QuerySet, word: str) -> models.QuerySet:
        """Return the rows of this word."""
        raise NotImplementedError


class CodedFilter(WordFilter):
    """A filter by a column of coded words, which the address names as the table does."""

    words: type[StrEnum]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the words, each with what editors see for it."""
        return choices(self.words)

    def select(self, queryset: models.QuerySet, word: str) -> models.QuerySet:
        """Return the rows of this word."""
        return queryset.filter(**{str(self.parameter_name): word})


def public_links(name: str, arguments: Iterable[str]) -> list[dict[str, str]]:
    """Return the address of a public page in each language, with the language's own name."""
    links = []
    for code, label in LANGUAGES_OF_PAGES:
        with override(code):
            address = reverse(name, args=list(arguments))
        links.append({"code": code, "label": label, "address": address})
    return links
