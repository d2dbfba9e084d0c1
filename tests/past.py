"""Let the catalog have a past: what was saved so far was saved earlier."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from reforms import editing
from reforms.models import Measure, MeasureVersion
from tests import world

# Words that measure 2 had and lost, and those it has instead.
OLD, NEW = "客户经理负责整体协调", "全新说法"
# Days before and after the edits of ``edited_world``.
BEFORE, AFTER = 9, 3


def go_on(days: int) -> None:
    """Let that many days have gone by since all that was saved so far."""
    gone = timedelta(days=days)
    MeasureVersion.objects.update(valid_from=F("valid_from") - gone, valid_to=F("valid_to") - gone)
    Measure.objects.update(changed_at=F("changed_at") - gone)


def days_ago(days: int) -> date:
    """Return the day that many days before today."""
    return timezone.localdate() - timedelta(days=days)


def save(editor: Any, key: str, **values: Any) -> Measure:
    """Save a measure of the world with other values."""
    live = world.get_measure(key)
    record = replace(live.to_record(), **values)
    return editing.save_measure(record, live.version, editor, "because")


def edited_world() -> Any:
    """Let the world begin 12 days ago, and its measures 1 and 2 be edited 6 days ago; return who did."""
    world.build_world()
    go_on(6)
    editor = world.an_editor("li")
    save(editor, "1", title_en="Another title in English")
    first, *others = world.get_measure("2").to_record().practices
    first = replace(
        first, practice_zh=f"建立团队。{NEW}。", points=(), figures=(), summary_en="New"
    )
    save(editor, "2", practices=(first, *others), errata=())
    go_on(6)
    return editor


def at(page: str, days: int) -> str:
    """Return an address of the site as at the day so many days ago."""
    path, hash_, fragment = page.partition("#")
    return f"{path}{'&' if '?' in path else '?'}as_at={days_ago(days)}{hash_}{fragment}"
