"""What can be taken from a city's practice or a point: its citations, its words with their source, a link."""

from dataclasses import dataclass

from django import template

from reforms.citations import Citation, cite_point, cite_practice, short_citation
from reforms.compare import Row
from reforms.copying import Copy, link_to_measure, link_to_practice, words_of_practice
from reforms.models import Point, Practice

register = template.Library()


@dataclass(frozen=True)
class Taken:
    """What the fold of one practice holds."""

    citations: tuple[Citation, ...]
    copies: tuple[Copy, ...]


@register.simple_tag
def taken_from_practice(practice: Practice, address: str) -> Taken:
    """Return the citations of a practice, its words with their source, and a link to it; no query.

    ``address`` is the absolute canonical address of the measure's page.
    """
    citations = cite_practice(practice, address)
    words = words_of_practice(practice, short_citation(citations).text)
    return Taken(citations, (*words, link_to_practice(practice, address)))


@register.simple_tag
def citations_of_point(point: Point, address: str) -> tuple[Citation, ...]:
    """Return the citations of a point; no query."""
    return cite_point(point, address)


@register.simple_tag
def link_to_row(row: Row, address: str) -> Copy:
    """Return a link to the measure of a row, with our summaries of its practices; no query."""
    practices = [cell.practice for cell in row.present if cell.practice]
    return link_to_measure(row.measure, practices, address)
