"""People's changes to the catalog: one transaction each, never over what someone has not seen."""

from reforms.editing.drafts import begin_draft, change_draft, note_saved, throw_away
from reforms.editing.imported import keep_file
from reforms.editing.kept import (
    NotKept,
    forget_form,
    forget_old_forms,
    keep_form,
    offered_form,
    offered_forms,
    storable,
)
from reforms.editing.measures import (
    recut_measure,
    restore_measure,
    restored_record,
    revert_measure,
    reverted_record,
    save_measure,
    withdraw_measure,
    withdrawn_record,
)
from reforms.editing.proposals import (
    OpenProposal,
    Submitted,
    approve,
    propose,
    read_cut,
    read_record,
    reject,
    revise,
    send_back,
    submit,
    take_back,
)
from reforms.editing.reports import TooManyReports, mark_handled, store_report
from reforms.editing.roles import (
    may_approve,
    may_make_public,
    may_propose,
    may_publish_at_once,
    may_review,
)
from reforms.editing.rows import (
    StaleRow,
    restore_source,
    revert_row,
    save_row,
    withdraw_source,
)
from reforms.editing.suggestions import offer_again, refuse_suggestions
from reforms.editing.translations import mark_outdated_translations

__all__ = [
    "NotKept",
    "OpenProposal",
    "StaleRow",
    "Submitted",
    "TooManyReports",
    "approve",
    "begin_draft",
    "change_draft",
    "forget_form",
    "forget_old_forms",
    "keep_file",
    "keep_form",
    "mark_handled",
    "mark_outdated_translations",
    "may_approve",
    "may_make_public",
    "may_propose",
    "may_publish_at_once",
    "may_review",
    "note_saved",
    "offer_again",
    "offered_form",
    "offered_forms",
    "propose",
    "read_cut",
    "read_record",
    "recut_measure",
    "refuse_suggestions",
    "reject",
    "restore_measure",
    "restore_source",
    "restored_record",
    "revert_measure",
    "revert_row",
    "reverted_record",
    "revise",
    "save_measure",
    "save_row",
    "send_back",
    "storable",
    "store_report",
    "submit",
    "take_back",
    "throw_away",
    "withdraw_measure",
    "withdraw_source",
    "withdrawn_record",
]
