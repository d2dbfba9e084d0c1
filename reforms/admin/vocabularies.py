"""Categories, cities, themes, indicators and synonyms in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reforms.admin.histories import HistoryAdmin
from reforms.models import Category, City, Indicator, Synonym, Theme

SLUG_HELP = _("Stands in public addresses: small letters, digits, hyphens; fixed once saved.")
POSITION_HELP = _("Its place in every list, counted from 1; no two share one.")


class VocabularyAdmin(HistoryAdmin):
    """A vocabulary: its words in their order."""

    list_display: Any = ("position", "name_zh", "name_en", "slug")
    list_display_links = ("position", "name_zh")
    search_fields: ClassVar[Any] = ("slug", "name_zh", "name_en")
    ordering = ("position",)
    sortable_by = ("position",)
    help_texts: dict[str, Any] = {}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The slug is fixed once saved: addresses and records name it."""
        return ("slug",) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Offer the next free position to a new word."""
        last = self.model.objects.aggregate(last=Max("position"))["last"] or 0
        return {"position": last + 1}

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        """Return the stock field with a sentence of help."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        texts = {"slug": SLUG_HELP, "position": POSITION_HELP, **self.help_texts}
        if field is not None and db_field.name in texts:
            field.help_text = texts[db_field.name]
        return field


NAMES_HELP = {
    "name_zh": _("As readers of the Chinese pages see it."),
    "name_en": _("As readers of the English pages see it."),
}
DEFINITION_HELP = {
    **NAMES_HELP,
    "definition_zh": _("What belongs here and what does not, in one or two sentences."),
    "definition_en": _("The same in English."),
}


@admin.register(Category)
class CategoryAdmin(VocabularyAdmin):
    """Policy areas."""

    mapping = _("Our mapping, labelled as ours wherever it is shown.")
    help_texts = {
        **NAMES_HELP,
        "doing_business_topic_zh": mapping,
        "doing_business_topic_en": mapping,
        "b_ready_topic_zh": mapping,
        "b_ready_topic_en": mapping,
        "mapping_note_zh": _("Where the topics fit only in part, say so."),
        "mapping_note_en": _("The same in English."),
    }


@admin.register(City)
class CityAdmin(VocabularyAdmin):
    """Cities."""

    help_texts = {
        **NAMES_HELP,
        "short_name_zh": _("For headings of columns, such as 北京."),
        "short_name_en": _("For headings of columns, such as Beijing."),
    }


@admin.register(Theme)
class ThemeAdmin(VocabularyAdmin):
    """Themes of points."""

    help_texts = DEFINITION_HELP


@admin.register(Indicator)
class IndicatorAdmin(VocabularyAdmin):
    """Indicators of figures."""

    list_display = ("position", "name_zh", "name_en", "kind", "slug")
    help_texts = {
        **DEFINITION_HELP,
        "kind": _("Figures take their kind from here; it is fixed once saved."),
    }

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The kind is fixed too: the records of figures repeat it."""
        return ("slug", "kind") if obj else ()


@admin.register(Synonym)
class SynonymAdmin(VocabularyAdmin):
    """Words that people type for what the catalog calls otherwise."""

    list_display: Any = ("position", "name_zh", "name_en", "typed", "sought")
    search_fields: ClassVar[Any] = ("slug", "name_zh", "name_en", "words", "means")
    help_texts = {
        "name_zh": _("What the words are about, for the list of synonyms; readers do not see it."),
        "name_en": _("The same in English."),
        "words": _(
            "One word or phrase a line, in Chinese or English. Who types one of them, whole, also "
            "finds what is meant; the page says so."
        ),
        "means": _(
            "One word or phrase a line that stands in the catalog's texts or names. The name of a "
            "category brings in every measure of it."
        ),
    }

    @admin.display(description=_("words that people type"))
    def typed(self, synonym: Synonym) -> str:
        """The words in one line."""
        return " · ".join(synonym.words.splitlines())

    @admin.display(description=_("words looked for besides"))
    def sought(self, synonym: Synonym) -> str:
        """What they mean, in one line."""
        return " · ".join(synonym.means.splitlines())
