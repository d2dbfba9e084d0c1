"""The catalog as it stood at the end of a day: a file made from the history, read as the catalog is."""

from reforms.snapshots.building import build
from reforms.snapshots.files import SnapshotBusy, open_snapshot
from reforms.snapshots.reading import DayCatalog, answered, reading
from reforms.snapshots.state import end_of, is_over

__all__ = [
    "DayCatalog",
    "SnapshotBusy",
    "answered",
    "build",
    "end_of",
    "is_over",
    "open_snapshot",
    "reading",
]
