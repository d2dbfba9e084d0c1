"""The histories of vocabulary words and of sources: the whole row after every save, kept by django-simple-history."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

from reforms.models.fields import choice_field
from reforms.records import Action

# What the library reads off a row that is saved, and what we do.
ATTRIBUTES = ("_history_user", "_history_date", "_change_reason", "_history_save")


class State(models.Model):
    """What every state of a row says besides the library's own: what was done, and by whom.

    ``action`` is null where the history begins with a row that stood already. ``by_name`` keeps
    the name of whoever has no account: the loader of a file.
    """

    action = choice_field(Action, _("what was done"), null=True, blank=True)
    by_name = models.CharField(_("by"), max_length=150, blank=True)

    class Meta:
        abstract = True


class PartState(State):
    """A state of a row that hangs on a source: at which version of the source it was written."""

    source_version = models.PositiveIntegerField(_("version of the source"))

    class Meta:
        abstract = True


class History(HistoricalRecords):
    """The states of a table's rows; nobody edits them, so there is nothing to permit."""

    def __init__(self, bases: Any = (State,), **options: Any) -> None:
        super().__init__(bases=bases, history_id_field=models.BigAutoField(), **options)

    def create_history_model(self, model: Any, inherited: bool) -> Any:
        """Return the library's table, said to live where it is found: beside the row's own."""
        history = super().create_history_model(model, inherited)
        history.__module__ = model.__module__
        return history

    def get_meta_options(self, model: Any) -> dict[str, Any]:
        """Return the library's options, without permissions that groups could be given."""
        return {**super().get_meta_options(model), "default_permissions": ()}


@dataclass(frozen=True)
class Save:
    """Who saves rows, when, why and how: what the states written with them say."""

    action: Action
    by: Any = None
    by_name: str = ""
    reason: str = ""
    moment: datetime = field(default_factory=timezone.now)

    def write(self, row: Any) -> None:
        """Save a row and keep its state; 2 queries."""
        with self._said_of(row):
            row.save()

    def delete(self, row: Any) -> None:
        """Take a row out of its table; the history keeps it, and that it is gone."""
        with self._said_of(row):
            row.delete()

    @contextmanager
    def _said_of(self, row: Any) -> Iterator[None]:
        said = (self.by, self.moment, self.reason or None, self)
        for name, value in zip(ATTRIBUTES, said, strict=True):
            setattr(row, name, value)
        try:
            yield
        finally:
            for name in ATTRIBUTES:
                delattr(row, name)


@receiver(pre_create_historical_record, dispatch_uid="reforms.say_what_was_done")
def say_what_was_done(instance: Any, history_instance: Any, **_options: Any) -> None:
    """Complete a state before it is kept; a save on no path of ours says what can be told of it."""
    if not isinstance(history_instance, State):
        return
    save = getattr(instance, "_history_save", None)
    if save is not None:
        history_instance.action, history_instance.by_name = save.action, save.by_name
    else:
        is_new = getattr(history_instance, "history_type", "") == "+"
        history_instance.action = Action.CREATED if is_new else Action.CHANGED
    if isinstance(history_instance, PartState):
        history_instance.source_version = instance.source.version
