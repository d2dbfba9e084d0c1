"""The headings of our own files in each language, from which a list that comes back is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override, pgettext

from reforms.exports.returned_sheets import FileError, Sheet

LANGUAGES = ("en", "zh-hans")


@dataclass(frozen=True)
class Headings:
    """The headings of our files in one language."""

    key: str
    source: str
    version: str
    city: str
    category: str
    title_en: str
    title_zh: str
    of_practice: Mapping[str, str]
    printed: frozenset[str]

    @classmethod
    def here(cls) -> "Headings":
        """Return the headings in the active language; they are those of ``tables`` and ``sheets``."""
        return cls(
            key=pgettext("of a measure", "Key"),
            source=_("Source"),
            version=_("Version"),
            city=_("City"),
            category=_("Category"),
            title_en=_("Title, our English"),
            title_zh=_("Title, as printed"),
            of_practice={
                _("our summary, Chinese"): "summary_zh",
                _("our summary, English"): "summary_en",
                _("practice, unofficial translation"): "practice_en",
                _("outcome, unofficial translation"): "outcome_en",
            },
            printed=frozenset((_("practice, as printed"), _("outcome, as printed"))),
        )


def language_of(sheets: Sequence[Sheet]) -> tuple[str, Headings]:
    """Return the language of a file by its headings, and these; raises ``FileError``."""
    for language in LANGUAGES:
        with override(language):
            headings = Headings.here()
        if any(
            {headings.key, headings.source, headings.version} <= {*sheet.headings}
            for sheet in sheets
        ):
            return language, headings
    raise FileError(
        "",
        gettext_noop(
            "The first line has no headings of a list of measures: Source, Key and Version are needed. Take a list away as CSV or XLSX and change that file."
        ),
    )
