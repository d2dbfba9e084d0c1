"""Accounts and groups in the admin: as Django has them, but bounded, and closed instead of deleted."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.accounts.permissions import PermissionField, with_pages
from reforms import editing
from reforms.admin.bounded import WordFilter
from reforms.admin.kept_changes import KeptChangesAdmin, SeenForm

User = get_user_model()
# Never the password: when it changed is kept elsewhere.
OF_AN_ACCOUNT = (
    "username",
    "first_name",
    "last_name",
    "email",
    "is_active",
    "is_staff",
    "is_superuser",
    "groups",
    "user_permissions",
)
OF_A_GROUP = ("name", "permissions")
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


class AccountForm(SeenForm, UserChangeForm):
    """An account as it was opened."""

    kept_fields = OF_AN_ACCOUNT


class GroupForm(SeenForm):
    """A group as it was opened."""

    kept_fields = OF_A_GROUP


class RightsInWords:
    """Rights are chosen by names in the reader's language."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Return the field; that of the rights offers those that some page asks for."""
        if db_field.remote_field.model is Permission:
            options |= {
                "form_class": PermissionField,
                "queryset": with_pages(Permission.objects.all()),
            }
        return super().formfield_for_manytomany(db_field, request, **options)  # type: ignore[misc]


@admin.register(User)
class AccountAdmin(RightsInWords, KeptChangesAdmin, UserAdmin):
    """Accounts: whoever leaves has theirs closed, since the history names them."""

    form = AccountForm
    kept_fields = OF_AN_ACCOUNT
    list_filter = (ActiveFilter,)
    search_fields = ("username", "first_name", "last_name", "email")
    readonly_fields = ("last_login", "date_joined")
    # The stock chooser of two lists is not usable with a screen reader; a plain list is.
    filter_horizontal = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the stock fields of an account, and the hidden one that names what was seen."""
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, (None, {"fields": ("seen",)})] if obj else fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only a superuser makes superusers, and gives rights beyond those of the groups."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if request.user.is_superuser else (*fixed, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a superuser changes a superuser, the password included."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return bool(super().has_change_permission(request, obj))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store an account; what is kept for one that is closed goes."""
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            editing.forget_old_forms()


@admin.register(Group)
class BoundedGroupAdmin(RightsInWords, KeptChangesAdmin, GroupAdmin):  # type: ignore[misc]
    """Groups of accounts."""

    form = GroupForm
    kept_fields = OF_A_GROUP
    search_fields = ("name",)
    filter_horizontal = ()
