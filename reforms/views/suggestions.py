"""What may be meant by what is being typed, for the search box."""

from datetime import date

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reforms.days import at_day
from reforms.filters import Basket, QueryForm, basket_of, day_of
from reforms.models.fields import in_english
from reforms.search import Suggestion, SuggestionKind, Vocabulary, suggest
from reforms.views.days import shows_day

LABELS = {
    SuggestionKind.MEASURE: _("Measure"),
    SuggestionKind.CATEGORY: _("Category"),
    SuggestionKind.CITY: _("City"),
    SuggestionKind.THEME: _("Theme"),
    SuggestionKind.INDICATOR: _("Indicator"),
    SuggestionKind.SAYING: _("Everyday word"),
}


@require_safe
@shows_day
def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer with ways to go on from the words typed so far, in the reader's language.

    At most 4 queries, 2 for Chinese that a title holds.

    ``{"suggestions": [{"text": …, "kind": …, "label": …, "address": …}]}``: ``address`` is the page
    of a measure whose title it is, with the basket and the day of this address, else null. 400 with
    ``{"error": …}`` for words that no search would take, and for what is no basket.
    """
    form = QueryForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"error": " ".join(map(str, form.errors["q"]))}, status=400)
    basket = basket_of(request)
    if basket.refusals:
        return JsonResponse({"error": basket.refusals[0].message}, status=400)
    found = suggest(form.cleaned_data["q"], Vocabulary(), in_english=in_english())
    return JsonResponse(
        {"suggestions": [shown(suggestion, basket, day_of(request)) for suggestion in found]}
    )


def shown(suggestion: Suggestion, basket: Basket, day: date | None) -> dict[str, str | None]:
    """Return a suggestion as the search box shows it."""
    measure = suggestion.measure
    label = str(LABELS[suggestion.kind])
    if measure is not None and measure.number is not None:
        label = f"{label} {measure.number}"
    return {
        "text": suggestion.text,
        "kind": str(suggestion.kind),
        "label": label,
        "address": basket.carry(at_day(measure.get_absolute_url(), day)) if measure else None,
    }
