"""The app's registration with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReformsConfig(AppConfig):
    """The one app of the catalog."""

    name = "reforms"
    verbose_name = _("Reform measures")
    default_auto_field = "django.db.models.BigAutoField"
