"""Read a document: plain text here, everything else in a process with limits."""

import json
import logging
import subprocess
import sys
from pathlib import Path

from reforms.documents.kinds import Document, DocumentError, Kind, Note, decoded, kind_of
from reforms.documents.limits import MAX_BYTES, MAX_CHARACTERS, MAX_SECONDS

LOG = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parent.parent.parent


def read_document(content: bytes) -> Document:
    """Return the text of a file, with what was done on the way; raises ``DocumentError``.

    Plain text is not changed. Takes at most ``MAX_SECONDS`` of processor time and as much again of
    the clock; no file is written and nothing outside of the file is looked at.
    """
    if len(content) > MAX_BYTES:
        raise DocumentError("too_large")
    kind = kind_of(content)
    document = Document(kind, decoded(content)) if kind is Kind.TEXT else _read_apart(kind, content)
    if not document.text.strip():
        raise DocumentError("no_text_layer" if kind is Kind.PDF else "empty")
    if len(document.text) > MAX_CHARACTERS:
        raise DocumentError("too_long")
    return document


def _read_apart(kind: Kind, content: bytes) -> Document:
    """Read a document in a process of its own; one that dies or takes too long is refused."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reforms.documents.worker", kind],
            input=content,
            capture_output=True,
            cwd=ROOT,
            timeout=2 * MAX_SECONDS,
            check=False,
            env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"},
        )
    except subprocess.TimeoutExpired:
        raise DocumentError("too_slow") from None
    if done.returncode:
        # Killed at a limit, or out of memory; a fault of ours would show here.
        LOG.warning(
            "reading a %s file ended with %s: %s", kind, done.returncode, done.stderr[-2000:]
        )
        raise DocumentError("too_slow")
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise DocumentError(answer["error"], **answer["values"])
    notes = tuple(Note(code, values) for code, values in answer["notes"])
    return Document(kind, answer["text"], notes)
