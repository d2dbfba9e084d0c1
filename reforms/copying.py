"""What a reader copies from a page: words with their source, and a link that is safe in a chat."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reforms.models import Measure, Practice
from reforms.models.fields import as_spans, in_english
from reforms.records import OutcomeState, TranslationState
from reforms.spans import is_within
from reforms.text import full_width

CHINESE, ENGLISH = "zh-Hans", "en"
# Chats end a link at brackets, quotation marks and marks of punctuation.
_SAFE_IN_CHATS = "/?&=%#-._~:"


@dataclass(frozen=True)
class Copy:
    """A text to be copied as it is: ``name`` says what it is, ``anchor`` is its name in the page."""

    name: str
    anchor: str
    text: str
    language: str = ""


def words_of_practice(practice: Practice, citation: str) -> tuple[Copy, ...]:
    """Return a practice and its outcome with their citation, in the texts a reader may choose.

    The Chinese as it is held and with full-width punctuation, each saying so; in English pages
    before it our translation where there is one. No marks of notes, nothing cut; the Chinese says
    behind its citation where the print may be wrong. No query if the outcome and the measure's
    errata are at hand.
    """
    anchor = f"copy-{practice.anchor}"
    is_edited = practice.is_text_edited or (
        practice.outcome_state == OutcomeState.STATED and practice.outcome.is_text_edited
    )
    held = _("The Chinese, edited by the catalog") if is_edited else _("The words as printed")
    edited = (
        [_("[edited by the catalog: not word for word as printed]")]
        if is_edited
        else _misprints(practice)
    )
    widened = _("[punctuation set full-width by the catalog]")
    chinese = (
        Copy(held, f"{anchor}-held", _chinese(practice, citation, edited), CHINESE),
        Copy(
            _("The same, with full-width punctuation"),
            f"{anchor}-wide",
            _chinese(practice, citation, [*edited, widened], is_wide=True),
            CHINESE,
        ),
    )
    if not (in_english() and practice.text_en):
        return chinese
    name = _("Our English translation")
    return (Copy(name, f"{anchor}-english", _english(practice, citation), ENGLISH), *chinese)


def link_to_measure(measure: Measure, practices: Iterable[Practice], address: str) -> Copy:
    """Return a link to a measure with its title and our summaries, a line each; no query."""
    lines = [_summary(practice) for practice in practices if practice.summary]
    return _link("copy-link", [_heading(measure), *_as_ours(lines)], address)


def link_to_practice(practice: Practice, address: str) -> Copy:
    """Return a link to one city's practice with the measure's title and our summary; no query."""
    lines = [_summary(practice)] if practice.summary else [practice.city.name]
    anchor = f"copy-{practice.anchor}-link"
    heading = _heading(practice.measure)
    ours = _as_ours(lines) if practice.summary else lines
    return _link(anchor, [heading, *ours], f"{address}#{practice.anchor}")


def link_to_comparison(title: str, summary: Iterable[str], address: str) -> Copy:
    """Return a link to a comparison with its title and the lines that sum it up."""
    return _link("copy-link", [title, *summary], address)


def chat_address(address: str) -> str:
    """Return an address in which nothing ends a link early: all but plain characters are encoded."""
    parts = urlsplit(address)
    rest = [
        quote(part.replace("+", "%20"), safe=_SAFE_IN_CHATS)
        for part in (parts.path, parts.query, parts.fragment)
    ]
    return urlunsplit((parts.scheme, parts.netloc, *rest))


def _link(anchor: str, lines: Iterable[str], address: str) -> Copy:
    return Copy(
        _("Link with title and summary"), anchor, "\n".join([*lines, chat_address(address)])
    )


def _heading(measure: Measure) -> str:
    """Return the number and the title of a measure in the reader's language."""
    if measure.number is None or not measure.title:
        return _("[number and title not stated] (%(key)s)") % {"key": measure.key}
    values = {"number": measure.number, "title": measure.title}
    return _("Reform measure %(number)d: %(title)s") % values


def _summary(practice: Practice) -> str:
    return _("%(city)s: %(summary)s") % {"city": practice.city.name, "summary": practice.summary}


def _as_ours(lines: list[str]) -> list[str]:
    """Return lines of our summaries followed by the line that says whose they are."""
    return [*lines, _("(Summaries by the Reform Measures Catalog)")] if lines else []


def _misprints(practice: Practice) -> list[str]:
    """Return one remark that names what may be misprinted in the words copied; none if nothing is."""
    texts = [as_spans(practice.spans)]
    if practice.outcome_state == OutcomeState.STATED:
        texts.append(as_spans(practice.outcome.spans))
    said = []
    for erratum in practice.measure.errata.all():
        spans = as_spans(erratum.spans)
        if erratum.is_shown and spans and any(is_within(spans, text) for text in texts):
            values = {"printed": erratum.as_printed, "reading": erratum.reading}
            said.append(
                _("“%(printed)s” probably for “%(reading)s”") % values
                if erratum.reading
                else _("“%(printed)s”, reading not certain") % values
            )
    errata = pgettext("between facts", "; ").join(said)
    return (
        [_("[copied as printed, where the print may be wrong: %(errata)s]") % {"errata": errata}]
        if said
        else []
    )


def _chinese(
    practice: Practice, citation: str, remarks: Iterable[str], *, is_wide: bool = False
) -> str:
    stated = practice.outcome_state == OutcomeState.STATED
    texts = [practice.text_zh, practice.outcome.text_zh if stated else ""]
    return _with_source(practice, map(full_width, texts) if is_wide else texts, citation, remarks)


def _english(practice: Practice, citation: str) -> str:
    stated = practice.outcome_state == OutcomeState.STATED
    outcome = (practice.outcome.text_en or _("[not translated yet]")) if stated else ""
    is_outdated = practice.translation_state == TranslationState.OUTDATED
    remark = (
        _("[unofficial translation of an earlier state of the Chinese]")
        if is_outdated
        else _("[unofficial translation]")
    )
    return _with_source(practice, [practice.text_en or "", outcome], citation, [remark])


def _with_source(
    practice: Practice, texts: Iterable[str], citation: str, remarks: Iterable[str]
) -> str:
    """Return the two texts under their labels, then the citation and what is to be said of them."""
    words, outcome = texts
    absent = {
        OutcomeState.NOT_STATED: _("[the text held here does not state it]"),
        OutcomeState.NOT_ENTERED: _("[not entered yet]"),
    }
    parts = [
        _("Practice of %(city)s:") % {"city": practice.city.name} + f"\n{words}",
        pgettext("of a practice", "Stated outcome:")
        + f"\n{outcome or absent.get(OutcomeState(practice.outcome_state), '')}",
        " ".join([citation, *remarks]),
    ]
    return "\n\n".join(parts)
