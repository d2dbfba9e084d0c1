"""Answer a request from the catalog as it stood at the end of a day, to the last byte of a stream."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import DatabaseError
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse

from reforms.days import reading_of
from reforms.routing import Database
from reforms.snapshots.files import is_damaged, open_snapshot, throw_away
from reforms.snapshots.state import end_of, is_over


class DayCatalog:
    """The catalog as it stood at the end of a day, open for one answer.

    A day that is not over yet has the catalog as it is. Raises ``SnapshotBusy``; costs 7 queries of
    the site's own database for a day that is over, and none for today.
    """

    def __init__(self, day: date) -> None:
        self.day = day
        self.database: Database | None = open_snapshot(end_of(day)) if is_over(day) else None
        self.was_damaged = False

    @contextmanager
    def current(self) -> Iterator[None]:
        """Read nothing but this catalog inside, in this thread. A file that is damaged is thrown away."""
        with reading_of(self.day):
            if self.database is None:
                yield
                return
            with self.database.current():
                try:
                    yield
                except DatabaseError:
                    self.was_damaged = is_damaged(self.database)
                    if self.was_damaged:
                        throw_away(self.database.path)
                    raise

    def close(self) -> None:
        """Close the file; the catalog as it is stays open."""
        if self.database is not None:
            self.database.close()


class Kept:
    """The parts of a stream, each made while a day's catalog is current, which closes behind the last.

    Between the parts the catalog is not current: whoever sends them may do anything.
    """

    def __init__(self, parts: Any, catalog: DayCatalog) -> None:
        self._parts = iter(parts)
        self._catalog = catalog

    def __iter__(self) -> "Kept":
        return self

    def __next__(self) -> bytes:
        with self._catalog.current():
            part = next(self._parts, None)
        if part is None:
            self._catalog.close()
            raise StopIteration
        return part

    def close(self) -> None:
        """Close the catalog, also of a stream of which nothing or not all was read."""
        self._catalog.close()


@contextmanager
def reading(day: date) -> Iterator[None]:
    """Read the catalog as at the end of a day inside, in this thread; nothing can be written to it."""
    catalog = DayCatalog(day)
    try:
        with catalog.current():
            yield
    finally:
        catalog.close()


def answered(day: date, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Return the answer that is made while the catalog as at the end of a day is current.

    A stream is made so to its end. Where the file turns out to be damaged, it is made anew and asked
    once more. Raises ``SnapshotBusy`` and what ``answer`` raises.
    """
    try:
        return _answered(DayCatalog(day), answer)
    except _Damaged:
        return _answered(DayCatalog(day), answer)


class _Damaged(Exception):
    """The file could not be read."""


def _answered(catalog: DayCatalog, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    is_streaming = False
    try:
        with catalog.current():
            response = answer()
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            # A file is made by now; of a stream nothing is.
            if isinstance(response, StreamingHttpResponse) and not isinstance(
                response, FileResponse
            ):
                is_streaming = True
                response.streaming_content = Kept(response.streaming_content, catalog)
    except DatabaseError as error:
        if catalog.was_damaged:
            raise _Damaged from error
        raise
    finally:
        if not is_streaming:
            catalog.close()
    return response
