"""`manage.py compile_translations`: make the compiled message files that the site reads."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from catalog.translations import compile_messages, message_files


class Command(BaseCommand):
    """Compile each message file that changed since it was compiled."""

    help = "Compile the message files in locale/ that changed, without GNU gettext."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """Compile, and say how many files were stale."""
        files = message_files([Path(folder) for folder in settings.LOCALE_PATHS])
        compiled = sum(compile_messages(file) for file in files)
        self.stdout.write(f"{compiled} of {len(files)} message files compiled, the rest unchanged.")
