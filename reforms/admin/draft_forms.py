"""The forms of a new notice: its text, pasted or in a file, and what is known of the source."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reforms.documents import MAX_BYTES, DocumentError, read_document
from reforms.models import Category, City, NoticeDraft
from reforms.new_notice import Facts, verbatim
from reforms.notice import Correction, NoticeError, Reading, read_notice
from reforms.records import SLUG, Completeness

# What a page can still show stretch by stretch; `manage.py import_notice` takes ten times as much.
MAX_CHARACTERS = 200_000


def read(text: str, corrections: Sequence[Correction] = ()) -> Reading:
    """Read a text with the places and categories of the catalog; raises ``NoticeError``. 2 queries.

    ``corrections`` are what an editor said that words of it are.
    """
    places = dict(City.objects.order_by("position").values_list("name_zh", "slug"))
    categories = dict(Category.objects.order_by("position").values_list("name_zh", "slug"))
    return read_notice(
        text,
        source="new-notice",
        places=places,
        categories=categories,
        corrections=corrections,
    )


class TextForm(forms.Form):
    """The text of a notice, pasted or in a file: what was read of it is in ``cleaned_data``."""

    pasted = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=MAX_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "lang": "zh-Hans", "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "The whole text as printed, with its line ends. Nothing of it is changed."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        help_text=gettext_lazy(
            "Word (DOCX), PDF with its text, HTML or plain text (UTF-8, UTF-16 with its mark, GB18030): at most 20 MB, "
            "500 pages and 200,000 characters of text. Files with macros, with parts from elsewhere or with a password "
            "are refused. Reading takes up to a minute."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Take one of the two, and read it: what is no notice's text is refused with its place."""
        values = super().clean() or {}
        file, pasted = values.get("file"), values.get("pasted") or ""
        values["file_name"] = file.name[:255] if file else ""
        if bool(file) == bool(pasted.strip()):
            self.add_error(None, _("Paste the text or choose a file: one of the two."))
            return values
        values["notes"] = ()
        text = pasted
        if file:
            try:
                document = read_document(file.read(MAX_BYTES + 1))
            except DocumentError as error:
                self.add_error("file", _(error.template) % error.values)
                return values
            text, values["notes"] = document.text, document.notes
        values["text"] = verbatim(text)
        if len(values["text"]) > MAX_CHARACTERS:
            self.add_error("file", _("The text is longer than 200,000 characters."))
            return values
        try:
            values["reading"] = read(values["text"])
        except NoticeError as error:
            self.add_error("file" if file else "pasted", _(error.template) % error.values)
        return values


class FactsForm(forms.Form):
    """What is known of the source, and the category and the place of all that names none."""

    slug = forms.CharField(label=gettext_lazy("slug"), required=False, max_length=80)
    short_name_zh = forms.CharField(
        label=gettext_lazy("short Chinese name"), required=False, max_length=120
    )
    short_name_en = forms.CharField(
        label=gettext_lazy("short English name"), required=False, max_length=200
    )
    title_zh = forms.CharField(
        label=gettext_lazy("title as printed"), required=False, max_length=2000
    )
    title_en = forms.CharField(
        label=gettext_lazy("title in English"), required=False, max_length=2000
    )
    issuer_zh = forms.CharField(
        label=gettext_lazy("issuer as printed"), required=False, max_length=500
    )
    document_number = forms.CharField(
        label=gettext_lazy("document number as printed"), required=False, max_length=200
    )
    date_as_printed = forms.CharField(
        label=gettext_lazy("date as printed"), required=False, max_length=200
    )
    published_on = forms.DateField(
        label=gettext_lazy("our reading of the date"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    publication_zh = forms.CharField(
        label=gettext_lazy("publication as printed"), required=False, max_length=500
    )
    address = forms.URLField(
        label=gettext_lazy("address"), required=False, max_length=500, assume_scheme="https"
    )
    missing_zh = forms.CharField(
        label=gettext_lazy("what is missing (Chinese)"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Only where the text is a part of the document."),
    )
    missing_en = forms.CharField(
        label=gettext_lazy("what is missing (English)"), required=False, max_length=2000
    )
    category = forms.ChoiceField(
        label=gettext_lazy("category of all that names none"), required=False
    )
    city = forms.ChoiceField(label=gettext_lazy("place of all that names none"), required=False)

    def __init__(
        self, draft: NoticeDraft, posted: Any, words: Mapping[str, list[tuple[str, Any]]]
    ) -> None:
        decisions = draft.decisions
        initial = {**draft.facts, **{name: decisions.get(name) for name in ("category", "city")}}
        super().__init__(posted, initial=initial)
        for name in ("category", "city"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "—"), *words[name]]
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput) and not isinstance(
                field.widget, forms.DateInput
            ):
                field.widget.attrs["class"] = "vTextField"

    def clean_slug(self) -> str:
        """Refuse what is no slug."""
        slug = str(self.cleaned_data["slug"])
        if slug and not SLUG.fullmatch(slug):
            raise forms.ValidationError(_("Use small letters, digits and single hyphens."))
        return slug

    def kept(self) -> dict[str, Any]:
        """Return the facts as a draft keeps them."""
        values = self.cleaned_data
        day = values["published_on"]
        names = [name for name in self.fields if name not in ("category", "city", "published_on")]
        return {
            **{name: values[name] or None for name in names},
            "published_on": day.isoformat() if day else None,
        }

    def lacking(self) -> str:
        """Return what is needed before the notice is saved and stands empty; empty where nothing is."""
        kept = self.kept()
        needed = ["slug", "short_name_zh", "short_name_en", "title_zh", "title_en"]
        if bool(kept["missing_zh"]) != bool(kept["missing_en"]):
            needed += ["missing_zh", "missing_en"]
        names = [str(self.fields[name].label) for name in needed if not kept[name]]
        if not names:
            return ""
        return _("Fill in first: %(names)s.") % {"names": _(", ").join(names)}

    def to_facts(self) -> Facts:
        """Return the facts of a source with nothing lacking."""
        kept = self.kept()
        is_part = bool(kept["missing_zh"])
        completeness = Completeness.FRAGMENT if is_part else Completeness.WHOLE
        return Facts(completeness=completeness, **kept)
