"""Read an official document out of a claim about a source: its title, number and issuer; no database.

A claim is prose for people. What is read of it is only what official documents print in one form:
the title in title marks, whose issuer stands before ``关于`` (GB/T 9704-2012, 7.3.1: issuer, subject
and kind of document), and the number with its year in ``〔〕`` (7.2.5).
"""

import re
from dataclasses import dataclass

# The kinds of claims that name the official text.
OFFICIAL_KINDS = ("official-text", "parent-document")
_TITLE = re.compile(r"《([^《》]+)》")
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}〔([0-9]{4})〕[0-9]{1,5}号")
_ANNEX = re.compile(r"附件(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})?《([^《》]+)》")
_SUBJECT = "关于"


@dataclass(frozen=True)
class OfficialText:
    """An official document that a claim names; null for what the claim does not tell of it."""

    title: str
    number: str
    year: str
    issuer: str | None
    annex: str | None


def official_text(claim: str) -> OfficialText | None:
    """Return the official document that a Chinese claim names; null without title and number."""
    title, number = _TITLE.search(claim), _NUMBER.search(claim)
    if title is None or number is None:
        return None
    issuer, subject, _rest = title[1].partition(_SUBJECT)
    annex = _ANNEX.search(claim)
    return OfficialText(
        title=title[1],
        number=number[0],
        year=number[1],
        issuer=issuer if issuer and subject else None,
        annex=annex[1] if annex else None,
    )
