"""The paths on which a measure is changed, each as a race: pages, bulk actions, commands."""

import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse

from reforms import editing, search, versions
from reforms.exchange import to_json
from reforms.models import Measure, Proposal
from reforms.records import Action, MeasureRecord, Role, Status
from reforms.recutting import Cut
from tests import world
from tests.forms import fields_of_form
from tests.racing import EDITORS, Race, Site, Try, posting, signed_in, unlike

CAPTION = "外籍人才在服务大厅办理业务(资料图片)"


class MeasureRace(Race):
    """A race for one measure: its next version must be the winner's, with who and why."""

    key = "1"
    action = Action.CHANGED
    # Whether what was typed is the reason of the version.
    has_reason = True

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self.opened_version = 0

    def page(self, name: str, *arguments: Any) -> str:
        """Return the address of one of the measure's pages."""
        return reverse(f"admin:reforms_measure_{name}", args=[self.measure().pk, *arguments])

    def measure(self) -> Measure:
        """Return the measure as it stands now."""
        return world.get_measure(self.key)

    def prepared(self, change: Callable[[MeasureRecord], MeasureRecord]) -> None:
        """Save a change of the measure ahead of a round."""
        measure = self.measure()
        record = change(measure.to_record())
        editing.save_measure(record, measure.version, self.site.accounts[0], "prepared")

    def fields(self, address: str, form: str = "") -> dict[str, Any]:
        """Open a page, note the version it was opened at, and return what its form would send."""
        self.opened_version = self.measure().version
        return fields_of_form(self.site.browsers[0].get(address), form)

    def standing(self, won: Try) -> list[str]:
        """Ask for one version more, the winner's, equal to the record; all before it in order."""
        measure = self.measure()
        rows = list(measure.versions.order_by("version"))
        live = rows[-1]
        return [
            *unlike(
                version=(measure.version, self.opened_version + 1),
                numbers=([row.version for row in rows], list(range(1, measure.version + 1))),
                open_ones=(sum(row.valid_to is None for row in rows), 1),
                record=(measure.to_record(), versions.read(live)),
                action=(live.action, self.action),
                by=(live.by_name, won.name),
            ),
            *(unlike(reason=(live.reason, won.words)) if self.has_reason else []),
            *self.content(won, measure.to_record()),
        ]

    def content(self, won: Try, record: MeasureRecord) -> list[str]:
        """Say what of the record is not as the winner typed it."""
        return []


class ChangeForm(MeasureRace):
    """The page of a measure, with a figure among its inlines."""

    key = "3"

    def open(self, number: int) -> list[Try]:
        """Type a title and the scope of a figure."""
        address = self.page("change")
        fields = self.fields(address, "measure_form")
        typed = ("title_en", "figures-0-scope_en", "reason")
        return self.site.sending(number, address, fields, typed)

    def content(self, won: Try, record: MeasureRecord) -> list[str]:
        """The title and the figure."""
        scope = record.practices[0].figures[0].scope_en
        return unlike(title=(record.title_en, won.words), scope=(scope, won.words))


class Table(MeasureRace):
    """The table of selected measures."""

    def open(self, number: int) -> list[Try]:
        """Choose one of the two states that the measure is not in."""
        address = reverse("admin:reforms_measure_edit_selected") + f"?id={self.measure().pk}"
        fields = self.fields(address, "selected_form")
        now = self.measure().status
        others = [str(status) for status in Status if status != now]
        name = f"m{self.measure().pk}-status"
        return [
            replace(
                one,
                chosen=others[n % 2],
                act=posting(
                    self.site.browsers[n],
                    address,
                    {**fields, name: others[n % 2], "reason": one.words},
                ),
            )
            for n, one in enumerate(self.site.sending(number, address, fields, ("reason",)))
        ]

    def content(self, won: Try, record: MeasureRecord) -> list[str]:
        """The state."""
        return unlike(status=(str(record.status), won.chosen))


class Withdraw(MeasureRace):
    """The page that withdraws a measure."""

    action = Action.WITHDRAWN

    def address(self) -> str:
        """Return the page."""
        return self.page("withdraw")

    def open(self, number: int) -> list[Try]:
        """Bring it back if need be, and type both reasons."""
        if self.measure().is_withdrawn:
            self.prepared(MeasureRecord.without_withdrawal)
        address = self.address()
        fields = self.fields(address)
        return self.site.sending(number, address, fields, ("reason_zh", "reason_en"))

    def content(self, won: Try, record: MeasureRecord) -> list[str]:
        """Withdrawn, for the winner's reason."""
        return unlike(reason_en=(record.withdrawn_reason_en, won.words))


class BulkWithdraw(Withdraw):
    """The page that withdraws the selected measures."""

    def address(self) -> str:
        """Return the page of this one measure."""
        return reverse("admin:reforms_measure_withdraw_selected") + f"?id={self.measure().pk}"


class Restore(MeasureRace):
    """The page that brings a measure back."""

    action = Action.RESTORED

    def open(self, number: int) -> list[Try]:
        """Withdraw it, and type why it is to come back."""
        measure, editor = self.measure(), self.site.accounts[0]
        if not measure.is_withdrawn:
            editing.withdraw_measure(measure, measure.version, editor, "重复", "A duplicate")
        address = self.page("restore")
        return self.site.sending(number, address, self.fields(address), ("reason",))

    def content(self, won: Try, record: MeasureRecord) -> list[str]:
        """Back."""
        return unlike(withdrawn_at=(record.withdrawn_at, None))


class Revert(MeasureRace):
    """The page that goes back to a past version."""

    action = Action.REVERTED

    def open(self, number: int) -> list[Try]:
        """Change the title, and go back to the first version."""
        self.prepared(lambda record: replace(record, title_en=f"Before round {number}"))
        address = self.page("revert", 1)
        return self.site.sending(number, address, self.fields(address, "revert_form"), ("reason",))

    def content(self, won: Try, record: MeasureRecord) -> list[str]:
        """The title of the first version."""
        return unlike(title=(record.title_en, world.measure_one().title_en))


class Recut(MeasureRace):
    """The page that cuts the source's words anew."""

    key = "3"

    def open(self, number: int) -> list[Try]:
        """Make words of a caption part of the practice; they are a caption before each round."""
        start = world.TEXT.index(CAPTION)
        measure, end = self.measure(), start + len(CAPTION)
        if self.is_cut(measure.to_record()):
            cut = Cut(start=start, end=end, role=Role.CAPTION, is_own=False)
            editing.recut_measure(measure, cut, measure.version, self.site.accounts[0], "")
        address = f"{self.page('words')}"
        fields = self.fields(f"{address}?first={start}&last={start}&what=cut")
        fields |= {
            "first": str(start),
            "last": str(start),
            "what": "cut",
            "role": "practice",
            "city": world.SHANGHAI,
        }
        return self.site.sending(number, address, fields, ("reason",))

    @staticmethod
    def is_cut(record: MeasureRecord) -> bool:
        """Tell whether the words are in the practice."""
        return CAPTION[:2] in record.practices[0].practice_zh

    def content(self, won: Try, record: MeasureRecord) -> list[str]:
        """The words are in the practice, and the source is tiled."""
        versions.check_source(self.measure().source)
        return unlike(is_cut=(self.is_cut(record), True))


class PublishedAndProposed(ChangeForm):
    """Half of the editors publish, half only propose: a proposal waits, and is never in the way."""

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        # Not the role itself: a test that commits empties the table of roles.
        may = Permission.objects.get(codename="propose_measure")
        self.proposing = []
        for number in range(EDITORS // 2):
            account = world.an_editor(f"proposer-{number}")
            account.is_superuser = False
            account.save()
            account.user_permissions.add(may)
            self.proposing.append(account)
        self.tries: list[Try] = []

    def open(self, number: int) -> list[Try]:
        """Take back what was proposed, and let both kinds type."""
        for row in Proposal.objects.open().select_related("by"):
            editing.take_back(row, row.version, row.by, "")
        publishing = super().open(number)[: EDITORS // 2]
        address = self.page("change")
        fields = self.fields(address, "measure_form")
        self.tries = []
        for account in self.proposing:
            words = f"{account.get_username()} in round {number}"
            sent = {**fields, "title_en": words, "reason": words}
            act = posting(signed_in(account), address, sent)
            self.tries.append(Try(account.get_username(), words, act, is_beside=True))
        return [*publishing, *self.tries]

    def content(self, won: Try, record: MeasureRecord) -> list[str]:
        """What waits is what was proposed, on the version that its author saw."""
        waiting = list(Proposal.objects.open())
        typed = {one.words for one in self.tries}
        unknown = [row.reason for row in waiting if row.reason not in typed]
        bases = {row.base_version for row in waiting} - {self.opened_version}
        titles = [editing.read_record(row).title_en for row in waiting]
        return super().content(won, record) + unlike(
            unknown=(unknown, []),
            bases=(bases, set()),
            titles=(titles, [row.reason for row in waiting]),
        )


class LoadCatalog(ChangeForm):
    """``load_catalog`` beside saves: an edit is kept and reported, or the saves are refused."""

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self.loaded = self.measure().to_record()
        self.folder = TemporaryDirectory()

    def open(self, number: int) -> list[Try]:
        """Put the record back as it was loaded last, and load another title for it."""
        self.prepared(lambda record: self.loaded)
        self.incoming = replace(self.loaded, title_en=f"files in round {number}")
        file = Path(self.folder.name, "measures.json")
        file.write_text(json.dumps([to_json(self.incoming)]), encoding="utf-8")

        def load() -> str:
            output = StringIO()
            call_command("load_catalog", file, stdout=output)
            return output.getvalue()

        files = Try("load_catalog", f"files in round {number}", load)
        return [*super().open(number)[1:], files]

    def is_accepted(self, answer: Any) -> bool:
        """A load that updated the measure is accepted."""
        if isinstance(answer, str):
            return f"updated  measure {world.SOURCE}:{self.key}" in answer
        return super().is_accepted(answer)

    def is_refused(self, one: Try, answer: Any) -> bool:
        """A load that met an edit says that it kept it."""
        if isinstance(answer, str):
            return f"kept because edited  measure {world.SOURCE}:{self.key}" in answer
        return super().is_refused(one, answer)

    def standing(self, won: Try) -> list[str]:
        """The load's version has its own action and no reason."""
        is_load = won.name == "load_catalog"
        self.has_reason = not is_load
        self.action = Action.LOADED if is_load else Action.CHANGED
        if is_load:
            self.loaded = self.incoming
        return super().standing(won)

    def content(self, won: Try, record: MeasureRecord) -> list[str]:
        """The title; whether the winner was an editor or the files."""
        return unlike(title=(record.title_en, won.words))


class RebuildSearch(ChangeForm):
    """``rebuild_search`` beside saves: it is always done, and the index knows the winner's words."""

    def open(self, number: int) -> list[Try]:
        """Let seven editors save while the index is written anew."""

        def rebuild() -> str:
            call_command("rebuild_search", verbosity=0)
            return "rebuilt"

        beside = Try("rebuild_search", "rebuild_search", rebuild, is_beside=True)
        return [*super().open(number)[1:], beside]

    def is_accepted(self, answer: Any) -> bool:
        """A rebuild is always done."""
        return answer == "rebuilt" or super().is_accepted(answer)

    def content(self, won: Try, record: MeasureRecord) -> list[str]:
        """The index holds no fault, and finds the words."""
        found = [str(fault) for fault in search.faults() if not fault.is_harmless]
        return super().content(won, record) + unlike(faults=(found, []))
