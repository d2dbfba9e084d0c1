"""What may be meant by what is being typed, for the search box."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reforms.filters import QueryForm
from reforms.models.fields import in_english
from reforms.search import Suggestion, SuggestionKind, Vocabulary, suggest

LABELS = {
    SuggestionKind.MEASURE: _("Measure"),
    SuggestionKind.CATEGORY: _("Category"),
    SuggestionKind.CITY: _("City"),
    SuggestionKind.THEME: _("Theme"),
    SuggestionKind.INDICATOR: _("Indicator"),
    SuggestionKind.SAYING: _("Everyday word"),
}


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer with ways to go on from the words typed so far, in the reader's language; 2 queries.

    ``{"suggestions": [{"text": …, "kind": …, "label": …, "address": …}]}``: ``address`` is the page
    of a measure whose title it is, else null. 400 with ``{"error": …}`` for words that no search
    would take.
    """
    form = QueryForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"error": " ".join(map(str, form.errors["q"]))}, status=400)
    found = suggest(form.cleaned_data["q"], Vocabulary(), in_english=in_english())
    return JsonResponse({"suggestions": [shown(suggestion) for suggestion in found]})


def shown(suggestion: Suggestion) -> dict[str, str | None]:
    """Return a suggestion as the search box shows it."""
    measure = suggestion.measure
    label = str(LABELS[suggestion.kind])
    if measure is not None and measure.number is not None:
        label = f"{label} {measure.number}"
    return {
        "text": suggestion.text,
        "kind": str(suggestion.kind),
        "label": label,
        "address": measure.get_absolute_url() if measure else None,
    }
