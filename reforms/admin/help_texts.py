"""What the admin says beside each field of a measure's page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MEASURE_HELP: dict[str, Any] = {
    "number": _("As printed before the title; empty only where the source prints none."),
    "status": _("Which list of the notice the measure stands in, where the source says so."),
    "is_read_whole": _(
        "All that the source has on this measure was read, so that a city without a practice is a "
        "city of which the text states none."
    ),
    "title_en": _("Ours. It follows the probable reading where the print is wrong."),
    "title_translation_state": _("Set by itself when the Chinese changes."),
    "title_note_zh": _("Why the translation departs from the print, if it does."),
    "title_note_en": _("The same in English."),
    "category": _("Ours: the policy area that readers find it under."),
    "section": _("The heading of the source that it stands under."),
    "typed_over": _(
        "The printed words stay beside yours, readers are told that the catalog edited this text, "
        "and its English is marked as outdated. Untick to return to the printed words."
    ),
    "reason": _("Kept in the history. Readers of the history are grateful for one sentence."),
}

PRACTICE_HELP: dict[str, Any] = {
    "summary_zh": _("Ours, one line: at most 40 characters."),
    "summary_en": _("Ours, one line: at most 25 words."),
    "translation_state": _("Set by itself when the Chinese changes; choose Current once checked."),
    "translation_note_zh": _("Why the translation departs from the print, if it does."),
    "translation_note_en": _("The same in English."),
    "practice_en": _("Our translation of the whole practice."),
    "outcome_en": _("Our translation of the outcome."),
    "outcome_state": _(
        "An outcome is stated once words of the source are cut as one; until then choose whether "
        "the text does not state it or it was not entered yet."
    ),
}

FIGURE_HELP: dict[str, Any] = {
    "indicator": _("What is measured. Only figures of one indicator share a row in a comparison."),
    "nature": _(
        "Reached, a limit set, a running total, an average, a share, a saving, a forecast."
    ),
    "stated_in": _("Where the sentence stands."),
    "bound": _("What the qualifier makes of the number."),
    "direction": _("Which way the quantity went, where the source says so."),
    "steps": _("In order, parted by spaces, where a change went through several values."),
    "printed": _("Each value exactly as printed, with its unit; one a line."),
    "unit_zh": _("Exactly as printed; empty if none is printed."),
    "unit_en": _("Needed with the printed unit."),
    "before_unit_zh": _("Only where the value before has another unit."),
    "before_unit_en": _("The same in English."),
    "unit_inferred_zh": _("Only where no unit is printed: how we read it."),
    "unit_inferred_en": _("The same in English."),
    "qualifier_zh": _("Such as 以内, 超过, 约: exactly as printed."),
    "qualifier_en": _("The same in English."),
    "scope_zh": _("Who, where, which cases the number speaks of."),
    "scope_en": _("The same in English."),
    "period_zh": _("Exactly as printed, such as 今年."),
    "period_en": _("The same in English."),
    "period_from": _("Only where it can be told; otherwise empty."),
    "period_to": _("Only where it can be told; otherwise empty."),
    "period_certainty": _("Whether the days are printed or ours."),
    "note_zh": _("What a reader must know to use the number rightly."),
    "note_en": _("The same in English."),
    "statement": _("One name for the same sentence printed in several places, such as days-15."),
}
