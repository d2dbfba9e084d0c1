"""Files of measures that are to change the catalog."""

from typing import Any

from django.core.exceptions import PermissionDenied

from reforms.editing.roles import may_propose
from reforms.models import ImportedFile


def keep_file(name: str, content: bytes, by: Any) -> ImportedFile:
    """Keep a file that is to change the catalog; 1 query. Raises ``PermissionDenied``."""
    if not may_propose(by):
        raise PermissionDenied
    return ImportedFile.objects.create(name=name[:255], content=content, by=by)
