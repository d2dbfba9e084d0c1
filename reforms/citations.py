"""Citations of a source, a measure or a practice, with a hole wherever the source does not print a fact.

GB/T 7714-2015 orders responsible body, title[type/carrier], publication, date and address, and
puts what is supplied in square brackets. ``[Z/OL]`` is its mark for other documents read online.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from reforms.models import Measure, Practice, Source
from reforms.models.fields import as_spans, in_english
from reforms.records import Completeness
from reforms.spans import text_at

CHECKSUM_CHARACTERS = 12
SOURCE_LANGUAGE = "zh-Hans"
_PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Part:
    """A stretch of a citation; ``language`` is set where it is not the page's."""

    text: str
    language: str = ""


Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Citation:
    """One citation in one style; ``anchor`` is its name in the page."""

    style: str
    anchor: str
    parts: Parts

    @property
    def text(self) -> str:
        """The citation as it is copied."""
        return "".join(part.text for part in self.parts)


def cite_source(source: Source, address: str, anchor: str = "cite") -> tuple[Citation, ...]:
    """Return the citations of a whole source, in the active language; no query.

    ``address`` is the absolute address of its page. Its version is the checksum of its text.
    """
    values = _facts(source) | {
        "version": _own(
            _("text SHA-256 %(checksum)s…") % {"checksum": source.checksum[:CHECKSUM_CHARACTERS]}
        ),
        "address": _own(address),
    }
    return (
        Citation(
            "GB/T 7714-2015",
            f"{anchor}-gbt",
            _fill(
                _(
                    "%(issuer)s. %(source)s%(number)s[Z/OL]. %(publication)s, %(date)s%(pages)s. "
                    "As transcribed in the Reform Measures Catalog (%(version)s). %(address)s"
                ),
                values,
            ),
        ),
        Citation(
            _("Plain"),
            f"{anchor}-plain",
            _fill(
                _(
                    "%(issuer)s, “%(source)s”%(number)s%(completeness)s, %(publication)s, %(date)s"
                    "%(pages)s, as transcribed in the Reform Measures Catalog, %(version)s, "
                    "%(address)s"
                ),
                values,
            ),
        ),
    )


def cite_measure(measure: Measure, address: str, anchor: str = "cite") -> tuple[Citation, ...]:
    """Return the citations of a measure, in the active language; no query if its source is there.

    ``address`` is the absolute canonical address of its page.
    """
    return _cite_part(measure, _measure_title(measure), address, anchor)


def cite_practice(practice: Practice, address: str, anchor: str = "") -> tuple[Citation, ...]:
    """Return the citations of what one city does under a measure, in the active language.

    ``address`` is the absolute canonical address of the measure's page; the practice's anchor is
    added. No query if the practice's measure, its source and the city are at hand.
    """
    city = practice.city
    title = (
        *_measure_title(practice.measure),
        Part(_(": practice of %(city)s") % {"city": city.name}),
    )
    return _cite_part(
        practice.measure,
        title,
        f"{address}#{practice.anchor}",
        anchor or f"cite-{practice.anchor}",
    )


def _cite_part(measure: Measure, title: Parts, address: str, anchor: str) -> tuple[Citation, ...]:
    """Return the citations of a part of a source: ``title`` names it."""
    values = _facts(measure.source) | {
        "title": title,
        "version": _own(
            _("version %(number)s of %(date)s")
            % {
                "number": measure.version,
                "date": timezone.localtime(measure.changed_at).date().isoformat(),
            }
        ),
        "address": _own(address),
    }
    return (
        Citation(
            "GB/T 7714-2015",
            f"{anchor}-gbt",
            _fill(
                _(
                    "%(issuer)s. %(title)s[Z/OL]//%(source)s%(number)s. %(publication)s, %(date)s"
                    "%(pages)s. As transcribed in the Reform Measures Catalog (%(version)s). "
                    "%(address)s"
                ),
                values,
            ),
        ),
        Citation(
            _("Plain"),
            f"{anchor}-plain",
            _fill(
                _(
                    "%(title)s, in: %(issuer)s, “%(source)s”%(number)s%(completeness)s, "
                    "%(publication)s, %(date)s%(pages)s, as transcribed in the Reform Measures "
                    "Catalog, %(version)s, %(address)s"
                ),
                values,
            ),
        ),
    )


def _facts(source: Source) -> dict[str, Parts]:
    """Return what the source prints about itself; a hole says what it does not print."""
    fragment = source.completeness == Completeness.FRAGMENT
    return {
        "issuer": _fact(source.issuer_zh, source.issuer_en, _("[issuer not stated]")),
        "source": _title(source.title_zh, source.title_en),
        "number": _after(", ", source.document_number),
        "publication": _fact(
            source.publication_zh, source.publication_en, _("[publication not stated]")
        ),
        "date": _fact(source.date_as_printed, None, _("[date not stated]")),
        "pages": _after(": ", source.pages),
        "completeness": _own(_(" (fragment)")) if fragment else (),
    }


def _measure_title(measure: Measure) -> Parts:
    """Return the number and the title of a measure as printed, and in English pages also ours.

    The title is read off the source: one that the catalog edited is not what the source is called.
    """
    title = text_at(measure.source.text, as_spans(measure.title_spans))
    if measure.number is None or not title:
        return _own(_("[number and title not stated] (%(key)s)") % {"key": measure.key})
    printed = f"改革举措{measure.number}: {title}"
    ours = f"Reform measure {measure.number}: {measure.title_en}" if measure.title_en else None
    return _title(printed, ours)


def _title(printed: str, ours: str | None) -> Parts:
    """Return a title as printed; in English pages followed by our translation in brackets."""
    parts = (Part(printed, SOURCE_LANGUAGE if in_english() else ""),)
    return (*parts, Part(f" [{ours}]")) if in_english() and ours else parts


def _fact(printed: str | None, translated: str | None, hole: str) -> Parts:
    """Return a fact in the reader's language where it is printed, else the hole."""
    if not printed:
        return _own(hole)
    if in_english():
        return _own(translated) if translated else (Part(printed, SOURCE_LANGUAGE),)
    return _own(printed)


def _after(mark: str, printed: str | None) -> Parts:
    """Return a fact that is printed behind its punctuation, and nothing where it is not."""
    return (Part(mark), *_fact(printed, None, "")) if printed else ()


def _own(text: str) -> Parts:
    return (Part(text),)


def _fill(template: str, values: Mapping[str, Parts]) -> Parts:
    """Return the parts of a template with ``%(name)s`` places, in the template's order."""
    parts: list[Part] = []
    for index, piece in enumerate(_PLACE.split(template)):
        parts.extend(values[piece] if index % 2 else _own(piece) if piece else ())
    return tuple(parts)
