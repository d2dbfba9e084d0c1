"""`manage.py update_translations`: bring the message files in step with the strings in code and templates."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalog.translations import untranslated, update_messages, wrong_placeholders


class Command(BaseCommand):
    """Add new strings, drop unused ones, keep every translation, and list what is missing."""

    help = "Bring locale/*/LC_MESSAGES/django.po in step with the strings in code and templates."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--check`."""
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; fail where a translation is missing",
        )

    def handle(self, *args: object, check: bool, **options: object) -> None:
        """Update or check every language but English, in which the strings are written."""
        root, folder = Path(settings.BASE_DIR), Path(settings.LOCALE_PATHS[0])
        missing: list[str] = []
        for code, _name in settings.LANGUAGES:
            if code == "en":
                continue
            language, _, variant = code.partition("-")
            locale = f"{language}_{variant.capitalize()}" if variant else language
            file = folder / locale / "LC_MESSAGES" / "django.po"
            found = untranslated(root, file) if check else update_messages(root, file)
            missing += [f"{locale}: {text}" for text in [*found, *wrong_placeholders(file)]]
        for text in missing:
            self.stdout.write(text)
        if check and missing:
            raise CommandError(f"{len(missing)} strings lack a sound translation.")
        self.stdout.write(f"{len(missing)} strings lack a translation.")
