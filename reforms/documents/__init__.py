"""The text of an uploaded document: plain text, HTML, DOCX or PDF; what is hostile is refused.

What is not plain text is read by a process of its own (``worker``), which may take so much time and
memory and no more: whatever a file does to its reader, the site goes on.
"""

from reforms.documents.kinds import Document, DocumentError, Kind, Note, kind_of
from reforms.documents.limits import MAX_BYTES, MAX_CHARACTERS, MAX_PAGES, MAX_SECONDS
from reforms.documents.reading import read_document

__all__ = [
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "MAX_PAGES",
    "MAX_SECONDS",
    "Document",
    "DocumentError",
    "Kind",
    "Note",
    "kind_of",
    "read_document",
]
