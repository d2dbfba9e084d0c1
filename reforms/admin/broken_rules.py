"""The page of broken rules in the admin: what was written past the checks that every save makes."""

from typing import Any

from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from reforms.admin.measure_list import MeasureListAdmin
from reforms.checking import BrokenRule, broken_rules, untiled_sources
from reforms.models import Measure

MEASURES_A_PAGE = 200


class BrokenRulesAdmin(MeasureListAdmin):
    """Measures with the page that checks them."""

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of measures, the check's before the stock ones."""
        own = path(
            "check/",
            self.admin_site.admin_view(self.check_view),
            name="reforms_measure_check",
        )
        return [own, *super().get_urls()]

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """Check 200 measures, by source and position, and every source on the first page.

        A number beyond the last page shows the last; what is no number, the first.
        """
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        in_order = Measure.objects.order_by("source__position", "position", "pk")
        paginator = Paginator(in_order.values_list("pk", flat=True), MEASURES_A_PAGE)
        page = paginator.get_page(request.GET.get(PAGE_VAR))
        found = list(broken_rules(Measure.objects.filter(pk__in=list(page))))
        if page.number == 1:
            found += untiled_sources()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Broken rules"),
            "opts": self.opts,
            "rows": [_row(one) for one in found],
            "page": page,
        }
        return TemplateResponse(request, "admin/reforms/measure/check.html", context)


def _row(broken: BrokenRule) -> dict[str, Any]:
    subject, error = broken.subject, broken.error
    kind = "measure" if isinstance(subject, Measure) else "source"
    return {
        "subject": subject,
        "address": reverse(f"admin:reforms_{kind}_change", args=[subject.pk]),
        "path": error.path,
        "message": _(error.template) % error.values,
    }
