"""Typing whose log-in was over: kept for its author, the newest a page, for an hour."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from reforms.models import KeptForm
from reforms.models.kept import KEPT_FOR

MAX_BYTES = 2 * 1024 * 1024
MAX_ADDRESS_CHARACTERS = 2000
# So many pages of one account are kept; the oldest makes room.
MAX_PAGES = 20
# PostgreSQL keeps no NUL in JSON, and no page can show half of a surrogate pair.
NOT_STORABLE = re.compile("[\0\ud800-\udfff]")


class NotKept(Exception):
    """The typing is longer, or its page's address is, than what is kept."""


def storable(text: str) -> str:
    """Return a text with a replacement character (U+FFFD) for each that cannot be stored or shown."""
    return NOT_STORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


@transaction.atomic
def keep_form(account: Any, address: str, fields: Mapping[str, list[str]]) -> KeptForm:
    """Keep the fields of a form for an account and return them; what it typed there before goes.

    ``address`` is the page's path with its query; a page is its path alone. Raises ``NotKept``
    where the names and values together hold more than ``MAX_BYTES``. Characters that are none are
    kept as ``storable`` has them. Whatever is too old goes, too. At most 8 queries.
    """
    kept_fields = {storable(name): [*map(storable, values)] for name, values in fields.items()}
    size = sum(
        len(text.encode()) for name, values in kept_fields.items() for text in (name, *values)
    )
    if size > MAX_BYTES or len(address) > MAX_ADDRESS_CHARACTERS:
        raise NotKept
    forget_old_forms()
    own = KeptForm.objects.filter(by=account)
    _on_page(own, address).exclude(address=address).delete()
    kept, _is_new = KeptForm.objects.update_or_create(
        by=account,
        address=address,
        defaults={"fields": kept_fields, "kept_at": timezone.now()},
    )
    newest = own.order_by("-kept_at", "-pk").values_list("pk", flat=True)
    own.filter(pk__in=list(newest[MAX_PAGES : 2 * MAX_PAGES])).delete()
    return kept


def offered_forms(account: Any) -> QuerySet[KeptForm]:
    """Return what is kept for the account, the newest first, without what was typed; 1 query."""
    rows = KeptForm.objects.filter(by=account, kept_at__gt=timezone.now() - KEPT_FOR)
    return rows.order_by("-kept_at", "-pk").defer("fields")


def offered_form(account: Any, path: str) -> KeptForm | None:
    """Return what is kept for the account on a page, without what was typed; 1 query."""
    return _on_page(offered_forms(account), path).first()


def forget_form(account: Any, number: int) -> bool:
    """Drop what is kept for the account under this number; tell whether it was there. 1 query."""
    count, _by_table = KeptForm.objects.filter(by=account, pk=number).delete()
    return count > 0


def forget_old_forms() -> None:
    """Drop what was kept longer than an hour ago, and what closed accounts typed; 1 query."""
    is_old = Q(kept_at__lte=timezone.now() - KEPT_FOR)
    KeptForm.objects.filter(is_old | Q(by__is_active=False)).delete()


def _on_page(rows: QuerySet[KeptForm], address: str) -> QuerySet[KeptForm]:
    """Return the rows whose address has the same path, whatever its query."""
    path = address.partition("?")[0]
    return rows.filter(Q(address=path) | Q(address__startswith=f"{path}?"))
