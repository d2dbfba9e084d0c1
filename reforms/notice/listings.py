"""Find the titles of measures that a heading or a numbered paragraph lists and nothing else tells of."""

import re
from collections.abc import Iterator, Sequence

from reforms.notice.outline import Heading, Level, Line

_QUOTE = re.compile("[“”]")
_LISTED_TITLE = re.compile("[^；;。\n]{2,160}")
_COUNT_AT_END = re.compile(
    r"(?:等|共|计)?\s{0,4}(\d{1,3})\s{0,4}项(?:[\u4e00-\u9fff]{1,8})?\s{0,4}[。；;]?$"
)
_CLOSING = 24
MIN_TITLE_LENGTH, MAX_TITLE_LENGTH = 2, 120
MAX_LEAD_LENGTH = 60
LEAST_LISTS = 2


def section_titles(text: str, line: Line, own: Heading) -> Iterator[tuple[int, int]]:
    """Yield where the titles stand that a heading with a count lists: in quotation marks, else by semicolons."""
    quoted = [*quoted_spans(text, own.end, line.end)]
    rest = text[own.end : line.end]
    if quoted and len(quoted) >= max(1, rest.count("；")):
        yield from quoted
    elif "；" in rest or own.declared == 1:
        for found in _LISTED_TITLE.finditer(text, own.end, line.end):
            words = found[0]
            start = found.start() + len(words) - len(words.lstrip())
            end = start + len(words.strip())
            if start < end:
                yield start, end


def listed_titles(text: str, line: Line) -> list[tuple[int, int]]:
    """Return where the titles stand that a numbered paragraph lists; none where it tells of one thing.

    Its words before the first title name what they are about: 1.贸易便利化领域：“…”、“…”等7项。
    """
    quoted = [*quoted_spans(text, line.numeral_end, line.end)]
    if not quoted or quoted[0][0] - line.numeral_end > MAX_LEAD_LENGTH:
        return []
    # Between titles of a list stand marks, and behind the last at most its count.
    borders = [end for _start, end in quoted[:-1]]
    between = [text[end:start] for end, (start, _end) in zip(borders, quoted[1:], strict=True)]
    if any(_words_in(gap) for gap in between):
        return []
    rest = text[quoted[-1][1] + 1 : line.end].strip()
    is_list = not _words_in(rest) or (len(rest) <= _CLOSING and _COUNT_AT_END.search(rest))
    return quoted if is_list else []


def list_heading(text: str, line: Line) -> Heading:
    """Return what a numbered paragraph that lists titles names, how many it says, and where its name ends."""
    first = next(quoted_spans(text, line.numeral_end, line.end))[0] - 1
    lead = text[line.numeral_end : first].rstrip()
    count = _COUNT_AT_END.search(text, max(line.start, line.end - _CLOSING), line.end)
    return Heading(
        lead.strip().rstrip("：:，,、"),
        int(count[1]) if count else None,
        line.numeral_end + len(lead),
    )


def lists_titles(text: str, begun: Sequence[Line]) -> bool:
    """Tell whether the numbered paragraphs of a notice are lists of titles, most of them with a count."""
    if not begun or any(line.level is not Level.NUMBER for line in begun):
        return False
    lists = [line for line in begun if listed_titles(text, line)]
    counted = [line for line in lists if list_heading(text, line).declared is not None]
    return len(lists) * 2 > len(begun) and len(counted) >= LEAST_LISTS


def quoted_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what stands between outer quotation marks: “证照“一口受理”审批模式” is one title."""
    depth = opened = 0
    for mark in _QUOTE.finditer(text, start, end):
        if mark[0] == "“":
            depth += 1
            opened = mark.end() if depth == 1 else opened
        elif depth:
            depth -= 1
            if not depth and MIN_TITLE_LENGTH <= mark.start() - opened <= MAX_TITLE_LENGTH:
                yield opened, mark.start()


def _words_in(text: str) -> bool:
    return bool(re.search(r"[^\W_]", text.replace("和", "").replace("及", "").replace("以", "")))
