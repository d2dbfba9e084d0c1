"""What files say of a record in the reader's language: whose words, what is absent, errata."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reforms.compare import Presence
from reforms.exports.entries import Entry, Note, Side, Words
from reforms.models.choices import LABELS
from reforms.models.fields import in_english
from reforms.records import (
    Completeness,
    Confidence,
    Decision,
    MeasureRecord,
    OutcomeState,
    PracticeRecord,
    Role,
    Status,
    TranslationState,
)


def label(word: Any) -> str:
    """Return a coded word as readers see it."""
    return str(LABELS[type(word)][word])


def in_order(chinese: Any, english: Any) -> tuple[Any, Any]:
    """Return what there is in each language, the reader's first."""
    return (english, chinese) if in_english() else (chinese, english)


def ours(chinese: str | None, english: str | None) -> str:
    """Return a text of ours in the reader's language, else in the other one; empty without any."""
    first, second = in_order(chinese, english)
    return first or second or ""


def colon(name: str, words: str) -> str:
    """Return a name and what is said of it."""
    return pgettext("a name and what is said of it", "%(name)s: %(words)s") % {
        "name": name,
        "words": words,
    }


def joined(parts: Sequence[str]) -> str:
    """Return sentences or facts one after another."""
    return pgettext("between facts", "; ").join(part for part in parts if part)


def brackets(words: str) -> str:
    """Return words in the brackets that labels stand in."""
    return pgettext("a label beside words", "[%(words)s]") % {"words": words}


# --- Absence ---


def not_stated() -> str:
    """Say that the text held does not state something: not the same as not doing it."""
    return _("The text held here does not state it")


def not_entered() -> str:
    """Say that nobody has entered something yet."""
    return _("Not entered yet")


def absence(presence: Presence) -> str:
    """Say why a city has no practice here, in the words of the pages."""
    if presence == Presence.NOT_STATED:
        return not_stated()
    if presence == Presence.CUT:
        return _("It cannot be told: the beginning of this measure is not held here")
    return not_entered()


def state(side: Side) -> str:
    """Return what is held of a city under a measure."""
    if side.record is None:
        return absence(side.presence)
    return _("The text held here states it")


def outcome_absence(practice: PracticeRecord) -> str:
    """Say why a practice has no outcome here; empty where one is stated."""
    if practice.outcome_state == OutcomeState.STATED:
        return ""
    if practice.outcome_state == OutcomeState.NOT_STATED:
        return not_stated()
    return not_entered()


def untranslated() -> str:
    """Say that there is no English yet."""
    return _("Not translated into English yet")


def no_figure(entry: Entry) -> str:
    """Say why a practice has no figure here."""
    return not_stated() if entry.record.is_read_whole else not_entered()


# --- Whose words ---


def translation_label(translation: TranslationState) -> str:
    """Say whose words a translation is."""
    if translation == TranslationState.OUTDATED:
        return _("unofficial translation of an earlier state of the Chinese")
    return _("unofficial translation")


def appendix() -> str:
    """Name the part of a document that holds the words in the language not asked for."""
    if in_english():
        return _("Appendix: the words as printed, in Chinese")
    return _("Appendix: unofficial English translation")


def chinese_label(*, is_edited: bool) -> str:
    """Say whose words the Chinese is."""
    return _("edited by the catalog") if is_edited else _("as printed")


# --- Measures ---


def number(record: MeasureRecord) -> str:
    """Return the number of a measure, or that none is printed."""
    return str(record.number) if record.number is not None else _("no number printed")


def title(record: MeasureRecord) -> str:
    """Return the title in the reader's language, else the other, or that none is printed."""
    return ours(record.title_zh, record.title_en) or _("[title not printed]")


def heading(record: MeasureRecord) -> str:
    """Return number and title of a measure in the reader's language."""
    return f"{number(record)}  {title(record)}"


def section(entry: Entry) -> str:
    """Return the heading that a measure stands under as printed, in English with ours beside it."""
    if entry.section is None or entry.record.section is None:
        return not_stated()
    chinese, english = entry.section
    printed = f"({entry.record.section}) {chinese}"
    return f"{printed} [{english}]" if in_english() else printed


def status(record: MeasureRecord) -> str:
    """Return whether a measure is to be replicated or for reference, or that it is not stated."""
    return not_stated() if record.status == Status.NOT_STATED else label(record.status)


def fragment(name: str) -> str:
    """Return the name of a source of which only a part is held."""
    return f"{name} {brackets(_('fragment'))}"


def source_name(entry: Entry) -> str:
    """Return the short name of the source, and that it is a fragment where it is one."""
    name = entry.source.short_name
    return fragment(name) if entry.source.completeness == Completeness.FRAGMENT else name


def in_brief(name: str) -> str:
    """Return the title of a memo in brief."""
    return pgettext("title of a memo", "%(title)s, in brief") % {"title": name}


def reference(entry: Entry, *, has_source: bool) -> str:
    """Return the short citation of a measure: its number and version, and its source if asked for."""
    record = entry.record
    changed = timezone.localtime(entry.changed_at).date().isoformat()
    facts = {
        "number": record.key if record.number is None else record.number,
        "source": source_name(entry),
        "version": _("version %(number)s of %(date)s") % {"number": entry.version, "date": changed},
    }
    if has_source:
        return _("Reform measure %(number)s, %(source)s, %(version)s.") % facts
    return _("Reform measure %(number)s, %(version)s.") % facts


# --- Points ---


def points(entry: Entry, practice: PracticeRecord, words: Words) -> str:
    """Return a practice's points, a line each: our theme and the source's words."""
    if not practice.points:
        return not_entered()
    return "\n".join(
        colon(words.name(words.themes[point.theme]), f"“{entry.quoted(point, practice)}”")
        for point in practice.points
    )


def themes(side: Side, others: Sequence[Side], words: Words) -> str:
    """Return the themes of a side in one line, each with the cities of the row that share it."""
    practice = side.record
    if practice is None or not practice.points:
        return not_entered()
    cities = {city.city.slug: _themes_of(city) for city in others if city.record}
    named = []
    for theme in dict.fromkeys(point.theme for point in practice.points):
        name = words.name(words.themes[theme])
        held = [slug for slug, found in cities.items() if theme in found]
        unknown = [slug for slug, found in cities.items() if not found]
        if len(cities) < 2:
            named.append(name)
        elif len(held) == len(cities):
            named.append(f"{name} ({all_of(len(cities))})")
        elif len(held) == 1 and not unknown:
            named.append(f"{name} ({no_counterpart()})")
        else:
            named.append(name)
    return pgettext("between themes", ", ").join(named)


def all_of(cities: int) -> str:
    """Say that all of so many cities do something."""
    return pgettext("of the cities", "both") if cities == 2 else pgettext("of the cities", "all")


def between_cities(names: Sequence[str]) -> str:
    """Return the names of cities one after another."""
    return pgettext("between cities", ", ").join(names)


def no_counterpart() -> str:
    """Say that a city states nothing like what another one does."""
    return _("no counterpart stated here")


def _themes_of(side: Side) -> set[str]:
    return {point.theme for point in side.record.points} if side.record else set()


# --- Errata ---


def erratum(note: Note) -> str:
    """Return an erratum as one sentence: the print, the probable reading, why and how sure."""
    found = note.erratum
    reading = f"“{found.reading}”" if found.reading else _("not certain")
    sentences = [
        colon(_("As printed"), f"“{found.as_printed}”"),
        colon(_("Probable reading"), reading),
        colon(_("How sure"), label(Confidence(found.confidence))),
    ]
    if found.decision == Decision.OPEN:
        sentences.append(_("not decided yet whether the print is wrong"))
    end = "." if in_english() else "。"
    return f"{joined(sentences)}{end}{' ' if in_english() else ''}{ours(found.reason_zh, found.reason_en)}"


def errata(notes: Sequence[Note]) -> str:
    """Return errata, a line each, with where they stand; that there is none where there is none."""
    if not notes:
        return _("none known")
    return "\n".join(map(erratum_line, notes))


def erratum_line(note: Note) -> str:
    """Return an erratum with its number and where it stands."""
    where = label(Role(note.erratum.stands_in))
    name = _("E%(number)s") % {"number": note.number}
    return colon(f"{name} ({where})", erratum(note))
