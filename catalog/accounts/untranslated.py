"""Texts of Django's admin that its own Chinese lacks: named here, they are translated in locale/."""

from django.utils.translation import gettext_noop

TEXTS = (
    gettext_noop("After you’ve created a user, you’ll be able to edit more user options."),
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
)
