"""The app's registration with Django."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReformsConfig(AppConfig):
    """The one app of the catalog."""

    name = "reforms"
    verbose_name = _("Reform measures")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the search index in step with a restored backup, and no typing longer than promised."""
        from django.contrib.auth.signals import user_logged_in

        from catalog.backups import after_restore, before_restore

        # A save takes this lock before it locks a row, and so does a restore.
        before_restore.connect(_lock_index, dispatch_uid="reforms.lock_index")
        after_restore.connect(_mend_index, dispatch_uid="reforms.mend_index")
        user_logged_in.connect(_forget_old_forms, dispatch_uid="reforms.forget_old_forms")


def _lock_index(**_options: Any) -> None:
    from reforms.search import lock_index

    lock_index()


def _mend_index(**_options: Any) -> str:
    from reforms.search import mend_index

    wrong = mend_index()
    if wrong:
        return f"Search index: {wrong} rows were not as this release writes them; written anew"
    return "Search index: in step with the texts"


def _forget_old_forms(**_options: Any) -> None:
    from reforms.editing import forget_old_forms

    forget_old_forms()
