"""Citations of a source and its parts, with a hole wherever the source does not print a fact.

GB/T 7714-2015 orders responsible body, title[type/carrier], publication, date and address, and
puts what is supplied in square brackets. ``[Z/OL]`` is its mark for other documents read online,
``[DB/OL]`` for a database. APA (7th edition, 2020) puts the date behind the author, ``(n.d.)``
where there is none (8.15, 9.17), and a translated title in square brackets (9.38).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reforms.days import day_read
from reforms.identified import OFFICIAL_KINDS, OfficialText, official_text
from reforms.models import Identification, Measure, Point, Practice, Source
from reforms.models.fields import as_spans, in_english
from reforms.records import Completeness
from reforms.spans import text_at

GBT = "GB/T 7714-2015"
APA = "APA (7th)"
# What APA has in the place of a date that is not printed, in every language.
NO_DATE = "n.d."
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


@dataclass(frozen=True)
class OfficialCitations:
    """The citations of an official text, and the claim that a source comes from it.

    ``anchor`` is their name in the page.
    """

    anchor: str
    claim: Identification
    citations: tuple[Citation, ...]


def cite_source(source: Source, address: str, anchor: str = "cite") -> tuple[Citation, ...]:
    """Return the citations of a whole source, in the active language; no query.

    ``address`` is the absolute address of its page. Its version is the checksum of its text.
    """
    values = _facts(source) | {
        "version": _own(
            _as_at(
                _("text SHA-256 %(checksum)s…")
                % {"checksum": source.checksum[:CHECKSUM_CHARACTERS]}
            )
        ),
        "address": _own(address),
    }
    return _in_each_style(
        anchor,
        values,
        _(
            "%(issuer)s. %(source)s%(number)s%(completeness)s[Z/OL]. %(publication)s, "
            "%(date)s%(pages)s. As transcribed in the Reform Measures Catalog "
            "(%(version)s). %(address)s"
        ),
        _(
            "%(issuer)s. (%(dated)s). %(source)s%(number)s%(completeness)s. "
            "%(publication)s%(pages)s. Transcribed in the Reform Measures Catalog "
            "(%(version)s). %(address)s"
        ),
        _(
            "%(issuer)s, “%(source)s”%(number)s%(completeness)s, %(publication)s, %(date)s"
            "%(pages)s, as transcribed in the Reform Measures Catalog, %(version)s, "
            "%(address)s"
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
    return _cite_part(
        practice.measure,
        _practice_title(practice),
        f"{address}#{practice.anchor}",
        anchor or f"cite-{practice.anchor}",
    )


def cite_point(point: Point, address: str, anchor: str = "") -> tuple[Citation, ...]:
    """Return the citations of one point of a practice, in the active language.

    As ``cite_practice``; the point's theme, which is ours, stands in brackets.
    """
    title = (
        *_practice_title(point.practice),
        Part(
            _(", point %(number)d [our theme: %(theme)s]")
            % {"number": point.position, "theme": point.theme.name}
        ),
    )
    return _cite_part(
        point.practice.measure,
        title,
        f"{address}#{point.anchor}",
        anchor or f"cite-{point.anchor}",
    )


def cite_comparison(
    speaking: str, measures: Sequence[Measure], entries: str, address: str, anchor: str = "cite"
) -> tuple[Citation, ...]:
    """Return the citations of a page of the comparison, in the active language.

    ``speaking`` names the cities and ``entries`` says how many are compared; ``measures`` are those
    of the page, at least one, and ``address`` is its absolute canonical address. What is cited is
    the catalog's own work; the sources stand in it with their holes. No query if they are at hand.
    """
    changed = max(timezone.localtime(measure.changed_at).date() for measure in measures)
    sources = {measure.source_id: measure.source for measure in measures}
    values = {
        "title": _own(_("%(cities)s compared") % {"cities": speaking}),
        "entries": _own(_as_at(entries)),
        "changed": _own(changed.isoformat()),
        "year": _own(str(changed.year)),
        "sources": _listed(sources.values()),
        "address": _own(address),
    }
    return _in_each_style(
        anchor,
        values,
        _(
            "Reform Measures Catalog. %(title)s: %(entries)s[DB/OL]. (%(changed)s). "
            "Compared from: %(sources)s. %(address)s"
        ),
        _(
            "Reform Measures Catalog. (%(year)s). %(title)s: %(entries)s, last changed "
            "%(changed)s [Data set]. Compared from: %(sources)s. %(address)s"
        ),
        _(
            "Reform Measures Catalog, “%(title)s”, %(entries)s, last changed %(changed)s, "
            "compared from: %(sources)s, %(address)s"
        ),
    )


def short_citation(citations: Sequence[Citation]) -> Citation:
    """Return the one to be given alone: GB/T in Chinese pages, plain in English."""
    by_style = {citation.style: citation for citation in citations}
    return citations[-1] if in_english() else by_style[GBT]


def cite_official(
    claims: Iterable[Identification], anchor: str = "cite-official"
) -> OfficialCitations | None:
    """Return the citations of the official text that a source was identified with, else null.

    It is the first that the claims name with title and number. Each citation says that the source
    itself does not print this, and how sure it is. No query.
    """
    for claim in claims:
        found = official_text(claim.claim_zh) if claim.kind in OFFICIAL_KINDS else None
        if found:
            return OfficialCitations(anchor, claim, _cite_official(found, claim, anchor))
    return None


def _cite_official(found: OfficialText, claim: Identification, anchor: str) -> tuple[Citation, ...]:
    values = {
        "issuer": _fact(found.issuer, None, _("[issuer not stated]")),
        "title": _title(found.title, None),
        "number": _title(found.number, None),
        "year": _own(found.year),
        "annex": (Part(_(", annex: ")), *_title(found.annex, None)) if found.annex else (),
        "caveat": _own(
            _("[identified elsewhere; the text held does not print this; how sure: %(sure)s]")
            % {"sure": claim.get_confidence_display()}
        ),
    }
    return _in_each_style(
        anchor,
        values,
        _("%(issuer)s. %(title)s: %(number)s[Z]. %(year)s%(annex)s. %(caveat)s"),
        _("%(issuer)s. (%(year)s). %(title)s (%(number)s)%(annex)s. %(caveat)s"),
        _("%(issuer)s, “%(title)s”, %(number)s, %(year)s%(annex)s. %(caveat)s"),
    )


def _in_each_style(
    anchor: str, values: Mapping[str, Parts], gbt: str, apa: str, plain: str
) -> tuple[Citation, ...]:
    """Return the citations of one thing, a template a style, in the order of pages."""
    styles = ((GBT, "gbt", gbt), (APA, "apa", apa), (_("Plain"), "plain", plain))
    return tuple(
        Citation(style, f"{anchor}-{name}", _fill(template, values))
        for style, name, template in styles
    )


def _practice_title(practice: Practice) -> Parts:
    """Return the title of a practice: its measure's, and whose practice it is."""
    of_city = _(": practice of %(city)s") % {"city": practice.city.name}
    return (*_measure_title(practice.measure), Part(of_city))


def _listed(sources: Iterable[Source]) -> Parts:
    """Return sources one after the other, each with what it prints about itself."""
    parts: list[Part] = []
    for source in sources:
        template = _(
            "%(issuer)s, “%(source)s”%(number)s%(completeness)s, %(publication)s, %(date)s%(pages)s"
        )
        parts.extend((*(_own(_("; ")) if parts else ()), *_fill(template, _facts(source))))
    return tuple(parts)


def _cite_part(measure: Measure, title: Parts, address: str, anchor: str) -> tuple[Citation, ...]:
    """Return the citations of a part of a source: ``title`` names it."""
    values = _facts(measure.source) | {
        "title": title,
        "version": _own(
            _as_at(
                _("version %(number)s of %(date)s")
                % {
                    "number": measure.version,
                    "date": timezone.localtime(measure.changed_at).date().isoformat(),
                }
            )
        ),
        "address": _own(address),
    }
    return _in_each_style(
        anchor,
        values,
        _(
            "%(issuer)s. %(title)s[Z/OL]//%(source)s%(number)s%(completeness)s. "
            "%(publication)s, %(date)s%(pages)s. As transcribed in the Reform Measures "
            "Catalog (%(version)s). %(address)s"
        ),
        _(
            "%(issuer)s. (%(dated)s). %(title)s. In %(source)s%(number)s%(completeness)s. "
            "%(publication)s%(pages)s. Transcribed in the Reform Measures Catalog "
            "(%(version)s). %(address)s"
        ),
        _(
            "%(title)s, in: %(issuer)s, “%(source)s”%(number)s%(completeness)s, "
            "%(publication)s, %(date)s%(pages)s, as transcribed in the Reform Measures "
            "Catalog, %(version)s, %(address)s"
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
        "dated": _dated(source),
        "pages": _after(": ", source.pages),
        "completeness": _own(_(" (fragment)")) if fragment else (),
    }


def _dated(source: Source) -> Parts:
    """Return the date as APA has it, in English read as year, month and day; else ``n.d.``."""
    if not source.date_as_printed:
        return _own(NO_DATE)
    if in_english() and source.published_on:
        return _own(date_format(source.published_on, "Y, F j"))
    return _fact(source.date_as_printed, None, "")


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


def _as_at(text: str) -> str:
    """Return what is cited with the day as at whose end the catalog is read, if it is one."""
    day = day_read()
    if day is None:
        return text
    return _("%(cited)s, as at the end of %(day)s") % {"cited": text, "day": day.isoformat()}


def _own(text: str) -> Parts:
    return (Part(text),)


def _fill(template: str, values: Mapping[str, Parts]) -> Parts:
    """Return the parts of a template with ``%(name)s`` places, in the template's order."""
    parts: list[Part] = []
    for index, piece in enumerate(_PLACE.split(template)):
        parts.extend(values[piece] if index % 2 else _own(piece) if piece else ())
    return tuple(parts)
