"""What a file says of itself: what was asked, when, whose words are whose, its sources and their holes."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from reforms.exports import wording
from reforms.exports.entries import Asked, Chosen
from reforms.models import Source


def rights() -> list[str]:
    """Return whose words are whose, what absence means, and the licence."""
    return [
        _(
            "Words labelled as printed are the source's, with its misprints; a note says where the "
            "print is probably wrong. Summaries, translations, themes, readings, notes and "
            "calculations are ours, and unofficial."
        ),
        absence_note(),
        _(
            "Our summaries, translations and data may be used under CC BY 4.0, naming the Reform "
            "Measures Catalog and the date. The words of the sources are theirs: see the rights of "
            "each."
        ),
    ]


def absence_note() -> str:
    """Say what the two kinds of absence mean."""
    return _(
        "“The text held here does not state it” does not mean that it is not done: the source may "
        "be a fragment. “Not entered yet” means that this catalog has not read or entered it."
    )


def outcomes_alone(chosen: Chosen) -> list[str]:
    """Say what is left out where outcomes alone were asked for; empty where all was."""
    if not chosen.has_outcomes_only:
        return []
    return [
        _(
            "Outcomes alone were asked for. This file has no practices and no points, and no figures "
            "or errata but those of outcomes, titles and headings: that they are not here does not "
            "mean that the source does not state them."
        )
    ]


def counts(entries: int, numbered: int | None) -> str:
    """Return how many entries a file holds, and how many of them have a printed number."""
    if numbered is None:
        return str(entries)
    return _("%(entries)d (of which %(numbered)d with a printed number)") % {
        "entries": entries,
        "numbered": numbered,
    }


def source_facts(source: Source) -> list[tuple[str, str]]:
    """Return what a source says about itself, and that it does not say it where it does not."""
    hole = wording.not_stated()
    facts = [
        (_("Source"), wording.ours(source.title_zh, source.title_en)),
        (_("Completeness"), source.get_completeness_display()),
    ]
    if source.missing_zh:
        facts.append((_("What is missing"), wording.ours(source.missing_zh, source.missing_en)))
    facts += [
        (_("Issuer"), wording.ours(source.issuer_zh, source.issuer_en) or hole),
        (_("Document number"), source.document_number or hole),
        (_("Date"), source.date_as_printed or hole),
        (_("Publication"), wording.ours(source.publication_zh, source.publication_en) or hole),
        (_("SHA-256 of the text"), source.checksum),
    ]
    if source.rights_zh:
        facts.append((_("Rights"), wording.ours(source.rights_zh, source.rights_en)))
    return facts


def as_at_words(day: date) -> str:
    """Say as at which day a file holds the catalog, and what of it has no history."""
    return _(
        "the end of %(day)s (%(zone)s time); names of categories, cities, themes and indicators, and "
        "what is said of the sources, are those of the day on which this file was made"
    ) % {"day": day.isoformat(), "zone": settings.TIME_ZONE}


def about(asked: Asked) -> list[tuple[str, str]]:
    """Return what a file says of itself: what was asked, when, how much, where it came from."""
    return [
        (_("Catalog"), _("Reform Measures Catalog")),
        (
            _("What was asked"),
            wording.joined([wording.colon(name, value) for name, value in asked.conditions]),
        ),
        (_("Entries"), counts(asked.entries, asked.numbered)),
        *([(_("Catalog as at"), as_at_words(asked.as_at))] if asked.as_at else []),
        (_("As of"), asked.made_on),
        (_("Live page"), asked.address),
    ]
