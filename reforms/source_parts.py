"""What hangs on a source, from its record to the tables: its headings, and the claims about it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from reforms.exchange import RecordError, to_json
from reforms.models import Category, Identification, Section, Source
from reforms.models.histories import Save
from reforms.records import SourceRecord

OUT_OF_THE_WAY = 1_000_000


def store_parts(
    source: Source, record: SourceRecord, save: Save
) -> dict[str | None, Section | None]:
    """Store the headings and claims of a source, of those that are there only what differs.

    Returns the headings by their printed label, and None for None: the words under no heading.
    Raises ``RecordError`` for a category that is not there. 3 queries, and 2 a part that is written.
    """
    claims = {claim.position: claim for claim in source.identifications.all()}
    for position, found in enumerate(record.identifications, start=1):
        claim = claims.pop(position, None) or Identification(source=source, position=position)
        _store_part(claim, to_json(found), save)
    for claim in claims.values():
        save.delete(claim)
    categories = {category.slug: category for category in Category.objects.all()}
    there = {section.label: section for section in source.sections.select_related("category")}
    _make_room_for_sections(there, record, save)
    sections: dict[str | None, Section | None] = {None: None}
    for heading in record.sections:
        values = to_json(heading)
        slug = values.pop("category")
        if slug is not None and slug not in categories:
            raise RecordError("sections", "nothing here is called %(slug)s.", slug=slug)
        values["category"] = categories[slug] if slug else None
        section = there.get(heading.label) or Section(source=source)
        _store_part(section, values, save)
        sections[heading.label] = section
    return sections


def _make_room_for_sections(there: Mapping[str, Section], record: SourceRecord, save: Save) -> None:
    """Free the positions that headings of this load may exchange; one that is gone goes last."""
    wanted = {found.label: found.position for found in record.sections}
    moved = [there[label] for label in wanted if label in there]
    moved = [section for section in moved if section.position != wanted[section.label]]
    for section in moved:
        Section.objects.filter(pk=section.pk).update(position=F("position") + OUT_OF_THE_WAY)
    for label, section in there.items():
        if label not in wanted:
            section.position += OUT_OF_THE_WAY
            save.write(section)


def _store_part(part: Any, values: Mapping[str, Any], save: Save) -> None:
    """Save what hangs on a source if it is new or differs; its source is at hand."""
    changed = [name for name, value in values.items() if getattr(part, name) != value]
    for name in changed:
        setattr(part, name, values[name])
    if changed or part.pk is None:
        save.write(part)
