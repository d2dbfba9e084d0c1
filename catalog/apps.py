"""The project package's registration with Django, which gives it commands and signals."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """The project itself: commands, accounts and what is recorded of their log-ins."""

    name = "catalog"
    verbose_name = _("Log-ins")

    def ready(self) -> None:
        """Start the clock of a session when somebody logs in, and write refusals down."""
        from axes.signals import user_locked_out
        from django.contrib.auth.signals import user_logged_in

        from catalog.accounts.limits import note_refusal
        from catalog.sessions import start_clock

        user_logged_in.connect(start_clock, dispatch_uid="catalog.sessions.start_clock")
        user_locked_out.connect(note_refusal, dispatch_uid="catalog.accounts.note_refusal")


class StaffAdminConfig(admin_apps.AdminConfig):
    """Django's admin, whose default site asks for a second factor where an account has one."""

    # "catalog" alone means the project.
    default = False
    default_site = "catalog.accounts.site.StaffSite"
