"""What a snapshot is made of, as a name: two moments with the same name have the same catalog."""

from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Max, Sum
from django.utils import timezone

from reforms.models import (
    Category,
    City,
    Identification,
    Indicator,
    MeasureVersion,
    Section,
    Source,
    Synonym,
    Theme,
)

# What stands in every snapshot as it is today. Each has a history of its own, of rows as staff saved
# them, but the records of measures point at today's: only measures are shown as they stood.
VOCABULARIES: tuple[Any, ...] = (Category, City, Theme, Indicator, Synonym)
KEPT_AS_TODAY: tuple[Any, ...] = (*VOCABULARIES, Source, Identification, Section)
# The code by which a snapshot is made: with other code it is made anew.
PACKAGE = Path(__file__).resolve().parent.parent
CODE = ("models", "migrations", "search", "text", "versions", "snapshots", "routing.py")


def end_of(day: date) -> datetime:
    """Return the last moment of a day in the site's time zone, to the microsecond."""
    following = datetime.combine(day, time.min) + timedelta(days=1)
    return timezone.make_aware(following, timezone.get_default_timezone()) - timedelta.resolution


def is_over(day: date) -> bool:
    """Tell whether a day has ended, so that no save can belong to it any more."""
    return end_of(day) < timezone.now()


def name_of(moment: datetime) -> str:
    """Return the name of the catalog as it stood at a moment that is past; 7 queries.

    It tells which versions had been saved, what the vocabularies are today, how often sources were
    saved (their own passages, headings and identifications go with them), and which code makes the
    snapshot.
    """
    versions = MeasureVersion.objects.using(DEFAULT_DB_ALIAS).filter(valid_from__lte=moment)
    saved = versions.aggregate(count=Count("pk"), newest=Max("pk"), last=Max("valid_from"))
    told = sha256(code_checksum().encode())
    told.update(repr(sorted(saved.items())).encode())
    # Nothing is deleted and each save counts on, so that the sum of the versions never comes back.
    sources = Source.objects.using(DEFAULT_DB_ALIAS).aggregate(
        count=Count("pk"), newest=Max("pk"), saves=Sum("version")
    )
    told.update(repr(sorted(sources.items())).encode())
    for model in VOCABULARIES:
        rows = model._default_manager.using(DEFAULT_DB_ALIAS).order_by("pk")
        told.update(repr(list(rows.values_list())).encode())
    return told.hexdigest()[:40]


@cache
def code_checksum() -> str:
    """Return the checksum of the code that makes snapshots, read once."""
    told = sha256()
    for name in CODE:
        path = PACKAGE / name
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            told.update(file.read_bytes())
    return told.hexdigest()
