"""A new notice on its way in: what its text prints about itself, what is open, its catalog record; no database."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

from reforms.notice import Correction, MarkKind, NoticeWarning, Reading
from reforms.records import (
    CatalogRecord,
    Completeness,
    MeasureRecord,
    PassageRecord,
    PracticeRecord,
    Role,
    SourceRecord,
)
from reforms.spans import Span, text_at

_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[（(]\d{4}[〕\]）)]\s{0,2}\d{1,4}号")
_DATE = re.compile(r"(?m)^\s{0,60}((\d{4})年(\d{1,2})月(\d{1,2})日)\s{0,60}$")
_ISSUER = re.compile(r"^(?!关于)([\u4e00-\u9fff]{2,30}?)(?:、|关于|印发|转发)")
_ANNEX = re.compile(r"附\s{0,2}[件表录]\s{0,2}[\d一二三四五六七八九十]{0,3}\s{0,2}[.．:：]?")
# What a person has to decide before a notice is saved; the other warnings are to be looked at.
OF_A_CITY = (Role.CITY_LABEL, Role.PRACTICE, Role.OUTCOME_LABEL, Role.OUTCOME)
TO_DECIDE = frozenset({"place_missing", "place_unknown", "category_missing"})


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a new source; null where the document does not print it."""

    slug: str
    short_name_zh: str
    short_name_en: str
    title_zh: str
    title_en: str
    completeness: Completeness = Completeness.WHOLE
    missing_zh: str | None = None
    missing_en: str | None = None
    issuer_zh: str | None = None
    document_number: str | None = None
    publication_zh: str | None = None
    date_as_printed: str | None = None
    published_on: str | None = None
    address: str | None = None


@dataclass(frozen=True, kw_only=True)
class PrintedFacts:
    """What a notice's text prints about itself; null where it does not. ``published_on`` is our reading."""

    title_zh: str | None = None
    issuer_zh: str | None = None
    document_number: str | None = None
    date_as_printed: str | None = None
    published_on: str | None = None


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """What an editor decided of a reading: for the whole notice, and measure by measure.

    ``categories`` are slugs by where the measure begins in the text, ``places`` slugs of cities by
    where the practice begins: another cut elsewhere leaves them true. ``corrections`` are what
    the editor said that words are, in that order.
    """

    category: str | None = None
    city: str | None = None
    categories: Mapping[int, str] = field(default_factory=dict)
    places: Mapping[int, str] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Decisions":
        """Return decisions as ``to_json`` wrote them; what is absent is undecided."""
        return cls(
            category=kept.get("category") or None,
            city=kept.get("city") or None,
            categories={int(start): slug for start, slug in kept.get("categories", {}).items()},
            places={int(start): slug for start, slug in kept.get("places", {}).items()},
            corrections=tuple(
                Correction(MarkKind(kind), start, end)
                for kind, start, end in kept.get("corrections", [])
            ),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the decisions as plain JSON."""
        return {
            "category": self.category or "",
            "city": self.city or "",
            "categories": {str(start): slug for start, slug in self.categories.items()},
            "places": {str(start): slug for start, slug in self.places.items()},
            "corrections": [[str(one.kind), one.start, one.end] for one in self.corrections],
        }

    @property
    def count(self) -> int:
        """How much was decided by hand: cuts corrected, categories and places chosen."""
        for_all = bool(self.category) + bool(self.city)
        return len(self.corrections) + len(self.categories) + len(self.places) + for_all


def begins(measure: MeasureRecord) -> int:
    """Return where a measure begins in the text of its source."""
    return min(passage.start for passage in measure.passages)


def practice_begins(practice: PracticeRecord) -> int:
    """Return where a practice's own words begin in the text of its source."""
    return practice.practice_spans[0][0]


def decided(reading: Reading, decisions: Decisions) -> Reading:
    """Return a reading with the categories and places that were decided.

    What was decided for one measure goes before what was decided for all, and before what was
    inferred from its words; nothing goes before what the text prints.
    """
    one_by_one = [
        _decided(measure, decisions, reading.inferred_categories) for measure in reading.measures
    ]
    for_all = replace(
        decisions,
        categories=dict.fromkeys(map(begins, one_by_one), decisions.category or ""),
        places=dict.fromkeys(
            (practice_begins(practice) for one in one_by_one for practice in one.practices),
            decisions.city or "",
        ),
    )
    measures = tuple(_decided(one, for_all, None) for one in one_by_one)
    return replace(reading, measures=measures)


def may_be_chosen(measure: MeasureRecord, inferred: Collection[str]) -> bool:
    """Tell whether a person may choose the category of a measure: the text gives none, or words alone do."""
    return not measure.category or measure.key in inferred


def _decided(
    measure: MeasureRecord, decisions: Decisions, inferred: Collection[str] | None
) -> MeasureRecord:
    """Return a measure with what was decided of what is open, and of what is inferred.

    ``inferred`` are the keys of measures whose category is; None leaves all that is inferred as it
    is. A place that another practice of the measure has stays as it was.
    """
    category = measure.category
    if may_be_chosen(measure, inferred or ()):
        category = decisions.categories.get(begins(measure)) or category
    taken = {practice.city for practice in measure.practices if practice.city}
    practices: list[PracticeRecord] = []
    cities: dict[Span, str] = {}
    for practice in measure.practices:
        city = practice.city
        if not city or (inferred is not None and not practice.city_is_printed):
            chosen = decisions.places.get(practice_begins(practice)) or ""
            city = chosen if chosen and chosen not in taken else city
        taken.add(city)
        practices.append(replace(practice, city=city))
        for span in (*practice.practice_spans, *practice.outcome_spans):
            # A text of several places is of no one place.
            cities[span] = city if cities.get(span, city) == city else ""
    passages = tuple(
        _of_its_city(measure.passages, at, cities) for at in range(len(measure.passages))
    )
    return replace(measure, category=category, practices=tuple(practices), passages=passages)


def _of_its_city(
    passages: Sequence[PassageRecord], at: int, cities: Mapping[Span, str]
) -> PassageRecord:
    """Return a passage with the city of the words that it is, or that it is the label of."""
    passage = passages[at]
    if passage.role not in OF_A_CITY:
        return passage
    words = (part for part in passages[at:] if part.role in (Role.PRACTICE, Role.OUTCOME))
    owner = next(words, None)
    # A label whose own words are missing is not of the place that comes next.
    is_owned = owner is not None and passage.city in (None, owner.city)
    city = cities.get((owner.start, owner.end)) if owner and is_owned else None
    return passage if city is None else replace(passage, city=city or None)


def verbatim(text: str) -> str:
    """Return a text as it is kept: no mark of its encoding, line ends of one kind; no other change."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def printed_facts(text: str, reading: Reading) -> PrintedFacts:
    """Return what the head and the end of a notice print: title, number, issuer, date.

    The title is what stands in the head before the number or the addressee; the issuer is who the
    title says it is from; the date stands on a line of its own, the last such line counts.
    """
    head = [part for part in reading.passages if part.role == Role.DOCUMENT_HEAD]
    title: list[str] = []
    number = None
    for part in head:
        words = text_at(text, ((part.start, part.end),))
        found = _DOCUMENT_NUMBER.search(words)
        if found:
            number = number or found[0]
            break
        if words.endswith((":", "：")):
            break
        if not _ANNEX.fullmatch(words):
            title.append(words)
    title_zh = "".join(title) or None
    issuer = _ISSUER.match(title_zh) if title_zh and "关于" in title_zh else None
    dates = [found for found in _DATE.finditer(text) if _day(found)]
    return PrintedFacts(
        title_zh=title_zh,
        issuer_zh=issuer[1] if issuer else None,
        document_number=number,
        date_as_printed=dates[-1][1] if dates else None,
        published_on=_day(dates[-1]) if dates else None,
    )


def _day(found: re.Match[str]) -> str | None:
    """Return a printed date as it is stored; None for a day that there is not."""
    try:
        return date(*(int(part) for part in found.groups()[1:])).isoformat()
    except ValueError:
        return None


def open_questions(reading: Reading) -> tuple[NoticeWarning, ...]:
    """Return what has to be decided before the notice can be saved: places and categories."""
    is_open = any(not measure.category for measure in reading.measures)
    return tuple(
        warning
        for warning in reading.warnings
        if warning.code in TO_DECIDE or (warning.code == "category_unknown" and is_open)
    )


def is_decided(reading: Reading) -> bool:
    """Tell whether every measure has a category and every practice a place."""
    return all(
        measure.category and all(practice.city for practice in measure.practices)
        for measure in reading.measures
    )


def catalog_of(
    text: str, reading: Reading, facts: Facts, position: int, section_names: Mapping[str, str]
) -> CatalogRecord:
    """Return the source, unpublished, with its measures, as ``importing.load_catalog`` takes it.

    ``text`` is ``verbatim``; ``position`` is the source's place among the sources; ``section_names``
    are English names of headings by their label, empty where nobody gave one.
    """
    sections = tuple(
        replace(section, name_en=section_names.get(section.label, section.name_zh))
        for section in reading.sections
    )
    source = SourceRecord(
        position=position,
        text=text,
        checksum=sha256(text.encode()).hexdigest(),
        is_public=False,
        sections=sections,
        passages=reading.passages,
        **{name: getattr(facts, name) for name in Facts.__dataclass_fields__},
    )
    measures = tuple(replace(measure, source=facts.slug) for measure in reading.measures)
    return CatalogRecord(sources=(source,), measures=measures)
