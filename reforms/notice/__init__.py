"""Read a notice's text into records with spans, and say wherever that took a judgement.

The shape is that of the annex 北京市、上海市优化营商环境典型做法 of 国办函〔2019〕89号: sections
with a declared count, measures labelled ``改革举措6:`` and ``具体做法:``, practices headed by a
place and followed by ``成效:``. ``marks`` finds those in the text, ``drafts`` gathers them into
measures, ``filing`` finds their places and categories and ``reading`` makes records of the drafts;
``remarks`` holds what is said on the way. Other shapes (tables, numbered tasks, lists) come from
``outline``, ``listings``, ``bodies`` and ``shapes``.
"""

from collections.abc import Mapping, Sequence

from reforms.exchange import MAX_LIST_LENGTH
from reforms.notice.corrections import CORRECTABLE, MAX_CORRECTIONS, Correction, corrected
from reforms.notice.drafts import Gatherer
from reforms.notice.filing import Filing
from reforms.notice.marks import MarkKind, labels_measures, scan
from reforms.notice.reading import Reading, Recorder
from reforms.notice.remarks import ERRORS, RULES, WARNINGS, NoticeError, NoticeWarning, Remarks
from reforms.notice.shapes import scan_shapes

__all__ = [
    "CORRECTABLE",
    "ERRORS",
    "MAX_CORRECTIONS",
    "RULES",
    "WARNINGS",
    "Correction",
    "MarkKind",
    "NoticeError",
    "NoticeWarning",
    "Reading",
    "read_notice",
]


def read_notice(
    text: str,
    *,
    source: str,
    places: Mapping[str, str],
    categories: Mapping[str, str],
    fragment_category: str | None = None,
    fragment_city: str | None = None,
    default_category: str | None = None,
    default_city: str | None = None,
    corrections: Sequence[Correction] = (),
) -> Reading:
    """Read a notice's text; every character but white space is in exactly one passage.

    ``places`` and ``categories`` map names as printed to slugs; several names may share a slug.
    A measure whose head is missing keeps number and title None and ``is_read_whole`` False; where
    the text prints no section and no place for it, it takes ``fragment_category`` and
    ``fragment_city``, else the one category and the one place that its own words name.
    ``default_category`` and ``default_city`` are for every measure whose section and text give none.
    ``corrections`` are what a person said that words are; they go before what the reader takes them for. The status
    is stated only by the heading of a part that speaks of replication (复制推广) or of reference
    (借鉴, 参考). Takes time linear in the text. Raises ``NoticeError``.
    """
    remarks = Remarks(text)
    remarks.check_is_text()
    is_labelled = labels_measures(text)
    gatherer = Gatherer(remarks, places, categories, is_strict=is_labelled and not corrections)
    marks = scan(text, places, categories) if is_labelled else scan_shapes(text, places)
    for count, mark in enumerate(corrected(marks, corrections, remarks) if corrections else marks):
        if count == MAX_LIST_LENGTH:
            raise remarks.error("too_many", mark.start, limit=MAX_LIST_LENGTH)
        gatherer.take(mark)
    gatherer.close()
    if not gatherer.drafts:
        remarks.warn("no_measures", (0, 0))
    filing = Filing(
        gatherer,
        default_category or fragment_category,
        default_city or fragment_city,
        is_for_all=bool(default_category or default_city),
    )
    return Recorder(gatherer, source, filing).reading()
