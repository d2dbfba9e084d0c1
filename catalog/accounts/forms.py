"""What people type to log in with a code, and to set a second factor up or take it away."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from catalog.accounts.limits import prepare
from catalog.accounts.two_factor import LONGEST_CODE_CHARACTERS, Check

WRONG_CODE = _("This code is not right, or was used before. Wait for the next one and type that.")
WAIT_FOR_CODE = ngettext_lazy(
    "Too many wrong codes: try again in %(seconds)s second.",
    "Too many wrong codes: try again in %(seconds)s seconds.",
    "seconds",
)


class LogInForm(AdminAuthenticationForm):
    """Django's form of name and password, which says how long a name may be but takes any."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        name = self.fields["username"]
        assert isinstance(name, forms.CharField)
        assert name.max_length
        # What is too long never comes as far as the records of failures.
        name.validators.append(MaxLengthValidator(name.max_length))


class CodeForm(forms.Form):
    """One code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST_CODE_CHARACTERS,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def refuse(self, check: Check) -> None:
        """Say beside the field what is wrong with the code."""
        wait = check.wait_seconds
        self.add_error("code", WAIT_FOR_CODE % {"seconds": wait} if wait else WRONG_CODE)


class LogInCodeForm(CodeForm):
    """The second step of a log-in."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["code"].help_text = _(
            "The six digits that your authenticator shows now, or one of your recovery codes."
        )
        self.fields["code"].widget.attrs["autofocus"] = True


class ProofForm(CodeForm):
    """A code and the account's password: whoever finds a page left open has neither."""

    field_order = ("password", "code")

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.request = request

    def clean_password(self) -> str:
        """Refuse a wrong password; it counts as a failed log-in."""
        password: str = self.cleaned_data["password"]
        user = self.request.user
        assert isinstance(user, User)
        prepare(self.request)
        if authenticate(self.request, username=user.get_username(), password=password) is None:
            raise forms.ValidationError(_("This is not your password."), code="password")
        return password
