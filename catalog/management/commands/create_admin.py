"""`manage.py create_admin`: make an account that may do everything in /admin/."""

import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from catalog import start


class Command(BaseCommand):
    """Django's createsuperuser in one language, and never a silent failure."""

    help = (
        "Make an account that may do everything in /admin/: asks for its name, e-mail address "
        "(may stay empty) and password. Without a terminal, set DJANGO_SUPERUSER_USERNAME, "
        "DJANGO_SUPERUSER_PASSWORD and, if you like, DJANGO_SUPERUSER_EMAIL: nothing is asked then."
    )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Make the account, or fail with one sentence and none made."""
        account = start.administrator_from_environment()
        if account is None and not sys.stdin.isatty():
            raise CommandError(
                "No account was made: there is no terminal to ask at. Set DJANGO_SUPERUSER_USERNAME "
                "and DJANGO_SUPERUSER_PASSWORD (and DJANGO_SUPERUSER_EMAIL), or run this in one."
            )
        start.refuse_missing_tables()
        # The site's language is Chinese, that of the commands English: no prompt mixes them.
        with translation.override("en"):
            if account is None:
                self.stdout.write(
                    "An account for /admin/: choose its name and password "
                    "(the e-mail address may stay empty)."
                )
            try:
                call_command(
                    "createsuperuser", interactive=account is None, verbosity=0, **(account or {})
                )
            except EOFError as error:
                raise CommandError("No account was made: the input ended.") from error
        self.stdout.write("The account is made. Sign in at /admin/ of the running site.")
