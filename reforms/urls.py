"""Every public address: the site map."""

from django.urls import path, register_converter

from reforms import api, views


class FormConverter:
    """The forms in which a list can be taken away."""

    regex = "csv|xlsx|json|docx"

    def to_python(self, value: str) -> str:
        """Return the form as the address has it."""
        return value

    def to_url(self, value: str) -> str:
        """Return the form as the address has it."""
        return value


class DataFormConverter(FormConverter):
    """The forms in which figures can be taken away: as prose they stand in the memo of measures."""

    regex = "csv|xlsx|json"


register_converter(FormConverter, "form")
register_converter(DataFormConverter, "data_form")

# Pages and downloads, behind the language of the reader.
urlpatterns = [
    path("", views.home, name="home"),
    path("measures.<form:form>", views.measures_file, name="measures_file"),
    path("compare.<form:form>", views.compare_file, name="compare_file"),
    path("figures.<data_form:form>", views.figures_file, name="figures_file"),
    path(
        "compare/<slug:source>/<slug:key>.<form:form>",
        views.compare_measure_file,
        name="compare_measure_file",
    ),
    path("measures/<slug:source>/<slug:key>.<form:form>", views.measure_file, name="measure_file"),
    path("measures/", views.measure_list, name="measure_list"),
    path("measures/<slug:source>/", views.measures_of_source, name="measures_of_source"),
    path("measures/<slug:source>/<slug:key>/", views.measure_detail, name="measure_detail"),
    path(
        "measures/<slug:source>/<slug:key>/history/", views.measure_history, name="measure_history"
    ),
    path(
        "measures/<slug:source>/<slug:key>/history/<int:version>/",
        views.measure_version,
        name="measure_version",
    ),
    path("changes/", views.change_log, name="change_log"),
    path("chapter/", views.chapter, name="chapter"),
    path("compare/", views.compare, name="compare"),
    path("compare/<slug:source>/<slug:key>/", views.compare_measure, name="compare_measure"),
    path("basket.<form:form>", views.basket_file, name="basket_file"),
    path("basket/compare.<form:form>", views.basket_compare_file, name="basket_compare_file"),
    path("basket/", views.basket, name="basket"),
    path("basket/chapter/", views.basket_chapter, name="basket_chapter"),
    path("basket/compare/", views.basket_compare, name="basket_compare"),
    path("figures/", views.figure_list, name="figure_list"),
    path("sources/", views.source_list, name="source_list"),
    path("sources/<slug:source>/", views.source_detail, name="source_detail"),
    path("report/", views.report, name="report"),
    path("report/thanks/", views.report_thanks, name="report_thanks"),
    path("suggestions/", views.suggestions, name="suggestions"),
]

# Data, behind /api/v1/.
api_urlpatterns = [
    path("measures/", api.measures, name="api_measures"),
]
