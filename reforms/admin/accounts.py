"""Accounts and groups in the admin: as Django has them, but bounded, and closed instead of deleted."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reforms.admin.bounded import BoundedAdmin, WordFilter

User = get_user_model()
admin.site.unregister(User)
admin.site.unregister(Group)


class ActiveFilter(WordFilter):
    """Accounts that may sign in, or that may not."""

    title = _("may sign in")
    parameter_name = "active"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the two choices."""
        return [("yes", _("Yes")), ("no", _("No"))]

    def select(self, queryset: QuerySet, word: str) -> QuerySet:
        """Return the accounts that are open, or closed."""
        return queryset.filter(is_active=word == "yes")


@admin.register(User)
class AccountAdmin(BoundedAdmin, UserAdmin):
    """Accounts: whoever leaves has theirs closed, since the history names them."""

    list_filter = (ActiveFilter,)
    search_fields = ("username", "first_name", "last_name", "email")
    readonly_fields = ("last_login", "date_joined")
    # The stock chooser of two lists is not usable with a screen reader; a plain list is.
    filter_horizontal = ()


@admin.register(Group)
class BoundedGroupAdmin(BoundedAdmin, GroupAdmin):
    """Groups of accounts."""

    search_fields = ("name",)
    filter_horizontal = ()
