"""The root of all addresses."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from reforms.urls import api_urlpatterns

handler400 = "reforms.views.bad_request"
handler403 = "reforms.views.permission_denied"
handler404 = "reforms.views.page_not_found"
# Django knows no such page; catalog.middleware.bounded_bodies asks for it.
handler413 = "reforms.views.too_large"
handler500 = "reforms.views.server_error"

# /livez and /readyz are answered by catalog.middleware.probes, before any host name is checked.
urlpatterns = [
    path("admin/language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api_urlpatterns)),
    # An address without a language is a 404 that LocaleMiddleware turns into a redirect.
    *i18n_patterns(path("", include("reforms.urls")), prefix_default_language=True),
]
