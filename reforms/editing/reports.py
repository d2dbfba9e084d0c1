"""Errors that readers report: taken in within limits, each once; handled by editors."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from reforms.editing.mail import tell_of_report
from reforms.models import Report
from reforms.records import ReportState

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SENDER_SALT = "reforms.report.sender"
# What makes two reports of one sender the same.
SAID = ("measure_id", "measure_version", "address", "words", "message", "contact")


class TooManyReports(Exception):
    """More reports came than the limits let in; the next can be taken in ``wait_seconds``."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(f"the next report can be taken in {wait_seconds} seconds")
        self.wait_seconds = wait_seconds


@transaction.atomic
def store_report(report: Report, network_address: str) -> Report:
    """Store a reader's report and return it; return the one that says the same, if it came today.

    The network address is stored as a keyed checksum, which is blanked after a day. Raises
    ``TooManyReports`` where the limits (``REFORMS_REPORTS_PER_HOUR`` and its neighbours) let no more
    in; then nothing is written. Reports are taken one after the other, so that the limits hold
    whatever comes at once. 7 queries in all.
    """
    # A row that is always there and that nothing else locks so. On SQLite the transaction is alone.
    types = ContentType.objects.select_for_update(no_key=True)
    types.get(app_label=Report._meta.app_label, model=Report._meta.model_name)
    report.made_at = now = timezone.now()
    report.sender = checksum_of(network_address)
    sent = Report.objects.filter(sender=report.sender, made_at__gt=now - DAY)
    same = sent.filter(**{name: getattr(report, name) for name in SAID}).first()
    if same is not None:
        return same
    # The state leads the index of the queue, so that naming every state uses it.
    every = Report.objects.filter(state__in=list(ReportState))
    free_at = max(
        _free_at(sent, HOUR, settings.REPORTS_PER_HOUR, now),
        _free_at(sent, DAY, settings.REPORTS_PER_DAY, now),
        _free_at(every, HOUR, settings.ALL_REPORTS_PER_HOUR, now),
    )
    if free_at > now:
        # Never nought: half a second from now is one.
        raise TooManyReports(int((free_at - now).total_seconds()) + 1)
    Report.objects.filter(made_at__lte=now - DAY).exclude(sender="").update(sender="")
    report.save(force_insert=True)
    if report.state == ReportState.OPEN:
        tell_of_report(report)
    return report


def checksum_of(network_address: str) -> str:
    """Return the checksum of a network address, which nobody can compute or undo without the secret key."""
    return salted_hmac(SENDER_SALT, network_address, algorithm="sha256").hexdigest()


def mark_handled(report: Report, by: Any) -> None:
    """Set who handled a report and when, nobody while it is open; nothing is stored."""
    is_open = report.state == ReportState.OPEN
    report.handled_by = None if is_open else by
    report.handled_at = None if is_open else timezone.now()


def _free_at(reports: QuerySet, window: timedelta, limit: int, now: datetime) -> datetime:
    """Return when one more report has room in the window; ``now`` where it has. 1 query."""
    made = reports.filter(made_at__gt=now - window).order_by("-made_at", "-pk")
    oldest: datetime | None = made.values_list("made_at", flat=True)[limit - 1 : limit].first()
    return now if oldest is None else oldest + window
