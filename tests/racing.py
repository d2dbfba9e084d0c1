"""Races for one record: eight editors who save at the same moment, and what must come of it.

Every path of the product that writes is a ``Race`` in ``tests.races``. A round opens the record
once for all, lets everybody send what they typed at the same moment, each on a connection of its
own, and counts: who was accepted, who was refused and found their words again, and what was
overwritten without a word.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests import world

EDITORS = 8


@dataclass(frozen=True)
class Try:
    """What one of the racers does: ``act`` returns the answer, ``words`` are what was typed.

    ``is_beside`` marks what must always be done and competes with nobody, such as a rebuild.
    """

    name: str
    words: str
    act: Callable[[], Any]
    chosen: str = ""
    is_beside: bool = False


@dataclass
class Tally:
    """What came of the rounds of one race."""

    rounds: int = 0
    winners: int = 0
    refusals: int = 0
    overwrites: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Site:
    """The small catalog with eight editors signed in, each in a browser of their own."""

    def __init__(self) -> None:
        self.accounts = [world.an_editor(f"editor-{number}") for number in range(EDITORS)]
        self.browsers = [signed_in(account) for account in self.accounts]

    def sending(
        self, number: int, address: str, fields: dict[str, Any], typed: Iterable[str]
    ) -> list[Try]:
        """Return a try an editor: the same page sent, with the editor's own words in some fields."""
        tries = []
        for account, browser in zip(self.accounts, self.browsers, strict=True):
            name = account.get_username()
            words = f"{name} in round {number}"
            sent = {**fields, **dict.fromkeys(typed, words)}
            tries.append(Try(name, words, posting(browser, address, sent)))
        return tries


class Browser(Client):
    """A browser that keeps its cookies and nothing else of an answer; an error is an answer of 500.

    The stock one listens to every template that is rendered, in all threads: it would slow the
    racers down and mix their pages up.
    """

    def request(self, **request: Any) -> Any:
        """Return the site's answer."""
        answer = self.handler(self._base_environ(**request))
        self.cookies.update(answer.cookies)
        return answer


def signed_in(account: Any) -> Browser:
    """Return a browser in English, signed in."""
    browser = Browser()
    browser.force_login(account)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def posting(browser: Client, address: str, fields: dict[str, Any]) -> Callable[[], Any]:
    """Return what sends a form."""
    return lambda: browser.post(address, fields)


class Race:
    """One path that writes; a subclass says what is opened, sent and must stand afterwards."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def open(self, number: int) -> list[Try]:
        """Bring the record where it can be changed, open it, and return what everybody will do."""
        raise NotImplementedError

    def standing(self, won: Try) -> list[str]:
        """Say what does not stand as the winner left it: the record, its versions, who and why."""
        raise NotImplementedError

    def is_accepted(self, answer: Any) -> bool:
        """Tell whether the answer says that what was sent was stored."""
        return isinstance(answer, HttpResponse) and answer.status_code == 302

    def is_refused(self, one: Try, answer: Any) -> bool:
        """Tell whether the answer refuses in words and still holds what was typed."""
        return (
            isinstance(answer, HttpResponse)
            and answer.status_code in (200, 409)
            and one.words in answer.content.decode()
        )


def run(race: Race, at_once: Callable[..., list[Any]], rounds: int) -> Tally:
    """Hold a race so many times over and count what came of it."""
    tally = Tally()
    started = time.perf_counter()
    for number in range(1, rounds + 1):
        tries = race.open(number)
        answers = at_once(*(one.act for one in tries))
        tally.rounds += 1
        _judge(race, tries, answers, tally)
    tally.seconds = time.perf_counter() - started
    return tally


def _judge(race: Race, tries: list[Try], answers: list[Any], tally: Tally) -> None:
    where = f"round {tally.rounds}"
    accepted = []
    for one, answer in zip(tries, answers, strict=True):
        if race.is_accepted(answer):
            if not one.is_beside:
                accepted.append(one)
        elif race.is_refused(one, answer):
            tally.refusals += 1
        else:
            tally.faults.append(f"{where}: {one.words} was answered {_told(answer)}")
    if not accepted:
        tally.faults.append(f"{where}: nobody won")
        return
    tally.winners += 1
    # All opened the record before anybody saved: each further save went over one not seen.
    tally.overwrites += len(accepted) - 1
    if len(accepted) == 1:
        tally.faults += [f"{where}: {fault}" for fault in race.standing(accepted[0])]


def _told(answer: Any) -> str:
    if isinstance(answer, HttpResponse):
        return str(answer.status_code)
    return f"{type(answer).__name__}: {answer}"


def unlike(**pairs: tuple[Any, Any]) -> list[str]:
    """Return a sentence for each pair whose two values are not the same."""
    return [
        f"{name} is {found!r}, not {wanted!r}"
        for name, (found, wanted) in pairs.items()
        if found != wanted
    ]
