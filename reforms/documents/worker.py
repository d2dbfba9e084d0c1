"""The process that reads one document: its bytes in, its text out as JSON, within limits."""

import json
import sys
from collections.abc import Callable

from reforms.documents.html import read_html
from reforms.documents.kinds import DocumentError, Kind, Note
from reforms.documents.limits import MAX_MEMORY_BYTES, MAX_SECONDS
from reforms.documents.pdf import read_pdf
from reforms.documents.word import read_word

READERS: dict[Kind, Callable[[bytes], tuple[str, list[Note]]]] = {
    Kind.HTML: read_html,
    Kind.DOCX: read_word,
    Kind.PDF: read_pdf,
}


def bound() -> None:
    """Bound this process's memory, time and files; where the system cannot, its caller's clock does."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    """Read the document on the standard input; its kind is the one argument."""
    content = sys.stdin.buffer.read()
    bound()
    answer: dict[str, object]
    try:
        text, notes = READERS[Kind(sys.argv[1])](content)
        answer = {"text": text, "notes": [(note.code, note.values) for note in notes]}
    except DocumentError as error:
        answer = {"error": error.code, "values": error.given}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
