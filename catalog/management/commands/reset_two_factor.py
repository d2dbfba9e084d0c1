"""`manage.py reset_two_factor`: let somebody in again who lost authenticator and recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from catalog import start
from catalog.accounts import two_factor


class Command(BaseCommand):
    """One account by its name; what was done stands in the account's history."""

    help = (
        "Take the two-factor log-in of an account away, with its recovery codes, and end its "
        "sessions: its password alone lets it in then. In the admin an administrator does the same "
        "for a colleague; this is for when no administrator can log in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the account's name."""
        parser.add_argument("username", help="the name that the account logs in with")
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would be done; change nothing"
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Reset the account, or fail with one sentence where there is none of that name."""
        start.refuse_missing_tables()
        name = options["username"]
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account named {name!r}.")
        if not two_factor.has_two_factor(user):
            self.stdout.write(f"{name} has no two-factor log-in: nothing to reset.")
        elif options["dry_run"]:
            self.stdout.write(f"Would reset the two-factor log-in of {name} and end its sessions.")
        else:
            two_factor.reset(user, user, _("Two-factor log-in reset on the server."))
            self.stdout.write(f"Reset the two-factor log-in of {name} and ended its sessions.")
