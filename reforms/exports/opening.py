"""The sentences that a memo opens with: how many measures, which cities, how many stated outcomes."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reforms.compare import Presence
from reforms.exports import wording
from reforms.exports.entries import Entry
from reforms.models.fields import in_english
from reforms.records import CityRecord, OutcomeState


def opening(entries: Sequence[Entry], names: Sequence[CityRecord]) -> str:
    """Return what a memo of these measures holds, in counts; no query.

    ``names`` are the cities to be spoken of, in their order. Cities that a measure is shown without
    are counted in it neither as stating nor as not stating.
    """
    sentences = [_measures(entries), _coverage(entries, names), *_unknown(entries)]
    sentences.append(_outcomes(entries, names))
    return (" " if in_english() else "").join(filter(None, sentences))


def _measures(entries: Sequence[Entry]) -> str:
    numbered = sum(entry.record.number is not None for entry in entries)
    counts = {"count": len(entries), "numbered": numbered}
    if numbered == len(entries):
        return (
            ngettext(
                "This memo covers %(count)d reform measure.",
                "This memo covers %(count)d reform measures.",
                len(entries),
            )
            % counts
        )
    return (
        ngettext(
            "This memo covers %(count)d entry, of which %(numbered)d with a printed number.",
            "This memo covers %(count)d entries, of which %(numbered)d with a printed number.",
            len(entries),
        )
        % counts
    )


def _coverage(entries: Sequence[Entry], names: Sequence[CityRecord]) -> str:
    """Return in how many measures each set of cities has a practice, those of all cities first."""
    shown = [entry for entry in entries if len(entry.sides) == len(names)]
    if len(names) < 2 or len(shown) < len(entries):
        return _by_city(entries, names)
    held = [frozenset(side.city.slug for side in entry.present) for entry in shown]
    everywhere = sum(len(cities) == len(names) for cities in held)
    both = (
        _("for both cities in %(count)d") if len(names) == 2 else _("for all cities in %(count)d")
    )
    parts = [both % {"count": everywhere}]
    if several := sum(1 < len(cities) < len(names) for cities in held):
        parts.append(_("for several cities, not all, in %(count)d") % {"count": several})
    for city in names:
        count = sum(cities == {city.slug} for cities in held)
        parts.append(_("for %(city)s alone in %(count)d") % {"city": _name(city), "count": count})
    if nowhere := sum(not cities for cities in held):
        parts.append(_("for none of these cities in %(count)d") % {"count": nowhere})
    return _practices(parts)


def _by_city(entries: Sequence[Entry], names: Sequence[CityRecord]) -> str:
    parts = []
    for city in names:
        count = sum(side.city.slug == city.slug for entry in entries for side in entry.present)
        parts.append(_("for %(city)s in %(count)d") % {"city": _name(city), "count": count})
    return _practices(parts)


def _practices(parts: Sequence[str]) -> str:
    return _("A practice is stated %(counts)s.") % {"counts": _joined(parts)}


def _unknown(entries: Sequence[Entry]) -> list[str]:
    """Return that of some measures it cannot be told what a city does; empty where there is none."""
    absent = [[side.presence for side in entry.sides if side.record is None] for entry in entries]
    count = sum(any(found != Presence.NOT_STATED for found in places) for places in absent)
    if not count:
        return []
    return [
        ngettext(
            "In %(count)d of them it cannot be told, or is not entered yet, what another city does.",
            "In %(count)d of them it cannot be told, or is not entered yet, what another city does.",
            count,
        )
        % {"count": count}
    ]


def _outcomes(entries: Sequence[Entry], names: Sequence[CityRecord]) -> str:
    parts = []
    for city in names:
        held = [
            side.record
            for entry in entries
            for side in entry.sides
            if side.record is not None and side.city.slug == city.slug
        ]
        stated = sum(practice.outcome_state == OutcomeState.STATED for practice in held)
        if held:
            parts.append(
                _("for %(stated)d of %(practices)d practices of %(city)s")
                % {"stated": stated, "practices": len(held), "city": _name(city)}
            )
    if not parts:
        return ""
    return _("An outcome is stated %(counts)s.") % {"counts": _joined(parts)}


def _joined(parts: Sequence[str]) -> str:
    return pgettext("between counts", ", ").join(parts)


def _name(city: CityRecord) -> str:
    return wording.ours(city.name_zh, city.name_en)
