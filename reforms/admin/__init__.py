"""Editing by staff: posted forms to one record, handed to ``editing``."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from reforms.admin.accounts import AccountAdmin, BoundedGroupAdmin
from reforms.admin.imported import ImportedFileAdmin
from reforms.admin.measure_versions import MeasureVersionAdmin
from reforms.admin.measures import MeasureAdmin
from reforms.admin.new_notice import NoticeDraftAdmin
from reforms.admin.proposals import ProposalAdmin
from reforms.admin.reports import ReportAdmin
from reforms.admin.sources import SourceAdmin
from reforms.admin.vocabularies import CategoryAdmin, CityAdmin, IndicatorAdmin, ThemeAdmin

__all__ = [
    "AccountAdmin",
    "BoundedGroupAdmin",
    "CategoryAdmin",
    "CityAdmin",
    "ImportedFileAdmin",
    "IndicatorAdmin",
    "MeasureAdmin",
    "MeasureVersionAdmin",
    "NoticeDraftAdmin",
    "ProposalAdmin",
    "ReportAdmin",
    "SourceAdmin",
    "ThemeAdmin",
]

admin.site.site_header = _("Reform Measures Catalog: editing")
admin.site.site_title = _("Reform Measures Catalog")
admin.site.index_title = _("What to edit")
