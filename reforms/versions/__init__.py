"""Write a record if the version is as expected, append its history; read any past state."""

from reforms.versions.rows import Words, rows_of
from reforms.versions.writing import (
    NEW,
    VersionConflict,
    append,
    check_source,
    content_checksum,
    read,
    records_as_at,
    store_passages,
    write,
)

__all__ = [
    "NEW",
    "VersionConflict",
    "Words",
    "append",
    "check_source",
    "content_checksum",
    "read",
    "records_as_at",
    "rows_of",
    "store_passages",
    "write",
]
