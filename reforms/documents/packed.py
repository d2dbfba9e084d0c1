"""The parts of a packed Office file, unpacked within limits and parsed without entities."""

import zipfile
import zlib
from io import BytesIO
from typing import Any

from lxml import etree

from reforms.documents.kinds import DocumentError
from reforms.documents.limits import MAX_FILES, MAX_UNPACKED_BYTES

_ENCRYPTED = 0x1


class Package:
    """A packed file: its parts by name, each read at most once."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
            raise DocumentError("broken") from None
        entries = self._archive.infolist()
        if len(entries) > MAX_FILES or sum(one.file_size for one in entries) > MAX_UNPACKED_BYTES:
            raise DocumentError("bomb", files=MAX_FILES)
        if any(one.flag_bits & _ENCRYPTED for one in entries):
            raise DocumentError("locked")
        self.names = frozenset(one.filename for one in entries)

    def optional_xml(self, name: str) -> Any | None:
        """Return the root of a part, None where there is none; raises ``DocumentError``."""
        return self.xml(name) if name in self.names else None

    def xml(self, name: str) -> Any:
        """Return the root of a part that is there; raises ``DocumentError``."""
        try:
            with self._archive.open(name) as part:
                content = part.read(MAX_UNPACKED_BYTES + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ):
            raise DocumentError("broken") from None
        if len(content) > MAX_UNPACKED_BYTES:
            raise DocumentError("bomb", files=MAX_FILES)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise DocumentError("broken") from None
        if root.getroottree().docinfo.doctype:
            raise DocumentError("entities")
        return root
