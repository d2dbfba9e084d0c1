"""The project package's registration with Django, which gives it commands and signals."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """The project itself: nothing stored, only commands and session limits."""

    name = "catalog"

    def ready(self) -> None:
        """Start the clock of a session when somebody logs in."""
        from django.contrib.auth.signals import user_logged_in

        from catalog.sessions import start_clock

        user_logged_in.connect(start_clock, dispatch_uid="catalog.sessions.start_clock")
