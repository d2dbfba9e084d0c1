"""`manage.py check_start`: say what would keep the site from starting, before anything is written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalog import environment, start


class Command(BaseCommand):
    """Check the address and the database, in this order; silent where both will do."""

    help = (
        "Check that the site can listen at HOST and PORT and open the database in DATABASE_URL; "
        "say in one sentence what is wrong, and fail. Prints nothing where all is well. "
        "`make serve` and `make dev` run it before they write anything."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the check of the database alone."""
        parser.add_argument(
            "--database-only",
            action="store_true",
            help="leave out the address: for work beside a site that is running",
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Raise the first sentence that applies."""
        if not options["database_only"]:
            start.worker_count()
            environment.threads()
            start.refuse_unusable_address(start.listening_host(), start.listening_port())
        start.refuse_closed_database()
