"""What the reader of notices says: the sentences by which it refuses a text or warns about it.

``ERRORS`` and ``WARNINGS`` hold English sentences with ``%(name)s`` places, by code, so that a
caller can put them in the reader's language. Printed words in them stay Chinese.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from reforms.exchange import MAX_TEXT_LENGTH, RecordError
from reforms.records import Role
from reforms.spans import Span

MAX_EXCERPT_LENGTH = 30
MAX_WHITE_SPACE_RUN = 200

_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffd-\uffff]|^%PDF-")
_WHITE_SPACE = re.compile(r"[^\S\n]+")
_HTML = re.compile(
    r"<(?:!doctype|/?(?:html|head|body|div|p|span|table|tr|td|br|a|script|style|h[1-6]))\b"
    r"[^<>]{0,300}>",
    re.IGNORECASE,
)


def gettext_noop(text: str) -> str:
    """Mark a sentence to be put into the reader's language where it is shown; returns it as it is."""
    return text


_NUMBER_LABEL = "a numbered label such as 改革举措1:"
ERRORS: Mapping[str, tuple[str, str]] = {
    "empty": (
        gettext_noop(
            "Line %(line)s, column %(column)s: the text is empty; expected the text of a notice."
        ),
        "the text of a notice",
    ),
    "too_long": (
        gettext_noop(
            "Line %(line)s, column %(column)s: the text is longer than %(limit)s characters; "
            "expected one notice."
        ),
        "one notice",
    ),
    "too_many": (
        gettext_noop(
            "Line %(line)s, column %(column)s: the text falls into more than %(limit)s passages; "
            "expected one notice."
        ),
        "one notice",
    ),
    "unreadable": (
        gettext_noop(
            "Line %(line)s, column %(column)s: the character %(code_point)s is no part of a text; "
            "expected plain text, decoded in the encoding it was written in."
        ),
        "plain text",
    ),
    "white_space": (
        gettext_noop(
            "Line %(line)s, column %(column)s: more than %(limit)s spaces in a row; "
            "expected plain text."
        ),
        "plain text",
    ),
    "html": (
        gettext_noop(
            "Line %(line)s, column %(column)s: expected plain text, found the HTML tag %(found)s."
        ),
        "plain text",
    ),
    "practice_label_missing": (
        gettext_noop(
            "Line %(line)s, column %(column)s: expected 具体做法: after the title of %(label)s, "
            "found none."
        ),
        "具体做法:",
    ),
    "outcome_without_practice": (
        gettext_noop(
            "Line %(line)s, column %(column)s: expected a practice before %(found)s, found none."
        ),
        "a practice",
    ),
    "place_twice": (
        gettext_noop(
            "Line %(line)s, column %(column)s: expected a numbered label such as 改革举措1: before "
            "%(found)s, which already heads a practice of this measure."
        ),
        _NUMBER_LABEL,
    ),
    "number_twice": (
        gettext_noop(
            "Line %(line)s, column %(column)s: expected a number not used before in its section, "
            "found %(found)s."
        ),
        "a number not used before in its section",
    ),
    "section_twice": (
        gettext_noop(
            "Line %(line)s, column %(column)s: expected a section numeral not used before, "
            "found %(found)s."
        ),
        "a section numeral not used before",
    ),
    "no_words": (
        gettext_noop("Line %(line)s, column %(column)s: there are no words here; select some."),
        "words",
    ),
    "no_number": (
        gettext_noop(
            "Line %(line)s, column %(column)s: expected the number of a measure, found %(found)s "
            "without any."
        ),
        "the number of a measure",
    ),
    "unaccounted": (
        gettext_noop(
            "Line %(line)s, column %(column)s: expected every character to belong to one passage, "
            "could not place %(found)s."
        ),
        "every character to belong to one passage",
    ),
}

WARNINGS: Mapping[str, str] = {
    "no_measures": gettext_noop(
        "No measure was found: nothing in the text is numbered or listed as measures are."
    ),
    "missing_head": gettext_noop(
        "The head of this measure (number, title) is not in the text; "
        "it is kept under the key %(key)s."
    ),
    "place_inferred": gettext_noop(
        "No place is printed before this practice; %(place)s was inferred from "
        "%(words)s in its text."
    ),
    "place_of_issuer": gettext_noop(
        "No place is printed before this practice; %(place)s was taken from the title of the "
        "notice, which is from %(words)s."
    ),
    "section_of_places": gettext_noop(
        "The heading %(name)s names places; measures under it that name none of their own are theirs."
    ),
    "category_by_name": gettext_noop(
        "The section %(name)s was filed by the words %(words)s in it or in the heading above it."
    ),
    "numbered_outside": gettext_noop(
        "From here on %(count)s numbered paragraphs were read as the notice's own text, not as measures."
    ),
    "place_given": gettext_noop(
        "No place is printed before this practice; it was entered under %(place)s."
    ),
    "place_for_all": gettext_noop(
        "The text names no one place for this practice; it was entered under %(place)s, "
        "as said for the whole notice."
    ),
    "place_missing": gettext_noop(
        "No place is printed before this practice and its text names none or several; choose one."
    ),
    "place_shared": gettext_noop(
        "One text stands for several places here: %(places)s. Each has it as its practice."
    ),
    "place_taken": gettext_noop(
        "A place of %(found)s has a text of its own in this measure; it does not share this one."
    ),
    "place_unknown": gettext_noop("The place %(place)s is not known; choose one."),
    "category_inferred": gettext_noop(
        "No heading gives the category of this measure; it was inferred from %(words)s in its text."
    ),
    "category_given": gettext_noop(
        "No section heads this measure; it was entered under %(category)s."
    ),
    "category_for_all": gettext_noop(
        "This section names no category of the catalog; its measures were entered "
        "under %(category)s, as said for the whole notice."
    ),
    "category_missing": gettext_noop("No heading gives the category of this measure; choose one."),
    "category_unknown": gettext_noop(
        "The section %(name)s is not known as a category; choose one."
    ),
    "count_differs": gettext_noop(
        "The section %(name)s declares %(declared)s measures; %(found)s were found."
    ),
    "count_elsewhere": gettext_noop(
        "The text says here that %(name)s are %(declared)s measures; %(found)s were found."
    ),
    "numbers_begin": gettext_noop(
        "The measures begin with number %(number)s; those before it are not in this text."
    ),
    "numbers_jump": gettext_noop("The number of the measure jumps from %(before)s to %(number)s."),
    "sections_jump": gettext_noop("The numeral of the section jumps from %(before)s to %(label)s."),
    "section_label_extended": gettext_noop(
        "The section numeral %(label)s was used before; with its part it is kept as %(extended)s."
    ),
    "section_again": gettext_noop(
        "The section numeral of %(found)s was used before; it is kept as %(extended)s."
    ),
    "number_again": gettext_noop(
        "The number of %(found)s was used before in its section; it is kept under the key %(key)s."
    ),
    "place_again": gettext_noop(
        "%(found)s heads a practice of this measure already; its text was added to that one."
    ),
    "outcome_alone": gettext_noop(
        "%(found)s looks like the label of an outcome, but no practice stands before it; "
        "it was read as text."
    ),
    "sentence_joined": gettext_noop(
        "A page or column break cuts this sentence; its two parts were joined."
    ),
    "caption_in_sentence": gettext_noop(
        "A caption stands in the middle of this sentence; it was taken out "
        "and the two parts were joined."
    ),
    "running_head_in_sentence": gettext_noop(
        "A running head or page number stands in the middle of this "
        "sentence; it was taken out and the two parts were joined."
    ),
    "caption": gettext_noop("This line was read as the caption of a picture."),
    "running_head": gettext_noop("This line was read as a running head or page number."),
    "sentence_cut": gettext_noop("The text breaks off here in the middle of a sentence."),
    "loose_text": gettext_noop(
        "This text belongs to no measure; it is kept as text outside the measures."
    ),
    "title_missing": gettext_noop("No title is printed between the number and 具体做法:."),
    "practice_missing": gettext_noop("No practice follows in the text."),
    "outcome_missing": gettext_noop("No outcome follows this label in the text."),
    "outcome_twice": gettext_noop(
        "A second outcome in the text of one place; perhaps the name of another "
        "place is missing before it."
    ),
    "outcome_paragraph": gettext_noop(
        "A new paragraph follows a finished outcome; it was read as part of it."
    ),
}

# By what a stretch of a text is known, by its role; shown beside the text.
RULES: Mapping[Role, str] = {
    Role.DOCUMENT_HEAD: gettext_noop(
        "Stands above the first paragraph: title, document number, addressee."
    ),
    Role.SECTION_HEADING: gettext_noop(
        "Begins with a numeral such as 一、 or （一） and has measures under it, or declares a count of them."
    ),
    Role.NUMBER_LABEL: gettext_noop(
        "A number at the beginning of a paragraph or cell: 改革举措1, 案例1, 1., （一）, 第1项; they ascend."
    ),
    Role.TITLE: gettext_noop(
        "Follows the number, up to the first full stop, colon or label; or is listed by a heading."
    ),
    Role.PRACTICE_LABEL: gettext_noop(
        "Words such as 具体做法 or 主要内容 with a colon, or the stop that ends the title."
    ),
    Role.CITY_LABEL: gettext_noop(
        "A place at the beginning of a text, or after a sentence in it, set off by a stop, a colon or a space."
    ),
    Role.PRACTICE: gettext_noop("The text of a measure that no other rule takes."),
    Role.OUTCOME_LABEL: gettext_noop(
        "成效, 效果 or the like with a colon, at the beginning or after a sentence."
    ),
    Role.OUTCOME: gettext_noop("Follows the label of an outcome, up to the next place or measure."),
    Role.RESPONSIBLE: gettext_noop(
        "Begins with 负责单位, 完成时限 or the like; or a bracket or a cell that names departments."
    ),
    Role.REPLICATED_IN: gettext_noop(
        "Begins with 推广范围 or the like, or a cell that names areas."
    ),
    Role.NOTICE_TEXT: gettext_noop(
        "Belongs to no measure: preamble, principles, organisation, signature."
    ),
    Role.CAPTION: gettext_noop(
        "A short line that ends as captions do, or stands apart and is no sentence."
    ),
    Role.RUNNING_HEAD: gettext_noop("A page number, or a line that comes again on each page."),
}


class NoticeError(RecordError):
    """A text that is not such a notice: ``line`` and ``column`` (from 1) and what was expected."""

    def __init__(self, code: str, *, line: int, column: int, **values: object) -> None:
        template, self.expected = ERRORS[code]
        self.code = code
        self.line = line
        self.column = column
        super().__init__("", template, line=line, column=column, **values)


@dataclass(frozen=True)
class NoticeWarning:
    """A place where the reader had to judge; ``WARNINGS`` holds the sentence of each code."""

    code: str
    values: Mapping[str, object]
    line: int
    column: int
    span: Span

    @property
    def template(self) -> str:
        return WARNINGS[self.code]

    def __str__(self) -> str:
        return self.template % self.values


class Remarks:
    """The warnings on one text, and where in it an offset stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._warnings: list[NoticeWarning] = []
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def warn(self, code: str, span: Span, **values: object) -> None:
        line, column = self.locate(span[0])
        self._warnings.append(NoticeWarning(code, values, line, column, span))

    def error(self, code: str, offset: int, **values: object) -> NoticeError:
        """Return the refusal to raise."""
        line, column = self.locate(offset)
        return NoticeError(code, line=line, column=column, **values)

    def locate(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of an offset, both counted from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def words(self, span: Span) -> str:
        """Return the beginning of the words at ``span``, for a sentence."""
        return self.text[span[0] : min(span[1], span[0] + MAX_EXCERPT_LENGTH)]

    def in_order(self) -> tuple[NoticeWarning, ...]:
        return tuple(sorted(self._warnings, key=lambda warning: warning.span))

    def check_is_text(self) -> None:
        """Raise ``NoticeError`` for what is not the plain text of one notice."""
        if len(self.text) > MAX_TEXT_LENGTH:
            raise self.error("too_long", MAX_TEXT_LENGTH, limit=MAX_TEXT_LENGTH)
        unreadable = _UNREADABLE.search(self.text)
        if unreadable:
            code_point = f"U+{ord(unreadable[0][0]):04X}"
            raise self.error("unreadable", unreadable.start(), code_point=code_point)
        if not self.text.strip():
            raise self.error("empty", 0)
        runs = _WHITE_SPACE.finditer(self.text)
        run = next((run for run in runs if run.end() - run.start() > MAX_WHITE_SPACE_RUN), None)
        if run:
            raise self.error("white_space", run.start(), limit=MAX_WHITE_SPACE_RUN)
        html = _HTML.search(self.text)
        if html:
            raise self.error("html", html.start(), found=self.words(html.span()))
