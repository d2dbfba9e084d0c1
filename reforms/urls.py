"""Every public address: the site map."""

from django.urls import path

from reforms import api, views

# Pages, behind the language of the reader.
urlpatterns = [
    path("", views.home, name="home"),
    path("measures/", views.measure_list, name="measure_list"),
    path("measures/<slug:source>/", views.measures_of_source, name="measures_of_source"),
    path("measures/<slug:source>/<slug:key>/", views.measure_detail, name="measure_detail"),
    path("compare/", views.compare, name="compare"),
    path("sources/", views.source_list, name="source_list"),
    path("sources/<slug:source>/", views.source_detail, name="source_detail"),
    path("suggestions/", views.suggestions, name="suggestions"),
]

# Data, behind /api/v1/.
api_urlpatterns = [
    path("measures/", api.measures, name="api_measures"),
]
