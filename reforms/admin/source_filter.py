"""The filter by source: all of them while they are few, the newest where they are many, and that said."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms.admin.bounded import WordFilter
from reforms.models import Source

MAX_LISTED = 50


class SourceFilter(WordFilter):
    """Measures of one source; ``path`` leads from a row to its source. 1 query, 3 where there are many."""

    title: Any = gettext_lazy("source")
    parameter_name = "source"
    path = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the sources in order; of many the newest, and the one that the address names."""
        sources = Source.objects.only("slug", "position", "short_name_zh", "short_name_en")
        rows = list(sources.order_by("-position")[: MAX_LISTED + 1])
        if len(rows) > MAX_LISTED:
            named = request.GET.get(self.parameter_name, "")
            rows = rows[:MAX_LISTED]
            if named not in {row.slug for row in rows}:
                rows += sources.filter(slug=named)
            values = {"shown": MAX_LISTED, "count": Source.objects.count()}
            self.title = (
                _("source: the newest %(shown)s of %(count)s; others from the list of sources")
                % values
            )
        return [(row.slug, row) for row in sorted(rows, key=lambda row: row.position)]

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return the rows of the source."""
        return queryset.filter(**{f"{self.path}__slug": word})
