#!/usr/bin/env python3
"""Run the project's commands: `manage.py help` lists them."""

import os
import sys


def main() -> None:
    """Hand the command line to Django; a wrong setting ends with one sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catalog.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here: run `make install`, then use .venv/bin/python.")
    try:
        # Read the settings first: `help` and `runserver` would swallow the error and go on.
        __import__(os.environ["DJANGO_SETTINGS_MODULE"])
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Wrong setting: {error}")


if __name__ == "__main__":
    main()
