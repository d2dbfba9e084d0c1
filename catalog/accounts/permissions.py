"""The rights that an account or a group can be given, in the reader's language: Django keeps English names."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.forms import ModelMultipleChoiceField
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "view": _("may view"),
    "add": _("may add"),
    "change": _("may change"),
    "delete": _("may delete"),
}
# No page of this site asks for a right to these.
WITHOUT_PAGES = ("admin", "axes", "contenttypes", "otp_static", "otp_totp", "sessions")


class PermissionField(ModelMultipleChoiceField):
    """A choice of rights, each named by its table and what may be done there."""

    def label_from_instance(self, obj: Permission) -> str:
        """Return the right's table and action; one that Django did not make keeps its own name."""
        model = obj.content_type.model_class()
        action, _line, name = obj.codename.partition("_")
        if model is None or name != obj.content_type.model or action not in ACTIONS:
            return f"{obj.content_type.name}: {obj.name}"
        return (
            f"{model._meta.app_config.verbose_name} | {model._meta.verbose_name}: {ACTIONS[action]}"
        )


def with_pages(permissions: QuerySet[Permission]) -> QuerySet[Permission]:
    """Return the rights that some page asks for, each with its table. No query of its own."""
    return permissions.exclude(content_type__app_label__in=WITHOUT_PAGES).select_related(
        "content_type"
    )
